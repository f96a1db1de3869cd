//! From the file as written to the configuration as meant: every problem is collected, none hides another.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use url::{Host, Url};

use super::raw;
use super::{
    AdministratorConfig, Config, DatabaseConfig, LogConfig, Network, Problem, Problems, Readable,
    ServerConfig, SessionsConfig, TlsFiles, aws, files, idps, issuer, limits, tokens,
};
use crate::domain::identity::IdpId;
use crate::domain::request_form::RequestForm;

/// The longest that what providers said of people may be kept for reviews, in days.
const LONGEST_IMPACT_DAYS: u32 = 400;

/// Where problems and warnings are gathered.
pub(super) struct Report<'a> {
    folder: &'a Path,
    problems: Vec<Problem>,
    warnings: Vec<String>,
}

impl Report<'_> {
    /// Notes a problem.
    pub(super) fn add(&mut self, key: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem {
            key: key.into(),
            message: message.into(),
        });
    }

    /// Notes something that works but should be looked at.
    pub(super) fn warn(&mut self, key: &str, message: &str) {
        self.warnings.push(format!("{key}: {message}"));
    }

    /// A path that the file names, counted from the file's folder.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        self.folder.join(text)
    }

    /// Keeps a value or notes why there is none.
    pub(super) fn keep<T>(&mut self, key: &str, value: Result<T, impl ToString>) -> Option<T> {
        value.map_err(|error| self.add(key, error.to_string())).ok()
    }

    /// Reads a file that holds a secret, and warns when others may read it too.
    pub(super) fn secret_file(&mut self, key: &str, text: &str) -> Option<SecretString> {
        let path = self.path(text);
        let secret = files::read_secret(&path);
        if secret.is_ok() && files::is_open_to_others(&path) {
            self.warn(
                key,
                "everybody on this machine may read the file: chmod 600 it",
            );
        }
        self.keep(key, secret).map(SecretString::from)
    }
}

