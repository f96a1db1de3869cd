//! The programs' side: discovery, keys, codes for tokens, and userinfo; each counted, each able to fail on purpose.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, LOCATION, WWW_AUTHENTICATE};
use actix_web::web::{self, Bytes, Data, Form, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::options::{Endpoint, Fault, Groups, JsonEdit};
use super::token::{self, person_claims};
use super::{ACCESS_MINUTES, Access, Client, Code, Provider};

pub(super) fn configure(services: &mut ServiceConfig) {
    services
        .route(
            "/.well-known/openid-configuration",
            web::get().to(discovery),
        )
        .route("/jwks", web::get().to(jwks))
        .route("/token", web::post().to(exchange))
        .route("/userinfo", web::get().to(userinfo))
        .route("/userinfo", web::post().to(userinfo));
}

async fn discovery(provider: Data<Provider>) -> HttpResponse {
    if let Some(fault) = provider.begin(Endpoint::Discovery).await {
        return fault;
    }
    let issuer = &provider.issuer;
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "RS384", "RS512", "ES256", "ES384"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email", "groups"],
        "acr_values_supported": provider.options().contexts,
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "email",
                             "email_verified", "preferred_username", "groups"],
        "authorization_response_iss_parameter_supported": true,
    });
    answer(document, provider.options().edit_discovery.as_ref())
}

async fn jwks(provider: Data<Provider>) -> HttpResponse {
    if let Some(fault) = provider.begin(Endpoint::Jwks).await {
        return fault;
    }
    let keys: Vec<Value> = {
        let state = provider.lock();
        let current = state.keys.all();
        current
            .into_iter()
            .chain(&state.retired)
            .map(|key| key.jwk())
            .collect()
    };
    answer(
        json!({ "keys": keys }),
        provider.options().edit_jwks.as_ref(),
    )
}

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

async fn exchange(
    http: HttpRequest,
    form: Form<TokenRequest>,
    provider: Data<Provider>,
) -> HttpResponse {
    if let Some(fault) = provider.begin(Endpoint::Token).await {
        return fault;
    }
    let Some(client) = provider.authenticated_client(&http, &form) else {
        return HttpResponse::Unauthorized()
            .insert_header((WWW_AUTHENTICATE, "Basic realm=\"token\""))
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(json!({ "error": "invalid_client" }));
    };
    if form.grant_type.as_deref() != Some("authorization_code") {
        return refusal(
            "unsupported_grant_type",
            "only authorization_code is supported",
        );
    }
    // taken before it is checked: a code that was tried wrongly is spent too
    let Some(code) = form
        .code
        .as_ref()
        .and_then(|code| provider.codes.take(code))
    else {
        return refusal("invalid_grant", "the code is unknown, expired or used");
    };
    if let Some(description) = mismatch(&code, &client, &form) {
        return refusal("invalid_grant", description);
    }
    provider.tokens(&code)
}

/// What does not fit between a code and the request that redeems it.
fn mismatch(code: &Code, client: &Client, form: &TokenRequest) -> Option<&'static str> {
    if code.request.client_id != client.id {
        return Some("the code was given to another client");
    }
    if form.redirect_uri.as_ref() != Some(&code.request.redirect_uri) {
        return Some("the redirect_uri is not the one of the authorization request");
    }
    let verifier = form.code_verifier.as_deref().unwrap_or_default();
    let challenge = digest::digest(&digest::SHA256, verifier.as_bytes());
    if verifier.len() < 43 || URL_SAFE_NO_PAD.encode(challenge) != code.request.code_challenge {
        return Some("the code_verifier does not fit the code_challenge");
    }
    None
}

