//! `getSigninToken` and the redeeming of its tokens: who gets one, for how long, and what everybody else sees.

use chrono::Duration;
use serde_json::{Value, json};
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::tokens::Made;

use crate::support::aws::{
    GOV_ACCOUNT, GOV_SIGNIN, SIGNIN, World, role_session, session_json, token_in,
};
use crate::support::{Browser, Page};

/// The one page for every failure.
fn is_opaque(page: &Page) -> bool {
    page.status == 400
        && page.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
        && page.body.contains("HTTP Status 400")
        && page.body.contains("Invalid credentials parameter")
        && page
            .body
            .contains("The request sent by the client was syntactically incorrect.")
}

#[actix_web::test]
async fn get_and_post_both_give_a_token() {
    let world = World::start();
    let credentials = world.credentials(Made::AssumeRole);
    let session = session_json(&credentials);
    let by_post = world
        .ask_token(SIGNIN, &session, &[("SessionType", "json")])
        .await;
    assert!(token_in(&by_post).len() > 1_000);
    let mut url = url::Url::parse(&world.url("signin.aws.amazon.com", "/federation")).unwrap();
    url.query_pairs_mut()
        .append_pair("Action", "getSigninToken")
        .append_pair("DurationSeconds", "1234567")
        .append_pair("Session", &session);
    let by_get = Browser::default().get(url.as_str()).await;
    assert_ne!(token_in(&by_get), token_in(&by_post));
    assert_eq!(by_get.headers["content-type"], "application/json");
    world.stop().await;
}

#[actix_web::test]
async fn every_failure_is_the_same_opaque_page() {
    let world = World::start();
    let good = world.credentials(Made::AssumeRole);
    let other = world.credentials(Made::AssumeRole);
    let mixed = |key: &str, secret: &str, token: &str| {
        json!({ "sessionId": key, "sessionKey": secret, "sessionToken": token }).to_string()
    };
    let (key, secret, token) = (&good.access_key, &good.secret, &good.session_token);
    for session in [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        json!({ "sessionId": key, "sessionKey": secret }).to_string(),
        json!({ "sessionId": key, "sessionKey": secret, "sessionToken": token, "x": "y" })
            .to_string(),
        json!({ "sessionId": key, "sessionKey": secret, "sessionToken": 1 }).to_string(),
        mixed(key, token, secret),
        mixed(&other.access_key, secret, token),
        mixed(key, &other.secret, token),
        mixed("AKIAIOSFODNN7EXAMPLE", secret, ""),
        mixed(key, secret, &format!("{token}x")),
    ] {
        let page = world.ask_token(SIGNIN, &session, &[]).await;
        assert!(is_opaque(&page), "{session}: {} {}", page.status, page.body);
    }
    let session = session_json(&good);
    let page = world
        .ask_token(SIGNIN, &session, &[("SessionType", "xml")])
        .await;
    assert!(is_opaque(&page));
    world.hand.advance(Duration::hours(1));
    assert!(
        is_opaque(&world.ask_token(SIGNIN, &session, &[]).await),
        "expired credentials"
    );
    world.stop().await;
}

#[actix_web::test]
async fn requests_that_are_no_action_are_refused() {
    let world = World::start();
    let browser = Browser::default();
    for path in [
        "/federation",
        "/federation?Action=",
        "/federation?Action=GetSigninToken",
        "/oauth?Action=login",
        "/federation?Action=login&Action=login",
    ] {
        let page = browser.get(world.url(SIGNIN, path)).await;
        assert_eq!(page.status, 400, "{path}");
    }
    assert_eq!(browser.get(world.url(SIGNIN, "/other")).await.status, 404);
    assert_eq!(
        browser
            .get(world.url("mars-1.signin.aws.amazon.com", "/federation"))
            .await
            .status,
        404
    );
    world.stop().await;
}

