//! Chains of roles: what follows the person from link to link, what cannot be changed, how long it lasts.

use serde_json::json;
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::tokens::Session;

use crate::assume_role::{assume, denied};
use crate::support::{ACCOUNT, Aws, Keys, OTHER, Reply, policy, trust};

fn known(aws: &Aws, keys: &Keys) -> Session {
    let token = keys.token.clone().unwrap();
    let known = aws.simulation().tokens.by_access_key(&keys.id, &token);
    known.unwrap().session
}

/// Adds a role that trusts the account with these actions.
fn role(aws: &Aws, name: &str, actions: &[&str]) {
    let here = json!({ "AWS": ACCOUNT });
    let role = Role::new(name, trust(&here, actions, None));
    let mut registry = aws.simulation().iam.write();
    let account = registry.account_mut(ACCOUNT).unwrap();
    account.put_role(role.with_policy("all", policy("Allow", "sts:*", "*")));
}

#[actix_web::test]
async fn what_is_transitive_reaches_the_third_role_and_the_rest_stays_behind() {
    let aws = Aws::start();
    let tags = [
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "payments"),
        ("Tags.member.2.Key", "Mood"),
        ("Tags.member.2.Value", "fine"),
        ("TransitiveTagKeys.member.1", "Team"),
        ("SourceIdentity", "ada"),
    ];
    let first = assume(&aws, &Aws::broker(), "Long", &tags).await.keys();
    let more = [
        ("Tags.member.1.Key", "Step"),
        ("Tags.member.1.Value", "2"),
        ("TransitiveTagKeys.member.1", "step"),
    ];
    let second = assume(&aws, &first, "Long", &more).await.keys();
    let third = assume(&aws, &second, "Reader", &[]).await;
    assert_eq!(third.expect("SourceIdentity"), "ada");
    let session = known(&aws, &third.keys());
    let tags: Vec<(&str, &str)> = session.tags.iter().map(|(k, v)| (&**k, &**v)).collect();
    assert_eq!(tags, [("Step", "2"), ("Team", "payments")]);
    assert_eq!(session.transitive_keys, ["Team", "Step"]);
    assert_eq!(session.source_identity.as_deref(), Some("ada"));
}

#[actix_web::test]
async fn a_link_further_down_cannot_change_an_inherited_tag_in_any_spelling() {
    let aws = Aws::start();
    let tags = [
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "payments"),
        ("TransitiveTagKeys.member.1", "TEAM"),
    ];
    let first = assume(&aws, &Aws::broker(), "Long", &tags).await.keys();
    let second = assume(&aws, &first, "Long", &[]).await.keys();
    for keys in [&first, &second] {
        for key in ["Team", "team", "TEAM"] {
            let again = [
                ("Tags.member.1.Key", key),
                ("Tags.member.1.Value", "payments"),
            ];
            assume(&aws, keys, "Long", &again).await.refused(
                400,
                "InvalidParameterValue",
                "One of the specified transitive tag keys can't be set because it conflicts with a transitive \
                 tag key from the calling session.",
            );
        }
    }
}

#[actix_web::test]
async fn inherited_and_passed_tags_are_the_principal_s_in_the_next_trust_policy() {
    let aws = Aws::start();
    let here = json!({ "AWS": ACCOUNT });
    let condition = json!({ "StringEquals": { "aws:PrincipalTag/team": "payments" } });
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        account.put_role(Role::new(
            "Next",
            trust(&here, &["sts:AssumeRole"], Some(condition)),
        ));
    }
    let tags = [
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "payments"),
    ];
    let tagged = assume(&aws, &Aws::broker(), "Long", &tags).await.keys();
    assume(&aws, &tagged, "Next", &[]).await.keys();
    let plain = assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
    assert_eq!(assume(&aws, &plain, "Next", &[]).await.status, 403);
}

#[actix_web::test]
async fn every_link_must_let_the_source_identity_pass() {
    let aws = Aws::start();
    role(&aws, "Closed", &["sts:AssumeRole"]);
    let first = assume(&aws, &Aws::broker(), "Long", &[("SourceIdentity", "ada")])
        .await
        .keys();
    let reply = assume(&aws, &first, "Closed", &[]).await;
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/Long/ada");
    reply.refused(
        403,
        "AccessDenied",
        &denied(&session, "sts:SetSourceIdentity", "Closed"),
    );
    let without = assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
    assume(&aws, &without, "Closed", &[]).await.keys();
}

