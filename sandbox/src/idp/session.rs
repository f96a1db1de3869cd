//! The browser's side of a demo provider: who is signed in there, and which requests wait for a password.
//!
//! A session lets the second application in without a password, as company providers do. Cookies do not know ports,
//! and everything here lives on one address, so the cookie's name carries the port.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};

use crate::aws::clock::Clock;
use crate::aws::random::Random;

/// How long a sign-in at the provider lasts.
const SESSION_HOURS: i64 = 8;
/// How long a request waits for its password.
const PENDING_MINUTES: i64 = 10;
/// How many of each are kept; beyond that the oldest go.
const KEPT: usize = 1_000;

/// A 192-bit value that cannot be guessed.
pub(crate) fn secret(random: &Random) -> String {
    let mut bytes = [0; 24];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Lower-case hexadecimal of `N` random bytes.
pub(crate) fn hex<const N: usize>(random: &Random) -> String {
    use std::fmt::Write as _;
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
        .iter()
        .fold(String::with_capacity(2 * N), |mut text, byte| {
            // writing to a String cannot fail
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Values kept for a while under names that cannot be guessed.
pub(crate) struct Vault<T> {
    lifetime: Duration,
    clock: Clock,
    random: Random,
    kept: Mutex<HashMap<String, (DateTime<Utc>, T)>>,
}

impl<T: Clone> Vault<T> {
    /// An empty one, whose values live for `lifetime`.
    pub(crate) fn new(lifetime: Duration, clock: Clock, random: Random) -> Self {
        Self {
            lifetime,
            clock,
            random,
            kept: Mutex::default(),
        }
    }

    /// One for requests that wait for a password.
    pub(crate) fn pending(clock: Clock, random: Random) -> Self {
        Self::new(Duration::minutes(PENDING_MINUTES), clock, random)
    }

    /// Keeps `value` and says under which name.
    pub(crate) fn put(&self, value: T) -> String {
        let name = secret(&self.random);
        let now = self.clock.now();
        let mut kept = self.lock();
        kept.retain(|_, (until, _)| *until > now);
        if kept.len() >= KEPT {
            let oldest = kept
                .iter()
                .min_by_key(|(_, (until, _))| *until)
                .map(|(name, _)| name.clone());
            oldest.map(|name| kept.remove(&name));
        }
        kept.insert(name.clone(), (now + self.lifetime, value));
        name
    }

    /// The value of that name, while it lives.
    pub(crate) fn get(&self, name: &str) -> Option<T> {
        let now = self.clock.now();
        self.lock()
            .get(name)
            .filter(|(until, _)| *until > now)
            .map(|(_, value)| value.clone())
    }

    /// The value of that name, which is gone afterwards.
    pub(crate) fn take(&self, name: &str) -> Option<T> {
        let now = self.clock.now();
        self.lock()
            .remove(name)
            .filter(|(until, _)| *until > now)
            .map(|(_, value)| value)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (DateTime<Utc>, T)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Someone who is signed in at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignedIn {
    /// Who.
    pub(crate) username: String,
    /// When they typed their password.
    pub(crate) at: DateTime<Utc>,
    /// The session's public name.
    pub(crate) index: String,
}

/// The browser sessions of one provider.
pub(crate) struct Sessions {
    cookie: String,
    secure: bool,
    vault: Vault<SignedIn>,
    clock: Clock,
    random: Random,
}

impl Sessions {
    /// None yet; `name` and `port` make the cookie's name.
    pub(crate) fn new(name: &str, port: u16, secure: bool, clock: Clock, random: Random) -> Self {
        Self {
            cookie: format!("{name}_session_{port}"),
            secure,
            vault: Vault::new(
                Duration::hours(SESSION_HOURS),
                clock.clone(),
                random.clone(),
            ),
            clock,
            random,
        }
    }

    /// Signs `username` in: the session, and the cookie that carries it.
    pub(crate) fn start(&self, username: &str) -> (SignedIn, Cookie<'static>) {
        let session = SignedIn {
            username: username.to_owned(),
            at: self.clock.now(),
            index: format!("_{}", hex::<16>(&self.random)),
        };
        let name = self.vault.put(session.clone());
        (session, self.cookie(name))
    }

    /// Who is signed in in the browser that sent `request`.
    pub(crate) fn of(&self, request: &HttpRequest) -> Option<SignedIn> {
        self.vault.get(request.cookie(&self.cookie)?.value())
    }

    /// Signs out, and gives the cookie that says so.
    pub(crate) fn end(&self, request: &HttpRequest) -> Cookie<'static> {
        if let Some(cookie) = request.cookie(&self.cookie) {
            self.vault.take(cookie.value());
        }
        let mut cookie = self.cookie(String::new());
        cookie.make_removal();
        cookie
    }

    fn cookie(&self, value: String) -> Cookie<'static> {
        Cookie::build(self.cookie.clone(), value)
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_forgets_by_age_by_use_and_by_number() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (clock, hand) = Clock::standing(start);
        let vault = Vault::new(Duration::minutes(1), clock, Random::seeded(7));
        let first = vault.put(1);
        assert_eq!(vault.get(&first), Some(1));
        assert_eq!(vault.take(&first), Some(1));
        assert_eq!(vault.take(&first), None);
        let second = vault.put(2);
        hand.advance(Duration::minutes(1));
        assert_eq!(vault.get(&second), None);
        let names: Vec<_> = (0..=KEPT)
            .map(|n| {
                hand.advance(Duration::milliseconds(1));
                vault.put(n)
            })
            .collect();
        assert_eq!(vault.get(&names[KEPT]), Some(KEPT));
        assert_eq!(vault.lock().len(), KEPT);
    }
}
