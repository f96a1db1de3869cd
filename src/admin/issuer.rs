//! The issuer as administrators see it: its addresses, its keys, and what to do next.

use super::Admin;
use crate::domain::Timestamp;
use crate::issuer::Urgency;
use crate::issuer::keys::{KeyLine, State, Use};

/// The issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerView {
    /// Its name, and what its addresses begin with.
    pub url: String,
    /// Its name as a SAML identity provider.
    pub entity_id: String,
    /// What trust policies pin as `SAML:aud`.
    pub recipient: String,
    /// The audience of its ID tokens.
    pub audience: String,
    /// What keeps IAM from taking its URL as an OpenID Connect provider's.
    pub unfit: Option<&'static str>,
    /// What is wrong with the keys as they lie in their folder; those shown were read before.
    pub trouble: Option<String>,
    /// Its keys, those that sign first.
    pub keys: Vec<KeyView>,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    /// Its id.
    pub id: String,
    /// `SAML` or `OpenID Connect`.
    pub purpose: &'static str,
    /// `RS256` or `ES256`.
    pub algorithm: &'static str,
    /// `next`, `current` or `retired`.
    pub state: &'static str,
    /// When it was made.
    pub created: Timestamp,
    /// Since when it is in its state.
    pub since: Timestamp,
    /// When its certificate ends.
    pub expires: Option<Timestamp>,
    /// Its fingerprint.
    pub fingerprint: String,
    /// How pressing it is to replace it.
    pub pressing: Option<Pressing>,
    /// What to do next.
    pub next_step: &'static str,
}

/// How pressing it is to replace a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressing {
    /// Less than 90 days are left.
    Soon,
    /// Less than 30 days are left.
    Urgent,
    /// It signs no more.
    Ended,
}

impl Admin {
    /// What there is to see of the issuer.
    pub fn issuer(&self) -> IssuerView {
        let (issuer, now) = (&self.issuer, self.clock.now());
        let config = issuer.config();
        let mut keys = issuer.keys();
        keys.sort_by_key(|key| (key.purpose, order(key.state)));
        let has = |purpose, state| {
            keys.iter()
                .any(|key: &KeyLine| key.purpose == purpose && key.state == state)
        };
        let views = keys
            .iter()
            .map(|key| {
                let has_next = has(key.purpose, State::Next);
                view(key, has_next, now)
            })
            .collect();
        IssuerView {
            url: config.url.clone(),
            entity_id: config.saml_entity_id.clone(),
            recipient: config.recipient(),
            audience: config.oidc_audience.clone(),
            unfit: config.unfit_for_iam(),
            trouble: issuer.trouble(),
            keys: views,
        }
    }
}

fn order(state: State) -> u8 {
    match state {
        State::Current => 0,
        State::Next => 1,
        State::Retired => 2,
    }
}

fn view(key: &KeyLine, has_next: bool, now: Timestamp) -> KeyView {
    let pressing = key.urgency(now).map(|urgency| match urgency {
        Urgency::Soon => Pressing::Soon,
        Urgency::Urgent => Pressing::Urgent,
        Urgency::Ended => Pressing::Ended,
    });
    KeyView {
        id: key.id.clone(),
        purpose: match key.purpose {
            Use::Saml => "SAML",
            Use::Oidc => "OpenID Connect",
        },
        algorithm: key.algorithm,
        state: key.state.word(),
        created: key.created,
        since: key.since,
        expires: key.expires,
        fingerprint: key.fingerprint.clone(),
        next_step: next_step(key, has_next, pressing),
        pressing,
    }
}

fn next_step(key: &KeyLine, has_next: bool, pressing: Option<Pressing>) -> &'static str {
    match (key.state, key.purpose, pressing) {
        (State::Next, Use::Saml, _) => {
            "Register the metadata in every account (UpdateSAMLProvider), then: vestibule issuer keys promote --use saml"
        }
        (State::Next, Use::Oidc, _) => {
            "When the key set that AWS fetches has shown it for a day: vestibule issuer keys promote --use oidc"
        }
        (State::Current, _, Some(_)) if has_next => "Bring the next key into force",
        (State::Current, Use::Saml, Some(_)) => {
            "Make the next key now: vestibule issuer keys new --use saml"
        }
        (State::Current, Use::Saml, None) => "Nothing",
        (State::Current, Use::Oidc, _) => "Nothing; replace it once a year",
        (State::Retired, Use::Saml, _) => {
            "Register the metadata without it in every account, then: vestibule issuer keys remove, with its id"
        }
        (State::Retired, Use::Oidc, _) => "After a day: vestibule issuer keys remove, with its id",
    }
}
