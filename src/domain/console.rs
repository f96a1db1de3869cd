//! Where in the console somebody wants to land: parsed into a [`Destination`] or refused.

/// A console page: https, a console host of one partition, no userinfo, no port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    url: url::Url,
}

impl Destination {
    /// The URL, for the federation endpoint's `Destination` parameter.
    pub fn url(&self) -> &url::Url {
        &self.url
    }
}
