//! Deciding costs what the person brings along, and not what the model holds.

use vestibule::clock::{Clock as _, SystemClock};

use super::least;
use crate::models;

#[test]
fn ten_times_the_rules_make_deciding_at_most_half_as_long_again() {
    let (small, large) = (models::index(10_000, 0), models::index(100_000, 0));
    let member = models::member(500);
    let now = SystemClock.now();
    let decide = |index: &vestibule::domain::access::AccessIndex| {
        for _ in 0..20 {
            assert_eq!(index.held(&member, now).len(), 300);
        }
    };
    let (small, large) = least(25, || decide(&small), || decide(&large));
    assert!(large * 2 <= small * 3, "{large:?} after {small:?}");
}
