//! Why: what the rules say about oneself, as far as that may be told, and, for administrators, about anybody.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Caller, Program};
use super::described::{Content, Endpoint};
use super::{Refused, answer, body};
use crate::admin::{
    ConditionLine, Error, Question, ReadingLine, Simulated, Simulation, SpellingLine, Told, Which,
    Whom,
};
use crate::domain::access::why::{Claim, Said, Time, Verdict, Wanted, Way};
use crate::domain::identity::IdpId;
use crate::domain::intent::{AccountRef, WhyIntent};
use crate::domain::role::RoleKey;
use crate::domain::token::TokenScope;
use crate::signin::{WhyView, about};
use crate::web::links;
use crate::web::problem::Failure;
use crate::web::visitor::{admin, signin};

/// The longest subject.
const LONGEST_SUBJECT: usize = 1_024;

pub(super) const MINE: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/roles/{account}/{role}/why",
    id: "why",
    summary: "Why one holds a role, or does not, as far as one may be told",
    scope: Some(TokenScope::MeRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<Mine>())),
};
pub(super) const ANYBODY: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/access/why",
    id: "whyOfAnybody",
    summary: "What the rules say about somebody and a role; of whoever is signed in, it is written down",
    scope: Some(TokenScope::AccessRead),
    parameters: &[],
    body: Some(Content::json::<WhyOf>()),
    answer: (200, Some(Content::json::<Explanation>())),
};

/// What may be told of a role.
#[derive(Debug, Serialize, ToSchema)]
struct Mine {
    role: String,
    description: String,
    /// `held`, `taken_away` or `not_given`.
    verdict: &'static str,
    revision: i64,
    /// The rules that give it; where none does, what would.
    ways: Vec<OneWay>,
    /// For each rule that takes it away, what it looks at.
    taken: Vec<Vec<OneClaim>>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
}

/// A rule that gives it, or would.
#[derive(Debug, Serialize, ToSchema)]
struct OneWay {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// Whether the rule counts now.
    counts: bool,
    asks: Vec<OneClaim>,
}

/// Something that a rule looks at.
#[derive(Debug, Serialize, ToSchema)]
struct OneClaim {
    /// The attribute; absent: who proved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<String>,
    negated: bool,
    holds: bool,
    /// One's own values.
    own: Vec<String>,
    /// What is wanted, where that may be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<WantedValue>,
}

/// What is wanted: one of these.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WantedValue {
    OneOf(Vec<String>),
    BeginsWith(String),
    Matches(String),
    Present(bool),
    Spells(String),
}

impl From<&Said> for OneClaim {
    fn from(said: &Said) -> Self {
        let wanted = said.wanted.as_ref();
        Self {
            attribute: match &said.claim {
                Claim::Idp => None,
                Claim::Attribute(name) => Some(name.clone()),
            },
            negated: said.negated,
            holds: said.holds,
            own: said.own.clone(),
            wanted: wanted.map(|wanted| match wanted {
                Wanted::OneOf(values, _) => WantedValue::OneOf(values.clone()),
                Wanted::Begins(text) => WantedValue::BeginsWith(text.clone()),
                Wanted::Matches(text) => WantedValue::Matches(text.clone()),
                Wanted::Anything => WantedValue::Present(true),
                Wanted::Spelling(example) => {
                    WantedValue::Spells(example.clone().unwrap_or_default())
                }
            }),
        }
    }
}

impl From<&Way> for OneWay {
    fn from(way: &Way) -> Self {
        Self {
            rule: way.rule.clone(),
            counts: way.time == Time::Counts,
            asks: way.asks.iter().map(Into::into).collect(),
        }
    }
}

impl From<&WhyView> for Mine {
    fn from(view: &WhyView) -> Self {
        let taken = view.told.taken.iter();
        Self {
            role: view.key.to_string(),
            description: view.description.clone(),
            verdict: word(view.told.verdict),
            revision: view.revision,
            ways: view.told.ways.iter().map(Into::into).collect(),
            taken: taken
                .map(|asks| asks.iter().map(Into::into).collect())
                .collect(),
            owner: view.owner.clone(),
        }
    }
}

pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Held => "held",
        Verdict::TakenAway => "taken_away",
        Verdict::NotGiven => "not_given",
    }
}

/// `GET /api/v1/roles/{account}/{role}/why`.
pub(in crate::web) async fn mine(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.may(TokenScope::MeRead)?;
    let path = request.uri().path().trim_start_matches("/api/v1");
    let asked = links::why(path)?;
    let view = signin(&request).why_for_program(&caller.visit, &caller.session, &asked);
    Ok(answer::json(StatusCode::OK, &Mine::from(&view.await?)))
}

