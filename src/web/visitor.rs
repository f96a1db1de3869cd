//! Who asks: the visit as `signin` wants it, and the session if there is one.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, USER_AGENT};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use super::problem::{Failure, Reference};
use super::site::Site;
use crate::admin::{Admin, Prober, Revocations};
use crate::config::Network;
use crate::domain::browser;
use crate::domain::session::Session;
use crate::signin::{Signin, Visit};

/// What every handler may rely on being there.
pub(super) fn site(request: &HttpRequest) -> &Data<Site> {
    request
        .app_data::<Data<Site>>()
        .expect("the site is app data of every application")
}

/// The browser that asks.
pub(super) struct Visitor(pub(super) Visit);

impl Visitor {
    fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let site = site(request);
        Ok(Self(Visit {
            address: address_of(request),
            family: family(request.headers()),
            browser: site.cookies.browser(request.headers(), site.clock.now())?,
            keeps_cookies: site.cookies.any(request.headers()),
            session: site.cookies.session(request.headers())?,
            last_idp: site.cookies.last_idp(request.headers()),
            known: site.cookies.known(request.headers(), site.clock.now()),
            token: None,
            beside: None,
            reference: Reference::of(&request.extensions()),
        }))
    }
}

impl FromRequest for Visitor {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

/// The session of the browser that asks, looked up once for each request.
pub(super) struct SessionOf(pub(super) Option<Session>);

impl FromRequest for SessionOf {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let claimed = site(request).cookies.session(request.headers());
        let signin = signin(request).clone();
        Box::pin(async move {
            match claimed? {
                Some(id) => Ok(Self(signin.recognise(&id).await?)),
                None => Ok(Self(None)),
            }
        })
    }
}

/// The browser that asks and its session, with what most pages ask for beside it.
pub(super) async fn looked_up(request: &HttpRequest) -> Result<(Visit, Option<Session>), Failure> {
    let mut visit = Visitor::of(request)?.0;
    let looked = match &visit.session {
        Some(id) => signin(request).look(id).await?,
        None => None,
    };
    let (session, beside) = looked.unzip();
    visit.beside = beside;
    Ok((visit, session))
}

/// Where a request comes from, as far as trusted proxies tell.
pub(super) fn address_of(request: &HttpRequest) -> Option<IpAddr> {
    let trusted = &site(request).trusted_proxies;
    let peer = request.peer_addr()?.ip();
    Some(address(peer, request.headers(), trusted))
}

/// The use-cases.
pub(super) fn signin(request: &HttpRequest) -> &Data<Signin> {
    request
        .app_data::<Data<Signin>>()
        .expect("the use-cases are app data of the public application")
}

/// The administrators' use-cases.
pub(super) fn admin(request: &HttpRequest) -> &Data<Admin> {
    request
        .app_data::<Data<Admin>>()
        .expect("the use-cases are app data of the public application")
}

/// What probes roles.
pub(super) fn prober(request: &HttpRequest) -> &Data<Prober> {
    request
        .app_data::<Data<Prober>>()
        .expect("the use-cases are app data of the public application")
}

/// What kind of browser asks, as far as it says so.
fn family(headers: &HeaderMap) -> String {
    let said = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok());
    said.map(browser::family).unwrap_or_default()
}

/// What revokes sessions.
pub(super) fn revocations(request: &HttpRequest) -> &Data<Revocations> {
    request
        .app_data::<Data<Revocations>>()
        .expect("the use-cases are app data of the public application")
}

/// Where a request comes from: the peer, or, while that is a trusted proxy, the hop before it, read from the right
/// of `X-Forwarded-For`. What stands further left was written by somebody nobody vouches for.
fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut last = peer.to_canonical();
    if !is_trusted(last) {
        return last;
    }
    let written: Vec<&[u8]> = headers
        .get_all("x-forwarded-for")
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .collect();
    for hop in written.into_iter().rev() {
        let Some(hop) = read(hop) else {
            return last;
        };
        last = hop;
        if !is_trusted(last) {
            break;
        }
    }
    last
}

fn read(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    text.parse()
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(
                HeaderName::from_static("x-forwarded-for"),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let trusted: Vec<_> = trusted
            .iter()
            .map(|text| Network::parse(text).unwrap())
            .collect();
        address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn nobody_is_believed_by_default() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
    }

    #[test]
    fn the_rightmost_hop_that_is_not_trusted_counts() {
        let trusted = ["10.0.0.0/8", "fd00::/8"];
        for (peer, forwarded, expected) in [
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            (
                "10.0.0.1",
                vec!["1.1.1.1, 198.51.100.1, 10.2.3.4"],
                "198.51.100.1",
            ),
            (
                "10.0.0.1",
                vec!["1.1.1.1", "198.51.100.1,10.2.3.4"],
                "198.51.100.1",
            ),
            ("::ffff:10.0.0.1", vec!["2001:db8::7"], "2001:db8::7"),
            ("198.51.100.7", vec!["1.1.1.1"], "198.51.100.7"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec!["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
        ] {
            assert_eq!(seen(peer, &forwarded, &trusted), expected, "{forwarded:?}");
        }
    }

    #[test]
    fn a_hop_that_is_no_address_ends_the_walk() {
        for hop in [
            "",
            "unknown",
            "_secret",
            "1.2.3.4:80",
            "999.1.1.1",
            "1.1.1.1, evil\t",
        ] {
            assert_eq!(
                seen("10.0.0.1", &[hop], &["10.0.0.0/8"]),
                "10.0.0.1",
                "{hop}"
            );
        }
    }
}
