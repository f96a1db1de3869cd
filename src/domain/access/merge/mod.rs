//! Two people changed one document: what comes of both, entry by entry.
//!
//! An entry that only one side changed is taken as that side has it. One that both changed differently is a conflict,
//! which a person decides; until they do, their own side stands. Whether the result makes sense as a whole is for `check`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::document::{AccountEntry, Document, RoleEntry, RuleEntry, ScopeEntry};

/// A section of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// `[[accounts]]`
    Accounts,
    /// `[[roles]]`
    Roles,
    /// `[[scopes]]`
    Scopes,
    /// `[[rules]]`
    Rules,
}

impl Section {
    /// All of them, in the order of the document.
    pub const ALL: [Self; 4] = [Self::Accounts, Self::Roles, Self::Scopes, Self::Rules];

    /// Its key in the document.
    pub fn key(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Roles => "roles",
            Self::Scopes => "scopes",
            Self::Rules => "rules",
        }
    }

    /// What one of its entries is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accounts => "account",
            Self::Roles => "role",
            Self::Scopes => "scope",
            Self::Rules => "rule",
        }
    }

    /// Reads its key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.key() == key)
    }
}

/// Which entry: by what names it, and the how manieth of that name (a document that is not right yet can have two).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName {
    /// Where it stands.
    pub section: Section,
    /// An account's alias, a role's `account/name`, a scope's or a rule's name.
    pub name: String,
    /// How many of that name stand before it.
    pub nth: usize,
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.section.word(), self.name)?;
        match self.nth {
            0 => Ok(()),
            nth => write!(f, " (number {} of that name)", nth + 1),
        }
    }
}

/// Whose entry is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The draft's.
    Mine,
    /// That of the revision that came between.
    Theirs,
}

/// What came of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The document.
    pub document: Document,
    /// The entries that both changed differently, and nobody has decided.
    pub conflicts: Vec<EntryName>,
}

/// An entry of some section.
trait Entry: Clone + PartialEq {
    const SECTION: Section;
    fn name(&self) -> String;
    fn of(document: &Document) -> &[Self];
    fn put(document: &mut Document, entries: Vec<Self>);
}

macro_rules! entry {
    ($kind:ty, $section:ident, $list:ident, $name:expr) => {
        impl Entry for $kind {
            const SECTION: Section = Section::$section;
            fn name(&self) -> String {
                let name: fn(&Self) -> String = $name;
                name(self)
            }
            fn of(document: &Document) -> &[Self] {
                &document.$list
            }
            fn put(document: &mut Document, entries: Vec<Self>) {
                document.$list = entries;
            }
        }
    };
}

entry!(AccountEntry, Accounts, accounts, |entry| entry
    .alias
    .clone());
entry!(RoleEntry, Roles, roles, |entry| format!(
    "{}/{}",
    entry.account, entry.name
));
entry!(ScopeEntry, Scopes, scopes, |entry| entry.name.clone());
entry!(RuleEntry, Rules, rules, |entry| entry.name.clone());

/// What comes of `mine` and `theirs`, both begun on `base`; `picks` decides where both changed the same entry.
pub fn merge(
    base: &Document,
    (mine, theirs): (&Document, &Document),
    picks: &BTreeMap<EntryName, Pick>,
) -> Merged {
    if mine == base || mine == theirs {
        return Merged {
            document: theirs.clone(),
            conflicts: Vec::new(),
        };
    }
    if theirs == base {
        return Merged {
            document: mine.clone(),
            conflicts: Vec::new(),
        };
    }
    let mut merged = Merged {
        document: Document::default(),
        conflicts: Vec::new(),
    };
    merge_entries::<AccountEntry>(base, (mine, theirs), picks, &mut merged);
    merge_entries::<RoleEntry>(base, (mine, theirs), picks, &mut merged);
    merge_entries::<ScopeEntry>(base, (mine, theirs), picks, &mut merged);
    merge_entries::<RuleEntry>(base, (mine, theirs), picks, &mut merged);
    merged
}

/// The entries of a document by their names, for whoever asks for many.
pub struct ByName<'a> {
    accounts: Keyed<'a, AccountEntry>,
    roles: Keyed<'a, RoleEntry>,
    scopes: Keyed<'a, ScopeEntry>,
    rules: Keyed<'a, RuleEntry>,
}

