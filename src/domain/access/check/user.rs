//! `GetSessionToken`: what it gives is an IAM user, whole, so its own credentials are fenced off from everything else.

use super::methods::{check_credentials, refuse};
use super::problem::{ProblemKind, Problems};
use super::roles::RoleContext;
use crate::domain::credentials::CredentialsKind;
use crate::domain::role::{CredentialsName, Method};

pub(super) const SESSION_TOKEN: &str = "GetSessionToken";

/// No policy, tag or name can be given: the call takes none.
const SENSELESS: &[&str] = &[
    "proof",
    "idp",
    "provider",
    "external_id",
    "via",
    "mfa_serial",
    "path",
    "resource_policies_only",
    "destination",
    "tags",
    "transitive_tags",
    "source_identity",
    "session_policy",
    "managed_policies",
];

/// The method itself.
pub(super) fn check(context: &RoleContext<'_>, problems: &mut Problems) -> Option<Method> {
    refuse(context, SESSION_TOKEN, SENSELESS, problems);
    let name = check_credentials(context, problems)?;
    let own = &context.surroundings.credentials[&name];
    let path = format!("{}.credentials", context.path);
    if own.kind == CredentialsKind::Role {
        problems.add(&path, ProblemKind::UserNotLongTerm(name.to_string()));
    }
    let elsewhere = own.account.as_ref();
    if elsewhere.is_some_and(|id| *id != context.account.id) {
        problems.add(&path, ProblemKind::UserAccount(name.to_string()));
    }
    if !own.may_not_assume_roles {
        problems.add(&path, ProblemKind::UserUnmarked(name.to_string()));
    }
    let mut users = context.entries.iter().enumerate();
    let other = users.find(|(_, entry)| {
        !std::ptr::eq(*entry, context.entry) && entry.credentials.as_deref() == Some(name.as_str())
    });
    if let Some((index, _)) = other {
        let other = format!("roles[{index}]");
        let name = name.to_string();
        problems.add(&path, ProblemKind::UserShared { name, other });
    }
    Some(Method::GetSessionToken { credentials: name })
}

/// Whether other methods may use own credentials: not when they are marked for this one.
pub(super) fn check_unmarked(
    context: &RoleContext<'_>,
    name: &CredentialsName,
    problems: &mut Problems,
) {
    if context.surroundings.credentials[name].may_not_assume_roles {
        problems.add(
            format_args!("{}.credentials", context.path),
            ProblemKind::MayNotAssumeRoles(name.to_string()),
        );
    }
}
