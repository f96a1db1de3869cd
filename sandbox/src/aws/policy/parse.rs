//! Reading a policy document as strictly as IAM does.
//!
//! Unknown elements, missing ones, elements that do not fit the kind of policy, members that stand
//! twice, unknown operators and broken variables are all malformed. Nothing is repaired.

use super::condition::Condition;
use super::json::Json;
use super::pattern::{Case, Pattern, Syntax};
use super::principal::{Principal, Principals};
use super::{Covered, Effect, Policy, Statement};

/// Why a document is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It is not JSON, or a member stands twice.
    #[error("the document is not valid JSON")]
    NotJson,
    /// An element is missing, unknown, of the wrong type, or does not belong in this kind.
    #[error("the element {0} is missing, unknown or not allowed here")]
    Element(String),
    /// A value is not one the language knows.
    #[error("the value of {0} is not valid")]
    Value(String),
}

/// The kinds of policy, which differ in the elements they may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Identity,
    Trust,
    Resource,
}

const MAX_DOCUMENT: usize = 131_072;

pub(super) fn policy(text: &str, kind: Kind) -> Result<Policy, PolicyError> {
    if text.len() > MAX_DOCUMENT {
        return Err(PolicyError::NotJson);
    }
    let json: Json = serde_json::from_str(text).map_err(|_| PolicyError::NotJson)?;
    let members = object(json, "policy")?;
    let mut variables = false;
    let mut statements = None;
    for (name, value) in members {
        match (name.as_str(), value) {
            ("Version", Json::Text(version)) if version == "2012-10-17" => variables = true,
            ("Version", Json::Text(version)) if version == "2008-10-17" => {}
            ("Version", _) => return Err(PolicyError::Value(name)),
            ("Id", Json::Text(_)) => {}
            ("Statement", value) => statements = Some(value),
            _ => return Err(PolicyError::Element(name)),
        }
    }
    let statements = match statements {
        Some(Json::List(list)) if !list.is_empty() => list,
        Some(one @ Json::Object(_)) => vec![one],
        _ => return Err(PolicyError::Element("Statement".to_owned())),
    };
    let statements = statements
        .into_iter()
        .map(|one| statement(one, kind, variables))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Policy {
        text: text.to_owned(),
        statements,
    })
}

#[derive(Default)]
struct Draft {
    effect: Option<Effect>,
    principals: Option<Principals>,
    actions: Option<Covered>,
    resources: Option<Covered>,
    conditions: Vec<Condition>,
}

fn statement(json: Json, kind: Kind, variables: bool) -> Result<Statement, PolicyError> {
    let mut draft = Draft::default();
    for (name, value) in object(json, "Statement")? {
        element(&mut draft, &name, value, variables)?;
    }
    let missing = |name: &str| PolicyError::Element(name.to_owned());
    let principals_fit = draft.principals.is_some() == (kind != Kind::Identity);
    let resources_fit = draft.resources.is_some() == (kind != Kind::Trust);
    if !principals_fit {
        return Err(missing("Principal"));
    }
    if !resources_fit {
        return Err(missing("Resource"));
    }
    Ok(Statement {
        effect: draft.effect.ok_or_else(|| missing("Effect"))?,
        principals: draft.principals,
        actions: draft.actions.ok_or_else(|| missing("Action"))?,
        resources: draft.resources,
        conditions: draft.conditions,
    })
}

fn element(draft: &mut Draft, name: &str, value: Json, vars: bool) -> Result<(), PolicyError> {
    let twice = || PolicyError::Element(name.to_owned());
    match name {
        "Sid" => sid(&value),
        "Effect" => {
            draft.effect = Some(effect(&value)?);
            Ok(())
        }
        "Principal" | "NotPrincipal" => {
            let list = principals(value)?;
            let made = if name == "Principal" {
                Principals::These(list)
            } else {
                Principals::AllBut(list)
            };
            draft
                .principals
                .replace(made)
                .map_or(Ok(()), |_| Err(twice()))
        }
        "Action" | "NotAction" => {
            let syntax = Syntax {
                wildcards: true,
                variables: false,
                case: Case::Ignored,
            };
            let patterns = patterns(name, value, syntax, is_action)?;
            let made = if name == "Action" {
                Covered::Any(patterns)
            } else {
                Covered::AllBut(patterns)
            };
            draft.actions.replace(made).map_or(Ok(()), |_| Err(twice()))
        }
        "Resource" | "NotResource" => {
            let syntax = Syntax {
                wildcards: true,
                variables: vars,
                case: Case::Exact,
            };
            let patterns = patterns(name, value, syntax, is_resource)?;
            let made = if name == "Resource" {
                Covered::Any(patterns)
            } else {
                Covered::AllBut(patterns)
            };
            draft
                .resources
                .replace(made)
                .map_or(Ok(()), |_| Err(twice()))
        }
        "Condition" => {
            draft.conditions = conditions(value, vars)?;
            Ok(())
        }
        other => Err(PolicyError::Element(other.to_owned())),
    }
}

