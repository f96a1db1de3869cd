//! Becoming the revoker of an account, for a few roles or users at a time, with leave for these alone.

use std::sync::Arc;

use serde_json::json;

use super::Revocations;
use super::cause::Stop;
use crate::aws::{Bearer, RevokerSession};
use crate::domain::Timestamp;
use crate::domain::access::AccessIndex;
use crate::domain::revoke::{Holder, Order};
use crate::domain::role::{CredentialsName, Role};

/// How many roles and users one session is for: its policy names each, and has 2,048 characters.
const IN_ONE: usize = 6;

const READING: [&str; 3] = ["GetRole", "ListRolePolicies", "GetRolePolicy"];
const WRITING: [&str; 2] = ["PutRolePolicy", "DeleteRolePolicy"];

/// The places of one account, in parts with a session each.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) parts: Vec<Part>,
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) jobs: Vec<Job>,
    pub(super) session: Result<RevokerSession, Stop>,
}

/// One order, and on whom its policy stands in IAM.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) order: Order,
    pub(super) found: Result<Found, Stop>,
}

/// A role or user of IAM.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) bearer: Bearer,
    /// The ARNs it can have: of a role that the model does not know any more, the path is not known either.
    arns: Vec<String>,
}

impl Opened {
    /// The time at AWS, if anybody was let in there.
    pub(super) fn began(&self) -> Option<Timestamp> {
        let sessions = self
            .parts
            .iter()
            .filter_map(|part| part.session.as_ref().ok());
        sessions.map(RevokerSession::began).max()
    }

    pub(super) fn orders(&self) -> impl Iterator<Item = &Order> {
        let jobs = self.parts.iter().flat_map(|part| &part.jobs);
        jobs.map(|job| &job.order)
    }
}

impl Revocations {
    /// Opens an account for its orders. `writing`: with leave to change policies.
    pub(super) async fn open(
        &self,
        index: &AccessIndex,
        orders: Vec<Order>,
        writing: bool,
    ) -> Opened {
        let mut parts = Vec::new();
        for orders in orders.chunks(IN_ONE) {
            let revoker = index.model().revoker(&orders[0].account).map(Arc::clone);
            let mut jobs = Vec::new();
            for order in orders {
                let found = match &revoker {
                    Some(revoker) => self.find(index, (revoker, order)).await,
                    None => Err(Stop::no_revoker()),
                };
                jobs.push(Job {
                    order: order.clone(),
                    found,
                });
            }
            let session = match &revoker {
                Some(revoker) => self.enter(revoker, &jobs, writing).await,
                None => Err(Stop::no_revoker()),
            };
            parts.push(Part { jobs, session });
        }
        Opened { parts }
    }

    /// The role or user that an order is for.
    async fn find(
        &self,
        index: &AccessIndex,
        (revoker, order): (&Role, &Order),
    ) -> Result<Found, Stop> {
        let account = &revoker.account;
        let arn = |rest: &str| format!("arn:{}:iam::{}:{rest}", account.partition, account.id);
        match &order.holder {
            Holder::Role(name) => {
                let roles = index.model().roles().iter();
                let mut known = roles.filter(|role| {
                    role.account.id == account.id
                        && role.key.name == *name
                        && !role.method.is_of_a_user()
                });
                let arns = match known.next() {
                    Some(role) => vec![role.arn()],
                    None => vec![arn(&format!("role/{name}")), arn(&format!("role/*/{name}"))],
                };
                Ok(Found {
                    bearer: Bearer::Role(name.to_string()),
                    arns,
                })
            }
            Holder::Issuing(credentials) | Holder::User(credentials) => {
                let place = (&account.partition, account.id.as_str());
                let user = self.0.sts.user_behind(credentials, place).await;
                let (path, name) = user.map_err(|error| Stop::from(&error))?;
                Ok(Found {
                    bearer: Bearer::User(name),
                    arns: vec![arn(&format!("user/{path}"))],
                })
            }
        }
    }

    /// Becomes the revoker, for those that were found.
    async fn enter(
        &self,
        revoker: &Role,
        jobs: &[Job],
        writing: bool,
    ) -> Result<RevokerSession, Stop> {
        let found: Vec<&Found> = jobs
            .iter()
            .filter_map(|job| job.found.as_ref().ok())
            .collect();
        if found.is_empty() {
            return Err(Stop::new(
                "nothing_found",
                "There is nothing here to put a policy on.",
            ));
        }
        let proof = if revoker.method.is_issued() {
            let proof = self.0.issuer.vouch_for_revoker(revoker).await;
            Some(proof.map_err(|error| Stop::from(&error))?)
        } else {
            None
        };
        let policy = only_for(&found, writing);
        let session = self.0.sts.become_revoker(revoker, policy, proof.as_ref());
        session.await.map_err(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                role.key = %revoker.key,
                "the revoker could not be become"
            );
            Stop::at_the_revoker(&error)
        })
    }
}

/// All that the session may do.
fn only_for(found: &[&Found], writing: bool) -> String {
    let arns: Vec<&String> = found.iter().flat_map(|found| &found.arns).collect();
    let any = |user: bool| {
        found
            .iter()
            .any(|found| matches!(found.bearer, Bearer::User(_)) == user)
    };
    let mut actions = Vec::new();
    for action in READING.iter().chain(WRITING.iter().filter(|_| writing)) {
        if any(false) {
            actions.push(format!("iam:{action}"));
        }
        if any(true) && *action != "GetRole" {
            actions.push(format!("iam:{}", action.replace("Role", "User")));
        }
    }
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": arns }],
    })
    .to_string()
}

/// What a role or user is called in the report.
pub(super) fn called(order: &Order, found: Option<&Found>) -> String {
    let behind =
        |name: &CredentialsName| format!("the IAM user whose key the own credentials {name} are");
    match (found.map(|found| &found.bearer), &order.holder) {
        (Some(Bearer::Role(name)), _) => format!("role {name}"),
        (Some(Bearer::User(name)), _) => format!("user {name}"),
        (None, Holder::Role(name)) => format!("role {name}"),
        (None, Holder::Issuing(name) | Holder::User(name)) => behind(name),
    }
}
