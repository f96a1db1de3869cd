//! Which roles a model gives to everybody who signs in, whoever they are: by rules that ask for no attribute.
//!
//! A condition on the provider asks for nothing of a person, and neither does one that only shuts some people out. Denies
//! and times are not looked at: what is given to everybody but some, or from tomorrow on, is worth a second thought, too.

use super::model::{Model, may_select};
use super::rule::{Condition, Rule};

/// For each role of the model whether it is one.
pub(super) fn roles(model: &Model) -> Vec<bool> {
    let open: Vec<&Rule> = model
        .rules()
        .iter()
        .filter(|rule| !rule.conditions.iter().any(asks))
        .collect();
    let roles = model.roles().iter();
    roles
        .map(|role| {
            let mut selectors = open.iter().flat_map(|rule| &rule.grants);
            selectors.any(|selector| !selector.is_captured() && may_select(selector, role))
        })
        .collect()
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
    use crate::domain::access::fixtures::index;

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
            let index = index(&format!(
                "[[rules]]\nname = \"x\"\nwhen = [{when}]\ngrant = [\"payments-prod/ReadOnly\"]\n"
            ));
            let given = roles(index.model());
            assert_eq!(given.iter().any(|given| *given), is, "{when}");
            assert!(given.iter().filter(|given| **given).count() <= 1);
        }
    }
}