fn sid(value: &Json) -> Result<(), PolicyError> {
    match value {
        Json::Text(text) if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(()),
        _ => Err(PolicyError::Value("Sid".to_owned())),
    }
}

fn effect(value: &Json) -> Result<Effect, PolicyError> {
    match value {
        Json::Text(text) if text == "Allow" => Ok(Effect::Allow),
        Json::Text(text) if text == "Deny" => Ok(Effect::Deny),
        _ => Err(PolicyError::Value("Effect".to_owned())),
    }
}

fn patterns(
    name: &str,
    value: Json,
    syntax: Syntax,
    valid: fn(&str) -> bool,
) -> Result<Vec<Pattern>, PolicyError> {
    let bad = || PolicyError::Value(name.to_owned());
    let values = texts(value).ok_or_else(bad)?;
    if values.is_empty() || !values.iter().all(|one| valid(one)) {
        return Err(bad());
    }
    values
        .iter()
        .map(|one| Pattern::compile(one, syntax).map_err(|_| bad()))
        .collect()
}

/// `*` or `service:Name`, wildcards anywhere.
fn is_action(text: &str) -> bool {
    let part = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?' | b'-' | b'_')
            })
    };
    text == "*"
        || text
            .split_once(':')
            .is_some_and(|(service, action)| part(service) && part(action))
}

/// `*` or an ARN.
fn is_resource(text: &str) -> bool {
    text == "*" || (text.starts_with("arn:") && text.splitn(6, ':').count() == 6)
}

fn principals(value: Json) -> Result<Vec<Principal>, PolicyError> {
    let bad = || PolicyError::Value("Principal".to_owned());
    if value == Json::Text("*".to_owned()) {
        return Ok(vec![Principal::Everyone]);
    }
    let mut list = Vec::new();
    for (kind, names) in object(value, "Principal")? {
        for name in texts(names)
            .filter(|names| !names.is_empty())
            .ok_or_else(bad)?
        {
            list.push(match kind.as_str() {
                "AWS" => aws_principal(&name).ok_or_else(bad)?,
                "Federated" if name.contains(['*', '?']) => return Err(bad()),
                "Federated" => Principal::Federated(name),
                "Service" | "CanonicalUser" => Principal::Other,
                _ => return Err(PolicyError::Element(kind)),
            });
        }
    }
    if list.is_empty() {
        Err(bad())
    } else {
        Ok(list)
    }
}

/// `*`, 12 digits, an account's root ARN, or the ARN of a role, user or session. A wildcard inside
/// an ARN is not allowed here.
fn aws_principal(name: &str) -> Option<Principal> {
    if name == "*" {
        return Some(Principal::Everyone);
    }
    if is_account_id(name) {
        return Some(Principal::Account(name.to_owned()));
    }
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let [_, _, service, _, account, resource] = parts.as_slice() else {
        return None;
    };
    if !name.starts_with("arn:") || name.contains(['*', '?']) || !is_account_id(account) {
        return None;
    }
    match (*service, *resource) {
        ("iam", "root") => Some(Principal::Account((*account).to_owned())),
        ("iam" | "sts", _) => Some(Principal::Arn(name.to_owned())),
        _ => None,
    }
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn conditions(value: Json, variables: bool) -> Result<Vec<Condition>, PolicyError> {
    let mut conditions = Vec::new();
    for (operator, keys) in object(value, "Condition")? {
        for (key, values) in object(keys, &operator)? {
            let bad = || PolicyError::Value(operator.clone());
            let values = texts(values).ok_or_else(bad)?;
            conditions
                .push(Condition::compile(&operator, &key, &values, variables).ok_or_else(bad)?);
        }
    }
    Ok(conditions)
}

fn object(json: Json, name: &str) -> Result<Vec<(String, Json)>, PolicyError> {
    match json {
        Json::Object(members) => Ok(members),
        _ => Err(PolicyError::Element(name.to_owned())),
    }
}

/// One text or a list of texts; booleans and numbers count as their text, as IAM allows in conditions.
fn texts(json: Json) -> Option<Vec<String>> {
    fn text(json: Json) -> Option<String> {
        match json {
            Json::Text(text) | Json::Number(text) => Some(text),
            Json::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }
    match json {
        Json::List(list) => list.into_iter().map(text).collect(),
        one => Some(vec![text(one)?]),
    }
}
