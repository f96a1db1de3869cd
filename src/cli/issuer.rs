//! `vestibule issuer`: the keys of the issuer, and its documents for a static host.

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};

use super::{Failure, output};
use crate::app;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::issuer::keys::{Algorithm, Folder, KeyLine, KeyProblem, Order, Use};
use crate::issuer::{DISCOVERY_PATH, Issuer, KEY_SET_PATH, Urgency};
use crate::random::SystemRandom;

/// `vestibule issuer …`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make, list, bring into force and remove the keys
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
    /// Print the metadata that an account's SAML provider is made from
    Metadata,
    /// Write the discovery document and the key set as a static site for issuer.url
    Export {
        /// The site's folder
        dir: PathBuf,
    },
}

/// `vestibule issuer keys …`.
#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Make a key as the next one: it is shown to accounts, and signs nothing yet
    New {
        /// What it signs
        #[arg(long = "use", default_value = "saml")]
        purpose: Purpose,
        /// How it signs: RS256 for saml; ES256 (the default) or RS256 for oidc
        #[arg(long)]
        algorithm: Option<Signature>,
        /// For how many days its certificate is valid (saml)
        #[arg(long, default_value_t = 3650, value_parser = clap::value_parser!(u32).range(1..=7300))]
        days: u32,
    },
    /// List the keys with their states
    List,
    /// Bring the next key into force; the current one retires
    Promote {
        /// What it signs
        #[arg(long = "use", default_value = "saml")]
        purpose: Purpose,
    },
    /// Let a key sign no more, without another in its place
    Retire {
        /// Its id
        id: String,
    },
    /// Delete a key that has retired, or that was never in force
    Remove {
        /// Its id
        id: String,
    },
}

/// What a key signs.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Purpose {
    /// SAML assertions
    Saml,
    /// ID tokens
    Oidc,
}

/// How a key signs.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Signature {
    /// RSA PKCS#1 v1.5 with SHA-256, 3072 bits
    #[value(alias = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256
    #[value(alias = "ES256")]
    Es256,
}

impl From<Purpose> for Use {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Saml => Self::Saml,
            Purpose::Oidc => Self::Oidc,
        }
    }
}

impl From<Signature> for Algorithm {
    fn from(signature: Signature) -> Self {
        match signature {
            Signature::Rs256 => Self::Rs256,
            Signature::Es256 => Self::Es256,
        }
    }
}

/// Runs it.
pub(super) fn run(config: &Config, command: Command) -> Result<(), Failure> {
    match command {
        Command::Keys { command } => keys(config, command),
        Command::Metadata => {
            let metadata = open(config)?.metadata().ok_or_else(|| without("saml"))?;
            output::line(&metadata);
            Ok(())
        }
        Command::Export { dir } => export(config, &dir),
    }
}

fn keys(config: &Config, command: Keys) -> Result<(), Failure> {
    let folder = Folder::new(&config.issuer.keys_dir);
    let now = SystemClock.now();
    match command {
        Keys::New {
            purpose,
            algorithm,
            days,
        } => {
            let purpose = Use::from(purpose);
            let algorithm = algorithm.map_or_else(|| usual(purpose), Algorithm::from);
            let order = Order {
                purpose,
                algorithm,
                days,
            };
            let id = folder
                .add(order, now, &SystemRandom)
                .map_err(|problem| failed(&problem))?;
            output::line(&format!(
                "Made {id} in {}. It is the next key: accounts can learn of it, and it signs nothing yet.",
                folder.path().display()
            ));
            output::line(after_making(purpose));
        }
        Keys::List => list(config)?,
        Keys::Promote { purpose } => {
            let (current, retired) = folder
                .promote(purpose.into(), now)
                .map_err(|problem| failed(&problem))?;
            output::line(&format!(
                "{current} is the current key now. Running servers follow within seconds."
            ));
            if let Some(retired) = retired {
                output::line(&format!(
                    "{retired} has retired. When no account holds it any more: vestibule issuer keys remove {retired}"
                ));
            }
        }
        Keys::Retire { id } => {
            folder
                .retire(&id, now)
                .map_err(|problem| failed(&problem))?;
            output::line(&format!("{id} has retired: it signs no more."));
        }
        Keys::Remove { id } => {
            folder.remove(&id).map_err(|problem| failed(&problem))?;
            output::line(&format!("{id} is gone."));
        }
    }
    Ok(())
}

/// What is used where nothing else is asked for.
fn usual(purpose: Use) -> Algorithm {
    match purpose {
        Use::Saml => Algorithm::Rs256,
        Use::Oidc => Algorithm::Es256,
    }
}

fn after_making(purpose: Use) -> &'static str {
    match purpose {
        Use::Saml => {
            "Now register the metadata (vestibule issuer metadata) in every account, then: vestibule issuer keys promote --use saml"
        }
        Use::Oidc => {
            "Now let AWS see the new key set (on a static host: vestibule issuer export) for a day, then: vestibule issuer keys promote --use oidc"
        }
    }
}

fn list(config: &Config) -> Result<(), Failure> {
    let lines = open(config)?.keys();
    if lines.is_empty() {
        output::line(
            "There are no keys: the issuer vouches for nobody. vestibule issuer keys new makes one.",
        );
    }
    for key in &lines {
        output::line(&line(key));
    }
    Ok(())
}

fn line(key: &KeyLine) -> String {
    let expires = key.expires.map_or_else(
        || "does not expire".to_owned(),
        |at| format!("expires {}", at.format("%Y-%m-%d")),
    );
    let pressing = match key.urgency(SystemClock.now()) {
        None => "",
        Some(Urgency::Soon) => "  (within 90 days: make the next one)",
        Some(Urgency::Urgent) => "  (within 30 days: replace it now)",
        Some(Urgency::Ended) => "  (ended: it signs no more)",
    };
    format!(
        "{}  {}  {}  {} since {}  {expires}{pressing}\n    SHA-256 {}",
        key.id,
        key.purpose.word(),
        key.algorithm,
        key.state.word(),
        key.since.format("%Y-%m-%d"),
        key.fingerprint
    )
}

/// Both documents, each written whole.
fn export(config: &Config, dir: &Path) -> Result<(), Failure> {
    let issuer = open(config)?;
    let documents = [
        (DISCOVERY_PATH, issuer.discovery()),
        (KEY_SET_PATH, issuer.key_set()),
    ];
    for (path, text) in documents {
        let text = text.ok_or_else(|| without("oidc"))?;
        let path = dir.join(path.trim_start_matches('/'));
        write(&path, &text).map_err(|error| {
            Failure::of(&format!("{} cannot be written", path.display()), &error)
        })?;
        output::line(&format!("Wrote {}", path.display()));
    }
    output::line(&format!(
        "Serve {} as {}, with the content type application/json.",
        dir.display(),
        config.issuer.url
    ));
    Ok(())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}

fn open(config: &Config) -> Result<Issuer, Failure> {
    app::open_issuer(config).map_err(|error| Failure::of("the issuer cannot be opened", &error))
}

fn without(word: &str) -> Failure {
    Failure::new(format!(
        "the issuer has no key for this: vestibule issuer keys new --use {word}"
    ))
}

fn failed(problem: &KeyProblem) -> Failure {
    Failure::of("not done", problem)
}
