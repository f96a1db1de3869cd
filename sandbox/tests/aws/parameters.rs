//! The parameters of STS: how long and of which letters each may be, and what works under a deny.

use crate::assume_role::assume;
use crate::support::{ACCOUNT, Aws, Reply, policy};

#[track_caller]
fn names(reply: &Reply, place: &str) {
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (400, "ValidationError")
    );
    let message = reply.expect("Message");
    assert!(
        message.contains(&format!("at '{place}' failed")),
        "{message}"
    );
}

#[actix_web::test]
async fn every_parameter_of_assume_role_keeps_its_length_and_its_letters() {
    let aws = Aws::start();
    let role = format!("arn:aws:iam::{ACCOUNT}:role/Reader");
    let ask = async |name: &str, value: &str| {
        let mut rest = vec![("RoleArn", role.as_str()), (name, value)];
        if name != "RoleSessionName" {
            rest.push(("RoleSessionName", "ada"));
        }
        aws.call(&Aws::broker(), "AssumeRole", &rest).await
    };
    for (name, place, most, bad) in [
        ("RoleSessionName", "roleSessionName", 64, ["a", "a b"]),
        ("SourceIdentity", "sourceIdentity", 64, ["a", "a/b"]),
        ("ExternalId", "externalId", 1224, ["a", "a*b"]),
        (
            "SerialNumber",
            "serialNumber",
            256,
            ["12345678", "1234567 9"],
        ),
        ("TokenCode", "tokenCode", 6, ["12345", "12345x"]),
        ("Policy", "policy", 2048, ["", "\u{100}"]),
        (
            "TransitiveTagKeys.member.1",
            "transitiveTagKeys.1.member",
            128,
            ["", "a*"],
        ),
    ] {
        let long = "1".repeat(most + 1);
        for value in bad.into_iter().chain([long.as_str()]) {
            names(&ask(name, value).await, place);
        }
        let fits = "1".repeat(most);
        let reply = ask(name, &fits).await;
        let message = reply.get("Message").unwrap_or_default();
        assert!(!message.contains("failed to satisfy"), "{name}: {message}");
    }
}

#[actix_web::test]
async fn lists_have_as_many_members_as_they_may_and_no_more() {
    let aws = Aws::start();
    let list = |name: &str, field: &str, value: &str, count: usize| {
        let member = |index| {
            (
                format!("{name}.member.{index}{field}"),
                format!("{value}{index}"),
            )
        };
        (1..=count).map(member).collect::<Vec<_>>()
    };
    let readonly = "arn:aws:iam::aws:policy/ReadOnly";
    for (name, field, value, most, place) in [
        ("PolicyArns", ".arn", readonly, 10, "policyArns"),
        ("TransitiveTagKeys", "", "key-", 50, "transitiveTagKeys"),
    ] {
        for (count, over) in [(most, false), (most + 1, true)] {
            let given = list(name, field, value, count);
            let given: Vec<_> = given
                .iter()
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect();
            let reply = assume(&aws, &Aws::broker(), "Reader", &given).await;
            let message = reply.expect("Message");
            let said = message.contains(&format!("at '{place}' failed"));
            assert_eq!(said, over, "{name} {count}: {message}");
        }
    }
}

#[actix_web::test]
async fn tags_have_keys_and_values_of_their_length_and_letters() {
    let aws = Aws::start();
    let ask = async |key: &str, value: &str| {
        let tag = [("Tags.member.1.Key", key), ("Tags.member.1.Value", value)];
        assume(&aws, &Aws::broker(), "Long", &tag).await
    };
    for (key, value) in [
        ("k".repeat(128), "v".repeat(256)),
        (
            "Größe 1_.:/=+-@".to_owned(),
            "große Büros 2_.:/=+-@".to_owned(),
        ),
    ] {
        ask(&key, &value).await.keys();
    }
    for (key, place) in [("", "tags.1.member.key"), ("a*", "tags.1.member.key")] {
        names(&ask(key, "v").await, place);
    }
    names(&ask(&"k".repeat(129), "v").await, "tags.1.member.key");
    for value in ["a*", &"v".repeat(257)] {
        names(&ask("k", value).await, "tags.1.member.value");
    }
}

#[actix_web::test]
async fn who_one_is_can_be_asked_under_a_deny_of_everything() {
    let aws = Aws::start();
    let session = assume(&aws, &Aws::broker(), "Reader", &[]).await.keys();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let deny = || policy("Deny", "*", "*");
        let user = account.users.get_mut("broker").unwrap();
        user.policies.insert("deny".to_owned(), deny());
        let role = account.role_mut("Reader").unwrap();
        role.policies.insert("deny".to_owned(), deny());
    }
    assert_eq!(
        assume(&aws, &Aws::broker(), "Reader", &[]).await.status,
        403
    );
    for (keys, arn) in [
        (Aws::broker(), format!("arn:aws:iam::{ACCOUNT}:user/broker")),
        (
            session,
            format!("arn:aws:sts::{ACCOUNT}:assumed-role/Reader/ada"),
        ),
    ] {
        let reply = aws.call(&keys, "GetCallerIdentity", &[]).await;
        assert_eq!(reply.expect("Arn"), arn);
    }
    let session = aws.call(&Aws::broker(), "GetSessionToken", &[]).await;
    session.keys();
}
