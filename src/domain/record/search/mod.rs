//! What somebody looks for in the record: any combination of fields, between two moments.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat};

use super::terms::{Class, Term, names};
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind, Record};

/// The longest text of a field, in bytes.
const LONGEST: usize = 2048;

/// The names of all fields: of a page's form, of a query, of a command's options.
pub const FIELDS: [&str; 18] = [
    "person",
    "idp",
    "subject",
    "subject_format",
    "about",
    "account",
    "role",
    "kind",
    "result",
    "cause",
    "signin",
    "reference",
    "session_name",
    "source_identity",
    "access_key",
    "address",
    "from",
    "until",
];

/// A field does not hold what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// There is no such field.
    #[error("there is no such field")]
    Unknown,
    /// The text is too long, or holds what no such text holds.
    #[error("`{0}` is too long, or holds control characters")]
    Text(&'static str),
    /// The text is no moment.
    #[error("`{0}` is a date (2026-11-29) or a moment (2026-11-29T16:00:00Z)")]
    Moment(&'static str),
    /// The text is no kind of event.
    #[error("`kind` is one of the kinds of events, such as signin_ended")]
    Kind,
    /// A person is a provider and a subject.
    #[error("`idp` and `subject` go together; `subject_format` and `about` with them alone")]
    Person,
    /// Nothing lies between the moments.
    #[error("`until` is later than `from`")]
    Empty,
}

/// Where a page of the record ends: the next begins before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The last row's time, in milliseconds since 1970.
    pub at: i64,
    /// Its position.
    pub position: i64,
}

impl Cursor {
    /// Reads what [`Cursor::text`] has written.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, position) = text.split_once('.')?;
        let digits = |text: &str| {
            let plain = text.strip_prefix('-').unwrap_or(text);
            !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit())
        };
        (digits(at) && digits(position)).then_some(())?;
        Some(Self {
            at: at.parse().ok()?,
            position: position.parse().ok()?,
        })
    }

    /// As text for a link.
    pub fn text(self) -> String {
        format!("{}.{}", self.at, self.position)
    }
}

/// What somebody looks for. Absent: whatever it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// A person by any name: subject, display name or session name, in whatever case.
    pub person: Option<String>,
    /// The provider of the person meant exactly.
    pub idp: Option<String>,
    /// Their subject.
    pub subject: Option<String>,
    /// Their subject's format.
    pub subject_format: Option<String>,
    /// Only what is about them, not what they did.
    pub about: bool,
    /// The account, by id or alias.
    pub account: Option<String>,
    /// What else the account is called: finds it, too. No field, for nobody writes it: the access model knows it.
    pub account_also: Vec<String>,
    /// The role's key.
    pub role: Option<String>,
    /// The kind of event.
    pub kind: Option<EventKind>,
    /// The result.
    pub result: Option<String>,
    /// The cause.
    pub cause: Option<String>,
    /// The sign-in's id.
    pub signin: Option<String>,
    /// The reference.
    pub reference: Option<String>,
    /// The session name.
    pub session_name: Option<String>,
    /// The source identity.
    pub source_identity: Option<String>,
    /// The access key's id.
    pub access_key: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Until when, that moment left out.
    pub until: Option<Timestamp>,
}

impl Search {
    /// Reads fields by their names; empty ones say nothing.
    pub fn read<'a>(
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, SearchError> {
        let mut search = Self::default();
        for (name, value) in fields {
            search.set(name, value)?;
        }
        let exact = search.idp.is_some();
        if exact != search.subject.is_some() || (search.subject_format.is_some() && !exact) {
            return Err(SearchError::Person);
        }
        match (search.from, search.until) {
            (Some(from), Some(until)) if from >= until => Err(SearchError::Empty),
            _ => Ok(search),
        }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), SearchError> {
        let name = FIELDS.into_iter().find(|known| *known == name);
        let name = name.ok_or(SearchError::Unknown)?;
        if let Some(field) = self.text_mut(name) {
            // a subject is compared byte for byte, whatever a provider put into it
            let exact = matches!(name, "subject" | "subject_format");
            if value.len() > LONGEST || (!exact && value.contains(char::is_control)) {
                return Err(SearchError::Text(name));
            }
            let kept = if exact { value } else { value.trim() };
            *field = (!kept.is_empty()).then(|| kept.to_owned());
            return Ok(());
        }
        let value = value.trim();
        if value.is_empty() {
            return Ok(());
        }
        match name {
            "about" => self.about = value == "yes",
            "kind" => self.kind = Some(EventKind::parse(value).ok_or(SearchError::Kind)?),
            "from" => self.from = Some(moment(value).ok_or(SearchError::Moment(name))?),
            _ => self.until = Some(moment(value).ok_or(SearchError::Moment(name))?),
        }
        Ok(())
    }

