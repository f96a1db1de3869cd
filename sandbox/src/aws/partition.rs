//! The partitions the sandbox plays, their regions, and what each simulated host name stands for.
//!
//! Knows host names only; what a host answers is the business of its own module. Follows the
//! endpoint tables of AWS's service models for the partitions `aws` and `aws-us-gov`.

use serde::{Deserialize, Serialize};

/// A partition: accounts, credentials and ARNs never cross from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Partition {
    /// The commercial partition, `aws`.
    #[serde(rename = "aws")]
    Aws,
    /// `GovCloud`, `aws-us-gov`.
    #[serde(rename = "aws-us-gov")]
    UsGov,
}

const AWS_DEFAULT_REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
];
const AWS_OPT_IN_REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-west-1",
];
const GOV_REGIONS: &[&str] = &["us-gov-west-1", "us-gov-east-1"];

impl Partition {
    /// Both partitions.
    pub const ALL: [Self; 2] = [Self::Aws, Self::UsGov];

    /// The name that stands in ARNs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::UsGov => "aws-us-gov",
        }
    }

    /// The partition whose ARNs carry `name`.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|partition| partition.name() == name)
    }

    /// The host of the federation endpoint, without a region.
    pub fn signin_host(self) -> &'static str {
        match self {
            Self::Aws => "signin.aws.amazon.com",
            Self::UsGov => "signin.amazonaws-us-gov.com",
        }
    }

    /// The host of the console, without a region.
    pub fn console_host(self) -> &'static str {
        match self {
            Self::Aws => "console.aws.amazon.com",
            Self::UsGov => "console.amazonaws-us-gov.com",
        }
    }

    /// The host of IAM, one for the whole partition.
    pub fn iam_host(self) -> &'static str {
        match self {
            Self::Aws => "iam.amazonaws.com",
            Self::UsGov => "iam.us-gov.amazonaws.com",
        }
    }

    /// The region that requests to IAM are signed for.
    pub fn iam_region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-1",
            Self::UsGov => "us-gov-west-1",
        }
    }

    /// Whether `region` is one of this partition's.
    pub fn has_region(self, region: &str) -> bool {
        self.is_default_region(region) || self.is_opt_in_region(region)
    }

    /// Whether accounts have `region` from the start.
    pub fn is_default_region(self, region: &str) -> bool {
        match self {
            Self::Aws => AWS_DEFAULT_REGIONS.contains(&region),
            Self::UsGov => GOV_REGIONS.contains(&region),
        }
    }

    /// Whether accounts must ask for `region` first.
    pub fn is_opt_in_region(self, region: &str) -> bool {
        self == Self::Aws && AWS_OPT_IN_REGIONS.contains(&region)
    }
}

/// What a simulated host name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// An STS endpoint.
    Sts(StsHost),
    /// The IAM endpoint of a partition.
    Iam(Partition),
    /// The sign-in host, with the region of a regional form.
    Signin {
        /// Its partition.
        partition: Partition,
        /// The region in front of the bare host, if any.
        region: Option<String>,
    },
    /// A console host: bare, regional, or of one session of a multi-session browser.
    Console {
        /// Its partition.
        partition: Partition,
        /// All labels in front of the bare host, if any.
        prefix: Option<String>,
    },
}

/// An STS endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StsHost {
    /// Its partition.
    pub partition: Partition,
    /// The region requests are signed for.
    pub region: String,
    /// Whether it is the global endpoint `sts.amazonaws.com`.
    pub global: bool,
}

impl Host {
    /// Reads a host name; `None` for a host the sandbox does not play.
    pub fn parse(host: &str) -> Option<Self> {
        if let Some(sts) = StsHost::parse(host) {
            return Some(Self::Sts(sts));
        }
        let iam = |partition: &Partition| partition.iam_host() == host;
        if let Some(partition) = Partition::ALL.into_iter().find(iam) {
            return Some(Self::Iam(partition));
        }
        Partition::ALL.into_iter().find_map(|partition| {
            if let Some(prefix) = labels_before(host, partition.signin_host()) {
                let region = (!prefix.is_empty()).then(|| prefix.to_owned());
                let known = region
                    .as_deref()
                    .is_none_or(|region| partition.has_region(region));
                return known.then_some(Self::Signin { partition, region });
            }
            let prefix = labels_before(host, partition.console_host())?;
            Some(Self::Console {
                partition,
                prefix: (!prefix.is_empty()).then(|| prefix.to_owned()),
            })
        })
    }
}

