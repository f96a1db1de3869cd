//! The review of a draft, bringing it onto the current revision, and publishing it.
//!
//! A draft is published by the version that was reviewed, and while its base is the current revision: of two programs, or a
//! program and a person, neither publishes what it has not seen, and neither loses anything.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::access::{Published, published_at};
use super::caller::{Caller, Program};
use super::described::{Content, Endpoint, IF_MATCH_DRAFT};
use super::draft_impact::{OneAlarm, OneImpact};
use super::drafts::{OneDraft, SavedDraft, not_changed, overtaken_by, saved, wanted};
use super::openapi::ProblemAt;
use super::{Refused, answer, body};
use crate::admin::{self, Clash, Error, Ready, Review, Seen, Stale, Stands, Why};
use crate::domain::access::{EntryName, Pick, Problems, Section};
use crate::domain::token::TokenScope;
use crate::web::admin::{author, signature};
use crate::web::problem::Failure;
use crate::web::visitor::admin;

pub(super) const REVIEW: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/drafts/{id}/review",
    id: "reviewDraft",
    summary: "What a draft changes, for whom, what came between, and what must be confirmed; with the ETag of its version",
    scope: Some(TokenScope::AccessRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<Reviewed>())),
};
pub(super) const REBASE: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/drafts/{id}/rebase",
    id: "rebaseDraft",
    summary: "Brings a draft onto the current revision, entry by entry; answers 409 with what somebody has to decide",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[IF_MATCH_DRAFT],
    body: Some(Content::json::<Onto>()),
    answer: (200, Some(Content::json::<SavedDraft>())),
};
pub(super) const PUBLISH: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/drafts/{id}/publish",
    id: "publishDraft",
    summary: "Publishes a draft as it was reviewed; what needs a second thought asks for a confirmation",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[IF_MATCH_DRAFT],
    body: Some(Content::json::<PublishWanted>()),
    answer: (201, Some(Content::json::<Published>())),
};

/// A draft, reviewed.
#[derive(Debug, Serialize, ToSchema)]
struct Reviewed {
    draft: OneDraft,
    /// The current revision; 0: none.
    current: i64,
    /// `ready`: it can be published. `stale`: another revision was published since. `same`: it says what the current one
    /// says. `problems`, `unreadable`, `empty`: it is not right yet.
    stands: &'static str,
    /// Everything that is wrong with it.
    problems: Vec<ProblemAt>,
    /// What it changes against its base, in sentences.
    changes: Vec<String>,
    /// Where it is stale: what was published since, in sentences.
    published: Vec<String>,
    /// Where it is stale: the entries that both changed, each in another way.
    conflicts: Vec<Conflict>,
    /// Where it is ready: for whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<OneImpact>,
    /// What needs a second thought.
    alarms: Vec<OneAlarm>,
    /// What confirms that, when it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirm: Option<String>,
}

/// An entry that a draft and a revision both changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Conflict {
    /// `accounts`, `roles`, `scopes` or `rules`.
    section: &'static str,
    /// An account’s alias, a role’s `account/name`, a scope’s or a rule’s name.
    name: String,
    /// How many of that name stand before it.
    nth: usize,
    /// What the draft did to it, in sentences.
    mine: Vec<String>,
    /// What was published, likewise.
    theirs: Vec<String>,
}

impl From<&Clash> for Conflict {
    fn from(clash: &Clash) -> Self {
        Self {
            section: clash.entry.section.key(),
            name: clash.entry.name.clone(),
            nth: clash.entry.nth,
            mine: clash.mine.clone(),
            theirs: clash.theirs.clone(),
        }
    }
}

impl From<Review> for Reviewed {
    fn from(review: Review) -> Self {
        let bare = Self {
            draft: review.draft.into(),
            current: review.current,
            stands: "ready",
            problems: Vec::new(),
            changes: Vec::new(),
            published: Vec::new(),
            conflicts: Vec::new(),
            impact: None,
            alarms: Vec::new(),
            confirm: None,
        };
        match review.stands {
            Stands::Empty => Self {
                stands: "empty",
                ..bare
            },
            Stands::Same => Self {
                stands: "same",
                ..bare
            },
            Stands::Unreadable(reason) => Self {
                stands: "unreadable",
                problems: vec![ProblemAt::whole(reason)],
                ..bare
            },
            Stands::Problems(problems, _) => Self {
                stands: "problems",
                problems: at_paths(&problems),
                ..bare
            },
            Stands::Stale(stale) => bare.stale(*stale),
            Stands::Ready(ready) => bare.ready(*ready),
        }
    }
}

impl Reviewed {
    fn stale(self, stale: Stale) -> Self {
        Self {
            stands: "stale",
            changes: stale.yours,
            published: stale.theirs,
            conflicts: stale.clashes.iter().map(Into::into).collect(),
            ..self
        }
    }

    fn ready(self, ready: Ready) -> Self {
        Self {
            confirm: Some(ready.phrase()).filter(|phrase| !phrase.is_empty()),
            impact: Some(ready.known.into()),
            alarms: ready.alarms.into_iter().map(Into::into).collect(),
            changes: ready.changes,
            ..self
        }
    }
}

fn at_paths(problems: &Problems) -> Vec<ProblemAt> {
    let problems = problems.list().iter();
    let at = |problem: &crate::domain::access::Problem| ProblemAt {
        path: problem.path.clone(),
        message: problem.kind.to_string(),
    };
    problems.map(at).collect()
}

