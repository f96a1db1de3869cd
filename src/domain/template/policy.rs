//! Session policies with slots.
//!
//! Owns what a session policy must look like before AWS sees it (IAM JSON policy grammar: no `Principal`, each
//! statement an effect, actions and resources) and where a person's value may stand in it. Filling writes the parsed
//! tree again: a value becomes the inside of one JSON string, and wildcards, policy variables and control characters
//! are refused by name, so the filled policy differs from the template at the slots and nowhere else.

use super::json::Json;
use super::{FillError, Part, Slot, TemplateError, TemplateValues, slots};

/// The most characters of an inline policy and the ARNs of managed ones, together.
pub const LONGEST_POLICY: usize = 2_048;

/// How much JSON with white space is read at all.
const LONGEST_SOURCE: usize = 16_384;

/// An inline session policy, as JSON text with slots, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyTemplate {
    text: String,
    json: Json,
}

impl PolicyTemplate {
    /// Reads a session policy.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.len() > LONGEST_SOURCE {
            return Err(TemplateError::PolicyTooLong(text.len()));
        }
        let json = Json::parse(text)?;
        check_document(&json)?;
        let template = Self {
            text: text.to_owned(),
            json,
        };
        match template.shortest() {
            length if length > LONGEST_POLICY => Err(TemplateError::PolicyTooLong(length)),
            _ => Ok(template),
        }
    }

    /// The text as written.
    pub fn source(&self) -> &str {
        &self.text
    }

    /// Its tree.
    pub(super) fn json(&self) -> &Json {
        &self.json
    }

    /// The slots in it.
    pub fn slots(&self) -> Vec<&Slot> {
        let mut texts = Vec::new();
        self.json.texts(&mut texts);
        texts.into_iter().flat_map(slots).collect()
    }

    /// Its length with nothing in its slots.
    pub fn shortest(&self) -> usize {
        let mut out = String::new();
        let written = self.json.write(&mut out, &mut |part| {
            Ok::<_, std::convert::Infallible>(match part {
                Part::Literal(text) => text.clone(),
                Part::Slot(_) => String::new(),
            })
        });
        match written {
            Ok(()) => out.len(),
            Err(never) => match never {},
        }
    }

    /// The policy for a person, without white space, in at most `limit` characters: [`LONGEST_POLICY`] less what the
    /// ARNs of managed policies take.
    pub fn fill(&self, values: &TemplateValues<'_>, limit: usize) -> Result<String, FillError> {
        let mut out = String::new();
        self.json.write(&mut out, &mut |part| match part {
            Part::Literal(text) => Ok(text.clone()),
            Part::Slot(slot) => {
                let value = values.one(slot)?;
                refuse_meaning(slot, value)?;
                Ok(value.to_owned())
            }
        })?;
        if out.len() > limit {
            return Err(FillError::TooLong {
                length: out.len(),
                limit,
            });
        }
        Ok(out)
    }
}

/// Refuses what IAM would read as more than itself.
fn refuse_meaning(slot: &Slot, value: &str) -> Result<(), FillError> {
    let problem = if value.is_empty() {
        "is empty"
    } else if value.contains(['*', '?']) {
        "has a wildcard (* or ?)"
    } else if value.contains('$') {
        "has a $, which begins policy variables"
    } else if value.contains(char::is_control) {
        "has a control character"
    } else {
        return Ok(());
    };
    Err(FillError::Forbidden {
        slot: slot.clone(),
        problem,
    })
}

fn check_document(json: &Json) -> Result<(), TemplateError> {
    let Json::Object(entries) = json else {
        return Err(TemplateError::NotAPolicy("it is no object"));
    };
    for (key, value) in entries {
        match key.as_str() {
            "Version" if matches!(value.as_plain(), Some("2012-10-17" | "2008-10-17")) => {}
            "Version" => return Err(TemplateError::NotAPolicy("its Version is 2012-10-17")),
            "Id" if value.as_plain().is_some() => {}
            "Statement" => {}
            _ => {
                return Err(TemplateError::NotAPolicy(
                    "it has Version, Id and Statement only",
                ));
            }
        }
    }
    match json.get("Statement") {
        Some(Json::List(statements)) if !statements.is_empty() => {
            statements.iter().try_for_each(check_statement)
        }
        Some(statement @ Json::Object(_)) => check_statement(statement),
        _ => Err(TemplateError::NotAPolicy("it needs a Statement")),
    }
}

fn check_statement(statement: &Json) -> Result<(), TemplateError> {
    let Json::Object(entries) = statement else {
        return Err(TemplateError::NotAPolicy("a Statement is an object"));
    };
    for (key, value) in entries {
        match key.as_str() {
            "Sid" if value.as_plain().is_some() => {}
            "Effect" if matches!(value.as_plain(), Some("Allow" | "Deny")) => {}
            "Effect" => return Err(TemplateError::NotAPolicy("an Effect is Allow or Deny")),
            "Action" | "NotAction" => check_list(value, "actions are a text or a list of texts")?,
            "Resource" | "NotResource" => {
                check_list(value, "resources are a text or a list of texts")?;
            }
            "Condition" if matches!(value, Json::Object(_)) => {}
            "Principal" | "NotPrincipal" => {
                return Err(TemplateError::NotAPolicy(
                    "a session policy names no Principal",
                ));
            }
            _ => {
                return Err(TemplateError::NotAPolicy(
                    "a Statement has a key that IAM does not know",
                ));
            }
        }
        let movable = matches!(key.as_str(), "Resource" | "NotResource" | "Condition");
        if !movable && has_slot(value) {
            return Err(TemplateError::MisplacedSlot);
        }
    }
    let one_of = |a, b| statement.get(a).is_some() != statement.get(b).is_some();
    if statement.get("Effect").is_none() {
        Err(TemplateError::NotAPolicy("a Statement needs an Effect"))
    } else if !one_of("Action", "NotAction") {
        Err(TemplateError::NotAPolicy(
            "a Statement needs one of Action and NotAction",
        ))
    } else if !one_of("Resource", "NotResource") {
        Err(TemplateError::NotAPolicy(
            "a Statement needs one of Resource and NotResource",
        ))
    } else {
        Ok(())
    }
}

fn check_list(value: &Json, problem: &'static str) -> Result<(), TemplateError> {
    let good = match value {
        Json::Text(parts) => !parts.is_empty(),
        Json::List(items) => {
            !items.is_empty()
                && items
                    .iter()
                    .all(|item| matches!(item, Json::Text(parts) if !parts.is_empty()))
        }
        _ => false,
    };
    good.then_some(()).ok_or(TemplateError::NotAPolicy(problem))
}

fn has_slot(value: &Json) -> bool {
    let mut texts = Vec::new();
    value.texts(&mut texts);
    texts.into_iter().any(|parts| slots(parts).next().is_some())
}
