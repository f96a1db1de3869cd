//! The connections: opened, set up and bounded here and nowhere else.
//!
//! `SQLite` has one connection that writes and several that read (WAL: readers and the writer do not wait for each
//! other, and writers queue in Vestibule instead of polling a file lock). `PostgreSQL` has one pool for both. Every
//! operation has a deadline, so that a database that hangs becomes an error in bounded time.

use std::fmt;
use std::future::Future;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use sqlx::any::{AnyArguments, AnyConnectOptions, AnyPoolOptions, AnyRow};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _};

use super::error::Error;

/// A statement with its arguments.
pub(super) type Statement<'q> = sqlx::query::Query<'q, Any, AnyArguments>;

/// How long one operation may take before it counts as failed.
const DEADLINE: Duration = Duration::from_secs(8);

/// How many rows one statement of a sweep deletes.
const PORTION: i64 = 1000;

const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

/// Which engine, with what is particular to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    fn of(url: &str) -> Result<Self, Error> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres)
        } else {
            Err(Error::Url("the scheme is another"))
        }
    }

    /// A transaction that will write takes `SQLite`'s write lock at once: one that begins by reading could find it
    /// taken later, with no way but to fail.
    fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// What a connection is told first.
    fn setup(self, access: Access) -> &'static str {
        match (self, access) {
            (Self::Sqlite, Access::Writing) => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA busy_timeout = 5000"
            }
            (Self::Sqlite, Access::Reading) => "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON",
            (Self::Postgres, _) => {
                "SET synchronous_commit = on; SET statement_timeout = 7000; SET lock_timeout = 5000; \
                 SET idle_in_transaction_session_timeout = 15000"
            }
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Reading,
    Writing,
}

/// The connections to one database.
pub(super) struct Database {
    pub(super) engine: Engine,
    pub(super) writes: AnyPool,
    reads: AnyPool,
    options: AnyConnectOptions,
    questions: AtomicU64,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // the URL may hold a password
        f.debug_struct("Database")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl Database {
    /// Connects, and creates an `SQLite` file that is not there yet.
    pub(super) async fn connect(url: &str) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        let options =
            AnyConnectOptions::from_str(url).map_err(|_| Error::Url("the text is no URL"))?;
        if engine == Engine::Sqlite {
            create_file(url)?;
        }
        let (write_connections, readers) = match engine {
            Engine::Sqlite => (1, Some(SQLITE_READERS)),
            Engine::Postgres => (POSTGRES_CONNECTIONS, None),
        };
        let writes = bounded(async {
            Ok(pool(engine, Access::Writing, write_connections)
                .connect_with(options.clone())
                .await?)
        })
        .await?;
        let reads = match readers {
            Some(readers) => {
                pool(engine, Access::Reading, readers).connect_lazy_with(options.clone())
            }
            None => writes.clone(),
        };
        Ok(Self {
            engine,
            writes,
            reads,
            options,
            questions: AtomicU64::new(0),
        })
    }

    /// How many statements and transactions have been begun.
    pub(super) fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }

    fn count(&self) {
        self.questions.fetch_add(1, Ordering::Relaxed);
    }

    /// A connection of its own, with no limits on how long a statement takes: for migrations.
    pub(super) async fn dedicated(&self) -> Result<AnyConnection, Error> {
        Ok(AnyConnection::connect_with(&self.options).await?)
    }

    /// Reads rows.
    pub(super) async fn rows(&self, statement: Statement<'_>) -> Result<Vec<AnyRow>, Error> {
        self.count();
        bounded(async { Ok(statement.fetch_all(&self.reads).await?) }).await
    }

    /// Reads at most one row.
    pub(super) async fn row(&self, statement: Statement<'_>) -> Result<Option<AnyRow>, Error> {
        self.count();
        bounded(async { Ok(statement.fetch_optional(&self.reads).await?) }).await
    }

    /// Changes rows; says how many.
    pub(super) async fn execute(&self, statement: Statement<'_>) -> Result<u64, Error> {
        self.count();
        bounded(async { Ok(statement.execute(&self.writes).await?.rows_affected()) }).await
    }

    /// Changes rows and reads what they said. All rows are fetched, so that the change is committed when this returns.
    pub(super) async fn returning(&self, statement: Statement<'_>) -> Result<Vec<AnyRow>, Error> {
        self.count();
        bounded(async { Ok(statement.fetch_all(&self.writes).await?) }).await
    }

    /// Deletes whatever a statement finds, so many rows at a time that nobody who waits to write waits long.
    pub(super) async fn in_portions<'q>(
        &self,
        statement: impl Fn(i64) -> Statement<'q>,
    ) -> Result<u64, Error> {
        let mut gone = 0;
        loop {
            let portion = self.execute(statement(PORTION)).await?;
            gone += portion;
            if portion == 0 {
                return Ok(gone);
            }
        }
    }

    /// Begins a transaction that writes. Use within [`bounded`].
    pub(super) async fn begin(&self) -> Result<Transaction, Error> {
        self.count();
        let mut transaction = Transaction {
            connection: self.writes.acquire().await?,
            open: true,
        };
        transaction.run(self.engine.begin()).await?;
        Ok(transaction)
    }

    /// Closes all connections, after what is under way.
    pub(super) async fn close(&self) {
        self.reads.close().await;
        self.writes.close().await;
    }
}

/// A transaction that writes. One that is dropped before its end takes its connection with it: after a failed or abandoned
/// transaction nobody knows what state a connection is in (on a full disk `SQLite` has rolled back by itself; a commit
/// may have been sent and not answered), and a connection that claims to be within a transaction forever would be the only
/// one that writes.
#[derive(Debug)]
pub(super) struct Transaction {
    connection: PoolConnection<Any>,
    open: bool,
}

impl Transaction {
    /// The connection, for statements.
    pub(super) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), Error> {
        self.connection.execute(statement).await?;
        Ok(())
    }

    /// Makes it durable.
    pub(super) async fn commit(mut self) -> Result<(), Error> {
        self.run("COMMIT").await?;
        self.open = false;
        Ok(())
    }

    /// Undoes it.
    pub(super) async fn rollback(mut self) -> Result<(), Error> {
        self.run("ROLLBACK").await?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

/// Runs an operation within the deadline.
pub(super) async fn bounded<T>(
    operation: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(DEADLINE, operation)
        .await
        .unwrap_or(Err(Error::TimedOut))
}

fn pool(engine: Engine, access: Access, connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(4))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(engine.setup(access)).await?;
                Ok(())
            })
        })
}

/// Creates the database file for this user's eyes only: it names people. `SQLite` gives its companions (`-wal`, `-shm`)
/// the same permissions.
fn create_file(url: &str) -> Result<(), Error> {
    let text = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let (path, parameters) = text.split_once('?').unwrap_or((text, ""));
    if path.is_empty() || path == ":memory:" || parameters.contains("mode=memory") {
        return Err(Error::Url("SQLite needs a file"));
    }
    let path = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| Error::Url("the path is not UTF-8"))?;
    let path = Path::new(path.as_ref());
    let created = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => Err(Error::File {
            path: path.to_owned(),
            source: Arc::new(source),
        }),
        _ => Ok(()),
    }
}
