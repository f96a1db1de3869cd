//! B12: forms of other sites. Every mutating route of the table is tried, so a new one cannot be forgotten.

use vestibule::clock::Clock as _;
use vestibule::domain::access::DraftId;
use vestibule::domain::audit::EventKind;
use vestibule::domain::token::{Token, TokenId, TokenScope};
use vestibule::random::{SystemRandom, bytes};
use vestibule::store::DraftContent;
use vestibule::web::{Audience, ROUTES};

use super::wire::{cookie_line, sends};
use crate::world::accounts::MODEL;
use crate::world::{SAML, World};

/// Those that take no form of ours: what providers send back is tried in their tests, what programs send in `api`.
const ELSEWHERE: [Audience; 2] = [Audience::Returning, Audience::Program];

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// The mutating routes that only a page of ours may use: method and path, as the table has them.
fn own_routes() -> Vec<(&'static str, &'static str)> {
    let own = ROUTES
        .iter()
        .filter(|row| row.mutating && !ELSEWHERE.contains(&row.audience));
    own.map(|row| (row.method, row.path)).collect()
}

/// The tests' model, in which the administrator holds a role as well.
fn model() -> String {
    format!(
        "{MODEL}\n[[rules]]\nname = \"administrators\"\n\
         when = [{{ attribute = \"groups\", is = \"cloud-admins\" }}]\ngrant = [\"payments-dev/*\"]\n"
    )
}

/// A session of an administrator's, and what its pages would send.
struct Session {
    cookies: String,
    token: String,
}

impl Session {
    async fn of(world: &World, username: &str) -> Self {
        let browser = world.browser();
        let link = format!("/sign-in/{SAML}");
        let portal = world.signs_in(&browser, &link, username).await;
        let form = portal.form_with("form_token").unwrap();
        Self {
            cookies: cookie_line(world, &browser),
            token: form.value("form_token").unwrap().to_owned(),
        }
    }
}

/// A request to a mutating route that is complete but for its token: an address, and the other fields.
struct Deed {
    line: String,
    fields: Vec<(&'static str, String)>,
}

impl Deed {
    /// What a page of ours would send to the route; a new route needs an arm of its own here.
    async fn of(world: &World, (method, path): (&str, &str)) -> Self {
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

    fn form(&self, tokens: &[&str]) -> Vec<u8> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.fields);
        form.extend_pairs(tokens.iter().map(|token| ("form_token", *token)));
        form.finish().into_bytes()
    }

    fn json(&self, token: &str) -> Vec<u8> {
        let mut all: serde_json::Map<_, _> = self
            .fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
            .collect();
        all.insert("form_token".to_owned(), token.into());
        serde_json::Value::Object(all).to_string().into_bytes()
    }

    fn multipart(&self, token: &str) -> Vec<u8> {
        let token = ("form_token", token.to_owned());
        let part = |(name, value): &(&str, String)| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let parts: String = self.fields.iter().chain([&token]).map(part).collect();
        format!("{parts}--x--\r\n").into_bytes()
    }

