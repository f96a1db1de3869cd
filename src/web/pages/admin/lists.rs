//! Rules, roles and accounts as lists, each line with what uses it.

use askama::Template;

use super::{AdminFrame, RevisionLine, Standing};
use crate::admin::{Count, Lines, Overview};
use crate::web::links;
use crate::web::pages::Frame;

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
    cut: bool,
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
                tab("Rules", "rules", overview.rules),
                tab("Roles", "roles", overview.roles),
                tab("Accounts", "accounts", overview.accounts),
            ],
            summary: summary(show, count, shown),
            current: overview.current.as_ref().map(RevisionLine::from),
            deciding: overview.deciding,
            trouble: overview.trouble.as_deref(),
            lines: &overview.lines,
            cut: shown < count.found,
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

fn summary(show: &str, count: Count, shown: usize) -> String {
    let Count { found, all } = count;
    let of = if found == all {
        format!("{all} {show}")
    } else {
        format!("{found} of {all} {show}")
    };
    if shown < found {
        format!("{of}, the first {shown} shown")
    } else {
        of
    }
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

    #[test]
    fn a_long_name_is_searched_for_by_its_beginning() {
        assert_eq!(searchable("short"), "short");
        assert_eq!(searchable(&"é".repeat(200)), "é".repeat(128));
        assert_eq!(searchable(&format!("x{}", "é".repeat(200))).len(), 255);
    }

    #[test]
    fn the_summary_tells_what_is_not_shown() {
        let count = |found, all| Count { found, all };
        assert_eq!(summary("rules", count(3, 3), 3), "3 rules");
        assert_eq!(summary("rules", count(3, 9), 3), "3 of 9 rules");
        assert_eq!(
            summary("roles", count(900, 900), 200),
            "900 roles, the first 200 shown"
        );
    }
}
