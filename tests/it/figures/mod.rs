//! What must not grow: counts, growth and memory, never wall time.
//!
//! The figures themselves are printed by `make bench`; these are the bounds that hold on any machine and in any build.
//! Growth is the ratio of two CPU times of this thread, each the least of several tries: other work on the machine can
//! only add to a try.

mod audit;
mod decide;
mod differences;
mod patterns;
mod questions;
mod saml;

use std::process::Output;
use std::time::Duration;

use crate::cpu;

/// The least CPU time of several tries of each, taken in turn.
fn least(tries: usize, mut first: impl FnMut(), mut second: impl FnMut()) -> (Duration, Duration) {
    let mut least = (Duration::MAX, Duration::MAX);
    for _ in 0..tries {
        least.0 = least.0.min(took(&mut first));
        least.1 = least.1.min(took(&mut second));
    }
    least
}

/// What a process of its own says that something took of memory.
fn kilobytes(output: &Output) -> u64 {
    let said = String::from_utf8_lossy(&output.stdout);
    let told = said
        .lines()
        .find_map(|line| line.strip_prefix("kilobytes "));
    told.unwrap_or_else(|| panic!("{said}")).parse().unwrap()
}

fn took(work: &mut impl FnMut()) -> Duration {
    let before = cpu::of_thread();
    work();
    cpu::of_thread().saturating_sub(before)
}
