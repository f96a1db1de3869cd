//! Where a role is given in no way that was tried: what that shows, and what it leaves open.

use super::NAME;
use super::answer::{Answer, Stage, Unable};
use super::finding::{Finding, Verdict, bare, owned, target};
use super::lines::{self, IssuerWords, Line};
use super::trial::Trial;
use crate::domain::causes::{self, Sent};
use crate::domain::role::{Method, Role};

/// It is given in no way that was tried.
pub(super) fn refused(
    role: &Role,
    issuer: &IssuerWords,
    (first, made): (&Answer, &[(Trial, Answer)]),
) -> Finding {
    let operation = role.method.operation();
    let finding = |verdict| bare(verdict, first.code());
    match first {
        Answer::Refused { at, code } => by_aws(role, issuer, (*at, code), made),
        Answer::RegionDisabled { at } => Finding {
            known: vec!["STS is not activated for the account in the region that Vestibule uses.".to_owned()],
            lines: lines::region(role, *at),
            ..finding(Verdict::Fails)
        },
        Answer::NoCredentials => Finding {
            known: vec!["Vestibule's own credentials for this role cannot be had. AWS was not asked for the role.".to_owned()],
            supposed: vec!["The file, profile or instance role behind them is missing, or has expired; Vestibule's log says which".to_owned()],
            lines: vec![lines::entry(role, "Look at the source of this entry")],
            ..finding(Verdict::Fails)
        },
        Answer::NotConfigured => Finding {
            known: vec!["Vestibule's configuration lacks something that this role's method needs. AWS was not asked.".to_owned()],
            ..finding(Verdict::Fails)
        },
        Answer::NotVouched(unable) => Finding {
            known: vec![format!("{}. AWS was not asked.", match unable {
                Unable::NoKey => "Vestibule's issuer has no key in force for this method",
                Unable::Expired => "The certificate of the key that Vestibule's issuer signs with has expired",
                Unable::Broken => "Vestibule's issuer could not vouch",
            })],
            lines: lines::keys(role, *unable),
            ..finding(Verdict::Fails)
        },
        Answer::Untrusted(why) => Finding {
            known: vec![format!("Whoever answered in the place of AWS did not prove to be AWS: {why}. Nothing was said to them.")],
            supposed: vec!["A proxy opens encrypted connections: its authority then belongs into aws.ca_file".to_owned()],
            ..finding(Verdict::Unknown)
        },
        Answer::Away | Answer::Given => Finding {
            known: vec![format!("AWS throttled {operation}, or could not be reached. Nothing is known of the role.")],
            supposed: vec!["AWS is busy: try again in a minute".to_owned(), "Nothing leads from this machine to STS".to_owned()],
            ..finding(Verdict::Unknown)
        },
        Answer::Unexpected => Finding {
            known: vec!["What came was no answer to what was asked, and was thrown away.".to_owned()],
            supposed: vec!["Something between Vestibule and AWS answers in AWS's place".to_owned()],
            ..finding(Verdict::Unknown)
        },
    }
}

/// AWS said no, whatever was left out.
fn by_aws(
    role: &Role,
    issuer: &IssuerWords,
    (at, code): (Stage, &str),
    made: &[(Trial, Answer)],
) -> Finding {
    let full = Trial::full(role).sent();
    let least = least_refused(made).unwrap_or(full);
    let mut known = known(role, (at, code), (full, least), made);
    let beyond_hub = made.iter().any(|(_, answer)| {
        matches!(
            answer,
            Answer::Refused {
                at: Stage::Role,
                ..
            }
        )
    });
    let (supposed, lines) = match (at, role.method.via()) {
        (Stage::Hub, Some(via)) if beyond_hub => {
            known.push("Without a source identity the hub role is given, and then the role itself is refused.".to_owned());
            let mut lines = lines::source_identity_at(via, role);
            lines.extend(lines::lets_in(role, issuer));
            let mut supposed = causes::at_hub(code, role, full);
            supposed.extend(causes::of("AssumeRole", code, role, least));
            (supposed, lines)
        }
        (Stage::Hub, Some(via)) => (
            causes::at_hub(code, role, least),
            lines::lets_into_hub(via, role),
        ),
        _ => (
            causes::of(role.method.operation(), code, role, least),
            of_code(role, issuer, code),
        ),
    };
    let mut supposed = owned(supposed);
    if code == "AccessDenied" {
        supposed.push(pinned(role));
    }
    let cause = Answer::Refused {
        at,
        code: code.to_owned(),
    }
    .code();
    Finding {
        known,
        supposed,
        lines,
        ..bare(Verdict::Fails, cause)
    }
}

