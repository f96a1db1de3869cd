//! Tokens: one's own, and, for administrators, everybody's.

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Caller, Program};
use super::described::{Content, Endpoint, LIMIT, Parameter};
use super::{Refused, answer, body};
use crate::domain::Timestamp;
use crate::domain::token::{Token, TokenId, TokenScope, TokenScopes};
use crate::signin::{NewToken, about};
use crate::web::problem::Failure;
use crate::web::visitor::{admin, signin};

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/tokens",
    id: "tokens",
    summary: "One’s tokens, the newest first",
    scope: Some(TokenScope::Tokens),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<Tokens>())),
};
pub(super) const MAKE: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/tokens",
    id: "makeToken",
    summary: "Makes a token that may do no more, and lives no longer, than the one that asks",
    scope: Some(TokenScope::Tokens),
    parameters: &[],
    body: Some(Content::json::<TokenWanted>()),
    answer: (201, Some(Content::json::<MadeToken>())),
};
pub(super) const REVOKE: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/tokens/{id}",
    id: "revokeToken",
    summary: "Revokes one of one’s tokens; it may be the one that asks",
    scope: Some(TokenScope::Tokens),
    parameters: &[],
    body: None,
    answer: (204, None),
};
pub(super) const REVOKE_ALL: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/tokens",
    id: "revokeTokens",
    summary: "Revokes all of one’s tokens, the one that asks among them",
    scope: Some(TokenScope::Tokens),
    parameters: &[],
    body: None,
    answer: (204, None),
};
pub(super) const LIST_ALL: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/admin/tokens",
    id: "everybodysTokens",
    summary: "Everybody’s tokens, by id",
    scope: Some(TokenScope::Revoke),
    parameters: &[
        Parameter::query("after", "The last id of the page before"),
        LIMIT,
    ],
    body: None,
    answer: (200, Some(Content::json::<EverybodysTokens>())),
};
pub(super) const REVOKE_ANY: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/admin/tokens/{id}",
    id: "revokeAnybodysToken",
    summary: "Revokes somebody’s token",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: None,
    answer: (204, None),
};

/// A token to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenWanted {
    name: String,
    /// What it may do.
    scopes: Vec<String>,
    /// How many days it lives; as many as the configuration says where nothing is said.
    days: Option<u16>,
}

/// A token as it is listed.
#[derive(Debug, Serialize, ToSchema)]
struct OneToken {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    #[schema(value_type = String)]
    made: Timestamp,
    #[schema(value_type = String)]
    expires: Timestamp,
    /// To the minute; absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    last_used: Option<Timestamp>,
}

impl From<&Token> for OneToken {
    fn from(token: &Token) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.clone(),
            scopes: token.scopes.iter().map(|scope| scope.word()).collect(),
            made: token.made,
            expires: token.expires,
            last_used: token.used,
        }
    }
}

/// Tokens.
#[derive(Debug, Serialize, ToSchema)]
struct Tokens {
    tokens: Vec<OneToken>,
}

/// A token just made: the only time that it is said.
#[derive(Serialize, ToSchema)]
struct MadeToken {
    #[serde(flatten)]
    #[schema(inline)]
    listed: OneToken,
    /// The token itself.
    token: String,
}

/// Somebody's token.
#[derive(Debug, Serialize, ToSchema)]
struct SomebodysToken {
    #[serde(flatten)]
    #[schema(inline)]
    listed: OneToken,
    idp: String,
    subject: String,
    display_name: String,
}

/// A page of everybody's tokens.
#[derive(Debug, Serialize, ToSchema)]
struct EverybodysTokens {
    tokens: Vec<SomebodysToken>,
    /// What comes next stands after this id; absent: nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// `GET /api/v1/tokens`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.may(TokenScope::Tokens)?;
    let tokens = signin(&request).tokens(&caller.session).await?;
    let tokens = tokens.iter().map(OneToken::from).collect();
    Ok(answer::json(StatusCode::OK, &Tokens { tokens }))
}

/// `POST /api/v1/tokens`.
pub(in crate::web) async fn make(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.may(TokenScope::Tokens)?;
    let wanted = body::json::<TokenWanted>(&request, payload).await?.says;
    let new = NewToken {
        scopes: scopes(&wanted.scopes)?,
        name: wanted.name,
        days: wanted.days,
    };
    let made = signin(&request)
        .make_token(&caller.visit, &caller.session, caller.token.as_ref(), new)
        .await?;
    Ok(answer::secret(&MadeToken {
        listed: (&made.token).into(),
        token: made.secret.expose().to_owned(),
    }))
}

fn scopes(words: &[String]) -> Result<TokenScopes, Refused> {
    let scope = |(at, word): (usize, &String)| {
        TokenScope::parse(word).ok_or_else(|| {
            Refused::BodyUnreadable(format!("scopes[{at}]: there is no such scope."))
        })
    };
    words.iter().enumerate().map(scope).collect()
}

/// `DELETE /api/v1/tokens/{id}`.
pub(in crate::web) async fn revoke(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.may(TokenScope::Tokens)?;
    let id = named(&request)?;
    let signin = signin(&request);
    let gone = signin.revoke_tokens(&caller.visit, &caller.session, Some(&id));
    match gone.await? {
        0 => Err(Refused::NoSuchToken.into()),
        _ => Ok(answer::nothing()),
    }
}

/// `DELETE /api/v1/tokens`.
pub(in crate::web) async fn revoke_all(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.may(TokenScope::Tokens)?;
    let signin = signin(&request);
    let gone = signin.revoke_tokens(&caller.visit, &caller.session, None);
    gone.await?;
    Ok(answer::nothing())
}

/// `GET /api/v1/admin/tokens?after=&limit=`.
pub(in crate::web) async fn list_all(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::Revoke).await?;
    let query = answer::query(&request)?;
    let after = query.one("after")?.map(TokenId::parse);
    let after = after.map(|id| id.ok_or(Refused::NoSuchToken)).transpose()?;
    let limit = answer::limit(&query)?;
    let tokens = admin(&request).tokens(after.as_ref(), limit).await?;
    let next = tokens.last().map(|last| last.id.to_string());
    let next = next.filter(|_| tokens.len() == limit as usize);
    let tokens = tokens.iter().map(|token| SomebodysToken {
        listed: token.into(),
        idp: token.identity.idp.to_string(),
        subject: token.identity.subject.value.clone(),
        display_name: token.identity.display_name.clone(),
    });
    let page = EverybodysTokens {
        tokens: tokens.collect(),
        next,
    };
    Ok(answer::json(StatusCode::OK, &page))
}

/// `DELETE /api/v1/admin/tokens/{id}`.
pub(in crate::web) async fn revoke_any(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::Revoke).await?;
    let by = about(&caller.visit, &caller.session.identity);
    let id = named(&request)?;
    if admin(&request).revoke_token(&id, by).await? {
        Ok(answer::nothing())
    } else {
        Err(Refused::NoSuchToken.into())
    }
}

fn named(request: &HttpRequest) -> Result<TokenId, Refused> {
    let text = request.match_info().get("id").unwrap_or_default();
    TokenId::parse(text).ok_or(Refused::NoSuchToken)
}
