//! The roles that somebody holds, with what there is to know before one opens them.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::caller::Caller;
use super::described::{Content, Endpoint};
use crate::domain::account::{Account, Environment};
use crate::domain::token::TokenScope;
use crate::signin::{AccountView, HeldRole};
use crate::web::links;
use crate::web::problem::Failure;
use crate::web::visitor::{signin, site};

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/roles",
    id: "roles",
    summary: "The roles one holds, by account",
    scope: Some(TokenScope::MeRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<Roles>())),
};

/// The roles that somebody holds.
#[derive(Debug, Serialize, ToSchema)]
struct Roles {
    roles: Vec<OneRole>,
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
struct OneRole {
    /// `account-alias/name`.
    key: String,
    name: String,
    description: String,
    account: OneAccount,
    /// The STS operation behind it.
    method: &'static str,
    /// Whether it gives keys and opens no console.
    keys_only: bool,
    /// How long it lasts, in seconds.
    seconds: u32,
    /// The same in words.
    lasts: String,
    /// Why no longer; absent where that is simply what the role allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'static str>,
    /// What it asks of the person before it opens; then tokens cannot make keys of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    asks_for: Option<String>,
    /// Whether an administrator has suspended it: it does not open.
    suspended: bool,
    links: Links,
}

/// Where people go.
#[derive(Debug, Serialize, ToSchema)]
struct Links {
    /// Into the console.
    #[serde(skip_serializing_if = "Option::is_none")]
    console: Option<String>,
    /// To keys.
    keys: String,
    /// To the page about the role.
    about: String,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
struct OneAccount {
    id: String,
    alias: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'static str>,
    partition: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    labels: BTreeMap<String, String>,
}

impl From<&Account> for OneAccount {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            alias: account.alias.to_string(),
            name: account.name.clone(),
            environment: account.environment.map(Environment::word),
            partition: account.partition.to_string(),
            owner: account.owner.clone(),
            labels: account.labels.clone(),
        }
    }
}

impl OneRole {
    fn new(origin: &str, account: &Account, held: &HeldRole) -> Self {
        let role = &held.role;
        let keys_only = role.method.is_keys_only();
        let at = |path: String| format!("{origin}{path}");
        Self {
            key: role.key.to_string(),
            name: role.key.name.to_string(),
            description: role.description.clone(),
            account: account.into(),
            method: role.method.operation(),
            keys_only,
            seconds: held.seconds,
            lasts: held.lasts.to_string(),
            because: held.because,
            asks_for: held.asks.clone(),
            suspended: held.suspended.is_some(),
            links: Links {
                console: (!keys_only).then(|| at(links::role_href(&role.key, ""))),
                keys: at(links::keys_href(&role.key, "")),
                about: at(links::about_href(&role.key, "")),
            },
        }
    }
}

/// `GET /api/v1/roles`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.may(TokenScope::MeRead)?;
    let origin = &site(&request).origin;
    let accounts = signin(&request).held_roles(&caller.session).await;
    let of_account = |view: &AccountView| {
        let roles = view.roles.iter();
        let roles = roles.map(|held| OneRole::new(origin, &view.account, held));
        roles.collect::<Vec<_>>()
    };
    let roles = accounts.iter().flat_map(of_account).collect();
    Ok(answer::json(StatusCode::OK, &Roles { roles }))
}
