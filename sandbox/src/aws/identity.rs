//! Who made a signed request: root, an IAM user's long-term key, or temporary credentials.
//!
//! Answers by which names policies may speak of them and which condition keys they bring along.
//! Decides nothing.

use chrono::{DateTime, SecondsFormat, Utc};

use super::iam::{Owner, Registry};
use super::partition::Partition;
use super::policy::{Caller, Context};
use super::tokens::{Principal, Session};

/// Who made a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The key that signed.
    pub access_key: String,
    /// The partition it belongs to.
    pub partition: Partition,
    /// The account it acts in.
    pub account: String,
    /// The kind.
    pub who: Who,
}

/// The kinds of identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The account's root user, with a long-term key.
    Root,
    /// An IAM user, with a long-term key.
    User {
        /// The name.
        name: String,
        /// The path.
        path: String,
        /// The unique id.
        id: String,
    },
    /// Temporary credentials.
    Session(Box<Session>),
}

impl Identity {
    /// The identity behind a long-term key.
    pub fn long_term(registry: &Registry, access_key: &str) -> Option<Self> {
        let (account, owner, key) = registry.long_term_key(access_key)?;
        let who = match owner {
            Owner::Root => Who::Root,
            Owner::User(user) => Who::User {
                name: user.name.clone(),
                path: user.path.clone(),
                id: user.id.clone(),
            },
        };
        Some(Self {
            access_key: key.id.clone(),
            partition: account.partition,
            account: account.id.clone(),
            who,
        })
    }

    /// The identity of a session.
    pub fn of_session(access_key: &str, session: Session) -> Self {
        Self {
            access_key: access_key.to_owned(),
            partition: session.partition,
            account: session.account.clone(),
            who: Who::Session(Box::new(session)),
        }
    }

    /// The session, for temporary credentials.
    pub fn session(&self) -> Option<&Session> {
        match &self.who {
            Who::Session(session) => Some(session),
            _ => None,
        }
    }

    /// Whether it is a session of `GetFederationToken`.
    pub fn is_federated_user(&self) -> bool {
        self.session()
            .is_some_and(|session| matches!(session.principal, Principal::FederatedUser { .. }))
    }

    /// Whether it is root, or a session of root's own.
    pub fn is_root(&self) -> bool {
        match &self.who {
            Who::Root => true,
            Who::User { .. } => false,
            Who::Session(session) => {
                matches!(session.principal, Principal::User { user: None, .. })
            }
        }
    }

    /// The ARN, as `GetCallerIdentity` answers it.
    pub fn arn(&self) -> String {
        let (partition, account) = (self.partition.name(), &self.account);
        match &self.who {
            Who::Root => format!("arn:{partition}:iam::{account}:root"),
            Who::User { name, path, .. } => {
                format!("arn:{partition}:iam::{account}:user{path}{name}")
            }
            Who::Session(session) => session.arn(),
        }
    }

    /// The user id, as `GetCallerIdentity` answers it.
    pub fn user_id(&self) -> String {
        match &self.who {
            Who::Root => self.account.clone(),
            Who::User { id, .. } => id.clone(),
            Who::Session(session) => session.user_id(),
        }
    }

    /// By which names a trust or resource policy may speak of it.
    pub fn caller(&self) -> Caller {
        match &self.who {
            Who::Session(session) => session.caller(),
            _ => Caller {
                account: Some(self.account.clone()),
                session_arn: None,
                principal_arn: Some(self.arn()),
                provider_arn: None,
            },
        }
    }

    /// Adds the condition keys that every request of this identity has.
    pub fn add_keys(&self, registry: &Registry, now: DateTime<Utc>, context: &mut Context) {
        context.set("aws:PrincipalAccount", self.account.as_str());
        context.set("aws:userid", self.user_id());
        context.set("aws:PrincipalType", self.kind());
        let principal_arn = self
            .session()
            .map_or_else(|| self.arn(), Session::principal_arn);
        context.set("aws:PrincipalArn", principal_arn);
        if let Some(name) = self.user_name() {
            context.set("aws:username", name);
        }
        for (key, value) in self.principal_tags(registry) {
            context.set(&format!("aws:PrincipalTag/{key}"), value);
        }
        if let Some(session) = self.session() {
            add_session_keys(session, now, context);
        }
    }

    fn kind(&self) -> &'static str {
        match &self.who {
            Who::Root => "Account",
            Who::User { .. } => "User",
            Who::Session(session) => match &session.principal {
                Principal::AssumedRole { .. } => "AssumedRole",
                Principal::FederatedUser { .. } => "FederatedUser",
                Principal::User { user: Some(_), .. } => "User",
                Principal::User { user: None, .. } => "Account",
            },
        }
    }

    fn user_name(&self) -> Option<&str> {
        match &self.who {
            Who::User { name, .. } => Some(name),
            Who::Session(session) => match &session.principal {
                Principal::User { user, .. } => user.as_deref(),
                _ => None,
            },
            Who::Root => None,
        }
    }

    /// The role's or user's own tags, overlaid by the session's; keys ignore case.
    fn principal_tags(&self, registry: &Registry) -> Vec<(String, String)> {
        let account = registry.account(&self.account);
        let own = account.and_then(|account| match (&self.who, self.session()) {
            (Who::User { name, .. }, _) => Some(&account.users.get(name)?.tags),
            (_, Some(session)) => match &session.principal {
                Principal::AssumedRole { role, .. } => Some(&account.role(role)?.tags),
                Principal::FederatedUser { user, .. } | Principal::User { user, .. } => {
                    Some(&account.users.get(user.as_deref()?)?.tags)
                }
            },
            _ => None,
        });
        let session = self.session().map(|session| &session.tags);
        own.into_iter()
            .chain(session)
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

fn add_session_keys(session: &Session, now: DateTime<Utc>, context: &mut Context) {
    context.set("aws:TokenIssueTime", timestamp(session.issued));
    context.set("aws:MultiFactorAuthPresent", session.mfa.to_string());
    if session.mfa {
        let age = (now - session.issued).num_seconds();
        context.set("aws:MultiFactorAuthAge", age.to_string());
    }
    if let Some(source_identity) = &session.source_identity {
        context.set("aws:SourceIdentity", source_identity.as_str());
    }
    for (key, values) in &session.federation {
        match values.as_slice() {
            [value] => context.set(key, value.as_str()),
            _ => context.set_many(key, values.clone()),
        }
    }
}

/// Adds the condition keys that every request has.
pub fn add_request_keys(now: DateTime<Utc>, peer: Option<std::net::IpAddr>, context: &mut Context) {
    context.set("aws:CurrentTime", timestamp(now));
    context.set("aws:EpochTime", now.timestamp().to_string());
    if let Some(peer) = peer {
        context.set("aws:SourceIp", peer.to_string());
    }
}

/// A time as AWS writes it.
pub fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
