//! A strict simulated AWS and demo identity providers, on loopback alone.
//!
//! * [`Sandbox`]: all of it, started and stopped together.
//! * [`idp`]: a SAML 2.0 identity provider and an OpenID Connect provider with password forms, for the people of
//!   [`people`]; tests can make both of them lie.
//! * [`aws`]: the simulated AWS: STS, IAM, the sign-in hosts and the console, over the same accounts.
//! * [`company`]: what somebody with thousands of roles holds.
//! * [`listener`]: the only place that binds a socket; refuses every address that others could reach.
//! * [`tls`]: https for tests.
//!
//! The rules are written from how AWS and the standards behave, never from Vestibule's own tables: neither crate may
//! inherit the other's reading of them. Only `main.rs` puts the two together.

pub mod aws;
pub mod company;
pub mod idp;
pub mod listener;
mod pages;
pub mod people;
mod sandbox;
pub mod tls;

pub use sandbox::{Broker, Sandbox, Settings};
