//! Telling whom a change concerns: everybody who signed in lately, judged by two models.

use std::sync::Arc;
use std::time::Instant;

use crate::models;
use crate::report::Line;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::access::Comparison;
use vestibule::domain::identity::Identity;

const PEOPLE: usize = 20_000;
const RULES: usize = 10_000;
const GROUPS: usize = 50;

/// As long as somebody who waits for a review still waits for it.
const A_FEW: f64 = 5.0;

pub(crate) fn run() {
    let (before, after) = (models::index(RULES, 0), models::index(RULES + 100, 100));
    let mut member = models::member(GROUPS);
    // as it is kept: every person is read first
    let kept: Vec<String> = (0..PEOPLE)
        .map(|person| {
            member.subject.value = format!("p{person}@example.com");
            serde_json::to_string(&member).expect("JSON")
        })
        .collect();
    let now = SystemClock.now();
    let begun = Instant::now();
    let mut comparison = Comparison::new(Arc::new(before), Arc::new(after), now);
    for person in &kept {
        let person: Identity = serde_json::from_str(person).expect("an identity");
        comparison.add(&person, || person.subject.value.clone());
    }
    let impact = comparison.finish();
    assert_eq!(impact.known, PEOPLE);
    Line::about("the impact of a draft")
        .with("people", PEOPLE)
        .with("rules", RULES)
        .with("groups", GROUPS)
        .at_most("seconds", begun.elapsed().as_secs_f64(), A_FEW)
        .print();
}
