//! JSON for programs: `{"format", "account", "partition", "resources", "notes"}`, each resource with its `type`.

use super::super::Trust;
use super::super::node::Node;
use super::super::resource::{HeldPolicy, OidcProvider, Resource, Role, SamlProvider, User};

/// The shape's name; another one when it changes.
const FORMAT: &str = "vestibule-trust-1";

pub(super) fn write(trust: &Trust) -> String {
    let resources = trust.resources.iter().map(|one| resource(trust, one));
    let node = Node::map([
        ("format", Node::text(FORMAT)),
        ("account", Node::text(trust.account.as_str())),
        ("partition", Node::text(trust.partition.as_str())),
        ("resources", Node::List(resources.collect())),
        ("notes", Node::texts(&trust.notes)),
    ]);
    node.pretty() + "\n"
}

fn resource(trust: &Trust, resource: &Resource) -> Node {
    let (kind, members) = match resource {
        Resource::SamlProvider(provider) => ("saml_provider", saml_provider(provider)),
        Resource::OidcProvider(provider) => ("oidc_provider", oidc_provider(provider)),
        Resource::User(one) => ("user", user(one)),
        Resource::Role(one) => ("role", role(one)),
        Resource::Inline(one) => ("inline_policy", policy(one)),
        Resource::Managed(one) => ("managed_policy", policy(one)),
    };
    let arn = resource.arn_end();
    let arn = arn.map(|end| ("arn", Node::text(trust.arn(&end))));
    let kind = std::iter::once(("type", Node::text(kind)));
    Node::map(kind.chain(members).chain(arn))
}

type Members = Vec<(&'static str, Node)>;

fn saml_provider(provider: &SamlProvider) -> Members {
    vec![
        ("name", Node::text(&provider.name)),
        ("metadata", Node::text(&provider.metadata)),
    ]
}

fn oidc_provider(provider: &OidcProvider) -> Members {
    vec![
        ("url", Node::text(&provider.url)),
        ("client_ids", Node::texts(&provider.client_ids)),
    ]
}

fn user(user: &User) -> Members {
    vec![
        ("name", Node::text(&user.name)),
        ("path", Node::text(&user.path)),
        ("managed_policies", Node::texts(&user.attached)),
    ]
}

fn role(role: &Role) -> Members {
    vec![
        ("name", Node::text(&role.name)),
        ("path", Node::text(&role.path)),
        ("description", Node::text(&role.description)),
        (
            "max_session_seconds",
            Node::number(role.max_session_seconds),
        ),
        ("trust_policy", role.trust.node()),
    ]
}

/// With `"user": NAME` or `"role": NAME`.
fn policy(policy: &HeldPolicy) -> Members {
    let holder = &policy.holder;
    vec![
        (holder.kind.word(), Node::text(&holder.name)),
        ("name", Node::text(&policy.name)),
        ("policy", policy.policy.node()),
    ]
}
