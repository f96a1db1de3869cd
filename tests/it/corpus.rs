//! The corpus of SAML responses in `tests/corpus`, as the tests see it: its keys, its lists and its cases.
//!
//! It runs the generator, which shares no code with Vestibule, and reads what that prints; `tests/corpus/README.md`
//! is the contract. What a case means is for `saml_attacks` to judge.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

/// What must come of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// No session.
    Refused,
    /// A session as the honest person.
    Accepted,
    /// No session, or one as the honest person.
    SignedIdentity,
}

/// A provider that a login is begun at, or a response is posted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    #[default]
    Main,
    Other,
}

/// Whose browser posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The one that began the first login.
    #[default]
    Own,
    /// The one that began the second.
    Second,
    /// One that began none.
    Other,
}

/// One step of a sequence.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Post {
    pub response: usize,
    pub browser: Who,
    pub idp: At,
    pub times: Option<usize>,
    pub at_once: bool,
    pub before: Option<String>,
    pub advance_seconds: Option<i64>,
}

/// A line of `--list`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub id: String,
    pub logins: Vec<At>,
    #[serde(rename = "expect")]
    _expect: IgnoredAny,
}

/// A case, ready to be posted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: String,
    pub title: String,
    #[serde(rename = "row")]
    _row: IgnoredAny,
    pub expect: Expect,
    pub responses: Vec<String>,
    #[serde(rename = "request_id")]
    _request_id: IgnoredAny,
    pub request_ids: Vec<String>,
    pub honest: Option<String>,
    pub evil: Option<String>,
    pub relay: Option<String>,
    pub posts: Option<Vec<Post>>,
    pub sessions: Option<usize>,
    pub attributes: Option<BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    pub distinct: bool,
    #[serde(default)]
    pub said_no: bool,
    #[serde(default)]
    pub fixed_clock: bool,
    pub within_seconds: Option<f64>,
}

/// The key pair that a provider signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Rsa,
    Ec,
    Other,
}

impl Key {
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ec => "ec",
            Self::Other => "other",
        }
    }
}

/// The metadata of a provider that signs with `key`.
pub fn metadata(entity_id: &str, sso: &str, key: Key) -> String {
    let pair = &keys()[key.name()];
    let path = |what: &str| pair[what].as_str().unwrap();
    let arguments = [
        "--metadata",
        entity_id,
        sso,
        path("key"),
        path("certificate"),
    ];
    run(&arguments, "")
}

/// What there is for `key` below the prefixes, in the order in which it takes request ids.
pub fn list(key: Key, only: &[&str]) -> Vec<Listed> {
    lines(&run(&[&["--list", "--key", key.name()], only].concat(), ""))
}

/// The cases; `input` is the generator's, without its keys.
pub fn cases(key: Key, mut input: Value) -> Vec<Case> {
    input["key"] = json!(key.name());
    input["keys"] = keys().clone();
    lines(&run(&[], &input.to_string()))
}

/// What somebody might put where a redirect target could stand.
pub fn payloads(own_origin: &str) -> Vec<String> {
    lines(&run(&["--payloads", own_origin], ""))
}

/// The key pairs of this checkout: made once, for RSA keys take long to make.
fn keys() -> &'static Value {
    static KEYS: OnceLock<Value> = OnceLock::new();
    KEYS.get_or_init(read_or_make_keys)
}

/// They are kept between runs: their description is written last, and whole.
fn read_or_make_keys() -> Value {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus-keys");
    let description = folder.join("keys.json");
    if let Ok(text) = std::fs::read_to_string(&description) {
        return serde_json::from_str(&text).unwrap();
    }
    let text = run(&["--keys", folder.to_str().unwrap()], "");
    let fresh = folder.join(format!("keys-{}.json", std::process::id()));
    std::fs::write(&fresh, &text).unwrap();
    std::fs::rename(&fresh, &description).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn run(arguments: &[&str], input: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let python = root.join(".cache/venv/bin/python");
    assert!(
        python.exists(),
        "the corpus generator's Python is not there: run scripts/install-test-tools.sh"
    );
    let mut child = Command::new(python)
        .arg(root.join("tests/corpus/saml.py"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // the generator reads all of it before it writes anything
    let mut pipe = child.stdin.take().unwrap();
    let wrote = pipe.write_all(input.as_bytes());
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "saml.py {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    wrote.unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn lines<T: DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}
