//! B4, B5, B6: what claims and links put into the requests to AWS, and what they cannot.

use chrono::{SubsecRound as _, TimeDelta};
use url::Url;
use vestibule_sandbox::aws::faults::{Fault, HostKind};

use super::{ADMIN, signed_in};
use crate::corpus;
use crate::web::wire::{Line, cookie_line};
use crate::world::World;
use crate::world::browser::{Browser, Page};

const NARROW: &str = "/go/payments-prod/Narrow";

/// Erin of this team, signed in anew.
async fn of_team(world: &World, team: &str) -> Browser {
    let mut person = world.sandbox.people().find("erin").unwrap();
    person
        .attributes
        .insert("team".to_owned(), vec![team.to_owned()]);
    world.sandbox.people().put(person);
    signed_in(world, "erin").await
}

fn problem(page: &Page) -> &str {
    let (_, rest) = page.body.split_once("data-problem=\"").unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}

#[tokio::test]
async fn b4_a_claim_fills_its_slot_in_a_policy_and_nothing_else() {
    let world = World::start().await;
    for hostile in [
        "a\",\"Effect\":\"Allow\"},{\"Effect\":\"Allow",
        "\"",
        "\\",
        "\\\"",
        "\\u0022",
        "}",
        "{session.name}",
        "{attribute.team}",
        "/../other",
        "\u{e9}\u{1f600}",
        "x\",\"Action\":\"s3:DeleteObject",
    ] {
        let browser = of_team(&world, hostile).await;
        world.aws_forgets();
        let page = browser.opens_once(&world.at(NARROW)).await;
        assert_eq!(page.status, 303, "{hostile:?}: {}", page.body);
        let saw = world.aws_saw();
        let policy = saw[0].parameters.get("Policy").unwrap();
        let policy: serde_json::Value = serde_json::from_str(policy).unwrap();
        let expected = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": format!("arn:aws:s3:::team-{hostile}/*"),
            }],
        });
        assert_eq!(policy, expected, "{hostile:?}");
    }
    world.stop().await;
}

#[tokio::test]
async fn b4_a_claim_that_a_policy_cannot_hold_is_refused_and_the_policy_never_left_out() {
    let world = World::start().await;
    let long = "a".repeat(2_049);
    // within AWS's 2,048 characters by itself, and over them with the template around it
    let nearly = "a".repeat(2_000);
    for team in [
        "*",
        "te?m",
        "${aws:username}",
        "${",
        "a\nb",
        "a\tb",
        &long,
        &nearly,
    ] {
        let browser = of_team(&world, team).await;
        world.aws_forgets();
        let page = browser.opens_once(&world.at(NARROW)).await;
        let what = team.chars().take(20).collect::<String>();
        assert_eq!(page.status, 403, "{what:?}: {}", page.body);
        assert_eq!(problem(&page), "claim-unusable", "{what:?}");
        assert!(!page.body.contains(&long[..60]), "{what:?} is on the page");
        assert!(world.aws_saw().is_empty(), "{what:?}");
        // a role without the claim goes on as before
        assert_eq!(
            browser
                .opens_once(&world.at("/go/payments-dev/Developer"))
                .await
                .status,
            303
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn b4_a_policy_that_only_aws_finds_too_large_is_refused_and_never_left_out() {
    let world = World::start().await;
    let browser = of_team(&world, "payments").await;
    let faults = &world.sandbox.simulation().faults;
    let packed = Fault::sts_error(
        400,
        "PackedPolicyTooLarge",
        "Packed size of session policies and tags consumes 104% of allotted space",
    );
    faults.plan_times(9, HostKind::Sts, Some("AssumeRole"), &packed);
    world.aws_forgets();
    let page = browser.opens_once(&world.at(NARROW)).await;
    assert!(
        (400..500).contains(&page.status),
        "{}: {}",
        page.status,
        page.body
    );
    assert!(!problem(&page).is_empty());
    let saw = world.aws_saw();
    assert_eq!(saw.len(), 1, "asked once: {saw:?}");
    assert!(saw[0].parameters.contains_key("Policy"));
    faults.clear();
    world.stop().await;
}

/// What the federation endpoint was asked for.
fn session_duration(world: &World) -> Option<String> {
    let saw = world.aws_saw();
    let exchange = saw
        .iter()
        .find(|entry| entry.action.as_deref() == Some("getSigninToken"));
    exchange
        .expect("an exchange")
        .parameters
        .get("SessionDuration")
        .cloned()
}

/// What is no number of hours.
const NO_HOURS: &[&str] = &[
    "0",
    "00",
    "-1",
    "-0",
    "37",
    "99",
    "100",
    "1e9",
    "1e1",
    "1h",
    "1.5",
    "1%2C5",
    "0x8",
    "%2B8",
    "%208",
    "8%20",
    "8%00",
    "%D9%A8",
    "NaN",
    "inf",
    "null",
    "true",
    "[8]",
    "8;9",
    "4294967297",
    "18446744073709551617",
    "8&hours=9",
];

#[tokio::test]
async fn b5_hours_only_ever_shorten() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    for (hours, seconds) in [
        ("1", "3600"),
        ("01", "3600"),
        ("2", "7200"),
        ("8", "28800"),
        ("9", "28800"),
        ("12", "28800"),
        ("13", "28800"),
        ("36", "28800"),
        // nothing is asked for
        ("", "28800"),
    ] {
        world.aws_forgets();
        let page = browser
            .opens_once(&world.at(&format!("{ADMIN}?hours={hours}")))
            .await;
        assert_eq!(page.status, 303, "{hours}: {}", page.body);
        assert_eq!(
            session_duration(&world).as_deref(),
            Some(seconds),
            "{hours}"
        );
    }
    world.aws_forgets();
    for hours in NO_HOURS {
        let page = browser
            .opens_once(&world.at(&format!("{ADMIN}?hours={hours}")))
            .await;
        assert_eq!((page.status, page.location()), (400, None), "{hours:?}");
    }
    assert!(world.aws_saw().is_empty());
    // names that a link has no meaning for
    for name in [
        "DurationSeconds",
        "SessionDuration",
        "duration",
        "Hours",
        "hours[]",
    ] {
        world.aws_forgets();
        let page = browser
            .opens_once(&world.at(&format!("{ADMIN}?{name}=43200")))
            .await;
        if page.status == 303 {
            assert_eq!(session_duration(&world).as_deref(), Some("28800"), "{name}");
        } else {
            assert_eq!(page.status, 400, "{name}");
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn b5_no_console_outlasts_what_is_left_of_the_providers_session() {
    let world = World::start().await;
    let lifetime = TimeDelta::hours(3);
    world
        .sandbox
        .saml_idp
        .configure(|options| options.session_lifetime = Some(lifetime));
    let now = vestibule::clock::Clock::now(&*world.clock);
    world.clock.hold_at(now.trunc_subsecs(0));
    let browser = signed_in(&world, "erin").await;
    let me = world.at("/api/v1/me");
    for (minutes, hours, seconds) in [
        (0, "", "10800"),
        (0, "?hours=12", "10800"),
        (0, "?hours=1", "3600"),
        (50, "", "7200"),
        (50, "", "4500"),
        (50, "?hours=8", "1800"),
        (14, "", "900"),
    ] {
        world.clock.advance(TimeDelta::minutes(minutes));
        world.aws_forgets();
        let page = browser
            .opens_once(&world.at(&format!("{ADMIN}{hours}")))
            .await;
        assert_eq!(page.status, 303, "{seconds}: {}", page.body);
        assert_eq!(session_duration(&world).as_deref(), Some(seconds));
    }
    // 164 minutes are over; at the end of the third hour nobody is signed in any more (S17)
    world.clock.advance(TimeDelta::minutes(15));
    assert_eq!(browser.opens_once(&me).await.status, 200);
    world.clock.advance(TimeDelta::minutes(1));
    assert_eq!(browser.opens_once(&me).await.status, 401);
    world.stop().await;
}

/// The hosts that a console's page may lie on, for the commercial partition: exact, or below the second.
fn is_console(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && (host == "console.aws.amazon.com" || host.ends_with(".console.aws.amazon.com"))
}

#[tokio::test]
async fn b6_no_payload_of_the_corpus_is_a_destination() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let cookies = cookie_line(&world, &browser);
    let origin = Url::parse(&world.url).unwrap().origin();
    let mut line = Line::new(&world.url);
    world.aws_forgets();
    let mut payloads = corpus::payloads(&world.url);
    for payload in payloads.clone() {
        payloads.push(payload.replace("evil.example", "console.aws.amazon.com.evil.example"));
        payloads.push(payload.replace("evil.example", "console.aws.amazon.com@evil.example"));
    }
    assert!(payloads.len() > 600, "{}", payloads.len());
    let mut refused = 0;
    for payload in &payloads {
        for (path, name) in [
            ("/go/payments-prod/Admin", "destination"),
            ("/role/payments-prod%20Admin", "redirect"),
            ("/role/Developer", "redirect"),
        ] {
            let value =
                percent_encoding::utf8_percent_encode(payload, percent_encoding::NON_ALPHANUMERIC);
            let get = format!("GET {path}?{name}={value}");
            let answer = line.asks(&get, &[cookies.as_bytes()], b"").await;
            assert!(answer.status < 500, "{payload:?}: {}", answer.head);
            refused += usize::from((400..500).contains(&answer.status));
            let location = answer.header("location");
            if location.is_empty() {
                assert!(answer.status != 303, "{payload:?}");
                continue;
            }
            let there = Url::parse(&world.url).unwrap().join(location).unwrap();
            assert_ne!(there.origin(), origin, "{payload:?}: a console, or nothing");
            let destination = there.query_pairs().find(|(key, _)| key == "Destination");
            let destination = Url::parse(&destination.unwrap().1).unwrap();
            assert!(
                is_console(&destination),
                "{payload:?} leads to {destination}"
            );
            assert!(
                !destination.as_str().contains("evil"),
                "{payload:?} leads to {destination}"
            );
        }
    }
    assert!(
        refused > payloads.len() * 2,
        "{refused} of {}",
        payloads.len() * 3
    );
    world.stop().await;
}
