//! Holding less than the role gives: session policies, managed policies, scopes and tags, by every method, on the wire
//! and in the console.

use serde_json::Value;
use vestibule::domain::audit::EventKind;

use crate::world::accounts::MODEL;
use crate::world::browser::{Browser, Page};
use crate::world::{OIDC, SAML, World};

const OBJECT: &str = "arn:aws:s3:::team-payments/report";

const READ_S3: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

const READ_EC2: &str = "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess";

/// Policies for a role: one object of the team's, and one managed policy.
const NARROWED: &str = r#"
session_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::team-{attribute.team}/*"}]}'
managed_policies = ["arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess"]"#;

/// A scope with both kinds of policy.
const SCOPE: &str = r#"
[[scopes]]
name = "buckets"
session_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:GetQueueUrl","Resource":"*"}]}'
managed_policies = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
"#;

/// Every method that takes a scope: provider, role, operation.
const METHODS: [(&str, &str, &str); 3] = [
    (SAML, "payments-dev/Developer", "AssumeRole"),
    (SAML, "payments-prod/SamlReader", "AssumeRoleWithSAML"),
    (OIDC, "payments-prod/WebReader", "AssumeRoleWithWebIdentity"),
];

const FORWARDED: [(&str, &str, &str); 2] = [METHODS[1], METHODS[2]];

fn after(model: &str, text: &str, more: &str) -> String {
    assert_eq!(model.matches(text).count(), 1, "{text}");
    model.replace(text, &format!("{text}{more}"))
}

/// Signs in by a link, in a browser of its own.
async fn arrives(world: &World, idp: &str, link: &str) -> (Browser, Page, Value) {
    let browser = world.browser();
    world.aws_forgets();
    let sign = if link.contains('?') { '&' } else { '?' };
    let page = world
        .signs_in(&browser, &format!("{link}{sign}idp={idp}"), "erin")
        .await;
    let console = world.console(&browser, &page).await;
    (browser, page, console)
}

#[tokio::test]
async fn a_forwarded_proof_takes_the_roles_policies_along_and_the_console_holds_no_more() {
    let model = after(MODEL, "provider = \"corp\"\nconsole_hours = 12", NARROWED);
    let model = after(&model, "provider = \"okta\"\nconsole_hours = 12", NARROWED);
    let wide = World::start().await;
    let narrow = World::builder().model(&model).start().await;
    for (idp, role, operation) in FORWARDED {
        let link = format!("/go/{role}");
        let (browser, page, _) = arrives(&wide, idp, &link).await;
        assert!(wide.may(&browser, &page, "s3:ListBucket", "*").await);
        let call = wide.sts_call();
        assert_eq!(call.action.as_deref(), Some(operation));
        assert!(!call.parameters.contains_key("Policy"));

        let (browser, page, console) = arrives(&narrow, idp, &link).await;
        let call = narrow.sts_call();
        assert_eq!(call.action.as_deref(), Some(operation));
        let policy: Value = serde_json::from_str(&call.parameters["Policy"]).unwrap();
        let resource = &policy["Statement"][0]["Resource"];
        assert_eq!(resource, "arn:aws:s3:::team-payments/*", "{operation}");
        assert_eq!(call.parameters["PolicyArns.member.1.arn"], READ_EC2);
        assert_eq!(console["managed_policies"][0], READ_EC2);
        for (action, resource, expected) in [
            ("s3:GetObject", OBJECT, true),
            ("s3:GetObject", "arn:aws:s3:::team-other/report", false),
            ("ec2:DescribeInstances", "*", true),
            ("s3:ListBucket", "*", false),
        ] {
            let may = narrow.may(&browser, &page, action, resource).await;
            assert_eq!(may, expected, "{operation}: {action} on {resource}");
        }
    }
    wide.stop().await;
    narrow.stop().await;
}

#[tokio::test]
async fn a_scope_narrows_every_method_that_takes_one_and_is_kept_on_the_way_back() {
    let world = World::builder()
        .model(&format!("{MODEL}{SCOPE}"))
        .start()
        .await;
    for (count, (idp, role, operation)) in (1..).zip(METHODS) {
        let link = format!("/go/{role}?scope=buckets");
        let (browser, page, console) = arrives(&world, idp, &link).await;
        let call = world.sts_call();
        assert_eq!(call.action.as_deref(), Some(operation));
        assert_eq!(call.parameters["PolicyArns.member.1.arn"], READ_S3);
        assert!(call.parameters["Policy"].contains("sqs:GetQueueUrl"));
        assert_eq!(console["issuer"], world.at(&link), "{operation}");
        for (action, expected) in [
            ("s3:GetObject", true),
            ("sqs:GetQueueUrl", true),
            ("ec2:DescribeInstances", false),
        ] {
            let may = world.may(&browser, &page, action, OBJECT).await;
            assert_eq!(may, expected, "{operation}: {action}");
        }
        let (begun, ended) = world.signin_rows(count).await;
        assert_eq!(begun.scope.as_deref(), Some("buckets"), "{operation}");
        assert_eq!(ended.scope.as_deref(), Some("buckets"), "{operation}");
    }
    // without the scope the same role gives more
    let (browser, page, _) = arrives(&world, SAML, "/go/payments-dev/Developer").await;
    assert!(!world.sts_call().parameters.contains_key("Policy"));
    assert!(
        world
            .may(&browser, &page, "ec2:DescribeInstances", "*")
            .await
    );
    world.stop().await;
}

#[tokio::test]
async fn a_scope_is_refused_where_it_would_widen_the_role() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    // a role with policies of its own, one with a policy alone, and one that lives by resource policies
    for role in ["Narrow", "Federated", "Dropbox"] {
        let link = world.at(&format!("/go/payments-prod/{role}?scope=read-only"));
        let page = browser.opens_once(&link).await;
        page.is_refused(400, "scope-unknown");
        let rows = world.audit(EventKind::SigninRefused).await;
        let row = rows.last().unwrap();
        let key = format!("payments-prod/{role}");
        assert_eq!(row.role.as_deref(), Some(&*key));
        assert_eq!(row.scope.as_deref(), Some("read-only"));
        assert_eq!(row.cause.as_deref(), Some("link.scope"));
    }
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn transitive_tags_are_named_as_such() {
    let world = World::start().await;
    let (_, _, console) = arrives(&world, SAML, "/go/payments-prod/Admin").await;
    let call = world.sts_call();
    assert_eq!(call.parameters["TransitiveTagKeys.member.1"], "team");
    assert!(!call.parameters.contains_key("TransitiveTagKeys.member.2"));
    assert_eq!(console["transitive_tag_keys"], serde_json::json!(["team"]));
    assert_eq!(
        console["tags"],
        serde_json::json!([["team", "payments"], ["who", "erin@example.com"]])
    );
    world.stop().await;
}

#[tokio::test]
async fn a_federated_user_carries_tags() {
    let federated = "credentials = \"payments\"\nconsole_hours = 12";
    let tags = "\ntags = { team = \"{attribute.team}\", who = \"{session.name}\" }";
    let model = after(MODEL, federated, tags);
    let world = World::builder().model(&model).start().await;
    let (_, _, console) = arrives(&world, SAML, "/go/payments-prod/Federated").await;
    let call = world.sts_call();
    assert_eq!(call.action.as_deref(), Some("GetFederationToken"));
    for (name, value) in [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "payments"),
        ("Tags.member.2.Key", "who"),
        ("Tags.member.2.Value", "erin@example.com"),
    ] {
        assert_eq!(call.parameters[name], value, "{name}");
    }
    assert_eq!(
        console["tags"],
        serde_json::json!([["team", "payments"], ["who", "erin@example.com"]])
    );
    world.stop().await;
}

#[tokio::test]
async fn pages_on_the_way_say_role_and_scope() {
    let world = World::builder()
        .model(&format!("{MODEL}{SCOPE}"))
        .start()
        .await;
    let erin = world.signed_in("erin").await;
    let says = |page: &Page| page.body.contains("scope <b>buckets</b>");
    let choice = erin
        .opens(&world.at("/go?account_id=111122223333&scope=buckets"))
        .await;
    assert!(says(&choice), "{}", choice.body);
    let path = "/keys/payments-dev/Developer";
    let page = erin
        .opens(&world.at(&format!("{path}?scope=buckets")))
        .await;
    assert!(
        page.body.contains("<dt>Scope</dt><dd>buckets"),
        "{}",
        page.body
    );
    let forms = page.forms();
    let form = forms.iter().find(|form| form.action.path() == path);
    let made = erin.submits(form.unwrap()).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(says(&made), "{}", made.body);
    world.stop().await;
}
