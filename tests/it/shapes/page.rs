//! A walk-through as the page has it: its configuration, and its access model.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vestibule::clock::{Clock as _, SystemClock};
use vestibule::config::{Config, IdentityProvider, IdpKind};
use vestibule::domain::access::{self, AccessIndex, Document, Surroundings};
use vestibule::domain::account::Alias;
use vestibule::domain::credentials::ForwardedProof;
use vestibule::domain::identity::{Identity, Protocol};
use vestibule::domain::role::{RoleKey, RoleName};

use super::saml;

const PAGE: &str = include_str!("../../../docs/aws-setup.md");

/// What stands around an identity provider's entry.
const AROUND: &str = r#"
[server]
public_url = "https://console.example.com"
cookie_secret_file = "cookie-secret"

[database]
url = "sqlite:vestibule.db"

[aws]
region = "eu-west-1"

"#;

/// A walk-through, read and checked.
pub(super) struct Walkthrough {
    /// Its name in the page's comments.
    pub(super) name: &'static str,
    pub(super) idp: IdentityProvider,
    index: AccessIndex,
}

impl Walkthrough {
    /// Reads the one of that name; `issuer` is what its metadata is to say, for SAML.
    pub(super) fn read(name: &'static str, issuer: &str) -> Self {
        let idp = provider(
            &format!("{name}-page"),
            &block(name, "configuration"),
            issuer,
        );
        let document = Document::from_toml(&block(name, "access")).expect("an access model");
        let protocol = match idp.kind {
            IdpKind::Saml(_) => Protocol::Saml,
            IdpKind::Oidc(_) => Protocol::Oidc,
        };
        let surroundings = Surroundings {
            idps: BTreeMap::from([(idp.id.clone(), protocol)]),
            ..Surroundings::default()
        };
        let model = access::check(&document, &surroundings);
        let model = model.unwrap_or_else(|problems| panic!("{name}: {problems}"));
        Self {
            name,
            idp,
            index: AccessIndex::new(Arc::new(model), 1),
        }
    }

    /// The keys of the roles that somebody holds.
    pub(super) fn held(&self, identity: &Identity) -> Vec<String> {
        let held = self.index.held(identity, SystemClock.now());
        held.iter().map(|held| held.role.key.to_string()).collect()
    }

    /// The response is one for AWS, names the very role and provider, and the session.
    pub(super) fn expect_forwardable(&self, proof: Option<ForwardedProof>, session_name: &str) {
        let Some(ForwardedProof::Saml(saml)) = proof else {
            panic!("{}: nothing to forward", self.name);
        };
        assert_eq!(saml.role_session_name.as_deref(), Some(session_name));
        let key = RoleKey {
            account: Alias::parse("payments-prod").expect("an alias"),
            name: RoleName::parse("ReadOnly").expect("a name"),
        };
        let role = self.index.role(&key).expect("the page's role");
        assert_eq!(role.method.forwards(), Some(&self.idp.id));
        let Some(provider) = role.saml_provider_arn() else {
            panic!("{}: another method", self.name);
        };
        assert_eq!(saml.roles, [(role.arn(), provider)]);
    }
}

/// The TOML after the comment `<!-- NAME: WHAT -->`.
pub(super) fn block(name: &str, what: &str) -> String {
    let mark = format!("<!-- {name}: {what} -->");
    let (_, rest) = PAGE
        .split_once(&mark)
        .unwrap_or_else(|| panic!("no {mark}"));
    let (between, rest) = rest.split_once("```toml\n").expect("a block of TOML");
    assert!(between.trim().is_empty(), "something else follows {mark}");
    rest.split_once("```")
        .expect("the block's end")
        .0
        .to_owned()
}

/// The identity provider of a configuration block, with the files beside it that it names.
pub(super) fn provider(folder: &str, entry: &str, issuer: &str) -> IdentityProvider {
    let folder = folder_for(folder);
    let write = |file: &str, text: &str| std::fs::write(folder.join(file), text).expect("a file");
    write("cookie-secret", "0123456789abcdef0123456789abcdef");
    for line in entry.lines() {
        match line.trim().split_once(" = ") {
            Some(("metadata_file", file)) => write(file.trim_matches('"'), &saml::metadata(issuer)),
            Some(("client_secret_file", file)) => {
                write(file.trim_matches('"'), "the client's secret");
            }
            _ => {}
        }
    }
    let config = Config::parse(&format!("{AROUND}{entry}"), &folder);
    let config = config.unwrap_or_else(|problems| panic!("{problems}"));
    let [idp] = <[_; 1]>::try_from(config.identity_providers).expect("one provider");
    idp
}

fn folder_for(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("shapes")
        .join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}
