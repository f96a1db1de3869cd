//! What the tests of trust share: a model with a role for each method and proof, and facts to go with it.

use super::*;
use crate::domain::access::{Document, Issuance, Model, OwnCredentials, Surroundings, check};
use crate::domain::credentials::CredentialsKind;
use crate::domain::identity::{IdpId, Protocol};
use crate::domain::role::CredentialsName;

pub(crate) const MODEL: &str = r#"
[[accounts]]
id = "111122223333"
alias = "payments-prod"
name = "Payments Production"

[[accounts]]
id = "777788889999"
alias = "gov-prod"
name = "Gov Production"
partition = "aws-us-gov"

[[roles]]
account = "payments-prod"
name = "ReadOnly"
path = "/team/"
method = "AssumeRoleWithSAML"
proof = "issued"
provider = "vestibule"
console_hours = 12
source_identity = true
tags = { team = "{attribute.team}", purpose = "reading" }
transitive_tags = ["team"]

[[roles]]
account = "payments-prod"
name = "Forwarded"
method = "AssumeRoleWithSAML"
proof = "forwarded"
idp = "corp"
provider = "corp"

[[roles]]
account = "payments-prod"
name = "Tokens"
method = "AssumeRoleWithWebIdentity"
proof = "issued"

[[roles]]
account = "payments-prod"
name = "Web"
method = "AssumeRoleWithWebIdentity"
proof = "forwarded"
idp = "okta"
console_hours = 1

[[roles]]
account = "payments-prod"
name = "Admin"
method = "AssumeRole"
credentials = "hub"
external_id = "vestibule-payments"
source_identity = true
tags = { team = "{attribute.team}" }

[[roles]]
account = "payments-prod"
name = "Home"
method = "GetFederationToken"
credentials = "payments"
tags = { team = "{attribute.team}" }
session_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::home/${aws:userid}/{session.name}/*"}]}'

[[roles]]
account = "payments-prod"
name = "Look"
method = "GetFederationToken"
credentials = "payments"
managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]

[[roles]]
account = "gov-prod"
name = "GovAdmin"
method = "AssumeRole"
credentials = "gov"
"#;

pub(crate) fn model(text: &str) -> std::sync::Arc<Model> {
    let document = Document::from_toml(text).unwrap();
    let credentials = [
        ("hub", "aws"),
        ("payments", "aws"),
        ("batch", "aws"),
        ("gov", "aws-us-gov"),
    ];
    let surroundings = Surroundings {
        idps: [("corp", Protocol::Saml), ("okta", Protocol::Oidc)]
            .map(|(id, protocol)| (IdpId::parse(id).unwrap(), protocol))
            .into(),
        credentials: credentials
            .map(|(name, partition)| {
                let own = OwnCredentials {
                    kind: CredentialsKind::Unknown,
                    partition: PartitionName::parse(partition).unwrap(),
                    account: None,
                    may_not_assume_roles: name == "batch",
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
    };
    std::sync::Arc::new(check(&document, &surroundings).unwrap_or_else(|e| panic!("{e}")))
}

pub(crate) fn metadata(entity_id: &str) -> String {
    let padding = "-".repeat(1_000);
    format!("<EntityDescriptor entityID=\"{entity_id}\">\n<!--{padding}-->\n</EntityDescriptor>")
}

pub(crate) fn facts() -> Facts {
    let oidc = |issuer: &str, audience: &str| OidcFacts {
        issuer: issuer.to_owned(),
        audience: audience.to_owned(),
        unfit: None,
    };
    let corp = IdpFacts::Saml {
        entity_id: "https://corp.example.com/idp".to_owned(),
        acs: "https://console.example.com/saml/corp/acs".to_owned(),
        metadata: metadata("https://corp.example.com/idp"),
    };
    let okta = IdpFacts::Oidc(oidc("https://example.okta.com", "0oa1example2CLIENT3d4"));
    let idps = [("corp", corp), ("okta", okta)];
    let signers = [
        ("hub", "arn:aws:iam::999900001111:user/vestibule"),
        ("payments", "arn:aws:iam::111122223333:user/team/vestibule"),
        ("batch", "arn:aws:iam::111122223333:user/batch"),
        ("gov", "arn:aws-us-gov:iam::999900002222:role/Broker"),
    ];
    Facts {
        issuer: IssuerFacts {
            entity_id: "https://console.example.com/issuer/saml/metadata".to_owned(),
            metadata: Some(metadata("https://console.example.com/issuer/saml/metadata")),
            recipient: "https://console.example.com/issuer/saml".to_owned(),
            oidc: oidc("https://console.example.com", "sts.amazonaws.com"),
        },
        idps: idps
            .map(|(id, facts)| (IdpId::parse(id).unwrap(), facts))
            .into(),
        signers: signers
            .map(|(name, arn)| {
                let name = CredentialsName::parse(name).unwrap();
                (name, Signer::parse(arn).unwrap())
            })
            .into(),
        forwarded: std::collections::BTreeSet::new(),
    }
}

/// Everything of an account, by alias or id.
pub(crate) fn wanted(account: &str) -> Wanted {
    let id = AccountId::parse(account).map(AccountRef::Id);
    Wanted {
        account: id.unwrap_or_else(|_| {
            AccountRef::Alias(crate::domain::account::Alias::parse(account).unwrap())
        }),
        roles: Vec::new(),
        methods: Vec::new(),
    }
}

/// One role of the account that has one of each.
pub(crate) fn role(name: &str) -> Wanted {
    Wanted {
        roles: vec![RoleName::parse(name).unwrap()],
        ..wanted("payments-prod")
    }
}
