//! Whom rows name, and who of them has no page of their own any more.
//!
//! A person's page is found by a key, and a key leads to a person by the rows that are filed under it: above all by those that
//! say that they signed in. Where a purge took these, what they did afterwards may still be there.

use std::collections::BTreeSet;

use super::Found;
use crate::admin::{Admin, Error};
use crate::domain::person::PersonKey;
use crate::domain::record::people;

impl Admin {
    /// Those whom rows name and of whose key nothing is known.
    pub async fn unknown<'a>(
        &self,
        rows: impl IntoIterator<Item = &'a Found>,
    ) -> Result<BTreeSet<PersonKey>, Error> {
        let mut unknown = BTreeSet::new();
        if self.store.dropped().await?.is_none() {
            return Ok(unknown);
        }
        for record in rows.into_iter().filter_map(|found| found.record.as_ref()) {
            unknown.extend(people(&record.event).map(|person| person.key()));
        }
        for key in unknown.clone() {
            // most have signed in since, and one look says so
            if self.store.who_is(&key).await?.is_some() {
                unknown.remove(&key);
                continue;
            }
            match self.who(&key).await {
                Err(Error::NoSuchPerson) => {}
                who => {
                    who?;
                    unknown.remove(&key);
                }
            }
        }
        Ok(unknown)
    }
}
