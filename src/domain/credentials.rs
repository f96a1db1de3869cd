//! Temporary AWS credentials and what is made of them. In memory, for one request; never stored, never
//! logged, never shown: no type here implements `Serialize` or `Display`, and `Debug` is redacted.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use super::Timestamp;
use super::grant::Grant;
use super::role::{Role, RoleKey};

/// What Vestibule's own credentials are. AWS treats what is made with them accordingly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialsKind {
    /// The long-term key of an IAM user.
    LongTerm,
    /// A role's temporary credentials: what is assumed with them is chained.
    Role,
    /// Nobody knows before the first call: treated like a role's.
    Unknown,
}

/// What STS gave for a person.
pub struct Credentials {
    /// `AccessKeyId`: not a secret, it stands in CloudTrail and in our audit log.
    pub access_key_id: String,
    /// `SecretAccessKey`.
    pub secret_access_key: SecretString,
    /// `SessionToken`.
    pub session_token: SecretString,
    /// `Expiration`.
    pub expires: Timestamp,
    /// Who they are in AWS: `AssumedRoleUser.Arn` or `FederatedUser.Arn`.
    pub principal_arn: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("expires", &self.expires)
            .field("principal_arn", &self.principal_arn)
            .finish_non_exhaustive()
    }
}

/// What the federation endpoint gave: a bearer secret for one console, good for 15 minutes.
pub struct SigninToken(pub SecretString);

impl fmt::Debug for SigninToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigninToken(…)")
    }
}

/// A proof as the identity provider sent it, to be forwarded to STS in the request that brought it.
pub enum ForwardedProof {
    /// The base64 of the whole SAML response, with what it says inside its signature.
    Saml(ForwardedSaml),
    /// The ID token's compact form.
    IdToken(SecretString),
}

impl fmt::Debug for ForwardedProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Saml(_) => f.write_str("Saml(…)"),
            Self::IdToken(_) => f.write_str("IdToken(…)"),
        }
    }
}

/// A SAML response addressed to AWS by its audience and to us by its recipient.
pub struct ForwardedSaml {
    /// Base64 of the response, as `SAMLAssertion` wants it, at most 100,000 characters.
    pub response: SecretString,
    /// The signed `RoleSessionName`: the session name AWS will use.
    pub role_session_name: Option<String>,
    /// The signed `SourceIdentity`, if any.
    pub source_identity: Option<String>,
    /// The signed `Role` pairs: (role ARN, provider ARN), whichever order the provider wrote them in.
    pub roles: Vec<(String, String)>,
    /// The signed `SessionDuration`, in seconds, if any.
    pub session_duration: Option<u32>,
}

/// A proof of our own for one role, made for STS and for nobody else.
///
/// It takes a [`Grant`] to make one, and it says for which role it was made, so that it cannot be presented for another.
pub struct IssuedProof {
    role: RoleKey,
    text: SecretString,
}

impl IssuedProof {
    /// `text`: the base64 of a whole SAML response, or the compact form of an ID token.
    pub fn new(grant: &Grant, text: SecretString) -> Self {
        Self {
            role: grant.role().key.clone(),
            text,
        }
    }

    /// Gives the text up, for the role that it was made for.
    pub fn text_for(&self, grant: &Grant) -> Option<&SecretString> {
        (self.role == grant.role().key).then_some(&self.text)
    }
}

impl fmt::Debug for IssuedProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuedProof({}, …)", self.role)
    }
}

/// The six digits that an MFA device of AWS's shows: typed by the person for one call, and good for one.
///
/// It is neither stored nor logged, and no call that carries it is tried a second time: AWS takes it once.
pub struct MfaCode(SecretString);

impl MfaCode {
    /// Reads exactly six ASCII digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| Self(SecretString::from(text.to_owned())))
    }

    /// Gives it up, for `TokenCode` and nothing else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MfaCode(…)")
    }
}

/// A proof of our own for a probe of one role: it speaks for nobody, and `aws` presents it under a policy that denies
/// everything, and in no other way.
pub struct ProbeProof {
    role: RoleKey,
    text: SecretString,
}

impl ProbeProof {
    /// `text`: the base64 of a whole SAML response, or the compact form of an ID token.
    pub fn new(role: &Role, text: SecretString) -> Self {
        Self {
            role: role.key.clone(),
            text,
        }
    }

    /// Gives the text up, for the role that it was made for.
    pub fn text_for(&self, role: &Role) -> Option<&SecretString> {
        (self.role == role.key).then_some(&self.text)
    }
}

impl fmt::Debug for ProbeProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProbeProof({}, …)", self.role)
    }
}

/// A proof of our own for the revoker of one account: it speaks for nobody, and `aws` presents it to end sessions, and in no
/// other way.
pub struct RevokerProof {
    role: RoleKey,
    text: SecretString,
}

impl RevokerProof {
    /// `text`: the base64 of a whole SAML response, or the compact form of an ID token.
    pub fn new(revoker: &Role, text: SecretString) -> Self {
        Self {
            role: revoker.key.clone(),
            text,
        }
    }

    /// Gives the text up, for the revoker that it was made for.
    pub fn text_for(&self, revoker: &Role) -> Option<&SecretString> {
        (self.role == revoker.key).then_some(&self.text)
    }
}

impl fmt::Debug for RevokerProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevokerProof({}, …)", self.role)
    }
}

/// What is presented to STS beside a signature, or in place of one.
#[derive(Debug)]
pub enum Presented {
    /// The identity provider's own.
    Forwarded(ForwardedProof),
    /// Ours.
    Issued(IssuedProof),
    /// What the person typed.
    Code(MfaCode),
}

/// Where the browser is sent: the federation endpoint's login URL with the sign-in token inside. Made by
/// `aws::federation`, spent by one 303.
pub struct ConsoleUrl(SecretString);

impl ConsoleUrl {
    /// Keeps `url` from every log.
    pub fn new(url: String) -> Self {
        Self(SecretString::from(url))
    }

    /// Gives the URL up, for the `Location` header and nothing else.
    pub fn into_location(self) -> SecretString {
        self.0
    }
}

impl fmt::Debug for ConsoleUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsoleUrl(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_ascii_digits_and_shows_none_of_them() {
        let code = MfaCode::parse("012345").unwrap();
        assert_eq!(code.expose(), "012345");
        assert_eq!(format!("{code:?}"), "MfaCode(…)");
        let presented = Presented::Code(code);
        assert_eq!(format!("{presented:?}"), "Code(MfaCode(…))");
        for bad in [
            "",
            "12345",
            "1234567",
            "12345a",
            " 12345",
            "12345 ",
            "123 456",
            "+12345",
            "-12345",
            "12.345",
            "١٢٣٤٥٦",
            "１２３",
            "123456\n",
            "\u{200b}12345",
            "0x1234",
        ] {
            assert!(MfaCode::parse(bad).is_none(), "{bad:?}");
        }
    }
}
