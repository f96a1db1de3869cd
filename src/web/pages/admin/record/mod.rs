//! The record's pages: the search with its rows, and what the record says of a person or a role.

mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use askama::Template;

use super::{AdminFrame, Standing};
use crate::admin::{Format, Found, Looked, OfPerson, OfRole, RecordSection};
use crate::domain::audit::EventKind;
use crate::domain::person::PersonKey;
use crate::domain::record::{Cursor, Search, people};
use crate::web::links;
use crate::web::pages::Frame;
use crate::web::texts::{Filled, RecordTexts};

use rows::RowLines;

/// About how long the page is without rows, and for each row.
const BARE_BYTES: usize = 12 * 1024;
const ROW_BYTES: usize = 3 * 1024;

/// What the form says, as written: by the names of the fields.
#[derive(Debug, Default)]
pub(in crate::web) struct RecordAsked(pub(in crate::web) Vec<(&'static str, String)>);

impl RecordAsked {
    fn value(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        let field = fields.find(|(field, _)| *field == name);
        field.map_or("", |(_, value)| value)
    }

    /// Whether the fields that are folded away say something.
    fn has_more(&self) -> bool {
        let plain = [
            "person", "account", "role", "kind", "result", "from", "until",
        ];
        self.0.iter().any(|(name, _)| !plain.contains(name))
    }
}

/// Those who have no page of their own any more.
type Unknown = BTreeSet<PersonKey>;

/// The search.
#[derive(Debug, Template)]
#[template(path = "admin/record.html")]
pub(in crate::web) struct RecordPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    asked: &'a RecordAsked,
    kinds: Vec<(&'static str, bool)>,
    trouble: Option<String>,
    rows: Vec<RowLines>,
    /// Nothing was found, and so many rows were looked at, with more before them.
    none_yet: Option<usize>,
    is_newest: bool,
    older: Option<String>,
    copies: [String; 2],
    unindexed: Option<(i64, i64)>,
}

impl<'a> RecordPage<'a> {
    /// What was found.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        asked: &'a RecordAsked,
        (search, before): (&Search, Option<Cursor>),
        (looked, unknown): (&Looked, &Unknown),
    ) -> Self {
        let fields = search.fields();
        let with = |name: &'static str, value: String| {
            let mut fields = fields.clone();
            fields.push((name, value));
            fields
        };
        let next = looked.next;
        let copy = |format: Format| {
            links::admin_record("/export", &with("format", format.name().to_owned()))
        };
        let none_yet = looked.rows.is_empty() && next.is_some();
        Self {
            kinds: kinds(search.kind),
            trouble: None,
            rows: RowLines::all(&frame.t.record, &looked.rows, unknown),
            none_yet: none_yet.then_some(looked.looked_at as usize),
            is_newest: before.is_none(),
            older: next.map(|next| links::admin_record("", &with("before", next.text()))),
            copies: [copy(Format::Jsonl), copy(Format::Csv)],
            unindexed: looked.unindexed,
            here: "record",
            frame,
            admin,
            asked,
        }
    }

    /// What was asked cannot be searched.
    pub(in crate::web) fn trouble(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        asked: &'a RecordAsked,
        trouble: String,
    ) -> Self {
        let copies = [String::new(), String::new()];
        Self {
            kinds: kinds(None),
            trouble: Some(trouble),
            rows: Vec::new(),
            none_yet: None,
            is_newest: true,
            older: None,
            copies,
            unindexed: None,
            here: "record",
            frame,
            admin,
            asked,
        }
    }

    /// About how long it is.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        BARE_BYTES + self.rows.len() * ROW_BYTES
    }
}

fn kinds(chosen: Option<EventKind>) -> Vec<(&'static str, bool)> {
    let kinds = EventKind::ALL.iter();
    kinds
        .map(|kind| (kind.name(), Some(*kind) == chosen))
        .collect()
}

/// Rows of one sort, under a heading.
#[derive(Debug)]
struct Part {
    id: &'static str,
    title: &'static str,
    rows: Vec<RowLines>,
    /// Nothing was found, and so many rows were looked at, with more before them.
    none_yet: Option<usize>,
    all: Vec<Filled>,
}

