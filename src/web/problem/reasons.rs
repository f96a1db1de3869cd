//! What a refused answer of an identity provider usually means, for those who can repair it.
//!
//! One sentence for each code that an honest but wrongly set up provider can draw; codes that only attacks and broken
//! software draw have none. Never a word of the answer itself.

/// The sentence for a code, if honest providers draw it.
pub(super) fn of(code: &str) -> Option<&'static str> {
    Some(match code {
        "saml.encrypted" => {
            "The assertion is encrypted, which Vestibule does not read: switch assertion encryption off for this application."
        }
        "saml.sha1" => {
            "It is signed with SHA-1: switch the signature of this application to SHA-256."
        }
        "saml.unsigned" => {
            "Neither the response nor the assertion is signed: switch signing on for this application."
        }
        "saml.algorithm" | "oidc.algorithm" => {
            "It is signed by an algorithm that is not accepted here."
        }
        "saml.signature" | "oidc.signature" | "oidc.key" => {
            "No key that Vestibule knows made the signature: the provider may have changed its keys, so load its metadata anew."
        }
        "saml.metadata_expired" => {
            "The provider’s metadata has passed its validUntil: load it anew."
        }
        "saml.audience" | "saml.no_conditions" | "oidc.audience" => {
            "It is not addressed to Vestibule: compare the audience, or the client id, on both sides."
        }
        "saml.recipient" | "saml.destination" => {
            "It was made for another address: compare the assertion consumer service’s URL at the provider."
        }
        "saml.issuer" | "oidc.issuer" | "oidc.iss" => {
            "It comes from another issuer than the one that is configured."
        }
        "saml.expired"
        | "saml.not_yet_valid"
        | "saml.too_old"
        | "saml.from_the_future"
        | "oidc.expired"
        | "oidc.not_yet_valid"
        | "oidc.too_old" => {
            "Its times do not fit ours: a clock is wrong, or it was underway too long."
        }
        "saml.session_over" => {
            "The session at the provider has ended: sign out there, and in again."
        }
        "saml.in_response_to" => "It is not the answer to this sign-in.",
        "saml.name_id" => {
            "It does not name you in a way that can be used: the NameID is missing or odd."
        }
        "saml.attributes" => {
            "Its attributes cannot be used: one name stands twice, or there are too many values."
        }
        "oidc.client" => "The provider does not accept Vestibule’s client id and secret.",
        "oidc.code" => {
            "The provider does not take its own code back: it was used, or took too long."
        }
        "login.replayed" => "It was used before: every answer opens one session.",
        _ => return None,
    })
}
