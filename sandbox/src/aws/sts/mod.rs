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

use std::collections::BTreeMap;

pub(super) use saml::Metadata;
pub(super) use web_identity::{IssuerKeys, may_be_issuer};

use super::http::{Answer, Incoming};
use super::identity::Identity;
use super::partition::StsHost;
use super::query::{self, Element, Query, QueryError};
use super::sigv4;
use super::simulation::Simulation;
use super::switches::Switches;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
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

/// Answers an STS request.
pub async fn answer(simulation: &Simulation, host: &StsHost, request: &Incoming) -> Answer {
    let request_id = simulation.random.uuid();
    match perform(simulation, host, request).await {
        Ok((action, result)) => query::success(NAMESPACE, (action, &result), &request_id),
        Err(error) => {
            tracing::debug!(host = request.host, code = error.code, "sts refused");
            query::failure(NAMESPACE, &error, &request_id)
        }
    }
}

async fn perform(
    simulation: &Simulation,
    host: &StsHost,
    request: &Incoming,
) -> Result<(&'static str, Vec<Element>), QueryError> {
    let switches = simulation.switches();
    let Query { action, parameters } =
        Query::read(request, VERSION, switches.unknown_version_code)?;
    let operation =
        Operation::by_name(&action).ok_or_else(|| QueryError::invalid_action(&action, VERSION))?;
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

    async fn perform(self, call: &Call<'_>) -> Result<Vec<Element>, QueryError> {
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
    async fn signed(&self) -> Result<Identity, QueryError> {
        let scope = sigv4::Scope {
            partition: self.host.partition,
            region: &self.host.region,
            service: "sts",
        };
        sigv4::authenticate(self.simulation, scope, self.incoming).await
    }
}
