//! Links without a role: they open with the reader's own.

use crate::preferences::signed_in;
use crate::world::accounts::{DEV, MODEL, PROD};
use crate::world::browser::{Browser, Page};
use crate::world::{SAML, World};

const OWNER: &str = "payments-leads@example.com";

/// Opens a role's console, and waits until it counts as the one last used.
async fn uses(world: &World, browser: &Browser, account: &str, role: &str) {
    let page = browser
        .opens(&world.at(&format!("/go/{account}/{role}")))
        .await;
    assert_eq!(page.status, 200, "{role}: {}", page.body);
    let first = format!("\"uses\":[{{\"role\":\"{account}/{role}\"");
    while !world.kept(SAML, "erin@example.com").await.contains(&first) {
        tokio::task::yield_now().await;
    }
    // the browser forgets the console: the next one would be asked about
    let page = browser.opens_once(&world.at("/")).await;
    assert_eq!(page.status, 200);
}

/// The role that an answer leads into, if it leads into a console.
fn leads_into(world: &World, page: &Page) -> Option<String> {
    assert!(page.location().is_none() || page.header("location").contains("SigninToken="));
    page.location()?;
    let calls = world.sts_calls();
    let arn = calls.last()?.parameters.get("RoleArn")?.clone();
    arn.rsplit('/').next().map(str::to_owned)
}

#[tokio::test]
async fn a_link_without_a_role_opens_with_the_one_last_used_there() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let page = "destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fs3%2Fhome";
    let links = [
        format!("/go/payments-prod?{page}"),
        format!("/go/{PROD}?{page}"),
        format!("/go?account_id={PROD}&{page}"),
        format!("/go?account_id=payments-prod&role_name=&{page}"),
    ];
    // none was used there yet, whatever was used elsewhere
    uses(&world, &browser, DEV, "Developer").await;
    for link in &links {
        let choice = browser.opens_once(&world.at(link)).await;
        assert_eq!(choice.status, 200, "{link}");
        assert!(choice.body.contains("Choose a role"), "{link}");
    }
    for role in ["Narrow", "Chained"] {
        let other = world.browser();
        world
            .signs_in(&other, &format!("/?idp={SAML}"), "erin")
            .await;
        uses(&world, &other, PROD, role).await;
        for link in &links {
            world.aws_forgets();
            let answer = browser.opens_once(&world.at(link)).await;
            assert_eq!(leads_into(&world, &answer).as_deref(), Some(role), "{link}");
            let location = answer.location().unwrap();
            let there = location
                .query_pairs()
                .find(|(name, _)| name == "Destination");
            let (_, there) = there.unwrap();
            assert_eq!(there, "https://eu-west-1.console.aws.amazon.com/s3/home");
        }
        // and one can always choose
        let choice = format!("{}&choose=yes", links[0]);
        let choice = browser.opens_once(&world.at(&choice)).await;
        assert_eq!(choice.status, 200);
        let admin = choice
            .links()
            .into_iter()
            .find(|link| link.contains("/Admin?"));
        assert!(admin.unwrap().ends_with(page));
    }
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_does_not_take_the_link_s_scope_is_not_the_one_that_opens_it() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    uses(&world, &browser, PROD, "Chained").await;
    let other = signed_in(&world, "erin").await;
    // a role with policies of its own takes no scope
    uses(&world, &other, PROD, "Narrow").await;
    world.aws_forgets();
    let answer = browser
        .opens_once(&world.at("/go/payments-prod?scope=read-only"))
        .await;
    assert_eq!(leads_into(&world, &answer).as_deref(), Some("Chained"));
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_not_opened_though_it_was_used_last() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    uses(&world, &browser, PROD, "Narrow").await;
    let all = "\"payments-prod/*\", \"payments-dev/*\"";
    let less = "\"payments-prod/Admin\", \"payments-prod/Chained\", \"payments-dev/*\"";
    world.publishes(&MODEL.replace(all, less)).await;
    world.aws_forgets();
    let answer = browser.opens_once(&world.at("/go/payments-prod")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(!answer.body.contains("Narrow"), "{}", answer.body);
    assert!(world.sts_calls().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn the_choice_stands_at_an_address_that_says_so_after_the_sign_in_too() {
    let world = World::start().await;
    for link in ["/go/payments-prod?choose=yes", "/go/payments-prod"] {
        let browser = world.browser();
        let sign = if link.contains('?') { '&' } else { '?' };
        let first = format!("{link}{sign}idp={SAML}");
        let page = world.signs_in(&browser, &first, "erin").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.url.as_str(), world.at(link));
    }
    // where there is one role, there is nothing to choose unless one wants to see it
    let carl = signed_in(&world, "carl").await;
    let there = carl.opens_once(&world.at("/go/payments-dev")).await;
    assert!(there.header("location").contains("SigninToken="));
    let choice = carl
        .opens_once(&world.at("/go/payments-dev?choose=yes"))
        .await;
    assert_eq!(choice.status, 200);
    for link in [
        "/go/payments-dev?choose=no",
        "/go/payments-dev?choose=yes&choose=yes",
    ] {
        let page = carl.opens_once(&world.at(link)).await;
        page.is_refused(400, "link-unreadable");
    }
    world.stop().await;
}

#[tokio::test]
async fn with_no_role_there_it_says_whom_to_ask_where_that_may_be_known() {
    let open = MODEL.replace(
        "name = \"Chained\"",
        "name = \"Chained\"\ndiscoverable = true",
    );
    for (model, told) in [(MODEL, false), (open.as_str(), true)] {
        let world = World::builder().model(model).start().await;
        for username in ["carl", "nora"] {
            let browser = signed_in(&world, username).await;
            for link in [
                "/go/payments-prod".to_owned(),
                format!("/go?account_id={PROD}"),
            ] {
                let page = browser.opens_once(&world.at(&link)).await;
                page.is_refused(403, "not-entitled");
                assert_eq!(page.body.contains(OWNER), told, "{username} {link}");
            }
            let page = browser
                .opens_once(&world.at(&crate::open::open(PROD)))
                .await;
            assert_eq!(page.body.contains(OWNER), told, "{username}");
            // of another account nothing is said
            let page = browser.opens_once(&world.at("/go/gov-prod")).await;
            page.is_refused(403, "not-entitled");
            assert!(!page.body.contains(OWNER));
        }
        world.stop().await;
    }
}
