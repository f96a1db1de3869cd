//! The shape of STS requests: which parameters, how long, of which letters, in which range.
//!
//! Collects every violation and words them as AWS's model validation does: `N validation errors
//! detected: Value 'x' at 'roleSessionName' failed to satisfy constraint: …`. Follows the STS
//! service model of 2011-06-15.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::error::StsError;

/// The constraints of a text parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) letters: Option<&'static Letters>,
}

/// A pattern, as AWS prints it and as it is checked.
#[derive(Debug)]
pub(super) struct Letters {
    printed: &'static str,
    check: LazyLock<Regex>,
}

macro_rules! letters {
    ($name:ident, $printed:literal, $check:literal) => {
        static $name: Letters = Letters {
            printed: $printed,
            check: LazyLock::new(|| Regex::new($check).expect("the pattern is valid")),
        };
    };
}

letters!(NAME, r"[\w+=,.@-]*", r"\A[A-Za-z0-9_+=,.@-]*\z");
letters!(
    EXTERNAL_ID_LETTERS,
    r"[\w+=,.@:\/-]*",
    r"\A[A-Za-z0-9_+=,.@:/-]*\z"
);
letters!(SERIAL, r"[\w+=/:,.@-]*", r"\A[A-Za-z0-9_+=/:,.@-]*\z");
letters!(DIGITS, r"[\d]*", r"\A[0-9]*\z");
letters!(
    POLICY_LETTERS,
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

const fn text(min: usize, max: usize, letters: &'static Letters) -> Text {
    Text {
        min,
        max,
        letters: Some(letters),
    }
}

pub(super) static ARN: Text = text(20, 2048, &ARN_LETTERS);
pub(super) static SESSION_NAME: Text = text(2, 64, &NAME);
pub(super) static FEDERATED_NAME: Text = text(2, 32, &NAME);
pub(super) static EXTERNAL_ID: Text = text(2, 1224, &EXTERNAL_ID_LETTERS);
pub(super) static SERIAL_NUMBER: Text = text(9, 256, &SERIAL);
pub(super) static TOKEN_CODE: Text = text(6, 6, &DIGITS);
pub(super) static POLICY: Text = text(1, 2048, &POLICY_LETTERS);
pub(super) static TAG_KEY: Text = text(1, 128, &TAG_KEY_LETTERS);
pub(super) static TAG_VALUE: Text = text(0, 256, &TAG_VALUE_LETTERS);
pub(super) static SAML_ASSERTION: Text = Text {
    min: 4,
    max: 100_000,
    letters: None,
};
pub(super) static WEB_IDENTITY_TOKEN: Text = Text {
    min: 4,
    max: 20_000,
    letters: None,
};
pub(super) static PROVIDER_ID: Text = Text {
    min: 4,
    max: 2048,
    letters: None,
};

/// Whether a text that came by another way than a parameter keeps a rule.
pub(super) fn fits(value: &str, rule: &Text) -> bool {
    let length = value.encode_utf16().count();
    (rule.min..=rule.max).contains(&length)
        && rule
            .letters
            .is_none_or(|letters| letters.check.is_match(value))
}

/// Reads the parameters of one request and collects what is wrong with them.
#[derive(Debug)]
pub(super) struct Shape<'a> {
    parameters: &'a BTreeMap<String, String>,
    violations: Vec<String>,
}

impl<'a> Shape<'a> {
    pub(super) fn new(parameters: &'a BTreeMap<String, String>) -> Self {
        Self {
            parameters,
            violations: Vec::new(),
        }
    }

    /// A text that must be there; empty when it is not, which `finish` then reports.
    pub(super) fn required(&mut self, name: &str, rule: &Text) -> String {
        let value = self.optional(name, rule);
        if value.is_none() {
            self.null(&camel(name));
        }
        value.unwrap_or_default()
    }

    /// A text that may be there.
    pub(super) fn optional(&mut self, name: &str, rule: &Text) -> Option<String> {
        let value = self.parameters.get(name)?.clone();
        self.check(&value, &camel(name), rule);
        Some(value)
    }

    /// A whole number that may be there.
    pub(super) fn number(
        &mut self,
        name: &str,
        min: u32,
        max: u32,
    ) -> Result<Option<u32>, StsError> {
        let Some(text) = self.parameters.get(name) else {
            return Ok(None);
        };
        let digits = text.strip_prefix('-').unwrap_or(text);
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let value = text.parse::<i32>().ok().filter(|_| whole);
        let Some(value) = value.map(i64::from) else {
            return Err(StsError::new(
                400,
                "MalformedInput",
                "The request could not be parsed",
            ));
        };
        if value < i64::from(min) {
            let rule = format!("Member must have value greater than or equal to {min}");
            self.violation(Some(text), &camel(name), &rule);
        }
        if value > i64::from(max) {
            let rule = format!("Member must have value less than or equal to {max}");
            self.violation(Some(text), &camel(name), &rule);
        }
        Ok(Some(u32::try_from(value).unwrap_or(min)))
    }

    /// The members of a list of texts: `Name.member.1`, `Name.member.2`, ….
    pub(super) fn texts(&mut self, name: &str, max: usize, rule: &Text) -> Vec<String> {
        let indices = self.indices(name);
        self.count(name, indices.len(), max);
        let mut values = Vec::with_capacity(indices.len());
        for index in indices {
            let Some(value) = self.parameters.get(&format!("{name}.member.{index}")) else {
                continue;
            };
            self.check(value, &format!("{}.{index}.member", camel(name)), rule);
            values.push(value.clone());
        }
        values
    }

