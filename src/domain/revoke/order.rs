//! Whom a policy aims at, and where it has to stand: one order for each role or IAM user.
//!
//! A person is meant by the names that the audit log has of their sign-ins, and by nothing that they could choose.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::entry::{Entry, Match, Only, until};
use super::merge::{Kind, federated_users};
use super::sentence::Gap;
use super::{LINK, Target};
use crate::domain::Timestamp;
use crate::domain::access::Model;
use crate::domain::account::{Account, AccountId, Alias};
use crate::domain::role::{CredentialsName, Method, Role, RoleKey, RoleName};

/// The longest session of a role, and of what an IAM user's key gives; it may begin when a link is redeemed at the last
/// moment.
const LONGEST_OF_A_ROLE: TimeDelta = TimeDelta::hours(12);
const LONGEST_OF_A_USER: TimeDelta = TimeDelta::hours(36);

/// One hand-over, as the audit log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The account's id.
    pub account: String,
    /// The role's key, as it was then.
    pub role: String,
    /// The STS operation.
    pub method: String,
    /// The session's name.
    pub session_name: Option<String>,
    /// Its source identity.
    pub source_identity: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl Handover {
    /// How far back sessions can live.
    pub fn since(now: Timestamp) -> Timestamp {
        now - LONGEST_OF_A_USER - LINK
    }

    /// Whether its session is over for certain.
    fn is_over(&self, now: Timestamp) -> bool {
        let longest = if is_of_a_user(&self.method) {
            LONGEST_OF_A_USER
        } else {
            LONGEST_OF_A_ROLE
        };
        self.at + longest + LINK <= now
    }
}

fn is_of_a_user(method: &str) -> bool {
    ["GetFederationToken", "GetSessionToken"].contains(&method)
}

/// On what a policy stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// On a role.
    Role(RoleName),
    /// On the IAM user whose key these own credentials are, and who makes federated users.
    Issuing(CredentialsName),
    /// On the IAM user whose key these own credentials are, and whom people become.
    User(CredentialsName),
}

/// Whom a policy aims at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Nobody: what has done its work goes.
    Nobody,
    /// All sessions.
    Everybody,
    /// The sessions with these names.
    Named {
        /// By session name.
        sessions: BTreeSet<String>,
        /// By source identity, where one was set.
        sources: BTreeSet<String>,
    },
}

/// What is to be denied in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// In which account.
    pub account: AccountId,
    /// Its alias, for people.
    pub alias: Alias,
    /// On what.
    pub holder: Holder,
    /// Whose sessions.
    pub whom: Whom,
    /// The roles of the access model whose sessions these are.
    pub roles: BTreeSet<String>,
}

impl Order {
    /// On whom the policy stands, for what fits there.
    pub fn kind(&self) -> Kind {
        match self.holder {
            Holder::Role(_) => Kind::Role,
            Holder::Issuing(_) | Holder::User(_) => Kind::User(self.account.clone()),
        }
    }

    /// What to deny to sessions that began before `cutoff`. `role_id`: the role's unique id, where it could be had.
    pub fn entries(&self, cutoff: Timestamp, role_id: Option<&str>) -> Vec<Entry> {
        let longest = match self.holder {
            Holder::Role(_) => LONGEST_OF_A_ROLE,
            Holder::Issuing(_) | Holder::User(_) => LONGEST_OF_A_USER,
        };
        let entry = |only| Entry {
            cutoff,
            until: until(cutoff, longest + LINK),
            only,
        };
        match (&self.holder, &self.whom) {
            (_, Whom::Nobody) => Vec::new(),
            // such a session has no name of its own: it is the user
            (Holder::User(_), _) | (Holder::Role(_), Whom::Everybody) => vec![entry(None)],
            (Holder::Issuing(_), Whom::Everybody) => {
                vec![entry(Some(federated_users(&self.account)))]
            }
            (Holder::Issuing(_), Whom::Named { sessions, .. }) => {
                let ids = sessions
                    .iter()
                    .map(|name| format!("{}:{name}", self.account));
                let only = named(Match::UserId, ids.collect());
                let undated = |only| Only {
                    undated: true,
                    ..only
                };
                only.map(undated)
                    .map(|only| entry(Some(only)))
                    .into_iter()
                    .collect()
            }
            (Holder::Role(_), Whom::Named { sessions, sources }) => {
                let (by, id) = role_id.map_or((Match::UserIdLike, "*"), |id| (Match::UserId, id));
                let ids = sessions.iter().map(|name| format!("{id}:{name}")).collect();
                let all = [
                    named(by, ids),
                    named(Match::SourceIdentity, sources.clone()),
                ];
                all.into_iter()
                    .flatten()
                    .map(|only| entry(Some(only)))
                    .collect()
            }
        }
    }
}

