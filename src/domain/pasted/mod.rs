//! What somebody pasted: read into what it names, or refused with the reason.
//!
//! A console's address, an ARN, an account's 12 digits, or a link of ours. The text comes from chats, tickets and mails,
//! so it is screened before anything is made of it, and what comes out are checked types alone. Nothing here is a way to
//! anywhere: a page is a [`Destination`], and is read again against the partition of the role that is opened. Knows
//! nothing of who holds what.

mod arn;
mod services;

use percent_encoding::percent_decode_str;
use url::Url;

use super::account::{AccountId, PartitionName, Region};
use super::console::{self, Destination, DestinationError};
use super::partition::{Partition, Partitions};
use super::role::RoleName;

/// The most bytes that a pasted text may have. A link of ours has another address in it, written with escapes.
pub const LONGEST: usize = 4_096;

/// What a pasted text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pasted {
    /// It names something in AWS.
    Place(Place),
    /// It is a link of ours. Whoever reads links makes of it what any link becomes.
    Link {
        /// Its path, as written; begins with a slash.
        path: String,
        /// Its query, as written, without the question mark.
        query: String,
    },
}

/// Something in AWS that a text names. Where it leaves something open, that is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What kind of text it was.
    pub kind: Kind,
    /// Where the account lives.
    pub partition: Option<PartitionName>,
    /// The account.
    pub account: Option<AccountId>,
    /// An account that the page is probably about: it stands in the address, but in no place that says so.
    pub perhaps: Option<AccountId>,
    /// The role that an ARN names.
    pub role: Option<RoleName>,
    /// The region.
    pub region: Option<Region>,
    /// The page: of a console's address that very one, of an ARN where its service or the thing itself is shown.
    pub page: Option<Destination>,
}

/// The kinds of texts that name something in AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The address of a console's page.
    Console,
    /// An ARN.
    Arn,
    /// An account's 12 digits.
    Account,
}

/// Why a text names nothing, to stand after "because".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PastedError {
    /// Nothing but blanks.
    #[error("nothing was pasted")]
    Empty,
    /// Over [`LONGEST`] bytes, or a page whose address is too long to be opened.
    #[error("it is too long: an address has at most 2,048 bytes, and a link to one 4,096")]
    TooLong,
    /// Characters that hide what a text says.
    #[error("there are control characters, backslashes or invisible characters in it")]
    ForbiddenCharacter,
    /// Neither an address nor an ARN nor an account.
    #[error(
        "it is none of these: the address of an AWS console, an ARN, the 12 digits of an account, a link of this site"
    )]
    Unknown,
    /// An address by another way than https.
    #[error("the address of an AWS console begins with https://")]
    NotHttps,
    /// Userinfo, a port, an escape or another script where the host stands.
    #[error(
        "between https:// and the path stands more than a plain host: a user, a port or letters that are none of a \
         host's"
    )]
    BadAuthority,
    /// Somebody else's host.
    #[error("its host is no AWS console, and not this site")]
    ForeignHost,
    /// Not the six parts of an ARN.
    #[error(
        "an ARN has six parts, arn:partition:service:region:account:resource, and this has not"
    )]
    NoArn,
    /// A partition that nobody knows.
    #[error("the ARN’s partition is none that is known here")]
    ArnPartition,
    /// What stands for the service is no name of one.
    #[error("what stands for the service in the ARN cannot be one")]
    ArnService,
    /// A region that is none of the partition's.
    #[error("the ARN’s region is none of its partition’s")]
    ArnRegion,
    /// Neither 12 digits nor nothing where the account stands.
    #[error("the ARN’s account is not 12 digits")]
    ArnAccount,
}

impl Pasted {
    /// Reads a text; blanks around it count for nothing.
    pub fn read(
        text: &str,
        partitions: &Partitions,
        public_url: &Url,
    ) -> Result<Self, PastedError> {
        let text = screened(text)?;
        if let Some(id) = account_id(text) {
            return Ok(Self::Place(Place {
                account: Some(id),
                ..Place::nowhere(Kind::Account)
            }));
        }
        if text.starts_with("arn:") {
            return arn::read(text, partitions).map(Self::Place);
        }
        if let Some(rest) = below(public_url, text) {
            return Ok(link(rest));
        }
        read_console(text, partitions).map(Self::Place)
    }
}

