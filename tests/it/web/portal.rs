//! The portal and its neighbours, as people, programs and operators see them.

use serde_json::{Value, json};

use super::wire::{cookie_line, sends};
use crate::world::accounts::MODEL;
use crate::world::browser::Form;
use crate::world::{SAML, World};

#[tokio::test]
async fn the_portal_lists_what_one_holds_as_plain_links() {
    let world = World::start().await;
    let browser = world.browser();
    let portal = world
        .signs_in(&browser, &format!("/?idp={SAML}"), "erin")
        .await;
    assert_eq!((portal.status, portal.url.path()), (200, "/"));
    for part in [
        "Payments Production",
        "111122223333",
        "production",
        "erin@example.com",
        "Example Corp",
        "12 hours",
    ] {
        assert!(portal.body.contains(part), "{part} is missing");
    }
    let links = portal.links();
    for link in [
        "/go/payments-prod/Admin",
        "/go/payments-dev/Developer",
        "/go/gov-prod/GovSaml",
    ] {
        assert!(links.iter().any(|l| l == link), "{link} is missing");
    }
    let narrowed = browser.opens(&world.at("/?q=developer")).await;
    assert!(narrowed.body.contains("1 role in 1 account"));
    assert!(narrowed.body.contains("value=\"developer\""));
    let nothing = browser
        .opens(&world.at("/?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E"))
        .await;
    assert!(nothing.body.contains("0 roles in 0 accounts"));
    assert!(!nothing.body.contains("<script>alert"));
    world.stop().await;
}

