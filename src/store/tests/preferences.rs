//! Preferences: one document per person, bounded.

use super::on_both_engines;
use super::world::{at, idp, subject};
use crate::store::{Error, PREFERENCES_LIMIT};

on_both_engines! {
    async fn preferences_are_what_was_set_last_for_that_person(world) {
        let (corp, ada) = (idp("corp"), subject("ada"));
        let of = |name: &'static str| { let store = world.store.clone(); async move {
            store.preferences(&idp("corp"), &subject(name)).await.expect("an answer")
        }};
        assert_eq!(of("ada").await, None);
        world.store.set_preferences(&corp, &ada, r#"{"region":"eu-west-1"}"#, at(0)).await.expect("set");
        world.store.set_preferences(&corp, &ada, "{}", at(1)).await.expect("set");
        assert_eq!(of("ada").await.as_deref(), Some("{}"));
        assert_eq!(of("Ada").await, None);
        assert_eq!(world.store.preferences(&idp("corp2"), &ada).await.expect("an answer"), None);
    }

    async fn preferences_that_are_too_large_or_no_json_are_refused(world) {
        let (corp, ada) = (idp("corp"), subject("ada"));
        let large = format!("\"{}\"", "x".repeat(PREFERENCES_LIMIT));
        let refused = world.store.set_preferences(&corp, &ada, &large, at(0)).await.expect_err("too large");
        assert!(matches!(refused, Error::TooLarge { limit: PREFERENCES_LIMIT, .. }));
        let refused = world.store.set_preferences(&corp, &ada, "{,}", at(0)).await.expect_err("no JSON");
        assert!(matches!(refused, Error::Unstorable { .. }));
        assert_eq!(world.store.preferences(&corp, &ada).await.expect("an answer"), None);
    }
}
