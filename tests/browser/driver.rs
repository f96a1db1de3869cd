//! chromedriver, one for each browser, on a port that it finds free itself.
//!
//! It leads a process group of its own, which ends with this value, so also when a test panics: Chromium and all its
//! children are in it. Everything both write lies in one temporary folder.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use vestibule::random::{SystemRandom, hex};

const MISSING: &str =
    "is missing: scripts/require.sh test installs it, and scripts/install-test-tools.sh the rest";

/// A running chromedriver.
pub(crate) struct Driver {
    process: Child,
    url: String,
    folder: PathBuf,
    /// Open as long as it runs, or its next line would end it.
    _output: BufReader<ChildStdout>,
}

impl Driver {
    pub(crate) fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule-{}", hex::<6>(&SystemRandom)));
        std::fs::create_dir_all(&folder).unwrap();
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromedriver {MISSING} ({error})"));
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let port = port(&mut output);
        let driver = Self {
            process,
            url: format!("http://127.0.0.1:{}", port.unwrap_or_default()),
            folder,
            _output: output,
        };
        assert!(port.is_some(), "chromedriver did not say that it started");
        driver
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Where the browser may write.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        // the whole group: Chromium would outlive its driver
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
        // what is left in the temporary folder harms nobody
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The port in its greeting.
fn port(output: &mut BufReader<ChildStdout>) -> Option<u16> {
    output.lines().map_while(Result::ok).find_map(|line| {
        line.strip_suffix('.')?
            .rsplit_once("started successfully on port ")?
            .1
            .parse()
            .ok()
    })
}

/// Where Chromium is: chromedriver wants the whole path.
pub(crate) fn chromium() -> String {
    let found = Command::new("sh")
        .args(["-c", "command -v chromium || command -v chromium-browser"])
        .output()
        .unwrap();
    let path = String::from_utf8(found.stdout).unwrap();
    assert!(found.status.success(), "chromium {MISSING}");
    path.trim().to_owned()
}

/// Whether the tests run as the superuser, for whom Chromium has no sandbox.
pub(crate) fn is_superuser() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}
