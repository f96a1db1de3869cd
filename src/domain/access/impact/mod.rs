//! What another revision would change for people: who gains which role, who loses one, and who is left with none.
//!
//! Two compiled models are asked about one person after the other, and what came of it is counted; nothing of a person
//! is kept but a name for readers, and of those only so many for each role. A role of an account that only got another alias is the
//! same role.

use std::collections::HashMap;
use std::sync::Arc;

use super::AccessIndex;
use super::everybody;
use crate::domain::Timestamp;
use crate::domain::account::{AccountId, Environment, PartitionName};
use crate::domain::identity::Identity;
use crate::domain::person::PersonKey;
use crate::domain::role::{Role, RoleKey, RoleName};

/// How many names are kept for each role; the others are counted.
pub const MOST_NAMES: usize = 200;

/// People, the first of them by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// How many.
    pub count: usize,
    /// The first of them, as readers know them.
    pub names: Vec<Arc<str>>,
    /// By which keys those are named, in the same order.
    pub keys: Vec<Arc<PersonKey>>,
}

impl People {
    fn add(&mut self, (name, key): &(Arc<str>, Arc<PersonKey>)) {
        self.count += 1;
        if self.names.len() < MOST_NAMES {
            self.names.push(Arc::clone(name));
            self.keys.push(Arc::clone(key));
        }
    }
}

/// A role that people gain or lose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleImpact {
    /// The role, as it is called afterwards; one that goes, as it was called.
    pub role: RoleKey,
    /// Whether its account is a production one.
    pub production: bool,
    /// Who.
    pub people: People,
}

/// What would change for people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Impact {
    /// How many people it rests on.
    pub known: usize,
    /// What is gained, the most people first.
    pub gains: Vec<RoleImpact>,
    /// What is lost, likewise.
    pub losses: Vec<RoleImpact>,
    /// Who had a role, and has none afterwards.
    pub left_without: People,
    /// Roles that nobody known holds afterwards, and that somebody held before or that are new.
    pub deserted: Vec<RoleKey>,
    /// Production roles that are given to everybody: by a rule that asks for nothing, or as it turns out for all
    /// people known.
    pub to_everybody: Vec<RoleKey>,
}

impl Impact {
    /// Whether nothing changes for anybody known.
    pub fn is_nothing(&self) -> bool {
        self.gains.is_empty() && self.losses.is_empty()
    }
}

/// Of so few people nobody says "everybody".
const FEWEST_FOR_EVERYBODY: usize = 5;

/// Counts what changes, person by person.
#[derive(Debug)]
pub struct Comparison {
    before: Arc<AccessIndex>,
    after: Arc<AccessIndex>,
    /// For each role of before its place afterwards.
    place_after: Vec<Option<usize>>,
    /// Which person was last seen to hold the role before, by its place afterwards.
    seen: Vec<usize>,
    holders_before: Vec<usize>,
    holders_after: Vec<usize>,
    gained: HashMap<usize, People>,
    /// By the place before.
    lost: HashMap<usize, People>,
    left_without: People,
    known: usize,
}

/// What makes a role the same one, whatever its account's alias.
fn same(role: &Role) -> (&PartitionName, &AccountId, &RoleName) {
    (&role.account.partition, &role.account.id, &role.key.name)
}

impl Comparison {
    /// Begins.
    pub fn new(before: Arc<AccessIndex>, after: Arc<AccessIndex>) -> Self {
        let (old, new) = (before.model().roles(), after.model().roles());
        let places: HashMap<_, usize> = new.iter().map(|role| same(role)).zip(0..).collect();
        let place_after = old.iter().map(|role| places.get(&same(role)).copied());
        Self {
            place_after: place_after.collect(),
            seen: vec![0; new.len()],
            holders_before: vec![0; old.len()],
            holders_after: vec![0; new.len()],
            gained: HashMap::new(),
            lost: HashMap::new(),
            left_without: People::default(),
            known: 0,
            before,
            after,
        }
    }

