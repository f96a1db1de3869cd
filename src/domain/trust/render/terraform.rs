//! Terraform's language (HCL native syntax): one block for each resource, policies as `jsonencode` of objects.
//!
//! Strings are quoted templates, in which `${` and `%{` begin something: they are written so that they do not (HCL
//! native syntax specification, "Quoted templates").

use std::fmt::Write as _;

use super::super::Trust;
use super::super::facts::SignerKind;
use super::super::node::Node;
use super::super::policy::Policy;
use super::super::resource::{Holder, Resource};
use super::head;
use super::names::names_by_kind;

pub(super) fn write(trust: &Trust) -> String {
    let names = names_by_kind(&trust.resources);
    let mut text = head("#", trust);
    text.push_str(&guard(trust));
    for (resource, name) in trust.resources.iter().zip(&names) {
        let mut block = Block::new(kind(resource), name);
        arguments(resource, &mut block);
        let before: Vec<String> = trust
            .resources
            .iter()
            .zip(&names)
            .filter(|(other, _)| resource.needs(other))
            .map(|(other, name)| format!("{}.{name}", kind(other)))
            .collect();
        block.depends_on(&before);
        text.push_str(&block.end());
        text.push_str(&attachments(resource, (trust, name)));
    }
    text
}

/// Stops a plan for another account.
fn guard(trust: &Trust) -> String {
    let account = quoted(trust.account.as_str());
    format!(
        "\ndata \"aws_caller_identity\" \"vestibule\" {{\n  lifecycle {{\n    postcondition {{\n      \
         condition     = self.account_id == {account}\n      \
         error_message = \"This is for the account {}.\"\n    }}\n  }}\n}}\n",
        trust.account
    )
}

fn kind(resource: &Resource) -> &'static str {
    match resource {
        Resource::SamlProvider(_) => "aws_iam_saml_provider",
        Resource::OidcProvider(_) => "aws_iam_openid_connect_provider",
        Resource::User(_) => "aws_iam_user",
        Resource::Role(_) => "aws_iam_role",
        Resource::Inline(policy) => match policy.holder.kind {
            SignerKind::User => "aws_iam_user_policy",
            SignerKind::Role => "aws_iam_role_policy",
        },
        Resource::Managed(_) => "aws_iam_policy",
    }
}

fn arguments(resource: &Resource, block: &mut Block) {
    match resource {
        Resource::SamlProvider(provider) => {
            block.text("name", &provider.name);
            block.text("saml_metadata_document", &provider.metadata);
        }
        Resource::OidcProvider(provider) => {
            block.text("url", &provider.url);
            block.value("client_id_list", &Node::texts(&provider.client_ids));
        }
        Resource::User(user) => {
            block.text("name", &user.name);
            block.text("path", &user.path);
        }
        Resource::Role(role) => {
            block.text("name", &role.name);
            block.text("path", &role.path);
            block.text("description", &role.description);
            let seconds = Node::number(role.max_session_seconds);
            block.value("max_session_duration", &seconds);
            block.policy("assume_role_policy", &role.trust);
        }
        Resource::Inline(policy) => {
            block.text(policy.holder.kind.word(), &policy.holder.name);
            block.text("name", &policy.name);
            block.policy("policy", &policy.policy);
        }
        Resource::Managed(policy) => {
            block.text("name", &policy.name);
            block.policy("policy", &policy.policy);
        }
    }
}

/// Attachments are resources of their own.
fn attachments(resource: &Resource, (trust, name): (&Trust, &str)) -> String {
    match resource {
        Resource::User(user) => {
            let holder = Holder {
                kind: SignerKind::User,
                name: user.name.clone(),
            };
            let before = format!("aws_iam_user.{name}");
            let attached = user.attached.iter().enumerate();
            let blocks = attached.map(|(index, arn)| {
                let label = format!("{name}_managed_{}", index + 1);
                attachment(&holder, (&label, arn), &before)
            });
            blocks.collect()
        }
        Resource::Managed(policy) => {
            let arn = trust.arn(&format!("policy/{}", policy.name));
            let before = format!("aws_iam_policy.{name}");
            let label = format!("{name}_attached");
            attachment(&policy.holder, (&label, &arn), &before)
        }
        _ => String::new(),
    }
}

fn attachment(holder: &Holder, (label, arn): (&str, &str), before: &str) -> String {
    let kind = match holder.kind {
        SignerKind::User => "aws_iam_user_policy_attachment",
        SignerKind::Role => "aws_iam_role_policy_attachment",
    };
    let mut block = Block::new(kind, label);
    block.text(holder.kind.word(), &holder.name);
    block.text("policy_arn", arn);
    block.depends_on(&[before.to_owned()]);
    block.end()
}

/// A block under way.
struct Block(String);

impl Block {
    fn new(kind: &str, name: &str) -> Self {
        Self(format!("\nresource \"{kind}\" \"{name}\" {{\n"))
    }

    fn text(&mut self, argument: &str, text: &str) {
        self.line(argument, &quoted(text));
    }

    fn value(&mut self, argument: &str, value: &Node) {
        let mut text = String::new();
        expression(value, 1, &mut text);
        self.line(argument, &text);
    }

    fn policy(&mut self, argument: &str, policy: &Policy) {
        let mut text = "jsonencode(".to_owned();
        expression(&policy.node(), 1, &mut text);
        text.push(')');
        self.line(argument, &text);
    }

    fn depends_on(&mut self, before: &[String]) {
        if !before.is_empty() {
            self.line("depends_on", &format!("[{}]", before.join(", ")));
        }
    }

    fn line(&mut self, argument: &str, expression: &str) {
        // writing to a String cannot fail
        let _ = writeln!(self.0, "  {argument} = {expression}");
    }

    fn end(self) -> String {
        self.0 + "}\n"
    }
}

/// A value as an expression.
fn expression(node: &Node, depth: usize, out: &mut String) {
    let indent = |depth: usize| "  ".repeat(depth);
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Node::Number(number) => out.push_str(&number.to_string()),
        Node::Text(text) => out.push_str(&quoted(text)),
        Node::List(items) if items.is_empty() => out.push_str("[]"),
        Node::List(items) => {
            out.push_str("[\n");
            for item in items {
                out.push_str(&indent(depth + 1));
                expression(item, depth + 1, out);
                out.push_str(",\n");
            }
            out.push_str(&indent(depth));
            out.push(']');
        }
        Node::Map(entries) if entries.is_empty() => out.push_str("{}"),
        Node::Map(entries) => {
            out.push_str("{\n");
            for (key, value) in entries {
                out.push_str(&indent(depth + 1));
                out.push_str(&quoted(key));
                out.push_str(" = ");
                expression(value, depth + 1, out);
                out.push('\n');
            }
            out.push_str(&indent(depth));
            out.push('}');
        }
    }
}

/// A quoted template that is nothing but the text.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => out.extend([c, c]),
            // a mark before a mark: written out, so that the pair before a brace stays a pair
            '$' | '%' if letters.peek() == Some(&c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