impl Place {
    fn nowhere(kind: Kind) -> Self {
        Self {
            kind,
            partition: None,
            account: None,
            perhaps: None,
            role: None,
            region: None,
            page: None,
        }
    }
}

/// Whether a text is meant to be opened rather than looked for, be it right or not: an address, an ARN, an account.
pub fn is_meant(text: &str) -> bool {
    let text = text.trim();
    let begins = |with: &str| {
        let begin = text.get(..with.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(with))
    };
    text.starts_with("arn:")
        || begins("https://")
        || begins("http://")
        || account_id(text).is_some()
}

/// Takes blanks off, and refuses what no text of these kinds has in it.
fn screened(text: &str) -> Result<&str, PastedError> {
    if text.len() > LONGEST {
        return Err(PastedError::TooLong);
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(PastedError::Empty);
    }
    if text.chars().any(console::is_forbidden) {
        return Err(PastedError::ForbiddenCharacter);
    }
    Ok(text)
}

/// 12 digits, as they are or as the console writes them: `1111-2222-3333`.
fn account_id(text: &str) -> Option<AccountId> {
    if let Ok(id) = AccountId::parse(text) {
        return Some(id);
    }
    let groups: Vec<&str> = text.split('-').collect();
    let in_fours = groups.len() == 3 && groups.iter().all(|group| group.len() == 4);
    in_fours.then(|| AccountId::parse(&groups.concat()).ok())?
}

/// What follows our own origin, if the text begins with that and the origin ends there.
fn below<'a>(public_url: &Url, text: &'a str) -> Option<&'a str> {
    let origin = public_url.origin().ascii_serialization();
    let begins = text.get(..origin.len())?;
    let rest = &text[origin.len()..];
    let ends = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    (ends && begins.eq_ignore_ascii_case(&origin)).then_some(rest)
}

fn link(rest: &str) -> Pasted {
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Pasted::Link {
        path: if path.is_empty() { "/" } else { path }.to_owned(),
        query: query.to_owned(),
    }
}

fn read_console(text: &str, partitions: &Partitions) -> Result<Place, PastedError> {
    let mut refused = PastedError::ForeignHost;
    for partition in partitions.iter() {
        match Destination::parse(text, partition) {
            Ok(page) => return Ok(console_place(text, page, partition)),
            Err(DestinationError::ForeignHost { .. } | DestinationError::Host(_)) => {}
            Err(DestinationError::TooLong) => refused = PastedError::TooLong,
            Err(DestinationError::ForbiddenCharacter) => {
                return Err(PastedError::ForbiddenCharacter);
            }
            Err(DestinationError::NotHttps) if text.contains("://") => {
                return Err(PastedError::NotHttps);
            }
            Err(DestinationError::NotHttps) => return Err(PastedError::Unknown),
            Err(DestinationError::BadAuthority) => return Err(PastedError::BadAuthority),
        }
    }
    Err(refused)
}

fn console_place(text: &str, page: Destination, partition: &Partition) -> Place {
    let account = console::account_of_session(text);
    Place {
        partition: Some(partition.name().clone()),
        perhaps: account
            .is_none()
            .then(|| account_within(page.url()))
            .flatten(),
        account,
        region: region_of(page.url(), partition),
        page: Some(page),
        ..Place::nowhere(Kind::Console)
    }
}

/// The region of a console's page: its host's, else its query's, else one in its fragment.
fn region_of(url: &Url, partition: &Partition) -> Option<Region> {
    let known = |text: &str| Region::parse(text).ok().filter(|r| partition.has_region(r));
    let of_host = url.host_str()?.split('.').next().and_then(known);
    let within = |text: Option<&str>| {
        text?
            .split(['?', '&', ';'])
            .find_map(|pair| known(pair.strip_prefix("region=")?))
    };
    of_host
        .or_else(|| within(url.query()))
        .or_else(|| within(url.fragment()))
}

/// The one account that ARNs in an address belong to. Pages of many services have the ARN of what they show there.
fn account_within(url: &Url) -> Option<AccountId> {
    let tail = &url[url::Position::BeforePath..];
    let tail = percent_decode_str(tail).decode_utf8_lossy();
    let mut found = tail.match_indices("arn:").filter_map(|(at, _)| {
        let account = tail[at..].split(':').nth(4)?;
        AccountId::parse(account).ok()
    });
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests;
