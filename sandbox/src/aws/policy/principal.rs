//! The `Principal` element: whom a trust or resource policy speaks of.
//!
//! How strongly a caller is named matters: a policy that names a session reaches further than one
//! that names its role, and one that names the account only opens the door to the account's own
//! identity policies.

use super::Effect;

/// Who makes a request, by every name a policy can give them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account's 12 digits; absent for someone an identity provider vouches for.
    pub account: Option<String>,
    /// The session's own ARN, `…:assumed-role/R/s` or `…:federated-user/n`.
    pub session_arn: Option<String>,
    /// The ARN of the role or user behind it; absent for a federated user, whom only the session
    /// ARN names.
    pub principal_arn: Option<String>,
    /// The ARN of the identity provider that vouches, in an unsigned call.
    pub provider_arn: Option<String>,
}

/// How a policy named the caller, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Naming {
    /// By account: the account's own policies decide further.
    Account,
    /// As everyone.
    Everyone,
    /// By the role's or user's ARN, or the identity provider's.
    Principal,
    /// By the session's own ARN.
    Session,
}

/// A `Principal` or `NotPrincipal` element.
#[derive(Clone, Debug)]
pub(super) enum Principals {
    These(Vec<Principal>),
    AllBut(Vec<Principal>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    Everyone,
    Account(String),
    Arn(String),
    Federated(String),
    /// A service or canonical user: never one of the sandbox's callers.
    Other,
}

impl Principals {
    pub(super) fn name(&self, caller: &Caller, effect: Effect) -> Option<Naming> {
        match self {
            Self::These(list) => list.iter().filter_map(|one| one.name(caller)).max(),
            Self::AllBut(list) => {
                let excepted = list.iter().any(|one| one.name(caller).is_some());
                (effect == Effect::Deny && !excepted).then_some(Naming::Everyone)
            }
        }
    }
}

impl Principal {
    fn name(&self, caller: &Caller) -> Option<Naming> {
        let is = |name: &Option<String>, text: &str| name.as_deref() == Some(text);
        match self {
            Self::Everyone => Some(Naming::Everyone),
            Self::Account(id) => is(&caller.account, id).then_some(Naming::Account),
            Self::Arn(arn) if is(&caller.session_arn, arn) => Some(Naming::Session),
            Self::Arn(arn) => is(&caller.principal_arn, arn).then_some(Naming::Principal),
            Self::Federated(arn) => is(&caller.provider_arn, arn).then_some(Naming::Principal),
            Self::Other => None,
        }
    }
}
