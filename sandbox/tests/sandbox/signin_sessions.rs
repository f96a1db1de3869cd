//! Several sessions of one browser, and what a redeemed token and a revocation have to do with one another.

use chrono::Duration;
use serde_json::{Value, json};
use vestibule_sandbox::aws::identity::timestamp;
use vestibule_sandbox::aws::policy::Policy;
use vestibule_sandbox::aws::tokens::{Credentials, Made};

use crate::support::aws::{ACCOUNT, SIGNIN, World, federated_user, role_session, session_json};
use crate::support::{Browser, Page, unescape};

fn named(world: &World, name: &str) -> Credentials {
    world.issue(world.session(Made::AssumeRole, role_session("ReadOnly", name)))
}

/// A browser that holds sessions of these names.
async fn holding(world: &World, names: &[&str]) -> (Browser, Vec<Page>) {
    let browser = Browser::default();
    let opt_in = "/sessions/v1/opt-in?redirect_uri=https%3A%2F%2Fconsole.aws.amazon.com%2F";
    browser
        .get(world.url("us-east-1.signin.aws.amazon.com", opt_in))
        .await;
    let mut pages = Vec::new();
    for name in names {
        let page = world.enter(&browser, &named(world, name)).await;
        assert_eq!(page.status, 302);
        pages.push(page);
    }
    (browser, pages)
}

async fn lives(world: &World, browser: &Browser, page: &Page) -> bool {
    world.arrival(browser, page).await["signed_in"] == true
}

/// What the console says of reading an object.
async fn reading(browser: &Browser, page: &Page) -> Value {
    let mut url = page.redirect();
    url.set_fragment(None);
    url.query_pairs_mut().append_pair("format", "json");
    let fields = [
        ("action", "s3:GetObject"),
        ("resource", "arn:aws:s3:::anything/x"),
    ];
    let answer = browser.post(url.as_str(), &fields).await;
    let arrival: Value = serde_json::from_str(&answer.body).unwrap();
    arrival["outcome"]["decision"].clone()
}

/// Denies everything to sessions that were issued before now.
fn cut(world: &World, user: Option<&str>) {
    let simulation = world.aws.simulation();
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "DateLessThan": { "aws:TokenIssueTime": timestamp(simulation.clock.now()) } },
    }] });
    let deny = Policy::identity(&document.to_string()).unwrap();
    let mut registry = simulation.iam.write();
    let account = registry.account_mut(ACCOUNT).unwrap();
    let policies = match user {
        Some(user) => &mut account.users.get_mut(user).unwrap().policies,
        None => &mut account.role_mut("ReadOnly").unwrap().policies,
    };
    policies.insert("AWSRevokeOlderSessions".to_owned(), deny);
}

#[actix_web::test]
async fn closing_one_of_five_sessions_makes_room_for_the_sixth() {
    let world = World::start();
    let (browser, pages) = holding(&world, &["a1", "a2", "a3", "a4", "a5"]).await;
    let token = world.token(&named(&world, "a6"), &[]).await;
    let login = world.login_url(SIGNIN, &token, &[]);
    let asked = unescape(&browser.get(&login).await.body);
    let (before, _) = asked.split_once("assumed-role/ReadOnly/a2").unwrap();
    let (_, link) = before.rsplit_once("href=\"").unwrap();
    let (link, _) = link.split_once('"').unwrap();
    browser.get(link).await;
    assert!(!lives(&world, &browser, &pages[1]).await);
    assert!(lives(&world, &browser, &pages[0]).await);
    let sixth = browser.get(&login).await;
    assert_eq!(sixth.status, 302, "the token was not spent on the refusal");
    assert!(lives(&world, &browser, &sixth).await);
    world.stop().await;
}

#[actix_web::test]
async fn signing_out_ends_all_sessions_unless_switched() {
    for (all, first_lives) in [(true, false), (false, true)] {
        let world = World::start();
        let (browser, pages) = holding(&world, &["a1", "a2"]).await;
        world
            .aws
            .simulation()
            .change_switches(|switches| switches.signin.sign_out_ends_all = all);
        browser.get(world.url(SIGNIN, "/oauth?Action=logout")).await;
        assert_eq!(lives(&world, &browser, &pages[0]).await, first_lives);
        assert!(!lives(&world, &browser, &pages[1]).await);
        world.stop().await;
    }
}

