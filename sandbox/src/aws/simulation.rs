//! The simulated AWS as one value: accounts, tokens, time, randomness, switches, log and faults.
//!
//! What every simulated host is given. Cheap to clone; all clones see the same world.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::TimeDelta;

use super::clock::Clock;
use super::faults::Faults;
use super::iam::{Iam, Registry, Seen};
use super::identity::{Identity, add_request_keys};
use super::policy::Context;
use super::random::Random;
use super::request_log::RequestLog;
use super::signin::SignIn;
use super::sts::IssuerKeys;
use super::switches::Switches;
use super::tokens::Tokens;

/// The simulated AWS.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The accounts.
    pub iam: Iam,
    /// The issuer of temporary credentials.
    pub tokens: Tokens,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// The requests seen.
    pub log: RequestLog,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// What the sign-in hosts remember.
    pub signin: SignIn,
    pub(super) issuer_keys: IssuerKeys,
    switches: Arc<RwLock<Switches>>,
}

impl Simulation {
    /// A simulation of these accounts, with everything else fresh.
    pub fn new(registry: Registry, clock: Clock, random: Random) -> Self {
        Self {
            iam: Iam::new(registry),
            tokens: Tokens::new(random.clone()),
            clock,
            random,
            log: RequestLog::default(),
            faults: Faults::default(),
            signin: SignIn::default(),
            issuer_keys: IssuerKeys::default(),
            switches: Arc::default(),
        }
    }

    /// Trusts a further certificate authority, in PEM, when it asks OpenID Connect issuers for keys.
    pub fn trust_authority(&self, pem: &[u8]) -> Result<(), reqwest::Error> {
        self.issuer_keys.trust(reqwest::Certificate::from_pem(pem)?);
        Ok(())
    }

    /// The condition keys that every request of `identity` from `peer` has.
    pub(super) fn context_of(
        &self,
        identity: &Identity,
        registry: &Registry,
        peer: Option<IpAddr>,
    ) -> Context {
        let mut context = Context::new();
        let now = self.clock.now();
        identity.add_keys(registry, now, &mut context);
        add_request_keys(now, peer, &mut context);
        if identity.is_federated_user() && !self.switches().federated_users_have_issue_time {
            context.remove("aws:TokenIssueTime");
        }
        context
    }

    /// The switches as they stand.
    pub fn switches(&self) -> Switches {
        self.switches
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The accounts as those see them who decide: an edit by IAM's API may take its time.
    pub fn seen(&self) -> Seen<'_> {
        self.iam.seen(self.clock.now(), self.propagation())
    }

    /// Changes the accounts as a call of IAM's API does, signed by that key.
    pub(super) fn edit<T>(&self, editor: &str, change: impl FnOnce(&mut Registry) -> T) -> T {
        let slowest = self.propagation().max(self.others_show());
        let now = (self.clock.now(), editor);
        self.iam.edit(now, slowest, change)
    }

    /// The accounts as IAM's API reads them back to that key.
    pub(super) fn read_back(&self, reader: &str) -> Seen<'_> {
        self.iam
            .read_back((self.clock.now(), reader), self.others_show())
    }

    fn others_show(&self) -> TimeDelta {
        TimeDelta::seconds(self.switches().iam.others_show_after_seconds)
    }

    fn propagation(&self) -> TimeDelta {
        TimeDelta::seconds(self.switches().iam.propagation_seconds)
    }

    /// Changes the switches.
    pub fn change_switches(&self, change: impl FnOnce(&mut Switches)) {
        change(
            &mut self
                .switches
                .write()
                .unwrap_or_else(PoisonError::into_inner),
        );
    }
}
