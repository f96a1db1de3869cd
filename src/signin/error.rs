//! What can go wrong for a person: a variant for each page or advice, not for each cause.

use std::borrow::Cow;

use crate::domain::account::AccountId;
use crate::domain::identity::IdpId;
use crate::domain::intent::WhyIntent;
use crate::domain::pasted::PastedError;
use crate::domain::request_form::Asked;
use crate::domain::requires::Missing;
use crate::domain::stop::Until;
use crate::limits::TooOften;
use crate::{idp, store};

use super::{LeftOut, Outcome, TokenRefused};

/// Why somebody does not get what they came for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The link is not one of ours, or is written wrongly: what is wrong, in a few words of our own.
    #[error("the link cannot be read: {0}")]
    LinkUnknown(&'static str),
    /// What was pasted names nothing that can be opened.
    #[error("the pasted text names nothing: {0}")]
    PastedUnknown(#[from] PastedError),
    /// A role that is not theirs, or that does not exist: one answer for both.
    #[error("the role is not held")]
    NotEntitled {
        /// Whom to ask, where the account is known to the person (they hold another role there, or the role is
        /// discoverable).
        owner: Option<String>,
        /// What the person's provider left out of their sign-in, which may be why.
        left_out: Option<(IdpId, LeftOut)>,
        /// The role whose page says what is missing: one that they do not hold and may know of.
        why: Option<Box<WhyIntent>>,
        /// What they asked for, in their own words.
        asked: Asked,
    },
    /// A provider's answer that nobody asked for: its own tile for this application leads here.
    #[error("the answer was not asked for")]
    Unsolicited,
    /// The pending login took longer than ten minutes.
    #[error("the login has expired")]
    LoginExpired,
    /// The pending login is gone: it was used already, or it expired long ago.
    #[error("the login was used already, or is forgotten")]
    LoginUsed,
    /// The answer came with no cookie of ours at all: the browser keeps none, or is another than the one that began.
    #[error("the browser sent no cookie")]
    NoCookies,
    /// The answer came to another browser than the one that began the login.
    #[error("the login was not started in this browser")]
    LoginNotStartedHere,
    /// The provider said no.
    #[error("the identity provider refused: {code}")]
    IdpRefused {
        /// Which.
        idp: IdpId,
        /// Our code for it.
        code: &'static str,
    },
    /// The provider's answer did not hold.
    #[error("the identity provider's answer was refused: {code}")]
    ProofRefused {
        /// Which.
        idp: IdpId,
        /// Our code for it.
        code: &'static str,
    },
    /// The role asks more of the login than the provider proved, even when it was asked for it.
    #[error("the login is not what the role asks for: {missing:?}")]
    LoginNotEnough {
        /// Which provider.
        idp: IdpId,
        /// What is missing.
        missing: Missing,
        /// How young the login must be, if the role says.
        within_minutes: Option<u32>,
    },
    /// The provider cannot be reached.
    #[error("the identity provider cannot be reached")]
    IdpUnreachable {
        /// Which.
        idp: IdpId,
    },
    /// There is no such provider.
    #[error("there is no such identity provider")]
    IdpUnknown,
    /// The wanted page is not a console page of the role's partition.
    #[error("the destination is not a console page of this partition")]
    DestinationRefused,
    /// The wanted region is not one of the role's partition.
    #[error("the region is not one of this partition")]
    RegionForeign,
    /// The scope does not exist, or cannot be put on this role.
    #[error("there is no such scope for this role")]
    ScopeUnknown,
    /// Something the provider sent cannot stand in a tag, a name or a policy.
    #[error("a claim cannot be used: {what}")]
    ClaimUnusable {
        /// What it was for ("session tag team").
        what: String,
    },
    /// Our own issuer cannot vouch for anybody.
    #[error("the issuer cannot vouch: {0:?}")]
    IssuerUnable(IssuerCause),
    /// AWS said no.
    #[error("aws refused: {0:?}")]
    AwsRefused(AwsCause),
    /// AWS said no to the hub role on the way; the role itself was not asked for.
    #[error("aws refused the hub role: {cause:?}")]
    HubRefused {
        /// Its ARN.
        hub: String,
        /// What AWS said.
        cause: AwsCause,
    },
    /// The role asks why by now, and nobody was asked.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// What the person typed is no reason.
    #[error("the reason cannot be kept")]
    ReasonUnreadable,
    /// What the person typed is not the code of an MFA device: not six digits.
    #[error("the code is not six digits")]
    CodeUnreadable,
    /// Too many codes in too short a time.
    #[error("too many codes were tried")]
    CodesTooMany,
    /// AWS did not take the code.
    #[error("aws did not take the code: {0:?}")]
    CodeRefused(AwsCause),
    /// The policies and tags of the session do not fit into one.
    #[error("the session is too large: {0:?}")]
    SessionTooLarge(Box<TooLarge>),
    /// AWS is throttling, slow or down.
    #[error("aws is busy")]
    AwsBusy,
    /// Whoever answers in AWS's place has a certificate that is not trusted.
    #[error("aws's certificate is not trusted: {0}")]
    AwsUntrusted(&'static str),
    /// AWS answered something that cannot be the answer to what was asked.
    #[error("aws's answer cannot be right")]
    AwsUnexpected,
    /// STS is not activated in that region for the account.
    #[error("the region is disabled for the account")]
    RegionDisabled {
        /// Which account.
        account: AccountId,
    },
    /// An administrator has blocked them.
    #[error("the person is blocked")]
    Blocked {
        /// Until when.
        until: Until,
    },
    /// An administrator has suspended the role, or its account.
    #[error("the role is suspended")]
    Suspended {
        /// With its whole account.
        whole_account: bool,
        /// Until when.
        until: Until,
        /// Whom to ask.
        owner: Option<String>,
    },
    /// A token is not made.
    #[error(transparent)]
    TokenRefused(#[from] TokenRefused),
    /// The role cannot be had by a token: what it asks for, a person has to bring.
    #[error("the role is not for tokens: {0:?}")]
    NotForTokens(NotForTokens),
    /// One too many in too short a time.
    #[error(transparent)]
    TooOften(#[from] TooOften),
    /// The session ended while the sign-in ran.
    #[error("the session has ended")]
    SessionEnded,
    /// As many favourites, or kept ways to open roles, as there can be.
    #[error("there are {most} already")]
    TooManyKept {
        /// How many there can be.
        most: usize,
    },
    /// A form without the right token: another site, or a page from an earlier session.
    #[error("the form was not ours")]
    FormRefused,
    /// The database is away: nobody gets in without an audit row.
    #[error("the database is away")]
    DatabaseAway(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A fault of ours.
    #[error("internal fault")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A short code for the audit log and for metrics; of our own making, never somebody's text.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LinkUnknown(_) => "link.unknown",
            Self::PastedUnknown(_) => "pasted.unknown",
            Self::NotEntitled { .. } => "role.not_held",
            Self::Unsolicited => "login.unsolicited",
            Self::LoginExpired => "login.expired",
            Self::LoginUsed => "login.used",
            Self::LoginNotStartedHere => "login.other_browser",
            Self::NoCookies => "login.no_cookies",
            Self::IdpRefused { code, .. } | Self::ProofRefused { code, .. } => code,
            Self::LoginNotEnough { missing, .. } => match missing {
                Missing::Time => "login.time_not_said",
                Missing::Fresh => "login.too_old",
                Missing::Context => "login.context_not_said",
                Missing::OtherContext => "login.other_context",
                Missing::Refused => "login.context_refused",
            },
            Self::IdpUnreachable { .. } => "idp.unreachable",
            Self::IdpUnknown => "idp.unknown",
            Self::DestinationRefused => "link.destination",
            Self::RegionForeign => "link.region",
            Self::ScopeUnknown => "link.scope",
            Self::ClaimUnusable { .. } => "claim.unusable",
            Self::IssuerUnable(cause) => cause.code(),
            Self::AwsRefused(_) => "aws.refused",
            Self::HubRefused { .. } => "aws.hub_refused",
            Self::ReasonNeeded => "reason.needed",
            Self::ReasonUnreadable => "reason.unreadable",
            Self::CodeUnreadable => "mfa.unreadable",
            Self::CodesTooMany => "mfa.too_many",
            Self::CodeRefused(_) => "mfa.refused",
            Self::SessionTooLarge(_) => "aws.session_too_large",
            Self::AwsBusy => "aws.busy",
            Self::AwsUntrusted(_) => "aws.untrusted",
            Self::AwsUnexpected => "aws.unexpected",
            Self::RegionDisabled { .. } => "aws.region_disabled",
            Self::Blocked { .. } => "person.blocked",
            Self::Suspended {
                whole_account: true,
                ..
            } => "account.suspended",
            Self::Suspended { .. } => "role.suspended",
            Self::TokenRefused(_) => "token.refused",
            Self::NotForTokens(_) => "role.not_for_tokens",
            Self::TooOften(_) => "limits.too_often",
            Self::SessionEnded => "session.ended",
            Self::TooManyKept { .. } => "preferences.full",
            Self::FormRefused => "form.refused",
            Self::DatabaseAway(_) => "database.away",
            Self::Internal(_) => "internal",
        }
    }

    /// Whether it counts as a refusal or as a failure.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::AwsBusy
            | Self::AwsUntrusted(_)
            | Self::AwsUnexpected
            | Self::IssuerUnable(_)
            | Self::IdpUnreachable { .. }
            | Self::DatabaseAway(_)
            | Self::Internal(_) => Outcome::Failed,
            _ => Outcome::Refused,
        }
    }

    /// What an identity provider's error means for the person.
    pub(super) fn at_idp(idp: &IdpId, error: &idp::Error) -> Self {
        tracing::info!(
            idp.id = %idp,
            error = error as &dyn std::error::Error,
            "an identity provider's answer was refused"
        );
        let idp = idp.clone();
        if error.is_unreachable() {
            Self::IdpUnreachable { idp }
        } else if error.is_refusal() {
            Self::IdpRefused {
                idp,
                code: error.code(),
            }
        } else {
            Self::ProofRefused {
                idp,
                code: error.code(),
            }
        }
    }
}

impl From<store::AccessError> for Error {
    fn from(error: store::AccessError) -> Self {
        match error {
            store::AccessError::Store(error) => error.into(),
            error @ store::AccessError::Unusable { .. } => Self::Internal(Box::new(error)),
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        if error.is_unavailable() {
            Self::DatabaseAway(Box::new(error))
        } else {
            Self::Internal(Box::new(error))
        }
    }
}

/// What a role asks for that no token brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotForTokens {
    /// A fresh login, or one in a certain context.
    Login,
    /// A reason.
    Reason,
    /// The code of an MFA device.
    Code,
    /// The provider's own proof.
    Proof,
}

/// Why the issuer vouches for nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerCause {
    /// The certificate of the key that signs has expired.
    Expired,
    /// No key signs.
    NoKey,
    /// The key does not sign, or the configuration lacks something.
    Broken,
}

impl IssuerCause {
    fn code(self) -> &'static str {
        match self {
            Self::Expired => "issuer.key_expired",
            Self::NoKey => "issuer.no_key",
            Self::Broken => "issuer.broken",
        }
    }
}

/// What AWS's answer can mean. AWS has one text for several causes; the page lists them, likeliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsCause {
    /// The operation that was refused.
    pub operation: &'static str,
    /// AWS's error code, such as `AccessDenied`; letters and digits only.
    pub code: String,
    /// AWS's request id, if it gave one.
    pub request_id: Option<String>,
    /// The possible causes in our own words, likeliest first.
    pub possible: Vec<Cow<'static, str>>,
}

/// What was asked of one session, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// What AWS said.
    pub cause: AwsCause,
    /// How much of the space it is, if AWS said so.
    pub percent: Option<u32>,
    /// The characters of the inline session policy, slots filled.
    pub policy: usize,
    /// How many managed policies there are.
    pub managed_policies: usize,
    /// How many session tags.
    pub tags: usize,
    /// The characters of their keys and values together.
    pub tag_characters: usize,
    /// The key of the longest.
    pub longest_tag: Option<String>,
    /// The identity provider's own proof was forwarded, and may bring tags of its own.
    pub from_proof: bool,
}
