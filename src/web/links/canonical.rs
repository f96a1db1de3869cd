//! Intents written as links of ours: relative to our own origin, rebuilt from checked types, never copied from
//! what a visitor sent.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::account::Region;
use crate::domain::identity::IdpId;
use crate::domain::intent::{AccountRef, AdminPage, ConsoleIntent, Intent, KeysIntent, Search};
use crate::domain::person::PersonKey;
use crate::domain::preferences::{Consoles, Opening};
use crate::domain::reason::Reason;
use crate::domain::role::{RoleKey, RoleName};
use crate::domain::scope::ScopeName;
use crate::domain::stop;
use crate::web::links::REASON_FIELD;

/// What a path's segment may not hold as it is (RFC 3986 §3.3).
const NOT_IN_A_SEGMENT: &AsciiSet = &RESERVED.remove(b'+').remove(b'=').remove(b',').remove(b'@');

/// All but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Where people change what they chose for themselves.
pub(in crate::web) const SETTINGS: &str = "/settings";

/// Where people see and end their sessions.
pub(in crate::web) const SESSIONS: &str = "/sessions";

/// The page of one's tokens for programs.
pub(in crate::web) const TOKENS: &str = "/tokens";

/// The portal, narrowed to a text.
pub(in crate::web) fn portal(text: Option<&str>) -> String {
    let mut query = Query::default();
    query.add("q", text);
    format!("/{}", query.0)
}

/// The link that asks for `intent`, by `idp` if given.
pub(in crate::web) fn href(intent: &Intent, idp: Option<&IdpId>) -> String {
    let mut query = Query::default();
    let path = match intent {
        Intent::Portal => {
            return idp.map_or_else(|| "/".to_owned(), |idp| format!("/sign-in/{idp}"));
        }
        Intent::Search(search) => {
            query.add("r", search.region.as_ref().map(Region::as_str));
            query.add("redirect", search.destination.as_deref());
            format!("/role/{}", utf8_percent_encode(&search.text, RESERVED))
        }
        Intent::Console(asked) => console_path(asked, &mut query),
        Intent::Choose(asked) => {
            query.add("choose", Some("yes"));
            console_path(asked, &mut query)
        }
        Intent::Open(open) => {
            query.add("url", Some(&open.text));
            "/open".to_owned()
        }
        Intent::About(asked) => {
            query.add_console(asked);
            let role = asked.role.as_ref().map_or("", RoleName::as_str);
            about_path(account_of(&asked.account), role)
        }
        Intent::Keys(asked) => keys_path(asked, &mut query),
        // a link asks; it never says yes
        Intent::ConfirmedKeys(confirmed) => keys_path(confirmed.asked(), &mut query),
        Intent::Settings => SETTINGS.to_owned(),
        Intent::Sessions => SESSIONS.to_owned(),
        Intent::Tokens => TOKENS.to_owned(),
        Intent::Why(asked) => {
            let role = utf8_percent_encode(asked.role.as_str(), NOT_IN_A_SEGMENT);
            format!("/roles/{}/{role}/why", account_of(&asked.account))
        }
        Intent::Admin(page) => admin_path(*page),
    };
    query.add("idp", idp.map(IdpId::as_str));
    path + &query.0
}

/// What follows the path of a role's link so that it keeps what was asked for beside the role.
pub(in crate::web) fn keeping(asked: &ConsoleIntent) -> String {
    let mut query = Query::default();
    query.add_console(asked);
    query.0
}

/// Likewise for what a search asked for.
pub(in crate::web) fn keeping_search(search: &Search) -> String {
    let mut query = Query::default();
    query.add("destination", search.destination.as_deref());
    query.add("region", search.region.as_ref().map(Region::as_str));
    query.0
}

/// Likewise for the links to keys.
pub(in crate::web) fn keeping_search_for_keys(search: &Search) -> String {
    let mut query = Query::default();
    query.add("region", search.region.as_ref().map(Region::as_str));
    query.0
}