impl<'a> ByName<'a> {
    /// Goes through a document once.
    pub fn of(document: &'a Document) -> Self {
        Self {
            accounts: keyed(document),
            roles: keyed(document),
            scopes: keyed(document),
            rules: keyed(document),
        }
    }

    /// A document with nothing but the entry of that name, if there is one: to tell what became of it.
    pub fn alone(&self, name: &EntryName) -> Document {
        fn keep<E: Entry>(from: &Keyed<'_, E>, name: &EntryName, to: &mut Document) {
            if let Some(entry) = from.entries.get(name) {
                E::put(to, vec![(*entry).clone()]);
            }
        }
        let mut only = Document::default();
        match name.section {
            Section::Accounts => keep(&self.accounts, name, &mut only),
            Section::Roles => keep(&self.roles, name, &mut only),
            Section::Scopes => keep(&self.scopes, name, &mut only),
            Section::Rules => keep(&self.rules, name, &mut only),
        }
        only
    }
}

/// The entries of a section by name, and their order.
struct Keyed<'a, E> {
    entries: BTreeMap<EntryName, &'a E>,
    order: Vec<EntryName>,
}

fn keyed<E: Entry>(document: &Document) -> Keyed<'_, E> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut keyed = Keyed {
        entries: BTreeMap::new(),
        order: Vec::new(),
    };
    for entry in E::of(document) {
        let nth = seen.entry(entry.name()).or_default();
        let name = EntryName {
            section: E::SECTION,
            name: entry.name(),
            nth: *nth,
        };
        *nth += 1;
        keyed.order.push(name.clone());
        keyed.entries.insert(name, entry);
    }
    keyed
}

fn merge_entries<E: Entry>(
    base: &Document,
    (mine, theirs): (&Document, &Document),
    picks: &BTreeMap<EntryName, Pick>,
    merged: &mut Merged,
) {
    let (base, mine, theirs) = (keyed::<E>(base), keyed::<E>(mine), keyed::<E>(theirs));
    let mut kept: BTreeMap<EntryName, E> = BTreeMap::new();
    let names: BTreeSet<&EntryName> = [&base, &mine, &theirs]
        .into_iter()
        .flat_map(|keyed| keyed.entries.keys())
        .collect();
    for name in names {
        let of = |keyed: &Keyed<'_, E>| keyed.entries.get(name).map(|entry| (*entry).clone());
        let (was, my, their) = (of(&base), of(&mine), of(&theirs));
        let entry = if my == their || their == was {
            my
        } else if my == was {
            their
        } else {
            match picks.get(name) {
                Some(Pick::Theirs) => their,
                Some(Pick::Mine) => my,
                None => {
                    merged.conflicts.push(name.clone());
                    my
                }
            }
        };
        if let Some(entry) = entry {
            kept.insert(name.clone(), entry);
        }
    }
    let order = order(&base, &mine, &theirs);
    let entries = order.into_iter().filter_map(|name| kept.remove(name));
    E::put(&mut merged.document, entries.collect());
}

/// Every entry of both in one order: that of the side which changed it, with what only the other has after what it
/// stands after there.
fn order<'a, E>(
    base: &Keyed<'_, E>,
    mine: &'a Keyed<'_, E>,
    theirs: &'a Keyed<'_, E>,
) -> Vec<&'a EntryName> {
    let before = base
        .order
        .iter()
        .filter(|name| theirs.entries.contains_key(*name));
    let after = theirs
        .order
        .iter()
        .filter(|name| base.entries.contains_key(*name));
    let (first, second) = if before.eq(after) {
        (mine, theirs)
    } else {
        (theirs, mine)
    };
    // what follows an entry in the other's order, until the next that both have
    let mut followers: BTreeMap<Option<&EntryName>, Vec<&EntryName>> = BTreeMap::new();
    let mut last = None;
    for name in &second.order {
        if first.entries.contains_key(name) {
            last = Some(name);
        } else {
            followers.entry(last).or_default().push(name);
        }
    }
    let mut order = followers.remove(&None).unwrap_or_default();
    for name in &first.order {
        order.push(name);
        order.extend(followers.remove(&Some(name)).unwrap_or_default());
    }
    order
}

#[cfg(test)]
mod tests;
