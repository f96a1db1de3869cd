//! What a model says about anybody: which roles, and by which rule each; and of one role why, or why not.
//!
//! What is asked about a person travels in a body, never in an address. What was pasted is neither believed, kept nor said
//! again: only what was read from it. Who is blocked and what is suspended now is no part of a model: a token that may read
//! the record is told.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Program;
use super::described::{Content, Endpoint};
use super::why::{OneReading, check_subject, word};
use super::{Refused, answer, body};
use crate::admin::{
    Error, Explained, HeldLine, Question, Simulated, Simulation, Told, Whence, Which, WhoLine, Whom,
};
use crate::domain::Timestamp;
use crate::domain::access::DraftId;
use crate::domain::identity::IdpId;
use crate::domain::intent::WhyIntent;
use crate::domain::role::RoleName;
use crate::domain::token::TokenScope;
use crate::signin::about;
use crate::web::links;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

/// The longest text that is pasted, and the most that attributes may have together, in bytes.
const LONGEST: usize = 256 * 1024;
/// The most values of attributes.
const MOST_VALUES: usize = 5_000;

pub(super) const SIMULATE: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/simulate",
    id: "simulate",
    summary: "Which roles somebody holds, by the current revision, an old one or a draft, and why",
    scope: Some(TokenScope::AccessRead),
    parameters: &[],
    body: Some(Content::json::<SimulationWanted>()),
    answer: (200, Some(Content::json::<SimulationDone>())),
};

/// About whom, and which model is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SimulationWanted {
    /// A draft that is asked instead of the current revision.
    draft: Option<String>,
    /// A revision that is, by its number.
    revision: Option<i64>,
    idp: String,
    /// The subject, as the provider has it; a pasted text that names one goes before it.
    subject: Option<String>,
    /// What the provider would say of them.
    attributes: Option<BTreeMap<String, Vec<String>>>,
    /// Instead: a SAML attribute list, claims as JSON, or an ID token, whose signature is not looked at. Without either,
    /// what the provider said when they signed in last: that look stands in the record.
    pasted: Option<String>,
    /// A role to be explained: `account-alias/name`.
    role: Option<String>,
}

/// What the model says.
#[derive(Debug, Serialize, ToSchema)]
struct SimulationDone {
    /// The draft that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<String>,
    /// Or the revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    who: SimulatedPerson,
    roles: Vec<HeldRole>,
    /// How many more there are.
    more_roles: usize,
    /// Of the role that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    explained: Option<RoleExplained>,
}

/// About whom.
#[derive(Debug, Serialize, ToSchema)]
struct SimulatedPerson {
    idp: String,
    subject: String,
    display_name: String,
    /// `signed_in` or `last_seen`, with the moment; `typed` or `pasted`.
    whence: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    since: Option<Timestamp>,
    attributes: BTreeMap<String, Vec<String>>,
    /// How many more values there are.
    more_values: usize,
    /// Whether they are blocked: then they get nowhere, whatever the rules say. Told to tokens with `record:read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked: Option<bool>,
}

/// A role that they hold.
#[derive(Debug, Serialize, ToSchema)]
struct HeldRole {
    role: String,
    /// The account’s name.
    account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'static str>,
    /// The first rule that gives it.
    rule: String,
    /// Whether it is suspended: then nobody gets in, whatever the rules say. Told to tokens with `record:read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended: Option<bool>,
}

/// Why they hold a role, or do not.
#[derive(Debug, Serialize, ToSchema)]
struct RoleExplained {
    role: String,
    /// `held`, `taken_away` or `not_given`.
    verdict: &'static str,
    /// The rules that can give it, nearest first.
    gives: Vec<OneReading>,
    more_gives: usize,
    /// The rules that can take it away.
    takes: Vec<OneReading>,
    more_takes: usize,
}

impl From<WhoLine> for SimulatedPerson {
    fn from(line: WhoLine) -> Self {
        let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in line.attributes {
            attributes.entry(name).or_default().push(value);
        }
        let (whence, since) = match line.whence {
            Whence::SignedIn(at) => ("signed_in", Some(at)),
            Whence::LastSeen(at) => ("last_seen", Some(at)),
            Whence::Typed => ("typed", None),
            Whence::Pasted => ("pasted", None),
        };
        Self {
            idp: line.idp,
            subject: line.subject,
            display_name: line.display_name,
            whence,
            since,
            attributes,
            more_values: line.more,
            blocked: Some(line.blocked.is_some()),
        }
    }
}

impl From<HeldLine> for HeldRole {
    fn from(line: HeldLine) -> Self {
        Self {
            role: line.key,
            account: line.account,
            environment: line.environment,
            rule: line.rule,
            suspended: Some(line.suspended.is_some()),
        }
    }
}

impl From<Explained> for RoleExplained {
    fn from(explained: Explained) -> Self {
        Self {
            role: explained.role,
            verdict: word(explained.verdict),
            gives: explained.gives.into_iter().map(Into::into).collect(),
            more_gives: explained.more_gives,
            takes: explained.takes.into_iter().map(Into::into).collect(),
            more_takes: explained.more_takes,
        }
    }
}

