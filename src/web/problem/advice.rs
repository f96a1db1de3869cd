//! From failures to problems, in one `match`: the kind, and whatever its words need beside.

use std::fmt::Display;

use actix_web::http::StatusCode;

use super::kinds::{self, Kind};
use super::way::Way;
use super::{Failure, Problem, guarded, probe, programs, reasons, step_up};
use crate::admin;
use crate::domain::identity::IdpId;
use crate::limits::{TooOften, Whose};
use crate::signin::{AwsCause, Error, IssuerCause, LeftOut};
use crate::web::left_out;
use crate::web::texts::{self, Filled, Text, Texts};

/// The status alone.
pub(super) fn status(failure: &Failure) -> StatusCode {
    problem(failure, &texts::ENGLISH, IdpId::to_string).status
}

/// The whole problem; `name` tells a provider's name for people.
pub(super) fn problem(
    failure: &Failure,
    t: &'static Texts,
    name: impl Fn(&IdpId) -> String,
) -> Problem {
    let of = |kind| of(t, kind);
    match failure {
        Failure::Signin(error) => of_signin(t, error, name),
        Failure::Admin(error) => of_admin(t, error),
        Failure::NotOpenedByAPerson => {
            of(&kinds::NOT_OPENED_BY_A_PERSON).go([Way::Again, Way::Roles])
        }
        Failure::LedFromElsewhere => of(&kinds::LED_FROM_ELSEWHERE).go([Way::On, Way::Roles]),
        Failure::NotAForm => of(&kinds::NOT_A_FORM),
        Failure::TooLarge => of(&kinds::TOO_LARGE),
        Failure::TooSlow => of(&kinds::TOO_SLOW),
        Failure::AddressTooLong => of(&kinds::ADDRESS_TOO_LONG),
        Failure::HeadersTooLarge => of(&kinds::HEADERS_TOO_LARGE),
        Failure::CookieDoubled(_) => of(&kinds::COOKIE_DOUBLED).go([Way::SignIn]),
        Failure::Program(refused) => programs::refused(t, refused),
        Failure::TooOften(one) => too_often(t, *one),
        Failure::SignInNeeded => of(&kinds::SIGN_IN_NEEDED).go([Way::SignIn]),
        Failure::SignedOutElsewhere => of(&kinds::SIGNED_OUT_ELSEWHERE).go([Way::SignIn]),
        Failure::OtherSession => of(&kinds::OTHER_SESSION),
        Failure::SentTooLate => of(&kinds::SENT_TOO_LATE).go([Way::SignIn, Way::Access]),
        Failure::NotFound => of(&kinds::NOT_FOUND),
        Failure::MethodNotAllowed { allowed } => of(&kinds::METHOD_NOT_ALLOWED).allow(allowed),
        Failure::BadRequest => of(&kinds::BAD_REQUEST),
        Failure::Fault | Failure::Render(_) => of(&kinds::INTERNAL).go([Way::Again, Way::Roles]),
    }
}

