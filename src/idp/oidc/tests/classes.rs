//! O5: the classes of bad tokens that public collections of test vectors know, made here case by case.
//!
//! Each case differs from an honest one in one thing; the honest one stands beside it, so that nothing is refused for
//! another reason.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use serde_json::{Value, json};

use super::rig::Rig;
use super::signer::{Signer, base64};

/// The order of P-256's group.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
    0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// A relying party that knows a key of each kind.
async fn rig() -> Rig {
    let rig = Rig::new().await;
    rig.op.publish(&[
        Signer::rsa().jwk("r"),
        Signer::p256().jwk("e2"),
        Signer::p384().jwk("e3"),
    ]);
    rig
}

fn message(rig: &Rig, alg: &Value, kid: &str) -> String {
    let header = json!({"alg": alg, "kid": kid}).to_string();
    let claims = rig.claims().to_string();
    format!(
        "{}.{}",
        base64(header.as_bytes()),
        base64(claims.as_bytes())
    )
}

pub(super) async fn refused(rig: &Rig, what: &str, token: &str, codes: &[&str]) {
    let refused = rig.login(token).await;
    let code = refused
        .err()
        .unwrap_or_else(|| panic!("{what} was taken"))
        .code();
    assert!(codes.contains(&code), "{what}: {code}");
}

/// What signs every label below: with our RSA key, with a curve, and with HMAC keyed by what is public.
fn signatures(message: &str) -> Vec<Vec<u8>> {
    let public = Signer::rsa().jwk("r").to_string();
    let tag = |algorithm| {
        let key = hmac::Key::new(algorithm, public.as_bytes());
        hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
    };
    vec![
        Vec::new(),
        vec![0; 64],
        Signer::rsa().sign("RS256", message.as_bytes()),
        Signer::rsa().sign("PS256", message.as_bytes()),
        Signer::p256().sign("ES256", message.as_bytes()),
        tag(hmac::HMAC_SHA256),
        tag(hmac::HMAC_SHA384),
        tag(hmac::HMAC_SHA512),
    ]
}

/// Every label but the five that are ours.
const LABELS: &[&str] = &[
    "none",
    "None",
    "NONE",
    "nOnE",
    "HS256",
    "HS384",
    "HS512",
    "hs256",
    "PS256",
    "PS384",
    "PS512",
    "EdDSA",
    "Ed25519",
    "Ed448",
    "ES256K",
    "ES512",
    "RS1",
    "RSA1_5",
    "dir",
    "PBES2-HS256+A128KW",
    "ECDH-ES",
    "ML-DSA-44",
    "rs256",
    "Rs256",
    "RS256 ",
    " RS256",
    "RS256\u{0}",
    "RS-256",
    "SHA256withRSA",
    "RS256,ES256",
    "*",
    "",
];

#[tokio::test]
async fn o5_no_label_beyond_the_five_is_taken_whatever_signs_it() {
    let rig = rig().await;
    let mut cases = 0;
    for label in LABELS {
        for kid in ["r", "e2", "e3"] {
            let message = message(&rig, &json!(label), kid);
            for signature in signatures(&message) {
                let token = format!("{message}.{}", base64(&signature));
                refused(&rig, label, &token, &["oidc.algorithm"]).await;
                cases += 1;
            }
        }
    }
    for label in [
        json!(null),
        json!(["RS256"]),
        json!({"RS256": true}),
        json!(256),
        json!(true),
    ] {
        let message = message(&rig, &label, "r");
        let signature = Signer::rsa().sign("RS256", message.as_bytes());
        let token = format!("{message}.{}", base64(&signature));
        refused(&rig, "no text", &token, &["oidc.algorithm"]).await;
        cases += 1;
    }
    assert!(cases > 700, "{cases}");
}

