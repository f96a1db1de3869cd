//! Every error page: what happened, who can fix it, a way on, and a reference; and nothing of anybody else's words.

use chrono::TimeDelta;
use regex::Regex;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::aws::policy::Policy;
use vestibule_sandbox::idp::saml::Refusal;

use crate::world::World;
use crate::world::accounts::PROD;
use crate::world::browser::{Browser, Page};

const ADMIN: &str = "/go/payments-prod/Admin?idp=corp";

/// An error page as it must be: a status, a title, a reference, a way on.
fn is(page: &Page, status: u16, title: &str) {
    assert_eq!(page.status, status, "{}: {}", page.url, page.body);
    let heading = Regex::new(r"(?s)<h1[^>]*>(.*?)</h1>").unwrap();
    let heading = heading
        .captures(&page.body)
        .map(|found| found[1].trim().to_owned());
    assert_eq!(heading.as_deref(), Some(title), "{}", page.body);
    assert!(
        page.body.contains("eference"),
        "no reference: {}",
        page.body
    );
    assert!(!page.links().is_empty(), "no way on: {}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
}

async fn erin(world: &World) -> Browser {
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", "erin").await;
    assert_eq!(page.status, 200, "{}", page.body);
    browser
}

#[tokio::test]
async fn a_role_of_others_and_one_that_does_not_exist_give_the_same_page() {
    let world = World::start().await;
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "nora").await;
    world.aws_forgets();
    let reference = Regex::new(r"[A-Za-z0-9_-]{16,}").unwrap();
    let mut pages = Vec::new();
    for link in [
        "/go/payments-prod/Admin",
        "/go/payments-prod/Nothing",
        "/go/no-such-account/Admin",
        "/go/111122223333/Admin",
        "/go/000000000000/Admin",
    ] {
        let page = browser.opens(&world.at(link)).await;
        is(&page, 403, "This role is not yours, or does not exist");
        pages.push(reference.replace_all(&page.body, "…").into_owned());
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "the pages differ: {pages:#?}");
    assert!(world.aws_saw().is_empty());
    assert_eq!(world.audit(EventKind::SigninRefused).await.len(), 5);
    world.stop().await;
}

#[tokio::test]
async fn a_login_that_took_longer_than_ten_minutes_has_expired() {
    let world = World::start().await;
    let browser = world.browser();
    let form = world.saml_answer(&browser, ADMIN, "erin").await;
    world.clock.advance(TimeDelta::minutes(11));
    is(
        &browser.submits(&form).await,
        400,
        "This sign-in took too long",
    );
    world.stop().await;
}

#[tokio::test]
async fn an_answer_is_taken_once_and_only_in_the_browser_that_asked() {
    let world = World::start().await;
    let browser = world.browser();
    let form = world.saml_answer(&browser, ADMIN, "erin").await;
    let other = world.browser();
    world.saml_answer(&other, ADMIN, "nora").await;
    is(
        &other.submits(&form).await,
        403,
        "This sign-in began in another browser",
    );
    // the attempt did not use it up
    let page = browser.submits(&form).await;
    world.console(&browser, &page).await;
    is(
        &browser.submits(&form).await,
        400,
        "This sign-in was used already",
    );
    world.stop().await;
}

