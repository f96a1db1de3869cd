//! What AWS asks of a verified assertion, in its order and its words.
//!
//! Times, audience, subject, the role pair, the session's name, tags and source identity. Follows
//! the IAM guide's pages on SAML assertions and on troubleshooting SAML.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use regex::Regex;

use super::assertion::{Assertion, NameId};
use super::attributes;
use super::{OPERATION, Provider, invalid};
use crate::aws::partition::Partition;
use crate::aws::query::QueryError;
use crate::aws::sts::Call;
use crate::aws::sts::federated::Keys;
use crate::aws::sts::shape;
use crate::aws::sts::tags::Tags;

const PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/";
const FORMAT_PREFIX: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
/// The formats of a name that AWS knows; a name without one is of no particular format.
const FORMATS: &[&str] = &[
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:entity",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
];

static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\A[a-zA-Z_0-9+=,.@-]{2,64}\z").expect("the pattern is valid"));

/// An assertion must be young, begun, and not at its end.
pub(super) fn check_times(call: &Call<'_>, assertion: &Assertion) -> Result<(), QueryError> {
    let now = call.simulation.clock.now();
    let skew = TimeDelta::seconds(call.switches.saml.clock_skew_seconds);
    let expired = QueryError::expired_identity_token;
    if now > assertion.age_from + TimeDelta::minutes(5) + skew {
        return Err(expired(
            "Token must be redeemed within 5 minutes of issuance",
        ));
    }
    if assertion
        .ends
        .iter()
        .chain(&assertion.session_end)
        .any(|end| now >= *end + skew)
    {
        return Err(expired("Response has expired"));
    }
    let begins = [Some(assertion.issued), assertion.not_before];
    if begins.into_iter().flatten().any(|begin| now + skew < begin) {
        return Err(invalid(call, "Response is not yet valid"));
    }
    Ok(())
}

/// Every restriction must name one of AWS's audiences, and there must be one.
pub(super) fn check_audience(
    call: &Call<'_>,
    assertion: &Assertion,
    partition: Partition,
) -> Result<(), QueryError> {
    let ours = match partition {
        Partition::Aws => &call.switches.saml.audiences,
        Partition::UsGov => &call.switches.saml.gov_audiences,
    };
    let several = call.switches.saml.several_audiences;
    let fragments = call.switches.saml.audience_fragments;
    let is_ours = |audience: &String| {
        let plain = audience.split_once('#').filter(|_| fragments);
        let plain = plain.map_or(audience.as_str(), |(plain, _)| plain);
        ours.iter().any(|one| one == audience || one == plain)
    };
    let names_us = |restriction: &Vec<String>| {
        restriction.iter().any(is_ours) && (several || restriction.len() == 1)
    };
    if assertion.audiences.is_empty() || !assertion.audiences.iter().all(names_us) {
        return Err(invalid(
            call,
            "Response does not contain the required audience.",
        ));
    }
    Ok(())
}

/// The subject must have a name, of a format that AWS knows.
pub(super) fn subject(call: &Call<'_>, assertion: &Assertion) -> Result<NameId, QueryError> {
    let refused = || QueryError::not_authorized_unsigned(OPERATION);
    let name_id = assertion.name_id.clone().ok_or_else(refused)?;
    match &name_id.format {
        Some(format) if !FORMATS.contains(&format.as_str()) => Err(invalid(
            call,
            "The format of the subject's NameID is not supported",
        )),
        _ => Ok(name_id),
    }
}

/// Whether the assertion offers this role through this provider, in either order of the pair.
pub(super) fn offers(assertion: &Assertion, role_arn: &str, provider_arn: &str) -> bool {
    let Some(values) = assertion.values(&name("Role")) else {
        return false;
    };
    values.iter().any(|value| {
        value.split_once(',').is_some_and(|pair| {
            pair == (role_arn, provider_arn) || pair == (provider_arn, role_arn)
        })
    })
}

/// `RoleSessionName`, which must be there once and be a name.
pub(super) fn session_name(call: &Call<'_>, assertion: &Assertion) -> Result<String, QueryError> {
    let Some([value]) = assertion.values(&name("RoleSessionName")) else {
        return Err(invalid(
            call,
            "RoleSessionName is required in AuthnResponse",
        ));
    };
    if !NAME.is_match(value) {
        let text = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}";
        return Err(invalid(call, text));
    }
    Ok(value.clone())
}

/// `SourceIdentity`, if it is there.
pub(super) fn source_identity(
    call: &Call<'_>,
    assertion: &Assertion,
) -> Result<Option<String>, QueryError> {
    let name = name("SourceIdentity");
    if !assertion.attributes.iter().any(|(known, _)| *known == name) {
        return Ok(None);
    }
    match assertion.values(&name) {
        Some([value])
            if NAME.is_match(value)
                && !value
                    .get(..4)
                    .is_some_and(|start| start.eq_ignore_ascii_case("aws:")) =>
        {
            Ok(Some(value.clone()))
        }
        _ => Err(invalid(
            call,
            "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64}",
        )),
    }
}

