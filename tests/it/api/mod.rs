//! The API: `/api/v1`, asked as programs ask it. Every answer is held against its description.

mod access;
mod described;
mod docs;
mod drafts;
mod ending;
mod entries;
mod hostile;
mod keys;
mod older;
mod record;
mod review;
mod schema;
mod scopes;
mod settled;
mod simulate;
mod tokens;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use crate::world::World;
use crate::world::browser::{Browser, Page};

/// What a model as TOML is sent with.
const TOML: (&str, &str) = ("content-type", "application/toml");

/// A program with a token, or without.
pub(crate) struct Program {
    client: reqwest::Client,
    url: String,
    token: Option<String>,
    description: Value,
}

/// What it got.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
    /// Null where it is no JSON.
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// Success with a body.
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json
    }

    /// A problem of this kind.
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.json["code"], code, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["status"], status);
        let word = format!("urn:vestibule:problem:{code}");
        assert_eq!(self.json["type"], word.as_str());
    }
}

impl Program {
    /// One that says who it is by this token.
    pub(crate) async fn with(world: &World, token: Option<&str>) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = world.at("/api/v1/openapi.json");
        let description = client.get(url).send().await.unwrap();
        assert_eq!(description.status(), 200);
        Self {
            client,
            url: world.url.clone(),
            token: token.map(str::to_owned),
            description: description.json().await.unwrap(),
        }
    }

    /// One of a person's, made on the page.
    pub(crate) async fn of(world: &World, username: &str, scopes: &[&str]) -> Self {
        let browser = world.signed_in(username).await;
        let token = made(world, &browser, scopes).await;
        Self::with(world, Some(&token)).await
    }

    pub(crate) async fn gets(&self, path: &str) -> Answer {
        self.sends("GET", path, &[], None).await
    }

    pub(crate) async fn deletes(&self, path: &str) -> Answer {
        self.sends("DELETE", path, &[], None).await
    }

    pub(crate) async fn posts(&self, path: &str, body: &Value) -> Answer {
        self.posts_with(path, body, &[]).await
    }

    pub(crate) async fn posts_with(
        &self,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let kind = ("content-type", "application/json");
        let headers = [&[kind], headers].concat();
        self.sends("POST", path, &headers, Some(body.to_string()))
            .await
    }

    /// Asks, and holds what comes against the description.
    pub(crate) async fn sends(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let name = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}/api/v1{path}", self.url);
        let mut request = self.client.request(name, url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or_default();
        let answer = Answer {
            status,
            headers,
            text,
            json,
        };
        schema::holds(&self.description, (method, path), &answer);
        answer
    }
}

/// Makes a token on the page of a browser that is signed in; what is shown.
pub(crate) async fn makes(
    world: &World,
    browser: &Browser,
    (name, days): (&str, &str),
    scopes: &[&str],
) -> Page {
    let page = browser.opens(&world.at("/tokens")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let form = page.form_with("form_token").unwrap();
    let mut fields = vec![
        ("form_token", form.value("form_token").unwrap()),
        ("name", name),
        ("days", days),
    ];
    fields.extend(scopes.iter().map(|scope| (*scope, "yes")));
    let fields: Vec<(String, String)> = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let url = Url::parse(&world.at("/tokens")).unwrap();
    let headers = [("origin", world.url.as_str())];
    browser
        .once(Method::POST, &url, Some(&fields), &headers)
        .await
}

/// The token that a page shows.
pub(crate) fn shown(page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let found = page.body.split("tabindex=\"0\">vst_").nth(1).unwrap();
    format!("vst_{}", found.split('<').next().unwrap())
}

pub(crate) async fn made(world: &World, browser: &Browser, scopes: &[&str]) -> String {
    shown(&makes(world, browser, ("a program", "30"), scopes).await)
}
