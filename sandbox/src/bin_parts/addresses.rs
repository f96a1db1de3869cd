//! Which ports the demo takes: the usual ones, or free ones when those are taken.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use vestibule_sandbox::Settings;
use vestibule_sandbox::listener::{StartError, bind, bind_or_any};

/// The usual ports.
const PORTAL: u16 = 8080;
const OPERATIONS: u16 = 9090;
const AWS: u16 = 4566;
const CONSOLE: u16 = 4567;
const SAML_IDP: u16 = 4568;
const OIDC_IDP: u16 = 4569;

/// Vestibule's own addresses, held for it: its configuration must name them before it binds them.
pub(crate) struct Reserved {
    portal: TcpListener,
    operations: TcpListener,
}

impl Reserved {
    /// Takes the address that was asked for, or refuses; a default gives way to a free port.
    pub(crate) fn take(listen: Option<SocketAddr>) -> Result<Self, StartError> {
        Ok(Self {
            portal: match listen {
                Some(address) => bind(address)?,
                None => bind_or_any(usual(PORTAL))?,
            },
            operations: bind_or_any(usual(OPERATIONS))?,
        })
    }

    /// For people, and for health and metrics.
    pub(crate) fn addresses(&self) -> Result<(SocketAddr, SocketAddr), StartError> {
        let of = |listener: &TcpListener| {
            listener.local_addr().map_err(|source| StartError::Bind {
                address: usual(0),
                source,
            })
        };
        Ok((of(&self.portal)?, of(&self.operations)?))
    }
}

impl From<Reserved> for (TcpListener, TcpListener) {
    /// For Vestibule to serve on: nobody else can take them in between.
    fn from(reserved: Reserved) -> Self {
        (reserved.portal, reserved.operations)
    }
}

/// Where the sandbox would like to listen.
pub(crate) fn settings() -> Settings {
    Settings {
        aws: usual(AWS),
        console: usual(CONSOLE),
        saml_idp: usual(SAML_IDP),
        oidc_idp: usual(OIDC_IDP),
        ..Settings::default()
    }
}

fn usual(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}
