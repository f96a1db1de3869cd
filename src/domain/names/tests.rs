//! Names are readable, within AWS's limits, and never shared by two identities.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::domain::identity::{Attributes, Authentication, IdpId, Subject};

const KINDS: [NameKind; 3] = [
    NameKind::Session,
    NameKind::SourceIdentity,
    NameKind::FederatedUser,
];

fn identity(idp: &str, format: &str, value: &str, email: Option<&str>) -> Identity {
    Identity {
        idp: IdpId::parse(idp).unwrap(),
        subject: Subject {
            format: format.to_owned(),
            value: value.to_owned(),
        },
        display_name: "Ada Lovelace".to_owned(),
        verified_email: email.map(str::to_owned),
        attributes: Attributes::new(),
        authentication: Authentication::default(),
        notice: None,
    }
}

fn unique(listed: &[(&str, &[&str])]) -> UniqueDomains {
    let owned: Vec<(IdpId, Vec<String>)> = listed
        .iter()
        .map(|(idp, domains)| {
            (
                IdpId::parse(idp).unwrap(),
                domains.iter().map(|&d| d.to_owned()).collect(),
            )
        })
        .collect();
    UniqueDomains::new(owned.iter().map(|(idp, domains)| (idp, domains.as_slice())))
}

#[test]
fn an_address_of_a_unique_domain_stays_as_it_is() {
    let unique = unique(&[("corp", &["example.com"]), ("okta", &["example.org"])]);
    let saml = identity("corp", EMAIL_FORMAT, "ada@example.com", None);
    let oidc = identity("okta", "sub", "00u1", Some("Ada@example.org"));
    for kind in KINDS {
        assert_eq!(name_for(kind, &saml, &unique), "ada@example.com");
        assert_eq!(name_for(kind, &oidc, &unique), "Ada@example.org");
    }
}

#[test]
fn everything_else_gets_a_stem_and_a_digest() {
    let unique = unique(&[("corp", &["example.com"])]);
    let people = [
        identity("corp", EMAIL_FORMAT, "ada@example.org", None),
        identity("corp", EMAIL_FORMAT, "ada@Example.com", None),
        identity("corp", EMAIL_FORMAT, "ada@sub.example.com", None),
        identity("corp", EMAIL_FORMAT, "a@b@example.com", None),
        identity("corp", EMAIL_FORMAT, "@example.com", None),
        identity("corp", EMAIL_FORMAT, "ada=x@example.com", None),
        identity("corp", EMAIL_FORMAT, "ada x@example.com", None),
        identity("corp", EMAIL_FORMAT, "ad\u{e4}@example.com", None),
        identity(
            "corp",
            "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            "ada@example.com",
            None,
        ),
        identity("corp", "", "ada@example.com", None),
        identity("okta", EMAIL_FORMAT, "ada@example.com", None),
        identity("corp", "sub", "ada@example.com", None),
        identity(
            "corp",
            EMAIL_FORMAT,
            &format!("{}@example.com", "a".repeat(60)),
            None,
        ),
    ];
    for person in people {
        let name = name_for(NameKind::Session, &person, &unique);
        let (stem, digest) = name
            .split_once('=')
            .unwrap_or_else(|| panic!("{name} is plain"));
        assert!(!stem.is_empty() && !digest.contains('='), "{name}");
        assert_eq!(digest.len(), 20);
    }
    let long = identity(
        "corp",
        EMAIL_FORMAT,
        "ada.augusta.king.of.lovelace@example.com",
        None,
    );
    assert_eq!(
        name_for(NameKind::Session, &long, &unique),
        "ada.augusta.king.of.lovelace@example.com"
    );
    let federated = name_for(NameKind::FederatedUser, &long, &unique);
    assert!(federated.starts_with("ada.augusta.kin="), "{federated}");
    assert_eq!(federated.len(), 32);
}

#[test]
fn the_digest_is_sha_256_in_base_32_over_length_prefixed_parts() {
    // Computed with Python: base64.b32encode(sha256(b"vestibule person 1" + …).digest()).lower()
    let person = identity("corp", "persistent", "abc", None);
    assert_eq!(digest_of(&person).len(), 51);
    assert_eq!(&digest_of(&person)[..20], "5edpdhg4gvgvw4gr2qmr");
}

