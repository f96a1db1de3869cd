//! What a person chose for themself, and what comes of it where AWS does not lead on by itself.

use askama::Template;
use url::Url;

use super::{Frame, Person};
use crate::domain::account::Region;
use crate::domain::intent::{ConsoleIntent, Intent};
use crate::domain::preferences::Consoles;
use crate::signin::{SettingsView, SignOutFirst};
use crate::web::links;
use crate::web::site::Elsewhere;

/// The settings, as a form.
#[derive(Debug, Template)]
#[template(path = "settings.html")]
pub(in crate::web) struct SettingsPage<'a> {
    frame: Frame<'a>,
    region: &'a str,
    /// The word of the choice; empty while there is none.
    consoles: &'static str,
    add: &'static str,
    replace: &'static str,
    /// Where a browser is told to keep several consoles.
    several: Option<&'a str>,
    sessions: &'static str,
    form_token: &'a str,
}

impl<'a> SettingsPage<'a> {
    pub(in crate::web) fn new(view: &'a SettingsView, several: Option<&'a Url>) -> Self {
        Self {
            frame: Frame::new(Some(Person {
                name: &view.display_name,
                idp: None,
                administrator: view.administrator,
                form_token: &view.form_token,
            })),
            region: view.region.as_ref().map_or("", Region::as_str),
            consoles: view.consoles.map_or("", Consoles::word),
            add: Consoles::Add.word(),
            replace: Consoles::Replace.word(),
            several: several.map(Url::as_str),
            sessions: links::SESSIONS,
            form_token: &view.form_token,
        }
    }
}

/// Two plain links: out of the consoles that are open, then into the one that was asked for.
#[derive(Debug, Template)]
#[template(path = "sign_out_first.html")]
pub(in crate::web) struct SignOutFirstPage<'a> {
    frame: Frame<'a>,
    role: &'a str,
    account: &'a str,
    partition: &'a str,
    sign_out: Option<&'a str>,
    href: String,
    settings: &'static str,
}

impl<'a> SignOutFirstPage<'a> {
    /// The second link says that it adds, for the first has made room.
    pub(in crate::web) fn new(first: &'a SignOutFirst, elsewhere: &'a Elsewhere) -> Self {
        let mut consoles = elsewhere.consoles.iter();
        let sign_out = consoles.find(|(partition, _)| *partition == first.partition);
        let asked = ConsoleIntent {
            consoles: Some(Consoles::Add),
            ..first.asked.clone()
        };
        Self {
            frame: Frame::new(Some(Person {
                name: &first.display_name,
                idp: None,
                administrator: false,
                form_token: &first.form_token,
            })),
            role: first.key.name.as_str(),
            account: &first.account_name,
            partition: &first.partition,
            sign_out: sign_out.map(|(_, url)| url.as_str()),
            href: links::href(&Intent::Console(asked), None),
            settings: links::SETTINGS,
        }
    }
}
