//! A `PostgreSQL` server that hangs up, is away, or makes one wait (B25): errors meanwhile, and work again afterwards without a restart.

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions as _, Executor as _};

use super::audit::{event, write};
use super::world::{IDLE, World, at, login, once, role, session};
use crate::domain::audit::EventKind;
use crate::store::{Error, StartSession};

/// A connection of the tests' own to another database of the same server.
async fn operator(world: &World) -> AnyConnection {
    let (_, server) = world.url.split_once('?').expect("where the server is");
    let url = format!("postgres://postgres@localhost/postgres?{server}");
    let options: AnyConnectOptions = url.parse().expect("a URL");
    options.connect().await.expect("the server answers")
}

async fn run(operator: &mut AnyConnection, sql: String) {
    operator.execute(AssertSqlSafe(sql)).await.expect("done");
}

fn name(world: &World) -> &str {
    let (before, _) = world.url.split_once('?').expect("parameters");
    before.rsplit('/').next().expect("a name")
}

fn hang_up(database: &str) -> String {
    format!(
        "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = '{database}'"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_were_hung_up_are_replaced_unnoticed() {
    let world = World::postgres().await;
    let mut operator = operator(&world).await;
    for n in 0..3 {
        run(&mut operator, hang_up(name(&world))).await;
        write(&world.store, 2).await;
        let digest = format!("d{n}");
        let begun = world
            .store
            .start_session(&session("ada", &digest), &once(&digest))
            .await;
        assert_eq!(begun.expect("begun"), StartSession::Started);
    }
    assert!(world.store.verify(&[]).await.expect("checked").is_clean());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_everything_is_refused_and_afterwards_nothing_is() {
    let world = World::postgres().await;
    let mut operator = operator(&world).await;
    let database = name(&world);
    write(&world.store, 3).await;
    run(
        &mut operator,
        format!("ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false"),
    )
    .await;
    run(&mut operator, hang_up(database)).await;
    let store = &world.store;
    for error in [
        store
            .append(EventKind::SigninBegun, &event(1), at(1))
            .await
            .expect_err("away"),
        store
            .start_session(&session("ada", "d"), &once("a"))
            .await
            .expect_err("away"),
        store
            .last_check("d", &role(), at(1), IDLE)
            .await
            .expect_err("away"),
        store
            .remember_login(&login("h", "b"), 20)
            .await
            .expect_err("away"),
        store.ping().await.expect_err("away"),
    ] {
        assert!(error.is_unavailable(), "{error:?}");
    }
    run(
        &mut operator,
        format!("ALTER DATABASE {database} WITH ALLOW_CONNECTIONS true"),
    )
    .await;
    store.ping().await.expect("back");
    let place = write(store, 1).await.remove(0);
    assert_eq!((place.position, place.sequence), (4, 4));
    let begun = store.start_session(&session("ada", "d"), &once("a")).await;
    assert_eq!(begun.expect("begun"), StartSession::Started);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_cut_off_in_the_middle_leaves_a_clean_chain() {
    let world = World::postgres().await;
    let mut operator = operator(&world).await;
    write(&world.store, 3).await;
    let other = world.replica().await;
    // another replica is in the middle of a batch, and holds the positions' row
    let mut holder = other.database.begin().await.expect("a transaction");
    let hold = "UPDATE audit_position SET last = last + 1 WHERE id = 1";
    holder.connection().execute(hold).await.expect("held");
    let waiting = tokio::spawn({
        let store = world.store.clone();
        async move { store.append(EventKind::SigninBegun, &event(9), at(9)).await }
    });
    let database = name(&world);
    let waits = format!(
        "SELECT COALESCE(MAX(pid), 0)::bigint FROM pg_stat_activity \
         WHERE datname = '{database}' AND wait_event_type = 'Lock'"
    );
    let pid: i64 = loop {
        let pid = sqlx::query_scalar(AssertSqlSafe(&*waits))
            .fetch_one(&mut operator)
            .await;
        match pid.expect("a number") {
            0 => tokio::task::yield_now().await,
            pid => break pid,
        }
    };
    run(
        &mut operator,
        format!("SELECT pg_terminate_backend({pid})::text"),
    )
    .await;
    let refused = waiting.await.expect("no panic").expect_err("cut off");
    assert!(refused.is_unavailable(), "{refused:?}");
    holder.rollback().await.expect("given back");
    let place = write(&world.store, 1).await.remove(0);
    assert_eq!((place.position, place.sequence), (4, 4));
    assert!(world.store.verify(&[]).await.expect("checked").is_clean());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_is_locked_for_long_gives_errors_in_bounded_time() {
    let world = World::postgres().await;
    let other = world.replica().await;
    let mut holder = other.database.begin().await.expect("a transaction");
    let lock = "LOCK TABLE sessions, audit, pending_logins IN ACCESS EXCLUSIVE MODE";
    holder.connection().execute(lock).await.expect("locked");
    let store = &world.store;
    let (ada, a, event, login) = (session("ada", "d"), once("a"), event(1), login("h", "b"));
    let (found, begun, row, remembered) = tokio::join!(
        store.find_session("d", at(1), IDLE),
        store.start_session(&ada, &a),
        store.append(EventKind::SigninBegun, &event, at(1)),
        store.remember_login(&login, 20),
    );
    let errors = [found.err(), begun.err(), row.err(), remembered.err()];
    for error in errors.map(|error| error.expect("locked")) {
        assert!(
            matches!(error, Error::Unavailable(_) | Error::TimedOut),
            "{error:?}"
        );
    }
    holder.rollback().await.expect("given back");
    write(store, 1).await;
    let begun = store.start_session(&ada, &a).await;
    assert_eq!(begun.expect("begun"), StartSession::Started);
    assert!(store.verify(&[]).await.expect("checked").is_clean());
}
