//! The single parts, each from the configuration.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::ExposeSecret as _;

use super::StartError;
use crate::admin::revoke::OnGivenUp;
use crate::admin::{Admin, Prober, Remembering, Revocations};
use crate::aws::{Aws, kinds_written};
use crate::clock::{SharedClock, SystemClock};
use crate::config::{AdministratorConfig, Config, IdentityProvider, IdpKind};
use crate::domain::access::{Issuance, OwnCredentials, Surroundings};
use crate::domain::identity::Protocol;
use crate::domain::names::UniqueDomains;
use crate::domain::partition::Partitions;
use crate::idp::Providers;
use crate::issuer::Issuer;
use crate::limits::Limits;
use crate::random::{SharedRandom, SystemRandom};
use crate::signin::{Administrators, Parts, Signin};
use crate::store::{Access, Store, impact_key};
use crate::telemetry::Metrics;
use crate::web;

/// One TLS provider for the whole process; a second call changes nothing.
pub(super) fn install_crypto() {
    // another server in this process has done it already
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// The issuer, with the keys that lie in its folder.
pub(super) fn issuer(
    config: &Config,
    (clock, random): (&SharedClock, &SharedRandom),
) -> Result<Issuer, StartError> {
    Issuer::open(&config.issuer, &config.aws.partitions, (clock, random))
        .map_err(|problems| StartError::Configuration(problems.to_string()))
}

/// What access models are checked against, with what the issuer's folder holds now; keys that cannot be read count
/// as none.
pub async fn surroundings(config: &Config) -> Surroundings {
    let (clock, random): (SharedClock, SharedRandom) =
        (Arc::new(SystemClock), Arc::new(SystemRandom));
    let issuance = issuer(config, (&clock, &random))
        .map(|issuer| issuer.issuance())
        .unwrap_or_default();
    surroundings_with(config, issuance).await
}

/// What access models are checked against.
pub(super) async fn surroundings_with(config: &Config, issuance: Issuance) -> Surroundings {
    let kinds = kinds_written(&config.credentials).await;
    Surroundings {
        idps: config
            .identity_providers
            .iter()
            .map(|idp| {
                let kind = match idp.kind {
                    IdpKind::Saml(_) => Protocol::Saml,
                    IdpKind::Oidc(_) => Protocol::Oidc,
                };
                (idp.id.clone(), kind)
            })
            .collect(),
        credentials: config
            .credentials
            .iter()
            .map(|own| {
                let about = OwnCredentials {
                    // of some it shows only when they are fetched
                    kind: kinds[&own.name],
                    partition: own.partition.clone(),
                    may_not_assume_roles: own.may_not_assume_roles,
                    account: None,
                };
                (own.name.clone(), about)
            })
            .collect(),
        partitions: config.aws.partitions.clone(),
        issuance,
    }
}

/// Everything wrong with a configuration that reads well: identity providers, administrators, the governing file.
pub async fn problems(config: &Config) -> Vec<String> {
    let mut problems = problems_of(
        &config.identity_providers,
        &config.aws.partitions,
        &config.administrators,
    );
    let (clock, random): (SharedClock, SharedRandom) =
        (Arc::new(SystemClock), Arc::new(SystemRandom));
    if let Err(StartError::Configuration(found)) = issuer(config, (&clock, &random)) {
        problems.push(format!("issuer.keys_dir: {found}"));
    }
    if let Some(file) = &config.access_file {
        let read = tokio::fs::read_to_string(file).await;
        match read {
            Err(error) => problems.push(format!("access.file: {}: {error}", file.display())),
            Ok(text) => {
                if let Err(error) = check_document(&text, config).await {
                    problems.push(format!("access.file: {}: {error}", file.display()));
                }
            }
        }
    }
    problems
}

/// Everything wrong with identity providers and administrators that read well.
pub fn problems_of(
    providers: &[IdentityProvider],
    partitions: &Partitions,
    administrators: &[AdministratorConfig],
) -> Vec<String> {
    let clock: SharedClock = Arc::new(SystemClock);
    let mut problems = Vec::new();
    if let Err(found) = Providers::new(providers, partitions, &clock) {
        problems.extend(found.iter().map(|problem| chain(problem)));
    }
    if let Err(found) = compile_administrators(administrators) {
        problems.push(found);
    }
    problems
}

async fn check_document(text: &str, config: &Config) -> Result<(), String> {
    let document = crate::domain::access::Document::from_toml(text).map_err(|e| e.to_string())?;
    crate::domain::access::check(&document, &surroundings(config).await)
        .map(drop)
        .map_err(|e| e.to_string())
}

fn compile_administrators(entries: &[AdministratorConfig]) -> Result<Administrators, String> {
    let entries = entries
        .iter()
        .map(|entry| (&entry.idp, entry.when.as_slice()));
    Administrators::compile(entries)
}

/// Publishes the governing file when it differs from the current revision.
pub(super) async fn publish_file(config: &Config, admin: &Admin) -> Result<(), StartError> {
    let Some(file) = &config.access_file else {
        return Ok(());
    };
    let text = tokio::fs::read_to_string(file).await.map_err(|error| {
        StartError::Configuration(format!("access.file: {}: {error}", file.display()))
    })?;
    let published = admin.follow_file(&text).await;
    if let Some(number) = published.map_err(StartError::AccessFile)? {
        tracing::info!(
            revision = number,
            "published what the access model's file says"
        );
    }
    Ok(())
}

/// How long a session lives without a click.
pub(super) fn idle(config: &Config) -> chrono::Duration {
    chrono::Duration::minutes(config.sessions.idle_minutes.into())
}

/// The use-cases of administrators.
pub(super) fn admin(
    config: &Config,
    (store, access): (&Store, &Access),
    (aws, issuer): (&Aws, &Issuer),
    clock: &SharedClock,
) -> Admin {
    let idps = crate::idp::facts(&config.identity_providers, clock.now());
    let (parts, towards_aws) = (
        (store.clone(), access.clone()),
        (aws.clone(), issuer.clone()),
    );
    let governed_by = config.access_file.clone();
    Admin::new(parts, towards_aws, Arc::clone(clock), governed_by)
        .with_idps(idps)
        .with_idle(idle(config))
}

/// For how long what providers said of people is kept.
pub(super) fn remembered_for(config: &Config) -> chrono::Duration {
    chrono::Duration::days(config.impact_days.into())
}

/// What it takes to keep it, unless nothing is to be kept.
pub(super) fn remembering(
    config: &Config,
    random: &SharedRandom,
) -> Result<Option<Remembering>, StartError> {
    if config.impact_days == 0 {
        return Ok(None);
    }
    Ok(Some(Remembering {
        key: impact_key::load_or_create(&config.impact_key_file, random)?,
        days: config.impact_days,
    }))
}

/// What probes roles.
pub(super) fn prober(
    (store, access): (&Store, &Access),
    (aws, issuer): (&Aws, &Issuer),
    clock: &SharedClock,
) -> Prober {
    Prober::new(
        (store.clone(), access.clone()),
        (aws.sts.clone(), issuer.clone()),
        Arc::clone(clock),
    )
}

/// What revokes sessions.
pub(super) fn revocations(
    (store, access): (&Store, &Access),
    (aws, issuer): (&Aws, &Issuer),
    (clock, random): (&SharedClock, &SharedRandom),
    metrics: &Metrics,
) -> Revocations {
    let metrics = metrics.clone();
    Revocations::new(
        (store.clone(), access.clone()),
        (aws.sts.clone(), aws.iam.clone()),
        issuer.clone(),
        (Arc::clone(clock), Arc::clone(random)),
        OnGivenUp::new(move |why| metrics.revocation_given_up(why.word())),
    )
}

/// The limits, and the figures that they count in.
pub(super) fn limits(config: &Config, clock: &SharedClock) -> (Limits, Metrics) {
    let metrics = Metrics::default();
    let limits = Limits::new(&config.limits, clock, metrics.clone());
    (limits, metrics)
}

/// The use-cases of people.
pub(super) fn signin(
    config: &Config,
    (store, access): (&Store, &Access),
    (aws, issuer): (&Aws, &Issuer),
    (clock, random): (&SharedClock, &SharedRandom),
    (limits, remembering): (&Limits, Option<&Remembering>),
) -> Result<Signin, StartError> {
    let providers = Providers::new(&config.identity_providers, &config.aws.partitions, clock)
        .map_err(|problems| StartError::Configuration(list(&problems)))?;
    let administrators =
        compile_administrators(&config.administrators).map_err(StartError::Configuration)?;
    let listed = config
        .identity_providers
        .iter()
        .map(|idp| (&idp.id, idp.unique_email_domains.as_slice()));
    let seconds = config.aws.keep_warm_seconds;
    Ok(Signin::new(Parts {
        store: store.clone(),
        access: access.clone(),
        providers,
        aws: aws.clone(),
        issuer: issuer.clone(),
        administrators,
        token_life: config.tokens,
        limits: limits.clone(),
        clock: Arc::clone(clock),
        random: Arc::clone(random),
        public_url: config.server.public_url.clone(),
        unique_domains: UniqueDomains::new(listed),
        partitions: config.aws.partitions.clone(),
        idle: idle(config),
        absolute: chrono::Duration::hours(config.sessions.absolute_hours.into()),
        impact_key: remembering.map(|remembering| remembering.key.clone()),
        keep_warm: (seconds > 0).then(|| Duration::from_secs(seconds.into())),
    }))
}

/// What the web layer needs to know.
pub(super) fn web_settings(config: &Config) -> web::Settings {
    let idps = config
        .identity_providers
        .iter()
        .filter_map(|idp| Some((idp.id.clone(), idp.sign_out_url.clone()?)))
        .collect();
    web::Settings {
        public_url: config.server.public_url.clone(),
        cookie_secret: config.server.cookie_secret.clone(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        workers: config.server.workers.map(usize::from),
        elsewhere: web::Elsewhere {
            idps,
            consoles: crate::aws::sign_out_pages(&config.aws),
            several_consoles: crate::aws::opt_in_page(&config.aws),
        },
        request_form: config.request_form.clone(),
    }
}

/// The listeners, with the certificate when we serve https ourselves.
pub(super) fn listeners(
    config: &Config,
    public: TcpListener,
    operations: TcpListener,
) -> Result<web::Listeners, StartError> {
    let tls = match &config.server.tls {
        None => None,
        Some(files) => {
            let wrong = |_| {
                StartError::Configuration(
                    "server.tls_key_file: does not go with tls_certificate_file".to_owned(),
                )
            };
            let chain: Vec<_> = CertificateDer::pem_slice_iter(&files.certificate)
                .collect::<Result<_, _>>()
                .unwrap_or_default();
            let key = PrivateKeyDer::from_pem_slice(files.key.expose_secret().as_bytes()).map_err(
                |_| {
                    StartError::Configuration(
                        "server.tls_key_file: holds no private key in PEM".to_owned(),
                    )
                },
            )?;
            Some(
                rustls::ServerConfig::builder()
                    .with_no_client_auth()
                    .with_single_cert(chain, key)
                    .map_err(wrong)?,
            )
        }
    };
    Ok(web::Listeners {
        public,
        operations,
        tls,
    })
}

/// Problems one a line, each with the whole chain of why.
pub(super) fn list(problems: &[impl std::error::Error + 'static]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| chain(problem)).collect();
    lines.join("\n")
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        // writing to a String cannot fail
        let _ = write!(text, ": {error}");
        source = error.source();
    }
    text
}
