//! What stands under our name: our own entries, and what somebody else wrote there, which is kept to the letter.

use super::entry::Entry;
use crate::domain::trust::node::Node;

const VERSION: &str = "2012-10-17";

/// A policy taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// What we put there.
    pub entries: Vec<Entry>,
    /// Statements that are not ours, or not as we write them.
    pub kept: Vec<Node>,
}

/// What stands there is nothing that anything can be added to without losing a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no JSON object.
    #[error("it is no policy")]
    NotAPolicy,
    /// It has another version.
    #[error("it is of another version of IAM's policy language")]
    Version,
    /// It has parts that a policy of ours never has.
    #[error("it has other parts than a version and statements")]
    Parts,
}

impl Standing {
    /// Takes a document apart.
    pub fn read(document: &str) -> Result<Self, Unreadable> {
        let Ok(Node::Map(parts)) = serde_json::from_str(document) else {
            return Err(Unreadable::NotAPolicy);
        };
        let (mut version, mut statements) = (None, None);
        for (name, part) in parts {
            let place = match name.as_str() {
                "Version" => &mut version,
                "Statement" => &mut statements,
                _ => return Err(Unreadable::Parts),
            };
            if place.replace(part).is_some() {
                return Err(Unreadable::Parts);
            }
        }
        if version != Some(Node::text(VERSION)) {
            return Err(Unreadable::Version);
        }
        let statements = match statements.ok_or(Unreadable::NotAPolicy)? {
            Node::List(statements) => statements,
            // IAM takes one that stands alone
            one @ Node::Map(_) => vec![one],
            _ => return Err(Unreadable::NotAPolicy),
        };
        let mut standing = Self::default();
        for statement in statements {
            match Entry::read(&statement) {
                Some(entry) => standing.entries.push(entry),
                None => standing.kept.push(statement),
            }
        }
        Ok(standing)
    }

    /// As it is written; `None` when nothing is left to write.
    pub fn document(&self) -> Option<Node> {
        let taken: Vec<&str> = self.kept.iter().filter_map(sid).collect();
        let mut numbers = 0..;
        let ours = self.entries.iter().map(|entry| {
            // a name that is taken is passed over: a policy has none twice
            let mut names = numbers.by_ref().map(|number| entry.sid(number));
            let name = names.find(|name| !taken.contains(&name.as_str()));
            entry.node(&name.unwrap_or_default())
        });
        let ours: Vec<Node> = ours.collect();
        let statements: Vec<Node> = ours.into_iter().chain(self.kept.iter().cloned()).collect();
        (!statements.is_empty()).then(|| {
            Node::map([
                ("Version", Node::text(VERSION)),
                ("Statement", Node::List(statements)),
            ])
        })
    }
}

fn sid(statement: &Node) -> Option<&str> {
    let Node::Map(entries) = statement else {
        return None;
    };
    entries.iter().find_map(|(key, value)| match value {
        Node::Text(text) if key == "Sid" => Some(text.as_str()),
        _ => None,
    })
}

/// The characters that IAM counts: all but white space.
pub fn characters(document: &str) -> usize {
    document
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .count()
}
