//! What each method needs, what must be known for it, and what cannot be done.

mod revokers;
mod signers;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::testing::{MODEL, facts, metadata, model, role, wanted};
use super::*;
use crate::domain::identity::IdpId;

fn described(text: &str, facts: &Facts, wanted: &Wanted) -> Value {
    let trust = describe(&model(text), facts, wanted).unwrap_or_else(|e| panic!("{e}"));
    serde_json::from_str(&render::Format::Json.write(&trust)).unwrap()
}

fn refused(text: &str, facts: &Facts, wanted: &Wanted) -> String {
    describe(&model(text), facts, wanted)
        .unwrap_err()
        .to_string()
}

fn of_kind<'v>(described: &'v Value, kind: &str) -> Vec<&'v Value> {
    let resources = described["resources"].as_array().unwrap().iter();
    resources.filter(|one| one["type"] == kind).collect()
}

/// The only statement of the only role's trust policy.
fn trusted(described: &Value) -> Value {
    let roles = of_kind(described, "role");
    assert_eq!(roles.len(), 1, "{described}");
    let statements = roles[0]["trust_policy"]["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1);
    statements[0].clone()
}

#[test]
fn a_role_that_vestibule_vouches_for_by_saml_pins_all_that_it_says() {
    let described = described(MODEL, &facts(), &role("ReadOnly"));
    assert_eq!(
        trusted(&described),
        json!({
            "Effect": "Allow",
            "Principal": { "Federated": "arn:aws:iam::111122223333:saml-provider/vestibule" },
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": {
                "StringEquals": {
                    "SAML:aud": "https://console.example.com/issuer/saml",
                    "SAML:iss": "https://console.example.com/issuer/saml/metadata",
                    "SAML:sub_type": "persistent",
                    "aws:RequestTag/purpose": "reading",
                },
                "StringLike": { "aws:RequestTag/team": "*", "sts:SourceIdentity": "*" },
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["purpose", "team"],
                    "sts:TransitiveTagKeys": "team",
                },
            },
        })
    );
    let role = of_kind(&described, "role")[0];
    assert_eq!(role["arn"], "arn:aws:iam::111122223333:role/team/ReadOnly");
    assert_eq!(role["max_session_seconds"], 43_200);
}

#[test]
fn a_forwarded_response_is_let_in_with_what_the_provider_is_said_to_send() {
    let mut facts = facts();
    let plain = trusted(&described(MODEL, &facts, &role("Forwarded")));
    assert_eq!(plain["Action"], "sts:AssumeRoleWithSAML");
    assert_eq!(
        plain["Condition"],
        json!({ "StringEquals": {
            "SAML:aud": "https://console.example.com/saml/corp/acs",
            "SAML:iss": "https://corp.example.com/idp",
        } })
    );
    facts.forwarded = BTreeSet::from([Carried::Tags, Carried::SourceIdentity]);
    let more = trusted(&described(MODEL, &facts, &role("Forwarded")));
    assert_eq!(
        more["Action"],
        json!([
            "sts:AssumeRoleWithSAML",
            "sts:TagSession",
            "sts:SetSourceIdentity"
        ])
    );
    let notes = described(MODEL, &facts, &role("Forwarded"))["notes"].to_string();
    assert!(
        notes.contains(
            "arn:aws:iam::111122223333:role/Forwarded,arn:aws:iam::111122223333:saml-provider/corp"
        ),
        "{notes}"
    );
}

#[test]
fn tokens_are_taken_from_their_issuer_for_their_audience() {
    for (name, key, audience) in [
        ("Tokens", "console.example.com", "sts.amazonaws.com"),
        ("Web", "example.okta.com", "0oa1example2CLIENT3d4"),
    ] {
        let described = described(MODEL, &facts(), &role(name));
        let statement = trusted(&described);
        let arn = format!("arn:aws:iam::111122223333:oidc-provider/{key}");
        assert_eq!(statement["Principal"]["Federated"], arn);
        assert_eq!(
            statement["Condition"],
            json!({ "StringEquals": { (format!("{key}:aud")): audience } })
        );
        let provider = of_kind(&described, "oidc_provider")[0];
        assert_eq!(provider["url"], format!("https://{key}"));
        assert_eq!(provider["client_ids"], json!([audience]));
    }
}

