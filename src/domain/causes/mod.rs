//! What AWS's refusals can mean: the possible causes in our own words, likeliest first.
//!
//! AWS has one text for several causes ("Not authorized to perform sts:AssumeRoleWithSAML" stands for a missing role,
//! a trust policy that does not match, a missing tag permission…), so the code decides and the list is honest. What was
//! not sent along is no cause. Knows no page and no call.

mod hub;
mod issued;
mod parts;
#[cfg(test)]
mod tests;

pub use hub::source_identity_at_hub;
pub use parts::{source_identity, tags};

use super::role::{Method, Role};

const UNKNOWN: &str = "AWS gave no cause that Vestibule knows";

/// What a call sends along beside the role, that a policy has to allow by an action of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Session tags.
    pub tags: bool,
    /// A source identity.
    pub source_identity: bool,
}

impl Sent {
    /// What a sign-in into this role sends.
    pub fn by(role: &Role) -> Self {
        Self {
            tags: !role.tags.is_empty(),
            source_identity: role.source_identity,
        }
    }

    fn anything(self) -> bool {
        self.tags || self.source_identity
    }
}

/// The causes that a code allows where the hub role on the way was asked for.
pub fn at_hub(code: &str, role: &Role, sent: Sent) -> Vec<&'static str> {
    if code == "AccessDenied" {
        hub::at_hub(sent)
    } else {
        of("AssumeRole", code, role, sent)
    }
}

/// The causes that a code allows, likeliest first.
pub fn of(operation: &str, code: &str, role: &Role, sent: Sent) -> Vec<&'static str> {
    let ours = role.method.is_issued() && operation == role.method.operation();
    if let Some(causes) = ours.then(|| issued::causes(code, role, sent)).flatten() {
        return causes;
    }
    match (operation, code) {
        ("getSigninToken", _) => vec![
            "The console session asked for is longer than AWS allows for these credentials",
            "An organization's policy confines console sign-in, for example to certain networks",
        ],
        (_, "AccessDenied") => denied(operation, role, sent),
        (_, "InvalidIdentityToken") => invalid_token(&role.method),
        (_, "ExpiredTokenException") => vec![
            "The identity provider's answer was older than AWS accepts (five minutes for SAML): try again",
            "A clock is wrong: the identity provider's, or this machine's",
        ],
        (_, "IDPRejectedClaim") => {
            vec!["The identity provider told AWS that the token is not valid any more"]
        }
        (_, "IDPCommunicationError") => {
            vec!["AWS could not reach the identity provider to fetch its keys: try again"]
        }
        (_, "PackedPolicyTooLarge") => {
            vec!["The session policy and tags together are larger than a session may be"]
        }
        (_, "MalformedPolicyDocument") => {
            vec!["The role's session policy is not one that AWS accepts"]
        }
        (_, "ValidationError" | "InvalidParameterValue") => vec![
            "The role asks for a longer session than its MaxSessionDuration",
            "A session tag, policy or name is not one that AWS accepts",
        ],
        (_, "ExpiredToken" | "InvalidClientTokenId" | "SignatureDoesNotMatch") => vec![
            "Vestibule's own AWS credentials have expired, were deleted, or are wrong",
            "This machine's clock is wrong",
        ],
        _ => vec![UNKNOWN],
    }
}

fn denied(operation: &str, role: &Role, sent: Sent) -> Vec<&'static str> {
    match operation {
        "AssumeRoleWithSAML" => vec![
            "The role's trust policy does not accept this identity provider, or asks for another SAML:aud than Vestibule's address",
            "The role does not exist in the account, or has another path",
            "The identity provider sends session tags or a source identity, and the trust policy does not allow sts:TagSession or sts:SetSourceIdentity",
            "The identity provider's response has no NameID",
        ],
        "AssumeRoleWithWebIdentity" => vec![
            "The role's trust policy does not accept this provider, audience or subject",
            "The role does not exist in the account, or has another path",
            "The token carries session tags or a source identity, and the trust policy does not allow sts:TagSession or sts:SetSourceIdentity",
        ],
        "AssumeRole" if role.method.via().is_some() => hub::beyond(sent),
        "AssumeRole" => vec![
            "The role's trust policy does not name Vestibule's own credentials, or asks for another external id",
            "The role does not exist in the account, or has another path",
            if sent.anything() {
                "Vestibule's own credentials may not call sts:AssumeRole on this role, or sts:TagSession or sts:SetSourceIdentity"
            } else {
                "Vestibule's own credentials may not call sts:AssumeRole on this role"
            },
            "The role's trust policy asks for AWS MFA, and the access model names no mfa_serial for it",
        ],
        "GetFederationToken" => {
            let mut causes = vec![
                "The IAM user behind Vestibule's own credentials may not call sts:GetFederationToken",
                "The credentials are a role's: GetFederationToken works with an IAM user's long-term key only",
            ];
            if sent.tags {
                causes.extend(parts::tags(role));
            }
            causes
        }
        "GetSessionToken" => vec![
            "A policy denies the IAM user behind Vestibule's own credentials, for example without MFA",
        ],
        _ => vec![UNKNOWN],
    }
}

fn invalid_token(method: &Method) -> Vec<&'static str> {
    match method {
        Method::AssumeRoleWithSaml { .. } => vec![
            "The account's SAML provider holds other metadata than the identity provider's: its issuer or its certificate differs",
            "The identity provider's response is not addressed to AWS: the audience is missing",
            "The identity provider does not send this role, or no RoleSessionName that AWS accepts",
            "The SAML provider has another name in the account",
        ],
        _ => vec![
            "The account has no OpenID Connect provider with this issuer",
            "The account's OpenID Connect provider does not list Vestibule's client id as an audience",
            "AWS could not fetch the identity provider's keys",
        ],
    }
}
