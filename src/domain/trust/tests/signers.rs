//! What those need who sign with own credentials, and the hub roles on their way.

use serde_json::json;

use super::*;

#[test]
fn a_role_beyond_a_hub_trusts_the_hub_and_whoever_signs_may_assume_the_hub_alone() {
    let hub = "arn:aws:iam::888877776666:role/Hub";
    let text = MODEL.replace(
        "credentials = \"hub\"\n",
        &format!("credentials = \"hub\"\nvia = {{ role_arn = \"{hub}\" }}\n"),
    );
    let beyond = described(&text, &facts(), &role("Admin"));
    let trust = trusted(&beyond);
    assert_eq!(trust["Principal"], json!({ "AWS": hub }));
    let condition = &trust["Condition"]["StringEquals"];
    assert_eq!(condition["sts:ExternalId"], "vestibule-payments");
    let notes = beyond["notes"].to_string();
    let note =
        format!("The hub role {hub} is on the way: the account 888877776666 needs its own part.");
    assert!(notes.contains(&note), "{notes}");
    let signer = described(&text, &facts(), &wanted("999900001111"));
    let policy = &of_kind(&signer, "inline_policy")[0]["policy"]["Statement"];
    assert_eq!(
        *policy,
        json!([{
            "Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
            "Resource": hub,
        }])
    );
    let hubs = described(&text, &facts(), &wanted("888877776666"));
    assert_eq!(
        trusted(&hubs),
        json!({
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::999900001111:user/vestibule" },
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
            "Condition": { "StringLike": { "sts:SourceIdentity": "*" } },
        })
    );
    let policy = &of_kind(&hubs, "inline_policy")[0];
    assert_eq!(policy["role"], "Hub");
    assert_eq!(
        policy["policy"]["Statement"],
        json!([{
            "Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            "Resource": "arn:aws:iam::111122223333:role/Admin",
        }])
    );
}

#[test]
fn who_makes_federated_users_may_do_what_any_of_them_may() {
    let described = described(MODEL, &facts(), &role("Home"));
    let user = of_kind(&described, "user")[0];
    assert_eq!(user["arn"], "arn:aws:iam::111122223333:user/team/vestibule");
    assert_eq!(
        user["managed_policies"],
        json!(["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        "of the other role with the same credentials, too"
    );
    assert_eq!(
        of_kind(&described, "inline_policy")[0]["policy"]["Statement"],
        json!([
            { "Effect": "Allow", "Action": "sts:GetFederationToken", "Resource": "*" },
            {
                "Effect": "Allow",
                "Action": "sts:TagSession",
                "Resource": "*",
                "Condition": { "ForAllValues:StringEquals": { "aws:TagKeys": "team" } },
            },
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::home/${aws:userid}/*/*",
            },
        ])
    );
}

/// A model with so many federated users, each with a policy of about so many characters.
fn many(roles: usize, characters: usize) -> String {
    let (accounts, _) = MODEL.split_once("[[roles]]").unwrap();
    let resource = "x".repeat(characters);
    let role = |role: usize| {
        format!(
            "[[roles]]\naccount = \"payments-prod\"\nname = \"R{role}\"\nmethod = \"GetFederationToken\"\ncredentials = \"payments\"\n\
             session_policy = '{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::{role}-{resource}\"}}]}}'\n"
        )
    };
    accounts.to_owned() + &(0..roles).map(role).collect::<String>()
}

#[test]
fn what_does_not_fit_on_a_user_becomes_managed_policies() {
    let described = described(&many(8, 1_500), &facts(), &wanted("payments-prod"));
    assert!(of_kind(&described, "inline_policy").is_empty());
    let managed = of_kind(&described, "managed_policy");
    assert_eq!(managed.len(), 3, "{managed:?}");
    let mut statements = 0;
    for policy in managed {
        assert_eq!(policy["user"], "vestibule");
        assert!(policy["policy"].to_string().len() <= 6_144);
        statements += policy["policy"]["Statement"].as_array().unwrap().len();
    }
    assert_eq!(statements, 9);
}

#[test]
fn what_does_not_fit_at_all_is_said() {
    let said = refused(&many(50, 1_800), &facts(), &wanted("payments-prod"));
    assert!(said.contains("AWS takes 10"), "{said}");
}
