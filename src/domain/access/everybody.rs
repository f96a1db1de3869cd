//! Which roles a change gives to everybody who signs in, whoever they are: by rules that ask for no attribute.
//!
//! A condition on the provider asks for nothing of a person, and neither does one that only shuts some people out. Of what
//! comes, denies and times are not looked at: what is given to everybody but some, or from tomorrow on, is worth a second
//! thought, too. Of what was there only what held counts: a rule that is over, or that a deny stood against, gave nothing
//! to anybody. Where all rules and denies about a role stay as they are, there is nothing to think about.

use std::collections::HashMap;

use super::model::{Model, may_select};
use super::rule::{Condition, Rule};
use super::selector::Selector;
use crate::domain::Timestamp;
use crate::domain::account::Environment;
use crate::domain::role::Role;

/// For each role of `after` whether it is one that was not given to everybody before, as a role of production.
/// `place_before` says which role of `before` each of them is.
pub(super) fn newly(
    (before, after): (&Model, &Model),
    place_before: &[Option<usize>],
    now: Timestamp,
) -> Vec<bool> {
    let was = Was::new(before, now);
    let will = by_name(after);
    let open: Vec<&Rule> = open(after).collect();
    let roles = after.roles().iter().zip(place_before);
    roles
        .map(|(role, place)| {
            let mut giving = open
                .iter()
                .filter(|rule| points(&rule.grants, role))
                .peekable();
            if giving.peek().is_none() {
                return false;
            }
            // a role whose account only becomes a production one is new to production, whoever held it
            let old = place.map(|place| &before.roles()[place]);
            let Some(old) = old.filter(|old| is_production(old)) else {
                return true;
            };
            let stays = giving.all(|rule| was.has(rule) && points(&rule.grants, old));
            let is_known = was.gave(old) || (stays && !was.loses_deny((old, role), &will));
            !is_known
        })
        .collect()
}

type ByName<'a> = HashMap<&'a str, &'a Rule>;

fn by_name(model: &Model) -> ByName<'_> {
    let rules = model.rules().iter();
    rules.map(|rule| (rule.name.as_str(), rule)).collect()
}

/// What was there before.
struct Was<'a> {
    rules: ByName<'a>,
    /// What rules that ask for nothing give now.
    gave: Vec<&'a Selector>,
    /// What such rules take away now.
    took: Vec<&'a Selector>,
    /// Those that take something away, now or later.
    denies: Vec<&'a Rule>,
}

impl<'a> Was<'a> {
    fn new(model: &'a Model, now: Timestamp) -> Self {
        let valid = || open(model).filter(move |rule| rule.is_valid_at(now));
        let is_over = |rule: &Rule| rule.until.is_some_and(|until| until <= now);
        Self {
            rules: by_name(model),
            gave: valid().flat_map(|rule| &rule.grants).collect(),
            took: valid().flat_map(|rule| &rule.denies).collect(),
            denies: open(model)
                .filter(|rule| !rule.denies.is_empty() && !is_over(rule))
                .collect(),
        }
    }

    /// Whether a rule was there just as it is.
    fn has(&self, rule: &Rule) -> bool {
        self.rules.get(rule.name.as_str()) == Some(&rule)
    }

    /// Whether everybody held a role.
    fn gave(&self, role: &Role) -> bool {
        points(self.gave.iter().copied(), role) && !points(self.took.iter().copied(), role)
    }

    /// Whether a deny that stood against a role stands against it no more as it did.
    fn loses_deny(&self, (old, new): (&Role, &Role), will: &ByName<'_>) -> bool {
        let mut denies = self.denies.iter();
        denies.any(|rule| {
            let stays = will.get(rule.name.as_str()) == Some(rule);
            points(&rule.denies, old) && !(stays && points(&rule.denies, new))
        })
    }
}

/// The rules that ask for nothing.
fn open(model: &Model) -> impl Iterator<Item = &Rule> {
    let rules = model.rules().iter();
    rules.filter(|rule| !rule.conditions.iter().any(asks))
}

/// Whether a selector points at a role whatever values somebody has.
fn points<'a>(selectors: impl IntoIterator<Item = &'a Selector>, role: &Role) -> bool {
    let mut selectors = selectors.into_iter();
    selectors.any(|selector| !selector.is_captured() && may_select(selector, role))
}

pub(super) fn is_production(role: &Role) -> bool {
    role.account.environment == Some(Environment::Production)
}

