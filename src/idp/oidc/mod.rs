//! OpenID Connect relying party.
//!
//! The code flow with PKCE (OpenID Connect Core 1.0, Discovery 1.0, RFC 7636, RFC 9207, RFC 9700). Start with
//! [`RelyingParty`]; below it, `callback` reads what the browser brings, `provider` what the provider publishes,
//! `exchange` asks for the tokens, `id_token` verifies, `identity` says who it is.
//!
//! openidconnect gives the types of discovery, PKCE, the authorization URL and the token request. ID tokens are
//! verified here, over AWS-LC: the reading must be strict (members that stand twice, `nbf`, whole seconds, several
//! keys without `kid`), which openidconnect's is not and its `JsonWebKey` trait cannot make it; and once it is, a
//! second, laxer reading after it could refuse honest tokens but never a hostile one. It also costs a fraction.
//!
//! This folder knows nothing of sessions, cookies or the database.

mod callback;
mod error;
mod exchange;
mod http;
pub mod id_token;
mod identity;
mod json;
pub mod keys;
mod pasted;
mod provider;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::{
    AuthenticationContextClass, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope,
};
use secrecy::ExposeSecret as _;
use url::Url;

pub use callback::{Callback, Refusal};
pub use error::Error;
pub use http::HttpError;
pub use id_token::TokenError;
pub use json::{JsonError, Object, object};
pub use pasted::read_pasted;

use self::callback::Answer;
use self::exchange::Tokens;
use self::http::Http;
use self::id_token::{Claims, Expected};
use self::keys::Algorithm;
use self::provider::{Discovered, Provider};
use super::{Challenge, Once, Verified};
use crate::clock::SharedClock;
use crate::config::{IdentityProvider, IdpKind, OidcConfig};
use crate::domain::credentials::ForwardedProof;
use crate::domain::identity::IdpId;
use crate::domain::requires::Requires;
use crate::random::{self, Random};

/// For one request to the provider.
const REQUEST: Duration = Duration::from_secs(5);
/// For everything that one login asks of the provider.
const LOGIN: Duration = Duration::from_secs(15);

/// Us, towards one OpenID Connect provider.
#[derive(Debug)]
pub struct RelyingParty {
    idp: IdpId,
    config: OidcConfig,
    provider: Provider,
    clock: SharedClock,
}

impl RelyingParty {
    /// From the configuration; nothing is asked of the provider yet.
    pub fn new(provider: &IdentityProvider, clock: SharedClock) -> Result<Self, Error> {
        Self::with_deadline(provider, clock, REQUEST)
    }

    fn with_deadline(
        provider: &IdentityProvider,
        clock: SharedClock,
        deadline: Duration,
    ) -> Result<Self, Error> {
        let IdpKind::Oidc(config) = &provider.kind else {
            return Err(Error::Configuration("it is no OpenID Connect provider"));
        };
        let issuer =
            Url::parse(&config.issuer).map_err(|_| Error::Configuration("the issuer is no URL"))?;
        let algorithms = config
            .algorithms
            .iter()
            .map(|name| Algorithm::parse(name))
            .collect::<Option<Vec<_>>>()
            .filter(|algorithms| !algorithms.is_empty())
            .ok_or(Error::Configuration("an algorithm is not supported"))?;
        let http = Http::new(&issuer, &config.authorities, deadline)
            .map_err(|error| Error::Authorities(Arc::new(error)))?;
        if !http.may_reach(&issuer) || issuer.query().is_some() {
            return Err(Error::Configuration(
                "the issuer must be https, or http on loopback, without query and fragment",
            ));
        }
        let about = (config.issuer.clone(), algorithms, config.userinfo);
        Ok(Self {
            idp: provider.id.clone(),
            config: config.clone(),
            provider: Provider::new(about, http, Arc::clone(&clock)),
            clock,
        })
    }

    /// Whether discovery has succeeded, and what it gave is not too old.
    pub fn is_ready(&self) -> bool {
        self.provider.known().is_some()
    }

    /// Runs discovery if it has not, or not lately.
    pub async fn prepare(&self) -> Result<(), Error> {
        self.provider.current().await.map(|_| ())
    }

    /// What to remember of a login that begins now.
    pub fn challenge(&self, random: &dyn Random) -> Challenge {
        Challenge::Oidc {
            nonce: random::token::<32>(random),
            pkce_verifier: random::token::<32>(random),
        }
    }

