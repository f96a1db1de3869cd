//! What has to be true of the answers to a case, whatever it is: `tests/corpus/README.md` and the catalogue of attacks.
//!
//! All faults are collected, each with the id of its case, and told at the end.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;
use vestibule::domain::audit::{EventKind, Record};

use super::siege::{Answer, Siege};
use crate::corpus::{Case, Expect};
use crate::world::browser::Page;

/// How long an answer may take where a case says nothing else.
const LIMIT: Duration = Duration::from_secs(2);
/// Who is signed in by every honest message, where the case does not say otherwise.
const HONEST: &str = "alice@example.org";
/// What only an attacker's group gives.
const EVIL_ROLE: &str = "payments-prod/Admin";

/// What was found wrong.
#[derive(Default)]
pub struct Faults {
    said: Vec<String>,
    refusals: Vec<Refusal>,
    sessions: usize,
    /// The page of each problem and reason, and the case that it was first seen in.
    pages: HashMap<String, (String, String)>,
}

/// A refusal whose record is looked for at the end.
struct Refusal {
    case: String,
    evil: Option<String>,
    reference: String,
}

/// What came of one case.
pub struct Verdict {
    case: String,
    said: Vec<String>,
    refusals: Vec<Refusal>,
    sessions: usize,
    pages: Vec<(String, String)>,
}

impl Faults {
    pub fn add(&mut self, verdict: Verdict) {
        let said = verdict.said.into_iter();
        self.said
            .extend(said.map(|fault| format!("{}: {fault}", verdict.case)));
        self.refusals.extend(verdict.refusals);
        self.sessions += verdict.sessions;
        for (problem, page) in verdict.pages {
            let new = (page.clone(), verdict.case.clone());
            let (first, case) = self.pages.entry(problem).or_insert(new);
            if *first != page {
                let lines = first.lines().zip(page.lines());
                let differs = lines.into_iter().find(|(before, now)| before != now);
                let case = format!("{}: another page than for {case}", verdict.case);
                self.said.push(format!("{case}: {differs:?}"));
            }
        }
    }

    pub fn say(&mut self, fault: impl Into<String>) {
        self.said.push(fault.into());
    }

    /// Fails the test with all that was said.
    pub fn none(self) {
        let count = self.said.len();
        assert!(count == 0, "{count} faults:\n{}", self.said.join("\n"));
    }
}

/// How long the answer to a case may take.
pub fn limit(case: &Case) -> Duration {
    case.within_seconds
        .map_or(LIMIT, |seconds| Duration::from_secs_f64(seconds).min(LIMIT))
}

/// Judges the answers to a case.
pub async fn of(siege: &Siege, case: &Case, answers: Vec<Answer>) -> Verdict {
    let mut verdict = Verdict {
        case: format!("{} ({})", case.id, case.title),
        said: Vec::new(),
        refusals: Vec::new(),
        sessions: 0,
        pages: Vec::new(),
    };
    let mut people = Vec::new();
    for answer in &answers {
        verdict.check_answer(siege, case, answer);
        if let Some(session) = &answer.session {
            people.push((who(siege, session).await, session.clone()));
        }
    }
    let further = answers.iter().map(|answer| answer.further_sessions);
    verdict.sessions = people.len() + further.sum::<usize>();
    verdict.check_count(case, people.len());
    for (me, _) in &people {
        verdict.check_person(case, me.as_ref());
    }
    if case.distinct && people.len() == 2 {
        let first = session_name(siege, &people[0].1).await;
        let second = session_name(siege, &people[1].1).await;
        verdict.hold(first != second, || {
            format!("both people are {first} to AWS")
        });
    }
    verdict
}

impl Verdict {
    fn hold(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.said.push(fault());
        }
    }

    fn check_answer(&mut self, siege: &Siege, case: &Case, answer: &Answer) {
        let Answer { page, took, .. } = answer;
        let slow = case.posts.is_none() && *took > limit(case);
        self.hold(!slow, || format!("it took {took:?}"));
        if answer.session.is_some() {
            let end = page.location().map(|url| url.origin());
            // a replica answers under its own address here, and for the public one
            let own = end == Some(page.url.origin()) || end == siege.origin();
            self.hold(page.status == 303 && own, || {
                format!("after signing in: {} {end:?}", page.status)
            });
            return;
        }
        self.hold((400..500).contains(&page.status), || {
            format!("status {}", page.status)
        });
        for text in [case.evil.as_deref(), Some(HONEST), Some("evil.example")] {
            // a text of a letter or two stands on any page
            let text = text.filter(|text| text.trim().len() > 3);
            self.hold(!text.is_some_and(|text| page.body.contains(text)), || {
                format!("the page says {text:?}")
            });
        }
        if case.said_no {
            self.hold(problem(page) == "idp-refused", || {
                format!("the page is {}", problem(page))
            });
        }
        let code = fact(page, "Code").unwrap_or_default();
        let kind = format!("{} {code}", problem(page));
        self.pages.push((kind, without_reference(page)));
        // what is larger than anything that belongs there is not read, and what is not read is not recorded
        if page.status == 413 {
            return;
        }
        let reference = fact(page, "Reference");
        self.hold(reference.is_some(), || "no reference".to_owned());
        if case.expect == Expect::Refused {
            self.refusals.extend(reference.map(|reference| Refusal {
                case: case.id.clone(),
                evil: case.evil.clone(),
                reference,
            }));
        }
    }

    fn check_count(&mut self, case: &Case, sessions: usize) {
        let right = match (case.sessions, case.expect) {
            (Some(count), _) => sessions == count,
            (None, Expect::Refused) => sessions == 0,
            (None, Expect::Accepted) => sessions == 1,
            (None, Expect::SignedIdentity) => sessions <= 1,
        };
        self.hold(right, || format!("{sessions} sessions"));
    }

    fn check_person(&mut self, case: &Case, me: Option<&Value>) {
        let Some(me) = me else {
            self.said.push("the session is nobody's".to_owned());
            return;
        };
        let subject = me["subject"].as_str();
        let honest = case.honest.as_deref();
        self.hold(subject == honest, || {
            format!("signed in as {subject:?} instead of {honest:?}")
        });
        let roles = me["roles"].as_array();
        let evil = roles.is_some_and(|roles| roles.iter().any(|role| role == EVIL_ROLE));
        self.hold(!evil, || format!("{subject:?} holds {EVIL_ROLE}"));
        if let Some(attributes) = &case.attributes {
            let shown = serde_json::from_value(me["attributes"].clone()).ok();
            self.hold(shown.as_ref() == Some(attributes), || {
                format!("attributes {} instead of {attributes:?}", me["attributes"])
            });
        }
    }
}

