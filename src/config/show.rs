//! The effective configuration as `vestibule check` prints it: every default filled in, every secret hidden.

use std::fmt::Write as _;

use super::{
    AwsConfig, Config, CredentialsSource, IdentityProvider, IdpKind, IssuerConfig, StsChoice,
};

/// What stands for a secret.
const HIDDEN: &str = "(hidden)";

/// Writes the whole configuration.
pub(super) fn show(config: &Config) -> String {
    let mut out = String::new();
    let server = &config.server;
    line(&mut out, "[server]");
    entry(&mut out, "listen", server.listen);
    entry(&mut out, "operations_listen", server.operations_listen);
    entry(
        &mut out,
        "public_url",
        server.public_url.as_str().trim_end_matches('/'),
    );
    entry(&mut out, "cookie_secret", HIDDEN);
    entry(
        &mut out,
        "https",
        if server.tls.is_some() {
            "by ourselves"
        } else {
            "in front of us, or none"
        },
    );
    entry(&mut out, "trusted_proxies", server.trusted_proxies.len());
    line(&mut out, "\n[database]");
    entry(&mut out, "url", database(config));
    line(&mut out, "\n[sessions]");
    entry(&mut out, "idle_minutes", config.sessions.idle_minutes);
    entry(&mut out, "absolute_hours", config.sessions.absolute_hours);
    for idp in &config.identity_providers {
        provider(&mut out, idp);
    }
    access(&mut out, config);
    aws(&mut out, &config.aws);
    issuer(&mut out, &config.issuer);
    for own in &config.credentials {
        line(&mut out, "\n[[credentials]]");
        entry(&mut out, "name", &own.name);
        entry(&mut out, "partition", &own.partition);
        let source = match &own.source {
            CredentialsSource::Chain => "chain".to_owned(),
            CredentialsSource::Profile(profile) => format!("profile {profile}"),
            CredentialsSource::File { path, profile } => {
                format!("file {}, profile {profile}", path.display())
            }
        };
        entry(&mut out, "source", source);
        entry(&mut out, "may_not_assume_roles", own.may_not_assume_roles);
    }
    administrators(&mut out, config);
    portal(&mut out, config);
    for_programs(&mut out, config);
    line(&mut out, "\n[audit]");
    entry(&mut out, "key_file", config.audit_key_file.display());
    entry(&mut out, "keep_days", config.audit_keep_days);
    out
}

fn access(out: &mut String, config: &Config) {
    line(out, "\n[access]");
    let file = config.access_file.as_ref();
    entry(
        out,
        "file",
        file.map_or("(none: edited in the pages)".to_owned(), |f| {
            f.display().to_string()
        }),
    );
    entry(out, "impact_days", config.impact_days);
    let key_file = config.impact_key_file.display();
    entry(out, "impact_key_file", key_file);
}

fn portal(out: &mut String, config: &Config) {
    if let Some(form) = &config.request_form {
        line(out, "\n[portal]");
        entry(out, "request_url", form.as_str());
    }
}

fn for_programs(out: &mut String, config: &Config) {
    line(out, "\n[tokens]");
    entry(out, "usual_days", config.tokens.usual_days);
    entry(out, "most_days", config.tokens.most_days);
    line(out, "\n[limits]");
    for (key, limit) in config.limits.by_key() {
        let text = match limit.per_minute {
            0 => "none".to_owned(),
            many => format!("{many} a minute, {} at once", limit.at_once()),
        };
        entry(out, key, text);
    }
}

fn administrators(out: &mut String, config: &Config) {
    for administrator in &config.administrators {
        line(out, "\n[[administrators]]");
        entry(out, "idp", &administrator.idp);
        entry(out, "conditions", administrator.when.len());
    }
}

fn line(out: &mut String, text: &str) {
    // writing to a String cannot fail
    let _ = writeln!(out, "{text}");
}

fn entry(out: &mut String, key: &str, value: impl std::fmt::Display) {
    let _ = writeln!(out, "{key} = {value}");
}

/// The database without what may be a password.
fn database(config: &Config) -> String {
    use secrecy::ExposeSecret as _;
    let url = config.database.url.expose_secret();
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let parsed = url::Url::parse(url).ok();
    let host = parsed
        .as_ref()
        .and_then(url::Url::host_str)
        .unwrap_or("(local)");
    let name = parsed.as_ref().map_or("", url::Url::path);
    format!("postgres://{HIDDEN}@{host}{name}")
}

fn provider(out: &mut String, idp: &IdentityProvider) {
    line(out, "\n[[identity_providers]]");
    entry(out, "id", &idp.id);
    entry(out, "name", &idp.name);
    match &idp.kind {
        IdpKind::Saml(saml) => {
            entry(out, "kind", "saml");
            entry(out, "entity_id", &saml.entity_id);
            entry(out, "acs_url", &saml.acs_url);
            entry(out, "audience", saml.audiences.join(", "));
            entry(out, "leeway_seconds", saml.leeway_seconds);
            entry(out, "max_age_seconds", saml.max_age_seconds);
        }
        IdpKind::Oidc(oidc) => {
            entry(out, "kind", "oidc");
            entry(out, "issuer", &oidc.issuer);
            entry(out, "client_id", &oidc.client_id);
            let secret = oidc.client_secret.as_ref();
            entry(out, "client_secret", secret.map_or("(none)", |_| HIDDEN));
            entry(out, "redirect_uri", &oidc.redirect_uri);
            entry(out, "scopes", oidc.scopes.join(" "));
            entry(out, "algorithms", oidc.algorithms.join(" "));
            entry(out, "leeway_seconds", oidc.leeway_seconds);
        }
    }
}

fn issuer(out: &mut String, issuer: &IssuerConfig) {
    line(out, "\n[issuer]");
    entry(out, "url", &issuer.url);
    entry(out, "keys_dir", issuer.keys_dir.display());
    entry(out, "saml_entity_id", &issuer.saml_entity_id);
    entry(out, "oidc_audience", &issuer.oidc_audience);
}

fn aws(out: &mut String, aws: &AwsConfig) {
    line(out, "\n[aws]");
    for (partition, choice) in &aws.choices {
        let hosts = match choice {
            StsChoice::Regional(region) => region.as_str(),
            StsChoice::Global => "global",
        };
        entry(out, &format!("region ({partition})"), hosts);
    }
    if let Some(endpoint) = &aws.endpoint {
        entry(out, "endpoint", endpoint.as_str());
    }
    entry(out, "further authorities", aws.authorities.len());
}
