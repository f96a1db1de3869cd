//! Methods, their keys, their credentials and their identity providers.

use super::policies::policy;
use super::{only_problem, role};
use crate::domain::access::fixtures::{document, surroundings};
use crate::domain::access::{Issuance, check};
use crate::domain::account::AccountId;
use crate::domain::role::{CredentialsName, Method};

pub(super) const ASSUME: &str = "method = \"AssumeRole\"\ncredentials = \"hub\"\n";
const VIA: &str = "via = { role_arn = \"arn:aws:iam::999900001111:role/Hub\"";
const MFA: &str = "mfa_serial = \"arn:aws:iam::999900001111:mfa/vestibule\"\n";
const KEY: &str = "method = \"AssumeRole\"\ncredentials = \"key\"\n";
const FEDERATED: &str = "method = \"GetFederationToken\"\ncredentials = \"key\"\n";
const SAML: &str =
    "method = \"AssumeRoleWithSAML\"\nproof = \"forwarded\"\nidp = \"corp\"\nprovider = \"corp\"\n";
const ISSUED_SAML: &str =
    "method = \"AssumeRoleWithSAML\"\nproof = \"issued\"\nprovider = \"vestibule\"\n";
const ISSUED_OIDC: &str = "method = \"AssumeRoleWithWebIdentity\"\nproof = \"issued\"\n";
const OIDC: &str =
    "method = \"AssumeRoleWithWebIdentity\"\nproof = \"forwarded\"\nidp = \"okta\"\n";

