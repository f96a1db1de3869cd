//! Every text that pages show, in one place: a struct for each page, put together into [`Texts`], once for each language.
//!
//! A second language is a second static beside [`ENGLISH`], and nothing else: templates hold no words (a test reads
//! them), and what code puts on a page, it takes from here by way of the page's frame (`frame.t`). Which language a
//! reader gets is not asked yet: everybody reads English.
//!
//! A text with values in it stays one whole sentence, a [`Sentence`] with places such as `{name}`, for word order is the
//! translator's. What depends on a number is a [`Plural`].
//!
//! Not here is what other layers say themselves, in English alone: why a console lasts no longer, what a role asks for,
//! what a probe found, what an account needs and what changed between two revisions (`domain`), what is wrong with a
//! document or a link, and what AWS's codes can mean (`signin`). They stand beside the rules that they tell of. The
//! names of AWS, of protocols and of our own keys and commands are no words and stay as they are.

/// Declares a struct of texts, and its English.
macro_rules! texts {
    ($(#[$about:meta])* $name:ident { $($field:ident: $kind:ty = $text:expr,)+ }) => {
        $(#[$about])*
        pub(in crate::web) struct $name {
            $(pub(in crate::web) $field: $kind,)+
        }

        impl $name {
            pub(in crate::web::texts) const ENGLISH: Self = Self { $($field: $text,)+ };
        }
    };
}

mod about_role;
mod admin;
mod admin_drafts;
mod admin_entries;
mod admin_lists;
mod admin_revoke;
mod admin_setup;
mod entry;
mod frame;
mod keys;
mod left_out;
mod open;
mod portal;
mod problem;
mod record;
mod sentence;
mod sessions;
mod settings;
#[cfg(test)]
mod tests;
mod tokens;
mod why;

use crate::domain::stop::Until;

pub(in crate::web) use admin_drafts::{DraftTexts, DraftsTexts, ReviewTexts};
pub(in crate::web) use admin_entries::EntryTexts;
pub(in crate::web) use admin_lists::ListsTexts;
pub(in crate::web) use admin_revoke::RevokeTexts;
pub(in crate::web) use admin_setup::{IssuerTexts, TrustTexts};
pub(in crate::web) use problem::{ProblemText, Problems, ReasonTexts, TooLargeTexts, WayTexts};
pub(in crate::web) use record::RecordTexts;
pub(in crate::web) use sentence::{Filled, Plural, Sentence};
pub(in crate::web) use sessions::SessionsTexts;
pub(in crate::web) use why::{AdminWhyTexts, WhyTexts};

/// Words without values in them. Askama escapes them like any other text.
pub(in crate::web) type Text = &'static str;

/// Until when something is stopped, to stand within a sentence.
pub(in crate::web) fn until(t: &Texts, until: Until) -> String {
    match until.0 {
        Some(moment) => t
            .frame
            .until
            .with("moment", moment.format("%Y-%m-%d %H:%M UTC"))
            .plain(),
        None => t.frame.without_end.to_owned(),
    }
}

/// All texts in one language.
pub(in crate::web) struct Texts {
    /// The language's tag, for `<html lang>`.
    pub(in crate::web) lang: Text,
    pub(in crate::web) frame: frame::FrameTexts,
    pub(in crate::web) sign_in: entry::SignInTexts,
    pub(in crate::web) signed_out: entry::SignedOutTexts,
    pub(in crate::web) code: keys::CodeTexts,
    pub(in crate::web) reason: keys::ReasonTexts,
    pub(in crate::web) keys_only: keys::KeysOnlyTexts,
    pub(in crate::web) keys: keys::KeysTexts,
    pub(in crate::web) made_keys: keys::MadeKeysTexts,
    pub(in crate::web) problem: Problems,
    pub(in crate::web) settings: settings::SettingsTexts,
    pub(in crate::web) sign_out_first: settings::SignOutFirstTexts,
    pub(in crate::web) tokens: tokens::TokensTexts,
    pub(in crate::web) open: open::OpenTexts,
    pub(in crate::web) about_role: about_role::AboutRoleTexts,
    pub(in crate::web) left_out: left_out::LeftOutTexts,
    pub(in crate::web) admin: admin::AdminTexts,
    pub(in crate::web) drafts: DraftsTexts,
    pub(in crate::web) draft: DraftTexts,
    pub(in crate::web) review: ReviewTexts,
    pub(in crate::web) entry: EntryTexts,
    pub(in crate::web) compare: admin::CompareTexts,
    pub(in crate::web) finding: admin::FindingTexts,
    pub(in crate::web) revisions: admin::RevisionsTexts,
    pub(in crate::web) revision: admin::RevisionTexts,
    pub(in crate::web) lists: ListsTexts,
    pub(in crate::web) rule: admin_lists::RuleTexts,
    pub(in crate::web) role: admin_lists::RoleTexts,
    pub(in crate::web) account: admin_lists::AccountTexts,
    pub(in crate::web) probe: admin_lists::ProbeTexts,
    pub(in crate::web) trust: TrustTexts,
    pub(in crate::web) issuer: IssuerTexts,
    pub(in crate::web) revoke: RevokeTexts,
    pub(in crate::web) why: WhyTexts,
    pub(in crate::web) admin_why: AdminWhyTexts,
    pub(in crate::web) sessions: SessionsTexts,
    pub(in crate::web) people: sessions::PeopleTexts,
    pub(in crate::web) person: sessions::PersonTexts,
    pub(in crate::web) stops: sessions::StopsTexts,
    pub(in crate::web) record: RecordTexts,
    pub(in crate::web) portal: portal::PortalTexts,
    pub(in crate::web) board: portal::BoardTexts,
    pub(in crate::web) choose_role: portal::ChooseRoleTexts,
}

/// Every text in English.
pub(in crate::web) static ENGLISH: Texts = Texts {
    lang: "en",
    frame: frame::FrameTexts::ENGLISH,
    sign_in: entry::SignInTexts::ENGLISH,
    signed_out: entry::SignedOutTexts::ENGLISH,
    code: keys::CodeTexts::ENGLISH,
    reason: keys::ReasonTexts::ENGLISH,
    keys_only: keys::KeysOnlyTexts::ENGLISH,
    keys: keys::KeysTexts::ENGLISH,
    made_keys: keys::MadeKeysTexts::ENGLISH,
    problem: Problems::ENGLISH,
    settings: settings::SettingsTexts::ENGLISH,
    sign_out_first: settings::SignOutFirstTexts::ENGLISH,
    tokens: tokens::TokensTexts::ENGLISH,
    open: open::OpenTexts::ENGLISH,
    about_role: about_role::AboutRoleTexts::ENGLISH,
    left_out: left_out::LeftOutTexts::ENGLISH,
    admin: admin::AdminTexts::ENGLISH,
    drafts: DraftsTexts::ENGLISH,
    draft: DraftTexts::ENGLISH,
    review: ReviewTexts::ENGLISH,
    entry: EntryTexts::ENGLISH,
    compare: admin::CompareTexts::ENGLISH,
    finding: admin::FindingTexts::ENGLISH,
    revisions: admin::RevisionsTexts::ENGLISH,
    revision: admin::RevisionTexts::ENGLISH,
    lists: ListsTexts::ENGLISH,
    rule: admin_lists::RuleTexts::ENGLISH,
    role: admin_lists::RoleTexts::ENGLISH,
    account: admin_lists::AccountTexts::ENGLISH,
    probe: admin_lists::ProbeTexts::ENGLISH,
    trust: TrustTexts::ENGLISH,
    issuer: IssuerTexts::ENGLISH,
    revoke: RevokeTexts::ENGLISH,
    why: WhyTexts::ENGLISH,
    admin_why: AdminWhyTexts::ENGLISH,
    sessions: SessionsTexts::ENGLISH,
    people: sessions::PeopleTexts::ENGLISH,
    person: sessions::PersonTexts::ENGLISH,
    stops: sessions::StopsTexts::ENGLISH,
    record: RecordTexts::ENGLISH,
    portal: portal::PortalTexts::ENGLISH,
    board: portal::BoardTexts::ENGLISH,
    choose_role: portal::ChooseRoleTexts::ENGLISH,
};

impl std::fmt::Debug for Texts {
    /// Pages derive `Debug`; a whole catalogue in one would hide the rest.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({})", self.lang)
    }
}
