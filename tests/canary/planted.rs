//! Secrets that only the parties hold, planted or overheard: what the OpenID provider gives, and a database's password.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::idp::oidc::Client;

use crate::postgres::Cluster;
use crate::world::World;
use crate::{Found, Place, overheard};

pub(crate) const CLIENT_SECRET: &str = "planted-client-secret-of-the-provider";
const PASSWORD: &str = "planted-password-of-the-database";

/// What the provider gave: a word for it, and the text.
pub(crate) type Heard = Arc<Mutex<Vec<(&'static str, String)>>>;

/// The issuer's private keys, line by line; without those few lines of a modulus that its certificate shows everybody
/// in the very same letters.
pub(crate) async fn private_keys(world: &World, found: &mut Found) {
    let public = world.issuer_document("/issuer/saml/metadata").await;
    let (mut count, mut shown) = (0, 0);
    for entry in std::fs::read_dir(world.folder.join("issuer-keys")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let Some((private, _)) = text.split_once("-----END PRIVATE KEY") else {
            continue;
        };
        // the first line is the same for all keys of a kind
        for line in private.lines().skip(2).filter(|line| line.len() == 64) {
            if public.contains(line) {
                shown += 1;
                continue;
            }
            found.secret("a private key of the issuer", line);
            count += 1;
        }
    }
    assert!(count > 10, "only {count} lines");
    // a modulus of 3,072 bits is eight lines long
    assert!(shown <= 8, "{shown} lines are in the metadata");
}

/// Makes the provider expect the planted secret, and keeps what it gives from now on.
pub(crate) fn provider(world: &World) -> Heard {
    let redirect = world.at("/oidc/okta/callback");
    let provider = &world.sandbox.oidc_idp;
    provider.register(Client::new("vestibule", CLIENT_SECRET, &redirect));
    let heard = Heard::default();
    let [nonces, tokens, answers] = std::array::from_fn(|_| Heard::clone(&heard));
    provider.configure(|options| {
        options.edit_claims = Some(Arc::new(move |claims| {
            let nonce = claims["nonce"].as_str().unwrap().to_owned();
            nonces.lock().unwrap().push(("a nonce", nonce));
        }));
        options.edit_token = Some(Arc::new(move |token| {
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let claims = signed.rsplit_once('.').unwrap().1;
            let mut tokens = tokens.lock().unwrap();
            tokens.push(("an ID token's claims", claims.to_owned()));
            tokens.push(("an ID token's signature", signature.to_owned()));
            drop(tokens);
            token
        }));
        options.edit_token_answer = Some(Arc::new(move |answer| {
            let token = answer["access_token"].as_str().unwrap().to_owned();
            answers.lock().unwrap().push(("an access token", token));
        }));
    });
    heard
}

/// Notes the verifiers of the logins under way: they stand in the database until the login is taken, and nowhere else.
pub(crate) async fn verifiers(world: &World, found: &mut Found) {
    sqlx::any::install_default_drivers();
    let file = world.folder.join("vestibule.db");
    let pool = sqlx::AnyPool::connect(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT challenge FROM pending_logins WHERE idp = 'okta'")
            .fetch_all(&pool)
            .await
            .unwrap();
    pool.close().await;
    assert!(!rows.is_empty(), "a login is under way");
    let text = regex::Regex::new(r"[A-Za-z0-9_-]{43}").unwrap();
    for (challenge,) in rows {
        let parts: Vec<&str> = text
            .find_iter(&challenge)
            .map(|found| found.as_str())
            .collect();
        assert_eq!(parts.len(), 2, "a nonce and a verifier: {challenge}");
        for part in parts {
            found.kept("a nonce or a verifier", part, &[Place::Database]);
        }
    }
}

/// A sign-in and its failures on PostgreSQL, whose address holds a password.
pub(crate) async fn on_postgresql(found: &mut Found) {
    let database = Cluster::shared().database();
    let database = database.replacen("postgres@", &format!("postgres:{PASSWORD}@"), 1);
    assert!(database.contains(PASSWORD));
    found.secret("the database's password", PASSWORD);
    let world = World::builder().database(&database).start().await;
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", "erin").await;
    assert_eq!(page.status, 200, "{}", page.body);
    found.cookies(&browser, &world.url);
    let link = world.at("/go/payments-prod/Admin");
    assert_eq!(browser.opens_once(&link).await.status, 303);
    world
        .sandbox
        .simulation()
        .faults
        .plan_times(3, HostKind::Sts, None, &Fault::garbage());
    found.page(&browser.opens_once(&link).await);
    found.output(&world, &["check"]);
    found.output(&world, &["audit", "export"]);
    world.app.store().close().await;
    let page = browser.opens_once(&link).await;
    assert_eq!(page.status, 503, "{}", page.body);
    found.page(&page);
    let ready = format!("{}/readyz", world.app.operations_url());
    found.page(&browser.opens_once(&ready).await);
    // a database that is not there, named with the password
    let file = world.folder.join("vestibule.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, after) = text.split_once("?host=").unwrap();
    let after = after.split_once('"').unwrap().1;
    std::fs::write(&file, format!("{before}?host=/nowhere\"{after}")).unwrap();
    let said = found.output(&world, &["audit", "export"]);
    assert!(!said.is_empty(), "it says why it cannot");
    world.stop().await;
}

/// The beginning of a response's signature, as it stands in the XML.
pub(crate) fn signature(response: &str) -> String {
    let xml = STANDARD.decode(response).unwrap();
    let xml = String::from_utf8(xml).unwrap();
    let (_, rest) = xml.split_once("SignatureValue>").unwrap();
    let text = rest.split_once('<').unwrap().0.trim_start();
    text.get(..60).unwrap().to_owned()
}

/// Roles are probed, on the page and by the command; what STS makes for that is as secret as any.
pub(crate) async fn probes(world: &World, found: &mut Found) {
    world.sandbox.simulation().faults.clear();
    let made = overheard(world);
    let ada = world.signed_in("ada").await;
    let list = ada.opens(&world.at("/admin/access?show=roles")).await;
    found.page(&list);
    let form = list.form_with("role").unwrap();
    for role in ["IssuedSaml", "IssuedWeb", "Narrow", "Federated"] {
        let form = form.clone().with("role", &format!("payments-prod/{role}"));
        let page = ada.submits_once(&form).await;
        assert!(
            page.body.contains("data-verdict=\"works\""),
            "{}",
            page.body
        );
        found.page(&page);
    }
    let said = found.output(
        world,
        &["check", "--probe", "--role", "payments-prod/Admin"],
    );
    assert!(said.contains("payments-prod/Admin works"), "{said}");
    let made = std::mem::take(&mut *made.lock().unwrap());
    assert_eq!(made.len(), 10, "two secrets of each call");
    for secret in made {
        found.secret("what STS made for a probe", secret);
    }
}
