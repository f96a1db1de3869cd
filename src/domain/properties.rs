//! How many cases the property tests of this folder run: modest by default, so that the suite stays quick; as many as
//! `PROPTEST_CASES` says for long runs.

use proptest::prelude::ProptestConfig;

/// A configuration with a modest count.
pub(super) fn modestly(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    let untouched = ProptestConfig::with_cases(256).cases;
    ProptestConfig {
        cases: if asked.cases == untouched {
            cases
        } else {
            asked.cases
        },
        failure_persistence: None,
        ..asked
    }
}
