//! How often what may be asked (security: rate limits), by the address that asks and by the person who does.
//!
//! A person's limit counts only what was authenticated as them, so that nobody uses up somebody else's. Answers of
//! identity providers that do not hold are counted against the address that brought them, and never against whoever they
//! name. When an address has used up its failures, browsers in which a login was begun go on, each within a limit of its
//! own, and when it has used up its departures, so do people whom a session or a seal of ours says to have signed in:
//! behind one address sit attackers and victims.
//!
//! Each process counts for itself, in memory that has a bound (`seen`). Knows nothing of HTTP, and decides nothing else.

mod seen;
#[cfg(test)]
mod tests;
mod time;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::{NotUntil, Quota, RateLimiter};

use crate::clock::SharedClock;
use crate::config::{Limit, LimitsConfig};
use crate::domain::identity::Identity;
use crate::domain::person::PersonKey;
use crate::telemetry::Metrics;
use seen::{Key, Seen};
use time::Steady;

/// How many keys each limit remembers at least before it forgets those that came least of late.
const KEYS: usize = 50_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Departures to an identity provider.
    SignIn,
    /// Answers of identity providers that did not hold.
    FailedLogin,
    /// Consoles.
    Console,
    /// Keys.
    Keys,
    /// Administrators' pages.
    Administration,
    /// Requests of programs.
    Api,
    /// Refusals that stand in the record: a row each.
    Refusal,
    /// Tokens made: a row each, and one more when they are revoked.
    Token,
}

impl What {
    /// A word for logs, metrics and programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_ins",
            Self::FailedLogin => "failed_logins",
            Self::Console => "consoles",
            Self::Keys => "keys",
            Self::Administration => "administration",
            Self::Api => "api",
            Self::Refusal => "refusals",
            Self::Token => "tokens",
        }
    }
}

/// Whose limit it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// That of the address.
    Address,
    /// That of the person.
    Person,
    /// That of the browser.
    Browser,
}

impl Whose {
    fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Person => "person",
            Self::Browser => "browser",
        }
    }
}

/// One too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many {} by one {}: the next in {seconds} s", .what.word(), .whose.word())]
pub struct TooOften {
    /// Of what.
    pub what: What,
    /// By whom.
    pub whose: Whose,
    /// When the next may come, in whole seconds from now; at least 1.
    pub seconds: u16,
}

/// The limits of one running server. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Limits(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sign_ins: Pair,
    /// Of people in whose browser somebody signed in before.
    known_sign_ins: Counter,
    consoles: Pair,
    keys: Pair,
    administration: Pair,
    api: Pair,
    refusals: Pair,
    tokens: Pair,
    failures_by_address: Failures,
    failures_by_browser: Failures,
    metrics: Metrics,
}

#[derive(Debug)]
struct Pair {
    /// None: what only somebody known can ask for, and costs no more than room in the record.
    address: Option<Counter>,
    person: Counter,
}

impl Limits {
    /// Begins to count.
    pub fn new(config: &LimitsConfig, clock: &SharedClock, metrics: Metrics) -> Self {
        let time = Steady::new(Arc::clone(clock));
        let counter = |limit: Limit| Counter::new(limit, &time);
        let pair = |address: Limit, person: Limit| Pair {
            address: Some(counter(address)),
            person: counter(person),
        };
        let of_person = |person: Limit| Pair {
            address: None,
            person: counter(person),
        };
        Self(Arc::new(Inner {
            sign_ins: pair(config.sign_ins_per_address, config.sign_ins_per_person),
            known_sign_ins: counter(config.sign_ins_per_person),
            consoles: pair(config.consoles_per_address, config.consoles_per_person),
            keys: pair(config.keys_per_address, config.keys_per_person),
            administration: pair(
                config.administration_per_address,
                config.administration_per_person,
            ),
            api: pair(config.api_per_address, config.api_per_person),
            refusals: of_person(config.refusals_per_person),
            tokens: of_person(config.tokens_per_person),
            failures_by_address: Failures::new(counter(config.failed_logins_per_address)),
            failures_by_browser: Failures::new(counter(config.failed_logins_per_browser)),
            metrics,
        }))
    }

    /// Counts something that an address asks for, and that `person` was authenticated to ask for. The person's own limit
    /// comes first: what one person is refused is not taken from their whole company.
    pub fn take(
        &self,
        what: What,
        address: Option<IpAddr>,
        person: Option<&Identity>,
    ) -> Result<(), TooOften> {
        let pair = match what {
            What::SignIn => &self.0.sign_ins,
            What::Console => &self.0.consoles,
            What::Keys => &self.0.keys,
            What::Administration => &self.0.administration,
            What::Api => &self.0.api,
            What::Refusal => &self.0.refusals,
            What::Token => &self.0.tokens,
            What::FailedLogin => return Ok(()),
        };
        let taken = pair.take(address, person);
        taken.map_err(|(whose, wait)| self.too_often(what, whose, wait))
    }

