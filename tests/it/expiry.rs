//! A console's end: AWS's page leads back through us to the very page, and nothing is asked on the way while the provider
//! still knows the person.

use chrono::TimeDelta;
use url::Url;
use vestibule::domain::audit::EventKind;

use crate::world::accounts::PROD;
use crate::world::browser::{Browser, Page};
use crate::world::{OIDC, SAML, World};

const PAGE: &str =
    "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Volumes:state=a&b";

fn deep_link(idp: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("destination", PAGE);
    let page = query.finish();
    format!("/go/payments-prod/Admin?{page}&scope=read-only&hours=1&idp={idp}")
}

/// Goes on as a browser does by itself: redirects, and the form that posts itself. A question for a password is none of
/// these.
async fn by_itself(browser: &Browser, page: Page) -> Page {
    assert!(
        page.form_with("username").is_none(),
        "a password is asked for: {}",
        page.body
    );
    match page.form_with("SAMLResponse") {
        Some(form) => browser.submits(&form).await,
        None => page,
    }
}

/// Where AWS's page at the end of a console leads.
async fn led_back(browser: &Browser, console: &Page) -> Url {
    let over = browser.opens_once(console.url.as_str()).await;
    assert_eq!(over.status, 401);
    assert!(over.body.contains("Your session has expired"));
    let links = over.links();
    let issuer = links.iter().find(|link| link.contains("/go/"));
    Url::parse(issuer.unwrap()).unwrap()
}

async fn is_signed_in(world: &World, browser: &Browser) -> bool {
    browser.opens_once(&world.at("/api/v1/me")).await.status == 200
}

#[tokio::test]
async fn after_the_end_one_is_back_on_the_very_page_without_a_click() {
    for idp in [SAML, OIDC] {
        let world = World::start().await;
        let browser = world.browser();
        let first = world.signs_in(&browser, &deep_link(idp), "erin").await;
        let before = world.console(&browser, &first).await;
        assert_eq!(before["destination"], PAGE);
        // the console is over, and so is our own session; the provider's lives
        world.clock.advance(TimeDelta::minutes(61));
        assert!(!is_signed_in(&world, &browser).await);
        let back = led_back(&browser, &first).await;
        assert!(
            back.as_str()
                .starts_with(&world.at("/go/payments-prod/Admin?"))
        );
        let arrived = browser.opens(back.as_str()).await;
        let arrived = by_itself(&browser, arrived).await;
        let after = world.console(&browser, &arrived).await;
        for part in ["destination", "principal", "issuer", "managed_policies"] {
            assert_eq!(after[part], before[part], "{part} by {idp}");
        }
        let time = |name: &str| {
            let text = after[name].as_str().unwrap();
            chrono::DateTime::parse_from_rfc3339(text).unwrap()
        };
        assert_eq!(time("expires") - time("began"), TimeDelta::hours(1));
        assert!(is_signed_in(&world, &browser).await);
        assert_eq!(world.audited(EventKind::SigninEnded, 2).await.len(), 2);
        world.stop().await;
    }
}

#[tokio::test]
async fn what_aws_is_told_to_lead_back_to_says_all_that_was_asked_for_and_nothing_else() {
    let world = World::start().await;
    let browser = world.browser();
    let link = format!(
        "{}&region=us-east-2&reason=INC-1&utm_source=chat",
        deep_link(SAML)
    );
    let page = world.signs_in(&browser, &link, "erin").await;
    let console = world.console(&browser, &page).await;
    let issuer = Url::parse(console["issuer"].as_str().unwrap()).unwrap();
    let said: Vec<(String, String)> = issuer.query_pairs().into_owned().collect();
    let names: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["destination", "region", "scope", "hours"]);
    assert_eq!(said[1].1, "us-east-2");
    assert_eq!(said[3].1, "1");
    // a page whose address would make it too long is left out, and nothing else
    let long = "x".repeat(1_900);
    let link = format!(
        "/go/payments-prod/Chained?destination=https%3A%2F%2Fconsole.aws.amazon.com%2F{}&hours=1&scope=read-only",
        long.replace('x', "%2F")
            .chars()
            .take(3 * 660)
            .collect::<String>()
    );
    let other = world.browser();
    let page = world
        .signs_in(&other, &format!("{link}&idp={SAML}"), "erin")
        .await;
    let console = world.console(&other, &page).await;
    let issuer = console["issuer"].as_str().unwrap();
    assert!(issuer.len() <= 2_048);
    assert!(
        issuer.ends_with("/go/payments-prod/Chained?scope=read-only&hours=1"),
        "{issuer}"
    );
    world.stop().await;
}

#[tokio::test]
async fn in_a_browser_with_several_consoles_each_leads_back_to_its_own_page() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/?idp={SAML}"), "erin")
        .await;
    let settings = browser.opens(&world.at("/settings")).await;
    let links = settings.links();
    let opt_in = links.iter().find(|link| link.contains("opt-in")).unwrap();
    browser.opens(opt_in).await;
    let mut consoles = Vec::new();
    for (role, page) in [
        ("payments-prod/Admin", "s3/home"),
        ("payments-dev/Developer", "sqs/v3/home"),
    ] {
        let page = format!("https://eu-west-1.console.aws.amazon.com/{page}?region=eu-west-1");
        let mut link = Url::parse(&world.at(&format!("/go/{role}"))).unwrap();
        link.query_pairs_mut()
            .append_pair("destination", &page)
            .append_pair("hours", "1");
        let arrived = browser.opens(link.as_str()).await;
        assert_eq!(arrived.status, 200, "{}", arrived.body);
        consoles.push((arrived, page));
    }
    // the host in the address names the session, and the page that is asked for does not
    let host = consoles[0].0.url.path_segments().unwrap().next().unwrap();
    assert!(host.starts_with(&format!("{PROD}-")), "{host}");
    world.clock.advance(TimeDelta::minutes(61));
    assert!(!is_signed_in(&world, &browser).await);
    let mut ways = Vec::new();
    for (console, page) in &consoles {
        ways.push((led_back(&browser, console).await, page));
    }
    for (back, page) in ways {
        let (_, destination) = back.query_pairs().next().unwrap();
        assert_eq!(destination, page.as_str());
        let arrived = browser.opens(back.as_str()).await;
        let arrived = by_itself(&browser, arrived).await;
        let after = world.console(&browser, &arrived).await;
        assert_eq!(after["destination"], page.as_str());
    }
    // and what stood in the address bar leads there as well
    let pasted = &consoles[0].0.url;
    let true_address = format!(
        "https://{host}/{}?{}",
        pasted
            .path_segments()
            .unwrap()
            .skip(1)
            .collect::<Vec<_>>()
            .join("/"),
        pasted.query().unwrap_or_default()
    );
    let open = crate::open::open(&true_address);
    let choice = browser.opens_once(&world.at(&open)).await;
    assert!(
        choice.body.contains("Payments Production"),
        "{}",
        choice.body
    );
    world.stop().await;
}
