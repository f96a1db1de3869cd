//! What a page of ours would send to each mutating route, and what could come of it.

use vestibule::clock::Clock as _;
use vestibule::domain::access::DraftId;
use vestibule::domain::audit::EventKind;
use vestibule::domain::token::{Token, TokenId, TokenScope};
use vestibule::random::{SystemRandom, bytes};
use vestibule::store::DraftContent;

use super::super::wire::sends;
use super::{FORM, Session, model};
use crate::world::{SAML, World};

/// A request to a mutating route that is complete but for its token: an address, and the other fields.
pub(super) struct Deed {
    pub(super) line: String,
    pub(super) fields: Vec<(&'static str, String)>,
}

impl Deed {
    /// What a page of ours would send to the route; a new route needs an arm of its own here.
    pub(super) async fn of(world: &World, (method, path): (&str, &str)) -> Self {
        let base = world.app.store().revision_number().await.unwrap();
        // a document that differs from the current one, whichever that is
        let rule = "[[rules]]\nname = \"nora\"\nwhen = [{ attribute = \"groups\", is = \"n\" }]\n\
                    grant = [\"payments-dev/*\"]\n";
        let document = format!(
            "{}\n{}",
            model(),
            rule.replace("\"nora\"", &format!("\"nora {base}\""))
        );
        let (path, fields) = match path {
            "/sign-out" => (path.to_owned(), vec![]),
            "/favourites" => {
                let role = "444455556666/Developer".to_owned();
                // one that is a favourite already is made one no more
                let kept = kept(world).await;
                let deed = if kept.contains(&format!("\"favourites\":[\"{role}\"]")) {
                    "remove"
                } else {
                    "add"
                };
                (path.to_owned(), vec![(deed, role)])
            }
            "/settings" => {
                let is_replace = kept(world).await.contains("replace");
                let other = if is_replace { "add" } else { "replace" };
                (path.to_owned(), vec![("consoles", other.to_owned())])
            }
            "/roles/{account}/{role}" => {
                let is_one = kept(world).await.contains("\"hours\":1");
                let other = if is_one { "2" } else { "1" };
                let page = "/roles/payments-dev/Developer".to_owned();
                (page, vec![("hours", other.to_owned())])
            }
            "/keys/{account}/{role}" => ("/keys/payments-dev/Developer".to_owned(), vec![]),
            "/go/{account}/{role}" => {
                let link = "/go/payments-dev/Developer".to_owned();
                (link, vec![("code", "123456".to_owned())])
            }
            "/sessions" => (path.to_owned(), vec![("end", "others".to_owned())]),
            "/admin/people" => {
                let idp = ("about_idp", SAML.to_owned());
                let subject = ("subject", "nobody@example.com".to_owned());
                (path.to_owned(), vec![idp, subject])
            }
            "/admin/people/{person}" => {
                let page = format!("/admin/people/{}", erin(world).await);
                (page, vec![("deed", "block".to_owned())])
            }
            "/admin/stops" => {
                let place = ("place", "payments-prod/Narrow".to_owned());
                (path.to_owned(), vec![("deed", "suspend".to_owned()), place])
            }
            "/admin/drafts" => (path.to_owned(), vec![("name", "by a test".to_owned())]),
            "/admin/drafts/{id}"
            | "/admin/drafts/{id}/discard"
            | "/admin/drafts/{id}/publish"
            | "/admin/drafts/{id}/rebase" => {
                // one that was begun on the revision before has to be brought up to date
                let on = if path.ends_with("/rebase") {
                    base - 1
                } else {
                    base
                };
                let draft = a_draft(world, on, &document).await;
                let fields = vec![
                    ("version", "1".to_owned()),
                    ("revision", base.to_string()),
                    ("onto", base.to_string()),
                    ("document", document),
                ];
                (path.replace("{id}", &draft), fields)
            }
            "/admin/drafts/{id}/entries/{section}/edit" => {
                let draft = a_draft(world, base, &document).await;
                let path = path
                    .replace("{id}", &draft)
                    .replace("{section}", "accounts");
                let fields = vec![
                    ("id", "123412341234".to_owned()),
                    ("alias", "new".to_owned()),
                    ("name", "New".to_owned()),
                ];
                (path, fields)
            }
            "/admin/access/revisions/{number}/restore" => {
                let before = (base - 1).to_string();
                (path.replace("{number}", &before), vec![])
            }
            "/admin/access/probe" => {
                // a role is left alone for a minute after a probe
                world.clock.advance(chrono::TimeDelta::seconds(61));
                (
                    path.to_owned(),
                    vec![("role", "payments-prod/Narrow".to_owned())],
                )
            }
            "/tokens" => {
                let fields = [("name", "x"), ("days", "1"), ("me:read", "yes")];
                let fields = fields.map(|(name, value)| (name, value.to_owned()));
                (path.to_owned(), fields.to_vec())
            }
            "/tokens/revoke" | "/admin/tokens/revoke" => {
                (path.to_owned(), vec![("id", keeps_token(world).await)])
            }
            // a look at what is known of somebody is written down
            "/admin/simulate" => {
                let role = ("role", "payments-prod/Narrow".to_owned());
                let idp = ("about_idp", SAML.to_owned());
                let subject = ("subject", "ada@example.com".to_owned());
                (path.to_owned(), vec![role, idp, subject])
            }
            // a look at policies is written down, as is their change
            "/admin/revoke" => {
                let step = ("step", "plan".to_owned());
                let role = ("role", "payments-prod/Narrow".to_owned());
                (path.to_owned(), vec![step, role])
            }
            other => panic!("{method} {other} changes something: say here what its form holds"),
        };
        Self {
            line: format!("{method} {path}"),
            fields,
        }
    }

