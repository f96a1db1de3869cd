//! From failures to problems, in one `match`: the text, and whatever it needs beside.

use std::borrow::Cow;

use actix_web::http::StatusCode;

use super::guarded;
use super::probe;
use super::reasons;
use super::step_up;
use super::texts::{self, Text};
use super::{Failure, Problem, WayOut};
use crate::admin;
use crate::domain::identity::IdpId;
use crate::signin::{AwsCause, Error, IssuerCause};
use crate::web::left_out;
use crate::web::texts::ENGLISH;

pub(super) const ROLES: WayOut = WayOut {
    label: "Your roles",
    href: "/",
};
pub(super) const SIGN_IN: WayOut = WayOut {
    label: "Sign in again",
    href: "/sign-in",
};
const ACCESS: WayOut = WayOut {
    label: "The access model",
    href: "/admin/access",
};
const DOCUMENT: WayOut = WayOut {
    label: "The document",
    href: "/admin/access/document",
};
const REVISIONS: WayOut = WayOut {
    label: "The revisions",
    href: "/admin/access/revisions",
};
const AGAIN: WayOut = WayOut {
    label: "Try again",
    href: "",
};

/// The page that asks, which stands at the address that its form goes to.
const ANOTHER_CODE: WayOut = WayOut {
    label: "Enter another code",
    href: "",
};

/// The status alone.
pub(super) fn status(failure: &Failure) -> StatusCode {
    problem(failure, IdpId::to_string).status
}

/// The whole problem; `name` tells a provider's name for people.
pub(super) fn problem(failure: &Failure, name: impl Fn(&IdpId) -> String) -> Problem {
    match failure {
        Failure::Signin(error) => of_signin(error, name),
        Failure::Admin(error) => of_admin(error),
        Failure::NotOpenedByAPerson => of(&texts::NOT_OPENED_BY_A_PERSON).go([AGAIN, ROLES]),
        Failure::NotAForm => of(&texts::NOT_A_FORM),
        Failure::TooLarge => of(&texts::TOO_LARGE),
        Failure::TooSlow => of(&texts::TOO_SLOW),
        Failure::AddressTooLong => of(&texts::ADDRESS_TOO_LONG),
        Failure::HeadersTooLarge => of(&texts::HEADERS_TOO_LARGE),
        Failure::CookieDoubled(_) => of(&texts::COOKIE_DOUBLED).go([SIGN_IN]),
        Failure::SignInNeeded => of(&texts::SIGN_IN_NEEDED).go([SIGN_IN]),
        Failure::SentTooLate { kept } => of(&texts::SENT_TOO_LATE).go([DOCUMENT]).keep(kept),
        Failure::NotFound => of(&texts::NOT_FOUND),
        Failure::MethodNotAllowed { allowed } => of(&texts::METHOD_NOT_ALLOWED).allow(allowed),
        Failure::BadRequest => of(&texts::BAD_REQUEST),
        Failure::Fault | Failure::Render(_) => of(&texts::INTERNAL).go([AGAIN, ROLES]),
    }
}

