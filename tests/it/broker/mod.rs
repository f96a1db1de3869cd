//! The broker, towards AWS: attacks by somebody with a valid login.
//!
//! Each test bears the number of its row in the catalogue of attacks: B1 and B2 roles of others, B4 claims in policies,
//! B5 durations, B6 destinations, B9 crossed credentials, B10 endpoints, B13 sessions that should be over.

mod asked;
mod crossed;
mod deputy;
mod hosts;

use std::collections::BTreeSet;

use url::Url;

use crate::world::World;
use crate::world::browser::Browser;
use crate::world::canary::Canary;
use crate::world::serving::Serving;

const ADMIN: &str = "/go/payments-prod/Admin";

async fn signed_in(world: &World, username: &str) -> Browser {
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", username).await;
    assert_eq!(page.status, 200, "{}", page.body);
    browser
}

#[tokio::test]
async fn b6_destinations_stay_on_the_console() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    world.aws_forgets();
    for destination in [
        "https://console.aws.amazon.com.evil.example/",
        "https://evil.example/console.aws.amazon.com",
        "//evil.example",
        "/\\evil.example",
        "https://console.aws.amazon.com@evil.example/",
        "https://evil.example\\@console.aws.amazon.com/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://console.aws.amazon.com/",
        "https://console.aws.amazon.com:8443/",
        "https://console.amazonaws-us-gov.com/",
        "https://evilconsole.aws.amazon.com/",
        "https://console.aws.amazon.com./",
        "https://console.aws.amazon.com%2eevil.example/",
        " https://console.aws.amazon.com/",
        "https:console.aws.amazon.com",
        "https://signin.aws.amazon.com/oauth?Action=logout",
        "https:///evil.example",
        "https://console。aws.amazon.com/",
    ] {
        let mut url = Url::parse(&world.at(ADMIN)).unwrap();
        url.query_pairs_mut()
            .append_pair("destination", destination);
        let page = browser.opens_once(url.as_str()).await;
        assert_eq!(page.status, 400, "{destination}: {:?}", page.location());
    }
    assert!(world.aws_saw().is_empty());
    let deep = "https://us-east-2.console.aws.amazon.com/ec2/home?region=us-east-2#Instances:search=a&b;c=d%26";
    let mut url = Url::parse(&world.at(ADMIN)).unwrap();
    url.query_pairs_mut().append_pair("destination", deep);
    let location = browser.opens_once(url.as_str()).await.location().unwrap();
    let sent = |name: &str| {
        location
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    assert_eq!(sent("Destination").as_deref(), Some(deep));
    // the expiry page leads back to the same place: role, account and page
    assert_eq!(sent("Issuer").as_deref(), Some(url.as_str()));
    world.stop().await;
}

#[tokio::test]
async fn b10_the_region_of_a_link_never_moves_an_endpoint() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    world.aws_forgets();
    let page = browser
        .opens(&world.at(&format!("{ADMIN}?region=us-east-1")))
        .await;
    world.console(&browser, &page).await;
    let hosts: BTreeSet<String> = world
        .aws_saw()
        .into_iter()
        .map(|entry| entry.host)
        .collect();
    // the region of a link moves the page, never the endpoints that get the credentials
    assert!(
        hosts
            .iter()
            .all(|host| host.ends_with("eu-west-1.amazonaws.com")
                || host.starts_with("eu-west-1.signin")),
        "{hosts:?}"
    );
    for region in [
        "us-east-1.evil.example",
        "us-east-1/",
        "..",
        "@evil.example",
        "us-east-1%2F..",
        "169.254.169.254",
    ] {
        let page = browser
            .opens_once(&world.at(&format!("{ADMIN}?region={region}")))
            .await;
        assert_eq!(page.status, 400, "{region}");
    }
    world.stop().await;
}

#[tokio::test]
async fn b13_a_session_ends_by_idleness_and_in_the_end_anyway() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let me = world.at("/api/v1/me");
    for _ in 0..14 {
        world.clock.advance(chrono::TimeDelta::minutes(50));
        assert_eq!(browser.opens_once(&me).await.status, 200);
    }
    world.clock.advance(chrono::TimeDelta::minutes(50));
    assert_eq!(
        browser.opens_once(&me).await.status,
        401,
        "twelve hours are over"
    );
    let browser = signed_in(&world, "erin").await;
    world.clock.advance(chrono::TimeDelta::minutes(61));
    assert_eq!(
        browser.opens_once(&me).await.status,
        401,
        "an hour without a click"
    );
    world.stop().await;
}

#[tokio::test]
async fn b10_proxies_in_the_environment_are_never_asked() {
    let world = World::start().await;
    let canary = Canary::new();
    let proxy = canary.url();
    let names = [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];
    let environment = names.map(|name| (name, proxy.as_str()));
    let serving = Serving::start(&world, &[], &environment);
    for (idp, role) in [
        ("corp", "Admin"),
        ("corp", "SamlReader"),
        ("okta", "WebReader"),
    ] {
        // the way to the provider and back is the world's; what the answer leads to is asked of the process
        let browser = world.browser();
        let link = format!("{}/go/payments-prod/{role}?idp={idp}", serving.url);
        let page = browser.opens(&link).await;
        let form = page.form_with("username").unwrap();
        let form = form.with("username", "erin").with("password", "erin-pass");
        let page = browser.submits_once(&form).await;
        let answer = if let Some(mut form) = page.form_with("SAMLResponse") {
            let path = form.action.path().to_owned();
            form.action = Url::parse(&serving.url).unwrap();
            form.action.set_path(&path);
            browser.submits_once(&form).await
        } else {
            let back = page.location().unwrap();
            let here = format!("{}{}?{}", serving.url, back.path(), back.query().unwrap());
            browser.opens_once(&here).await
        };
        assert_eq!(answer.status, 303, "{role}: {}", answer.body);
        assert!(answer.header("location").contains("SigninToken="), "{role}");
    }
    assert!(!canary.was_contacted());
    drop(serving);
    world.stop().await;
}
