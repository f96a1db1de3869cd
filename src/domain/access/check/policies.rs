//! What is put on a session: inline policies, managed policies, tags; and scopes, which are made of policies.
//!
//! Limits: STS API reference (`Policy`, `PolicyArns`, `Tags`), IAM user guide (session tags).

use std::collections::{HashMap, HashSet};

use super::super::document::ScopeEntry;
use super::Surroundings;
use super::problem::{ProblemKind, Problems};
use super::roles::RoleContext;
use crate::domain::account::{AccountId, PartitionName};
use crate::domain::scope::{Scope, ScopeName};
use crate::domain::template::{LONGEST_POLICY, PolicyTemplate, Template, is_tag_text};

const MOST_MANAGED: usize = 10;
const MOST_TAGS: usize = 50;

/// The ARN of a managed policy, taken apart.
struct PolicyArn<'a> {
    partition: &'a str,
    /// `aws`, or 12 digits.
    account: &'a str,
}

impl<'a> PolicyArn<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts[..] else {
            return None;
        };
        let name = resource.strip_prefix("policy/")?;
        let good = (20..=1_024).contains(&text.len())
            && (account == "aws" || AccountId::parse(account).is_ok())
            && !name.is_empty()
            && !name.starts_with('/')
            && !name.ends_with('/')
            && !name.contains("//")
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&b));
        good.then_some(Self { partition, account })
    }
}

/// The policies of a role.
pub(super) fn check_role(
    context: &RoleContext<'_>,
    problems: &mut Problems,
) -> (Option<PolicyTemplate>, Vec<String>) {
    let (entry, path, account) = (context.entry, context.path, context.account);
    for (index, arn) in entry.managed_policies.iter().enumerate() {
        let path = format!("{path}.managed_policies[{index}]");
        match PolicyArn::parse(arn) {
            None => problems.add(path, ProblemKind::PolicyArn),
            Some(arn) if arn.partition != account.partition.as_str() => problems.add(
                path,
                ProblemKind::PolicyPartition {
                    found: arn.partition.to_owned(),
                    wanted: account.partition.clone(),
                },
            ),
            Some(arn) if arn.account != "aws" && arn.account != account.id.as_str() => {
                problems.add(path, ProblemKind::PolicyAccount);
            }
            Some(_) => {}
        }
    }
    let inline = check_inline(entry.session_policy.as_deref(), path, problems);
    check_sizes(inline.as_ref(), &entry.managed_policies, path, problems);
    (inline, entry.managed_policies.clone())
}

/// `[[scopes]]`
pub(super) fn check_scopes(
    entries: &[ScopeEntry],
    surroundings: &Surroundings,
    problems: &mut Problems,
) -> Vec<Option<Scope>> {
    let mut names = HashMap::new();
    let mut scopes = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let path = format!("scopes[{index}]");
        if let Some(first) = names.insert(&entry.name, index) {
            problems.add(&path, ProblemKind::Duplicate(format!("scopes[{first}]")));
        }
        scopes.push(check_scope(entry, &path, surroundings, problems));
    }
    scopes
}

fn check_scope(
    entry: &ScopeEntry,
    path: &str,
    surroundings: &Surroundings,
    problems: &mut Problems,
) -> Option<Scope> {
    let name = problems.take(format_args!("{path}.name"), ScopeName::parse(&entry.name));
    if !entry.description.is_empty() {
        problems.text(format_args!("{path}.description"), &entry.description, 500);
    }
    if entry.session_policy.is_none() && entry.managed_policies.is_empty() {
        problems.add(path, ProblemKind::EmptyScope);
    }
    for (index, arn) in entry.managed_policies.iter().enumerate() {
        let path = format!("{path}.managed_policies[{index}]");
        let partition = PolicyArn::parse(arn)
            .and_then(|arn| PartitionName::parse(arn.partition).ok())
            .and_then(|name| surroundings.partitions.get(&name));
        if partition.is_none() {
            problems.add(path, ProblemKind::PolicyArn);
        }
    }
    let session_policy = check_inline(entry.session_policy.as_deref(), path, problems);
    check_sizes(
        session_policy.as_ref(),
        &entry.managed_policies,
        path,
        problems,
    );
    Some(Scope {
        name: name?,
        description: entry.description.clone(),
        session_policy,
        managed_policies: entry.managed_policies.clone(),
    })
}

fn check_inline(text: Option<&str>, path: &str, problems: &mut Problems) -> Option<PolicyTemplate> {
    let parsed = PolicyTemplate::parse(text?);
    problems.take(format_args!("{path}.session_policy"), parsed)
}

fn check_sizes(
    inline: Option<&PolicyTemplate>,
    managed: &[String],
    path: &str,
    problems: &mut Problems,
) {
    if managed.len() > MOST_MANAGED {
        problems.add(
            format_args!("{path}.managed_policies"),
            ProblemKind::TooMany {
                what: "managed policies",
                limit: MOST_MANAGED,
                count: managed.len(),
            },
        );
    }
    let length =
        inline.map_or(0, PolicyTemplate::shortest) + managed.iter().map(String::len).sum::<usize>();
    if length > LONGEST_POLICY {
        problems.add(path, ProblemKind::PoliciesTooLong(length));
    }
}

/// The session tags of a role.
pub(super) fn check_tags(
    context: &RoleContext<'_>,
    problems: &mut Problems,
) -> Vec<(String, Template)> {
    let (entry, path) = (context.entry, context.path);
    if entry.tags.len() > MOST_TAGS {
        problems.add(
            format_args!("{path}.tags"),
            ProblemKind::TooMany {
                what: "tags",
                limit: MOST_TAGS,
                count: entry.tags.len(),
            },
        );
    }
    let mut folded = HashMap::new();
    let mut tags = Vec::with_capacity(entry.tags.len());
    for (key, value) in &entry.tags {
        let path = format!("{path}.tags.{key}");
        if key.is_empty() || key.encode_utf16().count() > 128 || !is_tag_text(key) {
            problems.add(&path, ProblemKind::TagKey);
        }
        if key.to_lowercase().starts_with("aws:") {
            problems.add(&path, ProblemKind::ReservedTagKey);
        }
        if let Some(first) = folded.insert(key.to_lowercase(), key) {
            // AWS compares the keys of session tags without case.
            problems.add(&path, ProblemKind::Duplicate(format!("tags.{first}")));
        }
        if let Some(template) = problems.take(&path, Template::parse(value)) {
            tags.push((key.clone(), template));
        }
    }
    let mut seen = HashSet::new();
    for (index, key) in entry.transitive_tags.iter().enumerate() {
        let path = format!("{path}.transitive_tags[{index}]");
        if !entry.tags.contains_key(key) {
            problems.add(&path, ProblemKind::NotATag);
        }
        if !seen.insert(key) {
            problems.add(&path, ProblemKind::Duplicate(key.clone()));
        }
    }
    tags
}
