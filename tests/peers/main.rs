//! Vestibule and its sandbox against software that other people wrote: identity providers to sign in at, and clients
//! of AWS that call the simulated one.
//!
//! What is installed where, and how each peer is driven, stands in `README.md` beside this file. A peer that is not
//! installed fails its tests and says which command installs it; nothing is skipped.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test's helper cannot do ends the test"
)]

mod aws;
mod guide;
mod oidc;
mod peer;
mod saml;
mod site;
mod templates;
#[path = "../support/trusting.rs"]
mod trusting;
#[path = "../it/world/mod.rs"]
mod world;
