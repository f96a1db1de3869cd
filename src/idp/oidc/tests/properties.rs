//! What must hold for any input at all: no panic, and nothing believed that was not signed.

use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::rig::NOW;
use super::signer::{Signer, base64};
use crate::domain::Timestamp;
use crate::idp::oidc::id_token::{self, Expected, TokenError};
use crate::idp::oidc::keys::{Algorithm, KeySet};
use crate::idp::oidc::{Callback, object};

const ALGORITHMS: [Algorithm; 2] = [Algorithm::Rs256, Algorithm::Es256];

fn keys() -> &'static KeySet {
    static KEYS: OnceLock<KeySet> = OnceLock::new();
    KEYS.get_or_init(|| {
        let set = json!({"keys": [Signer::rsa().jwk("r"), Signer::p256().jwk("e")]});
        KeySet::read(set.as_object().unwrap(), &ALGORITHMS).unwrap()
    })
}

fn honest() -> Value {
    json!({"iss": "https://op", "aud": "us", "sub": "s", "nonce": "n", "exp": NOW + 60, "iat": NOW})
}

fn check(token: &str) -> Result<(), TokenError> {
    let expected = Expected {
        issuer: "https://op",
        client_id: "us",
        nonce: "n",
        access_token: "a",
        code: "c",
        leeway: chrono::Duration::zero(),
        now: Timestamp::from_timestamp(NOW, 0).unwrap(),
    };
    id_token::verify(token, keys(), &ALGORITHMS)?
        .check(&expected)
        .map(|_| ())
}

/// Any JSON value, not too deep.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i16>().prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
        Just(Value::from(1e300)),
        ".{0,8}".prop_map(Value::from),
        Just(Value::from("us")),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(256, 200_000))]

    #[test]
    fn any_query_string_is_read_or_refused(query in "\\PC{0,200}") {
        if let Ok((state, _)) = Callback::parse(&query) {
            prop_assert!((1..=512).contains(&state.len()));
        }
    }

    #[test]
    fn any_query_of_known_names_is_read_or_refused(
        parts in prop::collection::vec(
            ("(code|state|iss|error|error_description|id_token|x)", "[a-z0-9%&=+]{0,12}"), 0..8,
        )
    ) {
        let query: Vec<_> = parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let doubled = |name: &str| parts.iter().filter(|(n, _)| n == name).count() > 1;
        if Callback::parse(&query.join("&")).is_ok() {
            for name in ["code", "state", "iss", "error", "error_description", "id_token"] {
                prop_assert!(!doubled(name));
            }
        }
    }

    #[test]
    fn any_text_is_no_token(text in "\\PC{0,300}") {
        prop_assert!(check(&text).is_err());
    }

    #[test]
    fn any_parts_are_no_token(
        header in prop::collection::vec(any::<u8>(), 0..60),
        payload in prop::collection::vec(any::<u8>(), 0..60),
        signature in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let token = format!("{}.{}.{}", base64(&header), base64(&payload), base64(&signature));
        prop_assert!(check(&token).is_err());
    }

    /// A token with one character exchanged is refused, whichever it is.
    #[test]
    fn no_character_of_a_token_may_change(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9._=-]") {
        let token = Signer::p256().token(&json!({"alg": "ES256", "kid": "e"}), &honest());
        prop_assert_eq!(check(&token), Ok(()));
        let at = at.index(token.len());
        let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
        prop_assert!(changed == token || check(&changed).is_err());
    }

    /// Whatever stands in a claim, it is accepted or refused, and the ones that bind the login only as they must be.
    #[test]
    fn any_claim_is_accepted_or_refused(
        name in "(iss|aud|azp|sub|nonce|exp|iat|nbf|auth_time|at_hash|c_hash|groups)",
        value in value(),
    ) {
        let mut claims = honest();
        claims[&name] = value.clone();
        let token = Signer::p256().token(&json!({"alg": "ES256", "kid": "e"}), &claims);
        let accepted = check(&token).is_ok();
        match name.as_str() {
            "groups" => prop_assert!(accepted),
            "iss" | "nonce" | "at_hash" | "c_hash" => prop_assert!(!accepted),
            "azp" => prop_assert_eq!(accepted, value == "us"),
            "sub" => prop_assert!(!accepted || value.is_string()),
            "aud" => prop_assert!(!accepted || value == "us" || value.as_array().is_some_and(|all| all.iter().all(|one| one == "us"))),
            _ => prop_assert!(!accepted || value.is_i64() || value.is_u64()),
        }
    }

    /// The strict reader takes every object that has nothing twice, and reads what was written.
    #[test]
    fn what_is_written_is_what_is_read(members in prop::collection::btree_map(".{0,6}", value(), 0..6)) {
        let written = Value::Object(members.into_iter().collect());
        let read = object(written.to_string().as_bytes()).unwrap();
        prop_assert_eq!(Value::Object(read), written);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = object(&bytes);
    }

    /// Keys that make no sense are left out, never a panic.
    #[test]
    fn any_key_is_used_or_left_out(name in "(kty|n|e|x|y|crv|alg|use|kid|key_ops)", value in value()) {
        for mut key in [Signer::rsa().jwk("r"), Signer::p256().jwk("e")] {
            key[&name] = value.clone();
            let set = json!({"keys": [key]});
            let _ = KeySet::read(set.as_object().unwrap(), &ALGORITHMS);
        }
    }
}
