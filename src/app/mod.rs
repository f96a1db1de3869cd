//! The only wiring: from a checked configuration to a running server, and back to nothing.
//!
//! Nobody but the command line (and the programs that test Vestibule as a whole) imports this file.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::task::JoinHandle;

use crate::admin::{Admin, Prober, Record, Revocations};
use crate::aws::{self, Aws};
use crate::clock::{SharedClock, SystemClock};
use crate::config::Config;
use crate::idp;
use crate::issuer::Issuer;
use crate::random::{SharedRandom, SystemRandom};
use crate::signin::Signin;
use crate::store::{self, Access, Store, audit_key};
use crate::telemetry::Metrics;
use crate::web;

mod issuer;
mod setup;

pub use setup::{problems, problems_of, surroundings};

/// How often a replica asks for the current revision: well within the second that it has to follow one.
const FOLLOW: Duration = Duration::from_millis(400);

/// How often what has expired is dropped from the database.
const SWEEP: Duration = Duration::from_mins(5);

/// How often it is looked whether something is to be done in AWS so that sessions end.
const REVOKE: Duration = Duration::from_secs(5);

/// How long a stop waits for the audit rows that are under way.
const LAST_ROWS: Duration = Duration::from_secs(5);

/// A running server.
#[derive(Debug)]
pub struct App {
    server: web::Server,
    store: Store,
    signin: Signin,
    issuer: issuer::Watched,
    revocations: Revocations,
    tasks: Vec<JoinHandle<()>>,
    portal_url: String,
}

