//! `GetFederationToken`: a named user under a session policy, from a long-term key.
//!
//! Only for IAM users and root, by long-term key. The result can call nothing in STS but
//! `GetCallerIdentity`, and without a session policy has only what resource policies give its name.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::Call;
use super::grant::{self, Packed};
use super::policies::SessionPolicies;
use super::shape::{FEDERATED_NAME, POLICY, Shape};
use super::tags::Tags;
use crate::aws::identity::{Identity, Who};
use crate::aws::permissions::{Channel, authorize};
use crate::aws::policy::Request;
use crate::aws::query::Element;
use crate::aws::query::QueryError;
use crate::aws::tokens::{Made, Principal, Session};

const DEFAULT: u32 = 43_200;
const LONGEST: u32 = 129_600;
const ROOT: u32 = 3_600;

pub(super) fn perform(call: &Call<'_>, identity: &Identity) -> Result<Vec<Element>, QueryError> {
    let mut shape = Shape::new(call.parameters);
    let name = shape.required("Name", &FEDERATED_NAME);
    let duration = shape.number("DurationSeconds", 900, LONGEST)?;
    let policies = SessionPolicies::read(&mut shape, &POLICY);
    let tags = Tags::read(&mut shape, false);
    let minimum = grant::minimum_size(&mut shape)?;
    shape.finish()?;
    let user = match &identity.who {
        Who::Session(_) => return Err(QueryError::session_credentials("GetFederationToken")),
        Who::Root => None,
        Who::User { name, .. } => Some(name.clone()),
    };
    permitted(call, identity, &name, &tags)?;
    tags.check(None, call.switches.reserved_tag_keys)?;
    policies.check(&call.simulation.seen(), &identity.account, POLICY.max)?;
    let duration = match &user {
        None => duration.unwrap_or(ROOT).min(ROOT),
        Some(_) => duration.unwrap_or(DEFAULT),
    };
    let now = call.simulation.clock.now();
    let (session_tags, _) = tags.combined(None);
    let session = Session {
        principal: Principal::FederatedUser { name, user },
        made: Made::FederationToken,
        partition: identity.partition,
        account: identity.account.clone(),
        issued: now,
        expires: now + TimeDelta::seconds(i64::from(duration)),
        tags: session_tags,
        transitive_keys: Vec::new(),
        source_identity: None,
        inline_policy: policies.inline.clone(),
        managed_policies: policies.managed.clone(),
        federation: BTreeMap::new(),
        mfa: false,
        global: call.host.global,
    };
    let (id, arn) = (session.user_id(), session.arn());
    let made = grant::issue(call, session, minimum)?;
    let user = vec![
        Element::text("FederatedUserId", id),
        Element::text("Arn", arn),
    ];
    let mut result = vec![
        grant::credentials(call, &made),
        Element::Group("FederatedUser", user),
    ];
    result.extend(grant::sizes(
        call,
        &made,
        Packed::Always,
        (&policies, !tags.is_empty()),
    ));
    Ok(result)
}

/// The user's own policies must allow the call, and the tags when it brings any.
fn permitted(
    call: &Call<'_>,
    identity: &Identity,
    name: &str,
    tags: &Tags,
) -> Result<(), QueryError> {
    let registry = call.simulation.seen();
    let peer = call.incoming.peer;
    let mut context = call.simulation.context_of(identity, &registry, peer);
    context.set("aws:RequestedRegion", call.host.region.as_str());
    tags.add_keys(&mut context);
    let resource = format!(
        "arn:{}:sts::{}:federated-user/{name}",
        identity.partition.name(),
        identity.account
    );
    let tagged = if tags.is_empty() {
        None
    } else {
        Some("sts:TagSession")
    };
    for action in ["sts:GetFederationToken"].into_iter().chain(tagged) {
        let by_name = call.switches.federation_token_is_allowed_by_name;
        let request = Request {
            action,
            resource: if by_name { &resource } else { "*" },
            context: &context,
        };
        if !authorize(&registry, identity, Channel::Api, &request).is_allowed() {
            return Err(QueryError::not_authorized(
                &identity.arn(),
                action,
                &resource,
            ));
        }
    }
    Ok(())
}
