//! S14, and "< 64 MB" of every row: what messages cost, measured at a process of its own.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use url::Url;

use super::siege::Siege;
use crate::corpus::Key;
use crate::web::wire::Line;
use crate::world::World;
use crate::world::browser::{Browser, Form};
use crate::world::serving::Serving;

/// The most that a message, or all of them one after another, may make a process grow.
const GROWTH: usize = 64 * 1024 * 1024;
/// The longest that a message may take.
const LIMIT: Duration = Duration::from_secs(2);

/// Makes a message of an honest one.
type Make = fn(&str) -> String;

fn form(response: &str, relay_state: &str) -> Vec<u8> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("SAMLResponse", response);
    form.append_pair("RelayState", relay_state);
    form.finish().into_bytes()
}

/// The honest message with something put before the end of its first attribute value, or of its start tag.
fn with_text(honest: &str, more: &str) -> String {
    let at = honest.find("AttributeValue>").expect("an attribute") + "AttributeValue>".len();
    STANDARD.encode(format!("{}{more}{}", &honest[..at], &honest[at..]))
}

fn with_attributes(honest: &str, more: &str) -> String {
    let at = honest.find("Version=").expect("a start tag");
    STANDARD.encode(format!("{}{more} {}", &honest[..at], &honest[at..]))
}

fn repeated(count: usize, piece: impl Fn(&mut String, usize)) -> String {
    let mut text = String::new();
    for number in 0..count {
        piece(&mut text, number);
    }
    text
}

fn with_groups(honest: &str, count: usize) -> String {
    let groups = repeated(count, |text, n| {
        write!(text, "</saml:AttributeValue><saml:AttributeValue>g{n}").unwrap();
    });
    with_text(honest, &groups)
}

fn with_certificates(honest: &str) -> String {
    let certificate = "MIIB".repeat(350);
    let data = format!(
        "<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>"
    );
    let more = honest.replacen(
        "<ds:X509Data",
        &format!("{}<ds:X509Data", data.repeat(200)),
        1,
    );
    assert_ne!(more, honest, "the honest message shows its certificate");
    STANDARD.encode(more)
}

/// As in the binding by redirect, with much behind it.
fn deflated(honest: &str) -> String {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(honest.as_bytes()).unwrap();
    deflated.write_all(&vec![b' '; 50_000_000]).unwrap();
    STANDARD.encode(deflated.finish().unwrap())
}

/// The messages.
const LOADS: &[(&str, Make)] = &[
    ("10 MB of text", |honest| {
        with_text(honest, &"x".repeat(10_000_000))
    }),
    ("1 MB of text", |honest| {
        with_text(honest, &"x".repeat(900_000))
    }),
    ("an attribute of 5 MB", |honest| {
        with_attributes(honest, &format!("a=\"{}\"", "x".repeat(5_000_000)))
    }),
    ("50,000 attributes", |honest| {
        with_attributes(
            honest,
            &repeated(50_000, |text, n| write!(text, "a{n:x}=\"\" ").unwrap()),
        )
    }),
    ("20,000 namespaces", |honest| {
        let one = |text: &mut String, n| write!(text, "xmlns:n{n:x}=\"u:{n:x}\" ").unwrap();
        with_attributes(honest, &repeated(20_000, one))
    }),
    ("a depth of 50,000, closed", |honest| {
        with_text(
            honest,
            &format!("{}{}", "<a>".repeat(50_000), "</a>".repeat(50_000)),
        )
    }),
    ("a depth of 100,000", |honest| {
        with_text(honest, &"<a>".repeat(100_000))
    }),
    ("100,000 groups", |honest| with_groups(honest, 100_000)),
    ("15,000 groups", |honest| with_groups(honest, 15_000)),
    ("200 certificates", with_certificates),
    ("a deflated message", deflated),
];

/// Forms that say that they are packed, by what each holds.
fn packed(honest: &str, relay_state: &str) -> [(&'static str, Vec<u8>); 2] {
    let pack = |pieces: &[&[u8]]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        for piece in pieces {
            packed.write_all(piece).unwrap();
        }
        packed.finish().unwrap()
    };
    let whole = form(&STANDARD.encode(honest), relay_state);
    let megabyte = vec![b'A'; 1024 * 1024];
    let mut bomb: Vec<&[u8]> = vec![b"RelayState=x&SAMLResponse="];
    bomb.extend(std::iter::repeat_n(&megabyte[..], 200));
    [
        ("an honest form within gzip", pack(&[&whole])),
        ("200 MB within gzip", pack(&bomb)),
    ]
}