#[actix_web::test]
async fn a_link_can_be_made_to_ask_for_signing_out_even_where_several_sessions_fit() {
    let world = World::start();
    let (browser, _) = holding(&world, &["a1"]).await;
    world
        .aws
        .simulation()
        .change_switches(|switches| switches.signin.link_adds_session = false);
    let page = world.enter(&browser, &named(&world, "a2")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You must first log out"));
    world.stop().await;
}

#[actix_web::test]
async fn a_duration_under_the_other_name_is_passed_over_unless_switched() {
    let world = World::start();
    let session = session_json(&named(&world, "erin"));
    let other = [("DurationSeconds", "900")];
    assert_eq!(world.ask_token(SIGNIN, &session, &other).await.status, 200);
    world
        .aws
        .simulation()
        .change_switches(|switches| switches.signin.takes_duration_seconds = false);
    assert_eq!(world.ask_token(SIGNIN, &session, &other).await.status, 400);
    assert_eq!(world.ask_token(SIGNIN, &session, &[]).await.status, 200);
    world.stop().await;
}

#[actix_web::test]
async fn a_long_query_is_read_unless_switched_and_a_long_form_always() {
    let world = World::start();
    let session = session_json(&named(&world, "erin"));
    let mut url = url::Url::parse(&world.url(SIGNIN, "/federation")).unwrap();
    url.query_pairs_mut()
        .append_pair("Action", "getSigninToken")
        .append_pair("Session", &session);
    let browser = Browser::default();
    assert_eq!(browser.get(url.as_str()).await.status, 200);
    world
        .aws
        .simulation()
        .change_switches(|switches| switches.signin.longest_query = Some(200));
    assert_eq!(browser.get(url.as_str()).await.status, 414);
    assert_eq!(world.ask_token(SIGNIN, &session, &[]).await.status, 200);
    world.stop().await;
}

#[actix_web::test]
async fn statuses_of_refusals_that_nobody_is_sure_of_follow_their_switches() {
    let world = World::start();
    world.aws.simulation().change_switches(|switches| {
        switches.signin.bad_credentials_status = 403;
        switches.signin.bad_destination_status = 404;
        switches.signin.sign_out_first_status = 409;
    });
    let refused = world.ask_token(SIGNIN, "{}", &[]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("Invalid credentials parameter"));
    let token = world.token(&named(&world, "erin"), &[]).await;
    let elsewhere = [("Destination", "https://evil.example/")];
    let page = Browser::default()
        .get(world.login_url(SIGNIN, &token, &elsewhere))
        .await;
    assert_eq!(page.status, 404);
    let browser = Browser::default();
    world.enter(&browser, &named(&world, "erin")).await;
    let page = world.enter(&browser, &named(&world, "other")).await;
    assert_eq!(page.status, 409, "sign out first");
    world.stop().await;
}

#[actix_web::test]
async fn a_revocation_reaches_consoles_that_are_open_and_tokens_not_yet_redeemed() {
    let world = World::start();
    let credentials = named(&world, "erin");
    let browser = Browser::default();
    let page = world.enter(&browser, &credentials).await;
    let waiting = world.token(&credentials, &[]).await;
    assert_eq!(reading(&browser, &page).await, "allowed");
    world.hand.advance(Duration::minutes(1));
    cut(&world, None);
    assert_eq!(reading(&browser, &page).await, "explicitly denied");
    world.hand.advance(Duration::minutes(1));
    let late = Browser::default();
    let page = late.get(world.login_url(SIGNIN, &waiting, &[])).await;
    assert_eq!(
        reading(&late, &page).await,
        "explicitly denied",
        "the token carries the credentials' issue time"
    );
    let fresh = Browser::default();
    let page = world.enter(&fresh, &named(&world, "erin")).await;
    assert_eq!(reading(&fresh, &page).await, "allowed");
    world.stop().await;
}

#[actix_web::test]
async fn a_token_can_be_made_to_begin_anew_when_it_is_redeemed() {
    let world = World::start();
    world
        .aws
        .simulation()
        .change_switches(|switches| switches.signin.redeeming_renews_issue_time = true);
    let waiting = world.token(&named(&world, "erin"), &[]).await;
    world.hand.advance(Duration::minutes(1));
    cut(&world, None);
    let browser = Browser::default();
    let page = browser.get(world.login_url(SIGNIN, &waiting, &[])).await;
    assert_eq!(reading(&browser, &page).await, "allowed");
    world.stop().await;
}

#[actix_web::test]
async fn the_issuing_user_s_policy_cuts_the_console_of_its_federated_user() {
    let world = World::start();
    let mut session = world.session(Made::FederationToken, federated_user("erin"));
    let all =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    session.inline_policy = Some(all.to_owned());
    let browser = Browser::default();
    let page = world.enter(&browser, &world.issue(session)).await;
    assert_eq!(reading(&browser, &page).await, "allowed");
    world.hand.advance(Duration::seconds(1));
    cut(&world, Some("broker"));
    assert_eq!(reading(&browser, &page).await, "explicitly denied");
    world.stop().await;
}
