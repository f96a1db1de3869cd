//! Demo identity providers: who people are, as far as a company is concerned.
//!
//! [`saml`] speaks SAML 2.0, [`oidc`] OpenID Connect; both know the people of [`crate::people`], show the same
//! password form, and sign for real, with [`key`].

mod forms;
pub mod key;
pub mod oidc;
pub mod saml;
mod session;
