//! A reason, where a role demands one: a form, then the same hand-over; in the record and nowhere at AWS.

use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::HostKind;

use crate::world::accounts::MODEL;
use crate::world::browser::{Browser, Page};
use crate::world::mfa;
use crate::world::{SAML, World};

const LINK: &str = "/go/payments-prod/Admin?hours=2";

/// The usual model, in which these roles ask for a reason.
fn asking(model: &str, roles: &[&str]) -> String {
    roles.iter().fold(model.to_owned(), |model, role| {
        let name = format!("name = \"{role}\"\n");
        assert!(model.contains(&name), "{role}");
        model.replacen(&name, &format!("{name}requires = {{ reason = true }}\n"), 1)
    })
}

async fn world(roles: &[&str]) -> World {
    World::builder().model(&asking(MODEL, roles)).start().await
}

async fn opens(world: &World, browser: &Browser, path: &str) -> Page {
    browser.opens(&world.at(path)).await
}

async fn principal(world: &World, browser: &Browser, page: &Page) -> String {
    let console = world.console(browser, page).await;
    console["principal"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_reason_is_asked_for_first_and_stands_in_the_record_and_nowhere_at_aws() {
    let world = world(&["Admin"]).await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let page = opens(&world, &browser, LINK).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(world.aws_saw().is_empty(), "nothing before the reason");
    assert!(world.audit(EventKind::SigninBegun).await.is_empty());
    let form = page.form_with("reason").unwrap();
    assert_eq!(form.value("reason"), Some(""));
    let form = form.with("reason", "  INC-4711: disk full & <b>more</b>  ");
    let page = browser.submits(&form).await;
    assert!(
        principal(&world, &browser, &page)
            .await
            .contains(":assumed-role/Admin/")
    );
    for kind in [EventKind::SigninBegun, EventKind::SigninEnded] {
        let rows = world.audited(kind, 1).await;
        let said: Vec<_> = rows.iter().map(|row| row.reason.as_deref()).collect();
        assert_eq!(
            said,
            [Some("INC-4711: disk full & <b>more</b>")],
            "{kind:?}"
        );
    }
    let saw = format!("{:?}", world.aws_saw());
    assert!(saw.contains("Admin"));
    assert!(!saw.contains("INC-4711"), "AWS was told: {saw}");
    // the way back does not carry it either: the next time it is another one
    let console = world.console(&browser, &page).await;
    let issuer = console["issuer"].as_str().unwrap();
    assert!(!issuer.contains("INC"), "{issuer}");
    world.stop().await;
}

#[tokio::test]
async fn a_link_suggests_a_reason_and_gives_none() {
    let world = world(&["Admin"]).await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    for link in [
        "/go/payments-prod/Admin?reason=INC-4711",
        "/go/payments-prod/Admin?reason=INC-4711&given_reason=INC-4711",
        "/role/payments-prod%2FAdmin?reason=INC-4711",
    ] {
        let page = opens(&world, &browser, link).await;
        assert_eq!(page.status, 200, "{link}");
        assert!(page.form_with("reason").is_some(), "{link}: {}", page.body);
        assert!(world.aws_saw().is_empty(), "{link}");
    }
    let page = opens(
        &world,
        &browser,
        "/go/payments-prod/Admin?reason=INC-4711%20%3Cb%3E",
    )
    .await;
    let form = page.form_with("reason").unwrap();
    assert_eq!(form.value("reason"), Some("INC-4711 <b>"));
    // the form's address does not say it: what is written in the form is what counts
    assert!(form.action.query().is_none(), "{}", form.action);
    let page = browser.submits(&form).await;
    assert!(
        principal(&world, &browser, &page)
            .await
            .contains(":assumed-role/Admin/")
    );
    world.stop().await;
}

#[tokio::test]
async fn what_is_no_reason_is_told_and_nothing_is_asked_of_aws() {
    let world = world(&["Admin"]).await;
    let browser = world.signed_in("erin").await;
    let form = opens(&world, &browser, LINK)
        .await
        .form_with("reason")
        .unwrap();
    world.aws_forgets();
    for reason in [
        "ab",
        "a\nb c",
        "abc\u{202e}def",
        "\u{0}abc",
        &"x".repeat(301),
    ] {
        let page = browser.submits(&form.clone().with("reason", reason)).await;
        assert_eq!(page.status, 400, "{reason:?}");
        assert!(
            page.body.contains("data-problem=\"reason-unreadable\""),
            "{}",
            page.body
        );
        assert!(!page.body.contains("def"));
    }
    // nothing written: the question again
    for empty in ["", "   "] {
        let page = browser.submits(&form.clone().with("reason", empty)).await;
        assert!(
            page.status == 400 || page.form_with("reason").is_some(),
            "{empty:?}"
        );
    }
    let mut twice = form.clone().with("reason", "INC-1");
    twice.fields.push(("reason".to_owned(), "INC-2".to_owned()));
    assert_eq!(browser.submits(&twice).await.status, 400);
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::SigninBegun).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn the_reason_goes_along_through_the_provider_and_counts_for_who_gave_it_alone() {
    let model =
        asking(MODEL, &["SamlReader"]).replace("environment:production", "environment:staging");
    let world = World::builder().model(&model).start().await;
    let browser = world.browser();
    let link = format!("/go/payments-prod/SamlReader?idp={SAML}");
    let page = world.signs_in(&browser, &link, "erin").await;
    let form = page.form_with("reason").unwrap().with("reason", "INC-4711");
    // to the provider for a fresh proof, and into the console with what it brings
    let page = browser.submits(&form).await;
    let page = world.goes_on(&browser, page, "erin").await;
    assert!(
        principal(&world, &browser, &page)
            .await
            .contains(":assumed-role/SamlReader/")
    );
    let begun = world.audit(EventKind::SigninBegun).await;
    assert_eq!(begun[0].reason.as_deref(), Some("INC-4711"));
    // erin gives a reason, and somebody else comes back from the provider in that browser
    let page = opens(&world, &browser, "/go/payments-prod/SamlReader").await;
    let form = page.form_with("reason").unwrap().with("reason", "INC-4712");
    let page = browser.submits_once(&form).await;
    let provider = page.location().unwrap();
    let as_another = world.browser();
    let here = world.at("/").parse().unwrap();
    let ours = browser.cookies_for(&here).into_iter();
    for (name, value) in ours.filter(|(name, _)| name.starts_with("vestibule")) {
        as_another.set_cookie(&here, &name, &value);
    }
    let page = as_another.opens(provider.as_str()).await;
    let page = world.goes_on(&as_another, page, "carl").await;
    let form = page
        .form_with("reason")
        .unwrap_or_else(|| panic!("carl is asked himself: {}", page.body));
    assert_eq!(form.value("reason"), Some(""), "and is not told hers");
    let begun = world.audit(EventKind::SigninBegun).await;
    assert_eq!(begun.len(), 1, "nobody went in by somebody else's reason");
    world.stop().await;
}

#[tokio::test]
async fn a_code_and_a_reason_are_asked_for_on_one_page() {
    let model = asking(&mfa::model("hub"), &["Coded"]);
    let world = World::builder().model(&model).start().await;
    let device = mfa::put(&world);
    let now = vestibule::clock::Clock::now(world.clock.as_ref());
    world.clock.hold_at(now);
    let browser = world.signed_in("erin").await;
    let form = opens(&world, &browser, mfa::LINK)
        .await
        .form_with("reason")
        .unwrap();
    let page = browser
        .submits(&form.clone().without("code").with("reason", "INC-1"))
        .await;
    let form = page.form_with("code").expect("the code is still wanted");
    assert_eq!(
        form.value("reason"),
        Some("INC-1"),
        "what was written is not lost"
    );
    let form = form.with("code", &device.code_at(now.timestamp()));
    let page = browser.submits(&form).await;
    assert!(
        principal(&world, &browser, &page)
            .await
            .contains(":assumed-role/Coded/")
    );
    let begun = world.audit(EventKind::SigninBegun).await;
    assert_eq!(begun[0].reason.as_deref(), Some("INC-1"));
    world.stop().await;
}

#[tokio::test]
async fn keys_ask_on_their_own_page() {
    let world = world(&["Admin"]).await;
    let browser = world.signed_in("erin").await;
    let page = opens(&world, &browser, "/keys/payments-prod/Admin?reason=INC-1").await;
    let form = page.form_with("reason").unwrap();
    assert_eq!(form.value("reason"), Some("INC-1"));
    let again = browser.submits(&form.clone().without("reason")).await;
    assert!(again.form_with("reason").is_some(), "{}", again.body);
    assert!(world.audit(EventKind::KeysBegun).await.is_empty());
    let refused = browser.submits(&form.clone().with("reason", "ab")).await;
    assert_eq!(refused.status, 400);
    let made = browser.submits(&form.with("reason", "INC-2")).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(!made.body.contains("INC-2"));
    let begun = world.audit(EventKind::KeysBegun).await;
    assert_eq!(begun[0].reason.as_deref(), Some("INC-2"));
    world.stop().await;
}

#[tokio::test]
async fn the_portal_says_that_a_role_asks_for_one() {
    let world = world(&["Admin"]).await;
    let browser = world.signed_in("erin").await;
    let portal = opens(&world, &browser, "/").await;
    assert!(portal.body.contains("asks for a reason"), "{}", portal.body);
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_begins_to_ask_meanwhile_opens_for_nobody_who_was_not_asked() {
    let world = world(&[]).await;
    let browser = world.signed_in("erin").await;
    let link = world.at(LINK);
    let asked = (HostKind::Sts, "AssumeRole");
    let page = world
        .held_at(asked, browser.opens_once(&link), async {
            world.publishes(&asking(MODEL, &["Admin"])).await;
        })
        .await;
    page.is_refused(409, "reason-needed");
    world.stop().await;
}
