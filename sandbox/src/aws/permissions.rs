//! What a principal may do: identity, boundary, session and resource policies put together.
//!
//! With I the identity policies, B the boundary, S the session policies and R a resource policy:
//! a role session has (I ∩ B) ∪ R without S and (I ∩ S ∩ B) ∪ (R naming the role ∩ S) ∪ (R naming
//! the session) with it; a federated user has (I ∩ S) ∪ (R naming the session), and without S the
//! latter alone. Any explicit deny wins. Follows the IAM guide's page on session policies.

use super::iam::{Account, Registry, Role, User};
use super::identity::{Identity, Who};
use super::policy::{Context, Naming, Policy, Request, Says, SaysTo};
use super::simulation::Simulation;
use super::tokens::{Principal, Session};

/// How a request reaches a service; some credentials may use IAM in the console but not by API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A signed API request.
    Api,
    /// The console.
    Console,
}

/// The answer to "may they?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allowed,
    /// No: a policy says so.
    ExplicitlyDenied,
    /// No: nothing says yes.
    ImplicitlyDenied,
}

impl Decision {
    /// Whether it is yes.
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }
}

impl Simulation {
    /// Whether a session may do `action` on `resource`, by everything the registry says right now.
    /// `extra` are further condition keys of the request.
    pub fn authorize(
        &self,
        session: &Session,
        channel: Channel,
        (action, resource): (&str, &str),
        extra: Context,
    ) -> Decision {
        let registry = self.seen();
        let identity = Identity::of_session("", session.clone());
        let mut context = self.context_of(&identity, &registry, None);
        context.merge(extra);
        let request = Request {
            action,
            resource,
            context: &context,
        };
        authorize(&registry, &identity, channel, &request)
    }
}

/// Whether `identity` may make `request`.
pub fn authorize(
    registry: &Registry,
    identity: &Identity,
    channel: Channel,
    request: &Request<'_>,
) -> Decision {
    if channel == Channel::Api && lacks_iam_api(identity) && is_iam(request.action) {
        return Decision::ImplicitlyDenied;
    }
    let sides = Sides::of(registry, identity, request);
    let (owner, resource) = resource_side(registry, identity, request);
    if sides.denies() || resource == SaysTo::Deny {
        return Decision::ExplicitlyDenied;
    }
    let allowed = match owner {
        Some(owner) if owner != identity.account => {
            sides.allow() && matches!(resource, SaysTo::Allow(_))
        }
        _ => sides.allow() || sides.resource_suffices(identity, resource),
    };
    if allowed {
        Decision::Allowed
    } else {
        Decision::ImplicitlyDenied
    }
}

/// What the identity side says, for one request.
#[derive(Clone, Copy, Debug)]
pub struct Sides {
    identity: Says,
    boundary: Option<Says>,
    session: Option<Says>,
}

impl Sides {
    /// Asks the identity's own policies, its boundary and its session's policies.
    pub fn of(registry: &Registry, identity: &Identity, request: &Request<'_>) -> Self {
        let root = Self {
            identity: Says::Allow,
            boundary: None,
            session: None,
        };
        let Some(account) = registry.account(&identity.account) else {
            return Self::nothing();
        };
        let session_side = identity
            .session()
            .map(|session| session_policies(registry, session))
            .and_then(|policies| says_all(policies.as_deref(), request));
        let side = match (&identity.who, identity.session()) {
            (Who::Root, _) => root,
            (Who::User { name, .. }, _) => Self::of_user(registry, account, name, request),
            (Who::Session(_), None) => Self::nothing(),
            (Who::Session(_), Some(session)) => match &session.principal {
                Principal::AssumedRole { role, role_id, .. } => match account.role(role) {
                    Some(role) if role.id == *role_id => {
                        Self::of_role(registry, account, role, request)
                    }
                    _ => Self::nothing(),
                },
                Principal::User { user, .. } => match user {
                    Some(name) => Self::of_user(registry, account, name, request),
                    None => root,
                },
                Principal::FederatedUser { user, .. } => {
                    let side = match user {
                        Some(name) => Self::of_user(registry, account, name, request),
                        None => root,
                    };
                    let session = Some(session_side.unwrap_or(Says::Nothing));
                    return Self { session, ..side };
                }
            },
        };
        Self {
            session: session_side,
            ..side
        }
    }