/// Whom one asks about, and which role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhyOf {
    /// `account-alias/name`.
    role: String,
    idp: String,
    subject: String,
    /// What the provider would say of them; left out: what it said of them when they signed in.
    attributes: Option<BTreeMap<String, Vec<String>>>,
}

/// What the rules say.
#[derive(Debug, Serialize, ToSchema)]
struct Explanation {
    role: String,
    idp: String,
    subject: String,
    /// `held`, `taken_away` or `not_given`.
    verdict: &'static str,
    revision: i64,
    /// The rules that can give it, nearest first.
    gives: Vec<OneReading>,
    /// The rules that can take it away.
    takes: Vec<OneReading>,
}

/// A rule, read against somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneReading {
    rule: String,
    applies: bool,
    /// Whether it counts now.
    counts: bool,
    conditions: Vec<OneCondition>,
    /// Where a value spells the role: whether one does, and by which.
    #[serde(skip_serializing_if = "Option::is_none")]
    spelling: Option<OneSpelling>,
}

/// Whether a value spells a role.
#[derive(Debug, Serialize, ToSchema)]
struct OneSpelling {
    attribute: String,
    /// The values that do.
    spelled: Vec<String>,
    /// One that would, where that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<String>,
}

impl From<SpellingLine> for OneSpelling {
    fn from(line: SpellingLine) -> Self {
        let spelled = line.spelled.into_iter().map(|(value, _)| value);
        Self {
            attribute: line.attribute,
            spelled: spelled.collect(),
            example: line.example,
        }
    }
}

/// A condition, judged.
#[derive(Debug, Serialize, ToSchema)]
struct OneCondition {
    holds: bool,
    /// In words.
    text: String,
    /// The values that decide it.
    own: Vec<String>,
}

impl From<ConditionLine> for OneCondition {
    fn from(line: ConditionLine) -> Self {
        Self {
            holds: line.holds,
            text: line.text,
            own: line.own,
        }
    }
}

impl From<ReadingLine> for OneReading {
    fn from(line: ReadingLine) -> Self {
        Self {
            rule: line.rule,
            applies: line.applies,
            counts: line.time == Time::Counts,
            conditions: line.conditions.into_iter().map(Into::into).collect(),
            spelling: line.spelling.map(Into::into),
        }
    }
}

impl Explanation {
    /// Of what a model says, the part about the role that was asked for.
    fn of(simulated: Simulated) -> Option<Self> {
        let explained = simulated.explained?;
        Some(Self {
            role: explained.role,
            idp: simulated.who.idp,
            subject: simulated.who.subject,
            verdict: word(explained.verdict),
            revision: simulated.revision,
            gives: explained.gives.into_iter().map(Into::into).collect(),
            takes: explained.takes.into_iter().map(Into::into).collect(),
        })
    }
}

/// `POST /api/v1/access/why`.
pub(in crate::web) async fn anybody(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessRead).await?;
    let asked = body::json::<WhyOf>(&request, payload).await?.says;
    let role = asked.role.clone();
    let question = read(asked)?;
    let by = about(&caller.visit, &caller.session.identity);
    match admin(&request).simulate(question, by).await? {
        Simulation::Found(found) => {
            let explained = Explanation::of(*found).ok_or(Error::NoSuchRole(role))?;
            Ok(answer::json(StatusCode::OK, &explained))
        }
        Simulation::NobodyKnown => Err(Refused::NobodyKnown.into()),
        Simulation::NoSuchRole | Simulation::Unreadable(_) | Simulation::Unfit => {
            Err(Error::NoSuchRole(role).into())
        }
    }
}

/// Whether a text can be a subject.
pub(super) fn check_subject(text: &str) -> Result<(), Refused> {
    if text.len() > LONGEST_SUBJECT || text.contains(char::is_control) {
        let why = "subject: is too long, or has control characters.";
        return Err(Refused::BodyUnreadable(why.to_owned()));
    }
    Ok(())
}

fn read(asked: WhyOf) -> Result<Question, Failure> {
    let wrong = |what: &str| Refused::BodyUnreadable(what.to_owned());
    let key = RoleKey::parse(&asked.role).map_err(|_| Error::NoSuchRole(asked.role))?;
    let idp = IdpId::parse(&asked.idp).map_err(|error| wrong(&format!("idp: {error}.")))?;
    check_subject(&asked.subject)?;
    let whom = Whom {
        idp,
        subject: asked.subject,
        said: asked.attributes.map_or(Told::Known, Told::Typed),
    };
    let role = WhyIntent {
        account: AccountRef::Alias(key.account),
        role: key.name,
    };
    Ok(Question {
        which: Which::Current,
        whom,
        role: Some(role),
    })
}
