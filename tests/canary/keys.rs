//! Keys, which one page shows on purpose.

use regex::Regex;
use vestibule_sandbox::aws::faults::{Fault, HostKind};

use crate::Found;
use crate::world::World;

/// Keys stand on the page that shows them, and nowhere else: that one page is not kept among the others, and whatever
/// comes after it is.
pub(super) async fn are_shown(world: &World, found: &mut Found) {
    let secret = Regex::new("&#34;(SecretAccessKey|SessionToken)&#34;: &#34;(.+?)&#34;").unwrap();
    for (idp, role) in [
        ("corp", "Admin"),
        ("corp", "SamlReader"),
        ("okta", "WebReader"),
    ] {
        let browser = world.browser();
        let link = format!("/keys/payments-prod/{role}");
        let page = world
            .signs_in(&browser, &format!("{link}?idp={idp}"), "erin")
            .await;
        found.page(&page);
        found.cookies(&browser, &world.url);
        let mut forms = page.forms().into_iter();
        let form = forms.find(|form| form.action.path() == link).unwrap();
        let answer = browser.submits(&form).await;
        let answer = world.goes_on(&browser, answer, "erin").await;
        let shown: Vec<_> = secret.captures_iter(&answer.body).collect();
        assert_eq!(shown.len(), 2, "{}", answer.body);
        for shown in shown {
            let text = &shown[2];
            found.secret("a key that was shown", &text[text.len() - 40..]);
        }
        found.cookies(&browser, &world.url);
        for path in [
            link.as_str(),
            "/",
            "/api/v1/me",
            "/keys/payments-prod/Nothing",
        ] {
            found.page(&browser.opens(&world.at(path)).await);
        }
    }
    // keys that were made and did not leave
    let browser = world.signed_in("erin").await;
    let page = browser.opens(&world.at("/keys/payments-prod/Admin")).await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.path().starts_with("/keys/"));
    let odd = Fault::replace_element("SecretAccessKey", "planted secret with blanks");
    let faults = &world.sandbox.simulation().faults;
    faults.clear();
    faults.plan(HostKind::Sts, Some("AssumeRole"), odd);
    let refused = browser.submits_once(&form.unwrap()).await;
    assert_eq!(refused.status, 502, "{}", refused.body);
    found.page(&refused);
    found.secret("a secret that was refused", "planted secret with blanks");
}
