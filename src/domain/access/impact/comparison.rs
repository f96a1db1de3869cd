//! Judging people by two models, one person after the other.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Impact, Later, MOST_NAMES, MOST_NAMES_LATER, People, RoleImpact, moments};
use crate::domain::Timestamp;
use crate::domain::access::AccessIndex;
use crate::domain::access::everybody::{self, is_production};
use crate::domain::account::{AccountId, PartitionName};
use crate::domain::identity::Identity;
use crate::domain::person::PersonKey;
use crate::domain::role::{Role, RoleKey, RoleName};

/// Of so few people nobody says "everybody".
const FEWEST_FOR_EVERYBODY: usize = 5;

/// Counts what changes, person by person: now, and at moments at which rules begin or end.
#[derive(Debug)]
pub struct Comparison {
    before: Arc<AccessIndex>,
    after: Arc<AccessIndex>,
    /// For each role of before its place afterwards.
    place_after: Vec<Option<usize>>,
    /// Now, and later ones in order.
    moments: Vec<Timestamp>,
    more_moments: usize,
    /// For each moment.
    counts: Vec<Counts>,
    known: usize,
}

/// What was counted for one moment.
#[derive(Debug)]
struct Counts {
    /// Which person was last seen to hold the role before, by its place afterwards.
    seen: Vec<usize>,
    holders_before: Vec<usize>,
    holders_after: Vec<usize>,
    gained: HashMap<usize, People>,
    /// By the place before.
    lost: HashMap<usize, People>,
    left_without: People,
    /// How many names are kept for each role.
    most_names: usize,
    /// Whether something else changes for somebody than at the moment before this one.
    differs: bool,
}

/// What changes for one person at one moment.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    gained: Vec<usize>,
    lost: Vec<usize>,
    /// Whether nothing is left; of whom nothing changes, nobody asks.
    leaves_nothing: bool,
}

