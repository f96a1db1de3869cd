//! `[aws]` and `[[credentials]]`: how to reach AWS, and as whom.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use url::Url;

use super::check::{Report, is_loopback};
use super::{idps, raw};
use crate::domain::account::{PartitionName, Region};
use crate::domain::partition::{Partition, Partitions, StsEndpoint};
use crate::domain::role::CredentialsName;

/// `[aws]`.
#[derive(Debug, Clone)]
pub struct AwsConfig {
    /// The partitions, the operator's changes included.
    pub partitions: Partitions,
    /// Which hosts to use, by partition; partitions that are not named use their default region.
    pub choices: BTreeMap<PartitionName, StsChoice>,
    /// Stands in for every AWS host (a sandbox on loopback).
    pub endpoint: Option<Endpoint>,
    /// Further certificate authorities (DER), beside the public ones.
    pub authorities: Vec<Vec<u8>>,
    /// How often connections to AWS are renewed while people go in, in seconds: 10–300, default 45; 0 for never.
    pub keep_warm_seconds: u32,
}

/// Which of a partition's hosts to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StsChoice {
    /// The region's own.
    Regional(Region),
    /// The global STS endpoint and the bare sign-in host.
    Global,
}

impl AwsConfig {
    /// Which hosts to use in a partition.
    pub fn choice(&self, partition: &Partition) -> StsChoice {
        self.choices
            .get(partition.name())
            .cloned()
            .unwrap_or_else(|| StsChoice::Regional(partition.default_region().clone()))
    }
}

/// A URL with `{host}` in its path, `{host}` being the AWS host it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// The URL that stands for `https://{host}`, without a trailing slash.
    pub fn url(&self, host: &str) -> String {
        self.0.replace("{host}", host)
    }

    /// The template as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `[[credentials]]`.
#[derive(Debug, Clone)]
pub struct CredentialsConfig {
    /// What roles call them.
    pub name: CredentialsName,
    /// Where they come from.
    pub source: CredentialsSource,
    /// Where they are good.
    pub partition: PartitionName,
    /// The IAM user may assume no role: it is for `GetSessionToken` alone.
    pub may_not_assume_roles: bool,
}

/// Where own credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialsSource {
    /// AWS's standard chain: environment, profile, web identity, container, instance.
    Chain,
    /// A profile of AWS's own configuration files.
    Profile(String),
    /// A profile in a file of its own, in the form of AWS's credentials file.
    File {
        /// The file.
        path: PathBuf,
        /// The profile in it.
        profile: String,
    },
}

/// Checks `[aws]`.
pub(super) fn check(report: &mut Report<'_>, raw: &raw::Aws) -> Option<AwsConfig> {
    let overrides = raw
        .partitions
        .iter()
        .map(|(name, entry)| (name.clone(), entry.overrides()))
        .collect();
    let partitions = match Partitions::with_overrides(&overrides) {
        Ok(partitions) => partitions,
        Err(problems) => {
            for problem in problems {
                report.add(problem.key, problem.message);
            }
            return None;
        }
    };
    let mut choices = BTreeMap::new();
    choose(
        report,
        &partitions,
        ("aws.region", &raw.region),
        &mut choices,
    );
    for (name, entry) in &raw.partitions {
        if let Some(region) = &entry.region {
            let key = format!("aws.partitions.{name}.region");
            let chosen = choose(report, &partitions, (&key, region), &mut choices);
            if chosen.is_some_and(|chosen| chosen.as_str() != name) {
                report.add(key, "is a region of another partition");
            }
        }
    }
    let endpoint = match &raw.endpoint {
        None => None,
        Some(text) => Some(endpoint(report, text)?),
    };
    let keep_warm_seconds = raw.keep_warm_seconds.unwrap_or(45);
    if keep_warm_seconds != 0 && !(10..=300).contains(&keep_warm_seconds) {
        report.add(
            "aws.keep_warm_seconds",
            "is between 10 and 300, or 0 for never",
        );
    }
    Some(AwsConfig {
        keep_warm_seconds,
        partitions,
        choices,
        endpoint,
        authorities: idps::authorities(report, "aws.ca_file", raw.ca_file.as_deref()),
    })
}

