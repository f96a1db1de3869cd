//! What was found out about a document: what is wrong with it, what it changes, or who was quicker.

use crate::domain::access::{Document, Problems};

/// How many sentences stand on a page; a document of thousands of entries has thousands of differences.
const MOST_SENTENCES: usize = 500;

/// What was found out.
#[derive(Debug)]
pub(in crate::web) enum Finding {
    /// Nothing was asked.
    Nothing,
    /// There is no text.
    Empty,
    /// The text is no document: why, and where.
    Unreadable(String),
    /// Everything that is wrong with the document.
    Problems {
        /// One each.
        lines: Vec<ProblemLine>,
        /// How many more there are.
        more: usize,
    },
    /// It would change nothing.
    Same,
    /// What it would change.
    Changes(Sentences),
    /// Somebody saved the draft since the text was begun.
    Meanwhile {
        /// Who, and when.
        by: String,
        /// What the draft changes as they saved it.
        theirs: Sentences,
        /// What the text changes.
        yours: Sentences,
        /// What saving the text over theirs would change.
        apart: Sentences,
    },
}

/// One thing that is wrong.
#[derive(Debug)]
pub(in crate::web) struct ProblemLine {
    pub(super) path: String,
    /// What the entry at the path is called, if it has a name.
    pub(super) entry: String,
    pub(super) text: String,
}

/// Sentences, perhaps cut.
#[derive(Debug)]
pub(in crate::web) struct Sentences {
    pub(super) shown: Vec<String>,
    pub(super) more: usize,
}

impl Sentences {
    /// Shows the first of them.
    pub(in crate::web) fn new(all: Vec<String>) -> Self {
        Self::at_most(MOST_SENTENCES, all)
    }

    /// Shows so many of them, and counts the others.
    pub(super) fn at_most(most: usize, mut all: Vec<String>) -> Self {
        let more = all.len().saturating_sub(most);
        all.truncate(most);
        Self { shown: all, more }
    }
}

impl Finding {
    /// What is wrong with the document that `text` is.
    pub(in crate::web) fn problems(problems: &Problems, text: &str) -> Self {
        let document = Document::from_toml(text).unwrap_or_default();
        let lines = problems.list().iter().map(|problem| ProblemLine {
            path: problem.path.clone(),
            entry: entry_name(&document, &problem.path).unwrap_or_default(),
            text: problem.kind.to_string(),
        });
        Self::Problems {
            lines: lines.collect(),
            more: problems.more(),
        }
    }
}

/// The name of the entry that a path such as `roles[3].managed_policies[0]` leads into.
fn entry_name(document: &Document, path: &str) -> Option<String> {
    let (section, rest) = path.split_once('[')?;
    let at: usize = rest.split_once(']')?.0.parse().ok()?;
    let name = match section {
        "accounts" => document.accounts.get(at)?.alias.clone(),
        "roles" => {
            let role = document.roles.get(at)?;
            format!("{}/{}", role.account, role.name)
        }
        "scopes" => document.scopes.get(at)?.name.clone(),
        "rules" => document.rules.get(at)?.name.clone(),
        _ => return None,
    };
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [[accounts]]
        id = "111122223333"
        alias = "tools"
        name = "Tools"
        [[roles]]
        account = "tools"
        name = "Operator"
        [[scopes]]
        name = "small"
        [[rules]]
        name = "first"
        [[rules]]
        name = "second"
    "#;

    #[test]
    fn a_path_is_told_by_the_name_of_its_entry() {
        let document = Document::from_toml(TEXT).unwrap();
        let name = |path| entry_name(&document, path);
        assert_eq!(name("accounts[0].id").unwrap(), "tools");
        assert_eq!(name("roles[0].tags.a").unwrap(), "tools/Operator");
        assert_eq!(name("scopes[0]").unwrap(), "small");
        assert_eq!(name("rules[1].when[0].not.is").unwrap(), "second");
        for nameless in [
            "rules",
            "rules[2]",
            "rules[x]",
            "rules[",
            "others[0]",
            "rules[99999999999999999999]",
        ] {
            assert_eq!(name(nameless), None, "{nameless}");
        }
    }

    #[test]
    fn sentences_are_cut_and_the_rest_is_counted() {
        let all = |count| Sentences::new(vec!["x".to_owned(); count]);
        assert_eq!((all(500).shown.len(), all(500).more), (500, 0));
        assert_eq!((all(501).shown.len(), all(501).more), (500, 1));
    }
}
