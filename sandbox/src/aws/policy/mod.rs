//! IAM policy documents: reading them strictly and evaluating them.
//!
//! A [`Policy`] is a document that IAM would have stored; what IAM would call malformed cannot be
//! one. Evaluation follows the IAM policy reference: explicit deny wins, the rest is denied unless
//! allowed. Knows nothing of sessions or STS beyond the [`Context`] it is given.

mod condition;
mod context;
mod json;
mod parse;
mod pattern;
mod principal;
#[cfg(test)]
mod tests;

use std::fmt;

pub use context::{Context, Values};
pub use parse::PolicyError;
pub use principal::{Caller, Naming};

use condition::Condition;
use pattern::Pattern;
use principal::Principals;

/// A well-formed policy document.
#[derive(Clone)]
pub struct Policy {
    text: String,
    statements: Vec<Statement>,
}

impl Policy {
    /// Reads an identity, session or boundary policy: no principals, resources required.
    pub fn identity(text: &str) -> Result<Self, PolicyError> {
        parse::policy(text, parse::Kind::Identity)
    }

    /// Reads a role's trust policy: principals required, no resources.
    pub fn trust(text: &str) -> Result<Self, PolicyError> {
        parse::policy(text, parse::Kind::Trust)
    }

    /// Reads a resource policy: principals and resources required.
    pub fn resource(text: &str) -> Result<Self, PolicyError> {
        parse::policy(text, parse::Kind::Resource)
    }

    /// The document as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What an identity-based policy says to `request`.
    pub fn says(&self, request: &Request<'_>) -> Says {
        let mut says = Says::Nothing;
        for statement in self.statements.iter().filter(|one| one.covers(request)) {
            match statement.effect {
                Effect::Deny => return Says::Deny,
                Effect::Allow => says = Says::Allow,
            }
        }
        says
    }

    /// What a trust or resource policy says to `caller` making `request`, and how it named them.
    pub fn says_to(&self, caller: &Caller, request: &Request<'_>) -> SaysTo {
        let mut strongest = None;
        for statement in self.statements.iter().filter(|one| one.covers(request)) {
            let Some(principals) = &statement.principals else {
                continue;
            };
            let Some(naming) = principals.name(caller, statement.effect) else {
                continue;
            };
            match statement.effect {
                Effect::Deny => return SaysTo::Deny,
                Effect::Allow => strongest = strongest.max(Some(naming)),
            }
        }
        strongest.map_or(SaysTo::Nothing, SaysTo::Allow)
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Policy").field(&self.text).finish()
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Policy {}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The action, such as `s3:GetObject`.
    pub action: &'a str,
    /// The resource's ARN.
    pub resource: &'a str,
    /// The condition keys.
    pub context: &'a Context,
}

/// What an identity-based policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// An explicit deny.
    Deny,
    /// An allow, and no deny.
    Allow,
    /// Nothing: an implicit deny.
    Nothing,
}

impl Says {
    /// What several policies say together.
    pub fn together(all: impl IntoIterator<Item = Self>) -> Self {
        let mut says = Self::Nothing;
        for one in all {
            match one {
                Self::Deny => return Self::Deny,
                Self::Allow => says = Self::Allow,
                Self::Nothing => {}
            }
        }
        says
    }
}

/// What a trust or resource policy says to one caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaysTo {
    /// An explicit deny.
    Deny,
    /// An allow, by the strongest naming among its statements.
    Allow(Naming),
    /// Nothing.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// One statement.
#[derive(Clone, Debug)]
struct Statement {
    effect: Effect,
    principals: Option<Principals>,
    actions: Covered,
    resources: Option<Covered>,
    conditions: Vec<Condition>,
}

impl Statement {
    fn covers(&self, request: &Request<'_>) -> bool {
        self.actions.holds(request.action, request.context)
            && self
                .resources
                .as_ref()
                .is_none_or(|resources| resources.holds(request.resource, request.context))
            && self
                .conditions
                .iter()
                .all(|condition| condition.holds(request.context))
    }
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug)]
enum Covered {
    Any(Vec<Pattern>),
    AllBut(Vec<Pattern>),
}

impl Covered {
    fn holds(&self, value: &str, context: &Context) -> bool {
        match self {
            Self::Any(patterns) => patterns.iter().any(|one| one.matches(value, context)),
            Self::AllBut(patterns) => !patterns.iter().any(|one| one.matches(value, context)),
        }
    }
}