/// What follows the path of a role's link so that it opens as somebody likes it.
pub(in crate::web) fn opening(liked: &Opening) -> String {
    let mut query = Query::default();
    query.add("destination", liked.destination.as_deref());
    query.add("region", liked.region.as_ref().map(Region::as_str));
    query.add("scope", liked.scope.as_ref().map(ScopeName::as_str));
    query.add_hours(liked.hours);
    query.0
}

/// Likewise for the link to keys, as far as it means something for them.
pub(in crate::web) fn opening_for_keys(liked: &Opening) -> String {
    let mut query = Query::default();
    query.add("scope", liked.scope.as_ref().map(ScopeName::as_str));
    query.add_hours(liked.hours);
    query.add("region", liked.region.as_ref().map(Region::as_str));
    query.0
}

/// The link into a role's console; `keeping` is a query (`?destination=…`) or empty.
pub(in crate::web) fn role_href(key: &RoleKey, keeping: &str) -> String {
    format!("/go/{}{keeping}", role_path(key))
}

/// A role's account and name, as paths of ours have them.
pub(in crate::web) fn role_path(key: &RoleKey) -> String {
    let (account, name) = (key.account.as_str(), key.name.as_str());
    let mut path = String::with_capacity(account.len() + name.len() + 1);
    path.push_str(account);
    path.push('/');
    path.extend(utf8_percent_encode(name, NOT_IN_A_SEGMENT));
    path
}

/// The link to the page about a role's keys; `keeping` is a query or empty.
pub(in crate::web) fn keys_href(key: &RoleKey, keeping: &str) -> String {
    format!("/keys/{}{keeping}", role_path(key))
}

/// The page about a role; `keeping` is a query or empty.
pub(in crate::web) fn about_href(key: &RoleKey, keeping: &str) -> String {
    about_path(key.account.as_str(), key.name.as_str()) + keeping
}

fn about_path(account: &str, role: &str) -> String {
    let role = utf8_percent_encode(role, NOT_IN_A_SEGMENT);
    format!("/roles/{account}/{role}")
}

/// What of a console's link means something for keys.
pub(in crate::web) fn keeping_for_keys(asked: &ConsoleIntent) -> String {
    let mut query = Query::default();
    query.add("scope", asked.scope.as_ref().map(ScopeName::as_str));
    query.add_hours(asked.hours);
    query.add("region", asked.region.as_ref().map(Region::as_str));
    query.0
}

/// Where an administrators' page stands.
pub(in crate::web) fn admin_path(page: AdminPage) -> String {
    match page {
        AdminPage::Access => "/admin/access".to_owned(),
        AdminPage::Document | AdminPage::Drafts => "/admin/drafts".to_owned(),
        AdminPage::Draft(id) => format!("/admin/drafts/{id}"),
        AdminPage::Review(id) => format!("/admin/drafts/{id}/review"),
        AdminPage::Compare(from, to) => format!("/admin/access/compare?from={from}&to={to}"),
        AdminPage::Revisions => "/admin/access/revisions".to_owned(),
        AdminPage::Revision(number) => format!("/admin/access/revisions/{number}"),
        AdminPage::Issuer => "/admin/issuer".to_owned(),
        AdminPage::Trust => "/admin/trust".to_owned(),
        AdminPage::People => "/admin/people".to_owned(),
        AdminPage::Stops => "/admin/stops".to_owned(),
        AdminPage::Revoke => "/admin/revoke".to_owned(),
        AdminPage::Why | AdminPage::Simulate => "/admin/simulate".to_owned(),
        AdminPage::Record => "/admin/record".to_owned(),
        AdminPage::Tokens => "/admin/tokens".to_owned(),
    }
}

/// A person, for administrators.
pub(in crate::web) fn admin_person(key: &PersonKey) -> String {
    format!("{}/{key}", admin_path(AdminPage::People))
}

/// What the record says of a person.
pub(in crate::web) fn admin_record_of(idp: &str, subject: &str) -> String {
    let fields = [("idp", idp.to_owned()), ("subject", subject.to_owned())];
    admin_record("/person", &fields)
}

