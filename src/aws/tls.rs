//! Which certificates are believed when AWS is called: the system's authorities, and those of `ca_file`.

use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{KEEP, SetupError};

/// The HTTP client of the AWS SDK: verified TLS, no proxy, connections kept for the next click.
pub(super) fn sdk_client(authorities: &[Vec<u8>]) -> Result<SharedHttpClient, SetupError> {
    let mut trusted = TrustStore::default();
    for authority in authorities {
        trusted.add_pem_certificate(pem(authority));
    }
    let context = TlsContext::builder()
        .with_trust_store(trusted)
        .build()
        .map_err(|_| SetupError::Authorities)?;
    Ok(aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .pool_idle_timeout(KEEP)
        .build_https())
}

/// The certificates for `reqwest`.
pub(super) fn reqwest_certificates(
    authorities: &[Vec<u8>],
) -> Result<Vec<reqwest::Certificate>, SetupError> {
    authorities
        .iter()
        .map(|der| reqwest::Certificate::from_der(der).map_err(SetupError::Client))
        .collect()
}

/// DER in PEM's clothes (RFC 7468).
fn pem(der: &[u8]) -> Vec<u8> {
    let text = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for (index, letter) in text.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(letter);
    }
    pem.push_str("\n-----END CERTIFICATE-----\n");
    pem.into_bytes()
}
