//! The call of a probe: an errand of Vestibule's that looks whether a role is given, and gives nothing back.
//!
//! Name and session policy stand here and cannot be chosen: whatever AWS gives may do nothing, is nobody's, and is
//! dropped before anybody is told. No console and no keys can come of it.

use secrecy::SecretString;

use super::{Ask, Sts, answer};
use crate::aws::Error;
use crate::domain::credentials::ProbeProof;
use crate::domain::probe::{self, Words};
use crate::domain::role::Role;

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
        if probe::cannot(role).is_some() {
            // no code of a device is made up, and what no policy narrows could do everything
            return Err(Error::NotConfigured("it cannot be probed"));
        }
        let text = match role.method.proof() {
            Some(_) => Some(text_of(role, proof)?),
            None => None,
        };
        let credentials = self.given(role, &ask, (text, None)).await?;
        answer::check(&credentials, role, &ask, None, self.clock.now())
    }
}

/// The proof's text, if it was made for this role.
fn text_of<'p>(role: &Role, proof: Option<&'p ProbeProof>) -> Result<&'p SecretString, Error> {
    proof
        .and_then(|proof| proof.text_for(role))
        .ok_or(Error::NotConfigured("the proof is of another kind"))
}
