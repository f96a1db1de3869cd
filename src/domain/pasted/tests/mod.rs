//! What people paste, and what it names.

mod hostile;

use super::*;

fn site() -> Url {
    Url::parse("https://console.example.com").unwrap()
}

fn read(text: &str) -> Result<Pasted, PastedError> {
    Pasted::read(text, &Partitions::default(), &site())
}

fn place(text: &str) -> Place {
    match read(text) {
        Ok(Pasted::Place(place)) => place,
        other => panic!("{text}: {other:?}"),
    }
}

/// Account, region and page of a text.
fn named(text: &str) -> (String, String, String) {
    let place = place(text);
    let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
    (
        text(place.account.as_ref().map(AccountId::as_str)),
        text(place.region.as_ref().map(Region::as_str)),
        text(place.page.as_ref().map(Destination::as_str)),
    )
}

fn is(text: &str, account: &str, region: &str, page: &str) {
    let (named, wanted) = (named(text), (account, region, page));
    assert_eq!((&*named.0, &*named.1, &*named.2), wanted, "{text}");
}

#[test]
fn a_console_s_address_gives_page_region_and_the_account_of_a_host_that_names_one() {
    is(
        "https://console.aws.amazon.com/s3/home",
        "",
        "",
        "https://console.aws.amazon.com/s3/home",
    );
    is(
        "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Volumes:",
        "",
        "eu-west-1",
        "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Volumes:",
    );
    is(
        "https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/f",
        "111122223333",
        "eu-west-1",
        "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/f",
    );
    is(
        "https://console.aws.amazon.com/cloudwatch/home?tab=x&region=us-east-2#a",
        "",
        "us-east-2",
        "https://console.aws.amazon.com/cloudwatch/home?tab=x&region=us-east-2#a",
    );
    is(
        "https://console.aws.amazon.com/x#/y?region=ap-south-1&z",
        "",
        "ap-south-1",
        "https://console.aws.amazon.com/x#/y?region=ap-south-1&z",
    );
    is(
        "https://s3.console.aws.amazon.com/s3/buckets/logs?region=cn-north-1",
        "",
        "",
        "https://s3.console.aws.amazon.com/s3/buckets/logs?region=cn-north-1",
    );
}

#[test]
fn every_partition_s_console_is_known_for_what_it_is() {
    for (host, partition, region) in [
        ("console.aws.amazon.com", "aws", ""),
        ("us-east-2.console.aws.amazon.com", "aws", "us-east-2"),
        ("health.console.aws.amazon.com", "aws", ""),
        ("console.amazonaws.cn", "aws-cn", ""),
        (
            "cn-northwest-1.console.amazonaws.cn",
            "aws-cn",
            "cn-northwest-1",
        ),
        ("console.amazonaws-us-gov.com", "aws-us-gov", ""),
        (
            "us-gov-east-1.console.amazonaws-us-gov.com",
            "aws-us-gov",
            "us-gov-east-1",
        ),
        (
            "eusc-de-east-1.console.amazonaws-eusc.eu",
            "aws-eusc",
            "eusc-de-east-1",
        ),
    ] {
        let place = place(&format!("https://{host}/x"));
        assert_eq!(place.partition.unwrap().as_str(), partition, "{host}");
        assert_eq!(
            place.region.map_or(String::new(), |r| r.to_string()),
            region
        );
    }
    let session = "https://777788889999-0a1b2c3d.us-gov-west-1.console.amazonaws-us-gov.com/x";
    assert_eq!(place(session).account.unwrap().as_str(), "777788889999");
    assert_eq!(place(session).partition.unwrap().as_str(), "aws-us-gov");
}

#[test]
fn an_account_that_a_page_is_about_is_a_guess_and_two_are_none() {
    let arn = "arn:aws:states:eu-west-1:111122223333:execution:a:b";
    let page = format!("https://eu-west-1.console.aws.amazon.com/states/home#/executions/{arn}");
    let found = place(&page);
    assert_eq!(
        (found.account, found.perhaps.unwrap().as_str()),
        (None, "111122223333")
    );
    let escaped = page.replace(':', "%3A").replace("https%3A", "https:");
    assert_eq!(place(&escaped).perhaps.unwrap().as_str(), "111122223333");
    let other = arn.replace("111122223333", "444455556666");
    assert_eq!(
        place(&format!("{page}?{arn}")).perhaps.unwrap().as_str(),
        "111122223333"
    );
    assert_eq!(place(&format!("{page}?{other}")).perhaps, None);
    // a host that names one is sure
    let sure = page.replace("https://", "https://444455556666-abcd1234.");
    let sure = place(&sure);
    assert_eq!(
        (sure.account.unwrap().as_str(), sure.perhaps),
        ("444455556666", None)
    );
}

