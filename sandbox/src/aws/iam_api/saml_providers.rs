//! SAML providers: a metadata document under a name, checked when it is registered.

use super::call::{Answered, Call, distinct};
use super::describe;
use super::shape::{ARN, METADATA, PROVIDER_NAME};
use crate::aws::iam::SamlProvider;
use crate::aws::identity::timestamp;
use crate::aws::query::{Element, QueryError};
use crate::aws::sts::Metadata;

/// What encrypted assertions would need; the simulation reads none.
const ENCRYPTION: [&str; 3] = [
    "AssertionEncryptionMode",
    "AddPrivateKey",
    "RemovePrivateKey",
];
/// How long a provider lasts when its metadata does not say.
const YEARS: i64 = 100;

pub(super) fn create(call: &mut Call<'_>) -> Answered {
    let document = call.shape.required("SAMLMetadataDocument", &METADATA);
    let name = call.shape.required("Name", &PROVIDER_NAME);
    let tags = call.tags();
    let arn = call.arn(&format!("saml-provider/{name}"));
    call.permit(&arn)?;
    refuse_encryption(call)?;
    let mut provider = SamlProvider::new(&name, &document);
    provider.valid_until = checked(call, &document)?.valid_until;
    provider.uuid = call.simulation.random.id("SAMLSP", 26);
    provider.created = call.now();
    provider.tags = distinct(tags)?;
    let most = call.switches.saml_providers;
    call.edit(|account| {
        if account.saml_providers.contains_key(&name) {
            let text = format!("Provider with name {name} already exists.");
            return Err(QueryError::exists(text));
        }
        if account.saml_providers.len() >= most {
            return Err(QueryError::limit("SAMLProvidersPerAccount", most));
        }
        let mut answer = vec![Element::text("SAMLProviderArn", arn)];
        answer.extend(describe::tags(&provider.tags));
        account.saml_providers.insert(name, provider);
        Ok(answer)
    })
}

pub(super) fn update(call: &mut Call<'_>) -> Answered {
    let document = call.shape.optional("SAMLMetadataDocument", &METADATA);
    let (arn, name) = named(call)?;
    refuse_encryption(call)?;
    let checked = document
        .map(|document| Ok((checked(call, &document)?, document)))
        .transpose()?;
    call.edit(|account| {
        let provider = account.saml_providers.get_mut(&name);
        let provider = provider.ok_or_else(|| unknown(&arn))?;
        if let Some((metadata, document)) = checked {
            provider.metadata = document;
            provider.valid_until = metadata.valid_until;
        }
        Ok(vec![Element::text("SAMLProviderArn", arn.as_str())])
    })
}

pub(super) fn get(call: &mut Call<'_>) -> Answered {
    let (arn, name) = named(call)?;
    call.read(|account| {
        let provider = account.saml_providers.get(&name);
        let provider = provider.ok_or_else(|| unknown(&arn))?;
        let mut answer = vec![
            Element::text("SAMLProviderUUID", provider.uuid.as_str()),
            Element::text("SAMLMetadataDocument", provider.metadata.as_str()),
        ];
        answer.extend(dates(provider));
        answer.extend(describe::tags(&provider.tags));
        Ok(answer)
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Answered {
    call.permit("*")?;
    call.read(|account| {
        let members = account.saml_providers.values().map(|provider| {
            let arn = account.arn("iam", &format!("saml-provider/{}", provider.name));
            let mut parts = vec![Element::text("Arn", arn)];
            parts.extend(dates(provider));
            Element::Group("member", parts)
        });
        Ok(vec![Element::Group("SAMLProviderList", members.collect())])
    })
}

pub(super) fn delete(call: &mut Call<'_>) -> Answered {
    let (arn, name) = named(call)?;
    call.edit(|account| {
        let gone = account.saml_providers.remove(&name);
        gone.map(|_| Vec::new()).ok_or_else(|| unknown(&arn))
    })
}

/// The provider that a request names, once the caller may do this to it.
fn named(call: &mut Call<'_>) -> Result<(String, String), QueryError> {
    let arn = call.shape.required("SAMLProviderArn", &ARN);
    call.permit(&arn)?;
    let prefix = call.arn("saml-provider/");
    let name = arn.strip_prefix(&prefix);
    let name = name.ok_or_else(|| QueryError::invalid_input(format!("Invalid ARN: {arn}")))?;
    Ok((arn.clone(), name.to_owned()))
}

/// The document as it will be read at each sign-in; what could not be read then is refused now.
fn checked(call: &Call<'_>, document: &str) -> Result<Metadata, QueryError> {
    let unable = || QueryError::invalid_input("Unable to parse metadata");
    if document.starts_with('\u{feff}') {
        return Err(unable());
    }
    let metadata = Metadata::parse(document).map_err(|_| unable())?;
    let switches = call.simulation.switches().saml;
    if metadata.is_over(call.now()) || !metadata.has_good_keys(&switches) {
        return Err(unable());
    }
    Ok(metadata)
}

fn refuse_encryption(call: &mut Call<'_>) -> Result<(), QueryError> {
    let any = crate::aws::query::Text::any(0, 16_384);
    for name in ENCRYPTION {
        if call.shape.optional(name, &any).is_some() {
            let text = format!("{name}: this simulation reads no encrypted assertions");
            return Err(QueryError::invalid_input(text));
        }
    }
    Ok(())
}

/// When it was made and when it ends.
fn dates(provider: &SamlProvider) -> [Element; 2] {
    let century = chrono::TimeDelta::days(YEARS * 365);
    let until = provider.valid_until.unwrap_or(provider.created + century);
    [
        Element::text("ValidUntil", timestamp(until)),
        Element::text("CreateDate", timestamp(provider.created)),
    ]
}

fn unknown(arn: &str) -> QueryError {
    QueryError::missing(format!("Manifest not found for arn {arn}"))
}
