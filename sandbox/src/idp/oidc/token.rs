//! Minting ID tokens: a sign-in and the options become a signed JWT (RFC 7515, OpenID Connect Core §2).

use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::options::{Groups, Nonce, OidcOptions, Signing};
use crate::idp::key::{Algorithm, Key, KeyError, KeySet};
use crate::people::Person;

/// What is known about a sign-in when its token is written.
pub(super) struct Facts<'a> {
    /// The provider.
    pub(super) issuer: &'a str,
    /// The application.
    pub(super) client_id: &'a str,
    /// What it asked for.
    pub(super) scopes: &'a [String],
    /// The request's nonce.
    pub(super) nonce: Option<&'a str>,
    /// Who signed in.
    pub(super) person: &'a Person,
    /// When they typed their password.
    pub(super) authenticated_at: DateTime<Utc>,
    /// In which context, if one was asked for that the provider can prove.
    pub(super) context: Option<&'a str>,
    /// The access token that goes with it.
    pub(super) access_token: Option<&'a str>,
    /// The time now.
    pub(super) now: DateTime<Utc>,
}

/// Writes and signs the ID token.
pub(super) fn write(
    facts: &Facts<'_>,
    options: &OidcOptions,
    keys: &KeySet,
) -> Result<String, KeyError> {
    let mut claims = claims(facts, options);
    if let Some(edit) = &options.edit_claims {
        edit(&mut claims);
    }
    let mut header = Map::new();
    header.insert("typ".to_owned(), json!("JWT"));
    let signer = Signer::of(&options.signing, keys);
    header.insert("alg".to_owned(), json!(signer.name()));
    if let Signer::Key(key, _) = &signer {
        header.insert("kid".to_owned(), json!(key.id()));
    }
    if let Some(edit) = &options.edit_header {
        edit(&mut header);
    }
    let content = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(Value::Object(header).to_string()),
        URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string())
    );
    let signature = signer.sign(content.as_bytes())?;
    let token = format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature));
    Ok(match &options.edit_token {
        Some(edit) => edit(token),
        None => token,
    })
}

enum Signer<'a> {
    Key(&'a Key, Algorithm),
    Hmac(&'a [u8]),
    Nobody,
}

impl<'a> Signer<'a> {
    fn of(signing: &'a Signing, keys: &'a KeySet) -> Self {
        match signing {
            Signing::Own(algorithm) => Self::Key(keys.for_algorithm(*algorithm), *algorithm),
            Signing::Key(key, algorithm) => Self::Key(key, *algorithm),
            Signing::Hmac(secret) => Self::Hmac(secret),
            Signing::Unsigned => Self::Nobody,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Key(_, algorithm) => match algorithm {
                Algorithm::RsaSha1 => "RS1",
                Algorithm::RsaSha256 => "RS256",
                Algorithm::RsaSha384 => "RS384",
                Algorithm::RsaSha512 => "RS512",
                Algorithm::EcdsaSha256 => "ES256",
                Algorithm::EcdsaSha384 => "ES384",
            },
            Self::Hmac(_) => "HS256",
            Self::Nobody => "none",
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Key(key, algorithm) => key.sign(*algorithm, message),
            Self::Hmac(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                Ok(hmac::sign(&key, message).as_ref().to_vec())
            }
            Self::Nobody => Ok(Vec::new()),
        }
    }
}

/// The left half of the access token's hash, by the digest of the token's own algorithm.
fn half_hash(signing: &Signing, access_token: &str) -> String {
    let algorithm = match signing {
        Signing::Own(algorithm) | Signing::Key(_, algorithm) => *algorithm,
        Signing::Hmac(_) | Signing::Unsigned => Algorithm::RsaSha256,
    };
    let digest = match algorithm {
        Algorithm::RsaSha384 | Algorithm::EcdsaSha384 => &digest::SHA384,
        Algorithm::RsaSha512 => &digest::SHA512,
        _ => &digest::SHA256,
    };
    let hash = digest::digest(digest, access_token.as_bytes());
    let hash = hash.as_ref();
    URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2])
}

fn claims(facts: &Facts<'_>, options: &OidcOptions) -> Map<String, Value> {
    let issued = facts.now - options.issued_ago;
    let mut claims = person_claims(facts.person, facts.scopes);
    let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    add("iss", json!(facts.issuer));
    match &options.audience {
        Some(audience) => add("aud", json!(audience)),
        None => add("aud", json!(facts.client_id)),
    };
    add("iat", json!(issued.timestamp()));
    add("exp", json!((issued + options.lifetime).timestamp()));
    add("auth_time", json!(facts.authenticated_at.timestamp()));
    if let Some(context) = facts.context {
        add("acr", json!(context));
    }
    if let Some(azp) = &options.azp {
        add("azp", json!(azp));
    }
    let nonce = match &options.nonce {
        Nonce::Echo => facts.nonce,
        Nonce::Absent => None,
        Nonce::Other(nonce) => Some(nonce.as_str()),
    };
    if let Some(nonce) = nonce {
        add("nonce", json!(nonce));
    }
    if let Some(access_token) = facts.access_token.filter(|_| options.at_hash) {
        add("at_hash", json!(half_hash(&options.signing, access_token)));
    }
    add_groups(&mut claims, facts.person, options);
    if options.aws_claims {
        add_aws_claims(&mut claims, facts.person);
    }
    claims
}

/// What the provider says about `person` in both places, as far as `scopes` ask for it.
pub(super) fn person_claims(person: &Person, scopes: &[String]) -> Map<String, Value> {
    let asked = |scope: &str| scopes.iter().any(|one| one == scope);
    let mut claims = Map::new();
    for (name, values) in &person.attributes {
        let value = match values.as_slice() {
            [one] => json!(one),
            many => json!(many),
        };
        claims.insert(name.clone(), value);
    }
    claims.insert("sub".to_owned(), json!(person.subject));
    if asked("profile") {
        claims.insert("name".to_owned(), json!(person.display_name));
        claims.insert("preferred_username".to_owned(), json!(person.username));
    }
    if asked("email") {
        claims.insert("email".to_owned(), json!(person.email));
        claims.insert("email_verified".to_owned(), json!(person.email_verified));
    }
    claims
}

fn add_groups(claims: &mut Map<String, Value>, person: &Person, options: &OidcOptions) {
    if options.groups == Groups::Overage {
        claims.insert("_claim_names".to_owned(), json!({ "groups": "src1" }));
        claims.insert(
            "_claim_sources".to_owned(),
            json!({ "src1": { "endpoint": "https://graph.example.com/me/getMemberObjects" } }),
        );
    } else if options.groups != Groups::Userinfo && !person.groups.is_empty() {
        claims.insert("groups".to_owned(), json!(person.groups));
    }
}

fn add_aws_claims(claims: &mut Map<String, Value>, person: &Person) {
    let aws = &person.aws;
    if !aws.principal_tags.is_empty() {
        let tags: Map<String, Value> = aws
            .principal_tags
            .iter()
            .map(|(key, value)| (key.clone(), json!([value])))
            .collect();
        claims.insert(
            "https://aws.amazon.com/tags".to_owned(),
            json!({ "principal_tags": tags, "transitive_tag_keys": aws.transitive_tag_keys }),
        );
    }
    if let Some(source_identity) = &aws.source_identity {
        claims.insert(
            "https://aws.amazon.com/source_identity".to_owned(),
            json!(source_identity),
        );
    }
}