/// One of the forms that can be about a person, with them chosen.
pub(in crate::web) fn admin_about(page: AdminPage, key: &PersonKey) -> String {
    let mut query = Query::default();
    query.add("person", Some(key.as_str()));
    admin_path(page) + &query.0
}

/// Blocks and suspensions from one on.
pub(in crate::web) fn admin_stops(before: &stop::Cursor) -> String {
    let mut query = Query::default();
    query.add("before", Some(&before.text()));
    admin_path(AdminPage::Stops) + &query.0
}

/// One of the lists of the access model, narrowed to a text.
pub(in crate::web) fn admin_list(show: &str, text: &str) -> String {
    let mut query = Query::default();
    query.add("show", Some(show));
    query.add("q", Some(text).filter(|text| !text.is_empty()));
    admin_path(AdminPage::Access) + &query.0
}

/// What an account needs, or one of its roles.
pub(in crate::web) fn admin_trust(account: &str, role: Option<&str>) -> String {
    let mut query = Query::default();
    query.add("account", Some(account));
    query.add("role", role);
    admin_path(AdminPage::Trust) + &query.0
}

/// A page of the record (or, below it, of a person, of a role, or a copy), with the fields of a search.
pub(in crate::web) fn admin_record(below: &str, fields: &[(&'static str, String)]) -> String {
    let mut query = Query::default();
    for (name, value) in fields {
        query.add(name, Some(value));
    }
    admin_path(AdminPage::Record) + below + &query.0
}

/// What the rules say about somebody and a role, for administrators.
pub(in crate::web) fn admin_why(role: &str) -> String {
    let mut query = Query::default();
    query.add("role", Some(role).filter(|role| !role.is_empty()));
    admin_path(AdminPage::Simulate) + &query.0
}

/// Cutting off the sessions of a role.
pub(in crate::web) fn admin_revoke(role: &str) -> String {
    let mut query = Query::default();
    query.add("role", Some(role));
    admin_path(AdminPage::Revoke) + &query.0
}

fn keys_path(asked: &KeysIntent, query: &mut Query) -> String {
    query.add("scope", asked.scope.as_ref().map(ScopeName::as_str));
    query.add_hours(asked.hours);
    query.add("region", asked.region.as_ref().map(Region::as_str));
    let reason = asked.suggested_reason.as_ref();
    query.add(REASON_FIELD, reason.map(Reason::as_str));
    let role = utf8_percent_encode(asked.role.as_str(), NOT_IN_A_SEGMENT);
    format!("/keys/{}/{role}", account_of(&asked.account))
}

fn account_of(account: &AccountRef) -> &str {
    match account {
        AccountRef::Alias(alias) => alias.as_str(),
        AccountRef::Id(id) => id.as_str(),
    }
}

fn console_path(asked: &ConsoleIntent, query: &mut Query) -> String {
    let account = account_of(&asked.account);
    let path = if let Some(role) = &asked.role {
        let role = utf8_percent_encode(role.as_str(), NOT_IN_A_SEGMENT);
        format!("/go/{account}/{role}")
    } else {
        format!("/go/{account}")
    };
    query.add_console(asked);
    path
}

#[derive(Default)]
struct Query(String);

impl Query {
    fn add(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.0.push(if self.0.is_empty() { '?' } else { '&' });
            self.0.push_str(name);
            self.0.push('=');
            self.0.extend(utf8_percent_encode(value, RESERVED));
        }
    }

    fn add_console(&mut self, asked: &ConsoleIntent) {
        self.add("destination", asked.destination.as_deref());
        self.add("region", asked.region.as_ref().map(Region::as_str));
        self.add("scope", asked.scope.as_ref().map(ScopeName::as_str));
        self.add_hours(asked.hours);
        self.add("consoles", asked.consoles.map(Consoles::word));
        self.add(REASON_FIELD, asked.reason_to_show().map(Reason::as_str));
    }

    fn add_hours(&mut self, hours: Option<u8>) {
        self.add("hours", hours.map(|hours| hours.to_string()).as_deref());
    }
}
