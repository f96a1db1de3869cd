//! The second partition: its hosts, its keys, its audiences, and nothing of the first.

use serde_json::json;
use vestibule_sandbox::aws::iam::{Role, SamlProvider};

use crate::saml::refused_as_invalid;
use crate::support::saml::{Key, Message, encode, metadata};
use crate::support::{ACCOUNT, Aws, Keys, policy, trust};

const GOV: &str = "777788889999";
const HOST: &str = "sts.us-gov-west-1.amazonaws.com";

#[actix_web::test]
async fn keys_and_roles_stay_in_their_partition() {
    let aws = Aws::start();
    let gov = Keys {
        id: "AKIAGOV0000000000001".to_owned(),
        ..Aws::broker()
    };
    let who = ("GetCallerIdentity", &[][..]);
    let reply = aws.call_host(HOST, "us-gov-west-1", &gov, who).await;
    assert_eq!(
        reply.expect("Arn"),
        format!("arn:aws-us-gov:iam::{GOV}:user/broker")
    );
    let reply = aws
        .call_host(HOST, "us-gov-west-1", &Aws::broker(), who)
        .await;
    assert_eq!(reply.expect("Code"), "InvalidClientTokenId");
    for role in [
        format!("arn:aws:iam::{ACCOUNT}:role/Long"),
        format!("arn:aws:iam::{GOV}:role/Long"),
    ] {
        let rest = [("RoleArn", role.as_str()), ("RoleSessionName", "ada")];
        let reply = aws
            .call_host(HOST, "us-gov-west-1", &gov, ("AssumeRole", &rest))
            .await;
        assert_eq!(
            (reply.status, reply.expect("Code").as_str()),
            (403, "AccessDenied")
        );
    }
}

#[actix_web::test]
async fn saml_there_wants_its_own_host_and_its_own_audiences_which_are_a_list_to_change() {
    let aws = Aws::start();
    let provider = format!("arn:aws-us-gov:iam::{GOV}:saml-provider/corp");
    let role = format!("arn:aws-us-gov:iam::{GOV}:role/Saml");
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(GOV).unwrap();
        let registered = SamlProvider::new("corp", &metadata(&[Key::provider()]));
        account.saml_providers.insert("corp".to_owned(), registered);
        let federated = json!({ "Federated": provider });
        let trusted = trust(&federated, &["sts:AssumeRoleWithSAML"], None);
        account.put_role(Role::new("Saml", trusted).with_policy("all", policy("Allow", "*", "*")));
    }
    let ask = async |host: &str, audience| {
        let mut message = Message {
            audiences: vec![audience],
            ..Message::honest()
        };
        message.set("Role", &[&format!("{role},{provider}")]);
        let encoded = encode(&message.signed());
        let rest = [
            ("RoleArn", role.as_str()),
            ("PrincipalArn", &provider),
            ("SAMLAssertion", &encoded),
        ];
        let body = crate::support::form("AssumeRoleWithSAML", &rest);
        aws.post(&format!("/{host}/"), &body, &[]).await
    };
    let reply = ask(HOST, "urn:amazon:webservices:govcloud").await;
    assert!(reply.expect("Arn").starts_with("arn:aws-us-gov:sts::"));
    let reply = ask(HOST, "urn:amazon:webservices").await;
    refused_as_invalid(&reply, "Response does not contain the required audience.");
    let reply = ask("sts.eu-west-1.amazonaws.com", "urn:amazon:webservices").await;
    refused_as_invalid(&reply, "Specified provider doesn't exist");
    let longer = "https://signin.amazonaws-us-gov.com/saml";
    assert_eq!(ask(HOST, longer).await.status, 200);
    let missing = "Response does not contain the required audience.";
    aws.simulation().change_switches(|switches| {
        switches.saml.gov_audiences = vec!["urn:amazon:webservices".to_owned()];
    });
    for audience in [longer, "urn:amazon:webservices:govcloud"] {
        refused_as_invalid(&ask(HOST, audience).await, missing);
    }
    assert_eq!(ask(HOST, "urn:amazon:webservices").await.status, 200);
}
