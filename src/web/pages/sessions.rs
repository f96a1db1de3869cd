//! A person's sessions with Vestibule, each with what it is recognised by.

use askama::Template;

use super::{Frame, Person};
use crate::domain::Timestamp;
use crate::domain::session::{LiveSession, SessionHandle};
use crate::signin::SessionsView;
use crate::web::links;
use crate::web::texts::SessionsTexts;

/// A session in a list.
#[derive(Debug)]
pub(super) struct SessionLine<'a> {
    pub(super) handle: &'a str,
    pub(super) browser: &'a str,
    pub(super) is_this_one: bool,
    pub(super) address: String,
    pub(super) began: String,
    pub(super) seen: String,
    pub(super) ends: String,
    /// What the button ends, for those who hear it apart from its line.
    pub(super) end_what: String,
}

impl<'a> SessionLine<'a> {
    pub(super) fn new(
        t: &SessionsTexts,
        session: &'a LiveSession,
        this_one: Option<&SessionHandle>,
    ) -> Self {
        let browser = match session.browser.as_str() {
            "" => t.unknown,
            known => known,
        };
        let began = moment(session.began);
        Self {
            handle: session.handle.as_str(),
            browser,
            is_this_one: this_one == Some(&session.handle),
            address: session
                .address
                .map_or_else(|| t.from_unknown.to_owned(), |known| known.to_string()),
            seen: moment(session.seen),
            ends: moment(session.ends),
            end_what: t
                .end_what
                .with("browser", browser)
                .with("began", &began)
                .plain(),
            began,
        }
    }
}

/// A moment as one reads it.
fn moment(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// One's own.
#[derive(Debug, Template)]
#[template(path = "sessions.html")]
pub(in crate::web) struct SessionsPage<'a> {
    frame: Frame<'a>,
    form_token: &'a str,
    count: String,
    lines: Vec<SessionLine<'a>>,
    settings: &'static str,
}

impl<'a> SessionsPage<'a> {
    pub(in crate::web) fn new(view: &'a SessionsView) -> Self {
        let frame = Frame::new(Some(Person {
            name: &view.display_name,
            idp: None,
            administrator: view.administrator,
            form_token: &view.form_token,
        }));
        let t = &frame.t.sessions;
        let lines = view.sessions.iter();
        Self {
            form_token: &view.form_token,
            count: t
                .count
                .of(view.sessions.len())
                .with("count", view.sessions.len())
                .plain(),
            lines: lines
                .map(|session| SessionLine::new(t, session, Some(&view.this_one)))
                .collect(),
            settings: links::SETTINGS,
            frame,
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        4 * 1024 + self.lines.len() * 1_024
    }
}
