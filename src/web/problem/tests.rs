//! Every failure as a page, kept; and the middleware around handlers that fail in every way.

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::test::{self, TestRequest};
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse};

use super::{Failure, ForMachines, advice, recover, samples};
use crate::admin;
use crate::domain::account::AccountId;
use crate::domain::identity::IdpId;
use crate::domain::pasted::PastedError;
use crate::domain::request_form::Asked;
use crate::signin::{AwsCause, Error, IssuerCause, LeftOut};
use crate::web::cookies::Doubled;
use crate::web::pages::{ProblemPage, render};
use crate::web::site::Site;
use crate::web::texts::ENGLISH;

const CANARY: &str = "canary-9e107d9d";

pub(super) fn corp() -> IdpId {
    IdpId::parse("corp").unwrap()
}

fn boxed() -> Box<dyn std::error::Error + Send + Sync> {
    CANARY.into()
}

fn aws(code: &str, request_id: Option<&str>) -> Error {
    Error::AwsRefused(cause(code, request_id))
}

pub(super) fn cause(code: &str, request_id: Option<&str>) -> AwsCause {
    AwsCause {
        operation: "AssumeRole",
        code: code.to_owned(),
        request_id: request_id.map(str::to_owned),
        possible: vec![
            "The role’s trust policy does not name Vestibule.".into(),
            "The external id is not the one that the trust policy asks for.".into(),
        ],
    }
}

fn not_entitled(owner: Option<&str>, left_out: Option<LeftOut>) -> Error {
    Error::NotEntitled {
        owner: owner.map(str::to_owned),
        left_out: left_out.map(|left_out| (corp(), left_out)),
        why: None,
        asked: Asked::default(),
    }
}

fn signin_failures() -> Vec<Error> {
    let (idp, code) = (corp(), "audience");
    vec![
        Error::LinkUnknown("its region is not one, such as eu-west-1"),
        Error::PastedUnknown(PastedError::ForeignHost),
        not_entitled(None, None),
        not_entitled(Some("payments-leads@example.com"), None),
        not_entitled(None, Some(LeftOut::GroupOverage)),
        Error::Unsolicited,
        Error::LoginExpired,
        Error::LoginUsed,
        Error::NoCookies,
        Error::LoginNotStartedHere,
        Error::IdpRefused {
            idp: idp.clone(),
            code,
        },
        Error::ProofRefused {
            idp: idp.clone(),
            code,
        },
        Error::IdpUnreachable { idp },
        Error::IdpUnknown,
        Error::DestinationRefused,
        Error::RegionForeign,
        Error::ScopeUnknown,
        Error::ClaimUnusable {
            what: "session tag team".to_owned(),
        },
        aws("AccessDenied", Some("0b6c1c1e-5b4a-4f0e-9a57-3b1e2c9c0f11")),
        aws("<b>Access</b>", Some("\r\nSet-Cookie: x")),
        Error::IssuerUnable(IssuerCause::Expired),
        Error::IssuerUnable(IssuerCause::NoKey),
        Error::IssuerUnable(IssuerCause::Broken),
        Error::AwsBusy,
        Error::AwsUntrusted("it has expired"),
        Error::AwsUnexpected,
        Error::RegionDisabled {
            account: AccountId::parse("111122223333").unwrap(),
        },
        Error::SessionEnded,
        Error::ReasonNeeded,
        Error::ReasonUnreadable,
        Error::TooManyKept { most: 200 },
        Error::FormRefused,
        Error::DatabaseAway(boxed()),
        Error::Internal(boxed()),
    ]
}

fn admin_failures() -> Vec<admin::Error> {
    vec![
        admin::Error::NoSuchRevision(12),
        admin::Error::NoSuchRole("prod/Nobody".to_owned()),
        admin::Error::TooSoon(crate::domain::probe::TooSoon {
            seconds: 40,
            this_role: true,
        }),
        admin::Error::Governed("/etc/vestibule/access.toml".into()),
        admin::Error::Conflict { current: 12 },
        admin::Error::PlanTooOld,
        admin::Error::Unindexed(1, 450),
        admin::Error::NoSuchDraft,
        admin::Error::DraftOvertaken,
        admin::Error::TooManyDrafts(50),
        admin::Error::Note,
        admin::Error::Follow(boxed()),
        admin::Error::Interrupted,
    ]
}

