//! The review of a draft: what it changes, for whom, what came between, and the form that publishes it.

use std::sync::Arc;

use askama::Template;

use super::drafts::{name_of, standing};
use super::{AdminFrame, Finding, Sentences, Standing, moment};
use crate::admin::{Alarm, Clash, Known, LONGEST_NOTE, Ready, Review, Stale, Stands};
use crate::domain::access::{EntryName, Impact, People, RoleImpact};
use crate::domain::intent::AdminPage;
use crate::web::links;
use crate::web::pages::Frame;
use crate::web::texts::{Plural, ReviewTexts, Text};

/// How many roles of a kind stand on the page.
const MOST_ROLES: usize = 200;
/// How many of a moment to come.
const LATER_ROLES: usize = 50;
/// How many names of a moment to come.
const LATER_NAMES: usize = 50;
/// How many names stand beside a role before the rest is folded away.
const FIRST_NAMES: usize = 10;
/// How many roles stand in an alarm.
const ALARM_ROLES: usize = 20;
/// How many sentences stand beside an entry that both changed.
const MOST_SENTENCES: usize = 100;

/// Why the review is shown again instead of what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Again {
    /// The draft or the current revision is another one.
    Changed,
    /// What needs a second thought was not confirmed.
    Unconfirmed,
    /// The note cannot be kept.
    Note,
    /// It cannot be published as it stands.
    Unfit,
    /// Not every entry that both changed was decided.
    Undecided,
}

impl Again {
    fn said(self, t: &ReviewTexts) -> (&'static str, Text, Text) {
        match self {
            Self::Changed => ("changed", t.changed, t.changed_text),
            Self::Unconfirmed => ("unconfirmed", t.unconfirmed, t.unconfirmed_text),
            Self::Note => ("note", t.bad_note, t.bad_note_text),
            Self::Unfit => ("unfit", t.unfit, t.unfit_text),
            Self::Undecided => ("undecided", t.undecided, t.undecided_text),
        }
    }
}

/// The review.
#[derive(Debug, Template)]
#[template(path = "admin/review.html")]
pub(in crate::web) struct ReviewPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    href: String,
    name: String,
    standing: String,
    version: i64,
    current: i64,
    note: &'a str,
    longest_note: usize,
    again: Option<(&'static str, Text, Text)>,
    finding: &'a Finding,
    stale: Option<StaleLines>,
    ready: Option<ReadyLines>,
}

#[derive(Debug)]
struct StaleLines {
    title: String,
    by: String,
    theirs: Sentences,
    yours: Sentences,
    clashes: Vec<ClashLines>,
}

#[derive(Debug)]
struct ClashLines {
    entry: String,
    field: String,
    mine: Sentences,
    theirs: Sentences,
}

#[derive(Debug)]
struct ReadyLines {
    changes: Sentences,
    is_known: bool,
    rests: String,
    unreadable: Option<String>,
    now: ImpactLines,
    later: Vec<(String, ImpactLines)>,
    more_moments: Option<String>,
    alarms: Vec<String>,
    phrase: String,
}

/// For whom, at one moment.
#[derive(Debug)]
struct ImpactLines {
    is_now: bool,
    nothing: Option<Text>,
    gains: Vec<PeopleLine>,
    more_gains: usize,
    losses: Vec<PeopleLine>,
    more_losses: usize,
    left_without: Option<PeopleLine>,
    deserted: Vec<String>,
    more_deserted: usize,
}

/// People, and what becomes of them.
#[derive(Debug)]
struct PeopleLine {
    production: bool,
    sentence: String,
    /// By name, and where their own pages are.
    first: Vec<(Arc<str>, String)>,
    rest: Vec<(Arc<str>, String)>,
    more: usize,
}

impl<'a> ReviewPage<'a> {
    /// `finding` is what is wrong with the draft, if something is; `note` stands in the form.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        (review, finding): (&Review, &'a Finding),
        (note, again): (&'a str, Option<Again>),
    ) -> Self {
        let t = &frame.t.review;
        let (stale, ready) = match &review.stands {
            Stands::Stale(stale) => (Some(StaleLines::new(t, stale)), None),
            Stands::Ready(ready) => (None, Some(ReadyLines::new(t, ready))),
            _ => (None, None),
        };
        Self {
            href: links::admin_path(AdminPage::Draft(review.draft.id)),
            name: name_of(frame.t, &review.draft),
            standing: standing(frame.t, &review.draft),
            here: "drafts",
            version: review.draft.version,
            current: review.current,
            note,
            longest_note: LONGEST_NOTE,
            again: again.map(|again| again.said(t)),
            finding,
            stale,
            ready,
            frame,
            admin,
        }
    }
}

/// The field that decides for an entry.
pub(in crate::web) fn field_of_clash(entry: &EntryName) -> String {
    format!("take:{}:{}:{}", entry.section.key(), entry.nth, entry.name)
}

impl StaleLines {
    fn new(t: &ReviewTexts, stale: &Stale) -> Self {
        let newest = &stale.newest;
        let by = if newest.note.is_empty() {
            t.stale_by
        } else {
            t.stale_by_noted
        };
        Self {
            title: t.stale.with("number", newest.number).plain(),
            by: by
                .with("author", &newest.author)
                .with("moment", moment(newest.published))
                .with("note", &newest.note)
                .plain(),
            theirs: Sentences::new(stale.theirs.clone()),
            yours: Sentences::new(stale.yours.clone()),
            clashes: stale.clashes.iter().map(ClashLines::new).collect(),
        }
    }
}

