//! What the rules say about somebody and a role, in full: for whoever may see all rules.
//!
//! About anybody, by attributes as typed; or about somebody who is signed in, by what their provider said of them. The
//! latter is a look into what is known of a person, and stands in the audit log before it is shown.

mod view;

use chrono::Duration;

use super::{Admin, Error};
use crate::domain::audit::{Event, EventKind, Person};
use crate::domain::identity::{Attributes, Authentication, Identity, IdpId, Subject};
use crate::domain::intent::WhyIntent;
use crate::domain::role::RoleKey;
use crate::domain::session::Session;

pub use view::{ConditionLine, Explained, ReadingLine, SpellingLine, WhoLine};

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
    /// The subject, as the provider has it.
    pub subject: String,
    /// What the provider would say of them; `None`: what it said of them.
    pub attributes: Option<Attributes>,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyAnswer {
    /// There is no such role.
    NoSuchRole,
    /// Nobody by that name is signed in, so nothing is known of them.
    NobodyKnown,
    /// This is what the rules say.
    Explained(Box<Explained>),
}

impl Admin {
    /// The same, knowing after how long without a click a session ends.
    #[must_use]
    pub fn with_idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// What the current revision says about somebody and a role; `by` says who asks.
    pub async fn why(&self, asked: &WhyIntent, whom: Whom, by: Event) -> Result<WhyAnswer, Error> {
        let followed = self.access.follow(&self.store).await;
        followed.map_err(|error| Error::Follow(Box::new(error)))?;
        let index = self.access.index();
        let account = index.find(&asked.account);
        let account = account.or_else(|| index.find_renamed(&asked.account));
        let key = account.map(|account| RoleKey {
            account: account.alias.clone(),
            name: asked.role.clone(),
        });
        let Some((key, role)) = key.and_then(|key| index.role(&key).map(|role| (key, role))) else {
            return Ok(WhyAnswer::NoSuchRole);
        };
        let (identity, since) = if let Some(attributes) = whom.attributes {
            (typed(whom.idp, whom.subject, attributes), None)
        } else {
            let event = Event {
                account: Some(role.account.id.to_string()),
                role: Some(key.to_string()),
                revision: Some(index.revision()),
                about: Some(Person {
                    idp: Some(whom.idp.to_string()),
                    subject: Some(whom.subject.clone()),
                    ..Person::default()
                }),
                ..by
            };
            let now = self.clock.now();
            self.store.append(EventKind::WhyAsked, &event, now).await?;
            match self.known(&whom.idp, &whom.subject).await? {
                Some(session) => (session.identity, Some(session.began)),
                None => return Ok(WhyAnswer::NobodyKnown),
            }
        };
        let now = self.clock.now();
        let explain = move || view::explain(&index, (&identity, since), &key, now);
        let explained = tokio::task::spawn_blocking(explain)
            .await
            .map_err(|_| Error::Interrupted)?;
        Ok(explained.map_or(WhyAnswer::NoSuchRole, |explained| {
            WhyAnswer::Explained(Box::new(explained))
        }))
    }

    /// The newest live session of a subject, whatever its format.
    async fn known(&self, idp: &IdpId, subject: &str) -> Result<Option<Session>, Error> {
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

/// Somebody of whom nothing is known but what was typed.
fn typed(idp: IdpId, subject: String, attributes: Attributes) -> Identity {
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
