//! What one call of a probe came to, in words that a decision can be drawn from.

/// Where on the way a call was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// At the hub role on the way.
    Hub,
    /// At the role itself.
    Role,
}

/// Why Vestibule's issuer did not vouch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unable {
    /// It has no key in force.
    NoKey,
    /// Its key has come to its end.
    Expired,
    /// Its key does not sign, or what it should say cannot be said.
    Broken,
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Credentials, which were dropped.
    Given,
    /// AWS said no.
    Refused {
        /// To what.
        at: Stage,
        /// Its error code.
        code: String,
    },
    /// STS is not activated in that region for the account.
    RegionDisabled {
        /// Whose account.
        at: Stage,
    },
    /// AWS throttles, takes too long or cannot be reached.
    Away,
    /// The certificate of AWS's host was refused.
    Untrusted(&'static str),
    /// What came cannot be the answer.
    Unexpected,
    /// Vestibule's own credentials cannot be had; AWS was not asked.
    NoCredentials,
    /// The configuration lacks something; AWS was not asked.
    NotConfigured,
    /// The issuer did not vouch; AWS was not asked.
    NotVouched(Unable),
}

impl Answer {
    /// A short code, for the audit log.
    pub fn code(&self) -> String {
        match self {
            Self::Given => "given".to_owned(),
            Self::Refused {
                at: Stage::Role,
                code,
            } => format!("aws.{code}"),
            Self::Refused {
                at: Stage::Hub,
                code,
            } => format!("hub.{code}"),
            Self::RegionDisabled { .. } => "aws.region_disabled".to_owned(),
            Self::Away => "aws.busy".to_owned(),
            Self::Untrusted(_) => "aws.untrusted".to_owned(),
            Self::Unexpected => "aws.unexpected".to_owned(),
            Self::NoCredentials => "own_credentials".to_owned(),
            Self::NotConfigured => "not_configured".to_owned(),
            Self::NotVouched(Unable::NoKey) => "issuer.no_key".to_owned(),
            Self::NotVouched(Unable::Expired) => "issuer.expired".to_owned(),
            Self::NotVouched(Unable::Broken) => "issuer.broken".to_owned(),
        }
    }
}
