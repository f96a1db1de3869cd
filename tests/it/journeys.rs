//! From a link to the console: every method, by SAML and by OpenID Connect, asserting on what AWS was asked.

use serde_json::Value;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::request_log::Entry;

use crate::world::accounts::{GOV, PROD};
use crate::world::browser::Page;
use crate::world::{OIDC, SAML, World};

fn parameter<'a>(entry: &'a Entry, name: &str) -> Option<&'a str> {
    entry.parameters.get(name).map(String::as_str)
}

/// The two requests of a sign-in: the STS call and the exchange.
fn two(saw: &[Entry]) -> (&Entry, &Entry) {
    let actions: Vec<_> = saw.iter().map(|entry| entry.action.as_deref()).collect();
    let asked: Vec<&Entry> = saw
        .iter()
        .filter(|entry| entry.action.as_deref() != Some("login") && entry.action.is_some())
        .collect();
    let [sts, exchange] = asked[..] else {
        panic!("not two requests: {actions:?}");
    };
    assert_eq!(exchange.action.as_deref(), Some("getSigninToken"));
    assert_eq!(exchange.method, "POST");
    (sts, exchange)
}

async fn goes(world: &World, idp: &str, link: &str) -> (Page, Value) {
    let browser = world.browser();
    world.aws_forgets();
    let page = world
        .signs_in(&browser, &format!("{link}?idp={idp}"), "erin")
        .await;
    let console = world.console(&browser, &page).await;
    (page, console)
}

#[tokio::test]
async fn a_forwarded_saml_response_opens_the_console_without_any_credentials_of_ours() {
    let world = World::start().await;
    let (_, console) = goes(&world, SAML, "/go/payments-prod/SamlReader").await;
    assert_eq!(
        console["principal"],
        format!("arn:aws:sts::{PROD}:assumed-role/SamlReader/erin@example.com")
    );
    let saw = world.aws_saw();
    let (sts, exchange) = two(&saw);
    assert_eq!(sts.action.as_deref(), Some("AssumeRoleWithSAML"));
    assert!(!sts.signed);
    assert_eq!(sts.host, "sts.eu-west-1.amazonaws.com");
    assert_eq!(parameter(sts, "DurationSeconds"), Some("900"));
    assert_eq!(exchange.host, "eu-west-1.signin.aws.amazon.com");
    assert_eq!(parameter(exchange, "SessionDuration"), Some("43200"));
    world.stop().await;
}

#[tokio::test]
async fn a_forwarded_id_token_opens_the_console_without_any_credentials_of_ours() {
    let world = World::start().await;
    let (_, console) = goes(&world, OIDC, "/go/payments-prod/WebReader").await;
    let principal = console["principal"].as_str().unwrap();
    assert!(principal.starts_with(&format!("arn:aws:sts::{PROD}:assumed-role/WebReader/")));
    let saw = world.aws_saw();
    let (sts, exchange) = two(&saw);
    assert_eq!(sts.action.as_deref(), Some("AssumeRoleWithWebIdentity"));
    assert!(!sts.signed);
    assert_eq!(parameter(exchange, "SessionDuration"), Some("43200"));
    world.stop().await;
}

#[tokio::test]
async fn a_proof_of_our_own_opens_the_console_without_any_credentials_of_ours() {
    let world = World::builder().issuing().start().await;
    world.trusts_the_issuer().await;
    let (_, console) = goes(&world, SAML, "/go/payments-prod/IssuedSaml").await;
    assert_eq!(
        console["principal"],
        format!("arn:aws:sts::{PROD}:assumed-role/IssuedSaml/erin@example.com")
    );
    let saw = world.aws_saw();
    let (sts, exchange) = two(&saw);
    assert_eq!(sts.action.as_deref(), Some("AssumeRoleWithSAML"));
    assert!(!sts.signed);
    assert_eq!(parameter(sts, "DurationSeconds"), Some("900"));
    assert_eq!(parameter(exchange, "SessionDuration"), Some("43200"));
    world.stop().await;
}

#[tokio::test]
async fn assume_role_says_who_it_is_by_name_tags_and_source_identity() {
    let world = World::start().await;
    for idp in [SAML, OIDC] {
        let (_, console) = goes(&world, idp, "/go/payments-prod/Admin").await;
        let saw = world.aws_saw();
        let (sts, exchange) = two(&saw);
        assert_eq!(sts.action.as_deref(), Some("AssumeRole"));
        assert!(sts.signed);
        assert_eq!(sts.access_key.as_deref(), Some("AKIAHUBHUBHUBHUBHUB1"));
        assert_eq!(
            parameter(sts, "RoleArn"),
            Some(format!("arn:aws:iam::{PROD}:role/team/Admin").as_str())
        );
        assert_eq!(parameter(sts, "ExternalId"), Some("vestibule-test"));
        assert_eq!(parameter(sts, "DurationSeconds"), Some("900"));
        assert_eq!(parameter(exchange, "SessionDuration"), Some("28800"));
        let name = parameter(sts, "RoleSessionName").unwrap().to_owned();
        // corp's mail domain is listed as unique, okta's is not
        if idp == SAML {
            assert_eq!(name, "erin@example.com");
        } else {
            assert!(name.contains('='), "{name}");
        }
        assert_eq!(parameter(sts, "SourceIdentity"), Some(name.as_str()));
        assert_eq!(console["source_identity"], name.as_str());
        assert_eq!(parameter(sts, "Tags.member.1.Value"), Some("payments"));
    }
    world.stop().await;
}

