//! What programs are told, and whoever makes a token for one.

use serde_json::{Value, json};

use super::Problem;
use super::advice::of;
use super::kinds;
use super::way::Way;
use crate::admin;
use crate::signin::{NotForTokens, TokenRefused};
use crate::web::api::Refused;
use crate::web::texts::Texts;

/// How to say who one is (RFC 6750).
const BEARER: &str = "Bearer realm=\"vestibule\"";
const BEARER_INVALID: &str = "Bearer realm=\"vestibule\", error=\"invalid_token\"";

pub(super) fn token_refused(t: &'static Texts, why: TokenRefused) -> Problem {
    match why {
        TokenRefused::OlderSession => {
            of(t, &kinds::TOKEN_OF_OLDER_SESSION).go([Way::SignIn, Way::Roles])
        }
        why => of(t, &kinds::TOKEN_REFUSED).with("why", why),
    }
}

pub(super) fn not_for_tokens(t: &'static Texts, what: NotForTokens) -> Problem {
    let words = &t.problem.programs;
    of(t, &kinds::NOT_FOR_TOKENS).with(
        "what",
        match what {
            NotForTokens::Login => words.login,
            NotForTokens::Reason => words.reason,
            NotForTokens::Code => words.code,
            NotForTokens::Proof => words.proof,
        },
    )
}

pub(super) fn refused(t: &'static Texts, refused: &Refused) -> Problem {
    let of = |kind| of(t, kind);
    match refused {
        Refused::TokenNeeded => of(&kinds::TOKEN_NEEDED).authenticate(BEARER),
        Refused::TokenUnknown => of(&kinds::TOKEN_UNKNOWN).authenticate(BEARER_INVALID),
        Refused::TokenInAddress => of(&kinds::TOKEN_IN_ADDRESS),
        Refused::ScopeLacking(scope) => of(&kinds::SCOPE_LACKING)
            .with("scope", scope.word())
            .member("scope", scope.word()),
        Refused::NobodyKnown => of(&kinds::NOBODY_KNOWN),
        Refused::NoSuchToken => of(&kinds::NO_SUCH_TOKEN),
        Refused::BodyUnreadable(why) => of(&kinds::BODY_UNREADABLE).with("why", why),
        Refused::FieldUnreadable { path, why } => of(&kinds::BODY_UNREADABLE)
            .with("why", format_args!("{path}: {why}."))
            .member("problems", listed([(path, why)])),
        Refused::MediaType(wanted) => of(&kinds::MEDIA_TYPE).with("wanted", wanted),
        Refused::NotAcceptable(offered) => of(&kinds::NOT_ACCEPTABLE).with("offered", offered),
        Refused::IfMatchNeeded => of(&kinds::IF_MATCH_NEEDED),
        Refused::IfMatchStale { current } => {
            of(&kinds::IF_MATCH_STALE).member("current", current.as_str())
        }
        Refused::DraftUnreadable => of(&kinds::DRAFT_UNREADABLE),
        Refused::DraftUnfit(problems) => of(&kinds::NOT_PUBLISHABLE).member(
            "problems",
            listed(problems.iter().map(|(path, why)| (path, why))),
        ),
        Refused::EntryUnfit(problems) => of(&kinds::ENTRY_UNFIT).member(
            "problems",
            listed(problems.iter().map(|(path, why)| (path, why))),
        ),
        Refused::DraftStale { current } => of(&kinds::DRAFT_STALE)
            .with("current", current)
            .member("current", format!("\"revision-{current}\"")),
        Refused::Undecided(conflicts) => {
            of(&kinds::UNDECIDED).member("conflicts", conflicts.clone())
        }
        Refused::ConfirmationNeeded { phrase } => of(&kinds::CONFIRMATION_NEEDED)
            .with("phrase", phrase)
            .member("confirm", phrase.as_str()),
        Refused::Unanswerable(why) => of(&kinds::UNANSWERABLE).with("why", why),
        Refused::NobodyInTheRecord => of(&kinds::NOBODY_IN_THE_RECORD),
        Refused::KeyNeeded => of(&kinds::KEY_NEEDED),
        Refused::KeyUnreadable => of(&kinds::KEY_UNREADABLE),
        Refused::KeyOfAnother => of(&kinds::KEY_OF_ANOTHER),
        Refused::UnderWay => of(&kinds::UNDER_WAY).retry_after(2),
        Refused::MadeBefore { signin_id } => {
            of(&kinds::MADE_BEFORE).member("signin_id", signin_id.as_str())
        }
    }
}

/// What is wrong, by key paths.
fn listed<'a>(problems: impl IntoIterator<Item = (&'a String, &'a String)>) -> Vec<Value> {
    let one = |(path, message)| json!({"path": path, "message": message});
    problems.into_iter().map(one).collect()
}

impl Problem {
    fn authenticate(mut self, scheme: &'static str) -> Self {
        self.authenticate = Some(scheme);
        self
    }

    /// Something for programs, beside what all problems say.
    pub(super) fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// Everything that is wrong with a document, with key paths.
    pub(super) fn listing(self, error: &admin::Error) -> Self {
        let problems = match error {
            admin::Error::Problems(problems) => {
                let problems = problems.list().iter();
                problems
                    .map(|problem| json!({"path": problem.path, "message": problem.kind.to_string()}))
                    .collect()
            }
            admin::Error::Unreadable(reason) => {
                vec![json!({"path": "", "message": reason.to_string()})]
            }
            admin::Error::Note => vec![json!({"path": "note", "message": error.to_string()})],
            _ => Vec::new(),
        };
        self.member("problems", problems)
    }
}
