//! What commands print. A reader who has gone away (`vestibule audit export | head`) is no error.

use std::io::Write as _;

/// A line for the person, or for the next program.
pub(super) fn line(text: &str) {
    // nobody left to tell
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Text as it is.
pub(super) fn text(text: &str) {
    let _ = write!(std::io::stdout(), "{text}");
}

/// A reason, on standard error.
pub(super) fn error(text: &str) {
    let _ = writeln!(std::io::stderr(), "vestibule: {text}");
}
