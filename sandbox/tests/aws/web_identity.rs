//! `AssumeRoleWithWebIdentity`: what AWS takes, and in which words it refuses the rest.

use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use vestibule_sandbox::aws::iam::{OidcProvider, Role};
use vestibule_sandbox::aws::tokens::Made;
use vestibule_sandbox::tls::Authority;

use crate::support::issuer::{Issuer, Signer};
use crate::support::saml::role_arn;
use crate::support::{ACCOUNT, Aws, Reply, noon, policy, trust};

pub(crate) const DENIED: &str = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
pub(crate) const NO_JWT: &str = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
pub(crate) const WRONG: &str = "Token signature invalid";
const NO_KEYS: &str = "Couldn't retrieve verification key from your identity provider, please \
    reference AssumeRoleWithWebIdentity documentation for requirements";

pub(crate) struct World {
    pub(crate) aws: Aws,
    pub(crate) issuer: Issuer,
}

impl World {
    pub(crate) fn start() -> Self {
        Self::start_on(None)
    }

    pub(crate) fn start_on(tls: Option<rustls::ServerConfig>) -> Self {
        let world = Self {
            aws: Aws::start(),
            issuer: Issuer::start(tls),
        };
        let provider = OidcProvider::new(&world.issuer.url, &["vestibule"]);
        world
            .aws
            .simulation()
            .iam
            .write()
            .account_mut(ACCOUNT)
            .unwrap()
            .oidc_providers = [(world.issuer.url.clone(), provider)].into();
        let pinned = json!({ "StringEquals": { world.key("aud"): "vestibule" } });
        world.trust(
            &[
                "sts:AssumeRoleWithWebIdentity",
                "sts:TagSession",
                "sts:SetSourceIdentity",
            ],
            pinned,
        );
        world
    }

    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.issuer.authority())
    }

    pub(crate) fn provider_arn(&self) -> String {
        format!(
            "arn:aws:iam::{ACCOUNT}:oidc-provider/{}",
            self.issuer.authority()
        )
    }

    pub(crate) fn trust(&self, actions: &[&str], condition: Value) {
        let trust = trust(
            &json!({ "Federated": self.provider_arn() }),
            actions,
            Some(condition),
        );
        let role = Role::new("Web", trust).with_policy("all", policy("Allow", "*", "*"));
        self.aws
            .simulation()
            .iam
            .write()
            .account_mut(ACCOUNT)
            .unwrap()
            .put_role(role);
    }

    pub(crate) async fn assume(&self, token: &str, rest: &[(&str, &str)]) -> Reply {
        let role = role_arn("Web");
        let mut all = vec![
            ("RoleArn", role.as_str()),
            ("RoleSessionName", "ada"),
            ("WebIdentityToken", token),
        ];
        all.extend_from_slice(rest);
        self.aws.unsigned("AssumeRoleWithWebIdentity", &all).await
    }

    pub(crate) async fn claims(&self, change: impl FnOnce(&mut Value)) -> Reply {
        let mut claims = self.issuer.claims();
        change(&mut claims);
        self.assume(&Signer::rsa().sign(&claims), &[]).await
    }
}

#[track_caller]
pub(crate) fn invalid(reply: &Reply, text: &str) {
    reply.refused(400, "InvalidIdentityToken", text);
}

#[actix_web::test]
async fn an_honest_token_of_any_known_algorithm_becomes_a_role_session() {
    let world = World::start();
    let claims = world.issuer.claims();
    let tokens = [
        Signer::rsa().sign(&claims),
        Signer::rsa().sign_as(Algorithm::RS384, &claims),
        Signer::rsa().sign_as(Algorithm::RS512, &claims),
        Signer::p256().sign(&claims),
        Signer::p384().sign(&claims),
    ];
    for token in tokens {
        let reply = world.assume(&token, &[]).await;
        assert_eq!(
            reply.expect("Arn"),
            format!("arn:aws:sts::{ACCOUNT}:assumed-role/Web/ada")
        );
        assert_eq!(reply.expect("SubjectFromWebIdentityToken"), "00u1ada");
        assert_eq!(reply.expect("Provider"), world.issuer.url);
        assert_eq!(reply.expect("Audience"), "vestibule");
        assert_eq!(reply.seconds_from(noon()), 3600);
        let keys = reply.keys();
        let token = keys.token.unwrap();
        let known = world
            .aws
            .simulation()
            .tokens
            .by_access_key(&keys.id, &token)
            .unwrap();
        assert_eq!(known.session.made, Made::WebIdentity);
    }
}

#[actix_web::test]
async fn what_is_no_jwt_of_a_known_algorithm_is_said_to_be_none() {
    let world = World::start();
    let claims = world.issuer.claims();
    let rsa = Signer::rsa();
    let secret = EncodingKey::from_secret(rsa.public_pem.as_bytes());
    let confused = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &secret).unwrap();
    let body = URL_SAFE_NO_PAD.encode(claims.to_string());
    let none = format!("{}.{body}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
    let pss = rsa.sign_as(Algorithm::PS256, &claims);
    let mut critical = Header::new(Algorithm::RS256);
    critical.crit = Some(vec!["exp".to_owned()]);
    let critical = rsa.sign_with(&critical, &claims);
    for token in [
        "ya29.access-token",
        "....",
        "a.b.c",
        "    ",
        &none,
        &confused,
        &pss,
        &critical,
    ] {
        invalid(&world.assume(token, &[]).await, NO_JWT);
    }
}

