//! Which hosts to call, by partition: worked out once from the table of partitions and the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use crate::config::{AwsConfig, StsChoice};
use crate::domain::account::{PartitionName, Region};
use crate::domain::partition::{Partition, StsEndpoint};

/// The hosts of every partition that can be used.
#[derive(Debug, Clone)]
pub struct Hosts(Arc<BTreeMap<PartitionName, PartitionHosts>>);

/// The hosts of one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionHosts {
    /// Where STS is called: a URL without a trailing slash.
    pub sts_url: String,
    /// The region that STS calls are signed for.
    pub signing_region: Region,
    /// Where IAM is called, and the region that calls to it are signed for, where that is known.
    pub iam: Option<(String, Region)>,
    /// The federation endpoint.
    pub federation_url: String,
    /// Where a sign-in signs the browser out of other consoles first, where the partition can.
    pub leading_on: Option<LeadingOn>,
}

/// A sign-in host whose sign-out leads on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadingOn {
    /// Its federation endpoint: sign-out leads on to nowhere but the host that was asked.
    pub federation_url: String,
    /// Its sign-out.
    pub sign_out_url: String,
}

impl Hosts {
    /// Works them out.
    pub fn new(config: &AwsConfig) -> Self {
        let hosts = config
            .partitions
            .iter()
            .filter_map(|partition| {
                let hosts = of(config, partition)?;
                Some((partition.name().clone(), hosts))
            })
            .collect();
        Self(Arc::new(hosts))
    }

    /// Those of one partition.
    pub fn of(&self, partition: &PartitionName) -> Option<&PartitionHosts> {
        self.0.get(partition)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&PartitionName, &PartitionHosts)> {
        self.0.iter()
    }
}

fn of(config: &AwsConfig, partition: &Partition) -> Option<PartitionHosts> {
    let choice = config.choice(partition);
    let (sts, signin_region) = match &choice {
        StsChoice::Regional(region) => (StsEndpoint::Regional(region), region),
        StsChoice::Global => (StsEndpoint::Global, partition.default_region()),
    };
    let sts = partition.sts_host(sts).ok()?;
    let signin = partition.signin_host(signin_region).ok()?;
    Some(PartitionHosts {
        sts_url: stands_for(config, &sts.host),
        signing_region: sts.signing_region,
        iam: partition
            .iam_host()
            .map(|(host, region)| (stands_for(config, host), region.clone())),
        federation_url: format!("{}/federation", stands_for(config, &signin)),
        leading_on: partition.signin_host_leading_on().map(|host| {
            let host = stands_for(config, host);
            LeadingOn {
                federation_url: format!("{host}/federation"),
                sign_out_url: format!("{host}/oauth"),
            }
        }),
    })
}

/// Where people sign out of the consoles, by partition: of those that the configuration names.
pub fn sign_out_pages(config: &AwsConfig) -> Vec<(String, Url)> {
    let page = |name: &PartitionName| {
        let partition = config.partitions.get(name)?;
        let host = partition.signin_host(partition.default_region()).ok()?;
        let url = stands_for(config, &host);
        Some((
            name.to_string(),
            Url::parse(&format!("{url}/oauth?Action=logout")).ok()?,
        ))
    };
    config.choices.keys().filter_map(page).collect()
}

/// Where a browser is told to keep several consoles of the partition `aws` at once, if that is used; it goes on to the
/// console.
pub fn opt_in_page(config: &AwsConfig) -> Option<Url> {
    let aws = PartitionName::default();
    let partition = config.partitions.get(&aws)?;
    let host = partition.signin_host_leading_on()?;
    let console = stands_for(config, &partition.console_host(None).ok()?);
    let page = format!("{}/sessions/v1/opt-in", stands_for(config, host));
    let onward = format!("{console}/console/home");
    let url = Url::parse_with_params(&page, [("redirect_uri", onward)]).ok()?;
    config.choices.contains_key(&aws).then_some(url)
}

/// The URL of a host, or of what stands in for it.
fn stands_for(config: &AwsConfig, host: &str) -> String {
    config
        .endpoint
        .as_ref()
        .map_or_else(|| format!("https://{host}"), |endpoint| endpoint.url(host))
}
