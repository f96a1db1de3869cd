//! What a world is made of, and how it is put together.

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
use vestibule_sandbox::{Broker, Sandbox, Settings};

use super::accounts::OwnKeys;
use super::https::Https;
use super::{OIDC, Removal, SAML, World, accounts, configuration, issuer, listen};

/// What a world is made of.
pub struct WorldBuilder {
    pub(super) model: String,
    pub(super) database: Option<String>,
    pub(super) edit: Vec<(String, String)>,
    pub(super) files: Vec<(String, String)>,
    pub(super) settings: Settings,
    pub(super) https: Https,
    pub(super) published: bool,
    pub(super) issuing: bool,
}

impl WorldBuilder {
    /// The usual one.
    pub(super) fn usual() -> Self {
        Self {
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
        let none = ["sign_ins", "failed_logins", "consoles", "api"]
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

pub(super) fn folder() -> PathBuf {
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
