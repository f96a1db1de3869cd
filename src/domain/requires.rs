//! What a role asks of the login itself: how young it must be, and in which context the person must have authenticated.
//!
//! Judges what the provider proved (`AuthnInstant` and `AuthnContextClassRef`, `auth_time` and `acr`) and nothing else.
//! What a provider does not say counts as not satisfied. Knows nothing of how a provider is asked.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::identity::Authentication;

/// The longest age that can be asked for, in minutes: a day. Sessions with Vestibule hardly last longer.
pub const LONGEST_MINUTES: u32 = 1_440;

/// The most contexts that a role can take.
pub const MOST_CONTEXTS: usize = 10;

/// The longest name of a context.
const LONGEST_CONTEXT: usize = 255;

/// How far the provider's clock may be off.
const LEEWAY: Duration = Duration::seconds(60);

/// What a role asks of a login, and of the person beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Requires {
    /// The person proved who they are within so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_within_minutes: Option<u32>,
    /// In one of these contexts; none: in whichever.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr: Vec<String>,
    /// The person says why they come; no provider is asked for that.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reason: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

/// What a provider was asked for when a login was sent there, beyond who the person is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Demand {
    /// What the login must be like.
    pub requires: Requires,
    /// What there was did not satisfy that: the person has to prove who they are again.
    pub anew: bool,
}

/// What a login lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The provider did not say when the person authenticated.
    Time,
    /// They did so too long ago.
    Fresh,
    /// The provider did not say in which context.
    Context,
    /// It was another one.
    OtherContext,
    /// The provider says that it cannot do what it was asked for.
    Refused,
}

impl Requires {
    /// Whether nothing is asked.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What a login lacks at that moment; `None` if it will do.
    pub fn missing(&self, login: &Authentication, now: Timestamp) -> Option<Missing> {
        if let Some(minutes) = self.login_within_minutes {
            let longest = Duration::minutes(minutes.into()) + LEEWAY;
            match login.at {
                None => return Some(Missing::Time),
                // from the future by more than a clock can be off: nothing that a provider can know
                Some(at) if at > now + LEEWAY => return Some(Missing::Time),
                Some(at) if now - at > longest => return Some(Missing::Fresh),
                Some(_) => {}
            }
        }
        if self.acr.is_empty() {
            return None;
        }
        match &login.class {
            None => Some(Missing::Context),
            Some(class) if self.acr.contains(class) => None,
            Some(_) => Some(Missing::OtherContext),
        }
    }

    /// What is asked of the login, in words that stand after "asks for"; `None` for nothing.
    pub fn login_in_words(&self) -> Option<String> {
        let login = match (self.login_within_minutes, self.acr.is_empty()) {
            (None, true) => return None,
            (None, false) => return Some("a stronger login".to_owned()),
            (Some(_), true) => "a login",
            (Some(_), false) => "a stronger login",
        };
        Some(match self.login_within_minutes.unwrap_or_default() {
            1 => format!("{login} of the last minute"),
            minutes => format!("{login} of the last {minutes} minutes"),
        })
    }
}

/// Whether a text can name a context: visible ASCII, for `acr_values` are separated by spaces.
pub fn is_context(text: &str) -> bool {
    (1..=LONGEST_CONTEXT).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(at: Option<i64>, class: Option<&str>) -> Authentication {
        Authentication {
            at: at.map(|seconds| Timestamp::UNIX_EPOCH + Duration::seconds(seconds)),
            class: class.map(str::to_owned),
            ..Authentication::default()
        }
    }

    fn requires(minutes: Option<u32>, acr: &[&str]) -> Requires {
        Requires {
            login_within_minutes: minutes,
            acr: acr.iter().map(|&name| name.to_owned()).collect(),
            reason: false,
        }
    }

    /// What is missing 100,000 seconds after 1970.
    fn missing(requires: &Requires, login: &Authentication) -> Option<Missing> {
        requires.missing(login, Timestamp::UNIX_EPOCH + Duration::seconds(100_000))
    }

    #[test]
    fn a_login_is_young_enough_to_the_second_with_a_minute_for_the_clocks() {
        let fifteen = requires(Some(15), &[]);
        for (at, expected) in [
            (Some(100_000), None),
            (Some(100_000 - 900 - 60), None),
            (Some(100_000 - 900 - 61), Some(Missing::Fresh)),
            (Some(0), Some(Missing::Fresh)),
            (Some(100_060), None),
            (Some(100_061), Some(Missing::Time)),
            (Some(i64::from(i32::MAX)), Some(Missing::Time)),
            (None, Some(Missing::Time)),
        ] {
            assert_eq!(missing(&fifteen, &login(at, None)), expected, "{at:?}");
        }
    }

    #[test]
    fn a_context_is_one_of_those_asked_for_and_compared_exactly() {
        let strong = requires(None, &["phr", "urn:mfa"]);
        for (class, expected) in [
            (Some("phr"), None),
            (Some("urn:mfa"), None),
            (Some("PHR"), Some(Missing::OtherContext)),
            (Some("phr "), Some(Missing::OtherContext)),
            (Some("phr urn:mfa"), Some(Missing::OtherContext)),
            (Some(""), Some(Missing::OtherContext)),
            (None, Some(Missing::Context)),
        ] {
            assert_eq!(missing(&strong, &login(None, class)), expected, "{class:?}");
        }
    }

    #[test]
    fn what_a_provider_calls_a_method_is_no_context() {
        let mut login = login(None, None);
        login.context = vec!["phr".to_owned()];
        let strong = requires(None, &["phr"]);
        assert_eq!(missing(&strong, &login), Some(Missing::Context));
    }

    #[test]
    fn both_must_hold_and_nothing_asks_for_nothing() {
        let both = requires(Some(15), &["phr"]);
        assert_eq!(missing(&both, &login(Some(100_000), Some("phr"))), None);
        assert!(missing(&both, &login(Some(0), Some("phr"))).is_some());
        assert!(missing(&both, &login(Some(100_000), Some("pwd"))).is_some());
        assert_eq!(missing(&Requires::default(), &login(None, None)), None);
        assert!(Requires::default().is_nothing());
    }

    #[test]
    fn it_is_said_in_words() {
        for (minutes, acr, words) in [
            (None, &[][..], None),
            (Some(15), &[][..], Some("a login of the last 15 minutes")),
            (Some(1), &[][..], Some("a login of the last minute")),
            (None, &["phr"][..], Some("a stronger login")),
            (
                Some(5),
                &["phr"][..],
                Some("a stronger login of the last 5 minutes"),
            ),
        ] {
            assert_eq!(requires(minutes, acr).login_in_words().as_deref(), words);
        }
    }

    #[test]
    fn a_context_s_name_is_visible_ascii() {
        for good in ["0", "phr", "urn:oasis:names:tc:SAML:2.0:ac:classes:X509"] {
            assert!(is_context(good), "{good}");
        }
        for bad in ["", " ", "a b", "a\n", "é", "a\u{7f}", &"x".repeat(256)] {
            assert!(!is_context(bad), "{bad:?}");
        }
    }
}
