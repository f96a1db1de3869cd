//! ID tokens: whose, signed how, and in what form. O2, O5, O6, O17.

use std::sync::Arc;

use serde_json::{Value, json};
use vestibule_sandbox::idp::key::{Algorithm, Key, KeyKind};
use vestibule_sandbox::idp::oidc::{Endpoint, Nonce, OidcOptions, Signing};

use super::scene::{Scene, header};
use Algorithm::{EcdsaSha256, EcdsaSha384, RsaSha256, RsaSha384, RsaSha512};

/// Changes the text of a header and of claims.
type Edit = fn(&mut String, &mut String);

// O2
#[tokio::test]
async fn a_token_of_another_login_is_refused() {
    let scene = Scene::start().await;
    scene
        .refuses("no nonce", "oidc.nonce", |o| o.nonce = Nonce::Absent)
        .await;
    for nonce in ["", "other"] {
        let other = nonce.to_owned();
        scene
            .refuses(nonce, "oidc.nonce", |o| o.nonce = Nonce::Other(other))
            .await;
    }
    scene
        .refuses_claim("nonce", Some(json!(1)), "oidc.nonce")
        .await;
    // a genuine token, minted for somebody's earlier login
    let earlier = scene.provider().mint("vestibule", "carl", Some("theirs"));
    let earlier = earlier.unwrap();
    scene
        .refuses("replayed", "oidc.nonce", |o| {
            o.edit_token = Some(Arc::new(move |_| earlier.clone()));
        })
        .await;
    scene.ends().await;
}

/// Signs with HMAC, keyed by something public, and with the label given.
fn hmac(secret: Vec<u8>, label: &'static str) -> impl FnOnce(&mut OidcOptions) {
    move |options| {
        options.signing = Signing::Hmac(secret);
        header("alg", Some(json!(label)))(options);
    }
}

// O5
#[tokio::test]
async fn nothing_public_and_no_shared_secret_signs_a_token() {
    let scene = Scene::start().await;
    let key = Arc::clone(&scene.provider().keys().rsa);
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        key.certificate_base64()
    );
    let secrets: [(&str, Vec<u8>); 7] = [
        ("the client's secret", b"test-only".to_vec()),
        ("nothing", Vec::new()),
        ("the public key in DER", key.public_bytes().to_vec()),
        ("the certificate in PEM", pem.into_bytes()),
        (
            "the certificate in base64",
            key.certificate_base64().into_bytes(),
        ),
        ("the JWK", key.jwk().to_string().into_bytes()),
        ("the modulus", key.jwk()["n"].as_str().unwrap().into()),
    ];
    for (what, secret) in secrets {
        let again = secret.clone();
        scene
            .refuses(what, "oidc.algorithm", hmac(again, "HS256"))
            .await;
        scene
            .refuses(what, "oidc.signature", hmac(secret, "RS256"))
            .await;
    }
    scene.ends().await;
}

// O5
#[tokio::test]
async fn unsigned_tokens_are_refused_whatever_they_call_it() {
    let scene = Scene::start().await;
    for label in ["none", "None", "NONE", "nOnE", "", "null"] {
        let change = |options: &mut OidcOptions| {
            options.signing = Signing::Unsigned;
            header("alg", Some(json!(label)))(options);
        };
        scene.refuses(label, "oidc.algorithm", change).await;
    }
    for (label, code) in [
        (json!("RS256"), "oidc.signature"),
        (json!("ES256"), "oidc.signature"),
        (json!(null), "oidc.algorithm"),
        (json!(["RS256"]), "oidc.algorithm"),
        (json!(256), "oidc.algorithm"),
    ] {
        let what = label.to_string();
        let change = |options: &mut OidcOptions| {
            options.signing = Signing::Unsigned;
            header("alg", Some(label))(options);
        };
        scene.refuses(&what, code, change).await;
    }
    scene
        .refuses("no alg", "oidc.algorithm", header("alg", None))
        .await;
    scene.ends().await;
}

// O5
#[tokio::test]
async fn algorithms_that_are_not_listed_or_do_not_fit_the_key_are_refused() {
    let scene = Scene::start().await;
    let signed = |algorithm: Algorithm, label: Option<&'static str>| {
        move |options: &mut OidcOptions| {
            options.signing = Signing::Own(algorithm);
            if let Some(label) = label {
                header("alg", Some(json!(label)))(options);
            }
        }
    };
    for (algorithm, label, code) in [
        // genuine, and not on this provider's list
        (RsaSha384, None, "oidc.algorithm"),
        (RsaSha512, None, "oidc.algorithm"),
        (EcdsaSha384, None, "oidc.algorithm"),
        (RsaSha256, Some("PS256"), "oidc.algorithm"),
        (RsaSha256, Some("rs256"), "oidc.algorithm"),
        (RsaSha256, Some("RS256 "), "oidc.algorithm"),
        (RsaSha256, Some("RS1"), "oidc.algorithm"),
        (RsaSha256, Some("EdDSA"), "oidc.algorithm"),
        // labelled as another
        (RsaSha384, Some("RS256"), "oidc.signature"),
        (RsaSha256, Some("ES256"), "oidc.key"),
        (EcdsaSha256, Some("RS256"), "oidc.key"),
        (EcdsaSha384, Some("ES256"), "oidc.key"),
    ] {
        let what = format!("{algorithm:?} as {label:?}");
        scene.refuses(&what, code, signed(algorithm, label)).await;
    }
    scene
        .accepts("an honest curve", signed(EcdsaSha256, None))
        .await;
    scene.ends().await;
}

