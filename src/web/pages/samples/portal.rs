//! Portals: empty, typical, with what people like to find again, many roles, and text that means harm.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::DateTime;

use super::HOSTILE;
use crate::domain::account::{Account, AccountId, Alias, Environment, PartitionName, Region};
use crate::domain::duration::Cause;
use crate::domain::intent::Search;
use crate::domain::preferences::Opening;
use crate::domain::requires::Requires;
use crate::domain::role::{CredentialsName, Method, Role, RoleKey};
use crate::domain::scope::ScopeName;
use crate::domain::stop::Until;
use crate::signin::{AccountView, HeldRole, LeftOut, Place, PortalView};

fn role(account: &Arc<Account>, name: &str, description: &str, lasts: &str) -> HeldRole {
    let method = Method::AssumeRole {
        credentials: CredentialsName::parse("hub").unwrap(),
        external_id: None,
        via: None,
        mfa_serial: None,
    };
    HeldRole {
        role: Arc::new(Role {
            key: RoleKey::parse(&format!("{}/{name}", account.alias)).unwrap(),
            account: Arc::clone(account),
            path: "/".to_owned(),
            description: description.to_owned(),
            method,
            console_seconds: 43_200,
            destination: None,
            tags: Vec::new(),
            transitive_tags: Vec::new(),
            source_identity: false,
            session_policy: None,
            managed_policies: Vec::new(),
            discoverable: false,
            requires: Requires::default(),
        }),
        seconds: 43_200,
        lasts: lasts.into(),
        because: (lasts == "1 hour").then(|| Cause::Chained.text()),
        asks: name
            .starts_with("Admin")
            .then(|| "a stronger login of the last 15 minutes".to_owned()),
        suspended: None,
        is_favourite: false,
        weight: 0,
        opening: None,
    }
}

fn account(
    id: &str,
    alias: &str,
    name: &str,
    environment: Option<Environment>,
    roles: &[(&str, &str, &str)],
) -> AccountView {
    let account = Account {
        id: AccountId::parse(id).unwrap(),
        alias: Alias::parse(alias).unwrap(),
        name: name.to_owned(),
        environment,
        partition: PartitionName::default(),
        owner: None,
        labels: BTreeMap::new(),
        former_aliases: Vec::new(),
    };
    of_account(account, roles)
}

fn of_account(account: Account, roles: &[(&str, &str, &str)]) -> AccountView {
    let account = Arc::new(account);
    let roles = roles
        .iter()
        .map(|(name, description, lasts)| role(&account, name, description, lasts));
    AccountView {
        roles: roles.collect(),
        account,
    }
}

fn portal(display_name: &str, accounts: Vec<AccountView>) -> PortalView {
    PortalView {
        display_name: display_name.to_owned(),
        idp_name: "Example Corp".to_owned(),
        left_out: None,
        administrator: false,
        accounts,
        favourites: Vec::new(),
        recents: Vec::new(),
        consoles_chosen: true,
        search: None,
        form_token: "FORM-TOKEN".to_owned(),
        revision: 12,
    }
}

pub(in crate::web::pages) fn typical_accounts() -> Vec<AccountView> {
    let payments = [
        (
            "Deployer",
            "Roll out and roll back the payment services",
            "1 hour",
        ),
        ("ReadOnly", "Look, don’t touch", "12 hours"),
    ];
    let playground = (
        "Admin+Everything=1,2@x",
        "Everything goes here, and everything is deleted on Sunday night, so keep nothing that you would miss \
         on Monday morning",
        "12 hours",
    );
    vec![
        account(
            "333344445555",
            "playground",
            "Playground",
            Some(Environment::Sandbox),
            &[playground],
        ),
        account(
            "222233334444",
            "payments-dev",
            "Payments Development",
            Some(Environment::Development),
            &payments,
        ),
        of_account(
            Account {
                owner: Some("payments-leads@example.com".to_owned()),
                labels: [("team", "payments"), ("cost-centre", "4711")]
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .into(),
                ..Account::clone(
                    &account(
                        "111122223333",
                        "payments-prod",
                        "Payments Production",
                        Some(Environment::Production),
                        &[],
                    )
                    .account,
                )
            },
            &payments,
        ),
        shop_in_china(),
        account(
            "555566667777",
            "tools",
            "Tools",
            None,
            &[("Operator", "Build machines and package stores", "1 hour")],
        ),
    ]
}

