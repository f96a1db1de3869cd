//! What is made of what a token says about the person.

use serde_json::{Value, json};

use super::fake::Page;
use super::rig::Rig;
use crate::domain::identity::IdentityNotice;

// O15
#[tokio::test]
async fn subjects_are_kept_byte_for_byte_or_refused() {
    let rig = Rig::new().await;
    for subject in ["a", "A", "ä", "a b", &"s".repeat(255), "auth0|x@y"] {
        let claims = rig.claims_with("sub", json!(subject));
        let verified = rig.login_as(&claims).await.unwrap();
        assert_eq!(verified.identity().subject.value, subject);
    }
    for subject in [
        Value::Null,
        json!(""),
        json!("s".repeat(256)),
        json!("a\0"),
        json!("a\nb"),
        json!("a\u{85}"),
        json!(7),
        json!(["a"]),
    ] {
        let claims = rig.claims_with("sub", subject);
        assert_eq!(rig.refusal_of(&claims).await, "oidc.subject");
    }
}

// O15: an address or a name says nothing about who it is
#[tokio::test]
async fn an_address_counts_only_when_it_is_vouched_for() {
    let rig = Rig::new().await;
    for (verified, expected) in [
        (json!(true), Some("eve@example.org")),
        (json!(false), None),
        (json!("true"), None),
        (json!(1), None),
        (Value::Null, None),
    ] {
        let mut claims = rig.claims_with("email", json!("eve@example.org"));
        if !verified.is_null() {
            claims["email_verified"] = verified;
        }
        claims["preferred_username"] = json!("admin");
        let login = rig.login_as(&claims).await.unwrap();
        assert_eq!(login.identity().verified_email.as_deref(), expected);
        assert_eq!(login.identity().subject.value, "248289761001");
        assert_eq!(login.identity().display_name, "admin");
    }
}

// O15: one document's address is not vouched for by another document
#[tokio::test]
async fn an_address_and_its_voucher_come_from_one_place() {
    let rig = Rig::with(|config| config.userinfo = true).await;
    let mine = "eve@example.org";
    for (token, userinfo, expected) in [
        (
            json!({"email": mine}),
            json!({"email": "x@example.org", "email_verified": true}),
            None,
        ),
        (
            json!({"email": mine}),
            json!({"email": mine, "email_verified": true}),
            Some(mine),
        ),
        (
            json!({"email": mine, "email_verified": false}),
            json!({"email": mine, "email_verified": true}),
            None,
        ),
        (
            json!({}),
            json!({"email": mine, "email_verified": true}),
            Some(mine),
        ),
        (
            json!({"email_verified": true}),
            json!({"email": mine}),
            None,
        ),
        (json!({}), json!({"email": mine}), None),
    ] {
        let mut claims = rig.claims();
        claims
            .as_object_mut()
            .unwrap()
            .extend(token.as_object().unwrap().clone());
        let mut answer = userinfo.clone();
        answer["sub"] = json!("248289761001");
        rig.op.put("/userinfo", Page::json(&answer));
        let login = rig.login_as(&claims).await.unwrap();
        assert_eq!(
            login.identity().verified_email.as_deref(),
            expected,
            "{token} {userinfo}"
        );
    }
}

// O14
#[tokio::test]
async fn claims_become_attributes_value_by_value() {
    let rig = Rig::new().await;
    let mut claims = rig.claims();
    let further = json!({
        "groups": "a,b c",
        "many": ["x", "x", " y", 7, true, null, ["z"], {"k": "v"}],
        "number": 3.5,
        "flag": false,
        "nothing": null,
        "empty": [],
        "address": {"country": "NZ"},
        "jti": "1", "sid": "2", "s_hash": "3",
    });
    claims
        .as_object_mut()
        .unwrap()
        .extend(further.as_object().unwrap().clone());
    let login = rig.login_as(&claims).await.unwrap();
    let attributes = serde_json::to_value(&login.identity().attributes).unwrap();
    assert_eq!(
        attributes,
        json!({
            "sub": ["248289761001"],
            "groups": ["a,b c"],
            "many": ["x", "x", " y", "7", "true"],
            "number": ["3.5"],
            "flag": ["false"],
        })
    );
}

