//! What each method needs in a role's account: whom the role trusts, for what, and under which conditions.
//!
//! Every condition names something that a sign-in by Vestibule always has, so that the policy lets in what Vestibule
//! sends and as little else as AWS can tell apart (IAM user guide: keys for SAML and OpenID Connect federation, session
//! tags, source identity). One statement holds it all: tags and source identity are let in only together with the rest.

use super::facts::{Carried, Facts, IdpFacts, OidcFacts, Signer};
use super::policy::{Allow, Conditions, Policy, Principal, Statement};
use super::problem::Problem;
use super::resource::{self, OidcProvider, Resource, SamlProvider};
use crate::domain::identity::IdpId;
use crate::domain::role::{CredentialsName, Method, Proof, Role, Via};

/// What IAM takes of a provider's metadata.
const METADATA: std::ops::RangeInclusive<usize> = 1_000..=10_000_000;
/// What IAM takes as a role's longest session, in seconds.
const LEAST_SESSION: u32 = 3_600;
const MOST_SESSION: u32 = 43_200;

/// What one role needs.
#[derive(Debug)]
pub(super) struct Needs {
    /// The provider that vouches for people, if one does.
    pub(super) provider: Option<Resource>,
    /// The role itself; a federated user has none.
    pub(super) role: Option<Resource>,
    /// Who signs, if anybody does.
    pub(super) signer: Option<Signer>,
}

/// What a role needs.
pub(super) fn needs(role: &Role, facts: &Facts) -> Result<Needs, Problem> {
    match &role.method {
        Method::AssumeRoleWithSaml { proof, provider } => saml(role, facts, (proof, provider)),
        Method::AssumeRoleWithWebIdentity { proof } => web_identity(role, facts, proof),
        Method::AssumeRole {
            credentials,
            external_id,
            via,
            ..
        } => assume_role(
            role,
            facts,
            (credentials, external_id.as_deref(), via.as_ref()),
        ),
        Method::GetFederationToken { credentials, .. }
        | Method::GetSessionToken { credentials } => {
            let signer = signer(role, facts, credentials)?;
            Ok(Needs {
                provider: None,
                role: None,
                signer: Some(signer.clone()),
            })
        }
    }
}

fn saml(role: &Role, facts: &Facts, (proof, name): (&Proof, &str)) -> Result<Needs, Problem> {
    let mut conditions = Conditions::default();
    let metadata = match proof {
        Proof::Issued => {
            let issuer = &facts.issuer;
            conditions.equals("SAML:aud", &issuer.recipient);
            conditions.equals("SAML:iss", &issuer.entity_id);
            conditions.equals("SAML:sub_type", "persistent");
            issuer.metadata.clone().ok_or_else(|| Problem::NoMetadata {
                role: role.key.clone(),
            })?
        }
        Proof::Forwarded(idp) => {
            let Some(IdpFacts::Saml {
                entity_id,
                acs,
                metadata,
            }) = facts.idps.get(idp)
            else {
                return Err(no_idp(role, idp));
            };
            conditions.equals("SAML:aud", acs);
            conditions.equals("SAML:iss", entity_id);
            metadata.clone()
        }
    };
    let length = metadata.chars().count();
    if !METADATA.contains(&length) {
        let role = role.key.clone();
        return Err(Problem::MetadataLength { role, length });
    }
    let provider = Resource::SamlProvider(SamlProvider {
        name: name.to_owned(),
        metadata,
    });
    federated(role, facts, (provider, proof), conditions)
}

fn web_identity(role: &Role, facts: &Facts, proof: &Proof) -> Result<Needs, Problem> {
    let oidc = match proof {
        Proof::Issued => &facts.issuer.oidc,
        Proof::Forwarded(idp) => match facts.idps.get(idp) {
            Some(IdpFacts::Oidc(oidc)) => oidc,
            _ => return Err(no_idp(role, idp)),
        },
    };
    if let Some(unfit) = oidc.unfit {
        return Err(Problem::Unfit {
            role: role.key.clone(),
            issuer: oidc.issuer.clone(),
            unfit,
        });
    }
    let OidcFacts {
        issuer, audience, ..
    } = oidc;
    let mut conditions = Conditions::default();
    conditions.equals(format!("{}:aud", oidc.key()), audience);
    let provider = Resource::OidcProvider(OidcProvider {
        url: issuer.clone(),
        key: oidc.key().to_owned(),
        client_ids: vec![audience.clone()],
    });
    federated(role, facts, (provider, proof), conditions)
}

