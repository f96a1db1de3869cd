//! The schema: from nothing, twice, from every version before, and not from a later one.

mod drafts;

use super::on_both_engines;
use super::world::{IDLE, World, at, identity, login, once, role, session};
use crate::domain::audit::{Event, EventKind};
use crate::domain::person::KnownPerson;
use crate::domain::record::Search;
use crate::store::audit::Row;
use crate::store::migrations::MIGRATIONS;
use crate::store::{Ending, Error, PendingLogin, StartSession, TakeLogin};

/// The schema as a version left it, in an empty database.
pub(super) async fn at_version(world: &World, version: i64) {
    let mut connection = world
        .store
        .database
        .dedicated()
        .await
        .expect("a connection");
    MIGRATIONS
        .run_direct(Some(version), &mut connection, false)
        .await
        .expect("the older schema");
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let files = std::fs::read_dir(folder).expect("the folder");
    let files = files.filter(|file| {
        let name = file.as_ref().expect("a file").file_name();
        name.to_string_lossy().ends_with(".sql")
    });
    assert_eq!(files.count(), MIGRATIONS.iter().count());
    for (number, migration) in (1..).zip(MIGRATIONS.iter()) {
        assert_eq!(migration.version, number, "versions count from 1");
        assert!(!migration.no_tx, "{number} runs in a transaction");
    }
}

async fn the_schema_comes_from_nothing_and_migrating_again_changes_nothing(world: World) {
    assert!(matches!(world.store.ping().await, Err(Error::SchemaOlder)));
    world.store.migrate().await.expect("migrated");
    world.store.ping().await.expect("ready");
    let started = world
        .store
        .start_session(&session("ada", "d"), &once("a"))
        .await;
    assert_eq!(started.expect("begun"), StartSession::Started);
    world.store.migrate().await.expect("migrated again");
    let found = world
        .store
        .find_session("d", at(1), super::world::IDLE)
        .await;
    assert!(found.expect("an answer").is_some());
}

#[tokio::test]
async fn the_schema_comes_from_nothing_on_sqlite() {
    the_schema_comes_from_nothing_and_migrating_again_changes_nothing(World::empty_sqlite().await)
        .await;
}

#[tokio::test]
async fn the_schema_comes_from_nothing_on_postgres() {
    the_schema_comes_from_nothing_and_migrating_again_changes_nothing(
        World::empty_postgres().await,
    )
    .await;
}

async fn every_older_schema_is_brought_up_to_date(empty: impl AsyncFn() -> World) {
    for migration in MIGRATIONS.iter() {
        let world = empty().await;
        at_version(&world, migration.version).await;
        world.store.migrate().await.expect("migrated");
        world.store.ping().await.expect("ready");
    }
}

#[tokio::test]
async fn every_older_schema_is_brought_up_to_date_on_sqlite() {
    every_older_schema_is_brought_up_to_date(World::empty_sqlite).await;
}

#[tokio::test]
async fn every_older_schema_is_brought_up_to_date_on_postgres() {
    every_older_schema_is_brought_up_to_date(World::empty_postgres).await;
}

/// Rows as the first version wrote them: its columns, and no others.
pub(super) async fn rows_of_the_first_version(world: &World, login: &PendingLogin) {
    let intent = serde_json::to_string(&login.intent).expect("JSON");
    let who = serde_json::to_string(&identity("ada")).expect("JSON");
    let (intent, who) = (intent.replace('\'', "''"), who.replace('\'', "''"));
    world
        .tamper(&format!(
            "INSERT INTO pending_logins (handle, browser, idp, intent, challenge, began, expires) \
             VALUES ('{}', '{}', '{}', '{intent}', '{}', {}, {}); \
             INSERT INTO sessions (digest, person, identity, form_token, began, seen, ends) \
             VALUES ('d1', 'p', '{who}', 'form', {}, {}, {})",
            login.handle_digest,
            login.browser_digest,
            login.idp,
            login.challenge_json,
            at(0).timestamp_millis(),
            at(600).timestamp_millis(),
            at(0).timestamp_millis(),
            at(0).timestamp_millis(),
            at(8 * 3600).timestamp_millis(),
        ))
        .await;
}

