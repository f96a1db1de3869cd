//! What the visitor came for. An enum, never a URL: nothing a visitor supplies is ever a redirect target.

use serde::{Deserialize, Serialize};

use super::access::DraftId;
use super::account::{AccountId, Alias, Region};
use super::identity::{Identity, IdpId, Subject};
use super::preferences::Consoles;
use super::reason::{GivenReason, Reason};
use super::role::RoleName;
use super::scope::ScopeName;

/// How a link names an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRef {
    /// By alias.
    Alias(Alias),
    /// By its 12 digits.
    Id(AccountId),
}

impl AccountRef {
    /// Reads an alias or 12 digits, exactly as written.
    pub fn parse(text: &str) -> Option<Self> {
        let id = AccountId::parse(text).map(Self::Id);
        id.ok().or_else(|| Alias::parse(text).map(Self::Alias).ok())
    }
}

/// A console somebody asked for. The destination is still as written: it is read against the role's
/// partition once the role is known (`domain::console::Destination::parse`), or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleIntent {
    /// Which account.
    pub account: AccountRef,
    /// Which role; `None` lets the person choose among theirs.
    pub role: Option<RoleName>,
    /// Which page, as written, at most 2,048 bytes.
    pub destination: Option<String>,
    /// Which region.
    pub region: Option<Region>,
    /// Under which scope.
    pub scope: Option<ScopeName>,
    /// For how long, in hours (1–36).
    pub hours: Option<u8>,
    /// How it opens beside other consoles, whatever the person chose once.
    pub consoles: Option<Consoles>,
    /// Why, as the link suggests it: it fills a form in and stands for nothing.
    #[serde(default)]
    pub suggested_reason: Option<Reason>,
    /// Why, as the person said. No link can bring it: only a form does.
    #[serde(default)]
    pub given_reason: Option<GivenReason>,
}

impl ConsoleIntent {
    /// An account's console, and nothing said of it.
    pub fn of(account: AccountRef, role: Option<RoleName>) -> Self {
        Self {
            account,
            role,
            destination: None,
            region: None,
            scope: None,
            hours: None,
            consoles: None,
            suggested_reason: None,
            given_reason: None,
        }
    }

    /// What a form for the reason is filled in with.
    pub fn reason_to_show(&self) -> Option<&Reason> {
        let given = self.given_reason.as_ref().map(GivenReason::text);
        given.or(self.suggested_reason.as_ref())
    }
}

/// Keys somebody asked for: temporary credentials, shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysIntent {
    /// Which account.
    pub account: AccountRef,
    /// Which role.
    pub role: RoleName,
    /// Under which scope.
    pub scope: Option<ScopeName>,
    /// For how long, in hours (1–36).
    pub hours: Option<u8>,
    /// Which region the texts set, if any.
    pub region: Option<Region>,
    /// Why, as the link suggests it: it fills a form in and stands for nothing.
    #[serde(default)]
    pub suggested_reason: Option<Reason>,
}

/// Keys that somebody said yes to, on the page that tells what they are, by a form of that page.
///
/// It names the person, because a role that forwards a proof leads through the identity provider once more, and
/// somebody else can come back: they have said yes to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedKeys {
    asked: KeysIntent,
    idp: IdpId,
    subject: Subject,
    /// Why, as they said.
    #[serde(default)]
    reason: Option<Reason>,
}

impl ConfirmedKeys {
    /// `who` said yes to `asked`, for this reason if they gave one.
    pub fn new(asked: KeysIntent, reason: Option<Reason>, who: &Identity) -> Self {
        Self {
            asked,
            reason,
            idp: who.idp.clone(),
            subject: who.subject.clone(),
        }
    }

    /// What they said yes to.
    pub fn asked(&self) -> &KeysIntent {
        &self.asked
    }

    /// Why, as they said.
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }

    /// The same yes, to the account under another name of its own.
    fn under(self, account: AccountRef) -> Self {
        Self {
            asked: KeysIntent {
                account,
                ..self.asked
            },
            ..self
        }
    }

    /// Whether it was this person.
    pub fn is_by(&self, who: &Identity) -> bool {
        self.idp == who.idp && self.subject == who.subject
    }
}

/// Why somebody holds a role, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyIntent {
    /// Which account.
    pub account: AccountRef,
    /// Which role.
    pub role: RoleName,
}

/// A role looked for by a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// What was typed.
    pub text: String,
    /// Which region, for the console that comes of it.
    pub region: Option<Region>,
    /// Which page, likewise.
    pub destination: Option<String>,
}

