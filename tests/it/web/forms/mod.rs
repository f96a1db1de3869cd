//! B12: forms of other sites. Every mutating route of the table is tried, so a new one cannot be forgotten.

mod deed;

use vestibule::domain::audit::EventKind;
use vestibule::web::{Audience, ROUTES};

use super::wire::{cookie_line, sends};
use crate::world::accounts::MODEL;
use crate::world::{SAML, World};
use deed::{Deed, is_signed_in, state};

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
