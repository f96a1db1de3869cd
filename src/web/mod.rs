//! HTTP: the table of all routes. Open this file first.
//!
//! Each row says how, where, for whom, and which handler; the servers are built from the rows, and tests walk over
//! them. Handlers are thin: they read what was asked for into domain types, call one use-case, and show what comes
//! of it. Around all of them stands one middleware (`problem::recover`): references, error pages, headers, figures.
//!
//! | module | owns |
//! |---|---|
//! | `links`, `open`, `role`, `keys`, `portal`, `why`, `preferences`, `tokens`, `session`, `sessions`, `saml`, `oidc`, `issuer`, `admin`, `operations`, `assets` | the handlers |
//! | `api` | those for programs |
//! | `entrance`, `visitor`, `navigation`, `bodies`, `forms`, `parameters`, `cookies` | what comes in |
//! | `record` | what pages and programs share that read the record |
//! | `answer`, `compress`, `pages`, `problem`, `left_out`, `texts`, `headers` | what goes out |
//! | `site`, `server` | what all share, and where it listens |

mod admin;
mod answer;
mod api;
mod assets;
mod bodies;
mod compress;
mod cookies;
mod entrance;
mod forms;
mod headers;
mod issuer;
mod keys;
mod left_out;
mod links;
mod navigation;
mod oidc;
mod open;
mod operations;
mod pages;
mod parameters;
mod portal;
mod preferences;
mod problem;
mod record;
mod role;
mod saml;
mod server;
mod session;
mod sessions;
mod site;
#[cfg(test)]
mod tests;
mod texts;
mod tokens;
mod visitor;
mod why;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

pub use cookies::SecretTooShort;
pub use server::{Listeners, Server, StartError, Uses};
pub use site::{Elsewhere, Settings};

use problem::Failure;

/// Whom a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anyone, signed in or not.
    Anyone,
    /// People; who is not signed in is sent to sign in. Answers only to top-level navigations.
    Person,
    /// People whom an identity provider sends back; the one place where a form of another site counts.
    Returning,
    /// Administrators; others are told what they would be told of a role that is not theirs.
    Administrator,
    /// Programs.
    Program,
    /// Those who run the site, on the operations listener.
    Operator,
}

/// A row of the table.
pub struct Route {
    /// How.
    pub method: &'static str,
    /// Where; `{}` stands for one segment.
    pub path: &'static str,
    /// For whom.
    pub audience: Audience,
    /// Whether it changes anything that a forged request could aim at.
    pub mutating: bool,
    to: fn(actix_web::Route) -> actix_web::Route,
}

/// Says in a line of the table which handler answers.
macro_rules! row {
    ($method:literal $path:literal, $audience:ident, $handler:path) => {
        Route {
            method: $method,
            path: $path,
            audience: Audience::$audience,
            mutating: $method.as_bytes()[0] != b'G',
            to: |route| route.to($handler),
        }
    };
}

