//! Why somebody holds a role, or does not: the page for the person themself.
//!
//! Shows what may be told, which is decided elsewhere (`domain::access::why`).

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use askama::Template;

use super::{Frame, Person};
use crate::domain::access::why::{Claim, Said, Time, Told, Verdict, Wanted, Way};
use crate::domain::account::Environment;
use crate::domain::identity::IdpId;
use crate::domain::stop::Suspension;
use crate::signin::WhyView;
use crate::web::texts::{Sentence, Texts, WhyTexts};
use crate::web::{left_out, links, texts};

/// The page.
#[derive(Debug, Template)]
#[template(path = "why.html")]
pub(in crate::web) struct WhyPage<'a> {
    frame: Frame<'a>,
    title: String,
    lead: &'static str,
    /// Whether the person holds it.
    held: bool,
    role: &'a str,
    description: &'a str,
    account: &'a str,
    id: &'a str,
    alias: &'a str,
    environment: &'static str,
    left_out: Option<(&'static str, String)>,
    ways: Vec<WayLines<'a>>,
    more: Option<String>,
    taken: Vec<Vec<Line<'a>>>,
    /// Whom to ask, where it is not held.
    ask: Option<String>,
    /// That some rules are never shown, where others are.
    at_large: bool,
    console: Option<String>,
    keys: Option<String>,
    somebody: Option<String>,
    suspended: Option<String>,
    revision: String,
}

/// A rule that gives it, or would.
#[derive(Debug)]
struct WayLines<'a> {
    rule: Option<&'a str>,
    lines: Vec<Line<'a>>,
    times: Vec<String>,
}

/// Something that a rule asks for, and what the person has.
#[derive(Debug)]
struct Line<'a> {
    holds: bool,
    /// Whether it is said if it holds: where everything does, nothing needs to be.
    marked: bool,
    asks: Option<Values<'a>>,
    has: Values<'a>,
    captured: Vec<String>,
}

/// A few words, and the values after them.
#[derive(Debug)]
struct Values<'a> {
    words: String,
    shown: Vec<Cow<'a, str>>,
    more: Option<String>,
}

impl<'a> WhyPage<'a> {
    /// `name` tells a provider's name for people.
    pub(in crate::web) fn new(view: &'a WhyView, name: impl Fn(&IdpId) -> String) -> Self {
        let frame = Frame::new(Some(Person {
            name: &view.display_name,
            idp: None,
            administrator: view.administrator,
            form_token: &view.form_token,
        }));
        let (t, told) = (&frame.t.why, &view.told);
        let role = view.key.name.as_str();
        let held = told.verdict == Verdict::Held;
        let (title, lead) = heading(t, told);
        let left_out = view.left_out.as_ref().filter(|_| !held);
        let say = Say {
            t,
            name: &|id| IdpId::parse(id).ok().map(|id| name(&id)),
        };
        Self {
            title: title.with("role", role).plain(),
            lead,
            held,
            role,
            description: &view.description,
            account: &view.account_name,
            id: &view.account_id,
            alias: view.key.account.as_str(),
            environment: view.environment.map_or("", Environment::word),
            left_out: left_out.map(|(idp, what)| {
                let texts = frame.t;
                (
                    left_out::title(texts, *what),
                    left_out::text(texts, *what, &name(idp)),
                )
            }),
            ways: told
                .ways
                .iter()
                .map(|way| WayLines::new(&say, way))
                .collect(),
            more: (told.more > 0).then(|| t.more_ways.with("count", told.more).plain()),
            taken: told
                .taken
                .iter()
                .map(|asks| asks.iter().map(|said| Line::new(&say, said)).collect())
                .collect(),
            ask: (!held).then(|| match &view.owner {
                Some(owner) => t.ask.with("owner", owner).plain(),
                None => t.ask_nobody.to_owned(),
            }),
            at_large: told.verdict == Verdict::NotGiven,
            console: (held && !view.keys_only).then(|| links::role_href(&view.key, "")),
            keys: held.then(|| links::keys_href(&view.key, "")),
            somebody: view
                .administrator
                .then(|| links::admin_why(&view.key.to_string())),
            suspended: view
                .suspended
                .map(|suspension| suspended(frame.t, suspension)),
            revision: t.revision.with("number", view.revision).plain(),
            frame,
        }
    }
}

/// That nobody gets in for now.
fn suspended(t: &Texts, suspension: Suspension) -> String {
    let sentence = if suspension.whole_account {
        t.why.account_suspended
    } else {
        t.why.suspended
    };
    let until = texts::until(t, suspension.until);
    sentence.with("until", until).plain()
}

