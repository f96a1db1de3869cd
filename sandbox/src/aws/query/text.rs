//! What a text parameter may be: its length, and its letters as AWS prints them.
//!
//! Holds the few rules that services share; each service has its own beside them.

use std::sync::LazyLock;

use regex::Regex;

/// The constraints of a text parameter.
#[derive(Clone, Copy, Debug)]
pub(in crate::aws) struct Text {
    pub(in crate::aws) min: usize,
    pub(in crate::aws) max: usize,
    pub(in crate::aws) letters: Option<&'static Letters>,
}

/// A pattern, as AWS prints it and as it is checked.
#[derive(Debug)]
pub(in crate::aws) struct Letters {
    pub(super) printed: &'static str,
    pub(super) check: LazyLock<Regex>,
}

impl Letters {
    /// What the macro `letters!` makes.
    pub(in crate::aws) const fn new(printed: &'static str, check: fn() -> Regex) -> Self {
        Self {
            printed,
            check: LazyLock::new(check),
        }
    }
}

macro_rules! letters {
    ($name:ident, $printed:literal, $check:literal) => {
        static $name: $crate::aws::query::Letters =
            $crate::aws::query::Letters::new($printed, || {
                regex::Regex::new($check).expect("the pattern is valid")
            });
    };
}

pub(in crate::aws) use letters;

letters!(
    POLICY_TEXT,
    r"[\u0009\u000A\u000D\u0020-\u00FF]+",
    r"\A[\x{9}\x{A}\x{D}\x{20}-\x{FF}]+\z"
);
letters!(
    ARN_LETTERS,
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
    r"\A[\x{9}\x{A}\x{D}\x{20}-\x{7E}\x{85}\x{A0}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]+\z"
);
letters!(
    TAG_KEY_LETTERS,
    r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+",
    r"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]+\z"
);
letters!(
    TAG_VALUE_LETTERS,
    r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*",
    r"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z"
);

impl Text {
    /// A text of so many of those letters.
    pub(in crate::aws) const fn new(min: usize, max: usize, letters: &'static Letters) -> Self {
        Self {
            min,
            max,
            letters: Some(letters),
        }
    }

    /// A text of so many letters of any kind.
    pub(in crate::aws) const fn any(min: usize, max: usize) -> Self {
        Self {
            min,
            max,
            letters: None,
        }
    }
}

/// The letters of a policy document.
pub(in crate::aws) static POLICY_LETTERS: &Letters = &POLICY_TEXT;
pub(in crate::aws) static ARN: Text = Text::new(20, 2048, &ARN_LETTERS);
pub(in crate::aws) static TAG_KEY: Text = Text::new(1, 128, &TAG_KEY_LETTERS);
pub(in crate::aws) static TAG_VALUE: Text = Text::new(0, 256, &TAG_VALUE_LETTERS);

/// Whether a text that came by another way than a parameter keeps a rule.
pub(in crate::aws) fn fits(value: &str, rule: &Text) -> bool {
    let length = value.encode_utf16().count();
    (rule.min..=rule.max).contains(&length)
        && rule
            .letters
            .is_none_or(|letters| letters.check.is_match(value))
}
