//! `AssumeRoleWithWebIdentity`: an ID token of a registered issuer becomes a role session.
//!
//! The order is the token's form, its provider, its signature, its end, its audience, trust. The
//! provider must be registered in the role's own account.

mod keys;
mod rules;
mod thumbprint;
mod token;

pub(in crate::aws) use keys::{IssuerKeys, may_be_issuer};

use super::Call;
use super::federated::{Vouched, Wish, admit, refuse_stray_credentials, respond};
use super::role::RoleArn;
use super::shape::{ARN, PROVIDER_ID, SESSION_NAME, Shape, WEB_IDENTITY_TOKEN};
use crate::aws::iam::OidcProvider;
use crate::aws::query::Element;
use crate::aws::query::QueryError;
use crate::aws::tokens::Made;
use keys::KeysError;
use token::{Claims, TokenError, Unverified};

const OPERATION: &str = "AssumeRoleWithWebIdentity";

pub(super) async fn perform(call: &Call<'_>) -> Result<Vec<Element>, QueryError> {
    let mut shape = Shape::new(call.parameters);
    let role_arn = shape.required("RoleArn", &ARN);
    let session_name = shape.required("RoleSessionName", &SESSION_NAME);
    let token = shape.required("WebIdentityToken", &WEB_IDENTITY_TOKEN);
    let provider_id = shape.optional("ProviderId", &PROVIDER_ID);
    let wish = Wish::read(&mut shape)?;
    shape.finish()?;
    refuse_stray_credentials(call)?;
    if provider_id.is_some() {
        return Err(QueryError::validation(
            "ProviderId is for OAuth 2.0 access tokens only",
        ));
    }
    let role = RoleArn::parse(&role_arn)?;
    let (provider, claims) = verified(call, &role.account, &token).await?;
    let switches = &call.switches.web_identity;
    rules::check_times(&claims, call.simulation.clock.now(), switches)?;
    if switches.token_single_use && !call.simulation.issuer_keys.first_use(&token) {
        return Err(QueryError::invalid_identity_token(
            "Token has been used before",
        ));
    }
    let audience = rules::audience(&claims, &provider, switches)?;
    let subject = rules::subject(&claims)?;
    let vouched = vouched(
        call,
        (&provider, &role),
        &claims,
        (&audience, &subject, session_name),
    )?;
    let refused = || QueryError::not_authorized_unsigned(OPERATION);
    let registry = call.simulation.seen();
    let target = role
        .find(&registry)
        .filter(|_| role.partition == call.host.partition);
    let session = admit(
        call,
        &registry,
        target.ok_or_else(refused)?,
        (&vouched, &wish),
    )?;
    let mut result = respond(call, session, (&vouched, &wish))?;
    result.push(Element::text("SubjectFromWebIdentityToken", subject));
    result.push(Element::text("Provider", provider.url));
    result.push(Element::text("Audience", audience.accepted));
    Ok(result)
}

/// The token's provider and claims, once form, provider and signature are right.
async fn verified(
    call: &Call<'_>,
    account: &str,
    token: &str,
) -> Result<(OidcProvider, Claims), QueryError> {
    let no_jwt = || {
        QueryError::invalid_identity_token(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an \
             Access Token)",
        )
    };
    let token = Unverified::read(token).map_err(|_| no_jwt())?;
    let issuer = token
        .issuer()
        .ok_or_else(|| QueryError::invalid_identity_token("Missing a required claim: iss"))?;
    let provider = call
        .simulation
        .seen()
        .account(account)
        .and_then(|account| account.oidc_providers.get(issuer).cloned())
        .filter(|provider| keys::may_be_issuer(&provider.url));
    let provider = provider.ok_or_else(|| {
        QueryError::invalid_identity_token(format!(
            "No OpenIDConnect provider found in your account for {issuer}"
        ))
    })?;
    let now = call.simulation.clock.now();
    let keys = call
        .simulation
        .issuer_keys
        .of(&provider, now, &call.switches.web_identity)
        .await
        .map_err(|error| {
            tracing::debug!(%error, "no keys from the issuer");
            unreachable(&error)
        })?;
    let claims = token.verify(&keys).map_err(|error| match error {
        TokenError::Form => no_jwt(),
        TokenError::Signature => QueryError::invalid_identity_token("Token signature invalid"),
    })?;
    Ok((provider, claims))
}

fn unreachable(error: &KeysError) -> QueryError {
    QueryError::invalid_identity_token(match error {
        KeysError::Certificate(_) => {
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
        }
        _ => {
            "Couldn't retrieve verification key from your identity provider, please reference \
             AssumeRoleWithWebIdentity documentation for requirements"
        }
    })
}

fn vouched(
    call: &Call<'_>,
    (provider, role): (&OidcProvider, &RoleArn),
    claims: &Claims,
    (audience, subject, session_name): (&rules::Audience, &str, String),
) -> Result<Vouched, QueryError> {
    let keys = rules::keys(claims, provider, (audience, subject));
    let provider_arn = format!(
        "arn:{}:iam::{}:oidc-provider/{}",
        role.partition.name(),
        role.account,
        provider.key()
    );
    let mut lasting = keys.clone();
    lasting.remove(&format!("{}:oaud", provider.key()));
    lasting.insert(
        "aws:FederatedProvider".to_owned(),
        vec![provider_arn.clone()],
    );
    Ok(Vouched {
        operation: OPERATION,
        made: Made::WebIdentity,
        provider_arn,
        session_name,
        source_identity: rules::source_identity(claims)?,
        tags: rules::tags(claims, &call.switches.web_identity)?,
        keys: keys.into_iter().collect(),
        lasting,
        latest_end: None,
        longest: None,
    })
}