/// `GET /api/v1/drafts/{id}/review`.
pub(in crate::web) async fn review(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let review = admin(&request).review(wanted(&request)?).await?;
    let tag = answer::draft_etag(review.draft.version);
    let reviewed = answer::json(StatusCode::OK, &Reviewed::from(review));
    Ok(answer::tagged(reviewed, &tag))
}

/// Onto what a draft is brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Onto {
    /// The current revision, as the review named it.
    onto: i64,
    /// For each entry that both changed, whose is taken.
    #[serde(default)]
    take: Vec<Taken>,
}

/// Whose entry is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Taken {
    section: SectionName,
    name: String,
    /// How many of that name stand before it; 0 where nothing is said.
    #[serde(default)]
    nth: usize,
    take: WhoseEntry,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SectionName {
    Accounts,
    Roles,
    Scopes,
    Rules,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhoseEntry {
    /// The draft’s.
    Mine,
    /// That of the revision that came between.
    Theirs,
}

impl Taken {
    fn read(self) -> (EntryName, Pick) {
        let section = match self.section {
            SectionName::Accounts => Section::Accounts,
            SectionName::Roles => Section::Roles,
            SectionName::Scopes => Section::Scopes,
            SectionName::Rules => Section::Rules,
        };
        let pick = match self.take {
            WhoseEntry::Mine => Pick::Mine,
            WhoseEntry::Theirs => Pick::Theirs,
        };
        let (name, nth) = (self.name, self.nth);
        (EntryName { section, name, nth }, pick)
    }
}

/// `POST /api/v1/drafts/{id}/rebase`.
pub(in crate::web) async fn rebase(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessWrite).await?;
    let id = wanted(&request)?;
    let version = answer::written_on_draft(request.headers())?;
    let Onto { onto, take } = body::large_json(&request, payload).await?;
    let admin = admin(&request);
    let newest = admin.revisions(None, 1).await?;
    let current = newest.first().map_or(0, |newest| newest.number);
    if onto != current {
        return Err(Refused::DraftStale { current }.into());
    }
    let picks: BTreeMap<EntryName, Pick> = take.into_iter().map(Taken::read).collect();
    let by = author(&caller.session);
    let brought = admin.rebase_draft((id, version), onto, (picks.clone(), &by));
    match brought.await {
        Ok(true) => Ok(saved((StatusCode::OK, id), version + 1)),
        Ok(false) => Err(undecided(admin.review(id).await?, (version, onto), &picks)),
        Err(error) => Err(not_changed(admin, id, error).await),
    }
}

/// What is to be decided before a draft is brought anywhere; it may be another draft or another revision by now.
fn undecided(
    review: Review,
    (version, onto): (i64, i64),
    picks: &BTreeMap<EntryName, Pick>,
) -> Failure {
    if review.draft.version != version {
        return overtaken_by(review.draft.version);
    }
    let current = review.current;
    match review.stands {
        Stands::Stale(stale) if current == onto => {
            let open = stale.clashes.iter();
            let open = open.filter(|clash| !picks.contains_key(&clash.entry));
            let open: Vec<Conflict> = open.map(Into::into).collect();
            Refused::Undecided(json!(open)).into()
        }
        _ => Refused::DraftStale { current }.into(),
    }
}

/// How a draft is published.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct PublishWanted {
    /// Why.
    note: Option<String>,
    /// What the review asks for, where something needs a second thought.
    confirm: Option<String>,
}

/// `POST /api/v1/drafts/{id}/publish`.
pub(in crate::web) async fn publish(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessWrite).await?;
    let id = wanted(&request)?;
    let version = answer::written_on_draft(request.headers())?;
    let wanted = body::json::<PublishWanted>(&request, payload).await?.says;
    let admin = admin(&request);
    let draft = admin.draft(id).await?.summary;
    let seen = Seen {
        version,
        // of one version the base does not change, and only on that is it published
        revision: draft.base,
    };
    let note = wanted.note.unwrap_or_default();
    let signature = signature(&caller.visit, &caller.session, note.trim());
    let typed = wanted.confirm.unwrap_or_default();
    match admin.publish_draft((id, seen), &typed, signature).await? {
        admin::Published::Done(number) => published_at(Ok(number)),
        admin::Published::Again(why, review) => Err(not_published(why, version, *review)),
    }
}

fn not_published(why: Why, version: i64, review: Review) -> Failure {
    let current = review.current;
    let unfit = |what: &str| Refused::DraftUnfit(vec![(String::new(), what.to_owned())]).into();
    if review.draft.version != version {
        return overtaken_by(review.draft.version);
    }
    if why == Why::Note {
        return Error::Note.into();
    }
    match review.stands {
        Stands::Ready(ready) if why == Why::Unconfirmed => {
            let phrase = ready.phrase();
            Refused::ConfirmationNeeded { phrase }.into()
        }
        Stands::Stale(_) | Stands::Ready(_) => Refused::DraftStale { current }.into(),
        Stands::Problems(problems, _) => Error::Problems(problems).into(),
        Stands::Unreadable(reason) => unfit(&reason),
        Stands::Empty => unfit("there is no text"),
        Stands::Same => unfit("it says what the current revision says"),
    }
}