    /// The members of a list of structures: one field of each, `Name.member.1.Field`.
    pub(super) fn field(
        &mut self,
        (name, index): (&str, u32),
        field: &str,
        rule: &Text,
    ) -> Option<String> {
        let path = format!("{}.{index}.member.{}", camel(name), camel(field));
        let value = self
            .parameters
            .get(&format!("{name}.member.{index}.{field}"));
        match value {
            Some(value) => self.check(value, &path, rule),
            None => self.null(&path),
        }
        value.cloned()
    }

    /// The indices at which a list has members, in order, and a violation when there are too many.
    pub(super) fn list(&mut self, name: &str, max: usize) -> Vec<u32> {
        let indices = self.indices(name);
        self.count(name, indices.len(), max);
        indices
    }

    /// The answer to all violations, if there were any.
    pub(super) fn finish(self) -> Result<(), StsError> {
        let count = self.violations.len();
        if count == 0 {
            return Ok(());
        }
        let noun = if count == 1 { "error" } else { "errors" };
        let all = self.violations.join("; ");
        Err(StsError::validation(format!(
            "{count} validation {noun} detected: {all}"
        )))
    }

    fn indices(&self, name: &str) -> Vec<u32> {
        let prefix = format!("{name}.member.");
        let mut indices: Vec<u32> = self
            .parameters
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .filter_map(|(key, _)| key[prefix.len()..].split('.').next()?.parse().ok())
            .filter(|index| *index > 0)
            .collect();
        indices.sort_unstable();
        indices.dedup();
        indices
    }

    fn count(&mut self, name: &str, count: usize, max: usize) {
        if count > max {
            let rule = format!("Member must have length less than or equal to {max}");
            self.violation(Some("[list]"), &camel(name), &rule);
        }
    }

    fn check(&mut self, value: &str, path: &str, rule: &Text) {
        let length = value.encode_utf16().count();
        if length < rule.min {
            let text = format!(
                "Member must have length greater than or equal to {}",
                rule.min
            );
            self.violation(Some(value), path, &text);
        }
        if length > rule.max {
            let text = format!("Member must have length less than or equal to {}", rule.max);
            self.violation(Some(value), path, &text);
        }
        if let Some(letters) = rule.letters
            && !letters.check.is_match(value)
        {
            let text = format!(
                "Member must satisfy regular expression pattern: {}",
                letters.printed
            );
            self.violation(Some(value), path, &text);
        }
    }

    fn null(&mut self, path: &str) {
        self.violation(None, path, "Member must not be null");
    }

    fn violation(&mut self, value: Option<&str>, path: &str, rule: &str) {
        let value = match value {
            Some(_) if is_secret(path) => "'***'".to_owned(),
            Some(value) => format!("'{value}'"),
            None => "null".to_owned(),
        };
        self.violations.push(format!(
            "Value {value} at '{path}' failed to satisfy constraint: {rule}"
        ));
    }
}

fn is_secret(path: &str) -> bool {
    matches!(path, "sAMLAssertion" | "webIdentityToken" | "tokenCode")
}

/// The name with a small first letter, as AWS prints it.
fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{ARN, SESSION_NAME, Shape, TAG_KEY};

    fn parameters(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn one_violation_is_worded_as_aws_does() {
        let parameters = parameters(&[("RoleSessionName", "a b")]);
        let mut shape = Shape::new(&parameters);
        shape.required("RoleSessionName", &SESSION_NAME);
        assert_eq!(
            shape.finish().unwrap_err().message,
            "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        );
    }

    #[test]
    fn all_violations_come_together() {
        let parameters = parameters(&[("DurationSeconds", "1")]);
        let mut shape = Shape::new(&parameters);
        shape.required("RoleArn", &ARN);
        shape.number("DurationSeconds", 900, 43200).unwrap();
        assert_eq!(
            shape.finish().unwrap_err().message,
            "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: \
             Member must not be null; Value '1' at 'durationSeconds' failed to satisfy \
             constraint: Member must have value greater than or equal to 900"
        );
    }

    #[test]
    fn numbers_that_are_none_are_malformed() {
        for text in [
            "",
            "1h",
            "3600.0",
            "99999999999",
            "+900",
            "0x10",
            "-",
            " 900",
        ] {
            let parameters = parameters(&[("DurationSeconds", text)]);
            let mut shape = Shape::new(&parameters);
            let error = shape.number("DurationSeconds", 900, 43200).unwrap_err();
            assert_eq!(error.code, "MalformedInput", "{text}");
        }
    }

    #[test]
    fn lists_are_read_by_their_numbers() {
        let parameters = parameters(&[
            ("TransitiveTagKeys.member.10", "c"),
            ("TransitiveTagKeys.member.2", "b"),
            ("TransitiveTagKeys.member.1", "a"),
            ("TransitiveTagKeys.member.x", "never"),
            ("TransitiveTagKeysX.member.1", "never"),
        ]);
        let mut shape = Shape::new(&parameters);
        assert_eq!(
            shape.texts("TransitiveTagKeys", 50, &TAG_KEY),
            ["a", "b", "c"]
        );
        assert!(shape.finish().is_ok());
    }

    #[test]
    fn a_newline_at_the_end_does_not_slip_through_a_pattern() {
        let parameters = parameters(&[("RoleSessionName", "ada\n")]);
        let mut shape = Shape::new(&parameters);
        shape.required("RoleSessionName", &SESSION_NAME);
        assert!(shape.finish().is_err());
    }
}
