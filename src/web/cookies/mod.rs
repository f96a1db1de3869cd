//! The cookies, all three, and the only place that knows cookie types.
//!
//! | cookie | holds | kept |
//! |---|---|---|
//! | session | the secret id of a session | until the session's absolute end |
//! | login | the browser key, sealed (AES-256-GCM under a key derived from the configured secret; the cookie's name is bound in), with its expiry inside the seal | one hour: the login itself ends in the database after ten minutes, and is then told apart from one of another browser |
//! | idp | the provider last used, in plain text and checked on the way in | a year |
//!
//! On https: `__Host-`, `Secure`; the login's `SameSite=None`, because a provider's answer is a cross-site POST; the
//! others `Lax`. On plain http, which is for loopback only: no prefix, no `Secure`, `Lax`, and the port in the name,
//! for cookies do not tell ports apart. RFC 6265bis §4.1.3, §5.5. A name that comes twice is refused: one of the
//! two was put there by somebody else. Two versions of the `cookie` crate are in the program; they meet nowhere,
//! for what leaves here is a header's text.

use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};
use cookie::{Cookie, CookieBuilder, CookieJar, Key, SameSite, time::Duration};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::domain::Timestamp;
use crate::domain::identity::IdpId;
use crate::domain::session::SessionId;
use crate::signin::{BrowserKey, Departure, StartedSession};

