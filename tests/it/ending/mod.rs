//! Ending access: sessions seen and ended, people blocked, roles and accounts suspended; and that nothing leaves once
//! that is confirmed (B14).

mod commands;
mod hostile;
pub(crate) mod interleavings;
mod many;
mod pages;
mod races;
mod told;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use reqwest::Method;
use url::Url;
use vestibule::domain::identity::{Authentication, Identity, IdpId, Subject};
use vestibule::domain::person::PersonKey;
use vestibule::random::{SystemRandom, token};
use vestibule::store::{NewSession, Once, StartSession};

use crate::world::browser::{Browser, Page};
use crate::world::{SAML, World};

/// Somebody with a session that no provider was asked for: they are many.
pub(crate) struct Somebody {
    pub(crate) browser: Browser,
    form_token: String,
    identity: Identity,
}

/// Who has these groups.
pub(crate) fn identity(name: &str, groups: &[&str]) -> Identity {
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    Identity {
        idp: IdpId::parse(SAML).unwrap(),
        subject: Subject {
            format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned(),
            value: name.to_owned(),
        },
        display_name: format!("{name} the Tested"),
        verified_email: None,
        attributes: BTreeMap::from([
            ("groups".to_owned(), values(groups)),
            ("team".to_owned(), values(&["payments"])),
        ]),
        authentication: Authentication::default(),
        notice: None,
    }
}

/// What the session cookie is called there.
pub(crate) fn cookie_name(world: &World) -> String {
    let url = Url::parse(&world.url).unwrap();
    format!("vestibule-session-{}", url.port().unwrap())
}

impl Somebody {
    /// Begins a session of theirs, in a browser beside `like`.
    pub(crate) async fn begins(
        world: &World,
        cookie: &str,
        like: &Browser,
        identity: Identity,
    ) -> Self {
        let (somebody, started) = Self::tries(world, cookie, like, identity).await;
        assert_eq!(started, StartSession::Started);
        somebody
    }

    /// Tries to, and says what came of it.
    async fn tries(
        world: &World,
        cookie: &str,
        like: &Browser,
        identity: Identity,
    ) -> (Self, StartSession) {
        let id = token::<32>(&SystemRandom);
        let mut digest = String::new();
        let hashed = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, id.as_bytes());
        for byte in hashed.as_ref() {
            write!(digest, "{byte:02x}").unwrap();
        }
        let began = vestibule::clock::Clock::now(world.clock.as_ref());
        let form_token = token::<32>(&SystemRandom);
        let new = NewSession {
            digest,
            identity: identity.clone(),
            began,
            ends: began + chrono::TimeDelta::hours(8),
            form_token: form_token.clone(),
            replaces: Vec::new(),
            address: None,
            browser: "Firefox on Linux".to_owned(),
        };
        let once = Once {
            idp: identity.idp.clone(),
            id: token::<32>(&SystemRandom),
            until: began,
        };
        let started = world.app.store().start_session(&new, &once).await;
        let browser = like.beside();
        browser.set_cookie(&Url::parse(&world.url).unwrap(), cookie, &id);
        let somebody = Self {
            browser,
            form_token,
            identity,
        };
        (somebody, started.unwrap())
    }

    fn key(&self, world: &World) -> PersonKey {
        let store = world.app.store();
        store.person_key(&self.identity.idp, &self.identity.subject)
    }

    /// Sends a form of ours to a replica; both stand behind one public address.
    async fn posts(
        &self,
        world: &World,
        replica: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let url = Url::parse(&format!("{replica}{path}")).unwrap();
        let token = ("form_token".to_owned(), self.form_token.clone());
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let fields: Vec<_> = fields.chain([token]).collect();
        let headers = [("origin", world.url.as_str())];
        let post = self
            .browser
            .once(Method::POST, &url, Some(&fields), &headers);
        post.await
    }

    /// Clicks on a role, or asks for its keys.
    pub(crate) async fn goes(&self, world: &World, replica: &str, role: &str, keys: bool) -> Page {
        if keys {
            self.posts(world, replica, &format!("/keys/{role}"), &[])
                .await
        } else {
            self.browser
                .opens_once(&format!("{replica}/go/{role}"))
                .await
        }
    }
}

/// Whether an answer hands a console or keys over.
pub(crate) fn hands_over(page: &Page) -> bool {
    let to_console = page.status == 303 && page.header("location").contains("SigninToken");
    let keys = page.status == 200 && page.problem().is_empty() && page.body.contains("ASIA");
    to_console || keys
}
