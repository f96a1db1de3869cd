//! The board: accounts, each with the roles held there, as the portal and the choice of a role show it.

use crate::domain::intent::{ConsoleIntent, Search};
use crate::signin::{AccountView, HeldRole};
use crate::web::links;

/// Why consoles last no longer than they do: each reason once, below the board, with a number from 1.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<&'static str>);

impl Notes {
    fn number(&mut self, because: &'static str) -> usize {
        let known = self.0.iter().position(|known| *known == because);
        known.unwrap_or_else(|| {
            self.0.push(because);
            self.0.len() - 1
        }) + 1
    }
}

impl std::ops::Deref for Notes {
    type Target = [&'static str];
    fn deref(&self) -> &[&'static str] {
        &self.0
    }
}

/// What each role's links keep of a link that led here: queries (`?destination=…`), or empty.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    console: String,
    keys: String,
}

impl Keeping {
    pub(super) fn of_console(asked: &ConsoleIntent) -> Self {
        Self {
            console: links::keeping(asked),
            keys: links::keeping_for_keys(asked),
        }
    }

    pub(super) fn of_search(search: &Search) -> Self {
        Self {
            console: links::keeping_search(search),
            keys: links::keeping_search_for_keys(search),
        }
    }
}

/// An account as it stands on the board.
#[derive(Debug)]
pub(super) struct AccountPlate<'a> {
    pub(super) name: &'a str,
    pub(super) id: &'a str,
    pub(super) alias: &'a str,
    /// The word, which is the class too; empty where the model says nothing.
    pub(super) environment: &'static str,
    /// Empty for the partition that most people never heard of.
    pub(super) partition: &'a str,
    pub(super) roles: Vec<RoleLine<'a>>,
    pub(super) hidden: bool,
}

/// A role as it stands there.
#[derive(Debug)]
pub(super) struct RoleLine<'a> {
    pub(super) name: &'a str,
    pub(super) href: String,
    pub(super) keys_href: String,
    /// It opens no console: its name leads to the keys.
    pub(super) keys_only: bool,
    pub(super) description: &'a str,
    pub(super) lasts: &'a str,
    /// What it asks of the person first, to stand after "asks for"; empty for nothing.
    pub(super) asks: &'a str,
    /// The number of the note that says why no longer; 0 for none.
    pub(super) note: usize,
    pub(super) hidden: bool,
}

impl<'a> AccountPlate<'a> {
    pub(super) fn new(account: &'a AccountView, keeping: &Keeping, notes: &mut Notes) -> Self {
        let roles = account.roles.iter();
        Self {
            name: &account.name,
            id: &account.id,
            alias: &account.alias,
            environment: account.environment.map_or("", |e| e.word()),
            partition: match account.partition.as_str() {
                "aws" => "",
                other => other,
            },
            roles: roles
                .map(|role| RoleLine::new(role, keeping, notes))
                .collect(),
            hidden: false,
        }
    }

    /// Hides what does not hold every word, in the account's own texts or in the role's.
    pub(super) fn narrow(&mut self, words: &[String]) {
        let plate = format!(
            "{} {} {} {} {}",
            self.name, self.environment, self.id, self.alias, self.partition
        )
        .to_lowercase();
        let rest: Vec<_> = words.iter().filter(|word| !plate.contains(*word)).collect();
        for role in &mut self.roles {
            let line = format!("{} {} {}", role.name, role.description, role.lasts).to_lowercase();
            role.hidden = !rest.iter().all(|word| line.contains(*word));
        }
        self.hidden = self.roles.iter().all(|role| role.hidden);
    }
}

impl<'a> RoleLine<'a> {
    fn new(role: &'a HeldRole, keeping: &Keeping, notes: &mut Notes) -> Self {
        Self {
            name: role.key.name.as_str(),
            href: if role.keys_only {
                links::keys_href(&role.key, &keeping.keys)
            } else {
                links::role_href(&role.key, &keeping.console)
            },
            keys_href: links::keys_href(&role.key, &keeping.keys),
            keys_only: role.keys_only,
            description: &role.description,
            lasts: &role.lasts,
            asks: role.asks.as_deref().unwrap_or_default(),
            note: role.because.map_or(0, |because| notes.number(because)),
            hidden: false,
        }
    }
}
