//! `[[identity_providers]]`: where people prove who they are.

use std::collections::HashSet;

use secrecy::SecretString;
use url::Url;

use super::check::{Report, is_loopback};
use super::{files, raw};
use crate::domain::identity::IdpId;
use crate::domain::names::UniqueDomains;

/// An identity provider of the configuration.
#[derive(Debug, Clone)]
pub struct IdentityProvider {
    /// Its name in URLs, in the access model and in the audit log.
    pub id: IdpId,
    /// Its name for people.
    pub name: String,
    /// Mail domains whose addresses name one person only, so that they may stand as session names unchanged.
    pub unique_email_domains: Vec<String>,
    /// A page of the provider's where one can sign out of it: offered after signing out of Vestibule.
    pub sign_out_url: Option<Url>,
    /// What it speaks.
    pub kind: IdpKind,
}

/// What an identity provider speaks.
#[derive(Debug, Clone)]
pub enum IdpKind {
    /// SAML 2.0.
    Saml(SamlConfig),
    /// OpenID Connect.
    Oidc(OidcConfig),
}

/// A SAML identity provider.
#[derive(Debug, Clone)]
pub struct SamlConfig {
    /// The contents of `metadata_file`.
    pub metadata: String,
    /// Our entity id towards it; default `{public_url}/saml/{id}/metadata`.
    pub entity_id: String,
    /// Our assertion consumer service: `{public_url}/saml/{id}/acs`.
    pub acs_url: Url,
    /// Further audiences to accept, for proofs that are forwarded to AWS.
    pub audiences: Vec<String>,
    /// The attribute whose first value is the person's name for readers.
    pub name_attribute: Option<String>,
    /// How far the provider's clock may be off, in seconds: 0–180, default 60.
    pub leeway_seconds: u32,
    /// How old an assertion may be at most, in seconds from its `IssueInstant`: 30–600, default 300.
    pub max_age_seconds: u32,
}

/// An OpenID Connect provider.
#[derive(Debug, Clone)]
pub struct OidcConfig {
    /// Exactly as in its discovery document and its tokens.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// Our secret there; `None` for a public client.
    pub client_secret: Option<SecretString>,
    /// What we ask for; contains `openid`.
    pub scopes: Vec<String>,
    /// `{public_url}/oidc/{id}/callback`.
    pub redirect_uri: Url,
    /// Accepted signature algorithms, of `RS256 RS384 RS512 ES256 ES384`.
    pub algorithms: Vec<String>,
    /// Ask the userinfo endpoint too, and take the claims that the ID token lacks from there.
    pub userinfo: bool,
    /// How far its clock may be off, in seconds: 0–60, default 60.
    pub leeway_seconds: u32,
    /// Further certificate authorities (DER) for its https endpoints, beside the public ones.
    pub authorities: Vec<Vec<u8>>,
}

/// Checks all entries.
pub(super) fn check(
    report: &mut Report<'_>,
    entries: Vec<raw::IdentityProvider>,
    public_url: Option<&Url>,
) -> Vec<IdentityProvider> {
    if entries.is_empty() {
        report.add(
            "identity_providers",
            "names none: nobody could sign in. Add an [[identity_providers]] entry",
        );
    }
    let mut ids = HashSet::new();
    let mut checked = Vec::new();
    for (index, mut entry) in entries.into_iter().enumerate() {
        let key = format!("identity_providers[{index}]");
        let Some(id) = report.keep(&format!("{key}.id"), IdpId::parse(&entry.id)) else {
            continue;
        };
        if !ids.insert(id.clone()) {
            report.add(format!("{key}.id"), "stands twice");
        }
        domains(report, &key, &entry.unique_email_domains);
        let name = entry.name.take().unwrap_or_else(|| id.to_string());
        let sign_out_url = sign_out_url(report, &key, entry.sign_out_url.take());
        let unique_email_domains = std::mem::take(&mut entry.unique_email_domains);
        // with a broken public URL the entries are still checked, against a stand-in that reaches nobody
        let base = public_url.map_or("https://vestibule.invalid", Url::as_str);
        let place = Place {
            key,
            id: id.clone(),
            base: base.trim_end_matches('/').to_owned(),
        };
        let kind = match entry.kind {
            raw::Kind::Saml => saml(report, &place, entry).map(IdpKind::Saml),
            raw::Kind::Oidc => oidc(report, &place, entry).map(IdpKind::Oidc),
        };
        if let Some(kind) = kind {
            checked.push(IdentityProvider {
                id,
                name,
                unique_email_domains,
                sign_out_url,
                kind,
            });
        }
    }
    disputed(report, &checked);
    checked
}

