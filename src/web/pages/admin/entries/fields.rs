//! Which fields an entry's form has, and how what stands in the document is written into them and read back.
//!
//! A field's name is the key's path within the entry, so that what is wrong with a key stands beside its field. What no
//! field is for stays as it is.

use serde_json::{Map, Value};

use crate::domain::access::Section;
use crate::web::texts::{EntryTexts, Text};

/// How a value is written into a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Kind {
    /// A line.
    Line,
    /// A text of several lines.
    Text,
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// One of these words, or none.
    Choice(&'static [&'static str]),
    /// Texts, one a line.
    List,
    /// Names and values, `name = value` in a line each.
    Table,
}

/// A field of a form.
#[derive(Clone, Copy)]
pub(in crate::web) struct Field {
    /// The key's path within the entry.
    pub(in crate::web) key: &'static str,
    /// How it is written.
    pub(in crate::web) kind: Kind,
    /// What it is called.
    pub(in crate::web) label: fn(&EntryTexts) -> Text,
}

/// Says in a line what a field is.
macro_rules! fields {
    ($($name:ident: [$($key:literal $kind:expr, $label:ident;)+])+) => {
        $(const $name: &[Field] = &[
            $(Field { key: $key, kind: $kind, label: |t| t.$label },)+
        ];)+
    };
}

const ENVIRONMENTS: &[&str] = &["production", "staging", "development", "sandbox"];
const METHODS: &[&str] = &[
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRole",
    "GetFederationToken",
    "GetSessionToken",
];
const PROOFS: &[&str] = &["issued", "forwarded"];

fields! {
    ACCOUNT: [
        "id" Kind::Line, account_id;
        "alias" Kind::Line, alias;
        "former_aliases" Kind::List, former_aliases;
        "name" Kind::Line, name_for_people;
        "environment" Kind::Choice(ENVIRONMENTS), environment;
        "partition" Kind::Line, partition;
        "owner" Kind::Line, owner;
        "labels" Kind::Table, labels;
        "revoker.role" Kind::Line, revoker_role;
        "revoker.path" Kind::Line, path;
        "revoker.method" Kind::Choice(METHODS), revoker_method;
        "revoker.provider" Kind::Line, provider;
        "revoker.credentials" Kind::Line, credentials;
        "revoker.external_id" Kind::Line, external_id;
        "revoker.via.role_arn" Kind::Line, via_role;
        "revoker.via.external_id" Kind::Line, via_external_id;
    ]
    ROLE: [
        "account" Kind::Line, account;
        "name" Kind::Line, role_name;
        "path" Kind::Line, path;
        "description" Kind::Line, description;
        "method" Kind::Choice(METHODS), method;
        "proof" Kind::Choice(PROOFS), proof;
        "idp" Kind::Line, idp;
        "provider" Kind::Line, provider;
        "credentials" Kind::Line, credentials;
        "external_id" Kind::Line, external_id;
        "via.role_arn" Kind::Line, via_role;
        "via.external_id" Kind::Line, via_external_id;
        "mfa_serial" Kind::Line, mfa_serial;
        "console_hours" Kind::Number, console_hours;
        "destination" Kind::Line, destination;
        "session_policy" Kind::Text, session_policy;
        "managed_policies" Kind::List, managed_policies;
        "resource_policies_only" Kind::Flag, resource_policies_only;
        "tags" Kind::Table, tags;
        "transitive_tags" Kind::List, transitive_tags;
        "source_identity" Kind::Flag, source_identity;
        "discoverable" Kind::Flag, discoverable;
        "requires.reason" Kind::Flag, requires_reason;
        "requires.login_within_minutes" Kind::Number, requires_minutes;
        "requires.acr" Kind::List, requires_acr;
    ]
    SCOPE: [
        "name" Kind::Line, scope_name;
        "description" Kind::Line, description;
        "session_policy" Kind::Text, session_policy;
        "managed_policies" Kind::List, managed_policies;
    ]
    RULE: [
        "name" Kind::Line, rule_name;
        "grant" Kind::List, grant;
        "deny" Kind::List, deny;
        "from" Kind::Line, from;
        "until" Kind::Line, until;
    ]
}

/// The fields of a section's entries, conditions aside.
pub(in crate::web) fn of(section: Section) -> &'static [Field] {
    match section {
        Section::Accounts => ACCOUNT,
        Section::Roles => ROLE,
        Section::Scopes => SCOPE,
        Section::Rules => RULE,
    }
}

/// What stands in the document, as the field has it.
pub(in crate::web) fn written(field: Field, entry: &Value) -> String {
    let mut value = entry;
    for key in field.key.split('.') {
        value = &value[key];
    }
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "true".to_owned(),
        Value::Array(items) => {
            let items = items.iter().filter_map(Value::as_str);
            items.collect::<Vec<_>>().join("\n")
        }
        Value::Object(pairs) => {
            let lines = pairs
                .iter()
                .map(|(name, value)| format!("{name} = {}", value.as_str().unwrap_or_default()));
            lines.collect::<Vec<_>>().join("\n")
        }
        Value::Null | Value::Bool(false) => String::new(),
    }
}

