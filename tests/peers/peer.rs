//! A peer's process: started on a free port of loopback, waited for, and ended by its process id, also when the test
//! panics.
//!
//! Knows where `scripts/install-test-tools.sh` puts things; knows nothing of what a peer speaks.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use vestibule::random::{SystemRandom, hex};

use crate::world::listen;

/// How long a peer may take to answer, on a machine that builds at the same time.
const LONGEST_START: Duration = Duration::from_secs(90);
/// How often a free port that somebody else took in between is given up for another.
const MOST_TRIES: usize = 3;

/// A running peer.
#[derive(Debug)]
pub(crate) struct Peer {
    process: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    /// Its own folder, removed with it.
    pub(crate) folder: PathBuf,
}

impl Peer {
    /// Starts what `command` makes for a port and a folder, and waits until `ready` answers with success.
    pub(crate) async fn start(ready: &str, command: impl Fn(u16, &Path) -> Command) -> Self {
        let mut said = Vec::new();
        for _ in 0..MOST_TRIES {
            let mut peer = Self::spawn(&command);
            let answers = tokio::time::timeout(LONGEST_START, peer.answers(ready)).await;
            let Ok(alive) = answers else {
                panic!("a peer does not answer at {ready}: {}", peer.log());
            };
            if alive {
                return peer;
            }
            said.push(peer.log());
        }
        panic!("a peer ended before it answered at {ready}: {said:#?}");
    }

    fn spawn(command: impl Fn(u16, &Path) -> Command) -> Self {
        let name = hex::<8>(&SystemRandom);
        let folder = std::env::temp_dir().join(format!("vestibule-peer-{name}"));
        fs::create_dir_all(&folder).unwrap();
        let port = listen().local_addr().unwrap().port();
        let log = File::create(folder.join("peer.log")).unwrap();
        let process = command(port, &folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
            folder,
        }
    }

    /// Waits for an answer; false when the process ended first, so that somebody else's answer is not taken for its own.
    async fn answers(&mut self, path: &str) -> bool {
        let url = format!("{}{path}", self.url);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut again = tokio::time::interval(Duration::from_millis(50));
        loop {
            again.tick().await;
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            let answer = client.get(&url).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return self.process.try_wait().unwrap().is_none();
            }
        }
    }

    /// What it answers to a `GET`.
    pub(crate) async fn text(&self, path: &str) -> String {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.get(format!("{}{path}", self.url)).send().await;
        answer.unwrap().text().await.unwrap()
    }

    /// What it has printed.
    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("peer.log")).unwrap_or_default()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // by its id; it is gone already when this fails
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A file of this folder.
pub(crate) fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/peers")
        .join(path)
}

/// A file that the installer makes.
pub(crate) fn installed(path: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(".cache/peers")
        .join(path);
    assert!(
        file.exists(),
        "{} is missing: run scripts/install-test-tools.sh (make test does)",
        file.display()
    );
    file
}

/// Fails unless a system's command is there.
pub(crate) fn needs(command: &str) {
    let found = Command::new(command)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(
        found.is_ok(),
        "{command} is missing: run scripts/require.sh test (make test does)"
    );
}
