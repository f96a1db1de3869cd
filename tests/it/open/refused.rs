//! What is pasted is refused, and is never where a browser is sent.

use url::Url;

use super::{open, pastes};
use crate::preferences::signed_in;
use crate::world::World;
use crate::world::accounts::{DEV, GOV, PROD};

#[tokio::test]
async fn an_account_that_one_does_not_know_and_one_that_does_not_exist_get_one_page() {
    let world = World::start().await;
    let browser = signed_in(&world, "carl").await;
    world.aws_forgets();
    let mut pages = Vec::new();
    for account in [PROD, GOV, "999999999999"] {
        for text in [
            account.to_owned(),
            format!("https://{account}-0a1b2c3d.eu-west-1.console.aws.amazon.com/s3/home"),
            format!("arn:aws:sqs:eu-west-1:{account}:orders"),
            format!("arn:aws:iam::{account}:role/team/Admin"),
            format!("arn:aws-cn:sqs:cn-north-1:{account}:orders"),
            world.at(&format!("/go/{account}/Admin")),
            world.at(&format!("/go/{account}")),
        ] {
            let page = pastes(&world, &browser, &text).await;
            page.is_refused(403, "not-entitled");
            pages.push((text, page.without_reference()));
        }
    }
    // an account of one's own, in another partition than it is in
    let foreign = format!("arn:aws-cn:sqs:cn-north-1:{DEV}:orders");
    let page = pastes(&world, &browser, &foreign).await;
    pages.push((foreign, page.without_reference()));
    // a partition in which nothing is held
    let gov = "https://console.amazonaws-us-gov.com/s3/home".to_owned();
    let page = pastes(&world, &browser, &gov).await;
    pages.push((gov, page.without_reference()));
    for (text, page) in &pages {
        assert_eq!(*page, pages[0].1, "{text}");
    }
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn what_names_nothing_is_refused_with_its_reason() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    world.aws_forgets();
    let once = world.at(&open("https://console.aws.amazon.com/"));
    let twice = world.at(&open(&once));
    let nowhere = world.at("/open?x=1");
    for (text, problem, reason) in [
        ("payments", "pasted-unknown", "none of these"),
        ("https://evil.example/", "pasted-unknown", "no AWS console"),
        (
            "https://console.aws.amazon.com.evil.example/",
            "pasted-unknown",
            "no AWS console",
        ),
        (
            "http://console.aws.amazon.com/",
            "pasted-unknown",
            "https://",
        ),
        ("javascript:alert(1)", "pasted-unknown", "none of these"),
        (
            "https://a@console.aws.amazon.com/",
            "pasted-unknown",
            "a plain host",
        ),
        (
            "https://console.aws.amazon.com/\u{202e}",
            "pasted-unknown",
            "invisible characters",
        ),
        ("arn:aws:sqs", "pasted-unknown", "six parts"),
        ("arn:evil:sqs:::x", "pasted-unknown", "partition"),
        (twice.as_str(), "link-unreadable", "a link to a link"),
        (nowhere.as_str(), "link-unreadable", "opens nothing"),
    ] {
        let page = pastes(&world, &browser, text).await;
        page.is_refused(400, problem);
        assert!(page.body.contains(reason), "{text}: {}", page.body);
    }
    let long = format!("https://console.aws.amazon.com/{}", "a".repeat(5_000));
    pastes(&world, &browser, &long)
        .await
        .is_refused(400, "pasted-unknown");
    assert!(world.aws_saw().is_empty());
    // whoever is not signed in is told so at once
    let nobody = world.browser();
    pastes(&world, &nobody, "payments")
        .await
        .is_refused(400, "pasted-unknown");
    world.stop().await;
}

#[tokio::test]
async fn pages_of_ours_that_open_nothing_and_links_that_say_nothing_are_refused() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    for path in [
        "/",
        "/settings",
        "/admin/access",
        "/sign-out",
        "/go",
        "/go/x/y/z",
        "//evil.example",
    ] {
        let page = pastes(&world, &browser, &world.at(path)).await;
        page.is_refused(400, "link-unreadable");
    }
    for link in ["/open", "/open?url=", "/open?url=a&url=b", "/open?url=%ff"] {
        let page = browser.opens_once(&world.at(link)).await;
        page.is_refused(400, "link-unreadable");
    }
    world.stop().await;
}

#[tokio::test]
async fn nothing_pasted_is_where_a_browser_is_sent() {
    let world = World::start().await;
    let browser = signed_in(&world, "carl").await;
    let allowed = [
        Url::parse(&world.url).unwrap().origin(),
        Url::parse(world.sandbox.aws.origin()).unwrap().origin(),
    ];
    let console = "console.aws.amazon.com";
    let mut tried = 0;
    for attacker in ["evil.example", "127.0.0.1:1", "[::1]", "2130706433"] {
        for text in [
            format!("https://{attacker}"),
            format!("//{attacker}/"),
            format!("/\\{attacker}"),
            format!("https://{attacker}/#https://{console}/"),
            format!("https://{console}@{attacker}/"),
            format!("https://{console}:x@{attacker}/"),
            format!("https://{console}\\@{attacker}/"),
            format!("https://{console}.{attacker}/"),
            format!("https://{console}%2f@{attacker}/"),
            format!("https://{console}%00.{attacker}/"),
            format!("https:{attacker}"),
            format!("javascript://{console}/%0aalert(1)//{attacker}"),
            format!("https://{console}/redirect?to=https://{attacker}/"),
            format!("https://{console}/#https://{attacker}/"),
            format!("https://{console}//{attacker}/"),
            format!("https://{console}/%0d%0aLocation:%20https://{attacker}"),
            format!("arn:aws:s3:::{attacker}"),
            format!("arn:aws:s3:::@{attacker}/"),
            format!("arn:aws:iam::{DEV}:role/x@{attacker}"),
            format!("{}@{attacker}/go/payments-dev/Developer", world.url),
            format!("{}.{attacker}/go/payments-dev/Developer", world.url),
            world.at(&format!(
                "/go/payments-dev/Developer?destination=https://{attacker}/"
            )),
            world.at(&format!("/role/Developer?redirect=https://{attacker}/")),
            world.at(&open(&format!("https://{attacker}/"))),
            world.at(&format!("//{attacker}/")),
        ] {
            let page = pastes(&world, &browser, &text).await;
            let Some(location) = page.location() else {
                continue;
            };
            assert!(allowed.contains(&location.origin()), "{text}: {location}");
            let (_, destination) = location
                .query_pairs()
                .find(|(name, _)| name == "Destination")
                .unwrap_or_else(|| panic!("{text}: {location}"));
            let host = Url::parse(&destination).unwrap();
            let host = host.host_str().unwrap();
            assert!(
                host == console || host.ends_with(&format!(".{console}")),
                "{text}: {host}"
            );
            tried += 1;
        }
    }
    assert!(tried > 8, "some of them are pages of the console: {tried}");
    world.stop().await;
}

#[tokio::test]
async fn nothing_is_opened_for_a_preview_a_frame_or_a_script() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    world.aws_forgets();
    let url = Url::parse(&world.at(&open(DEV))).unwrap();
    for header in [
        ("sec-purpose", "prefetch"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-mode", "cors"),
    ] {
        let page = browser
            .once_raw(reqwest::Method::GET, &url, &[header])
            .await;
        page.is_refused(403, "not-opened-by-a-person");
    }
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}
