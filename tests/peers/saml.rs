//! SAML identity providers of other people's: SimpleSAMLphp and npm saml-idp.
//!
//! Each signs its responses by code that shares nothing with Vestibule or with the sandbox.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::{Value, json};

use crate::peer::{Peer, here, installed, needs};
use crate::site::{DEVELOPER, PEER, Site, developer, me, refused};
use crate::world::World;
use crate::world::browser::{Browser, Page};

const PHP_METADATA: &str = "/simplesaml/saml2/idp/metadata.php";

/// SimpleSAMLphp that answers in one of the ways of its README, and Vestibule that knows it.
async fn with_simplesamlphp(way: &str) -> (Peer, World) {
    needs("php");
    needs("openssl");
    installed("simplesamlphp/usr/share/simplesamlphp/www");
    let site = Site::new();
    let peer = Peer::start(PHP_METADATA, |port, folder| {
        let mut command = Command::new(here("simplesamlphp/start.sh"));
        command
            .env("PORT", port.to_string())
            .env("PEER_DIR", folder)
            .env("SP_BASE", &site.url)
            .env("SERVICE_PROVIDERS", format!("{PEER}={way}"));
        command
    })
    .await;
    let world = knows(site, &peer, PHP_METADATA).await;
    (peer, world)
}

/// npm saml-idp, and Vestibule that knows it.
async fn with_saml_idp() -> (Peer, World) {
    needs("openssl");
    installed("bin/node");
    installed("node/node_modules/saml-idp");
    let site = Site::new();
    let peer = Peer::start("/metadata", |port, folder| {
        let mut command = Command::new(here("node/start-saml-idp.sh"));
        command
            .env("PORT", port.to_string())
            .env("PEER_DIR", folder)
            .env("SP_BASE", &site.url)
            .env("IDP", PEER);
        command
    })
    .await;
    let world = knows(site, &peer, "/metadata").await;
    (peer, world)
}

/// Vestibule that has read the peer's own metadata.
async fn knows(site: Site, peer: &Peer, metadata: &str) -> World {
    let file = peer.folder.join("metadata.xml");
    std::fs::write(&file, peer.text(metadata).await).unwrap();
    let provider = format!(
        "kind = \"saml\"\nmetadata_file = \"{}\"\nunique_email_domains = [\"example.org\"]",
        file.display()
    );
    site.start(&provider).await
}

fn sorted(value: &Value) -> Vec<String> {
    let mut texts: Vec<String> = serde_json::from_value(value.clone()).unwrap();
    texts.sort();
    texts
}

/// What a response must be like for its test to show what it says: where it is signed, and by what.
struct Signed {
    places: &'static [&'static str],
    algorithm: &'static str,
}

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const RSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";

impl Signed {
    fn is_how(&self, response: &str) {
        let signature =
            Regex::new(r"(?s)<samlp:Response[^>]*>|<saml:Assertion[^>]*>|<ds:Signature ").unwrap();
        let mut parent = "";
        let mut places = Vec::new();
        for found in signature.find_iter(response) {
            match found.as_str() {
                "<ds:Signature " => places.push(parent),
                tag if tag.starts_with("<samlp:") => parent = "Response",
                _ => parent = "Assertion",
            }
        }
        assert_eq!(places, self.places, "{response}");
        let method = format!("<ds:SignatureMethod Algorithm=\"{}\"/>", self.algorithm);
        assert_eq!(
            response.matches(&method).count(),
            places.len(),
            "{response}"
        );
    }
}

/// Signs in at SimpleSAMLphp, and looks at the response on its way.
async fn signs_in(world: &World, browser: &Browser, username: &str, signed: &Signed) -> Page {
    world.aws_forgets();
    let form = world.saml_answer(browser, DEVELOPER, username).await;
    let response = STANDARD
        .decode(form.value("SAMLResponse").unwrap())
        .unwrap();
    signed.is_how(&String::from_utf8(response).unwrap());
    browser.submits(&form).await
}

#[tokio::test]
async fn simplesamlphp_signs_in_with_response_and_assertion_signed() {
    let (_peer, world) = with_simplesamlphp("both").await;
    let browser = world.browser();
    let signed = Signed {
        places: &["Response", "Assertion"],
        algorithm: RSA_SHA256,
    };
    let page = signs_in(&world, &browser, "anna", &signed).await;
    assert_eq!(developer(&world, &browser, &page).await, "anna@example.org");
    let me = me(&world, &browser).await;
    assert_eq!(me["idp"], PEER);
    assert_eq!(me["subject"], "anna@example.org");
    assert_eq!(me["attributes"]["mail"], json!(["anna@example.org"]));
    assert_eq!(me["attributes"]["displayName"], json!(["Anna Ångström"]));
    assert_eq!(
        sorted(&me["attributes"]["groups"]),
        ["cloud-admins", "cloud-viewers", "r&d <lab>"]
    );
    assert_eq!(
        sorted(&me["roles"]),
        ["gov-prod/GovAdmin", "payments-dev/Developer"]
    );
    world.stop().await;
}

