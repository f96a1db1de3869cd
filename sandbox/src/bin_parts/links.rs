//! Which ways into the console the demo people have: the access model asked about each of them, at each provider.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use vestibule::domain::Timestamp;
use vestibule::domain::access::AccessIndex;
use vestibule::domain::identity::{Authentication, Identity, IdpId, Subject};
use vestibule::domain::role::{Proof, Role};
use vestibule_sandbox::people::{Directory, Person};

/// A way into the console that needs nothing but signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Link {
    username: String,
    idp: String,
    role: String,
    method: &'static str,
    proof: Option<&'static str>,
    url: String,
}

/// The people of one provider.
pub(crate) struct Population<'a> {
    /// The provider's id in the configuration.
    pub(crate) idp: IdpId,
    /// Who is there.
    pub(crate) people: &'a Directory,
}

/// The roles that a person of that provider holds.
pub(crate) fn held(
    index: &AccessIndex,
    idp: &IdpId,
    person: &Person,
    now: Timestamp,
) -> Vec<Arc<Role>> {
    index
        .held(&identity(idp, person), now)
        .into_iter()
        .map(|held| Arc::clone(held.role))
        .filter(|role| role.method.forwards().is_none_or(|wanted| wanted == idp))
        .collect()
}

/// The links of all people; of those who hold many roles, a few.
pub(crate) fn links(
    index: &AccessIndex,
    populations: &[Population<'_>],
    portal: &str,
    now: Timestamp,
) -> Vec<Link> {
    const MOST_FOR_ONE: usize = 25;
    let mut links = Vec::new();
    for Population { idp, people } in populations {
        for person in people.everyone() {
            let mut roles = held(index, idp, &person, now);
            roles.retain(|role| !role.method.is_keys_only());
            let few = if roles.len() > MOST_FOR_ONE {
                2
            } else {
                roles.len()
            };
            links.extend(roles.iter().take(few).map(|role| Link {
                username: person.username.clone(),
                idp: idp.to_string(),
                role: role.key.to_string(),
                method: role.method.operation(),
                proof: role.method.proof().map(Proof::word),
                url: format!("{portal}/go/{}?idp={idp}", role.key),
            }));
        }
    }
    links
}

/// Tells AWS, through the SAML provider, which roles each person may have: pairs of role and provider.
pub(crate) fn send_role_pairs(
    index: &AccessIndex,
    idp: &IdpId,
    people: &Directory,
    now: Timestamp,
) {
    for mut person in people.everyone() {
        person.aws.roles = held(index, idp, &person, now)
            .iter()
            .filter(|role| role.method.forwards().is_some())
            .filter_map(|role| Some((role.arn(), role.saml_provider_arn()?)))
            .collect();
        people.put(person);
    }
}

/// A person as Vestibule will see them.
fn identity(idp: &IdpId, person: &Person) -> Identity {
    let mut attributes: BTreeMap<String, Vec<String>> = person.attributes.clone();
    attributes.insert("groups".to_owned(), person.groups.clone());
    Identity {
        idp: idp.clone(),
        subject: Subject {
            format: String::new(),
            value: person.subject.clone(),
        },
        display_name: person.display_name.clone(),
        verified_email: Some(person.email.clone()),
        attributes,
        authentication: Authentication::default(),
        notice: None,
    }
}
