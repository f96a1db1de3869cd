//! Finding a role among many by a few letters: what matches, how well, and where.
//!
//! A text is split into words; each must match some field of a role or of its account. How well decides the order, and
//! what a person uses comes before what they do not: a role used often rises above one that matches a little better,
//! never above one that matches much better. Every length is bounded, so the work is too. `static/search.js` does the
//! same in the browser; a test holds the two together. Knows nothing of who may see what: it is given what one holds.

mod align;
mod fold;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use align::{Manner, Scratch};
use fold::Folded;

/// How many words count; what follows is as if it were not there.
const MOST_WORDS: usize = 8;
/// How many letters of a word count.
const LONGEST_WORD: usize = 48;

/// What a use adds for each doubling of its weight: at most 240 of the 150 to 200 between two kinds of match.
const FOR_USE: u32 = 12;
/// What being a favourite adds.
const FOR_FAVOURITE: u32 = 40;

/// An account as one looks for it.
#[derive(Debug, Clone, Default)]
pub struct Account<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its name in links.
    pub alias: &'a str,
    /// Its 12 digits.
    pub id: &'a str,
    /// What it is for, in a word; empty for nothing.
    pub environment: &'a str,
    /// Where it lives; empty where that is not shown.
    pub partition: &'a str,
    /// Its labels, as they are shown.
    pub labels: Vec<&'a str>,
    /// Its roles.
    pub roles: Vec<Role<'a>>,
}

/// A role as one looks for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Role<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// How much its uses weigh.
    pub weight: u32,
    /// Whether it is a favourite.
    pub is_favourite: bool,
}

/// Where a word was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The role's name.
    Role,
    /// The account's name.
    Account,
    /// The account's alias.
    Alias,
    /// One of its labels, by its place.
    Label(usize),
    /// Its digits.
    Id,
    /// What it is for.
    Environment,
    /// Where it lives.
    Partition,
    /// What the role is for.
    Description,
}

impl Field {
    /// What a match there is worth beside one elsewhere, and how it may be found.
    fn terms(self) -> (u32, Manner) {
        match self {
            Self::Role => (50, Manner::Loose),
            Self::Account => (45, Manner::Loose),
            Self::Alias => (25, Manner::Loose),
            Self::Label(_) => (20, Manner::Loose),
            Self::Id | Self::Environment => (10, Manner::Whole),
            Self::Partition => (0, Manner::Whole),
            Self::Description => (0, Manner::Weak),
        }
    }
}

/// A role that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which account.
    pub account: usize,
    /// Which of its roles.
    pub role: usize,
    /// How good it is.
    pub score: u32,
    /// What to mark: bytes of the fields, at boundaries of characters, in order, none twice.
    pub marks: Vec<(Field, Range<usize>)>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// How many roles match.
    pub roles: usize,
    /// In how many accounts.
    pub accounts: usize,
    /// The best of them, the best first.
    pub hits: Vec<Hit>,
}

/// The words of a text that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(Vec<Vec<char>>);

impl Query {
    /// Reads one; `None` where there is nothing to look for.
    pub fn parse(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_whitespace() || c == '/');
        let words = words.filter(|word| !word.is_empty()).map(|word| {
            let mut folded = Folded::default();
            folded.fill(word);
            let mut letters = folded.letters;
            letters.truncate(LONGEST_WORD);
            letters
        });
        let words: Vec<_> = words
            .filter(|word| !word.is_empty())
            .take(MOST_WORDS)
            .collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// The `most` best of the accounts' roles. Equally good ones keep their order.
    pub fn find(&self, accounts: &[Account<'_>], most: usize) -> Found {
        let mut matcher = Matcher::new(&self.0);
        let mut found = Found::default();
        let mut all: Vec<(u32, usize, usize)> = Vec::new();
        for (at, account) in accounts.iter().enumerate() {
            let of_account = matcher.of_account(account);
            let before = all.len();
            for (place, role) in account.roles.iter().enumerate() {
                if let Some(score) = matcher.score(role, &of_account) {
                    all.push((score, at, place));
                }
            }
            found.accounts += usize::from(all.len() > before);
        }
        found.roles = all.len();
        all.sort_unstable_by_key(|(score, account, role)| {
            (std::cmp::Reverse(*score), *account, *role)
        });
        all.truncate(most);
        let hits = all.into_iter().map(|(score, account, role)| {
            let marks = matcher.marks(&accounts[account], &accounts[account].roles[role]);
            Hit {
                account,
                role,
                score,
                marks,
            }
        });
        found.hits = hits.collect();
        found
    }
}

/// How often a weight doubles from nothing: what of it counts.
pub fn doublings(weight: u32) -> u32 {
    u32::BITS - weight.leading_zeros()
}

/// The best match of each word so far: what it is worth, and where it is.
type Bests = [Option<(u32, Field)>; MOST_WORDS];

/// What each word is worth in a text; 0 where it is not there.
type Worths = [u32; MOST_WORDS];

/// Matches the words of one query.
struct Matcher<'a, 'q> {
    words: &'q [Vec<char>],
    masks: Vec<u32>,
    /// Names of roles are few, and stand in many accounts.
    names: HashMap<&'a str, Worths>,
    folded: Folded,
    scratch: Scratch,
}

impl<'a, 'q> Matcher<'a, 'q> {
    fn new(words: &'q [Vec<char>]) -> Self {
        Self {
            words,
            masks: words.iter().map(|word| fold::mask(word)).collect(),
            names: HashMap::new(),
            folded: Folded::default(),
            scratch: Scratch::default(),
        }
    }

