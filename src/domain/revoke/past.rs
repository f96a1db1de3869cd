//! Ways into AWS that do not lead through Vestibule: whom it lets in no more comes in by them all the same.
//!
//! There is one kind. A role that takes the identity provider's own SAML response takes it from whoever brings it, and a
//! person has it in their own browser. An ID token is no such way: it comes to Vestibule alone.

use std::collections::BTreeMap;

use super::Target;
use crate::domain::access::Model;
use crate::domain::identity::IdpId;
use crate::domain::role::{Method, RoleKey};

/// How many roles are named.
const NAMED: usize = 6;

/// The ways that those whom a target means have past Vestibule, in sentences. `before`: whose response opened the role when
/// it was had last, as the record says; AWS need not have been told of a change.
pub fn ways_past(model: &Model, target: &Target, before: Option<&IdpId>) -> Vec<String> {
    let mut by_idp: BTreeMap<&IdpId, Vec<&RoleKey>> = BTreeMap::new();
    if let (Target::Role(key), Some(idp)) = (target, before) {
        by_idp.insert(idp, vec![key]);
    }
    for role in model.roles() {
        let (Method::AssumeRoleWithSaml { .. }, Some(idp)) = (&role.method, role.method.forwards())
        else {
            continue;
        };
        let is_meant = match target {
            Target::Role(key) => role.key == *key,
            Target::Person(person) => person.idp == idp.as_str(),
        };
        if is_meant {
            let roles = by_idp.entry(idp).or_default();
            if !roles.contains(&&role.key) {
                roles.push(&role.key);
            }
        }
    }
    let whom = match target {
        Target::Role(_) => "everybody who shall not come back",
        Target::Person(_) => "them",
    };
    let sentence = |(idp, roles): (&IdpId, Vec<&RoleKey>)| {
        format!(
            "{idp}'s own SAML response opens {roles}: whoever is active at {idp} can take one from their browser to AWS, past Vestibule and past what is blocked or suspended here. Disable {whom} at {idp}, and cut off again 5 minutes after that: for so long AWS takes a response.",
            roles = list(&roles)
        )
    };
    by_idp.into_iter().map(sentence).collect()
}

fn list(roles: &[&RoleKey]) -> String {
    let names = roles.iter().take(NAMED).map(ToString::to_string);
    let names: Vec<String> = names.collect();
    match roles.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
