//! The access model: accounts, roles, rules and scopes in one document, checked whole and compiled to an index.
//!
//! A [`Document`] is what people write. [`check()`] turns it into a [`Model`], or reports everything that is wrong with
//! it at once. An [`AccessIndex`] is a published model compiled for deciding: it alone makes a
//! [`Grant`](super::grant::Grant). [`differences`] says in sentences what sets two documents apart.

mod check;
mod conditions;
mod diff;
mod document;
mod draft;
pub mod edit;
mod everybody;
mod export;
#[cfg(test)]
mod fixtures;
mod hash;
mod impact;
mod index;
mod merge;
mod model;
mod patterns;
mod rule;
mod selector;
pub mod why;

pub use check::{
    Issuance, OwnCredentials, Problem, ProblemKind, Problems, Surroundings, check, check_sizes,
};

pub use conditions::Conditions;
pub use diff::differences;
pub use document::{
    AccountEntry, ConditionEntry, Document, DocumentError, RequiresEntry, RevokerEntry, RoleEntry,
    RuleEntry, ScopeEntry, ViaEntry,
};
pub use draft::DraftId;
pub use impact::{Comparison, Impact, Later, MOST_NAMES, People, RoleImpact};
pub use index::{AccessIndex, Held, Refusal};
pub use merge::{ByName, EntryName, Merged, Pick, Section, merge};
pub use model::{Model, RuleUse, UseKind};
pub use rule::{Condition, Operator, Rule};
pub use selector::{Selector, Side};

/// The number of a published access model.
pub type AccessRevision = i64;
