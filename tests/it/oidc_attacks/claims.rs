//! What an ID token claims about the login: for whom, by whom, when, and with what. O7, O8, O9.

use serde_json::{Value, json};
use vestibule::clock::Clock as _;
use vestibule_sandbox::idp::oidc::{Endpoint, Fault, Groups};

use super::scene::{Scene, claim};
use crate::world::World;

// O7
#[tokio::test]
async fn a_token_for_somebody_else_is_refused() {
    let scene = Scene::start().await;
    for audience in [
        json!("other"),
        json!(["other"]),
        json!([]),
        json!(""),
        json!("Vestibule"),
        json!("vestibule "),
        json!("vestibule,other"),
        json!(["other", "vestibule"]),
        json!(["vestibule", "other"]),
        json!(["vestibule", 1]),
        json!([["vestibule"]]),
        json!({ "vestibule": true }),
        json!(null),
    ] {
        scene
            .refuses_claim("aud", Some(audience), "oidc.audience")
            .await;
    }
    scene.refuses_claim("aud", None, "oidc.audience").await;
    for party in [json!("other"), json!(""), json!(["vestibule"]), json!(null)] {
        scene.refuses_claim("azp", Some(party), "oidc.azp").await;
    }
    let both = |party: &'static str| {
        move |options: &mut vestibule_sandbox::idp::oidc::OidcOptions| {
            options.audience = Some(vec!["other".to_owned(), "vestibule".to_owned()]);
            options.azp = Some(party.to_owned());
        }
    };
    scene
        .refuses("for two, by the other", "oidc.azp", both("other"))
        .await;
    scene.accepts("for two, by us", both("vestibule")).await;
    let alone = claim("aud", Some(json!(["vestibule"])));
    scene.accepts("for us alone, as an array", alone).await;
    scene.ends().await;
}

// O7
#[tokio::test]
async fn a_token_of_another_issuer_is_refused() {
    let scene = Scene::start().await;
    let own = scene.provider().issuer().to_owned();
    for issuer in [
        json!(format!("{own}/")),
        json!(own.to_uppercase()),
        json!(format!(" {own}")),
        json!(format!("{own}\u{200b}")),
        json!(own.replace("127.0.0.1", "localhost")),
        json!(own.replace("127.0.0.1", "\u{ff11}27.0.0.1")),
        json!("https://evil.example"),
        json!([own]),
        json!(""),
        json!(null),
    ] {
        scene
            .refuses_claim("iss", Some(issuer), "oidc.issuer")
            .await;
    }
    scene.refuses_claim("iss", None, "oidc.issuer").await;
    scene.ends().await;
}

// O8
#[tokio::test]
async fn times_outside_their_limits_are_refused() {
    let scene = Scene::start().await;
    let now = scene.world.clock.now();
    scene.world.clock.hold_at(now);
    let at = |seconds: i64| Some(json!(now.timestamp() + seconds));
    for (name, value, code) in [
        ("exp", at(-61), "oidc.expired"),
        ("exp", at(-86_400), "oidc.expired"),
        ("exp", Some(json!(1)), "oidc.expired"),
        ("iat", at(62), "oidc.not_yet_valid"),
        ("iat", at(-661), "oidc.too_old"),
        ("nbf", at(62), "oidc.not_yet_valid"),
        ("auth_time", at(62), "oidc.not_yet_valid"),
        ("exp", None, "oidc.time"),
        ("iat", None, "oidc.time"),
    ] {
        scene.refuses_claim(name, value, code).await;
    }
    for (name, value) in [
        ("exp", at(-50)),
        ("iat", at(50)),
        ("iat", at(-600)),
        ("nbf", at(50)),
        ("auth_time", at(-86_400)),
        ("auth_time", None),
    ] {
        let what = format!("{name} {value:?}");
        scene.accepts(&what, claim(name, value)).await;
    }
    scene.ends().await;
}