fn of_signin(t: &'static Texts, error: &Error, name: impl Fn(&IdpId) -> String) -> Problem {
    let of = |kind| of(t, kind);
    match error {
        Error::LinkUnknown(reason) => of(&kinds::LINK_UNREADABLE).with("reason", reason),
        Error::PastedUnknown(reason) => of(&kinds::PASTED_UNKNOWN).with("reason", reason),
        Error::NotEntitled {
            owner, left_out, ..
        } => {
            let left_out = left_out.as_ref().map(|(idp, what)| (name(idp), *what));
            not_entitled(t, owner.as_deref(), left_out)
        }
        Error::Unsolicited => of(&kinds::UNSOLICITED),
        Error::LoginExpired => of(&kinds::LOGIN_EXPIRED).go([Way::SignIn, Way::Roles]),
        Error::LoginUsed => of(&kinds::LOGIN_USED).go([Way::Roles, Way::SignIn]),
        Error::LoginNotStartedHere => of(&kinds::OTHER_BROWSER).go([Way::SignIn]),
        Error::NoCookies => of(&kinds::COOKIES_OFF).go([Way::SignIn]),
        Error::IdpRefused { .. }
        | Error::ProofRefused { .. }
        | Error::LoginNotEnough { .. }
        | Error::IdpUnreachable { .. } => of_idp(t, error, name),
        Error::IdpUnknown => of(&kinds::IDP_UNKNOWN).go([Way::SignIn, Way::Roles]),
        Error::DestinationRefused => of(&kinds::DESTINATION_REFUSED),
        Error::RegionForeign => of(&kinds::REGION_FOREIGN),
        Error::ScopeUnknown => of(&kinds::SCOPE_UNKNOWN),
        Error::TooOften(one) => too_often(t, *one),
        Error::SessionEnded => of(&kinds::SESSION_ENDED).go([Way::SignIn]),
        Error::FormRefused => of(&kinds::FORM_REFUSED),
        Error::TooManyKept { most } => of(&kinds::TOO_MANY_KEPT).with("most", most),
        Error::DatabaseAway(_) => of(&kinds::DATABASE_AWAY)
            .retry_after(10)
            .go([Way::Again, Way::Roles]),
        Error::Internal(_) => of(&kinds::INTERNAL).go([Way::Again, Way::Roles]),
        Error::Blocked { .. }
        | Error::Suspended { .. }
        | Error::ClaimUnusable { .. }
        | Error::IssuerUnable(_)
        | Error::AwsRefused(_)
        | Error::HubRefused { .. }
        | Error::CodeUnreadable
        | Error::CodesTooMany
        | Error::CodeRefused(_)
        | Error::SessionTooLarge(_)
        | Error::TokenRefused(_)
        | Error::NotForTokens(_)
        | Error::ReasonNeeded
        | Error::ReasonUnreadable
        | Error::AwsBusy
        | Error::AwsUntrusted(_)
        | Error::AwsUnexpected
        | Error::RegionDisabled { .. } => of_role(t, error),
    }
}

/// What an identity provider's answer, or none, comes to.
fn of_idp(t: &'static Texts, error: &Error, name: impl Fn(&IdpId) -> String) -> Problem {
    let of = |kind| of(t, kind);
    match error {
        Error::IdpRefused { idp, code } => of(&kinds::IDP_REFUSED)
            .with("idp", name(idp))
            .fact(t.problem.page.code, code)
            .go([Way::SignIn]),
        Error::ProofRefused { idp, code } => of(&kinds::PROOF_REFUSED)
            .with("idp", name(idp))
            .why(reasons::of(&t.problem.reasons, code))
            .fact(t.problem.page.code, code)
            .go([Way::SignIn]),
        Error::LoginNotEnough {
            idp,
            missing,
            within_minutes,
        } => step_up::not_enough(t, &name(idp), *missing, *within_minutes),
        Error::IdpUnreachable { idp } => of(&kinds::IDP_UNREACHABLE)
            .with("idp", name(idp))
            .retry_after(30)
            .go([Way::Again, Way::SignIn]),
        _ => of(&kinds::INTERNAL).go([Way::Again, Way::Roles]),
    }
}

