//! What can be wrong with an access model, by name, and where.

use std::fmt;

use crate::domain::account::{AccountIdError, AliasError, PartitionName, PartitionNameError};
use crate::domain::console::DestinationError;
use crate::domain::iam_role::IamRoleArnError;
use crate::domain::identity::IdpIdError;
use crate::domain::role::{CredentialsNameError, RoleNameError};
use crate::domain::scope::ScopeNameError;
use crate::domain::template::TemplateError;

use super::super::patterns::PatternError;
use super::super::selector::SelectorError;

/// How many problems are kept; the rest are counted.
const MOST_PROBLEMS: usize = 500;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct Problem {
    /// The key's path, such as `roles[3].managed_policies[0]`, counted from 0.
    pub path: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it means")]
pub enum ProblemKind {
    #[error("is required")]
    Missing,
    #[error("does not apply to {0}")]
    NotApplicable(&'static str),
    #[error("is the same as {0}")]
    Duplicate(String),
    #[error("has 1 to {0} characters and no control characters")]
    Text(usize),
    #[error("at most {limit} {what}, and there are {count}")]
    TooMany {
        what: &'static str,
        limit: usize,
        count: usize,
    },
    #[error(transparent)]
    AccountId(#[from] AccountIdError),
    #[error(transparent)]
    Alias(#[from] AliasError),
    #[error(transparent)]
    PartitionName(#[from] PartitionNameError),
    #[error(transparent)]
    RoleName(#[from] RoleNameError),
    #[error(transparent)]
    CredentialsName(#[from] CredentialsNameError),
    #[error(transparent)]
    IdpId(#[from] IdpIdError),
    #[error(transparent)]
    ScopeName(#[from] ScopeNameError),
    #[error(transparent)]
    Selector(#[from] SelectorError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Destination(#[from] DestinationError),
    #[error(transparent)]
    Pattern(#[from] PatternError),
    #[error("is production, staging, development or sandbox")]
    Environment,
    #[error("there is no partition {0}")]
    UnknownPartition(PartitionName),
    #[error("there is no account with alias {0:?}")]
    UnknownAccount(String),
    #[error("points at no role of this document: {0}")]
    UnknownRole(String),
    #[error("no identity provider with id {0:?} is configured")]
    UnknownIdp(String),
    #[error("identity provider {idp} does not speak {wanted}")]
    WrongIdpKind { idp: String, wanted: &'static str },
    #[error("no own credentials named {0:?} are configured")]
    UnknownCredentials(String),
    #[error("own credentials {name} are for partition {found}, and the account is in {wanted}")]
    CredentialsPartition {
        name: String,
        found: PartitionName,
        wanted: PartitionName,
    },
    #[error(
        "GetFederationToken needs the long-term key of an IAM user, and own credentials {0} come from a role"
    )]
    CredentialsNotLongTerm(String),
    #[error(
        "GetFederationToken needs a key of the account itself, and own credentials {0} belong to another one"
    )]
    CredentialsAccount(String),
    #[error(
        "GetSessionToken needs the long-term key of an IAM user, and own credentials {0} come from a role"
    )]
    UserNotLongTerm(String),
    #[error(
        "GetSessionToken needs a key of the account itself, and own credentials {0} belong to another one"
    )]
    UserAccount(String),
    #[error(
        "GetSessionToken gives the whole IAM user away, so own credentials {0} must be marked may_not_assume_roles = true in the configuration"
    )]
    UserUnmarked(String),
    #[error(
        "GetSessionToken gives the whole IAM user away, so no other role may use own credentials {name}, and {other} does"
    )]
    UserShared { name: String, other: String },
    #[error(
        "own credentials {0} are marked may_not_assume_roles, and are for GetSessionToken alone"
    )]
    MayNotAssumeRoles(String),
    #[error(
        "is AssumeRoleWithSAML, AssumeRoleWithWebIdentity, AssumeRole, GetFederationToken or GetSessionToken"
    )]
    UnknownMethod,
    #[error("is issued or forwarded")]
    UnknownProof,
    #[error(
        "the issuer has no current key for this: `vestibule issuer keys new --use {0}`, then `vestibule issuer keys promote --use {0}`"
    )]
    NoIssuerKey(&'static str),
    #[error("IAM takes no such issuer: issuer.url {0}")]
    IssuerUrl(&'static str),
    #[error(
        "AWS does not let AssumeRoleWithSAML into roles of IAM Identity Center (AWSReservedSSO_…)"
    )]
    ReservedRole,
    #[error(
        "is AssumeRoleWithSAML, AssumeRoleWithWebIdentity or AssumeRole: a revoker is an IAM role, and what it presents is Vestibule's own"
    )]
    RevokerMethod,
    #[error(
        "is {0}, which people can hold: whoever can end sessions can let them go on, so the revoker is a role of its own"
    )]
    RevokerHeld(String),
    #[error("is / or begins and ends with /, at most 512 of A-Z, a-z, 0-9 and _+=,.@-/")]
    Path,
    #[error("is 1 to 128 of A-Z, a-z, 0-9, _, . and -")]
    Provider,
    #[error("is 2 to 1,224 of A-Z, a-z, 0-9 and _+=,.@:/-")]
    ExternalId,
    #[error("is 1 to {0} hours")]
    Hours(u32),
    #[error(transparent)]
    IamRoleArn(#[from] IamRoleArnError),
    #[error("is the role itself: a hub role is another one, on the way to it")]
    HubIsTarget,
    #[error("is 1 at most through a hub role: AWS ends such chained sessions after one hour")]
    HoursThroughHub,
    #[error(
        "is the ARN of a virtual MFA device (arn:PARTITION:iam::ACCOUNT:mfa/NAME) or a serial number, 9 to 256 characters"
    )]
    MfaSerial,
    #[error("is a device of an IAM user's, and own credentials {0} come from a role")]
    MfaOfARole(String),
    #[error(
        "is a device of an IAM user's, and not in the account and partition of own credentials {0}"
    )]
    MfaElsewhere(String),
    #[error(
        "does not go with via: the role that the hub role assumes cannot see that a code was given"
    )]
    MfaThroughHub,
    #[error("is 1 to {0} minutes")]
    Minutes(u32),
    #[error("asks for nothing: give login_within_minutes, acr or both, or leave it out")]
    EmptyRequires,
    #[error("is 1 to 255 visible ASCII characters, without spaces")]
    Context,
    #[error("is no managed policy's ARN (arn:PARTITION:iam::ACCOUNT:policy/NAME)")]
    PolicyArn,
    #[error("is of partition {found}, and the account is in {wanted}")]
    PolicyPartition {
        found: String,
        wanted: PartitionName,
    },
    #[error("is neither AWS's own nor the account's own policy")]
    PolicyAccount,
    #[error("inline policy and ARNs have {0} characters together, and AWS takes 2,048")]
    PoliciesTooLong(usize),
    #[error(
        "without a session policy a federated user holds only what resource policies give to federated-user/NAME: give a policy, or say resource_policies_only = true"
    )]
    PolicyWanted,
    #[error("resource_policies_only means that there is no session policy, and there is one")]
    PolicyUnwanted,
    #[error("a scope needs a session policy or managed policies")]
    EmptyScope,
    #[error("a tag's key has 1 to 128 letters, digits, spaces and _.:/=+-@")]
    TagKey,
    #[error("keys that begin with aws: are AWS's own")]
    ReservedTagKey,
    #[error("is not among the keys of tags")]
    NotATag,
    #[error("comes from the forwarded proof, and cannot be set")]
    FromProof,
    #[error("a rule needs at least one condition")]
    NoCondition,
    #[error("a rule needs a grant or a deny")]
    NoEffect,
    #[error(
        "a condition is idp, or attribute with exactly one of is, is_one_of, starts_with, matches and present, or not"
    )]
    ConditionShape,
    #[error("needs at least one value")]
    NoValue,
    #[error("conditions are nested too deeply")]
    TooDeep,
    #[error("no pattern of this rule has a group {0:?} (groups inside not do not count)")]
    UnknownGroup(String),
    #[error("the groups of {0} come from several patterns, and must come from one")]
    ScatteredGroups(String),
    #[error("is a date such as 2027-01-31, or a moment such as 2027-01-31T17:00:00Z")]
    Moment,
    #[error("is not after from")]
    Validity,
}

/// Everything that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problems {
    list: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// The problems, in the order of the document, at most 500.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many more there are.
    pub fn more(&self) -> usize {
        self.more
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn add(&mut self, path: impl fmt::Display, kind: impl Into<ProblemKind>) {
        if self.list.len() == MOST_PROBLEMS {
            self.more += 1;
            return;
        }
        self.list.push(Problem {
            path: path.to_string(),
            kind: kind.into(),
        });
    }

    /// The value, or a problem at the path.
    pub(super) fn take<T, E: Into<ProblemKind>>(
        &mut self,
        path: impl fmt::Display,
        result: Result<T, E>,
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(path, error);
                None
            }
        }
    }

    /// A text for people: not empty, not over `limit` characters, nothing invisible.
    pub(super) fn text(&mut self, path: impl fmt::Display, text: &str, limit: usize) {
        let fits = text.chars().take(limit + 1).count() <= limit;
        if text.is_empty() || !fits || text.contains(char::is_control) {
            self.add(path, ProblemKind::Text(limit));
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
