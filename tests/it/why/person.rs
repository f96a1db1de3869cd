//! For the person themself: their own reasons, what a discoverable role wants, and of all else nothing.

use super::{model, world};
use crate::web::links::made_up;
use crate::web::wire::{Answer, cookie_line, sends};
use crate::world::browser::{Browser, Page};
use crate::world::{OIDC, SAML, World};
use vestibule::domain::audit::EventKind;

fn path(role: &str) -> String {
    format!("/roles/payments-prod/{role}/why")
}

async fn asks(world: &World, browser: &Browser, path: &str) -> Answer {
    let cookies = cookie_line(world, browser);
    sends(world, &format!("GET {path}"), &[&cookies], b"").await
}

#[tokio::test]
async fn a_person_is_told_which_of_their_own_claims_gives_a_role() {
    let world = world().start().await;
    for idp in [SAML, OIDC] {
        let browser = world.browser();
        // through the sign-in and back to the same address
        let asked = format!("{}?idp={idp}", path("Narrow"));
        let page = world.signs_in(&browser, &asked, "erin").await;
        assert_eq!((page.status, page.url.path()), (200, &*path("Narrow")));
        assert!(page.body.contains("Why Narrow is yours"), "{}", page.body);
        assert!(page.body.contains("<b>payments engineers</b>"));
        assert!(page.body.contains("Your groups: <code>payments-eng</code>"));
        for hidden in ["canary", "auditors", "contractor", "oncall", "gov-prod"] {
            assert!(!page.body.contains(hidden), "{hidden}: {}", page.body);
        }
        let links = page.links();
        assert!(links.contains(&"/go/payments-prod/Narrow".to_owned()));
        assert!(links.contains(&"/keys/payments-prod/Narrow".to_owned()));
    }
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_discoverable_role_says_what_it_wants_and_hides_rules_about_accounts_at_large() {
    let world = world().start().await;
    let browser = world.browser();
    let asked = format!("{}?idp={SAML}", path("Admin"));
    let page = world.signs_in(&browser, &asked, "nora").await;
    assert_eq!(page.status, 200);
    for told in [
        "Why Admin is not yours",
        "groups is <code>payments-eng</code>",
        "Your identity provider sent no groups.",
        "payments-leads@example.com",
    ] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    for hidden in ["canary", "payments engineers", "contractor", "/go/"] {
        assert!(!page.body.contains(hidden), "{hidden}: {}", page.body);
    }
    let by_id = browser
        .opens(&world.at("/roles/111122223333/Admin/why"))
        .await;
    assert_eq!((by_id.status, &by_id.body), (200, &page.body));
    world.stop().await;
}

#[tokio::test]
async fn who_is_refused_a_discoverable_role_is_led_to_what_is_missing() {
    let world = world().start().await;
    let browser = world.signed_in("nora").await;
    for way in ["/go/", "/keys/", "/go/111122223333/"] {
        let asked = match way {
            "/go/111122223333/" => format!("{way}Admin"),
            way => format!("{way}payments-prod/Admin"),
        };
        let refused = browser.opens(&world.at(&asked)).await;
        assert_eq!(refused.status, 403, "{asked}");
        assert!(refused.links().contains(&path("Admin")), "{asked}");
    }
    let told = browser.opens(&world.at(&path("Admin"))).await;
    assert_eq!(told.status, 200);
    let unknown = browser.opens(&world.at("/go/payments-prod/Narrow")).await;
    assert_eq!(unknown.status, 403);
    assert!(!unknown.body.contains("/why"), "{}", unknown.body);
    world.stop().await;
}

#[tokio::test]
async fn who_is_given_a_discoverable_role_and_has_it_taken_away_is_told_by_their_own_claim() {
    let world = world().start().await;
    let browser = world.browser();
    let asked = format!("{}?idp={SAML}", path("Admin"));
    let page = world.signs_in(&browser, &asked, "carl").await;
    assert_eq!(page.status, 200);
    for told in [
        "another one takes it away",
        "Your employment: <code>contractor</code>",
        "Your groups: <code>payments-eng</code>",
    ] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    for hidden in ["stay out", "environment:", "canary", "/go/"] {
        assert!(!page.body.contains(hidden), "{hidden}: {}", page.body);
    }
    world.stop().await;
}

#[tokio::test]
async fn what_may_not_be_told_gets_the_bytes_of_a_role_that_does_not_exist() {
    let world = world().start().await;
    // Carl is given them and has them taken away; Nora is given nothing
    for who in ["carl", "nora"] {
        let browser = world.signed_in(who).await;
        let dev = who == "carl";
        let reference = asks(&world, &browser, "/roles/nowhere/Nothing/why").await;
        assert_eq!(
            (reference.status, reference.problem()),
            (403, "not-entitled")
        );
        let go = asks(&world, &browser, "/go/nowhere/Nothing").await;
        assert_eq!(reference.without_reference(), go.without_reference());
        let mut paths = vec![
            path("SamlReader"),
            path("Narrow"),
            path("Nothing"),
            path("admin"),
            "/roles/gov-prod/GovAdmin/why".to_owned(),
            "/roles/777788889999/GovAdmin/why".to_owned(),
            "/roles/123456789012/Admin/why".to_owned(),
            "/roles/payments/Admin/why".to_owned(),
            "/roles/pay-live/Narrow/why".to_owned(),
            "/go/payments/Admin".to_owned(),
            "/keys/payments/Admin".to_owned(),
        ];
        if !dev {
            paths.push("/roles/payments-dev/Developer/why".to_owned());
        }
        for path in paths {
            let answer = asks(&world, &browser, &path).await;
            assert_eq!((answer.status, answer.problem()), (403, "not-entitled"));
            assert_eq!(
                answer.without_reference(),
                reference.without_reference(),
                "{who} {path}"
            );
        }
    }
    let rows = world.audit(EventKind::WhyRefused).await;
    assert!(rows.len() > 15);
    assert!(
        rows.iter()
            .all(|row| row.cause.as_deref() == Some("role.not_held"))
    );
    world.stop().await;
}

#[tokio::test]
async fn an_address_that_cannot_name_a_role_gets_the_page_that_links_get() {
    let world = world().start().await;
    let browser = world.signed_in("carl").await;
    let mut seen = 0;
    for path in made_up() {
        let Some(rest) = path.strip_prefix("/go/") else {
            continue;
        };
        let of = |prefix: &str, end: &str| format!("{prefix}/{rest}{end}");
        let answer = asks(&world, &browser, &of("/roles", "/why")).await;
        let link = asks(&world, &browser, &of("/go", "")).await;
        assert!((400..500).contains(&answer.status), "{path}");
        assert_eq!(answer.header("location"), "", "{path}");
        // the one role that Carl may know of has a page of its own, and what no route matches differs by its length
        if answer.problem() != "not-found" && link.problem() != "not-found" {
            let both = (answer.status, answer.problem());
            assert_eq!(both, (link.status, link.problem()), "{path}");
        }
        seen += 1;
    }
    assert!(seen > 300);
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn the_answer_follows_the_rules_of_the_moment() {
    let world = world().start().await;
    let browser = world.signed_in("erin").await;
    let verdict =
        async |world: &World| -> Page { browser.opens_once(&world.at(&path("Admin"))).await };
    assert!(verdict(&world).await.body.contains("Why Admin is yours"));
    let gone = model().replace("is = \"payments-eng\"", "is = \"somebody-else\"");
    world.publishes(&gone).await;
    let page = verdict(&world).await;
    assert!(
        page.body.contains("Why Admin is not yours"),
        "{}",
        page.body
    );
    assert!(page.body.contains("groups is <code>somebody-else</code>"));
    assert!(
        page.body
            .contains("Your groups: <code>payments-eng</code>, <code>oncall</code>")
    );
    let hidden = gone.replace("discoverable = true\n", "");
    world.publishes(&hidden).await;
    verdict(&world).await.is_refused(403, "not-entitled");
    world.stop().await;
}
