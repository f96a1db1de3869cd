//! Journeys in a real headless Chromium: from a link to the console, as people go.
//!
//! What only a browser knows is shown here: which cookies travel across sites, what a content security policy lets
//! happen, where the focus is, what fits on a narrow screen. What pages say is the business of the tests over HTTP,
//! whose world these share.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test's helper cannot do ends the test"
)]

mod chromium;
mod console;
mod consoles;
mod devtools;
mod driver;
mod keyboard;
mod keyboard_only;
mod keys;
mod open;
mod pages;
mod portal;
mod same_search;
mod samples;
mod story;
mod tired;
mod two_sites;
#[path = "../it/world/mod.rs"]
mod world;
