//! The pages: one struct for each template, its fields formatted, so that templates only loop and choose.
//!
//! Askama escapes every field as HTML. The structs borrow from the views they are made of; a page is rendered into
//! one string, sized beforehand.

mod about;
pub(super) mod admin;
mod board;
mod code;
mod keys;
mod marked;
mod open;
mod portal;
#[cfg(test)]
mod samples;
mod sessions;
mod settings;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod token_samples;
mod tokens;
mod why;

use std::borrow::Cow;

use askama::Template;

use super::assets;
use super::links;
use super::problem::{Kept, Problem};
use super::site::Elsewhere;
use super::texts::{self, Filled, Text, Texts};
use crate::domain::identity::IdpId;
use crate::domain::intent::Intent;
use crate::domain::scope::ScopeName;
use crate::signin::{IdpChoice, RoleChoice};

pub(super) use about::AboutPage;
use board::{Board, Keeping};
pub(super) use code::{CodePage, ReasonPage};
pub(super) use keys::{KeysOnlyPage, KeysPage, MadeKeysPage};
pub(super) use open::OpenPage;
pub(super) use portal::PortalPage;
pub(super) use sessions::SessionsPage;
pub(super) use settings::{SettingsPage, SignOutFirstPage};
pub(super) use tokens::{EverybodysTokensPage, MadeTokenPage, TokensPage};
pub(super) use why::WhyPage;

/// What surrounds every page.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    t: &'static Texts,
    css: &'static str,
    mark: &'static str,
    person: Option<Person<'a>>,
}

/// Who is signed in, at the top of the page.
#[derive(Debug)]
struct Person<'a> {
    name: &'a str,
    idp: Option<&'a str>,
    administrator: bool,
    form_token: &'a str,
}

impl Frame<'_> {
    fn new(person: Option<Person<'_>>) -> Frame<'_> {
        Frame {
            t: &texts::ENGLISH,
            css: assets::STYLE.href(),
            mark: assets::MARK.href(),
            person,
        }
    }
}

/// Writes a page out; `expected` bytes are set aside for it.
pub(super) fn render(page: &impl Template, expected: usize) -> Result<String, askama::Error> {
    let mut text = String::with_capacity(expected);
    page.render_into(&mut text)?;
    Ok(text)
}

/// A link with its name.
#[derive(Debug)]
struct NamedLink<'a> {
    name: Cow<'a, str>,
    href: String,
}

/// Which provider to sign in with.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignInPage<'a> {
    frame: Frame<'a>,
    choices: Vec<NamedLink<'a>>,
}

impl<'a> SignInPage<'a> {
    /// Each choice leads on to what the visitor came for.
    pub(super) fn new(choices: &'a [IdpChoice], intent: &Intent) -> Self {
        let choices = choices.iter().map(|choice| NamedLink {
            name: choice.name.as_str().into(),
            href: links::href(intent, Some(&choice.id)),
        });
        Self {
            frame: Frame::new(None),
            choices: choices.collect(),
        }
    }
}

/// Which of one's roles, for a link that leaves it open.
#[derive(Debug, Template)]
#[template(path = "choose_role.html")]
pub(super) struct ChooseRolePage<'a> {
    frame: Frame<'a>,
    board: Board<'a>,
    scope: Option<&'a str>,
}

impl<'a> ChooseRolePage<'a> {
    /// Each choice keeps what else the link asked for.
    pub(super) fn new(choice: &'a RoleChoice) -> Self {
        let mut board = Board::default();
        board.fill(&choice.accounts, &Keeping::of_console(&choice.asked));
        Self {
            board,
            scope: choice.asked.scope.as_ref().map(ScopeName::as_str),
            frame: Frame::new(Some(Person {
                name: &choice.display_name,
                idp: None,
                administrator: false,
                form_token: &choice.form_token,
            })),
        }
    }
}

/// What lives on after signing out.
#[derive(Debug, Template)]
#[template(path = "signed_out.html")]
pub(super) struct SignedOutPage<'a> {
    frame: Frame<'a>,
    idp_name: &'a str,
    idp_href: Option<&'a str>,
    consoles: Vec<NamedLink<'a>>,
}

impl<'a> SignedOutPage<'a> {
    /// `idp` is the provider that proved the session that ended, with its name.
    pub(super) fn new(idp: Option<(&IdpId, &'a str)>, elsewhere: &'a Elsewhere) -> Self {
        let consoles = elsewhere.consoles.iter().map(|(partition, url)| NamedLink {
            name: match partition.as_str() {
                "aws" => "AWS".into(),
                other => format!("AWS ({other})").into(),
            },
            href: url.to_string(),
        });
        let frame = Frame::new(None);
        Self {
            idp_name: idp.map_or(frame.t.signed_out.your_idp, |(_, name)| name),
            idp_href: idp
                .and_then(|(id, _)| elsewhere.idps.get(id))
                .map(url::Url::as_str),
            consoles: consoles.collect(),
            frame,
        }
    }
}

/// What went wrong.
#[derive(Debug, Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemPage<'a> {
    frame: Frame<'a>,
    code: &'a str,
    title: &'a str,
    what: &'a Filled,
    why: Option<&'a str>,
    who: &'a Filled,
    now: &'a Filled,
    causes: &'a [Cow<'static, str>],
    ways: Vec<(Text, &'static str)>,
    explained: Option<&'a str>,
    form: Option<&'a str>,
    facts: &'a [(Text, String)],
    kept: Option<&'a Kept>,
    reference: &'a str,
}

impl<'a> ProblemPage<'a> {
    /// The reference stands in the log as well.
    pub(super) fn new(problem: &'a Problem, reference: &'a str) -> Self {
        Self {
            frame: Frame::new(None),
            code: problem.code,
            title: problem.title,
            what: &problem.what,
            why: problem.why.as_deref(),
            who: &problem.who,
            now: &problem.now,
            causes: &problem.causes,
            ways: problem
                .ways
                .iter()
                .map(|way| (way.label(&problem.t.problem.ways), way.href()))
                .collect(),
            explained: problem.explained.as_deref(),
            form: problem.form.as_deref(),
            facts: &problem.facts,
            kept: problem.kept.as_ref(),
            reference,
        }
    }
}
