//! Which certificates are believed when AWS is called: the system's authorities, and those of `ca_file`; and why one
//! was not.

use std::error::Error;

use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::CertificateError;

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

/// Why the host's certificate was refused, in our words, if that is what went wrong.
pub(super) fn distrust(error: &(dyn Error + 'static)) -> Option<&'static str> {
    std::iter::successors(Some(error), |&error| inside(error))
        .filter_map(|error| error.downcast_ref::<rustls::Error>())
        .find_map(|error| match error {
            rustls::Error::InvalidCertificate(why) => Some(match why {
                CertificateError::UnknownIssuer => "nobody who is trusted issued it",
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    "it has expired, or this machine's clock is wrong"
                }
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    "it is not valid yet, or this machine's clock is wrong"
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => "it is for another host",
                _ => "it does not verify",
            }),
            _ => None,
        })
}

/// What caused an error. An I/O error that wraps one names as its source what lies behind that one.
fn inside<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>() {
        Some(error) => error.get_ref().map(|error| error as &(dyn Error + 'static)),
        None => error.source(),
    }
}
