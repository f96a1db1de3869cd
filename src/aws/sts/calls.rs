//! The operations that name a session, each as one function from what is asked to credentials.

use aws_sdk_sts::Client;
use aws_sdk_sts::config::Config;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::retry::RetryConfig;
use secrecy::{ExposeSecret as _, SecretString};

use super::Ask;
use super::answer::credentials;
use crate::aws::error::{tame, tame_code};
use crate::aws::{Error, Refusal, tls};
use crate::domain::credentials::{Credentials, MfaCode};
use crate::domain::role::Role;

const WITH_SAML: &str = "AssumeRoleWithSAML";
const WITH_WEB_IDENTITY: &str = "AssumeRoleWithWebIdentity";
pub(super) const ASSUME_ROLE: &str = "AssumeRole";
const FEDERATION_TOKEN: &str = "GetFederationToken";

/// `AssumeRoleWithSAML`: session name, tags and source identity are what the response says.
pub(super) async fn with_saml(
    client: &Client,
    role: &Role,
    response: &SecretString,
    ask: &Ask,
) -> Result<Credentials, Error> {
    let output = client
        .assume_role_with_saml()
        .role_arn(role.arn())
        .set_principal_arn(role.saml_provider_arn())
        .saml_assertion(response.expose_secret())
        .set_policy(ask.policy.clone())
        .set_policy_arns(policy_arns(ask))
        .set_duration_seconds(seconds(ask))
        .send()
        .await
        .map_err(|error| refused(WITH_SAML, &error))?;
    let arn = output
        .assumed_role_user()
        .map(aws_sdk_sts::types::AssumedRoleUser::arn);
    credentials(WITH_SAML, output.credentials(), arn)
}

/// `AssumeRoleWithWebIdentity`: tags and source identity are what the token says, the name is ours.
pub(super) async fn with_web_identity(
    client: &Client,
    role: &Role,
    token: &SecretString,
    ask: &Ask,
) -> Result<Credentials, Error> {
    let output = client
        .assume_role_with_web_identity()
        .role_arn(role.arn())
        .role_session_name(&ask.session_name)
        .web_identity_token(token.expose_secret())
        .set_policy(ask.policy.clone())
        .set_policy_arns(policy_arns(ask))
        .set_duration_seconds(seconds(ask))
        .send()
        .await
        .map_err(|error| refused(WITH_WEB_IDENTITY, &error))?;
    let arn = output
        .assumed_role_user()
        .map(aws_sdk_sts::types::AssumedRoleUser::arn);
    credentials(WITH_WEB_IDENTITY, output.credentials(), arn)
}

/// `AssumeRole`. With a code it is asked once and never again: AWS takes a code once, and a second try would be refused for
/// the first one's sake.
pub(super) async fn assume_role(
    client: &Client,
    role: &Role,
    external_id: Option<&str>,
    ask: &Ask,
    device: Option<(&str, &MfaCode)>,
) -> Result<Credentials, Error> {
    let keys = (!ask.transitive_tags.is_empty()).then(|| ask.transitive_tags.clone());
    let request = client
        .assume_role()
        .role_arn(role.arn())
        .role_session_name(&ask.session_name)
        .set_external_id(external_id.map(str::to_owned))
        .set_source_identity(ask.source_identity.clone())
        .set_policy(ask.policy.clone())
        .set_policy_arns(policy_arns(ask))
        .set_tags(tags(ask)?)
        .set_transitive_tag_keys(keys)
        .set_duration_seconds(seconds(ask));
    let sent = match device {
        None => request.send().await,
        Some((serial, code)) => {
            let once = Config::builder().retry_config(RetryConfig::disabled());
            let request = request.serial_number(serial).token_code(code.expose());
            request.customize().config_override(once).send().await
        }
    };
    let output = sent.map_err(|error| refused(ASSUME_ROLE, &error))?;
    let arn = output
        .assumed_role_user()
        .map(aws_sdk_sts::types::AssumedRoleUser::arn);
    credentials(ASSUME_ROLE, output.credentials(), arn)
}

