//! A small reader of JSON Schema: as much of it as the description uses, and an error for anything else.

use serde_json::Value;

use super::Answer;

/// Holds an answer against what the description says of the endpoint.
pub(super) fn holds(description: &Value, (method, path): (&str, &str), answer: &Answer) {
    let path = path.split('?').next().unwrap();
    let Some(endpoint) = find(
        description,
        &method.to_lowercase(),
        &format!("/api/v1{path}"),
    ) else {
        return;
    };
    let responses = &endpoint["responses"];
    let success = &responses[answer.status.to_string()];
    let what = format!("{method} {path}: {}", answer.status);
    if success.is_null() {
        assert!(
            answer.status >= 300,
            "{what} is not described: {}",
            answer.text
        );
        if answer.status >= 400 && answer.header("content-type").contains("problem") {
            let schema = &description["components"]["schemas"]["Problem"];
            fits(description, schema, &answer.json, &what);
        }
        return;
    }
    let Some(content) = success.get("content") else {
        return;
    };
    let kind = answer.header("content-type").split(';').next().unwrap();
    let schema = &content[kind]["schema"];
    assert!(!schema.is_null(), "{what}: {kind} is not described");
    if kind == "application/json" {
        fits(description, schema, &answer.json, &what);
    }
}

/// The description's entry for a path as it is asked for.
fn find<'d>(description: &'d Value, method: &str, asked: &str) -> Option<&'d Value> {
    let paths = description["paths"].as_object().unwrap();
    let fits = |pattern: &str| {
        let (pattern, asked) = (pattern.split('/'), asked.split('/'));
        pattern.clone().count() == asked.clone().count()
            && pattern
                .zip(asked)
                .all(|(wanted, said)| wanted == said || wanted.starts_with('{'))
    };
    let exact = paths.get(asked).and_then(|path| path.get(method));
    exact.or_else(|| {
        let mut found = paths.iter().filter(|(pattern, _)| fits(pattern));
        found.find_map(|(_, path)| path.get(method))
    })
}

/// Whether a value is what a schema says.
pub(super) fn fits(description: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.strip_prefix("#/components/schemas/").unwrap();
        let schema = &description["components"]["schemas"][name];
        assert!(!schema.is_null(), "{at}: there is no schema {name}");
        return fits(description, schema, value, at);
    }
    let known = [
        "$ref",
        "type",
        "properties",
        "required",
        "items",
        "additionalProperties",
        "propertyNames",
        "oneOf",
        "allOf",
        "enum",
        "description",
        "format",
        "minimum",
        "maximum",
        "default",
    ];
    for key in schema.as_object().into_iter().flatten().map(|(key, _)| key) {
        assert!(
            known.contains(&key.as_str()),
            "{at}: {key} is not read here"
        );
    }
    if let Some(ways) = schema["oneOf"].as_array() {
        let fitting = ways
            .iter()
            .filter(|way| std::panic::catch_unwind(|| fits(description, way, value, at)).is_ok());
        assert_eq!(fitting.count(), 1, "{at}: {value}");
    }
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(value), "{at}: {value}");
    }
    check_type(&schema["type"], value, at);
    if let Some(items) = schema.get("items") {
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            fits(description, items, item, &format!("{at}[{number}]"));
        }
    }
    check_fields(description, schema, value, at);
}

fn check_type(wanted: &Value, value: &Value, at: &str) {
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match wanted {
        Value::Null => {}
        Value::String(wanted) => assert_eq!(wanted, is, "{at}: {value}"),
        Value::Array(wanted) => assert!(wanted.contains(&is.into()), "{at}: {value}"),
        other => panic!("{at}: the type {other}"),
    }
}

/// The parts of a schema that all hold: itself, and those of `allOf`.
fn parts<'s>(description: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let mut all = vec![schema];
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let named = part["$ref"].as_str().map(|reference| {
            let name = reference.strip_prefix("#/components/schemas/").unwrap();
            &description["components"]["schemas"][name]
        });
        all.extend(parts(description, named.unwrap_or(part)));
    }
    all
}

fn check_fields(description: &Value, schema: &Value, value: &Value, at: &str) {
    let Some(fields) = value.as_object() else {
        return;
    };
    let parts = parts(description, schema);
    for name in parts
        .iter()
        .flat_map(|part| part["required"].as_array().into_iter().flatten())
    {
        let name = name.as_str().unwrap();
        assert!(fields.contains_key(name), "{at}: {name} is missing");
    }
    let is_closed = parts.iter().any(|part| part.get("properties").is_some());
    for (name, field) in fields {
        let at = format!("{at}.{name}");
        let known = parts.iter().find_map(|part| part["properties"].get(name));
        let other = || {
            parts
                .iter()
                .find_map(|part| part.get("additionalProperties"))
        };
        match known.or_else(other) {
            Some(schema) => fits(description, schema, field, &at),
            None => assert!(!is_closed, "{at} is not described"),
        }
    }
}
