//! Files as keys want them: private from the first byte, written whole, and refused when others may touch them.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::KeyProblem;

/// No file of the folder is larger.
const LARGEST: u64 = 256 * 1024;

/// PEM (RFC 7468).
pub(super) fn block(text: &mut String, label: &str, der: &[u8]) {
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    // 48 bytes are a line of 64 characters
    for line in der.chunks(48) {
        STANDARD.encode_string(line, text);
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
}

pub(super) fn io(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> KeyProblem {
    let path = path.to_owned();
    move |source| KeyProblem::Io {
        path,
        doing,
        source,
    }
}

pub(super) fn read_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyProblem> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
    let read = File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
    read.map_err(io(path, "cannot be read"))?;
    Ok(bytes)
}

/// Writes a file whole: under another name first, then renamed to its own.
pub(super) fn write(path: &Path, text: &str) -> Result<(), KeyProblem> {
    let beside = path.with_extension("new");
    let written = private(&beside, true).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        path.parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    });
    if written.is_err() {
        // what is left under the other name is on no list
        let _ = fs::remove_file(&beside);
    }
    written.map_err(io(path, "cannot be written"))
}

/// Likewise, where no file of that name may be.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), KeyProblem> {
    if path.exists() {
        let there = std::io::ErrorKind::AlreadyExists;
        return Err(io(path, "is there already")(there.into()));
    }
    write(path, text)
}

#[cfg(unix)]
pub(super) fn private(path: &Path, empty: bool) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(empty).mode(0o600);
    options.open(path)
}

#[cfg(not(unix))]
pub(super) fn private(path: &Path, empty: bool) -> std::io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(empty).open(path)
}

#[cfg(unix)]
pub(super) fn private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
pub(super) fn private_folder(path: &Path) -> std::io::Result<()> {
    fs::create_dir(path)
}

/// Refuses a file or folder on which others have any of the bits of `mask`.
#[cfg(unix)]
pub(super) fn refuse_open(
    path: &Path,
    mask: u32,
    (who, what, mode): (&'static str, &'static str, &'static str),
) -> Result<(), KeyProblem> {
    use std::os::unix::fs::PermissionsExt as _;
    let about = fs::metadata(path).map_err(io(path, "cannot be looked at"))?;
    if about.permissions().mode() & mask == 0 {
        return Ok(());
    }
    Err(KeyProblem::Open {
        path: path.to_owned(),
        who,
        what,
        mode,
    })
}

/// Elsewhere nothing is known of it.
#[cfg(not(unix))]
pub(super) fn refuse_open(_: &Path, _: u32, _: (&str, &str, &str)) -> Result<(), KeyProblem> {
    Ok(())
}

/// What the file system calls the file: another one after each rename.
#[cfg(unix)]
pub(super) fn number(about: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    about.ino()
}

#[cfg(not(unix))]
pub(super) fn number(_: &fs::Metadata) -> u64 {
    0
}
