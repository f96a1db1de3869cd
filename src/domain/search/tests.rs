//! What is found, in which order, and what is marked; and that no text makes it fail or work long.

use proptest::prelude::*;

use super::fold::Folded;
use super::*;

fn role(name: &str) -> Role<'_> {
    Role {
        name,
        ..Role::default()
    }
}

fn account<'a>(name: &'a str, alias: &'a str, roles: &[&'a str]) -> Account<'a> {
    Account {
        name,
        alias,
        id: "111122223333",
        roles: roles.iter().map(|name| role(name)).collect(),
        ..Account::default()
    }
}

fn company() -> Vec<Account<'static>> {
    let mut accounts = vec![
        account("Data Lake", "lake", &["Administrator", "Analyst"]),
        account("Payments Development", "payments-dev", &["ReadOnly"]),
        account(
            "Payments Production",
            "payments-prod",
            &["Deployer", "ReadOnly"],
        ),
        account("Producers’ Portal", "producers", &["Operator"]),
        account("Zürich Straße", "zurich", &["DBAdmin"]),
    ];
    accounts[1].environment = "development";
    accounts[2].environment = "production";
    accounts[2].id = "444455556666";
    accounts[2].labels = vec!["team: payments", "cost: 4711"];
    accounts[3].partition = "aws-cn";
    accounts[3].roles[0].description = "Turns knobs on Sundays";
    accounts
}