#[actix_web::test]
async fn a_duration_is_taken_only_for_credentials_that_start_a_chain() {
    let world = World::start();
    for (made, taken) in [
        (Made::AssumeRole, true),
        (Made::Saml, true),
        (Made::WebIdentity, true),
        (Made::Chained, false),
        (Made::FederationToken, false),
        (Made::Instance, false),
    ] {
        let session = session_json(&world.credentials(made));
        let without = world.ask_token(SIGNIN, &session, &[]).await;
        assert_eq!(without.status, 200, "{made:?}");
        let with = world
            .ask_token(SIGNIN, &session, &[("SessionDuration", "43200")])
            .await;
        assert_eq!(with.status == 200, taken, "{made:?}");
        assert_eq!(is_opaque(&with), !taken, "{made:?}");
    }
    world.aws.simulation().change_switches(|switches| {
        switches.signin.instance_role_takes_duration = true;
    });
    let session = session_json(&world.credentials(Made::Instance));
    let page = world
        .ask_token(SIGNIN, &session, &[("SessionDuration", "900")])
        .await;
    assert_eq!(page.status, 200);
    world.aws.simulation().change_switches(|switches| {
        switches.signin.roles_take_duration = false;
    });
    for made in [Made::AssumeRole, Made::Saml, Made::WebIdentity] {
        let session = session_json(&world.credentials(made));
        for (parameters, taken) in [(&[("SessionDuration", "900")][..], false), (&[], true)] {
            let page = world.ask_token(SIGNIN, &session, parameters).await;
            assert_eq!(page.status == 200, taken, "{made:?} {parameters:?}");
        }
    }
    world.stop().await;
}

#[actix_web::test]
async fn durations_outside_their_range_are_refused() {
    let world = World::start();
    let session = session_json(&world.credentials(Made::Saml));
    for (duration, taken) in [
        ("899", false),
        ("900", true),
        ("7200", true),
        ("43200", true),
        ("43201", false),
        ("0", false),
        ("", false),
        ("+3600", false),
        ("3600.0", false),
        ("-3600", false),
        ("1h", false),
        ("99999999999999999999", false),
    ] {
        let page = world
            .ask_token(SIGNIN, &session, &[("SessionDuration", duration)])
            .await;
        assert_eq!(page.status == 200, taken, "{duration}");
        assert_eq!(is_opaque(&page), !taken, "{duration}");
    }
    world.stop().await;
}

#[actix_web::test]
async fn credentials_of_get_session_token_do_not_sign_in() {
    let world = World::start();
    let session = session_json(&world.credentials(Made::SessionToken));
    assert!(is_opaque(&world.ask_token(SIGNIN, &session, &[]).await));
    world.stop().await;
}

#[actix_web::test]
async fn credentials_do_not_cross_partitions() {
    let world = World::start();
    let mut session = world.session(Made::Saml, role_session("Admin", "erin"));
    session.partition = Partition::UsGov;
    session.account = GOV_ACCOUNT.to_owned();
    let gov = session_json(&world.issue(session));
    let commercial = session_json(&world.credentials(Made::Saml));
    assert!(is_opaque(&world.ask_token(SIGNIN, &gov, &[]).await));
    assert!(is_opaque(
        &world.ask_token(GOV_SIGNIN, &commercial, &[]).await
    ));
    let token = token_in(&world.ask_token(GOV_SIGNIN, &gov, &[]).await);
    let browser = Browser::default();
    let foreign = browser.get(world.login_url(GOV_SIGNIN, &token, &[])).await;
    assert_eq!(foreign.status, 400, "a Destination of another partition");
    let home = [("Destination", "https://console.amazonaws-us-gov.com/")];
    let page = browser
        .get(world.login_url(GOV_SIGNIN, &token, &home))
        .await;
    assert_eq!(page.status, 302);
    let arrival = world.arrival(&browser, &page).await;
    assert_eq!(
        arrival["principal"],
        format!("arn:aws-us-gov:sts::{GOV_ACCOUNT}:assumed-role/Admin/erin")
    );
    world.stop().await;
}

#[actix_web::test]
async fn a_console_session_lasts_as_asked_or_as_the_credentials_do() {
    let world = World::start();
    let credentials = world.credentials(Made::AssumeRole);
    for (more, ends) in [
        (&[("SessionDuration", "43200")][..], "2026-11-22T22:00:00Z"),
        (&[], "2026-11-22T11:00:00Z"),
    ] {
        let token = world.token(&credentials, more).await;
        let browser = Browser::default();
        let page = browser.get(world.login_url(SIGNIN, &token, &[])).await;
        let arrival = world.arrival(&browser, &page).await;
        assert_eq!(arrival["expires"], ends);
    }
    let mut long = world.session(
        Made::FederationToken,
        crate::support::aws::federated_user("erin"),
    );
    long.expires += Duration::hours(35);
    let long = world.issue(long);
    let browser = Browser::default();
    let page = world.enter(&browser, &long).await;
    assert_eq!(
        world.arrival(&browser, &page).await["expires"],
        "2026-11-23T22:00:00Z"
    );
    world.aws.simulation().change_switches(|switches| {
        switches.signin.federated_console_cap_seconds = Some(43_200);
    });
    let browser = Browser::default();
    let page = world.enter(&browser, &long).await;
    assert_eq!(
        world.arrival(&browser, &page).await["expires"],
        "2026-11-22T22:00:00Z"
    );
    world.stop().await;
}

