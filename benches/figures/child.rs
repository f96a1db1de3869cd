//! This very program in another part, as a process of its own: where memory is counted, or CPU of a server.

#![expect(clippy::print_stdout, reason = "a child answers by its output")]

use std::path::Path;
use std::process::{Command, Stdio};

use crate::report::Trouble;
use crate::{portal, saml};

/// The first argument of a child.
pub(crate) const MARK: &str = "child";

/// Plays a part; what it needs is in the folder.
pub(crate) fn play(role: &str, folder: &str) {
    let folder = Path::new(folder);
    match role {
        "memory" => println!("{}", saml::memory_of_a_large_one(folder)),
        "bare page" => portal::serve_a_bare_page(folder),
        other => panic!("no such part: {other}"),
    }
}

/// A child that is to play a part.
pub(crate) fn command(role: &str, folder: &Path) -> Command {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.args([MARK, role]).arg(folder).stdin(Stdio::null());
    command
}

/// The number that a child answers with.
pub(crate) fn asked(role: &str, folder: &Path) -> Result<f64, Trouble> {
    let output = command(role, folder).output().expect("this program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim().parse().map_err(|_| {
        let errors = String::from_utf8_lossy(&output.stderr);
        Trouble::Failed(format!("{role}: {said}{errors}"))
    })
}
