//! The end of every successful operation: issuing credentials and describing them.
//!
//! Turns a decided session into credentials and the elements all operations answer with: the
//! credentials, the token's size, and how much of its room it takes.

use chrono::SecondsFormat;

use super::Call;
use super::policies::SessionPolicies;
use super::shape::Shape;
use crate::aws::query::Element;
use crate::aws::query::QueryError;
use crate::aws::tokens::{Credentials, MAX_TOKEN, Session, TokenError};

/// Reads `MinimumSessionTokenSize`.
pub(super) fn minimum_size(shape: &mut Shape<'_>) -> Result<usize, QueryError> {
    let most = u32::try_from(MAX_TOKEN).unwrap_or(u32::MAX);
    let minimum = shape.number("MinimumSessionTokenSize", 0, most)?;
    Ok(minimum
        .and_then(|size| usize::try_from(size).ok())
        .unwrap_or(0))
}

/// Issues credentials, or says that what they would carry is too much.
pub(super) fn issue(
    call: &Call<'_>,
    session: Session,
    minimum: usize,
) -> Result<Credentials, QueryError> {
    let has_policies = session.inline_policy.is_some() || !session.managed_policies.is_empty();
    call.simulation
        .tokens
        .issue(session, minimum)
        .map_err(|error| match error {
            TokenError::TooLarge(percent) if has_policies => {
                QueryError::packed_policy_too_large(percent)
            }
            TokenError::TooLarge(percent) => QueryError::packed_tags_too_large(percent),
            _ => QueryError::internal(),
        })
}

/// The `Credentials` element.
pub(super) fn credentials(call: &Call<'_>, made: &Credentials) -> Element {
    let form = if call.switches.expiration_has_milliseconds {
        SecondsFormat::Millis
    } else {
        SecondsFormat::Secs
    };
    let expires = made.expires.to_rfc3339_opts(form, true);
    Element::Group(
        "Credentials",
        vec![
            Element::text("AccessKeyId", made.access_key.as_str()),
            Element::text("SecretAccessKey", made.secret.as_str()),
            Element::text("SessionToken", made.session_token.as_str()),
            Element::text("Expiration", expires),
        ],
    )
}

/// Whether an operation answers `PackedPolicySize` although nothing was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    Always,
    IfAny,
    Never,
}

/// The sizes: `PackedPolicySize`, `SessionTokenSize`, `SessionTokenUtilization`.
pub(super) fn sizes(
    call: &Call<'_>,
    made: &Credentials,
    packed: Packed,
    (policies, tags): (&SessionPolicies, bool),
) -> Vec<Element> {
    let utilization = made.utilization().to_string();
    let something = !policies.is_empty() || tags;
    let mut elements = Vec::new();
    let always = packed == Packed::Always || call.switches.packed_policy_size_always;
    if packed != Packed::Never && (something || always) {
        let size = if something {
            utilization.clone()
        } else {
            "0".to_owned()
        };
        elements.push(Element::text("PackedPolicySize", size));
    }
    elements.push(Element::text(
        "SessionTokenSize",
        made.session_token.len().to_string(),
    ));
    elements.push(Element::text("SessionTokenUtilization", utilization));
    elements
}
