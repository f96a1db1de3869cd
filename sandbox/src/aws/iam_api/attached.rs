//! Managed policies on roles and users. Attaching one twice changes nothing.

use super::call::{Answered, Call};
use super::describe;
use super::holder::{Holder, Kind};
use super::shape::{ARN, POLICY_PATH};
use crate::aws::policy::Context;
use crate::aws::query::{Element, QueryError};

pub(super) fn attach(call: &mut Call<'_>, kind: Kind) -> Answered {
    let (holder, arn) = one(call, kind)?;
    if !call.has_managed_policy(&arn) {
        return Err(unknown(&arn));
    }
    let most = call.switches.attached_policies;
    call.edit(|account| {
        let policies = holder.policies_mut(account)?;
        if policies.attached.contains(&arn) {
            return Ok(Vec::new());
        }
        if policies.attached.len() >= most {
            let what = match kind {
                Kind::Role => "PoliciesPerRole",
                Kind::User => "PoliciesPerUser",
            };
            return Err(QueryError::limit(what, most));
        }
        policies.attached.push(arn);
        Ok(Vec::new())
    })
}

pub(super) fn detach(call: &mut Call<'_>, kind: Kind) -> Answered {
    let (holder, arn) = one(call, kind)?;
    call.edit(|account| {
        let policies = holder.policies_mut(account)?;
        let before = policies.attached.len();
        policies.attached.retain(|one| *one != arn);
        if policies.attached.len() == before {
            let text = format!("Policy {arn} was not found.");
            return Err(QueryError::missing(text));
        }
        Ok(Vec::new())
    })
}

pub(super) fn list(call: &mut Call<'_>, kind: Kind) -> Answered {
    let prefix = call.shape.optional("PathPrefix", &POLICY_PATH);
    let paging = call.paging()?;
    let holder = Holder::named(call, kind)?;
    call.permit(&holder.arn)?;
    call.read(|account| {
        let policies = holder.policies(account)?;
        let attached = policies.attached.iter().filter_map(|arn| {
            let (path, name) = describe::split(arn);
            let wanted = prefix
                .as_ref()
                .is_none_or(|prefix| path.starts_with(prefix));
            let parts = vec![
                Element::text("PolicyName", name),
                Element::text("PolicyArn", arn.as_str()),
            ];
            wanted.then(|| (arn.clone(), Element::Group("member", parts)))
        });
        Ok(paging.cut("AttachedPolicies", attached))
    })
}

/// The policy that a request names, once the caller may do this to its holder.
fn one(call: &mut Call<'_>, kind: Kind) -> Result<(Holder, String), QueryError> {
    let holder = Holder::named(call, kind)?;
    let arn = call.shape.required("PolicyArn", &ARN);
    let mut context = Context::new();
    context.set("iam:PolicyARN", arn.as_str());
    call.permit_with(&holder.arn, context)?;
    Ok((holder, arn))
}

pub(super) fn unknown(arn: &str) -> QueryError {
    QueryError::missing(format!("Policy {arn} does not exist or is not attachable."))
}
