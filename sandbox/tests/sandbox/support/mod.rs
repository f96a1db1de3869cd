//! What the sandbox's tests share: a browser that keeps cookies and follows nothing by itself, and providers to start.
//!
//! The browser is written on plain reqwest, so that what it sends and receives is visible in the test.

pub(crate) mod aws;
pub(crate) mod xmlsec;

use std::collections::BTreeMap;
use std::sync::Mutex;

use regex::Regex;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode};
use url::Url;
use vestibule_sandbox::aws::clock::{Clock, ClockHand};
use vestibule_sandbox::aws::random::Random;
use vestibule_sandbox::idp::oidc::{Client, OidcIdp, OidcSettings};
use vestibule_sandbox::idp::saml::{SamlIdp, SamlSettings, ServiceProvider};
use vestibule_sandbox::listener::{Binding, bind};
use vestibule_sandbox::people::Directory;

/// The entity id that tests sign in for.
pub(crate) const SP: &str = "https://console.example.com/saml/corp/metadata";
/// And where its responses go.
pub(crate) const ACS: &str = "https://console.example.com/saml/corp/acs";

/// The client that tests sign in for.
pub(crate) const CLIENT: &str = "vestibule";
/// And where the browser goes back to.
pub(crate) const CALLBACK: &str = "https://console.example.com/oidc/okta/callback";

/// A clock that stands at a round moment.
pub(crate) fn standing_clock() -> (Clock, ClockHand) {
    Clock::standing("2026-11-22T10:00:00Z".parse().unwrap())
}

/// A socket on a free port.
pub(crate) fn binding() -> Binding {
    Binding::plain(bind("127.0.0.1:0".parse().unwrap()).unwrap())
}

/// A SAML provider with the demo people that knows [`SP`].
pub(crate) fn saml_idp(clock: Clock) -> SamlIdp {
    let idp = SamlIdp::start(SamlSettings {
        binding: binding(),
        name: "Example Corp".to_owned(),
        people: Directory::demo(),
        clock,
        random: Random::system(),
        keys: None,
    })
    .unwrap();
    idp.register(ServiceProvider::new(SP, ACS));
    idp
}

/// An OpenID provider with the demo people that knows [`CLIENT`].
pub(crate) fn oidc_idp(clock: Clock) -> OidcIdp {
    oidc_idp_with(Directory::demo(), clock)
}

/// The same with other people.
pub(crate) fn oidc_idp_with(people: Directory, clock: Clock) -> OidcIdp {
    let idp = OidcIdp::start(OidcSettings {
        binding: binding(),
        name: "Example Id".to_owned(),
        people,
        clock,
        random: Random::system(),
        keys: None,
    })
    .unwrap();
    idp.register(Client::new(CLIENT, "secret+ of/the: client", CALLBACK));
    idp
}

/// A page as it came.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) url: Url,
    pub(crate) location: Option<String>,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Page {
    /// The value of the named form field.
    pub(crate) fn field(&self, name: &str) -> String {
        self.find_field(name)
            .unwrap_or_else(|| panic!("no field {name} in {}: {}", self.status, self.body))
    }

    /// The value of the named form field, if it is there.
    pub(crate) fn find_field(&self, name: &str) -> Option<String> {
        let pattern = format!("name=\"{}\" value=\"([^\"]*)\"", regex::escape(name));
        let captures = Regex::new(&pattern).unwrap().captures(&self.body)?;
        Some(unescape(&captures[1]))
    }

    /// Where the page's form goes.
    pub(crate) fn action(&self) -> String {
        let captures = Regex::new("<form[^>]*action=\"([^\"]*)\"")
            .unwrap()
            .captures(&self.body)
            .unwrap_or_else(|| panic!("no form in {}", self.body));
        unescape(&captures[1])
    }

    /// Where the answer redirects to.
    pub(crate) fn redirect(&self) -> Url {
        let location = self
            .location
            .as_deref()
            .unwrap_or_else(|| panic!("no redirect, but {}: {}", self.status, self.body));
        self.url.join(location).unwrap()
    }

    /// The named query parameter of the redirect.
    pub(crate) fn redirect_parameter(&self, name: &str) -> Option<String> {
        self.redirect()
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// What HTML's references stand for, as far as templates write them.
pub(crate) fn unescape(html: &str) -> String {
    html.replace("&#38;", "&")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#x2B;", "+")
        .replace("&amp;", "&")
}

/// A client that follows no redirect.
pub(crate) fn http_client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// A browser: cookies by host, no redirect followed.
pub(crate) struct Browser {
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            client: http_client(),
            cookies: Mutex::default(),
        }
    }
}

impl Browser {
    pub(crate) async fn get(&self, url: impl AsRef<str>) -> Page {
        self.send(Method::GET, url.as_ref(), None).await
    }

    pub(crate) async fn post(&self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send(Method::POST, url.as_ref(), Some(form.finish()))
            .await
    }

    /// Fills in the password form that `page` shows.
    pub(crate) async fn sign_in(&self, page: &Page, username: &str) -> Page {
        let action = page.url.join(&page.action()).unwrap();
        let password = format!("{username}-pass");
        let fields = [
            ("state", page.field("state")),
            ("username", username.to_owned()),
            ("password", password),
        ];
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.post(action, &fields).await
    }

    async fn send(&self, method: Method, url: &str, form: Option<String>) -> Page {
        let url = Url::parse(url).unwrap();
        let mut request = self.client.request(method, url.clone());
        let cookies = {
            let cookies = self.cookies.lock().unwrap();
            cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
                .join("; ")
        };
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        if let Some(form) = form {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form);
        }
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let headers = response.headers().clone();
        Page {
            status: response.status(),
            url,
            location: headers
                .get(LOCATION)
                .map(|value| value.to_str().unwrap().to_owned()),
            headers,
            body: response.text().await.unwrap(),
        }
    }

    fn keep(&self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        let mut cookies = self.cookies.lock().unwrap();
        if attributes.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
