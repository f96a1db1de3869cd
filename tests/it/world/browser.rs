//! A browser for tests: keeps cookies, follows redirects by hand and remembers every hop, fills in forms.
//!
//! It sends what a real one sends for a top-level navigation (`Sec-Fetch-*`), and knows nothing of what the pages mean.
//! Same-site rules are a real browser's business (`tests/browser`): on loopback every port is one site.

use std::collections::BTreeMap;
use std::sync::Mutex;

use regex::Regex;
use reqwest::Method;
use url::Url;

/// How many redirects are followed.
const MOST_HOPS: usize = 12;

/// One answer on the way.
#[derive(Debug, Clone)]
pub struct Hop {
    pub method: String,
    pub url: Url,
    pub status: u16,
}

/// Where the browser stands.
#[derive(Debug, Clone)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
    pub hops: Vec<Hop>,
}

/// A form on a page.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: Url,
    pub post: bool,
    pub fields: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
struct Cookie {
    host: String,
    path: String,
    name: String,
    value: String,
    secure: bool,
}

/// A browser.
#[derive(Debug)]
pub struct Browser {
    client: reqwest::Client,
    cookies: Mutex<Vec<Cookie>>,
    extra: Mutex<Vec<(String, String)>>,
}

impl Browser {
    pub fn new() -> Self {
        Self::trusting(Vec::new())
    }

    /// One that trusts further authorities, for https.
    pub fn trusting(authorities: Vec<reqwest::Certificate>) -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            // well before any server closes an idle connection: a request on its way to a closed one has no answer
            .pool_idle_timeout(std::time::Duration::from_secs(2))
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_merge(authorities)
            .build()
            .unwrap();
        Self {
            client,
            cookies: Mutex::default(),
            extra: Mutex::default(),
        }
    }

    /// Another browser, with nothing in it, over the same connections: making a client takes long.
    pub fn beside(&self) -> Self {
        Self {
            client: self.client.clone(),
            cookies: Mutex::default(),
            extra: Mutex::default(),
        }
    }

    /// Adds a header to every later request.
    pub fn always_sends(&self, name: &str, value: &str) {
        self.extra
            .lock()
            .unwrap()
            .push((name.to_owned(), value.to_owned()));
    }

    /// The cookies for a URL, by name.
    pub fn cookies_for(&self, url: &Url) -> BTreeMap<String, String> {
        self.cookies
            .lock()
            .unwrap()
            .iter()
            .filter(|cookie| cookie.goes_to(url))
            .map(|cookie| (cookie.name.clone(), cookie.value.clone()))
            .collect()
    }

    /// Puts a cookie into the jar, replacing one of the same name.
    pub fn set_cookie(&self, url: &Url, name: &str, value: &str) {
        self.keep(url, &format!("{name}={value}; Path=/"));
    }

    /// Forgets every cookie.
    pub fn forget(&self) {
        self.cookies.lock().unwrap().clear();
    }

    /// Types an address, and follows redirects.
    pub async fn opens(&self, url: &str) -> Page {
        let url = Url::parse(url).unwrap();
        self.follows(self.once(Method::GET, &url, None, &[]).await)
            .await
    }

    /// Types an address, and stays at the first answer.
    pub async fn opens_once(&self, url: &str) -> Page {
        let url = Url::parse(url).unwrap();
        self.once(Method::GET, &url, None, &[]).await
    }

    /// Sends a form and follows redirects.
    pub async fn submits(&self, form: &Form) -> Page {
        self.follows(self.submits_once(form).await).await
    }

    /// Sends a form, and stays at the first answer.
    pub async fn submits_once(&self, form: &Form) -> Page {
        if form.post {
            let origin = form.action.origin().ascii_serialization();
            let headers = [("origin", origin.as_str())];
            self.once(Method::POST, &form.action, Some(&form.fields), &headers)
                .await
        } else {
            let mut url = form.action.clone();
            url.query_pairs_mut().clear().extend_pairs(&form.fields);
            self.once(Method::GET, &url, None, &[]).await
        }
    }

    /// Follows the redirects that a page answered with.
    pub async fn follows(&self, mut page: Page) -> Page {
        while let Some(next) = page.location() {
            assert!(
                page.hops.len() < MOST_HOPS,
                "redirected forever: {:?}",
                page.hops
            );
            let hops = std::mem::take(&mut page.hops);
            page = self.once(Method::GET, &next, None, &[]).await;
            page.hops.splice(0..0, hops);
        }
        page
    }

    /// One request with any method, fields and headers.
    pub async fn once(
        &self,
        method: Method,
        url: &Url,
        fields: Option<&[(String, String)]>,
        headers: &[(&str, &str)],
    ) -> Page {
        let mut request = self
            .client
            .request(method.clone(), url.clone())
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document");
        let cookies = self.cookies_for(url);
        if !cookies.is_empty() {
            let line: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header("cookie", line.join("; "));
        }
        for (name, value) in self.extra.lock().unwrap().iter() {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(fields) = fields {
            request = request.form(fields);
        }
        let response = request.send().await.expect("somebody answers");
        for line in response.headers().get_all("set-cookie") {
            self.keep(url, line.to_str().unwrap());
        }
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Page {
            url: url.clone(),
            status,
            headers,
            body: response.text().await.unwrap_or_default(),
            hops: vec![Hop {
                method: method.to_string(),
                url: url.clone(),
                status,
            }],
        }
    }

    /// One request with only these headers beside the cookies: what a prefetch or a script sends.
    pub async fn once_raw(&self, method: Method, url: &Url, headers: &[(&str, &str)]) -> Page {
        let cookies: Vec<String> = self
            .cookies_for(url)
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let mut request = self
            .client
            .request(method.clone(), url.clone())
            .header("cookie", cookies.join("; "));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("somebody answers");
        Page {
            url: url.clone(),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap_or_default(),
            hops: Vec::new(),
        }
    }

    fn keep(&self, url: &Url, line: &str) {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let mut cookie = Cookie {
            host: url.host_str().unwrap().to_owned(),
            path: "/".to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
            secure: false,
        };
        let mut gone = false;
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.to_ascii_lowercase().as_str() {
                "path" => value.clone_into(&mut cookie.path),
                "secure" => cookie.secure = true,
                "max-age" => gone |= value.parse::<i64>().unwrap() <= 0,
                "domain" => panic!("no cookie of ours names a domain: {line}"),
                _ => {}
            }
        }
        let mut cookies = self.cookies.lock().unwrap();
        cookies.retain(|other| {
            (&other.host, &other.path, &other.name) != (&cookie.host, &cookie.path, &cookie.name)
        });
        if !gone {
            cookies.push(cookie);
        }
    }
}

