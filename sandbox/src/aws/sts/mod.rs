//! STS: the Query API of 2011-06-15, by GET and POST.
//!
//! Reads the request, authenticates it when its operation is signed, and hands it to the
//! operation's own module. The order of all checks is: protocol, authentication, shape, kind of
//! credentials, and then what the operation itself asks for.

mod assume_role;
mod caller_identity;
mod error;
mod federated;
mod federation_token;
mod grant;
mod policies;
mod role;
mod saml;
mod session_token;
mod shape;
mod tags;
mod web_identity;
mod wire;

use std::collections::BTreeMap;

pub use error::StsError;
pub(super) use web_identity::IssuerKeys;

use super::http::{Answer, Incoming, parse_form};
use super::identity::Identity;
use super::partition::StsHost;
use super::sigv4;
use super::simulation::Simulation;
use super::switches::Switches;
use wire::Element;

const VERSION: &str = "2011-06-15";

/// One STS request, read.
#[derive(Debug)]
struct Call<'a> {
    simulation: &'a Simulation,
    host: &'a StsHost,
    incoming: &'a Incoming,
    parameters: &'a BTreeMap<String, String>,
    switches: Switches,
}

/// The parameters of an STS request, from its query and its form.
pub fn parameters(request: &Incoming) -> Result<Vec<(String, String)>, StsError> {
    let mut text = request.query.clone().into_bytes();
    if request.method == http::Method::POST && request.has_form() {
        text.push(b'&');
        text.extend_from_slice(&request.body);
    }
    parse_form(&text).map_err(|_| StsError::malformed_query())
}

/// Answers an STS request.
pub async fn answer(simulation: &Simulation, host: &StsHost, request: &Incoming) -> Answer {
    let request_id = simulation.random.uuid();
    match perform(simulation, host, request).await {
        Ok((action, result)) => wire::success(action, &result, &request_id),
        Err(error) => {
            tracing::debug!(host = request.host, code = error.code, "sts refused");
            wire::failure(&error, &request_id)
        }
    }
}

async fn perform(
    simulation: &Simulation,
    host: &StsHost,
    request: &Incoming,
) -> Result<(&'static str, Vec<Element>), StsError> {
    if request.method != http::Method::GET && request.method != http::Method::POST {
        return Err(StsError::new(405, "MethodNotAllowed", "Use GET or POST"));
    }
    let pairs = parameters(request)?;
    let parameters: BTreeMap<String, String> = pairs.into_iter().collect();
    let Some(action) = parameters.get("Action").filter(|action| !action.is_empty()) else {
        return Err(StsError::missing_action());
    };
    let switches = simulation.switches();
    let version = parameters.get("Version").map_or("", String::as_str);
    if version != VERSION {
        let message = format!("Could not find version {version}");
        return Err(StsError::new(400, switches.unknown_version_code, message));
    }
    if request.path != "/" {
        return Err(StsError::invalid_action(action, version));
    }
    let operation =
        Operation::by_name(action).ok_or_else(|| StsError::invalid_action(action, version))?;
    let call = Call {
        simulation,
        host,
        incoming: request,
        parameters: &parameters,
        switches,
    };
    let result = operation.perform(&call).await?;
    Ok((operation.name(), result))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    AssumeRole,
    AssumeRoleWithSaml,
    AssumeRoleWithWebIdentity,
    GetFederationToken,
    GetSessionToken,
    GetCallerIdentity,
}

impl Operation {
    const ALL: [Self; 6] = [
        Self::AssumeRole,
        Self::AssumeRoleWithSaml,
        Self::AssumeRoleWithWebIdentity,
        Self::GetFederationToken,
        Self::GetSessionToken,
        Self::GetCallerIdentity,
    ];

    fn by_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|operation| operation.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::AssumeRole => "AssumeRole",
            Self::AssumeRoleWithSaml => "AssumeRoleWithSAML",
            Self::AssumeRoleWithWebIdentity => "AssumeRoleWithWebIdentity",
            Self::GetFederationToken => "GetFederationToken",
            Self::GetSessionToken => "GetSessionToken",
            Self::GetCallerIdentity => "GetCallerIdentity",
        }
    }

    async fn perform(self, call: &Call<'_>) -> Result<Vec<Element>, StsError> {
        match self {
            Self::AssumeRole => assume_role::perform(call, &call.signed().await?),
            Self::AssumeRoleWithSaml => saml::perform(call),
            Self::AssumeRoleWithWebIdentity => web_identity::perform(call).await,
            Self::GetFederationToken => federation_token::perform(call, &call.signed().await?),
            Self::GetSessionToken => session_token::perform(call, &call.signed().await?),
            Self::GetCallerIdentity => Ok(caller_identity::perform(&call.signed().await?)),
        }
    }
}

impl Call<'_> {
    async fn signed(&self) -> Result<Identity, StsError> {
        sigv4::authenticate(self.simulation, self.host, self.incoming).await
    }
}