fn shop_in_china() -> AccountView {
    let china = account(
        "777788889999",
        "shop-cn",
        "Shop China",
        Some(Environment::Staging),
        &[],
    );
    let china = Account {
        partition: PartitionName::parse("aws-cn").unwrap(),
        ..Account::clone(&china.account)
    };
    of_account(china, &[("Operator", "", "8 hours")])
}

/// With favourites, recents, and a way of their own to open one.
fn kept_portal() -> PortalView {
    let mut accounts = typical_accounts();
    let place = |account, role| Place { account, role };
    let read = &mut accounts[2].roles[1];
    (read.is_favourite, read.weight) = (true, 2_500);
    read.opening = Some(Opening {
        destination: Some("https://eu-west-1.console.aws.amazon.com/s3/home?a=b&c=d".to_owned()),
        region: Region::parse("eu-west-1").ok(),
        hours: Some(2),
        scope: ScopeName::parse("read-only").ok(),
    });
    read.lasts = "2 hours".into();
    accounts[0].roles[0].is_favourite = true;
    accounts[3].roles[0].weight = 1_000;
    PortalView {
        favourites: vec![place(2, 1), place(0, 0)],
        recents: vec![place(3, 0)],
        consoles_chosen: false,
        ..portal("Ada Lovelace", accounts)
    }
}

/// `roles` in each of `accounts`.
pub(in crate::web::pages) fn many(accounts: usize, roles: usize) -> PortalView {
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
            (name, "What people of this team do every day", "12 hours")
        });
        account(
            &format!("{:012}", 100_000_000_000 + at * 7_919),
            &alias,
            &format!("{word} {team} {}", stage.word()),
            Some(stage),
            &roles.collect::<Vec<_>>(),
        )
    };
    portal("Grace Hopper", (0..accounts).map(account).collect())
}

pub(in crate::web::pages) fn portals() -> Vec<(&'static str, PortalView)> {
    let typical = || portal("Ada Lovelace", typical_accounts());
    vec![
        ("empty", portal("Nobody Yet", Vec::new())),
        ("typical", typical()),
        ("kept", kept_portal()),
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
        ("many", many(11, 5)),
        ("hostile", hostile_portal()),
        ("hostile_search", hostile_search()),
    ]
}

fn keys_only_portal() -> PortalView {
    let mut accounts = typical_accounts();
    accounts.truncate(1);
    let uploader = role(&accounts[0].account, "Uploader", "Put reports", "12 hours");
    let uploader = HeldRole {
        role: Arc::new(Role {
            method: Method::GetSessionToken {
                credentials: CredentialsName::parse("uploader").unwrap(),
            },
            ..Role::clone(&uploader.role)
        }),
        ..uploader
    };
    accounts[0].roles.push(uploader);
    let mut suspended = accounts[0].roles.iter_mut();
    if let (Some(one), Some(two)) = (suspended.next(), suspended.next()) {
        one.suspended = Some(Until(None));
        two.suspended = Some(Until(DateTime::from_timestamp(1_772_384_400, 0)));
    }
    portal("Ada Lovelace", accounts)
}

fn searching(text: &str) -> Search {
    Search {
        text: text.to_owned(),
        region: None,
        destination: None,
    }
}

/// Harm wherever the model takes any text.
fn hostile_portal() -> PortalView {
    let harmless = account("123456789012", "x", HOSTILE, None, &[]);
    let account = Account {
        owner: Some(HOSTILE.to_owned()),
        labels: [(HOSTILE.to_owned(), HOSTILE.to_owned())].into(),
        ..Account::clone(&harmless.account)
    };
    let mut view = of_account(account, &[("X", HOSTILE, HOSTILE)]);
    view.roles[0].asks = Some(HOSTILE.to_owned());
    view.roles[0].is_favourite = true;
    view.roles[0].opening = Some(Opening {
        destination: Some(HOSTILE.to_owned()),
        ..Opening::default()
    });
    PortalView {
        display_name: HOSTILE.to_owned(),
        idp_name: HOSTILE.to_owned(),
        left_out: Some(LeftOut::GroupOverage),
        favourites: vec![Place {
            account: 0,
            role: 0,
        }],
        form_token: HOSTILE.to_owned(),
        ..portal("", vec![view])
    }
}

/// The same, found by its own harm.
fn hostile_search() -> PortalView {
    PortalView {
        search: Some(searching(HOSTILE)),
        ..hostile_portal()
    }
}