/// Puts what a field says into the entry; false: it cannot mean anything.
pub(in crate::web) fn read(field: Field, text: &str, entry: &mut Map<String, Value>) -> bool {
    let value = match field.kind {
        Kind::Line | Kind::Choice(_) => some(text.trim()),
        Kind::Text => some(text),
        Kind::Flag => (text == "true").then_some(Value::Bool(true)),
        Kind::Number => match text.trim() {
            "" => None,
            text => match text.parse::<u32>() {
                Ok(number) => Some(number.into()),
                Err(_) => return false,
            },
        },
        Kind::List => {
            let lines = text.split('\n').filter(|line| !line.trim().is_empty());
            let lines: Vec<Value> = lines.map(|line| line.trim().into()).collect();
            (!lines.is_empty()).then_some(Value::Array(lines))
        }
        Kind::Table => {
            let mut pairs = Map::new();
            for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
                let Some((name, value)) = line.split_once('=') else {
                    return false;
                };
                let twice = pairs.insert(name.trim().to_owned(), value.trim().into());
                if twice.is_some() {
                    return false;
                }
            }
            (!pairs.is_empty()).then_some(Value::Object(pairs))
        }
    };
    set(field.key, value, entry);
    true
}

fn some(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

/// Sets a key, or takes it away; a table within that has nothing left goes, too.
fn set(key: &str, value: Option<Value>, entry: &mut Map<String, Value>) {
    match (key.split_once('.'), value) {
        (None, Some(value)) => {
            entry.insert(key.to_owned(), value);
        }
        (None, None) => {
            entry.remove(key);
        }
        (Some((table, inner)), value) => {
            let mut within = match entry.remove(table) {
                Some(Value::Object(within)) => within,
                _ => Map::new(),
            };
            set(inner, value, &mut within);
            if within.values().any(|value| *value != Value::Bool(false)) {
                entry.insert(table.to_owned(), Value::Object(within));
            }
        }
    }
}

/// The field that a problem's path within the entry is about.
pub(in crate::web) fn about(section: Section, path: &str) -> Option<&'static str> {
    let mut fields = of(section).iter().map(|field| field.key);
    fields.find(|key| {
        let rest = path.strip_prefix(key);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Document;
    use crate::domain::access::edit::{Entry, entry_at, names};

    const EXAMPLE: &str = include_str!("../../../../../config/access.example.toml");

    /// The entry after its form was sent as it was shown.
    fn through_the_form(section: Section, entry: &Entry) -> Entry {
        let shown = entry.to_value();
        let mut sent = shown.as_object().unwrap().clone();
        for field in of(section) {
            assert!(
                read(*field, &written(*field, &shown), &mut sent),
                "{}",
                field.key
            );
        }
        Entry::from_value(section, Value::Object(sent)).unwrap()
    }

    #[test]
    fn a_form_that_is_sent_as_it_was_shown_changes_nothing() {
        let document = Document::from_toml(EXAMPLE).unwrap();
        let mut seen = 0;
        for section in Section::ALL {
            for place in 0..names(&document, section).len() {
                let entry = entry_at(&document, section, place).unwrap();
                assert_eq!(through_the_form(section, &entry), entry);
                seen += 1;
            }
        }
        assert!(seen > 5);
    }

    #[test]
    fn what_a_field_says_is_read_and_what_it_cannot_mean_is_not() {
        let field = |section, key: &str| {
            let mut fields = of(section).iter();
            *fields.find(|field| field.key == key).unwrap()
        };
        let mut entry = Map::new();
        let tags = field(Section::Roles, "tags");
        assert!(read(tags, "a = b = c\n\n d=\n", &mut entry));
        assert_eq!(
            Value::Object(entry.clone()),
            serde_json::json!({ "tags": { "a": "b = c", "d": "" } })
        );
        let minutes = field(Section::Roles, "requires.login_within_minutes");
        assert!(read(minutes, " 15 ", &mut entry));
        assert_eq!(
            entry["requires"],
            serde_json::json!({ "login_within_minutes": 15 })
        );
        assert!(read(minutes, "", &mut entry));
        assert!(!entry.contains_key("requires"));
        for (field, text) in [
            (minutes, "x"),
            (minutes, "-1"),
            (minutes, "99999999999"),
            (tags, "a"),
            (tags, "a = b\na = c"),
        ] {
            assert!(!read(field, text, &mut entry), "{} {text}", field.key);
        }
    }

    #[test]
    fn a_problem_stands_beside_its_field() {
        for (section, path, field) in [
            (Section::Accounts, "id", Some("id")),
            (Section::Accounts, "labels.team", Some("labels")),
            (
                Section::Roles,
                "managed_policies[1]",
                Some("managed_policies"),
            ),
            (Section::Roles, "via.role_arn", Some("via.role_arn")),
            (Section::Roles, "requires.acr[0]", Some("requires.acr")),
            (Section::Roles, "requires", None),
            (Section::Rules, "grant[2]", Some("grant")),
            (Section::Rules, "when[0].is", None),
            (Section::Rules, "", None),
        ] {
            assert_eq!(about(section, path), field, "{path}");
        }
    }
}