/// `GetFederationToken`.
pub(super) async fn federation_token(
    client: &Client,
    _role: &Role,
    ask: &Ask,
) -> Result<Credentials, Error> {
    let output = client
        .get_federation_token()
        .name(&ask.session_name)
        .set_policy(ask.policy.clone())
        .set_policy_arns(policy_arns(ask))
        .set_tags(tags(ask)?)
        .set_duration_seconds(seconds(ask))
        .send()
        .await
        .map_err(|error| refused(FEDERATION_TOKEN, &error))?;
    let arn = output
        .federated_user()
        .map(aws_sdk_sts::types::FederatedUser::arn);
    credentials(FEDERATION_TOKEN, output.credentials(), arn)
}

/// A bare `GET /`, which asks nothing and names nobody: it only opens a connection and leaves it in the pool.
pub(super) async fn touch(client: &Client) {
    let touched = client
        .assume_role_with_web_identity()
        .customize()
        .mutate_request(|request| {
            // a request that cannot be emptied is sent as it is, and refused
            let _ = request.set_method("GET");
            *request.body_mut() = aws_smithy_types::body::SdkBody::empty();
            request.headers_mut().remove("content-type");
            request.headers_mut().remove("content-length");
        })
        .send()
        .await;
    // the answer means nothing; that nobody answers shows at the next click, with its page
    drop(touched);
}

pub(super) fn seconds(ask: &Ask) -> Option<i32> {
    let seconds = ask.duration_seconds?;
    Some(i32::try_from(seconds).unwrap_or(i32::MAX))
}

fn policy_arns(ask: &Ask) -> Option<Vec<PolicyDescriptorType>> {
    (!ask.policy_arns.is_empty()).then(|| {
        ask.policy_arns
            .iter()
            .map(|arn| PolicyDescriptorType::builder().arn(arn).build())
            .collect()
    })
}

fn tags(ask: &Ask) -> Result<Option<Vec<Tag>>, Error> {
    if ask.tags.is_empty() {
        return Ok(None);
    }
    ask.tags
        .iter()
        .map(|(key, value)| {
            Tag::builder()
                .key(key)
                .value(value)
                .build()
                .map_err(|_| Error::NotConfigured("a session tag is incomplete"))
        })
        .collect::<Result<_, _>>()
        .map(Some)
}

/// What an SDK error means. The error itself is dropped: it can hold the whole exchange.
pub(super) fn refused<E>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata,
    SdkError<E, HttpResponse>: RequestId,
{
    let busy = |cause| Error::Busy { operation, cause };
    let request_id = error.request_id().map(|id| tame(id, 64));
    match error {
        SdkError::TimeoutError(_) => busy("no answer in time"),
        SdkError::DispatchFailure(failure) => {
            let distrust = failure.as_connector_error().and_then(|e| tls::distrust(e));
            distrust.map_or(busy("no connection"), |cause| Error::Untrusted {
                operation,
                cause,
            })
        }
        SdkError::ResponseError(_) => Error::Unexpected {
            operation,
            cause: "it cannot be read",
        },
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            let code = tame_code(service.err().code().unwrap_or_default());
            match code.as_str() {
                "RegionDisabledException" => Error::RegionDisabled { operation },
                "Throttling"
                | "ThrottlingException"
                | "RequestLimitExceeded"
                | "ServiceUnavailable"
                | "InternalFailure" => busy("throttled or out of service"),
                _ if status >= 500 => busy("it answered 5xx"),
                // an error that came with a success is an answer nobody can read
                _ if status < 300 => Error::Unexpected {
                    operation,
                    cause: "it cannot be read",
                },
                _ => Error::Refused {
                    operation,
                    refusal: Refusal {
                        text: tame(service.err().message().unwrap_or_default(), 300),
                        code,
                        status,
                        request_id,
                    },
                },
            }
        }
        _ => Error::Unexpected {
            operation,
            cause: "the request could not be made",
        },
    }
}
