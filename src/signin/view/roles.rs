//! What people are shown of a role, and of what they pasted.

use super::AccountView;
use crate::domain::account::{Environment, Region};
use crate::domain::intent::{ConsoleIntent, Search};
use crate::domain::pasted::Kind;
use crate::domain::role::RoleKey;

/// A choice among one's roles, for what was pasted.
#[derive(Debug)]
pub struct OpenChoice {
    /// Their name for readers.
    pub display_name: String,
    /// The token for the sign-out form.
    pub form_token: String,
    /// What was pasted: in its links each choice keeps the page and the region.
    pub pasted: Search,
    /// What kind of text it was.
    pub kind: Kind,
    /// Whether it names an account, so that all the roles are of that one.
    pub names_account: bool,
    /// The region that it names, for readers.
    pub region: Option<Region>,
    /// The accounts and roles to choose from, those liked and lately used first.
    pub accounts: Vec<AccountView>,
}

/// How AWS is asked for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct How {
    /// The STS operation.
    pub operation: &'static str,
    /// It presents a proof that Vestibule makes itself.
    pub issued: bool,
    /// The provider, by name, whose own proof it forwards.
    pub forwarded: Option<String>,
    /// It leads through a hub role.
    pub hub: bool,
    /// It opens no console.
    pub keys_only: bool,
}

/// A role, for the page about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutRole {
    /// Their name for readers.
    pub display_name: String,
    /// Whether they may see the administrators' pages.
    pub administrator: bool,
    /// The token for the forms.
    pub form_token: String,
    /// What the page was asked with: it stands in the form.
    pub asked: ConsoleIntent,
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
    /// Whom to ask about it.
    pub owner: Option<String>,
    /// How AWS is asked for it.
    pub how: How,
    /// What it asks of the person before it opens, to stand after "asks for".
    pub asks: Option<String>,
    /// How long its console lasts, in words, as the form stands.
    pub lasts: String,
    /// Why, to stand after "because".
    pub because: &'static str,
    /// The lengths that can be asked for: hours, and the same in words.
    pub lengths: Vec<(u8, String)>,
    /// The scopes that can be put on it: name and what each leaves.
    pub scopes: Vec<(String, String)>,
    /// Its own page, where a link names none.
    pub page: Option<String>,
    /// How the person likes to open it is kept.
    pub is_kept: bool,
    /// Whether they hold another role in the account.
    pub others: bool,
    /// The link that opens it as the form stands.
    pub link: String,
    /// The link that opens the same with whichever role its reader has.
    pub share: String,
}
