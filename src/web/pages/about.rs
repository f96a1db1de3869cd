//! The page about a role: what it is, and a form with which to open it, to link to it, or to keep how one likes it.
//!
//! The form is sent as a link. One button of it is sent as a form that counts: it alone brings the token, so that none
//! stands in an address.

use askama::Template;

use super::{Frame, Person};
use crate::domain::account::Region;
use crate::domain::intent::{AccountRef, ConsoleIntent, Intent};
use crate::domain::scope::ScopeName;
use crate::signin::{AboutRole, How};
use crate::web::links;
use crate::web::texts::Texts;

/// A role.
#[derive(Debug, Template)]
#[template(path = "role.html")]
pub(in crate::web) struct AboutPage<'a> {
    frame: Frame<'a>,
    role: &'a str,
    description: &'a str,
    account: &'a str,
    id: &'a str,
    alias: &'a str,
    environment: &'static str,
    partition: &'a str,
    owner: Option<&'a str>,
    how: String,
    operation: &'static str,
    keys_only: bool,
    asks: Option<&'a str>,
    lasts: &'a str,
    because: &'a str,
    page: Option<&'a str>,
    form: Form<'a>,
    hrefs: Hrefs,
    link: &'a str,
    share: &'a str,
    form_token: &'a str,
}

/// How the form stands.
#[derive(Debug)]
struct Form<'a> {
    destination: &'a str,
    region: &'a str,
    hours: Vec<Choice<'a>>,
    scopes: Vec<Choice<'a>>,
    no_hours: bool,
    no_scope: bool,
    is_kept: bool,
}

/// One of several.
#[derive(Debug)]
struct Choice<'a> {
    value: String,
    text: &'a str,
    is_chosen: bool,
}

#[derive(Debug)]
struct Hrefs {
    go: String,
    here: String,
    keys: String,
    why: String,
    /// Another role in the account, if one is held.
    others: Option<String>,
}

impl<'a> AboutPage<'a> {
    pub(in crate::web) fn new(about: &'a AboutRole) -> Self {
        let here = links::about_href(&about.key, "");
        let account = AccountRef::Alias(about.key.account.clone());
        let others = Intent::Choose(ConsoleIntent {
            destination: about.asked.destination.clone(),
            region: about.asked.region.clone(),
            ..ConsoleIntent::of(account, None)
        });
        let frame = Frame::new(Some(Person {
            name: &about.display_name,
            idp: None,
            administrator: about.administrator,
            form_token: &about.form_token,
        }));
        Self {
            how: in_words(&about.how, frame.t),
            operation: about.how.operation,
            frame,
            role: about.key.name.as_str(),
            description: &about.description,
            account: &about.account_name,
            id: &about.account_id,
            alias: about.key.account.as_str(),
            environment: about.environment.map_or("", |e| e.word()),
            partition: match about.partition.as_str() {
                "aws" => "",
                other => other,
            },
            owner: about.owner.as_deref(),
            keys_only: about.how.keys_only,
            asks: about.asks.as_deref(),
            lasts: &about.lasts,
            because: about.because,
            page: about.page.as_deref(),
            form: Form::new(about),
            hrefs: Hrefs {
                go: links::role_href(&about.key, ""),
                keys: links::keys_href(&about.key, &links::keeping_for_keys(&about.asked)),
                why: format!("{here}/why"),
                others: about.others.then(|| links::href(&others, None)),
                here,
            },
            link: &about.link,
            share: &about.share,
            form_token: &about.form_token,
        }
    }
}

/// How one gets in, in a sentence.
fn in_words(how: &How, texts: &Texts) -> String {
    let t = &texts.about_role;
    if let Some(idp) = &how.forwarded {
        return t.forwarded.with("idp", idp).plain();
    }
    let words = match how.operation {
        _ if how.issued => t.issued,
        "GetFederationToken" => t.federated,
        "GetSessionToken" => t.whole_user,
        _ if how.hub => t.by_hub,
        _ => t.assumed,
    };
    words.to_owned()
}

