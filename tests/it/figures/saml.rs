//! SAML responses of people in thousands of groups: time grows with them and no faster, memory is bounded.

use std::io::{BufRead as _, Write as _};
use std::process::{Command, Stdio};

use vestibule_sandbox::idp::saml::Signed;

use super::{kilobytes, least};
use crate::cpu;
use crate::responses::{Response, Responses};

/// How much more than before may be resident at the peak of a verification.
const MEMORY_KB: u64 = 20 * 1024;

#[tokio::test]
async fn verifying_two_thousand_groups_takes_at_most_five_times_as_long_as_five_hundred() {
    let responses = Responses::signed(Signed::Both);
    let provider = responses.service_provider();
    let (small, large) = (responses.with_groups(500), responses.with_groups(2_000));
    let verify = |response: &Response, groups| {
        assert_eq!(response.verified_by(&provider), groups);
    };
    verify(&small, 500);
    let (small, large) = least(9, || verify(&small, 500), || verify(&large, 2_000));
    assert!(large <= small * 5, "{large:?} after {small:?}");
    responses.stop().await;
}

#[test]
fn verifying_two_thousand_groups_takes_at_most_twenty_megabytes() {
    let this = std::env::current_exe().unwrap();
    let mut child = Command::new(this)
        .args(["--exact", "figures::saml::says_how_much_memory_it_takes"])
        .args(["--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let more = kilobytes(&output);
    assert!((1..=MEMORY_KB).contains(&more), "{more} kB");
}

#[tokio::test]
#[ignore = "the process of another test: where others run, memory is everybody's"]
async fn says_how_much_memory_it_takes() {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).unwrap();
    if line.trim() != "go" {
        return;
    }
    let responses = Responses::signed(Signed::Both);
    let provider = responses.service_provider();
    let (small, large) = (responses.with_groups(50), responses.with_groups(2_000));
    assert_eq!(small.verified_by(&provider), 50);
    let before = cpu::kilobytes(std::process::id(), "VmRSS");
    cpu::forget_peak();
    assert_eq!(large.verified_by(&provider), 2_000);
    let peak = cpu::kilobytes(std::process::id(), "VmHWM");
    let more = peak.saturating_sub(before);
    writeln!(std::io::stdout(), "\nkilobytes {more}").unwrap();
}
