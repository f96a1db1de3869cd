//! Logs and metrics.
//!
//! Logs go to standard error, one event a line, text or JSON; `RUST_LOG` goes before the configuration. Metrics are
//! counted in a registry of the running server's own and rendered in the Prometheus text format. No label carries
//! anything that a visitor wrote.

use std::env::VarError;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tracing::Level;
use tracing_subscriber::filter::{FromEnvError, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::LogConfig;

/// Begins logging for the whole process; a second call changes nothing.
pub fn begin_logging(config: &LogConfig) -> Result<(), FromEnvError> {
    let filter = match EnvFilter::try_from_default_env() {
        Ok(filter) => filter,
        Err(error) if is_unset(&error) => {
            EnvFilter::try_new(&config.filter).unwrap_or_else(|_| EnvFilter::new("info"))
        }
        // whoever sets it looks for something in the log, and must not look in vain
        Err(error) => return Err(error),
    };
    // a process that logs already goes on as it does
    let _ = subscriber(filter, config.json, std::io::stderr).try_init();
    Ok(())
}

fn is_unset(error: &FromEnvError) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref());
    matches!(cause, Some(VarError::NotPresent))
}

/// What writes the log. Whatever the filter says, other people's crates stay above `debug`: below it some of them
/// print what goes over the wire, and that holds credentials. `aws_config` stays out altogether: its warnings quote
/// what a program that gives credentials printed; `aws` says in words of its own why there are none.
pub fn subscriber<W>(filter: EnvFilter, json: bool, writer: W) -> impl SubscriberInitExt
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = if json {
        lines.json().boxed()
    } else {
        lines.boxed()
    };
    let ours = filter_fn(|about| {
        let target = about.target();
        target.starts_with("vestibule")
            || (*about.level() <= Level::INFO && !target.starts_with("aws_config"))
    });
    tracing_subscriber::registry()
        .with(filter)
        .with(lines.with_filter(ours))
}

type Labels = Vec<(&'static str, String)>;

/// Request times, from half a millisecond to sixteen seconds.
#[derive(Debug, Clone, Copy)]
struct Seconds;

impl MetricConstructor<Histogram> for Seconds {
    fn new_metric(&self) -> Histogram {
        Histogram::new(exponential_buckets(0.0005, 2.0, 16))
    }
}

/// The counters of one running server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Registry,
    logins: Family<Labels, Counter>,
    signins: Family<Labels, Counter>,
    keys: Family<Labels, Counter>,
    requests: Family<Labels, Histogram, Seconds>,
    revision: Gauge,
    issuer_keys: Family<Labels, Gauge>,
    too_often: Family<Labels, Counter>,
    given_up: Family<Labels, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("vestibule");
        let logins = Family::default();
        let signins = Family::default();
        let keys = Family::default();
        let requests = Family::new_with_constructor(Seconds);
        let revision = Gauge::default();
        let issuer_keys = Family::default();
        let too_often = Family::default();
        let given_up = Family::default();
        registry.register(
            "logins",
            "Logins at identity providers, by provider and result",
            logins.clone(),
        );
        registry.register(
            "signins",
            "Consoles asked for, by STS operation and result",
            signins.clone(),
        );
        registry.register(
            "keys",
            "Keys asked for, by STS operation and result",
            keys.clone(),
        );
        registry.register(
            "request_duration_seconds",
            "Requests answered, by route and status",
            requests.clone(),
        );
        registry.register(
            "access_revision",
            "The revision of the access model that this replica decides by",
            revision.clone(),
        );
        registry.register(
            "issuer_key_expires_in_seconds",
            "How long the certificates of the issuer's keys last, by key, use and state",
            issuer_keys.clone(),
        );
        registry.register(
            "too_often",
            "Requests refused because too many came, by what they were for and whose limit it was",
            too_often.clone(),
        );
        registry.register(
            "revocations_given_up",
            "Sessions in AWS that were to be cut off and are not, place by place, by why it was to be done",
            given_up.clone(),
        );
        Self(Arc::new(Inner {
            registry,
            logins,
            signins,
            keys,
            requests,
            revision,
            issuer_keys,
            too_often,
            given_up,
        }))
    }
}

impl Metrics {
    /// Counts a login.
    pub fn login(&self, idp: &str, result: &'static str) {
        let labels = vec![("idp", idp.to_owned()), ("result", result.to_owned())];
        self.0.logins.get_or_create(&labels).inc();
    }

    /// Counts a console asked for.
    pub fn signin(&self, operation: &'static str, result: &'static str) {
        let labels = vec![
            ("operation", operation.to_owned()),
            ("result", result.to_owned()),
        ];
        self.0.signins.get_or_create(&labels).inc();
    }

    /// Counts keys asked for.
    pub fn keys(&self, operation: &'static str, result: &'static str) {
        let labels = vec![
            ("operation", operation.to_owned()),
            ("result", result.to_owned()),
        ];
        self.0.keys.get_or_create(&labels).inc();
    }

    /// Counts a request; `route` is the pattern from the table of routes, never the path.
    pub fn request(&self, route: &str, status: u16, took: Duration) {
        let labels = vec![("route", route.to_owned()), ("status", status.to_string())];
        self.0
            .requests
            .get_or_create(&labels)
            .observe(took.as_secs_f64());
    }

    /// Counts a request that came too often.
    pub fn too_often(&self, what: &'static str, whose: &'static str) {
        let labels = vec![("what", what.to_owned()), ("whose", whose.to_owned())];
        self.0.too_often.get_or_create(&labels).inc();
    }

    /// Counts a piece of work for ending sessions that is not tried any more.
    pub fn revocation_given_up(&self, why: &'static str) {
        let labels = vec![("why", why.to_owned())];
        self.0.given_up.get_or_create(&labels).inc();
    }

    /// Notes which revision decides.
    pub fn revision(&self, number: i64) {
        self.0.revision.set(number);
    }

    /// Notes how long the issuer's keys last: by id, use and state, in seconds. Keys that are not among them are gone.
    pub fn issuer_keys<'k>(&self, keys: impl Iterator<Item = ([&'k str; 3], i64)>) {
        self.0.issuer_keys.clear();
        for ([key, purpose, state], left) in keys {
            let labels = vec![
                ("key", key.to_owned()),
                ("use", purpose.to_owned()),
                ("state", state.to_owned()),
            ];
            self.0.issuer_keys.get_or_create(&labels).set(left);
        }
    }

    /// The Prometheus text format.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // writing to a String cannot fail
        let _ = encode(&mut text, &self.0.registry);
        text
    }
}
