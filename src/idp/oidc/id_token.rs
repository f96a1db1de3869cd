//! An ID token: its form, its signature, and what it must claim to be about this login.
//!
//! RFC 7515, RFC 7519, RFC 8725 and OpenID Connect Core §3.1.3.7. Pure: the keys, the time and everything expected
//! are handed in. Nothing of the token is believed before its signature is verified; of its header, only `alg` and
//! `kid` are ever used, and `jku`, `x5u`, `jwk` and `x5c` are never looked at.
//!
//! Accepted are tokens up to 64 KB that were issued within the last ten minutes: a code lives no longer than that
//! (RFC 6749 §4.1.2), so an older token was not made for this login.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use serde_json::Value;

use super::json::{self, JsonError, Object};
use super::keys::{Algorithm, KeySet, Verdict};
use crate::domain::Timestamp;

/// The longest token.
const TOKEN_BYTES: usize = 64 * 1024;
/// The longest protected header, in base64.
const HEADER_BYTES: usize = 4 * 1024;
/// The longest `kid`.
const KID_BYTES: usize = 512;
/// The longest `sub` (OpenID Connect Core §2).
const SUBJECT_BYTES: usize = 255;
/// How old a token may be.
const MAX_AGE: Duration = Duration::minutes(10);

/// Why an ID token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than 64 KB.
    #[error("it is longer than 64 KB")]
    TooLong,
    /// Not three parts of unpadded base64url.
    #[error("it is not in the compact form of a signed token")]
    Form,
    /// Five parts: encrypted.
    #[error("it is encrypted, which is not supported")]
    Encrypted,
    /// The header cannot be used.
    #[error("its header is refused: {0}")]
    Header(&'static str),
    /// The algorithm is none that this provider may use.
    #[error("its algorithm is not accepted from this provider")]
    Algorithm,
    /// No key has its `kid` and is for its algorithm.
    #[error("the provider publishes no key for it")]
    UnknownKey,
    /// No key verifies it.
    #[error("its signature does not verify")]
    Signature,
    /// The header or the claims are no JSON that we take.
    #[error("its content is refused")]
    Json(#[source] JsonError),
    /// `iss` is not the provider's.
    #[error("it names another issuer")]
    Issuer,
    /// `aud` does not name us, or others whom `azp` does not explain.
    #[error("it is addressed to somebody else")]
    Audience,
    /// `azp` is somebody else.
    #[error("it was issued to somebody else")]
    AuthorizedParty,
    /// `nonce` is missing or another login's.
    #[error("it was made for another login")]
    Nonce,
    /// `exp` has passed.
    #[error("it has expired")]
    Expired,
    /// `iat`, `nbf` or `auth_time` lies in the future.
    #[error("it is not valid yet")]
    Early,
    /// `iat` lies too far back.
    #[error("it was issued too long ago")]
    TooOld,
    /// A time is missing or no whole number of seconds.
    #[error("its `{0}` is no time")]
    Time(&'static str),
    /// `at_hash` or `c_hash` fits neither the access token nor the code.
    #[error("its `{0}` does not fit what came with it")]
    Hash(&'static str),
    /// `sub` is missing, empty, too long or has control characters.
    #[error("its subject cannot be used")]
    Subject,
}

impl TokenError {
    /// The reason code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "oidc.token_size",
            Self::Form => "oidc.token_form",
            Self::Encrypted => "oidc.encrypted",
            Self::Header(_) => "oidc.header",
            Self::Algorithm => "oidc.algorithm",
            Self::UnknownKey => "oidc.key",
            Self::Signature => "oidc.signature",
            Self::Json(_) => "oidc.json",
            Self::Issuer => "oidc.issuer",
            Self::Audience => "oidc.audience",
            Self::AuthorizedParty => "oidc.azp",
            Self::Nonce => "oidc.nonce",
            Self::Expired => "oidc.expired",
            Self::Early => "oidc.not_yet_valid",
            Self::TooOld => "oidc.too_old",
            Self::Time(_) => "oidc.time",
            Self::Hash(_) => "oidc.hash",
            Self::Subject => "oidc.subject",
        }
    }

    /// Whether fresher keys might change the answer. A provider that changes its key and keeps the `kid` is
    /// forgiven as well.
    pub(super) fn may_be_a_new_key(self) -> bool {
        matches!(self, Self::UnknownKey | Self::Signature)
    }
}

/// What a token of this login must say.
#[derive(Clone, Copy)]
pub struct Expected<'e> {
    /// The configured issuer.
    pub issuer: &'e str,
    /// Who we are there.
    pub client_id: &'e str,
    /// The challenge's.
    pub nonce: &'e str,
    /// What came with the token.
    pub access_token: &'e str,
    /// What the token was exchanged for.
    pub code: &'e str,
    /// How far the provider's clock may be off.
    pub leeway: Duration,
    /// The time.
    pub now: Timestamp,
}

