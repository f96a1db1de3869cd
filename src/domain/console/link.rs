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
    /// For how long, in hours.
    pub hours: Option<u8>,
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

    /// The link to the same page for whoever reads it: with whichever role they hold in the account, so that scope and
    /// length are theirs to choose. Likewise at most 2,048 bytes.
    pub fn shared(&self, public_url: &Url) -> String {
        let build = |destination| {
            let mut url = self.path(public_url, None);
            add(
                &mut url,
                &[("destination", destination), ("region", self.region())],
            );
            String::from(url)
        };
        let whole = build(self.destination.map(Destination::as_str));
        if whole.len() <= LONGEST {
            return whole;
        }
        build(None)
    }

    fn region(&self) -> Option<&str> {
        self.region.map(Region::as_str)
    }

    fn build(&self, public_url: &Url, destination: Option<&Destination>) -> String {
        let mut url = self.path(public_url, Some(self.role.name.as_str()));
        let hours = self.hours.map(|hours| hours.to_string());
        let pairs = [
            ("destination", destination.map(Destination::as_str)),
            ("region", self.region()),
            ("scope", self.scope.map(ScopeName::as_str)),
            ("hours", hours.as_deref()),
        ];
        add(&mut url, &pairs);
        url.into()
    }

    fn path(&self, public_url: &Url, role: Option<&str>) -> Url {
        let mut url = public_url.clone();
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .push("go")
                .push(self.role.account.as_str())
                .extend(role);
        }
        url
    }
}

fn add(url: &mut Url, pairs: &[(&str, Option<&str>)]) {
    for (name, value) in pairs {
        if let Some(value) = value {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
}