#[actix_web::test]
async fn a_token_that_no_key_of_the_issuer_signed_is_refused() {
    let world = World::start();
    let claims = world.issuer.claims();
    invalid(
        &world.assume(&Signer::stranger().sign(&claims), &[]).await,
        WRONG,
    );
    let token = Signer::rsa().sign(&claims);
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let mut evil = claims.clone();
    evil["sub"] = json!("root");
    let evil = URL_SAFE_NO_PAD.encode(evil.to_string());
    invalid(
        &world
            .assume(&format!("{header}.{evil}.{signature}"), &[])
            .await,
        WRONG,
    );
    let mut unknown = Header::new(Algorithm::RS256);
    unknown.kid = Some("other".to_owned());
    invalid(
        &world
            .assume(&Signer::rsa().sign_with(&unknown, &claims), &[])
            .await,
        WRONG,
    );
    let mut own = Header::new(Algorithm::RS256);
    own.jwk = Some(Signer::stranger().jwk());
    own.kid = Some("rsa".to_owned());
    invalid(
        &world
            .assume(&Signer::stranger().sign_with(&own, &claims), &[])
            .await,
        WRONG,
    );
    let unnamed = Header::new(Algorithm::RS256);
    let unnamed = Signer::rsa().sign_with(&unnamed, &claims);
    invalid(&world.assume(&unnamed, &[]).await, WRONG);
    let only = json!({ "keys": [Signer::rsa().jwk()] });
    world.issuer.change(|served| served.keys = only);
    world.assume(&unnamed, &[]).await.keys();
}

#[actix_web::test]
async fn the_issuer_must_be_registered_in_the_role_s_own_account() {
    let world = World::start();
    let reply = world
        .claims(|claims| claims["iss"] = json!("https://other.example"))
        .await;
    let text = "No OpenIDConnect provider found in your account for https://other.example";
    invalid(&reply, text);
    let reply = world
        .claims(|claims| claims["iss"] = json!(format!("{}/", world.issuer.url)))
        .await;
    assert!(
        reply
            .expect("Message")
            .starts_with("No OpenIDConnect provider found")
    );
    let reply = world.claims(|claims| claims["iss"] = Value::Null).await;
    invalid(&reply, "Missing a required claim: iss");
    assert_eq!(
        world.issuer.fetches.load(Ordering::SeqCst),
        0,
        "nobody was asked"
    );
}

#[actix_web::test]
async fn an_issuer_that_answers_nonsense_gives_no_keys() {
    let world = World::start();
    let honest = world.issuer.served.lock().unwrap().clone();
    let big = json!({ "keys": ["x".repeat(300_000)] });
    let wrong: [fn(&mut crate::support::issuer::Served); 7] = [
        |served| served.status = 500,
        |served| served.status = 302,
        |served| served.discovery["issuer"] = json!("https://other.example"),
        |served| served.discovery["jwks_uri"] = json!("http://192.0.2.1/keys"),
        |served| served.discovery["jwks_uri"] = json!("file:///etc/passwd"),
        |served| served.keys = json!({ "keys": [] }),
        |served| served.keys = json!("x"),
    ];
    for change in wrong {
        world.issuer.change(change);
        invalid(&world.claims(|_| {}).await, NO_KEYS);
        world.issuer.change(|served| *served = honest.clone());
    }
    world.issuer.change(|served| served.keys = big);
    invalid(&world.claims(|_| {}).await, NO_KEYS);
    world.issuer.change(|served| *served = honest);
    world.claims(|_| {}).await.keys();
}

#[actix_web::test]
async fn keys_are_fetched_each_time_unless_they_are_kept() {
    let world = World::start();
    for _ in 0..2 {
        world.claims(|_| {}).await.keys();
    }
    assert_eq!(world.issuer.fetches.load(Ordering::SeqCst), 2);
    world
        .aws
        .simulation()
        .change_switches(|switches| switches.web_identity.keys_kept_seconds = 60);
    for _ in 0..3 {
        world.claims(|_| {}).await.keys();
    }
    assert_eq!(
        world.issuer.fetches.load(Ordering::SeqCst),
        2,
        "the last ones are still fresh"
    );
    world.aws.hand.advance(TimeDelta::seconds(60));
    world.claims(|_| {}).await.keys();
    assert_eq!(world.issuer.fetches.load(Ordering::SeqCst), 3);
}

#[actix_web::test]
async fn the_token_is_held_to_its_size_and_never_repeated() {
    let world = World::start();
    let reply = world.assume(&"x".repeat(20_001), &[]).await;
    assert_eq!(reply.expect("Code"), "ValidationError");
    assert!(!reply.body.contains("xxxx"));
    let reply = world
        .assume(
            &Signer::rsa().sign(&world.issuer.claims()),
            &[("ProviderId", "graph.example")],
        )
        .await;
    assert_eq!(reply.expect("Code"), "ValidationError");
}

#[actix_web::test]
async fn an_issuer_on_https_must_show_a_certificate_that_is_trusted() {
    let authority = Authority::new().unwrap();
    let identity = authority.identity(&["127.0.0.1"]).unwrap();
    let world = World::start_on(Some(identity.server));
    let text = "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint";
    invalid(&world.claims(|_| {}).await, text);
    world
        .aws
        .simulation()
        .trust_authority(authority.pem().as_bytes())
        .unwrap();
    world.claims(|_| {}).await.keys();
}

#[actix_web::test]
async fn no_single_changed_letter_of_a_token_is_believed() {
    let world = World::start();
    let token = Signer::p256().sign(&world.issuer.claims());
    world.assume(&token, &[]).await.keys();
    for at in (0..token.len()).step_by(3) {
        let mut changed = token.clone().into_bytes();
        changed[at] = match changed[at] {
            b'A' => b'B',
            _ => b'A',
        };
        // The last letter of a part may carry bits that mean nothing; base64 refuses them too.
        let changed = String::from_utf8(changed).unwrap();
        if changed != token {
            assert_eq!(world.assume(&changed, &[]).await.status, 400, "at {at}");
        }
    }
}
