//! Everything that can be taken away from a description, and every value of it that can be another.

use serde_json::Value;

/// What was done, and the description after it.
pub type Variant = (String, Value);

/// Each with one thing missing, or one value changed.
pub fn of(trust: &Value) -> Vec<Variant> {
    let mut found = Vec::new();
    let resources = trust["resources"].as_array().unwrap();
    for (at, resource) in resources.iter().enumerate() {
        found.push(removed(trust, "/resources", at));
        let here = format!("/resources/{at}");
        for list in ["client_ids", "managed_policies"] {
            for index in 0..resource[list].as_array().map_or(0, Vec::len) {
                found.push(removed(trust, &format!("{here}/{list}"), index));
            }
        }
        for policy in ["trust_policy", "policy"] {
            let statements = resource[policy]["Statement"].as_array();
            for index in 0..statements.map_or(0, Vec::len) {
                let statement = format!("{here}/{policy}/Statement/{index}");
                of_statement(trust, &statement, &mut found);
            }
        }
    }
    found
}

fn of_statement(trust: &Value, place: &str, found: &mut Vec<Variant>) {
    let statement = trust.pointer(place).unwrap();
    if let Some(principal) = statement.get("Principal") {
        let mut without = trust.clone();
        let object = without.pointer_mut(place).unwrap().as_object_mut().unwrap();
        object.remove("Principal");
        found.push((format!("without {place}/Principal"), without));
        for kind in principal.as_object().unwrap().keys() {
            changed(trust, &format!("{place}/Principal/{kind}"), found);
        }
    }
    if let Value::Array(actions) = &statement["Action"] {
        for index in 0..actions.len() {
            found.push(removed(trust, &format!("{place}/Action"), index));
        }
    } else {
        let (list, index) = place.rsplit_once('/').unwrap();
        found.push(removed(trust, list, index.parse().unwrap()));
    }
    if statement.get("Resource").is_some() {
        changed(trust, &format!("{place}/Resource"), found);
    }
    for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
        for key in keys.as_object().unwrap().keys() {
            let key = key.replace('~', "~0").replace('/', "~1");
            changed(trust, &format!("{place}/Condition/{operator}/{key}"), found);
        }
    }
}

/// Without one entry of a list.
fn removed(trust: &Value, list: &str, index: usize) -> Variant {
    let mut without = trust.clone();
    let entries = without.pointer_mut(list).unwrap().as_array_mut().unwrap();
    let gone = entries.remove(index);
    (format!("without {gone} in {list}"), without)
}

/// Each value of a place, changed.
fn changed(trust: &Value, place: &str, found: &mut Vec<Variant>) {
    let places = match trust.pointer(place).unwrap() {
        Value::Array(values) => (0..values.len())
            .map(|index| format!("{place}/{index}"))
            .collect(),
        _ => vec![place.to_owned()],
    };
    for place in places {
        let mut other = trust.clone();
        let value = other.pointer_mut(&place).unwrap();
        let text = value.as_str().unwrap();
        // a resource has to be an ARN; anything else that ends in a further letter is what nobody sends
        let text = if text == "*" && place.contains("/Resource") {
            "arn:aws:s3:::elsewhere".to_owned()
        } else {
            format!("{text}X")
        };
        *value = Value::from(text);
        found.push((format!("another value at {place}"), other));
    }
}
