//! Roles that ask more of a login: how young it is, and in which context. What is asked of the provider, what comes
//! back, and what nobody gets who does not bring it.

mod hostile;
mod oidc;
mod saml;

use chrono::TimeDelta;
use vestibule::domain::audit::EventKind;

use crate::world::accounts::{DEV, MODEL, further_roles};
use crate::world::browser::{Browser, Page};
use crate::world::{World, WorldBuilder};

/// What the SAML provider calls a login with a code from a device.
const CODE: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken";

const FRESH: &str = "/go/payments-dev/Fresh";
const STRONG: &str = "/go/payments-dev/Strong";
const GUARDED: &str = "/go/payments-dev/Guarded";

/// The usual model, and a role for each thing that can be asked of a login.
fn model() -> String {
    let role = |name: &str, requires: &str| {
        format!(
            "\n[[roles]]\naccount = \"payments-dev\"\nname = \"{name}\"\nmethod = \"AssumeRole\"\n\
             credentials = \"hub\"\nconsole_hours = 1\nrequires = {{ {requires} }}\n"
        )
    };
    let acr = format!("acr = [\"phr\", \"{CODE}\"]");
    [
        MODEL.to_owned(),
        role("Fresh", "login_within_minutes = 15"),
        role("Strong", &acr),
        role("Guarded", &format!("login_within_minutes = 15, {acr}")),
    ]
    .concat()
}

async fn start() -> World {
    start_with(World::builder().model(&model())).await
}

async fn start_with(builder: WorldBuilder) -> World {
    let world = builder.start().await;
    let names = ["Fresh", "Strong", "Guarded"].map(str::to_owned);
    further_roles(&world.sandbox, DEV, &names);
    world.aws_forgets();
    world
}

/// A browser with a session of erin's by that provider.
async fn signed_in_by(world: &World, idp: &str) -> Browser {
    let browser = world.browser();
    let page = world
        .signs_in(&browser, &format!("/?idp={idp}"), "erin")
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    browser
}

fn minutes_go_by(world: &World, minutes: i64) {
    world.clock.advance(TimeDelta::minutes(minutes));
}

/// The authorization requests on the way to a page: what each asked for, by name.
fn asked(page: &Page, name: &str) -> Vec<Option<String>> {
    let hops = page.hops.iter();
    hops.filter(|hop| hop.url.path() == "/authorize")
        .map(|hop| {
            let mut pairs = hop.url.query_pairs();
            let found = pairs.find(|(other, _)| other == name);
            found.map(|(_, value)| value.into_owned())
        })
        .collect()
}

/// Nobody got in: the page says what is missing, AWS was asked for nothing, and the record says why.
async fn nobody_got_in(world: &World, page: &Page, cause: &str, says: &str) {
    page.is_refused(403, "login-not-enough");
    assert!(page.body.contains(says), "{says}: {}", page.body);
    assert_eq!(world.aws_actions(), [""; 0]);
    let refused = world.audit(EventKind::SigninRefused).await;
    let last = refused.last().expect("a row");
    assert_eq!(last.cause.as_deref(), Some(cause));
    assert_eq!(world.audit(EventKind::SigninBegun).await.len(), 0);
}
