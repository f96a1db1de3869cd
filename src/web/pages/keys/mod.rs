//! The two pages about keys: what would be shown, and the keys.
//!
//! The second is the only page that holds secrets: it has no `Debug`, no forms and no name of who is signed in.

#[cfg(test)]
mod tests;
mod texts;

use askama::Template;

use super::{Frame, Person};
use crate::domain::intent::{Intent, KeysIntent};
use crate::domain::reason::{LONGEST, Reason, SHORTEST};
use crate::domain::scope::ScopeName;
use crate::signin::{KeysOnly, KeysView, MadeKeys};
use crate::web::links;
use texts::{KeyTexts, profile};

/// The account and the role, as both pages name them. Shown, it is the account.
#[derive(Debug, Template)]
#[template(path = "parts/plate.html")]
struct Plate<'a> {
    role: &'a str,
    account: &'a str,
    id: &'a str,
    alias: &'a str,
    /// The word, which is the class too; empty where the model says nothing.
    environment: &'static str,
    /// Empty for the partition that most people never heard of.
    partition: &'a str,
}

// the template escapes what it is given
impl askama::filters::HtmlSafe for Plate<'_> {}

fn other_partition(partition: &str) -> &str {
    match partition {
        "aws" => "",
        other => other,
    }
}

/// The role opens no console.
#[derive(Debug, Template)]
#[template(path = "keys_only.html")]
pub(in crate::web) struct KeysOnlyPage<'a> {
    frame: Frame<'a>,
    role: &'a str,
    account: &'a str,
    href: String,
}

impl<'a> KeysOnlyPage<'a> {
    /// What the link asked for stays, as far as it means something for keys.
    pub(in crate::web) fn new(about: &'a KeysOnly) -> Self {
        Self {
            frame: Frame::new(Some(Person {
                name: &about.display_name,
                idp: None,
                administrator: false,
                form_token: &about.form_token,
            })),
            role: about.key.name.as_str(),
            account: &about.account_name,
            href: links::keys_href(&about.key, &links::keeping_for_keys(&about.asked)),
        }
    }
}

/// What keys would be shown.
#[derive(Debug, Template)]
#[template(path = "keys.html")]
pub(in crate::web) struct KeysPage<'a> {
    frame: Frame<'a>,
    plate: Plate<'a>,
    description: &'a str,
    scope: Option<&'a (String, String)>,
    lasts: &'a str,
    because: &'a str,
    lengths: Vec<(&'a str, String)>,
    is_whole_user: bool,
    serial: Option<&'a str>,
    code_field: &'static str,
    /// What the form for a reason is filled in with, where it asks for one.
    reason: Option<&'a str>,
    reason_field: &'static str,
    shortest: usize,
    longest: usize,
    through: Option<&'a str>,
    action: String,
    fields: Vec<(&'static str, String)>,
    form_token: &'a str,
}

impl<'a> KeysPage<'a> {
    pub(in crate::web) fn new(view: &'a KeysView) -> Self {
        let asked = &view.asked;
        let lengths = view.lengths.iter().map(|(hours, words)| {
            let asked = KeysIntent {
                hours: Some(*hours),
                ..asked.clone()
            };
            (words.as_str(), links::href(&Intent::Keys(asked), None))
        });
        let fields = [
            ("scope", asked.scope.as_ref().map(ToString::to_string)),
            ("hours", asked.hours.map(|hours| hours.to_string())),
            ("region", asked.region.as_ref().map(ToString::to_string)),
        ];
        Self {
            frame: Frame::new(Some(Person {
                name: &view.display_name,
                idp: None,
                administrator: view.administrator,
                form_token: &view.form_token,
            })),
            plate: Plate {
                role: view.key.name.as_str(),
                account: &view.account_name,
                id: &view.account_id,
                alias: view.key.account.as_str(),
                environment: view.environment.map_or("", |e| e.word()),
                partition: other_partition(&view.partition),
            },
            description: &view.description,
            scope: view.scope.as_ref(),
            lasts: &view.lasts,
            because: view.because,
            lengths: lengths.collect(),
            is_whole_user: view.is_whole_user,
            serial: view.serial.as_deref(),
            code_field: links::CODE_FIELD,
            reason: view
                .asks_reason
                .then(|| asked.suggested_reason.as_ref().map_or("", Reason::as_str)),
            reason_field: links::REASON_FIELD,
            shortest: SHORTEST,
            longest: LONGEST,
            through: view.through.as_deref(),
            action: links::keys_href(&view.key, ""),
            fields: fields
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
            form_token: &view.form_token,
        }
    }
}

/// The keys.
#[derive(Template)]
#[template(path = "made_keys.html")]
pub(in crate::web) struct MadeKeysPage<'a> {
    frame: Frame<'a>,
    plate: Plate<'a>,
    scope: Option<&'a str>,
    access_key_id: &'a str,
    principal: &'a str,
    expires: String,
    lasts: &'a str,
    profile: String,
    region: Option<String>,
    texts: KeyTexts,
    again: String,
}

impl<'a> MadeKeysPage<'a> {
    pub(in crate::web) fn new(made: &'a MadeKeys) -> Self {
        let region = made.asked.region.as_ref();
        Self {
            frame: Frame::new(None),
            plate: Plate {
                role: made.key.name.as_str(),
                account: &made.account_name,
                id: &made.account_id,
                alias: made.key.account.as_str(),
                environment: made.environment.map_or("", |e| e.word()),
                partition: other_partition(&made.partition),
            },
            scope: made.asked.scope.as_ref().map(ScopeName::as_str),
            access_key_id: &made.credentials.access_key_id,
            principal: &made.credentials.principal_arn,
            expires: made
                .credentials
                .expires
                .format("%Y-%m-%d %H:%M:%S UTC")
                .to_string(),
            lasts: &made.lasts,
            profile: profile(&made.key),
            region: region.map(ToString::to_string),
            texts: KeyTexts::new(&made.key, &made.credentials, region),
            again: links::href(&Intent::Keys(made.asked.clone()), None),
        }
    }
}
