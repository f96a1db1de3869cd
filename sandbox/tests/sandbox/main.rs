//! The sandbox, tested from outside: over HTTP, as a browser and as a program.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test's helper cannot do ends the test"
)]

mod command;
mod console;
mod oidc_faults;
mod oidc_idp;
mod saml_idp;
mod saml_response;
mod signin;
mod signin_browser;
mod signin_sessions;
mod support;
mod whole;
