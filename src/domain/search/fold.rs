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

/// A text, folded. Filled again and again: texts are many.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// Its letters.
    pub(super) letters: Vec<char>,
    /// Whether a word begins with each.
    pub(super) starts: Vec<bool>,
    /// Where in the source each stands, and where the last one ends.
    source: Vec<usize>,
}

impl Folded {
    /// Folds a text.
    pub(super) fn fill(&mut self, text: &str) {
        self.letters.clear();
        self.starts.clear();
        self.source.clear();
        if text.is_ascii() {
            self.fill_ascii(text.as_bytes());
            return;
        }
        let mut before = None;
        let mut end = text.len();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if MARKS.contains(&c) {
                continue;
            }
            if self.letters.len() >= LONGEST {
                end = at;
                break;
            }
            let starts = starts(before, c, chars.peek().map(|(_, next)| *next));
            self.push(at, c, starts);
            before = Some(c);
        }
        self.source.push(end);
    }

    /// The same for most texts, which have nothing to take apart.
    fn fill_ascii(&mut self, text: &[u8]) {
        let text = &text[..text.len().min(LONGEST)];
        let letters = text
            .iter()
            .map(|byte| char::from(byte.to_ascii_lowercase()));
        self.letters.extend(letters);
        self.source.extend(0..=text.len());
        let mut before = None;
        for (at, byte) in text.iter().enumerate() {
            let next = text.get(at + 1).copied().map(char::from);
            let starts = starts(before, char::from(*byte), next);
            self.starts.push(starts);
            before = Some(char::from(*byte));
        }
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
    let bit = |letter: &char| {
        if letter.is_ascii() {
            bit(*letter as u8)
        } else {
            OTHER
        }
    };
    letters.iter().map(bit).fold(0, |mask, bit| mask | bit)
}

/// Which letters a text can have, folded: what a word has and this has not cannot be found there.
pub(super) fn letters_of(text: &str) -> u32 {
    let mask = text
        .bytes()
        .fold(0, |mask, byte| mask | BITS[usize::from(byte)]);
    // an accent hides a plain letter, or several
    if mask & BEYOND == 0 { mask } else { u32::MAX }
}

/// Whether a text can hold a word in one piece, as far as that shows before it is folded.
pub(super) fn may_hold(text: &str, word: &[char]) -> bool {
    let is_same = |(byte, letter): (&u8, &char)| char::from(byte.to_ascii_lowercase()) == *letter;
    let mut pieces = text.as_bytes().windows(word.len().max(1));
    !text.is_ascii() || pieces.any(|piece| piece.iter().zip(word).all(is_same))
}

/// What is no letter or digit of ASCII.
const OTHER: u32 = 1 << 31;
/// What is not of ASCII at all, in a source.
const BEYOND: u32 = 1 << 26;

const fn bit(byte: u8) -> u32 {
    match byte {
        b'a'..=b'z' => 1 << (byte - b'a'),
        b'A'..=b'Z' => 1 << (byte - b'A'),
        b'0'..=b'9' => 1 << (27 + byte % 4),
        0..=127 => OTHER,
        128.. => BEYOND,
    }
}

const BITS: [u32; 256] = {
    let mut bits = [0; 256];
    let mut byte = 0_u8;
    loop {
        bits[byte as usize] = bit(byte);
        if byte == u8::MAX {
            break bits;
        }
        byte += 1;
    }
};
