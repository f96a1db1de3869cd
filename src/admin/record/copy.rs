//! Copying rows out, portion by portion: no more than one is ever held, however many rows there are.
//!
//! Whoever has a copy of what fits takes it for all that fits. So one is not begun while rows have no index yet, and breaks off
//! where the index leads astray: by then it may have missed others.

use super::lines::{self, Format};
use crate::admin::Error;
use crate::domain::record::{Cursor, Search};
use crate::store::Store;
use crate::store::audit::{Looked, Order};

/// How many rows are held at a time.
const PORTION: u32 = 100;

/// A copy under way.
#[derive(Debug)]
pub struct Copying {
    store: Store,
    search: Search,
    format: Format,
    state: State,
    /// Up to which position rows had been dropped when some were last missed; 0: none had.
    dropped: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    New,
    After(Option<Cursor>),
    Over,
}

/// Whether the index has all that a search needs of it.
pub(super) async fn check_filed(store: &Store, search: &Search) -> Result<(), Error> {
    if search.terms().is_empty() {
        return Ok(());
    }
    match store.unindexed().await? {
        Some((first, last)) => Err(Error::Unindexed(first, last)),
        None => Ok(()),
    }
}

impl Copying {
    pub(super) fn new(store: Store, search: Search, format: Format) -> Self {
        Self {
            store,
            search,
            format,
            state: State::New,
            dropped: None,
        }
    }

    /// The next lines, each with its end; `None`: that was all. One that is empty is not the last.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        let after = match self.state {
            State::New => {
                self.state = State::After(None);
                return Ok(Some(lines::heading(self.format)));
            }
            State::After(after) => after,
            State::Over => return Ok(None),
        };
        let looked = self.look(after).await?;
        self.state = match looked.next {
            Some(next) => State::After(Some(next)),
            None => State::Over,
        };
        let mut text = String::new();
        for found in &looked.rows {
            text.push_str(&lines::line(self.format, found));
        }
        Ok(Some(text))
    }

    async fn look(&mut self, after: Option<Cursor>) -> Result<Looked, Error> {
        loop {
            let looked = self
                .store
                .search(&self.search, Order::OldestFirst, after, PORTION)
                .await?;
            if looked.misfiled == 0 {
                return Ok(looked);
            }
            // a purge takes rows and terms at once, but may come between the two looks that are one here
            let dropped = self.store.dropped().await?;
            let dropped = dropped.map_or(0, |dropped| dropped.last);
            if self.dropped == Some(dropped) {
                return Err(Error::Misfiled);
            }
            self.dropped = Some(dropped);
        }
    }
}
