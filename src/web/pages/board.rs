//! The board: accounts, each with the roles held there, as the portal and the choice of a role show it; and single roles,
//! each with its account.

use std::collections::HashSet;
use std::rc::Rc;

use super::marked::Marked;
use crate::domain::account::{Account, Region};
use crate::domain::intent::{ConsoleIntent, Search};
use crate::domain::preferences::Opening;
use crate::domain::scope::ScopeName;
use crate::domain::search::{self, Field, Found, Hit, Query};
use crate::signin::{AccountView, HeldRole};
use crate::web::{links, texts};

/// Up to so many accounts stand open from the beginning.
const OPEN: usize = 10;

/// The accounts, and what their rows refer to.
#[derive(Debug, Default)]
pub(super) struct Board<'a> {
    pub(super) accounts: Vec<AccountPlate<'a>>,
    pub(super) notes: Notes,
    /// Whether the accounts stand open.
    pub(super) is_open: bool,
    /// Whether rows have stars: the page has the form that they belong to.
    pub(super) has_stars: bool,
}

impl<'a> Board<'a> {
    pub(super) fn fill(&mut self, accounts: &'a [AccountView], keeping: &Keeping) {
        self.fill_with(accounts, keeping, |_, _| true);
    }

    /// With the roles alone that a text finds, in the order that they have.
    pub(super) fn fill_found(
        &mut self,
        accounts: &'a [AccountView],
        keeping: &Keeping,
        words: &Query,
    ) {
        let found = find(accounts, words, usize::MAX);
        let hits = found.hits.iter().map(|hit| (hit.account, hit.role));
        let hits: HashSet<(usize, usize)> = hits.collect();
        self.fill_with(accounts, keeping, |account, role| {
            hits.contains(&(account, role))
        });
    }

    fn fill_with(
        &mut self,
        accounts: &'a [AccountView],
        keeping: &Keeping,
        wanted: impl Fn(usize, usize) -> bool,
    ) {
        let notes = &mut self.notes;
        let plates = accounts.iter().enumerate().map(|(at, view)| {
            let roles = view.roles.iter().enumerate();
            let roles = roles.filter(|(role, _)| wanted(at, *role));
            AccountPlate {
                roles: roles
                    .map(|(_, role)| RoleLine::new(role, keeping, notes))
                    .collect(),
                ..AccountPlate::of(&view.account)
            }
        });
        self.accounts = plates.filter(|plate| !plate.roles.is_empty()).collect();
        self.is_open = self.accounts.len() <= OPEN;
    }
}

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

/// What each role's links keep of a link that led here.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    /// What of it goes before what the person likes.
    asked: Opening,
    console: Rc<str>,
    keys: Rc<str>,
}

impl Keeping {
    pub(super) fn of_console(asked: &ConsoleIntent) -> Self {
        Self {
            asked: Opening::default(),
            console: links::keeping(asked).into(),
            keys: links::keeping_for_keys(asked).into(),
        }
    }

    pub(super) fn of_search(search: &Search) -> Self {
        Self {
            asked: Opening {
                destination: search.destination.clone(),
                region: search.region.clone(),
                ..Opening::default()
            },
            console: links::keeping_search(search).into(),
            keys: links::keeping_search_for_keys(search).into(),
        }
    }

    /// The queries of the link to the console and of that to keys.
    fn queries(&self, liked: Option<&Opening>) -> (Rc<str>, Rc<str>) {
        let Some(liked) = liked.cloned() else {
            return (Rc::clone(&self.console), Rc::clone(&self.keys));
        };
        let asked = self.asked.clone();
        let both = Opening {
            destination: asked.destination.or(liked.destination),
            region: asked.region.or(liked.region),
            hours: liked.hours,
            scope: liked.scope,
        };
        let (console, keys) = (links::opening(&both), links::opening_for_keys(&both));
        (console.into(), keys.into())
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
    pub(super) labels: Vec<String>,
    /// Whom to ask; empty where the model says nothing.
    pub(super) owner: &'a str,
    pub(super) roles: Vec<RoleLine<'a>>,
}

impl<'a> AccountPlate<'a> {
    fn of(account: &'a Account) -> Self {
        Self {
            name: &account.name,
            id: account.id.as_str(),
            alias: account.alias.as_str(),
            environment: account.environment.map_or("", |e| e.word()),
            partition: match account.partition.as_str() {
                "aws" => "",
                other => other,
            },
            labels: labels(account),
            owner: account.owner.as_deref().unwrap_or_default(),
            roles: Vec::new(),
        }
    }
}

/// An account's labels as they are shown and found.
fn labels(account: &Account) -> Vec<String> {
    let labels = account.labels.iter();
    labels
        .map(|(key, value)| format!("{key}: {value}"))
        .collect()
}

/// The `most` best of the roles that a text finds.
pub(super) fn find(accounts: &[AccountView], words: &Query, most: usize) -> Found {
    let labels: Vec<_> = accounts.iter().map(|view| labels(&view.account)).collect();
    let texts = accounts.iter().zip(&labels).map(|(view, labels)| {
        let account = &view.account;
        let roles = view.roles.iter().map(|held| search::Role {
            name: held.role.key.name.as_str(),
            description: &held.role.description,
            weight: held.weight,
            is_favourite: held.is_favourite,
        });
        search::Account {
            name: &account.name,
            alias: account.alias.as_str(),
            id: account.id.as_str(),
            environment: account.environment.map_or("", |e| e.word()),
            partition: match account.partition.as_str() {
                "aws" => "",
                other => other,
            },
            labels: labels.iter().map(String::as_str).collect(),
            roles: roles.collect(),
        }
    });
    words.find(&texts.collect::<Vec<_>>(), most)
}

/// A role as it stands there.
#[derive(Debug)]
pub(super) struct RoleLine<'a> {
    pub(super) name: &'a str,
    /// The account's alias and the name, as links have them.
    pub(super) path: String,
    /// What its name leads to: the console, or the keys where there is none.
    pub(super) way: &'static str,
    /// What the link to the console keeps.
    pub(super) query: Rc<str>,
    pub(super) keys_query: Rc<str>,
    pub(super) keys_only: bool,
    /// Its account's digits.
    pub(super) account: &'a str,
    pub(super) description: &'a str,
    pub(super) lasts: &'a str,
    /// What it asks of the person first, to stand after "asks for"; empty for nothing.
    pub(super) asks: &'a str,
    /// Until when it is suspended, within a sentence; `None`: it is not.
    pub(super) suspended: Option<String>,
    /// How the person likes it to open.
    pub(super) opens: Option<Opens<'a>>,
    /// The number of the note that says why no longer; 0 for none.
    pub(super) note: usize,
    pub(super) is_favourite: bool,
    /// How much it is used, in doublings; 0 for not at all.
    pub(super) used: u32,
}

