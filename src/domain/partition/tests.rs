//! The table against AWS's published endpoints, written out again by hand.

use super::*;

fn partition(name: &str) -> Partition {
    Partitions::default()
        .get(&PartitionName::parse(name).unwrap())
        .unwrap()
        .clone()
}

fn region(code: &str) -> Region {
    Region::parse(code).unwrap()
}

/// Partition, region, regional STS host, sign-in host, console host.
const HOSTS: &str = "
aws us-east-1 sts.us-east-1.amazonaws.com signin.aws.amazon.com console.aws.amazon.com
aws eu-west-1 sts.eu-west-1.amazonaws.com eu-west-1.signin.aws.amazon.com eu-west-1.console.aws.amazon.com
aws-cn cn-north-1 sts.cn-north-1.amazonaws.com.cn signin.amazonaws.cn console.amazonaws.cn
aws-cn cn-northwest-1 sts.cn-northwest-1.amazonaws.com.cn cn-northwest-1.signin.amazonaws.cn cn-northwest-1.console.amazonaws.cn
aws-us-gov us-gov-west-1 sts.us-gov-west-1.amazonaws.com signin.amazonaws-us-gov.com console.amazonaws-us-gov.com
aws-us-gov us-gov-east-1 sts.us-gov-east-1.amazonaws.com us-gov-east-1.signin.amazonaws-us-gov.com us-gov-east-1.console.amazonaws-us-gov.com
aws-eusc eusc-de-east-1 sts.eusc-de-east-1.amazonaws.eu eusc-de-east-1.signin.amazonaws-eusc.eu eusc-de-east-1.console.amazonaws-eusc.eu
aws-iso us-iso-west-1 sts.us-iso-west-1.c2s.ic.gov us-iso-west-1.signin.c2shome.ic.gov -
aws-iso-b us-isob-east-1 sts.us-isob-east-1.sc2s.sgov.gov signin.sc2shome.sgov.gov -
aws-iso-e eu-isoe-west-1 sts.eu-isoe-west-1.cloud.adc-e.uk signin.csphome.adc-e.uk -
aws-iso-f us-isof-east-1 sts.us-isof-east-1.csp.hci.ic.gov us-isof-east-1.signin.csphome.hci.ic.gov -";

#[test]
fn every_partition_has_the_hosts_that_aws_publishes() {
    for row in HOSTS.lines().skip(1) {
        let [name, code, sts, signin, console] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("a row of five: {row}")
        };
        let (partition, region) = (partition(name), region(code));
        let host = partition.sts_host(StsEndpoint::Regional(&region)).unwrap();
        assert_eq!((host.host.as_str(), &host.signing_region), (sts, &region));
        assert_eq!(partition.signin_host(&region).unwrap(), signin);
        let found = partition
            .console_host(Some(&region))
            .unwrap_or("-".to_owned());
        assert_eq!(found, console);
        let owner = Partitions::default()
            .of_region(&region)
            .unwrap()
            .name()
            .clone();
        assert_eq!(owner.as_str(), name);
    }
}

#[test]
fn only_the_commercial_partition_has_a_global_sts_and_it_is_signed_for_us_east_1() {
    for partition in Partitions::default().iter() {
        let global = partition.sts_host(StsEndpoint::Global);
        if partition.name().as_str() == "aws" {
            let global = global.unwrap();
            assert_eq!(global.host, "sts.amazonaws.com");
            assert_eq!(global.signing_region.as_str(), "us-east-1");
        } else {
            assert!(matches!(global, Err(HostError::NoGlobalSts(_))));
        }
    }
}

#[test]
fn a_region_belongs_to_exactly_one_partition() {
    let codes = "us-east-1 us-west-2 eu-central-2 ap-southeast-7 sa-east-1 ca-west-1 me-central-1 af-south-1 \
        il-central-1 mx-central-1 cn-north-1 us-gov-east-1 eusc-de-east-1 us-iso-east-1 us-isob-west-1 \
        eu-isoe-west-1 us-isof-south-1";
    for code in codes.split(' ') {
        let owners = Partitions::default()
            .iter()
            .filter(|p| p.has_region(&region(code)))
            .count();
        assert_eq!(owners, 1, "{code}");
    }
    assert!(matches!(
        partition("aws").signin_host(&region("us-gov-west-1")),
        Err(HostError::ForeignRegion { .. })
    ));
    assert!(
        partition("aws-us-gov")
            .sts_host(StsEndpoint::Regional(&region("us-east-1")))
            .is_err()
    );
    assert!(
        partition("aws")
            .console_host(Some(&region("cn-north-1")))
            .is_err()
    );
}

#[test]
fn audiences_are_aws_s_own_and_may_carry_a_fragment() {
    let aws = partition("aws");
    assert!(aws.is_saml_audience("urn:amazon:webservices"));
    assert!(aws.is_saml_audience("https://signin.aws.amazon.com/saml"));
    assert!(aws.is_saml_audience("https://signin.aws.amazon.com/saml#2"));
    for foreign in [
        "urn:amazon:webservices:govcloud",
        "urn:amazon:webservices#2",
        "https://signin.aws.amazon.com/saml2",
        "https://signin.aws.amazon.com/saml/",
        "https://signin.amazonaws.cn/saml",
        "",
    ] {
        assert!(!aws.is_saml_audience(foreign), "{foreign}");
    }
    assert!(partition("aws-us-gov").is_saml_audience("urn:amazon:webservices:govcloud"));
    assert_eq!(
        partition("aws-cn").managed_policy_prefix(),
        "arn:aws-cn:iam::aws:policy/"
    );
}

fn overrides(toml: &str) -> Result<Partitions, Vec<PartitionProblem>> {
    let entries: BTreeMap<String, PartitionOverrides> = toml::from_str(toml).unwrap();
    Partitions::with_overrides(&entries)
}

#[test]
fn an_operator_names_the_console_of_an_isolated_partition_and_adds_a_new_one() {
    let partitions = overrides(
        r#"
        [aws-iso]
        console_host = "console.c2shome.ic.gov"
        [aws-moon]
        region_prefixes = ["moon-"]
        default_region = "moon-north-1"
        sts_suffix = "amazonaws.moon"
        signin_host = "signin.amazonaws.moon"
        "#,
    )
    .unwrap();
    let name = |text| PartitionName::parse(text).unwrap();
    let iso = partitions.get(&name("aws-iso")).unwrap();
    assert_eq!(
        iso.console_host(Some(&region("us-iso-west-1"))).unwrap(),
        "us-iso-west-1.console.c2shome.ic.gov"
    );
    let moon = partitions.get(&name("aws-moon")).unwrap();
    assert_eq!(
        moon.signin_host(&region("moon-north-1")).unwrap(),
        "moon-north-1.signin.amazonaws.moon"
    );
    assert!(moon.is_saml_audience("https://signin.amazonaws.moon/saml"));
}

#[test]
fn all_problems_of_overrides_are_reported_at_once_with_their_keys() {
    let problems = overrides(
        r#"
        [aws]
        console_host = "https://evil.example"
        default_region = "cn-north-1"
        [aws-moon]
        sts_suffix = "amazonaws.moon"
        [moon]
        "#,
    )
    .unwrap_err();
    let keys: Vec<&str> = problems.iter().map(|p| p.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "aws.partitions.aws.console_host",
            "aws.partitions.aws-moon.region_prefixes",
            "aws.partitions.aws-moon.default_region",
            "aws.partitions.aws-moon.signin_host",
            "aws.partitions.moon",
            "aws.partitions.aws.default_region",
        ]
    );
}
