//! An access model as TOML for people: one block for each entry, keys in the order of the reference, conditions on
//! one line, policies as they were written.
//!
//! What it writes, `Document::from_toml` reads back to an equal document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::document::{
    AccountEntry, ConditionEntry, Document, RequiresEntry, RevokerEntry, RoleEntry, RuleEntry,
    ScopeEntry, ViaEntry,
};

/// The whole document.
pub(super) fn to_toml(document: &Document) -> String {
    let mut out = Block::default();
    for account in &document.accounts {
        out.account(account);
    }
    for role in &document.roles {
        out.role(role);
    }
    for scope in &document.scopes {
        out.scope(scope);
    }
    for rule in &document.rules {
        out.rule(rule);
    }
    out.text
}

#[derive(Default)]
struct Block {
    text: String,
}

impl Block {
    fn account(&mut self, account: &AccountEntry) {
        self.begin("accounts");
        self.line("id", &quoted(&account.id));
        self.line("alias", &quoted(&account.alias));
        self.list("former_aliases", &account.former_aliases);
        self.line("name", &quoted(&account.name));
        self.optional("environment", account.environment.as_deref());
        self.optional("partition", account.partition.as_deref());
        self.optional("owner", account.owner.as_deref());
        self.table("labels", &account.labels);
        if let Some(revoker) = &account.revoker {
            self.line("revoker", &inline_revoker(revoker));
        }
    }

    fn role(&mut self, role: &RoleEntry) {
        self.begin("roles");
        self.line("account", &quoted(&role.account));
        self.line("name", &quoted(&role.name));
        self.optional("path", role.path.as_deref());
        if !role.description.is_empty() {
            self.line("description", &quoted(&role.description));
        }
        self.line("method", &quoted(&role.method));
        self.optional("proof", role.proof.as_deref());
        self.optional("idp", role.idp.as_deref());
        self.optional("provider", role.provider.as_deref());
        self.optional("credentials", role.credentials.as_deref());
        self.optional("external_id", role.external_id.as_deref());
        if let Some(via) = &role.via {
            self.line("via", &inline_via(via));
        }
        self.optional("mfa_serial", role.mfa_serial.as_deref());
        self.flag("resource_policies_only", role.resource_policies_only);
        if let Some(hours) = role.console_hours {
            self.line("console_hours", &hours.to_string());
        }
        self.optional("destination", role.destination.as_deref());
        self.table("tags", &role.tags);
        self.list("transitive_tags", &role.transitive_tags);
        self.flag("source_identity", role.source_identity);
        self.optional("session_policy", role.session_policy.as_deref());
        self.list("managed_policies", &role.managed_policies);
        self.flag("discoverable", role.discoverable);
        if let Some(requires) = &role.requires {
            self.line("requires", &inline_requires(requires));
        }
    }

    fn scope(&mut self, scope: &ScopeEntry) {
        self.begin("scopes");
        self.line("name", &quoted(&scope.name));
        if !scope.description.is_empty() {
            self.line("description", &quoted(&scope.description));
        }
        self.optional("session_policy", scope.session_policy.as_deref());
        self.list("managed_policies", &scope.managed_policies);
    }

    fn rule(&mut self, rule: &RuleEntry) {
        self.begin("rules");
        self.line("name", &quoted(&rule.name));
        let conditions: Vec<String> = rule.when.iter().map(inline_condition).collect();
        self.line("when", &format!("[{}]", conditions.join(", ")));
        self.list("grant", &rule.grant);
        self.list("deny", &rule.deny);
        self.optional("from", rule.from.as_deref());
        self.optional("until", rule.until.as_deref());
    }

    fn begin(&mut self, section: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str("[[");
        self.text.push_str(section);
        self.text.push_str("]]\n");
    }

    fn line(&mut self, key: &str, value: &str) {
        self.text.push_str(key);
        self.text.push_str(" = ");
        self.text.push_str(value);
        self.text.push('\n');
    }