impl<'a> Form<'a> {
    fn new(about: &'a AboutRole) -> Self {
        let asked = &about.asked;
        let hours = about.lengths.iter().map(|(hours, text)| Choice {
            value: hours.to_string(),
            text,
            is_chosen: asked.hours == Some(*hours),
        });
        let scope = asked.scope.as_ref().map(ScopeName::as_str);
        let scopes = about.scopes.iter().map(|(name, text)| Choice {
            value: name.clone(),
            text,
            is_chosen: scope == Some(name.as_str()),
        });
        let hours: Vec<_> = hours.collect();
        Self {
            destination: asked.destination.as_deref().unwrap_or_default(),
            region: asked.region.as_ref().map_or("", Region::as_str),
            // a length that is not among those offered is what AWS makes of it
            no_hours: !hours.iter().any(|hours| hours.is_chosen),
            hours,
            scopes: scopes.collect(),
            no_scope: scope.is_none(),
            is_kept: about.is_kept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{HOSTILE, asked};
    use super::super::tests::kept;
    use super::*;
    use crate::domain::account::Environment;
    use crate::domain::role::RoleKey;

    fn role() -> AboutRole {
        let key = RoleKey::parse("payments-prod/Read+Only").unwrap();
        AboutRole {
            display_name: "Ada Lovelace".to_owned(),
            administrator: false,
            form_token: "FORM-TOKEN".to_owned(),
            asked: ConsoleIntent::of(
                AccountRef::Alias(key.account.clone()),
                Some(key.name.clone()),
            ),
            key,
            description: "Look, don’t touch".to_owned(),
            account_name: "Payments Production".to_owned(),
            account_id: "111122223333".to_owned(),
            environment: Some(Environment::Production),
            partition: "aws".to_owned(),
            owner: Some("payments-leads@example.com".to_owned()),
            how: How {
                operation: "AssumeRoleWithSAML",
                issued: true,
                forwarded: None,
                hub: false,
                keys_only: false,
            },
            asks: None,
            lasts: "12 hours".to_owned(),
            because: "this is what the role allows",
            lengths: vec![(1, "1 hour".to_owned()), (4, "4 hours".to_owned())],
            scopes: vec![("read-only".to_owned(), "Look, don’t touch".to_owned())],
            page: None,
            is_kept: false,
            others: true,
            link: "https://console.example.com/go/payments-prod/Read+Only".to_owned(),
            share: "https://console.example.com/go/payments-prod".to_owned(),
        }
    }

    fn kept_one() -> AboutRole {
        let asked = ConsoleIntent {
            scope: ScopeName::parse("read-only").ok(),
            region: Region::parse("eu-west-1").ok(),
            ..asked()
        };
        AboutRole {
            asked,
            is_kept: true,
            asks: Some("a login of the last 15 minutes".to_owned()),
            page: Some("https://console.aws.amazon.com/s3/home".to_owned()),
            how: How {
                operation: "AssumeRole",
                issued: false,
                forwarded: None,
                hub: true,
                keys_only: false,
            },
            ..role()
        }
    }

    fn hostile() -> AboutRole {
        let hostile = || HOSTILE.to_owned();
        AboutRole {
            display_name: hostile(),
            form_token: hostile(),
            description: hostile(),
            account_name: hostile(),
            account_id: hostile(),
            partition: hostile(),
            owner: Some(hostile()),
            asks: Some(hostile()),
            lasts: hostile(),
            lengths: vec![(4, hostile())],
            scopes: vec![(hostile(), hostile())],
            page: Some(hostile()),
            link: hostile(),
            share: hostile(),
            how: How {
                operation: "AssumeRoleWithSAML",
                issued: false,
                forwarded: Some(hostile()),
                hub: false,
                keys_only: false,
            },
            ..kept_one()
        }
    }

    #[test]
    fn the_page_about_a_role_looks_as_it_did() {
        let keys_only = AboutRole {
            others: false,
            how: How {
                operation: "GetSessionToken",
                issued: false,
                forwarded: None,
                hub: false,
                keys_only: true,
            },
            ..role()
        };
        for (name, about) in [
            ("typical", role()),
            ("kept", kept_one()),
            ("keys_only", keys_only),
            ("hostile", hostile()),
        ] {
            kept(&format!("role_{name}"), &AboutPage::new(&about));
        }
    }
}
