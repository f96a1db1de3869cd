//! `[issuer]`: Vestibule as an identity provider towards AWS.

use std::path::PathBuf;

use url::Url;

use super::check::{Report, is_loopback};
use super::raw;

/// The longest URL of an IAM OpenID Connect provider, and the longest client id.
const LONGEST: usize = 255;
/// The longest SAML entity id (SAML metadata §2.2.1).
const LONGEST_ENTITY_ID: usize = 1024;

/// `[issuer]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerConfig {
    /// Our name as an issuer, and what its addresses begin with; without a trailing slash.
    pub url: String,
    /// The folder of the keys.
    pub keys_dir: PathBuf,
    /// Our name as a SAML identity provider.
    pub saml_entity_id: String,
    /// The audience of ID tokens: what an account's OpenID Connect provider lists as a client id.
    pub oidc_audience: String,
    /// Where people begin: the portal.
    pub home: String,
}

impl IssuerConfig {
    /// The recipient of every SAML response: what trust policies pin as `SAML:aud`.
    pub fn recipient(&self) -> String {
        format!("{}/issuer/saml", self.url)
    }

    /// What keeps IAM from taking the URL as an OpenID Connect provider's.
    pub fn unfit_for_iam(&self) -> Option<&'static str> {
        unfit_for_iam(&self.url)
    }
}

/// What keeps IAM from taking an issuer as an OpenID Connect provider (IAM's `CreateOpenIDConnectProvider`): https, no
/// port, no query, at most 255 characters. A sandbox on loopback is no IAM.
pub fn unfit_for_iam(issuer: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(issuer) else {
        return Some("is no URL");
    };
    if is_loopback(&url) {
        None
    } else if url.scheme() != "https" {
        Some("does not begin with https://")
    } else if url.port().is_some() {
        Some("has a port")
    } else if url.query().is_some() {
        Some("has a query")
    } else if issuer.len() > LONGEST {
        Some("has more than 255 characters")
    } else {
        None
    }
}

/// Checks `[issuer]`; `public_url` is where people reach us.
pub(super) fn check(
    report: &mut Report<'_>,
    raw: raw::Issuer,
    public_url: Option<&Url>,
) -> Option<IssuerConfig> {
    let home = public_url.map(Url::as_str);
    let url = match &raw.url {
        Some(text) => url(report, text),
        None => home.map(|home| home.trim_end_matches('/').to_owned()),
    };
    let default_id = url
        .as_ref()
        .map(|url| format!("{url}/issuer/saml/metadata"));
    let saml_entity_id = raw.saml_entity_id.or(default_id);
    if saml_entity_id
        .as_ref()
        .is_some_and(|id| id.is_empty() || id.len() > LONGEST_ENTITY_ID || !is_visible(id))
    {
        report.add(
            "issuer.saml_entity_id",
            "has 1 to 1,024 visible characters of ASCII",
        );
    }
    if raw.oidc_audience.is_empty()
        || raw.oidc_audience.len() > LONGEST
        || !is_visible(&raw.oidc_audience)
    {
        report.add(
            "issuer.oidc_audience",
            "has 1 to 255 visible characters of ASCII",
        );
    }
    Some(IssuerConfig {
        url: url?,
        keys_dir: report.path(&raw.keys_dir),
        saml_entity_id: saml_entity_id?,
        oidc_audience: raw.oidc_audience,
        home: home?.to_owned(),
    })
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
}

/// A URL that is the same text however it is read: AWS compares it letter by letter.
fn url(report: &mut Report<'_>, text: &str) -> Option<String> {
    let key = "issuer.url";
    let url = report.keep(key, Url::parse(text).map_err(|_| "is no URL"))?;
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    let normal = url.as_str().trim_end_matches('/');
    if !plain || normal != text {
        report.add(
            key,
            "has a scheme, a host and perhaps a path, in the usual spelling and without a slash at the end",
        );
        return None;
    }
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        report.add(
            key,
            "begins with https:// (http:// serves loopback addresses only)",
        );
        return None;
    }
    Some(text.to_owned())
}