    fn optional(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.line(key, &block_or_quoted(value));
        }
    }

    fn flag(&mut self, key: &str, value: bool) {
        if value {
            self.line(key, "true");
        }
    }

    fn list(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            self.line(key, &inline_list(values));
        }
    }

    fn table(&mut self, key: &str, values: &BTreeMap<String, String>) {
        if !values.is_empty() {
            let pairs: Vec<String> = values
                .iter()
                .map(|(name, value)| format!("{} = {}", inline_key(name), quoted(value)))
                .collect();
            self.line(key, &format!("{{ {} }}", pairs.join(", ")));
        }
    }
}

fn inline_condition(condition: &ConditionEntry) -> String {
    let mut pairs = Vec::new();
    let texts = [
        ("idp", &condition.idp),
        ("attribute", &condition.attribute),
        ("is", &condition.is),
    ];
    for (key, value) in texts {
        if let Some(value) = value {
            pairs.push(format!("{key} = {}", quoted(value)));
        }
    }
    if let Some(values) = &condition.is_one_of {
        pairs.push(format!("is_one_of = {}", inline_list(values)));
    }
    let texts = [
        ("starts_with", &condition.starts_with),
        ("matches", &condition.matches),
    ];
    for (key, value) in texts {
        if let Some(value) = value {
            pairs.push(format!("{key} = {}", quoted(value)));
        }
    }
    if let Some(present) = condition.present {
        pairs.push(format!("present = {present}"));
    }
    if let Some(inner) = &condition.not {
        pairs.push(format!("not = {}", inline_condition(inner)));
    }
    braced(&pairs)
}

fn inline_via(via: &ViaEntry) -> String {
    let mut pairs = vec![format!("role_arn = {}", quoted(&via.role_arn))];
    if let Some(external_id) = &via.external_id {
        pairs.push(format!("external_id = {}", quoted(external_id)));
    }
    braced(&pairs)
}

fn inline_revoker(revoker: &RevokerEntry) -> String {
    let texts = [
        ("role", Some(&revoker.role)),
        ("path", revoker.path.as_ref()),
        ("method", Some(&revoker.method)),
        ("provider", revoker.provider.as_ref()),
        ("credentials", revoker.credentials.as_ref()),
        ("external_id", revoker.external_id.as_ref()),
    ];
    let mut pairs: Vec<String> = texts
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key} = {}", quoted(value?))))
        .collect();
    if let Some(via) = &revoker.via {
        pairs.push(format!("via = {}", inline_via(via)));
    }
    braced(&pairs)
}

fn inline_requires(requires: &RequiresEntry) -> String {
    let mut pairs = Vec::new();
    if requires.reason {
        pairs.push("reason = true".to_owned());
    }
    if let Some(minutes) = requires.login_within_minutes {
        pairs.push(format!("login_within_minutes = {minutes}"));
    }
    if let Some(acr) = &requires.acr {
        pairs.push(format!("acr = {}", inline_list(acr)));
    }
    braced(&pairs)
}

fn braced(pairs: &[String]) -> String {
    if pairs.is_empty() {
        return "{}".to_owned();
    }
    format!("{{ {} }}", pairs.join(", "))
}

fn inline_list(values: &[String]) -> String {
    let items: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", items.join(", "))
}

fn inline_key(name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { name.to_owned() } else { quoted(name) }
}

/// A text of several lines stands as it was written, where TOML's literal strings can hold it.
fn block_or_quoted(text: &str) -> String {
    let literal = text.contains('\n')
        && !text.contains("'''")
        && !text.ends_with('\'')
        && text
            .chars()
            .all(|c| c == '\n' || c == '\t' || !c.is_control());
    if literal {
        format!("'''\n{text}'''")
    } else {
        quoted(text)
    }
}

/// A basic string (TOML 1.0), or a literal one where that saves escapes.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(char::is_control) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
