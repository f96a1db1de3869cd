//! The figures: what Vestibule costs, beside what the same work costs others, as JSON lines.
//!
//! `make bench` prints all of them, `make bench ARGS=saml` those whose name has `saml` in it. Every ratio is of CPU time,
//! measured side by side in this one run. A figure that is not what is wanted is printed as such and is no failure; one
//! that could not be measured is. What each figure is: docs/figures.md.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what cannot be measured ends the program"
)]

mod arrival;
mod audit;
mod child;
#[expect(dead_code, reason = "the browser tests do more with it")]
#[path = "../../tests/browser/chromium.rs"]
mod chromium;
mod click;
#[path = "../../tests/support/cpu.rs"]
mod cpu;
mod decide;
#[path = "../../tests/browser/driver.rs"]
mod driver;
mod id_token;
mod impact;
mod measure;
#[path = "../../tests/support/models.rs"]
mod models;
mod peers;
mod portal;
#[path = "../../tests/support/postgres.rs"]
mod postgres;
mod process;
mod report;
#[path = "../../tests/support/responses.rs"]
mod responses;
mod saml;
mod scratch;
mod search;
mod served;
mod timing;
#[path = "../../tests/it/world/mod.rs"]
mod world;
mod yardstick;

use std::panic::catch_unwind;
use std::process::ExitCode;

use report::Trouble;

/// A row of figures.
type Row = (&'static str, fn() -> Result<(), Trouble>);

const ROWS: [Row; 13] = [
    ("saml", saml::run),
    ("peers node-saml", peers::node_saml),
    ("peers python3-saml", peers::python3_saml),
    ("arrival", arrival::run),
    ("id_token", || {
        id_token::run();
        Ok(())
    }),
    ("decide", || {
        decide::run();
        Ok(())
    }),
    ("impact", || {
        impact::run();
        Ok(())
    }),
    ("portal", portal::run),
    ("search", search::run),
    ("click", click::run),
    ("audit", audit::run),
    ("process", process::run),
    ("timing", timing::run),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [first, role, folder] = &words[..]
        && first == child::MARK
    {
        child::play(role, folder);
        return ExitCode::SUCCESS;
    }
    // cargo says `--bench`
    let wanted: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let mut ends = ExitCode::SUCCESS;
    for (name, run) in ROWS {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let measured = catch_unwind(run).unwrap_or_else(|_| {
            // what it was has been said by the panic itself
            Err(Trouble::Failed("it broke off".to_owned()))
        });
        if report::failed(name, measured) {
            ends = ExitCode::FAILURE;
        }
    }
    ends
}
