//! Providers that were asked for a better login and bring something else: nobody gets in, and nobody is sent round in
//! circles.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use vestibule::clock::Clock as _;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::idp::oidc::OidcOptions;

use super::{GUARDED, asked, minutes_go_by, nobody_got_in, signed_in_by, start};
use crate::world::browser::Page;
use crate::world::{OIDC, World};

/// Opens the guarded role with a session that does not do, and signs in anew while the provider says what `edit`
/// makes of it.
async fn comes_back(
    world: &World,
    edit: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static,
) -> Page {
    world.sandbox.oidc_idp.configure(|options| {
        *options = OidcOptions::default();
    });
    let browser = signed_in_by(world, OIDC).await;
    minutes_go_by(world, 20);
    world.sandbox.oidc_idp.configure(|options| {
        options.edit_claims = Some(Arc::new(edit));
    });
    let page = browser.opens(&world.at(GUARDED)).await;
    assert_eq!(asked(&page, "max_age"), [Some("900".to_owned())]);
    let page = world.goes_on(&browser, page, "erin").await;
    assert!(asked(&page, "max_age").is_empty(), "sent round in circles");
    page
}

/// A claim, and what it says instead; `None` leaves it out.
type Claim = (&'static str, Option<Value>);

const NO_TIME: (&str, &str) = ("login.time_not_said", "does not say when you signed in");
const TOO_OLD: (&str, &str) = ("login.too_old", "longer ago than that");
const NO_CONTEXT: (&str, &str) = ("login.context_not_said", "does not say how you signed in");
const OTHER: (&str, &str) = ("login.other_context", "let you sign in in another way");

// O8
#[tokio::test]
async fn a_login_that_is_not_as_young_or_as_strong_as_was_asked_opens_nothing() {
    let world = start().await;
    let hour_ago = world.clock.now().timestamp() - 3_600;
    let acr = |value: Value| ("acr", Some(value));
    let cases: Vec<(Vec<Claim>, (&str, &str))> = vec![
        (vec![("auth_time", None)], NO_TIME),
        (vec![("auth_time", Some(json!(hour_ago)))], TOO_OLD),
        (vec![("auth_time", Some(json!(1)))], TOO_OLD),
        (vec![("acr", None)], NO_CONTEXT),
        (
            vec![("acr", None), ("amr", Some(json!(["phr"])))],
            NO_CONTEXT,
        ),
        (vec![acr(json!(["phr"]))], NO_CONTEXT),
        (vec![acr(json!({ "phr": true }))], NO_CONTEXT),
        (vec![acr(json!("pwd"))], OTHER),
        (vec![acr(json!(""))], OTHER),
        (vec![acr(json!("phr phrh"))], OTHER),
        (vec![acr(json!("PHR"))], OTHER),
    ];
    for (claims, (cause, says)) in cases {
        let what = format!("{claims:?}");
        let page = comes_back(&world, move |all| {
            for (name, value) in &claims {
                match value {
                    Some(value) => all.insert((*name).to_owned(), value.clone()),
                    None => all.remove(*name),
                };
            }
        })
        .await;
        assert_eq!(page.problem(), "login-not-enough", "{what}: {}", page.body);
        nobody_got_in(&world, &page, cause, says).await;
    }
    world.stop().await;
}

// O8
#[tokio::test]
async fn a_time_of_authentication_that_lies_ahead_or_is_none_begins_no_session() {
    let world = start().await;
    let soon = world.clock.now().timestamp() + 100 * 60;
    for bad in [
        json!(soon),
        json!("1"),
        json!(-1),
        json!(1.5),
        json!(null),
        json!(i64::MAX),
        json!([1]),
    ] {
        let before = world.audit(EventKind::SessionBegan).await.len();
        let shown = bad.to_string();
        let page = comes_back(&world, move |all| {
            all.insert("auth_time".to_owned(), bad.clone());
        })
        .await;
        page.is_refused(403, "proof-refused");
        // the first login of each round is honest
        let after = world.audit(EventKind::SessionBegan).await.len();
        assert_eq!(after, before + 1, "{shown}");
    }
    assert_eq!(world.aws_actions(), [""; 0]);
    world.stop().await;
}

#[tokio::test]
async fn a_provider_that_says_it_cannot_is_told_apart_from_one_that_says_no() {
    let world = start().await;
    for (error, problem) in [
        ("unmet_authentication_requirements", "login-not-enough"),
        ("access_denied", "idp-refused"),
    ] {
        world.sandbox.oidc_idp.configure(|options| {
            *options = OidcOptions::default();
        });
        let browser = signed_in_by(&world, OIDC).await;
        world.sandbox.oidc_idp.configure(|options| {
            options.authorize_error = Some((error.to_owned(), None));
        });
        let page = browser.opens(&world.at(GUARDED)).await;
        page.is_refused(403, problem);
        assert_eq!(asked(&page, "max_age").len(), 1, "asked once");
        // the session there was is left as it was
        let portal = browser.opens(&world.at("/")).await;
        assert_eq!(portal.status, 200);
    }
    let failed = world.audit(EventKind::LoginFailed).await;
    assert_eq!(failed[0].cause.as_deref(), Some("login.context_refused"));
    world.stop().await;
}

#[tokio::test]
async fn parameters_of_a_visitor_s_lower_nothing() {
    let world = start().await;
    let browser = signed_in_by(&world, OIDC).await;
    minutes_go_by(&world, 20);
    for query in [
        "max_age=999999",
        "acr_values=pwd&prompt=none",
        "requires=&login_within_minutes=9999",
    ] {
        let page = browser
            .opens(&world.at(&format!("{GUARDED}?{query}")))
            .await;
        assert_eq!(asked(&page, "max_age"), [Some("900".to_owned())]);
        let acr = format!("phr {}", super::CODE);
        assert_eq!(asked(&page, "acr_values"), [Some(acr)]);
        assert_eq!(asked(&page, "prompt"), [None]);
    }
    world.stop().await;
}
