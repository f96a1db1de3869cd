//! SAML: the response that STS is shown for a person, and the metadata by which an account knows who made it.
//!
//! The response holds one assertion, and the assertion alone is signed. It says what the IAM guide's page on SAML
//! assertions asks for, about one role of one account, and is valid for two minutes. Only this folder of the issuer
//! knows XML.

mod metadata;
mod response;
mod signature;
#[cfg(test)]
mod tests;
mod xml;

pub(super) use metadata::metadata;
pub(super) use response::{Frame, respond};
pub(super) use xml::Unwritable;

const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
