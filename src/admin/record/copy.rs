//! Copying rows out, portion by portion: no more than one is ever held, however many rows there are.

use super::lines::{self, Format};
use crate::domain::record::{Cursor, Search};
use crate::store::audit::Order;
use crate::store::{Error, Store};

/// How many rows are held at a time.
const PORTION: u32 = 100;

/// A copy under way.
#[derive(Debug)]
pub struct Copying {
    store: Store,
    search: Search,
    format: Format,
    state: State,
}

#[derive(Debug, Clone, Copy)]
enum State {
    New,
    After(Option<Cursor>),
    Over,
}

impl Copying {
    pub(super) fn new(store: Store, search: Search, format: Format) -> Self {
        Self {
            store,
            search,
            format,
            state: State::New,
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
        let looked = self
            .store
            .search(&self.search, Order::OldestFirst, after, PORTION)
            .await?;
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
}