    /// Where to send the browser. What the login must be like goes along as `max_age` and `acr_values`: by `max_age` the
    /// provider itself lets the person prove who they are anew when it has to, and says when they did.
    pub async fn depart(
        &self,
        challenge: &Challenge,
        state: &str,
        requires: &Requires,
    ) -> Result<Url, Error> {
        let (nonce, verifier) = open(challenge)?;
        let known = self.provider.current().await?;
        let client = exchange::client(&self.config, &known)?;
        let proof = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier));
        // openidconnect asks for `openid` by itself
        let scopes = self.config.scopes.iter().filter(|scope| *scope != "openid");
        let (state, nonce) = (state.to_owned(), nonce.to_owned());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(scopes.cloned().map(Scope::new))
            .set_pkce_challenge(proof);
        if let Some(minutes) = requires.login_within_minutes {
            request = request.set_max_age(Duration::from_secs(60 * u64::from(minutes)));
        }
        for context in &requires.acr {
            let context = AuthenticationContextClass::new(context.clone());
            request = request.add_auth_context_value(context);
        }
        Ok(request.url().0)
    }

    /// Verifies what the browser brought back for this challenge.
    pub async fn verify(
        &self,
        callback: Callback,
        challenge: &Challenge,
    ) -> Result<Verified, Error> {
        let login = self.verify_unhurried(callback, challenge);
        tokio::time::timeout(LOGIN, login)
            .await
            .map_err(|_| Error::Deadline)?
    }

    async fn verify_unhurried(
        &self,
        callback: Callback,
        challenge: &Challenge,
    ) -> Result<Verified, Error> {
        let (nonce, verifier) = open(challenge)?;
        // a code must not reach a token endpoint that did not give it
        if callback
            .iss
            .as_ref()
            .is_some_and(|iss| *iss != self.config.issuer)
        {
            return Err(Error::Issuer);
        }
        let known = self.provider.current().await?;
        if known.metadata.names_itself && callback.iss.is_none() {
            return Err(Error::IssuerMissing);
        }
        let code = match callback.answer {
            Answer::Code(code) => code,
            Answer::Refusal(refusal) => return Err(Error::Refused(refusal)),
        };
        let client = exchange::client(&self.config, &known)?;
        let tokens = exchange::exchange(&client, &self.provider.http, &code, verifier).await?;
        let claims = self
            .read_id_token(&known, &tokens, nonce, code.expose_secret())
            .await?;
        let userinfo = if self.config.userinfo {
            exchange::userinfo(&self.provider, &known, &tokens, &claims.subject).await?
        } else {
            Object::new()
        };
        let once = Once {
            idp: self.idp.clone(),
            id: sha256_hex(tokens.id_token.expose_secret()),
            until: claims.until,
        };
        let identity = identity::build(&self.idp, claims, userinfo)?;
        let proof = ForwardedProof::IdToken(tokens.id_token);
        Ok(Verified::new(identity, once, Some(proof)))
    }

    async fn read_id_token(
        &self,
        known: &Arc<Discovered>,
        tokens: &Tokens,
        nonce: &str,
        code: &str,
    ) -> Result<Claims, Error> {
        let token = tokens.id_token.expose_secret();
        let verify =
            |known: &Discovered| id_token::verify(token, &known.keys, &self.provider.algorithms);
        let signed = match verify(known) {
            Err(fault) if fault.may_be_a_new_key() => {
                match self.provider.newer_keys(known).await? {
                    Some(newer) => verify(&newer),
                    None => Err(fault),
                }
            }
            decided => decided,
        }?;
        let expected = Expected {
            issuer: &self.config.issuer,
            client_id: &self.config.client_id,
            nonce,
            access_token: tokens.access_token.expose_secret(),
            code,
            leeway: chrono::Duration::seconds(self.config.leeway_seconds.into()),
            // the time of looking at it, not of the browser's arrival: the provider was asked in between
            now: self.clock.now(),
        };
        Ok(signed.check(&expected)?)
    }
}

/// The nonce and the PKCE verifier of a challenge of ours.
fn open(challenge: &Challenge) -> Result<(&str, String), Error> {
    match challenge {
        // RFC 7636 §4.1
        Challenge::Oidc {
            nonce,
            pkce_verifier,
        } if (43..=128).contains(&pkce_verifier.len()) && !nonce.is_empty() => {
            Ok((nonce, pkce_verifier.clone()))
        }
        _ => Err(Error::Challenge),
    }
}

fn sha256_hex(text: &str) -> String {
    use std::fmt::Write as _;
    digest::digest(&digest::SHA256, text.as_bytes())
        .as_ref()
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // writing to a String cannot fail
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
