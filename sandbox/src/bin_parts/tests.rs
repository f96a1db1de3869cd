//! The demo's data: the access model is right, the accounts match it, and the people hold what they should.

use std::collections::BTreeSet;

use vestibule::domain::access::AccessIndex;
use vestibule::domain::identity::IdpId;
use vestibule_sandbox::aws::clock::Clock;
use vestibule_sandbox::aws::random::Random;
use vestibule_sandbox::company;
use vestibule_sandbox::people::Directory;

use vestibule_sandbox::Sandbox;

use super::issuer::Issuer;
use super::registry::{Federation, Seeded, seed};
use super::{DataFolder, Demo, Reserved, access, links};

fn idp(id: &str) -> IdpId {
    IdpId::parse(id).unwrap()
}

fn index() -> AccessIndex {
    access::index(&access::document().unwrap()).unwrap()
}

fn roles_of(username: &str, provider: &str) -> BTreeSet<String> {
    let person = Directory::demo().find(username).unwrap();
    let now = Clock::system().now();
    links::held(&index(), &idp(provider), &person, now)
        .iter()
        .map(|role| role.key.to_string())
        .collect()
}

fn accounts_of(roles: &BTreeSet<String>) -> BTreeSet<&str> {
    roles
        .iter()
        .filter_map(|role| role.split('/').next())
        .collect()
}

fn seeded() -> Seeded {
    let federation = Federation {
        saml_metadata: "<metadata/>",
        acs_url: "http://127.0.0.1:8080/saml/corp/acs",
        issuer: "http://127.0.0.1:4569",
        client_id: "vestibule",
        own: &Issuer {
            metadata: "<metadata/>".to_owned(),
            recipient: "http://127.0.0.1:8080/issuer/saml".to_owned(),
            url: "http://127.0.0.1:8080".to_owned(),
            audience: "sts.amazonaws.com".to_owned(),
        },
        names: vec!["erin@example.com".to_owned()],
    };
    seed(
        &access::document().unwrap(),
        &federation,
        &Random::seeded(1),
    )
    .unwrap()
}

#[test]
fn the_people_hold_what_the_demo_promises() {
    for provider in ["corp", "partners"] {
        let erin = roles_of("erin", provider);
        assert!((12..=16).contains(&erin.len()), "a dozen: {erin:?}");
        let carl = roles_of("carl", provider);
        assert!(!carl.is_empty() && carl.len() < erin.len());
        assert!(
            carl.iter()
                .all(|role| !role.contains("-prod/") && !role.contains("-gov/")),
            "a deny keeps carl out of production: {carl:?}"
        );
        assert!(roles_of("ada", provider).contains("payments-prod/Admin"));
        let max = roles_of("max", provider);
        assert_eq!(max.len(), 300);
        assert_eq!(accounts_of(&max).len(), 60);
        let grace = roles_of("grace", provider);
        assert_eq!(grace.len(), company::ROLES);
        assert_eq!(accounts_of(&grace).len(), company::ACCOUNTS);
        for other in [erin, carl, roles_of("ada", provider), max] {
            assert!(other.is_disjoint(&grace), "the company's are grace's alone");
        }
        assert!(roles_of("nora", provider).is_empty());
    }
}

#[test]
fn every_method_can_be_reached_from_every_provider_that_can_serve_it_in_both_partitions() {
    let people = Directory::demo();
    let populations = ["corp", "partners"].map(|id| links::Population {
        idp: idp(id),
        people: &people,
    });
    let now = Clock::system().now();
    let links = links::links(&index(), &populations, "http://127.0.0.1:8080", now);
    let links: Vec<serde_json::Value> = links
        .iter()
        .map(|link| serde_json::to_value(link).unwrap())
        .collect();
    let ways: BTreeSet<String> = links
        .iter()
        .map(|link| {
            let text = |name: &str| link[name].as_str().unwrap_or("-").to_owned();
            let gov = text("role").starts_with("payments-gov/");
            format!("{} {} {} {gov}", text("idp"), text("method"), text("proof"))
        })
        .collect();
    let expected = [
        ("corp", "AssumeRoleWithSAML", "forwarded"),
        ("partners", "AssumeRoleWithWebIdentity", "forwarded"),
        ("corp", "AssumeRoleWithSAML", "issued"),
        ("partners", "AssumeRoleWithSAML", "issued"),
        ("corp", "AssumeRoleWithWebIdentity", "issued"),
        ("partners", "AssumeRoleWithWebIdentity", "issued"),
        ("corp", "AssumeRole", "-"),
        ("partners", "AssumeRole", "-"),
        ("corp", "GetFederationToken", "-"),
        ("partners", "GetFederationToken", "-"),
    ];
    let expected: BTreeSet<String> = expected
        .iter()
        .flat_map(|(idp, method, proof)| {
            [false, true].map(|gov| format!("{idp} {method} {proof} {gov}"))
        })
        .collect();
    assert_eq!(ways, expected);
    for link in &links {
        let url = link["url"].as_str().unwrap();
        let (role, idp) = (
            link["role"].as_str().unwrap(),
            link["idp"].as_str().unwrap(),
        );
        assert_eq!(url, format!("http://127.0.0.1:8080/go/{role}?idp={idp}"));
    }
}

