//! Why it cannot be said what an account needs: every reason at once.

use std::fmt;

use crate::domain::identity::IdpId;
use crate::domain::role::{CredentialsName, RoleKey};

/// A reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No such account.
    #[error("the access model has no account {0}, and nobody who signs was said to live in it")]
    NoAccount(String),
    /// No such role.
    #[error("the access model has no role {0}")]
    NoRole(RoleKey),
    /// No such method.
    #[error(
        "{0} is no method: there are AssumeRoleWithSAML, AssumeRoleWithWebIdentity, AssumeRole, GetFederationToken and GetSessionToken"
    )]
    NoMethod(String),
    /// There is nothing to describe.
    #[error("no role of {0} that was asked for needs anything in it")]
    Nothing(String),
    /// The issuer has no key.
    #[error("{role}: the issuer has no key for SAML: vestibule issuer keys new --use saml")]
    NoMetadata {
        /// Of which role.
        role: RoleKey,
    },
    /// The provider is not configured, or its metadata cannot be read.
    #[error("{role}: the identity provider {idp} cannot be used: vestibule check says why")]
    NoIdp {
        /// Of which role.
        role: RoleKey,
        /// Which provider.
        idp: IdpId,
    },
    /// IAM does not take the metadata.
    #[error("{role}: IAM takes metadata of 1,000 to 10,000,000 characters, and this has {length}")]
    MetadataLength {
        /// Of which role.
        role: RoleKey,
        /// Its length.
        length: usize,
    },
    /// IAM does not take the issuer.
    #[error("{role}: IAM does not take {issuer} as an OpenID Connect provider: it {unfit}")]
    Unfit {
        /// Of which role.
        role: RoleKey,
        /// The issuer.
        issuer: String,
        /// Why.
        unfit: &'static str,
    },
    /// Two metadata documents under one name.
    #[error(
        "{role}: the SAML provider {provider} cannot hold the metadata of two; give one of them another `provider`"
    )]
    TwoInOne {
        /// Of which role.
        role: RoleKey,
        /// The provider's name.
        provider: String,
    },
    /// Nobody said who signs.
    #[error(
        "{role}: who signs with the own credentials {credentials}? The ARN of that IAM user or role has to be said (--principal {credentials}=ARN); aws sts get-caller-identity shows a user's"
    )]
    NoSigner {
        /// Of which role.
        role: RoleKey,
        /// Which credentials.
        credentials: CredentialsName,
    },
    /// Whoever signs lives in another partition.
    #[error("{role}: {signer} is of another partition than the account")]
    SignerPartition {
        /// Of which role.
        role: RoleKey,
        /// Who.
        signer: String,
    },
    /// The method takes a user of the very account.
    #[error(
        "{role}: its method is signed by an IAM user of that very account, and {signer} is none"
    )]
    NotAUserHere {
        /// Of which role.
        role: RoleKey,
        /// Who.
        signer: String,
    },
    /// The trust policy is longer than IAM ever takes.
    #[error(
        "{role}: its trust policy has {length} characters, and AWS takes 4,096 at most; give it fewer tags"
    )]
    TrustPolicy {
        /// Of which role.
        role: RoleKey,
        /// Its length.
        length: usize,
    },
    /// Two roles of the model are one in IAM.
    #[error("{0} and {1} are one role to IAM, which ignores the case of names")]
    OneInIam(RoleKey, RoleKey),
    /// The policies do not fit on one principal.
    #[error(
        "what {signer} must be allowed does not fit on it: it would need {count} managed policies, and AWS takes 10; let some roles name other credentials"
    )]
    TooMuch {
        /// On whom.
        signer: String,
        /// How many.
        count: usize,
    },
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}