    /// Whether any of them denies.
    pub fn denies(self) -> bool {
        [Some(self.identity), self.boundary, self.session].contains(&Some(Says::Deny))
    }

    /// Whether all of them allow.
    pub fn allow(self) -> bool {
        let agrees = |says: Option<Says>| says.is_none_or(|says| says == Says::Allow);
        self.identity == Says::Allow && agrees(self.boundary) && agrees(self.session)
    }

    /// Whether the session policies, if any, allow.
    pub fn session_agrees(self) -> bool {
        self.session.is_none_or(|says| says == Says::Allow)
    }

    /// Whether a resource policy of the same account suffices by itself.
    fn resource_suffices(self, identity: &Identity, resource: SaysTo) -> bool {
        let SaysTo::Allow(naming) = resource else {
            return false;
        };
        let federated = identity.is_federated_user();
        match naming {
            Naming::Session => true,
            Naming::Principal | Naming::Everyone => !federated && self.session_agrees(),
            Naming::Account => false,
        }
    }

    fn nothing() -> Self {
        Self {
            identity: Says::Nothing,
            boundary: None,
            session: None,
        }
    }

    fn of_user(registry: &Registry, account: &Account, name: &str, request: &Request<'_>) -> Self {
        account
            .users
            .get(name)
            .map_or_else(Self::nothing, |user: &User| {
                let inline = user.policies.values().cloned();
                Self::of_policies(
                    registry,
                    account,
                    inline,
                    (&user.attached, user.boundary.as_ref()),
                    request,
                )
            })
    }

    fn of_role(registry: &Registry, account: &Account, role: &Role, request: &Request<'_>) -> Self {
        let inline = role.policies.values().cloned();
        Self::of_policies(
            registry,
            account,
            inline,
            (&role.attached, role.boundary.as_ref()),
            request,
        )
    }

    fn of_policies(
        registry: &Registry,
        account: &Account,
        inline: impl Iterator<Item = Policy>,
        (attached, boundary): (&[String], Option<&Policy>),
        request: &Request<'_>,
    ) -> Self {
        let managed = attached
            .iter()
            .filter_map(|arn| registry.managed_policy(&account.id, arn));
        let identity = Says::together(inline.chain(managed).map(|policy| policy.says(request)));
        Self {
            identity,
            boundary: boundary.map(|policy| policy.says(request)),
            session: None,
        }
    }
}

/// The session policies of a session, or `None` when it has none.
fn session_policies(registry: &Registry, session: &Session) -> Option<Vec<Policy>> {
    if session.inline_policy.is_none() && session.managed_policies.is_empty() {
        return None;
    }
    let inline = session
        .inline_policy
        .iter()
        .filter_map(|text| Policy::identity(text).ok());
    let managed = session
        .managed_policies
        .iter()
        .filter_map(|arn| registry.managed_policy(&session.account, arn));
    Some(inline.chain(managed).collect())
}

fn says_all(policies: Option<&[Policy]>, request: &Request<'_>) -> Option<Says> {
    let policies = policies?;
    Some(Says::together(
        policies.iter().map(|policy| policy.says(request)),
    ))
}

/// The account that owns the resource and what its policy says to this caller.
fn resource_side(
    registry: &Registry,
    identity: &Identity,
    request: &Request<'_>,
) -> (Option<String>, SaysTo) {
    let bucket = request.resource.split_once(":s3:::").and_then(|(_, path)| {
        let name = path.split('/').next().unwrap_or(path);
        registry.bucket(name)
    });
    let Some((owner, bucket)) = bucket else {
        return (None, SaysTo::Nothing);
    };
    if owner.partition != identity.partition {
        return (Some(owner.id.clone()), SaysTo::Nothing);
    }
    let says = bucket.policy.as_ref().map_or(SaysTo::Nothing, |policy| {
        policy.says_to(&identity.caller(), request)
    });
    (Some(owner.id.clone()), says)
}

fn is_iam(action: &str) -> bool {
    action
        .get(..4)
        .is_some_and(|service| service.eq_ignore_ascii_case("iam:"))
}

/// Federated users never reach IAM by API, sessions of `GetSessionToken` only with MFA.
pub(super) fn lacks_iam_api(identity: &Identity) -> bool {
    identity
        .session()
        .is_some_and(|session| match session.principal {
            Principal::FederatedUser { .. } => true,
            Principal::User { .. } => !session.mfa,
            Principal::AssumedRole { .. } => false,
        })
}
