//! The moments to come at which what a change means may be something else: those at which rules begin or end.
//!
//! First the moments of rules that are other ones than before, for those are what is reviewed. Where there are few, those
//! of rules that stay as they are follow: what a rule that goes gave may be covered by another until that one ends.

use std::collections::{BTreeSet, HashMap};

use crate::domain::Timestamp;
use crate::domain::access::model::Model;
use crate::domain::access::rule::Rule;

/// How many moments are looked at, beside now.
pub(super) const MOST_MOMENTS: usize = 8;

/// The moments after `now`, in order, and at how many more a rule that is another one begins or ends.
pub(super) fn of(before: &Model, after: &Model, now: Timestamp) -> (Vec<Timestamp>, usize) {
    let old: HashMap<&str, &Rule> = by_name(before);
    let new: HashMap<&str, &Rule> = by_name(after);
    let (mut other, mut unchanged) = (BTreeSet::new(), BTreeSet::new());
    for (rules, counterparts) in [(&old, &new), (&new, &old)] {
        for (name, rule) in rules {
            let stays = counterparts.get(name) == Some(rule);
            let moments = [rule.from, rule.until].into_iter().flatten();
            let moments = moments.filter(|moment| *moment > now);
            if stays {
                unchanged.extend(moments);
            } else {
                other.extend(moments);
            }
        }
    }
    let more = other.len().saturating_sub(MOST_MOMENTS);
    let mut kept: BTreeSet<Timestamp> = other.into_iter().take(MOST_MOMENTS).collect();
    for moment in unchanged {
        if kept.len() == MOST_MOMENTS {
            break;
        }
        kept.insert(moment);
    }
    (kept.into_iter().collect(), more)
}

fn by_name(model: &Model) -> HashMap<&str, &Rule> {
    let rules = model.rules().iter();
    rules.map(|rule| (rule.name.as_str(), rule)).collect()
}
