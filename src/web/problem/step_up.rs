//! What people are told when their login is not what a role asks for: what is missing, and who can repair it.

use super::Problem;
use super::advice::of;
use super::kinds;
use super::way::Way;
use crate::domain::requires::Missing;
use crate::web::texts::Texts;

/// `idp` is the provider's name for people.
pub(super) fn not_enough(
    t: &'static Texts,
    idp: &str,
    missing: Missing,
    within_minutes: Option<u32>,
) -> Problem {
    let words = &t.problem.login;
    let age = within_minutes.map_or_else(
        || words.age_any.to_owned(),
        |minutes| {
            let text = words.age.of(usize::try_from(minutes).unwrap_or(usize::MAX));
            text.with("minutes", minutes).plain()
        },
    );
    let kind = match missing {
        Missing::Time => &kinds::LOGIN_NO_TIME,
        Missing::Fresh => &kinds::LOGIN_NOT_FRESH,
        Missing::Context => &kinds::LOGIN_NO_CONTEXT,
        Missing::OtherContext => &kinds::LOGIN_OTHER_CONTEXT,
        Missing::Refused => &kinds::LOGIN_CONTEXT_REFUSED,
    };
    of(t, kind)
        .with("idp", idp)
        .with("age", age)
        .go([Way::Roles, Way::SignIn])
}
