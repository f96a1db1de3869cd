//! Who ends sessions in an account: a role of its own, by one of three methods, and nobody's.

use std::sync::Arc;

use super::expect;
use crate::domain::access::fixtures::{ACCOUNTS, document, surroundings};
use crate::domain::access::{AccessIndex, Document, check, differences};
use crate::domain::account::AccountId;
use crate::domain::role::{Method, Proof, RoleKey};

/// A fourth account with this revoker.
fn revoked_by(revoker: &str) -> String {
    format!(
        "[[accounts]]\nid = \"000000000000\"\nalias = \"x\"\nname = \"X\"\nrevoker = {{ {revoker} }}\n"
    )
}

const SAML: &str = "role = \"Revoker\", method = \"AssumeRoleWithSAML\", provider = \"vestibule\"";

#[test]
fn a_revoker_is_a_role_by_one_of_three_methods_whose_proof_is_vestibule_s_own() {
    for (revoker, method) in [
        (
            SAML,
            Method::AssumeRoleWithSaml {
                proof: Proof::Issued,
                provider: "vestibule".to_owned(),
            },
        ),
        (
            "role = \"Revoker\", method = \"AssumeRoleWithWebIdentity\"",
            Method::AssumeRoleWithWebIdentity {
                proof: Proof::Issued,
            },
        ),
    ] {
        let model = check(&document(&revoked_by(revoker)), &surroundings()).unwrap();
        let account = AccountId::parse("000000000000").unwrap();
        let found = model.revoker(&account).unwrap();
        assert_eq!(found.method, method);
        assert_eq!(found.arn(), "arn:aws:iam::000000000000:role/Revoker");
        assert!(found.tags.is_empty() && !found.source_identity);
    }
    let signed = "role = \"Revoker\", path = \"/safe/\", method = \"AssumeRole\", credentials = \"key\", \
                  external_id = \"ab\", via = { role_arn = \"arn:aws:iam::999900001111:role/Hub\" }";
    let model = check(&document(&revoked_by(signed)), &surroundings()).unwrap();
    assert_eq!(model.revokers().len(), 1);
    let role = &model.revokers()[0];
    assert_eq!(role.arn(), "arn:aws:iam::000000000000:role/safe/Revoker");
    assert!(role.method.via().is_some());
}

#[test]
fn everything_that_is_wrong_with_one_has_its_key_path() {
    expect(
        &[
            (
                "role = \"\", method = \"AssumeRoleWithWebIdentity\"",
                "accounts[3].revoker.role: a role's name is",
            ),
            (
                "method = \"AssumeRoleWithWebIdentity\"",
                "accounts[3].revoker.role: a role's name is",
            ),
            (
                "role = \"R\", method = \"AssumeRole\"",
                "accounts[3].revoker.credentials: is required",
            ),
            (
                "role = \"R\", method = \"AssumeRole\", credentials = \"gov\"",
                "accounts[3].revoker.credentials: own credentials gov are for partition",
            ),
            (
                "role = \"R\", method = \"AssumeRole\", credentials = \"uploader\"",
                "marked may_not_assume_roles",
            ),
            (
                "role = \"R\", method = \"AssumeRole\", credentials = \"key\", external_id = \"a\"",
                "accounts[3].revoker.external_id: is 2 to",
            ),
            (
                "role = \"R\", method = \"AssumeRole\", credentials = \"key\", provider = \"x\"",
                "accounts[3].revoker.provider: does not apply",
            ),
            (
                "role = \"R\", method = \"AssumeRoleWithSAML\"",
                "accounts[3].revoker.provider: is required",
            ),
            (
                "role = \"R\", method = \"AssumeRoleWithSAML\", provider = \"x\", credentials = \"key\"",
                "accounts[3].revoker.credentials: does not apply",
            ),
            (
                "role = \"R\", path = \"x\", method = \"AssumeRoleWithWebIdentity\"",
                "accounts[3].revoker.path: is / or",
            ),
            (
                "role = \"R\", method = \"GetFederationToken\", credentials = \"key\"",
                "accounts[3].revoker.method: is AssumeRoleWithSAML",
            ),
            (
                "role = \"R\", method = \"\"",
                "accounts[3].revoker.method: is AssumeRoleWithSAML",
            ),
        ],
        revoked_by,
    );
}

#[test]
fn it_needs_the_issuer_s_key_and_takes_none_of_the_keys_of_people_s_roles() {
    let mut without_keys = surroundings();
    without_keys.issuance.saml = false;
    let problems = check(&document(&revoked_by(SAML)), &without_keys).unwrap_err();
    assert!(
        problems
            .to_string()
            .contains("accounts[3].revoker.proof: the issuer has no current key"),
        "{problems}"
    );
    let unknown = format!("{ACCOUNTS}{}", revoked_by(&format!("{SAML}, tags = {{}}")));
    assert!(Document::from_toml(&unknown).is_err());
}

#[test]
fn no_role_that_people_can_hold_is_one_whatever_the_case_of_its_name() {
    let role = |name: &str, keys: &str| {
        format!(
            "{}[[roles]]\naccount = \"x\"\nname = \"{name}\"\n{keys}\n",
            revoked_by(SAML)
        )
    };
    let assumed = "method = \"AssumeRole\"\ncredentials = \"key\"";
    for name in ["Revoker", "REVOKER"] {
        let problems = check(&document(&role(name, assumed)), &surroundings()).unwrap_err();
        let told = problems.to_string();
        assert!(
            told.contains("accounts[3].revoker.role: is roles[5], which people can hold"),
            "{told}"
        );
    }
    check(&document(&role("Other", assumed)), &surroundings()).unwrap();
    // a federated user's name is no IAM role's
    let federated =
        "method = \"GetFederationToken\"\ncredentials = \"key\"\nresource_policies_only = true";
    check(&document(&role("Revoker", federated)), &surroundings()).unwrap();
}

#[test]
fn no_rule_gives_it_and_a_change_of_it_is_a_sentence() {
    let rule = "[[rules]]\nname = \"all\"\nwhen = [{ idp = \"corp\" }]\ngrant = [\"*\"]\n";
    let text = format!("{}{rule}", revoked_by(SAML));
    let model = check(&document(&text), &surroundings()).unwrap();
    let index = AccessIndex::new(Arc::new(model), 1);
    assert!(index.role(&RoleKey::parse("x/Revoker").unwrap()).is_none());
    let named = text.replace("grant = [\"*\"]", "grant = [\"x/Revoker\"]");
    assert!(
        check(&document(&named), &surroundings()).is_err(),
        "it points at no role"
    );
    let mut after = document(&text);
    let before = after.clone();
    after.accounts[3].revoker = None;
    let told = differences(&before, &after);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("account x: revoker removed (was "),
        "{told:?}"
    );
}