    /// Counts a departure to an identity provider. Where the address has used up its own, whoever has a session goes on,
    /// and so does a browser in which `known` signed in before, as one of theirs.
    pub fn may_depart(
        &self,
        address: Option<IpAddr>,
        person: Option<&Identity>,
        known: Option<&PersonKey>,
    ) -> Result<(), TooOften> {
        let taken = match (self.0.sign_ins.take(address, person), known) {
            (Err((Whose::Address, _)), _) if person.is_some() => Ok(()),
            (Err((Whose::Address, _)), Some(known)) => {
                let taken = self.0.known_sign_ins.take(of_text(known.as_str()));
                taken.map_err(|wait| (Whose::Browser, wait))
            }
            (taken, _) => taken,
        };
        taken.map_err(|(whose, wait)| self.too_often(What::SignIn, whose, wait))
    }

    /// Whether an identity provider's answer is looked at. `browser` is what ties the browser to a login that it began.
    pub fn may_arrive(
        &self,
        address: Option<IpAddr>,
        browser: Option<&str>,
    ) -> Result<(), TooOften> {
        let (whose, failures, key) = match (address, browser) {
            (Some(address), browser) => {
                let (failures, key) = (&self.0.failures_by_address, of_address(address));
                match (failures.wait(key), browser) {
                    (None, _) => return Ok(()),
                    (Some(_), Some(browser)) => (
                        Whose::Browser,
                        &self.0.failures_by_browser,
                        of_text(browser),
                    ),
                    (Some(_), None) => (Whose::Address, failures, key),
                }
            }
            (None, _) => return Ok(()),
        };
        match failures.wait(key) {
            Some(wait) => Err(self.too_often(What::FailedLogin, whose, wait)),
            None => Ok(()),
        }
    }

    /// Counts an answer that did not hold, against whoever brought it.
    pub fn failed(&self, address: Option<IpAddr>, browser: Option<&str>) {
        if let Some(address) = address {
            self.0.failures_by_address.note(of_address(address));
        }
        if let Some(browser) = browser {
            self.0.failures_by_browser.note(of_text(browser));
        }
    }

    fn too_often(&self, what: What, whose: Whose, wait: Duration) -> TooOften {
        self.0.metrics.too_often(what.word(), whose.word());
        let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        TooOften {
            what,
            whose,
            seconds: u16::try_from(whole.max(1)).unwrap_or(u16::MAX),
        }
    }
}

impl Pair {
    fn take(
        &self,
        address: Option<IpAddr>,
        person: Option<&Identity>,
    ) -> Result<(), (Whose, Duration)> {
        if let Some(person) = person {
            let taken = self.person.take(of_person(person));
            taken.map_err(|wait| (Whose::Person, wait))?;
        }
        match (address, &self.address) {
            (Some(address), Some(counter)) => {
                let taken = counter.take(of_address(address));
                taken.map_err(|wait| (Whose::Address, wait))
            }
            (None, _) | (_, None) => Ok(()),
        }
    }
}

/// Counts keys against one limit, or none.
#[derive(Debug)]
struct Counter {
    limiter: Option<RateLimiter<Key, Seen, Steady, NoOpMiddleware<Duration>>>,
    time: Steady,
}

impl Counter {
    fn new(limit: Limit, time: &Steady) -> Self {
        let quota = NonZeroU32::new(limit.per_minute).map(|per_minute| {
            let at_once = NonZeroU32::new(limit.at_once()).unwrap_or(per_minute);
            Quota::per_minute(per_minute).allow_burst(at_once)
        });
        Self {
            limiter: quota.map(|quota| RateLimiter::new(quota, Seen::new(KEYS), time.clone())),
            time: time.clone(),
        }
    }

    /// Counts one; or says how long until there is room for the next.
    fn take(&self, key: Key) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        let wait = |not: NotUntil<Duration>| not.wait_time_from(self.time.now());
        limiter.check_key(&key).map_err(wait)
    }
}

/// Counts what is known to count only afterwards: whoever has used up their limit is turned away until there is room for
/// one more.
#[derive(Debug)]
struct Failures {
    counter: Counter,
    closed: Seen,
}

impl Failures {
    fn new(counter: Counter) -> Self {
        Self {
            counter,
            closed: Seen::new(KEYS),
        }
    }

    fn note(&self, key: Key) {
        if let Err(wait) = self.counter.take(key) {
            let until = self.counter.time.now() + wait;
            let until = u64::try_from(until.as_nanos()).unwrap_or(u64::MAX);
            self.closed.set(key, until);
        }
    }

    fn wait(&self, key: Key) -> Option<Duration> {
        let until = Duration::from_nanos(self.closed.get(key)?);
        until
            .checked_sub(self.counter.time.now())
            .filter(|wait| !wait.is_zero())
    }
}

/// An `IPv4` address, or the /64 that an `IPv6` one lies in: as much as one customer has, and all of it can be theirs.
fn of_address(address: IpAddr) -> Key {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits() & !u128::from(u64::MAX),
    }
}

fn of_person(person: &Identity) -> Key {
    let subject = &person.subject;
    digest(&[person.idp.as_str(), &subject.format, &subject.value])
}

fn of_text(text: &str) -> Key {
    digest(&[text])
}

fn digest(parts: &[&str]) -> Key {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    let digest = context.finish();
    let half = digest.as_ref().first_chunk::<16>();
    half.map_or(0, |half| u128::from_be_bytes(*half))
}
