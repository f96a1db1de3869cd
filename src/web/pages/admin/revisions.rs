//! The revisions: their list, and each with its document.

use askama::Template;

use super::{AdminFrame, RevisionLine, Sentences, Standing, revision_href};
use crate::admin::RevisionSummary;
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
    /// What the form that compares two begins with.
    from: String,
    to: String,
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
            from: last.unwrap_or_default().to_string(),
            to: first.unwrap_or_default().to_string(),
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
}

impl<'a> RevisionPage<'a> {
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        summary: &RevisionSummary,
        past: &'a Past,
    ) -> Self {
        Self {
            frame,
            admin,
            here: "revisions",
            revision: summary.into(),
            past,
        }
    }
}

/// Two revisions beside each other.
#[derive(Debug, Template)]
#[template(path = "admin/compare.html")]
pub(in crate::web) struct ComparePage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    from: i64,
    to: i64,
    from_href: String,
    to_href: String,
    changes: &'a Sentences,
}

impl<'a> ComparePage<'a> {
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        (from, to): (i64, i64),
        changes: &'a Sentences,
    ) -> Self {
        Self {
            frame,
            admin,
            here: "revisions",
            from,
            to,
            from_href: revision_href(from),
            to_href: revision_href(to),
            changes,
        }
    }
}
