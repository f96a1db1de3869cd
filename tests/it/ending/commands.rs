//! `vestibule stops`: blocks and suspensions from the machine itself.

use vestibule::domain::audit::EventKind;
use vestibule::domain::stop::Until;
use vestibule::store::StartSession;

use super::{Somebody, cookie_name, hands_over, identity};
use crate::commands::{complains, does, vestibule};
use crate::world::World;
use crate::world::steps::PATIENCE;

const BLOCKED: StartSession = StartSession::Blocked(Until(None));
const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

async fn stops(world: &World, words: &[&str]) -> std::process::Output {
    let words: Vec<&str> = ["stops"].iter().chain(words).copied().collect();
    vestibule(&world.folder, &words).await
}

#[tokio::test]
async fn somebody_is_blocked_by_a_command_and_let_in_again() {
    let world = World::start().await;
    let cookie = cookie_name(&world);
    let tries = async || {
        let erin = identity("erin", &["payments-eng"]);
        Somebody::tries(&world, &cookie, &world.browser(), erin).await
    };
    let (erin, _) = tries().await;
    let goes = async |who: &Somebody| {
        let role = "payments-prod/Narrow";
        who.goes(&world, &world.url, role, false).await
    };
    assert!(hands_over(&goes(&erin).await));
    let block = ["block", "--person", "corp:erin", "--note", "left today"];
    let said = does(&stops(&world, &block).await);
    for text in [
        "corp:erin (erin the Tested) is blocked until somebody lifts it",
        "vestibule revoke --person corp:erin",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert!(!hands_over(&goes(&erin).await));
    assert_eq!(tries().await.1, BLOCKED);
    let listed = does(&stops(&world, &["list"]).await);
    for text in [
        "person corp:erin (erin the Tested): blocked until somebody lifts it, since ",
        " by vestibule stops\n  left today\n",
    ] {
        assert!(listed.contains(text), "{text}: {listed}");
    }
    let rows = world.audit(EventKind::PersonBlocked).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].display_name.as_deref(), Some("vestibule stops"));
    assert_eq!(rows[0].note.as_deref(), Some("left today"));
    let about = rows[0].about.as_ref().unwrap();
    assert_eq!(about.subject.as_deref(), Some("erin"));

    let said = does(&stops(&world, &["lift", "--person", "corp:erin"]).await);
    assert!(said.contains("is blocked no more"), "{said}");
    assert_eq!(
        does(&stops(&world, &["list"]).await),
        "Nobody is blocked, and nothing is suspended.\n"
    );
    assert!(hands_over(&goes(&tries().await.0).await));
    let again = complains(&stops(&world, &["lift", "--person", "corp:erin"]).await);
    assert!(again.contains("nothing was lifted"), "{again}");
    world.stop().await;
}

#[tokio::test]
async fn whoever_never_came_is_blocked_by_the_format_and_by_nothing_less() {
    let world = World::start().await;
    let block = ["block", "--person", "corp:zoe"];
    let said = complains(&stops(&world, &block).await);
    assert!(said.contains("nothing is known of corp:zoe"), "{said}");
    assert!(said.contains("--subject-format"), "{said}");
    assert!(world.audit(EventKind::PersonBlocked).await.is_empty());
    let with_format = [&block[..], &["--subject-format", PERSISTENT]].concat();
    does(&stops(&world, &with_format).await);
    let zoe = identity("zoe", &["payments-eng"]);
    let cookie = cookie_name(&world);
    let (_, started) = Somebody::tries(&world, &cookie, &world.browser(), zoe).await;
    assert_eq!(started, BLOCKED);
    // of a provider that is not there nobody can come
    let elsewhere = ["block", "--person", "nowhere:zoe", "--subject-format", ""];
    let said = complains(&stops(&world, &elsewhere).await);
    assert!(said.contains("no such identity provider"), "{said}");
    for person in ["", "zoe", "corp:", "Corp!:zoe", "corp:z\u{7}oe"] {
        let said = complains(&stops(&world, &["block", "--person", person]).await);
        assert!(said.contains("IDENTITY-PROVIDER:SUBJECT"), "{said}");
    }
    world.stop().await;
}

#[tokio::test]
async fn accounts_and_roles_are_suspended_by_a_command_and_resumed() {
    let world = World::start().await;
    let erin = identity("erin", &["payments-eng"]);
    let erin = Somebody::begins(&world, &cookie_name(&world), &world.browser(), erin).await;
    let goes = async || {
        let role = "payments-prod/Narrow";
        erin.goes(&world, &world.url, role, false).await
    };
    let role = ["--account", "payments-prod", "--role", "Narrow"];
    let account = ["--account", "payments-prod"];
    for (place, code) in [
        (&role[..], "role-suspended"),
        (&account[..], "account-suspended"),
    ] {
        let said = does(&stops(&world, &[&["suspend"], place].concat()).await);
        assert!(
            said.contains("is suspended until somebody lifts it"),
            "{said}"
        );
        goes().await.is_refused(403, code);
        let listed = does(&stops(&world, &["list"]).await);
        assert!(
            listed.contains("suspended until somebody lifts it"),
            "{listed}"
        );
        let said = does(&stops(&world, &[&["lift"], place].concat()).await);
        assert!(said.contains("is suspended no more"), "{said}");
        // pages of the server come to know of what another process did
        let comes = async {
            while !hands_over(&goes().await) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, comes)
            .await
            .expect("it is over");
    }
    for (kind, count) in [
        (EventKind::RoleSuspended, 1),
        (EventKind::RoleResumed, 1),
        (EventKind::AccountSuspended, 1),
        (EventKind::AccountResumed, 1),
    ] {
        assert_eq!(world.audit(kind).await.len(), count, "{kind:?}");
    }
    world.stop().await;
}

#[tokio::test]
async fn what_cannot_be_stopped_is_said_and_nothing_is_changed() {
    let world = World::start().await;
    let account = ["suspend", "--account", "payments-prod"];
    for (words, reason) in [
        (&["--until", "2020-01-01T00:00"][..], "lies in the past"),
        (&["--until", "tomorrow"], "2026-03-01T17:00"),
        (&["--until", "9999-01-01T00:00"], "ten years"),
        (&["--note", "a\u{7}b"], "nothing was suspended"),
        (&["--role", "Nobody"], "nothing was suspended"),
        (&["--role", "No/body"], "--role No/body"),
    ] {
        let said = complains(&stops(&world, &[&account[..], words].concat()).await);
        assert!(said.contains(reason), "{words:?}: {said}");
    }
    for account in ["no-such", "999999999999", "a b"] {
        complains(&stops(&world, &["suspend", "--account", account]).await);
    }
    for words in [
        &["lift"][..],
        &["block"],
        &["suspend"],
        &["lift", "--role", "x"],
    ] {
        assert_eq!(
            stops(&world, words).await.status.code(),
            Some(2),
            "{words:?}"
        );
    }
    assert_eq!(
        does(&stops(&world, &["list"]).await),
        "Nobody is blocked, and nothing is suspended.\n"
    );
    world.stop().await;
}
