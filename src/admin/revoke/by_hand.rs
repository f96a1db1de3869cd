//! The policy for whoever puts it in another way: what Vestibule could not put, or will only put later.
//!
//! To put a policy replaces the one of that name, so it holds everything that is known to belong there.

use super::cut::Known;
use super::earlier::Earlier;
use crate::domain::Timestamp;
use crate::domain::revoke::{Order, merge};

/// One place, for whoever puts a policy there by hand.
pub(super) struct ByHand<'a> {
    pub(super) order: &'a Order,
    pub(super) earlier: &'a Earlier,
    pub(super) known: &'a Known,
}

/// A policy, and whether it holds what stood there.
pub(super) struct Drafted {
    pub(super) document: String,
    on_what_stood: bool,
}

impl ByHand<'_> {
    /// The policy that cuts off up to `cutoff`, as it is put at `at`; `None` where nothing fits.
    pub(super) fn policy(&self, cutoff: Timestamp, at: Timestamp) -> Option<Drafted> {
        let id = self.known.id.as_deref();
        let wanted = self.earlier.wanted((self.order, cutoff), at, id);
        let kind = self.order.kind();
        let standing = self.known.standing.as_ref();
        let ours = standing.and_then(|standing| standing.ours.as_deref());
        let others = standing.map_or(0, |standing| standing.others);
        let (room, all) = (kind.room().saturating_sub(others), kind.room());
        // whoever has a hand there can make room, and give what stands there another name
        let ways = [
            (standing.is_some(), ours, room),
            (standing.is_some(), ours, all),
            (false, None, all),
        ];
        ways.into_iter().find_map(|(on_what_stood, ours, room)| {
            let merged = merge(ours, &wanted, (&kind, room), at).ok()?;
            Some(Drafted {
                document: merged.document?,
                on_what_stood,
            })
        })
    }
}

impl Drafted {
    /// What whoever puts it has to know.
    pub(super) fn note(&self) -> &'static str {
        if self.on_what_stood {
            "Whoever puts it by hand replaces what stands under this name. It holds what stood there when Vestibule looked, and what Vestibule was asked for there before and is not over."
        } else {
            "Whoever puts it by hand replaces what stands under this name. It holds what Vestibule was asked for there before and is not over; what else stands under the name has to be added to it."
        }
    }
}
