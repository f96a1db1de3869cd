//! Listening on loopback, and nowhere else.
//!
//! Every server of the sandbox is bound here. The sandbox holds signing keys that are published in its own pages and
//! people whose passwords anyone can guess, so an address that others could reach is refused before it is bound.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};

/// Why a server of the sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not a loopback one.
    #[error("the sandbox listens on loopback only: {0} is not a loopback address")]
    NotLoopback(IpAddr),
    /// The address could not be bound, or the server could not be set up on it.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Keys or certificates could not be made.
    #[error(transparent)]
    Key(#[from] crate::idp::key::KeyError),
}

/// Binds `address`, which must be a loopback one; port 0 takes any free port.
pub fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    if !address.ip().is_loopback() {
        return Err(StartError::NotLoopback(address.ip()));
    }
    TcpListener::bind(address).map_err(|source| StartError::Bind { address, source })
}

/// Binds `address`, or any free port of the same host when that one is taken.
pub fn bind_or_any(address: SocketAddr) -> Result<TcpListener, StartError> {
    match bind(address) {
        Err(StartError::Bind { source, .. }) if source.kind() == std::io::ErrorKind::AddrInUse => {
            bind(SocketAddr::new(address.ip(), 0))
        }
        bound => bound,
    }
}

/// How a server is bound: its socket and, for https, its certificate.
pub struct Binding {
    /// The bound socket.
    pub listener: TcpListener,
    /// For https.
    pub tls: Option<rustls::ServerConfig>,
}

impl Binding {
    /// Plain http on `listener`.
    pub fn plain(listener: TcpListener) -> Self {
        Self {
            listener,
            tls: None,
        }
    }

    /// The origin that it will serve, its port, and whether that is https.
    pub fn origin(&self) -> Result<(String, u16, bool), StartError> {
        let address = self.address()?;
        let secure = self.tls.is_some();
        let scheme = if secure { "https" } else { "http" };
        Ok((format!("{scheme}://{address}"), address.port(), secure))
    }

    fn address(&self) -> Result<SocketAddr, StartError> {
        self.listener
            .local_addr()
            .map_err(|source| StartError::Bind {
                address: SocketAddr::from(([127, 0, 0, 1], 0)),
                source,
            })
    }
}

/// A running server.
pub struct Running {
    address: SocketAddr,
    handle: ServerHandle,
}

impl Running {
    /// Serves what `configure` registers on `binding`.
    pub fn start(
        binding: Binding,
        configure: impl Fn(&mut ServiceConfig) + Send + Sync + 'static,
    ) -> Result<Self, StartError> {
        let address = binding.address()?;
        let configure = Arc::new(configure);
        let server = HttpServer::new(move || {
            let configure = Arc::clone(&configure);
            App::new().configure(move |services| configure(services))
        })
        .workers(1)
        .shutdown_timeout(1)
        .disable_signals();
        let server = match binding.tls {
            Some(tls) => server.listen_rustls_0_23(binding.listener, tls),
            None => server.listen(binding.listener),
        }
        .map_err(|source| StartError::Bind { address, source })?
        .run();
        let handle = server.handle();
        drop(tokio::spawn(server));
        Ok(Self { address, handle })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it without waiting for requests that are under way.
    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_others_can_reach_is_refused_before_it_is_bound() {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "255.255.255.255:0"] {
            let refused = bind(address.parse().unwrap()).unwrap_err();
            assert!(matches!(refused, StartError::NotLoopback(_)), "{address}");
        }
        bind("127.0.0.1:0".parse().unwrap()).unwrap();
    }

    #[test]
    fn a_taken_port_gives_way_to_a_free_one_only_when_that_is_allowed() {
        let first = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let taken = first.local_addr().unwrap();
        assert!(matches!(bind(taken), Err(StartError::Bind { .. })));
        let second = bind_or_any(taken).unwrap();
        assert_ne!(second.local_addr().unwrap().port(), taken.port());
    }
}
