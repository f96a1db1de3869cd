//! The shape of Query requests: which parameters, how long, of which letters, in which range.
//!
//! Collects every violation and words them as AWS's model validation does: `N validation errors
//! detected: Value 'x' at 'name' failed to satisfy constraint: …`. Which rules are each service's.

use std::collections::BTreeMap;

use super::error::QueryError;
use super::text::Text;

/// Reads the parameters of one request and collects what is wrong with them.
#[derive(Debug)]
pub(in crate::aws) struct Shape<'a> {
    parameters: &'a BTreeMap<String, String>,
    violations: Vec<String>,
}

impl<'a> Shape<'a> {
    pub(in crate::aws) fn new(parameters: &'a BTreeMap<String, String>) -> Self {
        Self {
            parameters,
            violations: Vec::new(),
        }
    }

    /// A text that must be there; empty when it is not, which `finish` then reports.
    pub(in crate::aws) fn required(&mut self, name: &str, rule: &Text) -> String {
        let value = self.optional(name, rule);
        if value.is_none() {
            self.null(&camel(name));
        }
        value.unwrap_or_default()
    }

    /// A text that may be there.
    pub(in crate::aws) fn optional(&mut self, name: &str, rule: &Text) -> Option<String> {
        let value = self.parameters.get(name)?.clone();
        self.check(&value, &camel(name), rule);
        Some(value)
    }

    /// A whole number that may be there.
    pub(in crate::aws) fn number(
        &mut self,
        name: &str,
        min: u32,
        max: u32,
    ) -> Result<Option<u32>, QueryError> {
        let Some(text) = self.parameters.get(name) else {
            return Ok(None);
        };
        let digits = text.strip_prefix('-').unwrap_or(text);
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let value = text.parse::<i32>().ok().filter(|_| whole);
        let Some(value) = value.map(i64::from) else {
            return Err(QueryError::new(
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

    /// One of a few words, that may be there.
    pub(in crate::aws) fn word(&mut self, name: &str, words: &[&str]) -> Option<String> {
        let value = self.parameters.get(name)?.clone();
        if !words.contains(&value.as_str()) {
            let rule = format!("Member must satisfy enum value set: [{}]", words.join(", "));
            self.violation(Some(&value), &camel(name), &rule);
        }
        Some(value)
    }

    /// The members of a list of texts: `Name.member.1`, `Name.member.2`, ….
    pub(in crate::aws) fn texts(&mut self, name: &str, max: usize, rule: &Text) -> Vec<String> {
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
    pub(in crate::aws) fn field(
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
    pub(in crate::aws) fn list(&mut self, name: &str, max: usize) -> Vec<u32> {
        let indices = self.indices(name);
        self.count(name, indices.len(), max);
        indices
    }

    /// The answer to all violations, if there were any.
    pub(in crate::aws) fn finish(&mut self) -> Result<(), QueryError> {
        let violations = std::mem::take(&mut self.violations);
        let count = violations.len();
        if count == 0 {
            return Ok(());
        }
        let noun = if count == 1 { "error" } else { "errors" };
        let all = violations.join("; ");
        Err(QueryError::validation(format!(
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
    matches!(
        path,
        "sAMLAssertion"
            | "webIdentityToken"
            | "tokenCode"
            | "authenticationCode1"
            | "authenticationCode2"
            | "sAMLMetadataDocument"
            | "addPrivateKey"
    )
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

    use super::Shape;
    use crate::aws::query::{ARN, TAG_KEY, Text, letters};

    letters!(NAME, r"[\w+=,.@-]*", r"\A[A-Za-z0-9_+=,.@-]*\z");

    static SESSION_NAME: Text = Text::new(2, 64, &NAME);

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
