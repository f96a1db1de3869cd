//! What remains to be done elsewhere: at the identity provider, in another account, with a key.

use std::collections::BTreeSet;

use super::facts::Signer;
use super::policy::USUAL_TRUST_POLICY;
use super::resource::Resource;
use crate::domain::account::AccountId;
use crate::domain::role::{Method, Proof, Role};

/// A sentence each, none twice.
pub(super) fn notes(
    meant: &[&Role],
    resources: &[Resource],
    (account, signing): (&AccountId, &BTreeSet<Signer>),
) -> Vec<String> {
    let is_role = |one: &Resource| matches!(one, Resource::Role(_));
    let permissions = resources
        .iter()
        .any(is_role)
        .then(|| "What the roles may do is not said here: attach permissions to them.".to_owned());
    let elsewhere = signing.iter().filter(|signer| signer.account != *account);
    let elsewhere = elsewhere.map(|signer| {
        format!(
            "{signer} must be allowed to assume these roles: the account {} needs its own part.",
            signer.account
        )
    });
    let all = permissions
        .into_iter()
        .chain(meant.iter().flat_map(|role| of_role(role, account)))
        .chain(resources.iter().filter_map(of_resource))
        .chain(elsewhere);
    let mut notes = Vec::new();
    for note in all {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

fn of_resource(resource: &Resource) -> Option<String> {
    match resource {
        Resource::User(user) => Some(format!(
            "Make an access key for the user {}, and keep it where the own credentials of the configuration are read from.",
            user.name
        )),
        Resource::Role(role) if role.trust.length() > USUAL_TRUST_POLICY => Some(format!(
            "The trust policy of {} has more than 2,048 characters: have the account's quota raised to 4,096 first.",
            role.name
        )),
        _ => None,
    }
}

fn of_role(role: &Role, account: &AccountId) -> Vec<String> {
    match &role.method {
        Method::AssumeRoleWithSaml {
            proof: Proof::Forwarded(idp),
            ..
        } => vec![
            format!(
                "{idp} must send, in the attribute https://aws.amazon.com/SAML/Attributes/Role: {},{}",
                role.arn(),
                role.saml_provider_arn().unwrap_or_default()
            ),
            format!(
                "{idp} must send a name in the attribute https://aws.amazon.com/SAML/Attributes/RoleSessionName. If it sends tags or a source identity as well, say so, or AWS refuses everybody."
            ),
        ],
        Method::AssumeRoleWithSaml {
            proof: Proof::Issued,
            ..
        } => vec![
            "Before a new key of the issuer comes into force, the SAML provider must have the metadata that shows it.".to_owned(),
        ],
        Method::AssumeRoleWithWebIdentity { .. } => vec![
            "AWS fetches the issuer's discovery document and keys over the public internet.".to_owned(),
        ],
        Method::GetSessionToken { .. } => vec![format!(
            "{}: whoever gets these keys can do all that the user's own policies allow. Allow it as little as will do.",
            role.key
        )],
        Method::AssumeRole { via: Some(via), .. } if via.role.account() != account => vec![format!(
            "The hub role {} is on the way: the account {} needs its own part.",
            via.role,
            via.role.account()
        )],
        Method::AssumeRole { .. } | Method::GetFederationToken { .. } => Vec::new(),
    }
}