fn failures() -> Vec<Failure> {
    let allowed = "GET, POST".to_owned();
    let ours = [
        Failure::NotOpenedByAPerson,
        Failure::LedFromElsewhere,
        Failure::NotAForm,
        Failure::TooLarge,
        Failure::TooSlow,
        Failure::AddressTooLong,
        Failure::HeadersTooLarge,
        Failure::CookieDoubled(Doubled),
        Failure::SignInNeeded,
        Failure::SignedOutElsewhere,
        Failure::OtherSession,
        Failure::SentTooLate,
        Failure::NotFound,
        Failure::MethodNotAllowed { allowed },
        Failure::BadRequest,
        Failure::Fault,
    ];
    let signin = signin_failures().into_iter().chain(samples::guarded());
    let signin = signin.map(Failure::Signin);
    let admin = admin_failures().into_iter().map(Failure::Admin);
    let others = samples::limits().into_iter().chain(samples::programs());
    signin.chain(ours).chain(admin).chain(others).collect()
}

#[actix_web::test]
async fn every_failure_has_a_page_that_leads_on() {
    let mut kept = std::collections::BTreeMap::new();
    for failure in &failures() {
        let problem = advice::problem(failure, &ENGLISH, |_| "Example Corp".to_owned());
        for (part, text) in [
            ("what happened", problem.what.plain()),
            ("who can repair it", problem.who.plain()),
            ("what to do now", problem.now.plain()),
        ] {
            assert!(
                text.ends_with('.'),
                "{failure:?} does not say {part}: {text}"
            );
        }
        assert!(!problem.ways.is_empty(), "{failure:?} is a dead end");
        assert_eq!(advice::status(failure), problem.status);
        let page = render(&ProblemPage::new(&problem, "0123456789abcdef"), 0).unwrap();
        assert!(!page.contains(CANARY), "{failure:?} shows its cause");
        assert!(!page.contains("<b>Access") && !page.contains("Set-Cookie"));
        let main = &page[page.find("<main").unwrap()..page.find("</body").unwrap()];
        let nth = kept
            .entry(problem.code)
            .and_modify(|n| *n += 1)
            .or_insert(1);
        insta::assert_snapshot!(format!("{}_{nth}", problem.code), main);
    }
}

#[actix_web::test]
async fn a_role_unknown_and_a_role_of_others_look_the_same() {
    let page = || {
        let failure = Failure::Signin(not_entitled(None, None));
        let problem = advice::problem(&failure, &ENGLISH, |_| String::new());
        render(&ProblemPage::new(&problem, "0123456789abcdef"), 0).unwrap()
    };
    assert_eq!(page(), page());
}

async fn fails() -> Result<HttpResponse, Failure> {
    Err(Failure::Signin(Error::AwsBusy))
}

async fn fails_with_a_cookie() -> HttpResponse {
    let mut answer = HttpResponse::from_error(Failure::Signin(Error::AwsBusy));
    answer.headers_mut().insert(
        actix_web::http::header::SET_COOKIE,
        actix_web::http::header::HeaderValue::from_static("a=b"),
    );
    answer
}

async fn panics() -> HttpResponse {
    panic!("{CANARY}")
}

/// What came back: status, headers, body.
struct Seen {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: String,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value)
    }
}

async fn ask(request: TestRequest, for_machines: bool) -> Seen {
    let app = App::new().app_data(Site::sample("https://console.example.com"));
    let app = if for_machines {
        app.app_data(ForMachines)
    } else {
        app
    };
    let app = app
        .wrap(from_fn(recover))
        .route("/fails", web::get().to(fails))
        .route("/api/fails", web::get().to(fails))
        .route("/cookie", web::get().to(fails_with_a_cookie))
        .route("/panics", web::get().to(panics))
        .route("/api/panics", web::get().to(panics))
        .route(
            "/number/{n}",
            web::get().to(|n: web::Path<u32>| async move { n.to_string() }),
        )
        .service(web::resource("/get").route(web::get().to(HttpResponse::Ok)))
        .route("/bare", web::get().to(HttpResponse::InternalServerError))
        .route(
            "/said",
            web::get().to(|| async { HttpResponse::ServiceUnavailable().body("said") }),
        );
    let app = test::init_service(app).await;
    let response = match test::try_call_service(&app, request.to_request()).await {
        Ok(response) => response.into_parts().1.map_into_boxed_body(),
        Err(error) => error.error_response(),
    };
    let headers = response.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    Seen {
        status: response.status(),
        headers: headers.collect(),
        body: String::from_utf8(
            actix_web::body::to_bytes(response.into_body())
                .await
                .unwrap_or_default()
                .to_vec(),
        )
        .unwrap(),
    }
}

