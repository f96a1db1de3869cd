//! A session policy at its widest: what the policy of an IAM user must allow so that nobody's session is cut short.
//!
//! What a federated user may do is what the session's policy and the user's both allow. So the user's must allow for
//! every person what their filled policy allows: a slot becomes a wildcard, and a condition that cannot be written with
//! one is left out. What is denied stays the session's business: on the user it would hit the other roles, too.

use super::Part;
use super::json::Json;
use super::policy::PolicyTemplate;

impl PolicyTemplate {
    /// The statements that allow, each as JSON.
    pub fn widest(&self) -> Vec<String> {
        let statements = match self.json().get("Statement") {
            Some(Json::List(statements)) => statements.as_slice(),
            Some(statement) => std::slice::from_ref(statement),
            None => &[],
        };
        let allowing = statements
            .iter()
            .filter(|statement| statement.get("Effect").and_then(Json::as_plain) == Some("Allow"));
        allowing
            .map(|statement| written(&widened(statement)))
            .collect()
    }
}

/// As JSON, with a wildcard in each slot.
fn written(json: &Json) -> String {
    let mut out = String::new();
    let written = json.write(&mut out, &mut |part| {
        Ok::<_, std::convert::Infallible>(match part {
            Part::Literal(text) => text.clone(),
            Part::Slot(_) => "*".to_owned(),
        })
    });
    match written {
        Ok(()) => out,
        Err(never) => match never {},
    }
}

fn widened(statement: &Json) -> Json {
    let Json::Object(entries) = statement else {
        return statement.clone();
    };
    let mut wide = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        match key.as_str() {
            // two roles' statements may have the same name
            "Sid" => {}
            "NotResource" => wide.push(not_resource(value)),
            "Condition" => wide.extend(condition(value).map(|value| (key.clone(), value))),
            _ => wide.push((key.clone(), value.clone())),
        }
    }
    Json::Object(wide)
}

/// All but what nobody is given.
fn not_resource(value: &Json) -> (String, Json) {
    let items = match value {
        Json::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let kept: Vec<Json> = items
        .iter()
        .filter(|item| !has_slot(item))
        .cloned()
        .collect();
    if kept.is_empty() {
        let everything = Json::Text(vec![Part::Literal("*".to_owned())]);
        return ("Resource".to_owned(), everything);
    }
    ("NotResource".to_owned(), Json::List(kept))
}

/// The conditions that hold whatever stands in the slots; `None` when none is left.
fn condition(value: &Json) -> Option<Json> {
    let Json::Object(operators) = value else {
        return Some(value.clone());
    };
    let mut wide: Vec<(String, Vec<(String, Json)>)> = Vec::new();
    let mut add = |operator: &str, key: &str, value: &Json| {
        let entry = (key.to_owned(), value.clone());
        match wide.iter_mut().find(|(known, _)| known == operator) {
            // the same key twice cannot be written: without the second it is wider
            Some((_, keys)) if keys.iter().any(|(known, _)| known == key) => {}
            Some((_, keys)) => keys.push(entry),
            None => wide.push((operator.to_owned(), vec![entry])),
        }
    };
    for (operator, keys) in operators {
        let Json::Object(keys) = keys else {
            continue;
        };
        for (key, value) in keys {
            if !has_slot(value) {
                add(operator, key, value);
            } else if let Some(operator) = with_wildcards(operator) {
                add(&operator, key, value);
            }
        }
    }
    let wide: Vec<(String, Json)> = wide
        .into_iter()
        .map(|(operator, keys)| (operator, Json::Object(keys)))
        .collect();
    (!wide.is_empty()).then_some(Json::Object(wide))
}

/// The operator that compares likewise and takes wildcards.
fn with_wildcards(operator: &str) -> Option<String> {
    let (quantity, name) = operator
        .split_once(':')
        .map_or(("", operator), |(quantity, name)| (quantity, name));
    let (name, if_exists) = name
        .strip_suffix("IfExists")
        .map_or((name, ""), |name| (name, "IfExists"));
    let name = match name {
        "StringEquals" | "StringLike" => "StringLike",
        "ArnEquals" | "ArnLike" => "ArnLike",
        _ => return None,
    };
    Some(if quantity.is_empty() {
        format!("{name}{if_exists}")
    } else {
        format!("{quantity}:{name}{if_exists}")
    })
}

fn has_slot(value: &Json) -> bool {
    let mut texts = Vec::new();
    value.texts(&mut texts);
    texts
        .into_iter()
        .any(|parts| parts.iter().any(|part| matches!(part, Part::Slot(_))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widest(statements: &str) -> Vec<String> {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#);
        PolicyTemplate::parse(&text).unwrap().widest()
    }

    #[test]
    fn a_slot_becomes_a_wildcard_and_names_and_denials_go() {
        let wide = widest(
            r#"[{"Sid":"Own","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home-{attribute.team}/*"},
                {"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]"#,
        );
        assert_eq!(
            wide,
            [r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home-*/*"}"#]
        );
    }

    #[test]
    fn a_statement_that_stands_alone_is_one() {
        let wide = widest(r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#);
        assert_eq!(
            wide,
            [r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#]
        );
    }

    #[test]
    fn what_is_all_but_a_persons_own_is_everything() {
        let wide = widest(
            r#"[{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::{subject}"},
                {"Effect":"Allow","Action":"s3:*","NotResource":["arn:aws:s3:::{subject}","arn:aws:s3:::secret"]}]"#,
        );
        assert_eq!(
            wide,
            [
                r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
                r#"{"Effect":"Allow","Action":"s3:*","NotResource":["arn:aws:s3:::secret"]}"#
            ]
        );
    }

    #[test]
    fn a_condition_takes_a_wildcard_or_is_left_out_and_the_others_stay() {
        let wide = widest(
            r#"[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{
                "StringEquals":{"s3:prefix":["{subject}","public"],"aws:RequestedRegion":"eu-west-1"},
                "ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"{attribute.team}"},
                "ArnEquals":{"aws:SourceArn":"arn:aws:s3:::{subject}"},
                "StringNotEquals":{"s3:delimiter":"{subject}"},
                "Bool":{"aws:SecureTransport":true}}},
                {"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"{attribute.ip}"}}}]"#,
        );
        assert_eq!(
            wide,
            [
                r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"s3:prefix":["*","public"]},"StringEquals":{"aws:RequestedRegion":"eu-west-1"},"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":"*"},"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"},"Bool":{"aws:SecureTransport":true}}}"#,
                r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#
            ]
        );
    }
}