/// The shortest secret that a key is derived from.
const SHORTEST_SECRET: usize = 32;
/// How long a browser keeps its key, whatever a departure says.
const LOGIN: chrono::Duration = chrono::Duration::hours(1);

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
        let Some(sealed) = only(headers, &self.login)? else {
            return Ok(None);
        };
        let mut jar = CookieJar::new();
        jar.add_original(Cookie::new(self.login.clone(), sealed.to_owned()));
        let opened = jar.private(&self.key).get(&self.login);
        Ok(opened.and_then(|cookie| {
            let (expires, browser) = cookie.value().split_once('.')?;
            let expires: i64 = expires.parse().ok()?;
            (now.timestamp() < expires).then(|| BrowserKey::parse(browser))?
        }))
    }

    /// The provider last used in the browser; anything that cannot be one counts as none.
    pub(super) fn last_idp(&self, headers: &HeaderMap) -> Option<IdpId> {
        let text = only(headers, &self.idp).ok().flatten()?;
        IdpId::parse(text).ok()
    }

    /// Whether the browser sent any cookie of ours, whatever is in it.
    pub(super) fn any(&self, headers: &HeaderMap) -> bool {
        let ours = [&self.session, &self.login, &self.idp];
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
        let mut jar = CookieJar::new();
        jar.private_mut(&self.key).add(cookie);
        header(jar.get(&self.login).expect("it was just added"))
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

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn now() -> Timestamp {
        chrono::Utc.timestamp_opt(1_800_000_000, 0).unwrap()
    }

    fn cookies(url: &str, secret: &str) -> Cookies {
        Cookies::new(&Url::parse(url).unwrap(), &SecretString::from(secret)).unwrap()
    }

    fn secure() -> Cookies {
        cookies("https://console.example.com", &"s".repeat(32))
    }

    fn loopback() -> Cookies {
        cookies("http://127.0.0.1:8080", &"s".repeat(32))
    }

    fn departure(minutes: i64) -> Departure {
        Departure {
            location: Url::parse("https://idp.example.com/").unwrap(),
            browser: BrowserKey::parse(KEY).unwrap(),
            expires: now() + chrono::Duration::minutes(minutes),
            idp: IdpId::parse("corp").unwrap(),
        }
    }

    fn sent(set: &HeaderValue) -> String {
        let text = set.to_str().unwrap();
        text.split(';').next().unwrap().to_owned()
    }

    fn asks(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
        headers
    }

    #[test]
    fn on_https_the_cookies_are_bound_to_the_host() {
        let session = StartedSession {
            id: SessionId::new(KEY.to_owned()),
            ends: now() + chrono::Duration::hours(12),
            idp: IdpId::parse("corp").unwrap(),
        };
        assert_eq!(
            secure().start_session(&session, now()),
            format!(
                "__Host-vestibule-session={KEY}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=43200"
            )
        );
        let login = secure().begin_login(&departure(10), now());
        let login = login.to_str().unwrap();
        assert!(login.starts_with("__Host-vestibule-login="), "{login}");
        assert!(
            login.ends_with("; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=600"),
            "{login}"
        );
        assert!(!login.contains(KEY));
    }

    #[test]
    fn on_loopback_the_port_is_in_the_name() {
        assert_eq!(
            loopback().remember_idp(&IdpId::parse("corp").unwrap()),
            "vestibule-idp-8080=corp; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"
        );
        let login = loopback().begin_login(&departure(10), now());
        assert!(login.to_str().unwrap().contains("SameSite=Lax; Path=/"));
        let gone = loopback().end_session();
        assert!(
            gone.to_str()
                .unwrap()
                .starts_with("vestibule-session-8080=; ")
        );
        assert!(gone.to_str().unwrap().contains("Max-Age=0"));
    }

    #[test]
    fn a_sealed_login_opens_once_more_until_it_expires() {
        let set = secure().begin_login(&departure(90), now());
        let headers = asks(&sent(&set));
        let at = |minutes| secure().browser(&headers, now() + chrono::Duration::minutes(minutes));
        assert_eq!(at(59).unwrap().unwrap().expose(), KEY);
        assert!(at(60).unwrap().is_none());
    }

    #[test]
    fn a_seal_under_another_name_or_key_does_not_open() {
        let set = sent(&secure().begin_login(&departure(10), now()));
        let moved = set.replacen("__Host-vestibule-login", "vestibule-login-8080", 1);
        assert!(loopback().browser(&asks(&moved), now()).unwrap().is_none());
        let other = cookies("https://console.example.com", &"t".repeat(32));
        assert!(other.browser(&asks(&set), now()).unwrap().is_none());
    }

    #[test]
    fn no_changed_byte_of_a_sealed_login_opens() {
        let set = sent(&secure().begin_login(&departure(10), now()));
        let start = set.find('=').unwrap() + 1;
        for at in start..set.len() {
            for bit in 0..7 {
                let mut bytes = set.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let Ok(value) = HeaderValue::from_bytes(&bytes) else {
                    continue;
                };
                let mut headers = HeaderMap::new();
                headers.insert(COOKIE, value);
                let opened = secure().browser(&headers, now()).unwrap();
                assert!(opened.is_none(), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn a_cookie_that_comes_twice_is_refused() {
        let name = "__Host-vestibule-session";
        let twice = asks(&format!("{name}={KEY}; a=b; {name}={KEY}"));
        assert_eq!(secure().session(&twice).map(|_| ()), Err(Doubled));
        let mut apart = asks(&format!("{name}={KEY}"));
        apart.append(
            COOKIE,
            HeaderValue::from_static("__Host-vestibule-session=x"),
        );
        assert_eq!(secure().session(&apart).map(|_| ()), Err(Doubled));
        let once = asks(&format!("a={name}; {name}={KEY}; x{name}=1"));
        assert_eq!(secure().session(&once).unwrap().unwrap().expose(), KEY);
    }

    #[test]
    fn what_is_no_session_id_is_no_session() {
        for value in [
            "",
            "short",
            &"A".repeat(44),
            &"A".repeat(100_000),
            "é",
            "a b",
        ] {
            let mut headers = HeaderMap::new();
            let cookie = format!("__Host-vestibule-session={value}");
            headers.insert(COOKIE, HeaderValue::from_bytes(cookie.as_bytes()).unwrap());
            assert!(secure().session(&headers).unwrap().is_none());
        }
    }

    #[test]
    fn a_short_secret_is_refused() {
        let url = Url::parse("https://console.example.com").unwrap();
        let short = SecretString::from("s".repeat(31));
        assert!(Cookies::new(&url, &short).is_err());
    }

    #[test]
    fn any_cookie_of_ours_shows_that_the_browser_keeps_them() {
        let name = "__Host-vestibule";
        for (cookie, kept) in [
            (format!("{name}-idp=corp"), true),
            (format!("{name}-session=; a=b"), true),
            (format!("{name}-login=x; {name}-login=y"), true),
            (format!("a=b; x{name}-idp=corp"), false),
            ("vestibule-idp-8080=corp".to_owned(), false),
        ] {
            assert_eq!(secure().any(&asks(&cookie)), kept, "{cookie}");
        }
        assert!(!secure().any(&HeaderMap::new()));
    }

    #[test]
    fn a_provider_that_cannot_be_one_is_forgotten() {
        let ask = |value: &str| secure().last_idp(&asks(&format!("__Host-vestibule-idp={value}")));
        assert_eq!(ask("corp"), IdpId::parse("corp").ok());
        assert_eq!(ask("../corp"), None);
        assert_eq!(ask("corp; __Host-vestibule-idp=okta"), None);
    }
}
