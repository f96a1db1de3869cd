//! Everything that can be wrong with a document, each with its key path; and all of it at once.

mod methods;
mod policies;
mod rules;
mod user;

use crate::domain::access::fixtures::{document, problems};

/// A role of `payments-prod` with these further lines.
fn role(lines: &str) -> String {
    format!("[[roles]]\naccount = \"payments-prod\"\nname = \"Extra\"\n{lines}\n")
}

/// The one problem of a document with these lines: `path: message`.
fn only_problem(lines: &str) -> String {
    let problems = problems(&document(lines));
    assert_eq!(problems.list().len(), 1, "{lines}\n{problems}");
    problems.to_string()
}

#[track_caller]
fn expect(rows: &[(&str, &str)], around: impl Fn(&str) -> String) {
    for (lines, expected) in rows {
        let found = only_problem(&around(lines));
        assert!(
            found.contains(expected),
            "{lines}\nexpected {expected}\nfound {found}"
        );
    }
}

#[test]
fn accounts_are_checked() {
    expect(
        &[
            (
                "id = \"12\"\nalias = \"x\"\nname = \"X\"",
                "accounts[3].id: an account id is 12 digits",
            ),
            (
                "id = \"111122223333\"\nalias = \"x\"\nname = \"X\"",
                "accounts[3].id: is the same as accounts[0].id",
            ),
            (
                "id = \"000000000000\"\nalias = \"gov\"\nname = \"X\"",
                "accounts[3].alias: is the same as accounts[2].alias",
            ),
            (
                "id = \"000000000000\"\nalias = \"X\"\nname = \"X\"",
                "accounts[3].alias: an alias is",
            ),
            (
                "id = \"000000000000\"\nalias = \"123456789012\"\nname = \"X\"",
                "accounts[3].alias: an alias is",
            ),
            (
                "id = \"000000000000\"\nalias = \"x\"",
                "accounts[3].name: has 1 to 100",
            ),
            (
                "id = \"000000000000\"\nalias = \"x\"\nname = \"a\\nb\"",
                "accounts[3].name: has 1 to 100",
            ),
            (
                "id = \"000000000000\"\nalias = \"x\"\nname = \"X\"\nenvironment = \"prod\"",
                "accounts[3].environment: is production",
            ),
            (
                "id = \"000000000000\"\nalias = \"x\"\nname = \"X\"\npartition = \"aws-moon\"",
                "accounts[3].partition: there is no partition aws-moon",
            ),
            (
                "id = \"000000000000\"\nalias = \"x\"\nname = \"X\"\npartition = \"AWS\"",
                "accounts[3].partition: a partition's name",
            ),
            (
                "id = \"000000000000\"\nalias = \"x\"\nname = \"X\"\nlabels = { \"a=b\" = \"c\" }",
                "accounts[3].labels.a=b",
            ),
        ],
        |lines| format!("[[accounts]]\n{lines}\n"),
    );
}

#[test]
fn all_problems_come_at_once_and_their_number_is_bounded() {
    let text = format!(
        "{}{}[[rules]]\nname = \"\"\nwhen = []\ngrant = [\"nowhere/*\"]\n",
        role("method = \"X\"\nconsole_hours = 99\ndestination = \"x\""),
        "[[roles]]\naccount = \"nowhere\"\nname = \"x\"\nmethod = \"AssumeRole\"\n[[scopes]]\nname = \"?\"\n",
    );
    let found = problems(&document(&text));
    let paths: Vec<&str> = found
        .list()
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "roles[5].method",
            "roles[5].console_hours",
            "roles[5].destination",
            "roles[6].account",
            "scopes[0].name",
            "scopes[0]",
            "rules[0].name",
            "rules[0].when",
        ]
    );
    let many = "[[scopes]]\nname = \"?\"\n".repeat(900);
    let found = problems(&document(&many));
    assert_eq!(found.list().len(), 500);
    assert!(found.more() > 1_000);
    assert!(
        found
            .to_string()
            .ends_with(&format!("and {} more", found.more()))
    );
}

#[test]
fn sizes_are_bounded() {
    let mut document = document("");
    document.accounts = vec![document.accounts[0].clone(); 5_001];
    document.roles = vec![document.roles[0].clone(); 50_001];
    let found = problems(&document);
    let paths: Vec<&str> = found
        .list()
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(paths, ["accounts", "roles"]);
}