    fn text_mut(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "person" => &mut self.person,
            "idp" => &mut self.idp,
            "subject" => &mut self.subject,
            "subject_format" => &mut self.subject_format,
            "account" => &mut self.account,
            "role" => &mut self.role,
            "result" => &mut self.result,
            "cause" => &mut self.cause,
            "signin" => &mut self.signin,
            "reference" => &mut self.reference,
            "session_name" => &mut self.session_name,
            "source_identity" => &mut self.source_identity,
            "access_key" => &mut self.access_key,
            "address" => &mut self.address,
            _ => return None,
        })
    }

    /// The fields that say something, as they would be written: [`Search::read`] of it is the same search.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut copy = self.clone();
        FIELDS
            .into_iter()
            .filter_map(|name| {
                let value = match name {
                    "about" => self.about.then(|| "yes".to_owned()),
                    "kind" => self.kind.map(|kind| kind.name().to_owned()),
                    "from" => self.from.map(written),
                    "until" => self.until.map(written),
                    _ => copy.text_mut(name).and_then(Option::take),
                };
                Some((name, value?))
            })
            .collect()
    }

    /// The terms of which one of each group has to be there, the group that is likeliest rare first.
    pub fn terms(&self) -> Vec<Vec<Term>> {
        let single = [
            (Class::Signin, &self.signin),
            (Class::Reference, &self.reference),
            (Class::AccessKey, &self.access_key),
            (Class::SessionName, &self.session_name),
            (Class::SourceIdentity, &self.source_identity),
            (Class::Address, &self.address),
            (Class::Role, &self.role),
            (Class::Cause, &self.cause),
            (Class::Result, &self.result),
        ];
        let mut terms: Vec<Vec<Term>> = single
            .into_iter()
            .filter_map(|(class, text)| Some(vec![Term::of(class, text.as_deref()?)]))
            .collect();
        let called: BTreeSet<&str> = self.accounts().collect();
        if !called.is_empty() {
            let called = called.into_iter();
            terms.push(called.map(|name| Term::of(Class::Account, name)).collect());
        }
        if let (Some(idp), Some(subject)) = (&self.idp, &self.subject) {
            let class = if self.about {
                Class::About
            } else {
                Class::Person
            };
            terms.push(vec![Term::person(class, idp, subject)]);
        }
        terms.extend(self.person.as_deref().map(|name| vec![Term::named(name)]));
        let kind = self.kind.map(|kind| Term::of(Class::Kind, kind.name()));
        terms.extend(kind.map(|kind| vec![kind]));
        terms.sort_by_key(|any| any.first().map(|term| term.class));
        terms
    }

    /// All that the account is called.
    fn accounts(&self) -> impl Iterator<Item = &str> {
        let asked = self.account.as_deref();
        let also = self.account_also.iter().map(String::as_str);
        asked
            .into_iter()
            .chain(also.filter(move |_| asked.is_some()))
    }

    /// Whether this is what is looked for. Terms may be found for another's text; this reads the event itself.
    pub fn matches(&self, record: &Record) -> bool {
        let event = &record.event;
        let same = |wanted: &Option<String>, there: &Option<String>| {
            wanted.is_none() || wanted.as_deref() == there.as_deref()
        };
        let named = |name: &str| {
            let name = name.trim().to_lowercase();
            names(event).any(|there| there.trim().to_lowercase() == name)
        };
        self.from.is_none_or(|from| record.at >= from)
            && self.until.is_none_or(|until| record.at < until)
            && self.kind.is_none_or(|kind| record.kind == kind)
            && same(&self.signin, &event.signin_id)
            && same(&self.reference, &event.reference)
            && same(&self.access_key, &event.access_key_id)
            && same(&self.session_name, &event.session_name)
            && same(&self.source_identity, &event.source_identity)
            && same(&self.address, &event.address)
            && same(&self.role, &event.role)
            && same(&self.cause, &event.cause)
            && same(&self.result, &event.result)
            && (self.account.is_none() || self.is_of_the_account(event))
            && self.person.as_deref().is_none_or(named)
            && self.is_of_the_person(event)
    }

    fn is_of_the_account(&self, event: &Event) -> bool {
        let role = event.role.as_deref().and_then(|role| role.split_once('/'));
        let alias = role.map(|(alias, _)| alias);
        let is = |name: &str| event.account.as_deref() == Some(name) || alias == Some(name);
        self.accounts().any(is)
    }

    fn is_of_the_person(&self, event: &Event) -> bool {
        let Some(subject) = &self.subject else {
            return true;
        };
        let is = |idp: &Option<String>, there: &Option<String>, format: &Option<String>| {
            let formats = self.subject_format.as_ref().zip(format.as_ref());
            *idp == self.idp
                && there.as_ref() == Some(subject)
                && formats.is_none_or(|(wanted, there)| wanted == there)
        };
        let about = event.about.as_ref();
        (!self.about && is(&event.idp, &event.subject, &event.subject_format))
            || about.is_some_and(|about| is(&about.idp, &about.subject, &about.subject_format))
    }
}

fn written(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A moment as people and browsers write it; without a zone it is UTC.
fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(date.and_time(NaiveTime::MIN).and_utc());
    }
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"];
    formats.into_iter().find_map(|format| {
        let at = NaiveDateTime::parse_from_str(text, format).ok()?;
        Some(at.and_utc())
    })
}

#[cfg(test)]
mod tests;