#[test]
fn an_arn_leads_to_its_service_in_its_region() {
    is(
        "arn:aws:sqs:eu-west-1:111122223333:orders",
        "111122223333",
        "eu-west-1",
        "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1",
    );
    is(
        "arn:aws:dynamodb:us-east-1:111122223333:table/x",
        "111122223333",
        "us-east-1",
        "https://console.aws.amazon.com/dynamodbv2/home?region=us-east-1",
    );
    // S3 says neither where nor whose, IAM is everywhere
    is(
        "arn:aws:s3:::team-logs/2026/a b.txt"
            .replace(' ', "+")
            .as_str(),
        "",
        "",
        "https://console.aws.amazon.com/s3/buckets/team-logs",
    );
    is(
        "arn:aws:iam::111122223333:user/people/ada",
        "111122223333",
        "",
        "https://console.aws.amazon.com/iam/home#/users/details/ada",
    );
    is(
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "",
        "",
        "https://console.aws.amazon.com/iam/home",
    );
    is(
        "arn:aws-cn:ec2:cn-north-1:123456789012:instance/i-0abc",
        "123456789012",
        "cn-north-1",
        "https://console.amazonaws.cn/ec2/home?region=cn-north-1#InstanceDetails:instanceId=i-0abc",
    );
    is(
        "arn:aws-us-gov:lambda:us-gov-east-1:777788889999:function:f-1:prod",
        "777788889999",
        "us-gov-east-1",
        "https://us-gov-east-1.console.amazonaws-us-gov.com/lambda/home?region=us-gov-east-1#/functions/f-1",
    );
    // a service that nobody here knows
    is(
        "arn:aws:teapots:eu-west-1:111122223333:pot/1",
        "111122223333",
        "eu-west-1",
        "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1",
    );
    // a partition whose console nobody knows
    is(
        "arn:aws-iso:sqs:us-iso-east-1:111122223333:orders",
        "111122223333",
        "us-iso-east-1",
        "",
    );
}

#[test]
fn an_arn_of_a_role_names_it_without_its_path() {
    for (arn, role) in [
        ("arn:aws:iam::111122223333:role/Admin", Some("Admin")),
        ("arn:aws:iam::111122223333:role/team/a/Admin", Some("Admin")),
        (
            "arn:aws:sts::111122223333:assumed-role/Admin/erin@example.com",
            Some("Admin"),
        ),
        (
            "arn:aws:sts::111122223333:assumed-role/Admin",
            Some("Admin"),
        ),
        ("arn:aws:sts::111122223333:federated-user/erin", None),
        ("arn:aws:iam::111122223333:role/", None),
        ("arn:aws:iam::111122223333:role/..", None),
        ("arn:aws:iam::111122223333:user/Admin", None),
        ("arn:aws:iam::111122223333:root", None),
        ("arn:aws:s3:::role/Admin", None),
    ] {
        let named = place(arn).role;
        assert_eq!(named.as_ref().map(RoleName::as_str), role, "{arn}");
    }
    let session = place("arn:aws:sts::111122223333:assumed-role/Admin/x");
    assert_eq!(session.page, None);
}

#[test]
fn a_name_that_is_not_plain_stays_out_of_the_page() {
    for (arn, page) in [
        ("arn:aws:s3:::..", "s3/home"),
        ("arn:aws:s3:::a%2f..", "s3/home"),
        ("arn:aws:s3:::a?region=eu-west-1", "s3/home"),
        ("arn:aws:s3:::a#x", "s3/home"),
        ("arn:aws:iam::111122223333:role/a&b", "iam/home"),
        ("arn:aws:iam::111122223333:role/a=b", "iam/home"),
        ("arn:aws:iam::111122223333:policy/x", "iam/home"),
    ] {
        let page = format!("https://console.aws.amazon.com/{page}");
        assert_eq!(named(arn).2, page, "{arn}");
    }
}

#[test]
fn an_account_is_12_digits_or_three_times_four() {
    for text in [
        "111122223333",
        " 111122223333\n",
        "1111-2222-3333",
        "\t1111-2222-3333 ",
    ] {
        is(text, "111122223333", "", "");
    }
    for text in [
        "11112222333",
        "1111222233334",
        "111-12222-3333",
        "1111-2222-3333-4444",
        "１１１１２２２２３３３３",
    ] {
        assert_eq!(read(text), Err(PastedError::Unknown), "{text}");
    }
}

#[test]
fn a_link_of_ours_is_told_by_its_whole_origin() {
    let link = |path: &str, query: &str| {
        Ok(Pasted::Link {
            path: path.to_owned(),
            query: query.to_owned(),
        })
    };
    let ours = "https://console.example.com";
    assert_eq!(read(ours), link("/", ""));
    assert_eq!(
        read(&format!("{ours}/go/a/B?hours=1#x")),
        link("/go/a/B", "hours=1")
    );
    assert_eq!(read(&format!("{ours}#/x?y")), link("/", ""));
    assert_eq!(read(&format!("{ours}?q=1")), link("/", "q=1"));
    assert_eq!(read("HTTPS://Console.Example.com/go"), link("/go", ""));
    for other in [
        "https://console.example.com.evil.example/go/a/B",
        "https://console.example.com@evil.example/go/a/B",
        "https://console.example.com:8443/go/a/B",
        "https://console.example.comx/go/a/B",
        "https://x.console.example.com/go/a/B",
        "http://console.example.com/go/a/B",
        "//console.example.com/go/a/B",
        "/go/a/B",
        "console.example.com/go/a/B",
    ] {
        assert!(read(other).is_err(), "{other}");
    }
    let port = Url::parse("http://127.0.0.1:8080/").unwrap();
    let read = |text| Pasted::read(text, &Partitions::default(), &port);
    assert_eq!(read("http://127.0.0.1:8080/go/a/B"), link("/go/a/B", ""));
    assert!(read("http://127.0.0.1:80801/go/a/B").is_err());
    assert!(read("http://127.0.0.1/go/a/B").is_err());
}

#[test]
fn what_is_meant_to_be_opened_is_told_from_what_is_looked_for() {
    for text in [
        " https://console.aws.amazon.com/",
        "HTTPS://x",
        "http://127.0.0.1:1/go",
        "arn:",
        "111122223333",
        "1111-2222-3333\n",
    ] {
        assert!(is_meant(text), "{text}");
    }
    for text in [
        "",
        "payments",
        "1111",
        "arn",
        "https",
        "htt\u{f6}s://x",
        "h",
        "the arn:aws",
    ] {
        assert!(!is_meant(text), "{text}");
    }
}
