//! What AWS's refusals can mean when the proof was ours: each cause with what to do about it.
//!
//! The proof is made a moment before it is sent, from checked words; so it is the account's side, the clocks or a
//! rotation half done, and hardly ever the proof.

use super::{Sent, parts};
use crate::domain::role::{Method, Role};

/// The causes that a code allows, likeliest first; `None` where they are the same as for any other proof.
pub(super) fn causes(code: &str, role: &Role, sent: Sent) -> Option<Vec<&'static str>> {
    let saml = matches!(role.method, Method::AssumeRoleWithSaml { .. });
    Some(match code {
        "AccessDenied" => denied(sent, saml),
        "InvalidIdentityToken" if saml => vec![
            "The account's SAML provider does not hold the key that signs now, as happens after a rotation: register the present metadata (vestibule issuer metadata) with UpdateSAMLProvider",
            "This machine's clock is ahead of AWS's, so the assertion is not valid yet: set it by NTP",
            "The account has no SAML provider of the name that the role gives, or that provider holds somebody else's metadata",
            "The issuer's entity id has changed since the account took its metadata: register the metadata again",
        ],
        "InvalidIdentityToken" => vec![
            "AWS could not fetch discovery and keys from the issuer's address: both must be public over https; where Vestibule is not, vestibule issuer export writes them for a static host",
            "The key set at that address does not show the key that signs now, as happens after a rotation: export it again, and give AWS some time, for it keeps keys",
            "The account has no OpenID Connect provider whose URL is the issuer's, letter by letter",
            "The account's OpenID Connect provider does not list the issuer's audience as a client id",
            "This machine's clock is ahead of AWS's, so the token is not valid yet: set it by NTP",
        ],
        "ExpiredTokenException" => vec![
            "This machine's clock is behind AWS's by two minutes or more, so the proof had ended before it arrived: set it by NTP",
            "The request was under way for two minutes: try again",
        ],
        "IDPCommunicationError" | "IDPRejectedClaim" => vec![
            "AWS could not reach the issuer's address to fetch its keys: it must be public over https, and answer within five seconds",
        ],
        _ => return None,
    })
}

fn denied(sent: Sent, saml: bool) -> Vec<&'static str> {
    let trust = if saml {
        "The role's trust policy does not accept the account's SAML provider for Vestibule, or asks for another SAML:aud or SAML:iss than the issuer's: the administrators' page on the issuer shows both"
    } else {
        "The role's trust policy does not accept the account's OpenID Connect provider for Vestibule, or asks for another audience or subject: the administrators' page on the issuer shows the audience"
    };
    let mut causes = vec![trust];
    if sent.tags {
        causes.push(parts::TAGS);
    }
    if sent.source_identity {
        causes.push(parts::SOURCE_IDENTITY);
    }
    causes.push("The role does not exist in the account, or has another path");
    causes
}
