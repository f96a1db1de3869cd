//! What the audit log has of a role: where its sessions were had from that can still live. The access model says only how
//! it is had today; a role that was changed or taken out of it lives on in what was handed over before.

use super::people::{handed_over, read_back};
use super::{Asked, Revocations};
use crate::admin::Error;
use crate::domain::Timestamp;
use crate::domain::access::AccessIndex;
use crate::domain::intent::AccountRef;
use crate::domain::record::Search;
use crate::domain::revoke::{Handover, Target};
use crate::domain::role::RoleKey;

/// What is meant, by today's names: whoever asks by a name that the account had before means the role that it has.
pub(super) fn by_todays_names(index: &AccessIndex, asked: &Asked) -> Asked {
    let mut asked = asked.clone();
    if let Target::Role(key) = &mut asked.target {
        let renamed = index.find_renamed(&AccountRef::Alias(key.account.clone()));
        let today = renamed.map(|account| RoleKey {
            account: account.alias.clone(),
            name: key.name.clone(),
        });
        let today = today.filter(|today| index.role(today).is_some());
        if let (None, Some(today)) = (index.role(key), today) {
            *key = today;
        }
    }
    asked
}

/// Whether a role is meant that the access model does not have, and whom nobody can come in as.
pub(super) fn is_gone(index: &AccessIndex, target: &Target) -> bool {
    match target {
        Target::Role(key) => index.role(key).is_none(),
        Target::Person(_) => false,
    }
}

impl Revocations {
    /// The hand-overs of a role whose sessions can still live, by each name that its account had, and how many rows cannot
    /// be read.
    pub(super) async fn handovers_of_role(
        &self,
        index: &AccessIndex,
        key: &RoleKey,
        now: Timestamp,
    ) -> Result<(Vec<Handover>, usize), Error> {
        let account = index.find(&AccountRef::Alias(key.account.clone()));
        let former = account.map(|account| &account.former_aliases);
        let former = former.into_iter().flatten().map(|alias| RoleKey {
            account: alias.clone(),
            name: key.name.clone(),
        });
        let names: Vec<String> = std::iter::once(key.clone())
            .chain(former)
            .map(|key| key.to_string())
            .collect();
        let of_role = |name: &String| Search {
            role: Some(name.clone()),
            ..Search::default()
        };
        let searches: Vec<Search> = names.iter().map(of_role).collect();
        let since = Handover::since(now);
        let mut own = Vec::new();
        let read = read_back(&self.0.store, &searches, since, |record| {
            let role = record.event.role.as_ref();
            if role.is_some_and(|role| names.contains(role)) {
                own.push(record);
            }
        });
        let unreadable = read.await?.unreadable;
        Ok((handed_over(own), unreadable))
    }
}
