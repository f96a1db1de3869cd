//! IAM's quotas, which accounts can have raised, and what nobody knows for certain about it.

/// Quotas and uncertain rules of IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IamSwitches {
    /// How long an edit takes to reach those who decide, in seconds: AWS says minutes at most.
    pub propagation_seconds: i64,
    /// How long it takes until IAM reads back what another key has put, in seconds; whoever put it
    /// reads it back at once. AWS says that IAM is consistent in the end ("new trust documents take
    /// effect eventually"; edits "can take a few minutes") and promises no order of reads.
    pub others_show_after_seconds: i64,
    /// The most a page holds, whatever was asked for: AWS may answer fewer.
    pub page_limit: usize,
    /// The most SAML providers of an account.
    pub saml_providers: usize,
    /// The most `OpenID` Connect providers of an account; said to have been raised.
    pub oidc_providers: usize,
    /// The most roles of an account.
    pub roles: usize,
    /// The most users of an account.
    pub users: usize,
    /// The most characters of a trust policy, white space not counted.
    pub trust_policy_characters: usize,
    /// The most managed policies attached to one role or user.
    pub attached_policies: usize,
    /// The most characters of all inline policies of a role, white space not counted.
    pub role_policy_characters: usize,
    /// The most characters of all inline policies of a user, white space not counted.
    pub user_policy_characters: usize,
    /// The most characters of a managed policy, white space not counted.
    pub managed_policy_characters: usize,
    /// The most long-term keys of a user.
    pub access_keys: usize,
    /// The code with which a federated user's call is refused: IAM does not know such credentials,
    /// or knows and refuses them.
    pub federated_user_code: &'static str,
}

impl Default for IamSwitches {
    fn default() -> Self {
        Self {
            propagation_seconds: 0,
            others_show_after_seconds: 0,
            page_limit: 1000,
            saml_providers: 100,
            oidc_providers: 100,
            roles: 1000,
            users: 5000,
            trust_policy_characters: 2048,
            attached_policies: 10,
            role_policy_characters: 10_240,
            user_policy_characters: 2048,
            managed_policy_characters: 6144,
            access_keys: 2,
            federated_user_code: "InvalidClientTokenId",
        }
    }
}
