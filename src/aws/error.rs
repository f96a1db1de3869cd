//! What AWS answered, without a word that could hold a secret.

/// AWS did not give what was asked of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It said no.
    #[error("{operation} was refused: {refusal}")]
    Refused {
        /// Which operation.
        operation: &'static str,
        /// Its words.
        refusal: Refusal,
    },
    /// STS is not activated in that region for the account.
    #[error("{operation}: the region is disabled for the account")]
    RegionDisabled {
        /// Which operation.
        operation: &'static str,
    },
    /// It throttles, takes too long, or cannot be reached.
    #[error("{operation}: aws is busy or away ({cause})")]
    Busy {
        /// Which operation.
        operation: &'static str,
        /// What happened, in our words.
        cause: &'static str,
    },
    /// The certificate of its host was refused: nothing was said to whoever is there.
    #[error("{operation}: the certificate of aws's host is not trusted ({cause})")]
    Untrusted {
        /// Which operation.
        operation: &'static str,
        /// Why, in our words.
        cause: &'static str,
    },
    /// It answered something that cannot be the answer to what was asked.
    #[error("{operation}: the answer cannot be right ({cause})")]
    Unexpected {
        /// Which operation.
        operation: &'static str,
        /// What is wrong with it.
        cause: &'static str,
    },
    /// It was the hub role on the way that was not given.
    #[error("at the hub role: {0}")]
    AtHub(Box<Error>),
    /// Vestibule's own credentials cannot be had.
    #[error("own credentials {name} cannot be had")]
    OwnCredentials {
        /// Which.
        name: String,
    },
    /// Vestibule's own credentials are not what the method needs.
    #[error("{operation}: own credentials will not do ({cause})")]
    Unsuited {
        /// Which operation.
        operation: &'static str,
        /// What is wrong with them, as a sentence for people.
        cause: &'static str,
    },
    /// The role cannot be asked for here: the configuration lacks something it needs.
    #[error("the role cannot be used here: {0}")]
    NotConfigured(&'static str),
}

impl Error {
    /// Whether AWS took the request for a wrong one, whatever is wrong with it.
    pub fn is_bad_request(&self) -> bool {
        matches!(self, Self::Refused { refusal, .. } if refusal.status == 400)
    }
}

/// A refusal as AWS worded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The error code: letters, digits and dots, at most 64.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// AWS's id of the request.
    pub request_id: Option<String>,
    /// AWS's text: data for the log, never advice. At most 300 characters, controls left out.
    pub text: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}) {:?}", self.code, self.status, self.text)
    }
}

/// The clients cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The certificates.
    #[error("the certificate authorities for aws cannot be used")]
    Authorities,
    /// The HTTP client.
    #[error("the http client for aws cannot be built")]
    Client(#[source] reqwest::Error),
}

/// What may stand in a log of a text that somebody else wrote.
pub(super) fn tame(text: &str, longest: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(longest)
        .collect()
}

/// An error code: letters, digits and dots.
pub(super) fn tame_code(text: &str) -> String {
    let code: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
        .take(64)
        .collect();
    if code.is_empty() {
        "Unknown".to_owned()
    } else {
        code
    }
}
