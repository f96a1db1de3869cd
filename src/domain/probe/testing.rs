//! For tests: a role of each kind, with tags and a source identity or without.

use std::sync::Arc;

use crate::domain::access::{Document, Issuance, OwnCredentials, Surroundings, check};
use crate::domain::account::PartitionName;
use crate::domain::credentials::CredentialsKind;
use crate::domain::identity::{IdpId, Protocol};
use crate::domain::role::{CredentialsName, Role};

/// The kinds of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Saml,
    Web,
    Assume,
    Hub,
    Federated,
    Forwarded,
    User,
    Mfa,
}

const POLICY: &str = r#"session_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'"#;

pub(crate) fn role(kind: Kind, along: bool) -> Arc<Role> {
    let method = match kind {
        Kind::Saml => {
            "method = \"AssumeRoleWithSAML\"\nproof = \"issued\"\nprovider = \"vestibule\"".to_owned()
        }
        Kind::Web => "method = \"AssumeRoleWithWebIdentity\"\nproof = \"issued\"".to_owned(),
        Kind::Assume => {
            "method = \"AssumeRole\"\ncredentials = \"key\"\nexternal_id = \"for-us\"".to_owned()
        }
        Kind::Hub => "method = \"AssumeRole\"\ncredentials = \"key\"\nvia = { role_arn = \"arn:aws:iam::999900001111:role/Hub\", external_id = \"for-hub\" }".to_owned(),
        Kind::Federated => {
            format!("method = \"GetFederationToken\"\ncredentials = \"key\"\n{POLICY}")
        }
        Kind::Mfa => "method = \"AssumeRole\"\ncredentials = \"key\"\nmfa_serial = \"arn:aws:iam::999900001111:mfa/vestibule\"".to_owned(),
        Kind::User => "method = \"GetSessionToken\"\ncredentials = \"user\"".to_owned(),
        Kind::Forwarded => "method = \"AssumeRoleWithSAML\"\nproof = \"forwarded\"\nidp = \"corp\"\nprovider = \"corp\"".to_owned(),
    };
    let along = match (along, kind) {
        (false, _) | (true, Kind::Forwarded | Kind::User) => "",
        (true, Kind::Federated) => "tags = { team = \"{attribute.team}\", fixed = \"42\" }",
        (true, _) => {
            "source_identity = true\ntags = { team = \"{attribute.team}\", who = \"{session.name}\", mail = \"{email}\", fixed = \"42\" }\ntransitive_tags = [\"team\"]"
        }
    };
    let text = format!(
        "[[accounts]]\nid = \"111122223333\"\nalias = \"prod\"\nname = \"Production\"\n\
         [[roles]]\naccount = \"prod\"\nname = \"Reader\"\npath = \"/team/\"\n{method}\n{along}\n"
    );
    let text = if matches!(kind, Kind::Federated | Kind::User) {
        text.replace("path = \"/team/\"\n", "")
    } else {
        text
    };
    let document = Document::from_toml(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let model = check(&document, &surroundings()).unwrap_or_else(|p| panic!("{p}"));
    Arc::clone(&model.roles()[0])
}

fn surroundings() -> Surroundings {
    let own = |name: &str, may_not_assume_roles| {
        let own = OwnCredentials {
            kind: CredentialsKind::LongTerm,
            partition: PartitionName::parse("aws").expect("a partition"),
            account: None,
            may_not_assume_roles,
        };
        (CredentialsName::parse(name).expect("a name"), own)
    };
    Surroundings {
        idps: [(IdpId::parse("corp").expect("an id"), Protocol::Saml)].into(),
        credentials: [own("key", false), own("user", true)].into(),
        issuance: Issuance {
            saml: true,
            oidc: true,
            oidc_url: None,
        },
        ..Surroundings::default()
    }
}
