//! `[[accounts]]`

use std::collections::HashMap;
use std::sync::Arc;

use super::super::document::AccountEntry;
use super::problem::{ProblemKind, Problems};
use crate::domain::account::{Account, AccountId, Alias, Environment, PartitionName};
use crate::domain::partition::Partitions;

const MOST_LABELS: usize = 50;
const MOST_FORMER_ALIASES: usize = 20;

/// Each entry checked; `None` where it is beyond use.
pub(super) fn check(
    entries: &[AccountEntry],
    partitions: &Partitions,
    problems: &mut Problems,
) -> Vec<Option<Arc<Account>>> {
    check_former_aliases(entries, problems);
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
    let former = entry.former_aliases.iter().enumerate();
    let former_aliases = former
        .filter_map(|(at, text)| {
            let path = format_args!("{path}.former_aliases[{at}]");
            problems.take(path, Alias::parse(text))
        })
        .collect();
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
        former_aliases,
        name: entry.name.clone(),
        environment,
        partition,
        owner: entry.owner.clone(),
        labels: entry.labels.clone(),
    })
}

/// A name in links means one account, whether it is the account's own or one that it had: what a link of today leads
/// to must not hang on who was there before.
fn check_former_aliases(entries: &[AccountEntry], problems: &mut Problems) {
    let mut known: HashMap<&str, String> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        known.insert(&entry.alias, format!("accounts[{index}].alias"));
    }
    for (index, entry) in entries.iter().enumerate() {
        let path = format!("accounts[{index}].former_aliases");
        let count = entry.former_aliases.len();
        if count > MOST_FORMER_ALIASES {
            let kind = ProblemKind::TooMany {
                what: "former aliases",
                limit: MOST_FORMER_ALIASES,
                count,
            };
            problems.add(&path, kind);
        }
        for (at, alias) in entry.former_aliases.iter().enumerate() {
            let here = format!("{path}[{at}]");
            match known.get(alias.as_str()) {
                Some(first) => problems.add(here, ProblemKind::Duplicate(first.clone())),
                None => {
                    known.insert(alias, here);
                }
            }
        }
    }
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
