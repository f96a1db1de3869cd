//! `GetSessionToken`: temporary credentials that are the IAM user, whole.
//!
//! Only for long-term keys. No policy allows or forbids it and none narrows its result.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::Call;
use super::grant::{self, Packed};
use super::policies::SessionPolicies;
use super::shape::{SERIAL_NUMBER, Shape, TOKEN_CODE};
use crate::aws::identity::{Identity, Who};
use crate::aws::mfa;
use crate::aws::query::Element;
use crate::aws::query::QueryError;
use crate::aws::tokens::{Made, Principal, Session};

const DEFAULT: u32 = 43_200;
const LONGEST: u32 = 129_600;
const ROOT: u32 = 3_600;

pub(super) fn perform(call: &Call<'_>, identity: &Identity) -> Result<Vec<Element>, QueryError> {
    let mut shape = Shape::new(call.parameters);
    let duration = shape.number("DurationSeconds", 900, LONGEST)?;
    let serial = shape.optional("SerialNumber", &SERIAL_NUMBER);
    let code = shape.optional("TokenCode", &TOKEN_CODE);
    let minimum = grant::minimum_size(&mut shape)?;
    shape.finish()?;
    let principal = match &identity.who {
        Who::Session(_) => return Err(QueryError::session_credentials("GetSessionToken")),
        Who::Root => Principal::User {
            user: None,
            path: "/".to_owned(),
            user_id: identity.account.clone(),
        },
        Who::User { name, path, id } => Principal::User {
            user: Some(name.clone()),
            path: path.clone(),
            user_id: id.clone(),
        },
    };
    let mfa = mfa::check(
        call.simulation,
        identity,
        serial.as_deref(),
        code.as_deref(),
    )?;
    let duration = if identity.is_root() {
        duration.unwrap_or(ROOT).min(ROOT)
    } else {
        duration.unwrap_or(DEFAULT)
    };
    let now = call.simulation.clock.now();
    let session = Session {
        principal,
        made: Made::SessionToken,
        partition: identity.partition,
        account: identity.account.clone(),
        issued: now,
        expires: now + TimeDelta::seconds(i64::from(duration)),
        tags: BTreeMap::new(),
        transitive_keys: Vec::new(),
        source_identity: None,
        inline_policy: None,
        managed_policies: Vec::new(),
        federation: BTreeMap::new(),
        mfa,
        global: call.host.global,
    };
    let made = grant::issue(call, session, minimum)?;
    let mut result = vec![grant::credentials(call, &made)];
    result.extend(grant::sizes(
        call,
        &made,
        Packed::Never,
        (&SessionPolicies::default(), false),
    ));
    Ok(result)
}
