//! Everything that can be wrong with a document, each with its key path; and all of it at once.

mod methods;
mod policies;
mod revokers;
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

/// A fourth account with these former aliases.
fn formerly(aliases: &str) -> String {
    format!(
        "[[accounts]]\nid = \"000000000000\"\nalias = \"x\"\nname = \"X\"\nformer_aliases = [{aliases}]\n"
    )
}

#[test]
fn former_aliases_are_aliases_that_nobody_else_has_or_had() {
    let many: Vec<String> = (0..21).map(|at| format!("\"old-{at}\"")).collect();
    expect(
        &[
            (
                "\"Old\"",
                "accounts[3].former_aliases[0]: an alias is 1 to 63",
            ),
            (
                "\"old\", \"123456789012\"",
                "accounts[3].former_aliases[1]: an alias is",
            ),
            (
                "\"gov\"",
                "accounts[3].former_aliases[0]: is the same as accounts[2].alias",
            ),
            (
                "\"x\"",
                "accounts[3].former_aliases[0]: is the same as accounts[3].alias",
            ),
            (
                "\"old\", \"old\"",
                "accounts[3].former_aliases[1]: is the same as accounts[3].former_aliases[0]",
            ),
            (
                &many.join(", "),
                "accounts[3].former_aliases: at most 20 former aliases, and there are 21",
            ),
        ],
        formerly,
    );
    // and over two accounts
    let two = format!(
        "{}[[accounts]]\nid = \"000000000001\"\nalias = \"y\"\nname = \"Y\"\nformer_aliases = [\"older\", \"old\"]\n",
        formerly("\"old\"")
    );
    let problem = only_problem(&two);
    assert!(
        problem.contains(
            "accounts[4].former_aliases[1]: is the same as accounts[3].former_aliases[0]"
        ),
        "{problem}"
    );
}

#[test]
fn no_rule_and_no_role_knows_an_account_by_a_former_alias() {
    let former = formerly("\"old\"");
    let role = "[[roles]]\nname = \"R\"\nmethod = \"AssumeRole\"\ncredentials = \"hub\"\n";
    for selector in ["old/*", "old/R"] {
        let rule = format!(
            "{former}{role}account = \"x\"\n[[rules]]\nname = \"r\"\nwhen = [{{ idp = \"corp\" }}]\ngrant = [\"{selector}\"]\n"
        );
        let problem = only_problem(&rule);
        assert!(
            problem.contains("points at no role of this document"),
            "{problem}"
        );
    }
    let problem = only_problem(&format!("{former}{role}account = \"old\"\n"));
    assert!(
        problem.contains("there is no account with alias \"old\""),
        "{problem}"
    );
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
