//! The cookies, all four, and the only place that knows cookie types.
//!
//! | cookie | holds | kept |
//! |---|---|---|
//! | session | the secret id of a session | until the session's absolute end |
//! | login | the browser key, sealed (AES-256-GCM under a key derived from the configured secret; the cookie's name is bound in), with its expiry inside the seal | one hour: the login itself ends in the database after ten minutes, and is then told apart from one of another browser |
//! | idp | the provider last used, in plain text and checked on the way in | a year |
//! | known | the key of whoever signed in here last, sealed likewise with its expiry: a limit goes by it, and nothing else | 90 days from a sign-in |
//!
//! On https: `__Host-`, `Secure`; the login's `SameSite=None`, because a provider's answer is a cross-site POST; the
//! others `Lax`. On plain http, which is for loopback only: no prefix, no `Secure`, `Lax`, and the port in the name,
//! for cookies do not tell ports apart. RFC 6265bis §4.1.3, §5.5. A name that comes twice is refused: one of the
//! two was put there by somebody else. Two versions of the `cookie` crate are in the program; they meet nowhere,
//! for what leaves here is a header's text.

#[cfg(test)]
mod tests;

use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};
use cookie::{Cookie, CookieBuilder, CookieJar, Key, SameSite, time::Duration};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::domain::Timestamp;
use crate::domain::identity::IdpId;
use crate::domain::person::PersonKey;
use crate::domain::session::SessionId;
use crate::signin::{BrowserKey, Departure, StartedSession};

/// The shortest secret that a key is derived from.
const SHORTEST_SECRET: usize = 32;
/// How long a browser keeps its key, whatever a departure says.
const LOGIN: chrono::Duration = chrono::Duration::hours(1);
/// How long it is known that somebody signed in in a browser.
const KNOWN: chrono::Duration = chrono::Duration::days(90);

/// The cookie secret is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cookie secret is shorter than 32 bytes")]
pub struct SecretTooShort;

/// A cookie of ours came twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cookie of ours came twice")]
pub(super) struct Doubled;

/// Reads and writes the cookies.
pub(super) struct Cookies {
    secure: bool,
    session: String,
    login: String,
    idp: String,
    known: String,
    key: Key,
}

impl Cookies {
    /// For a site at `public_url`, with `secret` as configured.
    pub(super) fn new(public_url: &Url, secret: &SecretString) -> Result<Self, SecretTooShort> {
        let secret = secret.expose_secret().as_bytes();
        if secret.len() < SHORTEST_SECRET {
            return Err(SecretTooShort);
        }
        let secure = public_url.scheme() == "https";
        let name = |what: &str| {
            if secure {
                format!("__Host-vestibule-{what}")
            } else {
                let port = public_url.port_or_known_default().unwrap_or(80);
                format!("vestibule-{what}-{port}")
            }
        };
        Ok(Self {
            secure,
            session: name("session"),
            login: name("login"),
            idp: name("idp"),
            known: name("known"),
            key: Key::derive_from(secret),
        })
    }

    /// The session the browser claims.
    pub(super) fn session(&self, headers: &HeaderMap) -> Result<Option<SessionId>, Doubled> {
        Ok(only(headers, &self.session)?.and_then(SessionId::parse))
    }

