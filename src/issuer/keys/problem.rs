//! What can be wrong with the keys or with what is asked of them: named by file, without a word of what is in it.

use std::fmt;
use std::path::PathBuf;

use super::signer::BadKey;

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum KeyProblem {
    /// Others than its owner may read a key, or change the list or the folder.
    #[error("{}: {who} {what}: chmod {mode}", path.display())]
    Open {
        /// Which.
        path: PathBuf,
        /// Who may.
        who: &'static str,
        /// What.
        what: &'static str,
        /// What would be right.
        mode: &'static str,
    },
    /// It cannot be read or written.
    #[error("{}: {doing}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The list of keys.
    #[error("{}: {message}", path.display())]
    List {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A key's file.
    #[error("{}: {what}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
    /// The private key.
    #[error("{}: {bad}", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        bad: BadKey,
    },
    /// The certificate.
    #[error("{}: no certificate could be made", path.display())]
    Certificate {
        /// For which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: x509_cert::der::Error,
    },
    /// What was asked cannot be done.
    #[error("{0}")]
    Refused(String),
}

/// Everything that is wrong.
#[derive(Debug)]
pub struct KeyProblems(pub Vec<KeyProblem>);

impl From<KeyProblem> for KeyProblems {
    fn from(problem: KeyProblem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for KeyProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
            if let Some(source) = std::error::Error::source(problem) {
                write!(f, ": {source}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for KeyProblems {}
