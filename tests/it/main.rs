//! The whole of Vestibule, from outside: the real server over HTTP, with the sandbox at the wire.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test's helper cannot do ends the test"
)]

mod architecture;
mod broker;
mod docs;
mod errors;
mod journeys;
#[path = "../support/postgres.rs"]
mod postgres;
mod replicas;
mod shapes;
mod web;
mod world;
