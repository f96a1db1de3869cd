//! What AWS asks of a verified ID token, in its order and its words.
//!
//! Expiry, audience, subject, tags and source identity. Follows the IAM guide's pages on OIDC
//! federation and session tags.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::token::Claims;
use crate::aws::iam::OidcProvider;
use crate::aws::query::QueryError;
use crate::aws::sts::shape;
use crate::aws::sts::tags::Tags;
use crate::aws::switches::WebIdentitySwitches;

const TAGS: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// A token must have whole times, be begun, and not be past its end.
pub(super) fn check_times(
    claims: &Claims,
    now: DateTime<Utc>,
    switches: &WebIdentitySwitches,
) -> Result<(), QueryError> {
    let now = now.timestamp();
    let invalid = QueryError::invalid_identity_token;
    let expires = time(claims, "exp")?.ok_or_else(|| missing("exp"))?;
    let issued = time(claims, "iat")?.ok_or_else(|| missing("iat"))?;
    if now >= expires.saturating_add(switches.leeway_seconds) {
        let text = format!(
            "Token expired: current date/time {now} must be before the expiration date/time {expires}"
        );
        return Err(QueryError::expired_identity_token(&text));
    }
    if switches
        .oldest_issue_seconds
        .is_some_and(|oldest| now - issued > oldest)
    {
        return Err(invalid("Token is too old".to_owned()));
    }
    let early = |begin: i64, most: i64| now.saturating_add(most) < begin;
    let begins = time(claims, "nbf")?;
    if begins.is_some_and(|begin| early(begin, switches.early_seconds))
        || early(issued, switches.issue_ahead_seconds)
    {
        return Err(invalid("Token is not yet valid".to_owned()));
    }
    Ok(())
}

/// The audience AWS goes by, which must be one of the provider's.
pub(super) fn audience(
    claims: &Claims,
    provider: &OidcProvider,
    switches: &WebIdentitySwitches,
) -> Result<Audience, QueryError> {
    let audiences = match claims.get("aud") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(list)) => texts(list).ok_or_else(|| missing("aud"))?,
        _ => return Err(missing("aud")),
    };
    if audiences.is_empty() {
        return Err(missing("aud"));
    }
    let party = claims.get("azp").and_then(Value::as_str);
    let (effective, original) = match party.filter(|_| switches.azp_is_audience) {
        Some(party) => (vec![party.to_owned()], Some(audiences)),
        None => (audiences, None),
    };
    match effective
        .iter()
        .find(|one| provider.client_ids.contains(one))
    {
        Some(accepted) => Ok(Audience {
            accepted: accepted.clone(),
            effective,
            original,
        }),
        None => Err(QueryError::invalid_identity_token(
            "Incorrect token audience",
        )),
    }
}

/// The audiences of a token.
pub(super) struct Audience {
    /// The one the provider knows.
    pub(super) accepted: String,
    effective: Vec<String>,
    original: Option<Vec<String>>,
}

/// The subject, which must be there.
pub(super) fn subject(claims: &Claims) -> Result<String, QueryError> {
    let subject = claims
        .get("sub")
        .and_then(Value::as_str)
        .filter(|subject| !subject.is_empty());
    subject.map(str::to_owned).ok_or_else(|| missing("sub"))
}

/// The condition keys of a token; all of them stay with the session but the original audience.
pub(super) fn keys(
    claims: &Claims,
    provider: &OidcProvider,
    (audience, subject): (&Audience, &str),
) -> BTreeMap<String, Vec<String>> {
    let key = |name: &str| format!("{}:{name}", provider.key());
    let mut keys = BTreeMap::from([
        (key("aud"), audience.effective.clone()),
        (key("sub"), vec![subject.to_owned()]),
    ]);
    if let Some(original) = &audience.original {
        keys.insert(key("oaud"), original.clone());
    }
    if let Some(Value::Array(methods)) = claims.get("amr")
        && let Some(methods) = texts(methods)
    {
        keys.insert(key("amr"), methods);
    }
    keys
}

/// The source identity claim.
pub(super) fn source_identity(claims: &Claims) -> Result<Option<String>, QueryError> {
    let Some(claim) = claims.get(SOURCE_IDENTITY) else {
        return Ok(None);
    };
    let value = claim.as_str().filter(|value| {
        shape::fits(value, &shape::SESSION_NAME)
            && !value
                .get(..4)
                .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
    });
    let bad = || QueryError::invalid_identity_token("Source Identity must match [\\w+=,.@-]{2,64}");
    value.map(|value| Some(value.to_owned())).ok_or_else(bad)
}

/// The session tags, nested as documented or, by switch, flattened into one claim each.
pub(super) fn tags(claims: &Claims, switches: &WebIdentitySwitches) -> Result<Tags, QueryError> {
    let bad = || QueryError::invalid_identity_token("The session tags in the token are not valid");
    let mut tags = Tags::default();
    if let Some(claim) = claims.get(TAGS) {
        let claim = claim.as_object().ok_or_else(bad)?;
        if let Some(principal) = claim.get("principal_tags") {
            for (key, values) in principal.as_object().ok_or_else(bad)? {
                tags.pairs
                    .push((key.clone(), tag_value(values).ok_or_else(bad)?));
            }
        }
        if let Some(transitive) = claim.get("transitive_tag_keys") {
            let list = transitive.as_array().and_then(|list| texts(list));
            tags.transitive = list.ok_or_else(bad)?;
        }
    }
    if switches.flattened_tags {
        flattened(claims, &mut tags).ok_or_else(bad)?;
    }
    let fit = |(key, value): &(String, String)| {
        shape::fits(key, &shape::TAG_KEY) && shape::fits(value, &shape::TAG_VALUE)
    };
    if tags.pairs.len() > 50 || tags.transitive.len() > 50 || !tags.pairs.iter().all(fit) {
        return Err(bad());
    }
    Ok(tags)
}

fn flattened(claims: &Claims, tags: &mut Tags) -> Option<()> {
    let prefix = format!("{TAGS}/principal_tags/");
    for (name, value) in claims {
        if let Some(key) = name.strip_prefix(&prefix) {
            let value = value
                .as_str()
                .map(str::to_owned)
                .or_else(|| tag_value(value))?;
            tags.pairs.push((key.to_owned(), value));
        }
    }
    if let Some(keys) = claims.get(&format!("{TAGS}/transitive_tag_keys")) {
        tags.transitive.extend(texts(keys.as_array()?)?);
    }
    Some(())
}

/// A tag's value: a list of exactly one text.
fn tag_value(value: &Value) -> Option<String> {
    match value.as_array()?.as_slice() {
        [Value::String(one)] => Some(one.clone()),
        _ => None,
    }
}

fn texts(list: &[Value]) -> Option<Vec<String>> {
    list.iter()
        .map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// A time claim; anything but a whole number is not one.
fn time(claims: &Claims, name: &str) -> Result<Option<i64>, QueryError> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_i64().map(Some).ok_or_else(|| {
            QueryError::invalid_identity_token(format!("The claim {name} is not an integer"))
        }),
    }
}

fn missing(claim: &str) -> QueryError {
    QueryError::invalid_identity_token(format!("Missing a required claim: {claim}"))
}
