//! What nobody knows for certain about the sign-in hosts, as switches.

/// Uncertain rules of the federation endpoint and of browser sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent uncertainty, not a state"
)]
pub struct SigninSwitches {
    /// Whether a sign-in token is redeemed only at the host that gave it.
    pub token_bound_to_host: bool,
    /// Whether a sign-in token is good once.
    pub token_single_use: bool,
    /// The status for a sign-in token that is unknown or expired.
    pub bad_token_status: u16,
    /// The status of the page that asks to sign out first.
    pub sign_out_first_status: u16,
    /// The longest console session of `GetFederationToken` credentials, in seconds; `None` for their own life.
    pub federated_console_cap_seconds: Option<u32>,
    /// Whether credentials that a proof or an IAM user's key got take a `SessionDuration`: AWS's
    /// texts and staff say so, and users tell of refusals that nobody explains.
    pub roles_take_duration: bool,
    /// Whether an instance's own role credentials take a `SessionDuration`.
    pub instance_role_takes_duration: bool,
    /// Whether a `DurationSeconds` may stand in `getSigninToken`, as in one of AWS's samples; it
    /// has no effect.
    pub takes_duration_seconds: bool,
    /// The longest query a request to a sign-in host may have, in bytes; `None` for any.
    pub longest_query: Option<usize>,
    /// The status for credentials that give no sign-in token, whatever is wrong with them.
    pub bad_credentials_status: u16,
    /// The status for a `Destination` that is no console page of the partition.
    pub bad_destination_status: u16,
    /// Whether a console session begins anew when its token is redeemed, for `aws:TokenIssueTime`;
    /// otherwise it is as old as the credentials.
    pub redeeming_renews_issue_time: bool,
    /// Whether signing out ends every session of a browser that holds several; otherwise the newest.
    pub sign_out_ends_all: bool,
    /// Whether a link adds a session to a browser that opted in to several; otherwise the browser
    /// must sign out first, as any other.
    pub link_adds_session: bool,
    /// Whether every browser has opted in to several sessions; otherwise each does for itself.
    pub multi_session: bool,
}

impl Default for SigninSwitches {
    fn default() -> Self {
        Self {
            token_bound_to_host: true,
            token_single_use: true,
            bad_token_status: 400,
            sign_out_first_status: 200,
            federated_console_cap_seconds: None,
            roles_take_duration: true,
            instance_role_takes_duration: false,
            takes_duration_seconds: true,
            longest_query: None,
            bad_credentials_status: 400,
            bad_destination_status: 400,
            redeeming_renews_issue_time: false,
            sign_out_ends_all: true,
            link_adds_session: true,
            multi_session: false,
        }
    }
}