impl Change {
    fn is_nothing(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

/// What makes a role the same one, whatever its account's alias.
fn same(role: &Role) -> (&PartitionName, &AccountId, &RoleName) {
    (&role.account.partition, &role.account.id, &role.key.name)
}

impl Comparison {
    /// Begins.
    pub fn new(before: Arc<AccessIndex>, after: Arc<AccessIndex>, now: Timestamp) -> Self {
        let (old, new) = (before.model().roles(), after.model().roles());
        let places: HashMap<_, usize> = new.iter().map(|role| same(role)).zip(0..).collect();
        let place_after = old.iter().map(|role| places.get(&same(role)).copied());
        let (later, more_moments) = moments::of(before.model(), after.model(), now);
        let moments: Vec<Timestamp> = std::iter::once(now).chain(later).collect();
        let counts = |at: usize| Counts {
            seen: vec![0; new.len()],
            holders_before: vec![0; old.len()],
            holders_after: vec![0; new.len()],
            gained: HashMap::new(),
            lost: HashMap::new(),
            left_without: People::default(),
            most_names: if at == 0 {
                MOST_NAMES
            } else {
                MOST_NAMES_LATER
            },
            differs: false,
        };
        Self {
            place_after: place_after.collect(),
            counts: (0..moments.len()).map(counts).collect(),
            moments,
            more_moments,
            known: 0,
            before,
            after,
        }
    }

    /// Takes a person in; `name` is what readers know them by.
    pub fn add(&mut self, identity: &Identity, name: impl FnOnce() -> String) {
        self.known += 1;
        let named = LazyCell::new(|| {
            let subject = &identity.subject;
            let key = PersonKey::of(identity.idp.as_str(), &subject.format, &subject.value);
            (Arc::<str>::from(name()), Arc::new(key))
        });
        let old = self.before.held_places_at(identity, &self.moments);
        let new = self.after.held_places_at(identity, &self.moments);
        let mut last: Option<Change> = None;
        for (counts, held) in self.counts.iter_mut().zip(old.iter().zip(&new)) {
            let change = counts.judge(self.known, &self.place_after, held);
            counts.differs |= last.is_some_and(|last| last != change);
            if !change.is_nothing() {
                counts.take(&change, &named);
            }
            last = Some(change);
        }
    }

    /// What came of it.
    pub fn finish(mut self) -> Impact {
        let to_everybody = self.to_everybody();
        let counts = std::mem::take(&mut self.counts);
        let mut later = Vec::new();
        let mut now = Impact::default();
        for (at, (counts, moment)) in counts.into_iter().zip(&self.moments).enumerate() {
            if at == 0 {
                now = self.impact(counts);
            } else if counts.differs {
                later.push(Later {
                    moment: *moment,
                    impact: self.impact(counts),
                });
            }
        }
        Impact {
            to_everybody,
            later,
            more_moments: self.more_moments,
            ..now
        }
    }

    fn impact(&self, counts: Counts) -> Impact {
        let deserted = self.deserted(&counts);
        let roles = self.after.model().roles();
        let gains = counts.gained.into_iter();
        let gains = gains.map(|(place, people)| role_impact(&roles[place], people));
        let old = self.before.model().roles();
        let losses = counts.lost.into_iter().map(|(place, people)| {
            let role = self.place_after[place].map_or(&old[place], |after| &roles[after]);
            role_impact(role, people)
        });
        Impact {
            known: self.known,
            gains: sorted(gains.collect()),
            losses: sorted(losses.collect()),
            left_without: counts.left_without,
            deserted,
            ..Impact::default()
        }
    }

    fn deserted(&self, counts: &Counts) -> Vec<RoleKey> {
        let mut before = vec![None; counts.holders_after.len()];
        for (place, after) in self.place_after.iter().enumerate() {
            if let Some(after) = after {
                before[*after] = Some(counts.holders_before[place]);
            }
        }
        let roles = self.after.model().roles().iter().zip(before).enumerate();
        roles
            .filter(|(place, (_, before))| {
                counts.holders_after[*place] == 0 && before.is_none_or(|holders| holders > 0)
            })
            .map(|(_, (role, _))| role.key.clone())
            .collect()
    }

    fn to_everybody(&self) -> Vec<RoleKey> {
        let (old, new) = (self.before.model(), self.after.model());
        let mut place_before = vec![None; new.roles().len()];
        for (place, after) in self.place_after.iter().enumerate() {
            if let Some(after) = after {
                place_before[*after] = Some(place);
            }
        }
        let newly = everybody::newly((old, new), &place_before, self.moments[0]);
        let was_production = |place: usize| is_production(&old.roles()[place]);
        let roles = new.roles().iter().enumerate();
        roles
            .filter(|(place, role)| {
                let everybody_known = |counts: &Counts| {
                    let is_new = counts.gained.contains_key(place)
                        || !place_before[*place].is_some_and(was_production);
                    counts.holders_after[*place] == self.known && is_new
                };
                let everybody_known =
                    self.known >= FEWEST_FOR_EVERYBODY && self.counts.iter().any(everybody_known);
                is_production(role) && (everybody_known || newly[*place])
            })
            .map(|(_, role)| role.key.clone())
            .collect()
    }
}

impl Counts {
    /// What changes for a person, who held some roles before and some afterwards.
    fn judge(
        &mut self,
        person: usize,
        place_after: &[Option<usize>],
        (old, new): (&Vec<usize>, &Vec<usize>),
    ) -> Change {
        for &place in old {
            self.holders_before[place] += 1;
            if let Some(after) = place_after[place] {
                self.seen[after] = person;
            }
        }
        let mut gained = Vec::new();
        for &place in new {
            self.holders_after[place] += 1;
            if self.seen[place] == person {
                // held before and after
                self.seen[place] = 0;
            } else {
                gained.push(place);
            }
        }
        let is_lost =
            |place: &&usize| place_after[**place].is_none_or(|after| self.seen[after] == person);
        let lost: Vec<usize> = old.iter().filter(is_lost).copied().collect();
        Change {
            leaves_nothing: !lost.is_empty() && new.is_empty(),
            gained,
            lost,
        }
    }

    fn take(&mut self, change: &Change, named: &(Arc<str>, Arc<PersonKey>)) {
        let most = self.most_names;
        for place in &change.gained {
            self.gained.entry(*place).or_default().add(named, most);
        }
        for place in &change.lost {
            self.lost.entry(*place).or_default().add(named, most);
        }
        if change.leaves_nothing {
            self.left_without.add(named, most);
        }
    }
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
