//! A strict simulated AWS and demo identity providers, on loopback alone.

pub mod aws;
