//! What was asked for in an account before, and still has to stand: it is put together with what is wanted now, so that
//! nothing of it hangs on what stands there, or on whether anybody knows that.

use chrono::TimeDelta;

use super::Revocations;
use super::cause::Stop;
use super::due::{Why, Work};
use crate::domain::Timestamp;
use crate::domain::account::AccountId;
use crate::domain::revoke::{Entry, Order};

/// What changed longer ago is over: longer than the longest session, its link, a moment that lies ahead and a clock that is
/// wrong.
const KEPT: TimeDelta = TimeDelta::hours(48);

/// What was asked for in an account.
pub(super) struct Earlier(Vec<Work>);

impl Earlier {
    /// Everything that has to stand at `at` where an order is for: what it wants itself, up to `cutoff`, and what was asked
    /// for there before, whatever came of that. `id`: the role's unique id, where it is known.
    pub(super) fn wanted(
        &self,
        (order, cutoff): (&Order, Timestamp),
        at: Timestamp,
        id: Option<&str>,
    ) -> Vec<Entry> {
        let before = self.beside(order, at);
        let before = before.flat_map(|work| work.order.entries(work.cutoff, id));
        let own = order.entries(cutoff, id);
        own.into_iter().chain(before).collect()
    }

    fn beside<'a>(&'a self, order: &'a Order, at: Timestamp) -> impl Iterator<Item = &'a Work> {
        self.0.iter().filter(move |work| {
            let same = work.order.account == order.account && work.order.holder == order.holder;
            // a second cut before its time would shut them out until then, which nobody asked for
            same && (work.why != Why::OnceMore || work.cutoff <= at)
        })
    }
}

impl Revocations {
    /// What was asked for in an account. It is read when the account is taken: what anybody put there before was noted
    /// before.
    pub(super) async fn earlier(&self, account: &AccountId) -> Result<Earlier, Stop> {
        let since = self.0.clock.now() - KEPT;
        let rows = self.0.store.revocations_of(account, since).await;
        let rows = rows.map_err(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what was revoked before cannot be read"
            );
            Stop::no_database()
        })?;
        // what cannot be read was given up for that, and says so
        let work = rows
            .iter()
            .filter_map(|row| serde_json::from_str(&row.work).ok());
        Ok(Earlier(work.collect()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::account::Alias;
    use crate::domain::audit::Event;
    use crate::domain::revoke::{Holder, Whom};
    use crate::domain::role::RoleName;

    fn at(minutes: i64) -> Timestamp {
        let start: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
        start + TimeDelta::minutes(minutes)
    }

    fn order(role: &str, name: &str) -> Order {
        Order {
            account: AccountId::parse("111122223333").unwrap(),
            alias: Alias::parse("prod").unwrap(),
            holder: Holder::Role(RoleName::parse(role).unwrap()),
            whom: Whom::Named {
                sessions: BTreeSet::from([name.to_owned()]),
                sources: BTreeSet::new(),
            },
            roles: BTreeSet::new(),
        }
    }

    fn work(why: Why, order: Order, cutoff: Timestamp) -> Work {
        Work {
            why,
            order,
            cutoff,
            by: Event::default(),
        }
    }

    /// Whom the entries mean, and up to when.
    fn told(entries: &[Entry]) -> Vec<(String, Timestamp)> {
        let value = |entry: &Entry| entry.only.as_ref()?.values.first().cloned();
        let told = entries
            .iter()
            .filter_map(|entry| Some((value(entry)?, entry.cutoff)));
        told.collect()
    }

    #[test]
    fn beside_an_order_stands_what_was_asked_for_there_and_a_second_cut_only_when_its_time_has_come()
     {
        let earlier = Earlier(vec![
            work(Why::Asked, order("Admin", "ada"), at(0)),
            work(Why::OnceMore, order("Admin", "ada"), at(15)),
            work(Why::Asked, order("Other", "eve"), at(0)),
        ]);
        let bob = order("Admin", "bob");
        let wanted = |now| told(&earlier.wanted((&bob, at(5)), now, Some("AROA1")));
        let first = [
            ("AROA1:bob".to_owned(), at(5)),
            ("AROA1:ada".to_owned(), at(0)),
        ];
        assert_eq!(wanted(at(5)), first);
        let then = [&first[..], &[("AROA1:ada".to_owned(), at(15))]].concat();
        assert_eq!(wanted(at(15)), then);
        let elsewhere = Order {
            account: AccountId::parse("444455556666").unwrap(),
            ..bob
        };
        assert_eq!(
            told(&earlier.wanted((&elsewhere, at(5)), at(5), None)).len(),
            1
        );
    }
}
