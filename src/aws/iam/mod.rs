//! IAM, as far as ending sessions needs it: the inline policies of a role or a user, read and written.
//!
//! Seven operations of the Query API of 2010-05-08, signed by the session of a revoker and by nothing else: no other
//! credentials can be handed in. Every operation can be asked twice without harm, so each is, where AWS is busy. Nothing
//! here knows what a policy says.

mod answer;

use std::borrow::Cow;
use std::time::Duration;

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use percent_encoding::percent_decode_str;

use super::error::{tame, tame_code};
use super::sts::RevokerSession;
use super::{CONNECT, Error, Hosts, KEEP, Refusal, SetupError, tls};
use crate::clock::SharedClock;
use crate::config::AwsConfig;
use answer::Element;

const VERSION: &str = "2010-05-08";
const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// How long to wait before a further attempt; their number is how many there are.
const PAUSES: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(600)];

/// The largest answer that is read: a policy has at most 131,072 characters, each of which may be written as three.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// The most pages of a list that are read: a role's inline policies have 10,240 characters together.
const MOST_PAGES: usize = 50;

/// On what an inline policy stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearer {
    /// A role, by its name.
    Role(String),
    /// A user, by its name.
    User(String),
}

impl Bearer {
    fn named(&self) -> (&'static str, &str) {
        match self {
            Self::Role(name) => ("RoleName", name),
            Self::User(name) => ("UserName", name),
        }
    }
}

/// Reads and writes inline policies.
#[derive(Debug, Clone)]
pub struct Iam {
    client: reqwest::Client,
    hosts: Hosts,
    clock: SharedClock,
}

/// An operation, and what it is asked with.
struct Call<'a> {
    operation: &'static str,
    parameters: Vec<(&'static str, &'a str)>,
}

