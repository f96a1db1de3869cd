//! What an account needs: the choice, and the text to copy.

use askama::Template;

use super::{AdminFrame, Standing};
use crate::admin::Choices;
use crate::domain::trust::render::Format;
use crate::web::pages::Frame;
use crate::web::texts::TrustTexts;

/// About how long the page is without its text.
const BARE_BYTES: usize = 12 * 1024;
/// The most lines of the text that are shown at once.
const MOST_ROWS: usize = 40;

/// What the form says, as written.
#[derive(Debug)]
pub(in crate::web) struct TrustAsked {
    /// The account.
    pub(in crate::web) account: String,
    /// One of its roles; empty: all.
    pub(in crate::web) role: String,
    /// How to write it down.
    pub(in crate::web) format: Format,
    /// The own credentials, and who signs with them.
    pub(in crate::web) principals: Vec<(String, String)>,
    /// Forwarded proofs carry tags.
    pub(in crate::web) tags: bool,
    /// Forwarded proofs carry a source identity.
    pub(in crate::web) source_identity: bool,
}

/// What comes of it.
#[derive(Debug)]
pub(in crate::web) enum TrustAnswer {
    /// Nothing was asked yet.
    Nothing,
    /// Why it cannot be said.
    Problems(Vec<String>),
    /// The text.
    Text {
        /// To copy.
        text: String,
        /// What remains to be done elsewhere.
        notes: Vec<String>,
    },
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "admin/trust.html")]
pub(in crate::web) struct TrustPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    asked: &'a TrustAsked,
    choices: &'a Choices,
    formats: [(&'static str, &'static str, bool); 4],
    answer: &'a TrustAnswer,
    rows: usize,
}

impl<'a> TrustPage<'a> {
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        asked: &'a TrustAsked,
        (choices, answer): (&'a Choices, &'a TrustAnswer),
    ) -> Self {
        let lines = match answer {
            TrustAnswer::Text { text, .. } => text.lines().count(),
            TrustAnswer::Nothing | TrustAnswer::Problems(_) => 0,
        };
        let t = &frame.t.trust;
        Self {
            frame,
            admin,
            here: "trust",
            asked,
            choices,
            formats: Format::ALL
                .map(|format| (format.word(), name(t, format), format == asked.format)),
            answer,
            rows: lines.clamp(8, MOST_ROWS),
        }
    }

    /// About how long it will be.
    pub(in crate::web) fn expected_bytes(&self) -> usize {
        let text = match self.answer {
            TrustAnswer::Text { text, .. } => text.len() * 3 / 2,
            TrustAnswer::Nothing | TrustAnswer::Problems(_) => 0,
        };
        BARE_BYTES + text
    }
}

fn name(t: &TrustTexts, format: Format) -> &'static str {
    match format {
        Format::CloudFormation => t.cloudformation,
        Format::Terraform => t.terraform,
        Format::Cli => t.cli,
        Format::Json => t.json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::admin::tests::{frame, session};
    use crate::web::pages::samples::HOSTILE;
    use crate::web::pages::tests::kept;

    fn keep(name: &str, (asked, choices): (&TrustAsked, &Choices), answer: &TrustAnswer) {
        let session = session("Ada Lovelace");
        let page = TrustPage::new(frame(&session, None), asked, (choices, answer));
        kept(&format!("admin_trust_{name}"), &page);
    }

    fn asked(text: &str, credentials: &[&str]) -> TrustAsked {
        let arn = |name: &&str| ((*name).to_owned(), text.to_owned());
        TrustAsked {
            account: text.to_owned(),
            role: text.to_owned(),
            format: Format::Cli,
            principals: credentials.iter().map(arn).collect(),
            tags: true,
            source_identity: false,
        }
    }

    #[test]
    fn the_page_looks_as_it_did() {
        let nothing = asked("", &[]);
        let none = Choices::default();
        keep("nothing", (&nothing, &none), &TrustAnswer::Nothing);
        for (name, text) in [("asked", "ReadOnly"), ("hostile", HOSTILE)] {
            let choices = Choices {
                roles: vec!["Admin".to_owned(), text.to_owned()],
                credentials: vec!["hub".to_owned()],
                forwards: true,
            };
            let asked = asked(text, &["hub"]);
            let problems = TrustAnswer::Problems(vec![text.to_owned(), "another".to_owned()]);
            keep(&format!("{name}_problems"), (&asked, &choices), &problems);
            let written = TrustAnswer::Text {
                text: format!("{text}\n</textarea>\n"),
                notes: vec![text.to_owned()],
            };
            keep(&format!("{name}_text"), (&asked, &choices), &written);
        }
    }
}
