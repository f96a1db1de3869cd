//! What a probe says of people, which is nothing, and how often it may be made.

use chrono::{Duration, TimeZone as _, Utc};

use super::KINDS;
use crate::domain::probe::testing::{Kind, role};
use crate::domain::probe::*;
use crate::domain::role::RoleKey;

#[test]
fn a_probe_says_nothing_of_anybody() {
    for kind in KINDS {
        let role = role(kind, true);
        let words = Words::of(&role, Trial::full(&role));
        assert_eq!(words.seconds(), Some(900));
        assert_eq!(
            words.source_identity(),
            (kind != Kind::Federated).then_some(NAME)
        );
        assert_eq!(words.tags().len(), role.tags.len());
        for (key, value) in words.tags() {
            assert_eq!(value, if key == "fixed" { "42" } else { NAME });
        }
        assert_eq!(words.transitive_tags(), role.transitive_tags);
    }
    let bare = role(Kind::Saml, false);
    let words = Words::of(&bare, Trial::full(&bare));
    assert!(words.tags().is_empty() && words.source_identity().is_none());
    let policy: serde_json::Value = serde_json::from_str(POLICY).unwrap();
    let deny = serde_json::json!([{ "Effect": "Deny", "Action": "*", "Resource": "*" }]);
    assert_eq!(policy["Statement"], deny);
}

#[test]
fn a_role_is_left_alone_for_a_minute_and_all_together_have_a_bound() {
    let now = Utc.with_ymd_and_hms(2026, 3, 1, 9, 0, 0).unwrap();
    let key = |n: usize| RoleKey::parse(&format!("prod/Role{n}")).unwrap();
    let mut bounds = Bounds::default();
    assert_eq!(bounds.begin(&key(0), now), Ok(()));
    assert_eq!(bounds.begin(&key(1), now), Ok(()));
    let third = bounds.begin(&key(2), now).unwrap_err();
    assert!(!third.this_role, "two at once, and no more");
    bounds.end();
    bounds.end();
    let later = now + Duration::milliseconds(15_500);
    let soon = bounds.begin(&key(0), later).unwrap_err();
    assert_eq!(
        soon,
        TooSoon {
            seconds: 45,
            this_role: true
        }
    );
    let last = now + Duration::milliseconds(59_999);
    assert_eq!(bounds.begin(&key(0), last).unwrap_err().seconds, 1);
    assert_eq!(bounds.begin(&key(0), now + Duration::seconds(60)), Ok(()));
    bounds.end();
    let now = now + Duration::hours(1);
    for n in 0..PER_MINUTE {
        assert_eq!(bounds.begin(&key(n), now), Ok(()), "{n}");
        bounds.end();
    }
    let full = bounds.begin(&key(PER_MINUTE), now).unwrap_err();
    assert_eq!(
        full,
        TooSoon {
            seconds: 60,
            this_role: false
        }
    );
    let back = now - Duration::hours(1);
    assert_eq!(
        bounds.begin(&key(0), back),
        Ok(()),
        "a clock that was set back locks nobody out"
    );
}
