//! The portal page of somebody with many roles, beside a bare page of the same bytes after the same look at the session.
//!
//! Two servers, each a process of its own on the same database: Vestibule, and in this program's other part an actix
//! handler that looks the session up and answers with bytes that it holds ready.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use actix_web::web::{Bytes, Data, get};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::Duration;
use url::Url;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::config::Config;
use vestibule::store::Store;
use vestibule_sandbox::people::Person;

use crate::child;
use crate::measure::{Side, microseconds, side_by_side};
use crate::models;
use crate::report::{Line, Trouble};
use crate::scratch::runtime;
use crate::served::{Served, Server};
use crate::world::browser::Browser;
use crate::world::{SAML, World, listen};

/// Pages in a turn.
const PAGES: u32 = 300;

/// What the bare server is told: where to listen, the page, the cookie's name.
const ADDRESS: &str = "bare-address";
const PAGE: &str = "bare-page";
const COOKIE: &str = "bare-cookie";

pub(crate) fn run() -> Result<(), Trouble> {
    runtime().block_on(measure())
}

async fn measure() -> Result<(), Trouble> {
    let world = World::builder().model(&models::model(10_000, 0));
    let served = Served::prepare(world).await;
    let names: Vec<String> = (0..300).map(models::group).collect();
    let person = Person::new("gina", "Gina Groups").in_groups(names.iter().map(String::as_str));
    served.world.sandbox.people().put(person);
    let vestibule = served.start()?;
    let browser = signed_in(&served).await;
    let portal: Url = served.at("/").parse().unwrap();
    let page = browser.opens_once(portal.as_str()).await;
    let roles = page.body.matches("href=\"/go/").count();
    assert_eq!((page.status, roles), (200, 300), "not the whole portal");
    let cookies = browser.cookies_for(&portal);
    let (name, value) = cookies
        .iter()
        .find(|(name, _)| name.starts_with("vestibule-session"))
        .expect("a session");
    let (bare, bare_url) = bare(&served, name, &page.body)?;
    browser.set_cookie(&bare_url, name, value);
    let runtime = tokio::runtime::Handle::current();
    let turn =
        |server: &Server, url: &Url| runtime.block_on(open(&browser, server, url, &page.body));
    let [ours, theirs] = tokio::task::block_in_place(|| {
        turn(&vestibule, &portal);
        turn(&bare, &bare_url);
        let ours: Side<'_> = Box::new(|| turn(&vestibule, &portal));
        let theirs: Side<'_> = Box::new(|| turn(&bare, &bare_url));
        side_by_side([ours, theirs])
    });
    Line::about("portal page")
        .with("roles", roles)
        .with("accounts", 60)
        .with("bytes", page.body.len())
        .number("vestibule_us", ours)
        .number("bare_page_us", theirs)
        .at_most("ratio", ours / theirs, 3.0)
        .print();
    drop((vestibule, bare));
    served.stop().await;
    Ok(())
}

async fn signed_in(served: &Served) -> Browser {
    let browser = Browser::new();
    let page = browser.opens(&served.at(&format!("/?idp={SAML}"))).await;
    let form = page.form_with("username").expect("a sign-in page");
    let form = form.with("username", "gina").with("password", "gina-pass");
    let page = browser.submits(&form).await;
    let form = page.form_with("SAMLResponse").expect("a response");
    browser.submits(&form).await;
    browser
}

/// Pages that are the expected one byte for byte; gives the server's CPU for one, in microseconds.
async fn open(browser: &Browser, server: &Server, url: &Url, expected: &str) -> f64 {
    let before = server.cpu();
    for _ in 0..PAGES {
        let page = browser.opens_once(url.as_str()).await;
        assert_eq!(page.status, 200, "{url}");
        assert!(
            page.body == expected,
            "another page of {} bytes at {url}",
            page.body.len()
        );
    }
    microseconds(server.cpu().saturating_sub(before), PAGES)
}

fn bare(served: &Served, cookie: &str, page: &str) -> Result<(Server, Url), Trouble> {
    let listener = listen();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let folder = &served.world.folder;
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write(ADDRESS, &address.to_string());
    write(COOKIE, cookie);
    write(PAGE, page);
    let server = Server::start(&mut child::command("bare page", folder), address)?;
    let url = format!("http://{address}/").parse().unwrap();
    Ok((server, url))
}

/// What the bare handler needs.
struct Bare {
    store: Store,
    cookie: String,
    page: Bytes,
}

/// In the child: serves until it is killed.
pub(crate) fn serve_a_bare_page(folder: &Path) {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let config = Config::parse(&read("vestibule.toml"), folder).unwrap();
    let address: SocketAddr = read(ADDRESS).parse().unwrap();
    runtime().block_on(async {
        let store = vestibule::app::open_store(&config).await.unwrap();
        let bare = Data::from(Arc::new(Bare {
            store,
            cookie: format!("{}=", read(COOKIE)),
            page: Bytes::from(read(PAGE)),
        }));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::clone(&bare))
                .route("/", get().to(show))
        });
        // as many as Vestibule has there
        let server = server.workers(2).disable_signals();
        server.bind(address).unwrap().run().await.unwrap();
    });
}

async fn show(request: HttpRequest, bare: Data<Bare>) -> HttpResponse {
    let cookies = request.headers().get("cookie");
    let id = cookies
        .and_then(|cookies| cookies.to_str().ok())
        .and_then(|cookies| {
            let mut cookies = cookies.split("; ");
            cookies.find_map(|cookie| cookie.strip_prefix(&bare.cookie))
        })
        .unwrap_or_default();
    let digest = hexadecimal(digest(&SHA256, id.as_bytes()).as_ref());
    let (now, idle) = (SystemClock.now(), Duration::hours(1));
    let session = bare.store.find_session(&digest, now, idle).await;
    match session {
        Ok(Some(session)) if bare.store.touch_session(&session, now).await.is_ok() => {
            HttpResponse::Ok()
                .content_type("text/html; charset=utf-8")
                .body(bare.page.clone())
        }
        _ => HttpResponse::Forbidden().finish(),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a String cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}
