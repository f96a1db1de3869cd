//! The canary: secrets are planted everywhere, the whole log is kept at `trace`, people sign in and fail to, and then
//! everything that Vestibule wrote is searched for them: its log, its pages, its database, its metrics, its folder.
//!
//! A target of its own, because the log is the whole process's.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here ends the test"
)]

mod codes;
mod keys;
mod planted;
#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../it/world/mod.rs"]
mod world;

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt as _;
use vestibule_sandbox::aws::faults::{Fault, HostKind};

use world::World;
use world::browser::{Browser, Page};

/// What is logged at the lowest level, to see that it is kept.
const AT_TRACE: &str = "the canary sings at trace";

/// A log in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Kept {
    type Writer = Self;
    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Where Vestibule keeps or shows something on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Database,
    Pages,
}

/// What must not be found, and where it may.
struct Secret {
    what: &'static str,
    text: String,
    except: &'static [Place],
}

/// What must be found nowhere, and what everybody may see.
#[derive(Default)]
struct Found {
    secrets: Vec<Secret>,
    pages: Vec<String>,
    outputs: Vec<String>,
}

impl Found {
    fn secret(&mut self, what: &'static str, text: impl Into<String>) {
        self.kept(what, text, &[]);
    }

    /// One that stands in some places by design.
    fn kept(&mut self, what: &'static str, text: impl Into<String>, except: &'static [Place]) {
        let text = text.into();
        assert!(text.len() >= 12, "{what} is too short to look for: {text}");
        self.secrets.push(Secret { what, text, except });
    }

    /// A page of Vestibule's, with the token of its forms noted as a secret.
    fn page(&mut self, page: &Page) {
        for form in page.forms() {
            if let Some(token) = form.value("form_token") {
                self.kept("a form token", token, &[Place::Database, Place::Pages]);
            }
        }
        self.pages.push(page.body.clone());
    }

    /// What a command prints, on both ways out.
    fn output(&mut self, world: &World, words: &[&str]) -> String {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .arg("--config")
            .arg(world.folder.join("vestibule.toml"))
            .args(words)
            .env("RUST_LOG", "trace")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        self.outputs.push(said.clone());
        said
    }

    fn cookies(&mut self, browser: &Browser, url: &str) {
        let url = url::Url::parse(url).unwrap();
        for (name, value) in browser.cookies_for(&url) {
            if name.contains("session") || name.contains("login") {
                self.secret("a cookie", value);
            }
        }
    }
}

impl Found {
    fn is_nowhere(&self, log: &str, database: &str) {
        codes::is_nowhere(self, log, database);
        for Secret { what, text, except } in &self.secrets {
            assert!(!log.contains(text.as_str()), "{what} stands in the log");
            for output in &self.outputs {
                assert!(
                    !output.contains(text.as_str()),
                    "{what} was printed: {output}"
                );
            }
            if !except.contains(&Place::Database) {
                assert!(
                    !database.contains(text.as_str()),
                    "{what} stands in the database"
                );
            }
            for page in self
                .pages
                .iter()
                .filter(|_| !except.contains(&Place::Pages))
            {
                assert!(
                    !page.contains(text.as_str()),
                    "{what} stands on a page: {page}"
                );
            }
        }
    }
}

async fn saml(world: &World, found: &mut Found, link: &str) {
    let browser = world.browser();
    let form = world
        .saml_answer(&browser, &format!("{link}?idp=corp"), "erin")
        .await;
    let response = form.value("SAMLResponse").unwrap().to_owned();
    found.secret("a SAML response", &response[200..260]);
    found.secret("an assertion's signature", planted::signature(&response));
    found.secret("a relay state", form.value("RelayState").unwrap());
    found.cookies(&browser, &world.url);
    let answer = browser.submits_once(&form).await;
    handed_over(world, found, &browser, &answer).await;
}

