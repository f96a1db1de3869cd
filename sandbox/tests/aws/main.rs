//! The simulated AWS, over its socket: every documented rule of STS and IAM has a test here.
//!
//! Requests are signed by a small signer of the tests' own, so the verification is met by code it
//! shares nothing with.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod assume_role;
mod authentication;
mod chains;
mod check_order;
mod federation_token;
mod gov_cloud;
mod iam;
mod iam_oidc_providers;
mod iam_policies;
mod iam_roles;
mod iam_saml_providers;
mod iam_users;
mod lasting_keys;
mod lifetimes;
mod mfa;
mod parameters;
mod permissions;
mod proof_switches;
mod protocol;
mod resource_tags;
mod revocation;
mod saml;
mod saml_claims;
mod saml_forgery;
mod saml_mutation;
mod saml_subject;
mod session_content;
mod session_token;
mod support;
mod switches;
mod web_identity;
mod web_identity_claims;
mod web_identity_es512;
mod web_identity_thumbprints;
