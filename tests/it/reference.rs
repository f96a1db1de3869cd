//! The reference on an error page leads to the reason in the log, and to the row in the record.

use regex::Regex;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind};

use crate::world::World;
use crate::world::browser::Page;
use crate::world::serving::Serving;

/// One object a line, without colours.
const JSON: &str = "[log]\nformat = \"json\"\n\n[aws]\n";

/// The reference that a page shows.
fn reference(page: &Page) -> String {
    let shown = Regex::new(r"<dt>Reference</dt><dd>([A-Za-z0-9_-]+)</dd>").unwrap();
    shown.captures(&page.body).expect("a reference")[1].to_owned()
}

/// The line of a log that says something.
fn line<'l>(log: &'l str, said: &str) -> &'l str {
    let mut lines = log.lines();
    lines
        .find(|line| line.contains(said))
        .unwrap_or_else(|| panic!("{said} is not in the log: {log}"))
}

#[tokio::test]
async fn the_reference_on_a_page_stands_beside_the_reason_in_the_log() {
    let world = World::start().await;
    let serving = Serving::start(&world, &[("[aws]\n", JSON)], &[]);
    let browser = world.signed_in("erin").await;
    let at = |path: &str| format!("{}{path}", serving.url);
    let faults = &world.sandbox.simulation().faults;

    let denied = Fault::sts_error(403, "AccessDenied", "for a reason of its own");
    faults.plan(HostKind::Sts, Some("AssumeRole"), denied);
    let page = browser.opens_once(&at("/go/payments-prod/Admin")).await;
    page.is_refused(403, "aws-refused");
    let refused = reference(&page);
    let log = serving.log();
    for said in ["for a reason of its own", "code\":\"aws-refused"] {
        assert!(line(&log, said).contains(&refused), "{said}: {log}");
    }
    let ended = world.audited(EventKind::SigninEnded, 1).await;
    assert_eq!(ended[0].reference.as_ref(), Some(&refused));

    // and every page has one of its own
    let page = browser.opens_once(&at("/go/payments-prod/Nothing")).await;
    page.is_refused(403, "not-entitled");
    let other = reference(&page);
    assert_ne!(other, refused);
    let rows = world.audited(EventKind::SigninRefused, 1).await;
    assert_eq!(rows[0].reference.as_ref(), Some(&other));

    // what was wrong with a provider's answer stands in the log alone
    world
        .sandbox
        .saml_idp
        .configure(|options| options.recipient = Some("https://elsewhere.example/acs".to_owned()));
    let browser = world.browser();
    let mut form = world.saml_answer(&browser, "/sign-in/corp", "erin").await;
    form.action = url::Url::parse(&at("/saml/corp/acs")).unwrap();
    let page = browser.submits_once(&form).await;
    page.is_refused(403, "proof-refused");
    let log = serving.log();
    let said = line(&log, "an identity provider's answer was refused");
    assert!(said.contains(&reference(&page)), "{log}");
    drop(serving);
    world.stop().await;
}
