//! Cutting sessions off in AWS: whose, by which policies, and what came of it.

mod stands;
#[cfg(test)]
mod tests;

use askama::Template;

use super::stops::StopTrouble;
use super::{AdminFrame, Standing, moment};
use crate::admin::revoke::{
    Place, Revocation, SeenLately, SeenPeople, State, Stopped, Waiting, Why,
};
use crate::domain::identity::Subject;
use crate::domain::revoke::{POLICY, Target, Way};
use crate::domain::stop::UntilError;
use crate::signin::IdpChoice;
use crate::web::pages::Frame;
use crate::web::texts::{RevokeTexts, Texts};

use stands::{PersonLine, Stands, href_of};

/// About how long the page is without what was asked, and for each place.
const BARE_BYTES: usize = 12 * 1024;
const PLACE_BYTES: usize = 3 * 1024;

/// What the form says, as written.
#[derive(Debug, Default)]
pub(in crate::web) struct RevokeAsked {
    /// The role.
    pub(in crate::web) role: String,
    /// The provider.
    pub(in crate::web) idp: String,
    /// The subject's format.
    pub(in crate::web) format: String,
    /// Whom.
    pub(in crate::web) subject: String,
    /// What was searched for.
    pub(in crate::web) search: String,
    /// Links are cut off ahead, and not once more.
    pub(in crate::web) ahead: bool,
    /// Why.
    pub(in crate::web) note: String,
    /// They are stopped before anything is cut.
    pub(in crate::web) stop_first: bool,
    /// Until when; empty: what suits.
    pub(in crate::web) until: String,
}

/// What came of it.
#[derive(Debug)]
pub(in crate::web) enum RevokeOutcome {
    /// Nothing was asked yet.
    Nothing,
    /// It cannot be meant.
    Trouble(RevokeTrouble),
    /// These people are known.
    Found(SeenPeople),
    /// This person is meant, and AWS was not asked yet.
    Chosen {
        /// Who.
        who: SeenLately,
        /// What keeps them from coming in anew.
        stopped: Option<Stopped>,
    },
    /// It was looked at, or done.
    Report(Box<Revocation>),
}

/// Why it cannot be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum RevokeTrouble {
    /// It is not written like a role.
    Role,
    /// There is no such role.
    NoSuchRole,
    /// More than is read.
    TooLong,
    /// The note.
    Note,
    /// The end of a block or a suspension.
    Until(UntilError),
    /// Somebody would block themself.
    Own,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "admin/revoke.html")]
pub(in crate::web) struct RevokePage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    asked: &'a RevokeAsked,
    idps: Vec<(&'a str, &'a str, bool)>,
    trouble: Option<&'static str>,
    found: Option<Vec<PersonLine<'a>>>,
    /// There are more of them than are told of.
    more: bool,
    chosen: Option<(PersonLine<'a>, Stands)>,
    report: Option<Report<'a>>,
    open: Vec<Line<'a>>,
    ended: Vec<Line<'a>>,
}

/// A report.
#[derive(Debug)]
struct Report<'a> {
    class: &'static str,
    title: String,
    sentences: Vec<String>,
    places: Vec<PlaceLine<'a>>,
    gaps: &'a [String],
    ways_past: &'a [String],
    /// The moment to do it by, in seconds; `None` where there is nothing to do.
    at: Option<i64>,
    /// The page of the person whom it is about.
    person: Option<String>,
    stands: Stands,
}

#[derive(Debug)]
struct PlaceLine<'a> {
    place: &'a Place,
    word: &'static str,
    state: String,
    cause: Option<&'a str>,
    policy: String,
    /// None stands there when it is done.
    none_is_left: bool,
    /// The second one, with what is said of it.
    once_more: Option<(String, &'a str)>,
}

/// A piece of work.
#[derive(Debug)]
struct Line<'a> {
    about: String,
    what: &'static str,
    when: String,
    cause: &'a str,
}

/// What is to be done, and what was done lately.
type Work = (Vec<Waiting>, Vec<Waiting>);

impl<'a> RevokePage<'a> {
    pub(in crate::web) fn new(
        (AdminFrame { frame, admin }, idps): (AdminFrame<'a>, &'a [IdpChoice]),
        (asked, outcome): (&'a RevokeAsked, &'a RevokeOutcome),
        ((open, ended), own): (&'a Work, (&str, &Subject)),
    ) -> Self {
        let t = &frame.t.revoke;
        let chosen = |idp: &'a IdpChoice| {
            let id = idp.id.as_str();
            (id, idp.name.as_str(), id == asked.idp)
        };
        Self {
            admin,
            here: "revoke",
            asked,
            idps: idps.iter().map(chosen).collect(),
            trouble: match outcome {
                RevokeOutcome::Trouble(trouble) => Some(told(frame.t, *trouble)),
                _ => None,
            },
            found: match outcome {
                RevokeOutcome::Found(found) => {
                    Some(found.people.iter().map(PersonLine::new).collect())
                }
                _ => None,
            },
            more: matches!(outcome, RevokeOutcome::Found(found) if found.more),
            chosen: match outcome {
                RevokeOutcome::Chosen { who, stopped } => {
                    let target = Target::Person(who.person.clone());
                    let stands = Stands::new(frame.t, &target, *stopped, own);
                    Some((PersonLine::new(who), stands))
                }
                _ => None,
            },
            report: match outcome {
                RevokeOutcome::Report(revocation) => Some(report(frame.t, revocation, own)),
                _ => None,
            },
            open: open.iter().map(|waiting| line(t, waiting)).collect(),
            ended: ended.iter().map(|waiting| line(t, waiting)).collect(),
            frame,
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        let places = self.report.as_ref().map_or(0, |report| report.places.len());
        BARE_BYTES + (places + self.open.len() + self.ended.len()) * PLACE_BYTES
    }
}

fn told(all: &Texts, trouble: RevokeTrouble) -> &'static str {
    let t = &all.revoke;
    match trouble {
        RevokeTrouble::Role => t.trouble_role,
        RevokeTrouble::NoSuchRole => t.trouble_no_such_role,
        RevokeTrouble::TooLong => t.trouble_too_long,
        RevokeTrouble::Note => t.trouble_note,
        RevokeTrouble::Until(error) => StopTrouble::Until(error).text(all),
        RevokeTrouble::Own => StopTrouble::Own.text(all),
    }
}

