//! `AssumeRole`: a signed caller becomes a role.
//!
//! The caller is an IAM user or has temporary credentials; with the latter the result is chained:
//! an hour at most, and the source identity and transitive tags stay. A role that does not exist
//! and one that does not let the caller in give the same answer.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::Call;
use super::grant::{self, Packed};
use super::policies::SessionPolicies;
use super::role::{self, RoleArn};
use super::shape::{
    ARN, EXTERNAL_ID, POLICY, SERIAL_NUMBER, SESSION_NAME, Shape, TOKEN_CODE, Text,
};
use super::tags::Tags;
use crate::aws::iam::Registry;
use crate::aws::identity::{Identity, Who};
use crate::aws::mfa;
use crate::aws::policy::Context;
use crate::aws::query::Element;
use crate::aws::query::QueryError;
use crate::aws::tokens::{Made, Principal, Session};
use crate::aws::trust::Target;

/// What the request asks for.
#[derive(Debug)]
struct Wish {
    role_arn: String,
    session_name: String,
    duration: Option<u32>,
    policies: SessionPolicies,
    tags: Tags,
    external_id: Option<String>,
    source_identity: Option<String>,
    mfa_serial: Option<String>,
    mfa_code: Option<String>,
    minimum_token: usize,
}

impl Wish {
    fn read(call: &Call<'_>) -> Result<Self, QueryError> {
        let mut shape = Shape::new(call.parameters);
        let inline = Text {
            max: call.switches.assume_role_policy_limit,
            ..POLICY
        };
        let wish = Self {
            role_arn: shape.required("RoleArn", &ARN),
            session_name: shape.required("RoleSessionName", &SESSION_NAME),
            duration: shape.number("DurationSeconds", 900, 43_200)?,
            policies: SessionPolicies::read(&mut shape, &inline),
            tags: Tags::read(&mut shape, true),
            external_id: shape.optional("ExternalId", &EXTERNAL_ID),
            source_identity: shape.optional("SourceIdentity", &SESSION_NAME),
            mfa_serial: shape.optional("SerialNumber", &SERIAL_NUMBER),
            mfa_code: shape.optional("TokenCode", &TOKEN_CODE),
            minimum_token: grant::minimum_size(&mut shape)?,
        };
        shape.finish()?;
        Ok(wish)
    }
}

pub(super) fn perform(call: &Call<'_>, identity: &Identity) -> Result<Vec<Element>, QueryError> {
    let wish = Wish::read(call)?;
    let role_arn = RoleArn::parse(&wish.role_arn)?;
    role::check_source_identity(wish.source_identity.as_deref())?;
    if identity.is_root() {
        return Err(QueryError::root_may_not_assume());
    }
    let refused =
        |action: &str| QueryError::not_authorized(&identity.arn(), action, &wish.role_arn);
    if identity.is_federated_user() {
        return Err(refused("sts:AssumeRole"));
    }
    let mfa = mfa::check(
        call.simulation,
        identity,
        wish.mfa_serial.as_deref(),
        wish.mfa_code.as_deref(),
    )?;
    let registry = call.simulation.seen();
    let target = role_arn
        .find(&registry)
        .filter(|_| role_arn.partition == identity.partition);
    let Some(target) = target else {
        return Err(refused("sts:AssumeRole"));
    };
    role::check_region(call, identity, &registry, target)?;
    let mut context = context(call, identity, &registry, (&wish, mfa));
    target.add_keys(&mut context);
    let lets_in =
        |action: &str| target.lets_in((&registry, &call.switches), identity, action, &context);
    let chained = is_chained(call, identity);
    if call.switches.duration_before_trust {
        role::check_duration(wish.duration, target.role, chained)?;
    }
    if !lets_in("sts:AssumeRole") {
        return Err(refused("sts:AssumeRole"));
    }
    let duration = role::check_duration(wish.duration, target.role, chained)?;
    if !wish.tags.is_empty() && !lets_in("sts:TagSession") {
        return Err(refused("sts:TagSession"));
    }
    let inherited = identity
        .session()
        .and_then(|session| session.source_identity.as_deref());
    let source_identity = wish
        .source_identity
        .as_deref()
        .or(inherited)
        .map(str::to_owned);
    let changed = inherited.is_some() && inherited != source_identity.as_deref();
    if changed || (source_identity.is_some() && !lets_in("sts:SetSourceIdentity")) {
        return Err(refused("sts:SetSourceIdentity"));
    }
    wish.tags
        .check(identity.session(), call.switches.reserved_tag_keys)?;
    let inline_limit = call.switches.assume_role_policy_limit;
    wish.policies
        .check(&registry, &target.account.id, inline_limit)?;
    let session = session(call, identity, target, (&wish, duration, source_identity));
    respond(call, session, &wish)
}