async fn oidc(world: &World, found: &mut Found, link: &str) {
    let browser = world.browser();
    let page = browser.opens(&world.at(&format!("{link}?idp=okta"))).await;
    planted::verifiers(world, found).await;
    let form = page.form_with("username").unwrap();
    let form = form.with("username", "erin").with("password", "erin-pass");
    let back = browser.submits_once(&form).await;
    let callback = back.location().unwrap();
    for (name, value) in callback.query_pairs() {
        if name == "code" || name == "state" {
            found.secret("a code or state", value);
        }
    }
    let answer = browser.opens_once(callback.as_str()).await;
    handed_over(world, found, &browser, &answer).await;
}

async fn handed_over(world: &World, found: &mut Found, browser: &Browser, answer: &Page) {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let console = answer.location().unwrap();
    let token = console
        .query_pairs()
        .find(|(name, _)| name == "SigninToken");
    found.secret("a sign-in token", token.unwrap().1);
    found.page(answer);
    found.cookies(browser, &world.url);
    found.page(&browser.opens(&world.at("/")).await);
    found.page(&browser.opens(&world.at("/api/v1/me")).await);
}

/// Listens to what STS makes for the sign-ins to come: secret keys, and a piece of the session tokens.
fn overheard(world: &World) -> Arc<Mutex<Vec<String>>> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let listen = Fault::Alter(Arc::new(move |answer| {
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        for element in ["SecretAccessKey", "SessionToken"] {
            let text = body.split(&format!("<{element}>")).nth(1).unwrap();
            let text = text.split('<').next().unwrap();
            let piece = text.get(text.len() - 40..).unwrap();
            ear.lock().unwrap().push(piece.to_owned());
        }
    }));
    for action in [
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "AssumeRole",
        "GetFederationToken",
    ] {
        let faults = &world.sandbox.simulation().faults;
        faults.plan_times(5, HostKind::Sts, Some(action), &listen);
    }
    heard
}

/// A program that should give own credentials says a secret and fails.
async fn a_program_fails(world: &World, browser: &Browser, link: &str) -> Page {
    let program = world.folder.join("program");
    std::fs::write(&program, "echo planted-program-secret >&2\nexit 1\n").unwrap();
    let profile = format!("[default]\ncredential_process = sh {}\n", program.display());
    std::fs::write(world.folder.join("hub"), profile).unwrap();
    browser.opens_once(link).await
}

