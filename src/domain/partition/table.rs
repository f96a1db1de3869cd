//! The facts about AWS's partitions: one row each.
//!
//! Sources are AWS's published endpoint lists for STS, IAM and the sign-in hosts, and what working clients use for the
//! console. The consoles of the isolated partitions are not published anywhere: they stay empty until an operator who
//! knows fills them in.

use super::Partition;
use crate::domain::account::{PartitionName, Region};

struct Row {
    name: &'static str,
    region_prefixes: &'static [&'static str],
    default_region: &'static str,
    sts_suffix: &'static str,
    sts_global_host: Option<&'static str>,
    iam_host: &'static str,
    signin_host: &'static str,
    signin_bare_region: Option<&'static str>,
    signin_leading_on: Option<&'static str>,
    console_host: Option<&'static str>,
    console_bare_region: Option<&'static str>,
    saml_audiences: &'static [&'static str],
}

const ROWS: [Row; 8] = [
    Row {
        name: "aws",
        region_prefixes: &[
            "us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-",
        ],
        default_region: "us-east-1",
        sts_suffix: "amazonaws.com",
        sts_global_host: Some("sts.amazonaws.com"),
        iam_host: "iam.amazonaws.com",
        signin_host: "signin.aws.amazon.com",
        signin_bare_region: Some("us-east-1"),
        signin_leading_on: Some("us-east-1.signin.aws.amazon.com"),
        console_host: Some("console.aws.amazon.com"),
        console_bare_region: Some("us-east-1"),
        saml_audiences: &[
            "urn:amazon:webservices",
            "https://signin.aws.amazon.com/saml",
        ],
    },
    Row {
        name: "aws-cn",
        region_prefixes: &["cn-"],
        default_region: "cn-north-1",
        sts_suffix: "amazonaws.com.cn",
        sts_global_host: None,
        iam_host: "iam.cn-north-1.amazonaws.com.cn",
        signin_host: "signin.amazonaws.cn",
        signin_bare_region: Some("cn-north-1"),
        signin_leading_on: None,
        console_host: Some("console.amazonaws.cn"),
        console_bare_region: Some("cn-north-1"),
        saml_audiences: &[
            "urn:amazon:webservices:cn-north-1",
            "https://signin.amazonaws.cn/saml",
        ],
    },
    Row {
        name: "aws-us-gov",
        region_prefixes: &["us-gov-"],
        default_region: "us-gov-west-1",
        sts_suffix: "amazonaws.com",
        sts_global_host: None,
        iam_host: "iam.us-gov.amazonaws.com",
        signin_host: "signin.amazonaws-us-gov.com",
        signin_bare_region: Some("us-gov-west-1"),
        signin_leading_on: None,
        console_host: Some("console.amazonaws-us-gov.com"),
        console_bare_region: Some("us-gov-west-1"),
        saml_audiences: &[
            "urn:amazon:webservices:govcloud",
            "https://signin.amazonaws-us-gov.com/saml",
        ],
    },
    Row {
        name: "aws-eusc",
        region_prefixes: &["eusc-de-"],
        default_region: "eusc-de-east-1",
        sts_suffix: "amazonaws.eu",
        sts_global_host: None,
        iam_host: "iam.eusc-de-east-1.amazonaws.eu",
        signin_host: "signin.amazonaws-eusc.eu",
        signin_bare_region: None,
        signin_leading_on: None,
        console_host: Some("console.amazonaws-eusc.eu"),
        console_bare_region: None,
        saml_audiences: &["https://eusc-de-east-1.signin.amazonaws-eusc.eu/saml"],
    },
    isolated(
        "aws-iso",
        &["us-iso-"],
        "us-iso-east-1",
        ("c2s.ic.gov", "iam.us-iso-east-1.c2s.ic.gov"),
        (
            "signin.c2shome.ic.gov",
            &["https://signin.c2shome.ic.gov/saml"],
        ),
    ),
    isolated(
        "aws-iso-b",
        &["us-isob-"],
        "us-isob-east-1",
        ("sc2s.sgov.gov", "iam.us-isob-east-1.sc2s.sgov.gov"),
        (
            "signin.sc2shome.sgov.gov",
            &["https://signin.sc2shome.sgov.gov/saml"],
        ),
    ),
    isolated(
        "aws-iso-e",
        &["eu-isoe-"],
        "eu-isoe-west-1",
        ("cloud.adc-e.uk", "iam.eu-isoe-west-1.cloud.adc-e.uk"),
        (
            "signin.csphome.adc-e.uk",
            &["https://signin.csphome.adc-e.uk/saml"],
        ),
    ),
    isolated(
        "aws-iso-f",
        &["us-isof-"],
        "us-isof-south-1",
        ("csp.hci.ic.gov", "iam.us-isof-south-1.csp.hci.ic.gov"),
        (
            "signin.csphome.hci.ic.gov",
            &["https://signin.csphome.hci.ic.gov/saml"],
        ),
    ),
];

/// The isolated partitions are all alike: no global endpoint, a bare sign-in host, a console nobody has published.
const fn isolated(
    name: &'static str,
    region_prefixes: &'static [&'static str],
    default_region: &'static str,
    (sts_suffix, iam_host): (&'static str, &'static str),
    signin: (&'static str, &'static [&'static str]),
) -> Row {
    Row {
        name,
        region_prefixes,
        default_region,
        sts_suffix,
        sts_global_host: None,
        iam_host,
        signin_host: signin.0,
        signin_bare_region: Some(default_region),
        signin_leading_on: None,
        console_host: None,
        console_bare_region: None,
        saml_audiences: signin.1,
    }
}

/// The table as checked types.
pub(super) fn partitions() -> Vec<Partition> {
    ROWS.iter().map(checked).collect()
}

fn checked(row: &Row) -> Partition {
    let region = |code: &str| Region::parse(code).expect("the table's regions are well formed");
    let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    Partition {
        name: PartitionName::parse(row.name).expect("the table's names are well formed"),
        region_prefixes: texts(row.region_prefixes),
        default_region: region(row.default_region),
        sts_suffix: row.sts_suffix.to_owned(),
        sts_global_host: row.sts_global_host.map(str::to_owned),
        iam_host: Some(row.iam_host.to_owned()),
        iam_region: region(row.default_region),
        signin_host: row.signin_host.to_owned(),
        signin_bare_region: row.signin_bare_region.map(region),
        signin_leading_on: row.signin_leading_on.map(str::to_owned),
        console_host: row.console_host.map(str::to_owned),
        console_bare_region: row.console_bare_region.map(region),
        saml_audiences: texts(row.saml_audiences),
    }
}