/// What stands between a person and roles that are theirs.
fn of_role(t: &'static Texts, error: &Error) -> Problem {
    let of = |kind| of(t, kind);
    match error {
        Error::Blocked { until } => of(&kinds::BLOCKED)
            .with("until", texts::until(t, *until))
            .go([Way::SignIn]),
        Error::Suspended {
            whole_account,
            until,
            owner,
        } => of(if *whole_account {
            &kinds::ACCOUNT_SUSPENDED
        } else {
            &kinds::ROLE_SUSPENDED
        })
        .with("until", texts::until(t, *until))
        .with(
            "ask",
            owner.as_deref().unwrap_or(t.problem.links.access_people),
        ),
        Error::ClaimUnusable { what } => {
            let what: String = what.chars().filter(|c| !c.is_control()).take(100).collect();
            of(&kinds::CLAIM_UNUSABLE).with("what", what)
        }
        Error::IssuerUnable(cause) => of(match cause {
            IssuerCause::Expired => &kinds::ISSUER_EXPIRED,
            IssuerCause::NoKey => &kinds::ISSUER_WITHOUT_KEY,
            IssuerCause::Broken => &kinds::ISSUER_BROKEN,
        })
        .go([Way::Again, Way::Roles]),
        Error::AwsRefused(cause) => aws_refused(t, &kinds::AWS_REFUSED, cause),
        Error::HubRefused { hub, cause } => {
            aws_refused(t, &kinds::HUB_REFUSED, cause).with("hub", hub)
        }
        Error::CodeUnreadable => of(&kinds::CODE_UNREADABLE).go([Way::AnotherCode, Way::Roles]),
        Error::CodesTooMany => of(&kinds::CODES_TOO_MANY).retry_after(300),
        Error::CodeRefused(cause) => {
            aws_refused(t, &kinds::CODE_REFUSED, cause).go([Way::AnotherCode, Way::Roles])
        }
        Error::SessionTooLarge(large) => guarded::too_large(t, large),
        Error::ReasonNeeded => of(&kinds::REASON_NEEDED).go([Way::Again, Way::Roles]),
        Error::ReasonUnreadable => of(&kinds::REASON_UNREADABLE).go([Way::Again, Way::Roles]),
        Error::AwsBusy => of(&kinds::AWS_BUSY)
            .retry_after(5)
            .go([Way::Again, Way::Roles]),
        Error::AwsUntrusted(why) => of(&kinds::AWS_UNTRUSTED)
            .with("why", why)
            .go([Way::Again, Way::Roles]),
        Error::AwsUnexpected => of(&kinds::AWS_UNEXPECTED).go([Way::Again, Way::Roles]),
        Error::RegionDisabled { account } => of(&kinds::REGION_DISABLED).with("account", account),
        Error::TokenRefused(why) => programs::token_refused(t, *why),
        Error::NotForTokens(what) => programs::not_for_tokens(t, *what),
        _ => of(&kinds::INTERNAL).go([Way::Again, Way::Roles]),
    }
}

fn of_admin(t: &'static Texts, error: &admin::Error) -> Problem {
    let of = |kind| of(t, kind);
    match error {
        error if error.is_unavailable() => of(&kinds::DATABASE_AWAY)
            .retry_after(10)
            .go([Way::Again, Way::Access]),
        admin::Error::NoSuchRevision(_) => {
            of(&kinds::NO_SUCH_REVISION).go([Way::Revisions, Way::Access])
        }
        admin::Error::NoSuchDraft => of(&kinds::NO_SUCH_DRAFT).go([Way::Drafts, Way::Revisions]),
        admin::Error::DraftOvertaken => of(&kinds::DRAFT_OVERTAKEN).go([Way::Drafts, Way::Access]),
        admin::Error::TooManyDrafts(_) | admin::Error::DraftName => {
            of(&kinds::DRAFT_NOT_BEGUN).go([Way::Drafts, Way::Access])
        }
        admin::Error::NoSuchRole(_) => of(&kinds::NO_SUCH_ROLE).go([Way::AllRoles]),
        admin::Error::NoSuchPerson => of(&kinds::NO_SUCH_PERSON).go([Way::People]),
        admin::Error::NoSuchSession => of(&kinds::NO_SUCH_SESSION).go([Way::People]),
        admin::Error::NoSuchStop => of(&kinds::NO_SUCH_STOP).go([Way::Stops]),
        admin::Error::NoSuchPlace | admin::Error::OwnBlock | admin::Error::PastEnd => {
            of(&kinds::STOP_REFUSED).go([Way::Stops])
        }
        admin::Error::PlanTooOld => of(&kinds::PLAN_TOO_OLD).go([Way::Again, Way::Access]),
        admin::Error::Unindexed(first, last) => of(&kinds::RECORD_NOT_INDEXED)
            .with("first", first)
            .with("last", last)
            .go([Way::Again, Way::Access]),
        admin::Error::TooSoon(soon) => probe::too_soon(t, *soon),
        admin::Error::Governed(file) => of(&kinds::GOVERNED)
            .with("file", file.display())
            .go([Way::Access]),
        admin::Error::Conflict { .. } => of(&kinds::OVERTAKEN).go([Way::Revisions, Way::Access]),
        admin::Error::Unreadable(_) | admin::Error::Problems(_) | admin::Error::Note => {
            of(&kinds::NOT_PUBLISHABLE)
                .go([Way::Drafts, Way::Access])
                .listing(error)
        }
        admin::Error::Follow(_) => of(&kinds::NOT_FOLLOWED).go([Way::Revisions, Way::Access]),
        admin::Error::Stored(_)
        | admin::Error::Interrupted
        | admin::Error::Misfiled
        | admin::Error::Store(_) => of(&kinds::INTERNAL).go([Way::Again, Way::Access]),
    }
}

