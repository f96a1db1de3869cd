//! `[[roles]]`: what a role is, besides its method.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::document::RoleEntry;
use super::problem::{ProblemKind, Problems};
use super::{Surroundings, methods, policies, requires};
use crate::domain::account::Account;
use crate::domain::console::Destination;
use crate::domain::role::{Method, Role, RoleKey, RoleName};

/// A console lasts so long where the role does not say: as long as AWS lets most methods.
const DEFAULT_HOURS: u32 = 12;

/// What the checks of one role look at.
pub(super) struct RoleContext<'a> {
    /// All roles of the document, this one among them.
    pub(super) entries: &'a [RoleEntry],
    pub(super) entry: &'a RoleEntry,
    pub(super) path: &'a str,
    pub(super) account: &'a Account,
    pub(super) surroundings: &'a Surroundings,
}

/// Each entry checked; `None` where it is beyond use.
pub(super) fn check(
    entries: &[RoleEntry],
    accounts: &[Option<Arc<Account>>],
    surroundings: &Surroundings,
    problems: &mut Problems,
) -> Vec<Option<Role>> {
    // Of accounts with the same alias, which is a problem of its own, the first counts.
    let mut by_alias: HashMap<&str, &Arc<Account>> = HashMap::new();
    for account in accounts.iter().flatten() {
        by_alias.entry(account.alias.as_str()).or_insert(account);
    }
    let mut keys = HashMap::new();
    let mut roles = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let path = format!("roles[{index}]");
        if let Some(first) = keys.insert((&entry.account, &entry.name), index) {
            problems.add(&path, ProblemKind::Duplicate(format!("roles[{first}]")));
        }
        let Some(account) = by_alias.get(entry.account.as_str()) else {
            problems.add(
                format_args!("{path}.account"),
                ProblemKind::UnknownAccount(entry.account.clone()),
            );
            roles.push(None);
            continue;
        };
        let context = RoleContext {
            entries,
            entry,
            path: &path,
            account,
            surroundings,
        };
        roles.push(check_one(&context, account, problems));
    }
    roles
}

fn check_one(
    context: &RoleContext<'_>,
    account: &Arc<Account>,
    problems: &mut Problems,
) -> Option<Role> {
    let RoleContext { entry, path, .. } = context;
    let name = problems.take(format_args!("{path}.name"), RoleName::parse(&entry.name));
    if !entry.description.is_empty() {
        problems.text(format_args!("{path}.description"), &entry.description, 500);
    }
    let iam_path = check_path(context, problems);
    let requires = requires::check(context, problems);
    let method = methods::check(context, problems);
    let console_seconds = check_hours(context, method.as_ref(), problems);
    let destination = check_destination(context, problems);
    let (session_policy, managed_policies) = policies::check_role(context, problems);
    let tags = policies::check_tags(context, problems);
    Some(Role {
        key: RoleKey {
            account: account.alias.clone(),
            name: name?,
        },
        account: Arc::clone(account),
        path: iam_path,
        description: entry.description.clone(),
        method: method?,
        console_seconds,
        destination,
        tags,
        transitive_tags: entry.transitive_tags.clone(),
        source_identity: entry.source_identity,
        session_policy,
        managed_policies,
        discoverable: entry.discoverable,
        requires,
    })
}

pub(super) fn check_path(context: &RoleContext<'_>, problems: &mut Problems) -> String {
    let path = context.entry.path.as_deref().unwrap_or("/");
    let good = path.len() <= 512
        && path.starts_with('/')
        && path.ends_with('/')
        && !path.contains("//")
        && path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&b));
    if !good {
        problems.add(format_args!("{}.path", context.path), ProblemKind::Path);
    }
    path.to_owned()
}

fn check_hours(context: &RoleContext<'_>, method: Option<&Method>, problems: &mut Problems) -> u32 {
    let limit = match method {
        Some(Method::GetFederationToken { .. } | Method::GetSessionToken { .. }) => 36,
        _ => 12,
    };
    let entry = context.entry;
    if entry.via.is_some() && entry.console_hours.is_some_and(|hours| hours > 1) {
        problems.add(
            format_args!("{}.console_hours", context.path),
            ProblemKind::HoursThroughHub,
        );
    }
    let hours = entry.console_hours.unwrap_or(DEFAULT_HOURS);
    if !(1..=limit).contains(&hours) {
        problems.add(
            format_args!("{}.console_hours", context.path),
            ProblemKind::Hours(limit),
        );
    }
    hours.saturating_mul(3_600)
}

fn check_destination(context: &RoleContext<'_>, problems: &mut Problems) -> Option<Destination> {
    let text = context.entry.destination.as_deref()?;
    let partition = context
        .surroundings
        .partitions
        .get(&context.account.partition)?;
    problems.take(
        format_args!("{}.destination", context.path),
        Destination::parse(text, partition),
    )
}
