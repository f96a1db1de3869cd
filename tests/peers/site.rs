//! Vestibule with one more identity provider, [`PEER`], and an access model that gives its groups roles.
//!
//! Owns the configuration and the model that the peers are met with, and the questions asked afterwards: who is
//! signed in, and who stands in the console.

use std::net::TcpListener;

use regex::Regex;
use serde_json::Value;

use crate::world::accounts::{DEV, MODEL};
use crate::world::browser::{Browser, Page};
use crate::world::{World, listen};

/// What Vestibule calls the peer.
pub(crate) const PEER: &str = "peer";
/// The link to a role by `AssumeRole`, signed in at the peer.
pub(crate) const DEVELOPER: &str = "/go/payments-dev/Developer?idp=peer";

/// What the groups of the peers' people give.
const RULES: &str = r#"
[[rules]]
name = "viewers"
when = [{ idp = "peer" }, { attribute = "groups", is = "cloud-viewers" }]
grant = ["payments-dev/Developer"]

[[rules]]
name = "administrators"
when = [{ idp = "peer" }, { attribute = "groups", is = "cloud-admins" }]
grant = ["gov-prod/GovAdmin"]
"#;

/// Vestibule's address before it starts, which a peer must be told when it starts.
pub(crate) struct Site {
    listener: TcpListener,
    pub(crate) url: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        let listener = listen();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, url }
    }

    /// Starts everything with a provider of these lines, beside `id` and `name`.
    pub(crate) async fn start(self, provider: &str) -> World {
        let provider = format!(
            "[[identity_providers]]\nid = \"{PEER}\"\nname = \"The Peer\"\n{provider}\n\n[aws]\nregion"
        );
        World::builder()
            .model(&format!("{MODEL}{RULES}"))
            .with("[aws]\nregion", &provider)
            .start_on(self.listener)
            .await
    }
}

/// Who Vestibule says is signed in.
pub(crate) async fn me(world: &World, browser: &Browser) -> Value {
    let page = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    serde_json::from_str(&page.body).unwrap()
}

/// Fails unless the page is the console's and the developer's role was opened by `AssumeRole`. Gives the session's name.
pub(crate) async fn developer(world: &World, browser: &Browser, page: &Page) -> String {
    let console = world.console(browser, page).await;
    let saw = world.aws_saw();
    let sts: Vec<_> = saw
        .iter()
        .filter(|entry| entry.action.as_deref() == Some("AssumeRole"))
        .collect();
    let [sts] = sts[..] else {
        panic!("not one AssumeRole: {saw:?}");
    };
    let session = sts.parameters["RoleSessionName"].clone();
    assert_eq!(
        console["principal"],
        format!("arn:aws:sts::{DEV}:assumed-role/Developer/{session}")
    );
    session
}

/// Fails unless it is the page of a refused answer, with the code of the check that did not hold; nobody is signed in.
pub(crate) async fn refused(world: &World, browser: &Browser, page: &Page, code: &str) {
    let title =
        Regex::new(r"<h1[^>]*>The answer of your identity provider was refused</h1>").unwrap();
    assert!(title.is_match(&page.body), "{}: {}", page.url, page.body);
    let fact = format!("<dt>Code</dt><dd>{code}</dd>");
    assert!(page.body.contains(&fact), "not {code}: {}", page.body);
    assert!((400..500).contains(&page.status), "{}", page.status);
    let me = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(me.status, 401, "{}", me.body);
    assert!(world.aws_saw().is_empty(), "AWS was asked");
}