/// Whose session it is.
async fn who(siege: &Siege, session: &str) -> Option<Value> {
    let browser = siege.browser_with(session);
    let page = browser.opens_once(&siege.world.at("/api/v1/me")).await;
    serde_json::from_str(&page.body)
        .ok()
        .filter(|_| page.status == 200)
}

/// What AWS is told that the person is called.
async fn session_name(siege: &Siege, session: &str) -> String {
    let _others_wait = siege.at_aws.lock().await;
    siege.world.aws_forgets();
    let browser = siege.browser_with(session);
    let link = siege.world.at("/go/payments-dev/Developer");
    let page = browser.opens_once(&link).await;
    let saw = siege.world.aws_saw();
    let mut names = saw
        .iter()
        .filter_map(|entry| entry.parameters.get("RoleSessionName"));
    let name = names.next();
    name.unwrap_or_else(|| panic!("{}: {}", page.status, page.body))
        .clone()
}

/// Which problem a page is about.
pub fn problem(page: &Page) -> &str {
    let found = page.body.split_once("data-problem=\"");
    found
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("none", |(code, _)| code)
}

/// A fact on a problem's page.
pub fn fact(page: &Page, name: &str) -> Option<String> {
    let (_, rest) = page.body.split_once(&format!("<dt>{name}</dt><dd>"))?;
    let (value, _) = rest.split_once("</dd>")?;
    Some(value.to_owned())
}

/// A problem's page without its reference, the one thing on it that differs each time.
fn without_reference(page: &Page) -> String {
    let reference = fact(page, "Reference").unwrap_or_default();
    let shown = format!("<dd>{reference}</dd>");
    page.body.replace(&shown, "<dd></dd>")
}

/// Every refusal stands in the record once, with its reason; every session stands there; no text of a message does.
pub async fn look_at_the_record(siege: &mut Siege) {
    let records = records(siege).await;
    let count = |kind: EventKind| records.iter().filter(|row| row.kind == kind).count();
    let began = count(EventKind::SessionBegan);
    let sessions = siege.faults.sessions;
    if began != sessions {
        let fault = format!("{sessions} sessions were handed out, and {began} began");
        siege.faults.say(fault);
    }
    let mut by_reference: HashMap<&str, Vec<&Record>> = HashMap::new();
    for row in &records {
        if let Some(reference) = &row.event.reference {
            by_reference.entry(reference).or_default().push(row);
        }
    }
    let refusals = std::mem::take(&mut siege.faults.refusals);
    for refusal in &refusals {
        let rows = by_reference.get(&*refusal.reference);
        let rows = rows.map(Vec::as_slice).unwrap_or_default();
        let [row] = rows else {
            let fault = format!("{}: {} rows in the record", refusal.case, rows.len());
            siege.faults.say(fault);
            continue;
        };
        let cause = row.event.cause.as_deref().unwrap_or_default();
        if row.kind != EventKind::LoginFailed || !is_code(cause) {
            let fault = format!("{}: recorded as {:?} {cause:?}", refusal.case, row.kind);
            siege.faults.say(fault);
        }
        let text = serde_json::to_string(&row.event).unwrap();
        let evil = refusal.evil.as_deref().filter(|text| text.len() > 3);
        if evil.is_some_and(|evil| text.contains(evil)) {
            siege
                .faults
                .say(format!("{}: its text is in the record", refusal.case));
        }
    }
}

/// A word of our own making.
fn is_code(text: &str) -> bool {
    text.contains('.')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b))
}

/// The whole record.
pub async fn records(siege: &Siege) -> Vec<Record> {
    let store = siege.world.app.store();
    let mut all: Vec<Record> = Vec::new();
    loop {
        let before = all.last().map(|row| row.position);
        let page = store.recent(before, 1000).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}
