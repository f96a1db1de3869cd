//! The one way out to a provider: what openidconnect sends, and our own reading of documents.
//!
//! Verified TLS to whatever host the operator configured or the issuer's own discovery document names; plain http
//! only to the loopback host that the configured issuer itself names. No redirect is followed, no proxy is used,
//! and no answer is larger than 1 MB or longer in coming than its deadline. URLs found in tokens never get here.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use reqwest::{Certificate, Client, Request, Response, StatusCode};
use url::{Host, Url};

use super::json::{self, JsonError, Object};

/// The most that one answer may hold.
const BODY_BYTES: usize = 1024 * 1024;

/// Why a request brought nothing usable.
#[derive(Debug, Clone, thiserror::Error)]
pub enum HttpError {
    /// The address is one that we do not speak to.
    #[error("its address is neither https nor the configured loopback host")]
    Address,
    /// The request could not be made from its parts.
    #[error("the request could not be made")]
    Request,
    /// No connection, no verified certificate, or a connection that broke.
    #[error("it could not be reached")]
    Connection(#[source] Arc<reqwest::Error>),
    /// No answer within the deadline.
    #[error("it did not answer in time")]
    Deadline,
    /// It answered with a redirect, and none is followed.
    #[error("it answered with a redirect ({0}), and none is followed")]
    Redirect(u16),
    /// It answered with a status that is no success.
    #[error("it answered with status {0}")]
    Status(u16),
    /// It sent more than 1 MB.
    #[error("it sent more than 1 MB")]
    TooLarge,
    /// It sent something else than JSON.
    #[error("it sent something else than JSON")]
    ContentType,
    /// It sent JSON that we refuse.
    #[error("what it sent is refused")]
    Json(#[source] JsonError),
}

/// A client for one provider.
#[derive(Debug, Clone)]
pub(super) struct Http {
    client: Client,
    /// The loopback host that may be spoken to without TLS.
    plain: Option<Host<String>>,
    deadline: Duration,
}

impl Http {
    /// For the provider with this issuer, trusting `authorities` (DER) beside the public ones.
    pub(super) fn new(
        issuer: &Url,
        authorities: &[Vec<u8>],
        deadline: Duration,
    ) -> Result<Self, reqwest::Error> {
        let authorities = authorities
            .iter()
            .map(|der| Certificate::from_der(der))
            .collect::<Result<Vec<_>, _>>()?;
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            // some providers' firewalls refuse clients without a name
            .user_agent(concat!("vestibule/", env!("CARGO_PKG_VERSION")))
            .tls_certs_merge(authorities)
            .build()?;
        Ok(Self {
            client,
            plain: plain_host(issuer),
            deadline,
        })
    }

    /// Whether an address may be spoken to, or a browser be sent to it, at all.
    pub(super) fn may_reach(&self, url: &Url) -> bool {
        let bare =
            url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let safe = match url.scheme() {
            "https" => url.host().is_some(),
            "http" => self.plain.is_some() && url.host().map(|h| h.to_owned()) == self.plain,
            _ => false,
        };
        bare && safe
    }

    /// Fetches a JSON object.
    pub(super) async fn object(
        &self,
        url: &Url,
        authorization: Option<&str>,
    ) -> Result<Object, HttpError> {
        let mut request = self
            .client
            .get(url.clone())
            .header(ACCEPT, "application/json");
        if let Some(token) = authorization {
            request = request.bearer_auth(token);
        }
        let request = request.build().map_err(|_| HttpError::Request)?;
        let answer = self.exchange(request).await?;
        if answer.status != StatusCode::OK {
            return Err(HttpError::Status(answer.status.as_u16()));
        }
        is_json(&answer.headers)?;
        Ok(json::object(&answer.body)?)
    }

    /// Sends one request and reads the whole answer, be it a success or not.
    async fn exchange(&self, request: Request) -> Result<Answer, HttpError> {
        if !self.may_reach(request.url()) {
            return Err(HttpError::Address);
        }
        tokio::time::timeout(self.deadline, async {
            let response = self.client.execute(request).await.map_err(failure)?;
            let status = response.status();
            if status.is_redirection() {
                return Err(HttpError::Redirect(status.as_u16()));
            }
            let headers = response.headers().clone();
            let body = read(response).await?;
            Ok(Answer {
                status,
                headers,
                body,
            })
        })
        .await
        .map_err(|_| HttpError::Deadline)?
    }

    /// The bridge for openidconnect: an answer is handed on only if its body is JSON that we would read ourselves.
    async fn bridge(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = Request::try_from(request).map_err(|_| HttpError::Request)?;
        let answer = self.exchange(request).await?;
        if answer.status.is_server_error() {
            return Err(HttpError::Status(answer.status.as_u16()));
        }
        is_json(&answer.headers)?;
        json::object(&answer.body)?;
        let mut response = HttpResponse::new(answer.body);
        *response.status_mut() = answer.status;
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.bridge(request))
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// The body, given up as soon as it is too large.
async fn read(mut response: Response) -> Result<Vec<u8>, HttpError> {
    let announced = response.content_length().unwrap_or(0);
    if announced > BODY_BYTES as u64 {
        return Err(HttpError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > BODY_BYTES {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failure(error: reqwest::Error) -> HttpError {
    HttpError::Connection(Arc::new(error.without_url()))
}

/// `application/json` or a type built on it; a server that names none is believed.
fn is_json(headers: &HeaderMap) -> Result<(), HttpError> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let text = value.to_str().map_err(|_| HttpError::ContentType)?;
    let media = text
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    let json = media == "application/json"
        || (media.starts_with("application/") && media.ends_with("+json"));
    json.then_some(()).ok_or(HttpError::ContentType)
}

/// The issuer's host, if the issuer is on loopback and without TLS: the only one that may be.
fn plain_host(issuer: &Url) -> Option<Host<String>> {
    let host = issuer.host()?.to_owned();
    let loopback = match &host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name == "localhost",
    };
    (issuer.scheme() == "http" && loopback).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(issuer: &str) -> Http {
        Http::new(&Url::parse(issuer).unwrap(), &[], Duration::from_secs(1)).unwrap()
    }

    // O13
    #[test]
    fn plain_http_is_for_the_configured_loopback_host_alone() {
        let reach = |issuer: &str, url: &str| http(issuer).may_reach(&Url::parse(url).unwrap());
        assert!(reach(
            "http://127.0.0.1:4000",
            "http://127.0.0.1:5000/token"
        ));
        assert!(reach(
            "http://127.0.0.1:4000",
            "https://other.example/token"
        ));
        assert!(reach(
            "http://localhost:4000",
            "http://localhost:4000/token"
        ));
        assert!(reach("http://[::1]:4000", "http://[::1]:4000/token"));
        for (issuer, url) in [
            ("http://127.0.0.1:4000", "http://127.0.0.2/token"),
            ("http://127.0.0.1:4000", "http://localhost/token"),
            ("http://127.0.0.1:4000", "http://169.254.169.254/latest"),
            ("https://127.0.0.1:4000", "http://127.0.0.1:4000/token"),
            ("https://op.example", "http://op.example/token"),
            ("http://op.example", "http://op.example/token"),
            ("https://op.example", "file:///etc/passwd"),
            ("https://op.example", "ftp://op.example/x"),
            ("https://op.example", "https://user@op.example/x"),
            ("https://op.example", "https://:pw@op.example/x"),
            ("https://op.example", "https://op.example/x#y"),
        ] {
            assert!(!reach(issuer, url), "{issuer} {url}");
        }
    }

    #[test]
    fn content_types_are_json_or_built_on_it() {
        let check = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, value.parse().unwrap());
            is_json(&headers).is_ok()
        };
        assert!(check("application/json"));
        assert!(check("Application/JSON; charset=utf-8"));
        assert!(check("application/jwk-set+json"));
        assert!(!check("text/html"));
        assert!(!check("application/jwt"));
        assert!(!check("text/plain; application/json"));
        assert!(is_json(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn authorities_that_are_no_certificates_are_refused() {
        let issuer = Url::parse("https://op.example").unwrap();
        assert!(Http::new(&issuer, &[b"junk".to_vec()], Duration::from_secs(1)).is_err());
    }
}