/// Notes a choice of hosts and says for which partition it is.
fn choose(
    report: &mut Report<'_>,
    partitions: &Partitions,
    (key, text): (&str, &str),
    choices: &mut BTreeMap<PartitionName, StsChoice>,
) -> Option<PartitionName> {
    if text == "global" {
        let partition = partitions
            .iter()
            .find(|partition| partition.sts_host(StsEndpoint::Global).is_ok())?;
        choices.insert(partition.name().clone(), StsChoice::Global);
        return Some(partition.name().clone());
    }
    let region = report.keep(key, Region::parse(text))?;
    let Some(partition) = partitions.of_region(&region) else {
        report.add(key, "is a region of no partition that is known");
        return None;
    };
    let name = partition.name().clone();
    choices.insert(name.clone(), StsChoice::Regional(region));
    Some(name)
}

fn endpoint(report: &mut Report<'_>, text: &str) -> Option<Endpoint> {
    let key = "aws.endpoint";
    let text = text.trim_end_matches('/');
    if !text.contains("/{host}") {
        report.add(key, "contains /{host}, for the AWS host that it stands for");
        return None;
    }
    let url = report.keep(
        key,
        Url::parse(&text.replace("{host}", "sts.amazonaws.com")).map_err(|_| "is no URL"),
    )?;
    if !is_loopback(&url) || !matches!(url.scheme(), "http" | "https") {
        report.add(
            key,
            "is a sandbox on a loopback address; AWS itself needs no endpoint",
        );
        return None;
    }
    Some(Endpoint(text.to_owned()))
}

/// Checks `[[credentials]]`.
pub(super) fn check_credentials(
    report: &mut Report<'_>,
    entries: Vec<raw::Credentials>,
    aws: Option<&AwsConfig>,
) -> Vec<CredentialsConfig> {
    let mut names = HashSet::new();
    let mut checked = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let key = format!("credentials[{index}]");
        let name = report.keep(&format!("{key}.name"), CredentialsName::parse(&entry.name));
        if let Some(name) = &name
            && !names.insert(name.clone())
        {
            report.add(format!("{key}.name"), "stands twice");
        }
        let partition = PartitionName::parse(entry.partition.as_deref().unwrap_or("aws"));
        let partition = report.keep(&format!("{key}.partition"), partition);
        if let (Some(partition), Some(aws)) = (&partition, aws)
            && aws.partitions.get(partition).is_none()
        {
            report.add(format!("{key}.partition"), "is no partition that is known");
        }
        let source = source(report, &key, &entry);
        if let (Some(name), Some(partition), Some(source)) = (name, partition, source) {
            let fenced = |other: &CredentialsConfig| {
                other.source == source && (other.may_not_assume_roles || entry.may_not_assume_roles)
            };
            if let Some(other) = checked.iter().find(|other| fenced(other)) {
                report.add(
                    &key,
                    format!(
                        "has the source of {}, and what may_not_assume_roles marks has one of its own",
                        other.name
                    ),
                );
            }
            checked.push(CredentialsConfig {
                name,
                source,
                partition,
                may_not_assume_roles: entry.may_not_assume_roles,
            });
        }
    }
    checked
}

fn source(
    report: &mut Report<'_>,
    key: &str,
    entry: &raw::Credentials,
) -> Option<CredentialsSource> {
    match (entry.source, &entry.profile, &entry.file) {
        (raw::Source::Chain, None, None) => Some(CredentialsSource::Chain),
        (raw::Source::Profile, Some(profile), None) => {
            Some(CredentialsSource::Profile(profile.clone()))
        }
        (raw::Source::File, profile, Some(file)) => Some(CredentialsSource::File {
            path: report.path(file),
            profile: profile.clone().unwrap_or_else(|| "default".to_owned()),
        }),
        (raw::Source::Chain, ..) => {
            report.add(key, "source = \"chain\" takes neither profile nor file");
            None
        }
        (raw::Source::Profile, ..) => {
            report.add(key, "source = \"profile\" takes profile, and no file");
            None
        }
        (raw::Source::File, _, None) => {
            report.add(format!("{key}.file"), "is missing");
            None
        }
    }
}