fn not_entitled(
    t: &'static Texts,
    owner: Option<&str>,
    left_out: Option<(String, LeftOut)>,
) -> Problem {
    of(t, &kinds::NOT_ENTITLED)
        .with("ask", owner.unwrap_or(t.problem.links.access_people))
        .why(left_out.map(|(idp, left_out)| left_out::text(t, left_out, &idp)))
        .go([Way::Roles, Way::SignIn])
}

/// What a person is told who asks too often, or behind whose address somebody does.
fn too_often(t: &'static Texts, TooOften { whose, seconds, .. }: TooOften) -> Problem {
    let kind = match whose {
        Whose::Address => &kinds::TOO_OFTEN_THERE,
        Whose::Person | Whose::Browser => &kinds::TOO_OFTEN,
    };
    let wait = t.problem.requests.wait.of(usize::from(seconds));
    of(t, kind)
        .with("wait", wait.with("seconds", seconds).plain())
        .retry_after(seconds)
        .go([Way::Again, Way::Roles])
}

pub(super) fn aws_refused(t: &'static Texts, kind: &Kind, cause: &AwsCause) -> Problem {
    let page = &t.problem.page;
    let mut problem = of(t, kind)
        .fact(page.operation, cause.operation)
        .fact(page.aws_code, &cause.code)
        .fact(
            page.aws_request,
            cause.request_id.as_deref().unwrap_or_default(),
        );
    problem.causes.clone_from(&cause.possible);
    problem
}

/// A problem of a kind, before anything is put into its places.
pub(super) fn of(t: &'static Texts, kind: &Kind) -> Problem {
    let text = (kind.text)(&t.problem);
    Problem {
        t,
        status: kind.status,
        code: kind.code,
        title: text.title,
        what: text.what.filled(),
        why: None,
        who: text.who.filled(),
        now: text.now.filled(),
        causes: Vec::new(),
        ways: vec![Way::Roles],
        explained: None,
        form: None,
        facts: Vec::new(),
        retry_after: None,
        allow: None,
        authenticate: None,
        members: Vec::new(),
        kept: None,
    }
}

impl Problem {
    /// Puts a value into its place, wherever that is.
    pub(super) fn with(mut self, place: &'static str, value: impl Display) -> Self {
        let put = |text: Filled| text.with(place, &value);
        (self.what, self.who, self.now) = (put(self.what), put(self.who), put(self.now));
        self
    }

    pub(super) fn why(mut self, why: Option<impl Into<String>>) -> Self {
        self.why = why.map(Into::into);
        self
    }

    pub(super) fn go<const N: usize>(mut self, ways: [Way; N]) -> Self {
        self.ways = ways.to_vec();
        self
    }

    /// Shown only if it has the shape of a code, whoever wrote it.
    pub(super) fn fact(mut self, name: Text, value: &str) -> Self {
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

    /// Leaves out the way back to the same page where that page is not one to open again.
    pub(super) fn without_again(mut self) -> Self {
        if self.ways.len() > 1 {
            self.ways.retain(|way| *way != Way::Again);
        }
        self
    }
}