#[tokio::test]
async fn favourites_come_first_then_what_was_used_last_then_accounts() {
    let world = World::start().await;
    let browser = world.browser();
    let page = world
        .signs_in(&browser, &format!("/?idp={SAML}"), "erin")
        .await;
    assert!(!page.body.contains("Favourites") && !page.body.contains("Recent"));
    assert!(
        page.body
            .contains("AWS may ask you to sign out of it first")
    );
    // one role is used and a favourite, another is only used
    let star = |deed: &str, token: &str| Form {
        action: world.at("/favourites").parse().unwrap(),
        post: true,
        fields: [("form_token", token), (deed, "111122223333/Admin")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    };
    let form = page.form_with("form_token").unwrap();
    let token = form.value("form_token").unwrap();
    browser.submits(&star("add", token)).await;
    for role in ["Chained", "Admin"] {
        let link = world.at(&format!("/go/payments-prod/{role}"));
        assert_eq!(browser.opens_once(&link).await.status, 303);
    }
    let page = loop {
        // uses are noted after the answer
        let page = browser.opens(&world.at("/")).await;
        if page.body.contains("Recent") {
            break page;
        }
    };
    let links: Vec<String> = page.links();
    let first = |role: &str| links.iter().position(|link| link.ends_with(role)).unwrap();
    let (favourite, recent) = (
        first("/go/payments-prod/Admin"),
        first("/go/payments-prod/Chained"),
    );
    let account = first("/go/payments-dev/Developer");
    assert!(favourite < recent && recent < account, "{links:?}");
    let times = |role: &str| links.iter().filter(|link| link.ends_with(role)).count();
    assert_eq!(
        times("/go/payments-prod/Admin"),
        2,
        "a favourite is no recent as well"
    );
    browser.submits(&star("remove", token)).await;
    let page = browser.opens(&world.at("/")).await;
    assert!(!page.body.contains("Favourites"));
    world.stop().await;
}

#[tokio::test]
async fn who_holds_nothing_is_told_so_and_whom_to_ask() {
    let world = World::start().await;
    let portal = world
        .signs_in(&world.browser(), &format!("/?idp={SAML}"), "nora")
        .await;
    assert_eq!(portal.status, 200);
    assert!(portal.body.contains("There is no role for you yet"));
    assert!(portal.body.contains("nora@example.com"));
    world.stop().await;
}

#[tokio::test]
async fn who_comes_without_groups_is_told_that_too() {
    let world = World::start().await;
    let zoe = vestibule_sandbox::people::Person::new("zoe", "Zoe Zorn");
    world.sandbox.people().put(zoe);
    let portal = world
        .signs_in(&world.browser(), &format!("/?idp={SAML}"), "zoe")
        .await;
    assert!(
        portal.body.contains("No groups came with your sign-in"),
        "{}",
        portal.body
    );
    world.stop().await;
}

#[tokio::test]
async fn a_visitor_without_a_session_chooses_where_to_sign_in() {
    let world = World::start().await;
    let browser = world.browser();
    let page = browser
        .opens(&world.at("/go/payments-prod/Admin?hours=2"))
        .await;
    assert_eq!(page.status, 200);
    let links = page.links();
    for idp in ["corp", "okta"] {
        let link = format!("/go/payments-prod/Admin?hours=2&idp={idp}");
        assert!(links.contains(&link), "{links:?}");
    }
    // the provider last used is taken the next time, and can be left again
    world
        .signs_in(&browser, &format!("/?idp={SAML}"), "erin")
        .await;
    let form = browser
        .opens(&world.at("/"))
        .await
        .form_with("form_token")
        .unwrap();
    browser.submits(&form).await;
    assert_eq!(browser.opens_once(&world.at("/")).await.status, 303);
    assert_eq!(browser.opens_once(&world.at("/sign-in")).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn programs_are_told_who_they_act_for() {
    let world = World::start().await;
    let browser = world.browser();
    let answer = sends(&world, "GET /api/v1/me", &[], b"").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "carl")
        .await;
    let answer = sends(
        &world,
        "GET /api/v1/me",
        &[&cookie_line(&world, &browser)],
        b"",
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer
        .body
        .split_once('{')
        .map(|(_, rest)| format!("{{{rest}"))
        .unwrap();
    let body = &body[..=body.rfind('}').unwrap()];
    let me: Value = serde_json::from_str(body).unwrap();
    let names: Vec<&String> = me.as_object().unwrap().keys().collect();
    assert_eq!(names, ["attributes", "idp", "name", "roles", "subject"]);
    assert_eq!(me["idp"], SAML);
    assert_eq!(me["name"], "carl@example.com");
    assert_eq!(me["attributes"]["employment"], json!(["contractor"]));
    assert_eq!(me["roles"], json!(["payments-dev/Developer"]));
    world.stop().await;
}

#[tokio::test]
async fn operators_see_health_readiness_and_figures() {
    let world = World::start().await;
    world
        .signs_in(
            &world.browser(),
            &format!("/go/payments-prod/Admin?idp={SAML}"),
            "erin",
        )
        .await;
    let browser = world.browser();
    let at = |path: &str| format!("{}{path}", world.app.operations_url());
    assert_eq!(browser.opens(&at("/healthz")).await.status, 200);
    let ready = browser.opens(&at("/readyz")).await;
    assert_eq!(ready.status, 200, "{}", ready.body);
    assert_eq!(ready.body, r#"{"ready":true,"missing":[]}"#);
    let figures = browser.opens(&at("/metrics")).await.body;
    for line in [
        "vestibule_logins_total{idp=\"corp\",result=\"signed_in\"} 1",
        "vestibule_signins_total{operation=\"AssumeRole\",result=\"handed_over\"} 1",
        "vestibule_request_duration_seconds_count{route=\"/go/{account}/{role}\",status=\"303\"} 1",
    ] {
        assert!(figures.contains(line), "{line} is not in {figures}");
    }
    // nothing of it is for everybody, and nothing for everybody is there
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(browser.opens(&world.at(path)).await.status, 404);
    }
    let away = browser.opens(&at("/")).await;
    assert_eq!(
        (away.status, away.header("content-type")),
        (404, "application/problem+json")
    );
    world.stop().await;
}

#[tokio::test]
async fn readiness_says_what_is_missing() {
    let world = World::start().await;
    world.app.store().close().await;
    let ready = world
        .browser()
        .opens(&format!("{}/readyz", world.app.operations_url()))
        .await;
    assert_eq!(ready.status, 503);
    let ready: Value = serde_json::from_str(&ready.body).unwrap();
    assert_eq!(ready["ready"], false);
    assert_eq!(ready["missing"][0]["what"], "database");
    // and nobody gets in
    let page = world
        .browser()
        .opens(&world.at(&format!("/sign-in/{SAML}")))
        .await;
    assert_eq!(page.status, 503);
    assert!(
        page.body.contains("data-problem=\"database-away\""),
        "{}",
        page.body
    );
    assert_eq!(page.header("retry-after"), "10");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn readiness_says_that_this_replica_cannot_use_the_current_revision_and_why() {
    let world = World::start().await;
    let readyz = format!("{}/readyz", world.app.operations_url());
    assert_eq!(world.browser().opens(&readyz).await.status, 200);
    // another replica's configuration has own credentials that this one's lacks
    let text = std::fs::read_to_string(world.folder.join("vestibule.toml")).unwrap();
    let more = "\n[[credentials]]\nname = \"elsewhere\"\nsource = \"chain\"\n";
    let config = vestibule::config::Config::parse(&format!("{text}{more}"), &world.folder).unwrap();
    let model = MODEL.replace("credentials = \"chained\"", "credentials = \"elsewhere\"");
    vestibule::cli::apply(&config, &model, "by a test")
        .await
        .unwrap();
    let ready = world.browser().opens(&readyz).await;
    assert_eq!(ready.status, 503);
    let ready: Value = serde_json::from_str(&ready.body).unwrap();
    assert_eq!(ready["missing"][0]["what"], "access model");
    let why = ready["missing"][0]["why"].as_str().unwrap();
    assert!(why.contains("revision 2 cannot be used"), "{why}");
    assert!(why.contains("elsewhere"), "{why}");
    world.stop().await;
}

#[tokio::test]
async fn the_portal_says_how_long_a_console_truly_lasts_and_why_no_longer() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    // a click makes sure that the own credentials behind the role have been seen
    for role in ["Chained", "Admin"] {
        let link = world.at(&format!("/go/payments-prod/{role}"));
        assert_eq!(browser.opens_once(&link).await.status, 303);
    }
    let page = browser.opens(&world.at("/")).await;
    let lasts = |role: &str| {
        let line = page
            .body
            .lines()
            .find(|line| line.contains(&format!("/go/payments-prod/{role}\"")))
            .unwrap();
        let (_, lasts) = line.split_once("class=\"lasts\"").unwrap();
        let (_, lasts) = lasts.split_once('>').unwrap();
        lasts.split_once("</a>").unwrap().0.to_owned()
    };
    assert_eq!(lasts("Admin"), "8 hours");
    assert_eq!(lasts("Chained"), "1 hour <sup>1</sup>");
    assert!(page.body.contains("own AWS credentials come from a role"));
    world.stop().await;
}
