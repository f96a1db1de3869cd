//! Deciding which roles somebody holds, from the compiled index.

use crate::measure::{here, side_by_side};
use crate::models;
use crate::report::Line;
use vestibule::clock::{Clock as _, SystemClock};

const GROUPS: usize = 500;

/// Far fewer microseconds than a page takes.
const FEW: f64 = 20.0;

pub(crate) fn run() {
    let exact = models::index(10_000, 0);
    let patterns = models::index(10_000, 100);
    let many = models::index(100_000, 0);
    let member = models::member(GROUPS);
    let now = SystemClock.now();
    assert_eq!(exact.held(&member, now).len(), 300, "all roles there are");
    let [exact, patterns, many] = side_by_side([
        here(|| exact.held(&member, now).len()),
        here(|| patterns.held(&member, now).len()),
        here(|| many.held(&member, now).len()),
    ]);
    Line::about("deciding by exact rules")
        .with("rules", 10_000)
        .with("groups", GROUPS)
        .at_most("exact_us", exact, FEW)
        .number("with_100_patterns_us", patterns)
        .print();
    Line::about("growth of deciding")
        .with("groups", GROUPS)
        .number("rules_10000_us", exact)
        .number("rules_100000_us", many)
        .at_most("growth", many / exact, 1.5)
        .print();
}