async fn get(path: &str) -> Seen {
    ask(TestRequest::get().uri(path), false).await
}

#[actix_web::test]
async fn every_kind_of_error_becomes_a_page() {
    let long = format!("/{}", "a".repeat(9000));
    for (path, status, code) in [
        ("/fails", 503, "aws-busy"),
        ("/nowhere", 404, "not-found"),
        ("/number/x", 404, "not-found"),
        ("/panics", 500, "internal"),
        ("/bare", 500, "internal"),
        (long.as_str(), 414, "address-too-long"),
    ] {
        let seen = get(path).await;
        assert_eq!(seen.status.as_u16(), status, "{path}");
        assert!(
            seen.body.contains(&format!("data-problem=\"{code}\"")),
            "{path}: {}",
            seen.body
        );
        assert_eq!(
            seen.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert!(!seen.body.contains(CANARY), "{path}");
    }
    let headers = TestRequest::get()
        .uri("/get")
        .insert_header(("x", "y".repeat(17_000)));
    assert_eq!(ask(headers, false).await.status.as_u16(), 431);
    let posted = ask(TestRequest::post().uri("/get"), false).await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(posted.body.contains("method-not-allowed"));
}

#[actix_web::test]
async fn programs_get_json() {
    for path in ["/api/fails", "/api/panics", "/api/nowhere"] {
        let seen = get(path).await;
        assert_eq!(
            seen.header("content-type"),
            "application/problem+json",
            "{path}"
        );
        let problem: serde_json::Value = serde_json::from_str(&seen.body).unwrap();
        assert_eq!(problem["status"], seen.status.as_u16());
        assert_eq!(problem["reference"].as_str().unwrap().len(), 16);
    }
    let seen = ask(TestRequest::get().uri("/nowhere"), true).await;
    assert_eq!(seen.header("content-type"), "application/problem+json");
}

#[actix_web::test]
async fn what_an_error_sets_in_the_browser_stays() {
    let seen = get("/cookie").await;
    assert_eq!(seen.header("set-cookie"), "a=b");
    assert_eq!(seen.header("retry-after"), "5");
    assert!(seen.body.contains("aws-busy"));
}

#[actix_web::test]
async fn an_error_answer_that_says_something_is_left_alone() {
    assert_eq!(get("/said").await.body, "said");
}

#[actix_web::test]
async fn every_answer_carries_the_headers() {
    for path in [
        "/get",
        "/fails",
        "/nowhere",
        "/panics",
        "/bare",
        "/said",
        "/api/fails",
        "/number/x",
    ] {
        let seen = get(path).await;
        for (name, part) in [
            ("content-security-policy", "default-src 'none'"),
            ("content-security-policy", "frame-ancestors 'none'"),
            ("content-security-policy", "base-uri 'none'"),
            ("content-security-policy", "form-action '"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=()"),
            ("strict-transport-security", "max-age=63072000"),
            ("cache-control", "no-store"),
        ] {
            assert!(
                seen.header(name).contains(part),
                "{path}: {name}: {}",
                seen.header(name)
            );
        }
    }
}

#[actix_web::test]
async fn each_request_has_a_reference_of_its_own() {
    let reference = |body: &str| {
        let at = body.find("<dt>Reference</dt><dd>").unwrap() + 22;
        body[at..at + 16].to_owned()
    };
    let (first, second) = (get("/fails").await, get("/fails").await);
    assert_ne!(reference(&first.body), reference(&second.body));
}

#[actix_web::test]
async fn requests_are_counted_by_route() {
    let site = Site::sample("https://console.example.com");
    let app = App::new()
        .app_data(Data::clone(&site))
        .wrap(from_fn(recover))
        .route("/number/{n}", web::get().to(HttpResponse::Ok));
    let app = test::init_service(app).await;
    for n in 0..3 {
        let request = TestRequest::get().uri(&format!("/number/{n}"));
        test::call_service(&app, request.to_request()).await;
    }
    let figures = site.metrics.render();
    let count = "vestibule_request_duration_seconds_count{route=\"/number/{n}\",status=\"200\"} 3";
    assert!(figures.contains(count), "{figures}");
}
