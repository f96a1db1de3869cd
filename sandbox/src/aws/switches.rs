//! Every point on which AWS's behaviour is not known for certain, as a switch.
//!
//! The defaults are what AWS documents, or the stricter reading where it says nothing. Rules that
//! are documented or were observed have no switch.

pub use super::iam_api::IamSwitches;
use super::signin::SigninSwitches;

/// The uncertain rules.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent uncertainty, not a state"
)]
pub struct Switches {
    /// How far a signature's time may be off, in minutes: 5 in most reports, 15 in some.
    pub signature_skew_minutes: i64,
    /// The status of `ExpiredToken`.
    pub expired_token_status: u16,
    /// The error code for another `Version` than 2011-06-15.
    pub unknown_version_code: &'static str,
    /// The most characters of `AssumeRole`'s inline policy, which the model no longer limits; of
    /// inline and managed policies together, if it is more than 2,048.
    pub assume_role_policy_limit: usize,
    /// Whether credentials of a chain may outlive the credentials that asked for them. AWS only
    /// documents the cap of one hour; off, no sequence of calls ever lengthens a life.
    pub chain_may_outlive_caller: bool,
    /// Whether credentials that an instance got from its metadata service count as chained when
    /// they assume a role.
    pub instance_role_chains: bool,
    /// Whether a trust policy that names a role of its own account needs no identity policy.
    pub same_account_role_trust_suffices: bool,
    /// Whether durations are checked before the trust policy.
    pub duration_before_trust: bool,
    /// Whether `PackedPolicySize` is answered even when nothing was packed.
    pub packed_policy_size_always: bool,
    /// Whether deleting an IAM user ends the federated sessions it issued.
    pub deleted_user_ends_federation: bool,
    /// Whether `aws:TokenIssueTime` stands on the requests of federated users, as AWS's page on
    /// revoking says and one report denies.
    pub federated_users_have_issue_time: bool,
    /// Whether a policy may allow `sts:GetFederationToken` by the federated user's ARN; otherwise
    /// only for every resource.
    pub federation_token_is_allowed_by_name: bool,
    /// Whether session tags may not begin with `aws:`.
    pub reserved_tag_keys: bool,
    /// Whether `Expiration` is written with milliseconds.
    pub expiration_has_milliseconds: bool,
    /// IAM's uncertain rules.
    pub iam: IamSwitches,
    /// SAML's uncertain rules.
    pub saml: SamlSwitches,
    /// Web identity's uncertain rules.
    pub web_identity: WebIdentitySwitches,
    /// The sign-in hosts' uncertain rules.
    pub signin: SigninSwitches,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            signature_skew_minutes: 5,
            expired_token_status: 403,
            unknown_version_code: "NoSuchVersion",
            assume_role_policy_limit: 2048,
            chain_may_outlive_caller: false,
            instance_role_chains: true,
            same_account_role_trust_suffices: false,
            duration_before_trust: false,
            packed_policy_size_always: false,
            deleted_user_ends_federation: true,
            federated_users_have_issue_time: true,
            federation_token_is_allowed_by_name: true,
            reserved_tag_keys: true,
            expiration_has_milliseconds: false,
            iam: IamSwitches::default(),
            saml: SamlSwitches::default(),
            web_identity: WebIdentitySwitches::default(),
            signin: SigninSwitches::default(),
        }
    }
}

/// Uncertain rules of `AssumeRoleWithSAML`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent uncertainty, not a state"
)]
pub struct SamlSwitches {
    /// Audiences accepted in the partition `aws`, letter for letter.
    pub audiences: Vec<String>,
    /// Audiences accepted in `GovCloud`.
    pub gov_audiences: Vec<String>,
    /// Whether a fragment behind an audience of AWS's is passed over, such as the `#2` by which one
    /// identity provider tells several applications apart.
    pub audience_fragments: bool,
    /// Whether signatures and digests with SHA-1 are taken.
    pub sha1: bool,
    /// Whether ECDSA signatures are taken.
    pub ecdsa: bool,
    /// Whether RSA-PSS signatures are taken.
    pub rsa_pss: bool,
    /// How far a time in the message may lie off, in seconds.
    pub clock_skew_seconds: i64,
    /// Whether a certificate past its own end still counts; `validUntil` of the metadata always does.
    pub expired_certificates: bool,
    /// Whether the five minutes are counted from the response's `IssueInstant` instead of the
    /// assertion's.
    pub age_by_response: bool,
    /// Whether an audience restriction may name others beside AWS.
    pub several_audiences: bool,
    /// Whether what the assertion says of names and tags is looked at before the role pair; nobody
    /// knows AWS's own order.
    pub names_before_pair: bool,
}

impl Default for SamlSwitches {
    fn default() -> Self {
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        Self {
            audiences: owned(&[
                "urn:amazon:webservices",
                "https://signin.aws.amazon.com/saml",
            ]),
            gov_audiences: owned(&[
                "urn:amazon:webservices:govcloud",
                "https://signin.amazonaws-us-gov.com/saml",
            ]),
            audience_fragments: false,
            sha1: false,
            ecdsa: false,
            rsa_pss: false,
            clock_skew_seconds: 0,
            expired_certificates: false,
            age_by_response: false,
            several_audiences: true,
            names_before_pair: false,
        }
    }
}

/// Uncertain rules of `AssumeRoleWithWebIdentity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebIdentitySwitches {
    /// How far past `exp` a token is still taken, in seconds.
    pub leeway_seconds: i64,
    /// Whether `azp`, when present, takes the place of `aud` for every provider.
    pub azp_is_audience: bool,
    /// Whether tags may come flattened, one claim each.
    pub flattened_tags: bool,
    /// How long fetched keys are kept, in seconds.
    pub keys_kept_seconds: i64,
    /// Whether a token is good once.
    pub token_single_use: bool,
    /// The oldest `iat` taken, in seconds; `None` for any age.
    pub oldest_issue_seconds: Option<i64>,
    /// How long before its `nbf` a token is taken already, in seconds.
    pub early_seconds: i64,
    /// How far ahead a token's `iat` may lie, in seconds; it says when, and forbids nothing.
    pub issue_ahead_seconds: i64,
    /// The most keys of each kind, RSA and elliptic curves, that an issuer may publish.
    pub keys_of_each_kind: usize,
}

impl Default for WebIdentitySwitches {
    fn default() -> Self {
        Self {
            leeway_seconds: 0,
            azp_is_audience: true,
            flattened_tags: true,
            keys_kept_seconds: 0,
            token_single_use: false,
            oldest_issue_seconds: None,
            early_seconds: 0,
            issue_ahead_seconds: 300,
            keys_of_each_kind: 100,
        }
    }
}
