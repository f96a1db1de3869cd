//! Managed policies of an account's own, each with one version.

use super::call::{Answered, Call};
use super::describe;
use super::inline::characters;
use super::shape::{ARN, DESCRIPTION, DOCUMENT, POLICY_NAME, POLICY_PATH, VERSION_ID};
use crate::aws::iam::ManagedPolicy;
use crate::aws::identity::timestamp;
use crate::aws::policy::Policy;
use crate::aws::query::{Element, QueryError};

pub(super) fn create(call: &mut Call<'_>) -> Answered {
    let name = call.shape.required("PolicyName", &POLICY_NAME);
    let path = call.shape.optional("Path", &POLICY_PATH);
    let document = call.shape.required("PolicyDocument", &DOCUMENT);
    let description = call.shape.optional("Description", &DESCRIPTION);
    let path = path.unwrap_or_else(|| "/".to_owned());
    let arn = call.arn(&format!("policy{path}{name}"));
    call.permit(&arn)?;
    let policy =
        Policy::identity(&document).map_err(|error| QueryError::malformed_document(&error))?;
    let most = call.switches.managed_policy_characters;
    if characters(&document) > most {
        return Err(QueryError::limit("PolicySize", most));
    }
    let managed = ManagedPolicy {
        policy,
        description,
        created: call.now(),
        id: call.simulation.random.id("ANPA", 17),
    };
    call.edit(|account| {
        let taken = account
            .managed_policies
            .keys()
            .any(|other| describe::split(other).1.eq_ignore_ascii_case(&name));
        if taken {
            let text =
                format!("A policy called {name} already exists. Duplicate names are not allowed.");
            return Err(QueryError::exists(text));
        }
        account
            .managed_policies
            .insert(arn.clone(), managed.clone());
        let policy = describe::policy(account, &arn, &managed);
        Ok(vec![Element::Group("Policy", policy)])
    })
}

pub(super) fn get(call: &mut Call<'_>) -> Answered {
    let arn = named(call)?;
    if let Some(policy) = of_aws(call, &arn) {
        let managed = ManagedPolicy::new(&arn, policy);
        return call.read(|account| {
            let policy = describe::policy(account, &arn, &managed);
            Ok(vec![Element::Group("Policy", policy)])
        });
    }
    call.read(|account| {
        let managed = account.managed_policies.get(&arn);
        let managed = managed.ok_or_else(|| unknown(&arn))?;
        let policy = describe::policy(account, &arn, managed);
        Ok(vec![Element::Group("Policy", policy)])
    })
}

pub(super) fn get_version(call: &mut Call<'_>) -> Answered {
    let version = call.shape.required("VersionId", &VERSION_ID);
    let arn = named(call)?;
    if version != "v1" {
        let text = format!("Policy {arn} version {version} does not exist or is not attachable.");
        return Err(QueryError::missing(text));
    }
    let managed = match of_aws(call, &arn) {
        Some(policy) => ManagedPolicy::new(&arn, policy),
        None => call.read(|account| {
            let managed = account.managed_policies.get(&arn).cloned();
            managed.ok_or_else(|| unknown(&arn))
        })?,
    };
    let parts = vec![
        Element::text("Document", describe::encoded(managed.policy.text())),
        Element::text("VersionId", "v1"),
        Element::text("IsDefaultVersion", "true"),
        Element::text("CreateDate", timestamp(managed.created)),
    ];
    Ok(vec![Element::Group("PolicyVersion", parts)])
}

/// Policies of the account's own; those of AWS are not listed.
pub(super) fn list(call: &mut Call<'_>) -> Answered {
    let scope = call.shape.word("Scope", &["All", "AWS", "Local"]);
    let paging = call.paging()?;
    call.permit(&call.arn("policy/"))?;
    call.read(|account| {
        let own = scope.as_deref() != Some("AWS");
        let policies = account.managed_policies.iter().filter(|_| own);
        let policies = policies.map(|(arn, managed)| {
            let policy = describe::policy(account, arn, managed);
            (arn.clone(), Element::Group("member", policy))
        });
        Ok(paging.cut("Policies", policies))
    })
}

pub(super) fn delete(call: &mut Call<'_>) -> Answered {
    let arn = named(call)?;
    call.edit(|account| {
        let holds = |attached: &[String]| attached.contains(&arn);
        let held = account.roles().any(|role| holds(&role.attached))
            || account.users.values().any(|user| holds(&user.attached));
        if held {
            return Err(QueryError::conflict(
                "Cannot delete a policy attached to entities.",
            ));
        }
        let gone = account.managed_policies.remove(&arn);
        gone.map(|_| Vec::new()).ok_or_else(|| unknown(&arn))
    })
}

fn named(call: &mut Call<'_>) -> Result<String, QueryError> {
    let arn = call.shape.required("PolicyArn", &ARN);
    call.permit(&arn)?;
    Ok(arn)
}

/// A policy that is AWS's, which every account sees.
fn of_aws(call: &Call<'_>, arn: &str) -> Option<Policy> {
    let registry = call.simulation.iam.read();
    let known = registry.managed_policy(&call.identity.account, arn);
    known.filter(|_| arn.contains(":iam::aws:policy/"))
}

fn unknown(arn: &str) -> QueryError {
    QueryError::missing(format!("Policy {arn} was not found."))
}
