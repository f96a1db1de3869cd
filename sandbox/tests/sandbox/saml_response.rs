//! What the demo SAML provider can put into a response, and the ways in which it can be made to lie.

use std::sync::Arc;

use chrono::Duration;
use vestibule_sandbox::aws::random::Random;
use vestibule_sandbox::idp::key::{Algorithm, Key, KeyKind};
use vestibule_sandbox::idp::saml::{
    InResponseTo, NameId, Refusal, SamlIdp, SamlSettings, ServiceProvider, Signed,
};
use vestibule_sandbox::people::{Directory, Person};

use crate::support::xmlsec::{ASSERTION, RESPONSE, accepts};
use crate::support::{ACS, SP, binding, saml_idp, standing_clock};

#[actix_web::test]
async fn every_algorithm_and_every_choice_of_what_is_signed_verifies() {
    let idp = saml_idp(standing_clock().0);
    for algorithm in [
        Algorithm::RsaSha1,
        Algorithm::RsaSha256,
        Algorithm::RsaSha384,
        Algorithm::RsaSha512,
        Algorithm::EcdsaSha256,
    ] {
        for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
            idp.configure(|options| {
                options.algorithm = algorithm;
                options.signed = signed;
                options.prefix_list = Some("xs saml".to_owned());
            });
            let xml = idp.mint(SP, "max", None).unwrap().xml;
            let key = idp.keys().for_algorithm(algorithm);
            let found = [ASSERTION, RESPONSE].map(|path| accepts(&xml, path, key));
            let expected = match signed {
                Signed::Assertion => [true, false],
                Signed::Response => [false, true],
                _ => [true, true],
            };
            assert_eq!(found, expected, "{algorithm:?} {signed:?}");
        }
    }
    idp.configure(|options| options.signed = Signed::Neither);
    assert!(!idp.mint(SP, "max", None).unwrap().xml.contains("Signature"));
    idp.stop().await;
}

#[actix_web::test]
async fn an_edit_before_signing_verifies_and_one_after_signing_does_not() {
    let idp = saml_idp(standing_clock().0);
    let pretty = |xml: String| {
        xml.replace("><saml:", ">\n  <saml:")
            .replace("erin@example.com<", "erin@example<!-- not so fast -->.com<")
    };
    idp.configure(|options| {
        options.edit_assertion = Some(Arc::new(pretty));
        options.edit_response = Some(Arc::new(|xml| {
            xml.replace("<samlp:Status>", "\n<samlp:Status>")
        }));
    });
    let xml = idp.mint(SP, "erin", None).unwrap().xml;
    assert!(xml.contains("<!-- not so fast -->"));
    for path in [ASSERTION, RESPONSE] {
        assert!(accepts(&xml, path, &idp.keys().rsa), "{path}");
    }
    idp.configure(|options| {
        options.edit_assertion = None;
        options.edit_response = None;
        options.edit_signed = Some(Arc::new(|xml| xml.replace("erin@", "ada@")));
    });
    let xml = idp.mint(SP, "erin", None).unwrap().xml;
    for path in [ASSERTION, RESPONSE] {
        assert!(!accepts(&xml, path, &idp.keys().rsa), "{path}");
    }
    idp.configure(|options| options.edit_signed = None);
    let other = Key::generate(KeyKind::Rsa).unwrap();
    idp.configure(|options| options.key = Some(Arc::clone(&other)));
    let xml = idp.mint(SP, "erin", None).unwrap().xml;
    assert!(accepts(&xml, ASSERTION, &other));
    assert!(!accepts(&xml, ASSERTION, &idp.keys().rsa));
    idp.stop().await;
}

