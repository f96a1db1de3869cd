//! `revoker = { … }`: the role by which Vestibule ends sessions in an account.
//!
//! It is checked as any role is, with what people's roles may have left out: it is nobody's, so it has no person's proof,
//! tag or name, and no role that people can hold may be it.

use std::sync::Arc;

use super::super::document::{Document, RevokerEntry, RoleEntry};
use super::Surroundings;
use super::methods;
use super::problem::{ProblemKind, Problems};
use super::roles::{RoleContext, check_path};
use crate::domain::account::Account;
use crate::domain::requires::Requires;
use crate::domain::role::{Role, RoleKey, RoleName};

/// How long its sessions may last at most, in seconds: the least that IAM lets a role have.
const SESSION: u32 = 3_600;

/// Those of all accounts.
pub(super) fn check(
    document: &Document,
    accounts: &[Option<Arc<Account>>],
    surroundings: &Surroundings,
    problems: &mut Problems,
) -> Vec<Role> {
    let mut revokers = Vec::new();
    for (index, (entry, account)) in document.accounts.iter().zip(accounts).enumerate() {
        if let (Some(revoker), Some(account)) = (&entry.revoker, account) {
            let path = format!("accounts[{index}].revoker");
            let entry = as_role(revoker, account);
            let context = RoleContext {
                entries: &document.roles,
                entry: &entry,
                path: &path,
                account,
                surroundings,
            };
            revokers.extend(check_one(&context, account, problems));
        }
    }
    revokers
}

/// The same as a role would be written.
fn as_role(revoker: &RevokerEntry, account: &Account) -> RoleEntry {
    let presents = revoker.method != "AssumeRole";
    RoleEntry {
        account: account.alias.to_string(),
        name: revoker.role.clone(),
        path: revoker.path.clone(),
        method: revoker.method.clone(),
        proof: presents.then(|| "issued".to_owned()),
        provider: revoker.provider.clone(),
        credentials: revoker.credentials.clone(),
        external_id: revoker.external_id.clone(),
        via: revoker.via.clone(),
        ..RoleEntry::default()
    }
}

fn check_one(
    context: &RoleContext<'_>,
    account: &Arc<Account>,
    problems: &mut Problems,
) -> Option<Role> {
    let RoleContext { entry, path, .. } = context;
    let name = problems.take(format_args!("{path}.role"), RoleName::parse(&entry.name));
    let held = context.entries.iter().position(|role| {
        role.account == entry.account
            && role.name.eq_ignore_ascii_case(&entry.name)
            && !["GetFederationToken", "GetSessionToken"].contains(&role.method.as_str())
    });
    if let Some(index) = held {
        let kind = ProblemKind::RevokerHeld(format!("roles[{index}]"));
        problems.add(format_args!("{path}.role"), kind);
    }
    let iam_path = check_path(context, problems);
    let known = [
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "AssumeRole",
    ];
    if !known.contains(&entry.method.as_str()) {
        problems.add(format_args!("{path}.method"), ProblemKind::RevokerMethod);
        return None;
    }
    let method = methods::check(context, problems);
    Some(Role {
        key: RoleKey {
            account: account.alias.clone(),
            name: name?,
        },
        account: Arc::clone(account),
        path: iam_path,
        description: "Ends sessions".to_owned(),
        method: method?,
        console_seconds: SESSION,
        destination: None,
        tags: Vec::new(),
        transitive_tags: Vec::new(),
        source_identity: false,
        session_policy: None,
        managed_policies: Vec::new(),
        discoverable: false,
        requires: Requires::default(),
    })
}