#[tokio::test]
async fn credentials_of_a_role_are_held_to_an_hour_and_send_no_session_duration() {
    let world = World::start().await;
    for idp in [SAML, OIDC] {
        goes(&world, idp, "/go/payments-prod/Chained").await;
        let saw = world.aws_saw();
        let (sts, exchange) = two(&saw);
        assert_eq!(parameter(sts, "DurationSeconds"), Some("3600"));
        assert_eq!(parameter(exchange, "SessionDuration"), None);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_session_policy_is_filled_in_and_managed_policies_stand_beside_it() {
    let world = World::start().await;
    for idp in [SAML, OIDC] {
        goes(&world, idp, "/go/payments-prod/Narrow").await;
        let saw = world.aws_saw();
        let (sts, _) = two(&saw);
        let policy = parameter(sts, "Policy").unwrap();
        assert!(policy.contains("arn:aws:s3:::team-payments/*"), "{policy}");
        assert_eq!(
            parameter(sts, "PolicyArns.member.1.arn"),
            Some("arn:aws:iam::aws:policy/ReadOnlyAccess")
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn a_federated_user_never_sends_a_session_duration() {
    let world = World::start().await;
    for idp in [SAML, OIDC] {
        let (_, console) = goes(&world, idp, "/go/payments-prod/Federated").await;
        let principal = console["principal"].as_str().unwrap();
        assert!(principal.starts_with(&format!("arn:aws:sts::{PROD}:federated-user/")));
        let saw = world.aws_saw();
        let (sts, exchange) = two(&saw);
        assert_eq!(sts.action.as_deref(), Some("GetFederationToken"));
        assert!(parameter(sts, "Policy").is_some());
        assert_eq!(parameter(sts, "DurationSeconds"), Some("43200"));
        assert_eq!(parameter(exchange, "SessionDuration"), None);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_federated_user_without_a_policy_lives_by_resource_policies() {
    let world = World::start().await;
    for idp in [SAML, OIDC] {
        goes(&world, idp, "/go/payments-prod/Dropbox").await;
        let saw = world.aws_saw();
        let (sts, _) = two(&saw);
        assert_eq!(sts.action.as_deref(), Some("GetFederationToken"));
        assert_eq!(parameter(sts, "Policy"), None);
        assert_eq!(parameter(sts, "PolicyArns.member.1.arn"), None);
    }
    world.stop().await;
}

#[tokio::test]
async fn govcloud_is_reached_at_its_own_hosts() {
    let world = World::start().await;
    let (_, console) = goes(&world, SAML, "/go/gov-prod/GovSaml").await;
    assert_eq!(
        console["principal"],
        format!("arn:aws-us-gov:sts::{GOV}:assumed-role/GovSaml/erin@example.com")
    );
    for idp in [SAML, OIDC] {
        goes(&world, idp, "/go/gov-prod/GovAdmin").await;
        let saw = world.aws_saw();
        let (sts, exchange) = two(&saw);
        assert_eq!(sts.host, "sts.us-gov-west-1.amazonaws.com");
        assert_eq!(exchange.host, "signin.amazonaws-us-gov.com");
    }
    world.stop().await;
}

#[tokio::test]
async fn the_audit_log_says_who_went_where_before_and_after() {
    let world = World::start().await;
    goes(&world, SAML, "/go/payments-prod/Admin").await;
    let begun = world.audit(EventKind::SigninBegun).await;
    let [begun] = &begun[..] else {
        panic!("not one sign-in: {begun:?}");
    };
    assert_eq!(begun.idp.as_deref(), Some(SAML));
    assert_eq!(begun.subject.as_deref(), Some("erin@example.com"));
    assert_eq!(begun.address.as_deref(), Some("127.0.0.1"));
    assert_eq!(begun.account.as_deref(), Some(PROD));
    assert_eq!(begun.role.as_deref(), Some("payments-prod/Admin"));
    assert_eq!(begun.method.as_deref(), Some("AssumeRole"));
    assert_eq!(begun.session_name.as_deref(), Some("erin@example.com"));
    assert_eq!(begun.source_identity.as_deref(), Some("erin@example.com"));
    assert_eq!(begun.revision, Some(1));
    assert_eq!(begun.rule.as_deref(), Some("payments engineers"));
    let store = world.app.store().clone();
    world.app.stop().await;
    drop(store);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn with_a_live_session_a_click_is_one_redirect_and_two_requests_on_warm_connections() {
    let world = World::start().await;
    let browser = world.browser();
    let link = "/go/payments-prod/Admin";
    world
        .signs_in(&browser, &format!("{link}?idp={SAML}"), "erin")
        .await;
    world.aws_forgets();
    let connections = world.sandbox.simulation().log.connections();
    let answer = browser.opens_once(&world.at(link)).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.body, "");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(world.aws_saw().len(), 2);
    assert_eq!(world.sandbox.simulation().log.connections(), connections);
    world.stop().await;
}
