//! Steps that many tests take: signing in, holding AWS's answer back, and reading the record once it is complete.

use std::time::Duration;

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use vestibule::domain::audit::{Event, EventKind};
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};
use vestibule_sandbox::aws::request_log::Entry;

use super::World;
use super::browser::{Browser, Page};

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

impl World {
    /// A browser with a session of somebody's, by the SAML provider.
    pub async fn signed_in(&self, username: &str) -> Browser {
        let browser = self.browser();
        let page = self.signs_in(&browser, "/?idp=corp", username).await;
        assert_eq!(page.status, 200, "{}", page.body);
        browser
    }

    /// Clicks, holds AWS's answer back until `meanwhile` has been done, and says what the click got.
    pub async fn held_at(
        &self,
        (host, action): (HostKind, &str),
        click: impl Future<Output = Page>,
        meanwhile: impl Future<Output = ()>,
    ) -> Page {
        let latch = Latch::new();
        let faults = &self.sandbox.simulation().faults;
        faults.plan(host, Some(action), Fault::HoldAnswer(latch.clone()));
        let during = async {
            latch.arrived(1).await;
            meanwhile.await;
            latch.release();
        };
        tokio::join!(click, during).0
    }

    /// The events of a kind, once there are so many: the rows that end sign-ins are written after the answers.
    pub async fn audited(&self, kind: EventKind, count: usize) -> Vec<Event> {
        let complete = async {
            loop {
                let events = self.audit(kind).await;
                if events.len() >= count {
                    return events;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, complete)
            .await
            .unwrap_or_else(|_| panic!("there are no {count} rows {kind:?}"))
    }

    /// Waits until so many people's last identities are kept: they are written after the answers.
    pub async fn remembers(&self, count: i64) {
        let complete = async {
            while self.app.store().count_last_identities().await.unwrap() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, complete)
            .await
            .unwrap_or_else(|_| panic!("{count} people are not remembered"));
    }

    /// Waits until nobody's last identity is kept any more: what is over is swept beside the requests.
    pub async fn forgets_everybody(&self) {
        let complete = async {
            while self.app.store().count_last_identities().await.unwrap() > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, complete)
            .await
            .expect("everybody is forgotten");
    }

    /// Runs SQL in the embedded database, beside Vestibule.
    pub async fn runs(&self, sql: &str) {
        let url = format!("sqlite:{}", self.folder.join("vestibule.db").display());
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        ran.execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The rows `begun` and `ended` of the last of so many sign-ins.
    pub async fn signin_rows(&self, count: usize) -> (Event, Event) {
        let ended = self.audited(EventKind::SigninEnded, count).await;
        let begun = self.audited(EventKind::SigninBegun, count).await;
        assert_eq!((begun.len(), ended.len()), (count, count));
        (begun[count - 1].clone(), ended[count - 1].clone())
    }

    /// What AWS was asked for by Vestibule, in order.
    pub fn aws_actions(&self) -> Vec<String> {
        let saw = self.aws_saw();
        let actions = saw.iter().filter_map(|entry| entry.action.clone());
        actions.filter(|action| action != "login").collect()
    }

    /// All calls of STS that AWS saw.
    pub fn sts_calls(&self) -> Vec<Entry> {
        let mut saw = self.aws_saw();
        saw.retain(|entry| entry.host.starts_with("sts."));
        saw
    }

    /// The one call of STS that AWS saw.
    pub fn sts_call(&self) -> Entry {
        let saw = self.aws_saw();
        let mut calls = saw.iter().filter(|entry| entry.host.starts_with("sts."));
        match (calls.next(), calls.next()) {
            (Some(call), None) => call.clone(),
            _ => panic!("not one call of STS: {saw:?}"),
        }
    }

    /// Whether the console that a page shows allows an action.
    pub async fn may(&self, browser: &Browser, page: &Page, action: &str, resource: &str) -> bool {
        let mut url = page.url.clone();
        url.query_pairs_mut().append_pair("format", "json");
        let fields = [("action", action), ("resource", resource)];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let tried = browser
            .once(reqwest::Method::POST, &url, Some(&fields), &[])
            .await;
        let tried: serde_json::Value = serde_json::from_str(&tried.body)
            .unwrap_or_else(|error| panic!("{error}: {}", tried.body));
        tried["outcome"]["decision"] == "allowed"
    }
}

impl Page {
    /// Which problem the page is about; empty where it is about none.
    pub fn problem(&self) -> &str {
        let rest = self.body.split_once("data-problem=\"");
        rest.and_then(|(_, rest)| rest.split('"').next())
            .unwrap_or_default()
    }

    /// The page of a problem without what differs from request to request.
    pub fn without_reference(&self) -> String {
        let (before, after) = self.body.split_once("<dt>Reference</dt><dd>").unwrap();
        format!("{before}{}", &after[16..])
    }

    /// An error page about `problem`, with nowhere that it sends the browser to.
    pub fn is_refused(&self, status: u16, problem: &str) {
        assert_eq!(
            (self.status, self.problem()),
            (status, problem),
            "{}: {}",
            self.url,
            self.body
        );
        assert_eq!(self.header("location"), "", "{problem}");
    }
}
