//! Simulate: any identity against any model; what is pasted is read as what counts would be, and is not kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule::domain::audit::EventKind;

use super::world;
use crate::world::browser::{Browser, Page};
use crate::world::{OIDC, SAML, World};

const PATH: &str = "/admin/simulate";

async fn administrator(world: &World) -> (Browser, Page) {
    let browser = world.browser();
    let path = format!("{PATH}?idp={SAML}");
    let page = world.signs_in(&browser, &path, "ada").await;
    assert_eq!(page.status, 200, "{}", page.body);
    (browser, page)
}

async fn asks(browser: &Browser, page: &Page, fields: &[(&str, &str)]) -> Page {
    let mut form = page.form_with("subject").unwrap();
    for (name, value) in fields {
        form = form.with(name, value);
    }
    browser.submits(&form).await
}

/// The keys of the roles that the page lists.
fn roles(page: &Page) -> Vec<String> {
    let Some((_, rest)) = page.body.split_once("id=\"roles\"") else {
        return Vec::new();
    };
    let (part, _) = rest.split_once("</section>").unwrap();
    part.split("<h3>")
        .skip(1)
        .map(|piece| piece.split("</h3>").next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn all_roles_and_why_each_by_the_current_revision_an_old_one_or_a_draft() {
    let world = world().start().await;
    let (ada, page) = administrator(&world).await;
    let typed = [
        ("about_idp", OIDC),
        ("attributes", "groups = auditors"),
        ("by", "typed"),
    ];
    let answer = asks(&ada, &page, &typed).await;
    assert_eq!(roles(&answer), ["payments-prod/Narrow"], "{}", answer.body);
    assert!(answer.body.contains("the rule canary-auditors"));
    assert!(answer.body.contains("By revision 1."));
    // and of one of them, why
    assert!(answer.body.contains("value=\"typed/payments-prod/Narrow\""));
    let of = [&typed[..2], &[("by", "typed/payments-prod/Narrow")]].concat();
    let why = asks(&ada, &answer, &of).await;
    assert!(
        why.body.contains("holds payments-prod/Narrow"),
        "{}",
        why.body
    );
    assert!(why.body.contains("<h3>canary-auditors</h3>"));

    // a draft
    let list = ada.opens(&world.at("/admin/drafts")).await;
    let draft = ada.submits(&list.form_with("from").unwrap()).await;
    let id = draft.url.path().rsplit('/').next().unwrap().to_owned();
    let model = super::model().replace("[\"payments-prod/Narrow\"]", "[\"payments-dev/*\"]");
    let form = draft.form_with("version").unwrap().with("then", "stay");
    let form = form.with("document", &model);
    assert_eq!(ada.submits(&form).await.status, 200);
    let page = ada.opens(&world.at(PATH)).await;
    assert!(
        page.body.contains(&format!("value=\"draft:{id}\"")),
        "{}",
        page.body
    );
    let by = format!("draft:{id}");
    let in_draft = [&typed[..], &[("model", by.as_str())]].concat();
    let answer = asks(&ada, &page, &in_draft).await;
    assert_eq!(roles(&answer), ["payments-dev/Developer"]);
    assert!(answer.body.contains("By the draft."));

    // an old revision, once another one is current
    world.publishes(&model).await;
    let answer = asks(&ada, &page, &typed).await;
    assert_eq!(roles(&answer), ["payments-dev/Developer"]);
    let old = [&typed[..], &[("model", "revision:1")]].concat();
    let answer = asks(&ada, &page, &old).await;
    assert_eq!(roles(&answer), ["payments-prod/Narrow"]);
    assert!(answer.body.contains("By revision 1."));
    let none = [&typed[..], &[("model", "revision:9")]].concat();
    assert_eq!(asks(&ada, &page, &none).await.status, 404);
    let none = [&typed[..], &[("model", "draft:0000000000000000")]].concat();
    assert_eq!(asks(&ada, &page, &none).await.status, 404);
    let nothing = [&typed[..], &[("model", "yesterday")]].concat();
    let answer = asks(&ada, &page, &nothing).await;
    assert!(answer.body.contains("Choose the current revision"));
    assert!(world.audit(EventKind::WhyAsked).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_draft_that_cannot_be_used_says_so() {
    let world = world().start().await;
    let (ada, _) = administrator(&world).await;
    let list = ada.opens(&world.at("/admin/drafts")).await;
    let draft = ada.submits(&list.form_with("from").unwrap()).await;
    let id = draft.url.path().rsplit('/').next().unwrap().to_owned();
    for (version, text) in [(1, "[[rules]"), (2, "[[rules]]\nname = \"x\"\n")] {
        let form = draft.form_with("version").unwrap().with("then", "stay");
        let form = form.with("version", &version.to_string());
        let saved = ada.submits(&form.with("document", text)).await;
        assert_eq!(saved.status, 200, "{}", saved.body);
        let page = ada
            .opens(&world.at(&format!("{PATH}?model=draft:{id}")))
            .await;
        let model = format!("draft:{id}");
        assert!(page.body.contains(&format!("value=\"{model}\" selected")));
        let fields = [("about_idp", SAML), ("by", "typed"), ("model", &model)];
        let answer = asks(&ada, &page, &fields).await;
        assert!(
            answer.body.contains("cannot be used as it stands"),
            "{}",
            answer.body
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn what_is_pasted_is_read_as_what_counts_would_be_and_stands_nowhere_afterwards() {
    let world = world().start().await;
    let (ada, page) = administrator(&world).await;
    let statement = "<saml2:AttributeStatement><saml2:Attribute Name=\"groups\">\
        <saml2:AttributeValue>auditors</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>";
    let claims =
        r#"{"sub":"u-17","name":"Uma","groups":["auditors"],"canary":{"hidden":"CANARY-CLAIM"}}"#;
    let signature = URL_SAFE_NO_PAD.encode("CANARY-SIGNATURE");
    let token = format!("e30.{}.{signature}", URL_SAFE_NO_PAD.encode(claims));
    for (idp, pasted, who) in [
        (SAML, statement, ""),
        (OIDC, claims, "Uma"),
        (OIDC, token.as_str(), "Uma"),
    ] {
        let fields = [("about_idp", idp), ("pasted", pasted), ("by", "pasted")];
        let answer = asks(&ada, &page, &fields).await;
        assert_eq!(roles(&answer), ["payments-prod/Narrow"], "{}", answer.body);
        assert!(answer.body.contains(&format!("{who} holds 1 role")));
        assert!(answer.body.contains("Nothing of it was verified"));
        // what was read stands in the form, to be changed; what was pasted does not
        assert!(answer.body.contains("groups = auditors"));
        for gone in [
            token.as_str(),
            &signature,
            "CANARY-CLAIM",
            "AttributeStatement><",
        ] {
            assert!(!answer.body.contains(gone), "{gone}");
        }
    }
    for (pasted, reason) in [
        ("", "Nothing was pasted"),
        ("<script>alert(1)</script>", "cannot be read"),
        (
            "<!DOCTYPE a [<!ENTITY b \"c\">]><Attribute Name=\"groups\"/>",
            "cannot be read",
        ),
        (
            "<Attribute Name=\"g\"><AttributeValue>a<!-- -->b</AttributeValue></Attribute>",
            "a comment",
        ),
        ("{\"sub\":\"a\",\"sub\":\"b\"}", "stands twice"),
        ("a.b.c.d.e", "encrypted"),
        (&"x".repeat(300_000), "more than this page reads"),
    ] {
        let fields = [("about_idp", OIDC), ("pasted", pasted), ("by", "pasted")];
        let answer = asks(&ada, &page, &fields).await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains(reason), "{reason}: {}", answer.body);
        assert!(!answer.body.contains("alert(1)"));
        assert!(roles(&answer).is_empty());
    }
    assert!(world.audit(EventKind::WhyAsked).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn somebody_who_signed_out_is_judged_by_what_their_provider_said_last_and_the_look_is_written_down()
 {
    let world = world().start().await;
    let (ada, page) = administrator(&world).await;
    let erin = world.signed_in("erin").await;
    world.remembers(2).await;
    let portal = erin.opens(&world.at("/")).await;
    let mut forms = portal.forms().into_iter();
    let sign_out = forms.find(|form| form.action.path() == "/sign-out");
    erin.submits(&sign_out.unwrap()).await;
    let fields = [
        ("about_idp", SAML),
        ("subject", "erin@example.com"),
        ("by", "known"),
    ];
    let answer = asks(&ada, &page, &fields).await;
    assert!(
        answer.body.contains("when they signed in last"),
        "{}",
        answer.body
    );
    assert!(!roles(&answer).is_empty());
    let looks = world.audit(EventKind::WhyAsked).await;
    assert_eq!(looks.len(), 1);
    let about = looks[0].about.as_ref().unwrap();
    assert_eq!(about.subject.as_deref(), Some("erin@example.com"));
    assert_eq!((looks[0].revision, &looks[0].role), (Some(1), &None));
    world.stop().await;
}
