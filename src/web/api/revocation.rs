//! What a revocation says, described: the use-case writes it, the same for the command line, and tests hold the two
//! together.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A revocation: planned, or done as far as it could be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revocation)]
pub(super) struct Revoked {
    target: RevokedTarget,
    /// What is done about sign-in links that were handed out already.
    links: RevokedLinks,
    /// The moment of it.
    at: String,
    /// Sessions that began before this are cut off.
    cut_off_before: String,
    /// Whether it was done, and not only planned.
    applied: bool,
    outcome: RevokedOutcome,
    /// Whether everything that was asked for was done, or could be.
    whole: bool,
    /// When it will be done once more, for links that were handed out.
    once_more_at: Option<String>,
    /// Every role and user that a policy stands on, account by account.
    places: Vec<RevokedPlace>,
    /// What keeps those who are cut off from coming in through Vestibule anew; null: nothing does.
    stopped: Option<RevokedStop>,
    /// Ways into AWS that such a stop does not close, and what to do about them, a sentence each.
    ways_past_vestibule: Vec<String>,
    /// Whether the access model has the role no more: Vestibule lets nobody in by it, and what it gave is known by the
    /// record.
    role_is_gone: bool,
    /// Sessions that there can be no policy for, and why, a sentence each.
    without_a_policy: Vec<String>,
}

/// A block or a suspension.
#[derive(Debug, Serialize, ToSchema)]
struct RevokedStop {
    /// Until when; null: until somebody lifts it.
    until: Option<String>,
    /// Of a role: with its whole account.
    whole_account: bool,
    /// Whether it was set for this revocation.
    just_now: bool,
}

/// Who is cut off: one of both.
#[derive(Debug, Serialize, ToSchema)]
struct RevokedTarget {
    /// `account-alias/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<RevokedPerson>,
}

/// A person, as the record names them.
#[derive(Debug, Serialize, ToSchema)]
struct RevokedPerson {
    idp: String,
    format: String,
    subject: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes what the use-case writes")]
enum RevokedLinks {
    /// Cut off now, and once more in 15 minutes.
    Again,
    /// Cut off at once whatever begins in the next 15 minutes.
    Ahead,
}

/// How it ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes what the use-case writes")]
enum RevokedOutcome {
    /// Nothing was changed.
    Planned,
    /// Everything that was asked for is cut off: IAM has every policy.
    Done,
    /// Something is not cut off yet, and will be tried again.
    Unfinished,
    /// Something is not cut off, and will not be unless somebody sees to it.
    Incomplete,
}

/// How a role or user stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes what the use-case writes")]
enum RevokedState {
    /// Nothing was changed; it would be.
    Planned,
    /// IAM has the policy. AWS says that it may take a few minutes to reach everything.
    Cut,
    /// It could not be done, and will be tried again.
    Pending,
    /// It cannot be done.
    NotCut,
}

/// A role or user that a policy stands on.
#[derive(Debug, Serialize, ToSchema)]
struct RevokedPlace {
    /// The account’s 12 digits.
    account: String,
    alias: String,
    /// `role NAME` or `user NAME`.
    on: String,
    /// The roles of the access model whose sessions these are.
    roles: Vec<String>,
    policy_name: String,
    /// The policy as it stands then; null: none is left. Where it could not be put, it is for whoever puts it by hand: to put
    /// it replaces what stands under the name, and `notes` says what it holds of that.
    #[schema(value_type = Option<Object>)]
    policy: Value,
    /// The policy of the second time, for whoever puts them in another way; null: there is no second time, or the first is
    /// put, and the second will be.
    once_more: Option<RevokedOnceMore>,
    /// What the policy does, a sentence each.
    does: Vec<String>,
    /// What else is to be known of it, a sentence each.
    notes: Vec<String>,
    state: RevokedState,
    /// Why it is not cut off, as a short code.
    code: Option<String>,
    /// The same as a sentence.
    cause: Option<String>,
    /// When it will be tried again.
    again_at: Option<String>,
}

/// What is put when links that were handed out before are worthless.
#[derive(Debug, Serialize, ToSchema)]
struct RevokedOnceMore {
    /// When.
    at: String,
    /// The policy as it stands then.
    #[schema(value_type = Object)]
    policy: Value,
}

/// What a revocation said, without what is longest of it.
pub(super) fn without_policies(said: &Value) -> Value {
    let mut said = said.clone();
    let places = said.get_mut("places").and_then(Value::as_array_mut);
    for place in places.into_iter().flatten() {
        place["policy"] = Value::Null;
        place["once_more"] = Value::Null;
    }
    said
}
