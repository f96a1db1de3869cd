//! What a browser remembers of the sign-in hosts: one session or several, signing out, and where that may lead.

use chrono::Duration;
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::tokens::{Credentials, Made};

use crate::support::Browser;
use crate::support::aws::{
    DESTINATION, GOV_ACCOUNT, GOV_SIGNIN, SIGNIN, World, role_session, session_json, token_in,
};

fn of_role(world: &World, role: &str, name: &str) -> Credentials {
    world.issue(world.session(Made::AssumeRole, role_session(role, name)))
}

#[actix_web::test]
async fn a_browser_with_another_session_must_first_log_out() {
    let world = World::start();
    let browser = Browser::default();
    let first = of_role(&world, "ReadOnly", "erin");
    assert_eq!(world.enter(&browser, &first).await.status, 302);
    let second = of_role(&world, "Admin", "erin");
    let token = world.token(&second, &[]).await;
    let url = world.login_url(SIGNIN, &token, &[]);
    let asked = browser.get(&url).await;
    assert_eq!(asked.status, 200);
    assert!(
        asked
            .body
            .contains("You must first log out before logging into a different AWS account")
    );
    let link = world.url(SIGNIN, "/oauth?Action=logout");
    assert!(asked.body.contains(&link), "{}", asked.body);
    assert_eq!(browser.get(&link).await.status, 302);
    let page = browser.get(&url).await;
    assert_eq!(page.status, 302, "the token was not spent on the refusal");
    assert_eq!(world.arrival(&browser, &page).await["name"], "Admin/erin");
    world.stop().await;
}

#[actix_web::test]
async fn the_same_principal_signs_in_again_and_an_ended_session_is_no_hindrance() {
    let world = World::start();
    let browser = Browser::default();
    world
        .enter(&browser, &of_role(&world, "ReadOnly", "erin"))
        .await;
    world.hand.advance(Duration::minutes(30));
    let page = world
        .enter(&browser, &of_role(&world, "ReadOnly", "erin"))
        .await;
    assert_eq!(page.status, 302);
    assert_eq!(
        world.arrival(&browser, &page).await["expires"],
        "2026-11-22T11:30:00Z"
    );
    world.hand.advance(Duration::hours(1));
    let page = world
        .enter(&browser, &of_role(&world, "Admin", "erin"))
        .await;
    assert_eq!(page.status, 302);
    world.stop().await;
}

#[actix_web::test]
async fn signing_out_goes_on_only_from_an_explicit_region_and_only_to_hosts_of_its_own() {
    let world = World::start();
    let out = |host: &str, target: &str| {
        let mut url = url::Url::parse(&world.url(host, "/oauth")).unwrap();
        url.query_pairs_mut()
            .append_pair("Action", "logout")
            .append_pair("redirect_uri", target);
        String::from(url)
    };
    let home = format!(
        "{}/console.aws.amazon.com/console/home",
        world.console.origin()
    );
    let login = "https://us-east-1.signin.aws.amazon.com/federation?Action=login&SigninToken=x";
    let ours = world.url(
        "us-east-1.signin.aws.amazon.com",
        "/federation?Action=login&SigninToken=x",
    );
    let regional = "us-east-1.signin.aws.amazon.com";
    for (host, target, expected) in [
        (regional, login, &*ours),
        (regional, &*ours, &*ours),
        (
            regional,
            DESTINATION,
            &*format!("{}/{}", world.console.origin(), &DESTINATION[8..]),
        ),
        ("signin.aws.amazon.com", login, &*home),
        (regional, "https://evil.example/", &*home),
        (regional, "http://us-east-1.signin.aws.amazon.com/", &*home),
        (
            regional,
            "https://signin.amazonaws-us-gov.com/oauth",
            &*home,
        ),
        (
            regional,
            &*format!("{}.evil.example/", world.aws.origin()),
            &*home,
        ),
        (
            regional,
            &*format!("{}/evil.example/", world.aws.origin()),
            &*home,
        ),
        (regional, "//evil.example", &*home),
        (regional, "", &*home),
    ] {
        let browser = Browser::default();
        world
            .enter(&browser, &of_role(&world, "ReadOnly", "erin"))
            .await;
        let page = browser.get(out(host, target)).await;
        assert_eq!(page.status, 302);
        assert_eq!(page.location.as_deref(), Some(expected), "{host} {target}");
        assert_eq!(
            browser.get(&home).await.status,
            401,
            "signed out all the same"
        );
    }
    world.stop().await;
}

