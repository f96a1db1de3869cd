//! The role by which Vestibule ends sessions in an account, with as little leave as that takes: to read and put inline
//! policies on the roles of the access model there, and on the IAM users whose keys people get.
//!
//! All roles of the account count, whichever were asked for: a policy is written whole.

use std::collections::BTreeSet;

use super::facts::{Facts, Signer};
use super::method::{Needs, needs, signer};
use super::policy::{Allow, Statement};
use super::problem::Problem;
use super::resource::Resource;
use super::signers::policies;
use crate::domain::access::Model;
use crate::domain::revoke::NAME;
use crate::domain::role::Role;

const ON_ROLES: [&str; 5] = [
    "iam:GetRole",
    "iam:ListRolePolicies",
    "iam:GetRolePolicy",
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
];
const ON_USERS: [&str; 4] = [
    "iam:ListUserPolicies",
    "iam:GetUserPolicy",
    "iam:PutUserPolicy",
    "iam:DeleteUserPolicy",
];

/// What the revoker needs, its trust pinned to the one name that it is become under; and its policies.
pub(super) fn revoker(
    model: &Model,
    facts: &Facts,
    revoker: &Role,
) -> Result<(Needs, Vec<Resource>), Problem> {
    let mut needs = needs(revoker, facts)?;
    let Some(Resource::Role(role)) = &mut needs.role else {
        return Ok((needs, Vec::new()));
    };
    "Ends sessions, for Vestibule".clone_into(&mut role.description);
    for statement in &mut role.trust.statements {
        if let Statement::Allow(allow) = statement {
            allow.conditions.equals("sts:RoleSessionName", NAME);
        }
    }
    let itself = Signer {
        partition: revoker.account.partition.clone(),
        account: revoker.account.id.clone(),
        kind: super::SignerKind::Role,
        path: role.path.clone(),
        name: role.name.clone(),
    };
    let here = |role: &&std::sync::Arc<Role>| role.account.id == revoker.account.id;
    let mut roles = BTreeSet::new();
    let mut users = BTreeSet::new();
    for role in model.roles().iter().filter(here) {
        match role.method.credentials() {
            Some(credentials) if role.method.is_of_a_user() => {
                users.insert(signer(role, facts, credentials)?.to_string());
            }
            _ => {
                roles.insert(role.arn());
            }
        }
    }
    let mut statements = Vec::new();
    for (actions, resources) in [(&ON_ROLES[..], roles), (&ON_USERS[..], users)] {
        if !resources.is_empty() {
            statements.push(Statement::Allow(Allow {
                actions: actions.to_vec(),
                resources: resources.into_iter().collect(),
                ..Allow::default()
            }));
        }
    }
    Ok((needs, policies(&itself, statements, 0)?))
}
