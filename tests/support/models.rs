//! Access models of any size, and the people whom they are about.

use std::fmt::Write as _;
use std::sync::Arc;

use vestibule::domain::access::{AccessIndex, Document, OwnCredentials, Surroundings, check};
use vestibule::domain::account::PartitionName;
use vestibule::domain::credentials::CredentialsKind;
use vestibule::domain::identity::{Attributes, Authentication, Identity, IdpId, Subject};
use vestibule::domain::role::CredentialsName;
use vestibule_sandbox::people::{MANY_ACCOUNTS, MANY_ROLES};

/// The name of a group: as long as companies make them.
pub(crate) fn group(number: usize) -> String {
    format!("payments-engineers-{number:06}")
}

/// Sixty accounts of five roles each, so many rules that each name one group, and so many patterns over groups.
pub(crate) fn model(rules: usize, patterns: usize) -> String {
    let mut text = String::new();
    let mut keys = Vec::new();
    for account in 0..MANY_ACCOUNTS {
        let _ = writeln!(
            text,
            "[[accounts]]\nid = \"1000000000{account:02}\"\nalias = \"team-{account:02}\"\nname = \"Team {account:02}\"\n\
             environment = \"production\"\nowner = \"team-{account:02}@example.com\"\n"
        );
        for role in MANY_ROLES {
            keys.push(format!("team-{account:02}/{role}"));
            let _ = writeln!(
                text,
                "[[roles]]\naccount = \"team-{account:02}\"\nname = \"{role}\"\ndescription = \"What {role} does\"\n\
                 method = \"AssumeRole\"\ncredentials = \"hub\"\n"
            );
        }
    }
    let exact = (0..rules).map(|rule| (rule, format!("is = \"{}\"", group(rule))));
    let matching = (0..patterns).map(|rule| {
        let pattern = format!("matches = \"^payments-(?:leads|engineers)-[0-9]*{rule:03}$\"");
        (rules + rule, pattern)
    });
    for (rule, condition) in exact.chain(matching) {
        let _ = writeln!(
            text,
            "[[rules]]\nname = \"rule {rule}\"\nwhen = [{{ attribute = \"groups\", {condition} }}]\ngrant = [\"{}\"]\n",
            keys[rule % keys.len()]
        );
    }
    text
}

/// Somebody in so many groups, each of which some rule of a model names.
pub(crate) fn member(groups: usize) -> Identity {
    let groups = (0..groups).map(group).collect();
    Identity {
        idp: IdpId::parse("corp").expect("an id"),
        subject: Subject {
            format: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".to_owned(),
            value: "erin@example.com".to_owned(),
        },
        display_name: "Erin Engel".to_owned(),
        verified_email: None,
        attributes: Attributes::from([("groups".to_owned(), groups)]),
        authentication: Authentication::default(),
        notice: None,
    }
}

/// Such a model, checked and compiled.
pub(crate) fn index(rules: usize, patterns: usize) -> AccessIndex {
    let hub = OwnCredentials {
        may_not_assume_roles: false,
        kind: CredentialsKind::LongTerm,
        partition: PartitionName::parse("aws").expect("a partition"),
        account: None,
    };
    let surroundings = Surroundings {
        credentials: [(CredentialsName::parse("hub").expect("a name"), hub)].into(),
        ..Surroundings::default()
    };
    let document = Document::from_toml(&model(rules, patterns)).expect("a document");
    let model = check(&document, &surroundings).expect("nothing wrong with it");
    AccessIndex::new(Arc::new(model), 1)
}