#[tokio::test]
async fn o5_a_key_of_one_kind_or_curve_never_verifies_for_another() {
    let rig = rig().await;
    let mut good = 0;
    for (alg, own) in [
        ("RS256", "r"),
        ("RS384", "r"),
        ("RS512", "r"),
        ("ES256", "e2"),
        ("ES384", "e3"),
    ] {
        for kid in ["r", "e2", "e3"] {
            let message = message(&rig, &json!(alg), kid);
            for (signs, signer) in [
                ("r", Signer::rsa()),
                ("e2", Signer::p256()),
                ("e3", Signer::p384()),
            ] {
                let by = ["RS256", "RS384", "RS512", "PS256"];
                let by = if signs == "r" { &by[..] } else { &[alg][..] };
                for made_by in by {
                    let signature = signer.sign(made_by, message.as_bytes());
                    let token = format!("{message}.{}", base64(&signature));
                    if kid == own && signs == own && *made_by == alg {
                        rig.login(&token).await.unwrap();
                        good += 1;
                    } else {
                        let what = format!("{alg} with {kid}, signed by {signs} as {made_by}");
                        let code = if kid == own {
                            "oidc.signature"
                        } else {
                            "oidc.key"
                        };
                        refused(&rig, &what, &token, &[code]).await;
                    }
                }
            }
        }
    }
    assert_eq!(good, 5);
}

/// `r` and `s` as DER writes them.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |value: &[u8]| {
        let sign: &[u8] = if value[0] >= 0x80 { &[0] } else { &[] };
        let length = u8::try_from(sign.len() + value.len()).unwrap();
        [&[2, length], sign, value].concat()
    };
    let both = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(both.len()).unwrap()][..], &both].concat()
}

/// One more than a number of the curve's length, or as many as asked.
fn plus(number: &[u8], more: u8) -> Vec<u8> {
    let mut sum = number.to_vec();
    let mut carry = more;
    for byte in sum.iter_mut().rev() {
        let (next, over) = byte.overflowing_add(carry);
        *byte = next;
        carry = u8::from(over);
    }
    sum
}

#[tokio::test]
async fn o5_numbers_of_a_curve_signature_lie_between_one_and_the_order() {
    let rig = rig().await;
    let message = message(&rig, &json!("ES256"), "e2");
    let good = Signer::p256().sign("ES256", message.as_bytes());
    let honest = format!("{message}.{}", base64(&good));
    rig.login(&honest).await.unwrap();
    let (r, s) = good.split_at(32);
    let less_one = [&ORDER[..31], &[ORDER[31] - 1]].concat();
    let mut one = vec![0; 32];
    one[31] = 1;
    let bad: Vec<Vec<u8>> = [
        vec![0; 32],
        one,
        less_one,
        ORDER.to_vec(),
        plus(&ORDER, 1),
        vec![0xff; 32],
    ]
    .into();
    let mut all = Vec::new();
    for number in &bad {
        all.push([number, s].concat());
        all.push([r, number].concat());
        all.extend(bad.iter().map(|other| [&number[..], other].concat()));
    }
    let short = |n: &[u8]| n[1..].to_vec();
    all.extend([
        [s, r].concat(),
        der(r, s),
        der(&ORDER, s),
        [&good[..], &[0]].concat(),
        [&[0], &good[..]].concat(),
        [&[0], r, &[0], s].concat(),
        [short(r), short(s)].concat(),
        good[..63].to_vec(),
        r.to_vec(),
        [r, r].concat(),
        [&good[..], &good].concat(),
        vec![0; 96],
        vec![0; 132],
        Signer::p384().sign("ES384", message.as_bytes()),
    ]);
    for signature in all {
        let token = format!("{message}.{}", base64(&signature));
        refused(
            &rig,
            &format!("{signature:02x?}"),
            &token,
            &["oidc.signature"],
        )
        .await;
    }
}

/// Too many parts, too few, or empty ones.
fn miscounted(header: &str, claims: &str, end: &str) -> Vec<(&'static str, String)> {
    let message = format!("{header}.{claims}");
    let honest = format!("{message}.{end}");
    vec![
        ("no part", String::new()),
        ("a dot", ".".to_owned()),
        ("two dots", "..".to_owned()),
        ("three dots", "...".to_owned()),
        ("four dots", "....".to_owned()),
        ("one part", header.to_owned()),
        ("two parts", message.clone()),
        ("an empty signature", format!("{message}.")),
        ("no header", format!(".{claims}.{end}")),
        ("no claims", format!("{header}..{end}")),
        ("four parts", format!("{honest}.{end}")),
        ("five parts", format!("{header}.{end}.{end}.{claims}.{end}")),
        ("six parts", format!("{honest}.{honest}")),
        ("an empty part behind", format!("{honest}.")),
        ("an empty part before", format!(".{honest}")),
    ]
}

