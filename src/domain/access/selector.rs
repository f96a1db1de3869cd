//! What a rule points at: `payments-prod/ReadOnly`, `payments-dev/*`, `*/ReadOnly`, `environment:production`,
//! `label:team=payments`, `*`, and `{account}/{role}` with what a pattern captured.
//!
//! Owns the notation. A selector never names anything into being: it points at roles that the document defines.

use std::fmt;

use crate::domain::account::Environment;

/// What a rule gives or takes away.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Selector {
    /// Every role of every account.
    All,
    /// Every role of the accounts of an environment.
    Environment(Environment),
    /// Every role of the accounts with a label.
    Label {
        /// The label's name.
        key: String,
        /// Its value, exactly.
        value: String,
    },
    /// Roles by account and name.
    Pair {
        /// Which accounts.
        account: Side,
        /// Which roles there.
        role: Side,
    },
}

/// One side of `account/role`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Side {
    /// `*`
    Any,
    /// This one.
    Exact(String),
    /// With what a pattern captured.
    Captured(Vec<Piece>),
}

/// A piece of a captured side.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// As written.
    Text(String),
    /// `{group}`: what the group of that name captured.
    Group(String),
}

/// The text is no selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not one of: alias/role, alias/*, */role, *, environment:WORD, label:KEY=VALUE, or with {{group}} in place of names"
)]
pub struct SelectorError;

impl Selector {
    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        if text == "*" {
            return Ok(Self::All);
        }
        if let Some(word) = text.strip_prefix("environment:") {
            return [
                Environment::Production,
                Environment::Staging,
                Environment::Development,
                Environment::Sandbox,
            ]
            .into_iter()
            .find(|environment| environment.word() == word)
            .map(Self::Environment)
            .ok_or(SelectorError);
        }
        if let Some(label) = text.strip_prefix("label:") {
            return label
                .split_once('=')
                .filter(|(key, _)| !key.is_empty())
                .map(|(key, value)| Self::Label {
                    key: key.to_owned(),
                    value: value.to_owned(),
                })
                .ok_or(SelectorError);
        }
        let (account, role) = text.split_once('/').ok_or(SelectorError)?;
        match (Side::parse(account)?, Side::parse(role)?) {
            (Side::Any, Side::Any) => Ok(Self::All),
            (account, role) => Ok(Self::Pair { account, role }),
        }
    }

    /// The names of the groups it uses.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let sides = match self {
            Self::Pair { account, role } => [Some(account), Some(role)],
            _ => [None, None],
        };
        sides.into_iter().flatten().flat_map(Side::groups)
    }

    /// Whether what it points at depends on what a pattern captured.
    pub fn is_captured(&self) -> bool {
        self.groups().next().is_some()
    }
}

impl Side {
    fn parse(text: &str) -> Result<Self, SelectorError> {
        if text == "*" {
            return Ok(Self::Any);
        }
        if text.is_empty() {
            return Err(SelectorError);
        }
        if !text.contains(['{', '}']) {
            return Ok(Self::Exact(text.to_owned()));
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, from)) = rest.split_once('{') {
            let (group, after) = from.split_once('}').ok_or(SelectorError)?;
            let named = !group.is_empty()
                && group
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !named || before.contains('}') {
                return Err(SelectorError);
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Group(group.to_owned()));
            rest = after;
        }
        if rest.contains('}') {
            return Err(SelectorError);
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self::Captured(pieces))
    }

    fn groups(&self) -> impl Iterator<Item = &str> {
        let pieces = match self {
            Self::Captured(pieces) => pieces.as_slice(),
            Self::Any | Self::Exact(_) => &[],
        };
        pieces.iter().filter_map(|piece| match piece {
            Piece::Group(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// What this side names, given what the groups captured; `None` where one of them captured nothing.
    pub(super) fn resolve(&self, captured: impl Fn(&str) -> Option<String>) -> Option<Named> {
        match self {
            Self::Any => Some(Named::Any),
            Self::Exact(text) => Some(Named::This(text.clone())),
            Self::Captured(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => Some(text.clone()),
                    Piece::Group(name) => captured(name),
                })
                .collect::<Option<String>>()
                .map(Named::This),
        }
    }
}

/// What a side names once its groups are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// Any.
    Any,
    /// The one of that name, if there is one.
    This(String),
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Environment(environment) => write!(f, "environment:{}", environment.word()),
            Self::Label { key, value } => write!(f, "label:{key}={value}"),
            Self::Pair { account, role } => write!(f, "{account}/{role}"),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Exact(text) => f.write_str(text),
            Self::Captured(pieces) => pieces.iter().try_for_each(|piece| match piece {
                Piece::Text(text) => f.write_str(text),
                Piece::Group(name) => write!(f, "{{{name}}}"),
            }),
        }
    }
}
