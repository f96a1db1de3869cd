//! Patterns of an access model: a document that is refused takes no more memory and time than one that just passes.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use vestibule::domain::access::{Document, Surroundings, check};

use super::{kilobytes, least};
use crate::cpu;

/// How much more than before may be resident at the peak of a check.
const MEMORY_KB: u64 = 160 * 1024;

/// Rules, each with a pattern that grows when it is compiled, about an attribute of its own.
fn hostile(rules: usize) -> Document {
    let mut text = String::new();
    for at in 0..rules {
        write!(
            text,
            "[[rules]]\nname = \"{at}\"\nwhen = [{{ attribute = \"{at}\", matches = '[a-z]{{3000}}{at}' }}]\ndeny = [\"*\"]\n"
        )
        .unwrap();
    }
    Document::from_toml(&text).unwrap()
}

fn refuse(document: &Document) {
    let problems = check(document, &Surroundings::default()).unwrap_err();
    let first = problems.list()[0].to_string();
    assert!(
        first.contains("].when[0].matches: the patterns of all rules are too many"),
        "{first}"
    );
}

#[test]
fn refusing_four_times_the_patterns_takes_at_most_twice_as_long() {
    let (small, large) = (hostile(800), hostile(3_200));
    let (small, large) = least(1, || refuse(&small), || refuse(&large));
    assert!(large <= small * 2, "{large:?} after {small:?}");
}

#[test]
fn refusing_a_document_of_a_hundred_kilobytes_takes_bounded_memory() {
    let this = std::env::current_exe().unwrap();
    let child = Command::new(this)
        .args([
            "--exact",
            "figures::patterns::says_how_much_memory_it_takes",
        ])
        .args(["--ignored", "--nocapture"])
        .env("VESTIBULE_MEASURES", "patterns")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let more = kilobytes(&output);
    assert!((1..=MEMORY_KB).contains(&more), "{more} kB");
}

#[test]
#[ignore = "the process of another test: where others run, memory is everybody's"]
fn says_how_much_memory_it_takes() {
    if std::env::var_os("VESTIBULE_MEASURES").is_none() {
        return;
    }
    let document = hostile(1_000);
    let before = cpu::kilobytes(std::process::id(), "VmRSS");
    cpu::forget_peak();
    refuse(&document);
    let peak = cpu::kilobytes(std::process::id(), "VmHWM");
    let more = peak.saturating_sub(before);
    writeln!(std::io::stdout(), "\nkilobytes {more}").unwrap();
}
