//! A row of the record for readers: a sentence, links to whom and what it is about, and everything it says.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::admin::Found;
use crate::domain::audit::{Event, EventKind, Record};
use crate::domain::person::PersonKey;
use crate::domain::record::Trail;
use crate::domain::role::RoleKey;
use crate::web::links;
use crate::web::texts::{Filled, RecordTexts};

/// A row.
#[derive(Debug)]
pub(super) struct RowLines {
    pub(super) position: i64,
    pub(super) at: String,
    pub(super) kind: &'static str,
    pub(super) sentence: String,
    pub(super) rule: Option<String>,
    /// Who and what it is about: what the link says, and where it leads.
    pub(super) links: Vec<(String, String)>,
    /// Everything it says, by the names of the fields.
    pub(super) fields: Vec<(String, String)>,
    /// What CloudTrail has of it.
    pub(super) trail: Vec<(&'static str, String)>,
    pub(super) as_the_user: bool,
}

impl RowLines {
    pub(super) fn all(t: &RecordTexts, rows: &[Found], unknown: &BTreeSet<PersonKey>) -> Vec<Self> {
        let rows = rows.iter();
        rows.map(|found| Self::new(t, found, unknown)).collect()
    }

    fn new(t: &RecordTexts, found: &Found, unknown: &BTreeSet<PersonKey>) -> Self {
        let at = chrono::DateTime::from_timestamp_millis(found.at);
        let at = at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string());
        let mut lines = Self {
            position: found.position,
            at: at.unwrap_or_default(),
            kind: "",
            sentence: t.unreadable.to_owned(),
            rule: None,
            links: Vec::new(),
            fields: Vec::new(),
            trail: Vec::new(),
            as_the_user: false,
        };
        let Some(record) = &found.record else {
            let text = found.row.as_ref().map(|row| row.event.clone());
            lines.fields = text
                .map(|text| ("event".to_owned(), text))
                .into_iter()
                .collect();
            return lines;
        };
        let event = &record.event;
        lines.kind = record.kind.name();
        lines.sentence = sentence(t, record).plain();
        let rule = event.rule.as_ref();
        lines.rule = rule.map(|rule| t.by_rule.with("rule", rule).plain());
        lines.links = links_of(event, unknown);
        lines.fields = fields(record);
        if let Some(trail) = Trail::of(event) {
            lines.as_the_user = trail.as_the_user;
            let parts = [
                (t.trail_arn, trail.arn),
                (t.trail_principal, trail.principal),
                (t.trail_name, trail.session_name),
                (t.trail_source, trail.source_identity),
                (t.trail_key, trail.access_key_id),
            ];
            lines.trail = parts
                .into_iter()
                .filter_map(|(label, value)| Some((label, value?)))
                .collect();
        }
        lines
    }
}

/// Pages of those whom and what it is about. A person's own, where the row says all that their key is made of and anything is
/// known of it; else what the record says of them.
fn links_of(event: &Event, unknown: &BTreeSet<PersonKey>) -> Vec<(String, String)> {
    let mut links = Vec::new();
    let mut person =
        |(idp, format, subject): (&Option<String>, &Option<String>, &Option<String>),
         name: &Option<String>| {
            if let (Some(idp), Some(subject)) = (idp, subject) {
                let key = format.as_ref();
                let key = key.map(|format| PersonKey::of(idp, format, subject));
                let href = match key.filter(|key| !unknown.contains(key)) {
                    Some(key) => links::admin_person(&key),
                    None => links::admin_record_of(idp, subject),
                };
                let name = name.as_ref().unwrap_or(subject);
                links.push((name.clone(), href));
            }
        };
    let acts = (&event.idp, &event.subject_format, &event.subject);
    person(acts, &event.display_name);
    if let Some(about) = &event.about {
        let about_whom = (&about.idp, &about.subject_format, &about.subject);
        person(about_whom, &about.display_name);
    }
    // rows of earlier versions say of a refusal what was asked for, which may be no key
    let role = event.role.as_ref();
    if let Some(role) = role.filter(|role| RoleKey::parse(role).is_ok()) {
        let fields = [("role", role.clone())];
        links.push((role.clone(), links::admin_record("/role", &fields)));
    }
    links
}

/// Everything that an event says, a field each.
fn fields(record: &Record) -> Vec<(String, String)> {
    let mut fields = vec![
        ("chain".to_owned(), record.chain.clone()),
        ("sequence".to_owned(), record.sequence.to_string()),
    ];
    let said = serde_json::to_value(&record.event).unwrap_or_default();
    for (name, value) in said.as_object().into_iter().flatten() {
        match value {
            Value::Object(inner) => {
                let inner = inner.iter();
                fields.extend(inner.map(|(part, value)| (format!("{name}.{part}"), plain(value))));
            }
            value => fields.push((name.clone(), plain(value))),
        }
    }
    fields
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What a row says, for readers.
fn sentence(t: &RecordTexts, record: &Record) -> Filled {
    use EventKind as K;
    let event = &record.event;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let who = event.display_name.as_deref().or(event.subject.as_deref());
    let who = who.unwrap_or(t.nobody);
    let about = event.about.as_ref();
    let whom = about.and_then(|about| about.display_name.as_deref().or(about.subject.as_deref()));
    let role = event.role.as_deref().unwrap_or(t.a_role);
    let account = event.account.as_deref().unwrap_or(t.an_account);
    let let_in = event.result.as_deref() == Some("handed_over");
    let why = event.cause.as_ref().or(event.result.as_ref());
    let why = why.cloned().unwrap_or_default();
    let sentence = match record.kind {
        K::SigninBegun => t.signin_begun,
        K::SigninEnded if let_in => t.signin_in,
        K::SigninEnded => t.signin_out,
        K::SigninRefused => t.signin_refused,
        K::KeysBegun => t.keys_begun,
        K::KeysEnded if let_in => t.keys_in,
        K::KeysEnded => t.keys_out,
        K::KeysRefused => t.keys_refused,
        K::SessionBegan => t.session_began,
        K::SessionEnded if event.cause.is_some() => t.session_ended_by,
        K::SessionEnded => t.session_ended,
        K::LoginFailed => t.login_failed,
        K::AccessPublished => t.access_published,
        K::ProbeBegun => t.probe_begun,
        K::ProbeEnded => t.probe_ended,
        K::WhyRefused => t.why_refused,
        K::WhyAsked => t.why_asked,
        K::PersonBlocked => t.person_blocked,
        K::PersonUnblocked => t.person_unblocked,
        K::RoleSuspended => t.role_suspended,
        K::RoleResumed => t.role_resumed,
        K::AccountSuspended => t.account_suspended,
        K::AccountResumed => t.account_resumed,
        K::RevokeBegun => t.revoke_begun,
        K::RevokeEnded => t.revoke_ended,
        K::RecordRead => t.record_read,
        K::RecordExported => t.record_exported,
        K::RecordPurged => t.record_purged,
        K::TokenMade => t.token_made,
        K::TokenRevoked => t.token_revoked,
        K::DraftDiscarded => t.draft_discarded,
        K::AdministrationRefused => t.administration_refused,
    };
    sentence
        .with("who", who)
        .with("whom", whom.unwrap_or(who))
        .with("role", role)
        .with("account", account)
        .with("cause", why)
        .with("result", text(&event.result))
        .with("idp", text(&event.idp))
        .with("revision", event.revision.unwrap_or_default())
        .with("position", event.position.unwrap_or_default())
        .with("draft", event.draft_name.as_deref().unwrap_or(t.a_draft))
        .with("drafted_by", text(&event.drafted_by))
}