impl Part {
    fn new(
        t: &'static RecordTexts,
        (id, title): (&'static str, &'static str),
        (section, unknown): (&RecordSection, &Unknown),
    ) -> Self {
        let searches = section.searches.iter().filter(|_| section.more);
        let none_yet = section.rows.is_empty() && section.more;
        let all = searches.map(|search| {
            let href = links::admin_record("", &search.fields());
            match search.kind {
                Some(kind) => t.all_of.with("href", href).with("kind", kind.name()),
                None => t.all_about.with("href", href),
            }
        });
        Self {
            id,
            title,
            rows: RowLines::all(t, &section.rows, unknown),
            none_yet: none_yet.then_some(section.looked_at as usize),
            all: all.collect(),
        }
    }
}

/// The pages of whom rows name by a subject, each with the subject's format where there are several.
fn people_of<'a>(
    (idp, subject): (&str, &str),
    rows: impl Iterator<Item = &'a Found>,
    unknown: &Unknown,
) -> Vec<(String, String)> {
    let events = rows.filter_map(|found| Some(&found.record.as_ref()?.event));
    let formats: BTreeSet<&str> = events
        .flat_map(people)
        .filter(|person| person.idp == idp && person.subject == subject)
        .filter(|person| !unknown.contains(&person.key()))
        .map(|person| person.format)
        .collect();
    let several = formats.len() > 1;
    let page = |format: &str| {
        let href = links::admin_person(&PersonKey::of(idp, format, subject));
        let format = if several { format } else { "" };
        (format.to_owned(), href)
    };
    formats.into_iter().map(page).collect()
}

/// What the record says of a person or a role.
#[derive(Debug, Template)]
#[template(path = "admin/record_of.html")]
pub(in crate::web) struct RecordOfPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    title: String,
    lead: String,
    /// The person's own page; one for each format of the subject.
    people: Vec<(String, String)>,
    parts: Vec<Part>,
    unindexed: Option<(i64, i64)>,
}

impl<'a> RecordOfPage<'a> {
    /// Of a person.
    pub(in crate::web) fn person(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        (idp, subject): (&str, &str),
        (of, unknown): (&OfPerson, &Unknown),
    ) -> Self {
        let t = &frame.t.record;
        let records = of.rows().filter_map(|found| found.record.as_ref());
        let mut events = records.map(|record| &record.event);
        // the newest name they had
        let named = events.find_map(|event| {
            let is = event.idp.as_deref() == Some(idp) && event.subject.as_deref() == Some(subject);
            event.display_name.as_deref().filter(|_| is)
        });
        let people = people_of((idp, subject), of.rows(), unknown);
        let lead = t.of_person_lead.with("subject", subject).with("idp", idp);
        Self {
            title: t.of_person.with("who", named.unwrap_or(subject)).plain(),
            lead: lead.plain(),
            people,
            parts: vec![
                Part::new(t, ("signins", t.signins), (&of.signins, unknown)),
                Part::new(t, ("sessions", t.sessions), (&of.sessions, unknown)),
                Part::new(t, ("refusals", t.refusals), (&of.refusals, unknown)),
                Part::new(t, ("about-them", t.about_them), (&of.about, unknown)),
            ],
            unindexed: of.unindexed,
            here: "record",
            frame,
            admin,
        }
    }

    /// Of a role.
    pub(in crate::web) fn role(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        role: &str,
        (of, unknown): (&OfRole, &Unknown),
    ) -> Self {
        let t = &frame.t.record;
        Self {
            title: t.of_role.with("role", role).plain(),
            lead: t.of_role_lead.to_owned(),
            people: Vec::new(),
            parts: vec![
                Part::new(t, ("signins", t.signins), (&of.signins, unknown)),
                Part::new(t, ("refusals", t.refusals), (&of.refusals, unknown)),
                Part::new(t, ("changes", t.changes), (&of.changes, unknown)),
            ],
            unindexed: of.unindexed,
            here: "record",
            frame,
            admin,
        }
    }

    /// About how long it is.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        let rows: usize = self.parts.iter().map(|part| part.rows.len()).sum();
        BARE_BYTES + rows * ROW_BYTES
    }
}
