//! What people are told when their login is not what a role asks for: what is missing, and who can repair it.

use super::Problem;
use super::advice::{ROLES, SIGN_IN, of};
use super::texts::Text;
use crate::domain::requires::Missing;

const NOT_ENOUGH: Text = Text {
    status: actix_web::http::StatusCode::FORBIDDEN,
    code: "login-not-enough",
    title: "This role asks for another login",
    what: "",
    who: "",
};

/// `idp` is the provider's name for people.
pub(super) fn not_enough(idp: &str, missing: Missing, within_minutes: Option<u32>) -> Problem {
    let age = match within_minutes {
        None => "a recent login".to_owned(),
        Some(1) => "a login of the last minute".to_owned(),
        Some(minutes) => format!("a login of the last {minutes} minutes"),
    };
    let (what, who) = match missing {
        Missing::Time => (
            format!("The role asks for {age}, and {idp} does not say when you signed in there."),
            format!(
                "The people who run {idp}. By OpenID Connect it must send auth_time when max_age is asked for; and its clock \
                 must be right, for a time that lies ahead is none."
            ),
        ),
        Missing::Fresh => (
            format!(
                "The role asks for {age}. {idp} was asked to let you sign in anew, and says that you signed in longer \
                 ago than that."
            ),
            format!(
                "You: sign out at {idp} and open the link again. If that does not help, the people who run {idp}: it must \
                 heed max_age (OpenID Connect) or ForceAuthn (SAML)."
            ),
        ),
        Missing::Context => (
            format!(
                "The role asks for a login of a certain kind, such as one with a second factor, and {idp} does not say how \
                 you signed in."
            ),
            format!(
                "The people who run {idp}. It must say so in acr (OpenID Connect), or in one AuthnContextClassRef (SAML)."
            ),
        ),
        Missing::OtherContext => (
            format!(
                "The role asks for a login of a certain kind, such as one with a second factor. {idp} was asked for it, and \
                 let you sign in in another way."
            ),
            format!(
                "You: open the link again, and take the stronger way if {idp} offers one. If it does not, the people who \
                 run {idp}, together with those who look after access to AWS: what the role names must be what {idp} sends."
            ),
        ),
        Missing::Refused => (
            format!(
                "The role asks for a login of a certain kind, such as one with a second factor, and {idp} says that it \
                 cannot give you one."
            ),
            format!(
                "The people who run {idp}: perhaps you have no second factor there yet. Or those who look after access to \
                 AWS, if the role names a kind of login that {idp} does not know."
            ),
        ),
    };
    of(&NOT_ENOUGH).what(what).who(who).go([ROLES, SIGN_IN])
}
