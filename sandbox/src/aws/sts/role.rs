//! The role an operation asks for: its ARN, its region, how long its sessions may be.
//!
//! Shared by the three operations that assume a role.

use super::Call;
use crate::aws::iam::{Registry, Role};
use crate::aws::identity::Identity;
use crate::aws::partition::Partition;
use crate::aws::query::QueryError;
use crate::aws::trust::Target;

const CHAIN_LIMIT: u32 = 3_600;
const DEFAULT: u32 = 3_600;

/// The ARN of a role, well formed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoleArn {
    pub(super) partition: Partition,
    pub(super) account: String,
    path_and_name: String,
}

impl RoleArn {
    /// Reads a `RoleArn` parameter; AWS's text for a malformed one repeats it.
    pub(super) fn parse(arn: &str) -> Result<Self, QueryError> {
        let invalid = || QueryError::validation(format!("{arn} is invalid"));
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
            return Err(invalid());
        };
        let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let Some(path_and_name) = resource.strip_prefix("role/") else {
            let error = QueryError::validation("Request ARN is invalid");
            return Err(if digits && is_resource(resource) {
                error
            } else {
                invalid()
            });
        };
        let name = path_and_name.rsplit('/').next().unwrap_or_default();
        let named = !name.is_empty()
            && name.len() <= 64
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
        if !digits || !named {
            return Err(invalid());
        }
        Ok(Self {
            partition: Partition::by_name(partition).ok_or_else(invalid)?,
            account: (*account).to_owned(),
            path_and_name: path_and_name.to_owned(),
        })
    }

    /// The role, when there is one of exactly this path and name.
    pub(super) fn find<'a>(&self, registry: &'a Registry) -> Option<Target<'a>> {
        let account = registry.account(&self.account)?;
        let name = self.path_and_name.rsplit('/').next()?;
        let role = account.role(name)?;
        let full = format!("{}{}", role.path, role.name);
        let same = full.strip_prefix('/') == Some(&self.path_and_name);
        (same && account.partition == self.partition).then_some(Target { account, role })
    }
}

/// Something that is an ARN's resource, but no role.
fn is_resource(resource: &str) -> bool {
    resource
        .split_once('/')
        .is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty())
}

/// A source identity may not begin with `aws:`.
pub(super) fn check_source_identity(value: Option<&str>) -> Result<(), QueryError> {
    match value {
        Some(value)
            if value
                .get(..4)
                .is_some_and(|start| start.eq_ignore_ascii_case("aws:")) =>
        {
            Err(QueryError::validation(
                "Source identity must not begin with aws:",
            ))
        }
        _ => Ok(()),
    }
}

/// STS must be active in the host's region, for the target's account and, where that region is
/// opt-in, for the caller's.
pub(super) fn check_region(
    call: &Call<'_>,
    identity: &Identity,
    registry: &Registry,
    target: Target<'_>,
) -> Result<(), QueryError> {
    check_target_region(call, target)?;
    let caller = registry.account(&identity.account);
    if call.host.partition.is_opt_in_region(&call.host.region)
        && !caller.is_some_and(|account| account.has_sts_in(&call.host.region))
    {
        return Err(QueryError::region_disabled(&identity.account));
    }
    Ok(())
}

/// STS must be active in the host's region for the target's account.
pub(super) fn check_target_region(call: &Call<'_>, target: Target<'_>) -> Result<(), QueryError> {
    if !call.host.global && !target.account.has_sts_in(&call.host.region) {
        return Err(QueryError::region_disabled(&target.account.id));
    }
    Ok(())
}

/// How long the session will be: chained ones an hour at most, all others the role's maximum.
pub(super) fn check_duration(
    wanted: Option<u32>,
    role: &Role,
    chained: bool,
) -> Result<u32, QueryError> {
    let wanted = wanted.unwrap_or(DEFAULT);
    if chained && wanted > CHAIN_LIMIT {
        return Err(QueryError::duration_over_chain_limit());
    }
    if wanted > role.max_session_duration {
        return Err(QueryError::duration_over_role_maximum());
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::RoleArn;

    #[test]
    fn malformed_role_arns_are_invalid_and_others_are_the_wrong_kind() {
        for arn in [
            "arn:aws:iam::123:role/Role",
            "arn:aws:iam::111122223333:role/",
            "no-arn-at-all-really",
            "arn:mars:iam::111122223333:role/Role",
            "arn:aws:iam::111122223333:role/a b",
            "arn:aws:sts::111122223333:assumed-role/a/b",
            "arn:aws:iam:x:111122223333:role/Role",
            "arn:aws:iam::11112222333x:role/Role",
            "arn:aws:iam::111122223333:role/team/",
        ] {
            let error = RoleArn::parse(arn).unwrap_err();
            assert_eq!(error.message, format!("{arn} is invalid"));
        }
        let error = RoleArn::parse("arn:aws:iam::111122223333:saml-provider/corp").unwrap_err();
        assert_eq!(error.message, "Request ARN is invalid");
    }
}
