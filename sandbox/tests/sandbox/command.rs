//! The command: what it refuses, what it says when everything answers, and how it ends.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

use crate::support::{Browser, Page, http_client};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule-sandbox"));
    command.args(arguments).env_remove("RUST_LOG");
    command
}

fn refused(arguments: &[&str]) -> Output {
    let output = command(arguments).output().unwrap();
    assert!(!output.status.success(), "{arguments:?}");
    output
}

/// A folder of this test's own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("vestibule-sandbox-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running command.
struct Started {
    child: Child,
    /// Held open, so that the command can print.
    _output: BufReader<ChildStdout>,
    printed: String,
}

impl Started {
    /// Starts it and waits for the last line that it prints.
    fn new(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains("Ctrl-C stops everything.") {
            assert_ne!(
                output.read_line(&mut printed).unwrap(),
                0,
                "it ended: {printed}"
            );
        }
        Self {
            child,
            _output: output,
            printed,
        }
    }

    fn terminate(&mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn addresses_that_others_can_reach_are_refused() {
    let folder = Folder::new("refused");
    let ready = folder.file("ready.json");
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let output = refused(&["--listen", listen, "--ready-file", &ready]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("loopback only"), "{text}");
        assert!(!std::path::Path::new(&ready).exists());
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = Folder::new("cannot");
    std::fs::write(folder.0.join("file"), "").unwrap();
    for (arguments, word) in [
        (vec!["--listen", "nonsense"], "--listen"),
        (vec!["--unknown"], "--unknown"),
        (vec!["--data", &folder.file("file/below")], "cannot write"),
    ] {
        let text = String::from_utf8(refused(&arguments).stderr).unwrap();
        assert!(text.contains(word), "{text}");
    }
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap().to_string();
    let text = String::from_utf8(refused(&["--listen", &taken]).stderr).unwrap();
    assert!(
        text.contains(&format!("cannot listen on {taken}")),
        "{text}"
    );
    drop(holder);
}

#[actix_web::test]
async fn it_says_where_everything_is_and_stops_all_of_it() {
    let folder = Folder::new("whole");
    let (ready, data) = (folder.file("ready.json"), folder.file("data"));
    let mut started = Started::new(&[
        "--listen",
        "127.0.0.1:0",
        "--data",
        &data,
        "--ready-file",
        &ready,
    ]);
    let ready: Value = serde_json::from_slice(&std::fs::read(&ready).unwrap()).unwrap();
    let url = |name: &str| ready[name].as_str().unwrap().to_owned();
    assert!(started.printed.contains(&url("portal")));
    let browser = Browser::default();
    let signin_fails = format!("{}/federation?Action=getSigninToken", url("signin"));
    let console = format!("{}/console.aws.amazon.com/", url("console"));
    let pages = [
        (url("saml_idp"), 200),
        (url("oidc_idp"), 200),
        (url("request_log"), 200),
        (signin_fails, 400),
        (console, 401),
    ];
    for (page, status) in &pages {
        assert_eq!(browser.get(page).await.status, *status, "{page}");
    }
    for name in ["erin", "carl", "ada", "max", "nora"] {
        assert!(started.printed.contains(&format!("{name}-pass")));
        for idp in ["corp", "partners"] {
            let person = ready["people"]
                .as_array()
                .unwrap()
                .iter()
                .find(|person| person["username"] == name && person["idp"] == idp);
            assert_eq!(person.unwrap()["password"], format!("{name}-pass"));
        }
    }
    assert!(ready["links"].as_array().unwrap().len() > 20);
    let private = std::fs::metadata(folder.0.join("data/aws-credentials")).unwrap();
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&private.permissions()) & 0o777,
        0o600
    );
    for (page, status) in [
        (format!("{}/healthz", url("operations")), 200),
        (format!("{}/readyz", url("operations")), 200),
        (format!("{}/api/v1/me", url("portal")), 401),
    ] {
        assert_eq!(browser.get(&page).await.status, status, "{page}");
    }
    assert!(started.terminate().success());
    for (page, _) in &pages {
        assert!(http_client().get(page).send().await.is_err(), "{page}");
    }
    assert!(
        folder.0.join("data").exists(),
        "a folder that was named is kept"
    );
}

/// Follows a link as a browser would, signing in where somebody asks for a password.
async fn follow(browser: &Browser, url: &str, username: &str) -> Page {
    let mut page = browser.get(url).await;
    for _ in 0..10 {
        if page.location.is_some() {
            page = browser.get(page.redirect().as_str()).await;
        } else if page.body.contains("name=\"password\"") {
            page = browser.sign_in(&page, username).await;
        } else if let Some(response) = page.find_field("SAMLResponse") {
            let relay_state = page.find_field("RelayState").unwrap_or_default();
            let fields = [("SAMLResponse", &*response), ("RelayState", &*relay_state)];
            page = browser.post(page.action(), &fields).await;
        } else {
            break;
        }
    }
    page
}

#[actix_web::test]
async fn every_link_of_the_ready_file_ends_in_the_console_as_that_role() {
    let folder = Folder::new("links");
    let ready = folder.file("ready.json");
    let mut started = Started::new(&["--listen", "127.0.0.1:0", "--ready-file", &ready]);
    let ready: Value = serde_json::from_slice(&std::fs::read(&ready).unwrap()).unwrap();
    let console = ready["console"].as_str().unwrap();
    let links = ready["links"].as_array().unwrap();
    assert!(links.len() > 30);
    for link in links {
        let text = |name: &str| link[name].as_str().unwrap();
        let browser = Browser::default();
        let page = follow(&browser, text("url"), text("username")).await;
        assert!(
            page.url.as_str().starts_with(console),
            "{link}: {} {}",
            page.url,
            page.body
        );
        let mut url = page.url.clone();
        url.query_pairs_mut().append_pair("format", "json");
        let arrival: Value = serde_json::from_str(&browser.get(url.as_str()).await.body).unwrap();
        // the console adds how it was chained, where a hub role was on the way
        let method = arrival["method"].as_str().unwrap();
        let operation = method.split(' ').next().unwrap();
        assert_eq!(operation, text("method"), "{link}");
        let (account, role) = text("role").split_once('/').unwrap();
        assert_eq!(arrival["account_alias"], account);
        let domain = if text("idp") == "corp" { "com" } else { "org" };
        let person = format!("{}@example.{domain}", text("username"));
        let principal = arrival["principal"].as_str().unwrap();
        let expected = match text("method") {
            "GetFederationToken" => format!(":federated-user/{person}"),
            _ => format!(":assumed-role/{role}/{person}"),
        };
        assert!(principal.ends_with(&expected), "{principal}");
        let issuer = arrival["issuer"].as_str().unwrap();
        assert!(
            issuer.contains(&format!("/go/{account}/{role}")),
            "{issuer}"
        );
    }
    assert!(started.terminate().success());
}

#[test]
fn a_folder_that_nobody_named_is_gone_at_the_end() {
    let mut started = Started::new(&["--listen", "127.0.0.1:0"]);
    let line = started
        .printed
        .lines()
        .find_map(|line| line.strip_prefix("Data and configuration: "))
        .unwrap()
        .to_owned();
    assert!(std::path::Path::new(&line).join("vestibule.toml").exists());
    assert!(started.terminate().success());
    assert!(!std::path::Path::new(&line).exists());
}
