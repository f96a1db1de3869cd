//! The access model as lists: rules, roles and accounts, with what uses what.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::caller::Caller;
use super::described::{Content, Endpoint, Parameter};
use crate::admin::{AccountLine, Lines, RoleLine, RuleLine, Section};
use crate::domain::token::TokenScope;
use crate::web::links;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

const SEARCH: &[Parameter] = &[Parameter::query(
    "q",
    "Words that each entry has; letter case aside. At most 200 entries are listed",
)];

pub(super) const RULES: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/access/rules",
    id: "rules",
    summary: "The rules of the current revision, in the order of the document",
    scope: Some(TokenScope::AccessRead),
    parameters: SEARCH,
    body: None,
    answer: (200, Some(Content::json::<RuleList>())),
};
pub(super) const ROLES: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/access/roles",
    id: "allRoles",
    summary: "All roles of the current revision, with the rules that have to do with them",
    scope: Some(TokenScope::AccessRead),
    parameters: SEARCH,
    body: None,
    answer: (200, Some(Content::json::<RoleList>())),
};
pub(super) const ACCOUNTS: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/access/accounts",
    id: "accounts",
    summary: "The accounts of the current revision, with their roles",
    scope: Some(TokenScope::AccessRead),
    parameters: SEARCH,
    body: None,
    answer: (200, Some(Content::json::<AccountList>())),
};

/// Rules.
#[derive(Debug, Serialize, ToSchema)]
struct RuleList {
    revision: i64,
    /// How many match, listed or not.
    found: usize,
    rules: Vec<OneRule>,
}

/// A rule, in words.
#[derive(Debug, Serialize, ToSchema)]
struct OneRule {
    name: String,
    conditions: Vec<String>,
    grants: Vec<String>,
    denies: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl From<RuleLine> for OneRule {
    fn from(line: RuleLine) -> Self {
        Self {
            name: line.name,
            conditions: line.conditions,
            grants: line.grants,
            denies: line.denies,
            from: line.from,
            until: line.until,
        }
    }
}

/// Roles.
#[derive(Debug, Serialize, ToSchema)]
struct RoleList {
    revision: i64,
    /// How many match, listed or not.
    found: usize,
    roles: Vec<ListedRole>,
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
struct ListedRole {
    key: String,
    description: String,
    method: &'static str,
    arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<String>,
    asks_for: Vec<String>,
    rules: Vec<RoleRule>,
}

/// A rule that has to do with a role.
#[derive(Debug, Serialize, ToSchema)]
struct RoleRule {
    does: &'static str,
    rule: String,
}

impl From<RoleLine> for ListedRole {
    fn from(line: RoleLine) -> Self {
        let rules = line.rules.into_iter();
        Self {
            key: line.key,
            description: line.description,
            method: line.method,
            arn: line.arn,
            via: line.via,
            asks_for: line.asks,
            rules: rules.map(|(does, rule)| RoleRule { does, rule }).collect(),
        }
    }
}

/// Accounts.
#[derive(Debug, Serialize, ToSchema)]
struct AccountList {
    revision: i64,
    /// How many match, listed or not.
    found: usize,
    accounts: Vec<ListedAccount>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
struct ListedAccount {
    id: String,
    alias: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'static str>,
    partition: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// The keys of its roles.
    roles: Vec<String>,
}

impl From<AccountLine> for ListedAccount {
    fn from(line: AccountLine) -> Self {
        Self {
            id: line.id,
            alias: line.alias,
            name: line.name,
            environment: line.environment,
            partition: line.partition,
            owner: line.owner,
            roles: line.roles,
        }
    }
}

/// `GET /api/v1/access/rules?q=`.
pub(in crate::web) async fn rules(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    list(&caller, &request, Section::Rules).await
}

/// `GET /api/v1/access/roles?q=`.
pub(in crate::web) async fn roles(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    list(&caller, &request, Section::Roles).await
}

/// `GET /api/v1/access/accounts?q=`.
pub(in crate::web) async fn accounts(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    list(&caller, &request, Section::Accounts).await
}

async fn list(
    caller: &Caller,
    request: &HttpRequest,
    section: Section,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let query = answer::query(request)?;
    let text = query.one("q")?.map(links::search).transpose()?;
    let overview = admin(request)
        .look(section, text.unwrap_or_default())
        .await?;
    let revision = overview.deciding;
    let answer = match overview.lines {
        Lines::Rules(lines) => answer::json(
            StatusCode::OK,
            &RuleList {
                revision,
                found: overview.rules.found,
                rules: lines.into_iter().map(Into::into).collect(),
            },
        ),
        Lines::Roles(lines) => answer::json(
            StatusCode::OK,
            &RoleList {
                revision,
                found: overview.roles.found,
                roles: lines.into_iter().map(Into::into).collect(),
            },
        ),
        Lines::Accounts(lines) => answer::json(
            StatusCode::OK,
            &AccountList {
                revision,
                found: overview.accounts.found,
                accounts: lines.into_iter().map(Into::into).collect(),
            },
        ),
    };
    Ok(answer)
}