fn of_signin(error: &Error, name: impl Fn(&IdpId) -> String) -> Problem {
    match error {
        Error::LinkUnknown(reason) => of(&texts::LINK_UNREADABLE).what(format!(
            "Its address is not one that Vestibule understands: {reason}."
        )),
        Error::NotEntitled { owner, left_out } => {
            let left_out = left_out.as_ref();
            let left_out = left_out.map(|(idp, left_out)| left_out::text(&ENGLISH, *left_out, &name(idp)));
            not_entitled(owner.as_deref(), left_out)
        }
        Error::Unsolicited => of(&texts::UNSOLICITED),
        Error::LoginExpired => of(&texts::LOGIN_EXPIRED).go([ROLES, SIGN_IN]),
        Error::LoginNotStartedHere => of(&texts::OTHER_BROWSER).go([SIGN_IN]),
        Error::IdpRefused { idp, code } => idp_refused(&name(idp), code),
        Error::ProofRefused { idp, code } => proof_refused(&name(idp), code),
        Error::LoginNotEnough {
            idp,
            missing,
            within_minutes,
        } => step_up::not_enough(&name(idp), *missing, *within_minutes),
        Error::IdpUnreachable { idp } => of(&texts::IDP_UNREACHABLE)
            .what(format!(
                "Vestibule asked {} and got no usable answer.",
                name(idp)
            ))
            .retry_after(30)
            .go([AGAIN, SIGN_IN]),
        Error::IdpUnknown => of(&texts::IDP_UNKNOWN).go([SIGN_IN, ROLES]),
        Error::DestinationRefused => of(&texts::DESTINATION_REFUSED),
        Error::RegionForeign => of(&texts::REGION_FOREIGN),
        Error::ScopeUnknown => of(&texts::SCOPE_UNKNOWN),
        Error::ClaimUnusable { what } => claim_unusable(what),
        Error::IssuerUnable(cause) => issuer_unable(*cause),
        Error::AwsRefused(cause) => aws_refused(&texts::AWS_REFUSED, cause),
        Error::HubRefused { hub, cause } => hub_refused(hub, cause),
        Error::ReasonNeeded => of(&guarded::REASON_NEEDED).go([AGAIN, ROLES]),
        Error::ReasonUnreadable => of(&guarded::REASON_UNREADABLE).go([AGAIN, ROLES]),
        Error::CodeUnreadable => of(&guarded::CODE_UNREADABLE).go([ANOTHER_CODE, ROLES]),
        Error::CodesTooMany => of(&guarded::CODES_TOO_MANY).retry_after(300),
        Error::CodeRefused(cause) => {
            aws_refused(&guarded::CODE_REFUSED, cause).go([ANOTHER_CODE, ROLES])
        }
        Error::SessionTooLarge(large) => guarded::too_large(large),
        Error::AwsBusy => of(&texts::AWS_BUSY).retry_after(5).go([AGAIN, ROLES]),
        Error::AwsUntrusted(why) => untrusted(why),
        Error::AwsUnexpected => of(&texts::AWS_UNEXPECTED).go([AGAIN, ROLES]),
        Error::RegionDisabled { account } => of(&texts::REGION_DISABLED).what(format!(
            "The STS endpoint that Vestibule uses lies in a region that is not activated in account {account}."
        )),
        Error::SessionEnded => of(&texts::SESSION_ENDED).go([SIGN_IN]),
        Error::TooManyKept { most } => of(&texts::TOO_MANY_KEPT).what(format!(
            "Vestibule keeps {most} of them for you, and you have that many. Nothing was changed."
        )),
        Error::FormRefused => of(&texts::FORM_REFUSED),
        Error::DatabaseAway(_) => of(&texts::DATABASE_AWAY)
            .retry_after(10)
            .go([AGAIN, ROLES]),
        Error::Internal(_) => of(&texts::INTERNAL).go([AGAIN, ROLES]),
    }
}

fn of_admin(error: &admin::Error) -> Problem {
    match error {
        error if error.is_unavailable() => of(&texts::DATABASE_AWAY)
            .retry_after(10)
            .go([AGAIN, ACCESS]),
        admin::Error::NoSuchRevision(_) => of(&texts::NO_SUCH_REVISION).go([REVISIONS, ACCESS]),
        admin::Error::NoSuchRole(_) => probe::no_such_role(),
        admin::Error::TooSoon(soon) => probe::too_soon(*soon),
        admin::Error::Governed(file) => of(&texts::GOVERNED)
            .who(format!("Whoever may change {} can.", file.display()))
            .go([ACCESS]),
        admin::Error::Conflict { .. } => of(&texts::OVERTAKEN).go([REVISIONS, ACCESS]),
        admin::Error::Unreadable(_) | admin::Error::Problems(_) | admin::Error::Note => {
            of(&texts::NOT_PUBLISHABLE).go([DOCUMENT, ACCESS])
        }
        admin::Error::Follow(_) => of(&texts::NOT_FOLLOWED).go([REVISIONS, ACCESS]),
        admin::Error::Stored(_) | admin::Error::Interrupted | admin::Error::Store(_) => {
            of(&texts::INTERNAL).go([AGAIN, ACCESS])
        }
    }
}

fn not_entitled(owner: Option<&str>, left_out: Option<String>) -> Problem {
    let ask = owner.unwrap_or("the people who look after access to AWS in your organisation");
    let problem = of(&texts::NOT_ENTITLED)
        .who(format!(
            "If you need it, ask {ask}. If you were given it just now, sign in again, so that your identity provider \
             can say so."
        ))
        .go([ROLES, SIGN_IN]);
    match left_out {
        Some(left_out) => problem.what(format!("{} {left_out}", texts::NOT_ENTITLED.what)),
        None => problem,
    }
}

