//! ID tokens of ES512, the last of the algorithms that AWS takes.

use serde_json::{Value, json};

use crate::support::issuer::LongSigner;
use crate::web_identity::{NO_JWT, WRONG, World, invalid};

fn header() -> Value {
    json!({ "alg": "ES512", "typ": "JWT", "kid": "p521" })
}

fn publishing(signer: &LongSigner) -> World {
    let world = World::start();
    let key = signer.jwk();
    world.issuer.change(|served| {
        let keys = served.keys["keys"].as_array_mut().unwrap();
        keys.push(key);
    });
    world
}

#[actix_web::test]
async fn a_token_signed_on_the_longest_curve_becomes_a_role_session() {
    let signer = LongSigner::new();
    let world = publishing(&signer);
    let token = signer.sign(&header(), &world.issuer.claims());
    let reply = world.assume(&token, &[]).await;
    reply.keys();
    assert_eq!(reply.expect("SubjectFromWebIdentityToken"), "00u1ada");
}

#[actix_web::test]
async fn a_strange_or_altered_signature_on_the_longest_curve_is_refused() {
    let (signer, stranger) = (LongSigner::new(), LongSigner::new());
    let world = publishing(&signer);
    let claims = world.issuer.claims();
    let foreign = stranger.sign(&header(), &claims);
    invalid(&world.assume(&foreign, &[]).await, WRONG);
    let mut root = claims.clone();
    root["sub"] = json!("root");
    let honest = signer.sign(&header(), &claims);
    let other = signer.sign(&header(), &root);
    let (_, signature) = honest.rsplit_once('.').unwrap();
    let (message, _) = other.rsplit_once('.').unwrap();
    let mixed = format!("{message}.{signature}");
    invalid(&world.assume(&mixed, &[]).await, WRONG);
    for (name, value) in [("kid", json!("p384")), ("kid", json!("p256"))] {
        let mut changed = header();
        changed[name] = value;
        let token = signer.sign(&changed, &claims);
        invalid(&world.assume(&token, &[]).await, WRONG);
    }
}

#[actix_web::test]
async fn a_header_of_the_longest_curve_asks_for_nothing_critical_and_names_no_other_algorithm() {
    let signer = LongSigner::new();
    let world = publishing(&signer);
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("alg", json!("ES512K")),
        ("alg", json!("es512")),
        ("alg", Value::Null),
    ] {
        let mut changed = header();
        changed[name] = value;
        let token = signer.sign(&changed, &world.issuer.claims());
        invalid(&world.assume(&token, &[]).await, NO_JWT);
    }
}
