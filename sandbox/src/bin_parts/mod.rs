//! What the command adds to the library: the demo, and Vestibule itself.
//!
//! Only here do the two crates meet. Nothing of the library may come to depend on it.

mod access;
mod addresses;
mod arguments;
mod broker;
mod demo;
mod files;
mod issuer;
mod links;
mod ready;
mod registry;
#[cfg(test)]
mod tests;

pub(crate) use addresses::Reserved;
pub(crate) use arguments::Arguments;
pub(crate) use broker::{expect_answers, start as start_broker};
pub(crate) use demo::Demo;
pub(crate) use files::{DataFolder, write_whole};

/// Why the demo does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// A server did not start.
    #[error(transparent)]
    Start(#[from] vestibule_sandbox::listener::StartError),
    /// A file was not written.
    #[error(transparent)]
    File(#[from] files::FileError),
    /// The accounts do not fit the model.
    #[error(transparent)]
    Seed(#[from] registry::SeedError),
    /// The model is wrong.
    #[error(transparent)]
    Model(#[from] access::ModelError),
    /// Vestibule refuses the configuration.
    #[error("vestibule refuses its configuration: {0}")]
    Configuration(#[from] vestibule::config::Problems),
    /// The issuer's keys.
    #[error("the issuer's keys cannot be used")]
    Keys(#[from] vestibule::issuer::keys::KeyProblems),
    /// Vestibule did not start.
    #[error("vestibule does not start")]
    Broker(#[from] vestibule::app::StartError),
    /// The access model cannot be read back.
    #[error("the access model cannot be read")]
    Admin(#[from] vestibule::admin::Error),
    /// The access model was not published.
    #[error("the access model was not published")]
    Publish(#[from] vestibule::cli::Failure),
    /// Something that was started does not answer.
    #[error("not everything answers")]
    Silent(#[from] reqwest::Error),
    /// The terminal, a signal or the ready file.
    #[error("{doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What went wrong.
        #[source]
        source: std::io::Error,
    },
}
