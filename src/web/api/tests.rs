//! The description as it is made, without a server.

use super::ENDPOINTS;
use super::openapi::{document, named};

#[test]
fn every_reference_leads_to_a_schema_and_every_schema_is_of_use() {
    let document = document();
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut named = std::collections::BTreeSet::new();
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
        named.insert(name.to_owned());
    }
    let all: Vec<&String> = schemas.keys().collect();
    assert_eq!(named.iter().collect::<Vec<_>>(), all);
}

#[test]
fn of_two_types_with_one_name_neither_hides_the_other() {
    let mut schemas = std::collections::BTreeMap::new();
    for (name, schema) in named() {
        let known = schemas
            .entry(name.clone())
            .or_insert_with(|| schema.clone());
        assert_eq!(*known, schema, "{name}");
    }
}

#[test]
fn endpoints_have_names_of_their_own_and_whoever_changes_something_says_so() {
    let mut ids: Vec<&str> = ENDPOINTS.iter().map(|endpoint| endpoint.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for endpoint in ENDPOINTS {
        assert_eq!(
            endpoint.body.is_some(),
            ["POST", "PUT"].contains(&endpoint.method),
            "{}",
            endpoint.id
        );
    }
}