/// Three parts, written otherwise.
fn miswritten(header: &str, claims: &str, signature: &[u8]) -> Vec<(&'static str, String)> {
    let message = format!("{header}.{claims}");
    let end = base64(signature);
    let honest = format!("{message}.{end}");
    vec![
        (
            "padding",
            format!("{message}.{}", URL_SAFE.encode(signature)),
        ),
        (
            "another alphabet",
            format!("{message}.{}", STANDARD.encode(signature)),
        ),
        ("a header with padding", format!("{header}=.{claims}.{end}")),
        ("a header in another alphabet", {
            let text =
                json!({"alg": "RS256", "kid": "r", "x": "\u{3ff}\u{3ff}\u{3ff}???"}).to_string();
            format!("{}.{claims}.{end}", STANDARD_NO_PAD.encode(text))
        }),
        ("a line break", format!("{message}.\n{end}")),
        (
            "a line break within",
            format!("{message}.{}\r\n{}", &end[..76], &end[76..]),
        ),
        ("a blank", format!("{header} .{claims}.{end}")),
        ("a tab behind", format!("{honest}\t")),
        ("a NUL behind", format!("{honest}\u{0}")),
        ("percent signs", honest.replace('.', "%2E")),
        ("another dot", honest.replace('.', "\u{ff0e}")),
        ("a scheme before", format!("Bearer {honest}")),
        ("quotes", format!("\"{honest}\"")),
        (
            "the flattened JSON form",
            json!({"protected": header, "payload": claims, "signature": end}).to_string(),
        ),
        ("the general JSON form", {
            let signatures = json!([{"protected": header, "signature": end}]);
            json!({"payload": claims, "signatures": signatures}).to_string()
        }),
        (
            "bits left over",
            format!("{message}.{}", with_left_over_bits(&end)),
        ),
    ]
}

#[tokio::test]
async fn o5_a_token_has_three_parts_in_strict_base64() {
    let rig = rig().await;
    let message = message(&rig, &json!("RS256"), "r");
    let signature = Signer::rsa().sign("RS256", message.as_bytes());
    let (header, claims) = message.split_once('.').unwrap();
    let end = base64(&signature);
    let honest = format!("{message}.{end}");
    rig.login(&honest).await.unwrap();
    let forms = [
        "oidc.token_form",
        "oidc.json",
        "oidc.signature",
        "oidc.encrypted",
        "oidc.header",
        "oidc.algorithm",
    ];
    let miscounted = miscounted(header, claims, &end);
    let all = miscounted
        .into_iter()
        .chain(miswritten(header, claims, &signature));
    for (what, token) in all {
        refused(&rig, what, &token, &forms).await;
    }
}

/// The same bytes to a lenient reader: the last character's unused bits are set.
fn with_left_over_bits(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = text.split_at(text.len() - 1);
    assert_ne!(text.len() % 4, 0, "there are unused bits");
    let at = ALPHABET
        .iter()
        .position(|c| [*c] == *last.as_bytes())
        .unwrap();
    format!("{rest}{}", char::from(ALPHABET[at | 1]))
}

#[tokio::test]
async fn o5_encrypted_tokens_of_every_algorithm_are_refused_before_any_key() {
    let rig = rig().await;
    let body = base64(&[7; 64]);
    for alg in [
        "RSA1_5",
        "RSA-OAEP",
        "RSA-OAEP-256",
        "A128KW",
        "A192KW",
        "A256KW",
        "dir",
        "ECDH-ES",
        "ECDH-ES+A128KW",
        "A128GCMKW",
        "A256GCMKW",
        "PBES2-HS256+A128KW",
        "PBES2-HS512+A256KW",
        "RS256",
        "none",
    ] {
        for enc in [
            "A128CBC-HS256",
            "A256CBC-HS512",
            "A128GCM",
            "A256GCM",
            "",
            "none",
        ] {
            let header =
                json!({"alg": alg, "enc": enc, "kid": "r", "p2c": 2_147_483_648_u64, "zip": "DEF"});
            let header = base64(header.to_string().as_bytes());
            let token = format!("{header}.{body}.{body}.{body}.{body}");
            refused(&rig, &format!("{alg} {enc}"), &token, &["oidc.encrypted"]).await;
        }
    }
}
