//! The description of the API (`OpenAPI` 3.1), made of what each endpoint says of itself.

use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};

use super::ENDPOINTS;
use super::answer;
use super::described::{Content, Endpoint, Parameter};
use crate::domain::token::TokenScope;
use crate::web::headers::Kind;

pub(super) const DESCRIPTION: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/openapi.json",
    id: "description",
    summary: "This description",
    scope: None,
    parameters: &[],
    body: None,
    answer: (200, None),
};

/// What every problem says (RFC 9457).
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
struct ProblemBody {
    /// `urn:vestibule:problem:` and the code.
    r#type: String,
    title: String,
    status: u16,
    /// What happened.
    detail: String,
    /// `urn:vestibule:reference:` and the reference.
    instance: String,
    /// A word for programs; it never changes its meaning.
    code: String,
    /// Stands in the log and in the record.
    reference: String,
    /// Everything that is wrong with a document.
    problems: Option<Vec<ProblemAt>>,
    /// The `ETag` of what stands there, where something was changed in between.
    current: Option<String>,
    /// Of keys that were made before under the same Idempotency-Key: what the record calls the hand-over.
    signin_id: Option<String>,
    /// The scope that the token lacks.
    scope: Option<String>,
    /// What must be typed to confirm what needs a second thought.
    confirm: Option<String>,
    /// The entries that both a draft and a revision changed, and nobody decided.
    conflicts: Option<Vec<super::draft_review::Conflict>>,
}

/// One thing that is wrong.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(super) struct ProblemAt {
    /// The key's path, such as `roles[3].name`, counted from 0; empty: the whole.
    pub(super) path: String,
    pub(super) message: String,
}

impl ProblemAt {
    /// What is wrong with the whole.
    pub(super) fn whole(message: String) -> Self {
        Self {
            path: String::new(),
            message,
        }
    }
}

/// `GET /api/v1/openapi.json`.
pub(in crate::web) async fn description() -> HttpResponse {
    let mut answer = answer::json(StatusCode::OK, document());
    answer.extensions_mut().insert(Kind::Public);
    answer
}

/// The whole description; made once.
pub(super) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut paths: Map<String, Value> = Map::new();
        for endpoint in ENDPOINTS {
            let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
            path[endpoint.method.to_ascii_lowercase()] = operation(endpoint);
        }
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Vestibule",
                "version": "1",
                "description": "Roles, keys and sessions for people’s programs; the access model, the record and ending access for administrators’.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
            "paths": paths,
            "components": {
                "schemas": schemas(),
                "securitySchemes": {
                    "token": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": format!(
                            "A token of a person’s. Its scopes are of: {}.",
                            TokenScope::ALL.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(", ")
                        ),
                    },
                },
            },
        })
    })
}

fn operation(endpoint: &Endpoint) -> Value {
    let (status, content) = &endpoint.answer;
    let mut success = json!({"description": "Done"});
    if let Some(content) = content {
        success["content"] = media(content);
    }
    let mut operation = json!({
        "operationId": endpoint.id,
        "summary": endpoint.summary,
        "responses": {
            status.to_string(): success,
            "default": {
                "description": "A problem (RFC 9457)",
                "content": {
                    "application/problem+json": {"schema": reference("Problem")},
                },
            },
        },
    });
    for (status, means) in content.iter().flat_map(|content| content.also) {
        operation["responses"][status.to_string()] =
            json!({"description": means, "content": content.as_ref().map(media)});
    }
    let in_path = in_path(endpoint.path).map(
        |name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
    );
    let parameters: Vec<Value> = in_path
        .chain(endpoint.parameters.iter().map(parameter))
        .collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = &endpoint.body {
        operation["requestBody"] = json!({"required": true, "content": media(body)});
    }
    operation["security"] = match endpoint.scope {
        Some(scope) => json!([{"token": [scope.word()]}]),
        None => json!([]),
    };
    operation
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": if parameter.is_header { "header" } else { "query" },
        "required": parameter.required,
        "description": parameter.about,
        "schema": {"type": "string"},
    })
}

/// The names between braces.
fn in_path(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

fn media(content: &Content) -> Value {
    let schema = match content.name {
        Some(name) => reference(&name()),
        None => written(&(content.schema)()),
    };
    let kinds = content.kinds.iter();
    let kinds = kinds.map(|kind| ((*kind).to_owned(), json!({"schema": schema})));
    Value::Object(kinds.collect())
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Every type that is named, by its name.
fn schemas() -> Map<String, Value> {
    named().into_iter().collect()
}

/// Likewise, each as often as it is named.
pub(super) fn named() -> Vec<(String, Value)> {
    let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
    let contents = ENDPOINTS
        .iter()
        .flat_map(|endpoint| [endpoint.body, endpoint.answer.1])
        .flatten();
    for content in contents.chain([Content::json::<ProblemBody>()]) {
        if let Some(name) = content.name {
            found.push((name().into_owned(), (content.schema)()));
        }
        (content.schemas)(&mut found);
    }
    found
        .into_iter()
        .map(|(name, schema)| (name, written(&schema)))
        .collect()
}

fn written(schema: &RefOr<Schema>) -> Value {
    // schemas of types have a JSON form
    serde_json::to_value(schema).unwrap_or_default()
}
