//! The portal: the roles somebody holds, narrowed by a text if they want.

use std::borrow::Cow;

use askama::Template;

use super::board::{AccountPlate, Keeping, Notes};
use super::{Frame, Person};
use crate::domain::access::AccessRevision;
use crate::signin::PortalView;
use crate::web::left_out;
use crate::web::texts::Texts;

/// About how long the page is without its roles, and for each role.
const BARE_BYTES: usize = 4 * 1024;
const BYTES_PER_ROLE: usize = 420;

/// The roles somebody holds.
#[derive(Debug, Template)]
#[template(path = "portal.html")]
pub(in crate::web) struct PortalPage<'a> {
    frame: Frame<'a>,
    person_name: &'a str,
    idp_name: &'a str,
    query: &'a str,
    pub(super) summary: String,
    notices: Vec<Notice<'a>>,
    pub(super) accounts: Vec<AccountPlate<'a>>,
    notes: Notes,
    nothing_shown: bool,
    revision: AccessRevision,
}

/// Something the provider left out.
#[derive(Debug)]
struct Notice<'a> {
    title: &'static str,
    text: Cow<'a, str>,
}

impl<'a> PortalPage<'a> {
    /// `query` hides what it does not match.
    pub(in crate::web) fn new(view: &'a PortalView, query: &'a str) -> Self {
        let search = view.search.as_ref();
        let keeping = search.map(Keeping::of_search).unwrap_or_default();
        let mut notes = Notes::default();
        let mut accounts: Vec<_> = view
            .accounts
            .iter()
            .map(|account| AccountPlate::new(account, &keeping, &mut notes))
            .collect();
        let query = if query.is_empty() {
            search.map_or("", |search| &search.text)
        } else {
            query
        };
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        if !words.is_empty() {
            for account in &mut accounts {
                account.narrow(&words);
            }
        }
        let summary = summary(&accounts);
        let frame = Frame::new(Some(Person {
            name: &view.display_name,
            idp: Some(&view.idp_name),
            administrator: view.administrator,
            form_token: &view.form_token,
        }));
        Self {
            person_name: &view.display_name,
            idp_name: &view.idp_name,
            query,
            summary,
            notices: notices(frame.t, view),
            nothing_shown: accounts.iter().all(|account| account.hidden),
            accounts,
            notes,
            revision: view.revision,
            frame,
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        let roles: usize = self
            .accounts
            .iter()
            .map(|account| account.roles.len())
            .sum();
        BARE_BYTES + roles * BYTES_PER_ROLE
    }
}

fn summary(accounts: &[AccountPlate<'_>]) -> String {
    let shown = accounts.iter().filter(|account| !account.hidden);
    let (accounts, roles) = shown.fold((0, 0), |(accounts, roles), account| {
        let visible = account.roles.iter().filter(|role| !role.hidden).count();
        (accounts + 1, roles + visible)
    });
    let s = |count: usize| if count == 1 { "" } else { "s" };
    format!(
        "{roles} role{} in {accounts} account{}",
        s(roles),
        s(accounts)
    )
}

fn notices<'a>(t: &Texts, view: &'a PortalView) -> Vec<Notice<'a>> {
    let searched = view.search.as_ref().map(|_| Notice {
        title: "Which one?",
        text: "No role of yours is named exactly so, or more than one is. Nothing is guessed: choose one.".into(),
    });
    let left_out = view.left_out.map(|left_out| Notice {
        title: left_out::title(t, left_out),
        text: left_out::text(t, left_out, &view.idp_name).into(),
    });
    left_out.into_iter().chain(searched).collect()
}
