//! The two servers: one for people, one for those who run the site. Both stop gracefully: what is under way is
//! finished.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use tokio::task::JoinHandle;

use super::cookies::SecretTooShort;
use super::problem::{ForMachines, recover};
use super::site::{Settings, Site};
use super::{OPERATIONS, ROUTES, register};
use crate::admin::{Admin, Prober, Revocations};
use crate::clock::SharedClock;
use crate::limits::Limits;
use crate::random::SharedRandom;
use crate::signin::Signin;
use crate::telemetry::Metrics;

/// How long a request's headers may take to come. Longer than browsers keep a connection that they opened in advance and
/// have not used: they would take the 408 for the answer to what they ask on it at that very moment.
const HEADERS_DEADLINE: Duration = Duration::from_secs(20);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a stop waits for what is under way.
const STOP_SECONDS: u64 = 30;

/// What the handlers use.
pub struct Uses {
    /// The use-cases of people.
    pub signin: Signin,
    /// The use-cases of administrators.
    pub admin: Admin,
    /// What probes roles.
    pub prober: Prober,
    /// What revokes sessions.
    pub revocations: Revocations,
    /// How often what may be asked.
    pub limits: Limits,
    /// The figures.
    pub metrics: Metrics,
    /// The time.
    pub clock: SharedClock,
    /// Randomness, for references.
    pub random: SharedRandom,
}

/// Where to listen: sockets that are bound already.
pub struct Listeners {
    /// For people.
    pub public: TcpListener,
    /// For those who run the site; plain http.
    pub operations: TcpListener,
    /// To serve people by https.
    pub tls: Option<rustls::ServerConfig>,
}

/// Why the servers cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The cookies cannot be sealed.
    #[error(transparent)]
    Cookies(#[from] SecretTooShort),
    /// A socket cannot be used.
    #[error("could not listen")]
    Listen(#[from] std::io::Error),
}

/// The running servers.
#[derive(Debug)]
pub struct Server {
    public: Running,
    operations: Running,
}

#[derive(Debug)]
struct Running {
    address: SocketAddr,
    handle: ServerHandle,
    task: JoinHandle<std::io::Result<()>>,
}

impl Running {
    fn new(address: SocketAddr, server: actix_web::dev::Server) -> Self {
        Self {
            address,
            handle: server.handle(),
            task: tokio::spawn(server),
        }
    }

    async fn stop(self) {
        self.handle.stop(true).await;
        // it has been told to stop; how it ended changes nothing any more
        let _ = self.task.await;
    }
}

impl Server {
    /// Serves; must be called within a Tokio runtime.
    pub fn start(settings: Settings, uses: Uses, listeners: Listeners) -> Result<Self, StartError> {
        let workers = settings.workers;
        let site = Site::new(
            settings,
            uses.signin.idps(),
            (uses.limits, uses.metrics),
            uses.clock,
            uses.random,
        )?;
        let (site, signin) = (Data::new(site), Data::new(uses.signin));
        Ok(Self {
            public: public(
                (
                    site.clone(),
                    signin.clone(),
                    Administration {
                        admin: Data::new(uses.admin),
                        prober: Data::new(uses.prober),
                        revocations: Data::new(uses.revocations),
                    },
                ),
                listeners.public,
                listeners.tls,
                workers,
            )?,
            operations: operations((site, signin), listeners.operations)?,
        })
    }

    /// Where people are served.
    pub fn public_address(&self) -> SocketAddr {
        self.public.address
    }

    /// Where those who run the site are.
    pub fn operations_address(&self) -> SocketAddr {
        self.operations.address
    }

    /// Finishes what is under way, and stops.
    pub async fn stop(self) {
        futures_util::future::join(self.public.stop(), self.operations.stop()).await;
    }
}

/// The use-cases of administrators.
struct Administration {
    admin: Data<Admin>,
    prober: Data<Prober>,
    revocations: Data<Revocations>,
}

fn public(
    (site, signin, administration): (Data<Site>, Data<Signin>, Administration),
    listener: TcpListener,
    tls: Option<rustls::ServerConfig>,
    workers: Option<usize>,
) -> Result<Running, StartError> {
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(&site))
            .app_data(Data::clone(&signin))
            .app_data(Data::clone(&administration.admin))
            .app_data(Data::clone(&administration.prober))
            .app_data(Data::clone(&administration.revocations))
            .wrap(from_fn(recover))
            .configure(|config| register(ROUTES, config))
    })
    .client_request_timeout(HEADERS_DEADLINE)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(STOP_SECONDS)
    .disable_signals();
    let server = match workers {
        Some(workers) => server.workers(workers.max(1)),
        None => server,
    };
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls)?,
        None => server.listen(listener)?,
    };
    Ok(Running::new(address, server.run()))
}

fn operations(
    (site, signin): (Data<Site>, Data<Signin>),
    listener: TcpListener,
) -> Result<Running, StartError> {
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(&site))
            .app_data(Data::clone(&signin))
            .app_data(ForMachines)
            .wrap(from_fn(recover))
            .configure(|config| register(OPERATIONS, config))
    })
    .client_request_timeout(HEADERS_DEADLINE)
    .shutdown_timeout(STOP_SECONDS)
    .workers(1)
    .disable_signals()
    .listen(listener)?;
    Ok(Running::new(address, server.run()))
}