#[actix_web::test]
async fn a_later_link_may_set_a_source_identity_that_no_earlier_one_set() {
    let aws = Aws::start();
    let first = assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
    let second = assume(&aws, &first, "Long", &[("SourceIdentity", "ada")]).await;
    assert_eq!(second.expect("SourceIdentity"), "ada");
    let third = assume(&aws, &second.keys(), "Reader", &[("SourceIdentity", "bob")]).await;
    assert_eq!(third.status, 403);
}

#[actix_web::test]
async fn across_accounts_the_caller_s_policies_must_allow_tags_and_source_identity_too() {
    let aws = Aws::start();
    let visitor = format!("arn:aws:iam::{OTHER}:role/Visitor");
    let ask = async |keys: &Keys, rest: &[(&str, &str)]| -> Reply {
        let mut all = vec![("RoleArn", &*visitor), ("RoleSessionName", "ada")];
        all.extend_from_slice(rest);
        aws.call(keys, "AssumeRole", &all).await
    };
    let put = |action: &str| {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let user = account.users.get_mut("nobody").unwrap();
        user.policies
            .insert(action.to_owned(), policy("Allow", action, &visitor));
    };
    let tag = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "x")];
    let source = [("SourceIdentity", "ada")];
    put("sts:AssumeRole");
    ask(&Aws::nobody(), &[]).await.keys();
    for (rest, action) in [
        (&tag[..], "sts:TagSession"),
        (&source, "sts:SetSourceIdentity"),
    ] {
        let reply = ask(&Aws::nobody(), rest).await;
        let text = format!(
            "User: arn:aws:iam::{ACCOUNT}:user/nobody is not authorized to perform: {action} on resource: {visitor}"
        );
        reply.refused(403, "AccessDenied", &text);
        put(action);
        ask(&Aws::nobody(), rest).await.keys();
    }
}

#[actix_web::test]
async fn which_tags_may_be_transitive_is_a_condition() {
    let aws = Aws::start();
    let here = json!({ "AWS": ACCOUNT });
    let condition = json!({ "ForAllValues:StringEquals": { "sts:TransitiveTagKeys": ["team"] } });
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let actions = ["sts:AssumeRole", "sts:TagSession"];
        account.put_role(Role::new("Tagged", trust(&here, &actions, Some(condition))));
    }
    let tags = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "x"),
        ("Tags.member.2.Key", "mood"),
        ("Tags.member.2.Value", "y"),
    ];
    let team = [&tags[..], &[("TransitiveTagKeys.member.1", "team")]].concat();
    assume(&aws, &Aws::broker(), "Tagged", &team).await.keys();
    let mood = [&tags[..], &[("TransitiveTagKeys.member.1", "mood")]].concat();
    assert_eq!(
        assume(&aws, &Aws::broker(), "Tagged", &mood).await.status,
        403
    );
}

#[actix_web::test]
async fn fifty_tags_fit_and_the_fifty_first_does_not() {
    let aws = Aws::start();
    for (count, status) in [(50, 200), (51, 400)] {
        let tags: Vec<(String, String)> = (1..=count)
            .flat_map(|index| {
                [
                    (format!("Tags.member.{index}.Key"), format!("k{index}")),
                    (format!("Tags.member.{index}.Value"), String::new()),
                ]
            })
            .collect();
        let tags: Vec<(&str, &str)> = tags.iter().map(|(a, b)| (&**a, &**b)).collect();
        let reply = assume(&aws, &Aws::broker(), "Long", &tags).await;
        assert_eq!(reply.status, status, "{}", reply.body);
    }
}

#[actix_web::test]
async fn tag_keys_that_begin_with_aws_are_reserved_unless_switched() {
    let aws = Aws::start();
    let tags = [
        ("Tags.member.1.Key", "AWS:team"),
        ("Tags.member.1.Value", "x"),
    ];
    let reply = assume(&aws, &Aws::broker(), "Long", &tags).await;
    assert_eq!(
        (reply.status, &*reply.expect("Code")),
        (400, "InvalidParameterValue")
    );
    aws.simulation()
        .change_switches(|switches| switches.reserved_tag_keys = false);
    assume(&aws, &Aws::broker(), "Long", &tags).await.keys();
}

#[actix_web::test]
async fn an_hour_is_the_most_however_short_the_chain_and_however_long_the_role() {
    let aws = Aws::start();
    let first = assume(
        &aws,
        &Aws::broker(),
        "Long",
        &[("DurationSeconds", "43200")],
    )
    .await
    .keys();
    for (seconds, status) in [("3600", 200), ("3601", 400), ("43200", 400)] {
        let reply = assume(&aws, &first, "Long", &[("DurationSeconds", seconds)]).await;
        assert_eq!(reply.status, status, "{seconds}");
    }
    let over = assume(&aws, &first, "Reader", &[("DurationSeconds", "7200")]).await;
    over.refused(
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
}
