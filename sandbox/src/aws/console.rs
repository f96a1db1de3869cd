//! The simulated console: one page that says who arrived, until when and with what, and lets them try an action.
//!
//! It stands on an address of its own, with the console's host as the first path segment, and answers every path
//! there. For programs the same facts come as JSON with `format=json`. It decides nothing: whether an action is
//! allowed is asked of the simulation, as every simulated service would.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::partition::{Host, Partition};
use super::permissions::{Channel, Decision};
use super::policy::Context;
use super::signin::ConsoleSession;
use super::simulation::Simulation;
use super::tokens::{Made, Principal};
use crate::listener::{Binding, Running, StartError};
use crate::pages;

/// The running console.
pub struct Console {
    origin: String,
    server: Running,
}

impl Console {
    /// Serves the console of `simulation`, whose other hosts are to be found at `aws`.
    pub fn start(binding: Binding, simulation: Simulation, aws: &str) -> Result<Self, StartError> {
        let (origin, ..) = binding.origin()?;
        simulation.signin.set_origins(aws, &origin);
        let shared = Data::new(Shared {
            simulation,
            aws: aws.to_owned(),
        });
        let server = Running::start(binding, move |services| {
            configure(services, Data::clone(&shared));
        })?;
        Ok(Self { origin, server })
    }

    /// Its origin: the common beginning of all console pages.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Stops it.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}

struct Shared {
    simulation: Simulation,
    aws: String,
}

fn configure(services: &mut ServiceConfig, shared: Data<Shared>) {
    services
        .app_data(shared)
        .configure(pages::static_files)
        .route("/{host}/{path:.*}", web::get().to(show))
        .route("/{host}/{path:.*}", web::post().to(attempt))
        .route("/{host}", web::get().to(show));
}

#[derive(Deserialize)]
struct Format {
    format: Option<String>,
}

/// An action that somebody tries.
#[derive(Deserialize)]
struct Attempt {
    action: String,
    resource: String,
}

/// What came of it.
#[derive(Serialize)]
struct Outcome {
    action: String,
    resource: String,
    decision: &'static str,
}

/// Everything the page says.
#[derive(Serialize)]
struct Arrival {
    signed_in: bool,
    partition: &'static str,
    account: String,
    account_alias: Option<String>,
    principal: String,
    user_id: String,
    name: String,
    method: &'static str,
    began: String,
    expires: String,
    destination: String,
    region: Option<String>,
    source_identity: Option<String>,
    tags: Vec<(String, String)>,
    transitive_tag_keys: Vec<String>,
    session_policy: Option<String>,
    managed_policies: Vec<String>,
    issuer: Option<String>,
    sign_out: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
}

#[derive(Template)]
#[template(path = "aws/console.html")]
struct ConsolePage<'a> {
    arrival: &'a Arrival,
    /// The issuer, if a browser should follow it.
    issuer_link: Option<&'a str>,
    action: &'a str,
}

#[derive(Template)]
#[template(path = "aws/outside.html")]
struct OutsidePage {
    title: &'static str,
    text: &'static str,
    issuer: Option<String>,
}

async fn show(http: HttpRequest, format: Query<Format>, shared: Data<Shared>) -> HttpResponse {
    shared.answer(&http, format.format.as_deref(), None)
}

async fn attempt(
    http: HttpRequest,
    format: Query<Format>,
    attempt: Form<Attempt>,
    shared: Data<Shared>,
) -> HttpResponse {
    shared.answer(&http, format.format.as_deref(), Some(attempt.into_inner()))
}

impl Shared {
    fn answer(
        &self,
        http: &HttpRequest,
        format: Option<&str>,
        attempt: Option<Attempt>,
    ) -> HttpResponse {
        let host = http.match_info().get("host").unwrap_or_default();
        let Some(Host::Console { partition, prefix }) = Host::parse(host) else {
            return pages::page(
                StatusCode::NOT_FOUND,
                &OutsidePage {
                    title: "No such console",
                    text: "The first part of the path names a console host of AWS, and this is none.",
                    issuer: None,
                },
            );
        };
        let json = format == Some("json");
        let session = self.session(http, partition, prefix.as_deref());
        let session = match session {
            Some(session) if self.simulation.clock.now() < session.ends => session,
            ended => return outside(ended, json),
        };
        let outcome = attempt.map(|attempt| self.outcome(&session, attempt));
        let arrival = self.arrival(&session, outcome);
        if json {
            return HttpResponse::Ok()
                .insert_header(("cache-control", "no-store"))
                .json(arrival);
        }
        let page = ConsolePage {
            issuer_link: arrival
                .issuer
                .as_deref()
                .filter(|issuer| is_web_address(issuer)),
            arrival: &arrival,
            action: &http.uri().to_string(),
        };
        pages::page(StatusCode::OK, &page)
    }