/// A domain that two providers list proves nobody unique, so it counts for neither.
fn disputed(report: &mut Report<'_>, providers: &[IdentityProvider]) {
    let listed = providers
        .iter()
        .map(|idp| (&idp.id, idp.unique_email_domains.as_slice()));
    for domain in UniqueDomains::new(listed).disputed() {
        report.warn(
            "identity_providers",
            &format!(
                "several list {domain} in unique_email_domains: it counts for none of them, and session names of its addresses get a digest"
            ),
        );
    }
}

fn sign_out_url(report: &mut Report<'_>, key: &str, text: Option<String>) -> Option<Url> {
    let key = format!("{key}.sign_out_url");
    let url = report.keep(&key, Url::parse(&text?).map_err(|_| "is no URL"))?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        return Some(url);
    }
    report.add(
        key,
        "begins with https:// (http:// serves loopback addresses only)",
    );
    None
}

struct Place {
    key: String,
    id: IdpId,
    base: String,
}

impl Place {
    fn of(&self, key: &str) -> String {
        format!("{}.{key}", self.key)
    }

    fn url(&self, protocol: &str, page: &str) -> Option<Url> {
        Url::parse(&format!("{}/{protocol}/{}/{page}", self.base, self.id)).ok()
    }
}

fn domains(report: &mut Report<'_>, key: &str, domains: &[String]) {
    for (index, domain) in domains.iter().enumerate() {
        let fits = !domain.is_empty()
            && domain
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.');
        if !fits {
            report.add(
                format!("{key}.unique_email_domains[{index}]"),
                "is a mail domain in lower case, such as example.com",
            );
        }
    }
}

