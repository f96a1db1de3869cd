//! What a provider claims of a person, as somebody pasted it: to ask what the rules would make of it.
//!
//! Nothing of it is verified or believed, nobody is let in by it, and nothing of it is kept or logged: of a whole token only the
//! claims are read, and the rest is dropped. They are read and taken in exactly as those that count.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::Error;
use super::id_token::{Claims, TokenError};
use super::json::{self, Object};
use crate::domain::identity::{Identity, IdpId};

/// The longest text.
const MOST_BYTES: usize = 256 * 1024;

/// Reads claims as a JSON object, or a whole token of which only the claims are looked at.
pub fn read_pasted(idp: &IdpId, text: &str) -> Result<Identity, Error> {
    let text = text.trim();
    if text.len() > MOST_BYTES {
        return Err(TokenError::TooLong.into());
    }
    let all = if text.starts_with('{') {
        json::object(text.as_bytes()).map_err(TokenError::Json)?
    } else {
        payload(text)?
    };
    let subject = all.get("sub").and_then(Value::as_str);
    let claims = Claims {
        subject: subject.unwrap_or_default().to_owned(),
        authenticated: None,
        until: chrono::DateTime::UNIX_EPOCH,
        all,
    };
    super::identity::build(idp, claims, Object::new())
}

/// The claims of a token in its compact form.
fn payload(token: &str) -> Result<Object, Error> {
    let parts: Vec<&str> = token.split('.').collect();
    let claims = match parts[..] {
        [_, claims, _] => claims,
        [_, _, _, _, _] => return Err(TokenError::Encrypted.into()),
        _ => return Err(TokenError::Form.into()),
    };
    let bytes = URL_SAFE_NO_PAD
        .decode(claims)
        .map_err(|_| TokenError::Form)?;
    Ok(json::object(&bytes).map_err(TokenError::Json)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corp() -> IdpId {
        IdpId::parse("okta").unwrap()
    }

    const CLAIMS: &str = r#"{"iss":"https://x","sub":"u1","name":"Ada","groups":["eng","ops"],"team":"red","exp":1}"#;

    #[test]
    fn claims_are_taken_in_alone_or_out_of_a_token_whose_signature_is_nobodys() {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(CLAIMS));
        for text in [CLAIMS, &format!("\n {CLAIMS} \n"), &token] {
            let who = read_pasted(&corp(), text).unwrap();
            assert_eq!(
                (who.subject.value.as_str(), who.display_name.as_str()),
                ("u1", "Ada")
            );
            assert_eq!(who.values("groups"), ["eng", "ops"]);
            assert_eq!(who.values("team"), ["red"]);
            // what describes the token is nothing about the person
            assert_eq!(who.values("exp"), [""; 0]);
        }
        let nobody = read_pasted(&corp(), r#"{"groups":["eng"]}"#).unwrap();
        assert_eq!(nobody.subject.value, "");
    }

    #[test]
    fn what_is_no_set_of_claims_is_refused() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(40), "]".repeat(40));
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(MOST_BYTES));
        for text in [
            "",
            "[]",
            "x",
            "a.b",
            "a.b.c.d",
            "a.!.c",
            "a.e30",
            r#"{"sub":"a","sub":"b"}"#,
            r#"{"sub":"a"} x"#,
            "{",
            &deep,
            &long,
        ] {
            assert!(read_pasted(&corp(), text).is_err(), "{text:.100}");
        }
        assert!(matches!(
            read_pasted(&corp(), "a.b.c.d.e"),
            Err(Error::IdToken(TokenError::Encrypted))
        ));
    }
}