/// The title and what stands under it.
fn heading(t: &'static WhyTexts, told: &Told) -> (Sentence, &'static str) {
    match told.verdict {
        Verdict::Held => (t.held, t.held_lead),
        Verdict::TakenAway => (t.taken, t.taken_lead),
        Verdict::NotGiven if told.ways.is_empty() => (t.not_given, t.no_way),
        Verdict::NotGiven => (t.not_given, t.not_given_lead),
    }
}

/// How things are said: the texts, and the names of providers for people.
struct Say<'s> {
    t: &'static WhyTexts,
    name: &'s dyn Fn(&str) -> Option<String>,
}

impl Say<'_> {
    /// The values of a claim as people know them.
    fn values<'a>(&self, claim: &Claim, values: &'a [String]) -> Vec<Cow<'a, str>> {
        let shown = |value: &'a String| match claim {
            Claim::Idp => (self.name)(value).map_or_else(|| value.into(), Cow::Owned),
            Claim::Attribute(_) => value.into(),
        };
        values.iter().map(shown).collect()
    }

    fn and_more(&self, more: usize) -> Option<String> {
        (more > 0).then(|| self.t.and_more.with("count", more).plain())
    }
}

impl<'a> WayLines<'a> {
    fn new(say: &Say<'_>, way: &'a Way) -> Self {
        let t = say.t;
        let moment = |text: Sentence, at: Option<crate::domain::Timestamp>| {
            let at = at?.format("%Y-%m-%d %H:%M UTC").to_string();
            Some(text.with("moment", at).plain())
        };
        let (from, until) = match way.time {
            Time::NotYet => (way.from, way.until),
            Time::Counts | Time::Over => (None, way.until),
        };
        let until_text = if way.time == Time::Over {
            t.over
        } else {
            t.until
        };
        Self {
            rule: way.rule.as_deref(),
            lines: way.asks.iter().map(|said| Line::new(say, said)).collect(),
            times: [moment(t.from, from), moment(until_text, until)]
                .into_iter()
                .flatten()
                .collect(),
        }
    }
}

impl<'a> Line<'a> {
    fn new(say: &Say<'_>, said: &'a Said) -> Self {
        let captured = said.captured.iter().map(|(group, text)| {
            say.t
                .captured
                .with("group", group)
                .with("text", text)
                .plain()
        });
        Self {
            holds: said.holds,
            marked: said.wanted.is_some(),
            asks: said.wanted.as_ref().map(|wanted| asks(say, said, wanted)),
            has: has(say, said),
            captured: captured.collect(),
        }
    }
}

/// What is asked for.
fn asks<'a>(say: &Say<'_>, said: &Said, wanted: &'a Wanted) -> Values<'a> {
    let t = say.t;
    let name = match &said.claim {
        Claim::Idp => "",
        Claim::Attribute(name) => name.as_str(),
    };
    let several = |values: &Vec<String>, more: usize| values.len() + more > 1;
    let (plain, negated) = match wanted {
        Wanted::OneOf(..) if said.claim == Claim::Idp => (t.wants_idp, t.wants_other_idp),
        Wanted::OneOf(values, more) if several(values, *more) => (t.is_one_of, t.is_none_of),
        Wanted::OneOf(..) => (t.is, t.is_not),
        Wanted::Begins(_) => (t.begins, t.begins_not),
        Wanted::Matches(_) => (t.matches, t.matches_not),
        Wanted::Anything => (t.present, t.absent),
        Wanted::Spelling(_) => (t.spells, t.spells),
    };
    let (values, more) = match wanted {
        Wanted::OneOf(values, more) => (say.values(&said.claim, values), *more),
        Wanted::Begins(text) | Wanted::Matches(text) | Wanted::Spelling(Some(text)) => {
            (vec![text.into()], 0)
        }
        Wanted::Anything | Wanted::Spelling(None) => (Vec::new(), 0),
    };
    let words = if said.negated { negated } else { plain };
    Values {
        words: words.with("name", name).plain(),
        shown: values,
        more: say.and_more(more),
    }
}

/// What the person has.
fn has<'a>(say: &Say<'_>, said: &'a Said) -> Values<'a> {
    let t = say.t;
    let words = match &said.claim {
        Claim::Idp if said.own.is_empty() => t.not_left_out.to_owned(),
        Claim::Idp => t.signed_in_by.to_owned(),
        Claim::Attribute(name) => {
            let words = match (said.own.is_empty(), said.negated, &said.wanted) {
                (false, _, _) => t.yours,
                (true, true, None) => t.nothing_against,
                (true, _, _) => t.none_of_yours,
            };
            words.with("name", name).plain()
        }
    };
    Values {
        words,
        shown: say.values(&said.claim, &said.own),
        more: say.and_more(said.more),
    }
}
