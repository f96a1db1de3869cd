//! Responses and metadata, read back; and texts that try to be more than texts.

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra::c14n::{C14nMode, canonicalize};
use bergshamra::xml::uppsala::{Document, NodeId, NodeKind, parser::Parser};
use proptest::prelude::*;

use super::response::{Frame, assertion};
use crate::issuer::testing::{Scratch, URL, Words, grant, issuer, now, said};
use crate::issuer::{Error, Issuer};

const AWS: &str = "https://aws.amazon.com/SAML/Attributes/";

/// A document as a list: each element with its attributes, each text, in order.
fn listed(xml: &str) -> Vec<String> {
    fn walk(document: &Document<'_>, node: NodeId, list: &mut Vec<String>) {
        match document.node_kind(node) {
            Some(NodeKind::Text(text)) => list.push(format!("text {text}")),
            Some(NodeKind::Element(element)) => {
                list.push(format!("<{}", element.name.local_name));
                for attribute in &element.attributes {
                    list.push(format!(
                        "@{}={}",
                        attribute.name.local_name, attribute.value
                    ));
                }
                for child in document.children_iter(node) {
                    walk(document, child, list);
                }
                list.push(format!("/{}", element.name.local_name));
            }
            _ => panic!("something else stands in the document"),
        }
    }
    let parser = Parser::new().with_forbid_dtd(true).with_max_depth(64);
    let document = parser.parse(xml).expect("well-formed");
    let mut list = Vec::new();
    walk(
        &document,
        document.document_element().expect("a root"),
        &mut list,
    );
    list
}

fn plain(ends: Option<&str>, words: &Words) -> Result<String, Error> {
    let grant = grant("prod/Saml", ends.map(|at| at.parse().unwrap()));
    let frame = Frame {
        entity_id: "https://signin.example.com/issuer/saml/metadata",
        recipient: "https://signin.example.com/issuer/saml",
        audience: "urn:amazon:webservices",
        ids: ("_r", "_a"),
        now: now(),
    };
    let about = (grant.role(), &grant.identity().authentication);
    assertion(&frame, about, &words.statement()).map(|written| written.as_str().to_owned())
}

/// The values of an attribute.
fn values(list: &[String], name: &str) -> Vec<String> {
    let begin = list
        .iter()
        .position(|line| *line == format!("@Name={name}"));
    let Some(begin) = begin else {
        return Vec::new();
    };
    list[begin..]
        .iter()
        .take_while(|line| *line != "/Attribute")
        .filter_map(|line| line.strip_prefix("text ").map(str::to_owned))
        .collect()
}

