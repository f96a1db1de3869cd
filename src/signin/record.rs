//! What a sign-in leaves in the audit log.

use chrono::SecondsFormat;

use super::Visit;
use crate::aws::Ask;
use crate::domain::Timestamp;
use crate::domain::audit::Event;
use crate::domain::credentials::{Credentials, ForwardedProof, Presented};
use crate::domain::grant::Grant;
use crate::domain::identity::Identity;
use crate::domain::role::Method;

/// How a sign-in ended, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The browser was sent into the console.
    HandedOver,
    /// AWS, the last check or the model said no.
    Refused,
    /// Something broke.
    Failed,
}

impl Outcome {
    /// The word in the audit log and in metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::HandedOver => "handed_over",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// An event about a person: who, by which provider, from where, under which reference.
pub fn about(visit: &Visit, identity: &Identity) -> Event {
    Event {
        reference: Some(visit.reference.clone()),
        idp: Some(identity.idp.to_string()),
        subject_format: Some(identity.subject.format.clone()),
        subject: Some(identity.subject.value.clone()),
        display_name: Some(identity.display_name.clone()),
        address: visit.address.map(|address| address.to_string()),
        token: visit.token.clone(),
        ..Event::default()
    }
}

/// The event of a sign-in: all that is known before AWS is asked.
pub(super) fn signin(
    visit: &Visit,
    grant: &Grant,
    ask: &Ask,
    proof: Option<&Presented>,
    signin_id: &str,
) -> Event {
    let role = grant.role();
    let (session_name, source_identity) = match proof {
        // AWS is told none: CloudTrail shows the IAM user
        _ if matches!(role.method, Method::GetSessionToken { .. }) => (None, None),
        Some(Presented::Forwarded(ForwardedProof::Saml(saml))) => {
            (saml.role_session_name.clone(), saml.source_identity.clone())
        }
        Some(
            Presented::Forwarded(ForwardedProof::IdToken(_))
            | Presented::Issued(_)
            | Presented::Code(_),
        )
        | None => (Some(ask.session_name.clone()), ask.source_identity.clone()),
    };
    Event {
        signin_id: Some(signin_id.to_owned()),
        account: Some(role.account.id.to_string()),
        partition: Some(role.account.partition.to_string()),
        role: Some(role.key.to_string()),
        method: Some(role.method.operation().to_owned()),
        session_name,
        source_identity,
        scope: grant.scope().map(|scope| scope.name.to_string()),
        revision: Some(grant.revision()),
        rule: Some(grant.rule().to_owned()),
        ..about(visit, grant.identity())
    }
}

/// The event that ends it.
pub(super) fn ended(
    begun: &Event,
    outcome: Outcome,
    cause: Option<&str>,
    credentials: Option<&Credentials>,
) -> Event {
    Event {
        result: Some(outcome.word().to_owned()),
        cause: cause.map(str::to_owned),
        expires: credentials.map(|c| moment(c.expires)),
        access_key_id: credentials.map(|c| c.access_key_id.clone()),
        ..begun.clone()
    }
}

/// A moment as events have it (RFC 3339).
pub(super) fn moment(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