#[test]
fn documents_that_aws_would_accept_pass() {
    let tags = "tags = { team = \"{attribute.team}\", Kosten = \"42\" }\ntransitive_tags = [\"team\"]\nsource_identity = true\n";
    let policies = format!(
        "session_policy = {}\nmanaged_policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\", \"arn:aws:iam::111122223333:policy/team/X\"]\n",
        policy("arn:aws:s3:::{attribute.team}")
    );
    for lines in [
        format!(
            "{ASSUME}{tags}{policies}path = \"/team/\"\nexternal_id = \"a/b\"\nconsole_hours = 1\n"
        ),
        format!(
            "{SAML}{policies}console_hours = 12\ndestination = \"https://eu-west-1.console.aws.amazon.com/s3\"\n"
        ),
        format!("{OIDC}{policies}"),
        format!("{ISSUED_SAML}{tags}{policies}path = \"/team/\"\nconsole_hours = 12\n"),
        format!("{ISSUED_OIDC}{tags}{policies}"),
        format!("{FEDERATED}{policies}console_hours = 36\ntags = {{ team = \"x\" }}\n"),
        format!("{FEDERATED}resource_policies_only = true\n"),
        FEDERATED.replace("key", "chain") + "resource_policies_only = true\n",
    ] {
        let model = check(&document(&role(&lines)), &surroundings())
            .unwrap_or_else(|p| panic!("{lines}\n{p}"));
        assert_eq!(model.roles().len(), 6);
    }
    let model = check(
        &document(&role(&format!("{ASSUME}path = \"/team/\"\n"))),
        &surroundings(),
    )
    .unwrap();
    let extra = model
        .roles()
        .iter()
        .find(|role| role.key.name.as_str() == "Extra")
        .unwrap();
    assert_eq!(extra.arn(), "arn:aws:iam::111122223333:role/team/Extra");
    assert_eq!(extra.console_seconds, 43_200);
    assert!(
        matches!(&extra.method, Method::AssumeRole { credentials, .. } if credentials.as_str() == "hub")
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn methods_need_what_they_need_and_nothing_else() {
    let rows = [
        (
            "method = \"AssumeRole\"".to_owned(),
            "roles[5].credentials: is required",
        ),
        (
            "method = \"AssumeRole\"\ncredentials = \"none\"".to_owned(),
            "roles[5].credentials: no own credentials named",
        ),
        (
            "method = \"AssumeRole\"\ncredentials = \"gov\"".to_owned(),
            "roles[5].credentials: own credentials gov are for partition aws-us-gov",
        ),
        (
            "method = \"assumerole\"".to_owned(),
            "roles[5].method: is AssumeRoleWithSAML",
        ),
        (
            ASSUME.replace("hub", "uploader"),
            "roles[5].credentials: own credentials uploader are marked may_not_assume_roles",
        ),
        (
            format!("{FEDERATED}resource_policies_only = true").replace("key", "uploader"),
            "roles[5].credentials: own credentials uploader are marked may_not_assume_roles",
        ),
        (
            format!("{ASSUME}proof = \"issued\""),
            "roles[5].proof: does not apply to AssumeRole",
        ),
        (
            format!("{ASSUME}provider = \"x\""),
            "roles[5].provider: does not apply to AssumeRole",
        ),
        (
            format!("{ASSUME}resource_policies_only = true"),
            "roles[5].resource_policies_only: does not apply",
        ),
        (
            format!("{ASSUME}external_id = \"a b\""),
            "roles[5].external_id: is 2 to 1,224",
        ),
        (
            format!("{ASSUME}via = {{ role_arn = \"hub\" }}"),
            "roles[5].via.role_arn: is no IAM role's ARN",
        ),
        (
            format!("{ASSUME}via = {{}}"),
            "roles[5].via.role_arn: is no IAM role's ARN",
        ),
        (
            format!("{ASSUME}via = {{ role_arn = \"arn:aws-cn:iam::999900001111:role/Hub\" }}"),
            "roles[5].via.role_arn: is of partition aws-cn, and the account is in aws",
        ),
        (
            format!("{ASSUME}via = {{ role_arn = \"arn:aws:iam::111122223333:role/Extra\" }}"),
            "roles[5].via.role_arn: is the role itself",
        ),
        (
            format!("{ASSUME}{VIA}, external_id = \"a b\" }}"),
            "roles[5].via.external_id: is 2 to 1,224",
        ),
        (
            format!("{ASSUME}console_hours = 2\n{VIA} }}"),
            "roles[5].console_hours: is 1 at most through a hub role",
        ),
        (
            format!("{KEY}mfa_serial = \"short\""),
            "roles[5].mfa_serial: is the ARN of a virtual MFA device",
        ),
        (
            format!("{KEY}mfa_serial = \"arn:aws:iam::999900001111:user/x\""),
            "roles[5].mfa_serial: is the ARN of a virtual MFA device",
        ),
        (
            format!("{KEY}mfa_serial = \"arn:aws:iam::999900001111:mfa/\""),
            "roles[5].mfa_serial: is the ARN of a virtual MFA device",
        ),
        (
            format!("{KEY}mfa_serial = \"arn:aws-cn:iam::999900001111:mfa/x\""),
            "roles[5].mfa_serial: is a device of an IAM user's, and not in",
        ),
        (
            format!("{ASSUME}{MFA}"),
            "roles[5].mfa_serial: is a device of an IAM user's, and own credentials hub come from a role",
        ),
        (
            format!("{KEY}{VIA} }}\n{MFA}"),
            "roles[5].mfa_serial: does not go with via",
        ),
        (
            format!("{SAML}{MFA}"),
            "roles[5].mfa_serial: does not apply to AssumeRoleWithSAML",
        ),
        (
            format!("{SAML}{VIA} }}"),
            "roles[5].via: does not apply to AssumeRoleWithSAML",
        ),
        (
            format!("{OIDC}{VIA} }}"),
            "roles[5].via: does not apply to AssumeRoleWithWebIdentity",
        ),
        (
            format!("{ASSUME}requires = {{ reason = false }}"),
            "roles[5].requires: asks for nothing",
        ),
        (
            format!("{ASSUME}requires = {{}}"),
            "roles[5].requires: asks for nothing",
        ),
        (
            format!("{ASSUME}requires = {{ login_within_minutes = 0 }}"),
            "roles[5].requires.login_within_minutes: is 1 to 1440 minutes",
        ),
        (
            format!("{ASSUME}requires = {{ login_within_minutes = 1441 }}"),
            "roles[5].requires.login_within_minutes: is 1 to 1440 minutes",
        ),
        (
            format!("{ASSUME}requires = {{ login_within_minutes = 15, acr = [] }}"),
            "roles[5].requires.acr: needs at least one value",
        ),
        (
            format!("{ASSUME}requires = {{ acr = [\"a\", \"b c\"] }}"),
            "roles[5].requires.acr[1]: is 1 to 255 visible ASCII characters",
        ),
        (
            format!("{ASSUME}requires = {{ acr = [\"\"] }}"),
            "roles[5].requires.acr[0]: is 1 to 255 visible ASCII characters",
        ),
        (
            format!("{ASSUME}requires = {{ acr = [\"a\", \"b\", \"a\"] }}"),
            "roles[5].requires.acr[2]: is the same as acr[0]",
        ),
        (
            format!(
                "{ASSUME}requires = {{ acr = [{}] }}",
                (0..11)
                    .map(|n| format!("\"{n}\""))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            "roles[5].requires.acr: at most 10 contexts, and there are 11",
        ),
        (
            format!("{ASSUME}path = \"/a/../\\n\""),
            "roles[5].path: is / or begins",
        ),
        (
            format!("{ASSUME}path = \"team/\""),
            "roles[5].path: is / or begins",
        ),
        (
            format!("{ASSUME}console_hours = 0"),
            "roles[5].console_hours: is 1 to 12 hours",
        ),
        (
            format!("{ASSUME}console_hours = 13"),
            "roles[5].console_hours: is 1 to 12 hours",
        ),
        (
            format!("{ASSUME}destination = \"https://console.amazonaws-us-gov.com/\""),
            "roles[5].destination: console.amazonaws-us-gov.com is not a console of partition aws",
        ),
        (
            SAML.replace("forwarded", "issued"),
            "roles[5].idp: does not apply to proof = \"issued\"",
        ),
        (
            OIDC.replace("forwarded", "issued"),
            "roles[5].idp: does not apply to proof = \"issued\"",
        ),
        (
            format!("{ISSUED_SAML}external_id = \"ab\""),
            "roles[5].external_id: does not apply to AssumeRoleWithSAML",
        ),
        (
            ISSUED_SAML.replace("provider = \"vestibule\"", ""),
            "roles[5].provider: is required",
        ),
        (
            SAML.replace("proof = \"forwarded\"", ""),
            "roles[5].proof: is required",
        ),
        (
            SAML.replace("forwarded", "x"),
            "roles[5].proof: is issued or forwarded",
        ),
        (
            SAML.replace("idp = \"corp\"", ""),
            "roles[5].idp: is required",
        ),
        (
            SAML.replace("idp = \"corp\"", "idp = \"none\""),
            "roles[5].idp: no identity provider with id",
        ),
        (
            SAML.replace("idp = \"corp\"", "idp = \"okta\""),
            "roles[5].idp: identity provider okta does not speak SAML",
        ),
        (
            SAML.replace("provider = \"corp\"", ""),
            "roles[5].provider: is required",
        ),
        (
            SAML.replace("provider = \"corp\"", "provider = \"a/b\""),
            "roles[5].provider: is 1 to 128",
        ),
        (
            format!("{SAML}credentials = \"hub\""),
            "roles[5].credentials: does not apply to AssumeRoleWithSAML",
        ),
        (
            format!("{SAML}tags = {{ a = \"b\" }}"),
            "roles[5].tags: comes from the forwarded proof",
        ),
        (
            format!("{OIDC}source_identity = true"),
            "roles[5].source_identity: comes from the forwarded proof",
        ),
        (
            OIDC.replace("okta", "corp"),
            "roles[5].idp: identity provider corp does not speak OpenID Connect",
        ),
        (
            FEDERATED.to_owned(),
            "roles[5].session_policy: without a session policy",
        ),
        (
            format!(
                "{FEDERATED}resource_policies_only = true\nsession_policy = {}",
                policy("*")
            ),
            "roles[5].resource_policies_only: resource_policies_only means",
        ),
        (
            format!(
                "{}resource_policies_only = true",
                FEDERATED.replace("key", "hub")
            ),
            "roles[5].credentials: GetFederationToken needs the long-term key",
        ),
        (
            format!("{FEDERATED}resource_policies_only = true\nsource_identity = true"),
            "roles[5].source_identity: does not apply",
        ),
        (
            format!("{FEDERATED}resource_policies_only = true\npath = \"/\""),
            "roles[5].path: does not apply",
        ),
        (
            format!("{FEDERATED}resource_policies_only = true\nconsole_hours = 37"),
            "roles[5].console_hours: is 1 to 36",
        ),
    ];
    for (lines, expected) in rows {
        let found = only_problem(&role(&lines));
        assert!(
            found.contains(expected),
            "{lines}\nexpected {expected}\nfound {found}"
        );
    }
    let reserved = role(SAML).replace("\"Extra\"", "\"AWSReservedSSO_x\"");
    assert!(only_problem(&reserved).contains("roles[5].name: AWS does not let"));
}

#[test]
fn a_role_that_we_vouch_for_needs_a_key_of_ours_and_an_address_that_iam_takes() {
    let mut surroundings = surroundings();
    surroundings.issuance = Issuance {
        saml: false,
        oidc: false,
        oidc_url: Some("has a port"),
    };
    let problems = |lines: &str| {
        check(&document(&role(lines)), &surroundings)
            .unwrap_err()
            .to_string()
    };
    let saml = problems(ISSUED_SAML);
    assert!(saml.starts_with("roles[5].proof: the issuer has no current key"));
    assert!(saml.contains("vestibule issuer keys new --use saml"));
    assert_eq!(saml.lines().count(), 1, "{saml}");
    let oidc = problems(ISSUED_OIDC);
    assert!(oidc.contains("vestibule issuer keys new --use oidc"));
    assert!(oidc.contains("roles[5].proof: IAM takes no such issuer: issuer.url has a port"));
    assert_eq!(oidc.lines().count(), 2, "{oidc}");
}

#[test]
fn who_vouches_for_a_person_is_part_of_what_a_role_is() {
    let one = |lines: &str| {
        let model = check(&document(&role(lines)), &surroundings()).unwrap();
        let role = model
            .roles()
            .iter()
            .find(|r| r.key.name.as_str() == "Extra");
        std::sync::Arc::clone(role.unwrap())
    };
    let (forwarded, issued) = (
        one(SAML),
        one(&SAML
            .replace("forwarded", "issued")
            .replace("idp = \"corp\"\n", "")),
    );
    assert!(issued.method.is_issued() && issued.method.forwards().is_none());
    assert!(!forwarded.method.is_issued());
    assert!(!issued.same_power_as(&forwarded));
    assert!(issued.same_power_as(&issued));
}

#[test]
fn the_key_of_another_account_cannot_make_federated_users() {
    let mut surroundings = surroundings();
    let key = CredentialsName::parse("key").unwrap();
    let document = document(&role(&format!("{FEDERATED}resource_policies_only = true")));
    for (account, fits) in [("111122223333", true), ("444455556666", false)] {
        let own = surroundings.credentials.get_mut(&key).unwrap();
        own.account = Some(AccountId::parse(account).unwrap());
        assert_eq!(check(&document, &surroundings).is_ok(), fits, "{account}");
    }
}