#[test]
fn a_role_trusts_who_signs_and_the_signers_account_lets_it_sign() {
    let described_role = described(MODEL, &facts(), &role("Admin"));
    let statement = trusted(&described_role);
    assert_eq!(
        statement["Principal"],
        json!({ "AWS": "arn:aws:iam::999900001111:user/vestibule" })
    );
    assert_eq!(
        statement["Condition"]["StringEquals"],
        json!({ "sts:ExternalId": "vestibule-payments" })
    );
    assert!(of_kind(&described_role, "user").is_empty());
    assert!(described_role["notes"].to_string().contains("999900001111"));
    let hub = described(MODEL, &facts(), &wanted("999900001111"));
    assert_eq!(of_kind(&hub, "user").len(), 1);
    assert_eq!(
        of_kind(&hub, "inline_policy")[0]["policy"]["Statement"],
        json!([{
            "Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            "Resource": "arn:aws:iam::111122223333:role/Admin",
        }])
    );
}

#[test]
fn a_role_that_signs_gets_its_policy_and_is_not_made() {
    let hub = described(MODEL, &facts(), &wanted("999900002222"));
    assert_eq!(hub["partition"], "aws-us-gov");
    assert!(of_kind(&hub, "user").is_empty() && of_kind(&hub, "role").is_empty());
    let policy = of_kind(&hub, "inline_policy")[0];
    assert_eq!(policy["role"], "Broker");
    assert_eq!(
        policy["policy"]["Statement"][0]["Resource"],
        "arn:aws-us-gov:iam::777788889999:role/GovAdmin"
    );
}

#[test]
fn a_user_of_the_roles_own_account_needs_no_leave_to_assume_it() {
    let mut facts = facts();
    let own = Signer::parse("arn:aws:iam::111122223333:user/hub").unwrap();
    facts.signers.insert(
        crate::domain::role::CredentialsName::parse("hub").unwrap(),
        own,
    );
    let described = described(MODEL, &facts, &role("Admin"));
    assert_eq!(of_kind(&described, "user")[0]["name"], "hub");
    assert!(of_kind(&described, "inline_policy").is_empty());
}

#[test]
fn whose_keys_are_given_whole_is_a_user_of_that_account_who_can_become_nobody_else() {
    let text = format!(
        "{MODEL}\n[[roles]]\naccount = \"payments-prod\"\nname = \"Batch\"\nmethod = \"GetSessionToken\"\ncredentials = \"batch\"\n"
    );
    let described = described(&text, &facts(), &role("Batch"));
    let resources = described["resources"].as_array().unwrap();
    assert_eq!(resources.len(), 2, "{described}");
    assert_eq!(resources[0]["type"], "user");
    assert_eq!(resources[0]["name"], "batch");
    assert_eq!(
        resources[1]["policy"]["Statement"],
        json!([{ "Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*" }])
    );
    let notes = described["notes"].to_string();
    assert!(
        notes.contains("all that the user's own policies allow"),
        "{notes}"
    );
    let mut elsewhere = facts();
    let name = crate::domain::role::CredentialsName::parse("batch").unwrap();
    let arn = "arn:aws:iam::999900001111:user/batch";
    elsewhere.signers.insert(name, Signer::parse(arn).unwrap());
    let said = refused(&text, &elsewhere, &role("Batch"));
    assert!(said.contains("an IAM user of that very account"), "{said}");
}

#[test]
fn an_account_has_each_provider_once() {
    let text = MODEL.replace("idp = \"corp\"\nprovider = \"corp\"", "idp = \"corp\"\nprovider = \"corp\"\n\n[[roles]]\naccount = \"payments-prod\"\nname = \"Again\"\nmethod = \"AssumeRoleWithSAML\"\nproof = \"forwarded\"\nidp = \"corp\"\nprovider = \"corp\"");
    let all = described(&text, &facts(), &wanted("111122223333"));
    assert_eq!(of_kind(&all, "saml_provider").len(), 2);
    assert_eq!(of_kind(&all, "oidc_provider").len(), 2);
    assert_eq!(of_kind(&all, "role").len(), 6);
    let saml = Wanted {
        methods: vec!["AssumeRoleWithSAML".to_owned()],
        ..wanted("payments-prod")
    };
    let saml = described(&text, &facts(), &saml);
    assert_eq!(of_kind(&saml, "role").len(), 3);
    assert!(of_kind(&saml, "user").is_empty());
}

