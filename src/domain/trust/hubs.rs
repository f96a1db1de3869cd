//! Hub roles on the way to others: whom they trust, and which roles they may assume.
//!
//! All roles that lead through a hub role count, whichever were asked for: what it trusts and may do is written whole.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Facts, Signer};
use super::method::{signer, tag_action};
use super::policy::{Allow, LONGEST_TRUST_POLICY, Policy, Principal, Statement};
use super::problem::Problem;
use super::resource::{self, Resource};
use super::signers::{allowing, policies};
use crate::domain::account::AccountId;
use crate::domain::role::{Role, Via};

/// A chained session lasts no longer, and IAM takes no less.
const SESSION: u32 = 3_600;

/// Who comes to a hub role, with which external id, and whether with a source identity.
type Caller<'r> = (&'r Signer, Option<&'r str>, bool);

/// The hub roles of an account, each with what it may do.
pub(super) fn resources<'r>(
    account: &AccountId,
    facts: &'r Facts,
    roles: impl Iterator<Item = &'r Role>,
) -> (Vec<Resource>, Vec<Problem>) {
    let mut hubs: BTreeMap<&str, Vec<(&Role, &Via)>> = BTreeMap::new();
    for role in roles {
        if let Some(via) = role
            .method
            .via()
            .filter(|via| via.role.account() == account)
        {
            hubs.entry(via.role.as_str()).or_default().push((role, via));
        }
    }
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for (arn, beyond) in hubs {
        match hub(arn, &beyond, facts) {
            Ok(resources) => found.extend(resources),
            Err(problem) => problems.push(problem),
        }
    }
    (found, problems)
}

fn hub(arn: &str, beyond: &[(&Role, &Via)], facts: &Facts) -> Result<Vec<Resource>, Problem> {
    let (first, _) = beyond[0];
    // an ARN of the model's is one of a role
    let itself = Signer::parse(arn).map_err(|_| Problem::Nothing(arn.to_owned()))?;
    let mut callers: BTreeSet<Caller<'_>> = BTreeSet::new();
    for (role, via) in beyond {
        if let Some(credentials) = role.method.credentials() {
            let signs = signer(role, facts, credentials)?;
            callers.insert((signs, via.external_id.as_deref(), role.source_identity));
        }
    }
    let trust = Policy {
        statements: callers.into_iter().map(trusting).collect(),
    };
    let length = trust.length();
    if length > LONGEST_TRUST_POLICY {
        let role = first.key.clone();
        return Err(Problem::TrustPolicy { role, length });
    }
    let targets = beyond.iter().map(|(role, _)| {
        let mut actions = vec!["sts:AssumeRole"];
        actions.extend(tag_action(role));
        actions.extend(role.source_identity.then_some("sts:SetSourceIdentity"));
        (actions, role.arn())
    });
    let role = Resource::Role(resource::Role {
        name: itself.name.clone(),
        path: itself.path.clone(),
        description: "The way of Vestibule to other roles".to_owned(),
        max_session_seconds: SESSION,
        trust,
    });
    let policies = policies(&itself, allowing(targets), 0)?;
    Ok(std::iter::once(role).chain(policies).collect())
}

fn trusting((signs, external_id, with_identity): Caller<'_>) -> Statement {
    let mut allow = Allow {
        principal: Some(Principal::Aws(signs.to_string())),
        actions: vec!["sts:AssumeRole"],
        ..Allow::default()
    };
    if let Some(id) = external_id {
        allow.conditions.equals("sts:ExternalId", id);
    }
    if with_identity {
        allow.actions.push("sts:SetSourceIdentity");
        let anybody = vec!["*".to_owned()];
        allow
            .conditions
            .add("StringLike", "sts:SourceIdentity", anybody);
    }
    Statement::Allow(allow)
}
