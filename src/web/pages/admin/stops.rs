//! Blocks and suspensions: the list, and the form that suspends.

use askama::Template;

use super::{AdminFrame, Frame, Standing, moment};
use crate::admin::{StopLine, StopList};
use crate::domain::stop::{Target, UntilError};
use crate::web::links;
use crate::web::texts::{self, Text, Texts};

/// What a form that stops something says, as written; kept where it cannot be done.
#[derive(Debug, Default)]
pub(in crate::web) struct StopForm {
    pub(in crate::web) place: String,
    pub(in crate::web) until: String,
    pub(in crate::web) note: String,
    pub(in crate::web) trouble: Option<StopTrouble>,
}

impl StopForm {
    /// The end as the field for it can hold it; a text that is no moment would be left out by the browser with a complaint.
    pub(super) fn until_to_show(&self) -> &str {
        let shape = b"0000-00-00T00:00";
        let fits = self.until.len() == shape.len()
            && self
                .until
                .bytes()
                .zip(shape)
                .all(|(said, place)| match place {
                    b'0' => said.is_ascii_digit(),
                    _ => said == *place,
                });
        if fits { &self.until } else { "" }
    }
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum StopTrouble {
    Place,
    Subject,
    Until(UntilError),
    Note,
    Own,
}

impl StopTrouble {
    pub(super) fn text(self, t: &Texts) -> Text {
        match self {
            Self::Place => t.stops.bad_place,
            Self::Subject => t.people.bad_subject,
            Self::Until(UntilError::Unreadable) => t.stops.bad_until,
            Self::Until(UntilError::Past) => t.stops.past_until,
            Self::Until(UntilError::Far) => t.stops.far_until,
            Self::Note => t.stops.bad_note,
            Self::Own => t.person.block_own,
        }
    }
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "admin/stops.html")]
pub(in crate::web) struct StopsPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    lines: Vec<Line<'a>>,
    is_newest: bool,
    /// Where those stand that were set before these.
    older: Option<String>,
    trouble: Option<Text>,
    form: &'a StopForm,
}

#[derive(Debug)]
struct Line<'a> {
    kind: &'static str,
    kind_word: Text,
    target: String,
    /// A person has a page.
    href: Option<String>,
    name: &'a str,
    /// What readers know a person by beside the name.
    subject: Option<String>,
    what: String,
    by: String,
    note: &'a str,
    lift: Text,
    in_force: bool,
}

impl<'a> StopsPage<'a> {
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        (list, is_newest): (&'a StopList, bool),
        form: &'a StopForm,
    ) -> Self {
        let lines = list.lines.iter();
        Self {
            here: "stops",
            lines: lines.map(|stop| Line::new(frame.t, stop)).collect(),
            is_newest,
            older: list.next.as_ref().map(links::admin_stops),
            trouble: form.trouble.map(|trouble| trouble.text(frame.t)),
            form,
            frame,
            admin,
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        6 * 1024 + self.lines.len() * 1_024
    }
}

impl<'a> Line<'a> {
    fn new(texts: &Texts, line: &'a StopLine) -> Self {
        let (t, stop) = (&texts.stops, &line.stop);
        let (kind_word, word, href) = match &stop.target {
            Target::Person(key) => (t.person, t.blocked, Some(links::admin_person(key))),
            Target::Account(_) => (t.account, t.suspended, None),
            Target::Role(_) => (t.role, t.suspended, None),
        };
        let what = match stop.until.0 {
            Some(ended) if !line.in_force => t.ended.with("moment", moment(ended)),
            _ => word.with("until", texts::until(texts, stop.until)),
        };
        let by = t.by.with("moment", moment(stop.at));
        let subject = stop.person.as_ref();
        Self {
            kind: stop.target.kind(),
            kind_word,
            href,
            name: &line.name,
            subject: subject.map(|person| format!("{} · {}", person.subject.value, person.idp)),
            what: what.plain(),
            by: by.with("author", &stop.author).plain(),
            note: &stop.note,
            lift: if line.in_force { t.lift } else { t.forget },
            in_force: line.in_force,
            target: stop.target.to_string(),
        }
    }
}
