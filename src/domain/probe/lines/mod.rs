//! The line to change: where it stands, and what it has to say.

mod around;

pub(super) use around::{entry, keys, provider, region};

use super::statement::{list, statement};
use crate::domain::role::{CredentialsName, Method, Role, Via};

/// What accounts know Vestibule's issuer by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerWords {
    /// What trust policies pin as `SAML:aud`.
    pub recipient: String,
    /// What they pin as `SAML:iss`.
    pub entity_id: String,
    /// The URL of the account's OpenID Connect provider.
    pub url: String,
    /// What that provider lists as a client id.
    pub audience: String,
}

/// A line to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it stands in: "The trust policy of".
    pub place: &'static str,
    /// Which one.
    pub name: String,
    /// What to do there.
    pub change: String,
    /// What it says afterwards, where that can be written down.
    pub code: Option<String>,
}

impl Line {
    fn new((place, name): (&'static str, impl Into<String>), change: impl Into<String>) -> Self {
        Self {
            place,
            name: name.into(),
            change: change.into(),
            code: None,
        }
    }

    fn with(self, code: impl Into<String>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }
}

const LIKE_THIS: &str =
    "It needs a statement like this one; aws sts get-caller-identity says the ARN";
const TAG_SESSION: &str = "sts:TagSession";
const SET_SOURCE_IDENTITY: &str = "sts:SetSourceIdentity";

/// What writes all of it down, for this role.
pub(super) fn whole(role: &Role) -> Line {
    let signer = role.method.credentials();
    let signer = signer.map(|credentials| format!(" --principal {credentials}=ARN"));
    let signer = signer.unwrap_or_default();
    Line::new(
        ("All that an account needs for", role.key.to_string()),
        "This command prints it, ready to be applied",
    )
    .with(format!(
        "vestibule trust --account {} --role {}{signer} --format cloudformation",
        role.key.account, role.key.name
    ))
}

/// Where tags are allowed.
pub(super) fn tags(role: &Role) -> Vec<Line> {
    let mut lines = allows(role, TAG_SESSION);
    lines.push(
        Line::new(
            model(role),
            "Or leave the tags out, if no policy looks at them: the key",
        )
        .with("tags"),
    );
    lines
}

/// Where a source identity is allowed.
pub(super) fn source_identity(role: &Role) -> Vec<Line> {
    let mut lines = allows(role, SET_SOURCE_IDENTITY);
    lines.push(
        Line::new(
            model(role),
            "Or set none, if nobody asks CloudTrail for it: the key",
        )
        .with("source_identity = false"),
    );
    lines
}

/// Where one more action is allowed: the trust policy, and the caller's own where there is a caller.
fn allows(role: &Role, action: &str) -> Vec<Line> {
    if let Method::GetFederationToken { credentials, .. } = &role.method {
        let place = (
            "A policy of the IAM user behind the own credentials",
            credentials.to_string(),
        );
        let code = statement(None, &[action], Some("*"), &[]);
        return vec![Line::new(place, format!("Allow {action}")).with(code)];
    }
    let trust = Line::new(
        trust_policy(&role.arn()),
        format!(
            "Add {action} to the actions of the statement that lets Vestibule in; its actions are then"
        ),
    )
    .with(format!("\"Action\": {}", list(&actions(role))));
    let caller = caller(role).map(|(place, _)| {
        Line::new(
            place,
            format!("Allow {action} on the role, where that is another account's"),
        )
        .with(statement(None, &actions(role), Some(&role.arn()), &[]))
    });
    std::iter::once(trust).chain(caller).collect()
}

/// Where the hub role takes a source identity.
pub(super) fn source_identity_at(via: &Via, role: &Role) -> Vec<Line> {
    let actions = ["sts:AssumeRole", SET_SOURCE_IDENTITY];
    let change = "Add sts:SetSourceIdentity to the actions of the statement that lets Vestibule's own credentials in; its actions are then";
    vec![
        Line::new(trust_policy(via.role.as_str()), change)
            .with(format!("\"Action\": {}", list(&actions))),
        Line::new(
            ("A policy of the own credentials", named(role)),
            "Allow sts:SetSourceIdentity on the hub role, where that is another account's",
        )
        .with(statement(None, &actions, Some(via.role.as_str()), &[])),
    ]
}

/// All that lets Vestibule into a role: where it is refused whatever is sent along.
pub(super) fn lets_in(role: &Role, issuer: &IssuerWords) -> Vec<Line> {
    let asked = Line::new(
        model(role),
        "AWS was asked for this role; if it has another name or path, change name or path",
    )
    .with(role.arn());
    let trust = |principal: (&str, &str), conditions: &[(String, &str)]| {
        Line::new(
            trust_policy(&role.arn()),
            if matches!(role.method, Method::AssumeRole { via: None, .. }) {
                LIKE_THIS
            } else {
                "It needs a statement like this one"
            },
        )
        .with(statement(Some(principal), &actions(role), None, conditions))
    };
    let mut lines = match &role.method {
        Method::AssumeRoleWithSaml { .. } => {
            let provider = role.saml_provider_arn().unwrap_or_default();
            let pins = [
                ("SAML:aud".to_owned(), issuer.recipient.as_str()),
                ("SAML:iss".to_owned(), issuer.entity_id.as_str()),
            ];
            vec![trust(("Federated", &provider), &pins)]
        }
        Method::AssumeRoleWithWebIdentity { .. } => {
            let key = key(&issuer.url);
            let pins = [(format!("{key}:aud"), issuer.audience.as_str())];
            vec![trust(
                ("Federated", &oidc_provider_arn(role, issuer)),
                &pins,
            )]
        }
        Method::AssumeRole { external_id, .. } => {
            let (place, arn) = caller(role).unwrap_or_default();
            let pins = external_id.as_deref();
            let pins: Vec<_> = pins
                .map(|id| ("sts:ExternalId".to_owned(), id))
                .into_iter()
                .collect();
            let own = Line::new(place, "Allow the role, where that is another account's")
                .with(statement(None, &actions(role), Some(&role.arn()), &[]));
            vec![trust(("AWS", &arn), &pins), own, external(role)]
        }
        Method::GetFederationToken { credentials, .. } => return federated(role, credentials),
        // never probed
        Method::GetSessionToken { .. } => Vec::new(),
    };
    lines.push(asked);
    lines
}

/// Where an IAM user may make federated users.
fn federated(role: &Role, credentials: &CredentialsName) -> Vec<Line> {
    let place = (
        "A policy of the IAM user behind the own credentials",
        credentials.to_string(),
    );
    let code = statement(None, &["sts:GetFederationToken"], Some("*"), &[]);
    vec![
        Line::new(place, "Allow it to make federated users").with(code),
        entry(
            role,
            "They must be the long-term key of an IAM user of the role's own account",
        ),
    ]
}

/// Where the hub role lets the own credentials in.
pub(super) fn lets_into_hub(via: &Via, role: &Role) -> Vec<Line> {
    let pins: Vec<_> = via
        .external_id
        .as_deref()
        .map(|id| ("sts:ExternalId".to_owned(), id))
        .into_iter()
        .collect();
    let mut actions = vec!["sts:AssumeRole"];
    if role.source_identity {
        actions.push(SET_SOURCE_IDENTITY);
    }
    let own = arn_of_own(role);
    vec![
        Line::new(
            trust_policy(via.role.as_str()),
            LIKE_THIS,
        )
        .with(statement(Some(("AWS", &own)), &actions, None, &pins)),
        Line::new(
            ("A policy of the own credentials", named(role)),
            "Allow the hub role, where that is another account's",
        )
        .with(statement(None, &actions, Some(via.role.as_str()), &[])),
        Line::new(
            model(role),
            "AWS was asked for this hub role; if it is another one, or wants another external id, change via",
        )
        .with(via.role.as_str()),
    ]
}

/// Where a length or a tag that AWS does not take is written.
pub(super) fn key_of_model(role: &Role, what: &str) -> Line {
    Line::new(model(role), format!("Look at {what}"))
}

fn external(role: &Role) -> Line {
    let Method::AssumeRole { external_id, .. } = &role.method else {
        return key_of_model(role, "external_id");
    };
    match external_id {
        None => Line::new(
            model(role),
            "No external id was sent; if the trust policy asks for one, add external_id",
        ),
        Some(id) => Line::new(
            model(role),
            "This external id was sent, and it must be the trust policy's; others are never guessed",
        )
        .with(format!("external_id = \"{id}\"")),
    }
}

fn model(role: &Role) -> (&'static str, String) {
    ("The access model, role", role.key.to_string())
}

fn trust_policy(arn: &str) -> (&'static str, String) {
    ("The trust policy of", arn.to_owned())
}

/// Who signs the call that asks for the role: where their policy stands, and what their ARN is.
fn caller(role: &Role) -> Option<((&'static str, String), String)> {
    match &role.method {
        Method::AssumeRole { via: Some(via), .. } => Some((
            ("A policy of the hub role", via.role.to_string()),
            via.role.to_string(),
        )),
        Method::AssumeRole { credentials, .. } => Some((
            ("A policy of the own credentials", credentials.to_string()),
            arn_of_own(role),
        )),
        _ => None,
    }
}

/// What stands for an ARN that is not known here.
fn arn_of_own(role: &Role) -> String {
    format!("the ARN of the own credentials {}", named(role))
}

fn named(role: &Role) -> String {
    let credentials = role.method.credentials();
    credentials.map(ToString::to_string).unwrap_or_default()
}

/// The actions that a sign-in into this role needs.
fn actions(role: &Role) -> Vec<&'static str> {
    let operation = match &role.method {
        Method::AssumeRoleWithSaml { .. } => "sts:AssumeRoleWithSAML",
        Method::AssumeRoleWithWebIdentity { .. } => "sts:AssumeRoleWithWebIdentity",
        Method::AssumeRole { .. } => "sts:AssumeRole",
        Method::GetFederationToken { .. } => "sts:GetFederationToken",
        Method::GetSessionToken { .. } => "sts:GetSessionToken",
    };
    let tags = (!role.tags.is_empty()).then_some(TAG_SESSION);
    let source_identity = role.source_identity.then_some(SET_SOURCE_IDENTITY);
    std::iter::once(operation)
        .chain(tags)
        .chain(source_identity)
        .collect()
}

fn oidc_provider_arn(role: &Role, issuer: &IssuerWords) -> String {
    let (partition, account) = (&role.account.partition, &role.account.id);
    format!(
        "arn:{partition}:iam::{account}:oidc-provider/{}",
        key(&issuer.url)
    )
}

/// What condition keys begin with: the URL without its scheme.
fn key(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}
