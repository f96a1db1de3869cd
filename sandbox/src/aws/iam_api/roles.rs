//! Roles: making, showing, changing and deleting them, and their tags.

use super::call::{Answered, Call, distinct};
use super::describe;
use super::shape::{ARN, DESCRIPTION, DOCUMENT, PATH, PATH_PREFIX, ROLE_NAME, TAG_KEY};
use crate::aws::iam::{Account, Role};
use crate::aws::policy::Policy;
use crate::aws::query::{Element, QueryError};

const LEAST: u32 = 3600;
const MOST: u32 = 43_200;

pub(super) fn create(call: &mut Call<'_>) -> Answered {
    let path = call.shape.optional("Path", &PATH);
    let path = path.unwrap_or_else(|| "/".to_owned());
    let name = call.shape.required("RoleName", &ROLE_NAME);
    let document = call.shape.required("AssumeRolePolicyDocument", &DOCUMENT);
    let description = call.shape.optional("Description", &DESCRIPTION);
    let duration = call.shape.number("MaxSessionDuration", LEAST, MOST)?;
    let boundary = call.shape.optional("PermissionsBoundary", &ARN);
    let tags = call.tags();
    let arn = call.arn(&format!("role{path}{name}"));
    call.permit(&arn)?;
    let mut role = Role::new(&name, trust(call, &document)?).with_path(&path);
    role.id = call.simulation.random.id("AROA", 17);
    role.created = call.now();
    role.description = description;
    role.max_session_duration = duration.unwrap_or(LEAST);
    role.tags = distinct(tags)?;
    (role.boundary, role.boundary_arn) = boundary_of(call, boundary)?;
    let most = call.switches.roles;
    call.edit(|account| {
        if account.role(&name).is_some() {
            let text = format!("Role with name {name} already exists.");
            return Err(QueryError::exists(text));
        }
        if account.roles().count() >= most {
            return Err(QueryError::limit("RolesPerAccount", most));
        }
        account.put_role(role.clone());
        Ok(one(describe::role(account, &role, true)))
    })
}

