//! The provider's pages: metadata, single sign-on, the password form's answer, signing out.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Deserialize;

use super::options::{Refusal, ServiceProvider};
use super::request::{AuthnRequest, RequestError};
use super::{Pending, Provider};
use crate::idp::forms::{self, MessagePage, PasswordForm, PostBackPage, SignInPage};
use crate::idp::session::SignedIn;
use crate::pages;
use crate::people::Person;

pub(super) fn configure(services: &mut ServiceConfig, provider: Data<Provider>) {
    services
        .app_data(provider)
        .app_data(web::FormConfig::default().limit(256 * 1024))
        .route("/", web::get().to(front))
        .route("/metadata", web::get().to(metadata))
        .route("/sso", web::get().to(sso_by_redirect))
        .route("/sso", web::post().to(sso_by_post))
        .route("/start", web::get().to(start))
        .route("/login", web::post().to(login))
        .route("/logout", web::get().to(logout))
        .route("/logout", web::post().to(logout))
        .configure(pages::static_files);
}

/// The parameters of both bindings.
#[derive(Deserialize)]
struct SsoParameters {
    #[serde(rename = "SAMLRequest")]
    request: Option<String>,
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
}

/// The parameters of a sign-in that the provider begins by itself.
#[derive(Deserialize)]
struct StartParameters {
    sp: String,
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
}

