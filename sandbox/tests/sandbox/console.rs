//! The simulated console's page: what it says of who arrived, and what they may do.

use chrono::Duration;
use serde_json::{Value, json};
use vestibule_sandbox::aws::tokens::{Credentials, Made};

use crate::support::aws::{DESTINATION, SIGNIN, World, federated_user, role_session};
use crate::support::{Browser, Page, unescape};

/// A sign-in with an issuer.
async fn arrive(world: &World, browser: &Browser, credentials: &Credentials, issuer: &str) -> Page {
    let token = world.token(credentials, &[]).await;
    let url = world.login_url(SIGNIN, &token, &[("Issuer", issuer)]);
    browser.get(url).await
}

fn tagged(world: &World) -> Credentials {
    let mut session = world.session(Made::Saml, role_session("ReadOnly", "erin@example.com"));
    session.tags = [("team", "payments"), ("cost", "<b>42</b>")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    session.transitive_keys = vec!["team".to_owned()];
    session.source_identity = Some("erin@example.com".to_owned());
    session.inline_policy = Some(r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned());
    session.managed_policies = vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()];
    world.issue(session)
}

#[actix_web::test]
async fn the_page_says_who_arrived_until_when_and_with_what() {
    let world = World::start();
    let browser = Browser::default();
    let issuer = "https://console.example.com/go/payments-prod/ReadOnly?a=b&c";
    let page = arrive(&world, &browser, &tagged(&world), issuer).await;
    assert_eq!(page.redirect().fragment(), Some("alarms:a=b&c"));
    let shown = browser.get(page.redirect().as_str()).await;
    assert_eq!(shown.status, 200);
    let text = unescape(&shown.body);
    for part in [
        "id=\"principal\">arn:aws:sts::111122223333:assumed-role/ReadOnly/erin@example.com<",
        "id=\"expires\">2026-11-22T11:00:00Z<",
        "id=\"source-identity\">erin@example.com<",
        "id=\"account\">111122223333 (payments-prod)<",
        "id=\"region\">eu-west-1<",
        "<td>team</td><td>payments</td><td>yes</td>",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "Simulated AWS",
        issuer,
        DESTINATION,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!shown.body.contains("<b>42</b>"), "values are escaped");
    assert_eq!(
        world.arrival(&browser, &page).await,
        json!({
            "signed_in": true, "partition": "aws", "account": "111122223333", "account_alias": "payments-prod",
            "principal": "arn:aws:sts::111122223333:assumed-role/ReadOnly/erin@example.com",
            "user_id": world.arrival(&browser, &page).await["user_id"],
            "name": "ReadOnly/erin@example.com", "method": "AssumeRoleWithSAML",
            "began": "2026-11-22T10:00:00Z", "expires": "2026-11-22T11:00:00Z",
            "destination": DESTINATION, "region": "eu-west-1", "source_identity": "erin@example.com",
            "tags": [["cost", "<b>42</b>"], ["team", "payments"]], "transitive_tag_keys": ["team"],
            "session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
            "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "issuer": issuer, "sign_out": world.url("signin.aws.amazon.com", "/oauth?Action=logout"),
        })
    );
    world.stop().await;
}

#[actix_web::test]
async fn an_ended_session_leads_back_to_its_issuer() {
    let world = World::start();
    let browser = Browser::default();
    let issuer = "https://console.example.com/go/payments-prod/ReadOnly";
    let page = arrive(&world, &browser, &tagged(&world), issuer).await;
    world.hand.advance(Duration::hours(1));
    let ended = browser.get(page.redirect().as_str()).await;
    assert_eq!(ended.status, 401);
    assert!(ended.body.contains("expired") && unescape(&ended.body).contains(issuer));
    assert_eq!(
        world.arrival(&browser, &page).await,
        json!({ "signed_in": false, "expired": true })
    );
    let stranger = Browser::default();
    assert_eq!(
        world.arrival(&stranger, &page).await,
        json!({ "signed_in": false, "expired": false })
    );
    world.stop().await;
}

#[actix_web::test]
async fn an_issuer_that_is_no_web_address_is_no_link() {
    let world = World::start();
    for issuer in ["javascript:alert(1)", "Example.org", "data:text/html,x"] {
        let browser = Browser::default();
        let page = arrive(&world, &browser, &world.credentials(Made::Saml), issuer).await;
        let shown = browser.get(page.redirect().as_str()).await;
        assert!(!shown.body.contains("Sign in again"), "{issuer}");
        assert_eq!(world.arrival(&browser, &page).await["issuer"], issuer);
    }
    world.stop().await;
}

/// What the page says of an action that is tried there.
async fn outcome(browser: &Browser, page: &Page, action: &str, resource: &str) -> Value {
    let mut url = page.redirect();
    url.set_fragment(None);
    url.query_pairs_mut().append_pair("format", "json");
    let fields = [("action", action), ("resource", resource)];
    let answer = browser.post(url.as_str(), &fields).await;
    let arrival: Value = serde_json::from_str(&answer.body).unwrap();
    arrival["outcome"]["decision"].clone()
}

#[actix_web::test]
async fn an_action_can_be_tried() {
    let world = World::start();
    let browser = Browser::default();
    let page = world
        .enter(&browser, &world.credentials(Made::AssumeRole))
        .await;
    let object = "arn:aws:s3:::anything/x";
    assert_eq!(
        outcome(&browser, &page, "s3:GetObject", object).await,
        "allowed"
    );
    assert_eq!(
        outcome(&browser, &page, "s3:PutObject", object).await,
        "implicitly denied"
    );
    let fields = [("action", "s3:GetObject"), ("resource", "<script>")];
    let shown = browser.post(page.redirect().as_str(), &fields).await;
    assert!(shown.body.contains("id=\"outcome\"") && !shown.body.contains("<script>"));
    world.stop().await;
}

#[actix_web::test]
async fn a_federated_user_without_a_policy_has_what_a_bucket_gives_them() {
    let world = World::start();
    let erin = world.credentials(Made::FederationToken);
    let other = world.issue(world.session(Made::FederationToken, federated_user("other")));
    for (credentials, decision) in [(erin, "allowed"), (other, "implicitly denied")] {
        let browser = Browser::default();
        let page = world.enter(&browser, &credentials).await;
        let arrival = world.arrival(&browser, &page).await;
        assert_eq!(
            arrival["name"], arrival["user_id"],
            "as AWS shows federated users"
        );
        assert_eq!(
            outcome(&browser, &page, "s3:PutObject", "arn:aws:s3:::dropbox/x").await,
            decision
        );
        assert_eq!(
            outcome(&browser, &page, "s3:GetObject", "arn:aws:s3:::dropbox/x").await,
            "implicitly denied"
        );
    }
    world.stop().await;
}

#[actix_web::test]
async fn what_is_no_console_host_is_not_found() {
    let world = World::start();
    for host in [
        "evil.example",
        "signin.aws.amazon.com",
        "console.aws.amazon.com.evil.example",
    ] {
        let page = Browser::default()
            .get(format!("{}/{host}/", world.console.origin()))
            .await;
        assert_eq!(page.status, 404, "{host}");
    }
    world.stop().await;
}
