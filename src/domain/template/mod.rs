//! Text with slots that are filled from what an identity provider proved: `{attribute.NAME}`, `{session.name}`,
//! `{subject}`, `{email}`.
//!
//! Owns the only ways by which a claim gets into a session tag ([`Template`]) or a session policy
//! ([`PolicyTemplate`]): a slot needs exactly one value, within the alphabet and the length that AWS takes (STS API
//! reference), or filling fails by name. Nothing is ever dropped, cut or repaired.

mod json;
mod policy;
mod widest;

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use super::identity::Identity;

pub use policy::{LONGEST_POLICY, PolicyTemplate};

/// The most characters of a session tag's value.
const LONGEST_TAG: usize = 256;

/// The alphabet of session tags (STS API reference, `Tag`).
static TAG_ALPHABET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$").expect("the pattern is well formed")
});

/// What a slot stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// `{attribute.NAME}`: the attribute's one value.
    Attribute(String),
    /// `{session.name}`: the session name that AWS will show.
    SessionName,
    /// `{subject}`: the subject as the provider sent it.
    Subject,
    /// `{email}`: the verified e-mail address.
    Email,
}

impl Slot {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "session.name" => Some(Self::SessionName),
            "subject" => Some(Self::Subject),
            "email" => Some(Self::Email),
            _ => name
                .strip_prefix("attribute.")
                .filter(|name| (1..=256).contains(&name.len()) && !name.contains(char::is_control))
                .map(|name| Self::Attribute(name.to_owned())),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(name) => write!(f, "{{attribute.{name}}}"),
            Self::SessionName => f.write_str("{session.name}"),
            Self::Subject => f.write_str("{subject}"),
            Self::Email => f.write_str("{email}"),
        }
    }
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace that no placeholder explains.
    #[error(
        "an unknown placeholder or a stray brace: there are {{attribute.NAME}}, {{session.name}}, {{subject}} and {{email}}"
    )]
    UnknownPlaceholder,
    /// `${…}` that is none of IAM's policy variables.
    #[error(
        "${{…}} is for IAM's policy variables such as ${{aws:username}}; write a placeholder without the $"
    )]
    NotAPolicyVariable,
    /// Text outside the slots that AWS would refuse in a tag.
    #[error("a tag's value has letters, digits, spaces and _.:/=+-@ only, at most 256")]
    NotATag,
    /// A policy that is no JSON.
    #[error("the policy is no JSON")]
    NotJson(#[source] JsonError),
    /// JSON that is no session policy.
    #[error("the policy is no session policy: {0}")]
    NotAPolicy(&'static str),
    /// A slot where a value could change what the policy means.
    #[error("placeholders may stand in the values of Resource, NotResource and Condition only")]
    MisplacedSlot,
    /// Longer than AWS takes, even with nothing in its slots.
    #[error("the policy has {0} characters without white space, and AWS takes 2,048")]
    PolicyTooLong(usize),
}

/// Where JSON went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(String);

/// Why a template could not be filled for a person. Names the slot, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The provider sent no value.
    #[error("{0} has no value: the identity provider did not send it")]
    Missing(Slot),
    /// The provider sent several values, and one is needed.
    #[error("{slot} has {count} values, and exactly one is needed")]
    Several {
        /// Which slot.
        slot: Slot,
        /// How many values came.
        count: usize,
    },
    /// The value has a character that may not stand there.
    #[error("the value of {slot} {problem}")]
    Forbidden {
        /// Which slot.
        slot: Slot,
        /// Which character, in words.
        problem: &'static str,
    },
    /// The filled text is longer than AWS takes.
    #[error("filled in, it has {length} characters, and AWS takes {limit}")]
    TooLong {
        /// Its length.
        length: usize,
        /// What AWS takes.
        limit: usize,
    },
}

/// What slots are filled from.
#[derive(Debug, Clone, Copy)]
pub struct TemplateValues<'a> {
    /// The person.
    pub identity: &'a Identity,
    /// Their session name in AWS.
    pub session_name: &'a str,
}

impl<'a> TemplateValues<'a> {
    fn one(&self, slot: &Slot) -> Result<&'a str, FillError> {
        match slot {
            Slot::SessionName => Ok(self.session_name),
            Slot::Subject => Ok(&self.identity.subject.value),
            Slot::Email => self
                .identity
                .verified_email
                .as_deref()
                .ok_or_else(|| FillError::Missing(slot.clone())),
            Slot::Attribute(name) => match self.identity.values(name) {
                [one] => Ok(one),
                [] => Err(FillError::Missing(slot.clone())),
                several => Err(FillError::Several {
                    slot: slot.clone(),
                    count: several.len(),
                }),
            },
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Slot(Slot),
}

/// The value of a session tag, with slots, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

impl Template {
    /// Reads the value of a session tag.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let parts = parse_parts(text, Variables::None)?;
        let mut length = 0;
        for part in &parts {
            if let Part::Literal(literal) = part {
                length += utf16_length(literal);
                if !is_tag_text(literal) {
                    return Err(TemplateError::NotATag);
                }
            }
        }
        if length > LONGEST_TAG {
            return Err(TemplateError::NotATag);
        }
        Ok(Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// The text as written.
    pub fn source(&self) -> &str {
        &self.text
    }

    /// The slots in it.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        slots(&self.parts)
    }

    /// The text with a wildcard in each slot: what every filled value is like. A tag's own letters are no wildcards.
    pub fn pattern(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Literal(literal) => literal.as_str(),
            Part::Slot(_) => "*",
        });
        parts.collect()
    }

    /// The tag's value for a person.
    pub fn fill(&self, values: &TemplateValues<'_>) -> Result<String, FillError> {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => filled.push_str(literal),
                Part::Slot(slot) => {
                    let value = values.one(slot)?;
                    if !is_tag_text(value) {
                        return Err(FillError::Forbidden {
                            slot: slot.clone(),
                            problem: "has a character that session tags cannot hold",
                        });
                    }
                    filled.push_str(value);
                }
            }
        }
        let length = utf16_length(&filled);
        if length > LONGEST_TAG {
            return Err(FillError::TooLong {
                length,
                limit: LONGEST_TAG,
            });
        }
        Ok(filled)
    }
}

fn slots(parts: &[Part]) -> impl Iterator<Item = &Slot> {
    parts.iter().filter_map(|part| match part {
        Part::Slot(slot) => Some(slot),
        Part::Literal(_) => None,
    })
}

/// Whether a text keeps to the alphabet of session tags' keys and values.
pub(in crate::domain) fn is_tag_text(text: &str) -> bool {
    TAG_ALPHABET.is_match(text)
}

fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Whether `${…}` may stand in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Variables {
    None,
    Iam,
}

fn parse_parts(text: &str, variables: Variables) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        let end = from.find('}').ok_or(TemplateError::UnknownPlaceholder)?;
        let name = from
            .get(1..end)
            .filter(|name| !name.contains('{'))
            .ok_or(TemplateError::UnknownPlaceholder)?;
        literal.push_str(before);
        if variables == Variables::Iam && before.ends_with('$') {
            if !is_policy_variable(name) {
                return Err(TemplateError::NotAPolicyVariable);
            }
            literal.push_str(&from[..=end]);
        } else {
            let slot = Slot::parse(name).ok_or(TemplateError::UnknownPlaceholder)?;
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Slot(slot));
        }
        rest = &from[end + 1..];
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

/// IAM's variables are condition keys (`aws:username`) or one of its escapes.
fn is_policy_variable(name: &str) -> bool {
    name.contains(':') || matches!(name, "*" | "?" | "$")
}

#[cfg(test)]
mod tests;
