//! What AWS's Query APIs have in common: parameters by GET and POST, their shape, errors, XML.
//!
//! STS and IAM are built on it. Knows no service and no operation.

mod error;
mod shape;
mod text;
mod wire;

use std::collections::BTreeMap;

pub use error::QueryError;
pub(in crate::aws) use shape::Shape;
pub(in crate::aws) use text::{
    ARN, Letters, POLICY_LETTERS, TAG_KEY, TAG_VALUE, Text, fits, letters,
};
pub(in crate::aws) use wire::{Element, failure, success};

use super::http::{Incoming, parse_form};

/// A request whose protocol is right: an action, and everything that came with it.
#[derive(Debug)]
pub(in crate::aws) struct Query {
    /// The action, as it was asked for.
    pub(in crate::aws) action: String,
    /// All parameters.
    pub(in crate::aws) parameters: BTreeMap<String, String>,
}

impl Query {
    /// Reads a request to a service that knows one version of its API.
    pub(in crate::aws) fn read(
        request: &Incoming,
        version: &str,
        unknown_version_code: &str,
    ) -> Result<Self, QueryError> {
        if request.method != http::Method::GET && request.method != http::Method::POST {
            return Err(QueryError::new(405, "MethodNotAllowed", "Use GET or POST"));
        }
        let parameters: BTreeMap<String, String> = parameters(request)?.into_iter().collect();
        let action = parameters
            .get("Action")
            .filter(|action| !action.is_empty())
            .ok_or_else(QueryError::missing_action)?
            .clone();
        let asked = parameters.get("Version").map_or("", String::as_str);
        if asked != version {
            let message = format!("Could not find version {asked}");
            return Err(QueryError::new(400, unknown_version_code, message));
        }
        if request.path != "/" {
            return Err(QueryError::invalid_action(&action, version));
        }
        Ok(Self { action, parameters })
    }
}

/// The parameters of a request, from its query and its form.
pub fn parameters(request: &Incoming) -> Result<Vec<(String, String)>, QueryError> {
    let mut text = request.query.clone().into_bytes();
    if request.method == http::Method::POST && request.has_form() {
        text.push(b'&');
        text.extend_from_slice(&request.body);
    }
    parse_form(&text).map_err(|_| QueryError::malformed_query())
}
