//! What somebody is told of a role that they do not hold: whom to ask where they may know, and what their provider
//! left out, which may be why.

use vestibule_sandbox::people::Person;

use crate::world::accounts::MODEL;
use crate::world::browser::Page;
use crate::world::{OIDC, SAML, World};

/// A role that nobody here holds.
const ADMIN: &str = "/go/payments-prod/Admin";

const OWNER: &str = "payments-leads@example.com";

const LEFT_OUT: &str = "has more groups for you than it puts into a sign-in, and sent none of them";

const NO_GROUPS: &str = "sent none of the attributes that the rules here look at";

async fn opens(world: &World, idp: &str, username: &str, link: &str) -> Page {
    let browser = world.browser();
    let link = format!("{link}?idp={idp}");
    let page = world.signs_in(&browser, &link, username).await;
    page.is_refused(403, "not-entitled");
    // the session has begun: the next click is told the same
    let again = browser.opens_once(&world.at(&link)).await;
    again.is_refused(403, "not-entitled");
    for sentence in [OWNER, LEFT_OUT, NO_GROUPS] {
        let told = |page: &Page| page.body.contains(sentence);
        assert_eq!(told(&page), told(&again), "{sentence}");
    }
    page
}

fn tells(page: &Page, owner: bool, left_out: bool, no_groups: bool) {
    for (sentence, expected) in [(OWNER, owner), (LEFT_OUT, left_out), (NO_GROUPS, no_groups)] {
        let told = page.body.contains(sentence);
        assert_eq!(told, expected, "{sentence}: {}", page.body);
    }
}

#[tokio::test]
async fn whose_groups_were_too_many_to_send_is_told_so_where_a_role_is_missing() {
    let world = World::start().await;
    let elsewhere = "https://graph.example.com/groups";
    world.sandbox.people().put(
        Person::new("olga", "Olga Overage")
            .with(
                "http://schemas.microsoft.com/claims/groups.link",
                &[elsewhere],
            )
            .with("hasgroups", &["true"]),
    );
    let page = opens(&world, SAML, "olga", ADMIN).await;
    tells(&page, false, true, false);
    assert!(page.body.contains("Example Corp has more groups"));
    assert!(!page.body.contains("graph.example.com"), "{}", page.body);
    let page = opens(&world, OIDC, "olga", ADMIN).await;
    tells(&page, false, true, false);
    assert!(page.body.contains("Example Id has more groups"));
    world.stop().await;
}

#[tokio::test]
async fn who_comes_without_groups_is_told_so_where_a_role_is_missing() {
    let world = World::start().await;
    world.sandbox.people().put(Person::new("otto", "Otto Ohne"));
    for idp in [SAML, OIDC] {
        let page = opens(&world, idp, "otto", ADMIN).await;
        tells(&page, false, false, true);
    }
    // somebody of whom the provider said something that rules look at just does not hold it
    let page = opens(&world, SAML, "nora", ADMIN).await;
    tells(&page, false, false, false);
    world.stop().await;
}

#[tokio::test]
async fn the_owner_is_named_to_whoever_holds_another_role_there_and_to_nobody_else() {
    let one = MODEL.replace(
        "grant = [\"payments-prod/*\", \"payments-dev/*\", \"gov-prod/*\"]",
        "grant = [\"payments-prod/SamlReader\"]",
    );
    let world = World::builder().model(&one).start().await;
    for link in [ADMIN, "/go/payments-prod/Nothing", "/go/111122223333/Admin"] {
        tells(&opens(&world, SAML, "erin", link).await, true, false, false);
        tells(
            &opens(&world, SAML, "nora", link).await,
            false,
            false,
            false,
        );
    }
    // another account has an owner of its own, or none
    let page = opens(&world, SAML, "erin", "/go/payments-dev/Developer").await;
    tells(&page, false, false, false);
    world.stop().await;
}