/// A token whose signature is verified, and nothing else yet.
pub struct Signed {
    claims: Object,
    algorithm: Algorithm,
}

/// What is known of a token that passed every check.
#[derive(Debug)]
pub struct Claims {
    /// Whom it is about.
    pub subject: String,
    /// When they proved who they are, if said.
    pub authenticated: Option<Timestamp>,
    /// From when on the same token is refused for its age alone.
    pub until: Timestamp,
    /// All claims, the protocol's own among them.
    pub all: Object,
}

/// Reads a token's form and header and verifies its signature.
pub fn verify(token: &str, keys: &KeySet, accepted: &[Algorithm]) -> Result<Signed, TokenError> {
    if token.len() > TOKEN_BYTES {
        return Err(TokenError::TooLong);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Form)?;
    let (header, payload) = match message.split('.').collect::<Vec<_>>()[..] {
        [header, payload] => (header, payload),
        [_, _, _, _] => return Err(TokenError::Encrypted),
        _ => return Err(TokenError::Form),
    };
    let (algorithm, kid) = read_header(header, accepted)?;
    let signature = decode(signature)?;
    match keys.verify((algorithm, kid.as_deref()), message.as_bytes(), &signature) {
        Verdict::Good => {}
        Verdict::Bad => return Err(TokenError::Signature),
        Verdict::NoKey => return Err(TokenError::UnknownKey),
    }
    let claims = json::object(&decode(payload)?).map_err(TokenError::Json)?;
    Ok(Signed { claims, algorithm })
}

fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Form)
}

fn read_header(
    part: &str,
    accepted: &[Algorithm],
) -> Result<(Algorithm, Option<String>), TokenError> {
    if part.len() > HEADER_BYTES {
        return Err(TokenError::Header("it is too long"));
    }
    let header = json::object(&decode(part)?).map_err(TokenError::Json)?;
    let algorithm = header
        .get("alg")
        .and_then(Value::as_str)
        .and_then(Algorithm::parse)
        .filter(|algorithm| accepted.contains(algorithm))
        .ok_or(TokenError::Algorithm)?;
    // we understand no extension, so whatever is critical is refused (RFC 7515 §4.1.11)
    if header.contains_key("crit") {
        return Err(TokenError::Header("it declares extensions critical"));
    }
    // these change what the other parts mean
    if ["b64", "zip", "enc"]
        .iter()
        .any(|name| header.contains_key(*name))
    {
        return Err(TokenError::Header("it changes how the token is read"));
    }
    match header.get("typ") {
        None => {}
        Some(Value::String(typ))
            if typ.eq_ignore_ascii_case("JWT") || typ.eq_ignore_ascii_case("application/jwt") => {}
        // at+jwt, logout+jwt, secevent+jwt and the like: signed with the same keys, but no ID tokens
        Some(_) => return Err(TokenError::Header("it is another kind of token")),
    }
    let kid = match header.get("kid") {
        None => None,
        Some(Value::String(kid)) if kid.len() <= KID_BYTES => Some(kid.clone()),
        Some(_) => return Err(TokenError::Header("its `kid` is no key id")),
    };
    Ok((algorithm, kid))
}