/// Checks the whole file.
pub(super) fn check(file: raw::File, folder: &Path) -> Result<Config, Problems> {
    let mut report = Report {
        folder,
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    let server = server(&mut report, &file.server);
    let database = database(&mut report, &file.database);
    let sessions = sessions(&mut report, &file.sessions);
    let public_url = server.as_ref().map(|server| server.public_url.clone());
    // an entry with a problem of its own is there all the same
    let known: Vec<String> = file
        .identity_providers
        .iter()
        .map(|entry| entry.id.clone())
        .collect();
    let identity_providers = idps::check(&mut report, file.identity_providers, public_url.as_ref());
    let aws = aws::check(&mut report, &file.aws);
    let issuer = issuer::check(&mut report, file.issuer, public_url.as_ref());
    let credentials = aws::check_credentials(&mut report, file.credentials, aws.as_ref());
    let administrators = administrators(&mut report, file.administrators, &known);
    let request_form = request_form(&mut report, file.portal.request_url.as_deref());
    let tokens = tokens::check(&mut report, &file.tokens);
    limits::check(&mut report, &file.limits);
    log(&mut report, &file.log);
    let (impact_days, impact_key_file) = impact(&mut report, &file.access);
    let access_file = file.access.file.map(|text| report.path(&text));
    let audit_key_file = report.path(&file.audit.key_file);
    let audit_keep_days = keep_days(&mut report, file.audit.keep_days);
    if report.problems.is_empty()
        && let (Some(server), Some(database), Some(aws)) = (server, database, aws)
        && let Some(issuer) = issuer
    {
        return Ok(Config {
            server,
            database,
            sessions,
            identity_providers,
            access_file,
            impact_days,
            impact_key_file,
            aws,
            issuer,
            audit_key_file,
            audit_keep_days,
            credentials,
            administrators,
            request_form,
            tokens,
            limits: file.limits,
            log: LogConfig {
                json: file.log.format == raw::LogFormat::Json,
                filter: file.log.level,
            },
            warnings: report.warnings,
        });
    }
    Err(Problems(report.problems))
}

/// For how long what providers said of people is kept, and under which key.
fn impact(report: &mut Report<'_>, raw: &raw::Access) -> (u32, PathBuf) {
    if raw.impact_days > LONGEST_IMPACT_DAYS {
        report.add(
            "access.impact_days",
            "is 0 to 400 days; 0: nothing is kept, and reviews cannot tell whom a change concerns",
        );
    }
    (raw.impact_days, report.path(&raw.impact_key_file))
}

/// What reads well of a file that does not read well as a whole.
pub(super) fn readable(file: raw::File, folder: &Path) -> Readable {
    let mut report = Report {
        folder,
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    let known: Vec<String> = file
        .identity_providers
        .iter()
        .map(|entry| entry.id.clone())
        .collect();
    let public_url = public_url(&mut report, &file.server.public_url);
    let aws = aws::check(&mut report, &file.aws);
    Readable {
        identity_providers: idps::check(&mut report, file.identity_providers, public_url.as_ref()),
        administrators: administrators(&mut report, file.administrators, &known),
        partitions: aws.map(|aws| aws.partitions).unwrap_or_default(),
    }
}

fn server(report: &mut Report<'_>, raw: &raw::Server) -> Option<ServerConfig> {
    let listen = address(report, "server.listen", &raw.listen);
    let operations = address(report, "server.operations_listen", &raw.operations_listen);
    let public_url = public_url(report, &raw.public_url);
    let cookie_secret = cookie_secret(report, &raw.cookie_secret_file);
    let tls = tls(report, raw);
    let mut trusted_proxies = Vec::new();
    for (index, text) in raw.trusted_proxies.iter().enumerate() {
        match Network::parse(text) {
            Some(network) => trusted_proxies.push(network),
            None => report.add(
                format!("server.trusted_proxies[{index}]"),
                "is no address or network such as 10.0.0.0/8",
            ),
        }
    }
    if raw
        .workers
        .is_some_and(|workers| !(1..=256).contains(&workers))
    {
        report.add("server.workers", "is between 1 and 256");
    }
    Some(ServerConfig {
        listen: listen?,
        operations_listen: operations?,
        public_url: public_url?,
        cookie_secret: cookie_secret?,
        trusted_proxies,
        tls: tls?,
        workers: raw.workers,
    })
}

fn address(report: &mut Report<'_>, key: &str, text: &str) -> Option<SocketAddr> {
    let address = text
        .parse()
        .map_err(|_| "is an address and a port, such as 127.0.0.1:8080");
    report.keep(key, address)
}

fn public_url(report: &mut Report<'_>, text: &str) -> Option<Url> {
    let key = "server.public_url";
    let url = report.keep(key, Url::parse(text).map_err(|_| "is no URL"))?;
    let plain = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !plain {
        report.add(
            key,
            "has a scheme, a host and perhaps a port, and nothing else",
        );
        return None;
    }
    match url.scheme() {
        "https" => Some(url),
        "http" if is_loopback(&url) => Some(url),
        _ => {
            report.add(
                key,
                "begins with https:// (http:// serves loopback addresses only)",
            );
            None
        }
    }
}

/// Whether a URL's host is this machine itself, by address or as `localhost`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// For how many days the record is kept: a month at least, so that no slip of the finger drops what happened last week.
fn keep_days(report: &mut Report<'_>, days: u32) -> u32 {
    if days != 0 && !(30..=36_500).contains(&days) {
        report.add("audit.keep_days", "is 0 (for ever) or 30 to 36500");
    }
    days
}

fn cookie_secret(report: &mut Report<'_>, text: &str) -> Option<SecretString> {
    use secrecy::ExposeSecret as _;
    let key = "server.cookie_secret_file";
    let secret = report.secret_file(key, text)?;
    if secret.expose_secret().len() < 32 {
        report.add(
            key,
            "holds at least 32 characters; `openssl rand -base64 48` makes good ones",
        );
        return None;
    }
    Some(secret)
}

/// `Some(None)`: none wanted. `None`: wanted, and wrong.
#[expect(
    clippy::option_option,
    reason = "absent and wrong are different answers"
)]
fn tls(report: &mut Report<'_>, raw: &raw::Server) -> Option<Option<TlsFiles>> {
    match (&raw.tls_certificate_file, &raw.tls_key_file) {
        (None, None) => Some(None),
        (Some(certificate), Some(key)) => {
            let path = report.path(certificate);
            let certificate =
                files::read_bytes(&path).and_then(|pem| files::certificates(&pem).map(|_| pem));
            let certificate = report.keep("server.tls_certificate_file", certificate);
            let key = report.secret_file("server.tls_key_file", key);
            Some(Some(TlsFiles {
                certificate: certificate?,
                key: key?,
            }))
        }
        (Some(_), None) => {
            report.add("server.tls_key_file", "goes with tls_certificate_file");
            None
        }
        (None, Some(_)) => {
            report.add("server.tls_certificate_file", "goes with tls_key_file");
            None
        }
    }
}

