//! Probes: does a role work now, without anybody clicking?
//!
//! A probe is a call that Vestibule makes for itself: with the shortest duration, under a session policy that denies
//! everything, in a name that is nobody's. AWS has one text for several causes; so, where it refuses, one thing at a time
//! is left out ([`next`]), and from all answers together comes what is known, what is supposed and the line to change
//! ([`judge`]). Makes no call, and knows none of AWS's texts.

mod answer;
mod bounds;
mod finding;
mod lines;
mod refused;
mod statement;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod trial;
mod words;

pub use answer::{Answer, Stage, Unable};
pub use bounds::{Bounds, PER_MINUTE, TooSoon};
pub use finding::{Finding, Verdict, judge, nothing_asked};
pub use lines::{IssuerWords, Line};
pub use trial::{MOST_TRIALS, Trial, next};
pub use words::Words;

use super::role::{Method, Proof, Role};

/// The session name, the subject and the source identity of every probe. Nobody's: names of people are addresses, or
/// have a `=` in them.
pub const NAME: &str = "vestibule-probe";

/// `DurationSeconds`: the shortest that AWS knows.
pub const SECONDS: u32 = 900;

/// The session policy of every probe: whoever had its credentials could do nothing with them.
pub const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;

/// Why a role cannot be probed, if it cannot.
pub fn cannot(role: &Role) -> Option<&'static str> {
    if matches!(role.method, Method::GetSessionToken { .. }) {
        return Some(
            "It is an IAM user, whole: no policy narrows GetSessionToken, so a probe of it could not be made harmless",
        );
    }
    if role.method.mfa_serial().is_some() {
        return Some(
            "It wants the code of an MFA device, which somebody has to read off it for each call",
        );
    }
    match role.method.proof() {
        Some(Proof::Forwarded(_)) => Some(
            "It is opened by the identity provider's own proof, which comes with a person's login and cannot be made here",
        ),
        Some(Proof::Issued) | None => None,
    }
}
