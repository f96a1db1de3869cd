//! What comes in and what goes out of the four verbs, without a word of HTTP.

use std::fmt;
use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Error, Step};
use crate::domain::Timestamp;
use crate::domain::credentials::MfaCode;
use crate::domain::identity::IdpId;
use crate::domain::person::PersonKey;
use crate::domain::reason::Reason;
use crate::domain::session::{Session, SessionId};
use crate::random::{self, Random};

/// What somebody filled into a form on the way: what a role asks of the person beside their login.
#[derive(Debug, Default)]
pub struct Filled {
    /// The code of an MFA device.
    pub code: Option<MfaCode>,
    /// Why they come.
    pub reason: Option<Reason>,
}

/// What we know of the browser that asks.
#[derive(Debug)]
pub struct Visit {
    /// Where it comes from, as far as trusted proxies tell.
    pub address: Option<IpAddr>,
    /// What kind it is, in words of our own; empty where that is not known.
    pub family: String,
    /// What ties it to the logins it began.
    pub browser: Option<BrowserKey>,
    /// Whether it sent any cookie of ours, readable or not.
    pub keeps_cookies: bool,
    /// The session that its cookie names, live or not: a new one takes its place.
    pub session: Option<SessionId>,
    /// The provider last used in it.
    pub last_idp: Option<IdpId>,
    /// Who signed in in it last. It proves nothing more, and a limit alone goes by it.
    pub known: Option<PersonKey>,
    /// The id of the token that speaks for the person, where no browser does.
    pub token: Option<String>,
    /// What the look that found the session found beside it.
    pub beside: Option<Beside>,
    /// The reference that stands in the log and on error pages.
    pub reference: String,
}

/// What the database said of a session's person when it was asked for the session: nobody has to ask again in the same
/// request. The compiled access model is as new by then.
#[derive(Debug)]
pub struct Beside {
    /// The digest of the session.
    pub(super) session: String,
    /// What the person likes to find again.
    pub(super) preferences: Kept,
}

/// A person's preferences as they are kept, in JSON; `None`: nothing is.
#[derive(Debug, Clone)]
pub(super) struct Kept(pub(super) Option<String>);

impl Beside {
    /// What the person of this session likes to find again, if it is that session's.
    pub(super) fn of(&self, session: &Session) -> Option<&Kept> {
        (self.session == session.digest).then_some(&self.preferences)
    }
}

/// A secret that ties a browser to the logins it began: 32 random bytes in URL-safe base64, kept in a sealed cookie.
pub struct BrowserKey(SecretString);

impl BrowserKey {
    /// Reads what a sealed cookie held.
    pub fn parse(text: &str) -> Option<Self> {
        random::is_token::<32>(text).then(|| Self(SecretString::from(text.to_owned())))
    }

    /// A fresh one.
    pub(super) fn random(random: &dyn Random) -> Self {
        Self(SecretString::from(random::token::<32>(random)))
    }

    /// Gives it up, for the cookie and for its digest.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for BrowserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserKey(…)")
    }
}

/// Sends the browser to an identity provider.
#[derive(Debug)]
pub struct Departure {
    /// Where to.
    pub location: Url,
    /// What the browser must bring back: set or renewed in its cookie.
    pub browser: BrowserKey,
    /// When the browser may forget it.
    pub expires: Timestamp,
    /// Which provider.
    pub idp: IdpId,
}

/// What an identity provider sent back through the browser.
pub enum Answer {
    /// A form posted to the assertion consumer service.
    Saml {
        /// Whose consumer service.
        idp: IdpId,
        /// `SAMLResponse`.
        response: SecretString,
        /// `RelayState`.
        relay_state: String,
    },
    /// A redirect to the callback.
    Oidc {
        /// Whose callback.
        idp: IdpId,
        /// The raw query string.
        query: SecretString,
    },
}

impl Answer {
    /// At whose address it came.
    pub fn idp(&self) -> &IdpId {
        match self {
            Self::Saml { idp, .. } | Self::Oidc { idp, .. } => idp,
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Saml { idp, .. } => write!(f, "Saml({idp}, …)"),
            Self::Oidc { idp, .. } => write!(f, "Oidc({idp}, …)"),
        }
    }
}

/// A session just begun.
#[derive(Debug)]
pub struct StartedSession {
    /// For the cookie.
    pub id: SessionId,
    /// When the cookie ends at the latest.
    pub ends: Timestamp,
    /// The provider that proved it.
    pub idp: IdpId,
    /// Whose it is.
    pub person: PersonKey,
}

/// Somebody proved who they are; what they came for may still have failed.
#[derive(Debug)]
pub struct Arrival {
    /// Their new session.
    pub session: StartedSession,
    /// Whether they came for keys, for counting.
    pub for_keys: bool,
    /// What comes next.
    pub outcome: Result<Step, Error>,
}
