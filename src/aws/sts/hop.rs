//! The hop through a hub role: an errand of Vestibule's on the way to somebody's role.
//!
//! What comes of it is an [`Errand`] and never the credentials of a person: it can sign the one call that follows, and
//! nothing else can be made of it, no console and no keys. AWS is told so as well: the hub role's session carries a
//! policy that lets it assume that one role. It bears the person's name, and so it is made for each sign-in and kept for
//! none.

use std::fmt;

use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::SharedCredentialsProvider;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::types::AssumedRoleUser;

use super::Ask;
use super::calls::{ASSUME_ROLE, refused, seconds};
use crate::aws::Error;
use crate::domain::role::{Role, Via};

/// The hub role's credentials: good for signing one call.
pub(super) struct Errand(Credentials);

impl Errand {
    /// Gives them up, to whoever signs.
    pub(super) fn into_signer(self) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(self.0)
    }
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Errand(…)")
    }
}

/// Becomes the hub role, in the person's name, for the call that assumes theirs.
///
/// Session name and source identity are the person's: the hub's account and the role's then tell the same story, and AWS
/// takes no source identity later that was not there from the first. Tags wait for the role itself. The length is the one
/// that is asked for next, for it is not documented that a chained session may outlive the one it came from.
pub(super) async fn through(
    client: &Client,
    via: &Via,
    role: &Role,
    ask: &Ask,
) -> Result<Errand, Error> {
    let sent = client
        .assume_role()
        .role_arn(via.role.as_str())
        .role_session_name(&ask.session_name)
        .set_external_id(via.external_id.clone())
        .set_source_identity(ask.source_identity.clone())
        .policy(only_for(role))
        .set_duration_seconds(seconds(ask))
        .send()
        .await;
    let answer = match sent {
        Ok(output) => errand(&output, via, ask),
        Err(error) => Err(refused(ASSUME_ROLE, &error)),
    };
    answer.map_err(|error| Error::AtHub(Box::new(error)))
}

fn errand(output: &AssumeRoleOutput, via: &Via, ask: &Ask) -> Result<Errand, Error> {
    let unexpected = |cause| Error::Unexpected {
        operation: ASSUME_ROLE,
        cause,
    };
    let arn = output.assumed_role_user().map(AssumedRoleUser::arn);
    if arn != Some(via.role.assumed_by(&ask.session_name).as_str()) {
        return Err(unexpected("it is for another principal than was asked for"));
    }
    let made = output.credentials();
    let made = made.ok_or_else(|| unexpected("it lacks credentials"))?;
    Ok(Errand(Credentials::new(
        made.access_key_id(),
        made.secret_access_key(),
        Some(made.session_token().to_owned()),
        // it signs at once, and is dropped
        None,
        "vestibule",
    )))
}

/// All that a hub role's session may do.
fn only_for(role: &Role) -> String {
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            "Resource": role.arn(),
        }],
    })
    .to_string()
}