/// A login begun at the process, up to the provider's answer.
async fn begun(serving: &Serving, browser: &Browser, username: &str) -> Form {
    let page = browser
        .opens(&format!("{}/sign-in/corp", serving.url))
        .await;
    let form = page.form_with("username").unwrap();
    let password = format!("{username}-pass");
    let form = form.with("username", username).with("password", &password);
    let page = browser.submits(&form).await;
    let mut form = page.form_with("SAMLResponse").unwrap();
    let path = form.action.path().to_owned();
    form.action = Url::parse(&serving.url).unwrap();
    form.action.set_path(&path);
    form
}

/// The cookies that the process gave a browser.
fn cookies(serving: &Serving, browser: &Browser) -> String {
    let cookies = browser.cookies_for(&Url::parse(&serving.url).unwrap());
    let pairs: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    format!("Cookie: {}", pairs.join("; "))
}

/// Posts a form in a browser that began the login: refused, in time, and without a session.
async fn is_refused(serving: &Serving, cookies: &str, what: &str, (encoding, body): (&str, &[u8])) {
    let mut line = Line::new(&serving.url);
    let encoding = format!("Content-Encoding: {encoding}");
    let headers: [&[u8]; 3] = [
        b"Content-Type: application/x-www-form-urlencoded",
        encoding.as_bytes(),
        cookies.as_bytes(),
    ];
    let began = Instant::now();
    let answer = line.asks("POST /saml/corp/acs", &headers, body).await;
    let took = began.elapsed();
    assert!(
        [400, 403, 413].contains(&answer.status),
        "{what}: {}",
        answer.head
    );
    assert_eq!(answer.header("set-cookie"), "", "{what}");
    assert!(took < LIMIT, "{what} took {took:?}");
}

#[tokio::test]
async fn s14_oversized_messages_are_refused_fast_and_cost_no_memory() {
    let world = World::start().await;
    let serving = Serving::start(&world, &[], &[]);
    // what an honest sign-in costs is not the messages' fault
    let template = world.browser();
    let honest = begun(&serving, &template, "erin").await;
    assert_eq!(template.submits_once(&honest).await.status, 303);
    let before = serving.peak_memory();
    let grew = |what: &str| {
        let growth = serving.peak_memory() - before;
        assert!(growth < GROWTH, "{what}: {} MB more", growth / 1024 / 1024);
    };
    let login = async || {
        let browser = template.beside();
        let form = begun(&serving, &browser, "erin").await;
        let honest = STANDARD
            .decode(form.value("SAMLResponse").unwrap())
            .unwrap();
        let relay_state = form.value("RelayState").unwrap().to_owned();
        let cookies = cookies(&serving, &browser);
        (String::from_utf8(honest).unwrap(), relay_state, cookies)
    };
    for (what, make) in LOADS {
        let (honest, relay_state, cookies) = login().await;
        let body = form(&make(&honest), &relay_state);
        is_refused(&serving, &cookies, what, ("identity", &body)).await;
        grew(what);
    }
    let (honest, relay_state, cookies) = login().await;
    for (what, body) in packed(&honest, &relay_state) {
        is_refused(&serving, &cookies, what, ("gzip", &body)).await;
        grew(what);
    }
    // what nobody could read was in nobody's way
    let body = form(&STANDARD.encode(&honest), &relay_state);
    let mut line = Line::new(&serving.url);
    let kind = b"Content-Type: application/x-www-form-urlencoded";
    let answer = line
        .asks("POST /saml/corp/acs", &[kind, cookies.as_bytes()], &body)
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    world.stop().await;
}

// all rows: 64 MB, over all of their messages one after another
#[tokio::test]
async fn the_whole_corpus_makes_a_process_grow_by_less_than_64_mb() {
    let siege = Siege::start().await.with_process();
    let siege = siege.meets(Key::Rsa, &["H."]).await;
    let before = siege.process().peak_memory();
    let siege = siege.meets(Key::Rsa, &["S"]).await;
    let growth = siege.process().peak_memory() - before;
    assert!(growth < GROWTH, "{} MB more", growth / 1024 / 1024);
    siege.ends().await;
}
