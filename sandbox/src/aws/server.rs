//! The simulated AWS on a socket: one loopback address, every AWS host as a first path segment.
//!
//! Reads each request whole and bounded, logs it without secrets, lets planned faults happen, and
//! hands it to the host it names. `/-/requests` is the request log. Knows no rule of AWS.

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data, Payload};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::StreamExt as _;

use super::faults::{Fault, HostKind};
use super::http::{Answer, Incoming};
use super::partition::Host;
use super::request_log::{Entry, shown};
use super::signin::{self, SigninHost};
use super::simulation::Simulation;
use super::{iam_api, query, sigv4, sts};
use crate::listener::{Binding, StartError};

const MAX_BODY: usize = 1_048_576;
/// A metadata document may have ten million characters, each of them escaped.
const MAX_IAM_BODY: usize = 32_000_000;
/// How long an idle connection is kept: longer than callers keep theirs, so that they decide.
const IDLE: Duration = Duration::from_mins(2);
const LOG_PATH: &str = "/-/requests";

/// The running simulated AWS.
pub struct Aws {
    simulation: Simulation,
    address: SocketAddr,
    origin: String,
    handle: ServerHandle,
}

impl Aws {
    /// Serves `simulation` on `binding`, which is on loopback by construction.
    pub fn start(binding: Binding, simulation: Simulation) -> Result<Self, StartError> {
        let (origin, _, _) = binding.origin()?;
        let failed = |source| StartError::Bind {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            source,
        };
        let address = binding.listener.local_addr().map_err(failed)?;
        let data = Data::new(simulation.clone());
        let log = simulation.log.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::clone(&data))
                .route(LOG_PATH, web::get().to(read_log))
                .route(LOG_PATH, web::delete().to(clear_log))
                .default_service(web::to(serve))
        })
        .on_connect(move |_, _| log.count_connection())
        .keep_alive(IDLE)
        .workers(2)
        .shutdown_timeout(1)
        .disable_signals();
        let server = match binding.tls {
            Some(tls) => server.listen_rustls_0_23(binding.listener, tls),
            None => server.listen(binding.listener),
        }
        .map_err(|source| StartError::Bind { address, source })?
        .run();
        let handle = server.handle();
        drop(tokio::spawn(server));
        Ok(Self {
            simulation,
            address,
            origin,
            handle,
        })
    }

    /// The simulation it serves: accounts, clock, switches, log and faults.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin, such as `http://127.0.0.1:4566`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The URL that stands for an AWS host, with `/` at its end.
    pub fn url(&self, host: &str) -> String {
        format!("{}/{host}/", self.origin)
    }

    /// What a client configures as the endpoint of all AWS hosts, with `{host}` in it.
    pub fn endpoint_template(&self) -> String {
        format!("{}/{{host}}", self.origin)
    }

    /// The URL of the request log.
    pub fn request_log_url(&self) -> String {
        format!("{}{LOG_PATH}", self.origin)
    }

    /// Stops it without waiting for requests that are under way.
    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }
}

async fn read_log(simulation: Data<Simulation>) -> HttpResponse {
    HttpResponse::Ok().json(simulation.log.entries())
}

async fn clear_log(simulation: Data<Simulation>) -> HttpResponse {
    simulation.log.clear();
    HttpResponse::NoContent().finish()
}

async fn serve(request: HttpRequest, body: Payload, simulation: Data<Simulation>) -> HttpResponse {
    let body = match read_body(body, most(&request)).await {
        Ok(body) => body,
        Err(answer) => return send(answer),
    };
    let Some((host, incoming)) = incoming(&request, body) else {
        return send(Answer::new(404, "text/plain", "no such AWS host here\n"));
    };
    let kind = HostKind::from(&host);
    let action = record(&simulation, &incoming);
    let fault = simulation.faults.take(kind, action.as_deref());
    if let Some(delay) = simulation.faults.delay_of(kind) {
        tokio::time::sleep(delay).await;
    }
    match fault {
        Some(Fault::Answer(answer)) => send(answer),
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Reset) => reset(),
        Some(Fault::Drip(pause)) => drip(answer(&simulation, &host, &incoming).await, pause),
        Some(Fault::Hold(latch)) => {
            latch.pass().await;
            send(answer(&simulation, &host, &incoming).await)
        }
        Some(Fault::HoldAnswer(latch)) => {
            let answer = answer(&simulation, &host, &incoming).await;
            latch.pass().await;
            send(answer)
        }
        Some(Fault::Alter(alter)) => {
            let mut answer = answer(&simulation, &host, &incoming).await;
            alter(&mut answer);
            send(answer)
        }
        None => send(answer(&simulation, &host, &incoming).await),
    }
}