#[test]
fn an_assertion_says_exactly_what_aws_asks_for() {
    let list = listed(&plain(Some("2026-06-15T20:00:00Z"), &Words::default()).unwrap());
    let has = |line: &str| assert!(list.contains(&line.to_owned()), "{line}: {list:#?}");
    has("@IssueInstant=2026-06-15T12:00:00Z");
    has("text https://signin.example.com/issuer/saml/metadata");
    has("@Format=urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
    has("@Recipient=https://signin.example.com/issuer/saml");
    has("@NotBefore=2026-06-15T11:59:00Z");
    has("@NotOnOrAfter=2026-06-15T12:02:00Z");
    has("text urn:amazon:webservices");
    has("@SessionNotOnOrAfter=2026-06-15T20:00:00Z");
    has("@AuthnInstant=2026-06-15T12:00:00Z");
    let one = |name: &str| values(&list, &format!("{AWS}{name}"));
    let pair = "arn:aws:iam::111122223333:role/team/Saml,arn:aws:iam::111122223333:saml-provider/vestibule";
    assert_eq!(one("Role"), [pair]);
    assert_eq!(one("RoleSessionName"), ["erin@example.com"]);
    assert_eq!(one("SessionDuration"), ["43200"]);
    assert_eq!(one("SourceIdentity"), ["erin@example.com"]);
    assert_eq!(one("PrincipalTag:team"), ["payments"]);
    assert_eq!(one("PrincipalTag:cost centre"), ["42"]);
    assert_eq!(one("TransitiveTagKeys"), ["team"]);
    assert_eq!(
        list.iter()
            .filter(|line| *line == "<SubjectConfirmation")
            .count(),
        1
    );
}

#[test]
fn what_is_not_known_is_not_said() {
    let words = Words {
        source: None,
        tags: Vec::new(),
        transitive: Vec::new(),
        ..Words::default()
    };
    let list = listed(&plain(None, &words).unwrap());
    for absent in ["SourceIdentity", "TransitiveTagKeys"] {
        assert!(values(&list, &format!("{AWS}{absent}")).is_empty());
    }
    assert!(
        !list
            .iter()
            .any(|line| line.contains("PrincipalTag") || line.contains("SessionNot"))
    );
}

#[test]
fn what_is_written_is_canonical_already() {
    let words = Words {
        tags: vec![(
            "a<\"&'>".to_owned(),
            "]]>\r\n\t &amp; 'é\u{2028}\"".to_owned(),
        )],
        transitive: Vec::new(),
        ..Words::default()
    };
    let text = plain(Some("2026-06-15T20:00:00Z"), &words).unwrap();
    let none: [&str; 0] = [];
    let canonical = canonicalize(&text, C14nMode::Exclusive, None, &none).unwrap();
    assert_eq!(String::from_utf8(canonical).unwrap(), text);
}

/// Texts of which some try to end an element, to begin one, to be an entity or a comment.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>&\"'/! a-z\\]\\[\r\n\t-]{0,40}",
        Just("x</saml:AttributeValue><saml:AttributeValue>injected".to_owned()),
        Just("\"/><saml:Attribute Name=\"https://aws.amazon.com/SAML/Attributes/Role".to_owned()),
        Just("<!--".to_owned()),
        Just("]]><![CDATA[".to_owned()),
        Just("&lt;&#x41;&amp;".to_owned()),
    ]
}

proptest! {
    #[test]
    fn a_hostile_text_changes_its_own_place_and_nothing_else(text in hostile()) {
        let with = |text: &str| Words {
            name: text.to_owned(),
            source: Some(text.to_owned()),
            tags: vec![(text.to_owned(), text.to_owned())],
            transitive: vec![text.to_owned()],
        };
        let carried = text.chars().all(|c| matches!(
            c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..
        ));
        match plain(None, &with(&text)) {
            Err(Error::Unwritable) => prop_assert!(!carried),
            Err(other) => panic!("{other}"),
            Ok(xml) => {
                prop_assert!(carried);
                let harmless: Vec<String> = listed(&plain(None, &with("SLOT")).unwrap())
                    .into_iter()
                    .map(|line| line.replace("SLOT", &text))
                    // a text that is empty is no node
                    .filter(|line| line != "text ")
                    .collect();
                prop_assert_eq!(listed(&xml), harmless);
            }
        }
    }
}

fn response(issuer: &Issuer, words: &Words) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let text = runtime.block_on(said(issuer, &grant("prod/Saml", None), words));
    assert!(text.len() < 100_000);
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

/// Whether the command of libxmlsec, which shares no code with the signer, accepts the assertion's signature.
fn xmlsec1(xml: &str, certificate: &std::path::Path) -> bool {
    let mut child = Command::new("xmlsec1")
        .args(["--verify", "--pubkey-cert-pem"])
        .arg(certificate)
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
            "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("xmlsec1 is installed");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(xml.as_bytes()).expect("xmlsec1 reads");
    drop(stdin);
    child.wait().expect("xmlsec1 runs").success()
}

#[test]
fn the_command_of_libxmlsec_verifies_a_response_and_refuses_one_that_was_touched() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let id = issuer
        .keys()
        .into_iter()
        .find(|key| key.expires.is_some())
        .unwrap()
        .id;
    let pem = std::fs::read_to_string(scratch.0.join(format!("{id}.pem"))).unwrap();
    let certificate = scratch.0.join("certificate.pem");
    let begin = pem.find("-----BEGIN CERTIFICATE").unwrap();
    std::fs::write(&certificate, &pem[begin..]).unwrap();
    let words = Words {
        tags: vec![("team".to_owned(), "R&D <\"x\">".to_owned())],
        ..Words::default()
    };
    let xml = response(&issuer, &words);
    assert!(xmlsec1(&xml, &certificate));
    for (from, to) in [
        ("erin@example.com", "root@example.com"),
        ("role/team/Saml", "role/team/Root"),
        ("43200", "43201"),
        ("R&amp;D", "R&amp;E"),
    ] {
        assert!(xml.contains(from));
        assert!(!xmlsec1(&xml.replace(from, to), &certificate), "{from}");
    }
}

