//! `vestibule access`: the access model as a file.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Failure, impact, load, output};
use crate::admin::{Admin, Error, Signature};
use crate::app;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::access::Document;
use crate::domain::audit::Event;

/// `vestibule access …`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the current revision as TOML
    Export {
        /// Another revision than the current one
        #[arg(long)]
        revision: Option<i64>,
    },
    /// Say everything that is wrong with a document
    Check {
        /// The document
        file: PathBuf,
    },
    /// Say what a document would change, for whom, and what would have to be confirmed
    Diff {
        /// The document
        file: PathBuf,
    },
    /// Publish a document, when it differs from the current revision
    Apply {
        /// The document
        file: PathBuf,
        /// Why
        #[arg(long, default_value = "")]
        note: String,
        /// What confirms a change that needs a second thought, as diff says it
        #[arg(long, default_value = "", value_name = "PHRASE")]
        confirm: String,
    },
}

/// Runs it.
pub(super) async fn run(path: &Path, command: Command) -> Result<(), Failure> {
    let config = load(path)?;
    match command {
        Command::Export { revision } => export(&config, revision).await,
        Command::Check { file } => check(&config, &file).await,
        Command::Diff { file } => diff(&config, &file).await,
        Command::Apply {
            file,
            note,
            confirm,
        } => {
            let admin = reviewing(&config).await?;
            let text = text(&file)?;
            output::line(
                &match apply_by(&admin, &text, (&note, Some(&confirm))).await? {
                    Some(number) => format!("Published revision {number}."),
                    None => {
                        "The current revision says the same already: nothing to publish.".into()
                    }
                },
            );
            Ok(())
        }
    }
}

/// What a file says.
pub(super) fn text(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::of(&format!("{} cannot be read", file.display()), &error))
}

async fn admin(config: &Config) -> Result<Admin, Failure> {
    opened(app::open_admin(config).await)
}

/// One that knows whom a change concerns.
async fn reviewing(config: &Config) -> Result<Admin, Failure> {
    opened(app::open_reviewing_admin(config).await)
}

fn opened(admin: Result<Admin, app::StartError>) -> Result<Admin, Failure> {
    admin.map_err(|error| Failure::of("the access model cannot be opened", &error))
}

fn failed(error: &Error) -> Failure {
    match error {
        Error::Problems(problems) => {
            Failure::new(format!("the access model cannot be published:\n{problems}"))
        }
        error => Failure::of("not done", error),
    }
}

async fn export(config: &Config, revision: Option<i64>) -> Result<(), Failure> {
    let admin = admin(config).await?;
    let document = match revision {
        Some(number) => Some(admin.revision(number).await.map_err(|e| failed(&e))?),
        None => admin.current().await.map_err(|e| failed(&e))?,
    };
    let Some((_, document)) = document else {
        return Err(Failure::new("no access model has been published yet"));
    };
    output::text(&document.to_toml());
    Ok(())
}

/// Needs the configuration, and no database.
async fn check(config: &Config, file: &Path) -> Result<(), Failure> {
    let surroundings = app::surroundings(config).await;
    let document = Document::from_toml(&text(file)?)
        .map_err(|error| Failure::of(&file.display().to_string(), &error))?;
    crate::domain::access::check(&document, &surroundings).map_err(|problems| {
        Failure::new(format!("{} is not right:\n{problems}", file.display()))
    })?;
    output::line(&format!("{} is right.", file.display()));
    Ok(())
}

async fn diff(config: &Config, file: &Path) -> Result<(), Failure> {
    let admin = reviewing(config).await?;
    let weighed = admin.weigh(&text(file)?).await.map_err(|e| failed(&e))?;
    if weighed.changes.is_empty() {
        output::line("No difference.");
        return Ok(());
    }
    for change in &weighed.changes {
        output::line(change);
    }
    output::text(&impact::told(&weighed));
    Ok(())
}

/// Publishes a document when it differs from the current revision, for programs that mean what they say: nothing has to
/// be confirmed. `None` when it does not differ. What it says is settled.
pub async fn apply(config: &Config, text: &str, note: &str) -> Result<Option<i64>, Failure> {
    apply_by(&admin(config).await?, text, (note, None)).await
}

/// The same by another clock than the machine's, for programs that test Vestibule as a whole.
pub async fn apply_at(
    config: &Config,
    (text, note): (&str, &str),
    clock: SharedClock,
) -> Result<Option<i64>, Failure> {
    let admin = opened(app::open_admin_by(config, clock).await)?;
    apply_by(&admin, text, (note, None)).await
}

/// `confirm`: what was typed; `None` asks for nothing.
async fn apply_by(
    admin: &Admin,
    text: &str,
    (note, confirm): (&str, Option<&str>),
) -> Result<Option<i64>, Failure> {
    let checked = admin.check(text).await.map_err(|e| failed(&e))?;
    if checked.base > 0 && checked.changes.is_empty() {
        return Ok(None);
    }
    let signature = Signature {
        author: "vestibule access apply".to_owned(),
        note: note.to_owned(),
        event: Event::default(),
    };
    let document = (text, checked.base);
    let published = match confirm {
        Some(typed) => admin.publish_reviewed(document, typed, signature).await,
        None => admin.publish(text, checked.base, signature).await.map(Ok),
    };
    match published.map_err(|e| failed(&e))? {
        Ok(number) => Ok(Some(number)),
        Err(unconfirmed) => Err(Failure::new(format!(
            "nothing was published.\n{}",
            impact::second_thought(&unconfirmed.alarms, &unconfirmed.phrase)
        ))),
    }
}
