//! Reading the files that the configuration names, with limits.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// No file that the configuration names is larger: 4 `MiB`.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Reads a file whole; the message says what is wrong without quoting it.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "the file does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "the file may not be read".to_owned(),
        kind => format!("the file cannot be read ({kind})"),
    })?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("the file cannot be read ({})", error.kind()))?;
    if bytes.len() as u64 > LARGEST {
        return Err("the file is larger than 4 MiB".to_owned());
    }
    Ok(bytes)
}

/// Reads a text file.
pub(super) fn read_text(path: &Path) -> Result<String, String> {
    String::from_utf8(read_bytes(path)?).map_err(|_| "the file is not UTF-8 text".to_owned())
}

/// Reads a secret: the text of a file without the line ends at its end.
pub(super) fn read_secret(path: &Path) -> Result<String, String> {
    let mut text = read_text(path)?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    if text.is_empty() {
        return Err("the file is empty".to_owned());
    }
    Ok(text)
}

/// Whether others than the file's owner may read it.
#[cfg(unix)]
pub(super) fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o007 != 0)
}

/// Elsewhere nothing is known of it.
#[cfg(not(unix))]
pub(super) fn is_open_to_others(_: &Path) -> bool {
    false
}

/// The certificates in a PEM text, as DER.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem)
        .map(|certificate| certificate.map(|der| der.to_vec()))
        .collect();
    match found {
        Ok(found) if found.is_empty() => Err("the file holds no PEM certificate".to_owned()),
        Ok(found) => Ok(found),
        Err(_) => Err("the file is not PEM".to_owned()),
    }
}
