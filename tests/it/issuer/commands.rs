//! `vestibule issuer`, and what it refuses; and the documents of the running server.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use vestibule::issuer::keys::{State, Use};

use super::{erin, goes, trusted};
use crate::commands::{self, vestibule};
use crate::world::World;

async fn does(folder: &Path, words: &[&str]) -> String {
    commands::does(&vestibule(folder, words).await)
}

async fn complains(folder: &Path, words: &[&str]) -> String {
    commands::complains(&vestibule(folder, words).await)
}

#[tokio::test]
async fn a_rotation_by_the_command_line_reaches_the_running_server() {
    let world = trusted().await;
    let (folder, keys) = (&world.folder, world.issuer_keys());
    let old = keys.read().unwrap().current(Use::Oidc).unwrap().id.clone();
    let made = does(
        folder,
        &[
            "issuer",
            "keys",
            "new",
            "--use",
            "oidc",
            "--algorithm",
            "rs256",
        ],
    )
    .await;
    assert!(made.contains("signs nothing yet"), "{made}");
    let again = complains(folder, &["issuer", "keys", "new", "--use", "oidc"]).await;
    assert!(again.contains("promote or remove it first"), "{again}");
    let listed = does(folder, &["issuer", "keys", "list"]).await;
    assert!(listed.contains("RS256  next since"), "{listed}");
    assert!(listed.contains("ES256  current since"), "{listed}");
    let refused = complains(folder, &["issuer", "keys", "remove", &old]).await;
    assert!(refused.contains("is the current key"), "{refused}");
    let promoted = does(folder, &["issuer", "keys", "promote", "--use", "oidc"]).await;
    assert!(
        promoted.contains(&format!("{old} has retired")),
        "{promoted}"
    );
    world.app.follow_issuer().await;
    let browser = erin(&world).await;
    goes(&world, &browser, "/go/payments-prod/IssuedWeb").await;
    does(folder, &["issuer", "keys", "remove", &old]).await;
    let ring = keys.read().unwrap();
    let left: Vec<_> = ring.iter().filter(|key| key.purpose == Use::Oidc).collect();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].state, State::Current);
    world.stop().await;
}

#[tokio::test]
async fn the_first_keys_come_from_nothing_and_then_a_model_may_ask_for_them() {
    let world = World::start().await;
    let (folder, file) = (&world.folder, world.folder.join("next.toml"));
    let model = format!(
        "{}{}",
        crate::world::accounts::MODEL,
        crate::world::issuer::ROLES
    );
    std::fs::write(&file, model).unwrap();
    let file = file.to_str().unwrap();
    let problems = complains(folder, &["access", "check", file]).await;
    assert_eq!(
        problems.matches("has no current key for this").count(),
        4,
        "{problems}"
    );
    assert!(
        problems.contains("vestibule issuer keys new --use oidc"),
        "{problems}"
    );
    let without = complains(folder, &["issuer", "metadata"]).await;
    assert!(without.contains("issuer keys new --use saml"), "{without}");
    for purpose in ["saml", "oidc"] {
        does(folder, &["issuer", "keys", "new", "--use", purpose]).await;
        does(folder, &["issuer", "keys", "promote", "--use", purpose]).await;
    }
    does(folder, &["access", "check", file]).await;
    let metadata = does(folder, &["issuer", "metadata"]).await;
    world.app.follow_issuer().await;
    let served = world.issuer_document("/issuer/saml/metadata").await;
    assert_eq!(metadata.trim(), served);
    world
        .publishes(&std::fs::read_to_string(file).unwrap())
        .await;
    world.trusts_the_issuer().await;
    let browser = erin(&world).await;
    goes(&world, &browser, "/go/payments-prod/IssuedSaml").await;
    world.stop().await;
}

#[tokio::test]
async fn keys_that_others_may_read_stop_the_start_and_the_check_by_name() {
    let world = trusted().await;
    let id = world
        .issuer_keys()
        .read()
        .unwrap()
        .current(Use::Saml)
        .unwrap()
        .id
        .clone();
    let path = world.folder.join(format!("issuer-keys/{id}.pem"));
    for mode in [0o644, 0o640] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        for words in [&["check"][..], &["serve"], &["issuer", "keys", "list"]] {
            let said = complains(&world.folder, words).await;
            assert!(
                said.contains(&format!("{id}.pem: others may read the private key")),
                "{said}"
            );
            assert!(!said.contains("BEGIN"), "{said}");
        }
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(does(&world.folder, &["check"]).await.contains("[issuer]"));
    world.stop().await;
}

#[tokio::test]
async fn the_documents_are_public_short_lived_and_the_same_on_a_static_host() {
    let world = trusted().await;
    let site = world.folder.join("site");
    let said = does(&world.folder, &["issuer", "export", site.to_str().unwrap()]).await;
    assert!(said.contains(&world.url), "{said}");
    for (path, content_type) in [
        ("/.well-known/openid-configuration", "application/json"),
        ("/issuer/oidc/jwks", "application/json"),
        ("/issuer/saml/metadata", "application/samlmetadata+xml"),
    ] {
        let page = world.browser().opens_once(&world.at(path)).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("content-type"), content_type);
        assert_eq!(page.header("cache-control"), "public, max-age=300");
        assert_eq!(page.header("set-cookie"), "");
        if content_type == "application/json" {
            let file = site.join(path.trim_start_matches('/'));
            assert_eq!(std::fs::read_to_string(file).unwrap(), page.body);
        }
    }
    let discovery = world
        .issuer_document("/.well-known/openid-configuration")
        .await;
    let discovery: Value = serde_json::from_str(&discovery).unwrap();
    assert_eq!(discovery["issuer"], world.url.as_str());
    let keys = world.issuer_document("/issuer/oidc/jwks").await;
    assert!(!keys.contains("\"d\""), "nothing private: {keys}");
    world.stop().await;
}

#[tokio::test]
async fn the_page_on_the_issuer_is_for_administrators_and_shows_no_secret() {
    let world = trusted().await;
    let ada = world.browser();
    let page = world.signs_in(&ada, "/admin/issuer?idp=corp", "ada").await;
    assert_eq!(page.status, 200, "{}", page.body);
    for key in world.issuer_keys().read().unwrap().iter() {
        assert!(page.body.contains(&key.id) && page.body.contains(&key.fingerprint()));
        let pem = world.folder.join(format!("issuer-keys/{}.pem", key.id));
        let private = std::fs::read_to_string(pem).unwrap();
        assert!(!page.body.contains(private.lines().nth(2).unwrap()));
    }
    assert!(
        page.body
            .contains(&format!("{}/issuer/saml</code>", world.url))
    );
    let erin = erin(&world).await;
    let page = erin.opens_once(&world.at("/admin/issuer")).await;
    assert_eq!(page.status, 403);
    let metrics = world
        .browser()
        .opens(&format!("{}/metrics", world.app.operations_url()))
        .await;
    assert!(
        metrics
            .body
            .contains("vestibule_issuer_key_expires_in_seconds"),
        "{}",
        metrics.body
    );
    world.stop().await;
}