async fn userinfo(http: HttpRequest, provider: Data<Provider>) -> HttpResponse {
    if let Some(fault) = provider.begin(Endpoint::Userinfo).await {
        return fault;
    }
    let known = bearer(&http).and_then(|token| {
        let access = provider.access_tokens.get(&token)?;
        let person = provider.person(&access.username)?;
        Some((access, person))
    });
    let Some((access, person)) = known else {
        return HttpResponse::Unauthorized()
            .insert_header((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
            .finish();
    };
    let options = provider.options();
    let mut claims = person_claims(&person, &access.scopes);
    let with_groups = matches!(options.groups, Groups::Everywhere | Groups::Userinfo);
    if with_groups && !person.groups.is_empty() {
        claims.insert("groups".to_owned(), json!(person.groups));
    }
    answer(Value::Object(claims), options.edit_userinfo.as_ref())
}

fn bearer(http: &HttpRequest) -> Option<String> {
    let header = http.headers().get(AUTHORIZATION)?.to_str().ok()?;
    Some(header.strip_prefix("Bearer ")?.to_owned())
}

fn answer(document: Value, edit: Option<&JsonEdit>) -> HttpResponse {
    let mut object = match document {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    if let Some(edit) = edit {
        edit(&mut object);
    }
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(object)
}

fn refusal(error: &str, description: &str) -> HttpResponse {
    HttpResponse::BadRequest()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({ "error": error, "error_description": description }))
}

impl Provider {
    /// Counts a request, and breaks it if it is meant to break.
    async fn begin(&self, endpoint: Endpoint) -> Option<HttpResponse> {
        let fault = {
            let mut state = self.lock();
            *state.counts.entry(endpoint).or_default() += 1;
            state.options.faults.get(&endpoint).cloned()
        };
        match fault? {
            Fault::Status(status, body) => {
                let status =
                    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Some(HttpResponse::build(status).body(body))
            }
            Fault::Body(body) => Some(
                HttpResponse::Ok()
                    .content_type("application/json")
                    .body(body),
            ),
            Fault::Huge(bytes) => Some(huge(bytes)),
            Fault::Redirect(to) => {
                Some(HttpResponse::Found().insert_header((LOCATION, to)).finish())
            }
            Fault::Hang(latch) => {
                latch.wait().await;
                None
            }
        }
    }

    /// The client that the request proves to come from.
    fn authenticated_client(&self, http: &HttpRequest, form: &TokenRequest) -> Option<Client> {
        let (id, secret) = match http.headers().get(AUTHORIZATION) {
            Some(header) => basic(header.to_str().ok()?)?,
            None => (form.client_id.clone()?, form.client_secret.clone()),
        };
        self.client(&id).filter(|client| client.secret == secret)
    }

    fn tokens(&self, code: &Code) -> HttpResponse {
        let Some(person) = self.person(&code.username) else {
            return refusal("invalid_grant", "the person is gone");
        };
        let access_token = self.access_tokens.put(Access {
            username: person.username.clone(),
            scopes: code.request.scopes.clone(),
        });
        let id_token = self.id_token(&token::Facts {
            issuer: &self.issuer,
            client_id: &code.request.client_id,
            scopes: &code.request.scopes,
            nonce: code.request.nonce.as_deref(),
            person: &person,
            authenticated_at: code.authenticated_at,
            context: code.request.context.as_deref(),
            access_token: Some(&access_token),
            now: self.clock.now(),
        });
        match id_token {
            Ok(id_token) => answer(
                json!({
                    "access_token": access_token, "token_type": "Bearer", "expires_in": ACCESS_MINUTES * 60,
                    "id_token": id_token, "scope": code.request.scopes.join(" "),
                }),
                self.options().edit_token_answer.as_ref(),
            ),
            Err(error) => {
                tracing::error!(%error, "an ID token could not be written");
                HttpResponse::InternalServerError().finish()
            }
        }
    }
}

/// Id and secret of HTTP Basic authentication, each form-encoded (RFC 6749, section 2.3.1).
fn basic(header: &str) -> Option<(String, Option<String>)> {
    let encoded = header.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decoded(id)?, Some(form_decoded(secret)?)))
}

fn form_decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// A JSON object that consists of white space for `bytes` bytes.
fn huge(bytes: usize) -> HttpResponse {
    const CHUNK: usize = 64 * 1024;
    let chunks = std::iter::once(Bytes::from_static(b"{"))
        .chain(std::iter::repeat_n(
            Bytes::from(vec![b' '; CHUNK]),
            bytes.div_ceil(CHUNK),
        ))
        .chain(std::iter::once(Bytes::from_static(b"}")));
    HttpResponse::Ok()
        .content_type("application/json")
        .streaming(stream::iter(chunks.map(Ok::<_, std::convert::Infallible>)))
}
