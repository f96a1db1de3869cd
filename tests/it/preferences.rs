//! What people choose for themselves: it follows them between browsers, is nobody else's, and bounds itself.

use crate::world::browser::{Browser, Page};
use crate::world::{OIDC, SAML, World};

pub async fn signed_in(world: &World, username: &str) -> Browser {
    let browser = world.browser();
    let page = world
        .signs_in(&browser, &format!("/?idp={SAML}"), username)
        .await;
    assert_eq!(page.status, 200);
    browser
}

pub async fn settings(world: &World, browser: &Browser) -> Page {
    browser.opens(&world.at("/settings")).await
}

/// Sends the form of the settings with these choices.
pub async fn chooses(world: &World, browser: &Browser, choices: &[(&str, &str)]) -> Page {
    let page = settings(world, browser).await;
    let form = page.form_with("region").unwrap();
    let form = choices
        .iter()
        .fold(form, |form, (name, value)| form.with(name, value));
    browser.submits(&form).await
}

/// Makes a role a favourite, or no longer one, as the portal's form does.
pub async fn stars(world: &World, browser: &Browser, deed: &str, role: &str) -> Page {
    let page = settings(world, browser).await;
    let mut form = page.form_with("region").unwrap();
    form.action = world.at("/favourites").parse().unwrap();
    form.fields.retain(|(name, _)| name == "form_token");
    form.fields.push((deed.to_owned(), role.to_owned()));
    browser.submits(&form).await
}

fn is_checked(page: &Page, choice: &str) -> bool {
    page.body.contains(&format!("value=\"{choice}\" checked"))
}

#[tokio::test]
async fn settings_follow_a_person_between_browsers_and_are_nobody_else_s() {
    let world = World::start().await;
    let here = signed_in(&world, "erin").await;
    let before = settings(&world, &here).await;
    assert!(!is_checked(&before, "add") && !is_checked(&before, "replace"));
    let saved = chooses(
        &world,
        &here,
        &[("region", "eu-west-1"), ("consoles", "replace")],
    )
    .await;
    assert_eq!((saved.status, saved.url.path()), (200, "/"));
    let there = signed_in(&world, "erin").await;
    let after = settings(&world, &there).await;
    assert!(after.body.contains("value=\"eu-west-1\""));
    assert!(is_checked(&after, "replace"));
    chooses(&world, &there, &[("region", ""), ("consoles", "add")]).await;
    let again = settings(&world, &here).await;
    assert!(!again.body.contains("value=\"eu-west-1\""));
    assert!(is_checked(&again, "add"));
    // somebody else, and the same name at another provider
    let ada = signed_in(&world, "ada").await;
    assert!(!is_checked(&settings(&world, &ada).await, "add"));
    let other = world.browser();
    world
        .signs_in(&other, &format!("/settings?idp={OIDC}"), "erin")
        .await;
    assert!(!is_checked(&settings(&world, &other).await, "add"));
    world.stop().await;
}

#[tokio::test]
async fn a_link_to_the_settings_leads_through_the_sign_in_to_them() {
    let world = World::start().await;
    let page = world
        .signs_in(&world.browser(), &format!("/settings?idp={SAML}"), "erin")
        .await;
    assert_eq!((page.status, page.url.path()), (200, "/settings"));
    world.stop().await;
}

#[tokio::test]
async fn a_choice_that_is_none_changes_nothing() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    chooses(&world, &browser, &[("region", "eu-west-1")]).await;
    for (choice, status) in [
        (("region", "eu-west-1.evil.example"), 400),
        (("region", "xx-nowhere-1"), 400),
        (("region", "../x"), 400),
    ] {
        let page = chooses(&world, &browser, &[choice]).await;
        assert_eq!(page.status, status, "{choice:?}");
        let now = settings(&world, &browser).await;
        assert!(now.body.contains("value=\"eu-west-1\""), "{choice:?}");
    }
    world.stop().await;
}

#[tokio::test]
async fn only_a_role_that_one_holds_becomes_a_favourite_and_others_are_all_alike() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let page = stars(&world, &browser, "add", "444455556666/Developer").await;
    assert_eq!((page.status, page.url.path()), (200, "/"));
    // a role that exists and is not hers, one that does not exist, and an account that does not
    let refused: Vec<Page> = {
        let mut pages = Vec::new();
        for role in [
            "111122223333/Nobodys",
            "111122223333/NoSuchRole",
            "999999999999/Admin",
        ] {
            pages.push(stars(&world, &browser, "add", role).await);
        }
        pages
    };
    for page in &refused {
        assert_eq!(page.status, 403, "{}", page.body);
        assert!(page.body.contains("data-problem=\"not-entitled\""));
    }
    for role in [
        "",
        "payments-dev/Developer",
        "444455556666",
        "444455556666/a/b",
        "444455556666/\u{0}",
    ] {
        let page = stars(&world, &browser, "add", role).await;
        assert_eq!(page.status, 400, "{role:?}");
    }
    // what is no longer held can still be taken away
    let page = stars(&world, &browser, "remove", "999999999999/Admin").await;
    assert_eq!(page.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn stars_of_many_tabs_at_once_are_all_kept() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let page = settings(&world, &browser).await;
    let token = page
        .form_with("region")
        .unwrap()
        .value("form_token")
        .unwrap()
        .to_owned();
    let roles = ["Admin", "ReadOnly", "Saml"];
    let held: Vec<String> = {
        let me = browser.opens(&world.at("/api/v1/me")).await;
        let me: serde_json::Value = serde_json::from_str(&me.body).unwrap();
        let roles = me["roles"].as_array().unwrap().iter();
        roles
            .filter_map(|role| role.as_str().unwrap().strip_prefix("payments-prod/"))
            .map(|name| format!("111122223333/{name}"))
            .collect()
    };
    assert!(held.len() >= roles.len(), "{held:?}");
    let all = held.iter().map(|role| {
        let mut form = page.form_with("region").unwrap();
        form.action = world.at("/favourites").parse().unwrap();
        form.fields = vec![
            ("form_token".to_owned(), token.clone()),
            ("add".to_owned(), role.clone()),
        ];
        let browser = &browser;
        async move { browser.submits(&form).await.status }
    });
    let statuses = futures_util::future::join_all(all).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let kept = world.kept(SAML, "erin@example.com").await;
    for role in &held {
        assert!(kept.contains(role), "{role} was lost: {kept}");
    }
    world.stop().await;
}
