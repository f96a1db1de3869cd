//! What people are told when they do not get what they came for: what happened, who can repair it, what to do now.
//!
//! Nothing that a visitor, a provider or AWS wrote stands in here, and what is put into a place is escaped.

mod admin;
mod aws;
mod links;
mod login;
mod programs;
mod requests;
mod role;

use super::{Plural, Sentence, Text};

pub(in crate::web) use login::ReasonTexts;
pub(in crate::web) use role::TooLargeTexts;

/// A failure in words.
pub(in crate::web) struct ProblemText {
    /// In a few words.
    pub(in crate::web) title: Text,
    /// What happened, and why as far as it is always the same.
    pub(in crate::web) what: Sentence,
    /// Who can repair it.
    pub(in crate::web) who: Sentence,
    /// What the reader does now.
    pub(in crate::web) now: Sentence,
}

texts! {
    /// What the page says around a failure, whichever it is.
    ProblemPageTexts {
        causes: Text = "It can mean one of these, the likeliest first. AWS gives one answer for all of them, so we \
                        cannot tell which:",
        kept: Text = "What you wrote",
        kept_to_copy: Text = "This is what you sent. It stands on this page, and perhaps nowhere else: copy it before \
                              you leave.",
        kept_to_send: Text = "This is what you sent. It stands on this page, and perhaps nowhere else: send it from \
                              here, or copy it before you leave.",
        keep_apart: Text = "Keep it as a draft of its own",
        send_again: Text = "Send it again",
        now: Text = "What to do now",
        who: Text = "Who can repair it",
        ask: Text = "Ask for access",
        explained: Text = "What is missing",
        reference: Text = "Reference",
        code: Text = "Code",
        operation: Text = "Operation",
        aws_code: Text = "AWS’s code",
        aws_request: Text = "AWS’s request",
    }
}

texts! {
    /// Where to go on.
    WayTexts {
        roles: Text = "Your roles",
        sign_in: Text = "Sign in again",
        again: Text = "Try again",
        on: Text = "Go on",
        another_code: Text = "Enter another code",
        access: Text = "The access model",
        drafts: Text = "The drafts",
        revisions: Text = "The revisions",
        all_roles: Text = "The roles",
        people: Text = "The people",
        stops: Text = "What is blocked or suspended",
    }
}

/// All failures.
pub(in crate::web) struct Problems {
    pub(in crate::web) page: ProblemPageTexts,
    pub(in crate::web) ways: WayTexts,
    pub(in crate::web) requests: requests::RequestProblems,
    pub(in crate::web) programs: programs::ProgramProblems,
    pub(in crate::web) links: links::LinkProblems,
    pub(in crate::web) login: login::LoginProblems,
    pub(in crate::web) reasons: ReasonTexts,
    pub(in crate::web) role: role::RoleProblems,
    pub(in crate::web) too_large: TooLargeTexts,
    pub(in crate::web) aws: aws::AwsProblems,
    pub(in crate::web) admin: admin::AdminProblems,
}

impl Problems {
    pub(in crate::web::texts) const ENGLISH: Self = Self {
        page: ProblemPageTexts::ENGLISH,
        ways: WayTexts::ENGLISH,
        requests: requests::RequestProblems::ENGLISH,
        programs: programs::ProgramProblems::ENGLISH,
        links: links::LinkProblems::ENGLISH,
        login: login::LoginProblems::ENGLISH,
        reasons: ReasonTexts::ENGLISH,
        role: role::RoleProblems::ENGLISH,
        too_large: TooLargeTexts::ENGLISH,
        aws: aws::AwsProblems::ENGLISH,
        admin: admin::AdminProblems::ENGLISH,
    };
}
