//! Vestibule: a self-hosted console sign-in federation broker for AWS.
//!
//! The map, from the inside out (who may import whom is checked by `tests/it/architecture.rs`):
//!
//! * [`domain`]: the words and the rules. Pure: no I/O, no async, no framework.
//! * [`config`]: the configuration file, read and checked whole.
//! * [`store`]: the database; the only place that knows SQL.
//! * [`idp`]: proving who someone is, by SAML 2.0 or OpenID Connect.
//! * [`issuer`]: vouching for people towards AWS, by SAML or OpenID Connect.
//! * [`aws`]: STS and the federation endpoint.
//! * [`limits`]: how often what may be asked.
//! * [`signin`]: the use-cases of people: recognise, open, arrive, leave.
//! * [`admin`]: the use-cases of administrators.
//! * [`web`]: HTTP; the table of all routes is `web/mod.rs`.
//! * [`app`]: the only wiring. [`cli`]: the command line.

pub mod admin;
pub mod app;
pub mod aws;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod idp;
pub mod issuer;
pub mod limits;
pub mod random;
pub mod signin;
pub mod store;
pub mod telemetry;
pub mod web;