/// `SessionDuration`, if it is there.
pub(super) fn session_duration(
    call: &Call<'_>,
    assertion: &Assertion,
) -> Result<Option<u32>, QueryError> {
    let name = name("SessionDuration");
    if !assertion.attributes.iter().any(|(known, _)| *known == name) {
        return Ok(None);
    }
    let value = match assertion.values(&name) {
        Some([value]) => value.parse::<u32>().ok(),
        _ => None,
    };
    match value.filter(|value| (900..=43_200).contains(value)) {
        Some(value) => Ok(Some(value)),
        None => Err(invalid(
            call,
            "SessionDuration in AuthnResponse must be between 900 and 43200",
        )),
    }
}

/// `PrincipalTag:{Key}` and `TransitiveTagKeys`.
pub(super) fn tags(call: &Call<'_>, assertion: &Assertion) -> Result<Tags, QueryError> {
    let prefix = name("PrincipalTag:");
    let bad = || invalid(call, "The session tags in AuthnResponse are not valid");
    let mut pairs = Vec::new();
    for (attribute, values) in &assertion.attributes {
        let Some(key) = attribute.strip_prefix(&prefix) else {
            continue;
        };
        let [value] = values.as_slice() else {
            return Err(bad());
        };
        if !shape::fits(key, &shape::TAG_KEY) || !shape::fits(value, &shape::TAG_VALUE) {
            return Err(bad());
        }
        pairs.push((key.to_owned(), value.clone()));
    }
    let transitive = assertion
        .values(&name("TransitiveTagKeys"))
        .unwrap_or_default()
        .to_vec();
    if pairs.len() > 50 || transitive.len() > 50 {
        return Err(bad());
    }
    Ok(Tags { pairs, transitive })
}

/// The condition keys of the assertion: for the trust policy, and those that stay.
pub(super) fn keys(
    assertion: &Assertion,
    name_id: &NameId,
    provider: &Provider,
) -> (Keys, BTreeMap<String, Vec<String>>) {
    let lasting = BTreeMap::from([
        (
            "saml:namequalifier".to_owned(),
            vec![name_qualifier(&assertion.issuer, provider)],
        ),
        ("saml:sub".to_owned(), vec![name_id.value.clone()]),
        ("saml:sub_type".to_owned(), vec![subject_type(name_id)]),
        (
            "aws:FederatedProvider".to_owned(),
            vec![provider.arn.clone()],
        ),
    ]);
    let mut keys: Keys = lasting
        .iter()
        .map(|(key, values)| (key.clone(), values.clone()))
        .collect();
    for (key, value) in [
        ("saml:aud", assertion.recipient.clone()),
        ("saml:iss", assertion.issuer.clone()),
        (
            "saml:doc",
            format!("{}/{}", provider.account, provider.name),
        ),
    ] {
        keys.push((key.to_owned(), vec![value]));
    }
    for (attribute, values) in &assertion.attributes {
        if let Some(key) = attributes::key(attribute) {
            keys.push((format!("saml:{key}"), values.clone()));
        }
    }
    (keys, lasting)
}

/// The name identifier's format as AWS answers it: SAML 2.0's own without their prefix.
pub(super) fn subject_type(name_id: &NameId) -> String {
    let format = name_id.format.as_deref().unwrap_or_default();
    format
        .strip_prefix(FORMAT_PREFIX)
        .unwrap_or(format)
        .to_owned()
}

/// The hash that tells subjects of one issuer in one account apart from all others.
pub(super) fn name_qualifier(issuer: &str, provider: &Provider) -> String {
    let text = format!("{issuer}{}/{}", provider.account, provider.name);
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    STANDARD.encode(hash.as_ref())
}

fn name(suffix: &str) -> String {
    format!("{PREFIX}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::{NameId, Provider, name_qualifier, subject_type};

    #[test]
    fn the_name_qualifier_is_that_of_the_documented_example() {
        let provider = Provider {
            arn: String::new(),
            account: "123456789012".to_owned(),
            name: "MySAMLIdP".to_owned(),
        };
        let hash = name_qualifier("https://example.com/saml", &provider);
        assert_eq!(hash, "1uAJanUnBc2XeUkHURMht+xam2c=");
    }

    #[test]
    fn only_saml_2_formats_lose_their_prefix() {
        let of = |format: Option<&str>| {
            subject_type(&NameId {
                value: "a".to_owned(),
                format: format.map(str::to_owned),
            })
        };
        assert_eq!(
            of(Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")),
            "persistent"
        );
        let whole = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
        assert_eq!(of(Some(whole)), whole);
    }
}
