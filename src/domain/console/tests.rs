//! Destinations: what must come through unchanged, and several hundred texts that must not.

use super::*;
use crate::domain::account::PartitionName;
use crate::domain::partition::Partitions;
use crate::domain::role::RoleKey;
use crate::domain::scope::ScopeName;

fn partition(name: &str) -> Partition {
    Partitions::default()
        .get(&PartitionName::parse(name).unwrap())
        .unwrap()
        .clone()
}

fn region(code: &str) -> Region {
    Region::parse(code).unwrap()
}

fn parse(text: &str) -> Result<Destination, DestinationError> {
    Destination::parse(text, &partition("aws"))
}

#[test]
fn console_pages_come_through_unchanged_with_query_and_fragment() {
    for text in [
        "https://console.aws.amazon.com/",
        "https://console.aws.amazon.com/s3/buckets?region=eu-west-1&prefix=a%2Fb",
        "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda",
        "https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1#Instances:instanceState=running;v=3",
        "https://s3.console.aws.amazon.com/s3/buckets/a?tab=objects",
    ] {
        assert_eq!(parse(text).unwrap().as_str(), text);
    }
    assert_eq!(
        parse("https://CONSOLE.aws.amazon.com?a=b")
            .unwrap()
            .as_str(),
        "https://console.aws.amazon.com/?a=b"
    );
}

#[test]
fn the_host_of_one_among_several_sessions_becomes_the_plain_one() {
    assert_eq!(
        parse("https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:")
            .unwrap()
            .as_str(),
        "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:"
    );
    for text in [
        "https://111122223333-abcd123.eu-west-1.console.aws.amazon.com/",
        "https://11112222333-abcd1234.eu-west-1.console.aws.amazon.com/",
        "https://evil.eu-west-1.console.aws.amazon.com/",
        "https://111122223333-abcd1234.evil.console.aws.amazon.com/",
        "https://111122223333-abcd1234.cn-north-1.console.aws.amazon.com/",
    ] {
        assert!(
            matches!(parse(text), Err(DestinationError::ForeignHost { .. })),
            "{text}"
        );
    }
}

#[test]
fn each_partition_takes_its_own_consoles_and_no_others() {
    let pages = [
        ("aws", "https://eu-west-1.console.aws.amazon.com/"),
        (
            "aws-us-gov",
            "https://us-gov-east-1.console.amazonaws-us-gov.com/",
        ),
        ("aws-cn", "https://console.amazonaws.cn/"),
        (
            "aws-eusc",
            "https://eusc-de-east-1.console.amazonaws-eusc.eu/",
        ),
    ];
    for (owner, page) in pages {
        for (name, _) in pages {
            let result = Destination::parse(page, &partition(name));
            assert_eq!(result.is_ok(), owner == name, "{page} in {name}");
        }
    }
    assert!(matches!(
        Destination::parse("https://console.aws.amazon.com/", &partition("aws-iso")),
        Err(DestinationError::Host(HostError::ConsoleUnknown(_)))
    ));
}

#[test]
fn home_and_with_region_build_the_region_s_own_address() {
    let aws = partition("aws");
    let home = |code: Option<&str>| {
        Destination::home(&aws, code.map(region).as_ref())
            .unwrap()
            .as_str()
            .to_owned()
    };
    assert_eq!(home(None), "https://console.aws.amazon.com/console/home");
    assert_eq!(
        home(Some("us-east-1")),
        "https://console.aws.amazon.com/console/home?region=us-east-1"
    );
    assert_eq!(
        home(Some("eu-west-1")),
        "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1"
    );
    assert!(Destination::home(&aws, Some(&region("cn-north-1"))).is_err());
    let moved = parse(
        "https://eu-west-1.console.aws.amazon.com/ec2/home?a=1&region=eu-west-1&b=2#Instances:",
    )
    .unwrap()
    .with_region(&aws, &region("eu-central-1"))
    .unwrap();
    assert_eq!(
        moved.as_str(),
        "https://eu-central-1.console.aws.amazon.com/ec2/home?a=1&region=eu-central-1&b=2#Instances:"
    );
    let added = parse("https://console.aws.amazon.com/s3/buckets")
        .unwrap()
        .with_region(&aws, &region("eu-west-1"))
        .unwrap();
    assert_eq!(
        added.as_str(),
        "https://eu-west-1.console.aws.amazon.com/s3/buckets?region=eu-west-1"
    );
}

#[test]
fn no_hostile_text_becomes_a_destination() {
    let texts = super::hostile::texts();
    assert!(texts.len() > 1_000, "{}", texts.len());
    for text in texts {
        for name in ["aws", "aws-cn", "aws-us-gov", "aws-eusc"] {
            let partition = partition(name);
            if let Ok(destination) = Destination::parse(&text, &partition) {
                let base = partition.console_host(None).unwrap();
                assert_eq!(
                    destination.url().host_str(),
                    Some(base.as_str()),
                    "{text:?}"
                );
                assert!(name != "aws", "{text:?} passed as {destination:?}");
            }
        }
    }
}

