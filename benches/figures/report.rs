//! A line of the output: what was measured, how large it was, the numbers, and whether they are what is wanted.

#![expect(clippy::print_stdout, reason = "figures are what this program is for")]

use serde_json::Value;

/// Why a figure is not there.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// What it is compared with cannot be had here.
    Skipped(String),
    /// It should have been measured, and was not.
    Failed(String),
}

/// Says what came of a row; whether it failed.
pub(crate) fn failed(row: &str, measured: Result<(), Trouble>) -> bool {
    match measured {
        Ok(()) => false,
        Err(Trouble::Skipped(reason)) => {
            println!("skipped: {row}: {reason}");
            false
        }
        Err(Trouble::Failed(reason)) => {
            println!("failed: {row}: {reason}");
            true
        }
    }
}

/// A line to be.
pub(crate) struct Line {
    members: Vec<(String, Value)>,
    wanted: Vec<String>,
    met: bool,
}

impl Line {
    pub(crate) fn about(figure: &str) -> Self {
        Self {
            members: vec![("figure".to_owned(), figure.into())],
            wanted: Vec::new(),
            met: true,
        }
    }

    /// A size or a raw number, its unit in its name.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.push((name.to_owned(), value.into()));
        self
    }

    /// A raw number, to two decimals.
    pub(crate) fn number(self, name: &str, value: f64) -> Self {
        self.with(name, rounded(value))
    }

    /// A number that has to stay within a limit.
    pub(crate) fn at_most(mut self, name: &str, value: f64, limit: f64) -> Self {
        self.met &= value <= limit;
        self.wanted.push(format!("{name} <= {limit}"));
        self.number(name, value)
    }

    /// A number that has to reach a limit.
    pub(crate) fn at_least(mut self, name: &str, value: f64, limit: f64) -> Self {
        self.met &= value >= limit;
        self.wanted.push(format!("{name} >= {limit}"));
        self.number(name, value)
    }

    /// Something that has to be so.
    pub(crate) fn must(mut self, name: &str, holds: bool) -> Self {
        self.met &= holds;
        self.wanted.push(name.to_owned());
        self.with(name, holds)
    }

    /// Prints the line. One without anything wanted stands beside others, and says nothing of itself.
    pub(crate) fn print(self) {
        let mut members = self.members;
        if !self.wanted.is_empty() {
            members.push(("wanted".to_owned(), self.wanted.join(", ").into()));
            members.push(("met".to_owned(), self.met.into()));
        }
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
            .collect();
        println!("{{{}}}", members.join(","));
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
