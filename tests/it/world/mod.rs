//! The whole environment in one value: the sandbox, Vestibule on free ports, a clock that tests move, and browsers.

#![allow(
    clippy::allow_attributes,
    dead_code,
    unreachable_pub,
    reason = "several test targets share this folder, and each uses another part of it"
)]

pub(crate) mod accounts;
pub(crate) mod browser;
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
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use vestibule::app::App;
use vestibule::clock::{Clock as _, ShiftedClock};
use vestibule::config::Config;
use vestibule::random::SystemRandom;
use vestibule_sandbox::aws::clock::Clock;
use vestibule_sandbox::aws::request_log::Entry;
use vestibule_sandbox::{Broker, Sandbox, Settings};

use accounts::OwnKeys;
use browser::{Browser, Page};
use https::Https;

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

/// What a world is made of.
pub struct WorldBuilder {
    model: String,
    database: Option<String>,
    edit: Vec<(String, String)>,
    files: Vec<(String, String)>,
    settings: Settings,
    https: Https,
    published: bool,
    issuing: bool,
}

impl World {
    /// The usual one: SQLite, plain http, the model of `accounts`.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    pub fn builder() -> WorldBuilder {
        WorldBuilder {
            model: accounts::MODEL.to_owned(),
            database: None,
            edit: Vec::new(),
            files: Vec::new(),
            settings: Settings::default(),
            https: Https::default(),
            published: true,
            issuing: false,
        }
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

impl WorldBuilder {
    /// Another access model.
    pub fn model(mut self, model: &str) -> Self {
        model.clone_into(&mut self.model);
        self
    }

    /// None published yet.
    pub fn unpublished(mut self) -> Self {
        self.published = false;
        self
    }

    /// Another database than a fresh SQLite file.
    pub fn database(mut self, url: &str) -> Self {
        self.database = Some(url.to_owned());
        self
    }

    /// Changes the configuration: a text and what stands in its place.
    pub fn with(mut self, old: &str, new: &str) -> Self {
        self.edit.push((old.to_owned(), new.to_owned()));
        self
    }

    /// Without limits by address: for tests that ask as often as nobody does.
    pub fn unlimited(self) -> Self {
        let none = ["sign_ins", "failed_logins", "api"]
            .map(|what| format!("{what}_per_address = {{ per_minute = 0 }}\n"));
        let limits = format!("[limits]\n{}\n[aws]\n", none.concat());
        self.with("[aws]\n", &limits)
    }

    /// Writes a further file beside the configuration, or another text into one of the usual files.
    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }

    /// With keys for the issuer and roles that want its proofs, over whatever model there is. The accounts trust it once
    /// [`World::trusts_the_issuer`] has been called.
    pub fn issuing(mut self) -> Self {
        self.model.push_str(issuer::ROLES);
        self.issuing_keys()
    }

    /// With the keys alone.
    pub fn issuing_keys(mut self) -> Self {
        self.issuing = true;
        self
    }

    /// Changes what the sandbox starts with.
    pub fn sandbox(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    pub async fn start(self) -> World {
        Box::pin(self.start_on(listen())).await
    }

    /// The same behind a listener of the caller's: whoever must know Vestibule's address before it starts binds it.
    pub async fn start_on(mut self, listener: TcpListener) -> World {
        let clock = Arc::new(ShiftedClock::default());
        let aws_ahead = Arc::new(AtomicI64::new(0));
        let (told, ahead) = (Arc::clone(&clock), Arc::clone(&aws_ahead));
        self.settings.clock =
            Clock::from_fn(move || told.now() + TimeDelta::seconds(ahead.load(Ordering::SeqCst)));
        let sandbox = Sandbox::start(self.settings).unwrap();
        let url = self.https.begin(&sandbox, listener.local_addr().unwrap());
        sandbox.welcome(&Broker::at(&url, SAML, OIDC, "test-only"));
        // consoles end when the model says; a test of its own lets the provider end them
        sandbox
            .saml_idp
            .configure(|options| options.session_lifetime = None);
        let keys = accounts::populate(&sandbox, &url, &self.https).await;
        let folder = folder();
        write_files(&folder, &sandbox, &keys);
        if self.issuing {
            issuer::write_keys(&folder);
        }
        for (name, text) in &self.files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        self.https.write_files(&folder);
        let mut config = configuration::text(&sandbox, &url, self.database.as_deref());
        for (old, new) in &self.edit {
            assert!(config.contains(old), "{old} is not in the configuration");
            config = config.replace(old, new);
        }
        let parse = || Config::parse(&config, &folder).unwrap_or_else(|e| panic!("{e}"));
        std::fs::write(folder.join("access.toml"), &self.model).unwrap();
        std::fs::write(folder.join("vestibule.toml"), &config).unwrap();
        // where a file governs, it is published at the start
        if self.published && parse().access_file.is_none() {
            vestibule::cli::apply(&parse(), &self.model, "the tests' model")
                .await
                .unwrap();
        }
        let app = App::start_on(
            parse(),
            (listener, listen()),
            Arc::<ShiftedClock>::clone(&clock),
            Arc::new(SystemRandom),
        )
        .await
        .unwrap();
        World {
            sandbox,
            app,
            clock,
            aws_ahead,
            url,
            removal: Removal(folder.clone()),
            folder,
            spki_sha256: self.https.spki_sha256(),
            config,
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

fn folder() -> PathBuf {
    let name = vestibule::random::hex::<8>(&SystemRandom);
    let folder = std::env::temp_dir().join(format!("vestibule-it-{name}"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn write_files(folder: &std::path::Path, sandbox: &Sandbox, keys: &OwnKeys) {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("cookie-secret", &"0123456789abcdef".repeat(3));
    write("okta-secret", "test-only");
    write("corp-metadata.xml", &sandbox.saml_idp.metadata());
    for (name, text) in &keys.files {
        write(name, text);
    }
}
