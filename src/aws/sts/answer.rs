//! What STS answered, held against what was asked.

use aws_sdk_sts::types::Credentials as StsCredentials;
use chrono::DateTime;
use secrecy::{ExposeSecret as _, SecretString};

use super::Ask;
use crate::aws::Error;
use crate::domain::Timestamp;
use crate::domain::credentials::{Credentials, ForwardedProof, Presented};
use crate::domain::role::{Method, Role};

/// Takes the credentials out of an answer.
pub(super) fn credentials(
    operation: &'static str,
    credentials: Option<&StsCredentials>,
    arn: Option<&str>,
) -> Result<Credentials, Error> {
    let incomplete = Error::Unexpected {
        operation,
        cause: "it lacks credentials",
    };
    let (Some(credentials), Some(arn)) = (credentials, arn) else {
        return Err(incomplete);
    };
    let expiration = credentials.expiration();
    let expires =
        DateTime::from_timestamp(expiration.secs(), expiration.subsec_nanos()).ok_or(incomplete)?;
    Ok(Credentials {
        access_key_id: credentials.access_key_id().to_owned(),
        secret_access_key: SecretString::from(credentials.secret_access_key()),
        session_token: SecretString::from(credentials.session_token()),
        expires,
        principal_arn: arn.to_owned(),
    })
}

/// Refuses credentials for somebody or something else than was asked for, and ones that have run out.
pub(super) fn check(
    credentials: &Credentials,
    role: &Role,
    ask: &Ask,
    proof: Option<&Presented>,
    now: Timestamp,
) -> Result<(), Error> {
    let operation = role.method.operation();
    let refuse = |cause| Err(Error::Unexpected { operation, cause });
    let session_name = match proof {
        Some(Presented::Forwarded(ForwardedProof::Saml(saml))) => {
            saml.role_session_name.as_deref().unwrap_or_default()
        }
        Some(
            Presented::Forwarded(ForwardedProof::IdToken(_))
            | Presented::Issued(_)
            | Presented::Code(_),
        )
        | None => &ask.session_name,
    };
    let (partition, account) = (&role.account.partition, &role.account.id);
    let expected = match &role.method {
        Method::GetFederationToken { .. } => {
            format!("arn:{partition}:sts::{account}:federated-user/{session_name}")
        }
        // whose key signs was asked before, and the answer names nobody
        Method::GetSessionToken { .. } => credentials.principal_arn.clone(),
        Method::AssumeRole { .. }
        | Method::AssumeRoleWithSaml { .. }
        | Method::AssumeRoleWithWebIdentity { .. } => format!(
            "arn:{partition}:sts::{account}:assumed-role/{}/{session_name}",
            role.key.name
        ),
    };
    if credentials.principal_arn != expected {
        return refuse("it is for another principal than was asked for");
    }
    if credentials.expires <= now {
        return refuse("the credentials have run out already");
    }
    // AWS promises no alphabet, but no secret of its has blanks or control characters in it, and where keys are shown as
    // lines of a file they would be lines of their own
    let visible =
        |secret: &SecretString| secret.expose_secret().bytes().all(|b| b.is_ascii_graphic());
    if !visible(&credentials.secret_access_key) || !visible(&credentials.session_token) {
        return refuse("the credentials have characters that no credentials have");
    }
    let named = !credentials.access_key_id.is_empty()
        && credentials.access_key_id.len() <= 128
        && credentials
            .access_key_id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if named {
        Ok(())
    } else {
        refuse("the access key id is none")
    }
}
