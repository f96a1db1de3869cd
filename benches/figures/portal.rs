//! The portal page of somebody with 300 roles, and of somebody with 5,000, beside a bare page of the same bytes after the
//! same look at the session; and what the page weighs, as it is and as a browser gets it.
//!
//! Two servers, each a process of its own on the same database: Vestibule, and in this program's other part an actix
//! handler that looks the session up and answers with bytes that it holds ready.

use std::collections::BTreeSet;
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
use vestibule_sandbox::company;
use vestibule_sandbox::people::Person;

use crate::child;
use crate::measure::{Side, microseconds, side_by_side};
use crate::models;
use crate::report::{Line, Trouble};
use crate::scratch::runtime;
use crate::served::{Served, Server};
use crate::world::browser::{Browser, Page};
use crate::world::{SAML, World, listen};

/// What the bare server is told: where to listen, the page, the cookie's name.
const ADDRESS: &str = "bare-address";
const PAGE: &str = "bare-page";
const COOKIE: &str = "bare-cookie";

/// What the page of somebody with 5,000 roles may take when it is compressed.
const MOST_COMPRESSED: u32 = 250_000;

/// Whose portal it is, and how many times it is asked for in a turn.
struct Case {
    username: &'static str,
    roles: usize,
    accounts: usize,
    pages: u32,
}

const MANY: Case = Case {
    username: "gina",
    roles: 300,
    accounts: 60,
    pages: 300,
};

const COMPANY: Case = Case {
    username: "grace",
    roles: company::ROLES,
    accounts: company::ACCOUNTS,
    pages: 20,
};

pub(crate) fn run() -> Result<(), Trouble> {
    runtime().block_on(async {
        let served = Served::prepare(World::builder().model(&models::model(10_000, 0))).await;
        let names: Vec<String> = (0..MANY.roles).map(models::group).collect();
        let groups = names.iter().map(String::as_str);
        let person = Person::new(MANY.username, "Gina Groups").in_groups(groups);
        served.world.sandbox.people().put(person);
        let (line, ratio) = measure(served, &MANY).await?;
        line.at_most("ratio", ratio, 3.0).print();
        let served = Served::prepare(World::builder().company()).await;
        let (line, ratio) = measure(served, &COMPANY).await?;
        line.number("ratio", ratio).print();
        Ok(())
    })
}

async fn measure(served: Served, case: &Case) -> Result<(Line, f64), Trouble> {
    let vestibule = served.start()?;
    let browser = signed_in(&served, case.username).await;
    let portal: Url = served.at("/").parse().unwrap();
    let page = browser.opens_once(portal.as_str()).await;
    let roles = roles_on(&page);
    assert_eq!((page.status, roles), (200, case.roles), "not all roles");
    let cookies = browser.cookies_for(&portal);
    let (name, value) = cookies
        .iter()
        .find(|(name, _)| name.starts_with("vestibule-session"))
        .expect("a session");
    let (bare, bare_url) = bare(&served, name, &page.body)?;
    browser.set_cookie(&bare_url, name, value);
    let wire = Wire::new(&portal, name, value);
    let compressed = wire.takes_gzip().await;
    let runtime = tokio::runtime::Handle::current();
    let pages = case.pages;
    let turn = |server: &Server, url: &Url| {
        runtime.block_on(open(&browser, (server, url), &page.body, pages))
    };
    let turn_compressed = || runtime.block_on(open_compressed(&wire, &vestibule, pages));
    let [ours, theirs, gzipped] = tokio::task::block_in_place(|| {
        turn(&vestibule, &portal);
        turn(&bare, &bare_url);
        let ours: Side<'_> = Box::new(|| turn(&vestibule, &portal));
        let theirs: Side<'_> = Box::new(|| turn(&bare, &bare_url));
        side_by_side([ours, theirs, Box::new(turn_compressed)])
    });
    let line = Line::about("portal page")
        .with("roles", roles)
        .with("accounts", case.accounts)
        .with("bytes", page.body.len())
        .with("bytes_on_the_wire_to_a_browser", compressed)
        .must("within_250_kB_there", compressed <= MOST_COMPRESSED)
        .number("vestibule_to_a_browser_us", gzipped)
        .number("vestibule_us", ours)
        .number("bare_page_us", theirs);
    drop((vestibule, bare));
    served.stop().await;
    Ok((line, ours / theirs))
}

/// How many roles the page leads into.
fn roles_on(page: &Page) -> usize {
    let links = page.links();
    let roles: BTreeSet<&str> = links
        .iter()
        .filter_map(|link| link.strip_prefix("/go/")?.split('?').next())
        .collect();
    roles.len()
}

/// What is asked for as real browsers do: they take gzip.
struct Wire {
    client: reqwest::Client,
    url: Url,
    cookie: String,
}

impl Wire {
    fn new(url: &Url, name: &str, value: &str) -> Self {
        Self {
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            url: url.clone(),
            cookie: format!("{name}={value}"),
        }
    }

    /// How many bytes the answer's body has on the wire.
    async fn takes_gzip(&self) -> u32 {
        let answer = self.client.get(self.url.clone());
        let answer = answer
            .header("cookie", &self.cookie)
            .header("accept-encoding", "gzip")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document");
        let answer = answer.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let bytes = answer.bytes().await.expect("a page");
        u32::try_from(bytes.len()).expect("not so large")
    }
}

/// The same page as a browser gets it; gives the server's CPU for one, in microseconds.
async fn open_compressed(wire: &Wire, server: &Server, pages: u32) -> f64 {
    let before = server.cpu();
    for _ in 0..pages {
        wire.takes_gzip().await;
    }
    microseconds(server.cpu().saturating_sub(before), pages)
}

async fn signed_in(served: &Served, username: &str) -> Browser {
    let browser = Browser::new();
    let page = browser.opens(&served.at(&format!("/?idp={SAML}"))).await;
    let form = page.form_with("username").expect("a sign-in page");
    let password = format!("{username}-pass");
    let form = form.with("username", username).with("password", &password);
    let page = browser.submits(&form).await;
    let form = page.form_with("SAMLResponse").expect("a response");
    browser.submits(&form).await;
    browser
}

/// A page without its forms' tokens, which are others each time.
fn without_tokens(page: &str) -> Vec<&str> {
    let mut parts = page.split("name=\"form_token\" value=\"");
    let first = parts.next();
    let rest = parts.map(|part| part.split_once('"').map_or(part, |(_, rest)| rest));
    first.into_iter().chain(rest).collect()
}

/// Pages that are the expected one but for the tokens; gives the server's CPU for one, in microseconds.
async fn open(
    browser: &Browser,
    (server, url): (&Server, &Url),
    expected: &str,
    pages: u32,
) -> f64 {
    let before = server.cpu();
    for _ in 0..pages {
        let page = browser.opens_once(url.as_str()).await;
        assert_eq!(page.status, 200, "{url}");
        assert!(
            without_tokens(&page.body) == without_tokens(expected),
            "another page of {} bytes at {url}",
            page.body.len()
        );
    }
    microseconds(server.cpu().saturating_sub(before), pages)
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
