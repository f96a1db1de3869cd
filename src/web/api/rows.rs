//! Rows of the record as programs get them: what `docs/audit-events.md` says of a row, and what CloudTrail has of a sign-in.

use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::admin::{Found, RecordSection};
use crate::domain::record::Trail;

/// A row. One that cannot be read was changed, or a later version has written it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecordRow {
    /// Its place in the whole record.
    position: i64,
    /// When (RFC 3339, UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<String>,
    /// Its place in the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// What it says, in the version of the schema that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac: Option<String>,
    /// Whether it cannot be read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unreadable: bool,
    /// What a sign-in shows as there.
    #[serde(skip_serializing_if = "Option::is_none")]
    cloudtrail: Option<CloudTrail>,
}

/// What CloudTrail has of a sign-in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CloudTrail {
    /// `userIdentity.arn`: the session's.
    #[serde(skip_serializing_if = "Option::is_none")]
    arn: Option<String>,
    /// What `userIdentity.principalId` is, or ends in.
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_identity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<String>,
    /// It shows as the IAM user, and the person nowhere.
    as_the_user: bool,
}

impl From<Trail> for CloudTrail {
    fn from(trail: Trail) -> Self {
        Self {
            arn: trail.arn,
            principal: trail.principal,
            session_name: trail.session_name,
            source_identity: trail.source_identity,
            access_key_id: trail.access_key_id,
            as_the_user: trail.as_the_user,
        }
    }
}

impl RecordRow {
    pub(super) fn all(rows: &[Found]) -> Vec<Self> {
        rows.iter().map(Self::of).collect()
    }

    fn of(found: &Found) -> Self {
        let at = chrono::DateTime::from_timestamp_millis(found.at);
        let record = found.record.as_ref();
        let row = found.row.as_ref();
        let event = row.map(|row| {
            let read = serde_json::from_str(&row.event);
            read.unwrap_or_else(|_| Value::String(row.event.clone()))
        });
        Self {
            position: found.position,
            at: at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            chain: row.map(|row| row.chain.clone()),
            sequence: row.map(|row| row.sequence),
            kind: row.map(|row| row.kind.clone()),
            event,
            mac: row.map(|row| row.mac.clone()),
            unreadable: record.is_none(),
            cloudtrail: record
                .and_then(|record| Trail::of(&record.event))
                .map(Into::into),
        }
    }
}

/// The newest rows of one sort, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecordRows {
    rows: Vec<RecordRow>,
    /// Whether there are more: a search finds them.
    more: bool,
}

impl From<&RecordSection> for RecordRows {
    fn from(section: &RecordSection) -> Self {
        Self {
            rows: RecordRow::all(&section.rows),
            more: section.more,
        }
    }
}

/// Rows from before the record could be searched, which no search finds yet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Unindexed {
    first: i64,
    last: i64,
}

impl Unindexed {
    pub(super) fn of(rows: Option<(i64, i64)>) -> Option<Self> {
        rows.map(|(first, last)| Self { first, last })
    }
}
