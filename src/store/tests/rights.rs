//! On `PostgreSQL` the role that serves can add to the record, and neither change nor delete anything in it (B18).

use super::audit::{event, write};
use super::postgres::Cluster;
use super::world::{IDLE, World, at, login, once, open, role, session};
use crate::domain::audit::EventKind;
use crate::domain::record::Search;
use crate::store::audit::Order::NewestFirst;
use crate::store::audit::Purge;
use crate::store::{Draft, Publish, StartSession, Store};

/// What the documents tell operators to grant, for a role of this name.
fn grants(role: &str) -> String {
    let documents = include_str!("../../../docs/audit-events.md");
    let (_, after) = documents.split_once("```sql\n").expect("the statements");
    let (grants, _) = after.split_once("```").expect("their end");
    grants.replace("vestibule_server", role)
}

/// The URL of the same database for another role.
fn as_role(url: &str, role: &str) -> String {
    url.replace("postgres://postgres@", &format!("postgres://{role}@"))
}

/// All that serving does with the database.
async fn serves(store: &Store) {
    store.migrate().await.expect("nothing is to be migrated");
    store.ping().await.expect("ready");
    assert!(!store.index_portion().await.expect("nothing is to be filed"));
    store
        .remember_login(&login("h", "b"), 20)
        .await
        .expect("kept");
    store.take_login("h", "b", at(1)).await.expect("taken");
    let started = store.start_session(&session("ada", "d"), &once("a")).await;
    assert_eq!(started.expect("begun"), StartSession::Started);
    store
        .last_check("d", &role(), at(1), IDLE)
        .await
        .expect("checked");
    let draft = Draft {
        base: None,
        document_json: "{}".to_owned(),
        author: "Ada".to_owned(),
        note: String::new(),
    };
    let published = store.publish(&draft, event(1), at(1)).await;
    assert_eq!(published.expect("published"), Publish::Published(1));
    write(store, 20).await;
    store.end_session("d").await.expect("ended");
    store.sweep(at(99_999), IDLE).await.expect("swept");
    let looked = store.search(&Search::default(), NewestFirst, None, 9).await;
    assert_eq!(looked.expect("a page").rows.len(), 9);
    assert!(store.verify(&[]).await.expect("checked").is_clean());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_role_that_serves_adds_to_the_record_and_another_purges_it() {
    let owner = World::postgres().await;
    let server = format!("server_{}", std::process::id());
    let create = format!("CREATE ROLE {server} LOGIN");
    tokio::task::spawn_blocking(move || Cluster::shared().sql(&create))
        .await
        .expect("a role");
    owner.tamper(&grants(&server)).await;
    let store = open(&as_role(&owner.url, &server)).await;

    serves(&store).await;

    // what it must not
    for refused in [
        "UPDATE audit SET at = at",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE audit_terms SET at = at",
        "DELETE FROM audit_terms",
        "INSERT INTO audit_checkpoint (id, position, chains, mac) VALUES (1, 1, '[]', 'x')",
        "DELETE FROM audit_checkpoint",
        "DROP TABLE audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DELETE FROM _sqlx_migrations",
    ] {
        let statement = sqlx::raw_sql(refused);
        let error = statement.execute(&store.database.writes).await;
        let error = error.expect_err(refused);
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code);
        assert_eq!(code.as_deref(), Some("42501"), "{refused}: {error}");
    }
    assert!(store.purge_portion(5).await.is_err());
    assert!(store.drop_strays(i64::MIN, 0).await.is_err());
    let strays = owner.store.drop_strays(i64::MIN, 0).await;
    assert_eq!(strays.expect("the owner puts the index right"), 0);
    assert!(store.verify(&[]).await.expect("checked").is_clean());

    let purged = owner.store.purge_portion(5).await.expect("dropped");
    assert_eq!(purged, Purge::Portion(5));
    let place = store.append(EventKind::LoginFailed, &event(1), at(1)).await;
    assert_eq!(place.expect("and the server goes on").position, 22);
    assert!(store.verify(&[]).await.expect("checked").is_clean());
}
