//! By OpenID Connect: `max_age` and `acr_values` out, `auth_time` and `acr` back.

use vestibule_sandbox::aws::faults::HostKind;

use vestibule::domain::audit::EventKind;

use super::{FRESH, GUARDED, STRONG, asked, minutes_go_by, model, signed_in_by, start};
use crate::world::browser::{Form, Page};
use crate::world::{OIDC, World};

#[tokio::test]
async fn a_young_login_opens_the_role_at_once_and_an_old_one_is_asked_for_anew() {
    let world = start().await;
    let browser = signed_in_by(&world, OIDC).await;
    minutes_go_by(&world, 14);
    let page = browser.opens_once(&world.at(FRESH)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(world.aws_actions(), ["AssumeRole", "getSigninToken"]);
    minutes_go_by(&world, 10);
    world.aws_forgets();
    let page = browser.opens(&world.at(FRESH)).await;
    assert_eq!(asked(&page, "max_age"), [Some("900".to_owned())]);
    assert_eq!(asked(&page, "acr_values"), [None]);
    assert_eq!(asked(&page, "prompt"), [None]);
    assert_eq!(world.aws_actions(), [""; 0], "nothing before the answer");
    let page = world.goes_on(&browser, page, "erin").await;
    world.console(&browser, &page).await;
    assert_eq!(world.aws_actions(), ["AssumeRole", "getSigninToken"]);
    world.stop().await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_once_and_then_known() {
    let world = start().await;
    let browser = signed_in_by(&world, OIDC).await;
    let page = browser.opens(&world.at(STRONG)).await;
    let acr = format!("phr {}", super::CODE);
    assert_eq!(asked(&page, "acr_values"), [Some(acr)]);
    assert_eq!(asked(&page, "max_age"), [None]);
    let page = world.goes_on(&browser, page, "erin").await;
    world.console(&browser, &page).await;
    let again = browser.opens_once(&world.at(STRONG)).await;
    assert_eq!(again.status, 303, "{}", again.body);
    let location = again.location().unwrap();
    assert!(!location.path().ends_with("/authorize"), "{location}");
    world.stop().await;
}

#[tokio::test]
async fn who_has_no_session_learns_what_a_role_asks_for_only_once_they_hold_it() {
    let world = start().await;
    for (username, trips) in [("erin", 2), ("nora", 1)] {
        let browser = world.browser();
        let link = world.at(&format!("{GUARDED}?idp={OIDC}"));
        let page = browser.opens(&link).await;
        assert_eq!(asked(&page, "acr_values"), [None], "{username}");
        assert_eq!(asked(&page, "max_age"), [None], "{username}");
        let page = world.goes_on(&browser, page, username).await;
        if trips == 2 {
            assert_eq!(asked(&page, "max_age"), [Some("900".to_owned())]);
            let page = world.goes_on(&browser, page, username).await;
            world.console(&browser, &page).await;
        } else {
            page.is_refused(403, "not-entitled");
            assert!(asked(&page, "max_age").is_empty());
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn a_login_that_grows_too_old_while_aws_answers_is_asked_for_anew() {
    let world = start().await;
    let browser = signed_in_by(&world, OIDC).await;
    minutes_go_by(&world, 10);
    let link = world.at(FRESH);
    let page = world
        .held_at(
            (HostKind::Sts, "AssumeRole"),
            browser.opens_once(&link),
            async { minutes_go_by(&world, 10) },
        )
        .await;
    let location = page.location().expect("off to the provider");
    assert!(location.path().ends_with("/authorize"), "{location}");
    let (_, ended) = world.signin_rows(1).await;
    assert_eq!(ended.result.as_deref(), Some("refused"));
    assert_eq!(ended.cause.as_deref(), Some("login.too_old"));
    assert!(ended.access_key_id.is_some(), "the key that was made");
    let page = browser.follows(page).await;
    let page = world.goes_on(&browser, page, "erin").await;
    world.console(&browser, &page).await;
    world.stop().await;
}

#[tokio::test]
async fn what_a_role_begins_to_ask_for_counts_for_a_click_under_way() {
    let world = start().await;
    let browser = signed_in_by(&world, OIDC).await;
    let asking = model().replace(
        "name = \"Developer\"\n",
        "name = \"Developer\"\nrequires = { acr = [\"phr\"] }\n",
    );
    let link = world.at("/go/payments-dev/Developer");
    let page = world
        .held_at(
            (HostKind::Sts, "AssumeRole"),
            browser.opens_once(&link),
            world.publishes(&asking),
        )
        .await;
    let location = page.location().expect("off to the provider");
    assert!(location.path().ends_with("/authorize"), "{location}");
    assert!(location.query().unwrap().contains("acr_values=phr"));
    let (_, ended) = world.signin_rows(1).await;
    assert_eq!(ended.cause.as_deref(), Some("login.context_not_said"));
    world.stop().await;
}

#[tokio::test]
async fn the_portal_and_the_lists_say_what_is_asked_for() {
    let world = start().await;
    let browser = signed_in_by(&world, OIDC).await;
    let portal = browser.opens(&world.at("/")).await.body;
    for words in [
        "asks for a login of the last 15 minutes",
        "asks for a stronger login<",
        "asks for a stronger login of the last 15 minutes",
    ] {
        assert!(portal.contains(words), "{words}");
    }
    let admin = world.signed_in("ada").await;
    let lists = world.at("/admin/access?show=roles&q=Guarded");
    let lists = admin.opens(&lists).await.body;
    let contexts = format!("the context phr or {}", super::CODE);
    assert!(lists.contains(&contexts), "{lists}");
    world.stop().await;
}

#[tokio::test]
async fn a_login_under_way_from_before_such_roles_still_arrives() {
    let world = World::start().await;
    let browser = world.browser();
    let page = browser.opens(&world.at("/?idp=okta")).await;
    let page = world.goes_on(&browser, page, "erin").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(world.audit(EventKind::SessionBegan).await.len(), 1);
    world.stop().await;
}

fn keys_form(page: &Page) -> Form {
    let mut forms = page.forms().into_iter();
    let keys = forms.find(|form| form.post && form.action.path().starts_with("/keys/"));
    keys.unwrap_or_else(|| panic!("no form for keys: {}", page.body))
}

#[tokio::test]
async fn keys_ask_for_what_the_console_asks_for() {
    let world = start().await;
    let browser = signed_in_by(&world, OIDC).await;
    let keys = world.at("/keys/payments-dev/Guarded");
    let form = keys_form(&browser.opens(&keys).await);
    let page = browser.submits(&form).await;
    assert_eq!(asked(&page, "max_age"), [Some("900".to_owned())]);
    assert_eq!(world.aws_actions(), [""; 0], "nothing before the answer");
    let page = world.goes_on(&browser, page, "erin").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("AWS_SESSION_TOKEN"), "{}", page.body);
    assert_eq!(world.aws_actions(), ["AssumeRole"]);
    minutes_go_by(&world, 10);
    let form = keys_form(&browser.opens(&keys).await);
    let page = world
        .held_at(
            (HostKind::Sts, "AssumeRole"),
            browser.submits_once(&form),
            async { minutes_go_by(&world, 10) },
        )
        .await;
    let location = page.location().expect("off to the provider");
    assert!(location.path().ends_with("/authorize"), "{location}");
    assert!(!page.body.contains("AWS_SESSION_TOKEN"), "{}", page.body);
    let ended = world.audited(EventKind::KeysEnded, 2).await;
    assert_eq!(ended[1].cause.as_deref(), Some("login.too_old"));
    world.stop().await;
}
