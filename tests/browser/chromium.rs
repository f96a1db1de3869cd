//! A headless Chromium with a fresh profile, and what a person does in it.
//!
//! It calls nobody but loopback: every other name resolves to nothing, and what it does in the background is off.

use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::driver::{Driver, chromium, is_superuser};
use crate::world::World;

/// How long a page may take to show what is waited for, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// How wide a telephone is, in CSS pixels.
pub(crate) const TELEPHONE: u64 = 360;

/// A running browser. Ends with this value.
pub(crate) struct Chromium {
    client: Client,
    _driver: Driver,
}

/// How it is started.
#[derive(Default)]
pub(crate) struct Setup {
    arguments: Vec<String>,
    options: Map<String, Value>,
}

impl Setup {
    /// Believes a key, whoever signed its certificate.
    pub(crate) fn believing(mut self, spki_sha256: &str) -> Self {
        self.arguments.push(format!(
            "--ignore-certificate-errors-spki-list={spki_sha256}"
        ));
        self
    }

    /// Runs no script of any page.
    pub(crate) fn without_scripts(mut self) -> Self {
        let preferences = json!({ "profile.managed_default_content_settings.javascript": 2 });
        self.options.insert("prefs".to_owned(), preferences);
        self
    }

    /// Keeps no cookie of any page.
    pub(crate) fn without_cookies(mut self) -> Self {
        let preferences = json!({ "profile.managed_default_content_settings.cookies": 2 });
        self.options.insert("prefs".to_owned(), preferences);
        self
    }

    /// Has a telephone's screen.
    pub(crate) fn telephone(mut self) -> Self {
        let screen = json!({ "width": TELEPHONE, "height": 740, "pixelRatio": 2, "touch": true });
        self.options.insert(
            "mobileEmulation".to_owned(),
            json!({ "deviceMetrics": screen }),
        );
        self
    }

    pub(crate) async fn start(mut self) -> Chromium {
        let driver = Driver::start();
        let profile = driver.folder().join("profile");
        let fixed = [
            "--headless=new",
            "--disable-gpu",
            // as on a telephone: all of the width is the page's
            "--hide-scrollbars",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1200,900",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ];
        self.arguments.extend(fixed.map(str::to_owned));
        self.arguments
            .push(format!("--user-data-dir={}", profile.display()));
        if is_superuser() {
            self.arguments.push("--no-sandbox".to_owned());
        }
        self.options
            .insert("binary".to_owned(), Value::from(chromium()));
        self.options
            .insert("args".to_owned(), Value::from(self.arguments));
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), Value::Object(self.options));
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(driver.url())
            .await
            .unwrap();
        Chromium {
            client,
            _driver: driver,
        }
    }
}

impl Chromium {
    /// The usual one.
    pub(crate) async fn start() -> Self {
        Setup::default().start().await
    }

    /// One that believes what a world's servers show.
    pub(crate) async fn for_https(world: &World) -> Self {
        let key = world.spki_sha256.as_deref().unwrap();
        Setup::default().believing(key).start().await
    }

    /// What speaks to its driver, for what this file has no word for.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Types an address.
    pub(crate) async fn opens(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Where it stands.
    pub(crate) async fn stands_at(&self) -> String {
        self.client.current_url().await.unwrap().into()
    }

    /// Waits for something to be on the page, across the navigations that lead there.
    pub(crate) async fn sees(&self, css: &str) -> Element {
        let patience = Instant::now() + PATIENCE;
        loop {
            let left = patience.saturating_duration_since(Instant::now());
            let wait = self.client.wait().at_most(left);
            match wait.for_element(Locator::Css(css)).await {
                Ok(element) => return element,
                Err(error) if cut_by_navigation(&error) && !left.is_zero() => {}
                Err(error) => {
                    let at = self.stands_at().await;
                    let page = self.client.source().await.unwrap_or_default();
                    panic!("no {css} at {at}: {error}: {page}");
                }
            }
        }
    }

    /// What something on the page says.
    pub(crate) async fn reads(&self, css: &str) -> String {
        self.sees(css).await.text().await.unwrap()
    }

    /// Clicks on something.
    pub(crate) async fn clicks(&self, css: &str) {
        match self.sees(css).await.click().await {
            // the click is what led away
            Err(error) if cut_by_navigation(&error) => {}
            done => done.unwrap(),
        }
    }

    /// Types into a field, or presses keys there.
    pub(crate) async fn types(&self, css: &str, text: &str) {
        self.sees(css).await.send_keys(text).await.unwrap();
    }

    /// Everything that a selector finds and a person can see, as text.
    pub(crate) async fn lists(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
            if element.is_displayed().await.unwrap() {
                texts.push(element.text().await.unwrap());
            }
        }
        texts
    }

    /// What has the focus, by its id.
    pub(crate) async fn focus(&self) -> Option<String> {
        let element = self.client.active_element().await.unwrap();
        element.attr("id").await.unwrap()
    }

    /// Asks the page.
    pub(crate) async fn asks(&self, expression: &str) -> Value {
        let script = format!("return {expression};");
        self.client.execute(&script, Vec::new()).await.unwrap()
    }

    /// A cookie that goes to the page where it stands.
    pub(crate) async fn cookie(&self, name: &str) -> Option<fantoccini::cookies::Cookie<'static>> {
        let cookies = self.client.get_all_cookies().await.unwrap();
        cookies.into_iter().find(|cookie| cookie.name() == name)
    }

    /// Fills in a provider's password form.
    pub(crate) async fn signs_in(&self, username: &str) {
        self.types("#username", username).await;
        self.types("#password", &format!("{username}-pass")).await;
        self.clicks("form button").await;
    }

    /// Waits until it stands in the console, and says as whom.
    pub(crate) async fn arrives(&self, world: &World) -> String {
        let principal = self.reads("main[data-signed-in] #principal").await;
        let at = self.stands_at().await;
        assert!(at.starts_with(world.sandbox.console.origin()), "{at}");
        principal
    }
}

/// Chromium's driver gives up a command during which the page went elsewhere, and says so in words of its own.
pub(crate) fn cut_by_navigation(error: &CmdError) -> bool {
    matches!(error, CmdError::NotW3C(said) if said.as_str().is_some_and(|said| said.contains("aborted by navigation")))
}