impl Signed {
    /// Checks that the token is about this login, and not over.
    pub fn check(self, expected: &Expected<'_>) -> Result<Claims, TokenError> {
        let claims = &self.claims;
        if text(claims, "iss") != Some(expected.issuer) {
            return Err(TokenError::Issuer);
        }
        check_audience(claims, expected.client_id)?;
        let nonce = text(claims, "nonce").ok_or(TokenError::Nonce)?;
        verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes())
            .map_err(|_| TokenError::Nonce)?;
        let (until, authenticated) = check_times(claims, expected)?;
        self.check_hash("at_hash", expected.access_token)?;
        self.check_hash("c_hash", expected.code)?;
        let subject = text(claims, "sub")
            .filter(|sub| (1..=SUBJECT_BYTES).contains(&sub.len()))
            .filter(|sub| !sub.chars().any(char::is_control))
            .ok_or(TokenError::Subject)?
            .to_owned();
        Ok(Claims {
            subject,
            authenticated,
            until,
            all: self.claims,
        })
    }

    /// OpenID Connect Core §3.1.3.6: the left half of the digest that goes with the token's algorithm.
    fn check_hash(&self, name: &'static str, of: &str) -> Result<(), TokenError> {
        let Some(claimed) = self.claims.get(name) else {
            return Ok(());
        };
        let algorithm = match self.algorithm {
            Algorithm::Rs256 | Algorithm::Es256 => &digest::SHA256,
            Algorithm::Rs384 | Algorithm::Es384 => &digest::SHA384,
            Algorithm::Rs512 => &digest::SHA512,
        };
        let digest = digest::digest(algorithm, of.as_bytes());
        let half = digest.as_ref().get(..digest.as_ref().len() / 2);
        let claimed = claimed
            .as_str()
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        if claimed.as_deref() == half {
            Ok(())
        } else {
            Err(TokenError::Hash(name))
        }
    }
}

fn text<'c>(claims: &'c Object, name: &str) -> Option<&'c str> {
    claims.get(name).and_then(Value::as_str)
}

/// OpenID Connect Core §3.1.3.7, 3 to 5.
fn check_audience(claims: &Object, client_id: &str) -> Result<(), TokenError> {
    let party = match claims.get("azp") {
        None => None,
        Some(Value::String(party)) => Some(party.as_str()),
        Some(_) => return Err(TokenError::AuthorizedParty),
    };
    if party.is_some_and(|party| party != client_id) {
        return Err(TokenError::AuthorizedParty);
    }
    let (ours, others) = match claims.get("aud") {
        Some(Value::String(audience)) => (audience == client_id, false),
        Some(Value::Array(audiences)) => (
            audiences.iter().any(|audience| audience == client_id),
            audiences.iter().any(|audience| audience != client_id),
        ),
        _ => (false, false),
    };
    if !ours || (others && party.is_none()) {
        return Err(TokenError::Audience);
    }
    Ok(())
}

/// Until when the token could be accepted, and when the person authenticated.
fn check_times(
    claims: &Object,
    expected: &Expected<'_>,
) -> Result<(Timestamp, Option<Timestamp>), TokenError> {
    let (now, leeway) = (expected.now, expected.leeway);
    let expires = time(claims, "exp")?.ok_or(TokenError::Time("exp"))?;
    let issued = time(claims, "iat")?.ok_or(TokenError::Time("iat"))?;
    let not_before = time(claims, "nbf")?;
    let authenticated = time(claims, "auth_time")?;
    if now >= expires + leeway {
        return Err(TokenError::Expired);
    }
    let early = |moment: Timestamp| moment > now + leeway;
    if early(issued) || not_before.is_some_and(early) || authenticated.is_some_and(early) {
        return Err(TokenError::Early);
    }
    if now >= issued + MAX_AGE + leeway {
        return Err(TokenError::TooOld);
    }
    let until = expires.min(issued + MAX_AGE) + leeway;
    Ok((until, authenticated))
}

/// Whole seconds since 1970, up to the year 9999.
fn time(claims: &Object, name: &'static str) -> Result<Option<Timestamp>, TokenError> {
    const YEAR_10000: i64 = 253_402_300_800;
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    value
        .as_i64()
        .filter(|seconds| (1..YEAR_10000).contains(seconds))
        .and_then(|seconds| Timestamp::from_timestamp(seconds, 0))
        .map(Some)
        .ok_or(TokenError::Time(name))
}
