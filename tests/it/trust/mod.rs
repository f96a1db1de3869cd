//! `vestibule trust`: what it prints is loaded into empty accounts through IAM's API, and lets people in; and nothing in
//! it is there for nothing.
//!
//! `account` is an empty account that is set up, `variants` everything that can be taken away or changed, `walk` the
//! tests; `own_keys` is the walk for the method that gives keys alone, `revokers` the one for who ends sessions;
//! `commands` and `page` are about what is said to people.

mod account;
mod commands;
mod own_keys;
mod page;
mod revokers;
mod variants;
mod walk;
