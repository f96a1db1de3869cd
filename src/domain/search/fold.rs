//! Texts as they are compared: without case and accents, each letter knowing where it stood.

use std::ops::Range;

use icu_normalizer::DecomposingNormalizerBorrowed;

/// How many letters of a text are looked at.
const LONGEST: usize = 256;

/// Takes letters and their accents apart.
static NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();

/// The accents and other marks that are written over and under Latin, Greek and Cyrillic letters. Marks of other scripts
/// tell words apart, and stay.
const MARKS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// A text, folded.
#[derive(Debug)]
pub(super) struct Folded {
    /// Its letters.
    pub(super) letters: Vec<char>,
    /// Whether a word begins with each.
    pub(super) starts: Vec<bool>,
    /// Which letters it has, roughly: what a word has and this has not cannot be found.
    pub(super) mask: u32,
    /// Where in the source each stands, and where the last one ends.
    source: Vec<usize>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let mut folded = Self {
            letters: Vec::with_capacity(text.len()),
            starts: Vec::with_capacity(text.len()),
            mask: 0,
            source: Vec::with_capacity(text.len() + 1),
        };
        let mut before = None;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if MARKS.contains(&c) {
                continue;
            }
            if folded.letters.len() >= LONGEST {
                folded.source.push(at);
                folded.mask = mask(&folded.letters);
                return folded;
            }
            let starts = starts(before, c, chars.peek().map(|(_, next)| *next));
            folded.push(at, c, starts);
            before = Some(c);
        }
        folded.source.push(text.len());
        folded.mask = mask(&folded.letters);
        folded
    }

    /// One character of the source can be several letters, or none.
    fn push(&mut self, at: usize, c: char, starts: bool) {
        if c.is_ascii() {
            self.letters.push(c.to_ascii_lowercase());
            self.starts.push(starts);
            self.source.push(at);
            return;
        }
        let first = self.letters.len();
        // up and down again, so that ß is ss and every sigma the same
        let plain = NFD.normalize_iter(std::iter::once(c));
        let plain = plain.filter(|c| !MARKS.contains(c));
        let cased = plain.flat_map(char::to_uppercase);
        let cased = NFD.normalize_iter(cased.flat_map(char::to_lowercase));
        for letter in cased.filter(|c| !MARKS.contains(c)) {
            self.starts.push(starts && self.letters.len() == first);
            self.letters.push(letter);
            self.source.push(at);
        }
    }

    /// The bytes of the source that became a letter, with the accents that follow.
    pub(super) fn source(&self, letter: usize) -> Range<usize> {
        let start = self.source[letter];
        let mut later = self.source[letter..].iter();
        let end = later.find(|at| **at > start).copied();
        start..end.unwrap_or(start)
    }
}

/// Whether a word begins here: after what is no letter or digit, at a capital after small letters, at the last capital
/// of several, and where digits begin or end.
fn starts(before: Option<char>, c: char, next: Option<char>) -> bool {
    if !c.is_alphanumeric() {
        return false;
    }
    let Some(before) = before.filter(|before| before.is_alphanumeric()) else {
        return true;
    };
    if c.is_numeric() || before.is_numeric() {
        return c.is_numeric() != before.is_numeric();
    }
    let small_follows = next.is_some_and(char::is_lowercase);
    c.is_uppercase() && (!before.is_uppercase() || small_follows)
}

/// Which letters there are: a bit for each of a to z, five for the digits, one for all others.
pub(super) fn mask(letters: &[char]) -> u32 {
    letters.iter().fold(0, |mask, letter| {
        mask | match letter {
            'a'..='z' => 1 << (u32::from(*letter) - u32::from('a')),
            '0'..='9' => 1 << (26 + u32::from(*letter) % 5),
            _ => 1 << 31,
        }
    })
}
