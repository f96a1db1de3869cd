//! A rule's conditions as rows of a form.
//!
//! A row is `idp` or an attribute with one operator, perhaps turned by *not*. What is nested deeper stands in its row as it
//! is written, and stays so.

use crate::domain::access::ConditionEntry;
use crate::web::texts::{EntryTexts, Text};

/// The operators, in the order of the choice.
pub(in crate::web) const OPERATORS: [&str; 7] = [
    "is",
    "is_one_of",
    "starts_with",
    "matches",
    "present",
    "absent",
    "idp",
];
/// The operator of a row that stays as it is written.
pub(in crate::web) const AS_WRITTEN: &str = "as_written";

/// A row, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::web) struct Row {
    /// Whether it is turned.
    pub(in crate::web) not: bool,
    /// The operator; empty: the row is left out.
    pub(in crate::web) operator: String,
    /// The attribute.
    pub(in crate::web) attribute: String,
    /// The value, or several, one a line.
    pub(in crate::web) value: String,
    /// The condition as it is written (JSON), where no row can say it.
    pub(in crate::web) written: String,
}

/// What an operator is called.
pub(super) fn name_of(t: &EntryTexts, operator: &str) -> Text {
    match operator {
        "is" => t.is,
        "is_one_of" => t.is_one_of,
        "starts_with" => t.starts_with,
        "matches" => t.matches,
        "present" => t.present,
        "absent" => t.absent,
        "idp" => t.is_idp,
        AS_WRITTEN => t.as_written,
        _ => t.left_out,
    }
}

impl Row {
    /// An empty one, to be filled.
    pub(in crate::web) fn empty() -> Self {
        Self {
            operator: "is".to_owned(),
            ..Self::default()
        }
    }

    /// A condition as a row.
    pub(in crate::web) fn of(condition: &ConditionEntry) -> Self {
        let row = Self::plain(condition).or_else(|| {
            let inner = condition
                .not
                .as_deref()
                .filter(|_| is_only_not(condition))?;
            let row = Self::plain(inner)?;
            Some(Self { not: true, ..row })
        });
        row.unwrap_or_else(|| Self {
            operator: AS_WRITTEN.to_owned(),
            written: serde_json::to_string(condition).unwrap_or_default(),
            ..Self::default()
        })
    }

    fn plain(condition: &ConditionEntry) -> Option<Self> {
        let row = |operator: &str, attribute: &Option<String>, value: &str| Self {
            operator: operator.to_owned(),
            attribute: attribute.clone().unwrap_or_default(),
            value: value.to_owned(),
            ..Self::default()
        };
        let attribute = &condition.attribute;
        let row = match condition {
            ConditionEntry { idp: Some(idp), .. } => row("idp", &None, idp),
            ConditionEntry { is: Some(is), .. } => row("is", attribute, is),
            ConditionEntry {
                is_one_of: Some(values),
                ..
            } => row("is_one_of", attribute, &values.join("\n")),
            ConditionEntry {
                starts_with: Some(text),
                ..
            } => row("starts_with", attribute, text),
            ConditionEntry {
                matches: Some(pattern),
                ..
            } => row("matches", attribute, pattern),
            ConditionEntry {
                present: Some(present),
                ..
            } => row(if *present { "present" } else { "absent" }, attribute, ""),
            _ => return None,
        };
        // nothing else is in it, and nothing of it is lost
        (row.read().as_ref() == Some(condition)).then_some(row)
    }

    /// The condition that it says; `None` if it is left out.
    pub(in crate::web) fn read(&self) -> Option<ConditionEntry> {
        let attribute = || ConditionEntry {
            attribute: Some(self.attribute.clone()),
            ..ConditionEntry::default()
        };
        let value = || Some(self.value.clone());
        let condition = match self.operator.as_str() {
            "idp" => ConditionEntry {
                idp: value(),
                ..ConditionEntry::default()
            },
            "is" => ConditionEntry {
                is: value(),
                ..attribute()
            },
            "is_one_of" => ConditionEntry {
                is_one_of: Some(self.value.split('\n').map(str::to_owned).collect()),
                ..attribute()
            },
            "starts_with" => ConditionEntry {
                starts_with: value(),
                ..attribute()
            },
            "matches" => ConditionEntry {
                matches: value(),
                ..attribute()
            },
            "present" | "absent" => ConditionEntry {
                present: Some(self.operator == "present"),
                ..attribute()
            },
            AS_WRITTEN => return serde_json::from_str(&self.written).ok(),
            _ => return None,
        };
        Some(if self.not {
            ConditionEntry {
                not: Some(Box::new(condition)),
                ..ConditionEntry::default()
            }
        } else {
            condition
        })
    }
}

fn is_only_not(condition: &ConditionEntry) -> bool {
    let rest = ConditionEntry {
        not: None,
        ..condition.clone()
    };
    rest == ConditionEntry::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Document;

    #[test]
    fn every_condition_comes_back_equal_from_its_row() {
        let conditions = [
            ("{ idp = \"corp\" }", "idp"),
            ("{ attribute = \"g\", is = \" a \" }", "is"),
            ("{ attribute = \"g\", is = \"\" }", "is"),
            (
                "{ attribute = \"g\", is_one_of = [\"a\", \"b \"] }",
                "is_one_of",
            ),
            ("{ attribute = \"g\", starts_with = \"a\" }", "starts_with"),
            ("{ attribute = \"g\", matches = '^a\\d$' }", "matches"),
            ("{ attribute = \"g\", present = true }", "present"),
            ("{ attribute = \"g\", present = false }", "absent"),
            ("{ not = { attribute = \"g\", is = \"a\" } }", "is"),
            ("{ not = { not = { idp = \"corp\" } } }", AS_WRITTEN),
            ("{ attribute = \"g\", is_one_of = [] }", AS_WRITTEN),
            ("{ attribute = \"g\", is_one_of = [\"a\\nb\"] }", AS_WRITTEN),
            (
                "{ attribute = \"g\", is = \"a\", matches = \"b\" }",
                AS_WRITTEN,
            ),
            ("{ attribute = \"g\" }", AS_WRITTEN),
            ("{ is = \"a\" }", AS_WRITTEN),
            ("{ idp = \"corp\", not = { idp = \"okta\" } }", AS_WRITTEN),
            ("{}", AS_WRITTEN),
        ];
        for (text, operator) in conditions {
            let text = format!("[[rules]]\nname = \"x\"\nwhen = [{text}]\n");
            let document = Document::from_toml(&text).unwrap();
            let condition = &document.rules[0].when[0];
            let row = Row::of(condition);
            assert_eq!(row.operator, operator, "{text}");
            assert_eq!(row.read().as_ref(), Some(condition), "{text}");
        }
        assert_eq!(Row::default().read(), None);
        let nonsense = Row {
            operator: AS_WRITTEN.to_owned(),
            written: "{\"nothing\":1}".to_owned(),
            ..Row::default()
        };
        assert_eq!(nonsense.read(), None);
    }
}