/// Why Vestibule cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address.
    #[error("cannot listen on {address}")]
    Listen {
        /// Which.
        address: std::net::SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database.
    #[error("the database cannot be used")]
    Store(#[from] store::Error),
    /// The identity providers, the administrators or the access model's file: all problems at once.
    #[error("the configuration cannot be used:\n{0}")]
    Configuration(String),
    /// The current revision of the access model.
    #[error("the access model cannot be used")]
    Access(#[from] store::AccessError),
    /// The governing file.
    #[error("the access model's file cannot be published")]
    AccessFile(#[source] crate::admin::Error),
    /// The clients for AWS.
    #[error("aws cannot be called")]
    Aws(#[from] aws::SetupError),
    /// The web server.
    #[error("the web server cannot start")]
    Web(#[from] web::StartError),
}

/// Opens the database, without looking at its schema.
pub async fn open_store(config: &Config) -> Result<Store, store::Error> {
    open_store_with(config, &(Arc::new(SystemRandom) as SharedRandom)).await
}

async fn open_store_with(config: &Config, random: &SharedRandom) -> Result<Store, store::Error> {
    let key = audit_key::load_or_create(&config.audit_key_file, random.as_ref())?;
    Store::open(config.database.url.expose_secret(), key, Arc::clone(random)).await
}

/// The issuer, for commands.
pub fn open_issuer(config: &Config) -> Result<Issuer, StartError> {
    let (clock, random): (SharedClock, SharedRandom) =
        (Arc::new(SystemClock), Arc::new(SystemRandom));
    setup::issuer(config, (&clock, &random))
}

/// The audit log, whatever the database's schema.
///
/// `url`: another way to the same database, for who may do there what the server may not.
pub async fn open_record(
    config: &Config,
    url: Option<SecretString>,
) -> Result<Record, store::Error> {
    let random: SharedRandom = Arc::new(SystemRandom);
    let key = audit_key::load_or_create(&config.audit_key_file, random.as_ref())?;
    let url = url.as_ref().unwrap_or(&config.database.url);
    let store = Store::open(url.expose_secret(), key, random).await?;
    Ok(Record::new(store))
}

/// The administrators' use-cases on a migrated database, for commands.
pub async fn open_admin(config: &Config) -> Result<Admin, StartError> {
    open_admin_by(config, Arc::new(SystemClock)).await
}

/// The same by another clock than the machine's.
pub async fn open_admin_by(config: &Config, clock: SharedClock) -> Result<Admin, StartError> {
    let store = open_store(config).await?;
    store.migrate().await?;
    let issuer = open_issuer(config)?;
    let access = Access::new(setup::surroundings_with(config, issuer.issuance()).await);
    let aws = Aws::new(&config.aws, &config.credentials, &clock)?;
    let (parts, towards_aws) = ((&store, &access), (&aws, &issuer));
    Ok(setup::admin(config, parts, towards_aws, &clock))
}

/// The same, knowing what providers last said of people: for commands that say whom a change concerns.
pub async fn open_reviewing_admin(config: &Config) -> Result<Admin, StartError> {
    let random: SharedRandom = Arc::new(SystemRandom);
    let remembering = setup::remembering(config, &random)?;
    let admin = open_admin(config).await?;
    Ok(admin.with_drafts(random, remembering))
}

/// What probes roles, on a migrated database, for commands.
pub async fn open_prober(config: &Config) -> Result<Prober, StartError> {
    setup::install_crypto();
    let store = open_store(config).await?;
    store.migrate().await?;
    let issuer = open_issuer(config)?;
    let access = Access::new(setup::surroundings_with(config, issuer.issuance()).await);
    let clock: SharedClock = Arc::new(SystemClock);
    let aws = Aws::new(&config.aws, &config.credentials, &clock)?;
    Ok(setup::prober((&store, &access), (&aws, &issuer), &clock))
}

/// What revokes sessions, on a migrated database, for commands.
pub async fn open_revocations(config: &Config) -> Result<Revocations, StartError> {
    setup::install_crypto();
    let store = open_store(config).await?;
    store.migrate().await?;
    let issuer = open_issuer(config)?;
    let access = Access::new(setup::surroundings_with(config, issuer.issuance()).await);
    let clock: SharedClock = Arc::new(SystemClock);
    let random: SharedRandom = Arc::new(SystemRandom);
    let aws = Aws::new(&config.aws, &config.credentials, &clock)?;
    let (parts, towards_aws) = ((&store, &access), (&aws, &issuer));
    // a command's figures are read by nobody
    let metrics = Metrics::default();
    let beside = (&clock, &random);
    Ok(setup::revocations(parts, towards_aws, beside, &metrics))
}

impl App {
    /// Listens where the configuration says, and serves.
    pub async fn start(
        config: Config,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, StartError> {
        let public = listen(config.server.listen)?;
        let operations = listen(config.server.operations_listen)?;
        Self::start_on(config, (public, operations), clock, random).await
    }

    /// Serves on listeners that are bound already (for people, for operations).
    pub async fn start_on(
        config: Config,
        (public, operations): (TcpListener, TcpListener),
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, StartError> {
        setup::install_crypto();
        let store = open_store_with(&config, &random).await?;
        store.migrate().await?;
        let issuer = setup::issuer(&config, (&clock, &random))?;
        let access = Access::new(setup::surroundings_with(&config, issuer.issuance()).await);
        let aws = Aws::new(&config.aws, &config.credentials, &clock)?;
        let (parts, towards_aws) = ((&store, &access), (&aws, &issuer));
        let remembering = setup::remembering(&config, &random)?;
        let admin = setup::admin(&config, parts, towards_aws, &clock)
            .with_drafts(Arc::clone(&random), remembering.clone());
        setup::publish_file(&config, &admin).await?;
        access.follow(&store).await?;
        let (limits, metrics) = setup::limits(&config, &clock);
        let beside = (&limits, remembering.as_ref());
        let signin = setup::signin(&config, parts, towards_aws, (&clock, &random), beside)?;
        let prober = setup::prober(parts, towards_aws, &clock);
        let revocations = setup::revocations(parts, towards_aws, (&clock, &random), &metrics);
        let issuer = issuer::Watched {
            issuer,
            access: access.clone(),
            store: store.clone(),
            metrics: metrics.clone(),
            clock: Arc::clone(&clock),
        };
        let portal_url = config.server.url("/");
        let kept = (setup::idle(&config), setup::remembered_for(&config));
        let tasks = vec![
            tokio::spawn(follow(access.clone(), store.clone(), metrics.clone())),
            tokio::spawn(sweep(store.clone(), Arc::clone(&clock), kept)),
            tokio::spawn(index(store.clone())),
            tokio::spawn(signin.clone().learn_own_kinds()),
            tokio::spawn(signin.clone().keep_warm()),
            tokio::spawn(issuer.clone().run()),
            tokio::spawn(revoke_what_is_due(revocations.clone())),
        ];
        let server = web::Server::start(
            setup::web_settings(&config),
            web::Uses {
                signin: signin.clone(),
                admin,
                prober,
                revocations: revocations.clone(),
                limits,
                metrics,
                clock,
                random,
            },
            setup::listeners(&config, public, operations)?,
        )?;
        Ok(Self {
            server,
            store,
            signin,
            issuer,
            revocations,
            tasks,
            portal_url,
        })
    }

    /// Where people go.
    pub fn portal_url(&self) -> &str {
        &self.portal_url
    }

    /// Where health and metrics are.
    pub fn operations_url(&self) -> String {
        format!("http://{}", self.server.operations_address())
    }

    /// The database, for programs that test Vestibule as a whole.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Reads the issuer's keys again if they are others, as happens every two seconds anyway; for programs that test
    /// Vestibule as a whole.
    pub async fn follow_issuer(&self) {
        self.issuer.follow().await;
    }

    /// Does what is due in AWS so that sessions end, as happens every few seconds anyway; for programs that test Vestibule
    /// as a whole.
    pub async fn revoke_what_is_due(&self) {
        // what cannot be done is due again
        let _ = self.revocations.do_what_is_due().await;
    }

    /// Ends what runs beside the requests, so that whatever is counted from then on is theirs; for programs that test
    /// Vestibule as a whole.
    pub async fn serve_alone(&mut self) {
        for task in self.tasks.drain(..) {
            task.abort();
            // one that was ended says so
            let _ = task.await;
        }
    }

    /// Finishes what is under way, and stops.
    pub async fn stop(self) {
        self.server.stop().await;
        for task in &self.tasks {
            task.abort();
        }
        // the rows that end sign-ins are written after their answers
        let _ = tokio::time::timeout(LAST_ROWS, self.signin.finish()).await;
        self.store.close().await;
    }
}

fn listen(address: std::net::SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|source| StartError::Listen { address, source })
}

/// Every replica decides by a new revision within a second.
async fn follow(access: Access, store: Store, metrics: Metrics) {
    let mut every = tokio::time::interval(FOLLOW);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut away = false;
    loop {
        every.tick().await;
        match access.follow(&store).await {
            Ok(()) => away = false,
            // said once, not twice a second
            Err(error) if !away => {
                away = true;
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the access model cannot be followed: pages show the last revision known, and nobody is let into a console by an old one"
                );
            }
            Err(_) => {}
        }
        metrics.revision(access.index().revision());
    }
}

async fn sweep(
    store: Store,
    clock: SharedClock,
    (idle, remembered_for): (chrono::Duration, chrono::Duration),
) {
    let mut every = tokio::time::interval(SWEEP);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let now = clock.now();
        let swept = async {
            store.sweep(now, idle).await?;
            store.forget_identities(now - remembered_for).await
        };
        if let Err(error) = swept.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what has expired could not be dropped from the database"
            );
        }
    }
}

/// Whoever asked for it and wherever: any replica cuts off what is still to be cut off.
async fn revoke_what_is_due(revocations: Revocations) {
    let mut every = tokio::time::interval(REVOKE);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        if let Err(error) = revocations.do_what_is_due().await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "sessions that are to be cut off could not be looked for: it is tried again"
            );
        }
    }
}

/// For the types that other folders name.
impl From<Vec<idp::SetupError>> for StartError {
    fn from(problems: Vec<idp::SetupError>) -> Self {
        Self::Configuration(setup::list(&problems))
    }
}

/// Gives the rows that stood before there was an index their terms, a portion at a time, and ends.
async fn index(store: Store) {
    let mut failed = 0_u32;
    loop {
        match store.index_portion().await {
            Ok(true) => failed = 0,
            Ok(false) => return,
            Err(error) => {
                failed = failed.saturating_add(1);
                // the database is away, or another replica holds it: waiting is all there is to do
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the audit log could not be indexed; trying again"
                );
                tokio::time::sleep(Duration::from_secs(u64::from(failed.min(60)))).await;
            }
        }
    }
}
