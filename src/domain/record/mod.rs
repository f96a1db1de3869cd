//! Searching the record: what one may ask for, under which terms an event is found, and what it shows as at AWS.
//!
//! `terms` says under what an event is filed; `search` what somebody looks for, and whether an event is it; `trail`
//! the names that CloudTrail has for a sign-in, and the way back from such a name. Who keeps the terms, and how, is
//! not known here.

#[cfg(test)]
pub(crate) mod fixtures;
mod search;
mod terms;
mod trail;

pub use search::{Cursor, FIELDS, Search, SearchError};
pub use terms::{Class, KnownSubject, Term, people, terms};
pub use trail::{Trace, TraceError, Trail};
