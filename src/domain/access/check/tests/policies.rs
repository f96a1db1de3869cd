//! Policies, tags and scopes.

use super::methods::ASSUME;
use super::{expect, only_problem, role};

/// A session policy for one resource, as a TOML string.
pub(super) fn policy(body: &str) -> String {
    format!(
        "'{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"{body}\"}}]}}'"
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn policies_and_tags_keep_to_aws_s_limits() {
    let arn = |account: &str| format!("\"arn:aws:iam::{account}:policy/X\"");
    let long = format!("arn:aws:s3:::{}", "a".repeat(1_930));
    let arns = vec![arn("aws"); 11].join(", ");
    let tags: Vec<String> = (0..51).map(|n| format!("t{n} = \"x\"")).collect();
    let rows = [
        (
            "session_policy = \"{\"".to_owned(),
            "roles[5].session_policy: the policy is no JSON",
        ),
        (
            format!("session_policy = {}", policy("{team}")),
            "roles[5].session_policy: an unknown placeholder",
        ),
        (
            format!("session_policy = {}", policy(&"a".repeat(2_048))),
            "roles[5].session_policy: the policy has 2",
        ),
        (
            format!(
                "session_policy = {}\nmanaged_policies = [{}]",
                policy(&long),
                arn("aws")
            ),
            "roles[5]: inline policy and ARNs have 2",
        ),
        (
            format!("managed_policies = [{arns}]"),
            "roles[5].managed_policies: at most 10 managed policies, and there are 11",
        ),
        (
            "managed_policies = [\"ReadOnlyAccess\"]".to_owned(),
            "roles[5].managed_policies[0]: is no managed policy's ARN",
        ),
        (
            "managed_policies = [\"arn:aws:iam::aws:role/X\"]".to_owned(),
            "roles[5].managed_policies[0]: is no managed policy's ARN",
        ),
        (
            "managed_policies = [\"arn:aws-cn:iam::aws:policy/X\"]".to_owned(),
            "roles[5].managed_policies[0]: is of partition aws-cn",
        ),
        (
            format!(
                "managed_policies = [{}, {}]",
                arn("aws"),
                arn("444455556666")
            ),
            "roles[5].managed_policies[1]: is neither AWS's own",
        ),
        (
            format!("tags = {{ {} }}", tags.join(", ")),
            "roles[5].tags: at most 50 tags, and there are 51",
        ),
        (
            "tags = { \"AWS:x\" = \"y\" }".to_owned(),
            "roles[5].tags.AWS:x: keys that begin with aws:",
        ),
        (
            "tags = { \"a*\" = \"y\" }".to_owned(),
            "roles[5].tags.a*: a tag's key",
        ),
        (
            format!("tags = {{ {} = \"y\" }}", "k".repeat(129)),
            "a tag's key",
        ),
        (
            format!("tags = {{ a = \"{}\" }}", "v".repeat(257)),
            "roles[5].tags.a: a tag's value",
        ),
        (
            "tags = { a = \"{group}\" }".to_owned(),
            "roles[5].tags.a: an unknown placeholder",
        ),
        (
            "tags = { team = \"x\", TEAM = \"y\" }".to_owned(),
            "roles[5].tags.team: is the same as tags.TEAM",
        ),
        (
            "transitive_tags = [\"a\"]".to_owned(),
            "roles[5].transitive_tags[0]: is not among the keys of tags",
        ),
        (
            "tags = { a = \"x\" }\ntransitive_tags = [\"a\", \"a\"]".to_owned(),
            "roles[5].transitive_tags[1]: is the same as a",
        ),
    ];
    for (lines, expected) in rows {
        let found = only_problem(&role(&format!("{ASSUME}{lines}")));
        assert!(
            found.contains(expected),
            "{lines}\nexpected {expected}\nfound {found}"
        );
    }
}

#[test]
fn scopes_are_checked() {
    expect(
        &[
            ("name = \"x\"", "scopes[0]: a scope needs"),
            (
                "name = \"X\"\nmanaged_policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]",
                "scopes[0].name: a scope's name",
            ),
            (
                "name = \"x\"\nmanaged_policies = [\"arn:aws-moon:iam::aws:policy/ReadOnlyAccess\"]",
                "scopes[0].managed_policies[0]: is no managed",
            ),
            (
                "name = \"x\"\nsession_policy = \"[]\"",
                "scopes[0].session_policy: the policy is no session policy",
            ),
        ],
        |lines| format!("[[scopes]]\n{lines}\n"),
    );
}
