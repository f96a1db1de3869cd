//! Rules, roles and accounts as lists, each line with what uses it.

use askama::Template;

use super::revision_href;
use super::{AdminFrame, RevisionLine, Standing};
use crate::admin::{Count, Lines, Overview};
use crate::domain::session_size::SessionSize;
use crate::web::links;
use crate::web::pages::Frame;
use crate::web::texts::{ListsTexts, Texts};

/// About how long the page is without its lines, and for each.
const BARE_BYTES: usize = 6 * 1024;
const BYTES_PER_LINE: usize = 1024;
/// The longest text that the search takes.
const LONGEST_SEARCH: usize = 256;

/// One of the lists.
#[derive(Debug, Template)]
#[template(path = "admin/lists.html")]
pub(in crate::web) struct ListsPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    show: &'static str,
    query: &'a str,
    tabs: [Tab; 3],
    summary: String,
    current: Option<RevisionLine>,
    deciding: i64,
    trouble: Option<&'a str>,
    lines: &'a Lines,
    nothing_found: bool,
}

/// A list that one can turn to.
#[derive(Debug)]
struct Tab {
    name: &'static str,
    href: String,
    count: usize,
    is_here: bool,
}

impl<'a> ListsPage<'a> {
    /// `query` is what narrowed the lists.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        overview: &'a Overview,
        query: &'a str,
    ) -> Self {
        let (show, count, shown) = match &overview.lines {
            Lines::Rules(lines) => ("rules", overview.rules, lines.len()),
            Lines::Roles(lines) => ("roles", overview.roles, lines.len()),
            Lines::Accounts(lines) => ("accounts", overview.accounts, lines.len()),
        };
        let t = &frame.t.lists;
        let tab = |name, word: &'static str, count: Count| Tab {
            name,
            href: links::admin_list(word, query),
            count: count.found,
            is_here: word == show,
        };
        Self {
            frame,
            admin,
            here: "lists",
            show,
            query,
            tabs: [
                tab(t.rules, "rules", overview.rules),
                tab(t.roles, "roles", overview.roles),
                tab(t.accounts, "accounts", overview.accounts),
            ],
            summary: summary(t, &overview.lines, count, shown),
            current: overview.current.as_ref().map(RevisionLine::from),
            deciding: overview.deciding,
            trouble: overview.trouble.as_deref(),
            lines: &overview.lines,
            nothing_found: count.found == 0,
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        let lines = match self.lines {
            Lines::Rules(lines) => lines.len(),
            Lines::Roles(lines) => lines.len(),
            Lines::Accounts(lines) => lines.len(),
        };
        BARE_BYTES + lines * BYTES_PER_LINE
    }
}

fn summary(t: &ListsTexts, lines: &Lines, count: Count, shown: usize) -> String {
    let Count { found, all } = count;
    let (whole, part) = match lines {
        Lines::Rules(_) => (t.count_rules, t.found_rules),
        Lines::Roles(_) => (t.count_roles, t.found_roles),
        Lines::Accounts(_) => (t.count_accounts, t.found_accounts),
    };
    let words = if found == all { whole } else { part }.of(all);
    let count = words.with("found", found).with("all", all).plain();
    if shown < found {
        t.cut.with("count", count).with("shown", shown).plain()
    } else {
        count
    }
}

/// What a role's session is filled with.
fn size_parts(t: &Texts, size: &SessionSize) -> String {
    let parts = [
        (t.role.size_policy, size.policy),
        (t.role.size_managed, size.managed),
        (t.role.size_tags, size.tags),
    ];
    let parts: Vec<_> = parts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(text, count)| text.with("count", count).plain())
        .collect();
    parts.join(", ")
}

/// The list of rules that shows the one of that name.
fn rule_href(name: &str) -> String {
    links::admin_list("rules", searchable(name))
}

/// The list of roles that shows the one of that key.
fn role_href(key: &str) -> String {
    links::admin_list("roles", searchable(key))
}

/// What a role of that key needs.
fn needs_href(key: &str) -> String {
    let (account, role) = key.split_once('/').unwrap_or((key, ""));
    links::admin_trust(account, Some(role).filter(|role| !role.is_empty()))
}

/// Where the sessions of the role of that key are cut off.
fn revoke_href(key: &str) -> String {
    links::admin_revoke(key)
}

/// What an account of that alias needs.
fn account_href(alias: &str) -> String {
    links::admin_trust(alias, None)
}

/// As much of a text as the search takes.
fn searchable(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_SEARCH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::texts::ENGLISH;

    #[test]
    fn a_long_name_is_searched_for_by_its_beginning() {
        assert_eq!(searchable("short"), "short");
        assert_eq!(searchable(&"é".repeat(200)), "é".repeat(128));
        assert_eq!(searchable(&format!("x{}", "é".repeat(200))).len(), 255);
    }

    #[test]
    fn the_summary_tells_what_is_not_shown() {
        let t = &ENGLISH.lists;
        let told = |lines, (found, all), shown| summary(t, &lines, Count { found, all }, shown);
        assert_eq!(told(Lines::Rules(Vec::new()), (3, 3), 3), "3 rules");
        assert_eq!(told(Lines::Accounts(Vec::new()), (1, 1), 1), "1 account");
        assert_eq!(told(Lines::Rules(Vec::new()), (3, 9), 3), "3 of 9 rules");
        assert_eq!(
            told(Lines::Roles(Vec::new()), (900, 900), 200),
            "900 roles, the first 200 shown. A narrower search shows the rest"
        );
    }
}
