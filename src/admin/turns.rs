//! Work that takes memory and time, where it keeps nobody waiting, and only so much of it at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Error;
use super::drafts::aside;

/// Turns at some kind of work. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Turns(Arc<Semaphore>);

/// A turn; the next begins when it is dropped.
#[derive(Debug)]
pub(super) struct Turn(#[expect(dead_code, reason = "it is held")] OwnedSemaphorePermit);

impl Turns {
    /// So many at once.
    pub(super) fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// Waits for a turn.
    pub(super) async fn next(&self) -> Result<Turn, Error> {
        let turn = Arc::clone(&self.0).acquire_owned().await;
        turn.map(Turn).map_err(|_| Error::Interrupted)
    }

    /// Does something in its turn. The turn lasts as long as the work, also where nobody waits for it any more.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.next().await?;
        aside(move || {
            let _turn = turn;
            work()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::sync::oneshot;

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_no_room_before_the_work_is_done() {
        let turns = Turns::new(2);
        let (began, beginning) = oneshot::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let mine = turns.clone();
        let waiting = tokio::spawn(async move {
            let work = move || {
                began.send(()).unwrap();
                ended.recv().unwrap();
            };
            turns.aside(work).await
        });
        beginning.await.unwrap();
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(mine.0.available_permits(), 1);
        end.send(()).unwrap();
        let both = (mine.next().await.unwrap(), mine.next().await.unwrap());
        assert_eq!(mine.0.available_permits(), 0);
        drop(both);
        assert_eq!(mine.0.available_permits(), 2);
    }
}
