//! The federation endpoint: credentials in, a sign-in token out, and the login URL made of it.
//!
//! By POST, so that no proxy's log and no length limit meets the credentials. One retry on connect errors, 5xx and 408.
//! The answer is read with a cap and must have the one shape there is: `{"SigninToken": "…"}`. A failure is an
//! opaque HTML page with status 400 that names no cause, so nothing is read from it.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::hosts::{Hosts, LeadingOn, PartitionHosts};
use super::{CONNECT, Error, KEEP, Refusal, SetupError, tls};
use crate::config::AwsConfig;
use crate::domain::account::PartitionName;
use crate::domain::console::Destination;
use crate::domain::credentials::{ConsoleUrl, Credentials, SigninToken};

const OPERATION: &str = "getSigninToken";

/// How long one exchange may take.
const DEADLINE: Duration = Duration::from_secs(6);

/// The largest answer that is read: tokens are one or two kilobytes.
const LARGEST_ANSWER: usize = 64 * 1024;

/// The largest token that is believed.
const LARGEST_TOKEN: usize = 16 * 1024;

/// Exchanges credentials for sign-in tokens.
#[derive(Debug, Clone)]
pub struct Federation {
    client: reqwest::Client,
    hosts: Hosts,
}

/// By which door a browser goes into a console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Straight in.
    Straight,
    /// By way of signing out of the consoles that it has open: only where the partition has a host that leads on.
    SigningOutFirst,
}

/// The parameter `Session`.
#[derive(Serialize)]
struct SessionJson<'a> {
    #[serde(rename = "sessionId")]
    id: &'a str,
    #[serde(rename = "sessionKey")]
    key: &'a str,
    #[serde(rename = "sessionToken")]
    token: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    signin_token: String,
}

impl Federation {
    /// Builds the client.
    pub fn new(config: &AwsConfig, hosts: Hosts) -> Result<Self, SetupError> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .https_only(config.endpoint.is_none())
            .tls_certs_merge(tls::reqwest_certificates(&config.authorities)?)
            .connect_timeout(CONNECT)
            .timeout(DEADLINE)
            .pool_idle_timeout(KEEP)
            .tcp_nodelay(true)
            .build()
            .map_err(SetupError::Client)?;
        Ok(Self { client, hosts })
    }

    /// Exchanges credentials for a sign-in token. `session_duration` (seconds) is sent exactly when it is `Some`. A token
    /// is redeemed on the host that gave it, so the door is known by now.
    pub async fn signin_token(
        &self,
        (partition, door): (&PartitionName, Door),
        credentials: &Credentials,
        session_duration: Option<u32>,
    ) -> Result<SigninToken, Error> {
        let url = self.endpoint(partition, door)?;
        let body = body(credentials, session_duration)?;
        match self.exchange(url, &body).await {
            Err(Attempt::Again(_)) => self.exchange(url, &body).await.map_err(Attempt::into_error),
            other => other.map_err(Attempt::into_error),
        }
    }

    fn hosts(&self, partition: &PartitionName) -> Result<&PartitionHosts, Error> {
        let hosts = self.hosts.of(partition);
        hosts.ok_or(Error::NotConfigured("the partition has no sign-in host"))
    }

    fn endpoint(&self, partition: &PartitionName, door: Door) -> Result<&str, Error> {
        let hosts = self.hosts(partition)?;
        match door {
            Door::Straight => Ok(&hosts.federation_url),
            Door::SigningOutFirst => Ok(&leading_on(hosts)?.federation_url),
        }
    }

    async fn exchange(&self, url: &str, body: &str) -> Result<SigninToken, Attempt> {
        let mut response = self
            .client
            .post(url)
            .header(
                reqwest::header::CONTENT_TYPE,
                "application/x-www-form-urlencoded",
            )
            .body(body.to_owned())
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let status = response.status();
        if status.is_server_error() {
            return Err(Attempt::Again(busy("the sign-in endpoint answered 5xx")));
        }
        // RFC 9110 section 15.5.9: nobody read the request, and it may be made again on another connection
        if status == reqwest::StatusCode::REQUEST_TIMEOUT {
            return Err(Attempt::Again(busy("the sign-in endpoint gave up waiting")));
        }
        if status.as_u16() == 429 {
            return Err(Attempt::Final(busy("the sign-in endpoint throttles")));
        }
        if status != reqwest::StatusCode::OK {
            return Err(Attempt::Final(Error::Refused {
                operation: OPERATION,
                refusal: Refusal {
                    code: "SigninRefused".to_owned(),
                    status: status.as_u16(),
                    request_id: None,
                    text: String::new(),
                },
            }));
        }
        let mut answer = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
            if answer.len() + chunk.len() > LARGEST_ANSWER {
                return Err(Attempt::Final(unexpected("it is too long")));
            }
            answer.extend_from_slice(&chunk);
        }
        token(&answer).map_err(Attempt::Final)
    }

    /// Where the browser is sent: the login URL, or the sign-out that leads on to it.
    pub fn console_url(
        &self,
        (partition, door): (&PartitionName, Door),
        token: &SigninToken,
        destination: &Destination,
        issuer: &str,
    ) -> Result<ConsoleUrl, Error> {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", "login")
            .append_pair("Issuer", issuer)
            .append_pair("Destination", destination.url().as_str())
            .append_pair("SigninToken", token.0.expose_secret())
            .finish();
        let login = format!("{}?{query}", self.endpoint(partition, door)?);
        if door == Door::Straight {
            return Ok(ConsoleUrl::new(login));
        }
        let login = Zeroizing::new(login);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", "logout")
            .append_pair("redirect_uri", &login)
            .finish();
        let sign_out = &leading_on(self.hosts(partition)?)?.sign_out_url;
        Ok(ConsoleUrl::new(format!("{sign_out}?{query}")))
    }

    /// Opens a connection and leaves it in the pool, by a request that asks nothing.
    pub async fn keep_warm(&self, partition: &PartitionName) {
        if let Some(hosts) = self.hosts.of(partition) {
            // a failure shows at the next click, with its page; here it means nothing
            let _ = self.client.head(&hosts.federation_url).send().await;
        }
    }
}

