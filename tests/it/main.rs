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
mod shapes;
mod web;
mod world;
