//! The provider over https: whom we believe to be the provider, and what reaches those whom we do not.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;

use super::fake::{FakeProvider, Page, Tls};
use super::rig::{Rig, sign};
use super::signer::Signer;
use crate::domain::requires::Requires;

/// A certificate authority of our own, and what it signs for a name.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self(issuer)
    }

    fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    fn certify(&self, name: &str) -> Tls {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Tls {
            chain: vec![certificate.der().clone()],
            key: key.serialize_der(),
        }
    }
}

fn rig_over(op: FakeProvider, authorities: Vec<Vec<u8>>) -> Rig {
    op.publish(&[Signer::rsa().jwk("k1")]);
    Rig::at(op, |config| config.authorities = authorities)
}

#[tokio::test]
async fn a_provider_with_a_configured_authority_is_believed() {
    let authority = Authority::new();
    let op = FakeProvider::start_tls(&authority.certify("127.0.0.1")).await;
    let rig = rig_over(op, vec![authority.der()]);
    rig.login_as(&rig.claims()).await.unwrap();
    let url = rig
        .rp
        .depart(&rig.challenge, "s", &Requires::default())
        .await
        .unwrap();
    assert_eq!(url.scheme(), "https");
}

// O13
#[tokio::test]
async fn an_unknown_authority_or_another_name_hears_nothing() {
    let (authority, other) = (Authority::new(), Authority::new());
    for (tls, trusted) in [
        (authority.certify("127.0.0.1"), Vec::new()),
        (authority.certify("127.0.0.1"), vec![other.der()]),
        (authority.certify("127.0.0.2"), vec![authority.der()]),
        (authority.certify("op.example"), vec![authority.der()]),
    ] {
        let op = FakeProvider::start_tls(&tls).await;
        let rig = rig_over(op, trusted);
        let refused = rig.rp.prepare().await.unwrap_err();
        assert_eq!(refused.code(), "oidc.unreachable");
        assert_eq!(rig.op.total(), 0);
    }
}

// O13: neither the code nor our secret goes to a token endpoint that cannot prove its name
#[tokio::test]
async fn a_token_endpoint_with_a_wrong_certificate_gets_not_one_byte() {
    let (authority, other) = (Authority::new(), Authority::new());
    let impostor = FakeProvider::start_tls(&other.certify("127.0.0.1")).await;
    let op = FakeProvider::start_tls(&authority.certify("127.0.0.1")).await;
    op.discover_with("token_endpoint", json!(format!("{}/token", impostor.url)));
    let rig = rig_over(op, vec![authority.der()]);
    impostor.put(
        "/token",
        Page::json(&json!({"id_token": sign(&rig.claims())})),
    );
    let refused = rig.arrive().await.unwrap_err();
    assert_eq!(refused.code(), "oidc.unreachable");
    assert!(refused.is_unreachable());
    assert_eq!(impostor.total(), 0);
    assert_eq!(rig.op.count("/jwks"), 1);
}

// O13: once the issuer is https, so is everything that it names
#[tokio::test]
async fn an_https_issuer_cannot_lead_to_plain_http() {
    let authority = Authority::new();
    let plain = FakeProvider::start().await;
    let op = FakeProvider::start_tls(&authority.certify("127.0.0.1")).await;
    op.discover_with("token_endpoint", json!(format!("{}/token", plain.url)));
    let rig = rig_over(op, vec![authority.der()]);
    assert_eq!(rig.rp.prepare().await.unwrap_err().code(), "oidc.discovery");
    assert_eq!(plain.total(), 0);
}

// O13: the issuer's own discovery document may name another https host, which must prove its own name; a name that
// leads to another machine by now (DNS rebinding) cannot
#[tokio::test]
async fn another_host_that_discovery_names_is_asked_when_it_proves_that_name_and_hears_nothing_otherwise()
 {
    let authority = Authority::new();
    for (certified, is_asked) in [
        ("localhost", true),
        ("127.0.0.1", false),
        ("op.example", false),
    ] {
        let other = FakeProvider::start_tls(&authority.certify(certified)).await;
        let there = other.url.replace("127.0.0.1", "localhost");
        let op = FakeProvider::start_tls(&authority.certify("127.0.0.1")).await;
        op.discover_with("token_endpoint", json!(format!("{there}/token")));
        let rig = rig_over(op, vec![authority.der()]);
        let answer =
            json!({"access_token": "a", "token_type": "Bearer", "id_token": sign(&rig.claims())});
        other.put("/token", Page::json(&answer));
        let arrived = rig.arrive().await;
        assert_eq!(
            arrived.is_ok(),
            is_asked,
            "{certified}: {:?}",
            arrived.err()
        );
        assert_eq!(other.total(), usize::from(is_asked), "{certified}");
        assert_eq!(rig.op.count("/token"), 0);
    }
}
