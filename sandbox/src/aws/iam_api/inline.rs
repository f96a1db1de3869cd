//! Inline policies of roles and users. Putting one replaces the one of that name, whole.

use super::call::{Answered, Call};
use super::describe::encoded;
use super::holder::{Holder, Kind};
use super::shape::{DOCUMENT, POLICY_NAME};
use crate::aws::policy::Policy;
use crate::aws::query::{Element, QueryError};

pub(super) fn put(call: &mut Call<'_>, kind: Kind) -> Answered {
    let holder = Holder::named(call, kind)?;
    let name = call.shape.required("PolicyName", &POLICY_NAME);
    let document = call.shape.required("PolicyDocument", &DOCUMENT);
    call.permit(&holder.arn)?;
    let policy =
        Policy::identity(&document).map_err(|error| QueryError::malformed_document(&error))?;
    let most = match kind {
        Kind::Role => call.switches.role_policy_characters,
        Kind::User => call.switches.user_policy_characters,
    };
    call.edit(|account| {
        let policies = holder.policies_mut(account)?;
        let others = policies.inline.iter().filter(|(other, _)| **other != name);
        let others: usize = others.map(|(_, policy)| characters(policy.text())).sum();
        if others + characters(&document) > most {
            let text = format!(
                "Maximum policy size of {most} bytes exceeded for {} {}",
                kind.word(),
                holder.name
            );
            return Err(QueryError::new(409, "LimitExceeded", text));
        }
        policies.inline.insert(name, policy);
        Ok(Vec::new())
    })
}

pub(super) fn get(call: &mut Call<'_>, kind: Kind) -> Answered {
    let (holder, name) = one(call, kind)?;
    call.read(|account| {
        let policies = holder.policies(account)?;
        let policy = policies.inline.get(&name);
        let policy = policy.ok_or_else(|| unknown(kind, &name))?;
        Ok(vec![
            Element::text(kind.parameter(), holder.name.as_str()),
            Element::text("PolicyName", name.as_str()),
            Element::text("PolicyDocument", encoded(policy.text())),
        ])
    })
}

pub(super) fn delete(call: &mut Call<'_>, kind: Kind) -> Answered {
    let (holder, name) = one(call, kind)?;
    call.edit(|account| {
        let policies = holder.policies_mut(account)?;
        let gone = policies.inline.remove(&name);
        gone.map(|_| Vec::new()).ok_or_else(|| unknown(kind, &name))
    })
}

pub(super) fn list(call: &mut Call<'_>, kind: Kind) -> Answered {
    let paging = call.paging()?;
    let holder = Holder::named(call, kind)?;
    call.permit(&holder.arn)?;
    call.read(|account| {
        let policies = holder.policies(account)?;
        let names = policies.inline.keys();
        let names = names.map(|name| (name.clone(), Element::text("member", name.as_str())));
        Ok(paging.cut("PolicyNames", names))
    })
}

/// The characters that count towards a limit: all but white space.
pub(super) fn characters(document: &str) -> usize {
    document
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .count()
}

/// The policy that a request names, once the caller may do this to its holder.
fn one(call: &mut Call<'_>, kind: Kind) -> Result<(Holder, String), QueryError> {
    let holder = Holder::named(call, kind)?;
    let name = call.shape.required("PolicyName", &POLICY_NAME);
    call.permit(&holder.arn)?;
    Ok((holder, name))
}

fn unknown(kind: Kind, name: &str) -> QueryError {
    let kind = kind.word();
    QueryError::missing(format!(
        "The {kind} policy with name {name} cannot be found."
    ))
}
