//! The broker, towards AWS: attacks by somebody with a valid login.
//!
//! Each test bears the number of its row in the catalogue of attacks: B4 claims in policies, B5 durations,
//! B6 destinations, B9 crossed credentials, B10 endpoints, B13 sessions that should be over.

use std::collections::BTreeSet;

use url::Url;

use crate::world::World;
use crate::world::browser::Browser;

const ADMIN: &str = "/go/payments-prod/Admin";

async fn signed_in(world: &World, username: &str) -> Browser {
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", username).await;
    assert_eq!(page.status, 200, "{}", page.body);
    browser
}

#[tokio::test]
async fn b5_hours_only_ever_shorten() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    for (hours, seconds) in [
        ("1", "3600"),
        ("2", "7200"),
        ("8", "28800"),
        ("12", "28800"),
        ("36", "28800"),
    ] {
        world.aws_forgets();
        let page = browser
            .opens_once(&world.at(&format!("{ADMIN}?hours={hours}")))
            .await;
        assert_eq!(page.status, 303, "{hours}: {}", page.body);
        let saw = world.aws_saw();
        assert_eq!(
            saw[1].parameters.get("SessionDuration").map(String::as_str),
            Some(seconds),
            "{hours}"
        );
    }
    world.stop().await;
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
async fn b9_credentials_never_cross_between_people() {
    let world = World::start().await;
    let mut people = Vec::new();
    for number in 0..8 {
        let name = format!("person{number}");
        let mut person = world.sandbox.people().find("erin").unwrap();
        person.username.clone_from(&name);
        person.subject = format!("subject-{name}");
        person.email = format!("{name}@example.com");
        world.sandbox.people().put(person);
        people.push((name.clone(), signed_in(&world, &name).await));
    }
    let links: Vec<String> = [
        "payments-prod/Admin",
        "payments-prod/Narrow",
        "payments-dev/Developer",
        "payments-prod/Federated",
    ]
    .iter()
    .map(|role| world.at(&format!("/go/{role}")))
    .collect();
    let mut clicks = Vec::new();
    for round in 0..5 {
        for (index, (name, browser)) in people.iter().enumerate() {
            let link = &links[(round + index) % links.len()];
            clicks.push(async move { (name, browser.opens_once(link).await) });
        }
    }
    for (name, page) in futures_util::future::join_all(clicks).await {
        // another browser: AWS would ask to sign out of the console before
        let browser = world.browser();
        let page = browser.follows(page).await;
        let console = world.console(&browser, &page).await;
        let principal = console["principal"].as_str().unwrap().to_owned();
        assert!(
            principal.contains(&format!("/{name}")),
            "{name} became {principal}"
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn b10_proxies_in_the_environment_are_not_asked() {
    // a child process of its own would be needed to set the environment; the clients are built without looking at it,
    // so it is enough that no request of a whole sign-in reaches anything but the sandbox's own log
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
async fn b4_a_claim_fills_its_slot_in_a_policy_and_nothing_else() {
    let world = World::start().await;
    let hostile = "a\",\"Effect\":\"Allow\"},{\"Effect\":\"Allow";
    let mut person = world.sandbox.people().find("erin").unwrap();
    person
        .attributes
        .insert("team".to_owned(), vec![hostile.to_owned()]);
    world.sandbox.people().put(person);
    let browser = signed_in(&world, "erin").await;
    world.aws_forgets();
    let page = browser
        .opens_once(&world.at("/go/payments-prod/Narrow"))
        .await;
    assert_eq!(page.status, 303, "{}", page.body);
    let saw = world.aws_saw();
    let policy: serde_json::Value =
        serde_json::from_str(saw[0].parameters.get("Policy").unwrap()).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1, "{policy}");
    assert_eq!(statements[0]["Action"], "s3:GetObject");
    assert_eq!(
        statements[0]["Resource"],
        format!("arn:aws:s3:::team-{hostile}/*")
    );
    world.stop().await;
}
