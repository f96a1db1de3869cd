//! Everything that can go wrong between a click on "sign in" and a proven identity.
//!
//! One enum for the layer, each kind with a code that is stable in logs and in the audit record. No message carries
//! a byte of what was received; the provider's own words for a refusal are handed out separately, as data.

use std::sync::Arc;

use super::callback::Refusal;
use super::http::HttpError;
use super::id_token::TokenError;
use super::json::JsonError;
use super::keys::KeysError;

/// Why a login by OpenID Connect did not succeed, or could not begin.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The configuration cannot work.
    #[error("the OpenID Connect provider's configuration cannot work: {0}")]
    Configuration(&'static str),
    /// The HTTP client cannot be built from the configured authorities.
    #[error("the OpenID Connect provider's certificate authorities cannot be used")]
    Authorities(#[source] Arc<reqwest::Error>),
    /// The browser brought an answer that is none.
    #[error("the answer that the browser brought is refused: {0}")]
    Callback(&'static str),
    /// The answer has no usable `state`.
    #[error("the answer that the browser brought has no usable state")]
    State,
    /// The pending login is not one of this kind.
    #[error("the pending login was not begun with OpenID Connect")]
    Challenge,
    /// The answer names another issuer (RFC 9207): a mix-up.
    #[error("the answer comes from another issuer than the one asked")]
    Issuer,
    /// The provider says that it names itself in its answers, and this one does not.
    #[error("the answer does not name its issuer, though the provider says that its answers do")]
    IssuerMissing,
    /// The provider said no; its words are in [`Error::refusal`].
    #[error("the provider refused the login")]
    Refused(Refusal),
    /// The provider could not be reached, or did not answer in time or in form.
    #[error("the provider's {what} cannot be read")]
    Unreachable {
        /// Which of its endpoints.
        what: &'static str,
        /// What went wrong there.
        #[source]
        source: HttpError,
    },
    /// A verification as a whole took too long.
    #[error("the provider did not answer in time")]
    Deadline,
    /// The discovery document cannot be used.
    #[error("the provider's discovery document is refused: {0}")]
    Discovery(&'static str),
    /// The keys cannot be used.
    #[error("the provider's keys are refused")]
    Keys(#[source] KeysError),
    /// The token endpoint does not take the code: used, expired, or another login's.
    #[error("the provider does not accept the code: it is used, expired or another login's")]
    Code,
    /// The token endpoint does not accept us.
    #[error("the provider does not accept our client id and secret")]
    Client,
    /// The token endpoint's answer cannot be used.
    #[error("the token endpoint's answer is refused: {0}")]
    TokenEndpoint(&'static str),
    /// The ID token is refused.
    #[error("the ID token is refused")]
    IdToken(#[source] TokenError),
    /// The userinfo endpoint's answer cannot be used.
    #[error("the userinfo endpoint's answer is refused: {0}")]
    Userinfo(&'static str),
    /// The claims carry more values than we take in.
    #[error("the provider sent more than {limit} attribute values")]
    TooManyValues {
        /// The limit.
        limit: usize,
    },
}

impl Error {
    /// The reason code for logs, metrics and the audit record.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Configuration(_) | Self::Authorities(_) => "oidc.configuration",
            Self::Callback(_) => "oidc.callback",
            Self::State => "oidc.state",
            Self::Challenge => "oidc.challenge",
            Self::Issuer => "oidc.iss",
            Self::IssuerMissing => "oidc.iss_missing",
            Self::Refused(_) => "oidc.refused",
            Self::Unreachable { .. } | Self::Deadline => "oidc.unreachable",
            Self::Discovery(_) => "oidc.discovery",
            Self::Keys(_) => "oidc.keys",
            Self::Code => "oidc.code",
            Self::Client => "oidc.client",
            Self::TokenEndpoint(_) => "oidc.token_endpoint",
            Self::IdToken(fault) => fault.code(),
            Self::Userinfo(_) => "oidc.userinfo",
            Self::TooManyValues { .. } => "oidc.too_many_values",
        }
    }

    /// Whether trying again later may help without anybody changing anything: the provider is away or broken.
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Deadline | Self::Discovery(_) | Self::Keys(_) => true,
            Self::Refused(refusal) => {
                matches!(
                    refusal.error.as_str(),
                    "server_error" | "temporarily_unavailable"
                )
            }
            _ => false,
        }
    }

    /// Whether beginning the login anew is the way on: what was brought is used up, or was never ours.
    pub fn is_expired_login(&self) -> bool {
        matches!(self, Self::State | Self::Challenge | Self::Code)
    }

    /// The provider's own words, when it said no. Data, to be shown escaped.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    pub(super) fn unreachable(what: &'static str) -> impl FnOnce(HttpError) -> Self {
        move |source| Self::Unreachable { what, source }
    }
}

impl From<TokenError> for Error {
    fn from(fault: TokenError) -> Self {
        Self::IdToken(fault)
    }
}

impl From<KeysError> for Error {
    fn from(fault: KeysError) -> Self {
        Self::Keys(fault)
    }
}

impl From<JsonError> for HttpError {
    fn from(fault: JsonError) -> Self {
        Self::Json(fault)
    }
}
