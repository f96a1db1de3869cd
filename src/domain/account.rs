//! AWS accounts as the access model knows them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Makes a checked text type: `parse`, `as_str`, `Display`, serde through `String`.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $error:ident, $message:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        #[doc = concat!("The text is no [`", stringify!($name), "`].")]
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $error;

        impl $name {
            /// Reads one, exactly as written.
            pub fn parse(text: &str) -> Result<Self, $error> {
                let check: fn(&str) -> bool = $check;
                check(text).then(|| Self(text.to_owned())).ok_or($error)
            }

            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}
pub(crate) use checked_text;

checked_text!(
    /// A 12-digit AWS account id.
    AccountId,
    AccountIdError,
    "an account id is 12 digits",
    |text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
);

checked_text!(
    /// An account's unique name for links: 1–63 of `a-z`, `0-9`, `-`, beginning with a letter or digit, not 12
    /// digits (which would read as an account id).
    Alias,
    AliasError,
    "an alias is 1 to 63 of a-z, 0-9 and -, beginning with a letter or digit, and not 12 digits",
    |text| (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && AccountId::parse(text).is_err()
);

checked_text!(
    /// A partition's name as it stands in ARNs: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`…
    PartitionName,
    PartitionNameError,
    "a partition's name is `aws`, or `aws-` and 1 to 24 of a-z, 0-9 and -",
    |text| text == "aws"
        || text.strip_prefix("aws-").is_some_and(|rest| {
            (1..=24).contains(&rest.len())
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
);

checked_text!(
    /// An AWS region's code, such as `eu-west-1` or `us-gov-west-1`: what may stand in a host name.
    Region,
    RegionError,
    "a region's code is like eu-west-1: lower-case words and a number, joined by -",
    |text| {
        let parts: Vec<&str> = text.split('-').collect();
        (3..=5).contains(&parts.len())
            && text.len() <= 25
            && parts[..parts.len() - 1]
                .iter()
                .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase()))
            && parts[parts.len() - 1].len() <= 2
            && parts[parts.len() - 1].bytes().all(|b| b.is_ascii_digit())
            && !parts[parts.len() - 1].is_empty()
    }
);

impl Default for PartitionName {
    fn default() -> Self {
        Self("aws".to_owned())
    }
}

/// What an account is for. Pages show the word as well as the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Customers depend on it.
    Production,
    /// The rehearsal of production.
    Staging,
    /// Where things are built.
    Development,
    /// Where anything may break.
    Sandbox,
}

impl Environment {
    /// The word, as written in the access model and on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
            Self::Sandbox => "sandbox",
        }
    }
}

/// An AWS account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its 12 digits.
    pub id: AccountId,
    /// Its name in links.
    pub alias: Alias,
    /// Names that it had in links before; for links alone, and never what a rule points at.
    pub former_aliases: Vec<Alias>,
    /// Its name for people.
    pub name: String,
    /// What it is for, if the model says.
    pub environment: Option<Environment>,
    /// Where it lives.
    pub partition: PartitionName,
    /// Whom to ask about it.
    pub owner: Option<String>,
    /// Free labels; rules can deny by them.
    pub labels: BTreeMap<String, String>,
}