impl Cookie {
    fn goes_to(&self, url: &Url) -> bool {
        url.host_str() == Some(&self.host)
            && url.path().starts_with(&self.path)
            && (!self.secure || url.scheme() == "https")
    }
}

impl Page {
    /// Where it redirects to.
    pub fn location(&self) -> Option<Url> {
        if !(300..400).contains(&self.status) {
            return None;
        }
        let location = self.headers.get("location")?.to_str().ok()?;
        self.url.join(location).ok()
    }

    /// A header's text; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The forms on it.
    pub fn forms(&self) -> Vec<Form> {
        let form = Regex::new(r"(?s)<form([^>]*)>(.*?)</form>").unwrap();
        let input = Regex::new(r"<(?:input|button)([^>]*)>").unwrap();
        form.captures_iter(&self.body)
            .map(|found| {
                let head = &found[1];
                let action = attribute(head, "action").unwrap_or_default();
                Form {
                    action: self.url.join(&action).unwrap(),
                    post: attribute(head, "method")
                        .is_some_and(|method| method.eq_ignore_ascii_case("post")),
                    fields: input
                        .captures_iter(&found[2])
                        .filter_map(|input| {
                            let name = attribute(&input[1], "name")?;
                            let kind = attribute(&input[1], "type").unwrap_or_default();
                            // one of several choices goes along only if it is the one chosen
                            if kind == "radio" && !input[1].ends_with(" checked") {
                                return None;
                            }
                            Some((name, attribute(&input[1], "value").unwrap_or_default()))
                        })
                        .collect(),
                }
            })
            .collect()
    }

    /// The form that has a field.
    pub fn form_with(&self, field: &str) -> Option<Form> {
        self.forms()
            .into_iter()
            .find(|form| form.fields.iter().any(|(name, _)| name == field))
    }

    /// The addresses of the links on it.
    pub fn links(&self) -> Vec<String> {
        let link = Regex::new(r"<a([^>]*)>").unwrap();
        link.captures_iter(&self.body)
            .filter_map(|found| attribute(&found[1], "href"))
            .collect()
    }
}

impl Form {
    /// The same form with a field filled in.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(other, _)| other != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same form without a field.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(other, _)| other != name);
        self
    }

    /// A field's value.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let found = Regex::new(&format!(
        r#"(?:^|\s){name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))"#
    ))
    .unwrap()
    .captures(tag)?;
    let value = found.iter().skip(1).flatten().next()?;
    Some(unescape(value.as_str()))
}

/// Text as it stands in a page, without its entities.
pub fn unescape(text: &str) -> String {
    let entity = Regex::new(r"&(#x?[0-9a-fA-F]+|amp|lt|gt|quot|apos);").unwrap();
    entity
        .replace_all(text, |found: &regex::Captures<'_>| {
            let name = &found[1];
            let code = name.strip_prefix('#').map(|digits| {
                digits.strip_prefix('x').map_or_else(
                    || digits.parse::<u32>().unwrap(),
                    |hex| u32::from_str_radix(hex, 16).unwrap(),
                )
            });
            match (code, name) {
                (Some(code), _) => char::from_u32(code).unwrap().to_string(),
                (_, "amp") => "&".to_owned(),
                (_, "lt") => "<".to_owned(),
                (_, "gt") => ">".to_owned(),
                (_, "quot") => "\"".to_owned(),
                _ => "'".to_owned(),
            }
        })
        .into_owned()
}
