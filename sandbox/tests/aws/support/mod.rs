//! A small world of accounts, a signer, and a client that reads the answers.

pub(crate) mod issuer;
pub(crate) mod saml;
mod signer;
mod world;

pub(crate) use signer::{Keys, Signed};
pub(crate) use world::{ACCOUNT, Aws, OTHER, Reply, form, noon, policy, trust};
