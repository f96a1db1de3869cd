//! Vestibule as an issuer in the demo: its keys, made as an operator makes them, and what the accounts are told of it.

use std::path::Path;

use vestibule::app;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::config::Config;
use vestibule::issuer::keys::{Algorithm, Folder, KeyProblems, Order, Use};
use vestibule::random::SystemRandom;

use super::DemoError;

/// What an account needs to trust it.
pub(crate) struct Issuer {
    /// Its SAML metadata.
    pub(crate) metadata: String,
    /// `SAML:aud`.
    pub(crate) recipient: String,
    /// Its name in ID tokens.
    pub(crate) url: String,
    /// Their audience.
    pub(crate) audience: String,
}

/// Makes the keys that a configuration's folder lacks, and brings them into force.
pub(crate) fn prepare(configuration: &Path) -> Result<Issuer, DemoError> {
    let config = Config::load(configuration)?;
    let folder = Folder::new(&config.issuer.keys_dir);
    for (purpose, algorithm) in [(Use::Saml, Algorithm::Rs256), (Use::Oidc, Algorithm::Es256)] {
        let now = SystemClock.now();
        let ring = folder.read()?;
        if ring.current(purpose).is_some() {
            continue;
        }
        if ring.next(purpose).is_none() {
            let order = Order {
                purpose,
                algorithm,
                days: 365,
            };
            let made = folder.add(order, now, &SystemRandom);
            made.map_err(KeyProblems::from)?;
        }
        let promoted = folder.promote(purpose, now);
        promoted.map_err(KeyProblems::from)?;
    }
    let issuer = app::open_issuer(&config)?;
    Ok(Issuer {
        metadata: issuer.metadata().unwrap_or_default(),
        recipient: config.issuer.recipient(),
        url: config.issuer.url.clone(),
        audience: config.issuer.oidc_audience,
    })
}
