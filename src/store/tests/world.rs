//! A store to test, and what tests put into it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Duration};

use super::postgres::Cluster;
use crate::domain::Timestamp;
use crate::domain::identity::{Authentication, Identity, IdpId, Subject};
use crate::domain::intent::{Intent, Search};
use crate::domain::preferences::LastingKey;
use crate::random::SystemRandom;
use crate::store::{AuditKey, NewSession, Once, PendingLogin, Store};

/// The key of every test's audit log.
pub(super) const KEY: [u8; 32] = [7; 32];

/// How long a session may idle in tests.
pub(super) const IDLE: Duration = Duration::hours(1);

/// A database of one test's own, and a store over it.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(super) url: String,
    _folder: Option<Folder>,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        Self::migrated(Self::empty_sqlite().await).await
    }

    pub(super) async fn postgres() -> Self {
        Self::migrated(Self::empty_postgres().await).await
    }

    /// Without a schema.
    pub(super) async fn empty_sqlite() -> Self {
        let folder = Folder::new();
        let url = format!("sqlite:{}", folder.0.join("vestibule.db").display());
        Self::over(url, Some(folder)).await
    }

    /// Without a schema.
    pub(super) async fn empty_postgres() -> Self {
        let url = tokio::task::spawn_blocking(|| Cluster::shared().database());
        Self::over(url.await.expect("a database"), None).await
    }

    async fn over(url: String, folder: Option<Folder>) -> Self {
        let store = open(&url).await;
        Self {
            store,
            url,
            _folder: folder,
        }
    }

    async fn migrated(self) -> Self {
        self.store.migrate().await.expect("the schema");
        self
    }

    /// Another replica: a store of its own over the same database.
    pub(super) async fn replica(&self) -> Store {
        open(&self.url).await
    }

    /// Runs SQL behind the store's back.
    pub(crate) async fn tamper(&self, sql: &str) -> u64 {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&self.store.database.writes)
            .await
            .expect("the tampering works")
            .rows_affected()
    }
}

/// A store over a database.
pub(super) async fn open(url: &str) -> Store {
    Store::open(url, AuditKey::new(KEY), Arc::new(SystemRandom))
        .await
        .expect("the database opens")
}

/// A folder that goes when the test does.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "vestibule-store-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::SeqCst)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A moment, this many seconds after an arbitrary one.
pub(super) fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(1_800_000_000 + seconds, 123_000_000).expect("a moment")
}

pub(super) fn idp(text: &str) -> IdpId {
    IdpId::parse(text).expect("an id")
}

pub(super) fn subject(value: &str) -> Subject {
    Subject {
        format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned(),
        value: value.to_owned(),
    }
}

/// Somebody, with attributes that are hard to keep.
pub(super) fn identity(name: &str) -> Identity {
    let hard = ["", " é\u{2028}\"\\'", "a\0b", "\u{10ffff}"];
    Identity {
        idp: idp("corp"),
        subject: subject(name),
        display_name: format!("{name} the \0 First"),
        verified_email: None,
        attributes: [(
            "groups".to_owned(),
            hard.iter().map(|&value| value.to_owned()).collect(),
        )]
        .into(),
        authentication: Authentication {
            at: Some(at(-5)),
            context: vec!["urn:x".to_owned()],
            class: None,
            session_ends: None,
        },
        notice: None,
    }
}

pub(super) fn session(name: &str, digest: &str) -> NewSession {
    NewSession {
        digest: digest.to_owned(),
        identity: identity(name),
        began: at(0),
        ends: at(8 * 3600),
        form_token: format!("form-{digest}"),
        replaces: Vec::new(),
        address: Some([192, 0, 2, 7].into()),
        browser: "Firefox on Linux".to_owned(),
    }
}

/// A role that nothing stops.
pub(super) fn role() -> LastingKey {
    LastingKey::parse("111122223333/ReadOnly").expect("a role")
}

pub(super) fn once(id: &str) -> Once {
    Once {
        idp: idp("corp"),
        id: id.to_owned(),
        until: at(600),
    }
}

pub(super) fn login(handle: &str, browser: &str) -> PendingLogin {
    PendingLogin {
        handle_digest: handle.to_owned(),
        browser_digest: browser.to_owned(),
        idp: idp("corp"),
        intent: Intent::Search(Search {
            text: "a\0b".to_owned(),
            region: None,
            destination: None,
        }),
        challenge_json: r#"{"kind":"saml","request":"_x"}"#.to_owned(),
        began: at(0),
        expires: at(600),
        replaces: Some("d1".to_owned()),
    }
}