async fn what_the_first_version_wrote_is_used_by_this_one(world: World) {
    at_version(&world, 1).await;
    let before = PendingLogin {
        replaces: None,
        ..login("h1", "b")
    };
    rows_of_the_first_version(&world, &before).await;
    world.store.migrate().await.expect("migrated");
    let store = &world.store;

    let found = store
        .find_session("d1", at(1), IDLE)
        .await
        .expect("an answer");
    let found = found.expect("the session lives on");
    assert_eq!(
        (found.identity, found.form_token),
        (identity("ada"), "form".to_owned())
    );
    let check = store
        .last_check("d1", &role(), at(1), IDLE)
        .await
        .expect("an answer");
    assert!(check.session_live);

    let taken = store.take_login("h1", "b", at(2)).await.expect("an answer");
    assert_eq!(taken, TakeLogin::Taken(Box::new(before)));
    // and the session can be replaced as one of this version's
    let mut next = session("ada", "d2");
    next.replaces = vec!["d1".to_owned()];
    let started = store.start_session(&next, &once("a")).await;
    assert_eq!(started.expect("begun"), StartSession::Started);
    let found = store
        .find_session("d1", at(3), IDLE)
        .await
        .expect("an answer");
    assert!(found.is_none());
}

#[tokio::test]
async fn what_the_first_version_wrote_is_used_by_this_one_on_sqlite() {
    what_the_first_version_wrote_is_used_by_this_one(World::empty_sqlite().await).await;
}

#[tokio::test]
async fn what_the_first_version_wrote_is_used_by_this_one_on_postgres() {
    what_the_first_version_wrote_is_used_by_this_one(World::empty_postgres().await).await;
}

/// A session as the third version wrote it is seen by its person, ended by its handle, and stopped like any other.
async fn a_session_from_before_stops_is_seen_and_ended(world: World) {
    at_version(&world, 3).await;
    let store = &world.store;
    let login = login("h1", "b");
    rows_of_the_first_version(&world, &login).await;
    let ada = identity("ada");
    let key = store.person_key(&ada.idp, &ada.subject);
    world
        .tamper(&format!("UPDATE sessions SET person = '{key}'"))
        .await;
    store.migrate().await.expect("migrated");
    let seen = store.sessions_of(&key, at(1), IDLE).await;
    let seen = seen.expect("sessions").remove(0);
    assert_eq!(seen.person, KnownPerson::of(&ada));
    assert_eq!((seen.address, seen.browser.as_str()), (None, ""));
    let people = store.seen_last(10, at(1), IDLE).await.expect("people");
    assert_eq!(people.0[0].key, key);
    let event = Event::default();
    let ended = store.end_sessions(&key, Ending::One(&seen.handle), &event, at(1));
    assert!(ended.await.expect("an answer"));
    let found = store.find_session("d1", at(1), IDLE).await;
    assert!(found.expect("an answer").is_none());
}

#[tokio::test]
async fn a_session_from_before_stops_is_seen_and_ended_on_sqlite() {
    a_session_from_before_stops_is_seen_and_ended(World::empty_sqlite().await).await;
}

#[tokio::test]
async fn a_session_from_before_stops_is_seen_and_ended_on_postgres() {
    a_session_from_before_stops_is_seen_and_ended(World::empty_postgres().await).await;
}

async fn revocations_can_be_kept_beside_what_was_there_before(world: World) {
    let before = MIGRATIONS.iter().map(|migration| migration.version);
    at_version(&world, 1).await;
    rows_of_the_first_version(&world, &login("h1", "b")).await;
    let before = before.filter(|version| *version < 7).max();
    at_version(&world, before.expect("one before")).await;
    world.store.migrate().await.expect("migrated");
    let store = &world.store;
    let found = store.find_session("d1", at(1), IDLE).await;
    assert!(found.expect("an answer").is_some());
    let added = store.add_revocation("a", "{}", at(0), at(0)).await;
    added.expect("added");
    let claimed = store.claim_revocation(at(9), at(1)).await;
    assert!(claimed.expect("an answer").is_some());
}

#[tokio::test]
async fn revocations_can_be_kept_beside_what_was_there_before_on_sqlite() {
    revocations_can_be_kept_beside_what_was_there_before(World::empty_sqlite().await).await;
}

#[tokio::test]
async fn revocations_can_be_kept_beside_what_was_there_before_on_postgres() {
    revocations_can_be_kept_beside_what_was_there_before(World::empty_postgres().await).await;
}

/// A record as the second version wrote it: sealed rows of the first schema of events, and no index.
async fn a_record_of_the_second_version(world: &World, rows: i64) {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &super::world::KEY);
    let mut previous = String::new();
    for n in 1..=rows {
        let mut row = Row {
            position: n,
            chain: "old".to_owned(),
            sequence: n,
            at: at(n).timestamp_millis(),
            kind: "signin_ended".to_owned(),
            event: format!(
                r#"{{"signin_id":"s{n}","idp":"corp","subject":"ada","role":"dev/Admin"}}"#
            ),
            previous,
            mac: String::new(),
        };
        row.seal(&key);
        world
            .tamper(&format!(
                "INSERT INTO audit (position, chain, sequence, at, kind, event, previous, mac) \
                 VALUES ({n}, 'old', {n}, {}, 'signin_ended', '{}', '{}', '{}'); \
                 UPDATE audit_position SET last = {n}",
                row.at, row.event, row.previous, row.mac,
            ))
            .await;
        previous = row.mac;
    }
}

