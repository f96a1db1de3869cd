//! Pasting, sharing, and the way back from a console that has ended, in a browser with and without scripts.

use chrono::TimeDelta;
use url::Url;

use crate::chromium::{Chromium, Setup};
use crate::world::World;
use crate::world::accounts::{DEV, PROD};

const PAGE: &str = "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Volumes:a&b";

/// One browser of each kind: with scripts, and without.
async fn browsers() -> [(Chromium, bool); 2] {
    let without = Setup::default().without_scripts();
    [
        (Chromium::start().await, true),
        (without.start().await, false),
    ]
}

/// Signs in where the answer is a form: it posts itself only where scripts run.
async fn signs_in(browser: &Chromium, scripts: bool) {
    browser.signs_in("erin").await;
    if !scripts {
        browser.clicks("form[action*='/acs'] button").await;
    }
}

fn open(world: &World, text: &str) -> String {
    let mut url = Url::parse(&world.at("/open")).unwrap();
    url.query_pairs_mut().append_pair("url", text);
    url.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pasted_leads_straight_in_or_to_a_choice_that_keeps_the_page() {
    let world = World::start().await;
    for (browser, scripts) in browsers().await {
        let arn = format!("arn:aws:sqs:eu-west-1:{DEV}:orders");
        let first = format!("{}&idp=corp", open(&world, &arn));
        browser.opens(&first).await;
        signs_in(&browser, scripts).await;
        let principal = browser.arrives(&world).await;
        assert!(
            principal.contains(":assumed-role/Developer/"),
            "{principal}"
        );
        let queues = "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1";
        assert_eq!(browser.reads("#destination").await, queues);
        // the fragment of the address bar comes along
        let host = format!("https://{PROD}-0a1b2c3d.");
        let pasted = PAGE.replacen("https://", &host, 1);
        browser.opens(&open(&world, &pasted)).await;
        assert_eq!(browser.reads("h1").await, "Choose a role");
        let link = "a[href^='/go/payments-prod/Chained?']";
        let href = browser
            .sees(link)
            .await
            .attr("href")
            .await
            .unwrap()
            .unwrap();
        assert!(href.contains("%23Volumes%3Aa%26b"), "{href}");
        // what is no place in AWS says so
        browser.opens(&open(&world, "https://evil.example/")).await;
        assert_eq!(browser.reads("h1").await, "That names nothing to open");
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_box_opens_what_is_pasted_into_it_by_its_button() {
    let world = World::start().await;
    let browser = Setup::default().without_scripts().start().await;
    browser.opens(&world.at("/?idp=corp")).await;
    signs_in(&browser, false).await;
    browser.types("#q", DEV).await;
    browser.clicks(".search button").await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(":assumed-role/Developer/"),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_has_ended_leads_back_to_its_very_page_without_a_further_click() {
    let world = World::start().await;
    let mut link = Url::parse(&world.at("/go/payments-prod/Admin")).unwrap();
    link.query_pairs_mut()
        .append_pair("destination", PAGE)
        .append_pair("hours", "1");
    // without scripts a provider's form needs a click of its own, and its redirects none
    for ((browser, scripts), idp) in browsers().await.into_iter().zip(["corp", "okta"]) {
        browser.opens(&format!("{link}&idp={idp}")).await;
        browser.signs_in("erin").await;
        let before = browser.arrives(&world).await;
        assert_eq!(browser.reads("#destination").await, PAGE);
        let console = browser.stands_at().await;
        // the console is over, and our session too; the provider's lives
        world.clock.advance(TimeDelta::minutes(61));
        browser.opens(&world.at("/sign-in")).await;
        browser.sees(".choices").await;
        browser.opens(&console).await;
        assert_eq!(browser.reads("h1").await, "Your session has expired");
        browser.clicks("#issuer").await;
        assert_eq!(browser.arrives(&world).await, before, "scripts: {scripts}");
        assert_eq!(browser.reads("#destination").await, PAGE);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_opened_linked_to_and_remembered_by_the_form_of_its_page() {
    let world = World::start().await;
    for (browser, scripts) in browsers().await {
        let role = "/roles/payments-dev/Developer";
        browser.opens(&world.at(&format!("{role}?idp=corp"))).await;
        signs_in(&browser, scripts).await;
        browser.types("#destination", PAGE).await;
        browser.clicks("input[name=hours][value='2']").await;
        browser.clicks("input[name=scope][value='read-only']").await;
        browser.clicks("button[formaction]:not([formmethod])").await;
        let share = "a[href*='/go/payments-dev?destination=']";
        browser.sees(share).await;
        let here = browser.stands_at().await;
        assert!(
            here.contains("hours=2") && !here.contains("form_token"),
            "{here}"
        );
        browser.clicks("button[formmethod=post]").await;
        browser.sees("input[name=forget]").await;
        assert_eq!(browser.stands_at().await, world.at(role));
        // it stands as it was left, and opens so
        browser.sees("input[name=hours][value='2']:checked").await;
        browser
            .clicks("form[action^='/go/'] button:not([formaction])")
            .await;
        browser.arrives(&world).await;
        assert_eq!(browser.reads("#destination").await, PAGE);
        browser.opens(&world.at(role)).await;
        browser.clicks("form:has(input[name=forget]) button").await;
        browser.sees("input[name=hours][value='']:checked").await;
    }
    world.stop().await;
}
