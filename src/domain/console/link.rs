//! The canonical link to a console: what AWS's expiry page leads back to (`Issuer`), and what pages offer to bookmark.
//!
//! Built from checked parts alone, never from the request that was made. Knows nothing of how a link is read again.

use url::Url;

use super::{Destination, LONGEST};
use crate::domain::account::Region;
use crate::domain::role::RoleKey;
use crate::domain::scope::ScopeName;

/// A console as a link names it. Never the reason that somebody gave: it is not for AWS to keep.
#[derive(Debug, Clone, Copy)]
pub struct ConsoleLink<'a> {
    /// Which role.
    pub role: &'a RoleKey,
    /// Which page.
    pub destination: Option<&'a Destination>,
    /// Which region.
    pub region: Option<&'a Region>,
    /// Under which scope.
    pub scope: Option<&'a ScopeName>,
}

impl ConsoleLink<'_> {
    /// The link under `public_url`: at most 2,048 bytes, beyond that without the destination.
    pub fn url(&self, public_url: &Url) -> String {
        let whole = self.build(public_url, self.destination);
        if whole.len() <= LONGEST {
            return whole;
        }
        self.build(public_url, None)
    }

    fn build(&self, public_url: &Url, destination: Option<&Destination>) -> String {
        let mut url = public_url.clone();
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .push("go")
                .push(self.role.account.as_str())
                .push(self.role.name.as_str());
        }
        let pairs = [
            ("destination", destination.map(Destination::as_str)),
            ("region", self.region.map(Region::as_str)),
            ("scope", self.scope.map(ScopeName::as_str)),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url.into()
    }
}
