//! How many cases the property tests run, and from which seed.
//!
//! `make test` runs a few, the same ones every time. `make long` (`PROPERTIES=full`) runs each property's full count
//! from a fresh seed, which a failure prints. `PROPTEST_CASES` overrules both counts.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// The seed of the quick runs.
const SEED: u64 = 20_261_129;

#[expect(
    clippy::disallowed_methods,
    reason = "whoever starts the tests says how many"
)]
fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn is_full() -> bool {
    asked("PROPERTIES").is_some_and(|asked| asked == "full")
}

/// One of the two counts, or what `PROPTEST_CASES` says.
pub(crate) fn count(quick: u32, full: u32) -> u32 {
    asked("PROPTEST_CASES")
        .and_then(|text| text.parse().ok())
        .unwrap_or(if is_full() { full } else { quick })
}

/// A configuration with one of the two counts.
pub(crate) fn cases(quick: u32, full: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count(quick, full),
        failure_persistence: None,
        rng_seed: if is_full() {
            RngSeed::Random
        } else {
            RngSeed::Fixed(SEED)
        },
        ..ProptestConfig::default()
    }
}