/// Whether a condition asks for something that a person must have.
fn asks(condition: &Condition) -> bool {
    match condition {
        Condition::Attribute { .. } => true,
        Condition::Idp(_) => false,
        Condition::Not(inner) => match inner.as_ref() {
            Condition::Not(twice) => asks(twice),
            Condition::Attribute { .. } | Condition::Idp(_) => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::fixtures::{at, index};

    const ROLE: &str = "payments-prod/ReadOnly";

    /// Whether the change from some rules to others gives the role to everybody.
    fn gives(before: &str, after: &str) -> bool {
        let (before, after) = (index(before), index(after));
        let places: Vec<Option<usize>> = (0..after.model().roles().len()).map(Some).collect();
        let models = (&**before.model(), &**after.model());
        let found = newly(models, &places, at("2027-03-01T12:00:00Z"));
        let roles = after.model().roles().iter().zip(found);
        let given: Vec<String> = roles
            .filter(|(role, given)| *given && is_production(role))
            .map(|(role, _)| role.key.to_string())
            .collect();
        assert!(given.is_empty() || given == [ROLE], "{given:?}");
        !given.is_empty()
    }

    fn rule(name: &str, when: &str, does: &str) -> String {
        format!("[[rules]]\nname = \"{name}\"\nwhen = [{when}]\n{does}\n")
    }

    /// Gives the role to everybody, under a further line.
    fn all(line: &str) -> String {
        let does = format!("grant = [\"{ROLE}\"]\n{line}");
        rule("all", "{ idp = \"corp\" }", &does)
    }

    fn deny(when: &str, line: &str) -> String {
        rule("deny", when, &format!("deny = [\"*/ReadOnly\"]\n{line}"))
    }

    #[test]
    fn a_rule_that_asks_for_no_attribute_gives_to_everybody() {
        for (when, is) in [
            ("{ idp = \"corp\" }", true),
            (
                "{ not = { attribute = \"employment\", is = \"contractor\" } }",
                true,
            ),
            ("{ attribute = \"groups\", present = false }", true),
            ("{ attribute = \"groups\", is = \"eng\" }", false),
            ("{ attribute = \"groups\", present = true }", false),
            (
                "{ not = { not = { attribute = \"groups\", is = \"eng\" } } }",
                false,
            ),
            (
                "{ idp = \"corp\" }, { attribute = \"groups\", is = \"eng\" }",
                false,
            ),
        ] {
            let after = rule("x", when, &format!("grant = [\"{ROLE}\"]"));
            assert_eq!(gives("", &after), is, "{when}");
        }
    }

    #[test]
    fn a_rule_that_was_over_or_to_come_gave_nothing_to_anybody() {
        for line in ["until = 2027-02-28", "from = 2027-03-02"] {
            for changed in ["", "from = 2027-01-01", "until = 2028-01-01"] {
                assert!(gives(&all(line), &all(changed)), "{line} to {changed}");
            }
            // it was thought about when it came
            assert!(!gives(&all(line), &all(line)), "{line}");
            let other = rule(
                "other",
                "{ idp = \"okta\" }",
                &format!("grant = [\"{ROLE}\"]"),
            );
            assert!(gives(&all(line), &(all(line) + &other)), "{line}");
            let without = rule("other", "{ idp = \"okta\" }", "grant = [\"gov/ReadOnly\"]");
            assert!(!gives(&all(line), &(all(line) + &without)), "{line}");
        }
        assert!(
            !gives(&all("until = 2027-03-02"), &all("")),
            "they have it now"
        );
        assert!(
            gives("", &all("from = 2027-03-02")),
            "from tomorrow on, too"
        );
    }

    #[test]
    fn a_deny_that_goes_gives_what_it_took() {
        let everybody = "{ idp = \"corp\" }";
        let both = |line: &str| all("") + &deny(everybody, line);
        assert!(gives(&both(""), &all("")));
        assert!(
            gives(&both(""), &both("until = 2027-03-04")),
            "it goes later"
        );
        assert!(
            gives(&both(""), &both("from = 2027-03-04")),
            "it is off until then"
        );
        assert!(!gives(&both(""), &both("")), "it stays");
        for over in ["until = 2027-02-28", "from = 2027-03-04"] {
            assert!(!gives(&both(over), &all("")), "it took nothing: {over}");
        }
        let some = deny("{ attribute = \"employment\", is = \"contractor\" }", "");
        assert!(
            !gives(&(all("") + &some), &all("")),
            "it took from some alone"
        );
        // one that hides what is only to come
        let soon = all("from = 2027-03-02");
        assert!(gives(&(soon.clone() + &deny(everybody, "")), &soon));
        let elsewhere = rule("deny", everybody, "deny = [\"gov/*\"]");
        assert!(gives(&both(""), &(all("") + &elsewhere)));
        assert!(!gives(
            &(all("until = 2027-02-28") + &elsewhere),
            &all("until = 2027-02-28")
        ));
    }
}