/// A text that somebody pasted. It is kept as written, and read whenever it is used (`domain::pasted`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// What was pasted, at most 4,096 bytes.
    pub text: String,
}

/// What the visitor came for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// The roles they hold.
    Portal,
    /// The portal, narrowed to a text (`/role/{text}`): one exact match goes on, several give the list.
    Search(Search),
    /// A console.
    Console(ConsoleIntent),
    /// A console of an account, with a role that the person chooses, whichever they used last.
    Choose(ConsoleIntent),
    /// What a pasted text names.
    Open(Open),
    /// The page about a role: what it is, and how to open it. What it says of the console stands in the page's form.
    About(ConsoleIntent),
    /// The page that says what keys would be shown.
    Keys(KeysIntent),
    /// The keys. No link asks for them: only a form does.
    ConfirmedKeys(Box<ConfirmedKeys>),
    /// What they chose for themself.
    Settings,
    /// Their sessions with Vestibule.
    Sessions,
    /// Their tokens for programs.
    Tokens,
    /// Why they hold a role, or do not.
    Why(WhyIntent),
    /// An administrators' page, by its name in the table of routes.
    Admin(AdminPage),
}

impl Intent {
    /// The account that it names, if it names one.
    pub fn account(&self) -> Option<&AccountRef> {
        match self {
            Self::Console(asked) | Self::Choose(asked) | Self::About(asked) => Some(&asked.account),
            Self::Keys(asked) => Some(&asked.account),
            Self::ConfirmedKeys(confirmed) => Some(&confirmed.asked.account),
            Self::Why(asked) => Some(&asked.account),
            Self::Portal
            | Self::Search(_)
            | Self::Open(_)
            | Self::Settings
            | Self::Sessions
            | Self::Tokens
            | Self::Admin(_) => None,
        }
    }

    /// The same, with the account named by this alias.
    #[must_use]
    pub fn under(self, alias: Alias) -> Self {
        let account = AccountRef::Alias(alias);
        match self {
            Self::Console(asked) => Self::Console(ConsoleIntent { account, ..asked }),
            Self::Choose(asked) => Self::Choose(ConsoleIntent { account, ..asked }),
            Self::About(asked) => Self::About(ConsoleIntent { account, ..asked }),
            Self::Keys(asked) => Self::Keys(KeysIntent { account, ..asked }),
            Self::ConfirmedKeys(confirmed) => {
                Self::ConfirmedKeys(Box::new(confirmed.under(account)))
            }
            Self::Why(asked) => Self::Why(WhyIntent { account, ..asked }),
            other @ (Self::Portal
            | Self::Search(_)
            | Self::Open(_)
            | Self::Settings
            | Self::Sessions
            | Self::Tokens
            | Self::Admin(_)) => other,
        }
    }
}

/// The administrators' pages that a sign-in may lead back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminPage {
    /// `/admin/access`.
    Access,
    /// `/admin/access/document`: where the drafts are now.
    Document,
    /// `/admin/drafts`.
    Drafts,
    /// `/admin/drafts/{id}`.
    Draft(DraftId),
    /// `/admin/drafts/{id}/review`.
    Review(DraftId),
    /// `/admin/access/compare`: two revisions beside each other.
    Compare(i64, i64),
    /// `/admin/access/revisions`.
    Revisions,
    /// `/admin/access/revisions/{n}`.
    Revision(i64),
    /// `/admin/issuer`.
    Issuer,
    /// `/admin/trust`.
    Trust,
    /// `/admin/why`: where `/admin/simulate` is now.
    Why,
    /// `/admin/people`.
    People,
    /// `/admin/stops`.
    Stops,
    /// `/admin/revoke`.
    Revoke,
    /// `/admin/simulate`.
    Simulate,
    /// `/admin/record`.
    Record,
    /// `/admin/tokens`.
    Tokens,
}

impl AdminPage {
    /// What it is about, in a word.
    pub fn area(self) -> &'static str {
        match self {
            Self::Access | Self::Document => "access",
            Self::Drafts | Self::Draft(_) | Self::Review(_) => "drafts",
            Self::Compare(..) | Self::Revisions | Self::Revision(_) => "revisions",
            Self::Issuer => "issuer",
            Self::Trust => "trust",
            Self::Why | Self::Simulate => "simulate",
            Self::People => "people",
            Self::Stops => "stops",
            Self::Revoke => "revoke",
            Self::Record => "record",
            Self::Tokens => "tokens",
        }
    }
}