#[tokio::test]
async fn a_provider_that_says_no_is_named_and_not_quoted() {
    let world = World::start().await;
    world.sandbox.saml_idp.configure(|options| {
        options.refusal = Some(Refusal::responder(
            "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
        ));
    });
    let page = world.signs_in(&world.browser(), ADMIN, "erin").await;
    is(&page, 403, "Your identity provider said no");
    assert!(page.body.contains("Example Corp"));
    let page =
        world
            .browser()
            .opens(&world.at(
                "/oidc/okta/callback?error=access_denied&error_description=%3Cscript%3E&state=x",
            ))
            .await;
    assert!(page.status >= 400 && page.status < 500, "{}", page.status);
    assert!(!page.body.contains("<script>"), "{}", page.body);
    world.stop().await;
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_to_be() {
    let world = World::start().await;
    world.sandbox.oidc_idp.stop().await;
    let page = world.browser().opens(&world.at("/?idp=okta")).await;
    is(&page, 502, "Your identity provider cannot be reached");
    world.stop().await;
}

#[tokio::test]
async fn an_encrypted_assertion_is_refused_by_name() {
    let world = World::start().await;
    world
        .sandbox
        .saml_idp
        .configure(|options| options.encrypted = true);
    let page = world.signs_in(&world.browser(), ADMIN, "erin").await;
    is(
        &page,
        403,
        "The answer of your identity provider was refused",
    );
    assert!(
        page.body.contains("switch assertion encryption off"),
        "{}",
        page.body
    );
    let failed = world.audit(EventKind::LoginFailed).await;
    assert_eq!(failed[0].cause.as_deref(), Some("saml.encrypted"));
    world.stop().await;
}

#[tokio::test]
async fn somebody_without_roles_or_groups_gets_a_portal_that_says_so() {
    let world = World::start().await;
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", "nora").await;
    assert_eq!(page.status, 200);
    assert!(!page.links().iter().any(|link| link.starts_with("/go/")));
    assert!(page.body.contains("nora@example.com"), "{}", page.body);
    world.stop().await;
}

#[tokio::test]
async fn what_aws_refused_is_explained_likeliest_first() {
    let world = World::start().await;
    let browser = erin(&world).await;
    let nobody = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"sts:AssumeRole"}]}"#;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let role = iam.account_mut(PROD).unwrap().role_mut("Admin").unwrap();
        role.trust = Policy::trust(nobody).unwrap();
    }
    let page = browser.opens(&world.at(ADMIN)).await;
    is(&page, 403, "AWS said no");
    assert!(page.body.contains("trust policy"), "{}", page.body);
    assert!(page.body.contains("AccessDenied"));
    assert!(
        !page.body.contains("is not authorized to perform"),
        "AWS's words are data"
    );
    let store = world.app.store().clone();
    drop(store);
    world.stop().await;
}

#[tokio::test]
async fn an_answer_is_addressed_to_aws_in_the_words_of_the_roles_partition_as_configured() {
    let world = World::builder()
        .with(
            "region = \"us-gov-west-1\"",
            "region = \"us-gov-west-1\"\nsaml_audiences = [\"urn:configured:gov\"]",
        )
        .start()
        .await;
    let link = "/go/gov-prod/GovSaml?idp=corp";
    let ours = world.at("/saml/corp/metadata");
    let addressed = |audiences: &[&str]| {
        let audiences: Vec<_> = audiences.iter().map(|a| (*a).to_owned()).collect();
        world
            .sandbox
            .saml_idp
            .configure(|options| options.audiences.clone_from(&audiences));
        world.aws_forgets();
    };
    addressed(&[&ours]);
    let page = world.signs_in(&world.browser(), link, "erin").await;
    is(&page, 403, "AWS said no");
    let advice = "must name AWS (urn:configured:gov) as well";
    assert!(page.body.contains(advice), "{}", page.body);
    assert!(world.aws_saw().is_empty());
    addressed(&[&ours, "urn:configured:gov"]);
    world.signs_in(&world.browser(), link, "erin").await;
    assert!(!world.aws_saw().is_empty(), "it was not forwarded");
    world.stop().await;
}

#[tokio::test]
async fn an_aws_that_throttles_or_is_away_is_busy_and_asked_three_times_at_most() {
    let world = World::start().await;
    let browser = erin(&world).await;
    let faults = world.sandbox.simulation().faults.clone();
    faults.plan_times(10, HostKind::Sts, Some("AssumeRole"), &Fault::throttling());
    world.aws_forgets();
    let page = browser.opens(&world.at(ADMIN)).await;
    is(&page, 503, "AWS is busy");
    assert!(!page.header("retry-after").is_empty());
    assert!(world.aws_saw().len() <= 3);
    faults.clear();
    faults.plan_times(10, HostKind::Signin, None, &Fault::server_error(502));
    world.aws_forgets();
    is(&browser.opens(&world.at(ADMIN)).await, 503, "AWS is busy");
    let exchanges = world
        .aws_saw()
        .iter()
        .filter(|entry| entry.path.ends_with("/federation"))
        .count();
    assert_eq!(exchanges, 2, "one retry on 5xx");
    world.stop().await;
}

