//! What people are shown, as data: pages are made of these by `web`.

mod roles;
mod tokens;

use std::sync::Arc;

pub use roles::{AboutRole, How, OpenChoice};
pub use tokens::TokensView;

use crate::domain::access::AccessRevision;
use crate::domain::access::why::Told;
use crate::domain::account::{Account, Environment, Region};
use crate::domain::credentials::{ConsoleUrl, Credentials};
use crate::domain::identity::IdpId;
use crate::domain::intent::{AdminPage, ConsoleIntent, Intent, KeysIntent, Search, WhyIntent};
use crate::domain::preferences::{Consoles, Opening};
use crate::domain::role::{Role, RoleKey};
use crate::domain::session::{LiveSession, SessionHandle};
use crate::domain::stop::{Suspension, Until};

use super::Departure;

/// What comes next. Steps never route to one another: `proceed` alone decides.
#[derive(Debug)]
pub enum Step {
    /// Send the browser to an identity provider.
    Depart(Departure),
    /// Let the person choose a provider first.
    ChooseIdp(Vec<IdpChoice>),
    /// The portal.
    Portal(Box<PortalView>),
    /// Let the person choose among their roles for what they asked for.
    ChooseRole(Box<RoleChoice>),
    /// Let the person choose among their roles for what they pasted.
    Open(Box<OpenChoice>),
    /// The page about a role.
    About(Box<AboutRole>),
    /// Ask the person for the code of an MFA device of AWS's.
    AskCode(Box<CodeQuestion>),
    /// Ask the person why they come; for the code of a device as well, where the role has one.
    AskReason(Box<ReasonQuestion>),
    /// What was asked for, under the name that its account has today: send the browser to the link for it.
    Moved(Intent),
    /// Why the person holds a role, or does not.
    Why(Box<WhyView>),
    /// An administrators' page.
    Admin(AdminPage),
    /// One redirect into the console.
    Console {
        /// Where to.
        url: ConsoleUrl,
        /// The STS operation that opened it, for counting.
        operation: &'static str,
    },
    /// The role opens no console: it gives keys only.
    KeysOnly(Box<KeysOnly>),
    /// What keys would be shown.
    KeysPage(Box<KeysView>),
    /// The keys, to be shown once.
    Keys(Box<MadeKeys>),
    /// The person signs out of other consoles by themself first: AWS's sign-out leads nowhere there.
    SignOutFirst(Box<SignOutFirst>),
    /// What the person chose for themself.
    Settings(Box<SettingsView>),
    /// Their sessions with Vestibule.
    Sessions(Box<SessionsView>),
    /// The person's tokens for programs.
    Tokens(Box<TokensView>),
}

/// A person's live sessions with Vestibule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionsView {
    /// Their name for readers.
    pub display_name: String,
    /// Whether they may see the administrators' pages.
    pub administrator: bool,
    /// The token for the forms.
    pub form_token: String,
    /// The sessions, the newest first; at most 1,000.
    pub sessions: Vec<LiveSession>,
    /// Which of them is the one that looks.
    pub this_one: SessionHandle,
}

/// One console at a time is wanted where AWS's sign-out does not lead on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOutFirst {
    /// Their name for readers.
    pub display_name: String,
    /// The token for the sign-out form.
    pub form_token: String,
    /// The role.
    pub key: RoleKey,
    /// The account's name.
    pub account_name: String,
    /// Where it lives.
    pub partition: String,
    /// What was asked for: the second link asks for it again.
    pub asked: ConsoleIntent,
}

/// What the person chose for themself, to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsView {
    /// Their name for readers.
    pub display_name: String,
    /// Whether they may see the administrators' pages.
    pub administrator: bool,
    /// The token for the forms.
    pub form_token: String,
    /// Where consoles open that nobody named a region for.
    pub region: Option<Region>,
    /// How consoles open beside others.
    pub consoles: Option<Consoles>,
}

/// A console was asked for of a role that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysOnly {
    /// Their name for readers.
    pub display_name: String,
    /// The token for the sign-out form.
    pub form_token: String,
    /// What was asked for.
    pub asked: ConsoleIntent,
    /// The role.
    pub key: RoleKey,
    /// The account's name.
    pub account_name: String,
}

/// What keys would be shown, for whom to say yes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysView {
    /// Their name for readers.
    pub display_name: String,
    /// Whether they may see the administrators' pages.
    pub administrator: bool,
    /// The token for the forms.
    pub form_token: String,
    /// What was asked for: the form says it again.
    pub asked: KeysIntent,
    /// The role.
    pub key: RoleKey,
    /// What it is for.
    pub description: String,
    /// The account's name.
    pub account_name: String,
    /// Its 12 digits.
    pub account_id: String,
    /// What it is for.
    pub environment: Option<Environment>,
    /// Where it lives.
    pub partition: String,
    /// The scope's name and what it leaves.
    pub scope: Option<(String, String)>,
    /// How long they will last, in words.
    pub lasts: String,
    /// Why, to stand after "because".
    pub because: &'static str,
    /// Other lengths that can be asked for: hours, and the same in words.
    pub lengths: Vec<(u8, String)>,
    /// They are an IAM user, whole: no policy narrows them, and CloudTrail does not show the person.
    pub is_whole_user: bool,
    /// The MFA device whose code the form asks for.
    pub serial: Option<String>,
    /// The form asks why.
    pub asks_reason: bool,
    /// The provider that is asked once more, by name, where the role forwards a proof.
    pub through: Option<String>,
}

