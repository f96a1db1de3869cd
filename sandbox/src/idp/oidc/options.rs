//! What the OpenID provider answers, and every way in which a test can make it lie, stall or break.
//!
//! The defaults are an honest provider's.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::Duration;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use crate::idp::key::{Algorithm, Key};

/// An edit of a JSON object.
pub type JsonEdit = Arc<dyn Fn(&mut Map<String, Value>) + Send + Sync>;

/// An edit of a finished token.
pub type TokenEdit = Arc<dyn Fn(String) -> String + Send + Sync>;

/// An application that people can sign in to.
#[derive(Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret; `None` for a public client.
    pub secret: Option<String>,
    /// Where the browser may be sent back to, exactly.
    pub redirect_uris: Vec<String>,
    /// Where it may be sent after signing out.
    pub post_logout_redirect_uris: Vec<String>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A confidential client with one redirect URI.
    pub fn new(id: &str, secret: &str, redirect_uri: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: Some(secret.to_owned()),
            redirect_uris: vec![redirect_uri.to_owned()],
            post_logout_redirect_uris: Vec::new(),
        }
    }
}

/// How ID tokens are signed.
#[derive(Clone)]
pub enum Signing {
    /// With the provider's own key for the algorithm.
    Own(Algorithm),
    /// With another key.
    Key(Arc<Key>, Algorithm),
    /// With HMAC-SHA-256 and this secret.
    Hmac(Vec<u8>),
    /// Not at all: `alg` is `none` and the signature empty.
    Unsigned,
}

/// What stands in the token's nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nonce {
    /// The request's.
    Echo,
    /// Nothing.
    Absent,
    /// Something else.
    Other(String),
}

/// Where a person's groups can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Groups {
    /// In the ID token and at the userinfo endpoint.
    Everywhere,
    /// In the ID token.
    IdToken,
    /// At the userinfo endpoint.
    Userinfo,
    /// Nowhere here: the ID token points elsewhere, as for people who are in too many groups.
    Overage,
}

/// What stands in the authorization response's `iss` (RFC 9207).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseIssuer {
    /// The provider's issuer.
    Own,
    /// Nothing.
    Absent,
    /// Something else.
    Other(String),
}

/// An endpoint that other programs call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// The keys.
    Jwks,
    /// Codes for tokens.
    Token,
    /// Claims for an access token.
    Userinfo,
}

/// Holds requests until it is opened.
#[derive(Debug, Clone)]
pub struct Latch(Arc<Semaphore>);

impl Default for Latch {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Latch {
    /// Lets everyone through, now and from now on.
    pub fn open(&self) {
        self.0.close();
    }

    pub(super) async fn wait(&self) {
        // a closed semaphore is an open latch; nobody is ever given a permit
        let _ = self.0.acquire().await;
    }
}

/// What an endpoint does instead of its work.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Answers with this status and text.
    Status(u16, String),
    /// Answers 200 with this text, as JSON.
    Body(String),
    /// Answers 200 with a JSON object that goes on for so many bytes.
    Huge(usize),
    /// Answers as always, but only once the latch is open.
    Hang(Latch),
    /// Sends the caller to another address.
    Redirect(String),
}

/// How the provider behaves.
#[derive(Clone)]
pub struct OidcOptions {
    /// How ID tokens are signed.
    pub signing: Signing,
    /// How long ago ID tokens were issued; negative for the future.
    pub issued_ago: Duration,
    /// How long after that they are valid.
    pub lifetime: Duration,
    /// The audience, if not the client alone: written as an array.
    pub audience: Option<Vec<String>>,
    /// The authorized party.
    pub azp: Option<String>,
    /// What stands in the nonce.
    pub nonce: Nonce,
    /// Whether the access token's hash is in the ID token.
    pub at_hash: bool,
    /// The contexts that it can prove when asked to (`acr_values`).
    pub contexts: Vec<String>,
    /// Where groups can be had.
    pub groups: Groups,
    /// Whether AWS's claims are sent, for people who have any.
    pub aws_claims: bool,
    /// What stands in the authorization response's `iss`.
    pub response_issuer: ResponseIssuer,
    /// An error instead of a code: its name and its description.
    pub authorize_error: Option<(String, Option<String>)>,
    /// Changes the ID token's header before it is signed.
    pub edit_header: Option<JsonEdit>,
    /// Changes the ID token's claims before it is signed.
    pub edit_claims: Option<JsonEdit>,
    /// Changes or replaces the finished ID token.
    pub edit_token: Option<TokenEdit>,
    /// Changes the token endpoint's answer.
    pub edit_token_answer: Option<JsonEdit>,
    /// Changes the discovery document.
    pub edit_discovery: Option<JsonEdit>,
    /// Changes the JWKS.
    pub edit_jwks: Option<JsonEdit>,
    /// Changes the userinfo endpoint's answer.
    pub edit_userinfo: Option<JsonEdit>,
    /// What endpoints do instead of their work.
    pub faults: BTreeMap<Endpoint, Fault>,
}

impl Default for OidcOptions {
    fn default() -> Self {
        Self {
            signing: Signing::Own(Algorithm::RsaSha256),
            issued_ago: Duration::zero(),
            lifetime: Duration::hours(1),
            audience: None,
            azp: None,
            nonce: Nonce::Echo,
            at_hash: true,
            contexts: vec!["phr".to_owned(), "phrh".to_owned()],
            groups: Groups::Everywhere,
            aws_claims: true,
            response_issuer: ResponseIssuer::Own,
            authorize_error: None,
            edit_header: None,
            edit_claims: None,
            edit_token: None,
            edit_token_answer: None,
            edit_discovery: None,
            edit_jwks: None,
            edit_userinfo: None,
            faults: BTreeMap::new(),
        }
    }
}