    /// What ties the browser to the logins it began, if the seal holds and its time is not over.
    pub(super) fn browser(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<BrowserKey>, Doubled> {
        let held = self.unsealed(&self.login, headers, now)?;
        Ok(held.and_then(|held| BrowserKey::parse(&held)))
    }

    /// Who signed in in the browser last, if the seal holds and its time is not over; anything else counts as nobody.
    pub(super) fn known(&self, headers: &HeaderMap, now: Timestamp) -> Option<PersonKey> {
        let held = self.unsealed(&self.known, headers, now).ok().flatten()?;
        PersonKey::parse(&held)
    }

    /// What stands behind the expiry in a sealed cookie.
    fn unsealed(
        &self,
        name: &str,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<String>, Doubled> {
        let Some(sealed) = only(headers, name)? else {
            return Ok(None);
        };
        let mut jar = CookieJar::new();
        jar.add_original(Cookie::new(name.to_owned(), sealed.to_owned()));
        let opened = jar.private(&self.key).get(name);
        Ok(opened.and_then(|cookie| {
            let (expires, held) = cookie.value().split_once('.')?;
            let expires: i64 = expires.parse().ok()?;
            (now.timestamp() < expires).then(|| held.to_owned())
        }))
    }

    /// The provider last used in the browser; anything that cannot be one counts as none.
    pub(super) fn last_idp(&self, headers: &HeaderMap) -> Option<IdpId> {
        let text = only(headers, &self.idp).ok().flatten()?;
        IdpId::parse(text).ok()
    }

    /// Whether the browser sent any cookie of ours, whatever is in it.
    pub(super) fn any(&self, headers: &HeaderMap) -> bool {
        let ours = [&self.session, &self.login, &self.idp, &self.known];
        ours.iter()
            .any(|name| !matches!(only(headers, name), Ok(None)))
    }

    /// Ties the browser to the login it begins.
    pub(super) fn begin_login(&self, departure: &Departure, now: Timestamp) -> HeaderValue {
        let expires = departure.expires.min(now + LOGIN);
        let value = format!("{}.{}", expires.timestamp(), departure.browser.expose());
        let cookie = self.plain(&self.login, value).max_age(until(expires, now));
        let cookie = if self.secure {
            cookie.same_site(SameSite::None)
        } else {
            cookie
        };
        self.sealed(&self.login, cookie)
    }

    fn sealed(&self, name: &str, cookie: CookieBuilder<'static>) -> HeaderValue {
        let mut jar = CookieJar::new();
        jar.private_mut(&self.key).add(cookie);
        header(jar.get(name).expect("it was just added"))
    }

    /// Hands a new session to the browser.
    pub(super) fn start_session(&self, session: &StartedSession, now: Timestamp) -> HeaderValue {
        let cookie = self.plain(&self.session, session.id.expose().to_owned());
        header(&cookie.max_age(until(session.ends, now)).build())
    }

    /// Takes the session away again.
    pub(super) fn end_session(&self) -> HeaderValue {
        let cookie = self.plain(&self.session, String::new());
        header(&cookie.removal().build())
    }

    /// Remembers the provider for the next login.
    pub(super) fn remember_idp(&self, idp: &IdpId) -> HeaderValue {
        let cookie = self.plain(&self.idp, idp.to_string());
        header(&cookie.max_age(Duration::days(365)).build())
    }

    /// Remembers who signed in, for the limit of the next login.
    pub(super) fn remember_person(&self, person: &PersonKey, now: Timestamp) -> HeaderValue {
        let expires = now + KNOWN;
        let value = format!("{}.{person}", expires.timestamp());
        let cookie = self.plain(&self.known, value).max_age(until(expires, now));
        self.sealed(&self.known, cookie)
    }

    fn plain(&self, name: &str, value: String) -> CookieBuilder<'static> {
        Cookie::build((name.to_owned(), value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
    }
}

/// What may stand around a cookie's name and value.
const BLANKS: [char; 2] = [' ', '\t'];

fn until(end: Timestamp, now: Timestamp) -> Duration {
    Duration::seconds((end - now).num_seconds().max(0))
}

fn header(cookie: &Cookie<'_>) -> HeaderValue {
    let mut value = HeaderValue::from_str(&cookie.to_string())
        .expect("names, ids, base64 and dates are visible ASCII");
    value.set_sensitive(true);
    value
}

/// The value of the cookie of that name, if there is just one (RFC 6265 §4.2.1, over all `Cookie` headers).
///
/// A name is compared as the browser sees it: only spaces and tabs stand around it (RFC 6265 §5.2). Trimmed of other
/// white space, a name that is no `__Host-` name to the browser would become one here.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Doubled> {
    let mut values = headers
        .get_all(COOKIE)
        .filter_map(|header| std::str::from_utf8(header.as_bytes()).ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .filter(|(n, _)| n.trim_matches(BLANKS) == name)
        .map(|(_, value)| value.trim_matches(BLANKS));
    let value = values.next();
    if values.next().is_some() {
        return Err(Doubled);
    }
    Ok(value)
}
