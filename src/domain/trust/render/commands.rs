//! A script of awscli commands.
//!
//! Each command reads its parameters as JSON from a file that the script writes by a here-document whose mark is quoted
//! (POSIX shell §2.7.4): the shell expands nothing in it, awscli takes no value for the name of a file, and no line of
//! JSON is the mark. All is ASCII, whatever the locale.

use std::fmt::Write as _;

use super::super::Trust;
use super::super::facts::SignerKind;
use super::super::node::Node;
use super::super::policy::Policy;
use super::super::resource::{
    HeldPolicy, Holder, OidcProvider, Resource, Role, SamlProvider, User,
};
use super::head;

/// Ends the parameters. A line of our JSON begins with a brace, a bracket, a quote or white space.
const MARK: &str = "END";

pub(super) fn write(trust: &Trust) -> String {
    let account = &trust.account;
    let mut script = format!("#!/bin/sh\n{}set -eu\n", head("#", trust));
    // writing to a String cannot fail
    let _ = write!(
        script,
        "if [ \"$(aws sts get-caller-identity --query Account --output text)\" != {account} ]; then\n  \
         echo 'These commands are for the account {account}, and nothing was done.' >&2\n  exit 1\nfi\n\
         parameters=$(mktemp)\ntrap 'rm -f \"$parameters\"' EXIT\n"
    );
    for resource in &trust.resources {
        for (command, parameters) in calls(trust, resource) {
            script.push_str(&call(command, &parameters));
        }
    }
    script
}

fn call(command: &str, parameters: &Node) -> String {
    format!(
        "\ncat >\"$parameters\" <<'{MARK}'\n{}\n{MARK}\n\
         aws iam {command} --cli-input-json \"file://$parameters\"\n",
        ascii(&parameters.pretty())
    )
}

/// JSON whose strings are written in ASCII (RFC 8259 §7).
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
            continue;
        }
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

type Call = (&'static str, Node);

/// What a resource is made by, in order: parameters as IAM's API names them.
fn calls(trust: &Trust, resource: &Resource) -> Vec<Call> {
    match resource {
        Resource::SamlProvider(provider) => vec![saml_provider(provider)],
        Resource::OidcProvider(provider) => vec![oidc_provider(provider)],
        Resource::User(one) => user(one),
        Resource::Role(one) => vec![role(one)],
        Resource::Inline(policy) => vec![inline(policy)],
        Resource::Managed(policy) => managed(trust, policy),
    }
}

fn saml_provider(provider: &SamlProvider) -> Call {
    let parameters = [
        ("Name", Node::text(&provider.name)),
        ("SAMLMetadataDocument", Node::text(&provider.metadata)),
    ];
    ("create-saml-provider", Node::map(parameters))
}

fn oidc_provider(provider: &OidcProvider) -> Call {
    let parameters = [
        ("Url", Node::text(&provider.url)),
        ("ClientIDList", Node::texts(&provider.client_ids)),
    ];
    ("create-open-id-connect-provider", Node::map(parameters))
}

fn user(user: &User) -> Vec<Call> {
    let parameters = [
        ("UserName", Node::text(&user.name)),
        ("Path", Node::text(&user.path)),
    ];
    let holder = Holder {
        kind: SignerKind::User,
        name: user.name.clone(),
    };
    let attached = user.attached.iter().map(|arn| attach(&holder, arn));
    std::iter::once(("create-user", Node::map(parameters)))
        .chain(attached)
        .collect()
}

fn role(role: &Role) -> Call {
    let seconds = Node::number(role.max_session_seconds);
    let parameters = [
        ("RoleName", Node::text(&role.name)),
        ("Path", Node::text(&role.path)),
        ("Description", Node::text(&role.description)),
        ("MaxSessionDuration", seconds),
        ("AssumeRolePolicyDocument", document(&role.trust)),
    ];
    ("create-role", Node::map(parameters))
}

fn inline(policy: &HeldPolicy) -> Call {
    let command = match policy.holder.kind {
        SignerKind::User => "put-user-policy",
        SignerKind::Role => "put-role-policy",
    };
    let parameters = [
        held(&policy.holder),
        ("PolicyName", Node::text(&policy.name)),
        ("PolicyDocument", document(&policy.policy)),
    ];
    (command, Node::map(parameters))
}

fn managed(trust: &Trust, policy: &HeldPolicy) -> Vec<Call> {
    let parameters = [
        ("PolicyName", Node::text(&policy.name)),
        ("PolicyDocument", document(&policy.policy)),
    ];
    let arn = trust.arn(&format!("policy/{}", policy.name));
    vec![
        ("create-policy", Node::map(parameters)),
        attach(&policy.holder, &arn),
    ]
}

/// IAM's API takes policies as text.
fn document(policy: &Policy) -> Node {
    Node::text(policy.node().compact())
}

fn attach(holder: &Holder, arn: &str) -> Call {
    let command = match holder.kind {
        SignerKind::User => "attach-user-policy",
        SignerKind::Role => "attach-role-policy",
    };
    let parameters = [held(holder), ("PolicyArn", Node::text(arn))];
    (command, Node::map(parameters))
}

fn held(holder: &Holder) -> (&'static str, Node) {
    let key = match holder.kind {
        SignerKind::User => "UserName",
        SignerKind::Role => "RoleName",
    };
    (key, Node::text(&holder.name))
}