/// What a text finds, as `alias/role`, the best first.
fn finds(accounts: &[Account<'_>], text: &str) -> Vec<String> {
    let found = Query::parse(text).unwrap().find(accounts, 50);
    let hits = found.hits.iter().map(|hit| {
        let account = &accounts[hit.account];
        format!("{}/{}", account.alias, account.roles[hit.role].name)
    });
    hits.collect()
}

/// The first role that a text finds, with what is marked there in brackets.
fn marks(accounts: &[Account<'_>], text: &str) -> Vec<String> {
    let found = Query::parse(text).unwrap().find(accounts, 1);
    let hit = &found.hits[0];
    let account = &accounts[hit.account];
    let marked = hit.marks.iter().map(|(field, range)| {
        let text = match field {
            Field::Role => account.roles[hit.role].name,
            Field::Account => account.name,
            Field::Alias => account.alias,
            Field::Label(at) => account.labels[*at],
            Field::Id => account.id,
            Field::Environment => account.environment,
            Field::Partition => account.partition,
            Field::Description => account.roles[hit.role].description,
        };
        let (before, rest) = text.split_at(range.start);
        let (found, after) = rest.split_at(range.len());
        format!("{before}[{found}]{after}")
    });
    marked.collect()
}

#[test]
fn a_role_is_found_by_anything_that_names_it() {
    let accounts = company();
    for (text, first) in [
        ("deployer", "payments-prod/Deployer"),
        ("lake analyst", "lake/Analyst"),
        ("444455556666 read", "payments-prod/ReadOnly"),
        ("4444 dep", "payments-prod/Deployer"),
        ("payments-prod/ReadOnly", "payments-prod/ReadOnly"),
        ("cost: 4711", "payments-prod/Deployer"),
        ("production readonly", "payments-prod/ReadOnly"),
        ("aws-cn", "producers/Operator"),
        ("sundays", "producers/Operator"),
        ("zurich strasse", "zurich/DBAdmin"),
        ("ZÜRICH STRASSE", "zurich/DBAdmin"),
        ("straße", "zurich/DBAdmin"),
        ("pp ro", "payments-prod/ReadOnly"),
        ("ayments deplo", "payments-prod/Deployer"),
        ("payprod", "payments-prod/Deployer"),
        ("paymnts devl", "payments-dev/ReadOnly"),
        ("dba", "zurich/DBAdmin"),
    ] {
        let found = finds(&accounts, text);
        assert_eq!(
            found.first().map(String::as_str),
            Some(first),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn every_word_must_be_found() {
    let accounts = company();
    assert_eq!(
        finds(&accounts, "payments deployer"),
        ["payments-prod/Deployer"]
    );
    for text in ["payments lake", "xyzzy", "readonly xyzzy", "9", "\u{1f512}"] {
        assert!(finds(&accounts, text).is_empty(), "{text}");
    }
}

#[test]
fn the_better_a_match_the_higher_it_stands() {
    let roles = [
        "Prod",
        "ProdAdmin",
        "AdminProd",
        "Subprod",
        "PaymentsReadOnlyDeploy",
    ];
    let mut shuffled = roles;
    shuffled.reverse();
    let accounts = [account("Ex", "ex", &shuffled)];
    let found = finds(&accounts, "prod");
    assert_eq!(found, roles.map(|name| format!("ex/{name}")));
}

#[test]
fn what_is_used_rises_above_what_matches_a_little_better_and_no_further() {
    let mut accounts = [account(
        "Ex",
        "ex",
        &["Prod", "ProdAdmin", "AdminProd", "Subprod"],
    )];
    accounts[0].roles[3].weight = 1_000_000;
    assert_eq!(
        finds(&accounts, "prod"),
        ["ex/Prod", "ex/ProdAdmin", "ex/Subprod", "ex/AdminProd"]
    );
    accounts[0].roles[3].weight = 0;
    accounts[0].roles[2].weight = 1_000;
    let once = finds(&accounts, "prod");
    accounts[0].roles[2].is_favourite = true;
    assert_eq!(once[1], "ex/ProdAdmin");
    assert_eq!(finds(&accounts, "prod")[1], "ex/AdminProd");
}

#[test]
fn equally_good_roles_keep_their_order_and_only_the_best_are_given() {
    let names: Vec<String> = (10..99).map(|number| format!("Role{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let accounts = [
        account("One", "one", &names),
        account("Two", "two", &["Role10"]),
    ];
    let found = Query::parse("role").unwrap().find(&accounts, 3);
    assert_eq!((found.roles, found.accounts), (90, 2));
    let places: Vec<_> = found
        .hits
        .iter()
        .map(|hit| (hit.account, hit.role))
        .collect();
    assert_eq!(places, [(0, 0), (0, 1), (0, 2)]);
}

#[test]
fn the_letters_that_matched_are_marked_with_their_accents() {
    let accounts = company();
    for (text, marked) in [
        ("deploy", vec!["[Deploy]er"]),
        (
            "payprod",
            vec!["[Pay]ments Production", "Payments [Prod]uction"],
        ),
        ("uri stras", vec!["Z[üri]ch Straße", "Zürich [Straß]e"]),
        ("read 5555", vec!["[Read]Only", "4444[5555]6666"]),
        ("pro/prod", vec!["[prod]uction"]),
        ("4711", vec!["cost: [4711]"]),
    ] {
        let accounts: Vec<_> = match text {
            "payprod" | "pro/prod" => vec![accounts[2].clone()],
            _ => accounts.clone(),
        };
        assert_eq!(marks(&accounts, text), marked, "{text}");
    }
    let composed = [account("Cafe\u{301} Bar", "bar", &["X"])];
    assert_eq!(marks(&composed, "café"), ["[Cafe\u{301}] Bar"]);
}

#[test]
fn there_is_nothing_to_look_for_in_what_has_no_letters() {
    for text in ["", " ", "/", " / /\u{2003}", "\u{301}"] {
        assert_eq!(Query::parse(text), None, "{text:?}");
    }
}

#[test]
fn words_begin_where_people_see_them_begin() {
    for (text, starts) in [
        ("ReadOnly", "RO"),
        ("payments-prod", "pp"),
        ("DBAdmin", "DA"),
        ("team1 42x", "t14x"),
        ("über Öl", "uo"),
        ("a.b_c", "abc"),
        ("e\u{301}a", "e"),
    ] {
        let mut folded = Folded::default();
        folded.fill(text);
        let found: String = folded
            .letters
            .iter()
            .zip(&folded.starts)
            .filter(|(_, starts)| **starts)
            .map(|(letter, _)| letter)
            .collect();
        assert_eq!(found, starts.to_lowercase(), "{text}");
    }
}

#[test]
fn the_work_grows_with_the_texts_and_not_faster() {
    // what makes a search work most: long texts of few letters, in which everything nearly matches
    for roles in [1, 40] {
        let names: Vec<String> = (0..roles)
            .map(|at| format!("{}{at}", "ab".repeat(200)))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let accounts = [account(names[0], names[0], &names)];
        let text = ["aabb".repeat(50).as_str(); 50].join(" ");
        let query = Query::parse(&text).unwrap();
        assert_eq!(query.0.len(), MOST_WORDS);
        assert!(query.0.iter().all(|word| word.len() == LONGEST_WORD));
        let mut matcher = Matcher::new(&query.0);
        matcher.worths(names[0], Manner::Loose);
        // of each text no more than its first letters, and for each word no more than one look at each
        assert_eq!(matcher.folded.letters.len(), 256);
        assert_eq!(matcher.scratch.room(), LONGEST_WORD * 256);
        let found = query.find(&accounts, 50);
        assert!(found.hits.len() <= 50);
        matcher.bests(&accounts[0].roles[0], &[None; MOST_WORDS]);
        matcher.bests(&accounts[0].roles[0], &[None; MOST_WORDS]);
        // a name is looked at once, however many roles have it
        assert_eq!(matcher.names.len(), 1);
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[a-cA-C0-1 /.-]{0,30}",
        "[\u{300}-\u{36f}éßΣςİıﬁ\u{1f468}\u{200d}\u{ac00}\u{0}\n]{0,20}",
    ]
}

proptest! {
    #[test]
    fn any_text_can_be_looked_for_in_any_other(
        names in proptest::collection::vec(texts(), 1..6),
        text in texts(),
    ) {
        let accounts: Vec<_> = names.iter().map(|name| Account {
            labels: vec![name, name],
            roles: vec![Role { description: name, ..role(name) }; 2],
            ..account(name, name, &[])
        }).collect();
        let Some(query) = Query::parse(&text) else { return Ok(()) };
        let found = query.find(&accounts, 5);
        prop_assert!(found.hits.len() == found.roles.min(5));
        prop_assert!(found.hits.windows(2).all(|two| two[0].score >= two[1].score));
        for hit in &found.hits {
            prop_assert!(!hit.marks.is_empty());
            for (_, range) in &hit.marks {
                prop_assert!(!names[hit.account].get(range.clone()).unwrap_or_else(|| accounts[hit.account].id.get(range.clone()).unwrap_or_default()).is_empty());
            }
        }
        prop_assert_eq!(query.find(&accounts, 5), found);
    }

    #[test]
    fn a_name_is_found_by_itself_in_any_case(name in "[a-zA-Z0-9+=,.@_-]{1,60}") {
        let accounts = [account("Ex", "ex", &["Other", &name])];
        for text in [name.clone(), name.to_uppercase(), name.to_lowercase()] {
            let found = finds(&accounts, &text);
            prop_assert!(found.contains(&format!("ex/{name}")), "{} finds {:?}", text, found);
        }
    }

    #[test]
    fn the_letters_of_a_name_find_it_with_gaps_that_are_few(name in "[A-Z][a-z]{3,8}", left_out in 1_usize..3) {
        let mut letters: Vec<char> = name.chars().collect();
        letters.remove(left_out);
        let text: String = letters.into_iter().collect();
        let accounts = [account("Ex", "ex", &[&name])];
        prop_assert_eq!(finds(&accounts, &text), [format!("ex/{name}")]);
    }
}
