//! For tests: an issuer with keys made once, a time that stands, and grants from a small access model.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use secrecy::ExposeSecret as _;

use super::keys::{Algorithm, Folder, Order, Use};
use super::{Issuer, Statement};
use crate::clock::{SharedClock, ShiftedClock};
use crate::config::IssuerConfig;
use crate::domain::Timestamp;
use crate::domain::access::{AccessIndex, Document, Issuance, Surroundings, check};
use crate::domain::grant::Grant;
use crate::domain::identity::{Attributes, Authentication, Identity, IdpId, Subject};
use crate::domain::partition::Partitions;
use crate::domain::role::RoleKey;
use crate::random::{SharedRandom, SystemRandom};

pub(crate) const URL: &str = "https://signin.example.com";

const MODEL: &str = r#"
[[accounts]]
id = "111122223333"
alias = "prod"
name = "Production"

[[accounts]]
id = "777788889999"
alias = "gov"
name = "Government"
partition = "aws-us-gov"

[[roles]]
account = "prod"
name = "Saml"
path = "/team/"
method = "AssumeRoleWithSAML"
proof = "issued"
provider = "vestibule"

[[roles]]
account = "prod"
name = "Web"
method = "AssumeRoleWithWebIdentity"
proof = "issued"

[[roles]]
account = "gov"
name = "Saml"
method = "AssumeRoleWithSAML"
proof = "issued"
provider = "vestibule"

[[rules]]
name = "everybody"
when = [{ idp = "corp" }]
grant = ["*"]
"#;

pub(crate) fn now() -> Timestamp {
    "2026-06-15T12:00:00.750Z".parse().expect("a time")
}

pub(crate) fn order(purpose: Use, algorithm: Algorithm) -> Order {
    Order {
        purpose,
        algorithm,
        days: 3650,
    }
}

/// A fresh folder, removed by whoever made it.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let name = crate::random::hex::<8>(&SystemRandom);
        Self(std::env::temp_dir().join(format!("vestibule-issuer-{name}")))
    }

    /// One with a current key for each use.
    pub(crate) fn with_keys() -> Self {
        let scratch = Self::new();
        std::fs::create_dir(&scratch.0).expect("a folder");
        for (name, text) in made() {
            let path = scratch.0.join(name);
            std::fs::write(&path, text).expect("written");
            let private = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&path, private).expect("set");
        }
        scratch
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // what is left in the temporary folder harms nobody
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The files of keys made once in this process: RSA keys take long.
fn made() -> &'static [(String, String)] {
    static MADE: OnceLock<Vec<(String, String)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let scratch = Scratch::new();
        let folder = Folder::new(&scratch.0);
        for (purpose, algorithm) in [(Use::Saml, Algorithm::Rs256), (Use::Oidc, Algorithm::Es256)] {
            let order = order(purpose, algorithm);
            folder.add(order, now(), &SystemRandom).expect("made");
            folder.promote(purpose, now()).expect("promoted");
        }
        let files = std::fs::read_dir(&scratch.0).expect("a folder");
        let read = |path: PathBuf| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(path).expect("a text"))
        };
        files
            .map(|entry| read(entry.expect("a file").path()))
            .collect()
    })
}

/// The issuer of a folder, at a time that tests move.
pub(crate) fn issuer(folder: &Path) -> (Issuer, Arc<ShiftedClock>) {
    let config = IssuerConfig {
        url: URL.to_owned(),
        keys_dir: folder.to_owned(),
        saml_entity_id: format!("{URL}/issuer/saml/metadata"),
        oidc_audience: "sts.amazonaws.com".to_owned(),
        home: "https://console.example.com/".to_owned(),
    };
    let clock = Arc::new(ShiftedClock::default());
    clock.hold_at(now());
    let shared: SharedClock = Arc::<ShiftedClock>::clone(&clock);
    let random: SharedRandom = Arc::new(SystemRandom);
    let issuer = Issuer::open(&config, &Partitions::default(), (&shared, &random));
    (
        issuer.unwrap_or_else(|problems| panic!("{problems}")),
        clock,
    )
}

/// A grant of a role of the model to somebody whose login ends then.
pub(crate) fn grant(role: &str, ends: Option<Timestamp>) -> Grant {
    let surroundings = Surroundings {
        idps: [(
            IdpId::parse("corp").expect("an id"),
            crate::domain::identity::Protocol::Saml,
        )]
        .into(),
        issuance: Issuance {
            saml: true,
            oidc: true,
            oidc_url: None,
        },
        ..Surroundings::default()
    };
    let document = Document::from_toml(MODEL).expect("a document");
    let model = check(&document, &surroundings).expect("a model");
    let identity = Identity {
        idp: IdpId::parse("corp").expect("an id"),
        subject: Subject {
            format: String::new(),
            value: "erin".to_owned(),
        },
        display_name: "Erin".to_owned(),
        verified_email: None,
        attributes: Attributes::default(),
        authentication: Authentication {
            at: None,
            context: Vec::new(),
            class: None,
            session_ends: ends,
        },
        notice: None,
    };
    let key = RoleKey::parse(role).expect("a key");
    AccessIndex::new(Arc::new(model), 1)
        .grant(&Arc::new(identity), &key, None, now())
        .unwrap_or_else(|_| panic!("{role} is not granted"))
}

/// Something to say, with every optional part.
pub(crate) struct Words {
    pub(crate) name: String,
    pub(crate) source: Option<String>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) transitive: Vec<String>,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            name: "erin@example.com".to_owned(),
            source: Some("erin@example.com".to_owned()),
            tags: vec![
                ("team".to_owned(), "payments".to_owned()),
                ("cost centre".to_owned(), "42".to_owned()),
            ],
            transitive: vec!["team".to_owned()],
        }
    }
}

impl Words {
    pub(crate) fn statement(&self) -> Statement<'_> {
        Statement {
            session_name: &self.name,
            source_identity: self.source.as_deref(),
            tags: &self.tags,
            transitive_tags: &self.transitive,
            session_seconds: Some(43_200),
        }
    }
}

/// What is said, as STS would get it.
pub(crate) async fn said(issuer: &Issuer, grant: &Grant, words: &Words) -> String {
    let proof = issuer
        .vouch(grant, &words.statement())
        .await
        .expect("vouched");
    let text = proof.text_for(grant).expect("for this grant");
    text.expose_secret().to_owned()
}
