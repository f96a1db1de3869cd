//! What a person chose for themself.

use askama::Template;
use url::Url;

use super::{Frame, Person};
use crate::domain::account::Region;
use crate::domain::preferences::Consoles;
use crate::signin::SettingsView;

/// The settings, as a form.
#[derive(Debug, Template)]
#[template(path = "settings.html")]
pub(in crate::web) struct SettingsPage<'a> {
    frame: Frame<'a>,
    region: &'a str,
    /// The word of the choice; empty while there is none.
    consoles: &'static str,
    /// Where a browser is told to keep several consoles.
    several: Option<&'a str>,
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
            several: several.map(Url::as_str),
            form_token: &view.form_token,
        }
    }
}
