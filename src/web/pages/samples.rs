//! Views for the tests of the pages: empty, typical, many, and text that means harm.

use url::Url;

use crate::domain::account::{Alias, Environment, Region};
use crate::domain::duration::Cause;
use crate::domain::identity::IdpId;
use crate::domain::intent::{AccountRef, ConsoleIntent, Intent, Search};
use crate::domain::preferences::Consoles;
use crate::domain::reason::Reason;
use crate::domain::role::RoleKey;
use crate::domain::scope::ScopeName;
use crate::signin::{
    AccountView, CodeQuestion, HeldRole, IdpChoice, LeftOut, PortalView, ReasonQuestion,
    RoleChoice, SettingsView, SignOutFirst,
};
use crate::web::site::Elsewhere;

/// What would be markup, a script or another line if it were not escaped.
pub(super) const HOSTILE: &str =
    "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;{{7*7}}\u{202e}\u{0}";

fn role(account: &str, name: &str, description: &str, lasts: &str) -> HeldRole {
    HeldRole {
        key: RoleKey::parse(&format!("{account}/{name}")).unwrap(),
        description: description.to_owned(),
        lasts: lasts.to_owned(),
        because: (lasts == "1 hour").then(|| Cause::Chained.text()),
        method: "AssumeRole",
        keys_only: false,
        asks: name
            .starts_with("Admin")
            .then(|| "a stronger login of the last 15 minutes".to_owned()),
    }
}

fn account(
    id: &str,
    alias: &str,
    name: &str,
    environment: Option<Environment>,
    roles: Vec<HeldRole>,
) -> AccountView {
    AccountView {
        id: id.to_owned(),
        alias: alias.to_owned(),
        name: name.to_owned(),
        environment,
        partition: "aws".to_owned(),
        owner: None,
        roles,
    }
}

fn portal(display_name: &str, accounts: Vec<AccountView>) -> PortalView {
    PortalView {
        display_name: display_name.to_owned(),
        idp_name: "Example Corp".to_owned(),
        left_out: None,
        administrator: false,
        accounts,
        search: None,
        form_token: "FORM-TOKEN".to_owned(),
        revision: 12,
    }
}

pub(super) fn typical_accounts() -> Vec<AccountView> {
    let payments = |alias: &str| {
        vec![
            role(
                alias,
                "Deployer",
                "Roll out and roll back the payment services",
                "1 hour",
            ),
            role(alias, "ReadOnly", "Look, don’t touch", "12 hours"),
        ]
    };
    vec![
        account(
            "333344445555",
            "playground",
            "Playground",
            Some(Environment::Sandbox),
            vec![role(
                "playground",
                "Admin+Everything=1,2@x",
                "Everything goes here, and everything is deleted on Sunday night, so keep nothing that you would miss \
                 on Monday morning",
                "12 hours",
            )],
        ),
        account(
            "222233334444",
            "payments-dev",
            "Payments Development",
            Some(Environment::Development),
            payments("payments-dev"),
        ),
        account(
            "111122223333",
            "payments-prod",
            "Payments Production",
            Some(Environment::Production),
            payments("payments-prod"),
        ),
        shop_in_china(),
        account(
            "555566667777",
            "tools",
            "Tools",
            None,
            vec![role(
                "tools",
                "Operator",
                "Build machines and package stores",
                "1 hour",
            )],
        ),
    ]
}

fn shop_in_china() -> AccountView {
    let mut china = account(
        "777788889999",
        "shop-cn",
        "Shop China",
        Some(Environment::Staging),
        vec![role("shop-cn", "Operator", "", "8 hours")],
    );
    china.partition = "aws-cn".to_owned();
    china
}

