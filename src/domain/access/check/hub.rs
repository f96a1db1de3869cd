//! `via = { … }`: the hub role on the way to a role.

use super::methods::is_external_id;
use super::problem::{ProblemKind, Problems};
use super::roles::RoleContext;
use crate::domain::iam_role::IamRoleArn;
use crate::domain::role::Via;

/// The hub role, if one is named and it can be one.
pub(super) fn check(context: &RoleContext<'_>, problems: &mut Problems) -> Option<Via> {
    let entry = context.entry.via.as_ref()?;
    let path = format!("{}.via", context.path);
    let external_id = entry.external_id.clone();
    if external_id.as_deref().is_some_and(|id| !is_external_id(id)) {
        problems.add(format_args!("{path}.external_id"), ProblemKind::ExternalId);
    }
    let path = format!("{path}.role_arn");
    let role = problems.take(&path, IamRoleArn::parse(&entry.role_arn))?;
    let account = context.account;
    if *role.partition() != account.partition {
        let found = role.partition().to_string();
        let wanted = account.partition.clone();
        problems.add(&path, ProblemKind::PolicyPartition { found, wanted });
    }
    let own_path = context.entry.path.as_deref().unwrap_or("/");
    let target = format!(
        "arn:{}:iam::{}:role{own_path}{}",
        account.partition, account.id, context.entry.name
    );
    if role.as_str() == target {
        problems.add(&path, ProblemKind::HubIsTarget);
    }
    Some(Via { role, external_id })
}