pub(super) fn get(call: &mut Call<'_>) -> Answered {
    let name = named(call)?;
    call.read(|account| {
        let role = account.role(&name).ok_or_else(|| unknown(&name))?;
        Ok(one(describe::role(account, role, true)))
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Answered {
    let prefix = call.shape.optional("PathPrefix", &PATH_PREFIX);
    let prefix = prefix.unwrap_or_else(|| "/".to_owned());
    let paging = call.paging()?;
    call.permit(&call.arn(&format!("role{prefix}")))?;
    call.read(|account| {
        let roles = account
            .roles()
            .filter(|role| role.path.starts_with(&prefix))
            .map(|role| {
                let member = Element::Group("member", describe::role(account, role, false));
                (role.name.clone(), member)
            });
        Ok(paging.cut("Roles", roles))
    })
}

pub(super) fn update(call: &mut Call<'_>) -> Answered {
    let description = call.shape.optional("Description", &DESCRIPTION);
    let duration = call.shape.number("MaxSessionDuration", LEAST, MOST)?;
    let name = named(call)?;
    edit(call, &name, |role| {
        if description.is_some() {
            role.description = description;
        }
        if let Some(duration) = duration {
            role.max_session_duration = duration;
        }
        Ok(())
    })
}

pub(super) fn update_trust(call: &mut Call<'_>) -> Answered {
    let document = call.shape.required("PolicyDocument", &DOCUMENT);
    let name = named(call)?;
    let trust = trust(call, &document)?;
    edit(call, &name, |role| {
        role.trust = trust;
        Ok(())
    })
}

pub(super) fn delete(call: &mut Call<'_>) -> Answered {
    let name = named(call)?;
    call.edit(|account| {
        let role = account.role(&name).ok_or_else(|| unknown(&name))?;
        protect(role)?;
        if !role.attached.is_empty() {
            return Err(QueryError::conflict(
                "Cannot delete entity, must detach all policies first.",
            ));
        }
        if !role.policies.is_empty() {
            return Err(QueryError::conflict(
                "Cannot delete entity, must delete policies first.",
            ));
        }
        account.remove_role(&name);
        Ok(Vec::new())
    })
}

pub(super) fn tag(call: &mut Call<'_>) -> Answered {
    let tags = call.tags();
    let name = named(call)?;
    let tags = distinct(tags)?;
    edit(call, &name, |role| {
        for (key, value) in tags {
            let lower = key.to_lowercase();
            role.tags.retain(|other, _| other.to_lowercase() != lower);
            role.tags.insert(key, value);
        }
        if role.tags.len() > 50 {
            return Err(QueryError::limit("TagsPerRole", 50));
        }
        Ok(())
    })
}

pub(super) fn untag(call: &mut Call<'_>) -> Answered {
    let keys = call.shape.texts("TagKeys", 50, &TAG_KEY);
    let name = named(call)?;
    let gone: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    edit(call, &name, |role| {
        role.tags
            .retain(|key, _| !gone.contains(&key.to_lowercase()));
        Ok(())
    })
}

pub(super) fn list_tags(call: &mut Call<'_>) -> Answered {
    let paging = call.paging()?;
    let name = named(call)?;
    call.read(|account| {
        let role = account.role(&name).ok_or_else(|| unknown(&name))?;
        let tags = role.tags.iter();
        let tags = tags.map(|(key, value)| (key.clone(), describe::tag(key, value)));
        Ok(paging.cut("Tags", tags))
    })
}

/// The role that a request names, once the caller may do this to it.
fn named(call: &mut Call<'_>) -> Result<String, QueryError> {
    let name = call.shape.required("RoleName", &ROLE_NAME);
    let arn = arn(call, &name)?;
    call.permit(&arn)?;
    Ok(name)
}

/// The ARN of a role, also of one that does not exist.
pub(super) fn arn(call: &Call<'_>, name: &str) -> Result<String, QueryError> {
    let known = call.read(|account| Ok(account.role(name).map(|role| role.arn(account))))?;
    Ok(known.unwrap_or_else(|| call.arn(&format!("role/{name}"))))
}

/// Reads a trust policy of bearable size.
fn trust(call: &Call<'_>, document: &str) -> Result<Policy, QueryError> {
    let policy = Policy::trust(document).map_err(|error| QueryError::malformed_document(&error))?;
    let most = call.switches.trust_policy_characters;
    if super::inline::characters(document) > most {
        return Err(QueryError::limit("ACLSizePerRole", most));
    }
    Ok(policy)
}

/// A permissions boundary, by the ARN of a managed policy.
pub(super) fn boundary_of(
    call: &Call<'_>,
    arn: Option<String>,
) -> Result<(Option<Policy>, Option<String>), QueryError> {
    let Some(arn) = arn else {
        return Ok((None, None));
    };
    let registry = call.simulation.iam.read();
    match registry.managed_policy(&call.identity.account, &arn) {
        Some(policy) => Ok((Some(policy), Some(arn))),
        None => Err(super::attached::unknown(&arn)),
    }
}

fn edit(
    call: &Call<'_>,
    name: &str,
    edit: impl FnOnce(&mut Role) -> Result<(), QueryError>,
) -> Answered {
    call.edit(|account| {
        edit(changeable(account, name)?)?;
        Ok(Vec::new())
    })
}

/// A role that its account may change: not one of AWS's own.
pub(super) fn changeable<'a>(
    account: &'a mut Account,
    name: &str,
) -> Result<&'a mut Role, QueryError> {
    let role = account.role_mut(name).ok_or_else(|| unknown(name))?;
    protect(role)?;
    Ok(role)
}

fn protect(role: &Role) -> Result<(), QueryError> {
    let protected = ["/aws-service-role/", "/aws-reserved/"];
    if protected.iter().any(|path| role.path.starts_with(path)) {
        return Err(QueryError::unmodifiable(&role.name));
    }
    Ok(())
}

pub(super) fn unknown(name: &str) -> QueryError {
    QueryError::missing(format!("The role with name {name} cannot be found."))
}

fn one(role: Vec<Element>) -> Vec<Element> {
    vec![Element::Group("Role", role)]
}
