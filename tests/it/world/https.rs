//! Https for a world: one authority made for it, a certificate, and who is told of the authority.
//!
//! Vestibule stands at `localhost` and everybody else at `127.0.0.1`: for a browser these are two sites, so that what
//! cookies do across sites can be seen, which plain http on one address hides.

use std::net::SocketAddr;
use std::path::Path;

use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::ServerConfig;
use vestibule_sandbox::Sandbox;
use vestibule_sandbox::tls::{Authority, Identity};

use super::WorldBuilder;

/// What a world knows about https; nothing, on plain http.
#[derive(Default)]
pub struct Https {
    /// What Vestibule and the providers show.
    identity: Option<Box<Identity>>,
    /// Who signed what AWS shows, as PEM.
    authority: Option<String>,
}

impl Https {
    /// Tells the simulated AWS, which fetches the keys of providers, whom to believe; says where Vestibule is, for
    /// browsers.
    pub(super) fn begin(&self, sandbox: &Sandbox, address: SocketAddr) -> String {
        if let Some(authority) = &self.authority {
            let pem = authority.as_bytes();
            sandbox.simulation().trust_authority(pem).unwrap();
        }
        match self.identity {
            Some(_) => format!("https://localhost:{}", address.port()),
            None => format!("http://{address}"),
        }
    }

    /// The files that the configuration names.
    pub(super) fn write_files(&self, folder: &Path) {
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        if let Some(identity) = &self.identity {
            write("tls.pem", &identity.certificate_pem);
            write("tls.key", &identity.key_pem);
        }
        if let Some(authority) = &self.authority {
            write("authority.pem", authority);
        }
    }

    pub(super) fn spki_sha256(&self) -> Option<String> {
        self.identity
            .as_ref()
            .map(|identity| identity.spki_sha256.clone())
    }

    /// The tests' own way to AWS, which always believes what AWS shows.
    pub fn aws_client(&self) -> SharedHttpClient {
        let mut trusted = TrustStore::default();
        if let Some(authority) = &self.authority {
            trusted.add_pem_certificate(authority.as_bytes());
        }
        let context = TlsContext::builder()
            .with_trust_store(trusted)
            .build()
            .unwrap();
        aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(context)
            .build_https()
    }
}

impl WorldBuilder {
    /// Https everywhere, on two sites; Vestibule is told of the authority by `ca_file`.
    pub fn https(mut self) -> Self {
        let authority = Authority::new().unwrap();
        let identity = authority.identity(&["localhost", "127.0.0.1"]).unwrap();
        self.settings.aws_tls = Some(identity.server.clone());
        self.settings.idp_tls = Some(identity.server.clone());
        self.https = Https {
            identity: Some(Box::new(identity)),
            authority: Some(authority.pem()),
        };
        self.adds(
            "[server]\n",
            "tls_certificate_file = \"tls.pem\"\ntls_key_file = \"tls.key\"\n",
        )
        .adds("client_id = \"vestibule\"\n", CA_FILE)
        .adds("[aws]\n", CA_FILE)
    }

    /// Https at AWS alone, with what `server` shows; only the tests' own client is told of its authority.
    pub fn aws_https(mut self, server: ServerConfig, authority: &Authority) -> Self {
        self.settings.aws_tls = Some(server);
        self.https.authority = Some(authority.pem());
        self
    }

    /// The same, and Vestibule is told too.
    pub fn trusting_aws(self) -> Self {
        self.adds("[aws]\n", CA_FILE)
    }

    fn adds(self, line: &str, more: &str) -> Self {
        self.with(line, &format!("{line}{more}"))
    }
}

const CA_FILE: &str = "ca_file = \"authority.pem\"\n";
