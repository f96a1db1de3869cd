//! How sessions were had, where today's access model says something else: by the own credentials that the deciding revision
//! named, or by a provider's own SAML response.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Revocations;
use crate::admin::Error;
use crate::domain::access::{AccessIndex, Document, RoleEntry};
use crate::domain::identity::IdpId;
use crate::domain::revoke::{Handover, Target};
use crate::domain::role::CredentialsName;

const SAML: &str = "AssumeRoleWithSAML";

impl Revocations {
    /// Notes of each hand-over by a user's key which own credentials signed, where an older revision than today's decided.
    /// What the record or the revision does not say stays unknown.
    pub(super) async fn note_credentials(
        &self,
        index: &AccessIndex,
        handovers: &mut [Handover],
    ) -> Result<(), Error> {
        let mut revisions: BTreeMap<i64, Option<Document>> = BTreeMap::new();
        for handover in handovers.iter_mut().filter(|one| one.is_of_a_user()) {
            let Some(number) = handover.revision else {
                continue;
            };
            if number == index.revision() {
                continue;
            }
            if let Entry::Vacant(unread) = revisions.entry(number) {
                unread.insert(self.document(number).await?);
            }
            let document = revisions.get(&number).and_then(Option::as_ref);
            handover.credentials = document.and_then(|document| named(document, handover));
        }
        Ok(())
    }
}

impl Revocations {
    /// Whose own SAML response opened a role when it was had last by one, where an older revision than today's decided.
    pub(super) async fn forwarded_before(
        &self,
        index: &AccessIndex,
        target: &Target,
        handovers: &[Handover],
    ) -> Result<Option<IdpId>, Error> {
        if matches!(target, Target::Person(_)) {
            return Ok(None);
        }
        let by_saml = handovers.iter().filter(|one| one.method == SAML);
        let last = by_saml.max_by_key(|one| one.revision);
        let Some((last, number)) = last.and_then(|one| Some((one, one.revision?))) else {
            return Ok(None);
        };
        if number == index.revision() {
            return Ok(None);
        }
        let document = self.document(number).await?;
        Ok(document.and_then(|document| {
            let role = role_of(&document, last)?;
            let forwarded = role.proof.as_deref() == Some("forwarded");
            let idp = role.idp.as_deref().filter(|_| forwarded)?;
            IdpId::parse(idp).ok()
        }))
    }

    /// What a revision said, where it can be read.
    async fn document(&self, number: i64) -> Result<Option<Document>, Error> {
        let revision = self.0.store.revision(number).await?;
        Ok(revision.and_then(|revision| Document::from_json(&revision.document_json).ok()))
    }
}

fn named(document: &Document, handover: &Handover) -> Option<CredentialsName> {
    let role = role_of(document, handover)?;
    CredentialsName::parse(role.credentials.as_deref()?).ok()
}

fn role_of<'d>(document: &'d Document, handover: &Handover) -> Option<&'d RoleEntry> {
    let (account, name) = handover.role.split_once('/')?;
    let mut roles = document.roles.iter();
    roles
        .find(|role| role.account == account && role.name == name && role.method == handover.method)
}