fn report<'a>(all: &Texts, revocation: &'a Revocation, own: (&str, &Subject)) -> Report<'a> {
    let t = &all.revoke;
    let (target, way) = (&revocation.asked.target, revocation.asked.way);
    let whom = match target {
        Target::Role(key) => t.whom_role.with("role", key).plain(),
        Target::Person(person) => t
            .whom_person
            .with("subject", &person.subject)
            .with("idp", &person.idp)
            .plain(),
    };
    let cutoff = moment_to_the_second(way.cutoff(revocation.at));
    let nothing = revocation.places.is_empty() && revocation.gaps.is_empty();
    let (class, title) = match (revocation.applied, revocation.is_whole()) {
        _ if nothing => ("", t.nothing_on_record),
        (false, _) => ("", t.would_be),
        (true, true) => ("right", t.all_cut),
        (true, false) => ("wrong", t.not_all_cut),
    };
    let mut sentences = vec![whom];
    if nothing {
        sentences.push(t.nothing_on_record_text.to_owned());
    } else {
        sentences.push(t.before.with("moment", &cutoff).plain());
    }
    let cut = |place: &Place| place.state == State::Cut;
    if revocation.places.iter().any(cut) {
        sentences.push(t.minutes.to_owned());
    }
    sentences.extend(later(t, revocation, cutoff));
    let can = |place: &Place| place.state == State::Planned;
    let open = !revocation.applied && revocation.places.iter().any(can);
    Report {
        class,
        title: title.to_owned(),
        sentences,
        places: revocation
            .places
            .iter()
            .map(|place| of_place(t, place))
            .collect(),
        gaps: &revocation.gaps,
        ways_past: &revocation.ways_past,
        at: open.then(|| revocation.at.timestamp()),
        person: match target {
            Target::Role(_) => None,
            Target::Person(person) => Some(href_of(person)),
        },
        stands: if revocation.role_is_gone {
            Stands::gone(all)
        } else {
            Stands::new(all, target, revocation.stopped, own)
        },
    }
}

/// What becomes of those who begin something by a link of before.
fn later(t: &RevokeTexts, revocation: &Revocation, cutoff: String) -> Option<String> {
    let places = &revocation.places;
    let not_cut = |place: &Place| matches!(place.state, State::NotCut { .. });
    let cut = |place: &Place| place.state == State::Cut;
    if places.iter().all(not_cut) {
        // of what cannot be cut off there is nothing to say
        return None;
    }
    match (revocation.asked.way, revocation.once_more) {
        (_, Some(at)) => {
            let at = moment_to_the_second(at);
            Some(t.once_more.with("moment", at).plain())
        }
        (_, None) if revocation.applied && !places.iter().any(cut) => None,
        (Way::Again, None) => Some(t.will_be_once_more.to_owned()),
        (Way::Ahead, None) => Some(t.shut_out.with("moment", cutoff).plain()),
    }
}

fn of_place<'a>(t: &RevokeTexts, place: &'a Place) -> PlaceLine<'a> {
    let (state, cause) = match &place.state {
        State::Planned => (t.planned.to_owned(), None),
        State::Cut => (t.cut.to_owned(), None),
        State::Pending { cause, again, .. } => (
            t.pending
                .with("moment", moment_to_the_second(*again))
                .plain(),
            Some(cause.as_str()),
        ),
        State::NotCut { cause, .. } => (t.not_cut.to_owned(), Some(cause.as_str())),
    };
    let (policy, is_put) = match &place.state {
        State::Planned | State::Cut => (t.policy, true),
        State::Pending { .. } | State::NotCut { .. } => (t.policy_by_hand, false),
    };
    let once_more = place.once_more.as_ref().map(|once_more| {
        let at = moment_to_the_second(once_more.at);
        let says = t.policy_once_more.with("name", POLICY).with("moment", at);
        (says.plain(), once_more.document.as_str())
    });
    PlaceLine {
        place,
        word: place.state.word(),
        state,
        cause,
        policy: policy.with("name", POLICY).plain(),
        none_is_left: is_put && place.document.is_none(),
        once_more,
    }
}

fn line<'a>(t: &RevokeTexts, waiting: &'a Waiting) -> Line<'a> {
    let whose = if waiting.everybody {
        t.everybodys
    } else {
        t.ones
    };
    let about = whose.with("roles", waiting.roles.join(", ")).plain();
    let what = match waiting.why {
        Why::Asked => t.work_first,
        Why::OnceMore => t.work_once_more,
        Why::Tidy => t.work_tidy,
    };
    let (when, at) = match waiting.state {
        "due" => (t.due, waiting.due),
        "done" => (t.done, waiting.changed),
        _ => (t.given_up, waiting.changed),
    };
    Line {
        about,
        what,
        when: when.with("moment", moment(at)).plain(),
        cause: &waiting.cause,
    }
}

fn moment_to_the_second(at: crate::domain::Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
