//! Where in the console somebody wants to land: parsed into a [`Destination`] or refused.
//!
//! Owns the one gate between text that a visitor supplies and the federation endpoint's `Destination` parameter, and
//! the link that AWS's expiry page leads back to. The text is screened byte by byte before a URL parser (WHATWG URL)
//! sees it, so that nothing two parsers could read differently comes through.

mod link;

use url::Url;

use super::account::{AccountId, PartitionName, Region};
use super::partition::{HostError, Partition};

pub use link::ConsoleLink;

/// The most bytes that a destination or a link may have.
pub const LONGEST: usize = 2_048;

/// Hosts of the console that carry a service's name in place of a region's; old bookmarks still name them.
const SERVICE_HOSTS: [&str; 3] = ["s3", "health", "support"];

/// A console page: https, a console host of one partition, no userinfo, no port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    url: Url,
}

/// Why a text is no destination.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DestinationError {
    /// Over [`LONGEST`] bytes, as written or as it would be sent.
    #[error("a destination has at most 2,048 bytes")]
    TooLong,
    /// A control character (tab and line ends too), a backslash, or something invisible that changes how the text
    /// reads.
    #[error("a destination has no control characters and no backslashes")]
    ForbiddenCharacter,
    /// Not `https://`.
    #[error("a destination begins with https://")]
    NotHttps,
    /// Anything but a plain name between `https://` and the path: userinfo, a port, an escape, another script.
    #[error(
        "a destination names a host and nothing else before its path: no user, no port, no escapes"
    )]
    BadAuthority,
    /// A plain host, but not a console of this partition.
    #[error("{host} is not a console of partition {partition}")]
    ForeignHost {
        /// The host that was named.
        host: String,
        /// Where the role lives.
        partition: PartitionName,
    },
    /// The partition has no such console.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl Destination {
    /// Reads a console page's address, for a role of `partition`.
    ///
    /// The host of a browser with several AWS sessions (`{account}-{8 characters}.{region}.console…`) is rewritten to
    /// the plain one: it means somebody else's session. Fragments are kept.
    pub fn parse(text: &str, partition: &Partition) -> Result<Self, DestinationError> {
        if text.len() > LONGEST {
            return Err(DestinationError::TooLong);
        }
        if text.chars().any(is_forbidden) {
            return Err(DestinationError::ForbiddenCharacter);
        }
        let rest = text
            .strip_prefix("https://")
            .ok_or(DestinationError::NotHttps)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let plain = !authority.is_empty()
            && authority
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if !plain {
            return Err(DestinationError::BadAuthority);
        }
        let host = console_host_of(&authority.to_ascii_lowercase(), partition)?;
        Self::build(&host, tail)
    }

    /// The console's first page in a region, or in the region last used.
    pub fn home(partition: &Partition, region: Option<&Region>) -> Result<Self, DestinationError> {
        let host = partition.console_host(region)?;
        let query = region.map_or_else(String::new, |region| format!("?region={region}"));
        Self::build(&host, &format!("/console/home{query}"))
    }

    /// The same page in another region: its host, and its `region` parameter.
    pub fn with_region(
        &self,
        partition: &Partition,
        region: &Region,
    ) -> Result<Self, DestinationError> {
        let host = partition.console_host(Some(region))?;
        let mut named = false;
        let mut pairs: Vec<String> = self
            .url
            .query()
            .into_iter()
            .flat_map(|query| query.split('&'))
            .map(|pair| {
                if pair.starts_with("region=") {
                    named = true;
                    format!("region={region}")
                } else {
                    pair.to_owned()
                }
            })
            .collect();
        if !named {
            pairs.push(format!("region={region}"));
        }
        let fragment = self
            .url
            .fragment()
            .map_or_else(String::new, |fragment| format!("#{fragment}"));
        let tail = format!("{}?{}{fragment}", self.url.path(), pairs.join("&"));
        Self::build(&host, &tail)
    }

    /// The URL, for the federation endpoint's `Destination` parameter.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The URL as text.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Puts a checked host before a screened rest, and makes sure that the URL parser saw it the same way.
    fn build(host: &str, tail: &str) -> Result<Self, DestinationError> {
        let slash = if tail.starts_with('/') { "" } else { "/" };
        let url = Url::parse(&format!("https://{host}{slash}{tail}"))
            .map_err(|_| DestinationError::BadAuthority)?;
        let as_meant = url.scheme() == "https"
            && url.host_str() == Some(host)
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !as_meant {
            return Err(DestinationError::BadAuthority);
        }
        if url.as_str().len() > LONGEST {
            return Err(DestinationError::TooLong);
        }
        Ok(Self { url })
    }
}

/// The account that the host of an address names: that of a browser with several AWS sessions does.
pub(super) fn account_of_session(text: &str) -> Option<AccountId> {
    let rest = text.strip_prefix("https://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let (label, _) = host.split_once('.')?;
    let (account, _) = label.split_once('-').filter(|_| is_session_label(label))?;
    AccountId::parse(account).ok()
}

/// Control characters, backslashes, and invisible characters that reorder or hide text.
pub(super) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || c == '\\'
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The plain console host that `host` stands for.
fn console_host_of(host: &str, partition: &Partition) -> Result<String, DestinationError> {
    let base = partition.console_host(None)?;
    if host == base {
        return Ok(base);
    }
    let foreign = || DestinationError::ForeignHost {
        host: host.to_owned(),
        partition: partition.name().clone(),
    };
    let labels = host
        .strip_suffix(base.as_str())
        .and_then(|front| front.strip_suffix('.'))
        .ok_or_else(foreign)?;
    let place = match labels.split_once('.') {
        Some((session, place)) if is_session_label(session) => place,
        Some(_) => return Err(foreign()),
        None => labels,
    };
    let is_region = Region::parse(place).is_ok_and(|region| partition.has_region(&region));
    if is_region || SERVICE_HOSTS.contains(&place) {
        Ok(format!("{place}.{base}"))
    } else {
        Err(foreign())
    }
}

/// `{account}-{8 characters}`: which of a browser's AWS sessions is meant.
fn is_session_label(label: &str) -> bool {
    label.split_once('-').is_some_and(|(account, suffix)| {
        account.len() == 12
            && account.bytes().all(|b| b.is_ascii_digit())
            && suffix.len() == 8
            && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