impl Iam {
    /// Builds the client; nothing is sent.
    pub(super) fn new(
        config: &AwsConfig,
        hosts: &Hosts,
        clock: &SharedClock,
    ) -> Result<Self, SetupError> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .https_only(config.endpoint.is_none())
            .tls_certs_merge(tls::reqwest_certificates(&config.authorities)?)
            .connect_timeout(CONNECT)
            .timeout(ATTEMPT)
            .pool_idle_timeout(KEEP)
            .tcp_nodelay(true)
            .build()
            .map_err(SetupError::Client)?;
        Ok(Self {
            client,
            hosts: hosts.clone(),
            clock: std::sync::Arc::clone(clock),
        })
    }

    /// The unique id of a role: `AROA…`.
    pub async fn role_id(&self, as_revoker: &RevokerSession, name: &str) -> Result<String, Error> {
        let call = Call {
            operation: "GetRole",
            parameters: vec![("RoleName", name)],
        };
        let answer = self.ask(as_revoker, &call).await?;
        let id = answer.at(&["GetRoleResult", "Role", "RoleId"]);
        let id = id.map(|id| id.text.clone()).filter(|id| is_unique_id(id));
        id.ok_or(Error::Unexpected {
            operation: call.operation,
            cause: "it lacks the role's id",
        })
    }

    /// The names of the inline policies.
    pub async fn policy_names(
        &self,
        as_revoker: &RevokerSession,
        bearer: &Bearer,
    ) -> Result<Vec<String>, Error> {
        let (operation, result) = match bearer {
            Bearer::Role(_) => ("ListRolePolicies", "ListRolePoliciesResult"),
            Bearer::User(_) => ("ListUserPolicies", "ListUserPoliciesResult"),
        };
        let mut names = Vec::new();
        let mut marker: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut parameters = vec![bearer.named()];
            parameters.extend(marker.as_deref().map(|marker| ("Marker", marker)));
            let call = Call {
                operation,
                parameters,
            };
            let answer = self.ask(as_revoker, &call).await?;
            let text = |name| answer.at(&[result, name]).map(|found| found.text.clone());
            let list = answer.at(&[result, "PolicyNames"]);
            let list = list.ok_or(Error::Unexpected {
                operation,
                cause: "it lacks the list",
            })?;
            names.extend(list.children.iter().map(|member| member.text.clone()));
            let more = text("IsTruncated").as_deref() == Some("true");
            match text("Marker").filter(|_| more) {
                Some(next) => marker = Some(next),
                None => return Ok(names),
            }
        }
        Err(Error::Unexpected {
            operation,
            cause: "it does not end",
        })
    }

    /// The document of an inline policy.
    pub async fn policy(
        &self,
        as_revoker: &RevokerSession,
        bearer: &Bearer,
        name: &str,
    ) -> Result<String, Error> {
        let (operation, result) = match bearer {
            Bearer::Role(_) => ("GetRolePolicy", "GetRolePolicyResult"),
            Bearer::User(_) => ("GetUserPolicy", "GetUserPolicyResult"),
        };
        let call = Call {
            operation,
            parameters: vec![bearer.named(), ("PolicyName", name)],
        };
        let answer = self.ask(as_revoker, &call).await?;
        let document = answer.at(&[result, "PolicyDocument"]);
        let document = document.and_then(|document| {
            // documents come percent-encoded (RFC 3986)
            let text = percent_decode_str(&document.text).decode_utf8().ok()?;
            Some(text.into_owned())
        });
        document.ok_or(Error::Unexpected {
            operation,
            cause: "it lacks the document",
        })
    }

    /// Puts an inline policy in the place of the one of that name.
    pub async fn put_policy(
        &self,
        as_revoker: &RevokerSession,
        bearer: &Bearer,
        (name, document): (&str, &str),
    ) -> Result<(), Error> {
        let operation = match bearer {
            Bearer::Role(_) => "PutRolePolicy",
            Bearer::User(_) => "PutUserPolicy",
        };
        let call = Call {
            operation,
            parameters: vec![
                bearer.named(),
                ("PolicyName", name),
                ("PolicyDocument", document),
            ],
        };
        self.ask(as_revoker, &call).await.map(drop)
    }

    /// Takes an inline policy away; one that is not there is gone already.
    pub async fn delete_policy(
        &self,
        as_revoker: &RevokerSession,
        bearer: &Bearer,
        name: &str,
    ) -> Result<(), Error> {
        let operation = match bearer {
            Bearer::Role(_) => "DeleteRolePolicy",
            Bearer::User(_) => "DeleteUserPolicy",
        };
        let call = Call {
            operation,
            parameters: vec![bearer.named(), ("PolicyName", name)],
        };
        match self.ask(as_revoker, &call).await {
            Err(Error::Refused { refusal, .. }) if refusal.code == "NoSuchEntity" => Ok(()),
            other => other.map(drop),
        }
    }

    /// Asks, and asks again where AWS is busy.
    async fn ask(&self, as_revoker: &RevokerSession, call: &Call<'_>) -> Result<Element, Error> {
        let mut pauses = PAUSES.into_iter();
        loop {
            match self.ask_once(as_revoker, call).await {
                Err(Error::Busy { operation, cause }) => match pauses.next() {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(Error::Busy { operation, cause }),
                },
                other => return other,
            }
        }
    }

    async fn ask_once(
        &self,
        as_revoker: &RevokerSession,
        call: &Call<'_>,
    ) -> Result<Element, Error> {
        let operation = call.operation;
        let request = self.request(as_revoker, call)?;
        let response = self.client.execute(request).await;
        let mut response = response.map_err(|error| failed(operation, &error))?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| failed(operation, &error))?
        {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(Error::Unexpected {
                    operation,
                    cause: "it is too long",
                });
            }
            body.extend_from_slice(&chunk);
        }
        let answer = answer::read(&body);
        if status == 200 {
            let named = |answer: &Element| answer.name == format!("{operation}Response");
            return answer.filter(named).ok_or(Error::Unexpected {
                operation,
                cause: "it cannot be read",
            });
        }
        Err(refused(operation, status, answer.as_ref()))
    }

    /// The request, signed (Signature Version 4).
    fn request(
        &self,
        as_revoker: &RevokerSession,
        call: &Call<'_>,
    ) -> Result<reqwest::Request, Error> {
        let iam = self.hosts.of(as_revoker.partition());
        let (url, region) =
            iam.and_then(|hosts| hosts.iam.as_ref())
                .ok_or(Error::NotConfigured(
                    "the partition's IAM host is not known",
                ))?;
        let unmade = |_| Error::NotConfigured("the request to IAM cannot be made");
        let url = format!("{url}/");
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", call.operation)
            .append_pair("Version", VERSION)
            .extend_pairs(&call.parameters)
            .finish();
        let identity = as_revoker.signer().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region.as_str())
            .name("iam")
            .time(self.clock.now().into())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| Error::NotConfigured("the request to IAM cannot be signed"))?
            .into();
        let headers = [("content-type", CONTENT_TYPE)];
        let signable = SignableRequest::new(
            "POST",
            Cow::Borrowed(url.as_str()),
            headers.into_iter(),
            SignableBody::Bytes(body.as_bytes()),
        )
        .map_err(|_| Error::NotConfigured("the request to IAM cannot be signed"))?;
        let (instructions, _) = sign(signable, &parameters)
            .map_err(|_| Error::NotConfigured("the request to IAM cannot be signed"))?
            .into_parts();
        let mut request = self.client.post(&url).header("content-type", CONTENT_TYPE);
        for (name, value) in instructions.headers() {
            let mut value = reqwest::header::HeaderValue::from_str(value)
                .map_err(|_| Error::NotConfigured("the request to IAM cannot be signed"))?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        request.body(body).build().map_err(unmade)
    }
}

/// What a role's id looks like, so that it can stand in a policy: letters and digits.
fn is_unique_id(text: &str) -> bool {
    (16..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// What an answer that is no success means.
fn refused(operation: &'static str, status: u16, answer: Option<&Element>) -> Error {
    let text = |name| {
        let found = answer.and_then(|answer| answer.at(&["Error", name]));
        found.map(|found| found.text.as_str()).unwrap_or_default()
    };
    let busy = |cause| Error::Busy { operation, cause };
    let code = tame_code(text("Code"));
    match code.as_str() {
        "Throttling" | "ThrottlingException" | "RequestLimitExceeded" => busy("throttled"),
        "ConcurrentModification" => busy("somebody else changes the same at this moment"),
        "ServiceFailure" | "ServiceUnavailable" | "InternalFailure" => busy("out of service"),
        _ if status >= 500 || status == 429 => busy("it answered 5xx or 429"),
        _ => {
            let id = answer.and_then(|answer| answer.at(&["RequestId"]));
            Error::Refused {
                operation,
                refusal: Refusal {
                    code,
                    status,
                    request_id: id.map(|id| tame(&id.text, 64)),
                    text: tame(text("Message"), 300),
                },
            }
        }
    }
}

/// `reqwest`'s own error is dropped: it may hold more than anybody should read.
fn failed(operation: &'static str, error: &reqwest::Error) -> Error {
    if let Some(cause) = tls::distrust(error) {
        return Error::Untrusted { operation, cause };
    }
    let cause = if error.is_connect() {
        "iam cannot be reached"
    } else if error.is_timeout() {
        "iam took too long"
    } else {
        "the connection to iam broke"
    };
    Error::Busy { operation, cause }
}