fn database(report: &mut Report<'_>, raw: &raw::Database) -> Option<DatabaseConfig> {
    use secrecy::ExposeSecret as _;
    let url = match (&raw.url, &raw.url_file) {
        (Some(url), None) => SecretString::from(url.clone()),
        (None, Some(file)) => report.secret_file("database.url_file", file)?,
        (Some(_), Some(_)) | (None, None) => {
            report.add(
                "database.url",
                "is given here or by url_file, one of the two",
            );
            return None;
        }
    };
    let text = url.expose_secret();
    if let Some(file) = text.strip_prefix("sqlite:") {
        if file.is_empty() || file.contains('?') || file.starts_with("//") {
            report.add("database.url", "for SQLite is sqlite: and a file's path");
            return None;
        }
        let path = report.path(file);
        return Some(DatabaseConfig {
            url: SecretString::from(format!("sqlite:{}", path.display())),
        });
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Some(DatabaseConfig { url });
    }
    report.add("database.url", "begins with sqlite: or postgres://");
    None
}

fn sessions(report: &mut Report<'_>, raw: &raw::Sessions) -> SessionsConfig {
    if !(5..=1440).contains(&raw.idle_minutes) {
        report.add("sessions.idle_minutes", "is between 5 and 1440");
    }
    if !(1..=168).contains(&raw.absolute_hours) {
        report.add("sessions.absolute_hours", "is between 1 and 168");
    }
    SessionsConfig {
        idle_minutes: raw.idle_minutes,
        absolute_hours: raw.absolute_hours,
    }
}

/// Where people ask for what they lack.
fn request_form(report: &mut Report<'_>, text: Option<&str>) -> Option<RequestForm> {
    let form = text.map(RequestForm::parse)?;
    report.keep("portal.request_url", form)
}

/// A word that is no level would be taken for the name of a target, and nothing at all would be logged.
fn log(report: &mut Report<'_>, raw: &raw::Log) {
    let is_level = |part: &str| {
        let level = part.rsplit('=').next().unwrap_or_default();
        !level.is_empty() && level.parse::<LevelFilter>().is_ok()
    };
    let levels = raw.level.contains('[') || raw.level.split(',').all(is_level);
    if !levels || EnvFilter::try_new(&raw.level).is_err() {
        report.add(
            "log.level",
            "is off, error, warn, info, debug or trace, or a filter such as vestibule=debug,warn",
        );
    }
}

fn administrators(
    report: &mut Report<'_>,
    raw: Vec<raw::Administrator>,
    known: &[String],
) -> Vec<AdministratorConfig> {
    let mut administrators = Vec::new();
    for (index, entry) in raw.into_iter().enumerate() {
        let key = format!("administrators[{index}]");
        if entry.when.is_empty() {
            report.add(
                format!("{key}.when"),
                "needs at least one condition: otherwise everybody would be an administrator",
            );
        }
        match IdpId::parse(&entry.idp) {
            Ok(idp) if known.contains(&entry.idp) => {
                administrators.push(AdministratorConfig {
                    idp,
                    when: entry.when,
                });
            }
            _ => report.add(format!("{key}.idp"), "is none of the identity providers"),
        }
    }
    administrators
}
