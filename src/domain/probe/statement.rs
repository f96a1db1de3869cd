//! Statements of policies, as people write them (IAM's policy grammar). Decides nothing about what they say.

/// One action, or several, as policies have them.
pub(super) fn list(actions: &[&str]) -> String {
    match actions {
        [one] => json(one),
        several => {
            let quoted: Vec<_> = several.iter().map(|action| json(action)).collect();
            format!("[{}]", quoted.join(", "))
        }
    }
}

/// A statement that allows, as people write it.
pub(super) fn statement(
    principal: Option<(&str, &str)>,
    actions: &[&str],
    resource: Option<&str>,
    conditions: &[(String, &str)],
) -> String {
    let mut lines = vec!["  \"Effect\": \"Allow\"".to_owned()];
    lines.extend(
        principal
            .map(|(kind, arn)| format!("  \"Principal\": {{ {}: {} }}", json(kind), json(arn))),
    );
    lines.push(format!("  \"Action\": {}", list(actions)));
    lines.extend(resource.map(|arn| format!("  \"Resource\": {}", json(arn))));
    if !conditions.is_empty() {
        let pins: Vec<_> = conditions
            .iter()
            .map(|(key, value)| format!("    {}: {}", json(key), json(value)))
            .collect();
        lines.push(format!(
            "  \"Condition\": {{ \"StringEquals\": {{\n{}\n  }} }}",
            pins.join(",\n")
        ));
    }
    format!("{{\n{}\n}}", lines.join(",\n"))
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