/// The keys of OpenID Connect, and whether they are given.
fn keys_of_oidc(entry: &raw::IdentityProvider) -> [(&'static str, bool); 8] {
    [
        ("issuer", entry.issuer.is_some()),
        ("client_id", entry.client_id.is_some()),
        ("client_secret", entry.client_secret.is_some()),
        ("client_secret_file", entry.client_secret_file.is_some()),
        ("scopes", entry.scopes.is_some()),
        ("algorithms", entry.algorithms.is_some()),
        ("userinfo", entry.userinfo.is_some()),
        ("ca_file", entry.ca_file.is_some()),
    ]
}

/// The keys of SAML, and whether they are given.
fn keys_of_saml(entry: &raw::IdentityProvider) -> [(&'static str, bool); 5] {
    [
        ("metadata_file", entry.metadata_file.is_some()),
        ("entity_id", entry.entity_id.is_some()),
        ("audience", entry.audience.is_some()),
        ("name_attribute", entry.name_attribute.is_some()),
        ("max_age_seconds", entry.max_age_seconds.is_some()),
    ]
}

/// Keys that belong to the other kind are as wrong as unknown ones.
fn refuse(report: &mut Report<'_>, place: &Place, kind: &str, given: &[(&str, bool)]) {
    for (key, given) in given {
        if *given {
            report.add(place.of(key), format!("does not go with kind = \"{kind}\""));
        }
    }
}

fn within(
    report: &mut Report<'_>,
    key: String,
    given: Option<u32>,
    (least, default, most): (u32, u32, u32),
) -> u32 {
    let value = given.unwrap_or(default);
    if !(least..=most).contains(&value) {
        report.add(key, format!("is between {least} and {most}"));
    }
    value
}

fn saml(
    report: &mut Report<'_>,
    place: &Place,
    entry: raw::IdentityProvider,
) -> Option<SamlConfig> {
    refuse(report, place, "saml", &keys_of_oidc(&entry));
    let key = place.of("metadata_file");
    let metadata = match entry.metadata_file {
        None => {
            report.add(
                &key,
                "is missing: the file with the provider's SAML metadata",
            );
            None
        }
        Some(file) => {
            let path = report.path(&file);
            report.keep(&key, files::read_text(&path))
        }
    };
    let leeway = within(
        report,
        place.of("leeway_seconds"),
        entry.leeway_seconds,
        (0, 60, 180),
    );
    let max_age = within(
        report,
        place.of("max_age_seconds"),
        entry.max_age_seconds,
        (30, 300, 600),
    );
    let entity_id = entry
        .entity_id
        .unwrap_or_else(|| format!("{}/saml/{}/metadata", place.base, place.id));
    if entity_id.is_empty() || entity_id.len() > 1024 || entity_id.contains(char::is_whitespace) {
        report.add(
            place.of("entity_id"),
            "is a URI of at most 1,024 characters without spaces (SAML Core §8.3.6)",
        );
    }
    Some(SamlConfig {
        metadata: metadata?,
        entity_id,
        acs_url: place.url("saml", "acs")?,
        audiences: entry
            .audience
            .map(raw::OneOrMany::into_vec)
            .unwrap_or_default(),
        name_attribute: entry.name_attribute,
        leeway_seconds: leeway,
        max_age_seconds: max_age,
    })
}

const ALGORITHMS: [&str; 5] = ["RS256", "RS384", "RS512", "ES256", "ES384"];

fn oidc(
    report: &mut Report<'_>,
    place: &Place,
    entry: raw::IdentityProvider,
) -> Option<OidcConfig> {
    refuse(report, place, "oidc", &keys_of_saml(&entry));
    let issuer = issuer(report, place, entry.issuer);
    let client_id = entry.client_id.filter(|id| !id.is_empty());
    if client_id.is_none() {
        report.add(place.of("client_id"), "is missing");
    }
    let client_secret = match (entry.client_secret, entry.client_secret_file) {
        (None, None) => None,
        (Some(secret), None) => Some(SecretString::from(secret)),
        (None, Some(file)) => Some(report.secret_file(&place.of("client_secret_file"), &file)?),
        (Some(_), Some(_)) => {
            report.add(
                place.of("client_secret"),
                "is given here or by client_secret_file, not both",
            );
            None
        }
    };
    let scopes = entry
        .scopes
        .unwrap_or_else(|| ["openid", "profile", "email"].map(str::to_owned).to_vec());
    if !scopes.iter().any(|scope| scope == "openid") {
        report.add(
            place.of("scopes"),
            "contains openid (OpenID Connect Core §3.1.2.1)",
        );
    }
    let algorithms = entry.algorithms.unwrap_or_else(|| vec!["RS256".to_owned()]);
    if algorithms.is_empty() || algorithms.iter().any(|a| !ALGORITHMS.contains(&a.as_str())) {
        report.add(
            place.of("algorithms"),
            "lists one or more of RS256, RS384, RS512, ES256, ES384",
        );
    }
    let leeway = within(
        report,
        place.of("leeway_seconds"),
        entry.leeway_seconds,
        (0, 60, 60),
    );
    let authorities = authorities(report, &place.of("ca_file"), entry.ca_file.as_deref());
    Some(OidcConfig {
        issuer: issuer?,
        client_id: client_id?,
        client_secret,
        scopes,
        redirect_uri: place.url("oidc", "callback")?,
        algorithms,
        userinfo: entry.userinfo.unwrap_or(false),
        leeway_seconds: leeway,
        authorities,
    })
}

fn issuer(report: &mut Report<'_>, place: &Place, issuer: Option<String>) -> Option<String> {
    let key = place.of("issuer");
    let Some(issuer) = issuer else {
        report.add(key, "is missing");
        return None;
    };
    let url = report.keep(&key, Url::parse(&issuer).map_err(|_| "is no URL"))?;
    if url.query().is_some() || url.fragment().is_some() {
        report.add(
            key,
            "has no query and no fragment (OpenID Connect Discovery §3)",
        );
        return None;
    }
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        return Some(issuer);
    }
    report.add(
        key,
        "begins with https:// (http:// serves loopback addresses only)",
    );
    None
}

/// The certificates of a `ca_file`, as DER; none when there is no such key.
pub(super) fn authorities(report: &mut Report<'_>, key: &str, file: Option<&str>) -> Vec<Vec<u8>> {
    let Some(file) = file else {
        return Vec::new();
    };
    let path = report.path(file);
    let found = files::read_bytes(&path).and_then(|pem| files::certificates(&pem));
    report.keep(key, found).unwrap_or_default()
}