#[test]
fn one_name_cannot_hold_the_metadata_of_two() {
    let text = MODEL.replace("provider = \"corp\"", "provider = \"vestibule\"");
    let said = refused(&text, &facts(), &wanted("payments-prod"));
    assert!(said.contains("cannot hold the metadata of two"), "{said}");
}

#[test]
fn nothing_that_is_not_known_is_made_up() {
    let mut facts = facts();
    facts.signers.clear();
    facts.issuer.metadata = None;
    facts.issuer.oidc.unfit = Some("has a port");
    facts.idps.remove(&IdpId::parse("okta").unwrap());
    let said = refused(MODEL, &facts, &wanted("payments-prod"));
    for reason in [
        "payments-prod/ReadOnly: the issuer has no key for SAML",
        "payments-prod/Tokens: IAM does not take https://console.example.com as an OpenID Connect provider: it has a port",
        "payments-prod/Web: the identity provider okta cannot be used",
        "payments-prod/Admin: who signs with the own credentials hub? The ARN of that IAM user or role has to be said (--principal hub=ARN)",
        "payments-prod/Home: who signs with the own credentials payments?",
    ] {
        assert!(said.contains(reason), "{reason}: {said}");
    }
    let said = refused(MODEL, &facts, &wanted("123456789012"));
    assert!(said.contains("has no account 123456789012"), "{said}");
    let said = refused(MODEL, &facts, &role("Nobody"));
    assert!(said.contains("no role payments-prod/Nobody"), "{said}");
}

#[test]
fn what_cannot_work_is_refused() {
    let with = |name: &str, arn: &str| {
        let mut facts = facts();
        let name = crate::domain::role::CredentialsName::parse(name).unwrap();
        facts.signers.insert(name, Signer::parse(arn).unwrap());
        facts
    };
    for (facts, name, reason) in [
        (
            with("payments", "arn:aws:iam::999900001111:user/vestibule"),
            "Home",
            "signed by an IAM user of that very account",
        ),
        (
            with("payments", "arn:aws:iam::111122223333:role/vestibule"),
            "Home",
            "signed by an IAM user of that very account",
        ),
        (
            with("hub", "arn:aws-us-gov:iam::999900002222:user/vestibule"),
            "Admin",
            "of another partition",
        ),
    ] {
        let said = refused(MODEL, &facts, &role(name));
        assert!(said.contains(reason), "{said}");
    }
    let mut short = facts();
    short.issuer.metadata = Some("<x/>".to_owned());
    let said = refused(MODEL, &short, &role("ReadOnly"));
    assert!(said.contains("and this has 4"), "{said}");
    let said = refused(
        MODEL,
        &facts(),
        &Wanted {
            methods: vec!["AssumeRoot".to_owned()],
            ..wanted("payments-prod")
        },
    );
    assert!(said.contains("AssumeRoot is no method"), "{said}");
    let twice = MODEL.replace("name = \"Web\"", "name = \"tokens\"");
    let said = refused(&twice, &facts(), &wanted("payments-prod"));
    assert!(said.contains("are one role to IAM"), "{said}");
}

#[test]
fn metadata_is_taken_as_it_is() {
    let mut facts = facts();
    let hostile = metadata("${x}%{y}$${z}'\"\\\u{2028}é\r\nEND\n");
    facts.issuer.metadata = Some(hostile.clone());
    let described = described(MODEL, &facts, &role("ReadOnly"));
    assert_eq!(of_kind(&described, "saml_provider")[0]["metadata"], hostile);
}

#[test]
fn a_role_that_wants_a_code_lets_nobody_in_without_one() {
    let serial =
        "external_id = \"vestibule-payments\"\nmfa_serial = \"arn:aws:iam::999900001111:mfa/x\"\n";
    let text = MODEL.replace("external_id = \"vestibule-payments\"\n", serial);
    let trust = trusted(&described(&text, &facts(), &role("Admin")));
    let expected = json!({ "aws:MultiFactorAuthPresent": "true" });
    assert_eq!(trust["Condition"]["Bool"], expected);
}
