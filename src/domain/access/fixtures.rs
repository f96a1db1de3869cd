//! What the tests of the access model share: surroundings, documents, identities.

use std::sync::Arc;

use super::{AccessIndex, Document, Issuance, OwnCredentials, Problems, Surroundings, check};
use crate::domain::Timestamp;
use crate::domain::account::PartitionName;
use crate::domain::credentials::CredentialsKind;
use crate::domain::identity::{Attributes, Authentication, Identity, IdpId, Protocol, Subject};
use crate::domain::role::CredentialsName;

pub(super) fn surroundings() -> Surroundings {
    let credentials = [
        ("hub", CredentialsKind::Role, "aws"),
        ("key", CredentialsKind::LongTerm, "aws"),
        ("chain", CredentialsKind::Unknown, "aws"),
        ("gov", CredentialsKind::LongTerm, "aws-us-gov"),
        ("uploader", CredentialsKind::LongTerm, "aws"),
    ];
    Surroundings {
        idps: [("corp", Protocol::Saml), ("okta", Protocol::Oidc)]
            .map(|(id, protocol)| (IdpId::parse(id).unwrap(), protocol))
            .into(),
        credentials: credentials
            .map(|(name, kind, partition)| {
                let own = OwnCredentials {
                    kind,
                    partition: PartitionName::parse(partition).unwrap(),
                    may_not_assume_roles: name == "uploader",
                    account: None,
                };
                (CredentialsName::parse(name).unwrap(), own)
            })
            .into(),
        issuance: Issuance {
            saml: true,
            oidc: true,
            oidc_url: None,
        },
        ..Surroundings::default()
    }
}

/// Three accounts with a few roles each.
pub(super) const ACCOUNTS: &str = r#"
[[accounts]]
id = "111122223333"
alias = "payments-prod"
name = "Payments Production"
environment = "production"
owner = "payments-leads@example.com"
labels = { team = "payments", cost = "42" }

[[accounts]]
id = "444455556666"
alias = "payments-dev"
name = "Payments Development"
environment = "development"
labels = { team = "payments" }

[[accounts]]
id = "777788889999"
alias = "gov"
name = "Government"
partition = "aws-us-gov"

[[roles]]
account = "payments-prod"
name = "ReadOnly"
method = "AssumeRole"
credentials = "hub"

[[roles]]
account = "payments-prod"
name = "Admin"
method = "AssumeRole"
credentials = "hub"
discoverable = true

[[roles]]
account = "payments-dev"
name = "ReadOnly"
method = "AssumeRole"
credentials = "hub"

[[roles]]
account = "payments-dev"
name = "Admin"
method = "AssumeRoleWithSAML"
proof = "forwarded"
idp = "corp"
provider = "corp"

[[roles]]
account = "gov"
name = "ReadOnly"
method = "AssumeRole"
credentials = "gov"
"#;

pub(super) fn document(rules: &str) -> Document {
    Document::from_toml(&format!("{ACCOUNTS}\n{rules}")).unwrap()
}

pub(super) fn index(rules: &str) -> AccessIndex {
    let model =
        check(&document(rules), &surroundings()).unwrap_or_else(|problems| panic!("{problems}"));
    AccessIndex::new(Arc::new(model), 7)
}

/// `path: message` of everything that is wrong with a document.
pub(super) fn problems(document: &Document) -> Problems {
    check(document, &surroundings()).expect_err("the document has problems")
}

pub(super) fn identity(idp: &str, attributes: &[(&str, &[&str])]) -> Identity {
    let owned = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
    Identity {
        idp: IdpId::parse(idp).unwrap(),
        subject: Subject {
            format: "sub".to_owned(),
            value: "ada".to_owned(),
        },
        display_name: "Ada".to_owned(),
        verified_email: None,
        attributes: attributes
            .iter()
            .map(|(name, values)| ((*name).to_owned(), owned(values)))
            .collect::<Attributes>(),
        authentication: Authentication::default(),
        notice: None,
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The keys of the roles held, each with the rule.
pub(super) fn held(index: &AccessIndex, identity: &Identity, now: &str) -> Vec<String> {
    index
        .held(identity, at(now))
        .iter()
        .map(|held| format!("{} by {}", held.role.key, held.rule))
        .collect()
}
