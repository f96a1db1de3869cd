//! From verified claims to an identity.
//!
//! The person is `sub` and nothing else; names and addresses are for reading. Every other claim becomes an
//! attribute, value for value, except the protocol's own. What the userinfo endpoint says fills gaps only. Groups
//! that the provider left out for their number are reported by name, never read as "none" or "all".

use serde_json::Value;

use super::callback::is_direction_mark;
use super::error::Error;
use super::id_token::Claims;
use super::json::Object;
use crate::domain::identity::{
    Attributes, Authentication, Identity, IdentityNotice, IdpId, OIDC_SUBJECT_FORMAT, Subject,
};

/// How many attribute values are taken in.
const VALUES: usize = 5_000;
/// How much of a display name is kept.
const NAME_CHARS: usize = 200;
/// The attribute that providers leave out when it grows too long.
const GROUPS: &str = "groups";

/// Claims of the protocol, which describe the token and not the person.
const PROTOCOL: [&str; 18] = [
    "iss",
    "aud",
    "exp",
    "iat",
    "nbf",
    "nonce",
    "at_hash",
    "c_hash",
    "s_hash",
    "azp",
    "jti",
    "sid",
    "acr",
    "amr",
    "auth_time",
    "_claim_names",
    "_claim_sources",
    "hasgroups",
];

/// Puts the identity together. `userinfo` is already known to be about the same subject.
pub(super) fn build(idp: &IdpId, claims: Claims, userinfo: Object) -> Result<Identity, Error> {
    let overage = is_overage(&claims.all) || is_overage(&userinfo);
    let display_name = display_name(&claims, &userinfo);
    let verified_email = verified_email(&claims.all, &userinfo);
    let context = context(&claims.all);
    let class = claims.all.get("acr").and_then(Value::as_str);
    let class = class.map(str::to_owned);
    let mut attributes = Attributes::new();
    let mut count = 0;
    for (name, value) in claims.all.into_iter().chain(userinfo) {
        let left_out = value.is_null() || (overage && name == GROUPS);
        if left_out || PROTOCOL.contains(&name.as_str()) || attributes.contains_key(&name) {
            continue;
        }
        let values = values(value);
        count += values.len();
        if count > VALUES {
            return Err(Error::TooManyValues { limit: VALUES });
        }
        // an empty answer is an answer, too: userinfo does not fill it
        attributes.insert(name, values);
    }
    attributes.retain(|_, values| !values.is_empty());
    Ok(Identity {
        idp: idp.clone(),
        subject: Subject {
            format: OIDC_SUBJECT_FORMAT.to_owned(),
            value: claims.subject,
        },
        display_name,
        verified_email,
        attributes,
        authentication: Authentication {
            at: claims.authenticated,
            context,
            class,
            session_ends: None,
        },
        notice: overage.then_some(IdentityNotice::GroupOverage),
    })
}

/// Whether groups were left out: a distributed claim (OpenID Connect Core §5.6.2, as Entra uses it), or Entra's
/// shorter word for it.
fn is_overage(claims: &Object) -> bool {
    let elsewhere = claims
        .get("_claim_names")
        .and_then(Value::as_object)
        .is_some_and(|names| names.contains_key(GROUPS));
    let hinted = match claims.get("hasgroups") {
        Some(Value::Bool(has)) => *has,
        Some(Value::String(has)) => has == "true",
        _ => false,
    };
    elsewhere || hinted
}

/// A claim's values as text. Objects, and arrays within arrays, have none.
fn values(value: Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.into_iter().filter_map(scalar).collect(),
        single => scalar(single).into_iter().collect(),
    }
}

fn scalar(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn display_name(claims: &Claims, userinfo: &Object) -> String {
    ["name", "preferred_username", "email"]
        .into_iter()
        .filter_map(|name| claims.all.get(name).or_else(|| userinfo.get(name)))
        .filter_map(Value::as_str)
        .map(readable)
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| readable(&claims.subject))
}

fn readable(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !c.is_control() && !is_direction_mark(*c))
        .take(NAME_CHARS)
        .collect();
    kept.trim().to_owned()
}

/// An address counts only together with the very statement that vouches for it: one document's address is never
/// vouched for by another document that names a different one.
fn verified_email(token: &Object, userinfo: &Object) -> Option<String> {
    let address = |claims: &Object| {
        claims
            .get("email")
            .and_then(Value::as_str)
            .filter(|email| !email.is_empty() && !email.chars().any(char::is_control))
            .map(str::to_owned)
    };
    let vouched = |claims: &Object| claims.get("email_verified") == Some(&Value::Bool(true));
    match (
        token.contains_key("email"),
        token.contains_key("email_verified"),
    ) {
        (true, true) => address(token).filter(|_| vouched(token)),
        (true, false) => address(token)
            .filter(|email| vouched(userinfo) && address(userinfo).as_ref() == Some(email)),
        (false, true) => address(userinfo).filter(|_| vouched(token) && vouched(userinfo)),
        (false, false) => address(userinfo).filter(|_| vouched(userinfo)),
    }
}

/// `acr`, then `amr`.
fn context(claims: &Object) -> Vec<String> {
    let class = claims.get("acr").and_then(Value::as_str);
    let methods = claims.get("amr").and_then(Value::as_array);
    class
        .into_iter()
        .chain(methods.into_iter().flatten().filter_map(Value::as_str))
        .map(str::to_owned)
        .collect()
}
