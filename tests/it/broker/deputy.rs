//! B1, B2: what STS is asked for, by all that several people can ask of Vestibule, lies within their groups × the rules.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use vestibule_sandbox::people::Person;

use crate::web::links::made_up;
use crate::web::wire::{Line, cookie_line};
use crate::world::accounts::{self, DEV, PROD};
use crate::world::{SAML, World};

const ROLES: usize = 6;

/// A role of an account.
type Held = (&'static str, &'static str);

/// Who they are, their groups, and what the rules below give them: written out by hand.
const PEOPLE: [(&str, &[&str], &[Held]); 7] = [
    (
        "dev-reader",
        &["dev-readers"],
        &[(DEV, "Deputy0"), (DEV, "Deputy1")],
    ),
    ("dev-writer", &["dev-writers"], &[(DEV, "Deputy2")]),
    (
        "operator",
        &["dev-readers", "operators"],
        &[
            (DEV, "Deputy0"),
            (DEV, "Deputy1"),
            (PROD, "Deputy3"),
            (PROD, "Deputy4"),
        ],
    ),
    // the rule for contractors takes production away again
    ("contractor", &["operators", "contractors"], &[]),
    (
        "breaker",
        &["glass"],
        &[(PROD, "Deputy5"), (DEV, "Deputy5")],
    ),
    (
        "nearly",
        &["Dev-Readers", "operators ", "glass,operators", "*", "dev"],
        &[],
    ),
    ("nobody", &[], &[]),
];

fn model() -> String {
    let mut model = String::new();
    for (id, alias) in [(PROD, "payments-prod"), (DEV, "payments-dev")] {
        write!(
            model,
            "[[accounts]]\nid = \"{id}\"\nalias = \"{alias}\"\nname = \"{alias}\"\n\n"
        )
        .unwrap();
        for number in 0..ROLES {
            write!(
                model,
                "[[roles]]\naccount = \"{alias}\"\nname = \"Deputy{number}\"\nmethod = \"AssumeRole\"\n\
                 credentials = \"hub\"\nconsole_hours = 1\n\n"
            )
            .unwrap();
        }
    }
    for (group, verb, roles) in [
        (
            "dev-readers",
            "grant",
            "\"payments-dev/Deputy0\", \"payments-dev/Deputy1\"",
        ),
        ("dev-writers", "grant", "\"payments-dev/Deputy2\""),
        (
            "operators",
            "grant",
            "\"payments-prod/Deputy3\", \"payments-prod/Deputy4\"",
        ),
        ("contractors", "deny", "\"payments-prod/*\""),
        (
            "glass",
            "grant",
            "\"payments-prod/Deputy5\", \"payments-dev/Deputy5\"",
        ),
    ] {
        write!(
            model,
            "[[rules]]\nname = \"{group}\"\nwhen = [{{ attribute = \"groups\", is = \"{group}\" }}]\n{verb} = [{roles}]\n\n"
        )
        .unwrap();
    }
    model
}

/// The links to every role there is, and to it in other words.
fn real() -> Vec<String> {
    let mut links = Vec::new();
    for (id, alias) in [(PROD, "payments-prod"), (DEV, "payments-dev")] {
        for number in 0..ROLES {
            let role = format!("Deputy{number}");
            links.extend([
                format!("/go/{alias}/{role}"),
                format!("/go/{id}/{role}?hours=1&region=eu-west-1"),
                format!("/go?account_id={id}&role_name={role}"),
                format!("/role/{alias}%20{role}"),
                format!("/go/{alias}/{role}?role={role}&account={PROD}&groups=glass"),
                format!("/go/{alias}/../payments-prod/{role}"),
                format!("/go/{alias}%2F..%2Fpayments-prod/{role}"),
                format!("/go/{alias}/{}", role.to_lowercase()),
            ]);
        }
    }
    links
}

#[tokio::test]
async fn b1_b2_sts_is_asked_for_nothing_beyond_groups_and_rules() {
    let world = World::builder().model(&model()).start().await;
    let roles: Vec<String> = (0..ROLES).map(|number| format!("Deputy{number}")).collect();
    for account in [PROD, DEV] {
        accounts::further_roles(&world.sandbox, account, &roles);
    }
    let links: Vec<String> = real().into_iter().chain(made_up()).collect();
    assert!(links.len() > 1_000);
    for (name, groups, holds) in PEOPLE {
        let person = Person::new(name, name).in_groups(groups.iter().copied());
        world.sandbox.people().put(person);
        let browser = world.browser();
        let page = world
            .signs_in(&browser, &format!("/?idp={SAML}"), name)
            .await;
        assert_eq!(page.status, 200, "{}", page.body);
        let cookies = cookie_line(&world, &browser);
        world.aws_forgets();
        let mut line = Line::new(&world.url);
        let mut handed_over = 0;
        for link in &links {
            let answer = line
                .asks(&format!("GET {link}"), &[cookies.as_bytes()], b"")
                .await;
            let in_console = answer.header("location").contains("SigninToken=");
            assert!(
                in_console || (200..500).contains(&answer.status),
                "{name} {link}: {}",
                answer.head
            );
            assert_eq!(
                in_console,
                answer.status == 303,
                "{name} {link}: {}",
                answer.head
            );
            handed_over += usize::from(in_console);
        }
        let calls = world.aws_saw();
        let calls = calls
            .iter()
            .filter(|entry| entry.action.as_deref() == Some("AssumeRole"));
        let asked: Vec<&String> = calls.map(|entry| &entry.parameters["RoleArn"]).collect();
        assert_eq!(
            asked.len(),
            handed_over,
            "{name}: one call for each console, and no other"
        );
        let asked: BTreeSet<String> = asked.into_iter().cloned().collect();
        let held = holds
            .iter()
            .map(|(account, role)| format!("arn:aws:iam::{account}:role/{role}"));
        assert_eq!(asked, held.collect(), "{name}");
    }
    world.stop().await;
}
