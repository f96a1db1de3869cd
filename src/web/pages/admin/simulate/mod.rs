//! What a model says about anybody: the form, the roles that they hold, and of one role every rule with what of it holds.

mod held;
#[cfg(test)]
mod tests;

use askama::Template;

use super::{AdminFrame, Standing};
use crate::admin::{
    ConditionLine, DraftSummary, Explained, ReadingLine, RevisionSummary, Simulated, SpellingLine,
};
use crate::domain::access::why::{Time, Verdict};
use crate::domain::person::PersonKey;
use crate::domain::stop::Suspension;
use crate::signin::IdpChoice;
use crate::web::links;
use crate::web::pages::Frame;
use crate::web::texts::{self, AdminWhyTexts, Sentence};

use held::{HeldRoles, choices};

/// What the form says for the current revision.
pub(in crate::web) const CURRENT: &str = "current";

/// About how long the page is without what was asked.
const BARE_BYTES: usize = 8 * 1024;
/// For each rule, and for each role.
const RULE_BYTES: usize = 1024;

/// By what somebody is judged: what the form's buttons say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::web) enum By {
    /// What is known of them.
    #[default]
    Known,
    /// What is typed.
    Typed,
    /// What is pasted.
    Pasted,
}

impl By {
    /// Reads a button's word.
    pub(in crate::web) fn parse(word: &str) -> Self {
        match word {
            "typed" => Self::Typed,
            "pasted" => Self::Pasted,
            _ => Self::Known,
        }
    }
}

/// What the form says, as written; what was pasted is not kept.
#[derive(Debug, Default)]
pub(in crate::web) struct SimulateAsked {
    /// The role; empty: all of them.
    pub(in crate::web) role: String,
    /// The model.
    pub(in crate::web) model: String,
    /// The provider.
    pub(in crate::web) idp: String,
    /// Whom.
    pub(in crate::web) subject: String,
    /// Lines of `name = value`.
    pub(in crate::web) attributes: String,
    /// What counts.
    pub(in crate::web) by: By,
    /// By what the person is named, where a page of theirs led here.
    pub(in crate::web) person: Option<PersonKey>,
}

/// What came of it.
#[derive(Debug)]
pub(in crate::web) enum SimulateOutcome {
    /// Nothing was asked yet.
    Nothing,
    /// Why it cannot be said.
    Trouble(SimulateTrouble),
    /// This is what the model says.
    Found(Box<Simulated>),
}

/// Why it cannot be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) enum SimulateTrouble {
    /// It is not written like a role.
    Role,
    /// There is no such model to choose.
    Model,
    /// The model cannot be used as it stands.
    Unfit,
    /// No provider was chosen.
    Idp,
    /// Nobody was named.
    Subject,
    /// That line is none.
    Line(usize),
    /// Nothing was pasted.
    NothingPasted,
    /// What was pasted cannot be read: why.
    Unreadable(String),
    /// More than is read.
    TooLong,
    /// There is no such role.
    NoSuchRole,
    /// Nothing is known of them.
    NobodyKnown,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "admin/simulate.html")]
pub(in crate::web) struct SimulatePage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    asked: &'a SimulateAsked,
    subject: &'a str,
    attributes: String,
    idps: Vec<(&'a str, &'a str, bool)>,
    models: Vec<(String, String, bool)>,
    trouble: Option<String>,
    answer: Option<Answer<'a>>,
    held: Option<HeldRoles<'a>>,
    /// The page of whom it is about, where that is known.
    person: Option<String>,
}

/// What the rules say.
#[derive(Debug)]
struct Answer<'a> {
    class: &'static str,
    title: String,
    account: &'a str,
    suspended: Option<String>,
    parts: [Part<'a>; 2],
}

/// The rules that do one thing.
#[derive(Debug)]
struct Part<'a> {
    id: &'static str,
    title: &'static str,
    none: &'static str,
    rules: Vec<RuleLines<'a>>,
    more: Option<String>,
}

