//! Tokens for programs: one's own, the one just made, and everybody's for administrators.

use askama::Template;
use secrecy::ExposeSecret as _;
use secrecy::SecretString;

use super::admin::{AdminFrame, Standing};
use super::{Frame, Person};
use crate::domain::Timestamp;
use crate::domain::person::PersonKey;
use crate::domain::token::{Token, TokenScope};
use crate::signin::{MadeToken, TokensView};
use crate::web::links;
use crate::web::texts::ENGLISH;

/// One's own.
#[derive(Debug, Template)]
#[template(path = "tokens.html")]
pub(in crate::web) struct TokensPage<'a> {
    frame: Frame<'a>,
    tokens: Vec<TokenLine<'a>>,
    scopes: Vec<ScopeLine>,
    /// Those that are of use to administrators alone; none for anybody else.
    further: Vec<ScopeLine>,
    usual_days: u16,
    most_days: u16,
    form_token: &'a str,
}

/// A token as it is listed.
#[derive(Debug)]
struct TokenLine<'a> {
    id: &'a str,
    name: &'a str,
    scopes: String,
    made: String,
    expires: String,
    used: Option<String>,
}

/// Something that a token may do.
#[derive(Debug)]
struct ScopeLine {
    word: &'static str,
    means: &'static str,
}

impl<'a> From<&'a Token> for TokenLine<'a> {
    fn from(token: &'a Token) -> Self {
        Self {
            id: token.id.as_str(),
            name: &token.name,
            scopes: words(token),
            made: moment(token.made),
            expires: moment(token.expires),
            used: token.used.map(moment),
        }
    }
}

fn words(token: &Token) -> String {
    let words: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
    words.join(", ")
}

fn moment(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn scopes(for_administrators: bool) -> Vec<ScopeLine> {
    let all = TokenScope::ALL.iter();
    all.filter(|scope| scope.is_for_administrators() == for_administrators)
        .map(|scope| ScopeLine {
            word: scope.word(),
            means: ENGLISH.tokens.scope(*scope),
        })
        .collect()
}

impl<'a> TokensPage<'a> {
    pub(in crate::web) fn new(view: &'a TokensView) -> Self {
        let life = view.life;
        Self {
            frame: Frame::new(Some(Person {
                name: &view.display_name,
                idp: None,
                administrator: view.administrator,
                form_token: &view.form_token,
            })),
            tokens: view.tokens.iter().map(Into::into).collect(),
            scopes: scopes(false),
            further: if view.administrator {
                scopes(true)
            } else {
                Vec::new()
            },
            usual_days: life.usual_days.min(life.most_days),
            most_days: life.most_days,
            form_token: &view.form_token,
        }
    }
}

/// The token, shown once.
#[derive(Template)]
#[template(path = "made_token.html")]
pub(in crate::web) struct MadeTokenPage<'a> {
    frame: Frame<'a>,
    name: &'a str,
    scopes: String,
    expires: String,
    secret: SecretString,
}

impl<'a> MadeTokenPage<'a> {
    pub(in crate::web) fn new(made: &'a MadeToken) -> Self {
        Self {
            frame: Frame::new(None),
            name: &made.token.name,
            scopes: words(&made.token),
            expires: moment(made.token.expires),
            secret: SecretString::from(made.secret.expose().to_owned()),
        }
    }
}

/// Everybody's.
#[derive(Debug, Template)]
#[template(path = "admin/tokens.html")]
pub(in crate::web) struct EverybodysTokensPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    tokens: Vec<SomebodysLine<'a>>,
    /// The id that further ones stand after.
    next: Option<&'a str>,
    from_first: bool,
}

/// Somebody's token.
#[derive(Debug)]
struct SomebodysLine<'a> {
    token: TokenLine<'a>,
    display_name: &'a str,
    subject: &'a str,
    idp: &'a str,
    href: String,
}

impl<'a> EverybodysTokensPage<'a> {
    /// `more`: whether there are further ones; `from_first`: whether none stand before these.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        tokens: &'a [Token],
        (more, from_first): (bool, bool),
    ) -> Self {
        let lines = tokens.iter().map(|token| SomebodysLine {
            token: token.into(),
            display_name: &token.identity.display_name,
            subject: &token.identity.subject.value,
            idp: token.identity.idp.as_str(),
            href: links::admin_person(&PersonKey::of(
                token.identity.idp.as_str(),
                &token.identity.subject.format,
                &token.identity.subject.value,
            )),
        });
        Self {
            frame,
            admin,
            here: "tokens",
            tokens: lines.collect(),
            next: tokens.last().map(|last| last.id.as_str()).filter(|_| more),
            from_first,
        }
    }
}
