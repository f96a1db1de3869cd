//! `[[accounts]]`

use std::collections::HashMap;
use std::sync::Arc;

use super::super::document::AccountEntry;
use super::problem::{ProblemKind, Problems};
use crate::domain::account::{Account, AccountId, Alias, Environment, PartitionName};
use crate::domain::partition::Partitions;

const MOST_LABELS: usize = 50;

/// Each entry checked; `None` where it is beyond use.
pub(super) fn check(
    entries: &[AccountEntry],
    partitions: &Partitions,
    problems: &mut Problems,
) -> Vec<Option<Arc<Account>>> {
    let mut ids = HashMap::new();
    let mut aliases = HashMap::new();
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let path = format!("accounts[{index}]");
            if let Some(first) = ids.insert(&entry.id, index) {
                problems.add(
                    format_args!("{path}.id"),
                    ProblemKind::Duplicate(format!("accounts[{first}].id")),
                );
            }
            if let Some(first) = aliases.insert(&entry.alias, index) {
                problems.add(
                    format_args!("{path}.alias"),
                    ProblemKind::Duplicate(format!("accounts[{first}].alias")),
                );
            }
            check_one(entry, &path, partitions, problems).map(Arc::new)
        })
        .collect()
}

fn check_one(
    entry: &AccountEntry,
    path: &str,
    partitions: &Partitions,
    problems: &mut Problems,
) -> Option<Account> {
    let id = problems.take(format_args!("{path}.id"), AccountId::parse(&entry.id));
    let alias = problems.take(format_args!("{path}.alias"), Alias::parse(&entry.alias));
    problems.text(format_args!("{path}.name"), &entry.name, 100);
    if let Some(owner) = &entry.owner {
        problems.text(format_args!("{path}.owner"), owner, 200);
    }
    check_labels(entry, path, problems);
    let environment = entry.environment.as_deref().and_then(|word| {
        let found = environment(word);
        if found.is_none() {
            problems.add(format_args!("{path}.environment"), ProblemKind::Environment);
        }
        found
    });
    let partition = match &entry.partition {
        None => Some(PartitionName::default()),
        Some(name) => problems.take(format_args!("{path}.partition"), PartitionName::parse(name)),
    }?;
    if partitions.get(&partition).is_none() {
        problems.add(
            format_args!("{path}.partition"),
            ProblemKind::UnknownPartition(partition.clone()),
        );
    }
    Some(Account {
        id: id?,
        alias: alias?,
        name: entry.name.clone(),
        environment,
        partition,
        owner: entry.owner.clone(),
        labels: entry.labels.clone(),
    })
}

fn environment(word: &str) -> Option<Environment> {
    [
        Environment::Production,
        Environment::Staging,
        Environment::Development,
        Environment::Sandbox,
    ]
    .into_iter()
    .find(|environment| environment.word() == word)
}

fn check_labels(entry: &AccountEntry, path: &str, problems: &mut Problems) {
    if entry.labels.len() > MOST_LABELS {
        problems.add(
            format_args!("{path}.labels"),
            ProblemKind::TooMany {
                what: "labels",
                limit: MOST_LABELS,
                count: entry.labels.len(),
            },
        );
    }
    for (key, value) in &entry.labels {
        let path = format!("{path}.labels.{key}");
        if key.contains('=') {
            problems.add(&path, ProblemKind::Text(64));
        }
        problems.text(&path, key, 64);
        problems.text(&path, value, 256);
    }
}
