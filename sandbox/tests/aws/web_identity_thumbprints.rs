//! Thumbprints of `OpenID` Connect providers: which certificates of an issuer they stand for.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_sandbox::tls::Authority;

use crate::support::{ACCOUNT, Aws};
use crate::web_identity::{World, invalid};

const MISMATCH: &str =
    "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint";

/// The thumbprint of the certificate at that place of a chain.
fn thumbprint(pem: &str, place: usize) -> String {
    let certificate = pem.split("-----BEGIN CERTIFICATE-----").nth(place + 1);
    let (body, _) = certificate.unwrap().split_once("-----END").unwrap();
    let der = STANDARD.decode(body.replace(['\r', '\n'], "")).unwrap();
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
    let letters = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
    letters.collect()
}

fn register(world: &World, thumbprints: &[String]) {
    let mut registry = world.aws.simulation().iam.write();
    let account = registry.account_mut(ACCOUNT).unwrap();
    let provider = account.oidc_providers.get_mut(&world.issuer.url).unwrap();
    provider.thumbprints = thumbprints.to_vec();
}

#[actix_web::test]
async fn an_issuer_that_nobody_trusts_is_taken_by_the_thumbprint_of_its_authority() {
    let authority = Authority::new().unwrap();
    let identity = authority.identity(&["127.0.0.1"]).unwrap();
    let stranger = Authority::new().unwrap();
    let [own, root] = [0, 1].map(|place| thumbprint(&identity.certificate_pem, place));
    let other = thumbprint(&stranger.pem(), 0);
    let world = World::start_on(Some(identity.server));
    for wrong in [vec![], vec![other.clone()], vec![own]] {
        register(&world, &wrong);
        invalid(&world.claims(|_| {}).await, MISMATCH);
    }
    for right in [vec![root.clone()], vec![other, root.to_uppercase()]] {
        register(&world, &right);
        world.claims(|_| {}).await.keys();
    }
}

#[actix_web::test]
async fn a_thumbprint_does_not_excuse_another_host_s_certificate() {
    let authority = Authority::new().unwrap();
    let identity = authority.identity(&["elsewhere.example"]).unwrap();
    let root = thumbprint(&identity.certificate_pem, 1);
    let world = World::start_on(Some(identity.server));
    register(&world, &[root]);
    invalid(&world.claims(|_| {}).await, MISMATCH);
}

#[actix_web::test]
async fn nobody_looks_at_thumbprints_where_the_certificate_is_trusted() {
    let authority = Authority::new().unwrap();
    let identity = authority.identity(&["127.0.0.1"]).unwrap();
    let world = World::start_on(Some(identity.server));
    let simulation = world.aws.simulation();
    simulation
        .trust_authority(authority.pem().as_bytes())
        .unwrap();
    register(&world, &["0".repeat(40)]);
    world.claims(|_| {}).await.keys();
}

#[actix_web::test]
async fn thumbprints_registered_by_the_api_are_those_that_count() {
    let authority = Authority::new().unwrap();
    let identity = authority.identity(&["127.0.0.1"]).unwrap();
    let root = thumbprint(&identity.certificate_pem, 1);
    let world = World::start_on(Some(identity.server));
    let arn = world.provider_arn();
    let rest = [
        ("OpenIDConnectProviderArn", arn.as_str()),
        ("ThumbprintList.member.1", &root),
    ];
    let action = "UpdateOpenIDConnectProviderThumbprint";
    let reply = world.aws.iam(&Aws::admin(), action, &rest).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    world.claims(|_| {}).await.keys();
}