/// `roles` in each of `accounts`.
pub(super) fn many(accounts: usize, roles: usize) -> PortalView {
    let words = [
        "Payments",
        "Search",
        "Warehouse",
        "Identity",
        "Media",
        "Billing",
    ];
    let stages = [
        Environment::Production,
        Environment::Staging,
        Environment::Development,
        Environment::Sandbox,
    ];
    let names = [
        "Administrator",
        "Auditor",
        "DatabaseOperator",
        "Deployer",
        "ReadOnly",
    ];
    let account = |at: usize| {
        let stage = stages[at % stages.len()];
        let word = words[at / stages.len() % words.len()];
        let team = at / stages.len() / words.len() + 1;
        let alias = format!("{}-{team}-{}", word.to_lowercase(), stage.word());
        let roles = (0..roles).map(|at| {
            let name = names[at % names.len()];
            role(
                &alias,
                name,
                "What people of this team do every day",
                "12 hours",
            )
        });
        account(
            &format!("{:012}", 100_000_000_000 + at * 7_919),
            &alias,
            &format!("{word} {team} {}", stage.word()),
            Some(stage),
            roles.collect(),
        )
    };
    portal("Grace Hopper", (0..accounts).map(account).collect())
}

pub(super) fn portals() -> Vec<(&'static str, PortalView)> {
    let typical = || portal("Ada Lovelace", typical_accounts());
    vec![
        ("empty", portal("Nobody Yet", Vec::new())),
        ("typical", typical()),
        (
            "searched",
            PortalView {
                search: Some(searching("ReadOnly")),
                administrator: true,
                ..typical()
            },
        ),
        (
            "group_overage",
            PortalView {
                left_out: Some(LeftOut::GroupOverage),
                ..typical()
            },
        ),
        (
            "no_groups",
            PortalView {
                left_out: Some(LeftOut::NoGroups),
                accounts: Vec::new(),
                ..typical()
            },
        ),
        ("keys_only", keys_only_portal()),
        ("many", many(4, 5)),
        ("hostile", hostile_portal()),
    ]
}

fn keys_only_portal() -> PortalView {
    let mut accounts = typical_accounts();
    accounts.truncate(1);
    let mut uploader = role("playground", "Uploader", "Put reports", "12 hours");
    uploader.keys_only = true;
    accounts[0].roles.push(uploader);
    portal("Ada Lovelace", accounts)
}

fn searching(text: &str) -> Search {
    Search {
        text: text.to_owned(),
        region: None,
        destination: None,
    }
}

fn hostile_portal() -> PortalView {
    PortalView {
        display_name: HOSTILE.to_owned(),
        idp_name: HOSTILE.to_owned(),
        left_out: Some(LeftOut::GroupOverage),
        search: Some(searching(HOSTILE)),
        form_token: HOSTILE.to_owned(),
        accounts: vec![AccountView {
            id: HOSTILE.to_owned(),
            alias: HOSTILE.to_owned(),
            name: HOSTILE.to_owned(),
            environment: None,
            partition: HOSTILE.to_owned(),
            owner: Some(HOSTILE.to_owned()),
            roles: vec![role("x", "X", HOSTILE, HOSTILE)],
        }],
        ..portal("", Vec::new())
    }
}

pub(super) fn asked() -> ConsoleIntent {
    let account = AccountRef::Alias(Alias::parse("payments-prod").unwrap());
    ConsoleIntent {
        destination: Some(
            "https://eu-west-1.console.aws.amazon.com/s3/home?a=b&c=\"><script>".to_owned(),
        ),
        hours: Some(4),
        ..ConsoleIntent::of(account, None)
    }
}

pub(super) fn choices_of_roles() -> Vec<(&'static str, RoleChoice)> {
    let mut accounts = typical_accounts();
    accounts.retain(|account| account.alias == "payments-prod");
    vec![(
        "typical",
        RoleChoice {
            display_name: "Ada Lovelace".to_owned(),
            asked: asked(),
            always: false,
            accounts,
            form_token: "FORM-TOKEN".to_owned(),
        },
    )]
}

