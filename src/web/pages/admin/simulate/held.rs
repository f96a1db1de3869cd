//! The models that one can choose, and the roles that somebody holds by one.

use super::{CURRENT, suspended};
use crate::admin::{DraftSummary, RevisionSummary, Simulated, Whence, Which};
use crate::domain::intent::AdminPage;
use crate::web::links;
use crate::web::pages::Frame;
use crate::web::pages::admin::drafts::name_of;
use crate::web::pages::admin::revision_href;
use crate::web::texts::{self, AdminWhyTexts};

/// The roles that somebody holds.
#[derive(Debug)]
pub(super) struct HeldRoles<'a> {
    pub(super) title: String,
    pub(super) whence: String,
    pub(super) by: String,
    pub(super) by_href: String,
    pub(super) more_values: Option<String>,
    /// That they are blocked, and get none of it.
    pub(super) blocked: Option<String>,
    pub(super) roles: Vec<HeldRole<'a>>,
    pub(super) more: Option<String>,
}

#[derive(Debug)]
pub(super) struct HeldRole<'a> {
    pub(super) key: &'a str,
    pub(super) account: &'a str,
    pub(super) environment: &'a str,
    pub(super) rule: String,
    /// That nobody gets in now all the same.
    pub(super) suspended: Option<String>,
    /// What the button says that asks why.
    pub(super) ask: String,
}

/// The models that one can choose: word, name, and whether it is the one.
pub(super) fn choices(
    frame: &Frame<'_>,
    (drafts, revisions): (&[DraftSummary], &[RevisionSummary]),
    asked: &str,
) -> Vec<(String, String, bool)> {
    let t = &frame.t.admin_why;
    let current = (CURRENT.to_owned(), t.current.to_owned());
    let drafts = drafts.iter().map(|draft| {
        let name = name_of(frame.t, draft);
        let name = t.draft.with("name", name).plain();
        (format!("draft:{}", draft.id), name)
    });
    let revisions = revisions.iter().map(|revision| {
        let name = t.of_revision.with("number", revision.number).plain();
        (format!("revision:{}", revision.number), name)
    });
    let all = std::iter::once(current).chain(drafts).chain(revisions);
    let mut all: Vec<_> = all
        .map(|(word, name)| {
            let is_asked = word == asked;
            (word, name, is_asked)
        })
        .collect();
    // one that is further back
    let is_listed = all.iter().any(|(_, _, is_asked)| *is_asked);
    if let (false, Some(("revision", number))) = (is_listed, asked.split_once(':')) {
        let name = t.of_revision.with("number", number).plain();
        all.push((asked.to_owned(), name, true));
    }
    all
}

impl<'a> HeldRoles<'a> {
    pub(super) fn new(frame: &Frame<'_>, found: &'a Simulated) -> Self {
        let t = &frame.t.admin_why;
        let who = &found.who;
        let (count, more) = (found.roles.len() + found.more_roles, found.more_roles);
        let (by, by_href) = match found.which {
            Which::Draft(id) => (
                t.by_draft.to_owned(),
                links::admin_path(AdminPage::Draft(id)),
            ),
            Which::Current | Which::Revision(_) => {
                let by = t.revision.with("number", found.revision).plain();
                (by, revision_href(found.revision))
            }
        };
        // what was read stands in the form as if it had been typed
        let again = match who.whence {
            Whence::SignedIn(_) | Whence::LastSeen(_) => "known",
            Whence::Typed | Whence::Pasted => "typed",
        };
        let roles = found.roles.iter().map(|held| HeldRole {
            key: &held.key,
            account: &held.account,
            environment: held.environment.unwrap_or_default(),
            rule: t.by_rule.with("rule", &held.rule).plain(),
            suspended: held.suspended.map(|it| suspended(frame, it)),
            ask: format!("{again}/{}", held.key),
        });
        let shown = who.attributes.len();
        Self {
            title: t
                .holds
                .of(count)
                .with("who", &who.display_name)
                .with("count", count)
                .plain(),
            whence: whence(t, found),
            by,
            by_href,
            more_values: (who.more > 0 && who.whence != Whence::Typed).then(|| {
                t.more_values
                    .with("count", shown)
                    .with("more", who.more)
                    .plain()
            }),
            blocked: who.blocked.map(|until| {
                let until = texts::until(frame.t, until);
                t.blocked.with("until", until).plain()
            }),
            roles: roles.collect(),
            more: (more > 0).then(|| t.more_roles.with("count", more).plain()),
        }
    }
}

/// Whence it comes what was judged.
fn whence(t: &AdminWhyTexts, found: &Simulated) -> String {
    let since = found.who.since.as_deref().unwrap_or_default();
    match found.who.whence {
        Whence::SignedIn(_) => t.of_session.with("since", since).plain(),
        Whence::LastSeen(_) => t.of_last.with("since", since).plain(),
        Whence::Typed => t.of_form.to_owned(),
        Whence::Pasted => t.of_paste.to_owned(),
    }
}
