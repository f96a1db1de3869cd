//! The whole environment in one value: the sandbox, Vestibule on free ports, a clock that tests move, and browsers.

#![allow(
    clippy::allow_attributes,
    dead_code,
    unreachable_pub,
    reason = "several test targets share this folder, and each uses another part of it"
)]

pub(crate) mod accounts;
pub(crate) mod browser;
mod builder;
pub(crate) mod canary;
mod company;
mod configuration;
pub mod counts;
pub(crate) mod https;
pub(crate) mod issuer;
pub(crate) mod mfa;
pub(crate) mod serving;
pub mod steps;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use vestibule::app::App;
use vestibule::clock::ShiftedClock;
use vestibule::config::Config;
use vestibule::random::SystemRandom;
use vestibule_sandbox::Sandbox;
use vestibule_sandbox::aws::request_log::Entry;

use browser::{Browser, Page};
pub use builder::WorldBuilder;

pub const SAML: &str = "corp";
pub const OIDC: &str = "okta";

/// The environment.
pub struct World {
    pub sandbox: Sandbox,
    pub app: App,
    pub clock: Arc<ShiftedClock>,
    /// By how many seconds AWS's clock is ahead of ours.
    pub aws_ahead: Arc<AtomicI64>,
    pub url: String,
    pub folder: PathBuf,
    /// Removes the folder, however the test ends.
    removal: Removal,
    pub spki_sha256: Option<String>,
    config: String,
}

/// A world without its Vestibule: another process can run one there, by the configuration in the folder.
pub struct Left {
    pub sandbox: Sandbox,
    pub url: String,
    pub folder: PathBuf,
    removal: Removal,
}

