//! A console beside others: added or in their place, as the person chose once or the link says, in both kinds of browser.

use crate::preferences::{chooses, settings, signed_in};
use crate::world::browser::{Browser, Page};
use crate::world::{SAML, World};

/// The host whose sign-out leads on.
const LEADS_ON: &str = "us-east-1.signin.aws.amazon.com";

/// Tells the browser to keep several consoles, by the link on the page of the settings.
async fn opts_in(world: &World, browser: &Browser) {
    let page = settings(world, browser).await;
    let links = page.links();
    let link = links.iter().find(|link| link.contains("opt-in")).unwrap();
    browser.opens(link).await;
}

async fn opens(world: &World, browser: &Browser, path: &str) -> Page {
    world.aws_forgets();
    browser.opens(&world.at(path)).await
}

async fn principal(world: &World, browser: &Browser, page: &Page) -> String {
    let console = world.console(browser, page).await;
    console["principal"].as_str().unwrap().to_owned()
}

/// The hosts that were asked for a sign-in token.
fn exchanges(world: &World) -> Vec<String> {
    let saw = world.aws_saw().into_iter();
    saw.filter(|entry| entry.action.as_deref() == Some("getSigninToken"))
        .map(|entry| entry.host)
        .collect()
}

/// The hosts that the browser was sent through after our own.
fn hosts_after_ours(world: &World, page: &Page) -> Vec<String> {
    let hops = page
        .hops
        .iter()
        .filter(|hop| !hop.url.as_str().starts_with(&world.url));
    hops.filter_map(|hop| hop.url.path_segments()?.next().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn who_chose_nothing_is_sent_straight_in_and_asked_by_aws() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let first = opens(&world, &browser, "/go/payments-prod/Admin").await;
    assert!(
        principal(&world, &browser, &first)
            .await
            .contains(":assumed-role/Admin/")
    );
    assert_eq!(exchanges(&world), ["eu-west-1.signin.aws.amazon.com"]);
    let second = opens(&world, &browser, "/go/payments-prod/Chained").await;
    assert!(second.body.contains("log out"), "{}", second.body);
    world.stop().await;
}

#[tokio::test]
async fn who_replaces_goes_from_one_console_into_the_next_without_a_question() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    chooses(&world, &browser, &[("consoles", "replace")]).await;
    let first = opens(&world, &browser, "/go/payments-prod/Admin").await;
    assert!(
        principal(&world, &browser, &first)
            .await
            .contains(":assumed-role/Admin/")
    );
    let second = opens(
        &world,
        &browser,
        "/go/payments-prod/Chained?destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fs3%2Fhome%3Fregion%3Deu-west-1%23a",
    )
    .await;
    assert!(
        principal(&world, &browser, &second)
            .await
            .contains(":assumed-role/Chained/")
    );
    assert!(second.url.path().ends_with("/s3/home"), "{}", second.url);
    // the token comes from the host that redeems it, the only one whose sign-out leads on
    assert_eq!(exchanges(&world), [LEADS_ON]);
    let through = hosts_after_ours(&world, &second);
    assert_eq!(through[..2], [LEADS_ON, LEADS_ON], "{through:?}");
    let sign_out = second
        .hops
        .iter()
        .find(|hop| hop.url.path().ends_with("/oauth"))
        .unwrap();
    assert!(
        sign_out
            .url
            .query()
            .unwrap()
            .starts_with("Action=logout&redirect_uri=")
    );
    // no more of AWS is asked than by anybody else
    let asked = world.aws_saw();
    let asked = asked.iter().filter(|entry| entry.method == "POST").count();
    assert_eq!(asked, 2);
    world.stop().await;
}