    /// Sent from a page of ours, with the session's token: it counts.
    async fn succeeds(&self, world: &World, session: &Session) {
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
async fn a_draft(world: &World, base: i64, text: &str) -> String {
    let id = DraftId::new(bytes(&SystemRandom));
    let content = DraftContent {
        base,
        text: text.to_owned(),
        changes: None,
        by: "a test".to_owned(),
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
async fn state(world: &World, session: &Session) -> (bool, i64, usize, String) {
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
async fn erin(world: &World) -> String {
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
async fn keeps_token(world: &World) -> String {
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
async fn kept(world: &World) -> String {
    let kept = world.kept(SAML, "ada@example.com").await;
    let mut kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    if let Some(kept) = kept.as_object_mut() {
        kept.remove("uses");
    }
    kept.to_string()
}

async fn is_signed_in(world: &World, cookies: &str) -> bool {
    let answer = sends(world, "GET /api/v1/me", &[cookies], b"").await;
    answer.status == 200
}

/// A shape's name, its headers, its body, and what it comes to.
type Shape = (&'static str, Vec<String>, Vec<u8>, u16);

/// Ways to send a form that is not from a page of ours, or not from this session. Where the origin is wrong, the
/// token is right, and the other way round: each is refused for itself.
fn shapes(world: &World, deed: &Deed, right: &str, of_another: &str) -> Vec<Shape> {
    let us = format!("Origin: {}", world.url);
    let good = deed.form(&[right]);
    let sibling = format!("{us}.evil.example");
    let scheme = us.replace("http:", "https:");
    let referrer = format!("Referer: {}/", world.url);
    let origins: [(&str, &[&str]); 10] = [
        ("nothing said", &[]),
        ("a null origin", &["Origin: null"]),
        ("another site", &["Origin: https://evil.example"]),
        ("a sibling", &[&sibling]),
        ("another scheme", &[&scheme]),
        ("another port", &["Origin: http://127.0.0.1:1"]),
        ("two origins", &[&us, "Origin: https://evil.example"]),
        ("a referrer alone", &[&referrer]),
        (
            "another site by fetch metadata",
            &[&us, "Sec-Fetch-Site: cross-site"],
        ),
        (
            "a sibling by fetch metadata",
            &[&us, "Sec-Fetch-Site: same-site"],
        ),
    ];
    let tokens: [(&str, &[&str]); 5] = [
        ("no token", &[]),
        ("an empty token", &[""]),
        ("a wrong token", &["x"]),
        ("the token of another session", &[of_another]),
        ("two tokens", &[right, right]),
    ];
    let kinds = [
        ("json", "Content-Type: application/json", deed.json(right)),
        (
            "multipart",
            "Content-Type: multipart/form-data; boundary=x",
            deed.multipart(right),
        ),
        ("plain text", "Content-Type: text/plain", good.clone()),
        ("no type", "Accept: text/html", good.clone()),
    ];
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let origins =
        origins.map(|(shape, said)| (shape, lines(&[&[FORM], said].concat()), good.clone(), 403));
    let tokens = tokens.map(|(shape, tokens)| (shape, lines(&[FORM, &us]), deed.form(tokens), 403));
    let kinds = kinds.map(|(shape, kind, body)| (shape, lines(&[kind, &us]), body, 400));
    origins.into_iter().chain(tokens).chain(kinds).collect()
}

#[tokio::test]
async fn b12_no_form_of_another_site_changes_anything_and_the_same_form_of_ours_does() {
    let world = World::start().await;
    // something to go back from
    world.publishes(&model().replace("Everything", "All")).await;
    let other = Session::of(&world, "erin").await;
    assert!(own_routes().len() >= 4, "the routes were found");
    for route in own_routes() {
        let session = Session::of(&world, "ada").await;
        Deed::of(&world, route)
            .await
            .succeeds(&world, &session)
            .await;
        let session = Session::of(&world, "ada").await;
        let deed = Deed::of(&world, route).await;
        let before = state(&world, &session).await;
        for (shape, headers, body, status) in shapes(&world, &deed, &session.token, &other.token) {
            let lines = headers.iter().map(String::as_str);
            let lines: Vec<&str> = lines.chain([session.cookies.as_str()]).collect();
            let answer = sends(&world, &deed.line, &lines, &body).await;
            assert_eq!(
                answer.status, status,
                "{} with {shape}: {}",
                deed.line, answer.body
            );
            assert_eq!(
                state(&world, &session).await,
                before,
                "{} with {shape}",
                deed.line
            );
        }
        overridden(&world, &deed, &session).await;
        assert_eq!(state(&world, &session).await, before, "{}", deed.line);
        // it was the shape alone that was wrong with it
        deed.succeeds(&world, &session).await;
    }
    world.stop().await;
}

/// The method in a header or a parameter, everything else right.
async fn overridden(world: &World, deed: &Deed, session: &Session) {
    let us = format!("Origin: {}", world.url);
    let path = deed.line.split(' ').nth(1).unwrap();
    let query = String::from_utf8(deed.form(&[&session.token])).unwrap();
    // the address may not be as long as a whole document
    let query = query.split("document=").next().unwrap();
    for name in [
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
    ] {
        for method in ["GET", "PUT", "DELETE", "PATCH", "HEAD"] {
            // the link itself, which can be opened by everybody whose role it is
            if method == "GET" && path.starts_with("/go/") {
                continue;
            }
            let line = format!("{method} {path}?_method=POST&{query}");
            let header = format!("{name}: POST");
            let headers = [FORM, &us, &header, &session.cookies];
            let body = deed.form(&[&session.token]);
            let answer = sends(world, &line, &headers, &body).await;
            // a page that stands at the same address is shown, and the form it has is not sent by that
            let stands = [
                "/keys/",
                "/roles/",
                "/settings",
                "/sessions",
                "/admin/simulate",
                "/admin/people",
                "/admin/stops",
                "/admin/revoke",
            ];
            let is_draft = path.starts_with("/admin/drafts") && path.split('/').count() <= 4;
            let stands =
                is_draft || path == "/tokens" || stands.iter().any(|at| path.starts_with(at));
            let page = method == "GET" && stands;
            // the form's fields name an entry that is not there
            let nothing = method == "GET" && path.ends_with("/edit");
            let expected = match (nothing, page) {
                (true, _) => 404,
                (_, true) => 200,
                (_, false) => 405,
            };
            assert_eq!(answer.status, expected, "{line} by {name}");
        }
    }
}

/// The rows of the table that a provider's form may reach: none of them but this one.
#[test]
fn b12_one_route_alone_takes_a_form_of_another_site() {
    let returning = ROUTES
        .iter()
        .filter(|row| row.mutating && row.audience == Audience::Returning);
    let returning: Vec<_> = returning.map(|row| (row.method, row.path)).collect();
    assert_eq!(returning, [("POST", "/saml/{idp}/acs")]);
}

#[tokio::test]
async fn our_own_form_signs_out_and_says_what_lives_on() {
    let world = World::start().await;
    let browser = world.browser();
    let portal = world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let cookies = cookie_line(&world, &browser);
    assert!(is_signed_in(&world, &cookies).await);
    let form = portal.form_with("form_token").unwrap();
    let page = browser.submits(&form).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are signed out of Vestibule"));
    assert!(page.body.contains("Example Corp"), "the provider lives on");
    assert!(
        page.body.contains("logout"),
        "so do consoles, and there is a link: {}",
        page.body
    );
    // the cookie is gone from the browser, and what it said is worth nothing
    assert!(!cookie_line(&world, &browser).contains("vestibule-session"));
    assert!(!is_signed_in(&world, &cookies).await);
    // once more, as after going back in the browser
    assert_eq!(browser.submits(&form).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn the_consumer_service_reads_a_form_of_its_size_and_no_more() {
    let world = World::start().await;
    let acs = format!("POST /saml/{SAML}/acs");
    let cross_site = "Origin: https://idp.example.com";
    let body =
        |length: usize| [b"RelayState=x&SAMLResponse=".to_vec(), vec![b'A'; length]].concat();
    let answer = sends(&world, &acs, &[FORM, cross_site], &body(1_490_000)).await;
    assert!(
        (400..500).contains(&answer.status) && answer.status != 413,
        "{}",
        answer.head
    );
    let answer = sends(&world, &acs, &[FORM, cross_site], &body(1_510_000)).await;
    assert_eq!(answer.status, 413);
    for (kind, body) in [
        ("Content-Type: application/json", &b"{}"[..]),
        (FORM, b"SAMLResponse=a&SAMLResponse=b&RelayState=x"),
        (FORM, b"SAMLResponse=a&RelayState=x&RelayState=y"),
        (FORM, b"SAMLResponse=%zz"),
        (FORM, b"SAMLResponse=\xff"),
    ] {
        let answer = sends(&world, &acs, &[kind], body).await;
        assert_eq!((answer.status, answer.problem()), (400, "form-unreadable"));
    }
    // a form without a response is refused like one with a wrong response, and stands in the record
    let ours = format!("RelayState={}", "A".repeat(43));
    for (body, problem) in [
        (ours.as_bytes(), (403, "cookies-off")),
        (b"RelayState=x", (400, "unsolicited")),
        (b"", (400, "unsolicited")),
    ] {
        let answer = sends(&world, &acs, &[FORM], body).await;
        assert_eq!((answer.status, answer.problem()), problem);
    }
    assert_eq!(world.audit(EventKind::LoginFailed).await.len(), 4);
    world.stop().await;
}
