//! Programs of others that do the same work: each runs as a child and measures its own CPU time.
//!
//! A yardstick says `ready` once it has accepted what it was given: one that does not accept it measures nothing. Then it
//! answers each number of operations with the microseconds that one took.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::measure::Side;
use crate::report::Trouble;

/// About this many microseconds a turn.
const TURN: f64 = 250_000.0;

/// A running yardstick.
pub(crate) struct Yardstick {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    name: String,
    times: u32,
}

impl Yardstick {
    /// Starts it, and waits until it has accepted what it was given and is warm.
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self, Trouble> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Trouble::Failed(format!("{name} does not start: {error}")))?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut yardstick = Self {
            child,
            input,
            output,
            name: name.to_owned(),
            times: 1,
        };
        let first = yardstick.line()?;
        if first != "ready" {
            return Err(Trouble::Failed(format!("{name} says {first}")));
        }
        let mut one = yardstick.run(1)?;
        // compilers that work while a program runs need many tries
        for _ in 0..4 {
            yardstick.times = fitting(one);
            one = yardstick.run(yardstick.times)?;
        }
        Ok(yardstick)
    }

    /// Its turns, beside others.
    pub(crate) fn side(&mut self) -> Side<'_> {
        Box::new(|| {
            let done = self.run(self.times);
            done.unwrap_or_else(|trouble| panic!("{trouble:?}"))
        })
    }

    fn run(&mut self, times: u32) -> Result<f64, Trouble> {
        let input = self.input.as_mut().expect("it is open until the end");
        // if it has ended, its output says why
        let _ = writeln!(input, "{times}");
        let line = self.line()?;
        line.parse()
            .map_err(|_| Trouble::Failed(format!("{} says {line}", self.name)))
    }

    fn line(&mut self) -> Result<String, Trouble> {
        let mut line = String::new();
        let read = self.output.read_line(&mut line).unwrap_or(0);
        if read > 0 {
            return Ok(line.trim().to_owned());
        }
        let mut said = String::new();
        if let Some(mut errors) = self.child.stderr.take() {
            let _ = errors.read_to_string(&mut said);
        }
        Err(Trouble::Failed(format!(
            "{} has ended: {}",
            self.name,
            said.trim()
        )))
    }
}

impl Drop for Yardstick {
    fn drop(&mut self) {
        // without input it ends by itself
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive number of operations, far below the limit"
)]
fn fitting(one: f64) -> u32 {
    (TURN / one.max(0.1)).clamp(1.0, 1e9) as u32
}

/// A file of ours beside the figures.
pub(crate) fn source(name: &str) -> PathBuf {
    root().join("benches/yardsticks").join(name)
}

/// Something that scripts/install-test-tools.sh put there.
pub(crate) fn installed(path: &str) -> Result<PathBuf, Trouble> {
    let path = root().join(".cache").join(path);
    if path.exists() {
        return Ok(path);
    }
    // whoever tried to install it says so there; nobody having tried is no reason to do without
    let reason = std::fs::read_to_string(path.with_extension("missing"));
    Err(reason.map_or_else(
        |_| Trouble::Failed(format!("there is no {}: run `make bench`", path.display())),
        |reason| Trouble::Skipped(reason.trim().to_owned()),
    ))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