/// How somebody likes a role to open.
#[derive(Debug)]
pub(super) struct Opens<'a> {
    pub(super) region: &'a str,
    pub(super) hours: u8,
    pub(super) scope: &'a str,
    pub(super) has_page: bool,
}

impl<'a> Opens<'a> {
    fn of(opening: &'a Opening) -> Self {
        Self {
            region: opening.region.as_ref().map_or("", Region::as_str),
            hours: opening.hours.unwrap_or_default(),
            scope: opening.scope.as_ref().map_or("", ScopeName::as_str),
            has_page: opening.destination.is_some(),
        }
    }
}

impl<'a> RoleLine<'a> {
    pub(super) fn new(held: &'a HeldRole, keeping: &Keeping, notes: &mut Notes) -> Self {
        let role = &held.role;
        let keys_only = role.method.is_keys_only();
        let (console, keys) = keeping.queries(held.opening.as_ref());
        Self {
            name: role.key.name.as_str(),
            path: links::role_path(&role.key),
            way: if keys_only { "keys" } else { "go" },
            query: if keys_only { Rc::clone(&keys) } else { console },
            keys_query: keys,
            keys_only,
            account: role.account.id.as_str(),
            description: &role.description,
            lasts: &held.lasts,
            asks: held.asks.as_deref().unwrap_or_default(),
            suspended: held
                .suspended
                .map(|until| texts::until(&texts::ENGLISH, until)),
            opens: held.opening.as_ref().map(Opens::of),
            note: held.because.map_or(0, |because| notes.number(because)),
            is_favourite: held.is_favourite,
            used: search::doublings(held.weight),
        }
    }
}

/// A role with its account, among others that a search found or the person likes.
#[derive(Debug)]
pub(super) struct FoundLine<'a> {
    pub(super) role: RoleLine<'a>,
    pub(super) name: Marked<'a>,
    pub(super) account: Marked<'a>,
    pub(super) id: Marked<'a>,
    pub(super) alias: Marked<'a>,
    pub(super) environment: Marked<'static>,
    /// The word, as a class.
    pub(super) class: &'static str,
    pub(super) partition: Marked<'a>,
    pub(super) description: Marked<'a>,
    /// Only those that were found.
    pub(super) labels: Vec<Marked<'a>>,
}

impl<'a> FoundLine<'a> {
    /// The role at a place, with what a search marks.
    pub(super) fn new(
        view: &'a AccountView,
        held: &'a HeldRole,
        hit: Option<&Hit>,
        (keeping, notes): (&Keeping, &mut Notes),
    ) -> Self {
        let plate = AccountPlate::of(&view.account);
        let marks = |wanted: Field| {
            let marks = hit.iter().flat_map(|hit| &hit.marks);
            let here = marks.filter(move |(field, _)| *field == wanted);
            here.map(|(_, range)| range.clone()).collect::<Vec<_>>()
        };
        let labels = plate.labels.iter().enumerate().filter_map(|(at, label)| {
            let marks = marks(Field::Label(at));
            (!marks.is_empty()).then(|| Marked::new(label.clone(), marks))
        });
        Self {
            name: Marked::new(held.role.key.name.as_str(), marks(Field::Role)),
            account: Marked::new(plate.name, marks(Field::Account)),
            id: Marked::new(plate.id, marks(Field::Id)),
            alias: Marked::new(plate.alias, marks(Field::Alias)),
            environment: Marked::new(plate.environment, marks(Field::Environment)),
            class: plate.environment,
            partition: Marked::new(plate.partition, marks(Field::Partition)),
            description: Marked::new(&held.role.description, marks(Field::Description)),
            labels: labels.collect(),
            role: RoleLine::new(held, keeping, notes),
        }
    }
}
