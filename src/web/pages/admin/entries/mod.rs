//! A draft's accounts, roles, scopes and rules: as lists, and one as a form with what is wrong beside its field.

pub(in crate::web) mod conditions;
pub(in crate::web) mod fields;
#[cfg(test)]
mod tests;

use askama::Template;
use serde_json::Value;

use super::drafts::{name_of, standing};
use super::{AdminFrame, Standing};
use crate::admin::{DraftSummary, EntryLine, EntryList};
use crate::domain::access::edit::Entry;
use crate::domain::access::{Document, EntryName, Problem, Section};
use crate::domain::intent::AdminPage;
use crate::web::links;
use crate::web::pages::Frame;
use crate::web::texts::{EntryTexts, Text};

use conditions::{AS_WRITTEN, OPERATORS, Row};
use fields::Kind;

/// About how long the pages are without their lines, and for each.
const BARE_BYTES: usize = 8 * 1024;
const BYTES_PER_LINE: usize = 2 * 1024;

/// A section of a draft as a list.
#[derive(Debug, Template)]
#[template(path = "admin/entries.html")]
pub(in crate::web) struct EntriesPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    name: String,
    standing: String,
    draft_href: String,
    review_href: String,
    list_href: String,
    new_href: String,
    tabs: Vec<(Text, String, usize, bool)>,
    query: &'a str,
    lines: Vec<Line>,
    summary: String,
}

#[derive(Debug)]
struct Line {
    title: String,
    href: String,
    text: String,
    users: Vec<(String, String)>,
    more_users: usize,
}

/// Where a section of a draft stands.
fn list_href(draft: &DraftSummary, section: Section) -> String {
    let draft = links::admin_path(AdminPage::Draft(draft.id));
    format!("{draft}/entries/{}", section.key())
}

/// Where an entry of a draft stands.
pub(in crate::web) fn entry_href(draft: &DraftSummary, name: &EntryName) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("name", &name.name);
    if name.nth > 0 {
        query.append_pair("nth", &name.nth.to_string());
    }
    let list = list_href(draft, name.section);
    format!("{list}/edit?{}", query.finish())
}

fn section_name(t: &EntryTexts, section: Section) -> Text {
    match section {
        Section::Accounts => t.accounts,
        Section::Roles => t.roles,
        Section::Scopes => t.scopes,
        Section::Rules => t.rules,
    }
}

fn title_of(t: &EntryTexts, name: &str) -> String {
    if name.is_empty() { t.unnamed } else { name }.to_owned()
}

/// An entry as it stands in the text.
fn as_text(entry: &Entry) -> String {
    let mut only = Document::default();
    match entry.clone() {
        Entry::Account(entry) => only.accounts.push(*entry),
        Entry::Role(entry) => only.roles.push(*entry),
        Entry::Scope(entry) => only.scopes.push(entry),
        Entry::Rule(entry) => only.rules.push(entry),
    }
    only.to_toml()
}

fn users(draft: &DraftSummary, users: &[EntryName]) -> Vec<(String, String)> {
    let users = users.iter();
    users
        .map(|user| (user.to_string(), entry_href(draft, user)))
        .collect()
}

impl<'a> EntriesPage<'a> {
    /// `query` is what narrowed the list.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        list: &EntryList,
        query: &'a str,
    ) -> Self {
        let t = &frame.t.entry;
        let (draft, section) = (&list.draft, list.section);
        let line = |line: &EntryLine| Line {
            title: title_of(t, &line.name.name),
            href: entry_href(draft, &line.name),
            text: as_text(&line.entry),
            users: users(draft, &line.users),
            more_users: line.more_users,
        };
        let counts = Section::ALL.into_iter().zip(list.counts);
        let tabs = counts.map(|(of, count)| {
            let is_here = of == section;
            (section_name(t, of), list_href(draft, of), count, is_here)
        });
        let (found, shown) = (list.found, list.lines.len());
        let summary = if shown < found { t.cut } else { t.count };
        Self {
            name: name_of(frame.t, draft),
            standing: standing(frame.t, draft),
            draft_href: links::admin_path(AdminPage::Draft(draft.id)),
            review_href: links::admin_path(AdminPage::Review(draft.id)),
            list_href: list_href(draft, section),
            new_href: format!("{}/edit", list_href(draft, section)),
            tabs: tabs.collect(),
            query,
            lines: list.lines.iter().map(line).collect(),
            summary: summary.with("found", found).with("shown", shown).plain(),
            here: "drafts",
            frame,
            admin,
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        BARE_BYTES + self.lines.len() * BYTES_PER_LINE
    }
}

