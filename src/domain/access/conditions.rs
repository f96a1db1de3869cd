//! Conditions on their own, outside a model: who is an administrator.
//!
//! They are written and checked just like those of a rule, and read the same; only there are few of them, so they are
//! looked at one after the other.

use regex::Regex;

use super::check::{Problems, check_conditions};
use super::document::ConditionEntry;
use super::patterns;
use super::rule::{Condition, Operator};
use crate::domain::identity::Identity;

/// Conditions that must all hold.
#[derive(Debug)]
pub struct Conditions(Vec<Test>);

#[derive(Debug)]
enum Test {
    Attribute { name: String, test: ValueTest },
    Idp(crate::domain::identity::IdpId),
    Not(Box<Test>),
}

#[derive(Debug)]
enum ValueTest {
    IsOneOf(Vec<String>),
    StartsWith(String),
    Matches(Regex),
    Present,
}

impl Conditions {
    /// Checks and compiles what stands at `path` in the configuration.
    pub fn compile(entries: &[ConditionEntry], path: &str) -> Result<Self, Problems> {
        let conditions = check_conditions(entries, path)?;
        // a pattern that was checked compiles; one that does not makes the whole hold for nobody
        let tests = conditions.iter().map(compile).collect::<Option<Vec<_>>>();
        Ok(Self(tests.unwrap_or_default()))
    }

    /// Whether all of them hold. None at all hold for nobody.
    pub fn hold_for(&self, identity: &Identity) -> bool {
        !self.0.is_empty() && self.0.iter().all(|test| test.holds_for(identity))
    }
}

fn compile(condition: &Condition) -> Option<Test> {
    Some(match condition {
        Condition::Idp(idp) => Test::Idp(idp.clone()),
        Condition::Not(inner) => Test::Not(Box::new(compile(inner)?)),
        Condition::Attribute { name, operator } => Test::Attribute {
            name: name.clone(),
            test: match operator {
                Operator::IsOneOf(values) => ValueTest::IsOneOf(values.clone()),
                Operator::StartsWith(prefix) => ValueTest::StartsWith(prefix.clone()),
                Operator::Matches(pattern) => ValueTest::Matches(patterns::compile(pattern).ok()?),
                Operator::Present => ValueTest::Present,
            },
        },
    })
}

impl Test {
    fn holds_for(&self, identity: &Identity) -> bool {
        match self {
            Self::Idp(idp) => *idp == identity.idp,
            Self::Not(inner) => !inner.holds_for(identity),
            Self::Attribute { name, test } => {
                identity.values(name).iter().any(|value| match test {
                    ValueTest::IsOneOf(values) => values.contains(value),
                    ValueTest::StartsWith(prefix) => value.starts_with(prefix.as_str()),
                    ValueTest::Matches(pattern) => pattern.is_match(value),
                    ValueTest::Present => true,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::{Authentication, IdpId, Subject};

    fn somebody(groups: &[&str]) -> Identity {
        Identity {
            idp: IdpId::parse("corp").unwrap(),
            subject: Subject {
                format: "sub".to_owned(),
                value: "ada".to_owned(),
            },
            display_name: "Ada".to_owned(),
            verified_email: None,
            attributes: [(
                "groups".to_owned(),
                groups.iter().map(|group| (*group).to_owned()).collect(),
            )]
            .into(),
            authentication: Authentication::default(),
            notice: None,
        }
    }

    fn conditions(toml: &str) -> Result<Conditions, Problems> {
        #[derive(serde::Deserialize)]
        struct Entry {
            when: Vec<ConditionEntry>,
        }
        let entry: Entry = toml::from_str(toml).unwrap();
        Conditions::compile(&entry.when, "administrators[0].when")
    }

    #[test]
    fn all_must_hold_and_values_are_compared_exactly() {
        let admins = conditions(
            "when = [{ attribute = 'groups', is = 'cloud-admins' }, { not = { attribute = 'groups', starts_with = 'guest' } }]",
        )
        .unwrap();
        assert!(admins.hold_for(&somebody(&["x", "cloud-admins"])));
        assert!(!admins.hold_for(&somebody(&["Cloud-Admins", "cloud-admins "])));
        assert!(!admins.hold_for(&somebody(&["cloud-admins", "guests"])));
        assert!(!admins.hold_for(&somebody(&[])));
    }

    #[test]
    fn patterns_hold_where_they_match() {
        let admins =
            conditions("when = [{ attribute = 'groups', matches = '^cloud-(admin|root)$' }]")
                .unwrap();
        assert!(admins.hold_for(&somebody(&["cloud-root"])));
        assert!(!admins.hold_for(&somebody(&["cloud-rooted"])));
    }

    #[test]
    fn no_condition_makes_nobody_an_administrator() {
        let nobody = Conditions::compile(&[], "administrators[0].when").unwrap();
        assert!(!nobody.hold_for(&somebody(&["cloud-admins"])));
    }

    #[test]
    fn a_broken_condition_is_named_by_its_path() {
        let problems =
            conditions("when = [{ attribute = 'groups', matches = '(' }, { attribute = 'x' }]")
                .unwrap_err();
        let text = problems.to_string();
        assert!(text.contains("administrators[0].when[0].matches"), "{text}");
        assert!(text.contains("administrators[0].when[1]"), "{text}");
    }
}
