//! An account has an id and an alias, and perhaps had others: a search for one of them means all, whatever a row says.
//!
//! Rows of before an account was renamed, and of refusals that were written under what was asked for, are found thereby.

use crate::domain::access::{AccessIndex, Document};
use crate::domain::intent::AccountRef;
use crate::domain::record::Search;

/// The search, with all that the current revision, as it is compiled, calls its account.
pub(super) fn by_index(index: &AccessIndex, search: Search) -> Search {
    let account = search.account.as_deref().and_then(AccountRef::parse);
    let known = account.and_then(|account| {
        let known = index.find(&account);
        known.or_else(|| index.find_renamed(&account))
    });
    let Some(known) = known else {
        return search;
    };
    let former = known.former_aliases.iter().map(ToString::to_string);
    let now = [known.id.to_string(), known.alias.to_string()];
    Search {
        account_also: now.into_iter().chain(former).collect(),
        ..search
    }
}

/// The same by a revision's document.
pub(super) fn by_document(document: &Document, search: Search) -> Search {
    let names = document.accounts.iter().map(|account| {
        let former = account.former_aliases.iter();
        let names = [&account.id, &account.alias].into_iter().chain(former);
        names.cloned().collect::<Vec<String>>()
    });
    let asked = search.account.clone().unwrap_or_default();
    let mut called = names.filter(|names| names.contains(&asked));
    Search {
        account_also: called.next().unwrap_or_default(),
        ..search
    }
}