/// Replaces the token's signature.
fn with_signature(signature: &'static str) -> impl FnOnce(&mut OidcOptions) {
    move |options| {
        options.edit_token = Some(Arc::new(move |token| {
            let (message, _) = token.rsplit_once('.').unwrap();
            format!("{message}.{signature}")
        }));
    }
}

// O5: r = s = 0, and other signatures that are none
#[tokio::test]
async fn signatures_of_zeros_and_scraps_are_refused() {
    let scene = Scene::start().await;
    let zeros: &'static str = Box::leak("A".repeat(86).into_boxed_str());
    // DER of r = s = 0
    for signature in [zeros, "", "AA", "MAYCAQACAQA", &zeros[..84]] {
        let change = |options: &mut OidcOptions| {
            options.signing = Signing::Own(EcdsaSha256);
            with_signature(signature)(options);
        };
        scene.refuses(signature, "oidc.signature", change).await;
    }
    for signature in ["AA==", "A", "+/+/", "AA AA", "AA\n", "=", "AB"] {
        let refused = with_signature(signature);
        scene.refuses(signature, "oidc.token_form", refused).await;
    }
    scene.ends().await;
}

// O5
#[tokio::test]
async fn a_token_that_was_touched_is_refused() {
    let scene = Scene::start().await;
    let stolen = scene.provider().mint("vestibule", "carl", None).unwrap();
    let signature = stolen.rsplit_once('.').unwrap().1.to_owned();
    scene
        .refuses("another token's signature", "oidc.signature", |o| {
            o.edit_token = Some(Arc::new(move |token| {
                format!("{}.{signature}", token.rsplit_once('.').unwrap().0)
            }));
        })
        .await;
    for (what, code, edit) in [
        ("five parts", "oidc.encrypted", "{}.e.e"),
        ("four parts", "oidc.token_form", "{}.e"),
        ("a dot before", "oidc.token_form", ".{}"),
        ("a blank behind", "oidc.token_form", "{} "),
        ("a blank before", "oidc.token_form", " {}"),
        ("nothing", "oidc.token_form", ""),
        ("two dots", "oidc.json", ".."),
        ("a JSON form", "oidc.token_form", "{\"payload\":\"{}\"}"),
    ] {
        scene
            .refuses(what, code, |o| {
                o.edit_token = Some(Arc::new(move |token| edit.replace("{}", &token)));
            })
            .await;
    }
    scene.ends().await;
}

// O6
#[tokio::test]
async fn a_key_id_is_a_name_and_nothing_else() {
    let scene = Scene::start().await;
    let now = chrono::DateTime::from_timestamp(1_900_000_000, 0).unwrap();
    scene.world.clock.hold_at(now);
    scene.accepts("its own", |_| ()).await;
    let long: String = "k".repeat(513);
    for kid in [
        "../../../../dev/null",
        "/dev/null",
        "file:///etc/passwd",
        "' OR '1'='1",
        "x\u{0}",
        "",
        "*",
        "RSA",
    ] {
        scene
            .refuses(kid, "oidc.key", header("kid", Some(json!(kid))))
            .await;
    }
    scene
        .refuses(
            "a URL",
            "oidc.key",
            header("kid", Some(json!(scene.canary.url()))),
        )
        .await;
    for (kid, code) in [
        (json!(long), "oidc.header"),
        (json!(1), "oidc.header"),
        (json!(null), "oidc.header"),
        (json!(["a"]), "oidc.header"),
        (json!("k".repeat(5_000)), "oidc.header"),
        (json!("k".repeat(500_000)), "oidc.token_size"),
        // the answer of the token endpoint is over its own cap
        (json!("k".repeat(1_000_000)), "idp.unreachable"),
    ] {
        let what = format!("a kid of {} bytes", kid.to_string().len());
        scene.refuses(&what, code, header("kid", Some(kid))).await;
    }
    // the keys were asked for when first needed, and once more for all these unknown ones
    assert_eq!(scene.calls(Endpoint::Jwks), 2);
    scene.ends().await;
}

