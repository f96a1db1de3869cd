//! People: a list of those who are signed in or blocked, and a page for each.

use askama::Template;

use super::stops::StopForm;
use super::{AdminFrame, Frame, Standing, moment};
use crate::admin::{People, PersonView};
use crate::domain::identity::OIDC_SUBJECT_FORMAT;
use crate::domain::intent::AdminPage;
use crate::signin::IdpChoice;
use crate::web::links;
use crate::web::pages::sessions::SessionLine;
use crate::web::texts;

/// The formats that the form offers, by what they are called.
const FORMATS: [(&str, &str); 5] = [
    (OIDC_SUBJECT_FORMAT, "OpenID Connect sub"),
    (
        "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        "SAML persistent",
    ),
    (
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "SAML emailAddress",
    ),
    (
        "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        "SAML unspecified",
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        "SAML transient",
    ),
];

/// What the form for somebody who is not listed says.
#[derive(Debug, Default)]
pub(in crate::web) struct SomebodyAsked {
    pub(in crate::web) idp: String,
    pub(in crate::web) subject: String,
    pub(in crate::web) format: String,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "admin/people.html")]
pub(in crate::web) struct PeoplePage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    query: &'a str,
    lines: Vec<Line<'a>>,
    notes: Vec<&'static str>,
    trouble: Option<&'static str>,
    asked: &'a SomebodyAsked,
    form: &'a StopForm,
    idps: Vec<(&'a str, &'a str)>,
    formats: [(&'static str, &'static str); 5],
}

#[derive(Debug)]
struct Line<'a> {
    href: String,
    name: &'a str,
    subject: &'a str,
    idp: &'a str,
    seen: String,
    blocked: Option<String>,
}

impl<'a> PeoplePage<'a> {
    pub(in crate::web) fn new(
        (AdminFrame { frame, admin }, idps): (AdminFrame<'a>, &'a [IdpChoice]),
        (query, people): (&'a str, &'a People),
        (asked, form): (&'a SomebodyAsked, &'a StopForm),
    ) -> Self {
        let t = &frame.t.people;
        let lines = people.lines.iter().map(|line| Line {
            href: links::admin_person(&line.key),
            name: &line.person.display_name,
            subject: &line.person.subject.value,
            idp: line.person.idp.as_str(),
            seen: line.seen.map_or_else(
                || t.not_seen.to_owned(),
                |seen| t.seen.with("moment", moment(seen)).plain(),
            ),
            blocked: line.blocked.map(|until| {
                let until = texts::until(frame.t, until);
                t.blocked.with("until", until).plain()
            }),
        });
        let notes = [
            (people.lines.is_empty(), t.none),
            (people.more, t.more),
            (people.partial, t.partial),
        ];
        Self {
            here: "people",
            query,
            lines: lines.collect(),
            notes: notes
                .into_iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, note)| note)
                .collect(),
            trouble: form.trouble.map(|trouble| trouble.text(frame.t)),
            asked,
            form,
            idps: idps
                .iter()
                .map(|idp| (idp.id.as_str(), idp.name.as_str()))
                .collect(),
            formats: FORMATS,
            frame,
            admin,
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        6 * 1024 + self.lines.len() * 400
    }
}

/// A person.
#[derive(Debug, Template)]
#[template(path = "admin/person.html")]
pub(in crate::web) struct PersonPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    action: String,
    /// Where everything else about them is.
    record: String,
    revoke: String,
    simulate: String,
    name: &'a str,
    subject: &'a str,
    format: &'a str,
    idp: &'a str,
    lines: Vec<SessionLine<'a>>,
    /// Until when they are blocked, or when the block ended; with who set it, and the note.
    block: Option<(String, String, &'a str)>,
    is_blocked: bool,
    is_own: bool,
    trouble: Option<&'static str>,
    form: &'a StopForm,
}

impl<'a> PersonPage<'a> {
    /// `is_own`: the administrator who looks is the person.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        (view, is_own): (&'a PersonView, bool),
        form: &'a StopForm,
    ) -> Self {
        let t = &frame.t.stops;
        let block = view.block.as_ref().map(|stop| {
            let what = match stop.until.0 {
                Some(ended) if !view.is_blocked => t.ended.with("moment", moment(ended)),
                _ => t.blocked.with("until", texts::until(frame.t, stop.until)),
            };
            let by = t.by.with("moment", moment(stop.at));
            let by = by.with("author", &stop.author).plain();
            (what.plain(), by, stop.note.as_str())
        });
        let sessions = view.sessions.iter();
        Self {
            here: "people",
            action: links::admin_person(&view.key),
            record: links::admin_record_of(view.person.idp.as_str(), &view.person.subject.value),
            revoke: links::admin_about(AdminPage::Revoke, &view.key),
            simulate: links::admin_about(AdminPage::Simulate, &view.key),
            name: &view.person.display_name,
            subject: &view.person.subject.value,
            format: &view.person.subject.format,
            idp: view.person.idp.as_str(),
            lines: sessions
                .map(|session| SessionLine::new(&frame.t.sessions, session, None))
                .collect(),
            block,
            is_blocked: view.is_blocked,
            is_own,
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
