//! Links that were handed out before: redeemed later, with either reading of when their session began, by either way.

use super::{Inside, Revoker, all_are, seconds, start};
use crate::world::World;
use crate::world::browser::{Browser, Page};

const LINK: &str = "/go/payments-prod/IssuedSaml?idp=corp";
const ROLE: &str = "payments-prod/IssuedSaml";

/// A link that a browser was given and has not followed.
struct Held {
    browser: Browser,
    answer: Page,
}

impl Held {
    async fn by(world: &World, who: &str) -> Self {
        let browser = world.signed_in(who).await;
        let answer = browser.opens_once(&world.at(LINK)).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        Self { browser, answer }
    }

    async fn redeemed(self) -> Inside {
        let page = self.browser.follows(self.answer).await;
        Inside {
            browser: self.browser,
            page,
        }
    }
}

/// A session begins, for AWS, when its link is redeemed.
fn renews(world: &World, renews: bool) {
    world
        .sandbox
        .simulation()
        .change_switches(|switches| switches.signin.redeeming_renews_issue_time = renews);
}

/// Whom an administrator cuts off: one person, or everybody.
async fn revokes(admin: &Revoker<'_>, person: bool, links: &str) -> Page {
    let page = if person {
        admin.revokes_person(("corp", "erin"), links).await
    } else {
        admin.revokes_role(ROLE, links).await
    };
    all_are(&page, "cut", 1);
    page
}

#[tokio::test]
async fn by_the_credentials_age_a_link_of_before_opens_nothing_at_once() {
    for (person, links) in [
        (true, "again"),
        (false, "again"),
        (true, "ahead"),
        (false, "ahead"),
    ] {
        let world = start().await;
        renews(&world, false);
        let admin = Revoker::of(&world).await;
        let (held, other) = (
            Held::by(&world, "erin").await,
            Held::by(&world, "otto").await,
        );
        seconds(&world, 1);
        revokes(&admin, person, links).await;
        seconds(&world, 60);
        let inside = held.redeemed().await;
        assert!(!inside.may(&world).await, "{person} {links}");
        assert_eq!(other.redeemed().await.may(&world).await, person);
        world.stop().await;
    }
}

#[tokio::test]
async fn by_the_moment_of_redeeming_it_is_cut_off_once_more_when_the_last_link_is_worthless() {
    for person in [true, false] {
        let world = start().await;
        renews(&world, true);
        let admin = Revoker::of(&world).await;
        let (held, other) = (
            Held::by(&world, "erin").await,
            Held::by(&world, "otto").await,
        );
        seconds(&world, 1);
        let page = revokes(&admin, person, "again").await;
        assert!(
            page.body.contains("It is cut off once more then"),
            "{}",
            page.body
        );
        // the last moment at which the link is good
        seconds(&world, 14 * 60 + 50);
        let inside = held.redeemed().await;
        assert!(
            inside.may(&world).await,
            "this is why it takes a second time"
        );
        let other = other.redeemed().await;
        world.app.revoke_what_is_due().await;
        assert!(inside.may(&world).await, "not before");
        let open = admin.page().await;
        assert!(
            open.body.contains("to be cut off once more"),
            "{}",
            open.body
        );
        assert!(open.body.contains("id=\"open\""));
        // whoever runs then does it, also after a restart
        let world = {
            let world = world.restarted().await;
            seconds(&world, 15);
            world.app.revoke_what_is_due().await;
            world
        };
        assert!(!inside.may(&world).await, "{person}");
        assert_eq!(other.may(&world).await, person);
        seconds(&world, 2);
        let again = Held::by(&world, "erin").await.redeemed().await;
        assert!(again.may(&world).await, "they can come back");
        world.stop().await;
    }
}

#[tokio::test]
async fn ahead_whoever_it_aims_at_gets_nothing_done_until_then_and_can_come_back() {
    for person in [true, false] {
        let world = start().await;
        renews(&world, true);
        let admin = Revoker::of(&world).await;
        let held = Held::by(&world, "erin").await;
        seconds(&world, 1);
        let page = revokes(&admin, person, "ahead").await;
        assert!(
            page.body.contains("gets anything done there before"),
            "{}",
            page.body
        );
        seconds(&world, 14 * 60 + 50);
        let inside = held.redeemed().await;
        assert!(!inside.may(&world).await);
        let new = Held::by(&world, "erin").await.redeemed().await;
        assert!(!new.may(&world).await, "a new sign-in does not help before");
        let other = Held::by(&world, "otto").await.redeemed().await;
        assert_eq!(other.may(&world).await, person);
        seconds(&world, 15);
        let again = Held::by(&world, "erin").await.redeemed().await;
        assert!(again.may(&world).await, "and helps then");
        assert!(!inside.may(&world).await);
        assert!(!admin.page().await.body.contains("to be cut off once more"));
        world.stop().await;
    }
}