    /// Takes a person in; `name` is what readers know them by.
    pub fn add(&mut self, identity: &Identity, name: impl FnOnce() -> String, now: Timestamp) {
        self.known += 1;
        let person = self.known;
        let old = self.before.held_places(identity, now);
        let new = self.after.held_places(identity, now);
        for &place in &old {
            self.holders_before[place] += 1;
            if let Some(after) = self.place_after[place] {
                self.seen[after] = person;
            }
        }
        let mut gained = Vec::new();
        for &place in &new {
            self.holders_after[place] += 1;
            if self.seen[place] == person {
                // held before and after
                self.seen[place] = 0;
            } else {
                gained.push(place);
            }
        }
        let is_lost = |place: &&usize| {
            self.place_after[**place].is_none_or(|after| self.seen[after] == person)
        };
        let lost: Vec<usize> = old.iter().filter(is_lost).copied().collect();
        if gained.is_empty() && lost.is_empty() {
            return;
        }
        let subject = &identity.subject;
        let key = PersonKey::of(identity.idp.as_str(), &subject.format, &subject.value);
        let named: (Arc<str>, _) = (name().into(), Arc::new(key));
        for place in gained {
            self.gained.entry(place).or_default().add(&named);
        }
        for place in lost {
            self.lost.entry(place).or_default().add(&named);
        }
        if new.is_empty() {
            self.left_without.add(&named);
        }
    }

    /// What came of it.
    pub fn finish(mut self) -> Impact {
        let to_everybody = self.to_everybody();
        let deserted = self.deserted();
        let roles = self.after.model().roles();
        let gains = self.gained.drain();
        let gains = gains.map(|(place, people)| role_impact(&roles[place], people));
        let old = self.before.model().roles();
        let losses = self.lost.drain().map(|(place, people)| {
            let role = self.place_after[place].map_or(&old[place], |after| &roles[after]);
            role_impact(role, people)
        });
        Impact {
            known: self.known,
            gains: sorted(gains.collect()),
            losses: sorted(losses.collect()),
            left_without: self.left_without,
            deserted,
            to_everybody,
        }
    }

    fn deserted(&self) -> Vec<RoleKey> {
        let mut before = vec![None; self.holders_after.len()];
        for (place, after) in self.place_after.iter().enumerate() {
            if let Some(after) = after {
                before[*after] = Some(self.holders_before[place]);
            }
        }
        let roles = self.after.model().roles().iter().zip(before).enumerate();
        roles
            .filter(|(place, (_, before))| {
                self.holders_after[*place] == 0 && before.is_none_or(|holders| holders > 0)
            })
            .map(|(_, (role, _))| role.key.clone())
            .collect()
    }

    fn to_everybody(&self) -> Vec<RoleKey> {
        let (old, new) = (
            everybody::roles(self.before.model()),
            everybody::roles(self.after.model()),
        );
        // a role whose account only becomes a production one is new to production, whoever held it
        let (mut was, mut was_production) = (vec![false; new.len()], vec![false; new.len()]);
        let before = self.before.model().roles();
        for (place, after) in self.place_after.iter().enumerate() {
            if let Some(after) = after {
                was_production[*after] = is_production(&before[place]);
                was[*after] = old[place] && was_production[*after];
            }
        }
        let roles = self.after.model().roles().iter().enumerate();
        roles
            .filter(|(place, role)| {
                let is_new = self.gained.contains_key(place) || !was_production[*place];
                let everybody_known = self.known >= FEWEST_FOR_EVERYBODY
                    && self.holders_after[*place] == self.known
                    && is_new;
                is_production(role) && (everybody_known || (new[*place] && !was[*place]))
            })
            .map(|(_, role)| role.key.clone())
            .collect()
    }
}

fn is_production(role: &Role) -> bool {
    role.account.environment == Some(Environment::Production)
}

fn role_impact(role: &Role, people: People) -> RoleImpact {
    RoleImpact {
        role: role.key.clone(),
        production: is_production(role),
        people,
    }
}

fn sorted(mut roles: Vec<RoleImpact>) -> Vec<RoleImpact> {
    roles.sort_by(|a, b| {
        let order = b.people.count.cmp(&a.people.count);
        order.then_with(|| a.role.cmp(&b.role))
    });
    roles
}

#[cfg(test)]
mod tests;
