//! The keys of an OpenID Connect issuer, fetched from its own discovery document.
//!
//! Over https, or plain http where the issuer stands on loopback, which is the sandbox's one
//! deviation. Nothing but loopback is ever contacted. Five seconds in all, bounded answers, no
//! redirects; what was fetched is kept as long as the switch says. A certificate that nobody trusted
//! signed is asked for again by the provider's thumbprints.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, JwkSet};
use reqwest::{Client, ClientBuilder};
use serde::Deserialize;
use url::{Host, Url};

use super::thumbprint;
use crate::aws::iam::OidcProvider;
use crate::aws::switches::WebIdentitySwitches;

const DEADLINE: Duration = Duration::from_secs(5);
const MAX_ANSWER: usize = 262_144;

/// Why an issuer's keys could not be had.
#[derive(Debug, thiserror::Error)]
pub(in crate::aws) enum KeysError {
    /// The issuer or the address of its keys is not one that may be asked.
    #[error("the issuer may not be asked")]
    Address,
    /// The issuer's certificate is not trusted.
    #[error("the issuer's certificate is not trusted")]
    Certificate(#[source] reqwest::Error),
    /// No client that trusts the provider's thumbprints could be made.
    #[error("no client for the provider's thumbprints")]
    Tls(#[source] rustls::Error),
    /// The issuer did not answer, or not in time.
    #[error("the issuer did not answer")]
    Unreachable(#[source] reqwest::Error),
    /// It answered something else.
    #[error("the issuer's answer is not usable")]
    Answer,
}

/// Fetches and keeps issuers' keys.
#[derive(Clone, Debug, Default)]
pub(in crate::aws) struct IssuerKeys(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    kept: HashMap<String, (DateTime<Utc>, JwkSet)>,
    authorities: Vec<reqwest::Certificate>,
    /// Digests of the tokens that were used, kept while tokens are good once.
    used: HashSet<Vec<u8>>,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl IssuerKeys {
    /// Trusts a further certificate authority when issuers are asked.
    pub(in crate::aws) fn trust(&self, certificate: reqwest::Certificate) {
        self.lock().authorities.push(certificate);
    }

    /// Whether a token is used for the first time, from now on.
    pub(super) fn first_use(&self, token: &str) -> bool {
        let hash = digest::digest(&digest::SHA256, token.as_bytes());
        self.lock().used.insert(hash.as_ref().to_vec())
    }

    /// The keys of the issuer that `provider` stands for.
    pub(super) async fn of(
        &self,
        provider: &OidcProvider,
        now: DateTime<Utc>,
        switches: &WebIdentitySwitches,
    ) -> Result<JwkSet, KeysError> {
        let issuer = &provider.url;
        let fresh = now - TimeDelta::seconds(switches.keys_kept_seconds);
        if let Some((at, keys)) = self.lock().kept.get(issuer)
            && *at > fresh
        {
            return Ok(keys.clone());
        }
        let clients = self.clients(&provider.thumbprints)?;
        let base = issuer.trim_end_matches('/');
        let discovery = clients
            .fetch(&format!("{base}/.well-known/openid-configuration"))
            .await?;
        let discovery: Discovery =
            serde_json::from_slice(&discovery).map_err(|_| KeysError::Answer)?;
        if discovery.issuer != *issuer {
            return Err(KeysError::Answer);
        }
        let keys = clients.fetch(&discovery.jwks_uri).await?;
        let keys: JwkSet = serde_json::from_slice(&keys).map_err(|_| KeysError::Answer)?;
        if keys.keys.is_empty() || too_many(&keys, switches.keys_of_each_kind) {
            return Err(KeysError::Answer);
        }
        self.lock().kept.insert(issuer.clone(), (now, keys.clone()));
        Ok(keys)
    }

    fn clients(&self, thumbprints: &[String]) -> Result<Clients, KeysError> {
        let build = |builder: ClientBuilder| builder.build().map_err(KeysError::Unreachable);
        let authorities = self.lock().authorities.clone();
        let pinned = if thumbprints.is_empty() {
            None
        } else {
            let config = thumbprint::client_config(thumbprints).map_err(KeysError::Tls)?;
            Some(build(builder().tls_backend_preconfigured(config))?)
        };
        Ok(Clients {
            usual: build(builder().tls_certs_merge(authorities))?,
            pinned,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those who ask an issuer: one who trusts authorities, and one who trusts thumbprints.
struct Clients {
    usual: Client,
    pinned: Option<Client>,
}

impl Clients {
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, KeysError> {
        match (fetch(&self.usual, url).await, &self.pinned) {
            (Err(KeysError::Certificate(_)), Some(pinned)) => fetch(pinned, url).await,
            (answer, _) => answer,
        }
    }
}

fn builder() -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(DEADLINE)
}

fn too_many(keys: &JwkSet, most: usize) -> bool {
    let is_rsa =
        |key: &&jsonwebtoken::jwk::Jwk| matches!(key.algorithm, AlgorithmParameters::RSA(_));
    let rsa = keys.keys.iter().filter(is_rsa).count();
    rsa > most || keys.keys.len() - rsa > most
}

/// Whether `url` may be an issuer: https, or http on loopback; no query and no fragment.
pub(in crate::aws) fn may_be_issuer(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let plain = url.username().is_empty() && url.password().is_none();
    let secure = url.scheme() == "https" && (url.port().is_none() || is_loopback(&url));
    let loopback = url.scheme() == "http" && is_loopback(&url);
    plain && url.query().is_none() && url.fragment().is_none() && (secure || loopback)
}

async fn fetch(client: &Client, url: &str) -> Result<Vec<u8>, KeysError> {
    let url = Url::parse(url).map_err(|_| KeysError::Address)?;
    if !matches!(url.scheme(), "http" | "https") || !is_loopback(&url) {
        return Err(KeysError::Address);
    }
    let mut response = client.get(url).send().await.map_err(failure)?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(KeysError::Answer);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(KeysError::Answer);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Tells a certificate nobody trusts from an issuer nobody reaches, by the cause's own type.
fn failure(error: reqwest::Error) -> KeysError {
    if is_about_tls(&error) {
        KeysError::Certificate(error)
    } else {
        KeysError::Unreachable(error)
    }
}

/// An I/O error answers the source of what it wraps and not that itself, so it is opened.
fn is_about_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    if error.downcast_ref::<rustls::Error>().is_some() {
        return true;
    }
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    if let Some(wrapped) = wrapped {
        return is_about_tls(wrapped);
    }
    error.source().is_some_and(is_about_tls)
}

#[cfg(test)]
mod tests {
    use super::may_be_issuer;

    #[test]
    fn issuers_are_https_without_a_port_or_stand_on_loopback() {
        for url in [
            "https://idp.example",
            "https://idp.example/tenant",
            "http://127.0.0.1:8400",
        ] {
            assert!(may_be_issuer(url), "{url}");
        }
        for url in [
            "http://idp.example",
            "https://idp.example:8443",
            "https://idp.example?x",
            "file:///x",
            "https://a@idp.example",
            "https://idp.example#x",
            "",
            "idp.example",
            "http://10.0.0.1",
        ] {
            assert!(!may_be_issuer(url), "{url}");
        }
    }
}