/// A role that trusts an IAM provider of its own account.
fn federated(
    role: &Role,
    facts: &Facts,
    (provider, proof): (Resource, &Proof),
    conditions: Conditions,
) -> Result<Needs, Problem> {
    let end = provider.arn_end().unwrap_or_default();
    let account = &role.account;
    let arn = format!("arn:{}:iam::{}:{end}", account.partition, account.id);
    let mut allow = Allow {
        principal: Some(Principal::Federated(arn)),
        actions: vec![match role.method {
            Method::AssumeRoleWithSaml { .. } => "sts:AssumeRoleWithSAML",
            _ => "sts:AssumeRoleWithWebIdentity",
        }],
        conditions,
        ..Allow::default()
    };
    match proof {
        Proof::Issued => person(role, &mut allow),
        Proof::Forwarded(_) => {
            for (carried, action) in [
                (Carried::Tags, "sts:TagSession"),
                (Carried::SourceIdentity, "sts:SetSourceIdentity"),
            ] {
                if facts.forwarded.contains(&carried) {
                    allow.actions.push(action);
                }
            }
        }
    }
    Ok(Needs {
        provider: Some(provider),
        role: Some(trusting(role, allow)?),
        signer: None,
    })
}

fn assume_role(
    role: &Role,
    facts: &Facts,
    (credentials, external_id, via): (&CredentialsName, Option<&str>, Option<&Via>),
) -> Result<Needs, Problem> {
    let signer = signer(role, facts, credentials)?;
    // whoever comes is the hub role, where there is one on the way
    let caller = via.map_or_else(|| signer.to_string(), |via| via.role.to_string());
    let mut allow = Allow {
        principal: Some(Principal::Aws(caller)),
        actions: vec!["sts:AssumeRole"],
        ..Allow::default()
    };
    if let Some(id) = external_id {
        allow.conditions.equals("sts:ExternalId", id);
    }
    if role.method.mfa_serial().is_some() {
        let yes = vec!["true".to_owned()];
        let key = "aws:MultiFactorAuthPresent";
        allow.conditions.add("Bool", key, yes);
    }
    person(role, &mut allow);
    Ok(Needs {
        provider: None,
        role: Some(trusting(role, allow)?),
        signer: Some(signer.clone()),
    })
}

/// Whoever signs with the credentials that a role names.
pub(super) fn signer<'f>(
    role: &Role,
    facts: &'f Facts,
    credentials: &CredentialsName,
) -> Result<&'f Signer, Problem> {
    let signer = facts.signers.get(credentials);
    let signer = signer.ok_or_else(|| Problem::NoSigner {
        role: role.key.clone(),
        credentials: credentials.clone(),
    })?;
    let problem = |make: fn(_, _) -> Problem| Err(make(role.key.clone(), signer.to_string()));
    if signer.partition != role.account.partition {
        return problem(|role, signer| Problem::SignerPartition { role, signer });
    }
    let here = signer.account == role.account.id && signer.kind == super::SignerKind::User;
    if role.method.is_of_a_user() && !here {
        return problem(|role, signer| Problem::NotAUserHere { role, signer });
    }
    Ok(signer)
}

/// What Vestibule says of the person beside their name: the tags and the source identity that the role has.
fn person(role: &Role, allow: &mut Allow) {
    allow.actions.extend(tag_action(role));
    for (key, template) in &role.tags {
        let operator = if template.slots().next().is_some() {
            "StringLike"
        } else {
            "StringEquals"
        };
        let key = format!("aws:RequestTag/{key}");
        allow
            .conditions
            .add(operator, key, vec![template.pattern()]);
    }
    let keys: Vec<String> = role.tags.iter().map(|(key, _)| key.clone()).collect();
    for (condition, keys) in [
        ("aws:TagKeys", keys),
        ("sts:TransitiveTagKeys", role.transitive_tags.clone()),
    ] {
        if !keys.is_empty() {
            let operator = "ForAllValues:StringEquals";
            allow.conditions.add(operator, condition, keys);
        }
    }
    if role.source_identity {
        allow.actions.push("sts:SetSourceIdentity");
        let anybody = vec!["*".to_owned()];
        allow
            .conditions
            .add("StringLike", "sts:SourceIdentity", anybody);
    }
}

/// What a role with tags needs beside its method's own action.
pub(super) fn tag_action(role: &Role) -> Option<&'static str> {
    (!role.tags.is_empty()).then_some("sts:TagSession")
}

fn trusting(role: &Role, allow: Allow) -> Result<Resource, Problem> {
    let trust = Policy {
        statements: vec![Statement::Allow(allow)],
    };
    let length = trust.length();
    if length > super::policy::LONGEST_TRUST_POLICY {
        let role = role.key.clone();
        return Err(Problem::TrustPolicy { role, length });
    }
    Ok(Resource::Role(resource::Role {
        name: role.key.name.to_string(),
        path: role.path.clone(),
        description: format!("{} in Vestibule", role.key),
        max_session_seconds: role.console_seconds.clamp(LEAST_SESSION, MOST_SESSION),
        trust,
    }))
}

fn no_idp(role: &Role, idp: &IdpId) -> Problem {
    Problem::NoIdp {
        role: role.key.clone(),
        idp: idp.clone(),
    }
}