fn named(by: Match, values: BTreeSet<String>) -> Option<Only> {
    (!values.is_empty()).then_some(Only {
        by,
        values,
        undated: false,
    })
}

/// The orders for a target, and what there can be none for. `handovers`: what the audit log has of the person.
pub fn orders(
    model: &Model,
    target: &Target,
    handovers: &[Handover],
    now: Timestamp,
) -> (Vec<Order>, Vec<Gap>) {
    match target {
        Target::Role(key) => {
            let role = model.roles().iter().find(|role| role.key == *key);
            (
                role.map(|role| of_role(model, role)).into_iter().collect(),
                Vec::new(),
            )
        }
        Target::Person(_) => of_person(model, handovers, now),
    }
}

fn of_role(model: &Model, role: &Role) -> Order {
    let holder = holder(role);
    let same = model.roles().iter().filter(|other| {
        // whatever stands on a user reaches all roles that are had by that user's key
        other.account.id == role.account.id && self::holder(other) == holder
    });
    Order {
        account: role.account.id.clone(),
        alias: role.account.alias.clone(),
        roles: same.map(|role| role.key.to_string()).collect(),
        holder,
        whom: Whom::Everybody,
    }
}

fn holder(role: &Role) -> Holder {
    match &role.method {
        Method::GetFederationToken { credentials, .. } => Holder::Issuing(credentials.clone()),
        Method::GetSessionToken { credentials } => Holder::User(credentials.clone()),
        Method::AssumeRole { .. }
        | Method::AssumeRoleWithSaml { .. }
        | Method::AssumeRoleWithWebIdentity { .. } => Holder::Role(role.key.name.clone()),
    }
}

fn of_person(model: &Model, handovers: &[Handover], now: Timestamp) -> (Vec<Order>, Vec<Gap>) {
    let mut orders: BTreeMap<(AccountId, Holder), Order> = BTreeMap::new();
    let mut gaps: Vec<Gap> = Vec::new();
    for handover in handovers.iter().filter(|one| !one.is_over(now)) {
        match place(model, handover) {
            Ok((account, holder)) => {
                let key = (account.id.clone(), holder.clone());
                let order = orders.entry(key).or_insert_with(|| Order {
                    account: account.id.clone(),
                    alias: account.alias.clone(),
                    holder,
                    whom: Whom::Named {
                        sessions: BTreeSet::new(),
                        sources: BTreeSet::new(),
                    },
                    roles: BTreeSet::new(),
                });
                order.add(handover);
            }
            Err(gap) if gaps.contains(&gap) => {}
            Err(gap) => gaps.push(gap),
        }
    }
    (orders.into_values().collect(), gaps)
}

impl Order {
    fn add(&mut self, handover: &Handover) {
        self.roles.insert(handover.role.clone());
        if let Whom::Named { sessions, sources } = &mut self.whom {
            match (&handover.source_identity, &handover.session_name) {
                (Some(source), _) if is_name(source) => {
                    sources.insert(source.clone());
                }
                (_, Some(name)) => {
                    sessions.insert(name.clone());
                }
                (_, None) => {}
            }
        }
    }
}

/// Where the session of a hand-over can be cut off.
fn place<'m>(model: &'m Model, handover: &Handover) -> Result<(&'m Account, Holder), Gap> {
    let account = model.accounts().iter();
    let mut account = account.filter(|account| account.id.as_str() == handover.account);
    let account = account.next().ok_or_else(|| Gap::NoAccount {
        account: handover.account.clone(),
        role: handover.role.clone(),
    })?;
    let unnamed = || Gap::Unnamed {
        role: handover.role.clone(),
    };
    let name = handover.role.split_once('/').map(|(_, name)| name);
    let name = name
        .and_then(|name| RoleName::parse(name).ok())
        .ok_or_else(unnamed)?;
    let has_name = handover.session_name.as_deref().is_some_and(is_name);
    if handover.method != "GetSessionToken" && !has_name {
        return Err(unnamed());
    }
    if !is_of_a_user(&handover.method) {
        return Ok((account, Holder::Role(name)));
    }
    let key = RoleKey {
        account: account.alias.clone(),
        name,
    };
    let role = model.roles().iter().find(|role| role.key == key);
    let role = role.filter(|role| role.method.operation() == handover.method);
    let role = role.ok_or_else(|| Gap::NoCredentials {
        role: handover.role.clone(),
    })?;
    Ok((account, holder(role)))
}

/// The alphabet of session names and source identities: what may stand in a policy as it is.
fn is_name(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
}