/// What the world sees.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    row!("GET"  "/",                     Person,    portal::show),
    row!("GET"  "/go/{account}/{role}",  Person,    links::go),
    row!("POST" "/go/{account}/{role}",  Person,    links::go_with_form),
    row!("GET"  "/go/{account}",         Person,    links::go_with_any),
    row!("GET"  "/go",                   Person,    links::choose),
    row!("GET"  "/open",                 Person,    open::open),
    row!("GET"  "/roles/{account}/{role}", Person,  role::show),
    row!("POST" "/roles/{account}/{role}", Person,  role::remember),
    row!("GET"  "/role/{text:.+}",       Person,    links::find),
    row!("GET"  "/keys/{account}/{role}", Person,   keys::show),
    row!("POST" "/keys/{account}/{role}", Person,   keys::make),
    row!("POST" "/favourites",           Person,    preferences::set_favourite),
    row!("GET"  "/settings",             Person,    preferences::show),
    row!("POST" "/settings",             Person,    preferences::save),
    row!("GET"  "/sessions",             Person,    sessions::show),
    row!("POST" "/sessions",             Person,    sessions::end),
    row!("GET"  "/tokens",               Person,    tokens::show),
    row!("POST" "/tokens",               Person,    tokens::make),
    row!("POST" "/tokens/revoke",        Person,    tokens::revoke),
    row!("GET"  "/roles/{account}/{role}/why", Person, why::show),
    row!("GET"  "/sign-in",              Person,    session::sign_in),
    row!("GET"  "/sign-in/{idp}",        Person,    session::sign_in_by),
    row!("POST" "/sign-out",             Anyone,    session::sign_out),
    row!("POST" "/saml/{idp}/acs",       Returning, saml::acs),
    row!("GET"  "/saml/{idp}/metadata",  Anyone,    saml::metadata),
    row!("GET"  "/oidc/{idp}/callback",  Returning, oidc::callback),
    row!("GET"  "/issuer/saml/metadata",            Anyone, issuer::metadata),
    row!("GET"  "/.well-known/openid-configuration", Anyone, issuer::discovery),
    row!("GET"  "/issuer/oidc/jwks",                Anyone, issuer::key_set),
    row!("GET"  "/admin/access",           Administrator, admin::lists::show),
    row!("GET"  "/admin/access/document",  Administrator, admin::drafts::lead_on),
    row!("POST" "/admin/access/probe",     Administrator, admin::probe::run),
    row!("GET"  "/admin/access/revisions", Administrator, admin::revisions::list),
    row!("GET"  "/admin/access/revisions/{number}",         Administrator, admin::revisions::show),
    row!("POST" "/admin/access/revisions/{number}/restore", Administrator, admin::revisions::restore),
    row!("GET"  "/admin/access/compare",   Administrator, admin::revisions::compare),
    row!("GET"  "/admin/drafts",           Administrator, admin::drafts::list),
    row!("POST" "/admin/drafts",           Administrator, admin::drafts::begin),
    row!("GET"  "/admin/drafts/{id}",      Administrator, admin::drafts::show),
    row!("POST" "/admin/drafts/{id}",      Administrator, admin::drafts::save),
    row!("GET"  "/admin/drafts/{id}/entries/{section}",      Administrator, admin::entries::list),
    row!("GET"  "/admin/drafts/{id}/entries/{section}/edit", Administrator, admin::entries::show),
    row!("POST" "/admin/drafts/{id}/entries/{section}/edit", Administrator, admin::entries::save),
    row!("POST" "/admin/drafts/{id}/discard", Administrator, admin::drafts::discard),
    row!("GET"  "/admin/drafts/{id}/review",  Administrator, admin::review::show),
    row!("POST" "/admin/drafts/{id}/rebase",  Administrator, admin::review::rebase),
    row!("POST" "/admin/drafts/{id}/publish", Administrator, admin::review::publish),
    row!("GET"  "/admin/issuer",           Administrator, admin::issuer::show),
    row!("GET"  "/admin/trust",            Administrator, admin::trust::show),
    row!("GET"  "/admin/simulate",         Administrator, admin::simulate::show),
    row!("POST" "/admin/simulate",         Administrator, admin::simulate::ask),
    row!("GET"  "/admin/why",              Administrator, admin::simulate::lead_on),
    row!("GET"  "/admin/people",           Administrator, admin::people::list),
    row!("POST" "/admin/people",           Administrator, admin::people::block),
    row!("GET"  "/admin/people/{person}",  Administrator, admin::people::one),
    row!("POST" "/admin/people/{person}",  Administrator, admin::people::change),
    row!("GET"  "/admin/stops",            Administrator, admin::stops::list),
    row!("POST" "/admin/stops",            Administrator, admin::stops::change),
    row!("GET"  "/admin/revoke",           Administrator, admin::revoke::show),
    row!("POST" "/admin/revoke",           Administrator, admin::revoke::act),
    row!("GET"  "/admin/record",           Administrator, admin::record::show),
    row!("GET"  "/admin/record/export",    Administrator, admin::record::export),
    row!("GET"  "/admin/record/person",    Administrator, admin::record::person),
    row!("GET"  "/admin/record/role",      Administrator, admin::record::role),
    row!("GET"  "/admin/tokens",           Administrator, admin::tokens::show),
    row!("POST" "/admin/tokens/revoke",    Administrator, admin::tokens::revoke),
    row!("GET"  "/api/v1/openapi.json",      Program, api::openapi::description),
    row!("GET"  "/api/v1/me",                Program, api::me::me),
    row!("GET"  "/api/v1/roles",             Program, api::roles::list),
    row!("GET"  "/api/v1/roles/{account}/{role}/why", Program, api::why::mine),
    row!("POST" "/api/v1/keys",              Program, api::keys::make),
    row!("GET"  "/api/v1/tokens",            Program, api::tokens::list),
    row!("POST" "/api/v1/tokens",            Program, api::tokens::make),
    row!("DELETE" "/api/v1/tokens",          Program, api::tokens::revoke_all),
    row!("DELETE" "/api/v1/tokens/{id}",     Program, api::tokens::revoke),
    row!("GET"  "/api/v1/admin/tokens",      Program, api::tokens::list_all),
    row!("DELETE" "/api/v1/admin/tokens/{id}", Program, api::tokens::revoke_any),
    row!("GET"  "/api/v1/access/rules",      Program, api::lists::rules),
    row!("GET"  "/api/v1/access/roles",      Program, api::lists::roles),
    row!("GET"  "/api/v1/access/accounts",   Program, api::lists::accounts),
    row!("GET"  "/api/v1/access/document",   Program, api::access::document),
    row!("POST" "/api/v1/access/check",      Program, api::access::check),
    row!("POST" "/api/v1/access/publish",    Program, api::access::publish),
    row!("GET"  "/api/v1/access/compare",    Program, api::access::compare),
    row!("GET"  "/api/v1/access/revisions",  Program, api::revisions::list),
    row!("GET"  "/api/v1/access/revisions/{number}",          Program, api::revisions::show),
    row!("POST" "/api/v1/access/revisions/{number}/restore",  Program, api::revisions::restore),
    row!("POST" "/api/v1/access/why",        Program, api::why::anybody),
    row!("POST" "/api/v1/access/probe",      Program, api::probe::probe),
    row!("GET"  "/api/v1/issuer",            Program, api::issuer::show),
    row!("GET"  "/api/v1/record",            Program, api::record::search),
    row!("GET"  "/api/v1/record/export",     Program, api::record::export),
    row!("GET"  "/api/v1/record/person",     Program, api::record::person),
    row!("GET"  "/api/v1/record/role",       Program, api::record::role),
    row!("GET"  "/api/v1/record/who",        Program, api::record::who),
    row!("GET"  "/api/v1/sessions",          Program, api::sessions::list),
    row!("DELETE" "/api/v1/sessions",        Program, api::sessions::end_all),
    row!("DELETE" "/api/v1/sessions/{handle}", Program, api::sessions::end),
    row!("GET"  "/api/v1/people",            Program, api::people::list),
    row!("POST" "/api/v1/people/block",      Program, api::stops::block_by_name),
    row!("GET"  "/api/v1/people/{person}",   Program, api::people::show),
    row!("DELETE" "/api/v1/people/{person}/sessions",          Program, api::people::end_all),
    row!("DELETE" "/api/v1/people/{person}/sessions/{handle}", Program, api::people::end),
    row!("PUT"  "/api/v1/people/{person}/block",               Program, api::stops::block),
    row!("DELETE" "/api/v1/people/{person}/block",             Program, api::stops::unblock),
    row!("GET"  "/api/v1/stops",             Program, api::stops::list),
    row!("PUT"  "/api/v1/accounts/{account}/suspension",       Program, api::stops::suspend),
    row!("DELETE" "/api/v1/accounts/{account}/suspension",     Program, api::stops::resume),
    row!("PUT"  "/api/v1/roles/{account}/{role}/suspension",   Program, api::stops::suspend),
    row!("DELETE" "/api/v1/roles/{account}/{role}/suspension", Program, api::stops::resume),
    row!("GET"  "/api/v1/drafts",            Program, api::drafts::list),
    row!("POST" "/api/v1/drafts",            Program, api::drafts::begin),
    row!("GET"  "/api/v1/drafts/{id}",       Program, api::drafts::show),
    row!("PUT"  "/api/v1/drafts/{id}",       Program, api::drafts::save),
    row!("DELETE" "/api/v1/drafts/{id}",     Program, api::drafts::discard),
    row!("GET"  "/api/v1/drafts/{id}/review",  Program, api::draft_review::review),
    row!("POST" "/api/v1/drafts/{id}/rebase",  Program, api::draft_review::rebase),
    row!("POST" "/api/v1/drafts/{id}/publish", Program, api::draft_review::publish),
    row!("GET"  "/api/v1/drafts/{id}/entries/{section}",          Program, api::entries::list),
    row!("POST" "/api/v1/drafts/{id}/entries/{section}",          Program, api::entries::add),
    row!("GET"  "/api/v1/drafts/{id}/entries/{section}/entry",    Program, api::entries::show),
    row!("PUT"  "/api/v1/drafts/{id}/entries/{section}/entry",    Program, api::entries::replace),
    row!("DELETE" "/api/v1/drafts/{id}/entries/{section}/entry",  Program, api::entries::remove),
    row!("POST" "/api/v1/simulate",          Program, api::simulate::simulate),
    row!("GET"  "/api/v1/revocations",       Program, api::revocations_under_way::list),
    row!("POST" "/api/v1/revocations",       Program, api::revocations::apply),
    row!("POST" "/api/v1/revocations/plan",  Program, api::revocations::plan),
    row!("POST" "/api/v1/revocations/people", Program, api::revocations::find),
    row!("GET"  "/static/{file}",        Anyone,    assets::show),
];

/// What those who run the site see, on a listener of its own.
#[rustfmt::skip]
pub const OPERATIONS: &[Route] = &[
    row!("GET"  "/healthz",              Operator,  operations::health),
    row!("GET"  "/readyz",               Operator,  operations::readiness),
    row!("GET"  "/metrics",              Operator,  operations::figures),
];

/// Builds an application's routes from a table.
fn register(table: &'static [Route], config: &mut ServiceConfig) {
    let mut paths: Vec<&str> = table.iter().map(|route| route.path).collect();
    paths.dedup();
    for path in paths {
        let here = || table.iter().filter(move |route| route.path == path);
        let allowed: Vec<&str> = here().map(|route| route.method).collect();
        let allowed = allowed.join(", ");
        let resource = here().fold(web::resource(path), |resource, route| {
            let method = Method::from_bytes(route.method.as_bytes()).unwrap_or_default();
            resource.route((route.to)(web::method(method)))
        });
        config.service(resource.default_service(web::to(move || {
            let allowed = allowed.clone();
            async move { Err::<String, _>(Failure::MethodNotAllowed { allowed }) }
        })));
    }
}
