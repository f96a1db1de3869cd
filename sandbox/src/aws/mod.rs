//! The simulated AWS: accounts, STS, IAM, and what stands around them, strict and on loopback alone.
//!
//! * [`server`] hands each request to the host that its first path segment names: [`sts`],
//!   [`iam_api`] (both built on [`query`]) or [`signin`]; [`console`] stands on its own.
//! * [`iam`] is the accounts, [`tokens`] temporary credentials, [`mfa`] second factors.
//! * [`sigv4`] says who asks, [`trust`] and [`permissions`] what they may, by [`policy`].
//! * [`switches`] is everything that nobody knows for certain, and the quotas.
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
