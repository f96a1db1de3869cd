//! The whole of Vestibule, from outside: the real server over HTTP, with the sandbox at the wire.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test's helper cannot do ends the test"
)]
#![expect(
    unreachable_pub,
    clippy::large_futures,
    reason = "one program: nothing in it is for others, and a test is one large future"
)]

mod admin;
mod api;
mod architecture;
mod aws_refusals;
mod backup;
mod broker;
mod commands;
mod consoles;
mod corpus;
#[path = "../support/cpu.rs"]
mod cpu;
mod credential_sources;
mod docs;
mod durations;
mod ending;
mod endpoints;
mod entitlement;
mod errors;
mod expiry;
mod figures;
mod forwarding;
mod hub;
mod issuer;
mod journeys;
mod keys;
mod large_company;
mod last_check;
mod limits;
mod links;
mod mfa;
#[path = "../support/models.rs"]
mod models;
mod oidc_attacks;
mod open;
mod own_credentials;
#[path = "../support/postgres.rs"]
mod postgres;
mod preferences;
mod probe;
mod provider_ends;
mod readiness;
mod reason;
mod record;
mod reference;
mod refusals;
mod replicas;
mod request_form;
#[path = "../support/responses.rs"]
mod responses;
mod revoke;
mod rights;
mod role_page;
mod saml_attacks;
mod scopes;
mod session_size;
mod shapes;
mod shares;
#[path = "../../sandbox/tests/aws/support/signer.rs"]
mod signer;
mod step_up;
mod tired;
mod tls;
mod trust;
#[path = "../support/trusting.rs"]
mod trusting;
mod two_sites;
mod warm;
mod web;
mod why;
mod world;
