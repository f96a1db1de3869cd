//! A world with the sandbox's OpenID provider in the role of the liar, and what must be true of every refusal.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use url::Url;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::idp::key::Algorithm;
use vestibule_sandbox::idp::oidc::{Endpoint, OidcIdp, OidcOptions, TokenEdit};

use crate::world::browser::{Browser, Page};
use crate::world::canary::Canary;
use crate::world::{OIDC, World, WorldBuilder};

/// Who signs in.
pub const WHO: &str = "erin";
/// What stands in descriptions and claims that must not reach a page.
pub const MARKUP: &str = "<script>alert('evil.example')</script>";

/// The scene.
pub struct Scene {
    pub world: World,
    pub canary: Canary,
    template: Browser,
}

impl Scene {
    pub async fn start() -> Self {
        Self::of(World::builder()).await
    }

    /// In a world that differs from the usual one.
    pub async fn of(builder: WorldBuilder) -> Self {
        let world = builder.start().await;
        Self {
            template: world.browser(),
            canary: Canary::new(),
            world,
        }
    }

    /// The provider.
    pub fn provider(&self) -> &OidcIdp {
        &self.world.sandbox.oidc_idp
    }

    /// How often the provider's endpoint was called.
    pub fn calls(&self, endpoint: Endpoint) -> usize {
        self.provider().requests(endpoint)
    }

    /// A fresh browser.
    pub fn browser(&self) -> Browser {
        self.template.beside()
    }

    /// Begins a login at a provider and signs in there: the address of the callback, not opened yet.
    pub async fn answer_at(&self, idp: &str, browser: &Browser, username: &str) -> Url {
        let link = self.world.at(&format!("/sign-in/{idp}"));
        let page = browser.opens_once(&link).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let there = page.location().unwrap();
        let page = browser.opens_once(there.as_str()).await;
        let page = match page.form_with("username") {
            None => page,
            Some(form) => {
                let password = format!("{username}-pass");
                let form = form.with("username", username).with("password", &password);
                browser.submits_once(&form).await
            }
        };
        page.location()
            .unwrap_or_else(|| panic!("{}: {}", page.status, page.body))
    }

    /// The same at the usual provider, as the usual person.
    pub async fn answer(&self, browser: &Browser) -> Url {
        self.answer_at(OIDC, browser, WHO).await
    }

    /// Who is signed in.
    pub async fn me(&self, browser: &Browser) -> Option<Value> {
        let page = browser.opens_once(&self.world.at("/api/v1/me")).await;
        (page.status == 200).then(|| serde_json::from_str(&page.body).unwrap())
    }

    /// Nobody was signed in, the page says nothing of what was sent, and the record says why.
    pub async fn refused(&self, what: &str, browser: &Browser, page: &Page, code: &str) {
        let status = page.status;
        let right = match code {
            "idp.unreachable" => status == 502,
            _ => (400..500).contains(&status),
        };
        assert!(right, "{what}: {status}");
        assert!(!page.body.contains("evil.example"), "{what}: {}", page.body);
        assert!(!page.body.contains("<script"), "{what}: {}", page.body);
        assert!(self.me(browser).await.is_none(), "{what}: a session");
        let (_, rest) = page.body.split_once("<dt>Reference</dt><dd>").unwrap();
        let reference = rest.split_once("</dd>").unwrap().0;
        let failed = self.world.audit(EventKind::LoginFailed).await;
        let causes: Vec<_> = failed
            .iter()
            .filter(|event| event.reference.as_deref() == Some(reference))
            .map(|event| event.cause.as_deref().unwrap())
            .collect();
        assert_eq!(causes, [code], "{what}");
    }

    /// A whole login of the usual person while the provider behaves so; it is honest again afterwards.
    async fn login(&self, change: impl FnOnce(&mut OidcOptions)) -> (Browser, Page) {
        self.provider().configure(change);
        let browser = self.browser();
        let callback = self.answer(&browser).await;
        let page = browser.opens_once(callback.as_str()).await;
        self.provider()
            .configure(|options| *options = OidcOptions::default());
        (browser, page)
    }

    /// While the provider behaves so, nobody signs in.
    pub async fn refuses(&self, what: &str, code: &str, change: impl FnOnce(&mut OidcOptions)) {
        let (browser, page) = self.login(change).await;
        self.refused(what, &browser, &page, code).await;
    }

    /// While the provider behaves so, the person signs in: who they are.
    pub async fn accepts(&self, what: &str, change: impl FnOnce(&mut OidcOptions)) -> Value {
        let (browser, page) = self.login(change).await;
        assert_eq!(page.status, 303, "{what}: {}", page.body);
        let me = self.me(&browser).await;
        me.unwrap_or_else(|| panic!("{what}: no session"))
    }

    /// While a claim has this value, nobody signs in.
    pub async fn refuses_claim(&self, name: &str, value: Option<Value>, code: &str) {
        let what = format!("{name} {value:?}");
        self.refuses(&what, code, claim(name, value)).await;
    }

    /// Rewrites the header's and the claims' text, and signs it again with the provider's own key.
    pub fn rewritten<E>(&self, edit: E) -> impl FnOnce(&mut OidcOptions) + use<E>
    where
        E: Fn(&mut String, &mut String) + Send + Sync + 'static,
    {
        let key = Arc::clone(&self.provider().keys().rsa);
        let edit: TokenEdit = Arc::new(move |token| {
            let mut parts = token.split('.').take(2).map(text_of);
            let (mut header, mut claims) = (parts.next().unwrap(), parts.next().unwrap());
            edit(&mut header, &mut claims);
            let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
            let message = format!("{}.{}", encode(header), encode(claims));
            let signature = key.sign(Algorithm::RsaSha256, message.as_bytes()).unwrap();
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
        });
        |options| options.edit_token = Some(edit)
    }

    /// Stops everything, after a look at what nobody may have done.
    pub async fn ends(self) {
        assert!(
            !self.canary.was_contacted(),
            "somebody contacted an address from a message"
        );
        self.world.stop().await;
    }
}

fn text_of(part: &str) -> String {
    String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Gives a claim a value, or takes it away.
pub fn claim(name: &str, value: Option<Value>) -> impl FnOnce(&mut OidcOptions) + use<> {
    let name = name.to_owned();
    let edit = move |claims: &mut serde_json::Map<String, Value>| {
        match &value {
            Some(value) => claims.insert(name.clone(), value.clone()),
            None => claims.remove(&name),
        };
    };
    |options| options.edit_claims = Some(Arc::new(edit))
}

/// The same for the token's header.
pub fn header(name: &str, value: Option<Value>) -> impl FnOnce(&mut OidcOptions) + use<> {
    let name = name.to_owned();
    let edit = move |header: &mut serde_json::Map<String, Value>| {
        match &value {
            Some(value) => header.insert(name.clone(), value.clone()),
            None => header.remove(&name),
        };
    };
    |options| options.edit_header = Some(Arc::new(edit))
}

/// The value of a parameter of an address.
pub fn parameter(url: &Url, name: &str) -> String {
    let mut values = url.query_pairs().filter(|(key, _)| key == name);
    let value = values.next();
    let value = value.unwrap_or_else(|| panic!("no {name} in {url}"));
    assert!(values.next().is_none(), "{name} twice in {url}");
    value.1.into_owned()
}

/// The same address with another value for a parameter, or without it.
pub fn with_parameter(url: &Url, name: &str, value: Option<&str>) -> Url {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    let mut url = url.clone();
    let further = value.map(|value| (name.to_owned(), value.to_owned()));
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept.into_iter().chain(further));
    url
}
