//! CPU time and memory, as Linux counts them. Knows nothing of what is measured.
//!
//! CPU time and not wall time: on a machine with other work, only the former stays the same.

#![allow(
    clippy::allow_attributes,
    dead_code,
    reason = "the tests and the figures share this file, and each uses another part of it"
)]

use std::fs;
use std::time::Duration;

/// The CPU time that this thread has used.
pub(crate) fn of_thread() -> Duration {
    // the kernel brings the count up to date when the thread gives way
    std::thread::yield_now();
    running("/proc/thread-self/schedstat")
}

/// The CPU time that a process has used, with all its threads.
pub(crate) fn of_process(pid: u32) -> Duration {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).expect("the process runs");
    let alive = tasks
        .filter_map(|task| Some(task.ok()?.path().join("schedstat")))
        .filter(|path| path.exists())
        .map(|path| running(&path.to_string_lossy()))
        .sum();
    // coarser, but with the threads that have ended
    ticks(pid).max(alive)
}

/// A line of a process's `status` that is in kB: `VmRSS` (resident now), `VmHWM` (the most so far).
pub(crate) fn kilobytes(pid: u32, line: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let found = status
        .lines()
        .find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
    let number = found.and_then(|text| text.trim().strip_suffix(" kB"));
    number
        .expect("a line in kB")
        .trim()
        .parse()
        .expect("a number")
}

/// Makes `VmHWM` of this process begin anew.
pub(crate) fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").expect("the peak can be set back");
}

/// The first number of a `schedstat`: nanoseconds on a CPU. A thread that has just ended has none.
fn running(path: &str) -> Duration {
    let text = fs::read_to_string(path).unwrap_or_default();
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// User and system time in `stat`, which is counted in hundredths of a second on every Linux.
fn ticks(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process runs");
    // the name in parentheses may hold anything
    let (_, rest) = stat.rsplit_once(')').expect("a name");
    let fields = rest.split_whitespace().skip(11).take(2);
    let ticks: u64 = fields
        .map(|text| text.parse::<u64>().expect("a number"))
        .sum();
    Duration::from_millis(ticks * 10)
}
