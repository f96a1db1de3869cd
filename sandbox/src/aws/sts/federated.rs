//! What the two unsigned operations share: someone an identity provider vouches for becomes a role.
//!
//! Comes after the provider's word has been verified. Asks the trust policy, the duration, the
//! tags and the session policies, and makes the session; never chained.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Call;
use super::grant::{self, Packed};
use super::policies::SessionPolicies;
use super::role;
use super::shape::{POLICY, Shape};
use super::tags::Tags;
use crate::aws::iam::Registry;
use crate::aws::identity::add_request_keys;
use crate::aws::policy::Context;
use crate::aws::query::Element;
use crate::aws::query::QueryError;
use crate::aws::tokens::{Made, Principal, Session};
use crate::aws::trust::Target;

/// Condition keys with their values.
pub(super) type Keys = Vec<(String, Vec<String>)>;

/// Someone an identity provider vouches for.
#[derive(Debug)]
pub(super) struct Vouched {
    /// `AssumeRoleWithSAML` or `AssumeRoleWithWebIdentity`.
    pub(super) operation: &'static str,
    /// Which of the two made the session.
    pub(super) made: Made,
    /// The IAM provider's ARN.
    pub(super) provider_arn: String,
    /// The session's name.
    pub(super) session_name: String,
    /// The source identity, if the provider set one.
    pub(super) source_identity: Option<String>,
    /// The session tags the provider set.
    pub(super) tags: Tags,
    /// The provider's condition keys, for the trust policy.
    pub(super) keys: Keys,
    /// Those of them that stay with the session.
    pub(super) lasting: BTreeMap<String, Vec<String>>,
    /// When the provider wants the session to have ended.
    pub(super) latest_end: Option<DateTime<Utc>>,
    /// The longest session the provider wants, in seconds.
    pub(super) longest: Option<u32>,
}

/// What the request itself asks for.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) duration: Option<u32>,
    pub(super) policies: SessionPolicies,
    pub(super) minimum_token: usize,
}

impl Wish {
    pub(super) fn read(shape: &mut Shape<'_>) -> Result<Self, QueryError> {
        Ok(Self {
            duration: shape.number("DurationSeconds", 900, 43_200)?,
            policies: SessionPolicies::read(shape, &POLICY),
            minimum_token: grant::minimum_size(shape)?,
        })
    }
}

/// What both operations answer: the credentials, who they are for, the sizes.
pub(super) fn respond(
    call: &Call<'_>,
    session: Session,
    (vouched, wish): (&Vouched, &Wish),
) -> Result<Vec<Element>, QueryError> {
    let user = vec![
        Element::text("AssumedRoleId", session.user_id()),
        Element::text("Arn", session.arn()),
    ];
    let made = grant::issue(call, session, wish.minimum_token)?;
    let mut result = vec![
        grant::credentials(call, &made),
        Element::Group("AssumedRoleUser", user),
    ];
    let tagged = !vouched.tags.is_empty();
    result.extend(grant::sizes(
        call,
        &made,
        Packed::IfAny,
        (&wish.policies, tagged),
    ));
    let source_identity = vouched.source_identity.as_deref();
    result.extend(source_identity.map(|value| Element::text("SourceIdentity", value)));
    Ok(result)
}

/// The session of someone vouched for, or why there is none.
pub(super) fn admit(
    call: &Call<'_>,
    registry: &Registry,
    target: Target<'_>,
    (vouched, wish): (&Vouched, &Wish),
) -> Result<Session, QueryError> {
    role::check_target_region(call, target)?;
    let refused = || QueryError::not_authorized_unsigned(vouched.operation);
    let mut context = context(call, vouched);
    target.add_keys(&mut context);
    let action = format!("sts:{}", vouched.operation);
    let trusts = |action: &str| target.trusts_provider(&vouched.provider_arn, action, &context);
    if call.switches.duration_before_trust {
        role::check_duration(wish.duration, target.role, false)?;
    }
    if !trusts(&action) {
        return Err(refused());
    }
    let duration = role::check_duration(wish.duration, target.role, false)?;
    if !vouched.tags.is_empty() && !trusts("sts:TagSession") {
        return Err(refused());
    }
    if vouched.source_identity.is_some() && !trusts("sts:SetSourceIdentity") {
        return Err(refused());
    }
    vouched.tags.check(None, call.switches.reserved_tag_keys)?;
    wish.policies
        .check(registry, &target.account.id, POLICY.max)?;
    let now = call.simulation.clock.now();
    let seconds = vouched
        .longest
        .map_or(duration, |longest| duration.min(longest));
    let end = now + TimeDelta::seconds(i64::from(seconds));
    let (tags, transitive_keys) = vouched.tags.combined(None);
    Ok(Session {
        principal: Principal::AssumedRole {
            role: target.role.name.clone(),
            path: target.role.path.clone(),
            role_id: target.role.id.clone(),
            session_name: vouched.session_name.clone(),
        },
        made: vouched.made,
        partition: target.account.partition,
        account: target.account.id.clone(),
        issued: now,
        expires: vouched.latest_end.map_or(end, |latest| end.min(latest)),
        tags,
        transitive_keys,
        source_identity: vouched.source_identity.clone(),
        inline_policy: wish.policies.inline.clone(),
        managed_policies: wish.policies.managed.clone(),
        federation: vouched.lasting.clone(),
        mfa: false,
        global: call.host.global,
    })
}

/// Unsigned calls must not carry credentials of any kind.
pub(super) fn refuse_stray_credentials(call: &Call<'_>) -> Result<(), QueryError> {
    if call.incoming.header("x-amz-security-token").is_some() {
        return Err(QueryError::invalid_identity_token(
            "The web identity or SAML call carries credentials of its own",
        ));
    }
    Ok(())
}

fn context(call: &Call<'_>, vouched: &Vouched) -> Context {
    let mut context = Context::new();
    add_request_keys(
        call.simulation.clock.now(),
        call.incoming.peer,
        &mut context,
    );
    context.set("aws:RequestedRegion", call.host.region.as_str());
    context.set("aws:FederatedProvider", vouched.provider_arn.as_str());
    context.set("sts:RoleSessionName", vouched.session_name.as_str());
    if let Some(source_identity) = &vouched.source_identity {
        context.set("sts:SourceIdentity", source_identity.as_str());
    }
    for (key, values) in &vouched.keys {
        match values.as_slice() {
            [value] => context.set(key, value.as_str()),
            _ => context.set_many(key, values.clone()),
        }
    }
    vouched.tags.add_keys(&mut context);
    context
}