/// Keys, made for one person and one page.
#[derive(Debug)]
pub struct MadeKeys {
    /// What the record calls the hand-over.
    pub signin_id: String,
    /// What was asked for.
    pub asked: KeysIntent,
    /// The role.
    pub key: RoleKey,
    /// The account's name.
    pub account_name: String,
    /// Its 12 digits.
    pub account_id: String,
    /// What it is for.
    pub environment: Option<Environment>,
    /// Where it lives.
    pub partition: String,
    /// How long they last from now, in words.
    pub lasts: String,
    /// The STS operation that made them, for counting.
    pub operation: &'static str,
    /// The keys themselves.
    pub credentials: Credentials,
}

/// A provider to sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdpChoice {
    /// Its id, for `?idp=`.
    pub id: IdpId,
    /// Its name.
    pub name: String,
}

/// What a provider left out of a sign-in, so that somebody may lack roles that are theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// It has more groups for the person than it sends, and sent none.
    GroupOverage,
    /// No attribute that rules look at came at all.
    NoGroups,
}

/// The roles somebody holds, by account.
#[derive(Debug)]
pub struct PortalView {
    /// Their name for readers.
    pub display_name: String,
    /// The provider's name.
    pub idp_name: String,
    /// What the provider left out.
    pub left_out: Option<LeftOut>,
    /// Whether they may see the administrators' pages.
    pub administrator: bool,
    /// The accounts, by name, each with its roles.
    pub accounts: Vec<AccountView>,
    /// Where the favourites stand among them, in the order in which they were chosen.
    pub favourites: Vec<Place>,
    /// Where the roles stand that were used last, without the favourites; the newest first.
    pub recents: Vec<Place>,
    /// Whether they have said how consoles open beside others.
    pub consoles_chosen: bool,
    /// What narrowed the list, if anything did (`/role/{text}`); each role's link keeps its region and page.
    pub search: Option<Search>,
    /// The token for the forms.
    pub form_token: String,
    /// Which revision decided.
    pub revision: AccessRevision,
}

/// Where a role stands in a list of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which account.
    pub account: usize,
    /// Which of its roles.
    pub role: usize,
}

/// An account with the roles held there.
#[derive(Debug)]
pub struct AccountView {
    /// The account.
    pub account: Arc<Account>,
    /// The roles, by name.
    pub roles: Vec<HeldRole>,
}

impl AccountView {
    /// Its 12 digits.
    pub(super) fn id(&self) -> &str {
        self.account.id.as_str()
    }
}

impl HeldRole {
    /// Its key.
    pub(super) fn key(&self) -> &RoleKey {
        &self.role.key
    }

    /// Whether it opens no console.
    pub(super) fn keys_only(&self) -> bool {
        self.role.method.is_keys_only()
    }
}

/// A role held.
#[derive(Debug)]
pub struct HeldRole {
    /// The role.
    pub role: Arc<Role>,
    /// How long its console lasts, in seconds.
    pub seconds: u32,
    /// The same in words ("12 hours").
    pub lasts: Arc<str>,
    /// Why no longer, to stand after "because"; `None` where that is simply what the role allows.
    pub because: Option<&'static str>,
    /// What it asks of the person before it opens, to stand after "asks for"; `None` for nothing.
    pub asks: Option<String>,
    /// Whether it is a favourite.
    pub is_favourite: bool,
    /// How much its uses weigh now; 0 for none.
    pub weight: u32,
    /// How the person likes it to open.
    pub opening: Option<Opening>,
    /// It is suspended until then.
    pub suspended: Option<Until>,
}

/// A choice among one's roles, for a link that leaves it open.
#[derive(Debug)]
pub struct RoleChoice {
    /// Their name for readers.
    pub display_name: String,
    /// What the link asked for: each choice keeps its destination, region, scope and hours.
    pub asked: ConsoleIntent,
    /// The link says that they choose, whichever role they used last.
    pub always: bool,
    /// The accounts and roles to choose from.
    pub accounts: Vec<AccountView>,
    /// The token for the sign-out form.
    pub form_token: String,
}

/// The person is to say why they come before AWS is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonQuestion {
    /// Their name for readers.
    pub display_name: String,
    /// The token for the form.
    pub form_token: String,
    /// What is asked for, so that the form leads to the same place as the link; it may suggest a reason.
    pub asked: ConsoleIntent,
    /// For which role.
    pub role: RoleKey,
    /// The name of its account.
    pub account: String,
    /// The device whose code is wanted as well.
    pub serial: Option<String>,
}

/// Why somebody holds a role, or does not, as far as they may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyView {
    /// Their name for readers.
    pub display_name: String,
    /// Whether they may see the administrators' pages.
    pub administrator: bool,
    /// The token for the sign-out form.
    pub form_token: String,
    /// What was asked for.
    pub asked: WhyIntent,
    /// The role.
    pub key: RoleKey,
    /// What it is for.
    pub description: String,
    /// It opens no console.
    pub keys_only: bool,
    /// The account's name.
    pub account_name: String,
    /// Its 12 digits.
    pub account_id: String,
    /// What it is for.
    pub environment: Option<Environment>,
    /// Whom to ask.
    pub owner: Option<String>,
    /// What the person's provider left out, which may be why.
    pub left_out: Option<(IdpId, LeftOut)>,
    /// What the rules say, as far as the person may be told.
    pub told: Told,
    /// It is suspended, whatever the rules say.
    pub suspended: Option<Suspension>,
    /// Which revision decided.
    pub revision: AccessRevision,
}

/// The code of an MFA device is wanted before AWS is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeQuestion {
    /// Their name for readers.
    pub display_name: String,
    /// The token for the form.
    pub form_token: String,
    /// What is asked for, so that the form leads to the same place as the link.
    pub asked: ConsoleIntent,
    /// For which role.
    pub role: RoleKey,
    /// The name of its account.
    pub account: String,
    /// Whose code: the device's serial number.
    pub serial: String,
}
