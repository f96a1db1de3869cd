//! The partitions of AWS: which hosts serve them, which regions are theirs, what their ARNs begin with.
//!
//! Owns the rules that turn a partition and a region into a host name. The facts themselves are one table of data
//! (`table`); an operator adds to it or corrects it by `[aws.partitions.NAME]` (`overrides`). Knows nothing of how
//! the hosts are spoken to.

mod overrides;
mod table;

use std::collections::BTreeMap;

use super::account::{PartitionName, Region};

pub use overrides::{PartitionOverrides, PartitionProblem};

/// One partition of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    name: PartitionName,
    region_prefixes: Vec<String>,
    default_region: Region,
    sts_suffix: String,
    sts_global_host: Option<String>,
    iam_host: Option<String>,
    iam_region: Region,
    signin_host: String,
    signin_bare_region: Option<Region>,
    signin_leading_on: Option<String>,
    console_host: Option<String>,
    console_bare_region: Option<Region>,
    saml_audiences: Vec<String>,
}

/// Which of STS's endpoints is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StsEndpoint<'a> {
    /// The one of a region: its tokens are valid in every region.
    Regional(&'a Region),
    /// The one without a region, where the partition has it.
    Global,
}

/// A host that speaks STS, and the region that requests to it are signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StsHost {
    /// The host's name.
    pub host: String,
    /// The region in the signature's scope.
    pub signing_region: Region,
}

/// The partition has no such host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The region belongs elsewhere.
    #[error("region {region} is not one of partition {partition}")]
    ForeignRegion {
        /// The region asked for.
        region: Region,
        /// The partition it is not in.
        partition: PartitionName,
    },
    /// Only the commercial partition has a global STS endpoint.
    #[error("partition {0} has no global STS endpoint")]
    NoGlobalSts(PartitionName),
    /// Nobody has published the console's host; the configuration can name it.
    #[error(
        "the console's host in partition {0} is not known: set aws.partitions.{0}.console_host"
    )]
    ConsoleUnknown(PartitionName),
}

impl Partition {
    /// Its name, as it stands in ARNs.
    pub fn name(&self) -> &PartitionName {
        &self.name
    }

    /// The region to use where nobody chose one.
    pub fn default_region(&self) -> &Region {
        &self.default_region
    }

    /// Whether a region is one of this partition: one of its prefixes, then one word and a number.
    pub fn has_region(&self, region: &Region) -> bool {
        self.region_prefixes.iter().any(|prefix| {
            region
                .as_str()
                .strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.split('-').count() == 2)
        })
    }

    /// The STS host for an endpoint.
    pub fn sts_host(&self, endpoint: StsEndpoint<'_>) -> Result<StsHost, HostError> {
        match endpoint {
            StsEndpoint::Regional(region) => {
                self.expect_region(region)?;
                Ok(StsHost {
                    host: format!("sts.{region}.{}", self.sts_suffix),
                    signing_region: region.clone(),
                })
            }
            StsEndpoint::Global => self
                .sts_global_host
                .as_ref()
                .map(|host| StsHost {
                    host: host.clone(),
                    signing_region: self.default_region.clone(),
                })
                .ok_or_else(|| HostError::NoGlobalSts(self.name.clone())),
        }
    }

    /// The host of IAM, and the region that requests to it are signed for: a partition keeps its IAM in one place. `None`
    /// where nobody has said which.
    pub fn iam_host(&self) -> Option<(&str, &Region)> {
        Some((self.iam_host.as_deref()?, &self.iam_region))
    }

    /// The host of the federation endpoint for a region. A token is redeemed on the host that gave it.
    pub fn signin_host(&self, region: &Region) -> Result<String, HostError> {
        self.expect_region(region)?;
        Ok(prefixed(
            region,
            self.signin_bare_region.as_ref(),
            &self.signin_host,
        ))
    }

    /// The sign-in host whose sign-out leads on to where it is told, where the partition has one.
    pub fn signin_host_leading_on(&self) -> Option<&str> {
        self.signin_leading_on.as_deref()
    }

    /// The console's host for a region; without one, the host that goes to the region last used.
    pub fn console_host(&self, region: Option<&Region>) -> Result<String, HostError> {
        let bare = self
            .console_host
            .as_deref()
            .ok_or_else(|| HostError::ConsoleUnknown(self.name.clone()))?;
        let Some(region) = region else {
            return Ok(bare.to_owned());
        };
        self.expect_region(region)?;
        Ok(prefixed(region, self.console_bare_region.as_ref(), bare))
    }

    /// What a SAML assertion must name as its audience for AWS to take it, the usual one first.
    pub fn saml_audiences(&self) -> &[String] {
        &self.saml_audiences
    }

    /// Whether AWS would see itself in this audience. Beside the listed ones some providers put a fragment after the
    /// address, to tell several applications apart.
    pub fn is_saml_audience(&self, audience: &str) -> bool {
        self.saml_audiences.iter().any(|known| {
            audience == known
                || (known.starts_with("https://")
                    && audience
                        .strip_prefix(known.as_str())
                        .is_some_and(|rest| rest.starts_with('#')))
        })
    }

    /// What the ARNs of AWS's own managed policies begin with.
    pub fn managed_policy_prefix(&self) -> String {
        format!("arn:{}:iam::aws:policy/", self.name)
    }

    fn expect_region(&self, region: &Region) -> Result<(), HostError> {
        if self.has_region(region) {
            return Ok(());
        }
        Err(HostError::ForeignRegion {
            region: region.clone(),
            partition: self.name.clone(),
        })
    }
}

fn prefixed(region: &Region, bare_region: Option<&Region>, host: &str) -> String {
    if bare_region == Some(region) {
        host.to_owned()
    } else {
        format!("{region}.{host}")
    }
}

/// All partitions that this installation knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partitions {
    by_name: BTreeMap<PartitionName, Partition>,
}

impl Default for Partitions {
    fn default() -> Self {
        Self {
            by_name: table::partitions()
                .into_iter()
                .map(|partition| (partition.name.clone(), partition))
                .collect(),
        }
    }
}

impl Partitions {
    /// The partition of that name.
    pub fn get(&self, name: &PartitionName) -> Option<&Partition> {
        self.by_name.get(name)
    }

    /// The partition that a region belongs to.
    pub fn of_region(&self, region: &Region) -> Option<&Partition> {
        self.by_name.values().find(|p| p.has_region(region))
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Partition> {
        self.by_name.values()
    }
}

#[cfg(test)]
mod tests;