/// What a form holds.
#[derive(Debug, Clone)]
pub(in crate::web) struct Filled {
    /// The keys, as far as fields are for them.
    pub(in crate::web) keys: Vec<(&'static str, String)>,
    /// The conditions of a rule.
    pub(in crate::web) rows: Vec<Row>,
    /// Whether an alias that changes becomes a former one.
    pub(in crate::web) keeps_links: bool,
}

impl Filled {
    /// An entry as its form shows it.
    pub(in crate::web) fn of(section: Section, entry: Option<&Entry>) -> Self {
        let value = entry.map_or(Value::Null, Entry::to_value);
        let fields = fields::of(section).iter();
        let rows = match entry {
            Some(Entry::Rule(rule)) => rule.when.iter().map(Row::of).collect(),
            _ => vec![Row::empty()],
        };
        Self {
            keys: fields
                .map(|field| (field.key, fields::written(*field, &value)))
                .collect(),
            rows,
            keeps_links: true,
        }
    }
}

/// Which entry a form is about, and what came of it.
#[derive(Debug)]
pub(in crate::web) struct About<'a> {
    /// The draft.
    pub(in crate::web) draft: &'a DraftSummary,
    /// Which section.
    pub(in crate::web) section: Section,
    /// What named the entry; `None`: it is new.
    pub(in crate::web) at: Option<&'a EntryName>,
    /// How it was seen.
    pub(in crate::web) seen: &'a str,
    /// What refers to it.
    pub(in crate::web) users: &'a [EntryName],
    /// What is wrong, by key paths within the entry.
    pub(in crate::web) problems: &'a [Problem],
    /// Keys of which what they say cannot mean anything.
    pub(in crate::web) unreadable: &'a [&'static str],
    /// Somebody changed it meanwhile.
    pub(in crate::web) overtaken: bool,
}

/// An entry's form.
#[derive(Debug, Template)]
#[template(path = "admin/entry.html")]
pub(in crate::web) struct EntryPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    title: String,
    draft: String,
    draft_href: String,
    list_href: String,
    list: Text,
    action: String,
    at: Option<&'a EntryName>,
    seen: &'a str,
    /// Whether old links lead on, where the entry is one that has links.
    keeps_links: Option<bool>,
    fields: Vec<FieldLines>,
    rows: Option<Vec<RowLines>>,
    row_problems: Vec<String>,
    problems: Vec<String>,
    has_problems: bool,
    users: Vec<(String, String)>,
    overtaken: bool,
}

#[derive(Debug)]
struct FieldLines {
    key: &'static str,
    label: Text,
    hint: Text,
    shape: Shape,
    value: String,
    choices: Vec<(&'static str, bool)>,
    problems: Vec<String>,
}

/// What stands for a field on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Line,
    Lines,
    Check,
    Choice,
}

