//! From the answers to what is known, what is supposed, and the line to change.

use super::answer::{Answer, Stage};
use super::lines::{self, IssuerWords, Line};
use super::refused::refused;
use super::trial::Trial;
use super::words::stand_ins;
use super::{NAME, cannot};
use crate::domain::causes;
use crate::domain::role::{Method, Role};

/// Whether a role works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Works,
    /// It does not.
    Fails,
    /// AWS did not say.
    Unknown,
    /// It cannot be asked for without a person.
    NotProbed,
}

impl Verdict {
    /// The word in the audit log and in pages for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Fails => "fails",
            Self::Unknown => "unknown",
            Self::NotProbed => "not_probed",
        }
    }

    /// The same for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Fails => "does not work",
            Self::Unknown => "could not be asked for",
            Self::NotProbed => "cannot be probed",
        }
    }
}

/// What came of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether the role works.
    pub verdict: Verdict,
    /// Why, as a short code; `given` where it works.
    pub cause: String,
    /// What AWS's answers say for certain, a sentence each.
    pub known: Vec<String>,
    /// What they can mean, likeliest first.
    pub supposed: Vec<String>,
    /// What to change, likeliest first.
    pub lines: Vec<Line>,
    /// What the probe does not show, a sentence each.
    pub untried: Vec<String>,
}

/// The finding for a role that cannot be probed; `None` for all others.
pub fn nothing_asked(role: &Role) -> Option<Finding> {
    let why = cannot(role)?;
    Some(Finding {
        known: vec![
            format!("{why}."),
            "AWS was not asked for anything. Signing in is the only way to see whether it works."
                .to_owned(),
        ],
        ..bare(Verdict::NotProbed, "not_probed")
    })
}

/// What all the answers of one probe say together.
pub fn judge(role: &Role, issuer: &IssuerWords, made: &[(Trial, Answer)]) -> Finding {
    let Some((full, first)) = made.first() else {
        return bare(Verdict::Unknown, "not_asked");
    };
    let given = made.iter().find(|(_, answer)| *answer == Answer::Given);
    let finding = match given {
        Some((trial, _)) if trial == full => Finding {
            known: vec![format!(
                "AWS gave credentials for {} as {NAME}. They could do nothing, and were dropped at once.",
                target(role)
            )],
            ..bare(Verdict::Works, "given")
        },
        Some((trial, _)) => narrowed(role, first, (*full, *trial)),
        None => refused(role, issuer, (first, made)),
    };
    match finding.verdict {
        Verdict::Works => Finding {
            untried: untried(role),
            ..finding
        },
        Verdict::Fails => {
            let mut lines = finding.lines;
            let of_account =
                |cause: &str| !cause.starts_with("issuer.") && cause != "own_credentials";
            if !lines.is_empty() && of_account(&finding.cause) {
                lines.push(lines::whole(role));
            }
            Finding {
                untried: untried(role),
                lines,
                ..finding
            }
        }
        Verdict::Unknown | Verdict::NotProbed => finding,
    }
}

pub(super) fn bare(verdict: Verdict, cause: impl Into<String>) -> Finding {
    Finding {
        verdict,
        cause: cause.into(),
        known: Vec::new(),
        supposed: Vec::new(),
        lines: Vec::new(),
        untried: Vec::new(),
    }
}

/// It is given with something left out.
fn narrowed(role: &Role, first: &Answer, (full, given): (Trial, Trial)) -> Finding {
    let tags = full.tags && !given.tags;
    let source_identity = full.source_identity && !given.source_identity;
    let (cause, what) = match (tags, source_identity) {
        (true, true) => (
            "tags_and_source_identity",
            "without session tags and without a source identity, and not with either of them",
        ),
        (true, false) => ("tags", "without session tags, and not with them"),
        (false, true) => (
            "source_identity",
            "without a source identity, and not with one",
        ),
        (false, false) => (
            "duration",
            "when no duration is asked for, and not for 900 seconds",
        ),
    };
    let mut finding = Finding {
        known: vec![
            format!("AWS gives {} {what}.", target(role)),
            "So the role is there, and Vestibule is let in; only that is missing.".to_owned(),
        ],
        ..bare(Verdict::Fails, cause)
    };
    let at_hub = matches!(first, Answer::Refused { at: Stage::Hub, .. });
    let hub = role.method.via().filter(|_| at_hub);
    if tags {
        finding.supposed.extend(owned(causes::tags(role)));
        finding.lines.extend(lines::tags(role));
    }
    match hub {
        Some(via) if source_identity => {
            finding
                .supposed
                .extend(owned(causes::source_identity_at_hub()));
            finding.lines.extend(lines::source_identity_at(via, role));
        }
        _ if source_identity => {
            finding
                .supposed
                .extend(owned(causes::source_identity(role)));
            finding.lines.extend(lines::source_identity(role));
        }
        _ => {}
    }
    if !tags && !source_identity {
        let code = "ValidationError";
        let supposed = causes::of(role.method.operation(), code, role, given.sent());
        finding.supposed.extend(owned(supposed));
        finding
            .lines
            .push(lines::key_of_model(role, "console_hours"));
    }
    finding
}

fn untried(role: &Role) -> Vec<String> {
    let mut untried = vec![format!(
        "People's own names: the probe's is {NAME}, and a policy that pins names may treat theirs otherwise."
    )];
    let stand_ins = stand_ins(role);
    if !stand_ins.is_empty() {
        untried.push(format!(
            "People's own tags: {} had stand-ins for what an identity provider says about a person.",
            stand_ins.join(", ")
        ));
    }
    if role.session_policy.is_some() || !role.managed_policies.is_empty() {
        untried.push(
            "The role's session policies: one that denies everything stood in their place."
                .to_owned(),
        );
    }
    untried.push("The sign-in into the console: nothing was asked of it.".to_owned());
    untried
}

pub(super) fn target(role: &Role) -> String {
    match &role.method {
        Method::GetFederationToken { .. } => {
            format!("a federated user of account {}", role.account.id)
        }
        _ => role.arn(),
    }
}

pub(super) fn owned(texts: Vec<&'static str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
