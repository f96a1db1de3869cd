//! The method of a role: which keys it needs, which it cannot have, and whether its own credentials and its identity
//! provider can serve it.

use super::problem::{ProblemKind, Problems};
use super::roles::RoleContext;
use super::{hub, mfa, user};
use crate::domain::credentials::CredentialsKind;
use crate::domain::identity::{IdpId, Protocol};
use crate::domain::role::{CredentialsName, Method, Proof};

const SAML: &str = "AssumeRoleWithSAML";
const WEB_IDENTITY: &str = "AssumeRoleWithWebIdentity";
const ASSUME_ROLE: &str = "AssumeRole";
const FEDERATION_TOKEN: &str = "GetFederationToken";

/// What the two methods that present a proof have no use for.
const OF_SIGNED_CALLS: &[&str] = &[
    "credentials",
    "external_id",
    "via",
    "mfa_serial",
    "resource_policies_only",
];

/// The method, if it is one.
pub(super) fn check(context: &RoleContext<'_>, problems: &mut Problems) -> Option<Method> {
    match context.entry.method.as_str() {
        SAML => check_saml(context, problems),
        WEB_IDENTITY => check_web_identity(context, problems),
        ASSUME_ROLE => check_assume_role(context, problems),
        FEDERATION_TOKEN => check_federation_token(context, problems),
        user::SESSION_TOKEN => user::check(context, problems),
        _ => {
            problems.add(
                format_args!("{}.method", context.path),
                ProblemKind::UnknownMethod,
            );
            None
        }
    }
}

fn check_saml(context: &RoleContext<'_>, problems: &mut Problems) -> Option<Method> {
    let entry = context.entry;
    refuse(context, SAML, OF_SIGNED_CALLS, problems);
    if entry.name.starts_with("AWSReservedSSO_") {
        problems.add(
            format_args!("{}.name", context.path),
            ProblemKind::ReservedRole,
        );
    }
    if entry.provider.is_none() {
        problems.add(
            format_args!("{}.provider", context.path),
            ProblemKind::Missing,
        );
    }
    let provider = check_provider(context, problems);
    let proof = check_proof(context, Protocol::Saml, problems);
    Some(Method::AssumeRoleWithSaml {
        proof: proof?,
        provider: provider?,
    })
}

fn check_web_identity(context: &RoleContext<'_>, problems: &mut Problems) -> Option<Method> {
    refuse(context, WEB_IDENTITY, OF_SIGNED_CALLS, problems);
    check_provider(context, problems);
    let proof = check_proof(context, Protocol::Oidc, problems)?;
    Some(Method::AssumeRoleWithWebIdentity { proof })
}

fn check_assume_role(context: &RoleContext<'_>, problems: &mut Problems) -> Option<Method> {
    refuse(
        context,
        ASSUME_ROLE,
        &["proof", "idp", "provider", "resource_policies_only"],
        problems,
    );
    let external_id = context.entry.external_id.clone();
    if external_id.as_deref().is_some_and(|id| !is_external_id(id)) {
        problems.add(
            format_args!("{}.external_id", context.path),
            ProblemKind::ExternalId,
        );
    }
    let credentials = check_credentials(context, problems)?;
    user::check_unmarked(context, &credentials, problems);
    let via = hub::check(context, problems);
    Some(Method::AssumeRole {
        mfa_serial: mfa::check(context, &credentials, problems),
        credentials,
        external_id,
        via,
    })
}

fn check_federation_token(context: &RoleContext<'_>, problems: &mut Problems) -> Option<Method> {
    let entry = context.entry;
    refuse(
        context,
        FEDERATION_TOKEN,
        &[
            "proof",
            "idp",
            "provider",
            "external_id",
            "via",
            "mfa_serial",
            "path",
            "transitive_tags",
            "source_identity",
        ],
        problems,
    );
    let has_policy = entry.session_policy.is_some() || !entry.managed_policies.is_empty();
    let path = context.path;
    if has_policy && entry.resource_policies_only {
        problems.add(
            format_args!("{path}.resource_policies_only"),
            ProblemKind::PolicyUnwanted,
        );
    } else if !has_policy && !entry.resource_policies_only {
        problems.add(
            format_args!("{path}.session_policy"),
            ProblemKind::PolicyWanted,
        );
    }
    let name = check_credentials(context, problems)?;
    user::check_unmarked(context, &name, problems);
    let own = &context.surroundings.credentials[&name];
    if own.kind == CredentialsKind::Role {
        problems.add(
            format_args!("{path}.credentials"),
            ProblemKind::CredentialsNotLongTerm(name.to_string()),
        );
    }
    if own
        .account
        .as_ref()
        .is_some_and(|id| *id != context.account.id)
    {
        problems.add(
            format_args!("{path}.credentials"),
            ProblemKind::CredentialsAccount(name.to_string()),
        );
    }
    Some(Method::GetFederationToken {
        credentials: name,
        resource_policies_only: entry.resource_policies_only,
    })
}

