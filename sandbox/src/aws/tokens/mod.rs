//! Temporary credentials: issuing them and recognising them again.
//!
//! Issues key ids, secrets and sealed session tokens for sessions that the STS operations decided
//! on; says of three presented parts whether they belong together and are alive. Knows no policy
//! and no operation.

mod seal;
mod session;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use session::{Made, Principal, Session};

use super::random::Random;
use seal::{Seal, Sealed};

/// The most bytes a session token may have.
pub const MAX_TOKEN: usize = 4096;

/// Issues and recognises temporary credentials.
#[derive(Clone, Debug)]
pub struct Tokens {
    seal: Arc<Seal>,
    random: Random,
}

/// A set of temporary credentials, as an STS answer carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `ASIA…`.
    pub access_key: String,
    /// The secret access key.
    pub secret: String,
    /// The session token.
    pub session_token: String,
    /// When they end.
    pub expires: DateTime<Utc>,
}

impl Credentials {
    /// How much of the room for a token this one takes, in percent, rounded up.
    pub fn utilization(&self) -> usize {
        utilization(self.session_token.len())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key", &self.access_key)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Temporary credentials that were recognised.
#[derive(Clone)]
pub struct Known {
    /// The key id.
    pub access_key: String,
    /// The secret, for checking a signature.
    pub secret: String,
    /// What they stand for; may be past its end.
    pub session: Session,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}

/// Why presented credentials are not taken, or none can be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The token was not made here, or not for that key.
    #[error("the session token is not one of ours")]
    Unreadable,
    /// The key id or the secret does not belong to the token.
    #[error("the parts of the credentials do not belong together")]
    Mismatch,
    /// They are past their end.
    #[error("the credentials have expired")]
    Expired,
    /// The token would be larger than allowed.
    #[error("the session token would take {0} percent of the room it has")]
    TooLarge(usize),
}

impl Tokens {
    /// A fresh issuer; nothing another one issued is valid here.
    pub fn new(random: Random) -> Self {
        Self {
            seal: Arc::new(Seal::new(random.clone())),
            random,
        }
    }

    /// Issues credentials for `session`, padded to at least `minimum` bytes of token.
    pub fn issue(&self, session: Session, minimum: usize) -> Result<Credentials, TokenError> {
        let expires = session.expires;
        let mut sealed = Sealed {
            access_key: self.random.id("ASIA", 16),
            secret: self.random.secret(),
            session,
            padding: String::new(),
        };
        let mut session_token = self.seal.seal(&sealed)?;
        while session_token.len() < minimum.min(MAX_TOKEN) {
            let missing = minimum.min(MAX_TOKEN) - session_token.len();
            let length = sealed.padding.len() + missing.div_ceil(2).max(1);
            sealed.padding = self.seal.padding(length);
            session_token = self.seal.seal(&sealed)?;
        }
        if session_token.len() > MAX_TOKEN {
            return Err(TokenError::TooLarge(utilization(session_token.len())));
        }
        let Sealed {
            access_key, secret, ..
        } = sealed;
        Ok(Credentials {
            access_key,
            secret,
            session_token,
            expires,
        })
    }

    /// The session and secret behind a key id and token, alive or not: what
    /// checking a signature needs.
    pub fn by_access_key(&self, access_key: &str, token: &str) -> Result<Known, TokenError> {
        let Sealed {
            access_key: key,
            secret,
            session,
            ..
        } = self.seal.open(token)?;
        if key != access_key {
            return Err(TokenError::Mismatch);
        }
        Ok(Known {
            access_key: key,
            secret,
            session,
        })
    }