#[actix_web::test]
async fn a_browser_that_opted_in_holds_five_sessions_each_under_a_host_of_its_own() {
    let world = World::start();
    let browser = Browser::default();
    let opt_in = world.url(
        "us-east-1.signin.aws.amazon.com",
        "/sessions/v1/opt-in?redirect_uri=https%3A%2F%2Fconsole.aws.amazon.com%2F",
    );
    let page = browser.get(&opt_in).await;
    assert_eq!(
        page.location.unwrap(),
        format!("{}/console.aws.amazon.com/", world.console.origin())
    );
    let mut pages = Vec::new();
    for name in ["a1", "a2", "a3", "a4", "a5"] {
        let page = world
            .enter(&browser, &of_role(&world, "ReadOnly", name))
            .await;
        assert_eq!(page.status, 302);
        let path = page.redirect().path().to_owned();
        let host = path.split('/').nth(1).unwrap().to_owned();
        let label = host
            .strip_suffix(".eu-west-1.console.aws.amazon.com")
            .unwrap();
        let (account, suffix) = label.split_once('-').unwrap();
        assert_eq!((account, suffix.len()), ("111122223333", 8));
        pages.push((name, page));
    }
    for (name, page) in &pages {
        assert_eq!(
            world.arrival(&browser, page).await["name"],
            format!("ReadOnly/{name}")
        );
    }
    let sixth = world
        .enter(&browser, &of_role(&world, "ReadOnly", "a6"))
        .await;
    assert_eq!(sixth.status, 200);
    assert!(sixth.body.contains("Sign out of one"));
    assert_eq!(sixth.body.matches("<li>").count(), 5);
    let newest = browser
        .get(format!(
            "{}/console.aws.amazon.com/?format=json",
            world.console.origin()
        ))
        .await;
    assert!(newest.body.contains("ReadOnly/a5"));
    browser.get(world.url(SIGNIN, "/oauth?Action=logout")).await;
    for (_, page) in &pages {
        assert_eq!(browser.get(page.redirect().as_str()).await.status, 401);
    }
    world.stop().await;
}

#[actix_web::test]
async fn opting_in_names_the_session_that_is_there() {
    let world = World::start();
    let browser = Browser::default();
    world
        .enter(&browser, &of_role(&world, "ReadOnly", "erin"))
        .await;
    let page = browser.get(world.url(SIGNIN, "/sessions/v1/opt-in?redirect_uri=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fx%3Fy%3Dz")).await;
    assert!(
        page.redirect_parameter("login_hint")
            .unwrap()
            .starts_with("111122223333-")
    );
    assert_eq!(page.redirect_parameter("y").unwrap(), "z");
    let second = world
        .enter(&browser, &of_role(&world, "Admin", "erin"))
        .await;
    assert_eq!(second.status, 302);
    world
        .aws
        .simulation()
        .change_switches(|switches| switches.signin.multi_session = true);
    let other = Browser::default();
    let page = world.enter(&other, &of_role(&world, "Admin", "erin")).await;
    assert!(page.redirect().path().starts_with("/111122223333-"));
    world.stop().await;
}

#[actix_web::test]
async fn one_browser_does_not_see_another_ones_session() {
    let world = World::start();
    let browser = Browser::default();
    let page = world
        .enter(&browser, &of_role(&world, "ReadOnly", "erin"))
        .await;
    let stranger = Browser::default().get(page.redirect().as_str()).await;
    assert_eq!(stranger.status, 401);
    assert!(!stranger.body.contains("erin"));
    world.stop().await;
}

#[actix_web::test]
async fn each_partition_has_sessions_of_its_own() {
    let world = World::start();
    let browser = Browser::default();
    let commercial = world
        .enter(&browser, &of_role(&world, "ReadOnly", "erin"))
        .await;
    let mut session = world.session(Made::Saml, role_session("Admin", "erin"));
    session.partition = Partition::UsGov;
    session.account = GOV_ACCOUNT.to_owned();
    let gov = session_json(&world.issue(session));
    let token = token_in(&world.ask_token(GOV_SIGNIN, &gov, &[]).await);
    let home = [("Destination", "https://console.amazonaws-us-gov.com/")];
    let government = browser
        .get(world.login_url(GOV_SIGNIN, &token, &home))
        .await;
    assert_eq!(government.status, 302, "no other session in this partition");
    browser
        .get(world.url(GOV_SIGNIN, "/oauth?Action=logout"))
        .await;
    let signed_in = async |page| world.arrival(&browser, page).await["signed_in"].clone();
    assert_eq!(signed_in(&government).await, false);
    assert_eq!(signed_in(&commercial).await, true);
    world.stop().await;
}