#[tokio::test]
async fn simplesamlphp_signs_in_with_only_the_assertion_signed_by_sha512() {
    let (_peer, world) = with_simplesamlphp("assertion").await;
    let browser = world.browser();
    let signed = Signed {
        places: &["Assertion"],
        algorithm: RSA_SHA512,
    };
    let page = signs_in(&world, &browser, "ben", &signed).await;
    // the NameID is a persistent one, so the session's name is made and carries a digest
    let session = developer(&world, &browser, &page).await;
    assert!(session.contains('='), "{session}");
    let me = me(&world, &browser).await;
    assert_eq!(me["idp"], PEER);
    assert!(!me["subject"].as_str().unwrap().contains("ben@"), "{me}");
    assert_eq!(me["attributes"]["uid"], json!(["ben"]));
    assert_eq!(me["attributes"]["groups"], json!(["cloud-viewers"]));
    assert_eq!(me["roles"], json!(["payments-dev/Developer"]));
    world.stop().await;
}

#[tokio::test]
async fn simplesamlphp_signs_in_with_only_the_response_signed_and_somebody_without_groups_holds_nothing()
 {
    let (_peer, world) = with_simplesamlphp("response").await;
    let browser = world.browser();
    let signed = Signed {
        places: &["Response"],
        algorithm: RSA_SHA256,
    };
    let page = signs_in(&world, &browser, "cleo", &signed).await;
    assert_eq!(page.status, 403, "{}", page.body);
    let me = me(&world, &browser).await;
    assert_eq!(me["subject"], "cleo@example.org");
    assert_eq!(me["roles"], json!([]));
    assert!(world.aws_saw().is_empty(), "AWS was asked");
    world.stop().await;
}

#[tokio::test]
async fn a_sha1_signature_of_simplesamlphp_is_refused_and_the_page_names_it() {
    let (_peer, world) = with_simplesamlphp("sha1").await;
    let browser = world.browser();
    let signed = Signed {
        places: &["Response"],
        algorithm: RSA_SHA1,
    };
    let page = signs_in(&world, &browser, "anna", &signed).await;
    refused(&world, &browser, &page, "saml.sha1").await;
    world.stop().await;
}

#[tokio::test]
async fn an_encrypted_assertion_of_simplesamlphp_is_refused_by_name() {
    let (_peer, world) = with_simplesamlphp("encrypted").await;
    let browser = world.browser();
    let signed = Signed {
        places: &["Response"],
        algorithm: RSA_SHA256,
    };
    let page = signs_in(&world, &browser, "anna", &signed).await;
    refused(&world, &browser, &page, "saml.encrypted").await;
    world.stop().await;
}

#[tokio::test]
async fn a_wrong_password_at_simplesamlphp_never_comes_back() {
    let (peer, world) = with_simplesamlphp("both").await;
    let browser = world.browser();
    let page = browser.opens(&world.at(DEVELOPER)).await;
    let form = page.form_with("AuthState").unwrap();
    let form = form.with("username", "anna").with("password", "ben-pass");
    let page = browser.submits(&form).await;
    assert!(page.url.as_str().starts_with(&peer.url), "{}", page.url);
    assert!(page.form_with("SAMLResponse").is_none());
    world.stop().await;
}

#[tokio::test]
async fn npm_saml_idp_signs_in() {
    let (_peer, world) = with_saml_idp().await;
    let browser = world.browser();
    world.aws_forgets();
    let page = browser.opens(&world.at(DEVELOPER)).await;
    let form = page
        .form_with("_authnRequest")
        .unwrap_or_else(|| panic!("no form on {}: {}", page.url, page.body))
        .with("userName", "dora@example.org")
        .with(
            "nameIdFormat",
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        )
        .with("email", "dora@example.org")
        .with("groups", "cloud-viewers,cloud-audit");
    let page = browser.submits(&form).await;
    let form = page
        .form_with("SAMLResponse")
        .unwrap_or_else(|| panic!("no response on {}: {}", page.url, page.body));
    let page = browser.submits(&form).await;
    assert_eq!(developer(&world, &browser, &page).await, "dora@example.org");
    let me = me(&world, &browser).await;
    assert_eq!(me["idp"], PEER);
    assert_eq!(me["subject"], "dora@example.org");
    assert_eq!(
        sorted(&me["attributes"]["groups"]),
        ["cloud-audit", "cloud-viewers"]
    );
    assert_eq!(me["roles"], json!(["payments-dev/Developer"]));
    world.stop().await;
}
