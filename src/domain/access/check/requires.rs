//! `requires = { … }`: what a role asks of the login.

use super::problem::{ProblemKind, Problems};
use super::roles::RoleContext;
use crate::domain::requires::{LONGEST_MINUTES, MOST_CONTEXTS, Requires, is_context};

pub(super) fn check(context: &RoleContext<'_>, problems: &mut Problems) -> Requires {
    let Some(entry) = &context.entry.requires else {
        return Requires::default();
    };
    let path = format!("{}.requires", context.path);
    if entry.login_within_minutes.is_none() && entry.acr.is_none() && !entry.reason {
        problems.add(&path, ProblemKind::EmptyRequires);
    }
    if entry
        .login_within_minutes
        .is_some_and(|minutes| !(1..=LONGEST_MINUTES).contains(&minutes))
    {
        problems.add(
            format_args!("{path}.login_within_minutes"),
            ProblemKind::Minutes(LONGEST_MINUTES),
        );
    }
    if let Some(acr) = &entry.acr {
        check_contexts(acr, &format!("{path}.acr"), problems);
    }
    Requires {
        login_within_minutes: entry.login_within_minutes,
        acr: entry.acr.clone().unwrap_or_default(),
        reason: entry.reason,
    }
}

fn check_contexts(acr: &[String], path: &str, problems: &mut Problems) {
    if acr.is_empty() {
        problems.add(path, ProblemKind::NoValue);
    }
    if acr.len() > MOST_CONTEXTS {
        let (what, limit, count) = ("contexts", MOST_CONTEXTS, acr.len());
        problems.add(path, ProblemKind::TooMany { what, limit, count });
        return;
    }
    for (index, name) in acr.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if let Some(first) = acr[..index].iter().position(|other| other == name) {
            problems.add(path, ProblemKind::Duplicate(format!("acr[{first}]")));
        } else if !is_context(name) {
            problems.add(path, ProblemKind::Context);
        }
    }
}