#[test]
fn fifty_of_the_longest_tags_fit() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let tags = (0..50).map(|n| (format!("{n:0>128}"), "&".repeat(256)));
    let words = Words {
        tags: tags.collect(),
        ..Words::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let grant = grant("prod/Saml", None);
    let vouched = runtime.block_on(issuer.vouch(&grant, &words.statement()));
    assert!(
        matches!(vouched, Err(Error::TooLong)),
        "ampersands grow fivefold, and no tag of AWS's has one"
    );
    let tags = (0..50).map(|n| (format!("{n:0>128}"), "é".repeat(256)));
    let words = Words {
        tags: tags.collect(),
        ..Words::default()
    };
    response(&issuer, &words);
}

#[test]
fn metadata_is_what_iam_takes() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let text = issuer.metadata().unwrap();
    assert!((1_000..10_000_000).contains(&text.chars().count()));
    assert!(
        text.starts_with("<md:EntityDescriptor"),
        "no byte order mark"
    );
    let list = listed(&text);
    let has = |line: &str| assert!(list.contains(&line.to_owned()), "{line}: {list:#?}");
    has(&format!("@entityID={URL}/issuer/saml/metadata"));
    has("@validUntil=2036-06-12T12:00:00Z");
    has("@use=signing");
    has("@Location=https://console.example.com/");
}

#[test]
fn an_expired_key_and_a_missing_one_sign_nothing() {
    let scratch = Scratch::with_keys();
    let (issuer, clock) = issuer(&scratch.0);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let vouch = || {
        let grant = grant("prod/Saml", None);
        runtime.block_on(issuer.vouch(&grant, &Words::default().statement()))
    };
    clock.advance(chrono::Duration::days(3650) - chrono::Duration::seconds(2));
    assert!(vouch().is_ok());
    clock.advance(chrono::Duration::seconds(2));
    assert!(matches!(vouch(), Err(Error::Expired(_))));
    let folder = crate::issuer::keys::Folder::new(&scratch.0);
    for key in issuer.keys() {
        folder.retire(&key.id, now()).unwrap();
    }
    assert!(
        matches!(vouch(), Err(Error::Expired(_))),
        "not read again yet"
    );
    assert!(issuer.follow().unwrap());
    assert!(!issuer.follow().unwrap());
    assert!(matches!(vouch(), Err(Error::NoKey(_))));
}

#[test]
fn keys_that_cannot_be_read_again_leave_those_known_at_work() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let list = scratch.0.join("keys.toml");
    let text = std::fs::read_to_string(&list).unwrap();
    std::fs::write(&list, format!("{text}\nnonsense = 1\n")).unwrap();
    assert!(issuer.follow().is_err());
    assert!(issuer.trouble().unwrap().contains("keys.toml"));
    response(&issuer, &Words::default());
    std::fs::write(&list, text).unwrap();
    assert!(issuer.follow().unwrap());
    assert_eq!(issuer.trouble(), None);
}

#[test]
fn a_proof_is_good_for_the_role_that_it_was_made_for_alone() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (one, other) = (grant("prod/Saml", None), grant("gov/Saml", None));
    let words = Words::default();
    let proof = runtime
        .block_on(issuer.vouch(&one, &words.statement()))
        .unwrap();
    assert!(proof.text_for(&one).is_some());
    assert!(proof.text_for(&other).is_none());
    assert_eq!(format!("{proof:?}"), "IssuedProof(prod/Saml, …)");
    let gov = runtime.block_on(said(&issuer, &other, &words));
    let gov = String::from_utf8(STANDARD.decode(gov).unwrap()).unwrap();
    assert!(gov.contains("<saml:Audience>urn:amazon:webservices:govcloud</saml:Audience>"));
    assert!(gov.contains("arn:aws-us-gov:iam::777788889999:role/Saml,arn:aws-us-gov:iam::777788889999:saml-provider/vestibule"));
}