// O14
#[tokio::test]
async fn groups_that_were_too_many_are_reported_and_none_are_assumed() {
    let rig = Rig::new().await;
    for (name, value) in [
        ("_claim_names", json!({"groups": "src1"})),
        ("hasgroups", json!(true)),
        ("hasgroups", json!("true")),
    ] {
        let mut claims = rig.claims_with(name, value);
        claims["groups"] = json!(["left", "over"]);
        claims["_claim_sources"] = json!({"src1": {"endpoint": format!("{}/canary", rig.op.url)}});
        let login = rig.login_as(&claims).await.unwrap();
        let identity = login.identity();
        assert_eq!(identity.notice, Some(IdentityNotice::GroupOverage));
        assert!(identity.values("groups").is_empty());
        assert!(!identity.attributes.contains_key("hasgroups"));
    }
    assert_eq!(rig.op.count("/canary"), 0);
    for (name, value) in [
        ("_claim_names", json!({"address": "src1"})),
        ("hasgroups", json!(false)),
    ] {
        let mut claims = rig.claims_with(name, value);
        claims["groups"] = json!(["a"]);
        let login = rig.login_as(&claims).await.unwrap();
        assert_eq!(login.identity().notice, None);
        assert_eq!(login.identity().values("groups"), ["a"]);
    }
}

// O14
#[tokio::test]
async fn values_without_end_are_refused_by_name() {
    let rig = Rig::with(|config| config.userinfo = true).await;
    // `sub` is one value itself
    for (groups, refused) in [
        (4_999, None),
        (5_000, Some("oidc.too_many_values")),
        (100_000, Some("oidc.too_many_values")),
    ] {
        let groups: Vec<_> = (0..groups).map(|n| n.to_string()).collect();
        let answer = json!({"sub": "248289761001", "groups": groups});
        rig.op.put("/userinfo", Page::json(&answer));
        let code = rig
            .login_as(&rig.claims())
            .await
            .err()
            .map(|error| error.code());
        assert_eq!(code, refused);
    }
}

#[tokio::test]
async fn a_display_name_is_for_reading() {
    let rig = Rig::new().await;
    for (given, shown) in [
        (
            json!({"name": "Eve", "preferred_username": "eve", "email": "e@x"}),
            "Eve",
        ),
        (
            json!({"name": " ", "preferred_username": "eve", "email": "e@x"}),
            "eve",
        ),
        (json!({"name": {"de": "Eva"}, "email": "e@x"}), "e@x"),
        (json!({}), "248289761001"),
        (json!({"name": "A\u{202e}B\r\nC\u{0}"}), "ABC"),
        (json!({"name": "n".repeat(1000)}), &"n".repeat(200)),
    ] {
        let mut claims = rig.claims();
        claims
            .as_object_mut()
            .unwrap()
            .extend(given.as_object().unwrap().clone());
        let login = rig.login_as(&claims).await.unwrap();
        assert_eq!(login.identity().display_name, shown);
    }
}

// An empty claim in the token is the provider's word, not a gap.
#[tokio::test]
async fn userinfo_fills_only_what_the_token_does_not_mention() {
    let rig = Rig::with(|config| config.userinfo = true).await;
    let answer = json!({"sub": "248289761001", "groups": ["admins"]});
    rig.op.put("/userinfo", Page::json(&answer));
    for (groups, expected) in [
        (json!([]), &[][..]),
        (json!({"a": 1}), &[]),
        (json!(["viewers"]), &["viewers"]),
        (Value::Null, &["admins"]),
    ] {
        let mut claims = rig.claims();
        claims["groups"] = groups;
        let login = rig.login_as(&claims).await.unwrap();
        assert_eq!(login.identity().values("groups"), expected);
    }
}