#[test]
fn a_domain_that_two_providers_list_counts_for_neither_in_any_case() {
    let unique = unique(&[
        ("corp", &["Example.com", "only.example"]),
        ("okta", &["example.com"]),
    ]);
    assert_eq!(unique.disputed(), ["example.com"]);
    for (idp, address) in [("corp", "ada@Example.com"), ("okta", "ada@example.com")] {
        let name = name_for(
            NameKind::Session,
            &identity(idp, EMAIL_FORMAT, address, None),
            &unique,
        );
        assert!(name.contains('='), "{name}");
    }
    let name = name_for(
        NameKind::Session,
        &identity("corp", EMAIL_FORMAT, "ada@only.example", None),
        &unique,
    );
    assert_eq!(name, "ada@only.example");
}

#[test]
fn a_name_that_looks_like_a_digest_cannot_be_taken() {
    let unique = unique(&[("corp", &["example.com"])]);
    let victim = identity("okta", "sub", "1", None);
    let taken = name_for(NameKind::Session, &victim, &unique);
    let thief = identity("corp", EMAIL_FORMAT, &format!("{taken}@example.com"), None);
    let other = identity("corp", EMAIL_FORMAT, &taken, None);
    for person in [thief, other] {
        assert_ne!(name_for(NameKind::Session, &person, &unique), taken);
    }
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("ada@example.com".to_owned()),
        Just("ADA@example.com".to_owned()),
        Just("ada@example.com ".to_owned()),
        Just("ada-@example.com".to_owned()),
        Just("\u{ff41}da@example.com".to_owned()),
        Just("ada\u{0}@example.com".to_owned()),
        Just("=".to_owned()),
        Just(String::new()),
        (20_usize..70).prop_map(|n| format!("{}@example.com", "a".repeat(n))),
        "[ab=@. -]{0,6}(@example\\.(com|org))?",
        "\\PC{0,12}",
    ]
}

fn person() -> impl Strategy<Value = Identity> {
    let format = prop_oneof![
        Just(EMAIL_FORMAT),
        Just("sub"),
        Just(""),
        Just("a"),
        Just("persistent")
    ];
    (
        prop_oneof![Just("corp"), Just("okta"), Just("corpa")],
        format,
        piece(),
    )
        .prop_map(|(idp, format, value)| {
            // The operator's promise: an address of a unique domain belongs to one subject.
            let email = (format == "sub").then(|| value.clone());
            identity(idp, format, &value, email.as_deref())
        })
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(64, 100_000))]

    #[test]
    fn no_two_identities_share_a_name_and_all_names_suit_aws(people in prop::collection::vec(person(), 2..60)) {
        let unique = unique(&[("corp", &["example.com"]), ("okta", &["example.org"])]);
        for kind in KINDS {
            let mut seen: HashMap<String, (IdpId, Subject)> = HashMap::new();
            for person in &people {
                let name = name_for(kind, person, &unique);
                prop_assert!((2..=kind.longest()).contains(&name.len()) && name.bytes().all(in_alphabet), "{name}");
                let who = (person.idp.clone(), person.subject.clone());
                // `sub` and emailAddress of one provider are two protocols: a configured provider speaks one.
                let spoken = seen.insert(name.clone(), who.clone()).filter(|other| {
                    (other.1.format == "sub") == (who.1.format == "sub")
                });
                prop_assert!(spoken.is_none_or(|other| other == who), "{name}");
            }
        }
    }
}

/// Identities that differ in ways that cleaning, cutting and folding would lose.
fn adversarial(number: usize) -> Identity {
    let base = number / 8;
    let address = format!("{}{base}@example.com", "a".repeat(base % 70));
    let value = match number % 8 {
        0 => address,
        1 => address.to_uppercase(),
        2 => format!("{address} "),
        3 => address.replace('@', "=@"),
        4 => address.replace('a', "\u{ff41}"),
        5 => format!("{address}\u{0}"),
        6 => address.replace("@example", "@\u{456}xample"),
        _ => format!("{address}="),
    };
    let idp = ["corp", "okta", "corp-1"][number % 3];
    identity(
        idp,
        ["", EMAIL_FORMAT, "persistent"][number % 5 % 3],
        &value,
        None,
    )
}

#[test] // B3
fn a_whole_set_of_adversarial_identities_has_as_many_names() {
    let count = crate::domain::properties::count(20_000, 1_000_000) as usize;
    let unique = unique(&[
        ("corp", &["example.com"]),
        ("okta", &["EXAMPLE.COM", "example.org"]),
    ]);
    for kind in KINDS {
        let mut people = std::collections::HashSet::new();
        let mut names = std::collections::HashSet::new();
        for number in 0..count {
            let person = adversarial(number);
            names.insert(name_for(kind, &person, &unique));
            people.insert((person.idp, person.subject));
        }
        assert_eq!(names.len(), people.len());
        assert!(people.len() > count / 2);
    }
}
