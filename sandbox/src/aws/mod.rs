//! The simulated AWS: accounts, STS, and what stands around them, strict and on loopback alone.
//!
//! Its rules are read from AWS's documentation and from recorded behaviour, never from the product
//! it tests, and none is relaxed to make the product pass. It imports nothing of the product.

pub mod clock;
pub mod iam;
pub mod partition;
pub mod policy;
pub mod random;
pub mod tokens;