fn leading_on(hosts: &PartitionHosts) -> Result<&LeadingOn, Error> {
    hosts.leading_on.as_ref().ok_or(Error::NotConfigured(
        "the partition has no sign-out that leads on",
    ))
}

fn body(
    credentials: &Credentials,
    session_duration: Option<u32>,
) -> Result<Zeroizing<String>, Error> {
    let session = Zeroizing::new(
        serde_json::to_string(&SessionJson {
            id: &credentials.access_key_id,
            key: credentials.secret_access_key.expose_secret(),
            token: credentials.session_token.expose_secret(),
        })
        .map_err(|_| unexpected("the credentials cannot be written as JSON"))?,
    );
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", "getSigninToken");
    if let Some(seconds) = session_duration {
        form.append_pair("SessionDuration", &seconds.to_string());
    }
    form.append_pair("SessionType", "json");
    form.append_pair("Session", &session);
    Ok(Zeroizing::new(form.finish()))
}

fn token(answer: &[u8]) -> Result<SigninToken, Error> {
    let answer: Answer =
        serde_json::from_slice(answer).map_err(|_| unexpected("it has another shape"))?;
    let token = SecretString::from(answer.signin_token);
    let text = token.expose_secret();
    let fits = !text.is_empty()
        && text.len() <= LARGEST_TOKEN
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"\"<>\\".contains(&b));
    if fits {
        Ok(SigninToken(token))
    } else {
        Err(unexpected("the token is not a token"))
    }
}

enum Attempt {
    Again(Error),
    Final(Error),
}

impl Attempt {
    fn into_error(self) -> Error {
        match self {
            Self::Again(error) | Self::Final(error) => error,
        }
    }
}

/// `reqwest`'s own error is dropped: it prints the URL, and may hold more.
fn failed(error: &reqwest::Error) -> Attempt {
    if let Some(cause) = tls::distrust(error) {
        Attempt::Again(Error::Untrusted {
            operation: OPERATION,
            cause,
        })
    } else if error.is_connect() {
        Attempt::Again(busy("the sign-in endpoint cannot be reached"))
    } else if error.is_timeout() {
        Attempt::Final(busy("the sign-in endpoint took too long"))
    } else {
        Attempt::Final(busy("the connection to the sign-in endpoint broke"))
    }
}

fn busy(cause: &'static str) -> Error {
    Error::Busy {
        operation: OPERATION,
        cause,
    }
}

fn unexpected(cause: &'static str) -> Error {
    Error::Unexpected {
        operation: OPERATION,
        cause,
    }
}
