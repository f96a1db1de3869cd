//! The table of routes, walked: what it promises, and what the framework makes of it.

use std::collections::BTreeSet;

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::test::{self, TestRequest};
use actix_web::{App, body};

use super::problem::recover;
use super::site::Site;
use super::{Audience, OPERATIONS, ROUTES, assets, register};

/// What both listeners serve under one roof.
async fn ask(request: TestRequest) -> ServiceResponse {
    let app = App::new()
        .app_data(Site::sample("https://console.example.com"))
        .wrap(from_fn(recover))
        .configure(|config| register(ROUTES, config))
        .configure(|config| register(OPERATIONS, config));
    let app = test::init_service(app).await;
    test::call_service(&app, request.to_request()).await
}

/// An address that a row's path matches.
fn address(path: &str) -> String {
    path.replace("{text:.+}", "prod")
        .replace("{account}", "tools")
        .replace("{role}", "Operator")
        .replace("{idp}", "corp")
        .replace("{file}", "x.css")
        .replace("{number}", "3")
}

#[test]
fn every_row_stands_once() {
    let rows = || ROUTES.iter().chain(OPERATIONS);
    let distinct: BTreeSet<_> = rows().map(|row| (row.method, row.path)).collect();
    assert_eq!(distinct.len(), rows().count());
    assert!(
        OPERATIONS
            .iter()
            .all(|row| row.audience == Audience::Operator)
    );
    assert!(ROUTES.iter().all(|row| row.audience != Audience::Operator));
}

#[test]
fn nothing_changes_by_a_get_and_one_post_alone_comes_from_elsewhere() {
    for row in ROUTES.iter().chain(OPERATIONS) {
        assert_eq!(row.mutating, row.method != "GET", "{}", row.path);
    }
    let elsewhere = ROUTES
        .iter()
        .filter(|row| row.mutating && row.audience == Audience::Returning);
    let elsewhere: Vec<_> = elsewhere.map(|row| row.path).collect();
    assert_eq!(elsewhere, ["/saml/{idp}/acs"]);
}

#[actix_web::test]
async fn a_method_that_is_not_in_the_table_is_refused_with_those_that_are() {
    let all = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    for row in ROUTES.iter().chain(OPERATIONS) {
        let here = ROUTES.iter().chain(OPERATIONS);
        let allowed: Vec<_> = here
            .filter(|other| other.path == row.path)
            .map(|row| row.method)
            .collect();
        for method in all.iter().filter(|m| !allowed.contains(&m.as_str())) {
            let request = TestRequest::default().method(method.clone());
            let answer = ask(request.uri(&address(row.path))).await;
            assert_eq!(
                answer.status(),
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {}",
                row.path
            );
            let allow = answer.headers().get(ALLOW).unwrap();
            assert_eq!(allow.to_str().unwrap(), allowed.join(", "), "{}", row.path);
        }
    }
}

#[actix_web::test]
async fn a_method_in_a_header_or_a_parameter_is_no_method() {
    for name in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ] {
        let request = TestRequest::get().uri("/sign-out?_method=POST");
        let answer = ask(request.insert_header((name, "POST"))).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{name}");
    }
}

#[actix_web::test]
async fn static_files_stand_under_their_digest_for_good() {
    for (asset, kind) in [
        (&*assets::STYLE, "text/css; charset=utf-8"),
        (&*assets::SEARCH, "text/javascript; charset=utf-8"),
        (&*assets::SCRIPT, "text/javascript; charset=utf-8"),
        (&*assets::MARK, "image/svg+xml"),
    ] {
        let answer = ask(TestRequest::get().uri(asset.href())).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers().get(CONTENT_TYPE).unwrap(), kind);
        let cache = answer.headers().get(CACHE_CONTROL).unwrap();
        assert_eq!(cache, "public, max-age=31536000, immutable");
        assert!(answer.headers().contains_key("content-security-policy"));
        assert!(!body::to_bytes(answer.into_body()).await.unwrap().is_empty());
    }
    for other in [
        "/static/vestibule.css",
        "/static/",
        "/static/..%2fvestibule.css",
        "/favicon.ico",
    ] {
        let answer = ask(TestRequest::get().uri(other)).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{other}");
    }
}

#[actix_web::test]
async fn health_is_told_without_asking_anything() {
    let answer = ask(TestRequest::get().uri("/healthz")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let figures = ask(TestRequest::get().uri("/metrics")).await;
    let text = body::to_bytes(figures.into_body()).await.unwrap();
    assert!(text.ends_with(b"# EOF\n"));
}
