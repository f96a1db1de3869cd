//! What a refused answer of an identity provider usually means, for those who can repair it.
//!
//! One sentence for each code that an honest but wrongly set up provider can draw; codes that only attacks and broken
//! software draw have none. Never a word of the answer itself.

use crate::web::texts::{ReasonTexts, Text};

/// The sentence for a code, if honest providers draw it.
pub(super) fn of(t: &ReasonTexts, code: &str) -> Option<Text> {
    Some(match code {
        "saml.encrypted" => t.encrypted,
        "saml.sha1" => t.sha1,
        "saml.unsigned" => t.unsigned,
        "saml.algorithm" | "oidc.algorithm" => t.algorithm,
        "saml.signature" | "oidc.signature" | "oidc.key" => t.signature,
        "saml.metadata_expired" => t.metadata,
        "saml.audience" | "saml.no_conditions" | "oidc.audience" => t.audience,
        "saml.recipient" | "saml.destination" => t.recipient,
        "saml.issuer" | "oidc.issuer" | "oidc.iss" => t.issuer,
        "saml.expired"
        | "saml.not_yet_valid"
        | "saml.too_old"
        | "saml.from_the_future"
        | "oidc.expired"
        | "oidc.not_yet_valid"
        | "oidc.too_old" => t.times,
        "saml.session_over" => t.session_over,
        "saml.in_response_to" => t.in_response_to,
        "saml.name_id" => t.name_id,
        "saml.attributes" => t.attributes,
        "oidc.client" => t.client,
        "oidc.code" => t.code,
        "login.replayed" => t.replayed,
        _ => return None,
    })
}
