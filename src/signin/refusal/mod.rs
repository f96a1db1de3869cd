//! What AWS's refusals mean for a person: which page, with the causes that the code allows.

mod hub;
mod mfa;
mod size;

use std::borrow::Cow;

use secrecy::ExposeSecret as _;

use super::{AwsCause, Error};
use crate::aws::{self, Refusal};
use crate::domain::causes::{self, Sent};
use crate::domain::credentials::ForwardedProof;
use crate::domain::partition::{HostError, Partition, Partitions};
use crate::domain::role::{Method, Role};

/// The longest `SAMLAssertion` that STS takes, in characters of base64.
const LONGEST_RESPONSE: usize = 100_000;

/// The longest `WebIdentityToken`.
const LONGEST_ID_TOKEN: usize = 20_000;

/// The page for what AWS answered.
pub(super) fn explain(error: &aws::Error, role: &Role) -> Error {
    tracing::warn!(
        error = error as &dyn std::error::Error,
        account.id = %role.account.id,
        role.name = %role.key.name,
        "aws did not give credentials"
    );
    meaning(error, role)
}

fn meaning(error: &aws::Error, role: &Role) -> Error {
    match error {
        aws::Error::AtHub(error) => hub::meaning_at_hub(error, role),
        aws::Error::Busy { .. } => Error::AwsBusy,
        aws::Error::Untrusted { cause, .. } => Error::AwsUntrusted(cause),
        aws::Error::RegionDisabled { .. } => Error::RegionDisabled {
            account: role.account.id.clone(),
        },
        aws::Error::Refused { operation, refusal } if mfa::is_about_the_code(refusal, role) => {
            Error::CodeRefused(cause(operation, refusal, mfa::causes()))
        }
        aws::Error::Refused { operation, refusal } => {
            let possible = causes::of(operation, &refusal.code, role, Sent::by(role));
            Error::AwsRefused(cause(operation, refusal, possible))
        }
        aws::Error::Unexpected { .. } => Error::AwsUnexpected,
        aws::Error::OwnCredentials { .. } => own_fault(
            role.method.operation(),
            "OwnCredentials",
            vec![
                "Vestibule's own AWS credentials for this role cannot be had: the file, profile or instance role behind them is missing or has expired",
            ],
        ),
        aws::Error::Unsuited { operation, cause } => {
            own_fault(operation, "OwnCredentials", vec![*cause])
        }
        aws::Error::NotConfigured(_) => own_fault(
            role.method.operation(),
            "NotConfigured",
            vec!["Vestibule's configuration lacks something that this role's method needs"],
        ),
    }
}

fn cause(operation: &'static str, refusal: &Refusal, possible: Vec<&'static str>) -> AwsCause {
    AwsCause {
        operation,
        code: refusal.code.clone(),
        request_id: refusal.request_id.clone(),
        possible: possible.into_iter().map(Cow::from).collect(),
    }
}

pub(super) use mfa::no_device;
pub(super) use size::explain_asked;

/// The page for a partition whose console nobody has named.
pub(super) fn no_console(error: &HostError, role: &Role) -> Error {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "a role's console has no known host"
    );
    own_fault(
        role.method.operation(),
        "NotConfigured",
        vec!["Vestibule's configuration does not name the console's host in this part of AWS"],
    )
}

fn own_fault(
    operation: &'static str,
    code: &str,
    possible: Vec<impl Into<Cow<'static, str>>>,
) -> Error {
    Error::AwsRefused(AwsCause {
        operation,
        code: code.to_owned(),
        request_id: None,
        possible: possible.into_iter().map(Into::into).collect(),
    })
}

/// The provider answered, and its answer cannot be forwarded.
pub(super) fn not_addressed_to_aws(role: &Role, partitions: &Partitions) -> Error {
    let partition = partitions.get(&role.account.partition);
    let audiences = partition.map_or(&[][..], Partition::saml_audiences);
    own_fault(
        role.method.operation(),
        "ProofIncomplete",
        vec![format!(
            "The identity provider's answer is not addressed to AWS: its audience must name AWS ({}) as well",
            audiences.join(" or ")
        )],
    )
}

/// A proof longer than STS takes: it would name a parameter and no cause.
fn check_length(proof: &ForwardedProof) -> Result<(), Error> {
    let (operation, length, most, advice) = match proof {
        ForwardedProof::Saml(saml) => (
            "AssumeRoleWithSAML",
            saml.response.expose_secret().len(),
            LONGEST_RESPONSE,
            "The identity provider's response is longer than the 100,000 characters that AWS takes: it must send fewer groups, or fewer pairs of role and provider",
        ),
        ForwardedProof::IdToken(token) => (
            "AssumeRoleWithWebIdentity",
            token.expose_secret().len(),
            LONGEST_ID_TOKEN,
            "The identity provider's ID token is longer than the 20,000 characters that AWS takes: it must carry fewer groups",
        ),
    };
    if length <= most {
        return Ok(());
    }
    tracing::warn!(
        operation,
        length,
        most,
        "a proof is too long to be forwarded"
    );
    Err(own_fault(operation, "ProofTooLong", vec![advice]))
}

/// Says before AWS is asked what AWS would refuse without saying why.
pub(super) fn check_proof(role: &Role, proof: Option<&ForwardedProof>) -> Result<(), Error> {
    proof.map_or(Ok(()), check_length)?;
    let (Method::AssumeRoleWithSaml { provider, .. }, Some(ForwardedProof::Saml(saml))) =
        (&role.method, proof)
    else {
        return Ok(());
    };
    let missing = |what: &'static str| {
        Err(own_fault(
            "AssumeRoleWithSAML",
            "ProofIncomplete",
            vec![what],
        ))
    };
    if saml.role_session_name.is_none() {
        return missing(
            "The identity provider's response has no RoleSessionName attribute: it must send https://aws.amazon.com/SAML/Attributes/RoleSessionName",
        );
    }
    let role_arn = role.arn();
    let provider_arn = format!(
        "arn:{}:iam::{}:saml-provider/{provider}",
        role.account.partition, role.account.id
    );
    let named = saml
        .roles
        .iter()
        .any(|(role, provider)| *role == role_arn && *provider == provider_arn);
    if named {
        Ok(())
    } else {
        missing(
            "The identity provider's response does not name this role: its https://aws.amazon.com/SAML/Attributes/Role attribute must hold the pair of role and provider",
        )
    }
}
