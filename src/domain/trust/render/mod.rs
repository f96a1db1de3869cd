//! What an account needs, written down: as a template for `CloudFormation`, as Terraform's HCL, as a script of awscli
//! commands, and as JSON of a shape of our own.
//!
//! Whatever stands in a value, a provider's metadata above all, comes out of each form as itself.

mod cloudformation;
mod commands;
mod json;
mod names;
mod terraform;
#[cfg(test)]
mod tests;

use super::Trust;

/// How to write it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A `CloudFormation` template, in JSON.
    CloudFormation,
    /// Terraform's language.
    Terraform,
    /// A script of awscli commands.
    Cli,
    /// JSON for programs.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CloudFormation, Self::Terraform, Self::Cli, Self::Json];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::CloudFormation => "cloudformation",
            Self::Terraform => "terraform",
            Self::Cli => "cli",
            Self::Json => "json",
        }
    }

    /// The form of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }

    /// Writes it down, with a line break at its end.
    pub fn write(self, trust: &Trust) -> String {
        match self {
            Self::CloudFormation => cloudformation::write(trust),
            Self::Terraform => terraform::write(trust),
            Self::Cli => commands::write(trust),
            Self::Json => json::write(trust),
        }
    }
}

/// Text as comments, each line behind a mark. What could end a line does not get into it.
fn comment(mark: &str, text: &str) -> String {
    let plain = text.replace(
        |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'),
        " ",
    );
    format!("{mark} {plain}\n")
}

/// The head of the forms that have comments.
fn head(mark: &str, trust: &Trust) -> String {
    let account = format!(
        "What the account {} ({}) needs for Vestibule.",
        trust.account, trust.partition
    );
    let mut head = comment(mark, &account);
    for note in &trust.notes {
        head.push_str(&comment(mark, &format!("* {note}")));
    }
    head
}
