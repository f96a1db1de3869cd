//! Old bookmarks to a renamed account: they lead on for whoever holds a role there, and say nothing to anybody else.

use super::world;
use crate::web::wire::{cookie_line, sends};
use crate::world::{SAML, World};

const PAGE: &str =
    "destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fs3%2Fhome%3Fa%3Db%26c";

/// Old links, and what each leads to.
fn links() -> Vec<(String, String)> {
    let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
    vec![
        pair("/go/payments/Admin", "/go/payments-prod/Admin"),
        (
            format!(
                "/go/pay-live/Admin?hours=2&scope=read-only&region=us-east-2&{PAGE}&idp=corp&x=y"
            ),
            format!(
                "/go/payments-prod/Admin?{PAGE}&region=us-east-2&scope=read-only&hours=2&idp=corp"
            ),
        ),
        (
            format!("/go?account_id=payments&{PAGE}"),
            format!("/go/payments-prod?{PAGE}"),
        ),
        pair(
            "/go?account_id=payments&role_name=Admin",
            "/go/payments-prod/Admin",
        ),
        pair(
            "/keys/payments/Admin?hours=1&region=eu-west-1&idp=corp",
            "/keys/payments-prod/Admin?hours=1&region=eu-west-1&idp=corp",
        ),
        pair(
            "/roles/payments/Admin/why",
            "/roles/payments-prod/Admin/why",
        ),
        // held or not, the account is one they know
        pair("/go/payments/Nothing", "/go/payments-prod/Nothing"),
    ]
}

#[tokio::test]
async fn an_old_link_leads_to_the_new_one_with_all_that_it_asked_for() {
    let world = world().start().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    for (old, new) in links() {
        let page = browser.opens_once(&world.at(&old)).await;
        assert_eq!(
            (page.status, page.header("location")),
            (303, &*new),
            "{old}"
        );
        assert!(page.body.is_empty());
    }
    assert!(world.aws_saw().is_empty());
    let page = browser
        .opens(&world.at(&format!("/go/payments/Admin?{PAGE}")))
        .await;
    let console = world.console(&browser, &page).await;
    assert_eq!(
        console["destination"],
        "https://eu-west-1.console.aws.amazon.com/s3/home?a=b&c"
    );
    // a link of ConsoleMe's that spells the account by its old name
    let other = world.signed_in("erin").await;
    let page = other.opens(&world.at("/role/payments/Narrow")).await;
    world.console(&other, &page).await;
    world.stop().await;
}

#[tokio::test]
async fn an_old_link_goes_on_at_once_after_a_sign_in() {
    let world = world().start().await;
    for (old, ends) in [
        // the proof that came is spent, not asked for again
        (format!("/go/payments/SamlReader?idp={SAML}"), None),
        (format!("/go/pay-live/Admin?idp={SAML}"), None),
        (
            format!("/keys/payments/Admin?hours=1&idp={SAML}"),
            Some("/keys/payments-prod/Admin?hours=1"),
        ),
        (
            format!("/roles/payments/Admin/why?idp={SAML}"),
            Some("/roles/payments-prod/Admin/why"),
        ),
        (
            format!("/go?account_id=payments&choose=yes&idp={SAML}"),
            Some("/go/payments-prod?choose=yes"),
        ),
    ] {
        let browser = world.browser();
        let page = world.signs_in(&browser, &old, "erin").await;
        match ends {
            None => {
                world.console(&browser, &page).await;
            }
            Some(ends) => assert_eq!(page.url.as_str(), world.at(ends), "{old}"),
        }
        let logins = page
            .hops
            .iter()
            .filter(|hop| hop.url.path().ends_with("/acs"));
        assert!(logins.count() <= 1, "{old}: {:?}", page.hops);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_form_sent_to_an_old_address_is_not_lost() {
    let world = world().start().await;
    let browser = world.signed_in("erin").await;
    let page = browser.opens(&world.at("/keys/payments/Admin")).await;
    let mut form = page.form_with("form_token").unwrap();
    for other in page.forms() {
        if other.action.path().starts_with("/keys/") {
            form = other;
        }
    }
    assert_eq!(form.action.path(), "/keys/payments-prod/Admin");
    form.action.set_path("/keys/payments/Admin");
    let made = browser.submits(&form).await;
    assert_eq!(made.status, 200);
    assert!(made.body.contains("AWS_SESSION_TOKEN"), "no keys");
    world.stop().await;
}

async fn answers(world: &World, who: &str) -> Vec<(String, u16, String)> {
    let browser = world.signed_in(who).await;
    let cookies = cookie_line(world, &browser);
    let mut answers = Vec::new();
    for (old, _) in links() {
        for (path, name) in [
            (old.clone(), "payments"),
            (
                old.replace("payments", "nowhere")
                    .replace("pay-live", "nowhere"),
                "nowhere",
            ),
        ] {
            let answer = sends(world, &format!("GET {path}"), &[&cookies], b"").await;
            assert_eq!(answer.header("location"), "", "{who} {path}");
            answers.push((name.to_owned(), answer.status, answer.without_reference()));
        }
    }
    answers
}

#[tokio::test]
async fn whoever_holds_nothing_there_gets_the_answer_of_an_account_that_does_not_exist() {
    let world = world().start().await;
    // Carl is kept out of the account by a deny, Nora holds nothing anywhere
    for who in ["carl", "nora"] {
        let answers = answers(&world, who).await;
        for (name, status, body) in &answers {
            assert_eq!((*status, body), (403, &answers[0].2), "{who} {name}");
            assert!(!body.contains("payments"), "{body}");
        }
    }
    // nor is anything to be seen before a sign-in
    let browser = world.browser();
    let mut pages = Vec::new();
    for alias in ["payments", "nowhere", "payments-prod"] {
        let page = browser
            .opens_once(&world.at(&format!("/go/{alias}/Admin")))
            .await;
        assert_eq!(page.status, 200);
        pages.push(page.body.replace(&format!("/go/{alias}/"), "/go/…/"));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    world.stop().await;
}