impl ClashLines {
    fn new(clash: &Clash) -> Self {
        let first = |all: &[String]| Sentences::at_most(MOST_SENTENCES, all.to_vec());
        Self {
            entry: clash.entry.to_string(),
            field: field_of_clash(&clash.entry),
            mine: first(&clash.mine),
            theirs: first(&clash.theirs),
        }
    }
}

impl ReadyLines {
    fn new(t: &ReviewTexts, ready: &Ready) -> Self {
        let (rests, unreadable) = rests(t, &ready.known);
        let nothing = Impact::default();
        let impact = ready.known.impact().unwrap_or(&nothing);
        let is_all = impact.later.is_empty() && impact.more_moments == 0;
        let nobody = if is_all { t.nobody } else { t.nobody_now };
        let later = impact.later.iter().map(|later| {
            let title = t.later.with("moment", moment(later.moment)).plain();
            (title, ImpactLines::later(t, &later.impact))
        });
        let more = t.more_moments.of(impact.more_moments);
        let more = more.with("count", impact.more_moments);
        Self {
            changes: Sentences::new(ready.changes.clone()),
            is_known: ready.known.impact().is_some(),
            rests,
            unreadable,
            now: ImpactLines::now(t, impact, nobody),
            later: later.collect(),
            more_moments: (impact.more_moments > 0).then(|| more.plain()),
            alarms: ready.alarms.iter().map(|alarm| said(t, alarm)).collect(),
            phrase: ready.phrase(),
        }
    }
}

impl ImpactLines {
    fn now(t: &ReviewTexts, impact: &Impact, nobody: Text) -> Self {
        Self {
            is_now: true,
            ..Self::new(t, impact, (nobody, MOST_ROLES, usize::MAX))
        }
    }

    fn later(t: &ReviewTexts, impact: &Impact) -> Self {
        Self::new(t, impact, (t.nobody_then, LATER_ROLES, LATER_NAMES))
    }

    fn new(t: &ReviewTexts, impact: &Impact, (nobody, roles, names): (Text, usize, usize)) -> Self {
        let lines = |all: &[RoleImpact], text: Plural| -> Vec<PeopleLine> {
            let shown = all.iter().take(roles);
            let line = |role| PeopleLine::of_role(role, text).naming(names);
            shown.map(line).collect()
        };
        let left = &impact.left_without;
        let left_without = t.left_without.of(left.count).with("count", left.count);
        let more = |all: usize| all.saturating_sub(roles);
        let deserted = impact.deserted.iter().take(roles);
        Self {
            is_now: false,
            nothing: impact.is_nothing().then_some(nobody),
            gains: lines(&impact.gains, t.gain),
            more_gains: more(impact.gains.len()),
            losses: lines(&impact.losses, t.lose),
            more_losses: more(impact.losses.len()),
            left_without: (left.count > 0)
                .then(|| PeopleLine::new(false, left_without.plain(), left).naming(names)),
            deserted: deserted.map(ToString::to_string).collect(),
            more_deserted: more(impact.deserted.len()),
        }
    }
}

/// On whom an impact rests, and on whom it does not.
fn rests(t: &ReviewTexts, known: &Known) -> (String, Option<String>) {
    let left_out = |count: usize| {
        let text = t.unreadable.of(count).with("count", count);
        (count > 0).then(|| text.plain())
    };
    match known {
        Known::Off => (t.unknown_off.to_owned(), None),
        Known::Nobody { unreadable } => (t.unknown_nobody.to_owned(), left_out(*unreadable)),
        Known::Impact {
            impact,
            days,
            unreadable,
        } => {
            let rests = t.rests.of(impact.known).with("known", impact.known);
            (rests.with("days", days).plain(), left_out(*unreadable))
        }
    }
}

/// Why something needs a second thought.
fn said(t: &ReviewTexts, alarm: &Alarm) -> String {
    match alarm {
        Alarm::ProductionToEverybody(roles) => {
            let first: Vec<String> = roles
                .iter()
                .take(ALARM_ROLES)
                .map(ToString::to_string)
                .collect();
            let more = roles.len() - first.len();
            let text = if more > 0 {
                t.to_everybody_more
            } else {
                t.to_everybody
            };
            text.with("roles", first.join(", "))
                .with("count", more)
                .plain()
        }
        Alarm::LastRoleFromMany { count, known } => t
            .from_many
            .with("count", count)
            .with("known", known)
            .plain(),
        Alarm::NothingForAnybody => t.for_nobody.to_owned(),
    }
}

impl PeopleLine {
    fn of_role(role: &RoleImpact, text: Plural) -> Self {
        let count = role.people.count;
        let sentence = text.of(count).with("count", count).with("role", &role.role);
        Self::new(role.production, sentence.plain(), &role.people)
    }

    fn new(production: bool, sentence: String, people: &People) -> Self {
        let hrefs = people.keys.iter().map(|key| links::admin_person(key));
        let mut first: Vec<_> = people.names.iter().cloned().zip(hrefs).collect();
        let rest = first.split_off(first.len().min(FIRST_NAMES));
        Self {
            production,
            sentence,
            more: people.count - people.names.len(),
            first,
            rest,
        }
    }
    /// The same with at most so many names; the others are counted.
    fn naming(mut self, most: usize) -> Self {
        let rest = most.saturating_sub(self.first.len());
        self.more += self.rest.len().saturating_sub(rest);
        self.rest.truncate(rest);
        self
    }
}
