//! The access model: accounts, roles, rules and scopes in one document, checked whole and compiled to an index.
