//! Simulate by the API: anybody, by what is typed, pasted or known, against the current revision, an old one or a draft.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vestibule::domain::audit::EventKind;

use super::Program;
use super::drafts::Draft;
use crate::world::World;
use crate::world::accounts::MODEL;

const ALL: &[&str] = &["access:read", "access:write"];

const AUDITORS: &str = r#"
[[rules]]
name = "auditors"
when = [{ attribute = "groups", is = "auditors" }]
grant = ["payments-prod/Narrow"]
"#;

fn model() -> String {
    format!("{MODEL}{AUDITORS}")
}

fn roles(simulated: &Value) -> Vec<&str> {
    let roles = simulated["roles"].as_array().unwrap().iter();
    roles.map(|role| role["role"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn roles_and_why_each_by_the_current_revision_an_old_one_or_a_draft() {
    let world = World::builder().model(&model()).start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let asks = |more: Value| {
        let mut asked = json!({"idp": "corp", "attributes": {"groups": ["auditors"]}});
        for (key, value) in more.as_object().unwrap() {
            asked[key] = value.clone();
        }
        asked
    };
    let now = admin.posts("/simulate", &asks(json!({}))).await.ok(200);
    assert_eq!(
        now["roles"],
        json!([{
            "role": "payments-prod/Narrow", "account": "Payments Production",
            "environment": "production", "rule": "auditors",
        }])
    );
    assert_eq!(
        (&now["revision"], &now["who"]["whence"]),
        (&json!(1), &json!("typed"))
    );
    assert_eq!(now["who"]["attributes"], json!({"groups": ["auditors"]}));
    let why = asks(json!({"role": "111122223333/Narrow"}));
    let why = admin.posts("/simulate", &why).await.ok(200)["explained"].clone();
    assert_eq!(
        (&why["role"], &why["verdict"]),
        (&json!("payments-prod/Narrow"), &json!("held"))
    );
    assert_eq!(
        (&why["gives"][0]["rule"], &why["gives"][0]["applies"]),
        (&json!("auditors"), &json!(true))
    );

    let mut draft = Draft::begin(&admin).await;
    let other = model().replace("[\"payments-prod/Narrow\"]", "[\"payments-dev/*\"]");
    draft.saves(&other).await;
    let id = draft.path.rsplit('/').next().unwrap();
    let drafted = admin
        .posts("/simulate", &asks(json!({"draft": id})))
        .await
        .ok(200);
    assert_eq!(roles(&drafted), ["payments-dev/Developer"]);
    assert_eq!(
        (&drafted["draft"], drafted.get("revision")),
        (&json!(id), None)
    );
    world.publishes(&other).await;
    let now = admin.posts("/simulate", &asks(json!({}))).await.ok(200);
    assert_eq!(
        (roles(&now), &now["revision"]),
        (vec!["payments-dev/Developer"], &json!(2))
    );
    let old = admin
        .posts("/simulate", &asks(json!({"revision": 1})))
        .await
        .ok(200);
    assert_eq!(
        (roles(&old), &old["revision"]),
        (vec!["payments-prod/Narrow"], &json!(1))
    );

    draft.saves("[[rules]").await;
    let id = draft.path.rsplit('/').next().unwrap();
    let unfit = admin.posts("/simulate", &asks(json!({"draft": id}))).await;
    unfit.refused(422, "unanswerable");
    for (more, code) in [
        (json!({"revision": 9}), "no-such-revision"),
        (json!({"revision": 0}), "no-such-revision"),
        (json!({"draft": "0000000000000000"}), "no-such-draft"),
        (json!({"draft": "x"}), "no-such-draft"),
        (json!({"role": "payments-prod/Nothing"}), "no-such-role"),
        (json!({"role": "Narrow"}), "no-such-role"),
    ] {
        admin
            .posts("/simulate", &asks(more))
            .await
            .refused(404, code);
    }
    assert!(world.audit(EventKind::WhyAsked).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn what_is_pasted_is_read_and_neither_believed_nor_said_again() {
    let world = World::builder().model(&model()).start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let statement = "<saml2:AttributeStatement><saml2:Attribute Name=\"groups\">\
        <saml2:AttributeValue>auditors</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>";
    let claims =
        r#"{"sub":"u-17","name":"Uma","groups":["auditors"],"canary":{"hidden":"CANARY-CLAIM"}}"#;
    let signature = URL_SAFE_NO_PAD.encode("CANARY-SIGNATURE");
    let token = format!("e30.{}.{signature}", URL_SAFE_NO_PAD.encode(claims));
    for (idp, pasted, subject) in [
        ("corp", statement, ""),
        ("okta", claims, "u-17"),
        ("okta", &token, "u-17"),
    ] {
        let asked = json!({"idp": idp, "pasted": pasted});
        let answer = admin.posts("/simulate", &asked).await;
        for gone in [
            token.as_str(),
            &signature,
            "CANARY-CLAIM",
            "AttributeStatement",
        ] {
            assert!(!answer.text.contains(gone), "{gone}: {}", answer.text);
        }
        let said = answer.ok(200);
        assert_eq!(roles(&said), ["payments-prod/Narrow"]);
        assert_eq!(
            (&said["who"]["whence"], &said["who"]["subject"]),
            (&json!("pasted"), &json!(subject))
        );
    }
    for (pasted, reason) in [
        ("<script>alert(1)</script>", "cannot be read"),
        (
            "<!DOCTYPE a [<!ENTITY b \"c\">]><Attribute Name=\"groups\"/>",
            "cannot be read",
        ),
        ("{\"sub\":\"a\",\"sub\":\"b\"}", "stands twice"),
        ("a.b.c.d.e", "encrypted"),
    ] {
        let answer = admin
            .posts("/simulate", &json!({"idp": "okta", "pasted": pasted}))
            .await;
        answer.refused(422, "unanswerable");
        assert!(
            answer.json["detail"].as_str().unwrap().contains(reason),
            "{}",
            answer.text
        );
    }
    assert!(world.audit(EventKind::WhyAsked).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_look_at_somebody_real_stands_in_the_record() {
    let world = World::builder().model(&model()).start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    world.signed_in("erin").await;
    let asked = json!({"idp": "corp", "subject": "erin@example.com"});
    let known = admin.posts("/simulate", &asked).await.ok(200);
    assert!(roles(&known).contains(&"payments-prod/Admin"));
    assert_eq!(known["who"]["whence"], "signed_in");
    assert!(known["who"]["since"].is_string());
    let rows = world.audited(EventKind::WhyAsked, 1).await;
    let about = rows[0].about.as_ref().unwrap();
    assert_eq!(about.subject.as_deref(), Some("erin@example.com"));
    assert!(rows[0].token.is_some());
    let nobody = json!({"idp": "corp", "subject": "nobody@example.com"});
    admin
        .posts("/simulate", &nobody)
        .await
        .refused(404, "nobody-known");
    assert_eq!(world.audited(EventKind::WhyAsked, 2).await.len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_anybody_is_looked_up() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let many: Vec<String> = (0..5_001).map(|at| at.to_string()).collect();
    for body in [
        json!({}),
        json!({"idp": "corp"}),
        json!({"idp": "Corp!", "subject": "ada"}),
        json!({"idp": "corp", "subject": ""}),
        json!({"idp": "corp", "subject": "a\u{0}"}),
        json!({"idp": "corp", "subject": "x".repeat(1_025)}),
        json!({"idp": "corp", "subject": "ada", "attributes": {"groups": "a"}}),
        json!({"idp": "corp", "subject": "ada", "attributes": {"groups": [1]}}),
        json!({"idp": "corp", "attributes": {"groups": many}}),
        json!({"idp": "corp", "attributes": {"groups": ["x".repeat(300_000)]}}),
        json!({"idp": "corp", "pasted": ""}),
        json!({"idp": "corp", "pasted": "x".repeat(300_000)}),
        json!({"idp": "corp", "pasted": "{}", "attributes": {}}),
        json!({"idp": "corp", "subject": "ada", "draft": "0000000000000000", "revision": 1}),
        json!({"idp": "corp", "subject": "ada", "revision": "1"}),
        json!({"idp": "corp", "subject": "ada", "model": "current"}),
    ] {
        let answer = admin.posts("/simulate", &body).await;
        let what: String = body.to_string().chars().take(80).collect();
        assert_eq!(
            (answer.status, &answer.json["code"]),
            (400, &json!("body-unreadable")),
            "{what}: {}",
            answer.text
        );
    }
    let large = json!({"idp": "corp", "pasted": "x".repeat(4 * 1024 * 1024)});
    admin
        .posts("/simulate", &large)
        .await
        .refused(413, "too-large");
    assert!(world.audit(EventKind::WhyAsked).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn who_is_blocked_and_what_is_suspended_is_told_to_whoever_may_read_the_record() {
    let world = World::builder().model(&model()).start().await;
    let reader = Program::of(&world, "ada", &["access:read"]).await;
    let all = ["access:read", "record:read", "revoke"];
    let knows = Program::of(&world, "ada", &all).await;
    let asked = json!({
        "idp": "corp", "subject": "erin@example.com", "attributes": {"groups": ["auditors"]},
    });
    world.signed_in("erin").await;
    let began = world.audit(EventKind::SessionBegan).await;
    let format = began.last().unwrap().subject_format.clone();
    let mut seen = Vec::new();
    for stopped in [false, true] {
        if stopped {
            let person = json!({
                "idp": "corp", "subject": "erin@example.com", "note": "left",
                "subject_format": format,
            });
            let blocked = knows.posts("/people/block", &person).await;
            assert_eq!(blocked.status / 100, 2, "{}", blocked.text);
            let path = "/roles/payments-prod/Narrow/suspension";
            let kind = ("content-type", "application/json");
            let body = Some(json!({"note": "closed"}).to_string());
            let suspended = knows.sends("PUT", path, &[kind], body).await;
            assert_eq!(suspended.status / 100, 2, "{}", suspended.text);
        }
        let told = knows.posts("/simulate", &asked).await.ok(200);
        assert_eq!(
            (&told["who"]["blocked"], &told["roles"][0]["suspended"]),
            (&json!(stopped), &json!(stopped))
        );
        let answer = reader.posts("/simulate", &asked).await;
        assert!(!answer.text.contains("blocked"), "{}", answer.text);
        assert!(!answer.text.contains("suspended"), "{}", answer.text);
        seen.push(answer.ok(200));
    }
    assert_eq!(seen[0], seen[1], "nothing tells one from the other");
    assert_eq!(roles(&seen[0]), ["payments-prod/Narrow"]);
    world.stop().await;
}
