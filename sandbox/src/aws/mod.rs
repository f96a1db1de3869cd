//! The simulated AWS: accounts, STS, and what stands around them, strict and on loopback alone.
//!
//! Its rules are read from AWS's documentation and from recorded behaviour, never from the product
//! it tests, and none is relaxed to make the product pass. It imports nothing of the product.

pub mod clock;
pub mod console;
pub mod faults;
pub mod http;
pub mod iam;
pub mod iam_api;
pub mod identity;
pub mod instance;
pub mod mfa;
pub mod partition;
pub mod permissions;
pub mod policy;
pub mod query;
pub mod random;
pub mod request_log;
pub mod server;
pub mod signin;
pub mod sigv4;
pub mod simulation;
pub mod sts;
pub mod switches;
pub mod tokens;
pub mod trust;
