//! A loopback server that shows the page samples to a browser as the real server would: with its headers, word for
//! word from real answers, and with its static files.
//!
//! What is real here comes from a running Vestibule; what is shown comes from the samples.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::web::{Data, Path, get};
use actix_web::{App, HttpResponse, HttpServer};

use super::kept::{Sample, file};
use crate::world::browser::{Browser, Page};
use crate::world::{World, listen};

/// What each answer has for itself.
const OWN: [&str; 5] = [
    "content-length",
    "date",
    "set-cookie",
    "transfer-encoding",
    "vary",
];

/// The running server.
pub(crate) struct Served {
    url: String,
    handle: ServerHandle,
}

/// What it shows, and how.
struct Shown {
    pages: BTreeMap<String, (bool, String)>,
    scripted: Headers,
    plain: Headers,
}

type Headers = Vec<(String, String)>;

impl Served {
    pub(crate) async fn start(samples: &[Sample]) -> Self {
        let (scripted, plain) = real_headers().await;
        let pages = samples.iter().map(|sample| {
            (
                sample.name.clone(),
                (sample.is_scripted(), sample.html.clone()),
            )
        });
        let shown = Data::from(Arc::new(Shown {
            pages: pages.collect(),
            scripted,
            plain,
        }));
        let listener = listen();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::clone(&shown))
                .route("/samples/{name}", get().to(show))
                .route("/static/{file}", get().to(show_file))
        });
        let server = server.workers(1).disable_signals().listen(listener);
        let server = server.unwrap().run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, handle }
    }

    /// Where a sample is.
    pub(crate) fn at(&self, sample: &Sample) -> String {
        format!("{}/samples/{}", self.url, sample.name)
    }

    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }
}

async fn show(name: Path<String>, shown: Data<Shown>) -> HttpResponse {
    let Some((scripted, html)) = shown.pages.get(&*name) else {
        return HttpResponse::NotFound().finish();
    };
    let headers = if *scripted {
        &shown.scripted
    } else {
        &shown.plain
    };
    let mut answer = HttpResponse::Ok();
    for (name, value) in headers {
        answer.insert_header((name.as_str(), value.as_str()));
    }
    answer.body(html.clone())
}

/// A static file, whatever digest stands in its name.
async fn show_file(name: Path<String>) -> HttpResponse {
    let name = name.into_inner();
    let (stem, rest) = name.rsplit_once('-').unwrap_or((&name, ""));
    let ending = rest.rsplit_once('.').map_or("", |(_, ending)| ending);
    let kind = match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        other => panic!("{name}: what kind of file is {other:?}?"),
    };
    let bytes = std::fs::read(file(&format!("static/{stem}.{ending}"))).unwrap();
    HttpResponse::Ok().content_type(kind).body(bytes)
}

/// The headers of a real page with scripts, and those of one without.
async fn real_headers() -> (Headers, Headers) {
    let world = World::start().await;
    let browser = world.browser();
    let portal = portal(&world, &browser).await;
    let plain = browser.opens(&world.at("/no-such-page")).await;
    world.stop().await;
    (headers(&portal), headers(&plain))
}

async fn portal(world: &World, browser: &Browser) -> Page {
    let page = world.signs_in(browser, "/?idp=corp", "erin").await;
    assert!(
        page.body.contains("<script"),
        "not the portal: {}",
        page.url
    );
    page
}

fn headers(page: &Page) -> Headers {
    assert!(page.header("content-type").starts_with("text/html"));
    let all = page.headers.iter().map(|(name, value)| {
        let value = value.to_str().unwrap();
        (name.as_str().to_owned(), value.to_owned())
    });
    all.filter(|(name, _)| !OWN.contains(&&**name)).collect()
}

/// What a page may do by its policy, but for where its forms may end: no form of a sample is sent.
fn policy(page: &Page) -> Vec<String> {
    let rules = page.header("content-security-policy").split("; ");
    rules
        .filter(|rule| !rule.starts_with("form-action"))
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_real_answers_stand_for_the_policies_of_all_pages() {
    let world = World::start().await;
    let browser = world.browser();
    let scripted = policy(&portal(&world, &browser).await);
    let plain = policy(&browser.opens(&world.at("/no-such-page")).await);
    assert!(!plain.is_empty() && plain != scripted);
    let keys = browser.opens(&world.at("/keys/payments-prod/Admin")).await;
    let form = keys.form_with("form_token").expect("a form");
    let mut pages = vec![keys];
    for path in [
        "/",
        "/?q=dev",
        "/sign-in",
        "/go/payments-prod",
        "/admin/access",
        "/%",
    ] {
        pages.push(browser.opens(&world.at(path)).await);
    }
    pages.push(browser.submits(&form).await);
    for page in pages {
        let wanted = if page.body.contains("<script") {
            &scripted
        } else {
            &plain
        };
        assert_eq!(&policy(&page), wanted, "{}", page.url);
    }
    world.stop().await;
}