    fn worths(&mut self, text: &str, manner: Manner) -> Worths {
        let mut worths = [0; MOST_WORDS];
        let has = fold::letters_of(text);
        let mut is_folded = false;
        let words = self.words.iter().zip(&self.masks).zip(&mut worths);
        for ((word, mask), worth) in words {
            // hardly any text has all the letters of a word, and of long ones hardly any has them in one piece
            let may =
                has & mask == *mask && (manner == Manner::Loose || fold::may_hold(text, word));
            if !may {
                continue;
            }
            if !is_folded {
                self.folded.fill(text);
                is_folded = true;
            }
            let found = align::worth(word, &self.folded, manner, &mut self.scratch);
            *worth = found.unwrap_or(0);
        }
        worths
    }

    /// Betters what was found so far by what a field has.
    fn look(&mut self, field: Field, text: &str, bests: &mut Bests) {
        let worths = self.worths(text, field.terms().1);
        better(field, &worths, bests);
    }

    /// What each word finds in an account.
    fn of_account(&mut self, account: &Account<'_>) -> Bests {
        let mut bests = [None; MOST_WORDS];
        self.look(Field::Account, account.name, &mut bests);
        self.look(Field::Alias, account.alias, &mut bests);
        for (at, label) in account.labels.iter().enumerate() {
            self.look(Field::Label(at), label, &mut bests);
        }
        self.look(Field::Id, account.id, &mut bests);
        self.look(Field::Environment, account.environment, &mut bests);
        self.look(Field::Partition, account.partition, &mut bests);
        bests
    }

    /// What each word finds in a role, or else in its account.
    fn bests(&mut self, role: &Role<'a>, of_account: &Bests) -> Bests {
        let mut bests = [None; MOST_WORDS];
        let known = self.names.get(role.name).copied();
        let of_name = known.unwrap_or_else(|| {
            let worths = self.worths(role.name, Field::Role.terms().1);
            self.names.insert(role.name, worths);
            worths
        });
        better(Field::Role, &of_name, &mut bests);
        for (best, other) in bests.iter_mut().zip(of_account) {
            if let Some((worth, _)) = other
                && best.is_none_or(|(known, _)| *worth > known)
            {
                *best = *other;
            }
        }
        let mut words = bests[..self.words.len()].iter();
        if words.any(|best| best.is_none_or(|(worth, _)| worth < align::BEST_OF_WEAK)) {
            self.look(Field::Description, role.description, &mut bests);
        }
        bests
    }

    fn score(&mut self, role: &Role<'a>, of_account: &Bests) -> Option<u32> {
        let bests = self.bests(role, of_account);
        let mut sum = 0;
        for best in &bests[..self.words.len()] {
            sum += (*best)?.0;
        }
        let words = u32::try_from(self.words.len()).ok()?;
        let favourite = if role.is_favourite { FOR_FAVOURITE } else { 0 };
        Some(sum / words + doublings(role.weight) * FOR_USE + favourite)
    }

    /// Where the words were found.
    fn marks(&mut self, account: &Account<'a>, role: &Role<'a>) -> Vec<(Field, Range<usize>)> {
        let of_account = self.of_account(account);
        let bests = self.bests(role, &of_account);
        let mut marks: Vec<(Field, Range<usize>)> = Vec::new();
        for (word, best) in self.words.iter().zip(&bests) {
            let Some((_, field)) = best else { continue };
            let text = match field {
                Field::Role => role.name,
                Field::Account => account.name,
                Field::Alias => account.alias,
                Field::Label(at) => account.labels[*at],
                Field::Id => account.id,
                Field::Environment => account.environment,
                Field::Partition => account.partition,
                Field::Description => role.description,
            };
            self.folded.fill(text);
            let manner = field.terms().1;
            let letters = align::letters(word, &self.folded, manner, &mut self.scratch);
            marks.extend(letters.map(|letter| (*field, self.folded.source(letter))));
        }
        merged(marks)
    }
}

/// Betters what was found so far by what a field has.
fn better(field: Field, worths: &Worths, bests: &mut Bests) {
    let (bonus, _) = field.terms();
    for (best, worth) in bests.iter_mut().zip(worths) {
        let with_bonus = worth + bonus;
        if *worth > 0 && best.is_none_or(|(known, _)| with_bonus > known) {
            *best = Some((with_bonus, field));
        }
    }
}

/// In order, with what touches or overlaps made one.
fn merged(mut marks: Vec<(Field, Range<usize>)>) -> Vec<(Field, Range<usize>)> {
    let order = |field: &Field| match field {
        Field::Role => 0,
        Field::Account => 1,
        Field::Alias => 2,
        Field::Id => 3,
        Field::Environment => 4,
        Field::Partition => 5,
        Field::Description => 6,
        Field::Label(at) => 7 + at,
    };
    marks.sort_unstable_by_key(|(field, range)| (order(field), range.start));
    let mut all: Vec<(Field, Range<usize>)> = Vec::new();
    for (field, range) in marks {
        match all.last_mut() {
            Some((last, known)) if *last == field && range.start <= known.end => {
                known.end = known.end.max(range.end);
            }
            _ => all.push((field, range)),
        }
    }
    all
}
