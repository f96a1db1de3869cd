//! `GetSessionToken`: fenced off, or refused, with everything that is wrong at once.

use super::policies::policy;
use super::{only_problem, role};
use crate::domain::access::check;
use crate::domain::access::diff::differences;
use crate::domain::access::document::Document;
use crate::domain::access::fixtures::{ACCOUNTS, document, problems, surroundings};
use crate::domain::account::AccountId;
use crate::domain::credentials::CredentialsKind;
use crate::domain::role::{CredentialsName, Method};

const USER: &str = "method = \"GetSessionToken\"\ncredentials = \"uploader\"\n";

#[test]
fn a_user_of_its_own_that_is_marked_passes() {
    for (lines, seconds) in [
        (USER.to_owned(), 43_200),
        (format!("{USER}console_hours = 36\n"), 129_600),
        (
            format!("{USER}description = \"x\"\ndiscoverable = true\nconsole_hours = 1\n"),
            3_600,
        ),
    ] {
        let model = check(&document(&role(&lines)), &surroundings()).unwrap();
        let mut roles = model.roles().iter();
        let extra = roles
            .find(|role| role.key.name.as_str() == "Extra")
            .unwrap();
        assert!(
            matches!(&extra.method, Method::GetSessionToken { credentials } if credentials.as_str() == "uploader")
        );
        assert!(extra.method.is_keys_only());
        assert_eq!(extra.method.operation(), "GetSessionToken");
        assert_eq!(extra.console_seconds, seconds);
    }
}

#[test]
fn nothing_can_be_said_that_the_call_does_not_take() {
    for (key, value) in [
        ("proof", "\"issued\""),
        ("idp", "\"corp\""),
        ("provider", "\"corp\""),
        ("external_id", "\"ab\""),
        ("path", "\"/team/\""),
        ("resource_policies_only", "true"),
        ("destination", "\"https://console.aws.amazon.com/s3\""),
        ("tags", "{ team = \"x\" }"),
        ("source_identity", "true"),
        ("session_policy", &policy("arn:aws:s3:::x")),
        (
            "managed_policies",
            "[\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]",
        ),
    ] {
        let problem = only_problem(&role(&format!("{USER}{key} = {value}\n")));
        let expected = format!("roles[5].{key}: does not apply to GetSessionToken");
        assert!(problem.contains(&expected), "{problem}");
    }
    let hours = only_problem(&role(&format!("{USER}console_hours = 37\n")));
    assert_eq!(hours, "roles[5].console_hours: is 1 to 36 hours");
}

#[test]
fn everything_that_is_wrong_with_the_credentials_is_said_at_once() {
    // `hub` comes from a role, is not marked, and others use it
    let lines = USER.replace("uploader", "hub");
    let found = problems(&document(&role(&lines))).to_string();
    for (expected, count) in [
        (
            "roles[5].credentials: GetSessionToken needs the long-term key of an IAM user, and own credentials hub come from a role",
            1,
        ),
        (
            "own credentials hub must be marked may_not_assume_roles = true in the configuration",
            1,
        ),
        (
            "no other role may use own credentials hub, and roles[0] does",
            1,
        ),
    ] {
        assert_eq!(
            found.matches(expected).count(),
            count,
            "{expected}\n{found}"
        );
    }
    assert_eq!(found.lines().count(), 3, "{found}");
    // a long-term key that is not marked
    let lines = USER.replace("uploader", "key");
    assert!(only_problem(&role(&lines)).contains("must be marked"));
    // one of another account
    let mut elsewhere = surroundings();
    let own = elsewhere
        .credentials
        .get_mut(&CredentialsName::parse("uploader").unwrap())
        .unwrap();
    own.account = AccountId::parse("444455556666").ok();
    own.kind = CredentialsKind::Unknown;
    let found = check(&document(&role(USER)), &elsewhere)
        .unwrap_err()
        .to_string();
    assert!(
        found.contains("needs a key of the account itself"),
        "{found}"
    );
    let missing = only_problem(&role("method = \"GetSessionToken\""));
    assert_eq!(missing, "roles[5].credentials: is required");
}

#[test]
fn no_two_roles_share_a_user_whatever_their_methods() {
    let two = format!("{}{}", role(USER), role(USER).replace("Extra", "Further"));
    let found = problems(&document(&two)).to_string();
    assert!(
        found.contains("roles[5].credentials: GetSessionToken gives"),
        "{found}"
    );
    assert!(found.contains("and roles[6] does"), "{found}");
    assert!(found.contains("and roles[5] does"), "{found}");
    let other =
        role("method = \"AssumeRole\"\ncredentials = \"uploader\"").replace("Extra", "Further");
    let found = problems(&document(&format!("{}{other}", role(USER)))).to_string();
    assert!(
        found.contains("roles[5].credentials: GetSessionToken gives"),
        "{found}"
    );
    assert!(
        found.contains("roles[6].credentials: own credentials uploader are marked"),
        "{found}"
    );
}

#[test]
fn it_is_written_out_and_read_back_and_its_changes_are_told() {
    let before = document(&role(USER));
    let text = before.to_toml();
    assert!(
        text.contains("method = \"GetSessionToken\"\ncredentials = \"uploader\"\n"),
        "{text}"
    );
    assert_eq!(Document::from_toml(&text).unwrap(), before);
    assert_eq!(Document::from_json(&before.to_json()).unwrap(), before);
    let without = Document::from_toml(ACCOUNTS).unwrap();
    assert_eq!(
        differences(&without, &before),
        [
            "role payments-prod/Extra: added: GetSessionToken; own credentials uploader; no session policy"
        ]
    );
    let changed = document(&role(&USER.replace("GetSessionToken", "AssumeRole")));
    assert_eq!(differences(&before, &changed).len(), 1);
}

#[test]
fn no_scope_can_be_put_on_it() {
    let scope = "[[scopes]]\nname = \"read-only\"\n\
                 managed_policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n";
    let model = check(
        &document(&format!("{}{scope}", role(USER))),
        &surroundings(),
    )
    .unwrap();
    let mut roles = model.roles().iter();
    let extra = roles.find(|role| role.method.is_keys_only()).unwrap();
    assert!(!model.scopes()[0].fits(extra));
}