impl World {
    /// The usual one: SQLite, plain http, the model of `accounts`.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    pub fn builder() -> WorldBuilder {
        WorldBuilder::usual()
    }

    /// A fresh browser.
    #[expect(clippy::unused_self, reason = "browsers are the world's to give")]
    pub fn browser(&self) -> Browser {
        Browser::new()
    }

    /// An absolute address of Vestibule's.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Opens a link and signs in as somebody where a provider asks; follows everything to its end.
    pub async fn signs_in(&self, browser: &Browser, path: &str, username: &str) -> Page {
        let page = browser.opens(&self.at(path)).await;
        self.goes_on(browser, page, username).await
    }

    /// From a page of a provider's on to where it ends: the password form, then the form that posts itself.
    pub async fn goes_on(&self, browser: &Browser, mut page: Page, username: &str) -> Page {
        if let Some(form) = page.form_with("username") {
            let password = format!("{username}-pass");
            let form = form.with("username", username).with("password", &password);
            page = browser.submits(&form).await;
        }
        if let Some(form) = page.form_with("SAMLResponse") {
            page = browser.submits(&form).await;
        }
        page
    }

    /// The same, stopped where the provider's answer is about to be handed to Vestibule: the form for SAML.
    pub async fn saml_answer(
        &self,
        browser: &Browser,
        path: &str,
        username: &str,
    ) -> browser::Form {
        let page = browser.opens(&self.at(path)).await;
        let page = match page.form_with("username") {
            Some(form) => {
                let password = format!("{username}-pass");
                browser
                    .submits(&form.with("username", username).with("password", &password))
                    .await
            }
            None => page,
        };
        page.form_with("SAMLResponse")
            .unwrap_or_else(|| panic!("no response on {}: {}", page.url, page.body))
    }

    /// What AWS was asked since the log was emptied.
    pub fn aws_saw(&self) -> Vec<Entry> {
        self.sandbox.simulation().log.entries()
    }

    /// Empties the log of AWS requests.
    pub fn aws_forgets(&self) {
        self.sandbox.simulation().log.clear();
    }

    /// Who arrived at the console, as its page says in JSON.
    pub async fn console(&self, browser: &Browser, page: &Page) -> serde_json::Value {
        assert!(
            page.url.as_str().starts_with(self.sandbox.console.origin()),
            "not in the console but at {} ({}): {}",
            page.url,
            page.status,
            page.body
        );
        let mut url = page.url.clone();
        url.query_pairs_mut().append_pair("format", "json");
        let page = browser.opens_once(url.as_str()).await;
        serde_json::from_str(&page.body).unwrap_or_else(|error| panic!("{error}: {}", page.body))
    }

    /// The audit log's events of a kind, oldest first.
    pub async fn audit(
        &self,
        kind: vestibule::domain::audit::EventKind,
    ) -> Vec<vestibule::domain::audit::Event> {
        let mut records = self.app.store().recent(None, 1000).await.unwrap();
        records.reverse();
        records
            .into_iter()
            .filter(|record| record.kind == kind)
            .map(|record| record.event)
            .collect()
    }

    /// What a person likes to find again, as it is kept: JSON. They have signed in before.
    pub async fn kept(&self, idp: &str, display_name: &str) -> String {
        let began = self
            .audit(vestibule::domain::audit::EventKind::SessionBegan)
            .await;
        let theirs = began.into_iter().find(|event| {
            event.idp.as_deref() == Some(idp) && event.display_name.as_deref() == Some(display_name)
        });
        let theirs = theirs.unwrap_or_else(|| panic!("{display_name} never signed in"));
        let subject = vestibule::domain::identity::Subject {
            format: theirs.subject_format.unwrap_or_default(),
            value: theirs.subject.unwrap_or_default(),
        };
        let idp = vestibule::domain::identity::IdpId::parse(idp).unwrap();
        let kept = self.app.store().preferences(&idp, &subject).await.unwrap();
        kept.unwrap_or_else(|| "{}".to_owned())
    }

    /// Publishes another access model, as the command line does.
    pub async fn publishes(&self, model: &str) {
        let config = self.configuration();
        let clock = Arc::<ShiftedClock>::clone(&self.clock);
        vestibule::cli::apply_at(&config, (model, "by a test"), clock)
            .await
            .unwrap();
    }

    /// A second replica on the same database and configuration, on a port of its own behind the same public URL.
    pub async fn replica(&self) -> (App, String) {
        let listener = listen();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = App::start_on(
            self.configuration(),
            (listener, listen()),
            Arc::<ShiftedClock>::clone(&self.clock),
            Arc::new(SystemRandom),
        )
        .await
        .unwrap();
        (app, url)
    }

    /// Stops Vestibule and starts it again, at the same address and on the same database.
    pub async fn restarted(self) -> Self {
        let config = self.configuration();
        let address = self.url.strip_prefix("http://").unwrap().to_owned();
        self.app.stop().await;
        let listener = TcpListener::bind(address).unwrap();
        let app = App::start_on(
            config,
            (listener, listen()),
            Arc::<ShiftedClock>::clone(&self.clock),
            Arc::new(SystemRandom),
        )
        .await
        .unwrap();
        Self { app, ..self }
    }

    /// The configuration that Vestibule runs with.
    pub fn configuration(&self) -> Config {
        Config::parse(&self.config, &self.folder).unwrap()
    }

    /// The same as text.
    pub fn configuration_text(&self) -> &str {
        &self.config
    }

    /// Stops everything.
    pub async fn stop(self) {
        self.app.stop().await;
        self.sandbox.stop().await;
    }

    /// Stops Vestibule alone.
    pub async fn without_vestibule(self) -> Left {
        self.app.stop().await;
        Left {
            sandbox: self.sandbox,
            url: self.url,
            folder: self.folder,
            removal: self.removal,
        }
    }
}

pub fn listen() -> TcpListener {
    TcpListener::bind(("127.0.0.1", 0)).unwrap()
}

/// Removes a folder when it goes.
struct Removal(PathBuf);

impl Drop for Removal {
    fn drop(&mut self) {
        // what is left in the temporary folder harms nobody
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
