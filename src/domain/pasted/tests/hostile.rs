//! What must name nothing; and whatever comes of any text, it lies on a console.

use proptest::prelude::*;

use super::*;
use crate::domain::properties;

#[test]
fn what_names_nothing_is_refused_with_its_own_reason() {
    use PastedError as E;
    let long = format!("https://console.aws.amazon.com/{}", "a".repeat(2_048));
    let longer = "a".repeat(LONGEST + 1);
    for (text, error) in [
        ("", E::Empty),
        (" \t\n", E::Empty),
        (longer.as_str(), E::TooLong),
        (long.as_str(), E::TooLong),
        (
            "https://console.aws.amazon.com/\u{202e}",
            E::ForbiddenCharacter,
        ),
        (
            "https://console.aws.amazon.com/\r\nx",
            E::ForbiddenCharacter,
        ),
        ("arn:aws:s3:::a\u{0}", E::ForbiddenCharacter),
        ("https:\\\\console.aws.amazon.com", E::ForbiddenCharacter),
        ("payments prod", E::Unknown),
        ("console.aws.amazon.com/s3", E::Unknown),
        ("http://console.aws.amazon.com/", E::NotHttps),
        (
            "javascript://console.aws.amazon.com/%0aalert(1)",
            E::NotHttps,
        ),
        ("https://user@console.aws.amazon.com/", E::BadAuthority),
        ("https://console.aws.amazon.com:443/", E::BadAuthority),
        ("https://c\u{43e}nsole.aws.amazon.com/", E::BadAuthority),
        (
            "https://console.aws.amazon.com.evil.example/",
            E::ForeignHost,
        ),
        (
            "https://evil.example/#https://console.aws.amazon.com/",
            E::ForeignHost,
        ),
        ("https://xn--cnsole-xxa.aws.amazon.com/", E::ForeignHost),
        (
            "https://111122223333.console.aws.amazon.com/",
            E::ForeignHost,
        ),
    ] {
        assert_eq!(read(text), Err(error), "{text}");
    }
}

#[test]
fn an_arn_that_is_none_is_refused_for_the_part_that_is_wrong() {
    use PastedError as E;
    for (text, error) in [
        ("arn:", E::NoArn),
        ("arn:aws:s3", E::NoArn),
        ("arn:aws:s3:::", E::NoArn),
        ("arn:aws:s3:::a b", E::NoArn),
        ("arn:evil:s3:::a", E::ArnPartition),
        ("arn:AWS:s3:::a", E::ArnPartition),
        ("arn:aws:S3:::a", E::ArnService),
        ("arn:aws:../x:::a", E::ArnService),
        ("arn:aws::::a", E::ArnService),
        (
            "arn:aws:sqs:eu-west-1.evil.example:111122223333:a",
            E::ArnRegion,
        ),
        ("arn:aws:sqs:cn-north-1:111122223333:a", E::ArnRegion),
        ("arn:aws:sqs:*:111122223333:a", E::ArnRegion),
        ("arn:aws:sqs:eu-west-1:1111:a", E::ArnAccount),
        ("arn:aws:sqs:eu-west-1:*:a", E::ArnAccount),
    ] {
        assert_eq!(read(text), Err(error), "{text}");
    }
}

/// Whatever comes out can be opened, or was refused; and what is opened lies on a console of that partition.
fn holds_what_it_promises(text: &str) -> Result<(), TestCaseError> {
    let partitions = Partitions::default();
    let Ok(Pasted::Place(place)) = Pasted::read(text, &partitions, &site()) else {
        return Ok(());
    };
    let Some(page) = place.page else {
        return Ok(());
    };
    let partition = partitions.get(&place.partition.unwrap()).unwrap();
    let base = partition.console_host(None).unwrap();
    let host = page.url().host_str().unwrap();
    prop_assert!(
        host == base || host.ends_with(&format!(".{base}")),
        "{}",
        host
    );
    prop_assert_eq!(page.url().scheme(), "https");
    prop_assert!(page.url().username().is_empty() && page.url().port().is_none());
    let again = Destination::parse(page.as_str(), partition);
    prop_assert_eq!(again.as_ref(), Ok(&page));
    Ok(())
}

proptest! {
    #![proptest_config(properties::cases(300, 100_000))]

    #[test]
    fn no_text_names_a_page_that_is_no_console_s(text in "\\PC{0,60}") {
        holds_what_it_promises(&text)?;
    }

    #[test]
    fn no_address_names_a_page_that_is_no_console_s(
        front in "[a-z0-9@:/.%-]{0,20}",
        host in "(eu-west-1\\.|111122223333-abcd1234\\.|s3\\.|x\\.)*console\\.(aws\\.amazon\\.com|amazonaws\\.cn)",
        behind in "[a-zA-Z0-9@:/.?#&=%+;*\\[\\] -]{0,60}",
    ) {
        holds_what_it_promises(&format!("https://{front}{host}{behind}"))?;
        holds_what_it_promises(&format!("https://{host}/{behind}"))?;
    }

    #[test]
    fn no_arn_names_a_page_that_is_no_console_s(
        service in "(s3|iam|ec2|lambda|sts|sqs|[a-z]{1,6})",
        region in "(|eu-west-1|us-east-1|cn-north-1)",
        resource in "(role/|instance/|function:|user/|)[a-zA-Z0-9@:/.?#&=%+;*\"<> -]{0,40}",
    ) {
        for partition in ["aws", "aws-cn", "aws-iso"] {
            let text = format!("arn:{partition}:{service}:{region}:111122223333:{resource}");
            holds_what_it_promises(&text)?;
        }
    }
}
