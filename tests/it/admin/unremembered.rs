//! What a provider said of somebody cannot be kept: they get in all the same, the log says so, and reviews rest on what
//! was kept before.

use std::io::Write;
use std::sync::{Arc, Mutex};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use tracing_subscriber::fmt::MakeWriter;

use super::*;

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines(&self, of: &str) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().filter(|line| line.contains(of));
        lines.map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;
    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Runs SQL beside Vestibule.
async fn runs(world: &World, sql: &str) {
    let url = format!("sqlite:{}", world.folder.join("vestibule.db").display());
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

const REFUSED: &str = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";

const SAID: &str = "what a provider said of a person could not be kept";

#[tokio::test]
async fn whoever_cannot_be_remembered_gets_in_and_the_log_says_so() {
    let mut world = World::start().await;
    world.signed_in("erin").await;
    world.remembers(1).await;
    for event in ["INSERT", "UPDATE"] {
        let refuses =
            format!("CREATE TRIGGER no_{event} BEFORE {event} ON last_identities {REFUSED}");
        runs(&world, &refuses).await;
    }
    // what is done after the answers is done on this test's thread
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let listening = tracing::subscriber::set_default(subscriber);
    let browser = world.browser();
    let link = format!("/go/payments-prod/Admin?idp={SAML}");
    let page = world.signs_in(&browser, &link, "erin").await;
    world.console(&browser, &page).await;
    let (ada, page) = drafting(&world).await;
    let review = ada
        .submits(&reviewing(
            draft_form(&page).with("document", &(text_of(&page) + NORA)),
        ))
        .await;
    assert!(
        review.body.contains("rests on the 1 person"),
        "{}",
        review.body
    );
    let published = ada.submits(&publishing(&review)).await;
    assert_eq!(
        published.url.path(),
        "/admin/access/revisions/2",
        "{}",
        published.body
    );
    let kept = world.app.store().count_last_identities().await.unwrap();
    assert_eq!(kept, 1, "as before");
    runs(&world, "DROP TRIGGER no_INSERT; DROP TRIGGER no_UPDATE").await;
    // a restart finishes what runs after the answers
    world = world.restarted().await;
    let said = log.lines(SAID);
    assert_eq!(said.len(), 2, "erin and ada: {said:?}");
    for line in said {
        assert!(line.contains("WARN"), "{line}");
        assert!(!line.contains("erin") && !line.contains("ada@"), "{line}");
    }
    drop(listening);
    world.signed_in("ada").await;
    world.remembers(2).await;
    world.stop().await;
}
