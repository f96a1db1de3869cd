//! The access model: accounts, roles, rules and scopes in one document, checked whole and compiled to an index.

/// The number of a published access model.
pub type AccessRevision = i64;