#[derive(Debug)]
struct RowLines {
    place: usize,
    not: bool,
    operators: Vec<(&'static str, Text, bool)>,
    attribute: String,
    value: String,
    written: String,
    problems: Vec<String>,
}

impl<'a> EntryPage<'a> {
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        about: &About<'a>,
        filled: &Filled,
    ) -> Self {
        let t = &frame.t.entry;
        let (section, draft) = (about.section, about.draft);
        let beside = |key: &str| -> Vec<String> {
            let all = about.problems.iter();
            let own = all.filter(|problem| fields::about(section, &problem.path) == Some(key));
            let unreadable = about
                .unreadable
                .contains(&key)
                .then(|| t.cannot_be.to_owned());
            let own = own.map(|problem| said(&problem.path, key, problem));
            unreadable.into_iter().chain(own).collect()
        };
        let fields = fields::of(section).iter().map(|field| {
            let value = filled.keys.iter().find(|(key, _)| *key == field.key);
            let value = value.map_or_else(String::new, |(_, value)| value.clone());
            FieldLines::new(t, *field, (value, beside(field.key)))
        });
        let of_rows = |problem: &&Problem| problem.path.starts_with("when");
        let rows = (section == Section::Rules).then(|| {
            let rows = filled.rows.iter().enumerate();
            rows.map(|(place, row)| RowLines::new(t, (place, row), about.problems))
                .collect()
        });
        let elsewhere = about
            .problems
            .iter()
            .filter(|problem| fields::about(section, &problem.path).is_none() && !of_rows(problem));
        let whole = about
            .problems
            .iter()
            .filter(|problem| problem.path == "when");
        Self {
            title: match about.at {
                Some(name) => title_of(t, &name.name),
                None => t.new.to_owned(),
            },
            draft: name_of(frame.t, draft),
            draft_href: links::admin_path(AdminPage::Draft(draft.id)),
            list_href: list_href(draft, section),
            list: section_name(t, section),
            action: format!("{}/edit", list_href(draft, section)),
            at: about.at,
            seen: about.seen,
            keeps_links: (section == Section::Accounts && about.at.is_some())
                .then_some(filled.keeps_links),
            fields: fields.collect(),
            rows,
            row_problems: whole.map(|problem| problem.kind.to_string()).collect(),
            problems: elsewhere.map(ToString::to_string).collect(),
            has_problems: !about.problems.is_empty() || !about.unreadable.is_empty(),
            users: users(draft, about.users),
            overtaken: about.overtaken,
            here: "drafts",
            frame,
            admin,
        }
    }
}

/// What is wrong with a key, and with which part of it.
fn said(path: &str, key: &str, problem: &Problem) -> String {
    match path.strip_prefix(key) {
        Some("") | None => problem.kind.to_string(),
        Some(part) => format!("{}: {}", part.trim_start_matches('.'), problem.kind),
    }
}

impl FieldLines {
    fn new(t: &EntryTexts, field: fields::Field, (value, problems): (String, Vec<String>)) -> Self {
        let (shape, hint) = match field.kind {
            Kind::Line | Kind::Number => (Shape::Line, ""),
            Kind::Text => (Shape::Lines, ""),
            Kind::Flag => (Shape::Check, ""),
            Kind::Choice(_) => (Shape::Choice, ""),
            Kind::List => (Shape::Lines, t.one_a_line),
            Kind::Table => (Shape::Lines, t.name_and_value),
        };
        let choices = match field.kind {
            Kind::Choice(words) => words.iter().map(|word| (*word, *word == value)).collect(),
            _ => Vec::new(),
        };
        Self {
            key: field.key,
            label: (field.label)(t),
            hint,
            shape,
            value,
            choices,
            problems,
        }
    }
}

impl RowLines {
    fn new(t: &EntryTexts, (place, row): (usize, &Row), problems: &[Problem]) -> Self {
        let prefix = format!("when[{place}]");
        let own = problems.iter().filter_map(|problem| {
            let part = problem.path.strip_prefix(&prefix)?;
            Some(said(part, "", problem))
        });
        let operators: Vec<&'static str> = if row.operator == AS_WRITTEN {
            vec![AS_WRITTEN, ""]
        } else {
            OPERATORS.into_iter().chain([""]).collect()
        };
        let operators = operators.into_iter().map(|operator| {
            (
                operator,
                conditions::name_of(t, operator),
                operator == row.operator,
            )
        });
        Self {
            place,
            not: row.not,
            operators: operators.collect(),
            attribute: row.attribute.clone(),
            value: row.value.clone(),
            written: row.written.clone(),
            problems: own.collect(),
        }
    }
}
