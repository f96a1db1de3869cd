//! A revocation as JSON, for programs and for those who put the policies in another way.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::Stopped;
use super::report::{Place, Revocation, State};
use crate::domain::Timestamp;
use crate::domain::revoke::{POLICY, Target};

impl Revocation {
    /// As JSON. It holds no secret: names of sessions stand in CloudTrail as well.
    pub fn to_json(&self) -> Value {
        let target = match &self.asked.target {
            Target::Role(key) => json!({ "role": key.to_string() }),
            Target::Person(person) => json!({ "person": person }),
        };
        let places: Vec<Value> = self.places.iter().map(place).collect();
        json!({
            "target": target,
            "links": self.asked.way.word(),
            "at": written(self.at),
            "cut_off_before": written(self.asked.way.cutoff(self.at)),
            "applied": self.applied,
            "outcome": self.outcome().word(),
            "whole": self.is_whole(),
            "once_more_at": self.once_more.map(written),
            "places": places,
            "stopped": self.stopped.map(stopped),
            "ways_past_vestibule": self.ways_past,
            "role_is_gone": self.role_is_gone,
            "without_a_policy": self.gaps,
        })
    }
}

/// What keeps them from coming in through Vestibule anew.
fn stopped(stopped: Stopped) -> Value {
    json!({
        "until": stopped.until.0.map(written),
        "whole_account": stopped.whole_account,
        "just_now": stopped.just_now,
    })
}

fn place(place: &Place) -> Value {
    let policy = place.document.as_deref().and_then(read);
    let once_more = place.once_more.as_ref().map(
        |once_more| json!({ "at": written(once_more.at), "policy": read(&once_more.document) }),
    );
    let (cause, again) = match &place.state {
        State::Planned | State::Cut => (None, None),
        State::Pending { cause, again, .. } => (Some(cause), Some(written(*again))),
        State::NotCut { cause, .. } => (Some(cause), None),
    };
    json!({
        "account": place.account,
        "alias": place.alias,
        "on": place.holder,
        "roles": place.roles,
        "policy_name": POLICY,
        "policy": policy,
        "once_more": once_more,
        "does": place.aims,
        "notes": place.notes,
        "state": place.state.word(),
        "code": place.state.code(),
        "cause": cause,
        "again_at": again,
    })
}

/// A policy: it was written by us, or read back from IAM.
fn read(document: &str) -> Option<Value> {
    serde_json::from_str(document).ok()
}

fn written(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
