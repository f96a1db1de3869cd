//! Keys in files beside the configuration, never in the database: 32 random bytes each, made at the first start.
//!
//! A file is for its owner's eyes only, and refused if anybody else may read it. Of several processes that start at once, one
//! makes it and all use it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::error::Error;
use crate::random::{self, Random};

/// The length of a key in bytes.
pub(super) const LENGTH: usize = 32;

/// The bytes of a key.
pub(super) type Bytes = Zeroizing<[u8; LENGTH]>;

/// Reads the key, or makes it if there is no file yet; `what` is its name in messages.
pub(super) fn load_or_create(
    path: &Path,
    what: &'static str,
    random: &dyn Random,
) -> Result<Bytes, Error> {
    if let Some(key) = load(path, what)? {
        return Ok(key);
    }
    create(path, random)?;
    load(path, what)?.ok_or(Error::Key {
        what,
        path: path.to_owned(),
        problem: "disappeared while it was being made",
    })
}

/// Reads the key; `None` if there is no file.
pub(super) fn load(path: &Path, what: &'static str) -> Result<Option<Bytes>, Error> {
    let wrong = |problem| Error::Key {
        what,
        path: path.to_owned(),
        problem,
    };
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(unusable(path, source)),
    };
    if !metadata.is_file() {
        return Err(wrong("is not a file"));
    }
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(wrong("may be used by others than its owner: chmod 600"));
    }
    if metadata.len() > 1024 {
        return Err(wrong("is not 32 bytes in URL-safe base64"));
    }
    let text = Zeroizing::new(fs::read(path).map_err(|source| unusable(path, source))?);
    let bytes = URL_SAFE_NO_PAD
        .decode(text.trim_ascii())
        .map(Zeroizing::new)
        .map_err(|_| wrong("is not 32 bytes in URL-safe base64"))?;
    let bytes: [u8; LENGTH] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| wrong("is not 32 bytes in URL-safe base64"))?;
    Ok(Some(Zeroizing::new(bytes)))
}

/// Writes a new key whole and durably under another name, then gives it its name unless somebody was faster.
fn create(path: &Path, random: &dyn Random) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", random::hex::<8>(random)));
    let draft = path.with_file_name(name);
    let text = Zeroizing::new(format!("{}\n", random::token::<LENGTH>(random)));
    let made = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            Err(source) if source.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        }
    })();
    // the name under which it was drafted is needed no more, whatever happened
    let _ = fs::remove_file(&draft);
    made.map_err(|source| unusable(path, source))
}

fn unusable(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source: Arc::new(source),
    }
}
