//! Browsers as the sign-in host knows them: a cookie for each partition, and the console sessions behind it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::aws::partition::Partition;
use crate::aws::tokens::Session;

/// How many console sessions a browser holds at once, when it holds several.
pub(super) const MOST_SESSIONS: usize = 5;
/// How many browsers are remembered; a new one drives out the one that came first.
const KEPT: usize = 10_000;

/// Somebody who stands in the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleSession {
    /// Account and eight characters: the first label of the console's host in a browser with several sessions.
    pub label: String,
    /// Whether that label stands in the host.
    pub labelled: bool,
    /// The credentials' session.
    pub session: Session,
    /// When the console session began.
    pub began: DateTime<Utc>,
    /// When it ends.
    pub ends: DateTime<Utc>,
    /// Where to sign in again, as the sign-in said.
    pub issuer: Option<String>,
    /// The console page asked for, at AWS's true host.
    pub destination: String,
}

/// A browser.
#[derive(Default)]
pub(super) struct Browser {
    /// Its sessions, oldest first.
    pub(super) sessions: Vec<ConsoleSession>,
    /// Whether it has opted in to several.
    pub(super) multi_session: bool,
    /// When it came, counted in browsers.
    number: u64,
}

/// All browsers, by the value of their cookie.
#[derive(Default)]
pub(super) struct Browsers {
    by_id: BTreeMap<String, Browser>,
    counted: u64,
}

impl Browsers {
    /// The browser of that id, or a new one.
    pub(super) fn entry(&mut self, id: &str) -> &mut Browser {
        if !self.by_id.contains_key(id) {
            if self.by_id.len() == KEPT {
                let first = self
                    .by_id
                    .iter()
                    .min_by_key(|(_, browser)| browser.number)
                    .map(|(id, _)| id.clone());
                first.map(|id| self.by_id.remove(&id));
            }
            self.counted += 1;
        }
        let number = self.counted;
        self.by_id.entry(id.to_owned()).or_insert_with(|| Browser {
            number,
            ..Browser::default()
        })
    }

    /// Whether the browser of that id is known.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// The session of that label, or the newest.
    pub(super) fn session(&self, id: &str, label: Option<&str>) -> Option<ConsoleSession> {
        let sessions = &self.by_id.get(id)?.sessions;
        match label {
            Some(label) => sessions.iter().find(|session| session.label == label),
            None => sessions.last(),
        }
        .cloned()
    }
}

/// The name of the cookie: one for each partition, as each has hosts of its own.
pub(super) fn cookie_name(partition: Partition) -> String {
    format!("{}-signin", partition.name())
}

/// The value of the partition's cookie in a `Cookie` header.
pub(super) fn id(partition: Partition, cookies: Option<&str>) -> Option<String> {
    cookie_value(cookies?, &cookie_name(partition)).map(str::to_owned)
}

/// The value of the named cookie in a `Cookie` header.
fn cookie_value<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}
