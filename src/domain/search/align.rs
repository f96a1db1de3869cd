//! One word in one text: whether it is there, what that is worth, and which letters it takes.

use std::ops::Range;

use super::fold::Folded;

/// What the kinds of match are worth.
const EXACT: u32 = 1_000;
const PREFIX: u32 = 800;
const WORD_START: u32 = 650;
const INSIDE: u32 = 450;
const SCATTERED: u32 = 350;
/// In a text that only rarely means what is looked for.
const WEAK_START: u32 = 300;
const WEAK_INSIDE: u32 = 200;
/// No match there is worth more.
pub(super) const BEST_OF_WEAK: u32 = WEAK_START;

/// So many letters must stand together to be found within a word.
const SHORTEST_INSIDE: usize = 3;
/// Long texts are worth a little less: for each two letters more one less, down to this.
const LENGTH: u32 = 15;
/// What scattered letters lose for each part of their cost.
const STEP: u32 = 15;
/// What going on at the beginning of a later word costs.
const TO_A_WORD: u32 = 1;
/// What leaving letters out in a word costs, and one more for each.
const WITHIN_A_WORD: u32 = 3;
/// For each letter after the first so much may be spent, and in all no more than that.
const COST_PER_LETTER: usize = 4;
const HIGHEST_COST: u32 = 16;

/// How a word may stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Manner {
    /// In one piece, or scattered: `payprod` in Payments Production, `rdonly` in `ReadOnly`.
    Loose,
    /// In one piece.
    Whole,
    /// In one piece, and it counts little.
    Weak,
}

/// Room for trying, used again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    before: Vec<u32>,
    now: Vec<u32>,
    /// For each letter of the word and place in the text the place of the letter before.
    from: Vec<usize>,
}

#[cfg(test)]
impl Scratch {
    /// How much room the last trial took.
    pub(super) fn room(&self) -> usize {
        self.from.len()
    }
}

/// What a word is worth in a text.
pub(super) fn worth(
    word: &[char],
    text: &Folded,
    manner: Manner,
    scratch: &mut Scratch,
) -> Option<u32> {
    let Some(at) = in_one_piece(word, text) else {
        let scattered = matches!(manner, Manner::Loose).then(|| scattered(word, text, scratch));
        let (cost, _) = scattered.flatten()?;
        return Some(SCATTERED - STEP * cost);
    };
    let longer = text.letters.len() - word.len();
    if longer == 0 && manner != Manner::Weak {
        return Some(EXACT);
    }
    let kind = match (manner, text.starts[at]) {
        (Manner::Weak, true) => WEAK_START,
        (Manner::Weak, false) => WEAK_INSIDE,
        (_, _) if at == 0 => PREFIX,
        (_, true) => WORD_START,
        (_, false) => INSIDE,
    };
    let longer = u32::try_from(longer / 2).unwrap_or(u32::MAX);
    Some(kind - longer.min(LENGTH))
}

/// The letters of the text that a word takes; none, if it is not there.
pub(super) fn letters(
    word: &[char],
    text: &Folded,
    manner: Manner,
    scratch: &mut Scratch,
) -> impl Iterator<Item = usize> + use<> {
    let (piece, scattered) = match in_one_piece(word, text) {
        Some(at) => (at..at + word.len(), Vec::new()),
        None if manner == Manner::Loose => (0..0, taken(word, text, scratch)),
        None => (Range::default(), Vec::new()),
    };
    piece.chain(scattered)
}

/// Where a word stands in one piece: where a word begins, or else anywhere, if there is enough of it to mean something.
fn in_one_piece(word: &[char], text: &Folded) -> Option<usize> {
    let mut inside = None;
    for (at, letters) in text.letters.windows(word.len()).enumerate() {
        if letters == word {
            if at == 0 || text.starts[at] {
                return Some(at);
            }
            inside = inside.or(Some(at));
        }
    }
    inside.filter(|_| word.len() >= SHORTEST_INSIDE)
}

/// The cheapest way to find the letters of a word one after the other, the first where a word begins: what it costs, and
/// where its last letter is. Going straight on costs nothing.
fn scattered(word: &[char], text: &Folded, scratch: &mut Scratch) -> Option<(u32, usize)> {
    let (count, (first, rest)) = (text.letters.len(), word.split_first()?);
    if rest.is_empty() || word.len() > count {
        return None;
    }
    let Scratch { before, now, from } = scratch;
    from.clear();
    from.resize(word.len() * count, 0);
    before.clear();
    before.extend((0..count).map(|at| {
        let begins = text.letters[at] == *first && text.starts[at];
        if begins { 0 } else { u32::MAX }
    }));
    for (row, letter) in rest.iter().enumerate() {
        let from = &mut from[(row + 1) * count..(row + 2) * count];
        step(*letter, text, before, now, from);
        std::mem::swap(before, now);
    }
    let costs = before.iter().enumerate();
    let (at, cost) = costs.min_by_key(|(_, cost)| **cost)?;
    let allowed = u32::try_from(rest.len() * COST_PER_LETTER).unwrap_or(u32::MAX);
    (*cost <= allowed.min(HIGHEST_COST)).then_some((*cost, at))
}

/// From what the letters before cost at each place to what one more costs.
fn step(letter: char, text: &Folded, before: &[u32], now: &mut Vec<u32>, from: &mut [usize]) {
    now.clear();
    now.resize(before.len(), u32::MAX);
    // the cheapest place to jump from, to the beginning of a word and into one
    let mut to_a_word = (u32::MAX, 0);
    let mut within = (u32::MAX, 0);
    for at in 1..before.len() {
        if at >= 2 {
            let cost = before[at - 2];
            if cost < to_a_word.0 {
                to_a_word = (cost, at - 2);
            }
            let left = u32::try_from(at - 1 - within.1).unwrap_or(u32::MAX);
            let standing = within.0.saturating_add(left);
            if cost.saturating_add(1) < standing {
                within = (cost, at - 2);
            }
        }
        if text.letters[at] != letter {
            continue;
        }
        let left_out = u32::try_from(at - 1 - within.1).unwrap_or(u32::MAX);
        let ways = [
            (before[at - 1], at - 1),
            if text.starts[at] {
                (to_a_word.0.saturating_add(TO_A_WORD), to_a_word.1)
            } else {
                (u32::MAX, 0)
            },
            (within.0.saturating_add(WITHIN_A_WORD + left_out), within.1),
        ];
        for (cost, place) in ways {
            if cost < now[at] {
                (now[at], from[at]) = (cost, place);
            }
        }
    }
}

/// The letters that the cheapest way takes.
fn taken(word: &[char], text: &Folded, scratch: &mut Scratch) -> Vec<usize> {
    let Some((_, mut at)) = scattered(word, text, scratch) else {
        return Vec::new();
    };
    let mut all = vec![at; word.len()];
    for row in (1..word.len()).rev() {
        at = scratch.from[row * text.letters.len() + at];
        all[row - 1] = at;
    }
    all
}
