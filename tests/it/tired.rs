//! Pages for somebody in a hurry whose browser is not where they think it is: cookies off, another browser, a stale
//! tab, a step back. Each says what happened and leads on, and none of them lets anything through.

use vestibule::domain::audit::EventKind;

use crate::world::browser::{Browser, Form, Page};
use crate::world::{OIDC, SAML, World};

const LINK: &str = "/go/payments-prod/Admin";

/// The page says all that it must, and has these ways on.
fn leads_on(page: &Page, ways: &[&str]) {
    for part in [
        "<h2>Who can repair it</h2>",
        "<h2>What to do now</h2>",
        "<dt>Reference</dt>",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let links = page.links();
    for way in ways {
        assert!(links.iter().any(|link| link == way), "{way}: {links:?}");
    }
}

/// What a provider sends back: the form of the one, the callback of the other.
enum Back {
    Form(Form),
    Address(String),
}

impl Back {
    async fn of(world: &World, browser: &Browser, idp: &str) -> Self {
        let link = format!("{LINK}?idp={idp}");
        if idp == SAML {
            return Self::Form(world.saml_answer(browser, &link, "erin").await);
        }
        let departs = browser.opens_once(&world.at(&link)).await;
        let there = departs.location().unwrap();
        let asks = browser.opens_once(there.as_str()).await;
        let page = match asks.form_with("username") {
            Some(form) => {
                let form = form.with("username", "erin").with("password", "erin-pass");
                browser.submits_once(&form).await
            }
            None => asks,
        };
        Self::Address(page.location().unwrap().to_string())
    }

    async fn arrives(&self, browser: &Browser) -> Page {
        match self {
            Self::Form(form) => browser.submits_once(form).await,
            Self::Address(url) => browser.opens_once(url).await,
        }
    }
}

#[tokio::test]
async fn a_browser_without_cookies_is_told_so_and_the_login_stays_with_its_own() {
    let world = World::start().await;
    for idp in [SAML, OIDC] {
        let browser = world.browser();
        let back = Back::of(&world, &browser, idp).await;
        let bare = world.browser();
        let page = back.arrives(&bare).await;
        page.is_refused(403, "cookies-off");
        assert!(page.body.contains("Allow cookies for this site"));
        assert_eq!(page.header("set-cookie"), "");
        leads_on(&page, &["/sign-in"]);
        // one that keeps cookies, and began a login of its own, is in the wrong place instead
        Back::of(&world, &bare, idp).await;
        let page = back.arrives(&bare).await;
        page.is_refused(403, "other-browser");
        leads_on(&page, &["/sign-in"]);
        let me = bare.opens_once(&world.at("/api/v1/me")).await;
        assert_eq!(me.status, 401, "{idp}");
        // neither harmed the login where it began
        let page = back.arrives(&browser).await;
        assert_eq!(page.status, 303, "{idp}: {}", page.body);
    }
    let failed = world.audit(EventKind::LoginFailed).await;
    let causes: Vec<_> = failed.iter().map(|row| row.cause.as_deref()).collect();
    let each = [Some("login.no_cookies"), Some("login.other_browser")];
    assert_eq!(causes, [each, each].concat());
    world.stop().await;
}

#[tokio::test]
async fn a_step_back_after_a_sign_in_leads_to_the_roles_that_are_open() {
    let world = World::start().await;
    for idp in [SAML, OIDC] {
        let browser = world.browser();
        let back = Back::of(&world, &browser, idp).await;
        assert_eq!(back.arrives(&browser).await.status, 303);
        let page = back.arrives(&browser).await;
        page.is_refused(400, "login-used");
        leads_on(&page, &["/", "/sign-in"]);
        // it ended nothing
        let roles = browser.opens_once(&world.at("/")).await;
        assert_eq!(roles.status, 200, "{idp}: {}", roles.body);
    }
    world.stop().await;
}

/// What a tab can still send: the star of a role, the settings, keys, and signing out.
struct Tab {
    star: Form,
    settings: Form,
    keys: Form,
    sign_out: Form,
}

impl Tab {
    async fn of(world: &World, browser: &Browser) -> Self {
        let page = browser.opens(&world.at("/settings")).await;
        let settings = page.form_with("region").unwrap();
        let mut star = settings.clone();
        star.action = world.at("/favourites").parse().unwrap();
        star.fields.retain(|(name, _)| name == "form_token");
        let role = ("add".to_owned(), "444455556666/Developer".to_owned());
        star.fields.push(role);
        let keys = browser
            .opens(&world.at("/keys/payments-dev/Developer"))
            .await;
        let posts = |page: &Page, path: &str| {
            let mut forms = page.forms().into_iter();
            forms.find(|form| form.action.path() == path).unwrap()
        };
        Self {
            star,
            settings,
            keys: posts(&keys, "/keys/payments-dev/Developer"),
            sign_out: posts(&page, "/sign-out"),
        }
    }
}

#[tokio::test]
async fn a_tab_whose_session_ended_in_another_says_so_and_leads_on() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let stale = Tab::of(&world, &browser).await;
    browser.submits(&stale.sign_out).await;
    for form in [&stale.star, &stale.settings] {
        let page = browser.submits_once(form).await;
        page.is_refused(403, "signed-out-elsewhere");
        leads_on(&page, &["/sign-in"]);
    }
    // signing out once more says what is so
    let page = browser.submits_once(&stale.sign_out).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are signed out of Vestibule"));
    // keys are asked for again, behind a new sign-in: the form is no proof of anything any more
    let page = browser.submits_once(&stale.keys).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert!(world.audit(EventKind::KeysBegun).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_tab_of_an_earlier_session_does_nothing_in_the_new_one() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let stale = Tab::of(&world, &browser).await;
    browser.submits(&stale.sign_out).await;
    world
        .signs_in(&browser, &format!("/?idp={SAML}"), "erin")
        .await;
    for form in [&stale.star, &stale.settings, &stale.keys, &stale.sign_out] {
        let page = browser.submits_once(form).await;
        page.is_refused(403, "other-session");
        leads_on(&page, &["/"]);
        assert!(!page.body.contains("not from a page of ours"));
        // what never was a token of anybody's comes from no page of ours
        let page = browser
            .submits_once(&form.clone().with("form_token", "x"))
            .await;
        page.is_refused(403, "form-refused");
    }
    assert!(world.audit(EventKind::KeysBegun).await.is_empty());
    let fresh = Tab::of(&world, &browser).await;
    let page = browser.submits_once(&fresh.star).await;
    assert_eq!(page.status, 303, "the session lives: {}", page.body);
    world.stop().await;
}