#[tokio::test]
async fn a_browser_with_several_consoles_keeps_five_and_asks_at_the_sixth_and_replacing_ends_them_all()
 {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    chooses(&world, &browser, &[("consoles", "add")]).await;
    opts_in(&world, &browser).await;
    let roles = [
        "payments-prod/Admin",
        "payments-prod/Chained",
        "payments-prod/Narrow",
        "payments-prod/Federated",
        "payments-dev/Developer",
    ];
    let mut consoles = Vec::new();
    for role in roles {
        let page = opens(&world, &browser, &format!("/go/{role}")).await;
        assert_eq!(page.status, 200, "{role}: {}", page.body);
        consoles.push(page.url.clone());
    }
    for console in &consoles {
        let page = browser.opens(console.as_str()).await;
        assert_eq!(page.status, 200, "{console}");
    }
    let sixth = "/go/payments-prod/SamlReader";
    let asks = world.signs_in(&browser, sixth, "erin").await;
    assert!(asks.url.path().contains("signin"), "{}", asks.url);
    // this once, by the link alone
    let instead = format!("{sixth}?consoles=replace");
    let instead = world.signs_in(&browser, &instead, "erin").await;
    let principal = principal(&world, &browser, &instead).await;
    assert!(
        principal.contains(":assumed-role/SamlReader/"),
        "{principal}"
    );
    for console in &consoles {
        let page = browser.opens(console.as_str()).await;
        assert_eq!(page.status, 401, "{console}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_link_says_otherwise_than_the_person_chose() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    chooses(&world, &browser, &[("consoles", "replace")]).await;
    opens(&world, &browser, "/go/payments-prod/Admin?consoles=add").await;
    assert_eq!(exchanges(&world), ["eu-west-1.signin.aws.amazon.com"]);
    for wrong in [
        "consoles=all",
        "consoles=add&consoles=replace",
        "consoles=ADD",
    ] {
        let page = opens(
            &world,
            &browser,
            &format!("/go/payments-prod/Admin?{wrong}"),
        )
        .await;
        assert_eq!(page.status, 400, "{wrong}");
        assert!(world.aws_saw().is_empty());
    }
    world.stop().await;
}

#[tokio::test]
async fn where_sign_out_leads_nowhere_a_page_has_two_plain_links() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    chooses(&world, &browser, &[("consoles", "replace")]).await;
    let link = "/go/gov-prod/GovAdmin?region=us-gov-west-1&hours=2";
    let page = opens(&world, &browser, link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(world.aws_saw().is_empty(), "power was made for a page");
    for active in ["<script", "<iframe", "http-equiv"] {
        assert!(!page.body.contains(active), "{active}");
    }
    let links = page.links();
    let out = links
        .iter()
        .find(|link| link.contains("Action=logout"))
        .unwrap();
    assert!(out.contains("signin.amazonaws-us-gov.com"), "{out}");
    let onward = links.iter().find(|link| link.starts_with("/go/")).unwrap();
    assert_eq!(onward, &format!("{link}&consoles=add"));
    browser.opens(out).await;
    let console = opens(&world, &browser, onward).await;
    assert!(
        principal(&world, &browser, &console)
            .await
            .contains(":assumed-role/GovAdmin/")
    );
    // and again, with a console open there
    let page = opens(&world, &browser, "/go/gov-prod/GovAdmin").await;
    let links = page.links();
    browser
        .opens(
            links
                .iter()
                .find(|link| link.contains("Action=logout"))
                .unwrap(),
        )
        .await;
    let console = opens(
        &world,
        &browser,
        links.iter().find(|l| l.starts_with("/go/")).unwrap(),
    )
    .await;
    assert!(
        principal(&world, &browser, &console)
            .await
            .contains(":assumed-role/GovAdmin/")
    );
    world.stop().await;
}

#[tokio::test]
async fn the_choice_holds_for_a_sign_in_that_passes_through_the_provider() {
    let world = World::start().await;
    let before = signed_in(&world, "erin").await;
    chooses(&world, &before, &[("consoles", "replace")]).await;
    let browser = world.browser();
    for _ in 0..2 {
        world.aws_forgets();
        let link = format!("/go/payments-prod/SamlReader?idp={SAML}");
        let page = world.signs_in(&browser, &link, "erin").await;
        assert!(
            principal(&world, &browser, &page)
                .await
                .contains(":assumed-role/SamlReader/")
        );
        assert_eq!(exchanges(&world), [LEADS_ON]);
    }
    // in the other partition the page comes before the provider is asked for anything
    let page = opens(&world, &browser, "/go/gov-prod/GovSaml").await;
    let links = page.links();
    let onward = links.iter().find(|link| link.starts_with("/go/")).unwrap();
    let console = world.signs_in(&browser, onward, "erin").await;
    assert!(
        principal(&world, &browser, &console)
            .await
            .contains(":assumed-role/GovSaml/")
    );
    world.stop().await;
}

#[tokio::test]
async fn the_own_region_opens_the_console_s_first_page_where_nobody_names_another() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    chooses(
        &world,
        &browser,
        &[("region", "ap-southeast-2"), ("consoles", "replace")],
    )
    .await;
    for (link, host) in [
        // the role's own page goes before it, and so does the link's region
        (
            "/go/payments-prod/Chained",
            "ap-southeast-2.console.aws.amazon.com",
        ),
        (
            "/go/payments-prod/Chained?region=eu-central-1",
            "eu-central-1.console.aws.amazon.com",
        ),
        (
            "/go/payments-prod/Admin",
            "eu-west-1.console.aws.amazon.com",
        ),
        // a region of another partition means nothing there
        (
            "/go/gov-prod/GovAdmin?consoles=add",
            "console.amazonaws-us-gov.com",
        ),
    ] {
        let page = opens(&world, &browser, link).await;
        let console = world.console(&browser, &page).await;
        assert!(
            page.url.path().starts_with(&format!("/{host}/")),
            "{link}: {}",
            page.url
        );
        assert!(console["principal"].is_string());
    }
    world.stop().await;
}

#[tokio::test]
async fn a_console_that_is_over_leads_back_by_the_person_s_own_door() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    chooses(&world, &browser, &[("consoles", "replace")]).await;
    let page = opens(&world, &browser, "/go/payments-prod/Admin?consoles=add").await;
    let console = world.console(&browser, &page).await;
    // what a link says once is not said again
    let issuer = console["issuer"].as_str().unwrap();
    assert!(issuer.ends_with("/go/payments-prod/Admin"), "{issuer}");
    world.stop().await;
}
