//! Databases that are locked, full, read-only, damaged or away: errors, never a panic, never half a thing.

use super::audit::{event, write};
use super::on_both_engines;
use super::world::{
    Folder, IDLE, KEY, World, at, identity, idp, login, once, open, role, session, subject,
};
use crate::domain::audit::{Event, EventKind};
use crate::random::SystemRandom;
use crate::store::audit::Row;
use crate::store::{AuditKey, Draft, Error, ImpactKey, StartSession};

on_both_engines! {
    async fn a_row_that_is_not_what_it_should_be_is_named_by_its_column(world) {
        world.store.start_session(&session("ada", "d"), &once("a")).await.expect("begun");
        world.tamper("UPDATE sessions SET identity = '{\"SECRET'").await;
        let error = world.store.find_session("d", at(1), IDLE).await.expect_err("damaged");
        assert!(matches!(error, Error::Inconsistent { table: "sessions", column: "identity" }), "{error}");
        assert!(!format!("{error:?} {error}").contains("SECRET"));

        world.store.remember_login(&login("h", "b"), 20).await.expect("remembered");
        world.tamper("UPDATE pending_logins SET idp = 'No Such Thing!'").await;
        let error = world.store.take_login("h", "b", at(1)).await.expect_err("damaged");
        assert!(matches!(error, Error::Inconsistent { table: "pending_logins", column: "idp" }), "{error}");

        write(&world.store, 1).await;
        world.tamper("UPDATE audit SET kind = 'unheard_of'").await;
        let error = world.store.recent(None, 10).await.expect_err("damaged");
        assert!(matches!(error, Error::Inconsistent { table: "audit", column: "kind" }), "{error}");
        world.tamper("UPDATE audit SET kind = 'signin_begun', at = 9223372036854775807").await;
        let error = world.store.recent(None, 10).await.expect_err("damaged");
        assert!(matches!(error, Error::Inconsistent { table: "audit", column: "at" }), "{error}");
    }

    async fn without_its_tables_every_operation_is_an_error_and_none_a_panic(world) {
        world.tamper("DROP TABLE sessions; DROP TABLE used_assertions; DROP TABLE pending_logins; \
                      DROP TABLE access_revisions; DROP TABLE audit; DROP TABLE audit_position; DROP TABLE preferences").await;
        let store = &world.store;
        assert!(store.remember_login(&login("h", "b"), 20).await.is_err());
        assert!(store.take_login("h", "b", at(0)).await.is_err());
        assert!(store.start_session(&session("ada", "d"), &once("a")).await.is_err());
        assert!(store.find_session("d", at(0), IDLE).await.is_err());
        assert!(store.last_check("d", &role(), at(0), IDLE).await.is_err());
        assert!(store.end_session("d").await.is_err());
        assert!(store.sweep(at(0), IDLE).await.is_err());
        assert!(store.current_revision().await.is_err());
        assert!(store.append(EventKind::LoginFailed, &event(1), at(0)).await.is_err());
        assert!(store.recent(None, 1).await.is_err());
        assert!(store.verify(&[]).await.is_err());
    }

    async fn a_last_identity_that_cannot_be_written_leaves_what_stood_and_harms_nothing_else(world) {
        let store = &world.store;
        let key = ImpactKey::new(&[1; 32], std::sync::Arc::new(SystemRandom)).expect("a key");
        store.note_identity(&key, &identity("ada"), at(0)).await.expect("noted");
        let full = "ALTER TABLE last_identities RENAME COLUMN seen TO seen_away";
        world.tamper(full).await;
        for name in ["ada", "bob"] {
            let refused = store.note_identity(&key, &identity(name), at(5)).await;
            assert!(refused.expect_err("refused").is_unavailable(), "{name}");
        }
        // the session that it belongs to begins in a transaction of its own
        let begun = store.start_session(&session("ada", "d"), &once("a")).await;
        assert_eq!(begun.expect("begun"), StartSession::Started);
        world.tamper("ALTER TABLE last_identities RENAME COLUMN seen_away TO seen").await;
        assert_eq!(store.count_last_identities().await.expect("an answer"), 1, "nobody half");
        let kept = store.last_identity((&idp("corp"), &subject("ada")), at(-1)).await.expect("an answer");
        let kept = kept.expect("ada").open(&key).expect("readable");
        assert_eq!((kept.identity, kept.seen), (identity("ada"), at(0)), "as it stood");
        store.note_identity(&key, &identity("bob"), at(5)).await.expect("noted when it can be");
    }

    async fn a_batch_that_fails_leaves_no_row_and_the_chain_goes_on(world) {
        write(&world.store, 3).await;
        world.tamper("ALTER TABLE audit RENAME TO audit_away").await;
        assert!(world.store.append(EventKind::LoginFailed, &event(1), at(0)).await.is_err());
        world.tamper("ALTER TABLE audit_away RENAME TO audit").await;
        let places = write(&world.store, 3).await;
        assert_eq!(places.iter().map(|p| p.position).collect::<Vec<_>>(), [4, 5, 6]);
        assert_eq!(places.iter().map(|p| p.sequence).collect::<Vec<_>>(), [4, 5, 6]);
        assert!(world.store.verify(&[]).await.expect("checked").is_clean());
    }

    async fn a_row_that_was_committed_though_its_commit_was_never_answered_is_followed(world) {
        write(&world.store, 3).await;
        let row = fail_once_then(&world, |_| {}).await;
        let place = write(&world.store, 1).await.remove(0);
        assert_eq!((place.position, place.sequence), (5, 5));
        assert_eq!(place.chain, row.chain);
        // what stood in for the writer wrote no terms
        world.store.reindex_portion(0).await.expect("filed");
        assert!(world.store.verify(&[]).await.expect("checked").is_clean());
    }

    async fn a_row_of_ones_own_chain_that_one_did_not_write_is_not_followed(world) {
        write(&world.store, 3).await;
        let row = fail_once_then(&world, |row| row.kind = "signin_ended".to_owned()).await;
        let place = write(&world.store, 1).await.remove(0);
        assert_eq!((place.position, place.sequence), (5, 1));
        assert_ne!(place.chain, row.chain);
        assert_eq!(world.store.verify(&[]).await.expect("checked").findings.len(), 1);
    }
}