fn idp_refused(idp: &str, code: &str) -> Problem {
    of(&texts::IDP_REFUSED)
        .what(format!(
            "{idp} did not confirm who you are: the sign-in was cancelled there, or you may not use this application."
        ))
        .who(format!(
            "You can try again. If you did not cancel it, the people who run {idp} can say why, and let you in."
        ))
        .fact("Code", code)
        .go([SIGN_IN])
}

fn proof_refused(idp: &str, code: &str) -> Problem {
    let why = reasons::of(code)
        .map(|why| format!(" {why}"))
        .unwrap_or_default();
    of(&texts::PROOF_REFUSED)
        .what(format!(
            "{idp} sent an answer, and a check that every answer must pass did not hold.{why} Nobody was signed in."
        ))
        .who(format!(
            "You can try again once. If it happens again, the people who run this site, together with those who run \
             {idp}: the code below says which check it was, and the log says more under the reference."
        ))
        .fact("Code", code)
        .go([SIGN_IN])
}

fn claim_unusable(what: &str) -> Problem {
    let what: String = what.chars().filter(|c| !c.is_control()).take(100).collect();
    of(&texts::CLAIM_UNUSABLE)
        .what(format!(
            "The role wants something that your identity provider says about you, for its {what}. It is missing, or has \
             characters in it or a length that AWS does not take."
        ))
        .who(
            "The people who look after access to AWS in your organisation, together with those who run the identity \
             provider.",
        )
}

fn issuer_unable(cause: IssuerCause) -> Problem {
    of(match cause {
        IssuerCause::Expired => &texts::ISSUER_EXPIRED,
        IssuerCause::NoKey => &texts::ISSUER_WITHOUT_KEY,
        IssuerCause::Broken => &texts::ISSUER_BROKEN,
    })
    .go([AGAIN, ROLES])
}

fn hub_refused(hub: &str, cause: &AwsCause) -> Problem {
    aws_refused(&guarded::HUB_REFUSED, cause).what(format!(
        "The way to your role leads through the hub role {hub}, and AWS did not let Vestibule into that one. Your own role \
         was not even asked for."
    ))
}

fn untrusted(why: &str) -> Problem {
    of(&texts::AWS_UNTRUSTED)
        .what(format!(
            "Whoever answered in the place of AWS did not prove to be AWS, so nothing was said to them: no credentials, no \
             token. Of the certificate they showed: {why}."
        ))
        .go([AGAIN, ROLES])
}

pub(super) fn aws_refused(text: &'static Text, cause: &AwsCause) -> Problem {
    let mut problem = of(text)
        .fact("Operation", cause.operation)
        .fact("AWS’s code", &cause.code)
        .fact(
            "AWS’s request",
            cause.request_id.as_deref().unwrap_or_default(),
        );
    problem.causes.clone_from(&cause.possible);
    problem
}

pub(super) fn of(text: &'static Text) -> Problem {
    Problem {
        status: text.status,
        code: text.code,
        title: text.title,
        what: text.what.into(),
        who: text.who.into(),
        causes: Vec::new(),
        ways: vec![ROLES],
        facts: Vec::new(),
        retry_after: None,
        allow: None,
        kept: None,
    }
}

impl Problem {
    pub(super) fn what(mut self, what: impl Into<Cow<'static, str>>) -> Self {
        self.what = what.into();
        self
    }

    pub(super) fn who(mut self, who: impl Into<Cow<'static, str>>) -> Self {
        self.who = who.into();
        self
    }

    pub(super) fn go<const N: usize>(mut self, ways: [WayOut; N]) -> Self {
        self.ways = ways.to_vec();
        self
    }

    /// Shown only if it has the shape of a code, whoever wrote it.
    pub(super) fn fact(mut self, name: &'static str, value: &str) -> Self {
        let is_code = (1..=64).contains(&value.len())
            && value
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
        if is_code {
            self.facts.push((name, value.to_owned()));
        }
        self
    }

    pub(super) fn retry_after(mut self, seconds: u16) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn allow(mut self, methods: &str) -> Self {
        self.allow = Some(methods.to_owned()).filter(|methods| !methods.is_empty());
        self
    }

    /// Gives a text that somebody wrote back to them.
    fn keep(mut self, text: &str) -> Self {
        self.kept = Some(text.to_owned()).filter(|text| !text.is_empty());
        self
    }

    /// Leaves out the way back to the same page where that page is not one to open again.
    pub(super) fn without_again(mut self) -> Self {
        if self.ways.len() > 1 {
            self.ways.retain(|way| *way != AGAIN);
        }
        self
    }
}
