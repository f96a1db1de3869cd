//! Signature Version 4, verified with a library that shares nothing with the AWS SDKs.
//!
//! The checks come in AWS's order: is there a signature, is it whole, is the key known and its
//! token the right one, is the time near, is the scope right, does the signature match, have the
//! credentials ended. What is signed is the path and the host as they were sent; the region of the
//! scope is that of the AWS host in the first path segment. Signatures in the query are not taken.

use std::str::FromStr as _;

use chrono::TimeDelta;
use scratchstack_aws_signature::auth::SigV4Authenticator;
use scratchstack_aws_signature::canonical::CanonicalRequest;
use scratchstack_aws_signature::{
    GetSigningKeyRequest, GetSigningKeyResponse, KSecretKey, NO_ADDITIONAL_SIGNED_HEADERS,
    SignatureError, SignatureOptions, service_for_signing_key_fn,
};

use super::http::Incoming;
use super::iam::Registry;
use super::identity::Identity;
use super::partition::Partition;
use super::query::QueryError;
use super::simulation::Simulation;
use super::switches::Switches;
use super::tokens::{Principal, Session};

/// What a request to one host must be signed for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The host's partition: keys of another are unknown there.
    pub partition: Partition,
    /// The region of the credential scope.
    pub region: &'a str,
    /// The service of the credential scope.
    pub service: &'a str,
}

/// Who signed `request`, or AWS's reason for not believing it.
pub async fn authenticate(
    simulation: &Simulation,
    scope: Scope<'_>,
    request: &Incoming,
) -> Result<Identity, QueryError> {
    let authenticator = read_signature(request)?;
    let key_id = authenticator
        .credential()
        .split('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    let token = authenticator.session_token();
    let (identity, secret) = known_key(simulation, scope, &key_id, token)?;
    let switches = simulation.switches();
    let now = simulation.clock.now();
    let skew = TimeDelta::minutes(switches.signature_skew_minutes);
    authenticator
        .prevalidate(scope.region, scope.service, now, skew)
        .map_err(|error| refusal(&error))?;
    let derive =
        move |request: GetSigningKeyRequest| std::future::ready(signing_key(&secret, &request));
    let mut keys = service_for_signing_key_fn(derive);
    authenticator
        .validate_signature(scope.region, scope.service, now, skew, &mut keys)
        .await
        .map_err(|error| refusal(&error))?;
    match identity.session() {
        Some(session) if now >= session.expires => Err(QueryError::expired_credentials(
            switches.expired_token_status,
        )),
        _ => Ok(identity),
    }
}

/// The key id a request claims, without checking anything: for the log.
pub fn claimed_key(request: &Incoming) -> Option<String> {
    let header = request.header("authorization")?;
    let credential = header.split("Credential=").nth(1)?;
    let id = credential.split(['/', ',', ' ']).next()?;
    let clean = id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (clean && !id.is_empty()).then(|| id.to_owned())
}

fn read_signature(request: &Incoming) -> Result<SigV4Authenticator, QueryError> {
    if request.header("authorization").is_none() {
        return Err(QueryError::missing_authentication());
    }
    let target = if request.query.is_empty() {
        request.sent_path.clone()
    } else {
        format!("{}?{}", request.sent_path, request.query)
    };
    let malformed = || QueryError::new(400, "IncompleteSignature", "The request cannot be read");
    let mut builder = http::Request::builder()
        .method(request.method.clone())
        .uri(target);
    if let Some(headers) = builder.headers_mut() {
        headers.clone_from(&request.headers);
    }
    let (parts, ()) = builder.body(()).map_err(|_| malformed())?.into_parts();
    let body = request.body.clone().into();
    let (canonical, _, _) =
        CanonicalRequest::from_request_parts(parts, body, SignatureOptions::default())
            .map_err(|error| refusal(&error))?;
    canonical
        .get_authenticator(&NO_ADDITIONAL_SIGNED_HEADERS)
        .map_err(|error| refusal(&error))
}

/// The identity and secret behind a key id, with the token that must come with it.
fn known_key(
    simulation: &Simulation,
    scope: Scope<'_>,
    key_id: &str,
    token: Option<&str>,
) -> Result<(Identity, String), QueryError> {
    let registry = simulation.iam.read();
    let (identity, secret) = if let Some(token) = token {
        let known = simulation.tokens.by_access_key(key_id, token);
        let known = known.map_err(|_| QueryError::unknown_key())?;
        if !still_stands(&registry, &known.session, &simulation.switches())
            || !valid_in(&registry, &known.session, scope)
        {
            return Err(QueryError::unknown_key());
        }
        let identity = Identity::of_session(&known.access_key, known.session);
        (identity, known.secret)
    } else {
        let (_, _, key) = registry
            .long_term_key(key_id)
            .ok_or_else(QueryError::unknown_key)?;
        if !key.active {
            return Err(QueryError::unknown_key());
        }
        let identity = Identity::long_term(&registry, key_id);
        (
            identity.ok_or_else(QueryError::unknown_key)?,
            key.secret.clone(),
        )
    };
    if identity.partition != scope.partition {
        return Err(QueryError::unknown_key());
    }
    Ok((identity, secret))
}

/// Whether the principal behind a session still exists; a role made anew is another role.
fn still_stands(registry: &Registry, session: &Session, switches: &Switches) -> bool {
    let Some(account) = registry.account(&session.account) else {
        return false;
    };
    match &session.principal {
        Principal::AssumedRole { role, role_id, .. } => {
            account.role(role).is_some_and(|role| role.id == *role_id)
        }
        Principal::User {
            user: Some(user),
            user_id,
            ..
        } => account
            .users
            .get(user)
            .is_some_and(|user| user.id == *user_id),
        Principal::FederatedUser {
            user: Some(user), ..
        } => !switches.deleted_user_ends_federation || account.users.contains_key(user),
        Principal::User { user: None, .. } | Principal::FederatedUser { user: None, .. } => true,
    }
}

/// Tokens of the global endpoint are not valid in opt-in regions unless the account says so.
fn valid_in(registry: &Registry, session: &Session, scope: Scope<'_>) -> bool {
    !session.global
        || !scope.partition.is_opt_in_region(scope.region)
        || registry
            .account(&session.account)
            .is_some_and(|one| one.global_tokens_everywhere)
}

fn signing_key(
    secret: &str,
    request: &GetSigningKeyRequest,
) -> Result<GetSigningKeyResponse, Box<dyn std::error::Error + Send + Sync>> {
    let key: KSecretKey = KSecretKey::from_str(secret)?;
    let key = key.to_ksigning(request.request_date(), request.region(), request.service());
    Ok(GetSigningKeyResponse::builder().signing_key(key).build()?)
}

fn refusal(error: &SignatureError) -> QueryError {
    let (status, code) = match error {
        SignatureError::MissingAuthenticationToken(_) => (403, "MissingAuthenticationToken"),
        SignatureError::IncompleteSignature(_) | SignatureError::InvalidURIPath(_) => {
            (400, "IncompleteSignature")
        }
        SignatureError::MalformedQueryString(_) => (404, "MalformedQueryString"),
        SignatureError::SignatureDoesNotMatch(_) => (403, "SignatureDoesNotMatch"),
        _ => return QueryError::internal(),
    };
    QueryError::new(status, code, error.to_string())
}