pub(super) fn choices_of_idps() -> Vec<(&'static str, Vec<IdpChoice>, Intent)> {
    let idp = |id: &str, name: &str| IdpChoice {
        id: IdpId::parse(id).unwrap(),
        name: name.to_owned(),
    };
    let two = || vec![idp("corp", "Example Corp"), idp("okta", "Okta")];
    vec![
        ("none", Vec::new(), Intent::Portal),
        ("portal", two(), Intent::Portal),
        ("console", two(), Intent::Console(asked())),
        ("hostile", vec![idp("corp", HOSTILE)], Intent::Portal),
    ]
}

pub(super) fn elsewhere() -> Elsewhere {
    Elsewhere {
        idps: [(
            IdpId::parse("corp").unwrap(),
            Url::parse("https://idp.example.com/sign-out").unwrap(),
        )]
        .into(),
        consoles: [
            (
                "aws",
                "https://us-east-1.signin.aws.amazon.com/oauth?Action=logout",
            ),
            (
                "aws-us-gov",
                "https://signin.amazonaws-us-gov.com/oauth?Action=logout",
            ),
        ]
        .map(|(partition, url)| (partition.to_owned(), Url::parse(url).unwrap()))
        .to_vec(),
        several_consoles: several_consoles(),
    }
}

/// A code is asked for.
pub(super) fn code_question(text: &str) -> CodeQuestion {
    CodeQuestion {
        display_name: text.to_owned(),
        form_token: "FORM-TOKEN".to_owned(),
        asked: ConsoleIntent {
            scope: Some(ScopeName::parse("read-only").unwrap()),
            ..asked()
        },
        role: RoleKey::parse("payments-prod/ReadOnly").unwrap(),
        account: text.to_owned(),
        serial: "arn:aws:iam::999900001111:mfa/vestibule".to_owned(),
    }
}

pub(super) fn reason_questions() -> Vec<(&'static str, ReasonQuestion)> {
    let question = |text: &str, reason: &str, serial: Option<&str>| ReasonQuestion {
        display_name: text.to_owned(),
        form_token: "FORM-TOKEN".to_owned(),
        asked: ConsoleIntent {
            scope: serial.and_then(|_| ScopeName::parse("read-only").ok()),
            suggested_reason: Reason::parse(reason).ok(),
            ..asked()
        },
        role: RoleKey::parse("payments-prod/ReadOnly").unwrap(),
        account: text.to_owned(),
        serial: serial.map(str::to_owned),
    };
    let serial = Some("arn:aws:iam::999900001111:mfa/vestibule");
    vec![
        ("typical", question("Payments Production", "", None)),
        ("code", question("Payments Production", "INC-4711", serial)),
        (
            "hostile",
            question(HOSTILE, "\"><script>alert(1)</script>", serial),
        ),
    ]
}

pub(super) fn several_consoles() -> Option<Url> {
    Url::parse("https://us-east-1.signin.aws.amazon.com/sessions/v1/opt-in").ok()
}

pub(super) fn settings() -> Vec<(&'static str, SettingsView)> {
    let view = |region: Option<&str>, consoles| SettingsView {
        display_name: "Ada Lovelace".to_owned(),
        administrator: false,
        form_token: "FORM-TOKEN".to_owned(),
        region: region.and_then(|region| Region::parse(region).ok()),
        consoles,
    };
    vec![
        ("nothing", view(None, None)),
        ("chosen", view(Some("eu-west-1"), Some(Consoles::Replace))),
        (
            "hostile",
            SettingsView {
                display_name: HOSTILE.to_owned(),
                ..view(None, Some(Consoles::Add))
            },
        ),
    ]
}

pub(super) fn two_steps() -> Vec<(&'static str, SignOutFirst)> {
    let first = |account_name: &str| SignOutFirst {
        display_name: "Ada Lovelace".to_owned(),
        form_token: "FORM-TOKEN".to_owned(),
        key: RoleKey::parse("payments-prod/ReadOnly").unwrap(),
        account_name: account_name.to_owned(),
        partition: "aws-us-gov".to_owned(),
        asked: asked(),
    };
    vec![
        ("typical", first("Payments Production")),
        ("unknown", first("Payments Production")),
        ("hostile", first(HOSTILE)),
    ]
}