// O6
#[tokio::test]
async fn without_a_key_id_every_key_that_fits_is_tried() {
    let scene = Scene::start().await;
    scene.provider().rotate(true).unwrap();
    scene.accepts("none", header("kid", None)).await;
    scene
        .refuses("none, and an attacker's signature", "oidc.signature", |o| {
            let attacker = Key::generate(KeyKind::Rsa).unwrap();
            o.signing = Signing::Key(attacker, RsaSha256);
            header("kid", None)(o);
        })
        .await;
    scene.ends().await;
}

// O6
#[tokio::test]
async fn keys_that_a_token_brings_along_are_neither_used_nor_fetched() {
    let scene = Scene::start().await;
    let attacker = Key::generate(KeyKind::Rsa).unwrap();
    let own = scene.provider().keys().rsa.id().to_owned();
    let url = scene.canary.url();
    let brought: [(&str, Value); 6] = [
        ("jku", json!(url)),
        ("x5u", json!(url)),
        ("jwk", attacker.jwk()),
        ("x5c", json!([attacker.certificate_base64()])),
        ("x5t", json!("AAAA")),
        ("iss", json!(url)),
    ];
    for (name, value) in brought {
        let honest = header(name, Some(value.clone()));
        scene.accepts(&format!("{name}, ignored"), honest).await;
        for (kid, code) in [(attacker.id(), "oidc.key"), (&own, "oidc.signature")] {
            let signer = Arc::clone(&attacker);
            let (value, kid) = (value.clone(), kid.to_owned());
            let change = |options: &mut OidcOptions| {
                options.signing = Signing::Key(signer, RsaSha256);
                options.edit_header = Some(Arc::new(move |header| {
                    header.insert(name.to_owned(), value.clone());
                    header.insert("kid".to_owned(), json!(kid));
                }));
            };
            let what = format!("{name} with the kid of {code}");
            scene.refuses(&what, code, change).await;
        }
    }
    scene.ends().await;
}

// O6, O18 in small
#[tokio::test]
async fn headers_that_change_how_a_token_is_read_are_refused() {
    let scene = Scene::start().await;
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!("b64")),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("typ", json!("at+jwt")),
        ("typ", json!("logout+jwt")),
        ("typ", json!(1)),
    ] {
        let what = format!("{name} {value}");
        scene
            .refuses(&what, "oidc.header", header(name, Some(value)))
            .await;
    }
    scene.ends().await;
}

// O17
#[tokio::test]
async fn json_that_two_readers_could_read_differently_is_refused() {
    let scene = Scene::start().await;
    let edits: [(&str, &str, Edit); 14] = [
        ("sub twice", "oidc.json", |_, c| {
            c.insert_str(1, r#""sub":"evil","#);
        }),
        ("sub twice, escaped", "oidc.json", |_, c| {
            c.insert_str(1, r#""s\u0075b":"evil","#);
        }),
        ("sub twice, the last", "oidc.json", |_, c| {
            c.pop();
            c.push_str(r#","sub":"evil"}"#);
        }),
        ("groups twice", "oidc.json", |_, c| {
            c.insert_str(1, r#""groups":["cloud-admins"],"#);
        }),
        ("twice within", "oidc.json", |_, c| {
            c.insert_str(1, r#""x":{"a":1,"a":2},"#);
        }),
        ("alg twice", "oidc.json", |h, _| {
            h.insert_str(1, r#""alg":"RS256","#);
        }),
        ("kid twice", "oidc.json", |h, _| {
            h.insert_str(1, r#""kid":"x","#);
        }),
        ("a mark before the claims", "oidc.json", |_, c| {
            c.insert(0, '\u{feff}');
        }),
        ("a mark before the header", "oidc.json", |h, _| {
            h.insert(0, '\u{feff}');
        }),
        ("text behind", "oidc.json", |_, c| c.push_str("{}")),
        ("a comment", "oidc.json", |_, c| c.push_str("/**/")),
        ("depth", "oidc.json", |_, c| {
            let deep = format!(r#""x":{}{},"#, "[".repeat(9_000), "]".repeat(9_000));
            c.insert_str(1, &deep);
        }),
        ("an array", "oidc.json", |_, c| *c = format!("[{c}]")),
        ("not a number", "oidc.json", |_, c| {
            c.insert_str(1, r#""x":NaN,"#);
        }),
    ];
    for (what, code, edit) in edits {
        let change = scene.rewritten(edit);
        scene.refuses(what, code, change).await;
    }
    let odd = scene.rewritten(|_, claims| {
        claims.insert_str(
            1,
            r#""__proto__":{"sub":"evil"},"constructor":{"prototype":1},"#,
        );
    });
    let me = scene.accepts("__proto__", odd).await;
    assert_eq!(me["subject"], "person-erin");
    let as_is = scene.rewritten(|_, _| ());
    scene.accepts("written again as it was", as_is).await;
    scene.ends().await;
}