#[test]
fn what_stands_behind_the_host_cannot_move_it() {
    for tail in [
        "/@evil.example/",
        "/%2f%2fevil.example",
        "//evil.example/",
        "/..//evil.example",
        "/../../x",
        "?@evil.example",
        "#@evil.example",
        "/?redirect=https://evil.example/",
        "#//evil.example",
        "/;@evil.example",
        "/ evil",
        "/\u{e9}",
        "/<script>",
        "/'\"><img>",
        "?a=b?c#d#e",
        "/%",
        "/%zz",
        "/%00",
        "/%0d%0aLocation:%20x",
        "/[x]{y}|z^`",
    ] {
        let destination = parse(&format!("https://console.aws.amazon.com{tail}")).unwrap();
        assert_eq!(
            destination.url().host_str(),
            Some("console.aws.amazon.com"),
            "{tail}"
        );
        assert!(
            destination
                .as_str()
                .starts_with("https://console.aws.amazon.com/"),
            "{tail}"
        );
        assert!(
            destination.as_str().bytes().all(|b| b.is_ascii_graphic()),
            "{tail}"
        );
    }
}

#[test]
fn the_error_names_what_is_wrong() {
    assert_eq!(
        parse("https://console.aws.amazon.com/\t"),
        Err(DestinationError::ForbiddenCharacter)
    );
    assert_eq!(
        parse("http://console.aws.amazon.com/"),
        Err(DestinationError::NotHttps)
    );
    assert_eq!(
        parse("https://console.aws.amazon.com:443/"),
        Err(DestinationError::BadAuthority)
    );
    assert_eq!(
        parse("https://u@console.aws.amazon.com/"),
        Err(DestinationError::BadAuthority)
    );
    assert_eq!(
        parse("https://evil.example/").unwrap_err().to_string(),
        "evil.example is not a console of partition aws"
    );
}

fn link<'a>(role: &'a RoleKey, destination: Option<&'a Destination>) -> ConsoleLink<'a> {
    ConsoleLink {
        role,
        destination,
        region: None,
        scope: None,
        hours: None,
    }
}

#[test]
fn the_link_says_role_destination_region_scope_and_hours_escaped() {
    let public: Url = "https://console.example.com".parse().unwrap();
    let role = RoleKey::parse("payments-prod/Read+Only=x@y,z").unwrap();
    let destination =
        parse("https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:a&b")
            .unwrap();
    let (region, scope) = (region("eu-west-1"), ScopeName::parse("read-only").unwrap());
    let whole = ConsoleLink {
        role: &role,
        destination: Some(&destination),
        region: Some(&region),
        scope: Some(&scope),
        hours: Some(4),
    };
    let text = whole.url(&public);
    let read: Url = text.parse().unwrap();
    assert!(text.starts_with(
        "https://console.example.com/go/payments-prod/Read+Only=x@y,z?destination=https%3A%2F%2F"
    ));
    let pairs: Vec<(String, String)> = read.query_pairs().into_owned().collect();
    assert_eq!(
        pairs,
        [
            ("destination", destination.as_str()),
            ("region", "eu-west-1"),
            ("scope", "read-only"),
            ("hours", "4")
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(
        link(&role, None).url(&"https://a.example/base/".parse().unwrap()),
        "https://a.example/base/go/payments-prod/Read+Only=x@y,z"
    );
}

#[test]
fn a_shared_link_says_where_and_leaves_the_role_to_its_reader() {
    let public: Url = "https://console.example.com".parse().unwrap();
    let role = RoleKey::parse("payments-prod/ReadOnly").unwrap();
    let page = parse("https://console.aws.amazon.com/s3/home").unwrap();
    let (region, scope) = (region("eu-west-1"), ScopeName::parse("read-only").unwrap());
    let whole = ConsoleLink {
        role: &role,
        destination: Some(&page),
        region: Some(&region),
        scope: Some(&scope),
        hours: Some(4),
    };
    assert_eq!(
        whole.shared(&public),
        "https://console.example.com/go/payments-prod?destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2Fhome\
         &region=eu-west-1"
    );
    let long = format!("https://console.aws.amazon.com/x#{}", "%2F".repeat(600));
    let long = parse(&long).unwrap();
    assert_eq!(
        link(&role, Some(&long)).shared(&public),
        "https://console.example.com/go/payments-prod"
    );
}

#[test]
fn a_link_over_its_length_loses_the_destination_and_nothing_else() {
    let public: Url = "https://console.example.com".parse().unwrap();
    let role = RoleKey::parse("payments-prod/ReadOnly").unwrap();
    let long = parse(&format!(
        "https://console.aws.amazon.com/x#{}",
        "%2F".repeat(600)
    ))
    .unwrap();
    let region = region("eu-west-1");
    let text = ConsoleLink {
        region: Some(&region),
        ..link(&role, Some(&long))
    }
    .url(&public);
    assert_eq!(
        text,
        "https://console.example.com/go/payments-prod/ReadOnly?region=eu-west-1"
    );
    let short = parse(&format!(
        "https://console.aws.amazon.com/x#{}",
        "a".repeat(1_900)
    ))
    .unwrap();
    let text = link(&role, Some(&short)).url(&public);
    assert!(
        text.contains("destination=") && text.len() <= LONGEST,
        "{}",
        text.len()
    );
}