// O8, O17
#[tokio::test]
async fn times_that_are_no_whole_seconds_are_refused() {
    let scene = Scene::start().await;
    for name in ["exp", "iat", "nbf", "auth_time"] {
        for value in [
            "1.5",
            "-1",
            "0",
            "1e400",
            "1e10",
            "123456789012345678901234567890",
            "9223372036854775808",
            "253402300800",
            "\"1900000000\"",
            "\"2030-01-01T00:00:00Z\"",
            "\"\"",
            "null",
            "true",
            "[1900000000]",
            "{}",
        ] {
            let renamed = format!("\"{name}\":");
            let change = scene.rewritten(move |_, claims| {
                let mut read: serde_json::Map<String, Value> =
                    serde_json::from_str(claims).unwrap();
                read.remove(&renamed[1..renamed.len() - 2]);
                *claims = Value::Object(read).to_string();
                claims.insert_str(1, &format!("{renamed}{value},"));
            });
            // a number beyond what a reader can hold is no JSON that we take
            let code = if value == "1e400" {
                "oidc.json"
            } else {
                "oidc.time"
            };
            scene
                .refuses(&format!("{name} {value}"), code, change)
                .await;
        }
    }
    scene.ends().await;
}

// O9
#[tokio::test]
async fn hashes_must_fit_what_came_with_the_token() {
    let scene = Scene::start().await;
    for name in ["at_hash", "c_hash"] {
        for value in [
            json!("AAAAAAAAAAAAAAAAAAAAAA"),
            json!(""),
            json!("A"),
            json!(1),
            json!(null),
            json!([]),
        ] {
            scene.refuses_claim(name, Some(value), "oidc.hash").await;
        }
    }
    scene.accepts("none", |o| o.at_hash = false).await;
    scene.accepts("its own", |_| ()).await;
    scene.ends().await;
}

/// A world whose provider is asked at the userinfo endpoint, too.
async fn with_userinfo() -> Scene {
    let scopes = "scopes = [\"openid\", \"profile\", \"email\", \"groups\"]";
    let further = format!("{scopes}\nuserinfo = true");
    Scene::of(World::builder().with(scopes, &further)).await
}

// O9
#[tokio::test]
async fn userinfo_about_somebody_else_is_refused() {
    let scene = with_userinfo().await;
    for subject in [
        json!("person-carl"),
        json!("PERSON-ERIN"),
        json!("person-erin "),
        json!(""),
        json!(1),
        json!(["person-erin"]),
        json!(null),
    ] {
        let what = format!("userinfo for {subject}");
        scene
            .refuses(&what, "oidc.userinfo", |options| {
                options.edit_userinfo = Some(std::sync::Arc::new(move |claims| {
                    claims.insert("sub".to_owned(), subject.clone());
                }));
            })
            .await;
    }
    scene
        .refuses("userinfo for nobody", "oidc.userinfo", |options| {
            options.edit_userinfo = Some(std::sync::Arc::new(|claims| {
                claims.remove("sub");
            }));
        })
        .await;
    scene.ends().await;
}

// O9, O13, O17
#[tokio::test]
async fn userinfo_in_no_form_that_we_take_is_refused() {
    let scene = with_userinfo().await;
    // signed by whomever: it comes with another type than JSON
    let signed = scene.provider().mint("vestibule", "erin", None).unwrap();
    let canary = scene.canary.url();
    for (fault, code) in [
        (Fault::Status(200, signed), "oidc.userinfo"),
        (Fault::Status(401, String::new()), "oidc.userinfo"),
        (Fault::Status(500, String::new()), "idp.unreachable"),
        (Fault::Redirect(canary), "idp.unreachable"),
        (Fault::Huge(2 * 1024 * 1024), "idp.unreachable"),
        (Fault::Body("[]".to_owned()), "oidc.userinfo"),
        (
            Fault::Body(r#"{"sub":"person-erin","sub":"person-erin"}"#.to_owned()),
            "oidc.userinfo",
        ),
    ] {
        let what = format!("{fault:?}");
        let what = &what[..what.len().min(60)];
        scene
            .refuses(what, code, |options| {
                options.faults.insert(Endpoint::Userinfo, fault);
            })
            .await;
    }
    let me = scene
        .accepts("honest", |options| options.groups = Groups::Userinfo)
        .await;
    assert_eq!(
        me["attributes"]["groups"],
        json!(["payments-eng", "oncall"])
    );
    scene.ends().await;
}
