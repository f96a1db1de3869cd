//! The browser's side: authorization requests, the password form's answer, signing out.
//!
//! A request whose client or redirect URI is not registered gets a page and is never redirected; every other fault
//! goes back to the application as an error response.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{self, Data, Form, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Deserialize;
use url::Url;

use super::options::ResponseIssuer;
use super::{AuthorizationRequest, Code, Provider};
use crate::idp::forms::{self, MessagePage, PasswordForm, SignInPage};
use crate::idp::session::SignedIn;
use crate::pages;

pub(super) fn configure(services: &mut ServiceConfig) {
    services
        .route("/", web::get().to(front))
        .route("/authorize", web::get().to(authorize))
        .route("/login", web::post().to(login))
        .route("/logout", web::get().to(logout))
        .route("/logout", web::post().to(logout))
        .configure(pages::static_files);
}

#[derive(Deserialize)]
struct Parameters {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    response_type: Option<String>,
    scope: Option<String>,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    prompt: Option<String>,
    max_age: Option<i64>,
    acr_values: Option<String>,
}

/// An error response: its name and its description.
type Fault = (&'static str, &'static str);

async fn front(provider: Data<Provider>) -> HttpResponse {
    let text = format!(
        "An OpenID provider for trying things out. Its issuer is {}.",
        provider.issuer
    );
    pages::page(
        StatusCode::OK,
        &MessagePage {
            provider: &provider.name,
            title: &provider.name,
            text: &text,
            link: None,
        },
    )
}

async fn authorize(
    http: HttpRequest,
    parameters: Query<Parameters>,
    provider: Data<Provider>,
) -> HttpResponse {
    let parameters = parameters.into_inner();
    let Some(request) = provider.addressed_request(&parameters) else {
        return forms::refusal(
            &provider.name,
            "It names a client that this provider does not know, or a redirect URI that is not that client's.",
        );
    };
    let answer = pages::answer(StatusCode::SEE_OTHER);
    if let Some((name, description)) = provider.options().authorize_error {
        return provider.error(answer, &request, &name, description.as_deref());
    }
    if let Err((name, description)) = check(&parameters) {
        return provider.error(answer, &request, name, Some(description));
    }
    let prompt = parameters.prompt.as_deref().unwrap_or_default();
    let session = provider
        .sessions
        .of(&http)
        .filter(|session| provider.person(&session.username).is_some())
        .filter(|session| provider.is_recent(session, parameters.max_age))
        // which context a session began in is not remembered: whoever asks for one has the password typed
        .filter(|_| prompt != "login" && request.context.is_none());
    match session {
        Some(session) => provider.code(answer, &request, &session),
        None if prompt == "none" => provider.error(answer, &request, "login_required", None),
        None => forms::sign_in(&SignInPage {
            provider: &provider.name,
            application: &request.client_id.clone(),
            state: &provider.pending.put(request),
            wrong: false,
        }),
    }
}

/// What is wrong with a request that may be answered.
fn check(parameters: &Parameters) -> Result<(), Fault> {
    if parameters.response_type.as_deref() != Some("code") {
        return Err(("unsupported_response_type", "only code is supported"));
    }
    let scope = parameters.scope.as_deref().unwrap_or_default();
    if !scope.split(' ').any(|one| one == "openid") {
        return Err(("invalid_scope", "scope must contain openid"));
    }
    if parameters.code_challenge.as_ref().map(String::len) != Some(43)
        || parameters.code_challenge_method.as_deref() != Some("S256")
    {
        return Err(("invalid_request", "PKCE with S256 is required"));
    }
    Ok(())
}

async fn login(form: Form<PasswordForm>, provider: Data<Provider>) -> HttpResponse {
    let Some(request) = provider.pending.get(&form.state) else {
        return forms::refusal(
            &provider.name,
            "This sign-in is too old, or was never begun here. Go back to the application and start again.",
        );
    };
    let Some(person) = provider.people.authenticate(&form.username, &form.password) else {
        return forms::sign_in(&SignInPage {
            provider: &provider.name,
            application: &request.client_id,
            state: &form.state,
            wrong: true,
        });
    };
    provider.pending.take(&form.state);
    let (session, cookie) = provider.sessions.start(&person.username);
    let mut answer = pages::answer(StatusCode::SEE_OTHER);
    answer.cookie(cookie);
    provider.code(answer, &request, &session)
}

