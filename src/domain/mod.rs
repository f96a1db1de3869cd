//! The words and the rules of Vestibule. Pure: no I/O, no async, no framework, nothing of ours.
//!
//! | word | meaning |
//! |---|---|
//! | identity provider (`idp`) | where people prove who they are |
//! | [`identity::Identity`] | what an identity provider proved about a person |
//! | [`account::Account`] | an AWS account |
//! | [`role::Role`] | what a person can become in an account |
//! | [`role::Method`] | the STS operation behind a role |
//! | rule | conditions over an identity → roles it gives, or takes away |
//! | access model | accounts + roles + rules + scopes: one document; published, a *revision* |
//! | [`grant::Grant`] | proof that a revision gives this identity this role |
//! | [`requires::Requires`] | what a role asks of the login itself |
//! | [`scope::Scope`] | a named session policy a person may put on a role to hold less |
//! | [`intent::Intent`] | what the visitor came for; never a URL |
//! | sign-in | one hand-over of a console or of keys to a person; has an id, and stands in the audit log first |
//! | [`pasted::Pasted`] | what a text that somebody pasted names |
//! | [`preferences::Preferences`] | what a person likes to find again; decides nothing |
//! | [`session::Session`] | a person's session with Vestibule, not with AWS |
//! | [`stop::Stop`] | a blocked person, a suspended account or a suspended role |
//! | [`credentials::Credentials`] | temporary AWS credentials: in memory, for one request |

pub mod access;
pub mod account;
pub mod audit;
pub mod browser;
pub mod causes;
pub mod console;
pub mod credentials;
pub mod duration;
pub mod grant;
pub mod iam_role;
pub mod identity;
pub mod intent;
pub mod names;
pub mod partition;
pub mod pasted;
pub mod person;
pub mod preferences;
pub mod probe;
#[cfg(test)]
pub(crate) mod properties;
pub mod reason;
pub mod record;
pub mod request_form;
pub mod requires;
pub mod revoke;
pub mod role;
pub mod scope;
pub mod search;
pub mod session;
pub mod session_size;
pub mod stop;
pub mod template;
pub mod token;
pub mod trust;

/// A moment, in UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
