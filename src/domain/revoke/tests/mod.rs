//! What merging keeps, drops and fits in, for anything that stands; and whom orders aim at.

mod merging;
mod people;

use serde_json::Value;

use crate::domain::Timestamp;

fn at(seconds: i64) -> Timestamp {
    let noon: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    noon + chrono::TimeDelta::seconds(seconds)
}

/// A session, as AWS sees its requests.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Session {
    user_id: String,
    source: Option<String>,
    /// When it was issued; a lasting key has no such time.
    issued: Option<Timestamp>,
}

fn session(user_id: &str, source: Option<&str>, issued: Option<i64>) -> Session {
    Session {
        user_id: user_id.to_owned(),
        source: source.map(str::to_owned),
        issued: issued.map(at),
    }
}

/// Whether a policy denies a session everything, read from its JSON alone, by AWS's rules for the few operators it has.
fn denies(document: Option<&str>, session: &Session) -> bool {
    let Some(document) = document else {
        return false;
    };
    let policy: Value = serde_json::from_str(document).unwrap();
    let statements = policy["Statement"].as_array().unwrap().iter();
    let mut whole = statements.filter(|statement| {
        statement["Effect"] == "Deny" && statement["Action"] == "*" && statement["Resource"] == "*"
    });
    whole.any(|statement| {
        let conditions = statement["Condition"].as_object().unwrap();
        conditions.iter().all(|(operator, keys)| {
            let mut keys = keys.as_object().unwrap().iter();
            keys.all(|(key, values)| holds(operator, key, values, session))
        })
    })
}

fn holds(operator: &str, key: &str, values: &Value, session: &Session) -> bool {
    let values: Vec<&str> = match values {
        Value::Array(values) => values.iter().map(|value| value.as_str().unwrap()).collect(),
        one => vec![one.as_str().unwrap()],
    };
    let text = match key {
        "aws:userid" => Some(session.user_id.as_str()),
        "aws:SourceIdentity" => session.source.as_deref(),
        "aws:TokenIssueTime" => {
            let before = |value: &&str| {
                session
                    .issued
                    .map(|at| at < value.parse::<Timestamp>().unwrap())
            };
            return match values.iter().find_map(before) {
                Some(before) => before,
                None => operator == "DateLessThanIfExists",
            };
        }
        other => panic!("{other}"),
    };
    let Some(text) = text else { return false };
    values.iter().any(|value| match operator {
        "StringEquals" => *value == text,
        "StringLike" => match (value.strip_prefix('*'), value.strip_suffix('*')) {
            (Some(end), _) => text.ends_with(end),
            (_, Some(begin)) => text.starts_with(begin),
            _ => *value == text,
        },
        other => panic!("{other}"),
    })
}