/// What the refusals say for certain.
fn known(
    role: &Role,
    (at, code): (Stage, &str),
    (full, least): (Sent, Sent),
    made: &[(Trial, Answer)],
) -> Vec<String> {
    let mut known = vec![match (at, role.method.via()) {
        (Stage::Hub, Some(via)) => format!(
            "AWS refused the hub role {} ({code}). The role itself was not asked for.",
            via.role
        ),
        (_, Some(via)) => format!(
            "AWS gave the hub role {}, and refused {} to it ({code}).",
            via.role,
            target(role)
        ),
        (_, None) => format!("AWS refused {} ({code}).", target(role)),
    }];
    known.extend(left_out(full, least));
    let away = made
        .last()
        .is_some_and(|(_, last)| !matches!(last, Answer::Refused { .. }));
    if away {
        known
            .push("Then AWS did not answer any more, so it could not be narrowed down.".to_owned());
    }
    known
}

/// The least that was sent along in vain; all of it where some of it was not left out together.
fn least_refused(made: &[(Trial, Answer)]) -> Option<Sent> {
    let (_, first) = made.first()?;
    let refused = made
        .iter()
        .filter(|(_, answer)| matches!(answer, Answer::Refused { .. }));
    let least = refused
        .map(|(trial, _)| trial.sent())
        .min_by_key(|sent| usize::from(sent.tags) + usize::from(sent.source_identity))?;
    let whole = match first {
        Answer::Refused { at: Stage::Hub, .. } => !least.source_identity,
        _ => !least.source_identity && !least.tags,
    };
    whole.then_some(least)
}

/// The lines that a code leads to.
fn of_code(role: &Role, issuer: &IssuerWords, code: &str) -> Vec<Line> {
    match code {
        "AccessDenied" => lines::lets_in(role, issuer),
        "InvalidIdentityToken" | "IDPCommunicationError" | "IDPRejectedClaim" => {
            lines::provider(role, issuer)
        }
        "ExpiredToken" | "InvalidClientTokenId" | "SignatureDoesNotMatch" => {
            vec![lines::entry(role, "Look at the source of this entry")]
        }
        "PackedPolicyTooLarge" | "ValidationError" | "InvalidParameterValue" => {
            vec![lines::key_of_model(role, "tags and path")]
        }
        _ => Vec::new(),
    }
}

/// What leaving out has shown.
fn left_out(full: Sent, least: Sent) -> Option<String> {
    let tags = full.tags && !least.tags;
    let source_identity = full.source_identity && !least.source_identity;
    let what = match (tags, source_identity) {
        (true, true) => "session tags and without a source identity",
        (true, false) => "session tags",
        (false, true) => "a source identity",
        (false, false) => return None,
    };
    Some(format!(
        "It is refused without {what} as well, so something else is missing, whether or not that is."
    ))
}

/// A trust policy may know people by their names, and a probe has nobody's.
fn pinned(role: &Role) -> String {
    let keys = match &role.method {
        Method::AssumeRoleWithSaml { .. } => "SAML:sub, sts:RoleSessionName or sts:SourceIdentity",
        Method::AssumeRoleWithWebIdentity { .. } => {
            "the provider's :sub, sts:RoleSessionName or sts:SourceIdentity"
        }
        Method::AssumeRole { .. } => "sts:RoleSessionName or sts:SourceIdentity",
        Method::GetFederationToken { .. } | Method::GetSessionToken { .. } => {
            return format!(
                "A policy of the IAM user names the federated users that it may make, and {NAME} is none of them: people may get in all the same"
            );
        }
    };
    format!(
        "The trust policy takes certain names only, by a condition on {keys}, and {NAME} is none of them: people may get in all the same"
    )
}