#[actix_web::test]
async fn a_token_is_good_for_fifteen_minutes_once_and_at_its_own_host() {
    let world = World::start();
    let credentials = world.credentials(Made::AssumeRole);
    let login = async |token: &str, host: &str| {
        Browser::default()
            .get(world.login_url(host, token, &[]))
            .await
            .status
            .as_u16()
    };
    let token = world.token(&credentials, &[]).await;
    assert_eq!(
        login(&token, "signin.aws.amazon.com").await,
        400,
        "another host"
    );
    assert_eq!(login(&token, SIGNIN).await, 302);
    assert_eq!(login(&token, SIGNIN).await, 400, "again");
    for made_up in ["", "made-up"] {
        assert_eq!(login(made_up, SIGNIN).await, 400);
    }
    world.aws.simulation().change_switches(|switches| {
        switches.signin.token_bound_to_host = false;
        switches.signin.token_single_use = false;
        switches.signin.bad_token_status = 403;
    });
    let token = world.token(&credentials, &[]).await;
    assert_eq!(login(&token, "signin.aws.amazon.com").await, 302);
    world.hand.advance(Duration::seconds(15 * 60 - 1));
    assert_eq!(login(&token, SIGNIN).await, 302);
    world.hand.advance(Duration::seconds(1));
    assert_eq!(login(&token, SIGNIN).await, 403, "fifteen minutes are over");
    world.stop().await;
}

#[actix_web::test]
async fn a_destination_is_a_console_page_and_nothing_else() {
    let world = World::start();
    world
        .aws
        .simulation()
        .change_switches(|switches| switches.signin.token_single_use = false);
    let token = world.token(&world.credentials(Made::AssumeRole), &[]).await;
    for destination in [
        "",
        "console.aws.amazon.com",
        "/cloudwatch/home",
        "http://console.aws.amazon.com/",
        "https://console.aws.amazon.com:444/",
        "https://user@console.aws.amazon.com/",
        "https://console.aws.amazon.com.evil.example/",
        "https://evilconsole.aws.amazon.com/",
        "https://console.amazonaws-us-gov.com/",
        "https://signin.aws.amazon.com/oauth?Action=logout",
        "https://aws.amazon.com/",
        "javascript:alert(1)",
    ] {
        let url = world.login_url(SIGNIN, &token, &[("Destination", destination)]);
        let page = Browser::default().get(&url).await;
        assert_eq!(page.status, 400, "{destination}");
        assert!(page.headers.get("set-cookie").is_none());
    }
    for (destination, path) in [
        (
            "https://console.aws.amazon.com/",
            "/console.aws.amazon.com/",
        ),
        ("https://console.aws.amazon.com", "/console.aws.amazon.com/"),
        (
            "https://eu-west-1.console.aws.amazon.com/s3/home?a=b&c=%26#x?y",
            "/eu-west-1.console.aws.amazon.com/s3/home?a=b&c=%26#x?y",
        ),
        (
            "https://s3.console.aws.amazon.com/s3/",
            "/s3.console.aws.amazon.com/s3/",
        ),
    ] {
        let url = world.login_url(SIGNIN, &token, &[("Destination", destination)]);
        let page = Browser::default().get(&url).await;
        assert_eq!(page.status, 302, "{destination}");
        assert_eq!(
            page.location.unwrap(),
            format!("{}{path}", world.console.origin())
        );
    }
    world.stop().await;
}

#[actix_web::test]
async fn a_form_can_log_in_too() {
    let world = World::start();
    let token = world
        .token(&world.credentials(Made::WebIdentity), &[])
        .await;
    let fields = [
        ("Action", "login"),
        ("SigninToken", &*token),
        ("Destination", crate::support::aws::DESTINATION),
        ("Issuer", ""),
    ];
    let browser = Browser::default();
    let page = browser
        .post(world.url(SIGNIN, "/federation"), &fields)
        .await;
    assert_eq!(page.status, 302);
    let arrival: Value = world.arrival(&browser, &page).await;
    assert_eq!(arrival["method"], "AssumeRoleWithWebIdentity");
    assert_eq!(arrival["issuer"], Value::Null);
    world.stop().await;
}