#[actix_web::test]
async fn names_times_and_targets_can_be_set() {
    let idp = saml_idp(standing_clock().0);
    idp.configure(|options| {
        options.name_id = NameId::Persistent;
        options.audiences = vec!["urn:amazon:webservices".to_owned()];
        options.recipient = Some("https://elsewhere.example/?a&b".to_owned());
        options.destination = Some("https://third.example".to_owned());
        options.issuer = Some("https://other-idp.example".to_owned());
        options.in_response_to = InResponseTo::Other("_other".to_owned());
        options.issued_ago = Duration::minutes(6);
        options.session_lifetime = None;
        options.authenticated_ago = Some(Duration::hours(2));
    });
    let xml = idp.mint(SP, "erin", Some("_request")).unwrap().xml;
    for part in [
        "persistent\">person-erin<",
        "<saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction>",
        "Recipient=\"https://elsewhere.example/?a&amp;b\"",
        "Destination=\"https://third.example\"",
        "<saml:Issuer>https://other-idp.example</saml:Issuer>",
        "InResponseTo=\"_other\"",
        "IssueInstant=\"2026-11-22T09:54:00Z\"",
        "NotBefore=\"2026-11-22T09:53:30Z\"",
        "NotOnOrAfter=\"2026-11-22T09:59:00Z\"",
        "AuthnInstant=\"2026-11-22T07:54:00Z\"",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert!(!xml.contains("SessionNotOnOrAfter"));
    idp.configure(|options| options.name_id = NameId::Transient);
    let names: Vec<_> = (0..2)
        .map(|_| idp.mint(SP, "erin", None).unwrap().xml)
        .collect();
    assert!(
        names
            .iter()
            .all(|xml| xml.contains("nameid-format:transient") && !xml.contains(">person-erin<"))
    );
    idp.configure(|options| options.name_id = NameId::Absent);
    assert!(!idp.mint(SP, "erin", None).unwrap().xml.contains("NameID"));
    idp.configure(|options| {
        options.name_id = NameId::Other {
            format: None,
            value: "<&>".to_owned(),
        };
        options.in_response_to = InResponseTo::Absent;
    });
    let xml = idp.mint(SP, "erin", Some("_request")).unwrap().xml;
    assert!(
        xml.contains("<saml:NameID>&lt;&amp;&gt;</saml:NameID>") && !xml.contains("InResponseTo")
    );
    idp.stop().await;
}

#[actix_web::test]
async fn refusals_and_encrypted_assertions_have_their_shapes() {
    let idp = saml_idp(standing_clock().0);
    idp.configure(|options| options.refusal = Some(Refusal::responder("AuthnFailed")));
    let xml = idp.mint(SP, "erin", None).unwrap().xml;
    assert!(xml.contains("status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\""));
    assert!(!xml.contains("<saml:Assertion"));
    idp.configure(|options| {
        options.refusal = Some(Refusal {
            with_assertion: true,
            message: Some("no".to_owned()),
            ..Refusal::responder("AuthnFailed")
        });
    });
    let xml = idp.mint(SP, "erin", None).unwrap().xml;
    assert!(xml.contains("<samlp:StatusMessage>no<") && xml.contains("<saml:Assertion"));
    idp.configure(|options| {
        options.refusal = None;
        options.encrypted = true;
    });
    let xml = idp.mint(SP, "erin", None).unwrap().xml;
    assert!(xml.contains("<xenc:CipherValue>") && !xml.contains("erin"));
    assert!(accepts(&xml, RESPONSE, &idp.keys().rsa));
    idp.stop().await;
}

#[actix_web::test]
async fn people_with_roles_bring_awss_attributes() {
    let (clock, _) = standing_clock();
    let people = Directory::default();
    let mut person = Person::new("ria", "Ria & Co <x>").in_groups(["r&d <lab>"]);
    person.aws.roles = vec![
        (
            "arn:aws:iam::111122223333:role/A".to_owned(),
            "arn:aws:iam::111122223333:saml-provider/corp".to_owned(),
        ),
        (
            "arn:aws:iam::111122223333:role/B".to_owned(),
            "arn:aws:iam::111122223333:saml-provider/corp".to_owned(),
        ),
    ];
    person.aws.session_duration = Some(43_200);
    person
        .aws
        .principal_tags
        .insert("team".to_owned(), "x".to_owned());
    person.aws.transitive_tag_keys = vec!["team".to_owned()];
    person.aws.source_identity = Some("ria".to_owned());
    people.put(person);
    people.put(Person::new("plain", "Plain"));
    let idp = SamlIdp::start(SamlSettings {
        binding: binding(),
        name: "Corp".to_owned(),
        people,
        clock,
        random: Random::system(),
        keys: None,
    })
    .unwrap();
    idp.register(ServiceProvider::new(SP, ACS));
    let xml = idp.mint(SP, "ria", None).unwrap().xml;
    for part in [
        "Attributes/Role\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"><saml:AttributeValue>arn:aws:iam::111122223333:role/A,arn:aws:iam::111122223333:saml-provider/corp<",
        "role/B,arn",
        "Attributes/RoleSessionName\"",
        ">ria@example.com</saml:AttributeValue>",
        ">43200<",
        "Attributes/PrincipalTag:team\"",
        "Attributes/TransitiveTagKeys\"",
        "Attributes/SourceIdentity\"",
        ">r&amp;d &lt;lab&gt;<",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert!(
        !idp.mint(SP, "plain", None)
            .unwrap()
            .xml
            .contains("aws.amazon.com/SAML/Attributes")
    );
    idp.configure_for(SP, |options| options.aws_attributes = false);
    assert!(
        !idp.mint(SP, "ria", None)
            .unwrap()
            .xml
            .contains("SAML/Attributes")
    );
    idp.configure_for(SP, |options| {
        options.edit_attributes = Some(Arc::new(|attributes| {
            attributes.retain(|(name, _)| name == "mail");
        }));
    });
    let xml = idp.mint(SP, "ria", None).unwrap().xml;
    assert_eq!(xml.matches("<saml:Attribute ").count(), 1);
    idp.stop().await;
}