async fn a_record_from_before_the_index_is_filed_and_verifies(world: World) {
    at_version(&world, 2).await;
    a_record_of_the_second_version(&world, 250).await;
    let checked = world
        .store
        .verify(&[])
        .await
        .expect("an older schema has none");
    assert!(checked.is_clean(), "{:?}", checked.findings);
    world.store.migrate().await.expect("migrated");
    let store = &world.store;
    assert_eq!(store.unindexed().await.expect("an answer"), Some((1, 250)));
    while store.index_portion().await.expect("filed") {}
    let checked = store.verify(&[]).await.expect("checked");
    assert!(checked.is_clean(), "{:?}", checked.findings);
    assert_eq!(checked.rows, 250);
    let search = Search::read([("role", "dev/Admin"), ("signin", "s7")]).expect("a search");
    let looked = store
        .search(&search, crate::store::audit::Order::NewestFirst, None, 9)
        .await
        .expect("a page");
    assert_eq!(looked.rows.len(), 1);
}

#[tokio::test]
async fn a_record_from_before_the_index_is_filed_and_verifies_on_sqlite() {
    a_record_from_before_the_index_is_filed_and_verifies(World::empty_sqlite().await).await;
}

#[tokio::test]
async fn a_record_from_before_the_index_is_filed_and_verifies_on_postgres() {
    a_record_from_before_the_index_is_filed_and_verifies(World::empty_postgres().await).await;
}

async fn a_record_filed_before_people_had_keys_is_filed_once_more(world: World) {
    at_version(&world, 7).await;
    let event = Event {
        idp: Some("corp".to_owned()),
        subject: Some("ada".to_owned()),
        ..Event::default()
    };
    let row = world.store.append(EventKind::SessionBegan, &event, at(1));
    row.await.expect("a row");
    let filed = "DELETE FROM audit_terms WHERE term LIKE 'y%'";
    world.tamper(filed).await;
    world.store.migrate().await.expect("migrated");
    let store = &world.store;
    assert_eq!(store.unindexed().await.expect("an answer"), Some((1, 1)));
    while store.index_portion().await.expect("filed") {}
    let checked = store.verify(&[]).await.expect("checked");
    assert!(checked.is_clean(), "{:?}", checked.findings);
}

#[tokio::test]
async fn a_record_filed_before_people_had_keys_is_filed_once_more_on_sqlite() {
    a_record_filed_before_people_had_keys_is_filed_once_more(World::empty_sqlite().await).await;
}

#[tokio::test]
async fn a_record_filed_before_people_had_keys_is_filed_once_more_on_postgres() {
    a_record_filed_before_people_had_keys_is_filed_once_more(World::empty_postgres().await).await;
}

on_both_engines! {
    async fn a_schema_newer_than_the_binary_is_refused_by_name(world) {
        world.tamper("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                      SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1").await;
        for refused in [world.store.migrate().await, world.store.ping().await] {
            let refused = refused.expect_err("newer");
            assert!(matches!(refused, Error::SchemaNewer { version: 9999 }), "{refused}");
            assert!(refused.to_string().contains("newer than this version"));
        }
    }

    async fn a_migration_that_was_edited_after_it_ran_is_refused(world) {
        world.tamper("UPDATE _sqlx_migrations SET checksum = substr(checksum, 2)").await;
        let refused = world.store.migrate().await.expect_err("edited");
        assert!(matches!(refused, Error::SchemaDiffers { version: 1 }), "{refused}");
        // and the failed attempt left no lock behind
        assert!(world.store.migrate().await.is_err());
    }
}

async fn replicas_that_start_together_all_find_the_schema(world: World) {
    let mut starts = Vec::new();
    for _ in 0..8 {
        let replica = world.replica().await;
        starts.push(tokio::spawn(async move { replica.migrate().await }));
    }
    for start in starts {
        start.await.expect("no panic").expect("migrated");
    }
    world.store.ping().await.expect("ready");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_start_together_all_find_the_schema_on_sqlite() {
    replicas_that_start_together_all_find_the_schema(World::empty_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_start_together_all_find_the_schema_on_postgres() {
    replicas_that_start_together_all_find_the_schema(World::empty_postgres().await).await;
}
