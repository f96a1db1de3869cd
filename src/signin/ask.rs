//! From a grant to what is asked of STS: names, tags, policies, each through a checked type.

use super::{Error, Signin};
use crate::aws::Ask;
use crate::domain::duration::Plan;
use crate::domain::grant::Grant;
use crate::domain::names::{FillError, NameKind, TemplateValues, name_for};
use crate::domain::role::{Method, Role};
use crate::domain::scope::Scope;
use crate::domain::template::LONGEST_POLICY;

impl Signin {
    /// What to ask for.
    pub(super) fn ask(&self, grant: &Grant, plan: &Plan) -> Result<Ask, Error> {
        let (role, identity) = (grant.role(), grant.identity());
        let kind = match role.method {
            Method::GetFederationToken { .. } => NameKind::FederatedUser,
            Method::AssumeRole { .. }
            | Method::AssumeRoleWithSaml { .. }
            | Method::AssumeRoleWithWebIdentity { .. }
            // is told no name; the slots of tags and policies are where one stands, and it takes none of those
            | Method::GetSessionToken { .. } => NameKind::Session,
        };
        let session_name = name_for(kind, identity, &self.0.unique_domains);
        let values = TemplateValues {
            identity,
            session_name: &session_name,
        };
        let (policy, policy_arns) = policies(role, grant.scope(), &values)?;
        let mut tags = Vec::with_capacity(role.tags.len());
        for (key, template) in &role.tags {
            let value = template
                .fill(&values)
                .map_err(|error| unusable(&format!("session tag {key}"), &error))?;
            tags.push((key.clone(), value));
        }
        let source_identity = role
            .source_identity
            .then(|| name_for(NameKind::SourceIdentity, identity, &self.0.unique_domains));
        Ok(Ask {
            source_identity,
            tags,
            transitive_tags: role.transitive_tags.clone(),
            policy,
            policy_arns,
            duration_seconds: Some(plan.sts_duration_seconds),
            session_name,
        })
    }
}

/// The session policies of a role, or of the scope put on it.
///
/// STS joins the session policies of one call: a role's own and a scope's together would give *more* than either.
/// So a scope takes the place of nothing: where it would, `Scope::fits` let no grant come of it.
fn policies(
    role: &Role,
    scope: Option<&Scope>,
    values: &TemplateValues<'_>,
) -> Result<(Option<String>, Vec<String>), Error> {
    let (template, arns) = match scope {
        None => (role.session_policy.as_ref(), &role.managed_policies),
        Some(scope) if scope.fits(role) => (scope.session_policy.as_ref(), &scope.managed_policies),
        Some(_) => return Err(Error::ScopeUnknown),
    };
    let taken: usize = arns.iter().map(String::len).sum();
    let policy = template
        .map(|template| template.fill(values, LONGEST_POLICY.saturating_sub(taken)))
        .transpose()
        .map_err(|error| unusable("the session policy", &error))?;
    Ok((policy, arns.clone()))
}

fn unusable(what: &str, error: &FillError) -> Error {
    Error::ClaimUnusable {
        what: format!("{what}: {error}"),
    }
}
