//! The data folder: Vestibule's configuration and everything that it names.
//!
//! Files with secrets are readable by their owner alone. A folder that nobody named is removed at the end.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use vestibule_sandbox::aws::random::Random;

use super::registry::OwnKey;

const CONFIGURATION: &str = include_str!("../../../config/sandbox/vestibule.toml");

/// The data folder.
pub(crate) struct DataFolder {
    path: PathBuf,
    temporary: bool,
}

/// Why the folder could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}")]
pub(crate) struct FileError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

impl DataFolder {
    /// The folder at `path`, or a new one of this process's own.
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, FileError> {
        let temporary = path.is_none();
        let path = path.unwrap_or_else(|| {
            let name = format!("vestibule-sandbox-{}", Random::system().id("", 12));
            std::env::temp_dir().join(name)
        });
        let opened = if temporary {
            // a folder that is already there was made by somebody else
            private_folder(&path)
        } else {
            fs::create_dir_all(&path)
        };
        opened.map_err(|source| FileError {
            path: path.clone(),
            source,
        })?;
        Ok(Self { path, temporary })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file, readable by its owner alone.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<PathBuf, FileError> {
        let path = self.path.join(name);
        match write_whole(&path, text) {
            Ok(()) => Ok(path),
            Err(source) => Err(FileError { path, source }),
        }
    }

    /// Writes the configuration, with `words` in their places.
    pub(crate) fn write_configuration(&self, words: &[(&str, &str)]) -> Result<PathBuf, FileError> {
        let mut text = CONFIGURATION.to_owned();
        for (word, value) in words {
            text = text.replace(&format!("<<{word}>>"), value);
        }
        self.write("vestibule.toml", &text)
    }

    /// Writes the broker's keys, in the form of AWS's credentials file.
    pub(crate) fn write_keys(&self, keys: &[OwnKey]) -> Result<PathBuf, FileError> {
        let text: Vec<String> = keys
            .iter()
            .map(|own| {
                format!(
                    "[{}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
                    own.name, own.key.id, own.key.secret
                )
            })
            .collect();
        self.write("aws-credentials", &text.join("\n"))
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "the data folder could not be removed");
        }
    }
}

/// Writes `text` under another name first, so that whoever looks sees all of it or nothing.
pub(crate) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let beside = path.with_file_name(format!(
        ".{}.{}",
        name.unwrap_or_default(),
        std::process::id()
    ));
    let written = private_file(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<fs::File> {
    fs::File::create(path)
}

#[cfg(unix)]
fn private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}
