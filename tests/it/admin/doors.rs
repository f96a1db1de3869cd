//! Who gets in, and which forms count (B12, B15: the same group at another provider).

use reqwest::Method;
use url::Url;
use vestibule::domain::audit::EventKind;

use super::*;
use crate::world::OIDC;

#[tokio::test]
async fn the_portal_leads_administrators_alone_to_their_pages() {
    let world = World::start().await;
    for (username, leads) in [("ada", true), ("erin", false)] {
        let browser = world.browser();
        let portal = world
            .signs_in(&browser, &format!("/?idp={SAML}"), username)
            .await;
        assert_eq!(
            portal.links().contains(&LISTS.to_owned()),
            leads,
            "{username}"
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn a_sign_in_leads_back_to_the_page() {
    let world = World::start().await;
    for path in [LISTS, DRAFTS, REVISIONS, "/admin/access/revisions/1"] {
        let (_, page) = administrator(&world, path).await;
        assert_eq!(page.header("cache-control"), "no-store");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self'"));
        assert!(!policy.contains("script-src"), "{policy}");
        assert_eq!(
            policy.contains("form-action 'self'"),
            path != LISTS,
            "{policy}"
        );
    }
    // where the one document was, the drafts are
    let browser = world.browser();
    let path = format!("/admin/access/document?idp={SAML}");
    let page = world.signs_in(&browser, &path, "ada").await;
    assert_eq!((page.status, page.url.path()), (200, DRAFTS));
    let page = browser.opens(&world.at("/admin/access/document")).await;
    assert_eq!((page.status, page.url.path()), (200, DRAFTS));
    world.stop().await;
}

#[tokio::test]
async fn nobody_else_sees_or_changes_anything() {
    let world = World::start().await;
    let (_, page) = drafting(&world).await;
    let (theirs, draft) = (draft_form(&page), page.url.path().to_owned());
    let review = format!("{draft}/review");
    let unknown = |world: &World| world.at("/go/payments-prod/NoSuchRole");
    // the same group at the other provider makes nobody an administrator
    for (username, idp) in [("erin", SAML), ("nora", SAML), ("ada", OIDC)] {
        let browser = world.browser();
        let portal = world
            .signs_in(&browser, &format!("/?idp={idp}"), username)
            .await;
        let token = portal.form_with("form_token").unwrap();
        let token = token.value("form_token").unwrap().to_owned();
        let refusal = browser.opens(&unknown(&world)).await;
        for path in [
            LISTS,
            DRAFTS,
            &draft,
            &review,
            "/admin/drafts/0000000000000000",
            "/admin/access/compare?from=1&to=1",
            REVISIONS,
            "/admin/access/revisions/1",
            "/admin/access/revisions/99",
        ] {
            let page = browser.opens(&world.at(path)).await;
            assert_eq!(
                (page.status, problem(&page)),
                (403, "not-entitled"),
                "{username} {path}"
            );
            assert_eq!(problem(&page), problem(&refusal));
            assert!(!page.body.contains("payments-eng"));
        }
        for action in actions(&draft) {
            let mut form = theirs.clone().with("form_token", &token);
            form.action = Url::parse(&world.at(&action)).unwrap();
            let page = browser.submits_once(&form).await;
            assert_eq!(
                (page.status, problem(&page)),
                (403, "not-entitled"),
                "{username} {action}"
            );
        }
    }
    assert_eq!(revision(&world).await, 1);
    world.stop().await;
}

#[tokio::test]
async fn whoever_asks_for_what_is_administrators_alone_stands_in_the_record() {
    let world = World::start().await;
    administrator(&world, LISTS).await;
    let browser = world.browser();
    // by the sign-in that leads there, and with a session
    let path = format!("/admin/people?idp={SAML}");
    let page = world.signs_in(&browser, &path, "erin").await;
    page.is_refused(403, "not-entitled");
    let page = browser.opens(&world.at("/admin/record")).await;
    page.is_refused(403, "not-entitled");
    let portal = browser.opens(&world.at("/")).await;
    let mut form = portal.form_with("form_token").unwrap();
    form.action = Url::parse(&world.at("/admin/stops")).unwrap();
    let page = browser.submits_once(&form).await;
    page.is_refused(403, "not-entitled");
    let token = crate::api::made(&world, &browser, &["access:read"]).await;
    let program = crate::api::Program::with(&world, Some(&token)).await;
    let answer = program.gets("/access/document").await;
    answer.refused(403, "not-entitled");
    let rows = world.audit(EventKind::AdministrationRefused).await;
    let asked: Vec<_> = rows.iter().map(|row| row.query.as_deref()).collect();
    let wanted = [
        "people",
        "record",
        "/admin/stops",
        "/api/v1/access/document",
    ];
    assert_eq!(asked, wanted.map(Some));
    for row in &rows {
        assert_eq!(row.display_name.as_deref(), Some("erin@example.com"));
        assert_eq!(row.cause.as_deref(), Some("role.not_held"));
        assert!(row.reference.is_some());
    }
    assert_eq!((&rows[0].token, rows[3].token.is_some()), (&None, true));
    world.stop().await;
}

/// Where administrators' forms go to.
fn actions(draft: &str) -> Vec<String> {
    let of_draft = ["", "/publish", "/rebase", "/discard", "/entries/rules/edit"];
    let others = [
        DRAFTS,
        "/admin/access/probe",
        "/admin/access/revisions/1/restore",
    ];
    let of_draft = of_draft.map(|action| format!("{draft}{action}"));
    let others = others.map(str::to_owned);
    of_draft.into_iter().chain(others).collect()
}

/// One way to send a form that is not from a page of ours.
struct Shape {
    name: &'static str,
    method: Method,
    token: Option<String>,
    headers: Vec<(&'static str, String)>,
    status: u16,
}

/// Something else than a form of ours: its name, the token it carries, its headers.
type Forged<'a> = (&'static str, Option<&'a str>, &'a [(&'static str, &'a str)]);

fn shapes(ours: &str, token: &str, foreign_token: &str) -> Vec<Shape> {
    let forged: [Forged<'_>; 10] = [
        ("no token", None, &[("origin", ours)]),
        ("an empty token", Some(""), &[("origin", ours)]),
        ("a made-up token", Some("x"), &[("origin", ours)]),
        ("another's token", Some(foreign_token), &[("origin", ours)]),
        ("no origin", Some(token), &[]),
        ("the null origin", Some(token), &[("origin", "null")]),
        (
            "a foreign origin",
            Some(token),
            &[("origin", "https://evil.example")],
        ),
        (
            "another port",
            Some(token),
            &[("origin", "http://127.0.0.1:1")],
        ),
        (
            "a sibling",
            Some(token),
            &[("origin", ours), ("sec-fetch-site", "same-site")],
        ),
        (
            "a foreign site",
            Some(token),
            &[("origin", ours), ("sec-fetch-site", "cross-site")],
        ),
    ];
    let shape = |(name, token, headers): Forged<'_>, method: Method, status: u16| Shape {
        name,
        method,
        token: token.map(str::to_owned),
        headers: headers.iter().map(|(n, v)| (*n, (*v).to_owned())).collect(),
        status,
    };
    let overridden = [("origin", ours), ("x-http-method-override", "POST")];
    let methods = [Method::GET, Method::PUT, Method::DELETE, Method::PATCH];
    let methods =
        methods.map(|method| shape(("another method", Some(token), &overridden), method, 405));
    let kinds = [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
    ];
    let kinds = kinds.map(|kind| {
        let headers = [("origin", ours), ("content-type", kind)];
        shape(
            ("another media type", Some(token), &headers),
            Method::POST,
            400,
        )
    });
    let forged = forged.map(|forged| shape(forged, Method::POST, 403));
    forged.into_iter().chain(methods).chain(kinds).collect()
}

#[tokio::test]
async fn b12_no_forged_form_changes_anything() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    let (_, foreign) = administrator(&world, DRAFTS).await;
    let token = |page: &Page| {
        page.form_with("form_token")
            .unwrap()
            .value("form_token")
            .unwrap()
            .to_owned()
    };
    let text = format!("{}{NORA}", text_of(&page));
    let shapes = shapes(&world.url, &token(&page), &token(&foreign));
    for action in actions(page.url.path()) {
        let url = Url::parse(&world.at(&action)).unwrap();
        for shape in &shapes {
            let mut fields = vec![
                ("version".to_owned(), "1".to_owned()),
                ("revision".to_owned(), "1".to_owned()),
                ("onto".to_owned(), "1".to_owned()),
                ("document".to_owned(), text.clone()),
            ];
            if let Some(token) = &shape.token {
                fields.push(("form_token".to_owned(), token.clone()));
            }
            let headers: Vec<(&str, &str)> = shape
                .headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let body = (shape.method != Method::GET).then_some(&fields[..]);
            let answer = ada.once(shape.method.clone(), &url, body, &headers).await;
            // a page that stands at the same address is shown, and what the form holds is not done
            let stands = action == DRAFTS || action == page.url.path() || action.ends_with("/edit");
            let status = match shape.method {
                Method::GET if stands => 200,
                _ => shape.status,
            };
            assert_eq!(answer.status, status, "{action}: {}", shape.name);
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        // without a session
        let stranger = world.browser();
        let origin = [("origin", world.url.as_str())];
        let fields = [("form_token".to_owned(), token(&page))];
        let answer = stranger
            .once(Method::POST, &url, Some(&fields), &origin)
            .await;
        assert_eq!(
            (answer.status, problem(&answer)),
            (401, "sent-too-late"),
            "{action}"
        );
    }
    assert_eq!(revision(&world).await, 1);
    let drafts = world.app.store().drafts().await.unwrap();
    assert_eq!((drafts.len(), drafts[0].version), (1, 1));
    // the very same form counts when it is ours
    publishes(&ada, &page, NORA, "").await;
    assert_eq!(revision(&world).await, 2);
    world.stop().await;
}
