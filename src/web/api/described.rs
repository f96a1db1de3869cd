//! What an endpoint says of itself, for the description.

use std::borrow::Cow;

use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::token::TokenScope;
use crate::web::record;

/// An endpoint, described.
pub(in crate::web) struct Endpoint {
    pub(super) method: &'static str,
    /// As in the table of routes.
    pub(super) path: &'static str,
    /// Its name for generated clients.
    pub(super) id: &'static str,
    /// In a few words.
    pub(super) summary: &'static str,
    /// What a token needs; `None`: no token at all.
    pub(super) scope: Option<TokenScope>,
    pub(super) parameters: &'static [Parameter],
    pub(super) body: Option<Content>,
    /// The status and content of success.
    pub(super) answer: (u16, Option<Content>),
}

/// A parameter beside those of the path.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    /// Whether it is a header; else it stands in the query.
    pub(super) is_header: bool,
    pub(super) required: bool,
    pub(super) about: &'static str,
}

impl Parameter {
    /// In the query, and may be left out.
    pub(super) const fn query(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            is_header: false,
            required: false,
            about,
        }
    }

    /// In the query, and needed.
    pub(super) const fn needed(name: &'static str, about: &'static str) -> Self {
        Self {
            required: true,
            ..Self::query(name, about)
        }
    }

    /// A header.
    pub(super) const fn header(name: &'static str, required: bool, about: &'static str) -> Self {
        Self {
            name,
            is_header: true,
            required,
            about,
        }
    }
}

pub(super) const IF_MATCH: Parameter = Parameter::header(
    "If-Match",
    true,
    "The ETag of the current revision: what the change is written on",
);
pub(super) const IF_MATCH_DRAFT: Parameter = Parameter::header(
    "If-Match",
    true,
    "The ETag of the draft: the version that was seen",
);
pub(super) const IDEMPOTENCY_KEY: Parameter = Parameter::header(
    "Idempotency-Key",
    false,
    "A fresh random text; what is asked for under it again within 24 hours is done once",
);
pub(super) const IDEMPOTENCY_KEY_NEEDED: Parameter = Parameter {
    required: true,
    ..IDEMPOTENCY_KEY
};
pub(super) const BEFORE: Parameter = Parameter::query("before", "The `next` of the page before");
pub(super) const LIMIT: Parameter = Parameter::query(
    "limit",
    "How many entries, 1 to 200; 50 where nothing is said",
);

/// A body, by its media types and its schema.
#[derive(Clone, Copy)]
pub(super) struct Content {
    pub(super) kinds: &'static [&'static str],
    /// The name under which the schema stands among the components; `None`: it stands in place.
    pub(super) name: Option<fn() -> Cow<'static, str>>,
    pub(super) schema: fn() -> RefOr<Schema>,
    pub(super) schemas: fn(&mut Vec<(String, RefOr<Schema>)>),
    /// Further statuses that are answered with the same, and what each means.
    pub(super) also: &'static [(u16, &'static str)],
}

impl Content {
    /// JSON of a type.
    pub(super) const fn json<T: ToSchema>() -> Self {
        Self {
            kinds: &["application/json"],
            name: Some(T::name),
            schema: <T as PartialSchema>::schema,
            schemas: <T as ToSchema>::schemas,
            also: &[],
        }
    }

    /// The same, answered with further statuses.
    pub(super) const fn also(self, also: &'static [(u16, &'static str)]) -> Self {
        Self { also, ..self }
    }

    /// An entry of an access model.
    pub(super) const fn entry() -> Self {
        Self {
            kinds: &["application/json"],
            ..Self::document()
        }
    }

    /// An access model.
    pub(super) const fn document() -> Self {
        Self {
            kinds: &["application/toml", "application/json"],
            name: None,
            schema: || utoipa::openapi::schema::empty().into(),
            schemas: |_| {},
            also: &[],
        }
    }

    /// Rows of the record, a line each.
    pub(super) const fn rows() -> Self {
        Self {
            kinds: &[record::JSONL, record::CSV],
            name: None,
            schema: || utoipa::openapi::schema::empty().into(),
            schemas: |_| {},
            also: &[],
        }
    }
}
