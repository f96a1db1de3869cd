//! The use-cases of people, in four verbs: recognise, open, arrive, leave.
//!
//! How a sign-in runs, for everybody:
//!
//! 1. Somebody opens the portal or a link. [`Signin::recognise`] looks their session up; [`Signin::open`] either
//!    goes on with it or *departs*: it makes a challenge, remembers it as a pending login bound to this browser,
//!    and sends the browser to the identity provider.
//! 2. The provider sends the browser back. [`Signin::arrive`] takes the pending login (once, and only from the
//!    browser that began it), verifies the answer, starts a session, and goes on with what the person came for.
//! 3. What comes next is decided in one place, `proceed`: the portal, a choice, a console, or keys.
//! 4. For a console: grant → credentials → sign-in token, with the audit row `begun` written beside these calls,
//!    then the last check from the database, and one redirect. Afterwards the audit row `ended`.
//! 5. For keys: a page that says what they are, and only after its form the same way to credentials ([`Signin::make_keys`]).
//! 6. [`Signin::leave`] ends the session and says what lives on; [`Signin::end_own`] ends others of the same person's.
//!
//! The order never changes: audit before power, authorise last. This folder knows nothing of HTTP.

mod about;
mod administrators;
mod arrive;
mod ask;
mod asked_before;
mod console;
mod depart;
mod digest;
mod error;
mod gather;
mod handover;
mod keys;
mod last_check;
mod lengths;
mod portal;
mod preferences;
mod proceed;
mod program;
mod recognise;
mod record;
mod refusal;
mod renamed;
mod sessions;
mod shares;
mod step_up;
mod tokens;
mod tries;
mod view;
mod visit;
mod vouch;
mod wanted;
mod warm;
mod why;

use std::ops::Deref;
use std::sync::Arc;

use chrono::Duration;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use url::Url;

pub use administrators::Administrators;
pub use asked_before::AskedBefore;
pub use error::{AwsCause, Error, IssuerCause, NotForTokens, TooLarge};
pub use preferences::Settings;
pub use program::OnceKey;
pub use record::{Outcome, about};
pub use sessions::{Ended, OwnEnding};
pub use tokens::{MadeToken, NewToken, TokenRefused};
pub use view::{
    AboutRole, AccountView, CodeQuestion, HeldRole, How, IdpChoice, KeysOnly, KeysView, LeftOut,
    MadeKeys, OpenChoice, Place, PortalView, ReasonQuestion, RoleChoice, SessionsView,
    SettingsView, SignOutFirst, Step, TokensView, WhyView,
};
pub use visit::{Answer, Arrival, Beside, BrowserKey, Departure, Filled, StartedSession, Visit};

use crate::aws::Aws;
use crate::clock::SharedClock;
use crate::domain::names::UniqueDomains;
use crate::domain::partition::Partitions;
use crate::domain::token::TokenLife;
use crate::idp::Providers;
use crate::issuer::Issuer;
use crate::limits::Limits;
use crate::random::SharedRandom;
use crate::store::{Access, AccessError, ImpactKey, Store};

/// What the use-cases stand on. `app` fills it.
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The current revision of the access model.
    pub access: Access,
    /// Where people prove who they are.
    pub providers: Providers,
    /// STS and the federation endpoint.
    pub aws: Aws,
    /// Vouches for people towards AWS.
    pub issuer: Issuer,
    /// Who may administrate.
    pub administrators: Administrators,
    /// How long tokens for programs live.
    pub token_life: TokenLife,
    /// How often what may be asked.
    pub limits: Limits,
    /// The time.
    pub clock: SharedClock,
    /// Randomness.
    pub random: SharedRandom,
    /// What absolute URLs are built from.
    pub public_url: Url,
    /// Mail domains whose addresses may stand as session names.
    pub unique_domains: UniqueDomains,
    /// The partitions of AWS.
    pub partitions: Partitions,
    /// Without a click for so long a session ends.
    pub idle: Duration,
    /// After so long it ends whatever happens.
    pub absolute: Duration,
    /// Seals what providers say of people, to be kept for reviews; `None`: nothing is kept.
    pub impact_key: Option<ImpactKey>,
    /// How often connections to AWS are renewed while people go in; `None`: never.
    pub keep_warm: Option<std::time::Duration>,
}

/// The use-cases of people. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Signin(Arc<Standing>);

/// The parts, and what runs beside the requests.
#[derive(Debug)]
struct Standing {
    parts: Parts,
    /// The runtime that outlives every request: rows that end sign-ins are written there.
    runtime: Handle,
    afterwards: TaskTracker,
    used: warm::Used,
    lengths: lengths::Lengths,
    tries: tries::Tries,
}

/// How much is said of one thing that is missing: a revision can have hundreds of problems.
const LONGEST_REASON: usize = 500;

impl Deref for Standing {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Signin {
    /// Puts them on their parts. Must be called within the runtime that lives as long as they do.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Standing {
            parts,
            runtime: Handle::current(),
            afterwards: TaskTracker::new(),
            used: warm::Used::default(),
            lengths: lengths::Lengths::default(),
            tries: tries::Tries::default(),
        }))
    }

    /// Waits for what is written after the answers.
    pub async fn finish(&self) {
        self.0.afterwards.close();
        self.0.afterwards.wait().await;
    }

    /// The providers to sign in with, in the order of the configuration.
    pub fn idps(&self) -> Vec<IdpChoice> {
        self.0
            .providers
            .iter()
            .map(|provider| IdpChoice {
                id: provider.id().clone(),
                name: provider.name().to_owned(),
            })
            .collect()
    }

    /// Our SAML metadata towards a provider; `None` when there is no such SAML provider.
    pub fn saml_metadata(&self, idp: &crate::domain::identity::IdpId) -> Option<String> {
        self.0.providers.get(idp)?.saml_metadata()
    }

    /// What must work for sign-ins to work, and whether it does.
    pub async fn ready(&self) -> Vec<(String, Result<(), String>)> {
        let mut checks = vec![(
            "database".to_owned(),
            self.0.store.ping().await.map_err(|e| e.to_string()),
        )];
        // a replica that cannot use the current revision shows pages by an old one and lets nobody in
        let followed = self.0.access.follow(&self.0.store).await;
        let usable = match followed {
            Err(error @ AccessError::Unusable { .. }) => {
                Err(error.to_string().chars().take(LONGEST_REASON).collect())
            }
            // a database that is away has been named
            Ok(()) | Err(AccessError::Store(_)) if self.0.access.index().revision() > 0 => Ok(()),
            Ok(()) | Err(AccessError::Store(_)) => {
                Err("no access model has been published".to_owned())
            }
        };
        checks.push(("access model".to_owned(), usable));
        for provider in self.0.providers.iter() {
            let name = format!("identity provider {}", provider.id());
            checks.push((name, provider.ready(self.0.clock.now()).await));
        }
        checks
    }
}