async fn failures(world: &World, found: &mut Found) {
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    found.cookies(&browser, &world.url);
    let faults = &world.sandbox.simulation().faults;
    faults.clear();
    let link = world.at("/go/payments-prod/Admin");
    for fault in [
        Fault::throttling(),
        Fault::garbage(),
        Fault::wrong_role("arn:aws:sts::1:x/y/z"),
    ] {
        faults.plan_times(3, HostKind::Sts, Some("AssumeRole"), &fault);
        found.page(&browser.opens_once(&link).await);
        faults.clear();
    }
    for fault in [Fault::garbage(), Fault::server_error(500), Fault::Reset] {
        faults.plan_times(3, HostKind::Signin, None, &fault);
        found.page(&browser.opens_once(&link).await);
        faults.clear();
    }
    found.page(&a_program_fails(world, &browser, &link).await);
    found.secret("what a program said", "planted-program-secret");
    let form = world
        .saml_answer(&world.browser(), "/?idp=corp", "carl")
        .await;
    let response = form.value("SAMLResponse").unwrap().to_owned();
    found.secret("a refused SAML response", &response[200..260]);
    found.page(&browser.submits_once(&form).await);
    let broken = form.with("SAMLResponse", &response[..response.len() - 400]);
    found.page(&browser.submits_once(&broken).await);
    let callback = "/oidc/okta/callback?code=planted-canary-code&state=planted-canary-state";
    found.page(&browser.opens_once(&world.at(callback)).await);
    found.secret("a planted code", "planted-canary-code");
    found.secret("a planted state", "planted-canary-state");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn b7_b21_no_secret_is_written_anywhere() {
    let log = Kept::default();
    let filter = EnvFilter::new("trace");
    vestibule::telemetry::subscriber(filter, true, log.clone()).init();
    tracing::trace!(target: "vestibule::canary", "{AT_TRACE}");
    let world = World::builder()
        .model(&world::mfa::model("hub"))
        .issuing()
        .file("okta-secret", planted::CLIENT_SECRET)
        .start()
        .await;
    world.trusts_the_issuer().await;
    let mut found = Found::default();
    for (what, file) in [
        ("the cookie secret", "cookie-secret"),
        ("the client's secret", "okta-secret"),
        ("the audit key", "audit-key"),
        ("the hub's key", "hub"),
        ("the other partition's key", "gov"),
        ("the payments key", "payments"),
        ("the chained credentials", "chained"),
    ] {
        let text = std::fs::read_to_string(world.folder.join(file)).unwrap();
        for line in text
            .lines()
            .filter(|line| !line.contains("_id") && !line.starts_with('['))
        {
            let secret = line.split(" = ").last().unwrap();
            found.secret(what, secret);
        }
    }
    planted::private_keys(&world, &mut found).await;
    let given = planted::provider(&world);
    let made = overheard(&world);
    for role in [
        "SamlReader",
        "Admin",
        "Federated",
        "IssuedSaml",
        "IssuedWeb",
    ] {
        saml(&world, &mut found, &format!("/go/payments-prod/{role}")).await;
    }
    for role in ["WebReader", "Narrow"] {
        oidc(&world, &mut found, &format!("/go/payments-prod/{role}")).await;
    }
    let made = std::mem::take(&mut *made.lock().unwrap());
    assert_eq!(made.len(), 14, "two secrets of each call");
    for secret in made {
        found.secret("what STS made", secret);
    }
    codes::are_entered(&world, &mut found).await;
    keys::are_shown(&world, &mut found).await;
    planted::probes(&world, &mut found).await;
    failures(&world, &mut found).await;
    for (what, secret) in std::mem::take(&mut *given.lock().unwrap()) {
        let kept: &[Place] = if what == "a nonce" {
            &[Place::Database]
        } else {
            &[]
        };
        found.kept(what, secret, kept);
    }
    planted::on_postgresql(&mut found).await;
    let export = found.output(&world, &["audit", "export"]);
    assert!(export.contains("payments-prod/Admin"), "{export}");
    found.output(&world, &["audit", "heads"]);
    found.output(&world, &["access", "export"]);
    let saml = ["--method", "AssumeRoleWithSAML"];
    let trust = ["trust", "--account", "payments-prod", "--format", "json"];
    let trust = found.output(&world, &[&trust[..], &saml].concat());
    assert!(trust.contains("saml-provider/corp"), "{trust}");
    found.output(&world, &["check"]);
    let metrics = world
        .browser()
        .opens(&format!("{}/metrics", world.app.operations_url()))
        .await;
    assert!(metrics.body.contains("vestibule_"), "{}", metrics.body);
    found.page(&metrics);
    let folder = world.folder.clone();
    world.app.stop().await;
    world.sandbox.stop().await;
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    let at_trace = format!("\"{AT_TRACE}\"");
    let line = log.lines().find(|line| line.contains(&at_trace));
    assert!(
        line.is_some_and(|line| line.contains("\"level\":\"TRACE\"")),
        "the log was kept at trace"
    );
    assert!(
        log.lines().count() > 50,
        "and the whole of it: {}",
        log.lines().count()
    );
    let database: String = ["vestibule.db", "vestibule.db-wal"]
        .iter()
        .filter_map(|name| std::fs::read(folder.join(name)).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(database.contains("payments-prod"), "the database was read");
    assert!(found.secrets.len() > 30, "{}", found.secrets.len());
    found.is_nowhere(&log, &database);
}
