//! `OpenID` Connect providers: an issuer's URL with the audiences that are taken from it.

use super::call::{Answered, Call, distinct};
use super::describe;
use super::shape::{ARN, CLIENT_ID, THUMBPRINT, URL};
use crate::aws::iam::{Account, OidcProvider};
use crate::aws::identity::timestamp;
use crate::aws::query::{Element, QueryError};
use crate::aws::sts::may_be_issuer;

const MOST_CLIENTS: usize = 100;
const MOST_THUMBPRINTS: usize = 5;

pub(super) fn create(call: &mut Call<'_>) -> Answered {
    let url = call.shape.required("Url", &URL);
    let clients = call.shape.texts("ClientIDList", 1000, &CLIENT_ID);
    let thumbprints = call.shape.texts("ThumbprintList", 1000, &THUMBPRINT);
    let tags = call.tags();
    let clients: Vec<&str> = clients.iter().map(String::as_str).collect();
    let mut provider = OidcProvider::new(&url, &clients);
    let arn = call.arn(&format!("oidc-provider/{}", provider.key()));
    call.permit(&arn)?;
    check_url(&url)?;
    if clients.len() > MOST_CLIENTS {
        return Err(QueryError::limit(
            "ClientIdsPerOpenIdConnectProvider",
            MOST_CLIENTS,
        ));
    }
    provider.thumbprints = checked_thumbprints(thumbprints)?;
    provider.created = call.now();
    provider.tags = distinct(tags)?;
    let most = call.switches.oidc_providers;
    call.edit(|account| {
        if find(account, &arn).is_some() {
            let text = format!("Provider with url {url} already exists.");
            return Err(QueryError::exists(text));
        }
        if account.oidc_providers.len() >= most {
            return Err(QueryError::limit("OpenIdConnectProvidersPerAccount", most));
        }
        let mut answer = vec![Element::text("OpenIDConnectProviderArn", arn)];
        answer.extend(describe::tags(&provider.tags));
        account.oidc_providers.insert(url, provider);
        Ok(answer)
    })
}

pub(super) fn get(call: &mut Call<'_>) -> Answered {
    let arn = named(call)?;
    call.read(|account| {
        let provider = find(account, &arn).ok_or_else(|| unknown(&arn))?;
        let mut answer = vec![
            // the URL comes back without its scheme
            Element::text("Url", provider.key()),
            texts("ClientIDList", &provider.client_ids),
            texts("ThumbprintList", &provider.thumbprints),
            Element::text("CreateDate", timestamp(provider.created)),
        ];
        answer.extend(describe::tags(&provider.tags));
        Ok(answer)
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Answered {
    call.permit("*")?;
    call.read(|account| {
        let members = account.oidc_providers.values().map(|provider| {
            let arn = Element::text("Arn", arn_of(account, provider));
            Element::Group("member", vec![arn])
        });
        let members = members.collect();
        Ok(vec![Element::Group("OpenIDConnectProviderList", members)])
    })
}

/// Adding an audience that is there already changes nothing.
pub(super) fn add_client(call: &mut Call<'_>) -> Answered {
    let client = call.shape.required("ClientID", &CLIENT_ID);
    let arn = named(call)?;
    edit(call, &arn, |provider| {
        if provider.client_ids.contains(&client) {
            return Ok(());
        }
        if provider.client_ids.len() >= MOST_CLIENTS {
            return Err(QueryError::limit(
                "ClientIdsPerOpenIdConnectProvider",
                MOST_CLIENTS,
            ));
        }
        provider.client_ids.push(client);
        Ok(())
    })
}

/// Removing an audience that is not there changes nothing.
pub(super) fn remove_client(call: &mut Call<'_>) -> Answered {
    let client = call.shape.required("ClientID", &CLIENT_ID);
    let arn = named(call)?;
    edit(call, &arn, |provider| {
        provider.client_ids.retain(|other| *other != client);
        Ok(())
    })
}

pub(super) fn update_thumbprints(call: &mut Call<'_>) -> Answered {
    let thumbprints = call.shape.texts("ThumbprintList", 1000, &THUMBPRINT);
    let arn = named(call)?;
    let thumbprints = checked_thumbprints(thumbprints)?;
    edit(call, &arn, |provider| {
        provider.thumbprints = thumbprints;
        Ok(())
    })
}

pub(super) fn delete(call: &mut Call<'_>) -> Answered {
    let arn = named(call)?;
    call.edit(|account| {
        let url = find(account, &arn).map(|provider| provider.url.clone());
        account
            .oidc_providers
            .remove(&url.ok_or_else(|| unknown(&arn))?);
        Ok(Vec::new())
    })
}

fn named(call: &mut Call<'_>) -> Result<String, QueryError> {
    let arn = call.shape.required("OpenIDConnectProviderArn", &ARN);
    call.permit(&arn)?;
    if !arn.starts_with(&call.arn("oidc-provider/")) {
        return Err(QueryError::invalid_input(format!("Invalid ARN: {arn}")));
    }
    Ok(arn)
}

fn edit(
    call: &Call<'_>,
    arn: &str,
    edit: impl FnOnce(&mut OidcProvider) -> Result<(), QueryError>,
) -> Answered {
    call.edit(|account| {
        let url = find(account, arn).map(|provider| provider.url.clone());
        let provider = url.and_then(|url| account.oidc_providers.get_mut(&url));
        edit(provider.ok_or_else(|| unknown(arn))?)?;
        Ok(Vec::new())
    })
}

fn find<'a>(account: &'a Account, arn: &str) -> Option<&'a OidcProvider> {
    let mut providers = account.oidc_providers.values();
    providers.find(|provider| arn_of(account, provider) == arn)
}

fn arn_of(account: &Account, provider: &OidcProvider) -> String {
    account.arn("iam", &format!("oidc-provider/{}", provider.key()))
}

/// https, no port, no query. A deviation: an issuer on loopback may have http and a port.
fn check_url(url: &str) -> Result<(), QueryError> {
    let authority = url.split('/').nth(2).unwrap_or_default();
    let is_loopback = |parsed: &url::Url| match parsed.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let loopback = url::Url::parse(url).is_ok_and(|parsed| is_loopback(&parsed));
    let has_port = authority.contains(':') && !loopback;
    if may_be_issuer(url) && !has_port {
        Ok(())
    } else {
        Err(QueryError::validation(
            "Invalid Open ID Connect Provider URL",
        ))
    }
}

fn checked_thumbprints(thumbprints: Vec<String>) -> Result<Vec<String>, QueryError> {
    let hexadecimal = |one: &String| one.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !thumbprints.iter().all(hexadecimal) {
        return Err(QueryError::invalid_input(
            "Thumbprint list contains invalid hex",
        ));
    }
    if thumbprints.len() > MOST_THUMBPRINTS {
        return Err(QueryError::invalid_input(
            "Thumbprint list must contain fewer than 5 entries",
        ));
    }
    Ok(thumbprints)
}

fn texts(name: &'static str, values: &[String]) -> Element {
    let members = values.iter();
    let members = members.map(|value| Element::text("member", value.as_str()));
    Element::Group(name, members.collect())
}

fn unknown(arn: &str) -> QueryError {
    QueryError::missing(format!("OpenIDConnect Provider not found for arn {arn}"))
}
