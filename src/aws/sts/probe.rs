//! The call of a probe: an errand of Vestibule's that looks whether a role is given, and gives nothing back.
//!
//! Name and session policy stand here and cannot be chosen: whatever AWS gives may do nothing, is nobody's, and is
//! dropped before anybody is told. No console and no keys can come of it.

use secrecy::SecretString;

use super::{Ask, Sts, answer, calls, hop};
use crate::aws::Error;
use crate::domain::credentials::{Credentials, ProbeProof};
use crate::domain::probe::{self, Words};
use crate::domain::role::{Method, Role};

impl Sts {
    /// Asks for a role as a sign-in would. That it was given is all that anybody learns.
    pub async fn probe(
        &self,
        role: &Role,
        words: &Words,
        proof: Option<&ProbeProof>,
    ) -> Result<(), Error> {
        let ask = Ask {
            session_name: probe::NAME.to_owned(),
            source_identity: words.source_identity().map(str::to_owned),
            tags: words.tags().to_vec(),
            transitive_tags: words.transitive_tags().to_vec(),
            policy: Some(probe::POLICY.to_owned()),
            policy_arns: Vec::new(),
            duration_seconds: words.seconds(),
        };
        let credentials = self.given_to_nobody(role, &ask, proof).await?;
        answer::check(&credentials, role, &ask, None, self.clock.now())
    }

    async fn given_to_nobody(
        &self,
        role: &Role,
        ask: &Ask,
        proof: Option<&ProbeProof>,
    ) -> Result<Credentials, Error> {
        let partition = &role.account.partition;
        match &role.method {
            Method::AssumeRoleWithSaml { .. } => {
                let (client, text) = (self.unsigned_client(partition)?, text_of(role, proof)?);
                calls::with_saml(client, role, text, ask).await
            }
            Method::AssumeRoleWithWebIdentity { .. } => {
                let (client, text) = (self.unsigned_client(partition)?, text_of(role, proof)?);
                calls::with_web_identity(client, role, text, ask).await
            }
            Method::AssumeRole {
                credentials,
                external_id,
                via,
                mfa_serial: None,
            } => {
                let mut client = self.signed_client(partition, credentials).await?;
                if let Some(via) = via {
                    let errand = hop::through(&client, via, role, ask).await?;
                    client = self.signing_with(partition, errand.into_signer())?;
                }
                calls::assume_role(&client, role, external_id.as_deref(), ask, None).await
            }
            Method::GetFederationToken { credentials, .. } => {
                let client = self.signed_client(partition, credentials).await?;
                calls::federation_token(&client, role, ask).await
            }
            // no code of a device is made up, and what no policy narrows could do everything
            Method::AssumeRole {
                mfa_serial: Some(_),
                ..
            }
            | Method::GetSessionToken { .. } => Err(Error::NotConfigured("it cannot be probed")),
        }
    }
}

/// The proof's text, if it was made for this role.
fn text_of<'p>(role: &Role, proof: Option<&'p ProbeProof>) -> Result<&'p SecretString, Error> {
    proof
        .and_then(|proof| proof.text_for(role))
        .ok_or(Error::NotConfigured("the proof is of another kind"))
}