impl From<Simulated> for SimulationDone {
    fn from(simulated: Simulated) -> Self {
        let (draft, revision) = match simulated.which {
            Which::Draft(id) => (Some(id.to_string()), None),
            Which::Current | Which::Revision(_) => (None, Some(simulated.revision)),
        };
        Self {
            draft,
            revision,
            who: simulated.who.into(),
            roles: simulated.roles.into_iter().map(Into::into).collect(),
            more_roles: simulated.more_roles,
            explained: simulated.explained.map(Into::into),
        }
    }
}

impl SimulationDone {
    /// The same, saying nothing of who is blocked or what is suspended.
    fn without_stops(mut self) -> Self {
        self.who.blocked = None;
        for role in &mut self.roles {
            role.suspended = None;
        }
        self
    }
}

/// `POST /api/v1/simulate`.
pub(in crate::web) async fn simulate(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessRead).await?;
    let wanted: SimulationWanted = body::large_json(&request, payload).await?;
    let role = wanted.role.clone().unwrap_or_default();
    let question = question(wanted)?;
    let by = about(&caller.visit, &caller.session.identity);
    match admin(&request).simulate(question, by).await? {
        Simulation::Found(found) => {
            let done = SimulationDone::from(*found);
            let told = match caller.may(TokenScope::RecordRead) {
                Ok(()) => done,
                Err(_) => done.without_stops(),
            };
            Ok(answer::json(StatusCode::OK, &told))
        }
        Simulation::NobodyKnown => Err(Refused::NobodyKnown.into()),
        Simulation::NoSuchRole => Err(Error::NoSuchRole(role).into()),
        Simulation::Unreadable(why) => {
            let why = format!("what was pasted cannot be read, {why}");
            Err(Refused::Unanswerable(why).into())
        }
        Simulation::Unfit => {
            let why = "the model cannot be used as it stands, and the draft’s review says why";
            Err(Refused::Unanswerable(why.to_owned()).into())
        }
    }
}

fn wrong(path: &str, why: &str) -> Failure {
    let (path, why) = (path.to_owned(), why.to_owned());
    Refused::FieldUnreadable { path, why }.into()
}

fn question(wanted: SimulationWanted) -> Result<Question, Failure> {
    let which = which(wanted.draft.as_deref(), wanted.revision)?;
    let role = match wanted.role.as_deref() {
        None => None,
        Some(text) => Some(role(text).ok_or_else(|| Error::NoSuchRole(text.to_owned()))?),
    };
    let idp = IdpId::parse(&wanted.idp).map_err(|error| wrong("idp", &error.to_string()))?;
    let subject = wanted.subject.unwrap_or_default();
    check_subject(&subject)?;
    let said = match (wanted.attributes, wanted.pasted) {
        (Some(_), Some(_)) => return Err(wrong("pasted", "stands beside attributes")),
        (Some(attributes), None) => {
            check_attributes(&attributes)?;
            Told::Typed(attributes)
        }
        (None, Some(text)) if text.trim().is_empty() || text.len() > LONGEST => {
            return Err(wrong("pasted", "is empty, or has more than 256 KiB"));
        }
        (None, Some(text)) => Told::Pasted(text),
        (None, None) if subject.is_empty() => {
            return Err(wrong(
                "subject",
                "is needed where nothing else is said of them",
            ));
        }
        (None, None) => Told::Known,
    };
    let whom = Whom { idp, subject, said };
    Ok(Question { which, whom, role })
}

fn which(draft: Option<&str>, revision: Option<i64>) -> Result<Which, Failure> {
    match (draft, revision) {
        (None, None) => Ok(Which::Current),
        (Some(id), None) => {
            let id = DraftId::parse(id).ok_or(Error::NoSuchDraft)?;
            Ok(Which::Draft(id))
        }
        (None, Some(number)) if number > 0 => Ok(Which::Revision(number)),
        (None, Some(number)) => Err(Error::NoSuchRevision(number).into()),
        (Some(_), Some(_)) => Err(wrong("revision", "stands beside a draft")),
    }
}

fn role(text: &str) -> Option<WhyIntent> {
    let (account, role) = text.split_once('/')?;
    Some(WhyIntent {
        account: links::account(account).ok()?,
        role: RoleName::parse(role).ok()?,
    })
}

fn check_attributes(attributes: &BTreeMap<String, Vec<String>>) -> Result<(), Failure> {
    let values: usize = attributes.values().map(Vec::len).sum();
    let bytes = attributes.iter().map(|(name, values)| {
        let values: usize = values.iter().map(String::len).sum();
        name.len() + values
    });
    if values > MOST_VALUES || bytes.sum::<usize>() > LONGEST {
        return Err(wrong(
            "attributes",
            "have more than 5,000 values, or more than 256 KiB",
        ));
    }
    Ok(())
}