#[test]
fn the_simulated_accounts_hold_every_role_and_key_of_the_model() {
    let seeded = seeded();
    let document = access::document().unwrap();
    for entry in &document.roles {
        let account = document
            .accounts
            .iter()
            .find(|account| account.alias == entry.account)
            .unwrap()
            .id
            .clone();
        let account = seeded.registry.account(&account).unwrap();
        if entry.method.starts_with("Get") {
            let name = entry.credentials.as_deref().unwrap();
            let own = seeded.keys.iter().find(|own| own.name == name).unwrap();
            let (owner, ..) = seeded.registry.long_term_key(&own.key.id).unwrap();
            assert_eq!(owner.id, account.id, "the key is of that very account");
        } else {
            assert!(
                account.role(&entry.name).is_some(),
                "{}/{}",
                entry.account,
                entry.name
            );
        }
    }
    let names: BTreeSet<_> = seeded.keys.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(
        names,
        BTreeSet::from(["hub", "hub-gov", "payments-dev", "payments-gov", "uploader"])
    );
    let account = |id: &str| seeded.registry.account(id).unwrap();
    let trust = |id: &str, role: &str| account(id).role(role).unwrap().trust.text().to_owned();
    assert!(
        trust("111122223333", "ReadOnly")
            .contains("\"SAML:aud\":\"http://127.0.0.1:8080/saml/corp/acs\"")
    );
    assert!(trust("111122223333", "Support").contains("\"127.0.0.1:4569:aud\":\"vestibule\""));
    assert!(
        trust("222233334444", "ReadOnly")
            .contains("\"SAML:aud\":\"http://127.0.0.1:8080/issuer/saml\"")
    );
    assert!(
        trust("666677778888", "Observer").contains("\"127.0.0.1:8080:aud\":\"sts.amazonaws.com\"")
    );
    assert!(trust("111122223333", "Operate").contains("\"sts:ExternalId\":\"vestibule-payments\""));
    assert!(
        trust("666677778888", "Operate")
            .contains("arn:aws-us-gov:iam::999900002222:user/vestibule")
    );
    let bucket = account("333344445555").buckets["payments-dev-dropbox"]
        .policy
        .clone();
    assert!(
        bucket
            .unwrap()
            .text()
            .contains("federated-user/erin@example.com")
    );
}

#[test]
fn the_saml_provider_sends_the_pairs_of_the_roles_that_a_person_holds_by_it() {
    let people = Directory::demo();
    links::send_role_pairs(&index(), &idp("corp"), &people, Clock::system().now());
    let pairs = |name: &str| people.find(name).unwrap().aws.roles;
    assert_eq!(pairs("erin").len(), 3);
    assert!(pairs("erin").contains(&(
        "arn:aws-us-gov:iam::666677778888:role/ReadOnly".to_owned(),
        "arn:aws-us-gov:iam::666677778888:saml-provider/corp".to_owned(),
    )));
    assert_eq!(pairs("carl").len(), 1, "development alone");
    assert!(pairs("nora").is_empty());
}

/// What STS answers to an unsigned call.
async fn ask_sts(sandbox: &Sandbox, host: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("Version", "2011-06-15")
        .extend_pairs(fields);
    let answer = reqwest::Client::builder()
        .build()
        .unwrap()
        .post(sandbox.aws.url(host))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.finish())
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[actix_web::test]
async fn the_simulated_sts_takes_what_the_providers_say_for_every_role_that_forwards() {
    let data = DataFolder::open(None).unwrap();
    let reserved = Reserved::take(Some("127.0.0.1:0".parse().unwrap())).unwrap();
    let demo = Demo::start(&data, reserved.addresses().unwrap()).unwrap();
    let sandbox = demo.sandbox();
    let portal = format!("http://{}", reserved.addresses().unwrap().0);
    let assertion = sandbox
        .saml_idp
        .mint(&format!("{portal}/saml/corp/metadata"), "erin", None)
        .unwrap()
        .base64();
    let token = sandbox.oidc_idp.mint("vestibule", "erin", None).unwrap();
    let erin = sandbox.people().find("erin").unwrap();
    let now = Clock::system().now();
    let index = index();
    let mut tried = 0;
    for provider in ["corp", "partners"] {
        for role in links::held(&index, &idp(provider), &erin, now) {
            if role.method.forwards().is_none() {
                continue;
            }
            let (partition, id) = (role.account.partition.as_str(), role.account.id.as_str());
            let host = match partition {
                "aws" => "sts.eu-west-1.amazonaws.com",
                _ => "sts.us-gov-west-1.amazonaws.com",
            };
            let arn = role.arn();
            let principal = format!("arn:{partition}:iam::{id}:saml-provider/corp");
            let mut fields = vec![
                ("Action", role.method.operation()),
                ("RoleArn", &arn),
                ("DurationSeconds", "900"),
            ];
            match role.method.operation() {
                "AssumeRoleWithSAML" => {
                    fields.extend([
                        ("PrincipalArn", &*principal),
                        ("SAMLAssertion", &*assertion),
                    ]);
                }
                "AssumeRoleWithWebIdentity" => {
                    fields.extend([("RoleSessionName", "erin"), ("WebIdentityToken", &*token)]);
                }
                _ => continue,
            }
            let (status, answer) = ask_sts(sandbox, host, &fields).await;
            assert_eq!(status, 200, "{arn}: {answer}");
            tried += 1;
        }
    }
    assert_eq!(tried, 6);
    demo.stop().await;
}
