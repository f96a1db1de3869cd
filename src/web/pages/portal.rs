//! The portal: the roles somebody holds, or what of them a text finds.

use std::borrow::Cow;

use askama::Template;

use super::board::{Board, FoundLine, Keeping, find};
use super::{Frame, Person};
use crate::domain::access::AccessRevision;
use crate::domain::search::Query;
use crate::signin::{Place, PortalView};
use crate::web::assets;
use crate::web::left_out;
use crate::web::links;
use crate::web::texts::{Sentence, Texts};

/// How many of the roles that a text finds are shown.
const MOST_FOUND: usize = 50;
/// About how long the page is without its roles, and for each role.
const BARE_BYTES: usize = 6 * 1024;
const BYTES_PER_ROLE: usize = 540;

/// The roles somebody holds.
#[derive(Debug, Template)]
#[template(path = "portal.html")]
pub(in crate::web) struct PortalPage<'a> {
    frame: Frame<'a>,
    /// How to find, and what to do with it.
    scripts: [&'static str; 2],
    form_token: &'a str,
    /// Where to ask for a role, for whom holds none.
    request: Option<String>,
    person_name: &'a str,
    idp_name: &'a str,
    query: &'a str,
    holds_nothing: bool,
    pub(super) summary: String,
    notices: Vec<Notice<'a>>,
    /// What a text found; `None` without one.
    pub(super) found: Option<Vec<FoundLine<'a>>>,
    is_nothing_found: bool,
    /// How many it found beyond those that are shown.
    more: usize,
    favourites: Vec<FoundLine<'a>>,
    recents: Vec<FoundLine<'a>>,
    board: Board<'a>,
    is_choice_missing: bool,
    revision: AccessRevision,
}

/// Something the provider left out.
#[derive(Debug)]
struct Notice<'a> {
    title: &'static str,
    text: Cow<'a, str>,
}

impl<'a> PortalPage<'a> {
    /// With a link to where a role can be asked for, which whoever holds none is shown.
    pub(in crate::web) fn asking(self, request: Option<String>) -> Self {
        Self { request, ..self }
    }

    /// `query` is what to look for; `form_token` what the page's forms carry.
    pub(in crate::web) fn new(view: &'a PortalView, query: &'a str, form_token: &'a str) -> Self {
        let search = view.search.as_ref();
        let keeping = search.map(Keeping::of_search).unwrap_or_default();
        let query = if query.is_empty() {
            search.map_or("", |search| &search.text)
        } else {
            query
        };
        let mut board = Board {
            has_stars: true,
            ..Board::default()
        };
        let frame = Frame::new(Some(Person {
            name: &view.display_name,
            idp: Some(&view.idp_name),
            administrator: view.administrator,
            form_token,
        }));
        let mut page = Self {
            scripts: [assets::SEARCH.href(), assets::SCRIPT.href()],
            form_token,
            request: None,
            person_name: &view.display_name,
            idp_name: &view.idp_name,
            query,
            holds_nothing: view.accounts.is_empty(),
            summary: String::new(),
            notices: notices(frame.t, view),
            found: None,
            is_nothing_found: false,
            more: 0,
            favourites: Vec::new(),
            recents: Vec::new(),
            board: Board::default(),
            is_choice_missing: !view.consoles_chosen,
            revision: view.revision,
            frame,
        };
        if let Some(words) = Query::parse(query) {
            let found = find(&view.accounts, &words, MOST_FOUND);
            page.summary = summary(page.frame.t, found.roles, found.accounts);
            page.is_nothing_found = found.roles == 0;
            page.more = found.roles - found.hits.len();
            let lines = found.hits.iter().map(|hit| {
                let account = &view.accounts[hit.account];
                let role = &account.roles[hit.role];
                FoundLine::new(account, role, Some(hit), (&keeping, &mut board.notes))
            });
            page.found = Some(lines.collect());
        } else {
            let roles = view.accounts.iter().map(|account| account.roles.len());
            page.summary = summary(page.frame.t, roles.sum(), view.accounts.len());
            page.favourites = kept(view, &view.favourites, &keeping, &mut board);
            page.recents = kept(view, &view.recents, &keeping, &mut board);
            board.fill(&view.accounts, &keeping);
        }
        page.board = board;
        page
    }

    /// Whether something stands on the page that a visitor wrote.
    pub(in crate::web) fn is_narrowed(&self) -> bool {
        !self.query.is_empty()
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        let accounts = self.board.accounts.iter();
        let found = self.found.as_ref().map_or(0, Vec::len);
        let roles: usize = accounts.map(|account| account.roles.len()).sum();
        let apart = self.favourites.len() + self.recents.len() + found;
        BARE_BYTES + (roles + 2 * apart) * BYTES_PER_ROLE
    }
}

/// The roles at some places.
fn kept<'a>(
    view: &'a PortalView,
    places: &[Place],
    keeping: &Keeping,
    board: &mut Board<'a>,
) -> Vec<FoundLine<'a>> {
    let lines = places.iter().filter_map(|place| {
        let account = view.accounts.get(place.account)?;
        let role = account.roles.get(place.role)?;
        Some(FoundLine::new(
            account,
            role,
            None,
            (keeping, &mut board.notes),
        ))
    });
    lines.collect()
}

fn summary(t: &Texts, roles: usize, accounts: usize) -> String {
    let t = &t.portal;
    let counted = |one: Sentence, many: Sentence, count: usize| {
        let sentence = if count == 1 { one } else { many };
        sentence.with("n", count).plain()
    };
    let roles = counted(t.one_role, t.roles, roles);
    let accounts = counted(t.one_account, t.accounts, accounts);
    t.summary
        .with("roles", &roles)
        .with("accounts", &accounts)
        .plain()
}

fn notices<'a>(t: &Texts, view: &'a PortalView) -> Vec<Notice<'a>> {
    let searched = view.search.as_ref().map(|_| Notice {
        title: t.portal.which,
        text: t.portal.which_text.into(),
    });
    let left_out = view.left_out.map(|left_out| Notice {
        title: left_out::title(t, left_out),
        text: left_out::text(t, left_out, &view.idp_name).into(),
    });
    left_out.into_iter().chain(searched).collect()
}
