//! What the rules say about anybody and a role: the form, and every rule with what of it holds.

#[cfg(test)]
mod tests;

use askama::Template;

use super::{AdminFrame, Standing};
use crate::admin::{ConditionLine, Explained, ReadingLine, SpellingLine};
use crate::domain::access::why::{Time, Verdict};
use crate::signin::IdpChoice;
use crate::web::pages::Frame;
use crate::web::texts::{AdminWhyTexts, Sentence};

/// What the form's two buttons say: judge by what is known of the person, or by what is typed.
const KNOWN: &str = "known";
pub(in crate::web) const TYPED: &str = "typed";

/// About how long the page is without what was asked.
const BARE_BYTES: usize = 8 * 1024;
/// For each rule.
const RULE_BYTES: usize = 1024;

/// What the form says, as written.
#[derive(Debug, Default)]
pub(in crate::web) struct WhyAsked {
    /// The role.
    pub(in crate::web) role: String,
    /// The provider.
    pub(in crate::web) idp: String,
    /// Whom.
    pub(in crate::web) subject: String,
    /// Lines of `name = value`.
    pub(in crate::web) attributes: String,
    /// The lines count, and not what is known.
    pub(in crate::web) typed: bool,
}

/// What came of it.
#[derive(Debug)]
pub(in crate::web) enum WhyOutcome {
    /// Nothing was asked yet.
    Nothing,
    /// Why it cannot be said.
    Trouble(WhyTrouble),
    /// This is what the rules say.
    Explained(Box<Explained>),
}

/// Why it cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum WhyTrouble {
    /// It is not written like a role.
    Role,
    /// No provider was chosen.
    Idp,
    /// Nobody was named.
    Subject,
    /// That line is none.
    Line(usize),
    /// More than is read.
    TooLong,
    /// There is no such role.
    NoSuchRole,
    /// Nothing is known of them.
    NobodyKnown,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "admin/why.html")]
pub(in crate::web) struct WhyPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    asked: &'a WhyAsked,
    attributes: String,
    idps: Vec<(&'a str, &'a str, bool)>,
    trouble: Option<String>,
    answer: Option<Answer<'a>>,
}

/// What the rules say.
#[derive(Debug)]
struct Answer<'a> {
    class: &'static str,
    title: String,
    whence: String,
    more_values: Option<String>,
    revision: String,
    account: &'a str,
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

impl<'a> WhyPage<'a> {
    pub(in crate::web) fn new(
        (AdminFrame { frame, admin }, idps): (AdminFrame<'a>, &'a [IdpChoice]),
        asked: &'a WhyAsked,
        outcome: &'a WhyOutcome,
    ) -> Self {
        let t = &frame.t.admin_why;
        let explained = match outcome {
            WhyOutcome::Explained(explained) => Some(explained.as_ref()),
            WhyOutcome::Nothing | WhyOutcome::Trouble(_) => None,
        };
        let known = explained.filter(|_| !asked.typed);
        Self {
            frame,
            admin,
            here: "why",
            asked,
            attributes: known.map_or_else(|| asked.attributes.clone(), lines),
            idps: idps
                .iter()
                .map(|idp| {
                    let id = idp.id.as_str();
                    (id, idp.name.as_str(), id == asked.idp)
                })
                .collect(),
            trouble: match outcome {
                WhyOutcome::Trouble(trouble) => Some(trouble.text(t)),
                WhyOutcome::Nothing | WhyOutcome::Explained(_) => None,
            },
            answer: explained.map(|explained| Answer::new(t, explained)),
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        let parts = self.answer.iter().flat_map(|answer| &answer.parts);
        let rules: usize = parts.map(|part| part.rules.len()).sum();
        BARE_BYTES + self.attributes.len() * 3 / 2 + rules * RULE_BYTES
    }
}

impl WhyTrouble {
    fn text(self, t: &AdminWhyTexts) -> String {
        match self {
            Self::Role => t.bad_role.to_owned(),
            Self::Idp => t.bad_idp.to_owned(),
            Self::Subject => t.bad_subject.to_owned(),
            Self::Line(number) => t.bad_line.with("number", number).plain(),
            Self::TooLong => t.too_long.to_owned(),
            Self::NoSuchRole => t.no_such_role.to_owned(),
            Self::NobodyKnown => t.nobody_known.to_owned(),
        }
    }
}

/// What is known of a person as lines to change and to judge again; what no line can hold is left out.
fn lines(explained: &Explained) -> String {
    let mut text = String::new();
    let breaks = |part: &str| part.contains(['\n', '\r']);
    for (name, value) in &explained.who.attributes {
        if !breaks(name) && !breaks(value) && !name.contains(" = ") {
            text.extend([name, " = ", value, "\n"]);
        }
    }
    text
}

impl<'a> Answer<'a> {
    fn new(t: &'static AdminWhyTexts, explained: &'a Explained) -> Self {
        let who = &explained.who;
        let (class, title) = match explained.verdict {
            Verdict::Held => ("right", t.held),
            Verdict::TakenAway => ("wrong", t.taken),
            Verdict::NotGiven => ("wrong", t.not_given),
        };
        let (count, more) = (who.attributes.len(), who.more);
        let part = |id, (title, none), (rules, more): (&'a [ReadingLine], usize)| Part {
            id,
            title,
            none,
            rules: rules.iter().map(|line| RuleLines::new(t, line)).collect(),
            more: (more > 0).then(|| t.more_rules.with("count", more).plain()),
        };
        Self {
            class,
            title: title
                .with("who", &who.display_name)
                .with("role", &explained.role)
                .plain(),
            whence: match &who.since {
                Some(since) => t.of_session.with("since", since).plain(),
                None => t.of_form.to_owned(),
            },
            more_values: (who.more > 0 && who.since.is_some()).then(|| {
                t.more_values
                    .with("count", count)
                    .with("more", more)
                    .plain()
            }),
            revision: t.revision.with("number", explained.revision).plain(),
            account: &explained.account,
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
        }
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