    /// The session that the browser holds at this host.
    fn session(
        &self,
        http: &HttpRequest,
        partition: Partition,
        prefix: Option<&str>,
    ) -> Option<ConsoleSession> {
        let cookies = http.headers().get("cookie")?.to_str().ok();
        let label = prefix
            .and_then(|prefix| prefix.split('.').next())
            .filter(|label| is_session_label(label));
        self.simulation
            .signin
            .console_session(partition, cookies, label)
    }

    fn outcome(&self, session: &ConsoleSession, attempt: Attempt) -> Outcome {
        let what = (attempt.action.as_str(), attempt.resource.as_str());
        let decision =
            self.simulation
                .authorize(&session.session, Channel::Console, what, Context::new());
        Outcome {
            decision: match decision {
                Decision::Allowed => "allowed",
                Decision::ExplicitlyDenied => "explicitly denied",
                Decision::ImplicitlyDenied => "implicitly denied",
            },
            action: attempt.action,
            resource: attempt.resource,
        }
    }

    fn arrival(&self, console: &ConsoleSession, outcome: Option<Outcome>) -> Arrival {
        let session = &console.session;
        let registry = self.simulation.iam.read();
        let account = registry.account(&session.account);
        Arrival {
            signed_in: true,
            partition: session.partition.name(),
            account: session.account.clone(),
            account_alias: account.and_then(|account| account.alias.clone()),
            principal: session.arn(),
            user_id: session.user_id(),
            name: display_name(console),
            method: method(session.made),
            began: timestamp(console.began),
            expires: timestamp(console.ends),
            destination: console.destination.clone(),
            region: region(console),
            source_identity: session.source_identity.clone(),
            tags: session.tags.clone().into_iter().collect(),
            transitive_tag_keys: session.transitive_keys.clone(),
            session_policy: session.inline_policy.clone(),
            managed_policies: session.managed_policies.clone(),
            issuer: console.issuer.clone(),
            sign_out: format!(
                "{}/{}/oauth?Action=logout",
                self.aws,
                session.partition.signin_host()
            ),
            outcome,
        }
    }
}

/// The page for somebody who is not signed in, or not any more.
fn outside(ended: Option<ConsoleSession>, json: bool) -> HttpResponse {
    if json {
        return HttpResponse::Unauthorized()
            .json(serde_json::json!({ "signed_in": false, "expired": ended.is_some() }));
    }
    let page = match ended {
        Some(session) => OutsidePage {
            title: "Your session has expired",
            text: "The console session is over. Where you came from can begin another one.",
            issuer: session.issuer.filter(|issuer| is_web_address(issuer)),
        },
        None => OutsidePage {
            title: "You are not signed in",
            text: "This browser holds no console session.",
            issuer: None,
        },
    };
    pages::page(StatusCode::UNAUTHORIZED, &page)
}

/// Account and eight characters, as the host of one session of several begins.
fn is_session_label(label: &str) -> bool {
    label.split_once('-').is_some_and(|(account, suffix)| {
        account.len() == 12
            && suffix.len() == 8
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// As the console's corner says it.
fn display_name(console: &ConsoleSession) -> String {
    match &console.session.principal {
        Principal::AssumedRole {
            role, session_name, ..
        } => format!("{role}/{session_name}"),
        Principal::FederatedUser { .. } => console.session.user_id(),
        Principal::User { user, .. } => user.clone().unwrap_or_else(|| "root".to_owned()),
    }
}

fn method(made: Made) -> &'static str {
    match made {
        Made::AssumeRole => "AssumeRole",
        Made::Chained => "AssumeRole (role chaining)",
        Made::Saml => "AssumeRoleWithSAML",
        Made::WebIdentity => "AssumeRoleWithWebIdentity",
        Made::FederationToken => "GetFederationToken",
        Made::SessionToken => "GetSessionToken",
        Made::Instance => "instance role",
    }
}

/// The region of the Destination: of its host, or else of its query.
fn region(console: &ConsoleSession) -> Option<String> {
    let url = url::Url::parse(&console.destination).ok()?;
    let partition = console.session.partition;
    let of_host = url
        .host_str()?
        .split('.')
        .find(|label| partition.has_region(label))
        .map(str::to_owned);
    of_host.or_else(|| {
        url.query_pairs()
            .find(|(name, region)| name == "region" && partition.has_region(region))
            .map(|(_, region)| region.into_owned())
    })
}

fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
