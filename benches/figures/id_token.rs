//! Verifying an ID token whole (form, header, signature, strict JSON, all claims) beside one verification of a signature.
//!
//! The yardstick is AWS-LC's RSA-2048 verification of a message of a few bytes: the least that any reader has to do.
//! Beside it stands the verification of this token's own bytes, which the digest of a long token makes dearer.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use serde_json::{Value, json};
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::Timestamp;
use vestibule::idp::oidc::id_token::{Expected, verify};
use vestibule::idp::oidc::keys::{Algorithm, KeySet};
use vestibule::idp::oidc::object;
use vestibule_sandbox::idp::key::{Algorithm as Signing, Key, KeyKind};

use crate::measure::{here, side_by_side};
use crate::models;
use crate::report::Line;

const ISSUER: &str = "https://idp.example.com";
const NONCE: &str = "n-0S6_WzA2Mj-0S6_WzA2Mj-0S6_WzA2Mj-0S6_WzA";

pub(crate) fn run() {
    let key = Key::generate(KeyKind::Rsa).expect("a key");
    let set = json!({ "keys": [key.jwk()] }).to_string();
    let set = object(set.as_bytes()).expect("a key set");
    let keys = KeySet::read(&set, &[Algorithm::Rs256]).expect("keys");
    let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_bytes());
    let public = public.expect("a key");
    let short = key.sign(Signing::RsaSha256, b"short").expect("it signs");
    for groups in [5, 50, 500] {
        let now = SystemClock.now();
        let token = token(&key, groups, now);
        let (message, signature) = token.rsplit_once('.').expect("three parts");
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        let [whole, own, one] = side_by_side([
            here(|| assert_eq!(verified(&token, &keys, now), groups)),
            here(|| {
                public
                    .verify_sig(message.as_bytes(), &signature)
                    .expect("it verifies");
            }),
            here(|| public.verify_sig(b"short", &short).expect("it verifies")),
        ]);
        Line::about("ID token verification")
            .with("groups", groups)
            .with("bytes", token.len())
            .number("vestibule_us", whole)
            .number("rsa_2048_us", one)
            .number("rsa_2048_of_its_bytes_us", own)
            .number("ratio_to_its_bytes", whole / own)
            .at_most("ratio", whole / one, 4.0)
            .print();
    }
}

/// As a company's provider writes it.
fn token(key: &Key, groups: usize, now: Timestamp) -> String {
    let names: Vec<String> = (0..groups).map(models::group).collect();
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": key.id() });
    let claims = json!({
        "iss": ISSUER,
        "aud": "vestibule",
        "sub": "00u1a2b3c4d5e6f7g8h9",
        "iat": now.timestamp(),
        "exp": now.timestamp() + 3600,
        "auth_time": now.timestamp(),
        "nonce": NONCE,
        "name": "Erin Engel",
        "preferred_username": "erin@example.com",
        "email": "erin@example.com",
        "email_verified": true,
        "amr": ["pwd", "mfa"],
        "groups": names,
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&header), part(&claims));
    let signature = key.sign(Signing::RsaSha256, message.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(signature.expect("it signs"));
    format!("{message}.{signature}")
}

/// Verifies it; gives how many groups it says.
fn verified(token: &str, keys: &KeySet, now: Timestamp) -> usize {
    let expected = Expected {
        issuer: ISSUER,
        client_id: "vestibule",
        nonce: NONCE,
        access_token: "access",
        code: "code",
        leeway: Duration::seconds(60),
        now,
    };
    let signed = verify(token, keys, &[Algorithm::Rs256]).expect("it verifies");
    let claims = signed.check(&expected).expect("it is for this login");
    claims.all["groups"].as_array().map_or(0, Vec::len)
}
