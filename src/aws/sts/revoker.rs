//! Becoming the revoker of an account: an errand of Vestibule's, to end sessions.
//!
//! Its name stands here and cannot be chosen, and its session may do what the errand is for and nothing else. What comes of
//! it is a [`RevokerSession`], which signs calls to IAM: no console and no keys can be made of it.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use super::calls::refused;
use super::{Ask, Sts, answer};
use crate::aws::Error;
use crate::domain::Timestamp;
use crate::domain::account::PartitionName;
use crate::domain::credentials::{Credentials, RevokerProof};
use crate::domain::revoke;
use crate::domain::role::{CredentialsName, Role};

/// How long its sessions last, in seconds: as short as AWS makes them.
const SECONDS: u32 = 900;

const CALLER_IDENTITY: &str = "GetCallerIdentity";

/// The session of a revoker: it signs calls to IAM.
pub struct RevokerSession {
    credentials: Credentials,
    partition: PartitionName,
}

impl RevokerSession {
    /// Where its account lies.
    pub(in crate::aws) fn partition(&self) -> &PartitionName {
        &self.partition
    }

    /// What signs, for calls to IAM alone.
    pub(in crate::aws) fn signer(&self) -> aws_credential_types::Credentials {
        aws_credential_types::Credentials::new(
            &self.credentials.access_key_id,
            self.credentials.secret_access_key.expose_secret(),
            Some(self.credentials.session_token.expose_secret().to_owned()),
            None,
            "vestibule",
        )
    }

    /// The time at AWS when it began: the moments in policies are told by AWS's clock.
    pub fn began(&self) -> Timestamp {
        self.credentials.expires - chrono::Duration::seconds(SECONDS.into())
    }
}

impl fmt::Debug for RevokerSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RevokerSession(…)")
    }
}

impl Sts {
    /// Becomes the revoker, for what `policy` lets it do.
    pub async fn become_revoker(
        &self,
        revoker: &Role,
        policy: String,
        proof: Option<&RevokerProof>,
    ) -> Result<RevokerSession, Error> {
        let ask = Ask {
            session_name: revoke::NAME.to_owned(),
            policy: Some(policy),
            duration_seconds: Some(SECONDS),
            ..Ask::default()
        };
        let text = match revoker.method.proof() {
            Some(_) => Some(text_of(revoker, proof)?),
            None => None,
        };
        let credentials = self.given(revoker, &ask, (text, None)).await?;
        answer::check(&credentials, revoker, &ask, None, self.clock.now())?;
        Ok(RevokerSession {
            credentials,
            partition: revoker.account.partition.clone(),
        })
    }

    /// The IAM user whose key an entry of own credentials is: path with name, and name. In another account than that, or root,
    /// it is no user that anything can be put on.
    pub async fn user_behind(
        &self,
        name: &CredentialsName,
        (partition, account): (&PartitionName, &str),
    ) -> Result<(String, String), Error> {
        let client = self.signed_client(partition, name).await?;
        let who = client.get_caller_identity().send().await;
        let who = who.map_err(|error| refused(CALLER_IDENTITY, &error))?;
        let ours = format!("arn:{partition}:iam::{account}:user/");
        let user = who.arn().and_then(|arn| arn.strip_prefix(&ours));
        let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
        user.and_then(|path| Some((path.to_owned(), name(path)?)))
            .filter(|(_, name)| !name.is_empty())
            .ok_or(Error::Unsuited {
                operation: CALLER_IDENTITY,
                cause: "Vestibule's own AWS credentials for this role are not an IAM user's of this account, and on nobody else can a policy be put",
            })
    }
}

/// The proof's text, if it was made for this revoker.
fn text_of<'p>(revoker: &Role, proof: Option<&'p RevokerProof>) -> Result<&'p SecretString, Error> {
    proof
        .and_then(|proof| proof.text_for(revoker))
        .ok_or(Error::NotConfigured("the proof is of another kind"))
}
