//! What an account's revoker needs.

use serde_json::json;

use super::*;

/// The model, with a revoker in its first account.
fn with(revoker: &str) -> String {
    let line = "alias = \"payments-prod\"\n";
    let revoker = format!("{line}revoker = {{ role = \"Revoker\", {revoker} }}\n");
    MODEL.replacen(line, &revoker, 1)
}

const SAML: &str = "path = \"/safe/\", method = \"AssumeRoleWithSAML\", provider = \"vestibule\"";

/// The revoker and its policy.
fn revoker(described: &Value) -> (Value, Value) {
    let role = of_kind(described, "role")
        .into_iter()
        .find(|role| role["name"] == "Revoker");
    let policies = of_kind(described, "inline_policy").into_iter();
    let policy = policies
        .into_iter()
        .find(|policy| policy["role"] == "Revoker");
    (role.unwrap().clone(), policy.unwrap().clone())
}

#[test]
fn it_trusts_the_one_name_and_may_put_policies_on_the_roles_and_users_of_the_model_alone() {
    let described = described(&with(SAML), &facts(), &wanted("payments-prod"));
    let (role, policy) = revoker(&described);
    assert_eq!(role["path"], "/safe/");
    let statement = &role["trust_policy"]["Statement"][0];
    assert_eq!(statement["Action"], "sts:AssumeRoleWithSAML");
    assert_eq!(
        statement["Condition"]["StringEquals"]["sts:RoleSessionName"],
        "vestibule-revoke"
    );
    let statements = policy["policy"]["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 2);
    assert_eq!(
        statements[0]["Action"],
        json!([
            "iam:GetRole",
            "iam:ListRolePolicies",
            "iam:GetRolePolicy",
            "iam:PutRolePolicy",
            "iam:DeleteRolePolicy"
        ])
    );
    let on = statements[0]["Resource"].as_array().unwrap();
    assert!(
        on.contains(&json!("arn:aws:iam::111122223333:role/team/ReadOnly")),
        "{on:?}"
    );
    assert!(
        on.iter().all(|arn| !arn.as_str().unwrap().contains('*')
            && !arn.as_str().unwrap().ends_with("/Revoker"))
    );
    let users = &statements[1];
    assert!(
        users["Resource"].as_str().unwrap().contains(":user/"),
        "{users}"
    );
    // another account's part says nothing of it, and neither does one role's
    let one = super::described(&with(SAML), &facts(), &super::role("ReadOnly"));
    assert!(!one.to_string().contains("Revoker"), "{one}");
}

#[test]
fn whoever_signs_for_it_may_assume_it_and_has_to_be_said() {
    let text = with("method = \"AssumeRole\", credentials = \"hub\", external_id = \"to-revoke\"");
    let here = described(&text, &facts(), &wanted("payments-prod"));
    let (role, _) = revoker(&here);
    let condition = &role["trust_policy"]["Statement"][0]["Condition"]["StringEquals"];
    assert_eq!(condition["sts:ExternalId"], "to-revoke");
    assert_eq!(condition["sts:RoleSessionName"], "vestibule-revoke");
    let signer = described(&text, &facts(), &wanted("999900001111"));
    assert!(
        signer
            .to_string()
            .contains("arn:aws:iam::111122223333:role/Revoker"),
        "{signer}"
    );
    let mut nobody = facts();
    nobody.signers.clear();
    let told = refused(&text, &nobody, &wanted("payments-prod"));
    assert!(
        told.contains("payments-prod/Revoker: who signs with the own credentials hub?"),
        "{told}"
    );
}
