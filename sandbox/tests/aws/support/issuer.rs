//! An OpenID Connect issuer on loopback: discovery, a key set, and tokens about anything.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use actix_web::HttpResponse;
use actix_web::web;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256};
use serde_json::{Value, json};
use vestibule_sandbox::listener::{Binding, Running, bind};

use super::noon;

/// What the issuer answers, for a test to change.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    pub(crate) discovery: Value,
    pub(crate) keys: Value,
    pub(crate) status: u16,
}

/// The running issuer.
pub(crate) struct Issuer {
    pub(crate) url: String,
    pub(crate) served: Arc<Mutex<Served>>,
    pub(crate) fetches: Arc<AtomicUsize>,
    _running: Running,
}

impl Issuer {
    pub(crate) fn start(tls: Option<rustls::ServerConfig>) -> Self {
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let keys = [Signer::rsa(), Signer::p256(), Signer::p384()].map(Signer::jwk);
        let keys = JwkSet {
            keys: keys.to_vec(),
        };
        let served = Arc::new(Mutex::new(Served {
            discovery: json!({ "issuer": url, "jwks_uri": format!("{url}/keys") }),
            keys: serde_json::to_value(keys).unwrap(),
            status: 200,
        }));
        let fetches = Arc::new(AtomicUsize::new(0));
        let (data, count) = (Arc::clone(&served), Arc::clone(&fetches));
        let running = Running::start(Binding { listener, tls }, move |services| {
            let answer = |data: &Arc<Mutex<Served>>, pick: fn(&Served) -> Value| {
                let served = data.lock().unwrap().clone();
                let status = actix_web::http::StatusCode::from_u16(served.status).unwrap();
                HttpResponse::build(status).json(pick(&served))
            };
            let (first, second, count) = (Arc::clone(&data), Arc::clone(&data), Arc::clone(&count));
            services.route(
                "/.well-known/openid-configuration",
                web::get().to(move || {
                    count.fetch_add(1, Ordering::SeqCst);
                    std::future::ready(answer(&first, |served| served.discovery.clone()))
                }),
            );
            let keys = move || std::future::ready(answer(&second, |served| served.keys.clone()));
            services.route("/keys", web::get().to(keys));
        })
        .unwrap();
        Self {
            url,
            served,
            fetches,
            _running: running,
        }
    }

    /// Its URL without the scheme.
    pub(crate) fn authority(&self) -> &str {
        self.url.split_once("://").unwrap().1
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Served)) {
        change(&mut self.served.lock().unwrap());
    }

    /// Claims that AWS takes.
    pub(crate) fn claims(&self) -> Value {
        json!({
            "iss": self.url, "aud": "vestibule", "sub": "00u1ada",
            "iat": noon().timestamp(), "exp": noon().timestamp() + 600,
        })
    }
}

/// A key that signs tokens.
pub(crate) struct Signer {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: &'static str,
    key: EncodingKey,
    pub(crate) public_pem: String,
}

impl Signer {
    pub(crate) fn rsa() -> &'static Self {
        static KEY: OnceLock<Signer> = OnceLock::new();
        KEY.get_or_init(|| {
            let pair = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
            let key = EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes()).unwrap();
            Self {
                algorithm: Algorithm::RS256,
                kid: "rsa",
                key,
                public_pem: pair.public_key_pem(),
            }
        })
    }

    pub(crate) fn stranger() -> &'static Self {
        static KEY: OnceLock<Signer> = OnceLock::new();
        KEY.get_or_init(|| {
            let pair = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
            let key = EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes()).unwrap();
            Self {
                algorithm: Algorithm::RS256,
                kid: "rsa",
                key,
                public_pem: pair.public_key_pem(),
            }
        })
    }

    pub(crate) fn p256() -> &'static Self {
        static KEY: OnceLock<Signer> = OnceLock::new();
        KEY.get_or_init(|| {
            let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
            let key = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).unwrap();
            Self {
                algorithm: Algorithm::ES256,
                kid: "p256",
                key,
                public_pem: pair.public_key_pem(),
            }
        })
    }

    pub(crate) fn p384() -> &'static Self {
        static KEY: OnceLock<Signer> = OnceLock::new();
        KEY.get_or_init(|| {
            let pair = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
            let key = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).unwrap();
            Self {
                algorithm: Algorithm::ES384,
                kid: "p384",
                key,
                public_pem: pair.public_key_pem(),
            }
        })
    }

    /// The public half, named but bound to no algorithm.
    pub(crate) fn jwk(&self) -> Jwk {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.kid.to_owned());
        jwk.common.key_algorithm = None;
        jwk
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_as(self.algorithm, claims)
    }

    pub(crate) fn sign_as(&self, algorithm: Algorithm, claims: &Value) -> String {
        let mut header = Header::new(algorithm);
        header.kid = Some(self.kid.to_owned());
        self.sign_with(&header, claims)
    }

    pub(crate) fn sign_with(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.key).unwrap()
    }
}

/// A key on P-521, of which the library of the others knows nothing.
pub(crate) struct LongSigner {
    pair: EcdsaKeyPair,
}

impl LongSigner {
    pub(crate) fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).unwrap();
        Self { pair }
    }

    /// The public half, as an issuer publishes it.
    pub(crate) fn jwk(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(66);
        json!({
            "kty": "EC", "crv": "P-521", "kid": "p521", "use": "sig", "alg": "ES512",
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        })
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let [header, claims] =
            [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let message = format!("{header}.{claims}");
        let random = SystemRandom::new();
        let signature = self.pair.sign(&random, message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
