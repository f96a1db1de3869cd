//! The demo's access model: the readable part from `config/sandbox/access.toml`, sixty team accounts, and a
//! large company.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use vestibule::domain::access::{
    AccessIndex, Document, DocumentError, Issuance, OwnCredentials, Problems, Surroundings, check,
};
use vestibule::domain::account::{PartitionName, PartitionNameError};
use vestibule::domain::credentials::CredentialsKind;
use vestibule::domain::identity::{IdpId, IdpIdError, Protocol};
use vestibule::domain::role::{CredentialsName, CredentialsNameError};
use vestibule_sandbox::company;
use vestibule_sandbox::people::{MANY_ACCOUNTS, MANY_ROLES};

/// The SAML provider's id in the configuration.
pub(crate) const SAML: &str = "corp";
/// The OpenID provider's.
pub(crate) const OIDC: &str = "partners";

const READABLE: &str = include_str!("../../../config/sandbox/access.toml");
/// Own credentials of the configuration, each with its partition.
const OWN_CREDENTIALS: [(&str, &str); 5] = [
    ("hub", "aws"),
    ("hub-gov", "aws-us-gov"),
    ("payments-dev", "aws"),
    ("payments-gov", "aws-us-gov"),
    (UPLOADER, "aws"),
];
/// Those that may assume no role, for `GetSessionToken`.
const UPLOADER: &str = "uploader";

/// Why the demo's access model is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ModelError {
    /// It cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// It says what it must not.
    #[error("the demo's access model is wrong: {0}")]
    Problems(#[from] Problems),
    /// A partition's name.
    #[error(transparent)]
    Partition(#[from] PartitionNameError),
    /// A name of own credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialsNameError),
    /// A provider's id.
    #[error(transparent)]
    Provider(#[from] IdpIdError),
}

/// The whole text.
pub(crate) fn text() -> String {
    let mut text = READABLE.to_owned();
    teams(&mut text);
    large_company(&mut text);
    text
}

fn teams(text: &mut String) {
    for number in 1..=MANY_ACCOUNTS {
        // writing to a String cannot fail
        let _ = write!(
            text,
            "\n[[accounts]]\nid = \"{}\"\nalias = \"team-{number:02}\"\nname = \"Team {number:02}\"\n\
             environment = \"{}\"\nlabels = {{ team = \"team-{number:02}\" }}\n",
            900_000_000_000_u64 + number as u64,
            ["development", "staging", "production"][number % 3],
        );
        for role in MANY_ROLES {
            let _ = write!(
                text,
                "\n[[roles]]\naccount = \"team-{number:02}\"\nname = \"{role}\"\n\
                 description = \"{} of team {number:02}\"\nmethod = \"AssumeRole\"\ncredentials = \"hub\"\n",
                description(role),
            );
        }
    }
}

/// Who holds what there is said in the readable part. None of its roles has a name that a rule there gives in all
/// accounts.
fn large_company(text: &mut String) {
    for account in company::accounts() {
        let labels = account
            .labels
            .map(|(name, value)| format!("{name} = \"{value}\""));
        // writing to a String cannot fail
        let _ = write!(
            text,
            "\n[[accounts]]\nid = \"{}\"\nalias = \"{}\"\nname = \"{}\"\nenvironment = \"{}\"\nowner = \"{}\"\n\
             labels = {{ {} }}\n",
            account.id,
            account.alias,
            account.name,
            account.environment,
            account.owner,
            labels.join(", "),
        );
        for role in &account.roles {
            let _ = write!(
                text,
                "\n[[roles]]\naccount = \"{}\"\nname = \"{}\"\ndescription = \"{}\"\nmethod = \"AssumeRoleWithSAML\"\n\
                 proof = \"issued\"\nprovider = \"vestibule\"\nconsole_hours = {}\n",
                account.alias, role.name, role.description, role.hours,
            );
        }
    }
}

fn description(role: &str) -> &'static str {
    match role {
        "Admin" => "Everything",
        "Billing" => "Bills and budgets",
        "Deploy" => "Releases",
        "Operate" => "Restart and scale",
        _ => "A look at the things",
    }
}

/// The whole document.
pub(crate) fn document() -> Result<Document, ModelError> {
    Ok(Document::from_toml(&text())?)
}

/// The document compiled for deciding, as Vestibule will do it.
pub(crate) fn index(document: &Document) -> Result<AccessIndex, ModelError> {
    let mut credentials = BTreeMap::new();
    for (name, partition) in OWN_CREDENTIALS {
        let own = OwnCredentials {
            kind: CredentialsKind::LongTerm,
            partition: PartitionName::parse(partition)?,
            may_not_assume_roles: name == UPLOADER,
            account: None,
        };
        credentials.insert(CredentialsName::parse(name)?, own);
    }
    let surroundings = Surroundings {
        idps: BTreeMap::from([
            (IdpId::parse(SAML)?, Protocol::Saml),
            (IdpId::parse(OIDC)?, Protocol::Oidc),
        ]),
        credentials,
        issuance: Issuance {
            saml: true,
            oidc: true,
            oidc_url: None,
        },
        ..Surroundings::default()
    };
    Ok(AccessIndex::new(
        Arc::new(check(document, &surroundings)?),
        1,
    ))
}
