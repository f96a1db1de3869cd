//! What a model says about somebody, in full: which roles they hold and why; and of one role why, or why not. For whoever
//! may see all rules.
//!
//! By the current revision, an old one or a draft. About anybody, by attributes as typed or as pasted from what a
//! provider sends; or about somebody real, by what their provider said when they signed in last. The last is a look into
//! what is known of a person, and stands in the audit log before it is shown.

mod view;

use std::fmt;
use std::sync::Arc;

use chrono::Duration;

use super::drafts::aside;
use super::{Admin, Error, Remembering};
use crate::domain::Timestamp;
use crate::domain::access::{AccessIndex, AccessRevision, Document, DraftId, check};
use crate::domain::audit::{Event, EventKind, Person};
use crate::domain::identity::{Attributes, Authentication, Identity, IdpId, Subject};
use crate::domain::intent::WhyIntent;
use crate::domain::person::PersonKey;
use crate::domain::role::{Role, RoleKey};
use crate::domain::session::Session;
use crate::domain::stop::Until;
use crate::idp::{oidc, saml};
use crate::store::LastIdentity;

pub use view::{
    ConditionLine, Explained, HeldLine, ReadingLine, Simulated, SpellingLine, Whence, WhoLine,
};

/// The formats that a subject can have: a provider sends one, and whoever asks seldom knows which.
pub(super) const FORMATS: [&str; 10] = [
    "sub",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:entity",
];

/// Whom one asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whom {
    /// The provider.
    pub idp: IdpId,
    /// The subject, as the provider has it; where something was pasted, what that says goes before it.
    pub subject: String,
    /// What is said of them.
    pub said: Told,
}

/// What is said of somebody.
#[derive(Clone, PartialEq, Eq)]
pub enum Told {
    /// What their provider said when they signed in last.
    Known,
    /// This.
    Typed(Attributes),
    /// What a text says that somebody pasted: SAML, claims as JSON, or an ID token. It is not believed, kept or logged.
    Pasted(String),
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known => "Known",
            Self::Typed(_) => "Typed(…)",
            Self::Pasted(_) => "Pasted(…)",
        })
    }
}

/// Which model is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The current revision.
    Current,
    /// An old one.
    Revision(AccessRevision),
    /// A draft.
    Draft(DraftId),
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Of which model.
    pub which: Which,
    /// About whom.
    pub whom: Whom,
    /// Of which role in particular, if of one.
    pub role: Option<WhyIntent>,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq)]
pub enum Simulation {
    /// There is no such role.
    NoSuchRole,
    /// Nothing is known of anybody by that name.
    NobodyKnown,
    /// What was pasted cannot be read: why.
    Unreadable(String),
    /// The model cannot be used as it stands.
    Unfit,
    /// This is what the model says.
    Found(Box<Simulated>),
}

impl Admin {
    /// The same, knowing after how long without a click a session ends.
    #[must_use]
    pub fn with_idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// What a model says about somebody; `by` says who asks.
    pub async fn simulate(&self, asked: Question, by: Event) -> Result<Simulation, Error> {
        let Some(index) = self.index_of(asked.which).await? else {
            return Ok(Simulation::Unfit);
        };
        let role = match &asked.role {
            None => None,
            Some(role) => match key_of(&index, role) {
                None => return Ok(Simulation::NoSuchRole),
                key => key,
            },
        };
        let Whom { idp, subject, said } = asked.whom;
        let (identity, whence) = match said {
            Told::Typed(attributes) => (somebody(idp, subject, attributes), Whence::Typed),
            Told::Pasted(text) => match pasted(idp, subject, &text) {
                Ok(identity) => (identity, Whence::Pasted),
                Err(reason) => return Ok(Simulation::Unreadable(reason)),
            },
            Told::Known => {
                let event = looked((asked.which, &index), role.as_ref(), (&idp, &subject), by);
                let now = self.clock.now();
                self.store.append(EventKind::WhyAsked, &event, now).await?;
                match self.known(&idp, &subject).await? {
                    Some(known) => known,
                    None => return Ok(Simulation::NobodyKnown),
                }
            }
        };
        let (now, which) = (self.clock.now(), asked.which);
        // an old revision or a draft says nothing of it, and it holds all the same
        let followed = self.access.follow(&self.store).await;
        followed.map_err(|error| Error::Follow(Box::new(error)))?;
        let (access, blocked) = (self.access.clone(), self.block_of(&identity, now).await?);
        let look = move || {
            let suspended = |role: &Role| access.suspension(role, now);
            let judged = (&identity, whence);
            let stops = (&suspended as &dyn Fn(&Role) -> _, blocked);
            view::simulate(&index, judged, role.as_ref(), (which, now), stops)
        };
        Ok(Simulation::Found(Box::new(aside(look).await?)))
    }

    /// Until when somebody is blocked, if they are: of whom only the subject was said, in whatever format.
    async fn block_of(&self, identity: &Identity, now: Timestamp) -> Result<Option<Until>, Error> {
        let Subject { format, value } = &identity.subject;
        let is_known = !format.is_empty();
        for format in FORMATS.iter().copied().chain([format.as_str()]) {
            if is_known && format != identity.subject.format {
                continue;
            }
            let key = PersonKey::of(identity.idp.as_str(), format, value);
            let blocked = self.store.blocked(&key, now).await?;
            if blocked.is_some() {
                return Ok(blocked);
            }
        }
        Ok(None)
    }

