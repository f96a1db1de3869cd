//! A `CloudFormation` template, in JSON: the one of its two languages in which nothing has to be guessed.
//!
//! Property names are those of `CloudFormation`'s resource reference.

use super::super::Trust;
use super::super::facts::SignerKind;
use super::super::node::Node;
use super::super::resource::{HeldPolicy, OidcProvider, Resource, Role, SamlProvider, User};
use super::names::names;

/// The longest description that `CloudFormation` takes, in bytes.
const LONGEST_DESCRIPTION: usize = 1_024;

pub(super) fn write(trust: &Trust) -> String {
    let names = names(&trust.resources);
    let resources = trust
        .resources
        .iter()
        .zip(&names)
        .map(|(one, name)| (name.clone(), resource(one, (trust, &names))));
    let description = format!(
        "What the account {} ({}) needs for Vestibule",
        trust.account, trust.partition
    );
    let description: String = description.chars().take(LONGEST_DESCRIPTION).collect();
    let notes = Node::map([("Notes", Node::texts(&trust.notes))]);
    let node = Node::map([
        ("AWSTemplateFormatVersion", Node::text("2010-09-09")),
        ("Description", Node::text(description)),
        ("Metadata", Node::map([("Vestibule", notes)])),
        ("Resources", Node::map(resources)),
    ]);
    node.pretty() + "\n"
}

fn resource(resource: &Resource, (trust, names): (&Trust, &[String])) -> Node {
    let (kind, properties) = properties(resource);
    let before = trust.resources.iter().zip(names);
    let before: Vec<&String> = before
        .filter(|(other, _)| resource.needs(other))
        .map(|(_, name)| name)
        .collect();
    let mut entries = vec![("Type", Node::text(kind))];
    if !before.is_empty() {
        entries.push(("DependsOn", Node::texts(before)));
    }
    entries.push(("Properties", Node::map(properties)));
    Node::map(entries)
}

type Properties = Vec<(&'static str, Node)>;

fn properties(resource: &Resource) -> (&'static str, Properties) {
    match resource {
        Resource::SamlProvider(provider) => ("AWS::IAM::SAMLProvider", saml_provider(provider)),
        Resource::OidcProvider(provider) => ("AWS::IAM::OIDCProvider", oidc_provider(provider)),
        Resource::User(one) => ("AWS::IAM::User", user(one)),
        Resource::Role(one) => ("AWS::IAM::Role", role(one)),
        Resource::Inline(policy) => inline(policy),
        Resource::Managed(policy) => ("AWS::IAM::ManagedPolicy", managed(policy)),
    }
}

fn saml_provider(provider: &SamlProvider) -> Properties {
    vec![
        ("Name", Node::text(&provider.name)),
        ("SamlMetadataDocument", Node::text(&provider.metadata)),
    ]
}

fn oidc_provider(provider: &OidcProvider) -> Properties {
    vec![
        ("Url", Node::text(&provider.url)),
        ("ClientIdList", Node::texts(&provider.client_ids)),
    ]
}

fn user(user: &User) -> Properties {
    let mut properties = vec![
        ("UserName", Node::text(&user.name)),
        ("Path", Node::text(&user.path)),
    ];
    if !user.attached.is_empty() {
        properties.push(("ManagedPolicyArns", Node::texts(&user.attached)));
    }
    properties
}

fn role(role: &Role) -> Properties {
    let seconds = Node::number(role.max_session_seconds);
    vec![
        ("RoleName", Node::text(&role.name)),
        ("Path", Node::text(&role.path)),
        ("Description", Node::text(&role.description)),
        ("MaxSessionDuration", seconds),
        ("AssumeRolePolicyDocument", role.trust.node()),
    ]
}

fn inline(policy: &HeldPolicy) -> (&'static str, Properties) {
    let (kind, key) = match policy.holder.kind {
        SignerKind::User => ("AWS::IAM::UserPolicy", "UserName"),
        SignerKind::Role => ("AWS::IAM::RolePolicy", "RoleName"),
    };
    let properties = vec![
        (key, Node::text(&policy.holder.name)),
        ("PolicyName", Node::text(&policy.name)),
        ("PolicyDocument", policy.policy.node()),
    ];
    (kind, properties)
}

fn managed(policy: &HeldPolicy) -> Properties {
    let key = match policy.holder.kind {
        SignerKind::User => "Users",
        SignerKind::Role => "Roles",
    };
    vec![
        ("ManagedPolicyName", Node::text(&policy.name)),
        (key, Node::texts([&policy.holder.name])),
        ("PolicyDocument", policy.policy.node()),
    ]
}