#[derive(Debug)]
struct RuleLines<'a> {
    name: &'a str,
    applies: bool,
    /// Whether it does what it says.
    state: &'static str,
    times: Vec<String>,
    conditions: Vec<ConditionLines<'a>>,
}

#[derive(Debug)]
struct ConditionLines<'a> {
    holds: bool,
    text: String,
    own: Vec<&'a str>,
    after: Vec<String>,
}

impl<'a> SimulatePage<'a> {
    /// `models`: the drafts and the newest revisions, to choose from.
    pub(in crate::web) fn new(
        (AdminFrame { frame, admin }, idps): (AdminFrame<'a>, &'a [IdpChoice]),
        models: (&[DraftSummary], &[RevisionSummary]),
        (asked, outcome): (&'a SimulateAsked, &'a SimulateOutcome),
    ) -> Self {
        let t = &frame.t.admin_why;
        let found = match outcome {
            SimulateOutcome::Found(found) => Some(found.as_ref()),
            SimulateOutcome::Nothing | SimulateOutcome::Trouble(_) => None,
        };
        let read = found.filter(|_| asked.by != By::Typed);
        let named = read.map_or("", |found| found.who.subject.as_str());
        Self {
            subject: if named.is_empty() {
                &asked.subject
            } else {
                named
            },
            attributes: read.map_or_else(|| asked.attributes.clone(), lines),
            idps: idps
                .iter()
                .map(|idp| {
                    let id = idp.id.as_str();
                    (id, idp.name.as_str(), id == asked.idp)
                })
                .collect(),
            models: choices(&frame, models, &asked.model),
            trouble: match outcome {
                SimulateOutcome::Trouble(trouble) => Some(trouble.text(t)),
                SimulateOutcome::Nothing | SimulateOutcome::Found(_) => None,
            },
            answer: found.and_then(|found| Answer::new(&frame, found)),
            held: found.map(|found| HeldRoles::new(&frame, found)),
            person: match found {
                Some(found) => found.who.key.as_ref(),
                None => asked.person.as_ref(),
            }
            .map(links::admin_person),
            here: "simulate",
            frame,
            admin,
            asked,
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        let parts = self.answer.iter().flat_map(|answer| &answer.parts);
        let rules: usize = parts.map(|part| part.rules.len()).sum();
        let roles = self.held.as_ref().map_or(0, |held| held.roles.len());
        BARE_BYTES + self.attributes.len() * 3 / 2 + (rules + roles) * RULE_BYTES
    }
}

impl SimulateTrouble {
    fn text(&self, t: &AdminWhyTexts) -> String {
        match self {
            Self::Role => t.bad_role.to_owned(),
            Self::Model => t.bad_model.to_owned(),
            Self::Unfit => t.unfit.to_owned(),
            Self::Idp => t.bad_idp.to_owned(),
            Self::Subject => t.bad_subject.to_owned(),
            Self::Line(number) => t.bad_line.with("number", number).plain(),
            Self::NothingPasted => t.nothing_pasted.to_owned(),
            Self::Unreadable(reason) => t.unreadable.with("reason", reason).plain(),
            Self::TooLong => t.too_long.to_owned(),
            Self::NoSuchRole => t.no_such_role.to_owned(),
            Self::NobodyKnown => t.nobody_known.to_owned(),
        }
    }
}

/// What is known of a person as lines to change and to judge again; what no line can hold is left out.
fn lines(found: &Simulated) -> String {
    let mut text = String::new();
    let breaks = |part: &str| part.contains(['\n', '\r']);
    for (name, value) in &found.who.attributes {
        if !breaks(name) && !breaks(value) && !name.contains(" = ") {
            text.extend([name, " = ", value, "\n"]);
        }
    }
    text
}

/// That nobody gets into a role now, whatever the rules give.
fn suspended(frame: &Frame<'_>, suspension: Suspension) -> String {
    let t = &frame.t.admin_why;
    let text = if suspension.whole_account {
        t.suspended_with_account
    } else {
        t.suspended
    };
    let until = texts::until(frame.t, suspension.until);
    text.with("until", until).plain()
}

impl<'a> Answer<'a> {
    fn new(frame: &Frame<'_>, found: &'a Simulated) -> Option<Self> {
        let t = &frame.t.admin_why;
        let explained: &'a Explained = found.explained.as_ref()?;
        let (class, title) = match explained.verdict {
            Verdict::Held => ("right", t.held),
            Verdict::TakenAway => ("wrong", t.taken),
            Verdict::NotGiven => ("wrong", t.not_given),
        };
        let part = |id, (title, none), (rules, more): (&'a [ReadingLine], usize)| Part {
            id,
            title,
            none,
            rules: rules.iter().map(|line| RuleLines::new(t, line)).collect(),
            more: (more > 0).then(|| t.more_rules.with("count", more).plain()),
        };
        Some(Self {
            class,
            title: title
                .with("who", &found.who.display_name)
                .with("role", &explained.role)
                .plain(),
            account: &explained.account,
            suspended: explained.suspended.map(|it| suspended(frame, it)),
            parts: [
                part(
                    "gives",
                    (t.gives, t.gives_none),
                    (&explained.gives, explained.more_gives),
                ),
                part(
                    "takes",
                    (t.takes, t.takes_none),
                    (&explained.takes, explained.more_takes),
                ),
            ],
        })
    }
}

impl<'a> RuleLines<'a> {
    fn new(t: &'static AdminWhyTexts, line: &'a ReadingLine) -> Self {
        let state = match line.time {
            Time::NotYet => t.not_yet,
            Time::Over => t.over,
            Time::Counts if line.applies => t.does,
            Time::Counts => t.does_not,
        };
        let time = |text: Sentence, at: &Option<String>| {
            let at = at.as_ref()?;
            Some(text.with("moment", at).plain())
        };
        let spelling = line.spelling.iter();
        let spelling = spelling.map(|spelling| ConditionLines::of_spelling(t, spelling));
        let conditions = line.conditions.iter();
        let conditions = conditions.map(|condition| ConditionLines::new(t, condition));
        Self {
            name: &line.rule,
            applies: line.applies,
            state,
            times: [time(t.from, &line.from), time(t.until, &line.until)]
                .into_iter()
                .flatten()
                .collect(),
            conditions: conditions.chain(spelling).collect(),
        }
    }
}

impl<'a> ConditionLines<'a> {
    fn new(t: &AdminWhyTexts, line: &'a ConditionLine) -> Self {
        let more = (line.more > 0).then(|| t.and_more.with("count", line.more).plain());
        let nothing = line.own.is_empty().then(|| t.nothing_came.to_owned());
        Self {
            holds: line.holds,
            text: line.text.clone(),
            own: line.own.iter().map(String::as_str).collect(),
            after: more.into_iter().chain(nothing).collect(),
        }
    }

    fn of_spelling(t: &AdminWhyTexts, line: &'a SpellingLine) -> Self {
        let holds = !line.spelled.is_empty();
        let text = if holds { t.spelled } else { t.unspelled };
        let text = text.with("name", &line.attribute).plain();
        let captured = line.spelled.iter().flat_map(|(_, captured)| captured);
        Self {
            holds,
            text: match &line.example {
                Some(_) if !holds => format!("{text}, {}", t.such_as),
                _ => text,
            },
            own: match &line.example {
                Some(example) if !holds => vec![example],
                _ => line
                    .spelled
                    .iter()
                    .map(|(value, _)| value.as_str())
                    .collect(),
            },
            after: captured
                .map(|(group, text)| t.captured.with("group", group).with("text", text).plain())
                .collect(),
        }
    }
}
