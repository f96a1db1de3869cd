//! The two calls of a login: the code for tokens, and the access token for further claims.
//!
//! OpenID Connect Core §3.1.3 and §5.3, by way of openidconnect's client. The ID token is taken as text: the strict
//! reader in `id_token` is the first to look into it. Everything here is a secret, so nothing here can be printed.

use std::fmt;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, Client, ClientId, ClientSecret,
    EmptyAdditionalClaims, EndpointNotSet, EndpointSet, IdToken, IssuerUrl, JsonWebKeySet,
    OAuth2TokenResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardErrorResponse, TokenResponse,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::error::Error;
use super::http::{Http, HttpError};
use super::json::Object;
use super::provider::{Discovered, Provider};
use crate::config::OidcConfig;

/// What the token endpoint gave.
pub(super) struct Tokens {
    pub(super) id_token: SecretString,
    pub(super) access_token: SecretString,
    is_bearer: bool,
}

/// openidconnect's client, with our reading of the token endpoint's answer.
pub(super) type OidcClient = Client<
    EmptyAdditionalClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointNotSet,
>;

/// A client for this provider as it is known now.
pub(super) fn client(config: &OidcConfig, known: &Discovered) -> Result<OidcClient, Error> {
    let issuer = IssuerUrl::new(config.issuer.clone())
        .map_err(|_| Error::Configuration("the issuer is no URL"))?;
    let metadata = &known.metadata;
    // the keys stay with us: openidconnect verifies nothing here
    let mut client = Client::new(
        ClientId::new(config.client_id.clone()),
        issuer,
        JsonWebKeySet::default(),
    )
    .set_auth_uri(metadata.authorization_endpoint.clone())
    .set_token_uri(metadata.token_endpoint.clone())
    .set_redirect_uri(RedirectUrl::from_url(config.redirect_uri.clone()));
    if let Some(secret) = &config.client_secret {
        client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
    }
    if metadata.secret_in_body {
        client = client.set_auth_type(AuthType::RequestBody);
    }
    Ok(client)
}

/// Exchanges the code. It works once, so this is never tried again.
pub(super) async fn exchange(
    client: &OidcClient,
    http: &Http,
    code: &SecretString,
    verifier: String,
) -> Result<Tokens, Error> {
    let answer = client
        .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier))
        .request_async(http)
        .await
        .map_err(refused)?;
    let id_token = answer
        .id_token
        .ok_or(Error::TokenEndpoint("it has no ID token"))?;
    Ok(Tokens {
        id_token: SecretString::from(id_token),
        is_bearer: answer.token_type == CoreTokenType::Bearer,
        access_token: SecretString::from(answer.access_token.into_secret()),
    })
}

/// Asks for further claims about `subject`. The answer is unsigned, so it counts only for the same subject.
pub(super) async fn userinfo(
    provider: &Provider,
    known: &Discovered,
    tokens: &Tokens,
    subject: &str,
) -> Result<Object, Error> {
    let url = known
        .metadata
        .userinfo_endpoint
        .as_ref()
        .ok_or(Error::Userinfo("there is no such endpoint"))?;
    if !tokens.is_bearer {
        return Err(Error::Userinfo("the access token is no bearer token"));
    }
    let claims = provider
        .http
        .object(url, Some(tokens.access_token.expose_secret()))
        .await
        .map_err(|fault| match fault {
            HttpError::ContentType => Error::Userinfo("it is signed or no JSON"),
            HttpError::Json(_) => Error::Userinfo("it is no JSON that we take"),
            HttpError::Status(401 | 403) => Error::Userinfo("it does not take the access token"),
            fault => Error::unreachable("userinfo endpoint")(fault),
        })?;
    if claims.get("sub").and_then(Value::as_str) != Some(subject) {
        return Err(Error::Userinfo("it is about somebody else"));
    }
    Ok(claims)
}

type TokenFailure = RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>;

/// Drops everything the endpoint said, for it may hold what we sent.
fn refused(failure: TokenFailure) -> Error {
    match failure {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            CoreErrorResponseType::InvalidGrant => Error::Code,
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                Error::Client
            }
            _ => Error::TokenEndpoint("it answered with an error"),
        },
        RequestTokenError::Request(HttpError::ContentType) => Error::TokenEndpoint("it is no JSON"),
        RequestTokenError::Request(HttpError::Json(_)) => {
            Error::TokenEndpoint("it is no JSON that we take")
        }
        RequestTokenError::Request(fault) => Error::unreachable("token endpoint")(fault),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            Error::TokenEndpoint("a member is missing or of the wrong kind")
        }
    }
}

/// The token endpoint's answer as openidconnect wants it typed, with the ID token left as text.
#[derive(Serialize, Deserialize)]
pub(super) struct Answer {
    access_token: AccessToken,
    #[serde(deserialize_with = "any_case")]
    token_type: CoreTokenType,
    id_token: Option<String>,
}

/// RFC 6749 §5.1: the type's case does not matter.
fn any_case<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CoreTokenType, D::Error> {
    let name = String::deserialize(deserializer)?;
    Ok(if name.eq_ignore_ascii_case("bearer") {
        CoreTokenType::Bearer
    } else {
        CoreTokenType::Extension(name)
    })
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

impl OAuth2TokenResponse for Answer {
    type TokenType = CoreTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &CoreTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<std::time::Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

/// openidconnect's own reading of the ID token, which is never asked for.
type TypedIdToken = IdToken<
    EmptyAdditionalClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

impl
    TokenResponse<
        EmptyAdditionalClaims,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    > for Answer
{
    fn id_token(&self) -> Option<&TypedIdToken> {
        None
    }
}
