//! Failures to look at: those of roles with something of their own on the way, and of limits.

use chrono::TimeZone as _;

use super::Failure;
use super::tests::{cause, corp};
use crate::domain::requires::Missing;
use crate::domain::stop::Until;
use crate::domain::token::{TokenLifeError, TokenNameError, TokenScope};
use crate::limits::{TooOften, What, Whose};
use crate::signin::{Error, NotForTokens, TokenRefused, TooLarge};
use crate::web::api::Refused;

fn large(policy: usize, managed_policies: usize, tags: usize, from_proof: bool) -> Error {
    Error::SessionTooLarge(Box::new(TooLarge {
        cause: cause("PackedPolicyTooLarge", None),
        percent: (policy > 0).then_some(143),
        policy,
        managed_policies,
        tags,
        tag_characters: tags * 100,
        longest_tag: Some("<b>team</b>".to_owned()),
        from_proof,
    }))
}

/// Those of roles with a guard of their own.
pub(super) fn guarded() -> Vec<Error> {
    let missing = [
        Missing::Time,
        Missing::Fresh,
        Missing::Context,
        Missing::OtherContext,
        Missing::Refused,
    ];
    let logins = missing.map(|missing| Error::LoginNotEnough {
        idp: corp(),
        missing,
        within_minutes: Some(15),
    });
    let others = [
        Error::HubRefused {
            hub: "arn:aws:iam::999900001111:role/Hub".to_owned(),
            cause: cause("AccessDenied", None),
        },
        Error::CodeUnreadable,
        Error::CodesTooMany,
        Error::CodeRefused(cause("AccessDenied", None)),
        large(1_204, 2, 12, false),
        large(0, 0, 1, true),
        large(0, 0, 0, false),
    ];
    logins.into_iter().chain(others).chain(stopped()).collect()
}

/// Those of people and roles that an administrator stopped.
fn stopped() -> [Error; 4] {
    let five = chrono::Utc.with_ymd_and_hms(2026, 3, 1, 17, 0, 0);
    let (until, for_ever) = (Until(five.single()), Until(None));
    let suspended = |whole_account, until, owner: Option<&str>| Error::Suspended {
        whole_account,
        until,
        owner: owner.map(str::to_owned),
    };
    [
        Error::Blocked { until },
        Error::Blocked { until: for_ever },
        suspended(false, until, Some("<b>payments-leads</b>")),
        suspended(true, for_ever, None),
    ]
}

/// One too many, by a person and by an address.
pub(super) fn limits() -> [Failure; 2] {
    [(Whose::Person, 1), (Whose::Address, 42)].map(|(whose, seconds)| {
        Failure::TooOften(TooOften {
            what: What::Keys,
            whose,
            seconds,
        })
    })
}

/// Those of programs and of tokens.
pub(super) fn programs() -> Vec<Failure> {
    let refused = [
        Refused::TokenNeeded,
        Refused::TokenUnknown,
        Refused::TokenInAddress,
        Refused::ScopeLacking(TokenScope::KeysMake),
        Refused::NobodyKnown,
        Refused::NoSuchToken,
        Refused::BodyUnreadable("roles[0]: <b>unknown</b>.".to_owned()),
        Refused::MediaType("application/json"),
        Refused::NotAcceptable("application/json"),
        Refused::IfMatchNeeded,
        Refused::IfMatchStale {
            current: "\"revision-7\"".to_owned(),
        },
        Refused::FieldUnreadable {
            path: "console_hours".to_owned(),
            why: "<b>unknown</b>".to_owned(),
        },
        Refused::DraftUnreadable,
        Refused::DraftUnfit(vec![(String::new(), "<b>unknown</b>".to_owned())]),
        Refused::EntryUnfit(vec![("grant[0]".to_owned(), "<b>unknown</b>".to_owned())]),
        Refused::DraftStale { current: 7 },
        Refused::Undecided(serde_json::json!([{"section": "rules", "name": "<b>a</b>"}])),
        Refused::ConfirmationNeeded {
            phrase: "payments-prod 14".to_owned(),
        },
        Refused::Unanswerable("<b>unknown</b>".to_owned()),
        Refused::NobodyInTheRecord,
        Refused::KeyNeeded,
        Refused::KeyUnreadable,
        Refused::KeyOfAnother,
        Refused::UnderWay,
        Refused::MadeBefore {
            signin_id: "SIGN-IN".to_owned(),
        },
    ];
    let what = [
        NotForTokens::Login,
        NotForTokens::Reason,
        NotForTokens::Code,
        NotForTokens::Proof,
    ];
    let why = [
        TokenRefused::Life(TokenLifeError::Off),
        TokenRefused::Life(TokenLifeError::Days(90)),
        TokenRefused::Name(TokenNameError),
        TokenRefused::NoScope,
        TokenRefused::MoreThanItself,
        TokenRefused::TooMany,
        TokenRefused::OlderSession,
    ];
    let errors = what.map(Error::NotForTokens).into_iter();
    let errors = errors.chain(why.map(Error::TokenRefused));
    let refused = refused.into_iter().map(Failure::Program);
    refused.chain(errors.map(Failure::Signin)).collect()
}