fn session(
    call: &Call<'_>,
    identity: &Identity,
    target: Target<'_>,
    (wish, duration, source_identity): (&Wish, u32, Option<String>),
) -> Session {
    let now = call.simulation.clock.now();
    let mut expires = now + TimeDelta::seconds(i64::from(duration));
    let caller = identity.session();
    if let Some(caller) = caller
        && !call.switches.chain_may_outlive_caller
    {
        expires = expires.min(caller.expires);
    }
    let (tags, transitive_keys) = wish.tags.combined(caller);
    let chained = is_chained(call, identity);
    Session {
        principal: Principal::AssumedRole {
            role: target.role.name.clone(),
            path: target.role.path.clone(),
            role_id: target.role.id.clone(),
            session_name: wish.session_name.clone(),
        },
        made: if chained {
            Made::Chained
        } else {
            Made::AssumeRole
        },
        partition: target.account.partition,
        account: target.account.id.clone(),
        issued: now,
        expires,
        tags,
        transitive_keys,
        source_identity,
        inline_policy: wish.policies.inline.clone(),
        managed_policies: wish.policies.managed.clone(),
        federation: BTreeMap::new(),
        mfa: false,
        global: call.host.global,
    }
}

fn respond(call: &Call<'_>, session: Session, wish: &Wish) -> Result<Vec<Element>, QueryError> {
    let (arn, id) = (session.arn(), session.user_id());
    let source_identity = session.source_identity.clone();
    let made = grant::issue(call, session, wish.minimum_token)?;
    let user = vec![
        Element::text("AssumedRoleId", id),
        Element::text("Arn", arn),
    ];
    let mut result = vec![
        grant::credentials(call, &made),
        Element::Group("AssumedRoleUser", user),
    ];
    result.extend(source_identity.map(|value| Element::text("SourceIdentity", value)));
    let tagged = !wish.tags.is_empty();
    result.extend(grant::sizes(
        call,
        &made,
        Packed::IfAny,
        (&wish.policies, tagged),
    ));
    Ok(result)
}

fn context(
    call: &Call<'_>,
    identity: &Identity,
    registry: &Registry,
    (wish, mfa): (&Wish, bool),
) -> Context {
    let peer = call.incoming.peer;
    let mut context = call.simulation.context_of(identity, registry, peer);
    context.set("aws:RequestedRegion", call.host.region.as_str());
    context.set("sts:RoleSessionName", wish.session_name.as_str());
    if let Some(external_id) = &wish.external_id {
        context.set("sts:ExternalId", external_id.as_str());
    }
    let inherited = identity
        .session()
        .and_then(|session| session.source_identity.clone());
    if let Some(source_identity) = wish.source_identity.clone().or(inherited) {
        context.set("sts:SourceIdentity", source_identity);
    }
    if mfa {
        context.set("aws:MultiFactorAuthPresent", "true");
        context.set("aws:MultiFactorAuthAge", "0");
    }
    wish.tags.add_keys(&mut context);
    context
}

/// Whether what this caller assumes is the next link of a chain.
fn is_chained(call: &Call<'_>, identity: &Identity) -> bool {
    match &identity.who {
        Who::Root | Who::User { .. } => false,
        Who::Session(session) if session.made == Made::Instance => {
            call.switches.instance_role_chains
        }
        Who::Session(_) => true,
    }
}
