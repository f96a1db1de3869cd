//! `[limits]`: how often what may be asked, by an address and by a person.
//!
//! The numbers alone; who counts and what happens then is `crate::limits`.

use serde::Deserialize;

use super::check::Report;

/// The most that a limit can let through in a minute, and at once.
const MOST: u32 = 600_000;

/// So many a minute, and so many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many a minute; 0: no limit.
    pub per_minute: u32,
    /// How many at once; as many as in a minute where nothing is said.
    pub burst: Option<u32>,
}

impl Limit {
    const fn new(per_minute: u32, burst: u32) -> Self {
        Self {
            per_minute,
            burst: Some(burst),
        }
    }

    /// How many may come at once.
    pub fn at_once(&self) -> u32 {
        self.burst.unwrap_or(self.per_minute)
    }
}

/// `[limits]`. Whole companies sit behind one address, so those by address are wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Departures to an identity provider, by address.
    pub sign_ins_per_address: Limit,
    /// Departures of somebody who has a session: for a role that wants a fresh proof.
    pub sign_ins_per_person: Limit,
    /// Answers of identity providers that did not hold, by address.
    pub failed_logins_per_address: Limit,
    /// The same by browser, for those whose address has used up its own.
    pub failed_logins_per_browser: Limit,
    /// Consoles, by address.
    pub consoles_per_address: Limit,
    /// Consoles, by person.
    pub consoles_per_person: Limit,
    /// Keys, by address.
    pub keys_per_address: Limit,
    /// Keys, by person.
    pub keys_per_person: Limit,
    /// Administrators' pages, by address.
    pub administration_per_address: Limit,
    /// Administrators' pages, by person.
    pub administration_per_person: Limit,
    /// Requests of programs, by address.
    pub api_per_address: Limit,
    /// Requests of programs, by person.
    pub api_per_person: Limit,
    /// Refusals that stand in the record, by person.
    pub refusals_per_person: Limit,
    /// Tokens made, by person.
    pub tokens_per_person: Limit,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            sign_ins_per_address: Limit::new(1_200, 1_500),
            sign_ins_per_person: Limit::new(600, 1_200),
            failed_logins_per_address: Limit::new(1_200, 1_500),
            failed_logins_per_browser: Limit::new(30, 30),
            consoles_per_address: Limit::new(12_000, 12_000),
            consoles_per_person: Limit::new(1_200, 1_200),
            keys_per_address: Limit::new(6_000, 6_000),
            keys_per_person: Limit::new(120, 240),
            administration_per_address: Limit::new(12_000, 12_000),
            administration_per_person: Limit::new(1_200, 1_200),
            api_per_address: Limit::new(12_000, 12_000),
            api_per_person: Limit::new(1_200, 1_200),
            refusals_per_person: Limit::new(120, 240),
            tokens_per_person: Limit::new(60, 120),
        }
    }
}

impl LimitsConfig {
    /// All of them, by their keys.
    pub fn by_key(&self) -> [(&'static str, Limit); 14] {
        [
            ("sign_ins_per_address", self.sign_ins_per_address),
            ("sign_ins_per_person", self.sign_ins_per_person),
            ("failed_logins_per_address", self.failed_logins_per_address),
            ("failed_logins_per_browser", self.failed_logins_per_browser),
            ("consoles_per_address", self.consoles_per_address),
            ("consoles_per_person", self.consoles_per_person),
            ("keys_per_address", self.keys_per_address),
            ("keys_per_person", self.keys_per_person),
            (
                "administration_per_address",
                self.administration_per_address,
            ),
            ("administration_per_person", self.administration_per_person),
            ("api_per_address", self.api_per_address),
            ("api_per_person", self.api_per_person),
            ("refusals_per_person", self.refusals_per_person),
            ("tokens_per_person", self.tokens_per_person),
        ]
    }
}

/// Checks the numbers.
pub(super) fn check(report: &mut Report<'_>, limits: &LimitsConfig) {
    for (key, limit) in limits.by_key() {
        if limit.per_minute > MOST {
            report.add(
                format!("limits.{key}.per_minute"),
                "is at most 600000; 0 for no limit",
            );
        }
        if limit
            .burst
            .is_some_and(|burst| !(1..=MOST).contains(&burst))
        {
            report.add(
                format!("limits.{key}.burst"),
                "is between 1 and 600000; without it as many as in a minute come at once",
            );
        }
    }
}