/// Makes an append fail, and then puts a row there as if that append had been committed after all.
async fn fail_once_then(world: &World, forge: impl FnOnce(&mut Row)) -> Row {
    let last = world.store.export(2, 1).await.expect("rows").remove(0);
    world.tamper("ALTER TABLE audit RENAME TO audit_away").await;
    let refused = world
        .store
        .append(EventKind::LoginFailed, &event(1), at(0))
        .await;
    assert!(refused.is_err());
    world.tamper("ALTER TABLE audit_away RENAME TO audit").await;
    let mut row = Row {
        position: last.position + 1,
        sequence: last.sequence + 1,
        previous: last.mac.clone(),
        ..last
    };
    row.seal(&AuditKey::new(KEY).hmac());
    forge(&mut row);
    world
        .tamper(&format!(
            "INSERT INTO audit SELECT {}, chain, {}, at, '{}', event, '{}', '{}' FROM audit WHERE position = {}; \
             UPDATE audit_position SET last = last + 1",
            row.position, row.sequence, row.kind, row.previous, row.mac, last.position
        ))
        .await;
    row
}

#[tokio::test]
async fn a_url_that_names_no_usable_database_is_refused_without_repeating_it() {
    for url in [
        "",
        "mysql://u:SECRET@h/d",
        "sqlite::memory:",
        "sqlite:",
        "postgres://u:SECRET@h:port/d",
        "vestibule.db",
    ] {
        let key = crate::store::AuditKey::new([0; 32]);
        let random = std::sync::Arc::new(crate::random::SystemRandom);
        let error = crate::store::Store::open(url, key, random)
            .await
            .expect_err("refused");
        assert!(matches!(error, Error::Url(_)), "{url}: {error}");
        assert!(!format!("{error:?}{error}").contains("SECRET"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stores_debug_output_tells_no_password() {
    let world = World::postgres().await;
    let url = world.url.replacen("postgres@", "postgres:SECRET@", 1);
    assert_ne!(url, world.url);
    let store = open(&url).await;
    assert!(!format!("{store:?}").contains("SECRET"));
}

#[tokio::test]
async fn a_path_with_odd_characters_names_one_file() {
    let folder = Folder::new();
    let path = folder.0.join("a b%23 é%3F.db");
    let store = open(&format!("sqlite://{}", path.display())).await;
    store.migrate().await.expect("migrated");
    store.close().await;
    let names = std::fs::read_dir(&folder.0).expect("the folder");
    let names: Vec<_> = names
        .map(|name| name.expect("a file").file_name())
        .collect();
    assert_eq!(names, ["a b# é?.db"]);
}

#[tokio::test]
async fn the_database_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::sqlite().await;
    write(&world.store, 1).await;
    let path = world.url.trim_start_matches("sqlite:");
    for file in [
        path.to_owned(),
        format!("{path}-wal"),
        format!("{path}-shm"),
    ] {
        let mode = std::fs::metadata(&file)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_read_only_database_is_read_and_every_change_fails() {
    let world = World::sqlite().await;
    world
        .store
        .start_session(&session("ada", "d"), &once("a"))
        .await
        .expect("begun");
    let store = open(&format!("{}?mode=ro", world.url)).await;
    assert!(
        store
            .find_session("d", at(1), IDLE)
            .await
            .expect("an answer")
            .is_some()
    );
    assert!(
        store
            .last_check("d", &role(), at(1), IDLE)
            .await
            .expect("an answer")
            .session_live
    );
    let refused = store
        .append(EventKind::SigninBegun, &event(1), at(0))
        .await
        .expect_err("read-only");
    assert!(refused.is_unavailable(), "{refused}");
    assert!(
        store
            .start_session(&session("ada", "e"), &once("b"))
            .await
            .is_err()
    );
    assert!(store.remember_login(&login("h", "b"), 20).await.is_err());
}

#[tokio::test]
async fn a_full_disk_refuses_rows_and_accepts_them_when_there_is_room_again() {
    let world = World::sqlite().await;
    write(&world.store, 1).await;
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
        .fetch_one(&world.store.database.writes)
        .await
        .expect("a number");
    world
        .tamper(&format!("PRAGMA max_page_count = {pages}"))
        .await;
    let draft = Draft {
        base: None,
        document_json: format!("\"{}\"", "x".repeat(1_000_000)),
        author: String::new(),
        note: String::new(),
    };
    let refused = world
        .store
        .publish(&draft, Event::default(), at(0))
        .await
        .expect_err("full");
    assert!(refused.is_unavailable(), "{refused:?}");
    world.tamper("PRAGMA max_page_count = 1000000").await;
    write(&world.store, 1).await;
    world
        .store
        .publish(&draft, Event::default(), at(0))
        .await
        .expect("published");
}

#[tokio::test]
async fn a_transaction_that_sqlite_rolls_back_by_itself_harms_no_later_one() {
    let world = World::sqlite().await;
    write(&world.store, 2).await;
    for table in ["audit", "sessions", "pending_logins"] {
        world
            .tamper(&format!(
                "CREATE TRIGGER full_{table} BEFORE INSERT ON {table} \
                 BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END"
            ))
            .await;
    }
    for n in 0..5 {
        let refused = world
            .store
            .append(EventKind::SigninBegun, &event(n), at(n))
            .await;
        assert!(refused.expect_err("full").is_unavailable());
        let refused = world
            .store
            .start_session(&session("ada", "d"), &once("a"))
            .await;
        assert!(refused.expect_err("full").is_unavailable());
        assert!(
            world
                .store
                .remember_login(&login("h", "b"), 20)
                .await
                .is_err()
        );
        assert!(world.store.recent(None, 10).await.is_ok());
    }
    for table in ["audit", "sessions", "pending_logins"] {
        world.tamper(&format!("DROP TRIGGER full_{table}")).await;
    }
    assert_eq!(write(&world.store, 1).await[0].sequence, 3);
    let begun = world
        .store
        .start_session(&session("ada", "d"), &once("a"))
        .await;
    assert_eq!(begun.expect("begun"), StartSession::Started);
    world
        .store
        .remember_login(&login("h", "b"), 20)
        .await
        .expect("remembered");
    assert!(world.store.verify(&[]).await.expect("checked").is_clean());
}

#[tokio::test]
async fn a_locked_database_is_read_and_changes_fail_until_it_is_free() {
    let world = World::sqlite().await;
    world
        .store
        .start_session(&session("ada", "d"), &once("a"))
        .await
        .expect("begun");
    let other = world.replica().await;
    let lock = other.database.begin().await.expect("the lock");
    world.tamper("PRAGMA busy_timeout = 1").await;
    assert!(
        world
            .store
            .find_session("d", at(1), IDLE)
            .await
            .expect("an answer")
            .is_some()
    );
    let refused = world
        .store
        .append(EventKind::SigninBegun, &event(1), at(0))
        .await
        .expect_err("locked");
    assert!(refused.is_unavailable(), "{refused}");
    let refused = world
        .store
        .start_session(&session("eve", "e"), &once("b"))
        .await
        .expect_err("locked");
    assert!(refused.is_unavailable(), "{refused}");
    lock.rollback().await.expect("free");
    write(&world.store, 1).await;
    let retried = world
        .store
        .start_session(&session("eve", "e"), &once("b"))
        .await
        .expect("begun");
    assert_eq!(retried, StartSession::Started);
}

#[tokio::test]
async fn sqlite_is_set_up_to_be_durable_on_the_connection_that_writes() {
    let world = World::sqlite().await;
    let pool = &world.store.database.writes;
    let setting = async |pragma: &'static str| {
        let row = sqlx::query(pragma)
            .fetch_one(pool)
            .await
            .expect("a setting");
        sqlx::Row::try_get::<String, _>(&row, 0)
            .or_else(|_| sqlx::Row::try_get::<i64, _>(&row, 0).map(|n| n.to_string()))
            .expect("a value")
    };
    assert_eq!(setting("PRAGMA journal_mode").await, "wal");
    assert_eq!(setting("PRAGMA synchronous").await, "2");
    assert_eq!(setting("PRAGMA foreign_keys").await, "1");
}

#[tokio::test]
async fn postgres_is_set_up_to_be_durable_whatever_the_servers_default() {
    let world = World::postgres().await;
    let setting: String = sqlx::query_scalar("SHOW synchronous_commit")
        .fetch_one(&world.store.database.writes)
        .await
        .expect("a setting");
    assert_eq!(setting, "on");
}