    /// A model, compiled; `None` if it cannot be used as it stands.
    async fn index_of(&self, which: Which) -> Result<Option<Arc<AccessIndex>>, Error> {
        let (document, number) = match which {
            Which::Current => {
                let followed = self.access.follow(&self.store).await;
                followed.map_err(|error| Error::Follow(Box::new(error)))?;
                return Ok(Some(self.access.index()));
            }
            Which::Revision(number) => (self.revision(number).await?.1, number),
            Which::Draft(id) => {
                let text = self.draft(id).await?.text;
                match aside(move || Document::from_toml(&text)).await? {
                    Ok(document) => (document, 0),
                    Err(_) => return Ok(None),
                }
            }
        };
        let surroundings = self.surroundings();
        let compile = move || {
            let model = check(&document, &surroundings).ok()?;
            Some(Arc::new(AccessIndex::new(Arc::new(model), number)))
        };
        self.checking.aside(compile).await
    }

    /// What the provider said of a subject when they signed in last, whatever the subject's format: of the newest live
    /// session, or as it is kept for reviews.
    async fn known(&self, idp: &IdpId, subject: &str) -> Result<Option<(Identity, Whence)>, Error> {
        if let Some(session) = self.newest_session(idp, subject).await? {
            let since = Whence::SignedIn(session.began);
            return Ok(Some((session.identity, since)));
        }
        let Some(Remembering { key, days }) = &self.remembering else {
            return Ok(None);
        };
        let since = self.clock.now() - Duration::days((*days).into());
        let mut newest: Option<LastIdentity> = None;
        for format in FORMATS {
            let subject = Subject {
                format: format.to_owned(),
                value: subject.to_owned(),
            };
            let kept = self.store.last_identity((idp, &subject), since).await?;
            let kept = kept.and_then(|sealed| sealed.open(key));
            newest = match (newest, kept) {
                (Some(newest), Some(other)) if newest.seen >= other.seen => Some(newest),
                (newest, other) => other.or(newest),
            };
        }
        Ok(newest.map(|last| (last.identity, Whence::LastSeen(last.seen))))
    }

    /// The newest live session of a subject, whatever its format.
    async fn newest_session(&self, idp: &IdpId, subject: &str) -> Result<Option<Session>, Error> {
        let now = self.clock.now();
        let mut newest: Option<Session> = None;
        for format in FORMATS {
            let subject = Subject {
                format: format.to_owned(),
                value: subject.to_owned(),
            };
            let sessions = self
                .store
                .live_sessions_of(idp, &subject, now, self.idle)
                .await?;
            let first = sessions.into_iter().next();
            newest = match (newest, first) {
                (Some(newest), Some(other)) if newest.began >= other.began => Some(newest),
                (newest, other) => other.or(newest),
            };
        }
        Ok(newest)
    }
}

/// A role's key, also under an alias that its account had before.
fn key_of(index: &AccessIndex, role: &WhyIntent) -> Option<RoleKey> {
    let account = index.find(&role.account);
    let account = account.or_else(|| index.find_renamed(&role.account))?;
    let key = RoleKey {
        account: account.alias.clone(),
        name: role.role.clone(),
    };
    index.role(&key).map(|role| role.key.clone())
}

/// The row that says who looked at what is known of whom.
fn looked(
    (which, index): (Which, &AccessIndex),
    role: Option<&RoleKey>,
    (idp, subject): (&IdpId, &str),
    by: Event,
) -> Event {
    let account = role.and_then(|key| index.role(key));
    let draft = match which {
        Which::Draft(id) => Some(id),
        Which::Current | Which::Revision(_) => None,
    };
    Event {
        account: account.map(|role| role.account.id.to_string()),
        role: role.map(ToString::to_string),
        revision: draft.is_none().then(|| index.revision()),
        query: draft.map(|id| format!("draft={id}")),
        about: Some(Person {
            idp: Some(idp.to_string()),
            subject: Some(subject.to_owned()),
            ..Person::default()
        }),
        ..by
    }
}

/// Somebody of whom nothing is known but what is said.
fn somebody(idp: IdpId, subject: String, attributes: Attributes) -> Identity {
    Identity {
        idp,
        display_name: subject.clone(),
        subject: Subject {
            format: String::new(),
            value: subject,
        },
        verified_email: None,
        attributes,
        authentication: Authentication::default(),
        notice: None,
    }
}

/// Whom a pasted text is about. Where it names nobody, `subject` does.
fn pasted(idp: IdpId, subject: String, text: &str) -> Result<Identity, String> {
    if text.trim_start().starts_with('<') {
        let said = saml::read_pasted(text).map_err(|error| error.to_string())?;
        let named = said.subject.map(|subject| subject.value);
        let subject = named.filter(|named| !named.is_empty()).unwrap_or(subject);
        return Ok(somebody(idp, subject, said.attributes));
    }
    let mut identity = oidc::read_pasted(&idp, text).map_err(|error| reasons(&error))?;
    if identity.subject.value.is_empty() {
        identity.subject.value.clone_from(&subject);
        identity.display_name = subject;
    }
    Ok(identity)
}

/// An error with what is behind it.
fn reasons(error: &dyn std::error::Error) -> String {
    let behind = error.source().map(reasons);
    behind.map_or_else(|| error.to_string(), |behind| format!("{error}: {behind}"))
}