#[tokio::test]
async fn a_disabled_region_is_named() {
    let world = World::start().await;
    let browser = erin(&world).await;
    world.sandbox.simulation().faults.plan(
        HostKind::Sts,
        Some("AssumeRole"),
        Fault::region_disabled(PROD),
    );
    let page = browser.opens(&world.at(ADMIN)).await;
    is(
        &page,
        403,
        "AWS does not sign in from that region for this account",
    );
    assert!(page.body.contains(PROD));
    world.stop().await;
}

#[tokio::test]
async fn answers_that_cannot_be_right_hand_nothing_over() {
    let world = World::start().await;
    let browser = erin(&world).await;
    let faults = world.sandbox.simulation().faults.clone();
    let long_ago = chrono::DateTime::from_timestamp(1_000_000_000, 0).unwrap();
    let sts = [
        Fault::garbage(),
        Fault::empty(),
        Fault::huge(100_000),
        Fault::wrong_role("arn:aws:sts::999999999999:assumed-role/Other/erin@example.com"),
        Fault::expired_credentials(long_ago),
    ];
    for fault in sts {
        let name = format!("{fault:?}");
        faults.plan_times(3, HostKind::Sts, Some("AssumeRole"), &fault);
        let page = browser.opens_once(&world.at(ADMIN)).await;
        assert!(matches!(page.status, 502 | 503), "{name}: {}", page.status);
        assert_eq!(page.header("location"), "", "{name}");
        faults.clear();
    }
    for fault in [Fault::garbage(), Fault::empty(), Fault::huge(1_000_000)] {
        let name = format!("{fault:?}");
        faults.plan_times(3, HostKind::Signin, None, &fault);
        let page = browser.opens_once(&world.at(ADMIN)).await;
        assert!(matches!(page.status, 502 | 503), "{name}: {}", page.status);
        assert_eq!(page.header("location"), "", "{name}");
        faults.clear();
    }
    world.stop().await;
}

#[tokio::test]
async fn without_its_database_nobody_is_let_in() {
    let world = World::start().await;
    let browser = erin(&world).await;
    world.app.store().close().await;
    let page = browser.opens_once(&world.at(ADMIN)).await;
    is(&page, 503, "The records are out of reach");
    assert_eq!(page.header("location"), "");
    world.stop().await;
}

#[tokio::test]
async fn links_that_lead_elsewhere_or_cannot_be_read_are_refused() {
    let world = World::start().await;
    let browser = erin(&world).await;
    let go = |query: &str| world.at(&format!("/go/payments-prod/Admin?{query}"));
    let page = browser
        .opens(&go(
            "destination=https://console.aws.amazon.com.evil.example/",
        ))
        .await;
    is(&page, 400, "The link leads somewhere else than the console");
    let page = browser.opens(&go("scope=no-such-scope")).await;
    is(&page, 400, "There is no such scope for this role");
    for query in [
        "hours=0",
        "hours=1e9",
        "hours=-1",
        "hours=1h",
        "region=mars",
        "region=eu-west-1&region=us-east-1",
    ] {
        is(
            &browser.opens(&go(query)).await,
            400,
            "This link cannot be read",
        );
    }
    is(
        &browser.opens(&world.at("/nothing")).await,
        404,
        "There is nothing at this address",
    );
    world.stop().await;
}

#[tokio::test]
async fn a_claim_that_cannot_stand_in_a_tag_or_policy_is_refused_by_name() {
    let world = World::start().await;
    for value in ["*", "te?m", "${aws:username}", "a\nb"] {
        let mut person = world.sandbox.people().find("erin").unwrap();
        person
            .attributes
            .insert("team".to_owned(), vec![value.to_owned()]);
        world.sandbox.people().put(person);
        let browser = world.browser();
        world.signs_in(&browser, "/?idp=corp", "erin").await;
        world.aws_forgets();
        let page = browser
            .opens_once(&world.at("/go/payments-prod/Narrow?idp=corp"))
            .await;
        assert_eq!(page.status, 403, "{value:?}: {:?}", page.hops);
        is(&page, 403, "Something about you cannot be used with AWS");
        assert!(world.aws_saw().is_empty(), "{value}");
    }
    world.stop().await;
}
