//! `[tokens]`: how long tokens for programs live.

use serde::Deserialize;

use super::check::Report;
use crate::domain::token::TokenLife;

/// The longest that the configuration can let a token live, in days.
const LONGEST_DAYS: u16 = 365;

/// `[tokens]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Tokens {
    usual_days: u16,
    most_days: u16,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            usual_days: 30,
            most_days: LONGEST_DAYS,
        }
    }
}

/// Checks the numbers.
pub(super) fn check(report: &mut Report<'_>, raw: &Tokens) -> TokenLife {
    if !(1..=LONGEST_DAYS).contains(&raw.usual_days) {
        report.add("tokens.usual_days", "is between 1 and 365");
    }
    if raw.most_days > LONGEST_DAYS {
        report.add("tokens.most_days", "is at most 365; 0 for no tokens");
    }
    TokenLife {
        usual_days: raw.usual_days,
        most_days: raw.most_days,
    }
}
