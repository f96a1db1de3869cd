//! What an AWS account needs so that people can come in: providers, roles with their trust policies, users and policies.
//!
//! Derived from the access model and from [`Facts`] that are handed in; where a fact is missing, what is missing is
//! said, and nothing is made up. `account` puts the resources of one account together, `method` knows what each method
//! needs, `signers` what those need who sign with own credentials, `hubs` the roles on their way, `revokers` who ends
//! sessions, `notes` what remains to be done elsewhere. How it is
//! written down is the business of `render`.

mod account;
mod facts;
mod hubs;
mod method;
pub(in crate::domain) mod node;
mod notes;
mod policy;
mod problem;
pub mod render;
mod resource;
mod revokers;
mod signers;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use account::describe;
pub use facts::{
    Carried, Facts, IdpFacts, IssuerFacts, OidcFacts, Signer, SignerError, SignerKind,
};
pub use problem::{Problem, Problems};
pub use resource::{HeldPolicy, Holder, OidcProvider, Resource, Role, SamlProvider, User};

use super::account::{AccountId, PartitionName};
use super::intent::AccountRef;
use super::role::RoleName;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of which account.
    pub account: AccountRef,
    /// Of which of its roles; none: of all.
    pub roles: Vec<RoleName>,
    /// By which methods, as AWS spells them; none: by all.
    pub methods: Vec<String>,
}

/// What an account needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The account.
    pub account: AccountId,
    /// Its partition.
    pub partition: PartitionName,
    /// What must be in it, in an order in which it can be made.
    pub resources: Vec<Resource>,
    /// What remains to be done elsewhere, a sentence each.
    pub notes: Vec<String>,
}

impl Trust {
    /// The ARN of something in the account's IAM.
    pub fn arn(&self, resource: &str) -> String {
        format!("arn:{}:iam::{}:{resource}", self.partition, self.account)
    }
}
