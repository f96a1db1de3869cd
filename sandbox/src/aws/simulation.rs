//! The simulated AWS as one value: accounts, tokens, time, randomness, switches, log and faults.
//!
//! What every simulated host is given. Cheap to clone; all clones see the same world.

use std::sync::{Arc, PoisonError, RwLock};

use super::clock::Clock;
use super::faults::Faults;
use super::iam::{Iam, Registry};
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

    /// The switches as they stand.
    pub fn switches(&self) -> Switches {
        self.switches
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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
