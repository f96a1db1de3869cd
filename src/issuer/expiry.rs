//! When a key must be replaced: told in time, in the log, in the figures and on the administrators' page.

use std::collections::BTreeMap;

use chrono::Duration;

use super::keys::{KeyLine, State};
use crate::domain::Timestamp;

/// From so many days before the end on, it is told.
const EARLY_DAYS: i64 = 90;
/// From so many days before the end on, it is urgent.
const LATE_DAYS: i64 = 30;
/// So often what has been told is told again.
const AGAIN: Duration = Duration::hours(24);

/// How pressing it is to replace a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Less than 90 days are left.
    Soon,
    /// Less than 30 days are left.
    Urgent,
    /// It has ended: it signs no more.
    Ended,
}

impl KeyLine {
    /// How pressing it is to replace this key, if it signs or is about to.
    pub fn urgency(&self, now: Timestamp) -> Option<Urgency> {
        let left = self.expires? - now;
        if self.state == State::Retired {
            None
        } else if left <= Duration::zero() {
            Some(Urgency::Ended)
        } else if left < Duration::days(LATE_DAYS) {
            Some(Urgency::Urgent)
        } else if left < Duration::days(EARLY_DAYS) {
            Some(Urgency::Soon)
        } else {
            None
        }
    }
}

/// Remembers what has been told: everything new at once, everything old once a day.
#[derive(Debug, Default)]
pub struct Told(BTreeMap<String, (Urgency, Timestamp)>);

impl Told {
    /// The keys of which something is to be told now.
    pub fn due<'k>(&mut self, keys: &'k [KeyLine], now: Timestamp) -> Vec<(&'k KeyLine, Urgency)> {
        let due: Vec<_> = keys
            .iter()
            .filter_map(|key| Some((key, key.urgency(now)?)))
            .filter(|(key, urgency)| {
                let told = self.0.get(&key.id);
                told.is_none_or(|(before, at)| before != urgency || now - *at >= AGAIN)
            })
            .collect();
        for (key, urgency) in &due {
            self.0.insert(key.id.clone(), (*urgency, now));
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issuer::keys::Use;

    fn key(state: State, days: i64) -> KeyLine {
        KeyLine {
            id: "saml-1".to_owned(),
            purpose: Use::Saml,
            algorithm: "RS256",
            state,
            created: Timestamp::UNIX_EPOCH,
            since: Timestamp::UNIX_EPOCH,
            expires: Some(Timestamp::UNIX_EPOCH + Duration::days(days)),
            fingerprint: String::new(),
        }
    }

    #[test]
    fn a_key_is_told_of_ninety_and_thirty_days_before_its_end_and_when_it_has_come() {
        let now = Timestamp::UNIX_EPOCH;
        let urgency = |days| key(State::Current, days).urgency(now);
        assert_eq!(urgency(90), None);
        assert_eq!(urgency(89), Some(Urgency::Soon));
        assert_eq!(urgency(30), Some(Urgency::Soon));
        assert_eq!(urgency(29), Some(Urgency::Urgent));
        assert_eq!(urgency(0), Some(Urgency::Ended));
        assert_eq!(key(State::Next, 29).urgency(now), Some(Urgency::Urgent));
        assert_eq!(key(State::Retired, -3).urgency(now), None);
    }

    #[test]
    fn what_has_been_told_is_told_again_after_a_day_or_when_it_presses_more() {
        let mut told = Told::default();
        let keys = [key(State::Current, 31)];
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(told.due(&keys, now).len(), 1);
        assert_eq!(told.due(&keys, now + Duration::hours(23)).len(), 0);
        assert_eq!(told.due(&keys, now + Duration::hours(24)).len(), 1);
        let pressing = told.due(&keys, now + Duration::hours(25));
        assert_eq!(pressing[0].1, Urgency::Urgent);
        assert!(told.due(&[key(State::Current, 4000)], now).is_empty());
    }
}
