//! For programs: `/api/v1`, in JSON.
//!
//! One endpoint is one function, one row of the table of routes, and one [`Endpoint`] that says what it is for: the
//! description at `/api/v1/openapi.json` is made of these, and a test holds all three together.
//!
//! | module | owns |
//! |---|---|
//! | `me`, `roles`, `keys`, `tokens`, `why`, `access`, `lists`, `revisions`, `probe`, `issuer` | the endpoints |
//! | `record`, `people`, `sessions`, `stops` | those for the record, and for ending access; `rows` is what the record's rows look like |
//! | `drafts`, `draft_review`, `draft_impact`, `entries`, `simulate`, `revocations`, `revocation` | those of changing the access model, and of ending access |
//! | `caller`, `body`, `idempotent`, `answer` | who asks and with what, what is done once, and the answer |
//! | `refused` | why a program's request is not done |
//! | `described`, `openapi` | the description |
//!
//! Programs bring a token. A browser's session may read here as well, and changes nothing: what changes something needs a
//! token, which no form and no page of another site can send.

pub(super) mod access;
mod answer;
mod body;
mod caller;
mod described;
mod draft_impact;
pub(super) mod draft_review;
pub(super) mod drafts;
pub(super) mod entries;
mod idempotent;
pub(super) mod issuer;
pub(super) mod keys;
pub(super) mod lists;
pub(super) mod me;
pub(super) mod openapi;
pub(super) mod people;
pub(super) mod probe;
pub(super) mod record;
mod refused;
pub(super) mod revisions;
mod revocation;
pub(super) mod revocations;
pub(super) mod revocations_under_way;
pub(super) mod roles;
mod rows;
pub(super) mod sessions;
pub(super) mod simulate;
pub(super) mod stops;
#[cfg(test)]
mod tests;
pub(super) mod tokens;
pub(super) mod why;

pub(super) use refused::Refused;

use described::Endpoint;

/// Every endpoint.
const ENDPOINTS: &[&Endpoint] = &[
    &openapi::DESCRIPTION,
    &me::ME,
    &roles::LIST,
    &why::MINE,
    &keys::MAKE,
    &tokens::LIST,
    &tokens::MAKE,
    &tokens::REVOKE,
    &tokens::REVOKE_ALL,
    &tokens::LIST_ALL,
    &tokens::REVOKE_ANY,
    &lists::RULES,
    &lists::ROLES,
    &lists::ACCOUNTS,
    &access::DOCUMENT,
    &access::CHECK,
    &access::PUBLISH,
    &access::COMPARE,
    &revisions::LIST,
    &revisions::SHOW,
    &revisions::RESTORE,
    &why::ANYBODY,
    &probe::PROBE,
    &issuer::ISSUER,
    &record::SEARCH,
    &record::EXPORT,
    &record::PERSON,
    &record::ROLE,
    &record::WHO,
    &sessions::LIST,
    &sessions::END_ALL,
    &sessions::END,
    &people::LIST,
    &people::SHOW,
    &people::END_ALL,
    &people::END,
    &stops::LIST,
    &stops::BLOCK_BY_NAME,
    &stops::BLOCK,
    &stops::UNBLOCK,
    &stops::SUSPEND_ACCOUNT,
    &stops::RESUME_ACCOUNT,
    &stops::SUSPEND_ROLE,
    &stops::RESUME_ROLE,
    &drafts::LIST,
    &drafts::BEGIN,
    &drafts::SHOW,
    &drafts::SAVE,
    &drafts::DISCARD,
    &draft_review::REVIEW,
    &draft_review::REBASE,
    &draft_review::PUBLISH,
    &entries::LIST,
    &entries::ADD,
    &entries::SHOW,
    &entries::PUT,
    &entries::REMOVE,
    &simulate::SIMULATE,
    &revocations_under_way::LIST,
    &revocations::APPLY,
    &revocations::PLAN,
    &revocations::FIND,
];
