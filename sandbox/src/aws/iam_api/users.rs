//! Users: making, showing and deleting them.

use super::call::{Answered, Call, distinct};
use super::describe;
use super::shape::{ARN, PATH, PATH_PREFIX, USER_NAME};
use crate::aws::iam::User;
use crate::aws::identity::Who;
use crate::aws::query::{Element, QueryError};
use crate::aws::tokens::Principal;

pub(super) fn create(call: &mut Call<'_>) -> Answered {
    let path = call.shape.optional("Path", &PATH);
    let path = path.unwrap_or_else(|| "/".to_owned());
    let name = call.shape.required("UserName", &USER_NAME);
    let boundary = call.shape.optional("PermissionsBoundary", &ARN);
    let tags = call.tags();
    let arn = call.arn(&format!("user{path}{name}"));
    call.permit(&arn)?;
    let mut user = User::new(&name);
    user.path = path;
    user.id = call.simulation.random.id("AIDA", 17);
    user.created = call.now();
    user.tags = distinct(tags)?;
    (user.boundary, user.boundary_arn) = super::roles::boundary_of(call, boundary)?;
    let most = call.switches.users;
    call.edit(|account| {
        if account
            .users
            .keys()
            .any(|other| other.eq_ignore_ascii_case(&name))
        {
            let text = format!("User with name {name} already exists.");
            return Err(QueryError::exists(text));
        }
        if account.users.len() >= most {
            return Err(QueryError::limit("UsersPerAccount", most));
        }
        account.users.insert(name, user.clone());
        let user = describe::user(account, &user, true);
        Ok(vec![Element::Group("User", user)])
    })
}

pub(super) fn get(call: &mut Call<'_>) -> Answered {
    let name = named_or_own(call)?;
    call.read(|account| {
        let user = account.users.get(&name).ok_or_else(|| unknown(&name))?;
        let user = describe::user(account, user, true);
        Ok(vec![Element::Group("User", user)])
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Answered {
    let prefix = call.shape.optional("PathPrefix", &PATH_PREFIX);
    let prefix = prefix.unwrap_or_else(|| "/".to_owned());
    let paging = call.paging()?;
    call.permit(&call.arn(&format!("user{prefix}")))?;
    call.read(|account| {
        let users = account.users.values();
        let users = users
            .filter(|user| user.path.starts_with(&prefix))
            .map(|user| {
                let member = Element::Group("member", describe::user(account, user, false));
                (user.name.clone(), member)
            });
        Ok(paging.cut("Users", users))
    })
}

pub(super) fn delete(call: &mut Call<'_>) -> Answered {
    let name = call.shape.required("UserName", &USER_NAME);
    call.permit(&arn(call, &name)?)?;
    call.edit(|account| {
        let user = account.users.get(&name).ok_or_else(|| unknown(&name))?;
        let held = [
            (
                !user.access_keys.is_empty(),
                "must delete access keys first.",
            ),
            (!user.attached.is_empty(), "must detach all policies first."),
            (!user.policies.is_empty(), "must delete policies first."),
            (user.mfa.is_some(), "must delete MFA device first."),
        ];
        if let Some((_, what)) = held.iter().find(|(holds, _)| *holds) {
            let text = format!("Cannot delete entity, {what}");
            return Err(QueryError::conflict(&text));
        }
        account.users.remove(&name);
        Ok(Vec::new())
    })
}

/// The user that a request names, or the caller, once the caller may do this.
pub(super) fn named_or_own(call: &mut Call<'_>) -> Result<String, QueryError> {
    let named = call.shape.optional("UserName", &USER_NAME);
    let own = match &call.identity.who {
        Who::User { name, .. } => Some(name.clone()),
        Who::Session(session) => match &session.principal {
            Principal::User { user, .. } => user.clone(),
            _ => None,
        },
        Who::Root => None,
    };
    let Some(name) = named.or(own) else {
        return Err(QueryError::validation(
            "Must specify userName when calling with non-User credentials",
        ));
    };
    call.permit(&arn(call, &name)?)?;
    Ok(name)
}

/// The ARN of a user, also of one that does not exist.
pub(super) fn arn(call: &Call<'_>, name: &str) -> Result<String, QueryError> {
    let known = call.read(|account| Ok(account.users.get(name).map(|user| user.arn(account))))?;
    Ok(known.unwrap_or_else(|| call.arn(&format!("user/{name}"))))
}

pub(super) fn unknown(name: &str) -> QueryError {
    QueryError::missing(format!("The user with name {name} cannot be found."))
}
