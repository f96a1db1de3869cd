//! What a person likes to find again: favourites, what they used, their region, how consoles open beside others, and how
//! they like to open single roles.
//!
//! Nothing here decides anything: a favourite that is no longer held is simply not shown. Roles are remembered by the
//! account's 12 digits, so that renaming an account loses nothing. Every list is bounded, and the whole is one small JSON
//! document. Knows nothing of where it is kept.

use std::fmt;

use chrono::{Duration, SubsecRound as _};
use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::account::{AccountId, Region};
use super::role::{Role, RoleName};
use super::scope::ScopeName;

/// How many roles can be favourites.
pub const MOST_FAVOURITES: usize = 200;
/// How many uses are remembered: those longest ago go.
pub const MOST_USES: usize = 200;
/// For how many roles a way to open them is remembered.
pub const MOST_OPENINGS: usize = 30;

/// How large the document may be, as JSON: more than the fullest one needs.
pub const LARGEST: usize = 192 * 1024;

/// What one use weighs when it happens.
const FRESH: u32 = 1_000;
/// After so long a use weighs half.
const HALF_LIFE: Duration = Duration::days(10);
/// The most that uses of one role weigh together.
const HEAVIEST: u32 = 1_000_000;
/// A use is not written down again before so long, if nothing else was used since.
const SAME_USE: Duration = Duration::minutes(10);

/// A role by its account's 12 digits, `111122223333/ReadOnly`: what outlives a new alias.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LastingKey {
    /// The account.
    pub account: AccountId,
    /// The role's name in it.
    pub name: RoleName,
}

/// The text is no lasting key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is remembered as its account's 12 digits, a slash and its name")]
pub struct LastingKeyError;

impl LastingKey {
    /// That of a role.
    pub fn of(role: &Role) -> Self {
        Self {
            account: role.account.id.clone(),
            name: role.key.name.clone(),
        }
    }

    /// Reads `111122223333/name`.
    pub fn parse(text: &str) -> Result<Self, LastingKeyError> {
        let (account, name) = text.split_once('/').ok_or(LastingKeyError)?;
        Ok(Self {
            account: AccountId::parse(account).map_err(|_| LastingKeyError)?,
            name: RoleName::parse(name).map_err(|_| LastingKeyError)?,
        })
    }
}

impl TryFrom<String> for LastingKey {
    type Error = LastingKeyError;
    fn try_from(text: String) -> Result<Self, LastingKeyError> {
        Self::parse(&text)
    }
}

impl From<LastingKey> for String {
    fn from(key: LastingKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for LastingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.name)
    }
}

impl fmt::Debug for LastingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// How a console opens in a browser that has others open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consoles {
    /// Beside them, as far as AWS lets it.
    Add,
    /// In their place: the browser signs out of them first.
    Replace,
}

impl Consoles {
    /// The word in links, forms and the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Replace => "replace",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Add, Self::Replace]
            .into_iter()
            .find(|choice| choice.word() == word)
    }
}

/// How somebody likes to open a role. What a link says goes before it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Opening {
    /// On which page, as written; it is read against the role's partition whenever it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// In which region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// For how long, in hours (1–36).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<u8>,
    /// Under which scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeName>,
}

impl Opening {
    /// Whether it says nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// That a role was used: when last, and how much all its uses weighed then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Use {
    role: LastingKey,
    last: Timestamp,
    weight: u32,
}

/// A role and how somebody likes to open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Liked {
    role: LastingKey,
    opening: Opening,
}

/// One more does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are {most} already, which is the most")]
pub struct TooMany {
    /// How many there can be.
    pub most: usize,
}

/// What a person likes to find again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// In the order in which they were chosen.
    favourites: Vec<LastingKey>,
    /// The newest first.
    uses: Vec<Use>,
    /// Where consoles open that nobody named a region for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// How consoles open beside others; `None` while the person has not chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consoles: Option<Consoles>,
    openings: Vec<Liked>,
}

impl Preferences {
    /// Reads what was written; what cannot be read is as if nothing had been chosen.
    pub fn read(document: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(document)
    }

    /// As JSON.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// The favourites, in the order in which they were chosen.
    pub fn favourites(&self) -> &[LastingKey] {
        &self.favourites
    }

    /// Whether a role is one.
    pub fn is_favourite(&self, role: &LastingKey) -> bool {
        self.favourites.contains(role)
    }

    /// Makes a role a favourite, or no longer one.
    pub fn set_favourite(&mut self, role: &LastingKey, wanted: bool) -> Result<(), TooMany> {
        self.favourites.retain(|known| wanted || known != role);
        if !wanted || self.is_favourite(role) {
            return Ok(());
        }
        room(self.favourites.len(), MOST_FAVOURITES)?;
        self.favourites.push(role.clone());
        Ok(())
    }

    /// Notes that a role was used; says whether that is worth writing down.
    pub fn note_use(&mut self, role: &LastingKey, now: Timestamp) -> bool {
        let now = now.trunc_subsecs(0);
        if let Some(newest) = self.uses.first()
            && newest.role == *role
            && now - newest.last < SAME_USE
        {
            return false;
        }
        let weight = self.weight(role, now).saturating_add(FRESH).min(HEAVIEST);
        self.uses.retain(|one| one.role != *role);
        self.uses.truncate(MOST_USES - 1);
        let newest = Use {
            role: role.clone(),
            last: now,
            weight,
        };
        self.uses.insert(0, newest);
        true
    }

    /// How much the uses of a role weigh now: more for many and for new ones; 0 for none.
    pub fn weight(&self, role: &LastingKey, now: Timestamp) -> u32 {
        let known = self.uses.iter().find(|one| one.role == *role);
        known.map_or(0, |one| faded(one.weight, now - one.last))
    }

    /// The roles used, the newest first.
    pub fn recents(&self) -> impl Iterator<Item = &LastingKey> {
        self.uses.iter().map(|one| &one.role)
    }

    /// How a role is to open, if the person said so.
    pub fn opening(&self, role: &LastingKey) -> Option<&Opening> {
        let known = self.openings.iter().find(|liked| liked.role == *role);
        known.map(|liked| &liked.opening)
    }

    /// The roles of which the person said how they are to open.
    pub fn openings(&self) -> impl Iterator<Item = &LastingKey> {
        self.openings.iter().map(|liked| &liked.role)
    }

    /// Says how a role is to open; an opening that says nothing forgets what was said.
    pub fn set_opening(&mut self, role: &LastingKey, opening: Opening) -> Result<(), TooMany> {
        self.openings.retain(|liked| liked.role != *role);
        if opening.is_nothing() {
            return Ok(());
        }
        room(self.openings.len(), MOST_OPENINGS)?;
        self.openings.push(Liked {
            role: role.clone(),
            opening,
        });
        Ok(())
    }
}

fn room(taken: usize, most: usize) -> Result<(), TooMany> {
    (taken < most).then_some(()).ok_or(TooMany { most })
}

/// A weight after some time, halved for each half-life and in a straight line between.
fn faded(weight: u32, age: Duration) -> u32 {
    let (age, half) = (age.num_seconds().max(0), HALF_LIFE.num_seconds());
    let halvings = u32::try_from(age / half).unwrap_or(u32::MAX);
    let at = u64::from(weight.checked_shr(halvings).unwrap_or(0));
    let (part, whole) = (
        u64::try_from(age % half).unwrap_or(0),
        u64::try_from(half).unwrap_or(1),
    );
    u32::try_from(at - at * part / (2 * whole)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
