//! Vestibule, started in this process from the files of the data folder, as an operator would start it.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use vestibule::app::{self, App};
use vestibule::cli;
use vestibule::clock::SystemClock;
use vestibule::config::Config;
use vestibule::random::SystemRandom;

use super::{DemoError, access};

/// How long one server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Publishes the demo's access model, unless one has been published already, and starts Vestibule on listeners that
/// are bound.
pub(crate) async fn start(
    configuration: &Path,
    listeners: (TcpListener, TcpListener),
) -> Result<App, DemoError> {
    let config = Config::load(configuration)?;
    let admin = app::open_admin(&config).await?;
    let published = admin.current().await?;
    if published.is_none() {
        cli::apply(&config, &access::text(), "the demo's own").await?;
    }
    drop(admin);
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    Ok(App::start_on(config, listeners, clock, random).await?)
}

/// Asks each of `urls`, which must answer before anybody is told that they do.
pub(crate) async fn expect_answers(urls: &[String]) -> Result<(), DemoError> {
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    for url in urls {
        client.get(url).send().await?.error_for_status()?;
    }
    Ok(())
}