    /// The session behind three parts that belong together and are alive: what the federation
    /// endpoint needs.
    pub fn verify(
        &self,
        access_key: &str,
        secret: &str,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Session, TokenError> {
        let known = self.by_access_key(access_key, token)?;
        let same = aws_lc_rs::constant_time::verify_slices_are_equal(
            known.secret.as_bytes(),
            secret.as_bytes(),
        );
        if same.is_err() {
            return Err(TokenError::Mismatch);
        }
        if now >= known.session.expires {
            return Err(TokenError::Expired);
        }
        Ok(known.session)
    }
}

fn utilization(bytes: usize) -> usize {
    (bytes * 100).div_ceil(MAX_TOKEN)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{MAX_TOKEN, Made, Principal, Session, TokenError, Tokens};
    use crate::aws::partition::Partition;
    use crate::aws::random::Random;

    fn noon() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn session() -> Session {
        Session {
            principal: Principal::AssumedRole {
                role: "ReadOnly".to_owned(),
                path: "/team/".to_owned(),
                role_id: "AROAEXAMPLE".to_owned(),
                session_name: "ada@example.com".to_owned(),
            },
            made: Made::Saml,
            partition: Partition::Aws,
            account: "111122223333".to_owned(),
            issued: noon(),
            expires: noon() + TimeDelta::hours(1),
            tags: BTreeMap::from([("team".to_owned(), "payments".to_owned())]),
            transitive_keys: vec!["team".to_owned()],
            source_identity: Some("ada".to_owned()),
            inline_policy: None,
            managed_policies: Vec::new(),
            federation: BTreeMap::new(),
            mfa: false,
            global: false,
        }
    }

    #[test]
    fn what_was_issued_is_recognised_with_all_it_carries() {
        let tokens = Tokens::new(Random::seeded(1));
        let made = tokens.issue(session(), 0).unwrap();
        assert!(made.access_key.starts_with("ASIA"));
        let seen = tokens.verify(&made.access_key, &made.secret, &made.session_token, noon());
        assert_eq!(seen, Ok(session()));
        assert_eq!(
            session().arn(),
            "arn:aws:sts::111122223333:assumed-role/ReadOnly/ada@example.com"
        );
        assert_eq!(
            session().principal_arn(),
            "arn:aws:iam::111122223333:role/team/ReadOnly"
        );
        assert_eq!(session().user_id(), "AROAEXAMPLE:ada@example.com");
    }

    #[test]
    fn parts_that_do_not_belong_together_are_refused() {
        let tokens = Tokens::new(Random::seeded(1));
        let one = tokens.issue(session(), 0).unwrap();
        let two = tokens.issue(session(), 0).unwrap();
        for (key, secret, token) in [
            (&one.access_key, &one.secret, &two.session_token),
            (&one.access_key, &two.secret, &one.session_token),
            (&two.access_key, &one.secret, &one.session_token),
            (&one.access_key, &one.session_token, &one.secret),
        ] {
            assert!(tokens.verify(key, secret, token, noon()).is_err());
        }
    }

    #[test]
    fn tokens_of_another_run_and_altered_ones_are_unreadable() {
        let tokens = Tokens::new(Random::seeded(1));
        let foreign = Tokens::new(Random::seeded(2)).issue(session(), 0).unwrap();
        let opened = tokens.by_access_key(&foreign.access_key, &foreign.session_token);
        assert_eq!(opened.unwrap_err(), TokenError::Unreadable);
        let made = tokens.issue(session(), 0).unwrap();
        for at in (0..made.session_token.len()).step_by(7) {
            let mut bytes = made.session_token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let token = String::from_utf8(bytes).unwrap();
            assert!(
                tokens.by_access_key(&made.access_key, &token).is_err(),
                "byte {at}"
            );
        }
        for token in ["", "IQoJb3JpZ2luX2Vj", "IQoJb3JpZ2luX2VjAAAA", "ünïcode"] {
            assert!(tokens.by_access_key(&made.access_key, token).is_err());
        }
    }

    #[test]
    fn credentials_die_on_the_second() {
        let tokens = Tokens::new(Random::seeded(1));
        let made = tokens.issue(session(), 0).unwrap();
        let at = |now| tokens.verify(&made.access_key, &made.secret, &made.session_token, now);
        assert!(at(made.expires - TimeDelta::seconds(1)).is_ok());
        assert_eq!(at(made.expires), Err(TokenError::Expired));
    }

    #[test]
    fn a_token_is_padded_on_request_and_never_larger_than_its_limit() {
        let tokens = Tokens::new(Random::seeded(1));
        for minimum in [0, 1000, 4000, 4096] {
            let made = tokens.issue(session(), minimum).unwrap();
            assert!(made.session_token.len() >= minimum, "{minimum}");
            assert!(made.session_token.len() <= MAX_TOKEN, "{minimum}");
        }
        let mut huge = session();
        let random = Random::seeded(3);
        for index in 0..50 {
            huge.tags.insert(
                format!("key-{index}"),
                (0..6).map(|_| random.secret()).collect(),
            );
        }
        assert!(
            matches!(tokens.issue(huge, 0), Err(TokenError::TooLarge(percent)) if percent > 100)
        );
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let made = Tokens::new(Random::seeded(1)).issue(session(), 0).unwrap();
        let text = format!("{made:?}");
        assert!(!text.contains(&made.secret) && !text.contains(&made.session_token));
    }
}
