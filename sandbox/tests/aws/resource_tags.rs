//! A role's own tags, as conditions of the policies that decide who gets in.

use serde_json::{Value, json};
use vestibule_sandbox::aws::policy::Policy;

use crate::assume_role::assume;
use crate::support::saml::Message;
use crate::support::{ACCOUNT, Aws, trust};

fn tag_role(aws: &Aws, role: &str, team: &str) {
    let mut registry = aws.simulation().iam.write();
    let account = registry.account_mut(ACCOUNT).unwrap();
    let role = account.role_mut(role).unwrap();
    role.tags = [("Team".to_owned(), team.to_owned())].into();
}

fn same_team() -> Value {
    json!({ "StringEquals": { "aws:ResourceTag/team": "${aws:RequestTag/team}" } })
}

#[actix_web::test]
async fn a_trust_policy_compares_the_role_s_tag_with_the_one_that_is_passed() {
    let aws = Aws::start();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let actions = ["sts:AssumeRole", "sts:TagSession"];
        let here = json!({ "AWS": ACCOUNT });
        account.role_mut("Reader").unwrap().trust = trust(&here, &actions, Some(same_team()));
    }
    let mine = [
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "payments"),
    ];
    for (team, status) in [("payments", 200), ("ledger", 403)] {
        tag_role(&aws, "Reader", team);
        let reply = assume(&aws, &Aws::broker(), "Reader", &mine).await;
        assert_eq!(reply.status, status, "{team}: {}", reply.body);
    }
    aws.simulation()
        .iam
        .write()
        .account_mut(ACCOUNT)
        .unwrap()
        .role_mut("Reader")
        .unwrap()
        .tags
        .clear();
    let reply = assume(&aws, &Aws::broker(), "Reader", &mine).await;
    assert_eq!(reply.status, 403, "a role without tags is nobody's");
}

#[actix_web::test]
async fn a_caller_s_policy_reaches_the_roles_of_one_tag_only() {
    let aws = Aws::start();
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*",
        "Condition": { "StringEquals": { "aws:ResourceTag/Team": "payments" } },
    }] });
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let user = account.users.get_mut("nobody").unwrap();
        let only = Policy::identity(&document.to_string()).unwrap();
        user.policies.insert("only".to_owned(), only);
    }
    tag_role(&aws, "Reader", "payments");
    tag_role(&aws, "Long", "ledger");
    assume(&aws, &Aws::nobody(), "Reader", &[]).await.keys();
    let reply = assume(&aws, &Aws::nobody(), "Long", &[]).await;
    assert_eq!(reply.status, 403);
}

#[actix_web::test]
async fn the_word_of_an_identity_provider_meets_the_role_s_tags_too() {
    let aws = crate::saml::world();
    let actions = ["sts:AssumeRoleWithSAML", "sts:TagSession"];
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let trusted = crate::saml::saml_trust(&actions, Some(same_team()));
        account.role_mut("Saml").unwrap().trust = trusted;
    }
    let mut message = Message::honest();
    message.set("PrincipalTag:team", &["payments"]);
    let response = message.signed();
    tag_role(&aws, "Saml", "payments");
    crate::saml::assume(&aws, &response, &[]).await.keys();
    tag_role(&aws, "Saml", "ledger");
    let reply = crate::saml::assume(&aws, &response, &[]).await;
    reply.refused(403, "AccessDenied", crate::saml::DENIED);
}
