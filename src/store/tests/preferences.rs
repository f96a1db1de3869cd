//! Preferences: one document per person, bounded, never changed under somebody else's hands.

use super::on_both_engines;
use super::world::{at, idp, subject};
use crate::domain::preferences::LARGEST;
use crate::store::Error;

on_both_engines! {
    async fn preferences_are_what_was_set_last_for_that_person(world) {
        let (corp, ada) = (idp("corp"), subject("ada"));
        let ada = (&corp, &ada);
        let of = |name: &'static str| { let store = world.store.clone(); async move {
            store.preferences(&idp("corp"), &subject(name)).await.expect("an answer")
        }};
        assert_eq!(of("ada").await, None);
        let first = r#"{"region":"eu-west-1"}"#;
        assert!(world.store.set_preferences(ada, None, first, at(0)).await.expect("set"));
        assert!(world.store.set_preferences(ada, Some(first), "{}", at(1)).await.expect("set"));
        assert_eq!(of("ada").await.as_deref(), Some("{}"));
        assert_eq!(of("Ada").await, None);
        assert_eq!(world.store.preferences(&idp("corp2"), ada.1).await.expect("an answer"), None);
    }

    async fn preferences_that_another_hand_changed_meanwhile_stay_as_that_left_them(world) {
        let (corp, ada) = (idp("corp"), subject("ada"));
        let ada = (&corp, &ada);
        assert!(world.store.set_preferences(ada, None, "[1]", at(0)).await.expect("set"));
        for before in [None, Some("[0]"), Some("")] {
            assert!(!world.store.set_preferences(ada, before, "[2]", at(1)).await.expect("an answer"));
        }
        let now = world.store.preferences(ada.0, ada.1).await.expect("an answer");
        assert_eq!(now.as_deref(), Some("[1]"));
    }

    async fn preferences_that_are_too_large_or_no_json_are_refused(world) {
        let (corp, ada) = (idp("corp"), subject("ada"));
        let ada = (&corp, &ada);
        let large = format!("\"{}\"", "x".repeat(LARGEST));
        let refused = world.store.set_preferences(ada, None, &large, at(0)).await.expect_err("too large");
        assert!(matches!(refused, Error::TooLarge { limit: LARGEST, .. }));
        let refused = world.store.set_preferences(ada, None, "{,}", at(0)).await.expect_err("no JSON");
        assert!(matches!(refused, Error::Unstorable { .. }));
        assert_eq!(world.store.preferences(ada.0, ada.1).await.expect("an answer"), None);
    }
}
