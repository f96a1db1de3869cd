//! The administrators' pages. What surrounds them all: who is signed in, where one is, and the file that governs.

mod draft;
mod drafts;
#[cfg(test)]
mod drafts_tests;
pub(in crate::web) mod entries;
mod finding;
mod issuer;
mod lists;
mod people;
mod probe;
mod record;
mod review;
mod revisions;
mod revoke;
mod simulate;
mod stops;
#[cfg(test)]
mod stops_tests;
#[cfg(test)]
mod tests;
mod trust;

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Frame, Person};
use crate::admin::RevisionSummary;
use crate::domain::intent::AdminPage;
use crate::domain::session::Session;
use crate::web::links;

pub(in crate::web) use draft::DraftPage;
pub(in crate::web) use drafts::{Begun, DraftsPage};
pub(in crate::web) use finding::{Finding, Sentences};
pub(in crate::web) use issuer::IssuerPage;
pub(in crate::web) use lists::ListsPage;
pub(in crate::web) use people::{PeoplePage, PersonPage, SomebodyAsked};
pub(in crate::web) use probe::ProbePage;
pub(in crate::web) use record::{RecordAsked, RecordOfPage, RecordPage};
#[cfg(test)]
pub(in crate::web) use review::field_of_clash;
pub(in crate::web) use review::{Again, ReviewPage};
pub(in crate::web) use revisions::{ComparePage, Past, RevisionPage, RevisionsPage};
pub(in crate::web) use revoke::{RevokeAsked, RevokeOutcome, RevokePage, RevokeTrouble};
pub(in crate::web) use simulate::{
    By, CURRENT, SimulateAsked, SimulateOutcome, SimulatePage, SimulateTrouble,
};
pub(in crate::web) use stops::{StopForm, StopTrouble, StopsPage};
pub(in crate::web) use trust::{TrustAnswer, TrustAsked, TrustPage};

/// What surrounds an administrators' page.
#[derive(Debug)]
pub(in crate::web) struct AdminFrame<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) admin: Standing<'a>,
}

/// What the administrators' own parts of a page need.
#[derive(Debug)]
pub(super) struct Standing<'a> {
    pub(super) form_token: &'a str,
    pub(super) governed_by: Option<String>,
}

impl<'a> AdminFrame<'a> {
    /// `governed_by`: the file that governs, if one does.
    pub(in crate::web) fn new(
        session: &'a Session,
        idp_name: &'a str,
        governed_by: Option<&Path>,
    ) -> Self {
        Self {
            frame: Frame::new(Some(Person {
                name: &session.identity.display_name,
                idp: Some(idp_name),
                administrator: true,
                form_token: &session.form_token,
            })),
            admin: Standing {
                form_token: &session.form_token,
                governed_by: governed_by.map(|file| file.display().to_string()),
            },
        }
    }
}

/// A revision in a line.
#[derive(Debug)]
pub(in crate::web) struct RevisionLine {
    number: i64,
    author: String,
    note: String,
    published: String,
}

impl From<&RevisionSummary> for RevisionLine {
    fn from(summary: &RevisionSummary) -> Self {
        Self {
            number: summary.number,
            author: summary.author.clone(),
            note: summary.note.clone(),
            published: moment(summary.published),
        }
    }
}

impl From<RevisionSummary> for RevisionLine {
    fn from(summary: RevisionSummary) -> Self {
        Self::from(&summary)
    }
}

/// Where a revision stands.
fn revision_href(number: impl std::borrow::Borrow<i64>) -> String {
    links::admin_path(AdminPage::Revision(*number.borrow()))
}

/// A moment as one reads it.
pub(in crate::web) fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