/// Reports keys that the method has no use for.
pub(super) fn refuse(
    context: &RoleContext<'_>,
    method: &'static str,
    keys: &[&str],
    problems: &mut Problems,
) {
    let entry = context.entry;
    let present = [
        ("proof", entry.proof.is_some()),
        ("idp", entry.idp.is_some()),
        ("provider", entry.provider.is_some()),
        ("credentials", entry.credentials.is_some()),
        ("external_id", entry.external_id.is_some()),
        ("via", entry.via.is_some()),
        ("mfa_serial", entry.mfa_serial.is_some()),
        ("path", entry.path.is_some()),
        ("resource_policies_only", entry.resource_policies_only),
        ("destination", entry.destination.is_some()),
        ("tags", !entry.tags.is_empty()),
        ("transitive_tags", !entry.transitive_tags.is_empty()),
        ("source_identity", entry.source_identity),
        ("session_policy", entry.session_policy.is_some()),
        ("managed_policies", !entry.managed_policies.is_empty()),
    ];
    for (key, present) in present {
        if present && keys.contains(&key) {
            problems.add(
                format_args!("{}.{key}", context.path),
                ProblemKind::NotApplicable(method),
            );
        }
    }
}

/// Who vouches for the person.
fn check_proof(
    context: &RoleContext<'_>,
    protocol: Protocol,
    problems: &mut Problems,
) -> Option<Proof> {
    let path = context.path;
    match context.entry.proof.as_deref() {
        Some("forwarded") => {}
        Some("issued") => {
            check_issuing(context, protocol, problems);
            return Some(Proof::Issued);
        }
        Some(_) => problems.add(format_args!("{path}.proof"), ProblemKind::UnknownProof),
        None => problems.add(format_args!("{path}.proof"), ProblemKind::Missing),
    }
    check_forwarding(context, protocol, problems).map(Proof::Forwarded)
}

/// Whether our own issuer can vouch: it has a key for that, and an address that IAM takes.
fn check_issuing(context: &RoleContext<'_>, protocol: Protocol, problems: &mut Problems) {
    let issuance = &context.surroundings.issuance;
    let path = format!("{}.proof", context.path);
    let (ready, word) = match protocol {
        Protocol::Saml => (issuance.saml, "saml"),
        Protocol::Oidc => (issuance.oidc, "oidc"),
    };
    if !ready {
        problems.add(&path, ProblemKind::NoIssuerKey(word));
    }
    if protocol == Protocol::Oidc
        && let Some(wrong) = issuance.oidc_url
    {
        problems.add(&path, ProblemKind::IssuerUrl(wrong));
    }
    if context.entry.idp.is_some() {
        problems.add(
            format_args!("{}.idp", context.path),
            ProblemKind::NotApplicable("proof = \"issued\""),
        );
    }
}

/// The provider whose proof is forwarded. Tags and source identity come from that proof.
fn check_forwarding(
    context: &RoleContext<'_>,
    protocol: Protocol,
    problems: &mut Problems,
) -> Option<IdpId> {
    let (entry, path) = (context.entry, context.path);
    let from_proof = [
        ("tags", !entry.tags.is_empty()),
        ("transitive_tags", !entry.transitive_tags.is_empty()),
        ("source_identity", entry.source_identity),
    ];
    for (key, _) in from_proof.iter().filter(|(_, present)| *present) {
        problems.add(format_args!("{path}.{key}"), ProblemKind::FromProof);
    }
    let path = format!("{path}.idp");
    let Some(text) = &entry.idp else {
        problems.add(path, ProblemKind::Missing);
        return None;
    };
    let idp = problems.take(&path, IdpId::parse(text))?;
    match context.surroundings.idps.get(&idp) {
        None => problems.add(&path, ProblemKind::UnknownIdp(text.clone())),
        Some(spoken) if *spoken != protocol => problems.add(
            &path,
            ProblemKind::WrongIdpKind {
                idp: text.clone(),
                wanted: protocol.name(),
            },
        ),
        Some(_) => {}
    }
    Some(idp)
}

fn check_provider(context: &RoleContext<'_>, problems: &mut Problems) -> Option<String> {
    let provider = context.entry.provider.as_deref()?;
    let good = (1..=128).contains(&provider.len())
        && provider
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if !good && context.entry.method == SAML {
        problems.add(
            format_args!("{}.provider", context.path),
            ProblemKind::Provider,
        );
    }
    Some(provider.to_owned())
}

pub(super) fn check_credentials(
    context: &RoleContext<'_>,
    problems: &mut Problems,
) -> Option<CredentialsName> {
    let path = format!("{}.credentials", context.path);
    let Some(text) = &context.entry.credentials else {
        problems.add(path, ProblemKind::Missing);
        return None;
    };
    let name = problems.take(&path, CredentialsName::parse(text))?;
    let Some(own) = context.surroundings.credentials.get(&name) else {
        problems.add(path, ProblemKind::UnknownCredentials(text.clone()));
        return None;
    };
    if own.partition != context.account.partition {
        problems.add(
            path,
            ProblemKind::CredentialsPartition {
                name: text.clone(),
                found: own.partition.clone(),
                wanted: context.account.partition.clone(),
            },
        );
    }
    Some(name)
}

pub(super) fn is_external_id(text: &str) -> bool {
    (2..=1_224).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&b))
}