async fn front(provider: Data<Provider>) -> HttpResponse {
    let text = format!(
        "A SAML 2.0 identity provider for trying things out. Its metadata is at {}.",
        provider.entity_id
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

async fn metadata(provider: Data<Provider>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/samlmetadata+xml")
        .body(provider.metadata())
}

async fn sso_by_redirect(
    request: HttpRequest,
    parameters: Query<SsoParameters>,
    provider: Data<Provider>,
) -> HttpResponse {
    provider.sso(
        &request,
        parameters.into_inner(),
        AuthnRequest::from_redirect,
    )
}

async fn sso_by_post(
    request: HttpRequest,
    parameters: Form<SsoParameters>,
    provider: Data<Provider>,
) -> HttpResponse {
    provider.sso(&request, parameters.into_inner(), AuthnRequest::from_post)
}

async fn start(
    request: HttpRequest,
    parameters: Query<StartParameters>,
    provider: Data<Provider>,
) -> HttpResponse {
    let Some(service_provider) = provider.service_provider(&parameters.sp) else {
        return provider.unknown_service_provider();
    };
    let pending = Pending {
        service_provider: service_provider.entity_id.clone(),
        request_id: None,
        relay_state: parameters.into_inner().relay_state,
    };
    let session = provider.sessions.of(&request);
    provider.ask_or_answer(&service_provider, pending, session)
}

async fn login(form: Form<PasswordForm>, provider: Data<Provider>) -> HttpResponse {
    let Some(pending) = provider.pending.get(&form.state) else {
        return forms::refusal(
            &provider.name,
            "This sign-in is too old, or was never begun here. Go back to the application and start again.",
        );
    };
    let Some(service_provider) = provider.service_provider(&pending.service_provider) else {
        return provider.unknown_service_provider();
    };
    let Some(person) = provider.people.authenticate(&form.username, &form.password) else {
        return forms::sign_in(&SignInPage {
            provider: &provider.name,
            application: &service_provider.entity_id,
            state: &form.state,
            wrong: true,
        });
    };
    provider.pending.take(&form.state);
    let (session, cookie) = provider.sessions.start(&person.username);
    let mut answer = pages::answer(StatusCode::OK);
    answer.cookie(cookie);
    provider.answer(answer, &service_provider, &pending, (&person, &session))
}

async fn logout(request: HttpRequest, provider: Data<Provider>) -> HttpResponse {
    let mut answer = pages::answer(StatusCode::OK);
    answer.cookie(provider.sessions.end(&request));
    forms::signed_out(answer, &provider.name, None)
}

impl Provider {
    fn sso(
        &self,
        http: &HttpRequest,
        parameters: SsoParameters,
        read: impl FnOnce(&str) -> Result<AuthnRequest, RequestError>,
    ) -> HttpResponse {
        let Some(parameter) = parameters.request else {
            return forms::refusal(&self.name, "There is no SAMLRequest in it.");
        };
        let request = match read(&parameter) {
            Ok(request) => request,
            Err(error) => return forms::refusal(&self.name, &format!("{error}.")),
        };
        self.remember(request.clone());
        let Some(mut service_provider) = self.service_provider(&request.issuer) else {
            return self.unknown_service_provider();
        };
        if let Some(fault) = self.fault(&request, &service_provider) {
            return forms::refusal(&self.name, fault);
        }
        let pending = Pending {
            service_provider: service_provider.entity_id.clone(),
            request_id: Some(request.id.clone()),
            relay_state: parameters.relay_state,
        };
        let wanted = &request.authn_contexts;
        if !wanted.is_empty() && !wanted.contains(&service_provider.options.authn_context) {
            service_provider.options.refusal = Some(Refusal::responder("NoAuthnContext"));
            return self.refuse(&service_provider, &pending);
        }
        let session = self.sessions.of(http).filter(|session| {
            !request.force_authn && self.people.find(&session.username).is_some()
        });
        if session.is_none() && request.is_passive {
            service_provider.options.refusal = Some(Refusal::responder("NoPassive"));
            return self.refuse(&service_provider, &pending);
        }
        self.ask_or_answer(&service_provider, pending, session)
    }

    /// What is wrong with a request that names a known service provider.
    fn fault(
        &self,
        request: &AuthnRequest,
        service_provider: &ServiceProvider,
    ) -> Option<&'static str> {
        if request
            .acs_url
            .as_ref()
            .is_some_and(|url| *url != service_provider.acs_url)
        {
            return Some(
                "It names an assertion consumer service that this provider does not know.",
            );
        }
        let here = format!("{}/sso", self.origin);
        if request.destination.as_ref().is_some_and(|url| *url != here) {
            return Some("It was meant for another identity provider.");
        }
        None
    }

    fn unknown_service_provider(&self) -> HttpResponse {
        forms::refusal(
            &self.name,
            "It comes from a service provider that this identity provider does not know.",
        )
    }

    fn ask_or_answer(
        &self,
        service_provider: &ServiceProvider,
        pending: Pending,
        session: Option<SignedIn>,
    ) -> HttpResponse {
        let known = session.and_then(|session| {
            let person = self.people.find(&session.username)?;
            Some((person, session))
        });
        if let Some((person, session)) = known {
            let answer = pages::answer(StatusCode::OK);
            return self.answer(answer, service_provider, &pending, (&person, &session));
        }
        forms::sign_in(&SignInPage {
            provider: &self.name,
            application: &service_provider.entity_id,
            state: &self.pending.put(pending),
            wrong: false,
        })
    }

    /// A refusal that concerns nobody in particular.
    fn refuse(&self, service_provider: &ServiceProvider, pending: &Pending) -> HttpResponse {
        let nobody = Person::new("nobody", "Nobody");
        let session = SignedIn {
            username: nobody.username.clone(),
            at: self.clock.now(),
            index: String::new(),
        };
        let answer = pages::answer(StatusCode::OK);
        self.answer(answer, service_provider, pending, (&nobody, &session))
    }

    fn answer(
        &self,
        http: HttpResponseBuilder,
        service_provider: &ServiceProvider,
        pending: &Pending,
        (person, session): (&Person, &SignedIn),
    ) -> HttpResponse {
        let minted = match self.respond(
            service_provider,
            pending.request_id.as_deref(),
            person,
            session,
        ) {
            Ok(minted) => minted,
            Err(error) => {
                tracing::error!(%error, "a response could not be written");
                return HttpResponse::InternalServerError().finish();
            }
        };
        let encoded = minted.base64();
        let mut fields = vec![("SAMLResponse", encoded.as_str())];
        if let Some(relay_state) = &pending.relay_state {
            fields.push(("RelayState", relay_state));
        }
        pages::page_in(
            http,
            &PostBackPage {
                provider: &self.name,
                application: &service_provider.entity_id,
                action: &minted.acs_url,
                fields,
            },
        )
    }
}
