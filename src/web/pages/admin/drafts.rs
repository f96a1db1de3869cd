//! The list of drafts, and the form that begins one.

use askama::Template;

use super::{AdminFrame, Standing, moment};
use crate::admin::{DraftSummary, LONGEST_NAME};
use crate::domain::intent::AdminPage;
use crate::web::links;
use crate::web::pages::Frame;
use crate::web::texts::{DraftsTexts, Texts};

/// What a form that begins a draft held, and why none was begun.
#[derive(Debug, Default)]
pub(in crate::web) struct Begun {
    /// What it is for.
    pub(in crate::web) name: String,
    /// The revision whose content it begins with, as written.
    pub(in crate::web) from: String,
    /// Why there is none.
    pub(in crate::web) trouble: Option<String>,
}

/// All drafts.
#[derive(Debug, Template)]
#[template(path = "admin/drafts.html")]
pub(in crate::web) struct DraftsPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    drafts: Vec<DraftLine>,
    name: &'a str,
    from: &'a str,
    trouble: Option<&'a str>,
    longest_name: usize,
}

#[derive(Debug)]
struct DraftLine {
    href: String,
    review: String,
    name: String,
    base: String,
    /// Another revision came between.
    is_behind: bool,
    changes: String,
    changed: String,
    began: String,
}

impl<'a> DraftsPage<'a> {
    /// `current` is the current revision's number.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        (drafts, current): (&[DraftSummary], i64),
        begun: &'a Begun,
    ) -> Self {
        let t = &frame.t.drafts;
        Self {
            here: "drafts",
            drafts: drafts
                .iter()
                .map(|draft| DraftLine::new(t, draft, current))
                .collect(),
            name: &begun.name,
            from: &begun.from,
            trouble: begun.trouble.as_deref(),
            longest_name: LONGEST_NAME,
            frame,
            admin,
        }
    }
}

impl DraftLine {
    fn new(t: &DraftsTexts, draft: &DraftSummary, current: i64) -> Self {
        let by = |at, who: &String| t.by.with("moment", moment(at)).with("author", who).plain();
        let is_behind = draft.base != current;
        let on = if is_behind { t.behind } else { t.on };
        Self {
            href: links::admin_path(AdminPage::Draft(draft.id)),
            review: links::admin_path(AdminPage::Review(draft.id)),
            name: name_or(t.unnamed, &draft.name),
            base: match draft.base {
                0 if !is_behind => t.on_none.to_owned(),
                number => on.with("number", number).plain(),
            },
            is_behind,
            changes: draft.changes.map_or_else(
                || t.unreadable.to_owned(),
                |count| t.changes.of(count).with("count", count).plain(),
            ),
            changed: by(draft.changed, &draft.changed_by),
            began: by(draft.began, &draft.author),
        }
    }
}

fn name_or(unnamed: &str, name: &str) -> String {
    if name.is_empty() { unnamed } else { name }.to_owned()
}

/// What a draft is called on pages.
pub(super) fn name_of(t: &Texts, draft: &DraftSummary) -> String {
    name_or(t.drafts.unnamed, &draft.name)
}

/// On what a draft stands, and who saved it.
pub(super) fn standing(t: &Texts, draft: &DraftSummary) -> String {
    let text = match draft.base {
        0 => t.draft.standing_none,
        _ => t.draft.standing,
    };
    text.with("number", draft.base)
        .with("moment", moment(draft.changed))
        .with("author", &draft.changed_by)
        .plain()
}