#[derive(Deserialize)]
struct LogoutParameters {
    client_id: Option<String>,
    post_logout_redirect_uri: Option<String>,
}

async fn logout(
    http: HttpRequest,
    parameters: Query<LogoutParameters>,
    provider: Data<Provider>,
) -> HttpResponse {
    let mut answer = pages::answer(StatusCode::OK);
    answer.cookie(provider.sessions.end(&http));
    let client = parameters
        .client_id
        .as_ref()
        .and_then(|id| provider.client(id));
    let link = parameters
        .post_logout_redirect_uri
        .as_ref()
        .filter(|uri| client.is_some_and(|client| client.post_logout_redirect_uris.contains(uri)));
    forms::signed_out(answer, &provider.name, link.map(String::as_str))
}

impl Provider {
    /// The request, if it may be answered at all: its client and its redirect URI are known.
    fn addressed_request(&self, parameters: &Parameters) -> Option<AuthorizationRequest> {
        let client = self.client(parameters.client_id.as_ref()?)?;
        let redirect_uri = parameters.redirect_uri.clone()?;
        if !client.redirect_uris.contains(&redirect_uri) {
            return None;
        }
        let scope = parameters.scope.as_deref().unwrap_or_default();
        Some(AuthorizationRequest {
            client_id: client.id,
            redirect_uri,
            scopes: scope.split(' ').map(str::to_owned).collect(),
            state: parameters.state.clone(),
            nonce: parameters.nonce.clone(),
            code_challenge: parameters.code_challenge.clone().unwrap_or_default(),
            context: self.context(parameters.acr_values.as_deref()),
        })
    }

    /// The first of the contexts asked for that this provider can prove (Core §3.1.2.1: in order of preference). One
    /// that it cannot prove is no error: the token then says none.
    fn context(&self, acr_values: Option<&str>) -> Option<String> {
        let known = self.options().contexts;
        let mut wanted = acr_values.unwrap_or_default().split(' ');
        let found = wanted.find(|wanted| known.iter().any(|known| known == wanted));
        found.map(str::to_owned)
    }

    fn is_recent(&self, session: &SignedIn, max_age: Option<i64>) -> bool {
        let age = self.clock.now() - session.at;
        max_age.is_none_or(|seconds| age.num_seconds() <= seconds)
    }

    fn code(
        &self,
        answer: HttpResponseBuilder,
        request: &AuthorizationRequest,
        session: &SignedIn,
    ) -> HttpResponse {
        let code = self.codes.put(Code {
            request: request.clone(),
            username: session.username.clone(),
            authenticated_at: session.at,
        });
        self.send_back(answer, request, &[("code", &code)])
    }

    fn error(
        &self,
        answer: HttpResponseBuilder,
        request: &AuthorizationRequest,
        name: &str,
        description: Option<&str>,
    ) -> HttpResponse {
        let mut parameters = vec![("error", name)];
        if let Some(description) = description {
            parameters.push(("error_description", description));
        }
        self.send_back(answer, request, &parameters)
    }

    /// Sends the browser back to the application.
    fn send_back(
        &self,
        mut answer: HttpResponseBuilder,
        request: &AuthorizationRequest,
        parameters: &[(&str, &str)],
    ) -> HttpResponse {
        let Ok(mut url) = Url::parse(&request.redirect_uri) else {
            return forms::refusal(&self.name, "Its redirect URI is no URL.");
        };
        let issuer = match self.options().response_issuer {
            ResponseIssuer::Own => Some(self.issuer.clone()),
            ResponseIssuer::Absent => None,
            ResponseIssuer::Other(issuer) => Some(issuer),
        };
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(parameters);
            if let Some(state) = &request.state {
                query.append_pair("state", state);
            }
            if let Some(issuer) = issuer {
                query.append_pair("iss", &issuer);
            }
        }
        answer.insert_header((LOCATION, String::from(url))).finish()
    }
}