    pub(super) fn form(&self, tokens: &[&str]) -> Vec<u8> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.fields);
        form.extend_pairs(tokens.iter().map(|token| ("form_token", *token)));
        form.finish().into_bytes()
    }

    pub(super) fn json(&self, token: &str) -> Vec<u8> {
        let mut all: serde_json::Map<_, _> = self
            .fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
            .collect();
        all.insert("form_token".to_owned(), token.into());
        serde_json::Value::Object(all).to_string().into_bytes()
    }

    pub(super) fn multipart(&self, token: &str) -> Vec<u8> {
        let token = ("form_token", token.to_owned());
        let part = |(name, value): &(&str, String)| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let parts: String = self.fields.iter().chain([&token]).map(part).collect();
        format!("{parts}--x--\r\n").into_bytes()
    }

    /// Sent from a page of ours, with the session's token: it counts.
    pub(super) async fn succeeds(&self, world: &World, session: &Session) {
        let before = state(world, session).await;
        let us = format!("Origin: {}", world.url);
        let body = self.form(&[&session.token]);
        let answer = sends(world, &self.line, &[FORM, &us, &session.cookies], &body).await;
        let after = state(world, session).await;
        assert!(
            [200, 303].contains(&answer.status),
            "{}: {}",
            self.line,
            answer.body
        );
        assert_ne!(
            before, after,
            "{} changed nothing: {}",
            self.line, answer.body
        );
    }
}

/// A draft on a revision, with a text in it.
pub(super) async fn a_draft(world: &World, base: i64, text: &str) -> String {
    let id = DraftId::new(bytes(&SystemRandom));
    let content = DraftContent {
        base,
        text: text.to_owned(),
        changes: None,
        by: "a test".to_owned(),
        before: Vec::new(),
    };
    let store = world.app.store();
    let begun = store.begin_draft((id, ""), &content, world.clock.now());
    assert!(begun.await.unwrap());
    id.to_string()
}

/// All that a mutating route could change: whether somebody is signed in, the current revision, how often keys or
/// consoles were about to be made, a role to be probed or sessions to be revoked, tokens made and revoked, how often
/// somebody was looked up, how often sessions were ended and people or roles stopped, the drafts, and what the person
/// chose for themself.
pub(super) async fn state(world: &World, session: &Session) -> (bool, i64, usize, String) {
    let revision = world.app.store().revision_number().await.unwrap();
    let keys = world.audit(EventKind::KeysBegun).await.len();
    let consoles = world.audit(EventKind::SigninBegun).await.len();
    let probes = world.audit(EventKind::ProbeBegun).await.len();
    let looks = world.audit(EventKind::WhyAsked).await.len();
    let mut stopped = 0;
    for kind in [
        EventKind::SessionEnded,
        EventKind::PersonBlocked,
        EventKind::RoleSuspended,
    ] {
        stopped += world.audit(kind).await.len();
    }
    let revocations = world.audit(EventKind::RevokeBegun).await.len();
    let tokens = world.audit(EventKind::TokenMade).await.len();
    let revoked = world.audit(EventKind::TokenRevoked).await.len();
    let made = keys + consoles + probes + looks + stopped + revocations + tokens + revoked;
    let drafts = world.app.store().drafts().await.unwrap();
    let drafts = drafts
        .iter()
        .map(|draft| format!("{} {}\n", draft.id, draft.version));
    let chosen = kept(world).await + &drafts.collect::<String>();
    (
        is_signed_in(world, &session.cookies).await,
        revision,
        made,
        chosen,
    )
}

/// By what the pages name somebody who is signed in.
pub(super) async fn erin(world: &World) -> String {
    let began = world.audit(EventKind::SessionBegan).await;
    let theirs = began
        .into_iter()
        .find(|event| event.display_name.as_deref() == Some("erin@example.com"));
    let theirs = theirs.expect("she signed in");
    let subject = vestibule::domain::identity::Subject {
        format: theirs.subject_format.unwrap_or_default(),
        value: theirs.subject.unwrap_or_default(),
    };
    let idp = vestibule::domain::identity::IdpId::parse(SAML).unwrap();
    let key = world.app.store().person_key(&idp, &subject);
    key.to_string()
}

/// A further token of the administrator's; its id.
pub(super) async fn keeps_token(world: &World) -> String {
    let began = world.audit(EventKind::SessionBegan).await;
    let theirs = began
        .iter()
        .rfind(|event| event.subject.as_deref() == Some("ada@example.com"));
    let identity = serde_json::json!({
        "idp": SAML,
        "subject": {
            "format": theirs.and_then(|event| event.subject_format.clone()),
            "value": "ada@example.com",
        },
        "display_name": "Ada",
        "attributes": {},
        "authentication": {"context": []},
    });
    let id = vestibule::random::hex::<8>(&SystemRandom);
    let now = world.clock.now();
    let token = Token {
        id: TokenId::parse(&id).unwrap(),
        digest: id.clone(),
        identity: serde_json::from_value(identity).unwrap(),
        name: "kept".to_owned(),
        scopes: [TokenScope::MeRead].into(),
        made: now,
        expires: now + chrono::TimeDelta::days(1),
        used: None,
    };
    assert!(world.app.store().keep_token(&token).await.unwrap());
    id
}

/// What the administrator chose for themself, but for what they used.
pub(super) async fn kept(world: &World) -> String {
    let kept = world.kept(SAML, "ada@example.com").await;
    let mut kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    if let Some(kept) = kept.as_object_mut() {
        kept.remove("uses");
    }
    kept.to_string()
}

pub(super) async fn is_signed_in(world: &World, cookies: &str) -> bool {
    let answer = sends(world, "GET /api/v1/me", &[cookies], b"").await;
    answer.status == 200
}