async fn answer(simulation: &Simulation, host: &Host, incoming: &Incoming) -> Answer {
    match host {
        Host::Sts(sts) => sts::answer(simulation, sts, incoming).await,
        Host::Iam(partition) => iam_api::answer(simulation, *partition, incoming).await,
        Host::Signin { partition, region } => {
            let host = SigninHost {
                partition: *partition,
                region: region.as_deref(),
            };
            signin::answer(simulation, host, incoming)
        }
        Host::Console { .. } => Answer::new(404, "text/plain", "nothing is served at this host\n"),
    }
}

/// How large a body may be at the host that a request names.
fn most(request: &HttpRequest) -> usize {
    let name = request.uri().path().split('/').nth(1).unwrap_or_default();
    match Host::parse(name) {
        Some(Host::Iam(_)) => MAX_IAM_BODY,
        _ => MAX_BODY,
    }
}

async fn read_body(mut payload: Payload, most: usize) -> Result<Vec<u8>, Answer> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Answer::new(400, "text/plain", "the body broke off\n"))?;
        if body.len() + chunk.len() > most {
            return Err(Answer::new(413, "text/plain", "the body is too large\n"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The request as the AWS host in its first path segment sees it.
fn incoming(request: &HttpRequest, body: Vec<u8>) -> Option<(Host, Incoming)> {
    let sent_path = request.uri().path();
    let (name, path) = match sent_path.strip_prefix('/')?.split_once('/') {
        Some((name, path)) => (name, format!("/{path}")),
        None => (sent_path.strip_prefix('/')?, "/".to_owned()),
    };
    let host = Host::parse(name)?;
    let mut headers = http::HeaderMap::new();
    for (name, value) in request.headers() {
        let name = http::HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
        headers.append(name, http::HeaderValue::from_bytes(value.as_bytes()).ok()?);
    }
    let incoming = Incoming {
        method: http::Method::from_bytes(request.method().as_str().as_bytes()).ok()?,
        host: name.to_owned(),
        path,
        sent_path: sent_path.to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers,
        body,
        peer: request.peer_addr().map(|address| address.ip()),
    };
    Some((host, incoming))
}

/// Logs the request and answers its action.
fn record(simulation: &Simulation, incoming: &Incoming) -> Option<String> {
    let parameters = query::parameters(incoming).unwrap_or_default();
    let value = |name: &str| {
        parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    let action = value("Action").filter(|action| is_name(action)).cloned();
    let signed_with = sigv4::claimed_key(incoming);
    let in_session = value("Session")
        .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok())
        .and_then(|session| session.get("sessionId")?.as_str().map(str::to_owned))
        .filter(|id| is_name(id));
    simulation.log.push(Entry {
        host: incoming.host.clone(),
        method: incoming.method.to_string(),
        path: incoming.path.clone(),
        action: action.clone(),
        signed: incoming.header("authorization").is_some(),
        access_key: signed_with.or(in_session),
        parameters: shown(&parameters),
    });
    action
}

fn is_name(text: &str) -> bool {
    text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn send(answer: Answer) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(answer.status)
        .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers {
        response.append_header((name, value));
    }
    response.body(answer.body)
}

/// An answer that comes one byte at a time.
fn drip(answer: Answer, pause: Duration) -> HttpResponse {
    let bytes = futures_util::stream::iter(answer.body).then(move |byte| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, std::io::Error>(web::Bytes::from(vec![byte]))
    });
    let mut response = HttpResponse::Ok();
    for (name, value) in answer.headers {
        response.append_header((name, value));
    }
    response.streaming(bytes)
}

/// An answer that promises more than it gives before the connection breaks.
fn reset() -> HttpResponse {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let pieces = [Ok(web::Bytes::from_static(b"<")), Err(broken)];
    let stream = futures_util::stream::iter(pieces);
    HttpResponse::Ok()
        .content_type("text/xml")
        .no_chunking(1000)
        .streaming(stream)
}
