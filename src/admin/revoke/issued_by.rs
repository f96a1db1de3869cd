//! Whose key sessions were had by: the own credentials that the deciding revision named, which need not be today's.

use std::collections::BTreeMap;

use super::Revocations;
use crate::admin::Error;
use crate::domain::access::{AccessIndex, Document};
use crate::domain::revoke::Handover;
use crate::domain::role::CredentialsName;

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
            if !revisions.contains_key(&number) {
                let revision = self.0.store.revision(number).await?;
                let document = revision.and_then(|revision| {
                    let document = Document::from_json(&revision.document_json);
                    document.ok()
                });
                revisions.insert(number, document);
            }
            let document = revisions.get(&number).and_then(Option::as_ref);
            handover.credentials = document.and_then(|document| named(document, handover));
        }
        Ok(())
    }
}

fn named(document: &Document, handover: &Handover) -> Option<CredentialsName> {
    let (account, name) = handover.role.split_once('/')?;
    let mut roles = document.roles.iter();
    let role = roles.find(|role| {
        role.account == account && role.name == name && role.method == handover.method
    })?;
    CredentialsName::parse(role.credentials.as_deref()?).ok()
}
