//! Attacks on the OpenID Connect relying party, over HTTP: a provider that lies, and browsers that bring what they
//! should not.
//!
//! Each test bears the numbers of its rows in the catalogue of attacks. `front` has what comes through the browser,
//! `tokens` and `claims` what the token endpoint gives, `provider` what a provider publishes, `people` who it is.
//!
//! Left for later: O12's storm of rotations (a single one, and a flood of unknown keys, are unit tests), O16
//! (back-channel logout is not offered), O18's loads, and of O8 an `auth_time` or `acr` that a role asks for, which no
//! role can yet.

mod claims;
mod front;
mod people;
mod provider;
mod scene;
mod tokens;
