//! Logins on their way: taken once, by their own browser, in time, and never too many.

use super::on_both_engines;
use super::world::{at, login};
use crate::store::TakeLogin;

on_both_engines! {
    async fn a_login_is_taken_once_as_it_was_remembered(world) {
        let pending = login("h", "b");
        world.store.remember_login(&pending, 20).await.expect("remembered");
        let taken = world.store.take_login("h", "b", at(599)).await.expect("an answer");
        assert_eq!(taken, TakeLogin::Taken(Box::new(pending)));
        let again = world.store.take_login("h", "b", at(599)).await.expect("an answer");
        assert_eq!(again, TakeLogin::Unknown);
    }

    async fn another_browser_takes_nothing_and_consumes_nothing(world) {
        world.store.remember_login(&login("h", "b"), 20).await.expect("remembered");
        let other = world.store.take_login("h", "other", at(1)).await.expect("an answer");
        assert_eq!(other, TakeLogin::OtherBrowser);
        let own = world.store.take_login("h", "b", at(1)).await.expect("an answer");
        assert!(matches!(own, TakeLogin::Taken(_)));
    }

    async fn a_login_expires_at_its_moment(world) {
        world.store.remember_login(&login("h", "b"), 20).await.expect("remembered");
        let late = world.store.take_login("h", "b", at(600)).await.expect("an answer");
        assert_eq!(late, TakeLogin::Expired);
        assert_eq!(world.store.take_login("h", "other", at(600)).await.expect("an answer"), TakeLogin::OtherBrowser);
    }

    async fn the_sweep_drops_what_has_expired_and_nothing_else(world) {
        for n in 0..5 {
            let mut pending = login(&format!("h{n}"), &format!("b{n}"));
            pending.expires = at(n);
            world.store.remember_login(&pending, 20).await.expect("remembered");
        }
        assert_eq!(world.store.sweep(at(2), chrono::Duration::hours(1)).await.expect("swept"), 3);
        assert_eq!(world.store.take_login("h2", "b2", at(2)).await.expect("an answer"), TakeLogin::Unknown);
        assert!(matches!(world.store.take_login("h3", "b3", at(2)).await.expect("an answer"), TakeLogin::Taken(_)));
    }

    async fn of_one_browser_the_newest_twenty_are_kept(world) {
        for n in 0..50 {
            let mut pending = login(&format!("h{n}"), "b");
            pending.began = at(n);
            world.store.remember_login(&pending, 20).await.expect("remembered");
        }
        world.store.remember_login(&login("x", "other"), 20).await.expect("remembered");
        let mut kept = Vec::new();
        for n in 0..50 {
            if world.store.take_login(&format!("h{n}"), "b", at(60)).await.expect("an answer") != TakeLogin::Unknown {
                kept.push(n);
            }
        }
        assert_eq!(kept, (30..50).collect::<Vec<_>>());
        assert!(matches!(world.store.take_login("x", "other", at(1)).await.expect("an answer"), TakeLogin::Taken(_)));
    }

    async fn the_newest_login_survives_even_if_the_clock_stands_still(world) {
        for n in 0..30 {
            let handle = format!("h{n}");
            world.store.remember_login(&login(&handle, "b"), 3).await.expect("remembered");
            let kept = world.store.take_login(&handle, "other", at(1)).await.expect("an answer");
            assert_eq!(kept, TakeLogin::OtherBrowser, "{handle}");
        }
    }

    async fn a_handle_is_remembered_once(world) {
        world.store.remember_login(&login("h", "b"), 20).await.expect("remembered");
        assert!(world.store.remember_login(&login("h", "thief"), 20).await.is_err());
        assert!(matches!(world.store.take_login("h", "b", at(1)).await.expect("an answer"), TakeLogin::Taken(_)));
    }

    async fn hostile_handles_and_challenges_are_refused(world) {
        assert!(world.store.take_login("a\0b", "b", at(1)).await.is_err());
        assert!(world.store.take_login(&"x".repeat(5000), "b", at(1)).await.is_err());
        assert_eq!(world.store.take_login("' OR '1'='1", "b", at(1)).await.expect("an answer"), TakeLogin::Unknown);
        let mut pending = login("h", "b");
        pending.challenge_json = "not json".to_owned();
        assert!(world.store.remember_login(&pending, 20).await.is_err());
        pending.challenge_json = format!("\"{}\"", "x".repeat(20_000));
        assert!(world.store.remember_login(&pending, 20).await.is_err());
    }
}

#[test]
fn a_pending_logins_debug_output_tells_no_secret() {
    let mut pending = login("handle", "browser");
    pending.challenge_json = r#"{"verifier":"SECRET"}"#.to_owned();
    let text = format!("{pending:?}");
    assert!(!text.contains("SECRET") && !text.contains("handle\"") && !text.contains("browser\""));
}
