//! Lines that stand around a role: the account's identity provider, the issuer's keys, own credentials, the region.

use super::{IssuerWords, Line, model, oidc_provider_arn};
use crate::domain::probe::answer::{Stage, Unable};
use crate::domain::role::Role;

/// What the account's identity provider must know.
pub(in crate::domain::probe) fn provider(role: &Role, issuer: &IssuerWords) -> Vec<Line> {
    match role.saml_provider_arn() {
        Some(arn) => vec![
            Line::new(
                ("The SAML provider", arn),
                "Give it the issuer's present metadata, by UpdateSAMLProvider; this is where it stands",
            )
            .with(issuer.entity_id.as_str()),
            Line::new(
                model(role),
                "If the account's provider has another name, change provider",
            ),
        ],
        None => vec![
            Line::new(
                ("The OpenID Connect provider", oidc_provider_arn(role, issuer)),
                "It must have this URL, letter by letter",
            )
            .with(issuer.url.as_str()),
            Line::new(
                ("The OpenID Connect provider", oidc_provider_arn(role, issuer)),
                "It must list this client id",
            )
            .with(issuer.audience.as_str()),
        ],
    }
}

/// The issuer's keys.
pub(in crate::domain::probe) fn keys(role: &Role, unable: Unable) -> Vec<Line> {
    let purpose = if role.saml_provider_arn().is_some() {
        "saml"
    } else {
        "oidc"
    };
    match unable {
        Unable::NoKey | Unable::Expired => vec![
            Line::new(
                ("The keys of", "the issuer"),
                "Make a key, give it to every account, and bring it into force",
            )
            .with(format!(
                "vestibule issuer keys new --use {purpose}\nvestibule issuer keys promote --use {purpose}"
            )),
        ],
        Unable::Broken => vec![Line::new(
            ("The keys of", "the issuer"),
            "Vestibule's log says what is wrong with them",
        )],
    }
}

/// The entry of the own credentials.
pub(in crate::domain::probe) fn entry(role: &Role, change: &str) -> Line {
    let line = Line::new(("The configuration,", "[[credentials]]"), change);
    match role.method.credentials() {
        Some(credentials) => line.with(format!("name = \"{credentials}\"")),
        None => line,
    }
}

/// Where STS is activated, or another region chosen.
pub(in crate::domain::probe) fn region(role: &Role, at: Stage) -> Vec<Line> {
    let account = match (at, role.method.via()) {
        (Stage::Hub, Some(via)) => via.role.account(),
        _ => &role.account.id,
    };
    vec![
        Line::new(
            ("IAM's account settings in", account.to_string()),
            "Activate STS in the region that Vestibule uses",
        ),
        Line::new(("The configuration,", "[aws]"), "Or choose another region").with("region"),
    ]
}
