//! The revisions: their list, and each with its document.

use askama::Template;

use super::{AdminFrame, Finding, RevisionLine, Sentences, Standing, revision_href};
use crate::admin::{LONGEST_NOTE, RevisionSummary};
use crate::web::pages::Frame;

/// The list, the newest first.
#[derive(Debug, Template)]
#[template(path = "admin/revisions.html")]
pub(in crate::web) struct RevisionsPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    current: i64,
    revisions: Vec<RevisionLine>,
    /// The number that older ones stand before, if there are any.
    older: Option<i64>,
    /// Whether newer ones are left out.
    from_newest: bool,
}

impl<'a> RevisionsPage<'a> {
    /// `more`: whether there are older ones.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        revisions: &[RevisionSummary],
        (current, more): (i64, bool),
    ) -> Self {
        let first = revisions.first().map(|revision| revision.number);
        let last = revisions.last().map(|revision| revision.number);
        Self {
            frame,
            admin,
            here: "revisions",
            current,
            revisions: revisions.iter().map(RevisionLine::from).collect(),
            older: last.filter(|_| more),
            from_newest: first.unwrap_or(0) == current,
        }
    }
}

/// A revision beside the others.
#[derive(Debug)]
pub(in crate::web) struct Past {
    /// The current revision's number.
    pub(in crate::web) current: i64,
    /// What it changed.
    pub(in crate::web) changes: Sentences,
    /// What going back to it would change now.
    pub(in crate::web) back: Sentences,
    /// Its document.
    pub(in crate::web) text: String,
}

/// One revision.
#[derive(Debug, Template)]
#[template(path = "admin/revision.html")]
pub(in crate::web) struct RevisionPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    revision: RevisionLine,
    past: &'a Past,
    note: &'a str,
    longest_note: usize,
    finding: &'a Finding,
}

impl<'a> RevisionPage<'a> {
    /// `note` is what a form held that stands on the page again.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        summary: &RevisionSummary,
        past: &'a Past,
        (note, finding): (&'a str, &'a Finding),
    ) -> Self {
        Self {
            frame,
            admin,
            here: "revisions",
            revision: summary.into(),
            past,
            note,
            longest_note: LONGEST_NOTE,
            finding,
        }
    }
}
