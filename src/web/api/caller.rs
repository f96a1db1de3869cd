//! Who asks: a person's token, or, where nothing changes, their browser's session.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT, AUTHORIZATION, HeaderMap};
use actix_web::{FromRequest, HttpRequest};

use super::Refused;
use crate::domain::audit::Event;
use crate::domain::session::Session;
use crate::domain::token::{PREFIX, Token, TokenScope, TokenSecret};
use crate::limits::{Limits, What};
use crate::signin::{Signin, Visit, about};
use crate::web::navigation;
use crate::web::problem::Failure;
use crate::web::record;
use crate::web::visitor::{SessionOf, Visitor, signin, site};

type Coming<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// Whoever asks, by a token or by a session.
pub(in crate::web) struct Caller {
    /// Whom they speak for. Of a token: nobody logged in now, so it satisfies no demand on a login.
    pub(super) session: Session,
    /// The token, if it is one.
    pub(super) token: Option<Token>,
    pub(super) visit: Visit,
    /// By its pattern.
    asked: String,
    signin: Signin,
    limits: Limits,
}

/// Whoever asks by a token: nothing else changes anything.
pub(in crate::web) struct Program(pub(super) Caller);

impl FromRequest for Caller {
    type Error = Failure;
    type Future = Coming<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { caller(&request, true).await })
    }
}

impl FromRequest for Program {
    type Error = Failure;
    type Future = Coming<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(caller(&request, false).await?)) })
    }
}

impl Caller {
    /// Whether this may be done: a session may what its person may, a token what it was made for.
    pub(super) fn may(&self, scope: TokenScope) -> Result<(), Failure> {
        match &self.token {
            Some(token) if !token.scopes.contains(&scope) => {
                Err(Refused::ScopeLacking(scope).into())
            }
            _ => Ok(()),
        }
    }

    /// Likewise, for what is for administrators alone, counted as their pages are; whoever is none is told what they would be
    /// told of a role that is not theirs, and the record says that they asked.
    pub(super) async fn administrates(&self, scope: TokenScope) -> Result<(), Failure> {
        let (visit, session) = (&self.visit, &self.session);
        self.limits
            .take(What::Administration, visit.address, Some(&session.identity))?;
        if !self.signin.is_administrator(session) {
            let refused = self
                .signin
                .refuse_administration(visit, session, &self.asked);
            return Err(refused.await.into());
        }
        self.may(scope)
    }

    /// Likewise, for what is written down when it is read; gives who reads. A link of another site has no browser's session do
    /// that.
    pub(super) async fn reads_of_others(&self, request: &HttpRequest) -> Result<Event, Failure> {
        self.administrates(TokenScope::RecordRead).await?;
        if self.token.is_none() {
            navigation::check_meant(request.headers())?;
        }
        Ok(about(&self.visit, &self.session.identity))
    }
}

/// Whoever is recognised is counted as the person they speak for, and anybody else as their address: so nobody behind it
/// keeps out who has a token.
async fn caller(request: &HttpRequest, by_session: bool) -> Result<Caller, Failure> {
    let mut visit = Visitor::from_request(request, &mut Payload::None).await?.0;
    let (site, signin) = (site(request), signin(request));
    let said = bearer(request.headers());
    let token = match &said {
        Ok(Some(secret)) => signin.recognise_token(secret).await?,
        Ok(None) | Err(_) => None,
    };
    let session = match &token {
        Some(token) => Some(token.as_session()),
        None if by_session && matches!(said, Ok(None)) => {
            SessionOf::from_request(request, &mut Payload::None)
                .await?
                .0
        }
        None => None,
    };
    let person = session.as_ref().map(|session| &session.identity);
    let address = visit.address.filter(|_| person.is_none());
    site.limits.take(What::Api, address, person)?;
    if request.query_string().contains(PREFIX) {
        return Err(Refused::TokenInAddress.into());
    }
    check_accept(request.headers())?;
    match said? {
        Some(_) if token.is_none() => return Err(Refused::TokenUnknown.into()),
        None if !by_session => return Err(Refused::TokenNeeded.into()),
        Some(_) | None => {}
    }
    let session = session.ok_or(Failure::SignInNeeded)?;
    visit.token = token.as_ref().map(|token| token.id.to_string());
    Ok(Caller {
        asked: request.match_pattern().unwrap_or_default(),
        signin: signin.get_ref().clone(),
        limits: site.limits.clone(),
        session,
        token,
        visit,
    })
}

/// What `Authorization` brings (RFC 6750 §2.1); something else than a token there is not nothing.
fn bearer(headers: &HeaderMap) -> Result<Option<TokenSecret>, Refused> {
    let mut said = headers.get_all(AUTHORIZATION);
    let (first, second) = (said.next(), said.next());
    let Some(first) = first else {
        return Ok(None);
    };
    let text = first.to_str().map_err(|_| Refused::TokenUnknown)?;
    let (scheme, token) = text.split_once(' ').ok_or(Refused::TokenUnknown)?;
    if second.is_some() || !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refused::TokenUnknown);
    }
    let token = TokenSecret::parse(token).ok_or(Refused::TokenUnknown)?;
    Ok(Some(token))
}

/// Whether the program takes JSON, or what a document or a copy of the record may be instead.
fn check_accept(headers: &HeaderMap) -> Result<(), Refused> {
    let mut said = headers.get_all(ACCEPT).peekable();
    if said.peek().is_none() {
        return Ok(());
    }
    let takes = said
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .any(|range| {
            let known = [
                "*/*",
                "application/*",
                "application/json",
                "application/problem+json",
                "application/toml",
                record::JSONL,
                record::CSV,
            ];
            known.iter().any(|known| range.eq_ignore_ascii_case(known))
        });
    if takes {
        Ok(())
    } else {
        Err(Refused::NotAcceptable("application/json"))
    }
}
