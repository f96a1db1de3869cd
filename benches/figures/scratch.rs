//! A folder for what a figure hands to other processes, and a runtime to do it in.

use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;
use vestibule::random::{SystemRandom, hex};

/// A folder that goes when it is no longer needed.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let name = format!("vestibule-bench-{}", hex::<8>(&SystemRandom));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).expect("a folder");
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and says where.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("it can be written");
        path
    }

    /// Writes a certificate as PEM.
    pub(crate) fn certificate(&self, base64: &str) -> PathBuf {
        let lines: Vec<&str> = base64
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).expect("base64"))
            .collect();
        let pem = format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            lines.join("\n")
        );
        self.file("certificate.pem", &pem)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // what is left in the temporary folder harms nobody
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Where servers of ours and of the sandbox run.
pub(crate) fn runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}