impl StsHost {
    fn parse(host: &str) -> Option<Self> {
        if host == "sts.amazonaws.com" {
            let region = "us-east-1".to_owned();
            return Some(Self {
                partition: Partition::Aws,
                region,
                global: true,
            });
        }
        let region = host
            .strip_suffix(".amazonaws.com")
            .or_else(|| host.strip_suffix(".api.aws"))?;
        let region = region
            .strip_prefix("sts.")
            .or_else(|| region.strip_prefix("sts-fips."))?;
        let partition = Partition::ALL
            .into_iter()
            .find(|one| one.has_region(region))?;
        Some(Self {
            partition,
            region: region.to_owned(),
            global: false,
        })
    }
}

/// The labels in front of `bare`, empty when `host` is just that; `None` for another host.
fn labels_before<'a>(host: &'a str, bare: &str) -> Option<&'a str> {
    let rest = host.strip_suffix(bare)?;
    if rest.is_empty() {
        return Some(rest);
    }
    let labels = rest.strip_suffix('.')?;
    let clean = !labels.is_empty()
        && labels
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    clean.then_some(labels)
}

#[cfg(test)]
mod tests {
    use super::{Host, Partition, StsHost};

    #[test]
    fn the_global_endpoint_is_signed_for_us_east_1() {
        let expected = StsHost {
            partition: Partition::Aws,
            region: "us-east-1".to_owned(),
            global: true,
        };
        assert_eq!(Host::parse("sts.amazonaws.com"), Some(Host::Sts(expected)));
    }

    #[test]
    fn the_commercial_partition_has_thirty_six_regions_and_none_is_another_s() {
        let (default, opt_in) = (super::AWS_DEFAULT_REGIONS, super::AWS_OPT_IN_REGIONS);
        assert_eq!(default.len() + opt_in.len(), 36);
        for region in default.iter().chain(opt_in) {
            assert!(Partition::Aws.has_region(region) && !Partition::UsGov.has_region(region));
            let both = default.contains(region) && opt_in.contains(region);
            assert!(!both, "{region}");
        }
        assert!(!Partition::Aws.has_region("us-gov-west-1"));
    }

    #[test]
    fn regional_hosts_carry_their_partition() {
        for (host, partition, region) in [
            ("sts.eu-west-1.amazonaws.com", Partition::Aws, "eu-west-1"),
            (
                "sts-fips.us-east-2.amazonaws.com",
                Partition::Aws,
                "us-east-2",
            ),
            ("sts.eu-west-1.api.aws", Partition::Aws, "eu-west-1"),
            (
                "sts.us-gov-west-1.api.aws",
                Partition::UsGov,
                "us-gov-west-1",
            ),
            (
                "sts.us-gov-east-1.amazonaws.com",
                Partition::UsGov,
                "us-gov-east-1",
            ),
        ] {
            let Some(Host::Sts(sts)) = Host::parse(host) else {
                panic!("{host} is an STS host")
            };
            assert_eq!(
                (sts.partition, sts.region.as_str(), sts.global),
                (partition, region, false)
            );
        }
    }

    #[test]
    fn iam_has_one_host_and_one_signing_region_in_each_partition() {
        for (host, partition, region) in [
            ("iam.amazonaws.com", Partition::Aws, "us-east-1"),
            (
                "iam.us-gov.amazonaws.com",
                Partition::UsGov,
                "us-gov-west-1",
            ),
        ] {
            assert_eq!(Host::parse(host), Some(Host::Iam(partition)));
            assert_eq!(partition.iam_region(), region);
        }
    }

    #[test]
    fn look_alikes_and_unknown_regions_are_no_hosts() {
        for host in [
            "",
            "sts",
            "sts.amazonaws.com.evil.example",
            "sts.mars-1.amazonaws.com",
            "evilsts.amazonaws.com",
            "evilsignin.aws.amazon.com",
            "mars-1.signin.aws.amazon.com",
            ".console.aws.amazon.com",
            "a@console.aws.amazon.com",
            "sts.us-east-1.amazonaws.com.cn",
            "sts.api.aws",
            "sts.mars-1.api.aws",
            "iam.eu-west-1.amazonaws.com",
            "eviliam.amazonaws.com",
        ] {
            assert_eq!(Host::parse(host), None, "{host}");
        }
    }

    #[test]
    fn console_hosts_keep_what_stands_before_them() {
        let host = Host::parse("111122223333-abcdefgh.eu-west-1.console.aws.amazon.com");
        let prefix = Some("111122223333-abcdefgh.eu-west-1".to_owned());
        assert_eq!(
            host,
            Some(Host::Console {
                partition: Partition::Aws,
                prefix
            })
        );
    }
}
