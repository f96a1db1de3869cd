//! What trust rests on beside the access model: the issuer's names, the providers' metadata, and who signs with the own
//! credentials. Handed in; nothing here is looked up or made up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::domain::account::{AccountId, PartitionName};
use crate::domain::identity::IdpId;
use crate::domain::role::CredentialsName;

/// What trust rests on.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Vestibule as an identity provider.
    pub issuer: IssuerFacts,
    /// The identity providers.
    pub idps: BTreeMap<IdpId, IdpFacts>,
    /// Who signs with which own credentials, as far as somebody has said.
    pub signers: BTreeMap<CredentialsName, Signer>,
    /// What beside the person the proofs carry that are forwarded; only the provider knows.
    pub forwarded: BTreeSet<Carried>,
}

/// What a forwarded proof may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carried {
    /// Session tags.
    Tags,
    /// A source identity.
    SourceIdentity,
}

/// The issuer's names towards AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerFacts {
    /// Its name as a SAML identity provider: `SAML:iss`.
    pub entity_id: String,
    /// Its metadata; `None` without a key.
    pub metadata: Option<String>,
    /// The recipient of its assertions: `SAML:aud`.
    pub recipient: String,
    /// Its ID tokens.
    pub oidc: OidcFacts,
}

/// What an identity provider is towards AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdpFacts {
    /// It sends SAML responses.
    Saml {
        /// Its `entityID`.
        entity_id: String,
        /// Where its responses are sent: `SAML:aud`.
        acs: String,
        /// Its metadata, as the configuration has it.
        metadata: String,
    },
    /// It makes ID tokens.
    Oidc(OidcFacts),
}

/// Whoever makes ID tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcFacts {
    /// The issuer, exactly as the tokens have it.
    pub issuer: String,
    /// The audience of its tokens.
    pub audience: String,
    /// What keeps IAM from taking the issuer, if anything does.
    pub unfit: Option<&'static str>,
}

impl OidcFacts {
    /// What ARNs and condition keys call it: the issuer without its scheme.
    pub fn key(&self) -> &str {
        let bare = self.issuer.strip_prefix("https://");
        bare.or_else(|| self.issuer.strip_prefix("http://"))
            .unwrap_or(&self.issuer)
    }
}

/// An IAM user or role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signer {
    /// Its partition.
    pub partition: PartitionName,
    /// Its account.
    pub account: AccountId,
    /// Which of the two.
    pub kind: SignerKind,
    /// Its path, `/` or `/…/`.
    pub path: String,
    /// Its name.
    pub name: String,
}

/// A user or a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignerKind {
    /// A user.
    User,
    /// A role.
    Role,
}

impl SignerKind {
    /// The word, as it stands in ARNs.
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Role => "role",
        }
    }
}

/// The text is no ARN of a user or role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// A session's.
    #[error(
        "this is a session's ARN, which leaves out the role's path: write the role's own, arn:…:iam::…:role/…"
    )]
    Session,
    /// Anything else.
    #[error("the ARN of an IAM user or role is like arn:aws:iam::111122223333:user/vestibule")]
    NoPrincipal,
}

impl Signer {
    /// Reads an ARN.
    pub fn parse(arn: &str) -> Result<Self, SignerError> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, service, "", account, resource] = parts[..] else {
            return Err(SignerError::NoPrincipal);
        };
        if service == "sts" && resource.starts_with("assumed-role/") {
            return Err(SignerError::Session);
        }
        let (kind, rest) = match resource.split_once('/') {
            Some(("user", rest)) => (SignerKind::User, rest),
            Some(("role", rest)) => (SignerKind::Role, rest),
            _ => return Err(SignerError::NoPrincipal),
        };
        let (path, name) = match rest.rsplit_once('/') {
            Some((path, name)) => (format!("/{path}/"), name),
            None => ("/".to_owned(), rest),
        };
        let plain = |text: &str, also: &[u8]| {
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b) || also.contains(&b))
        };
        let good = service == "iam"
            && (1..=64).contains(&name.len())
            && plain(name, b"")
            && path.len() <= 512
            && !path.contains("//")
            && plain(&path, b"/");
        let (Ok(partition), Ok(account), true) = (
            PartitionName::parse(partition),
            AccountId::parse(account),
            good,
        ) else {
            return Err(SignerError::NoPrincipal);
        };
        Ok(Self {
            partition,
            account,
            kind,
            path,
            name: name.to_owned(),
        })
    }
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, path, name) = (self.kind.word(), &self.path, &self.name);
        let (partition, account) = (&self.partition, &self.account);
        write!(f, "arn:{partition}:iam::{account}:{kind}{path}{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_a_user_or_role_is_read_and_written_alike() {
        for arn in [
            "arn:aws:iam::111122223333:user/vestibule",
            "arn:aws-us-gov:iam::111122223333:user/team/a/vestibule",
            "arn:aws-cn:iam::111122223333:role/service/Broker+1",
        ] {
            assert_eq!(Signer::parse(arn).unwrap().to_string(), arn);
        }
    }

    #[test]
    fn anything_else_is_refused_and_a_session_by_name() {
        for arn in [
            "",
            "vestibule",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::1111:user/vestibule",
            "arn:aws:iam::111122223333:group/vestibule",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:iam::111122223333:user//vestibule",
            "arn:aws:iam::111122223333:user/a\"b",
            "arn:mars:iam::111122223333:user/vestibule",
            "arn:aws:sts::111122223333:user/vestibule",
        ] {
            assert_eq!(Signer::parse(arn), Err(SignerError::NoPrincipal), "{arn}");
        }
        let session = "arn:aws:sts::111122223333:assumed-role/Broker/i-0123";
        assert_eq!(Signer::parse(session), Err(SignerError::Session));
    }
}
