//! OpenID Connect: the ID token that STS is shown for a person, and the two documents by which AWS verifies it.

mod documents;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

pub(super) use documents::{discovery, key_set};

use super::keys::Key;
use super::{Error, Statement, VALID};
use crate::domain::Timestamp;

/// Clocks differ: the token is valid from a little before it was made.
const BEFORE: Duration = Duration::seconds(60);
/// The most characters of `WebIdentityToken`.
const LONGEST: usize = 20_000;
/// The fewest characters of a subject, as `SubjectFromWebIdentityToken` has it.
const SHORTEST_SUBJECT: usize = 6;
/// Where AWS looks for session tags and for the source identity (IAM guide on session tags and on source identity).
const TAGS: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// What surrounds a statement: who says it to whom, when.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    /// Our issuer, exactly as IAM knows it.
    pub(super) issuer: &'a str,
    /// What the account's provider lists as a client id.
    pub(super) audience: &'a str,
    /// The token's id.
    pub(super) id: &'a str,
    /// The present.
    pub(super) now: Timestamp,
}

/// Makes the token, in its compact form (RFC 7515 §7.1).
pub(super) async fn token(
    frame: &Frame<'_>,
    statement: &Statement<'_>,
    key: &Key,
) -> Result<Zeroizing<String>, Error> {
    let header = json!({ "alg": key.algorithm.name(), "kid": key.id, "typ": "JWT" });
    let claims = Value::Object(claims(frame, statement)?);
    let mut text = Zeroizing::new(String::with_capacity(4 * 1024));
    URL_SAFE_NO_PAD.encode_string(header.to_string(), &mut text);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut text);
    let signature = key.signer.sign(text.as_bytes()).await?;
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    if text.len() > LONGEST {
        return Err(Error::TooLong);
    }
    Ok(text)
}

/// The subject is the session's name: it is one person's and no other's, and says nothing that CloudTrail does not say.
fn claims(frame: &Frame<'_>, statement: &Statement<'_>) -> Result<Map<String, Value>, Error> {
    if statement.session_name.len() < SHORTEST_SUBJECT {
        return Err(Error::Subject);
    }
    let at = |moment: Timestamp| Value::from(moment.timestamp());
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    say("iss", frame.issuer.into());
    say("sub", statement.session_name.into());
    say("aud", frame.audience.into());
    say("iat", at(frame.now));
    say("nbf", at(frame.now - BEFORE));
    say("exp", at(frame.now + VALID));
    say("jti", frame.id.into());
    if let Some(name) = statement.source_identity {
        say(SOURCE_IDENTITY, name.into());
    }
    if !statement.tags.is_empty() {
        let tags: Map<String, Value> = statement
            .tags
            .iter()
            .map(|(key, value)| (key.clone(), json!([value])))
            .collect();
        let mut said = json!({ "principal_tags": tags });
        if !statement.transitive_tags.is_empty() {
            said["transitive_tag_keys"] = json!(statement.transitive_tags);
        }
        say(TAGS, said);
    }
    Ok(claims)
}
