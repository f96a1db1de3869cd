//! Whom a policy aims at, and where it has to stand: one order for each role or IAM user.
//!
//! A person is meant by the names that the audit log has of their sign-ins, and by nothing that they could choose.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::entry::{Entry, Match, Only, until};
use super::handover::{Configured, Handover, LONGEST_OF_A_ROLE, LONGEST_OF_A_USER, is_name};
use super::merge::{Kind, federated_users};
use super::sentence::Gap;
use super::{LINK, Target};
use crate::domain::Timestamp;
use crate::domain::access::Model;
use crate::domain::account::{Account, AccountId, Alias};
use crate::domain::role::{CredentialsName, Method, Role, RoleKey, RoleName};

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

/// The orders for a target, and what there can be none for. `handovers`: what the audit log has of the person, or of the
/// role. `configured`: the own credentials that there are.
pub fn orders(
    (model, configured): (&Model, &Configured),
    target: &Target,
    handovers: &[Handover],
    now: Timestamp,
) -> (Vec<Order>, Vec<Gap>) {
    let handovers = handovers.iter().filter(|one| !one.is_over(now));
    match target {
        Target::Role(key) => of_role((model, configured), key, handovers),
        Target::Person(_) => of_person((model, configured), handovers),
    }
}

/// Where the role's sessions are cut off today, and wherever else it was handed over: what it was changed from lives on.
fn of_role<'h>(
    (model, configured): (&Model, &Configured),
    key: &RoleKey,
    handovers: impl Iterator<Item = &'h Handover>,
) -> (Vec<Order>, Vec<Gap>) {
    let mut orders: BTreeMap<(AccountId, Holder), Order> = BTreeMap::new();
    let mut gaps: Vec<Gap> = Vec::new();
    let mut add = |account: &Account, holder: Holder, role: String| {
        let place = (account.id.clone(), holder.clone());
        let order = orders.entry(place);
        let order = order.or_insert_with(|| everybody(model, account, holder));
        order.roles.insert(role);
    };
    if let Some(role) = model.roles().iter().find(|role| role.key == *key) {
        add(&role.account, holder(role), key.to_string());
    }
    for handover in handovers {
        match handover.place(model, configured) {
            Ok((account, holder)) => add(account, holder, handover.role.clone()),
            Err(gap) if gaps.contains(&gap) => {}
            Err(gap) => gaps.push(gap),
        }
    }
    (orders.into_values().collect(), gaps)
}

fn everybody(model: &Model, account: &Account, holder: Holder) -> Order {
    let same = model.roles().iter().filter(|other| {
        // whatever stands on a user reaches all roles that are had by that user's key
        other.account.id == account.id && self::holder(other) == holder
    });
    Order {
        account: account.id.clone(),
        alias: account.alias.clone(),
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

fn of_person<'h>(
    (model, configured): (&Model, &Configured),
    handovers: impl Iterator<Item = &'h Handover>,
) -> (Vec<Order>, Vec<Gap>) {
    let mut orders: BTreeMap<(AccountId, Holder), Order> = BTreeMap::new();
    let mut gaps: Vec<Gap> = Vec::new();
    for handover in handovers {
        let named = handover.has_a_name();
        let place = named.and_then(|()| handover.place(model, configured));
        match place {
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
