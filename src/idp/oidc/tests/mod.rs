//! The relying party against a provider that the tests control. Each test names the row of the attack catalogue
//! that it covers (O1 to O18), where it covers one.

mod bad_keys;
mod claims;
mod classes;
mod exchange;
mod fake;
mod fetching;
mod flow;
mod headers;
mod identity;
mod properties;
mod rig;
mod signatures;
mod signer;
mod tls;
