//! `[aws.partitions.NAME]`: what an operator adds to the table of partitions, or corrects in it.
//!
//! Owns the checks of such an entry; reports every problem at once, each with its key path. Knows nothing of the rest
//! of the configuration.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Partition, Partitions};
use crate::domain::account::{PartitionName, Region};

/// One entry `[aws.partitions.NAME]`: every key given replaces the table's. A partition that the table lacks needs
/// `region_prefixes`, `default_region`, `sts_suffix` and `signin_host`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartitionOverrides {
    /// What its regions' codes begin with, such as `us-gov-`.
    pub region_prefixes: Option<Vec<String>>,
    /// The region to use where nobody chose one.
    pub default_region: Option<Region>,
    /// What follows `sts.{region}.`.
    pub sts_suffix: Option<String>,
    /// The host of a global STS endpoint.
    pub sts_global_host: Option<String>,
    /// The host of IAM; signed for the default region in a partition that the table lacks.
    pub iam_host: Option<String>,
    /// The sign-in host without a region.
    pub signin_host: Option<String>,
    /// The region that the bare sign-in host serves; without it every region stands in front.
    pub signin_bare_region: Option<Region>,
    /// The console's host without a region.
    pub console_host: Option<String>,
    /// The region that the bare console host serves.
    pub console_bare_region: Option<Region>,
    /// Audiences of SAML assertions that AWS takes, the usual one first.
    pub saml_audiences: Option<Vec<String>>,
}

/// Something wrong in an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct PartitionProblem {
    /// The key's path in the configuration.
    pub key: String,
    /// What is wrong with it.
    pub message: String,
}

impl Partitions {
    /// The table with an operator's entries laid over it, or everything that is wrong with them.
    pub fn with_overrides(
        entries: &BTreeMap<String, PartitionOverrides>,
    ) -> Result<Self, Vec<PartitionProblem>> {
        let mut partitions = Self::default();
        let mut problems = Vec::new();
        for (name, entry) in entries {
            let mut report = Report {
                prefix: format!("aws.partitions.{name}"),
                problems: &mut problems,
            };
            match PartitionName::parse(name) {
                Err(error) => report.add("", &error.to_string()),
                Ok(name) => {
                    entry.check(&mut report);
                    match partitions.by_name.get_mut(&name) {
                        Some(known) => known.lay_over(entry),
                        None => {
                            if let Some(new) = entry.build(&name, &mut report) {
                                partitions.by_name.insert(name, new);
                            }
                        }
                    }
                }
            }
        }
        for partition in partitions.by_name.values() {
            partition.check_regions(&mut problems);
        }
        if problems.is_empty() {
            Ok(partitions)
        } else {
            Err(problems)
        }
    }
}

struct Report<'a> {
    prefix: String,
    problems: &'a mut Vec<PartitionProblem>,
}

impl Report<'_> {
    fn add(&mut self, key: &str, message: &str) {
        let dot = if key.is_empty() { "" } else { "." };
        self.problems.push(PartitionProblem {
            key: format!("{}{dot}{key}", self.prefix),
            message: message.to_owned(),
        });
    }
}

impl PartitionOverrides {
    fn check(&self, report: &mut Report<'_>) {
        let hosts = [
            ("sts_suffix", &self.sts_suffix),
            ("sts_global_host", &self.sts_global_host),
            ("iam_host", &self.iam_host),
            ("signin_host", &self.signin_host),
            ("console_host", &self.console_host),
        ];
        for (key, host) in hosts {
            if host.as_deref().is_some_and(|host| !is_host_name(host)) {
                report.add(
                    key,
                    "is no host name: lower-case letters, digits, - and dots, at least one dot",
                );
            }
        }
        if let Some(prefixes) = &self.region_prefixes {
            let well_formed = |prefix: &String| Region::parse(&format!("{prefix}east-1")).is_ok();
            if prefixes.is_empty() || !prefixes.iter().all(well_formed) {
                report.add(
                    "region_prefixes",
                    "each is like us-gov-, and there is at least one",
                );
            }
        }
        if self.saml_audiences.as_ref().is_some_and(|list| {
            list.is_empty() || list.iter().any(|text| text.is_empty() || text.len() > 1024)
        }) {
            report.add(
                "saml_audiences",
                "each is 1 to 1,024 characters, and there is at least one",
            );
        }
    }

    /// A partition that the table lacks.
    fn build(&self, name: &PartitionName, report: &mut Report<'_>) -> Option<Partition> {
        let missing = [
            ("region_prefixes", self.region_prefixes.is_none()),
            ("default_region", self.default_region.is_none()),
            ("sts_suffix", self.sts_suffix.is_none()),
            ("signin_host", self.signin_host.is_none()),
        ];
        for (key, _) in missing.iter().filter(|(_, missing)| *missing) {
            report.add(
                key,
                "is required: this partition is not in the built-in table",
            );
        }
        let signin_host = self.signin_host.clone()?;
        Some(Partition {
            name: name.clone(),
            region_prefixes: self.region_prefixes.clone()?,
            default_region: self.default_region.clone()?,
            sts_suffix: self.sts_suffix.clone()?,
            sts_global_host: self.sts_global_host.clone(),
            iam_host: self.iam_host.clone(),
            iam_region: self.default_region.clone()?,
            saml_audiences: self
                .saml_audiences
                .clone()
                .unwrap_or_else(|| vec![format!("https://{signin_host}/saml")]),
            signin_host,
            signin_leading_on: None,
            signin_bare_region: self.signin_bare_region.clone(),
            console_host: self.console_host.clone(),
            console_bare_region: self.console_bare_region.clone(),
        })
    }
}

impl Partition {
    fn lay_over(&mut self, entry: &PartitionOverrides) {
        fn replace<T: Clone>(target: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                value.clone_into(target);
            }
        }
        replace(&mut self.region_prefixes, entry.region_prefixes.as_ref());
        replace(&mut self.default_region, entry.default_region.as_ref());
        replace(&mut self.sts_suffix, entry.sts_suffix.as_ref());
        replace(&mut self.signin_host, entry.signin_host.as_ref());
        if entry.signin_host.is_some() {
            // which of an operator's hosts leads on is not known
            self.signin_leading_on = None;
        }
        replace(&mut self.saml_audiences, entry.saml_audiences.as_ref());
        let optional = [
            (&mut self.sts_global_host, &entry.sts_global_host),
            (&mut self.iam_host, &entry.iam_host),
            (&mut self.console_host, &entry.console_host),
        ];
        for (target, value) in optional {
            if value.is_some() {
                target.clone_from(value);
            }
        }
        let regions = [
            (&mut self.signin_bare_region, &entry.signin_bare_region),
            (&mut self.console_bare_region, &entry.console_bare_region),
        ];
        for (target, value) in regions {
            if value.is_some() {
                target.clone_from(value);
            }
        }
    }

    fn check_regions(&self, problems: &mut Vec<PartitionProblem>) {
        let named = [
            ("default_region", Some(&self.default_region)),
            ("signin_bare_region", self.signin_bare_region.as_ref()),
            ("console_bare_region", self.console_bare_region.as_ref()),
        ];
        for (key, region) in named {
            if region.is_some_and(|region| !self.has_region(region)) {
                problems.push(PartitionProblem {
                    key: format!("aws.partitions.{}.{key}", self.name),
                    message: "is not a region of this partition by its region_prefixes".to_owned(),
                });
            }
        }
    }
}

fn is_host_name(text: &str) -> bool {
    text.len() <= 200
        && text.contains('.')
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}
