//! Vestibule as an issuer: its keys, the roles that ask for its proofs, and the accounts that trust it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::json;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::issuer::keys::{Algorithm, Folder, Order, Use};
use vestibule::random::SystemRandom;
use vestibule_sandbox::aws::iam::{Account, OidcProvider, Registry, Role, SamlProvider};
use vestibule_sandbox::aws::policy::Policy;

use super::World;
use super::accounts::{GOV, PROD};

/// What the tests' issuer lets accounts pin.
pub const AUDIENCE: &str = "sts.amazonaws.com";

/// One role for each kind of proof, in both partitions.
pub const ROLES: &str = r#"
[[roles]]
account = "payments-prod"
name = "IssuedSaml"
path = "/team/"
method = "AssumeRoleWithSAML"
proof = "issued"
provider = "vestibule"
source_identity = true
tags = { team = "{attribute.team}", who = "{session.name}" }
transitive_tags = ["team"]

[[roles]]
account = "payments-prod"
name = "IssuedWeb"
method = "AssumeRoleWithWebIdentity"
proof = "issued"
source_identity = true
tags = { team = "{attribute.team}", who = "{session.name}" }
transitive_tags = ["team"]

[[roles]]
account = "gov-prod"
name = "GovIssuedSaml"
method = "AssumeRoleWithSAML"
proof = "issued"
provider = "vestibule"
source_identity = true
tags = { team = "{attribute.team}", who = "{session.name}" }
transitive_tags = ["team"]

[[roles]]
account = "gov-prod"
name = "GovIssuedWeb"
method = "AssumeRoleWithWebIdentity"
proof = "issued"
source_identity = true
tags = { team = "{attribute.team}", who = "{session.name}" }
transitive_tags = ["team"]
"#;

/// The files of a current key for each use, made once: RSA keys take long.
fn made() -> &'static [(String, String)] {
    static MADE: OnceLock<Vec<(String, String)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let path = super::builder::folder().join("issuer-keys");
        let folder = Folder::new(&path);
        makes(&folder, Use::Saml);
        makes(&folder, Use::Oidc);
        let files = std::fs::read_dir(&path).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        });
        let files = files.collect();
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
        files
    })
}

/// Makes a key and brings it into force, as an operator does with `vestibule issuer keys`.
fn makes(folder: &Folder, purpose: Use) {
    let now = SystemClock.now();
    folder.add(order(purpose), now, &SystemRandom).unwrap();
    folder.promote(purpose, now).unwrap();
}

/// The usual key for a use.
pub fn order(purpose: Use) -> Order {
    Order {
        purpose,
        algorithm: match purpose {
            Use::Saml => Algorithm::Rs256,
            Use::Oidc => Algorithm::Es256,
        },
        days: 3650,
    }
}

/// Writes the keys beside the configuration.
pub fn write_keys(folder: &Path) {
    let keys = folder.join("issuer-keys");
    std::fs::create_dir(&keys).unwrap();
    for (name, text) in made() {
        let path = keys.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

impl World {
    /// The keys of the issuer.
    pub fn issuer_keys(&self) -> Folder {
        Folder::new(&self.folder.join("issuer-keys"))
    }

    /// A public document of the issuer's.
    pub async fn issuer_document(&self, path: &str) -> String {
        let page = self.browser().opens_once(&self.at(path)).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page.body
    }

    /// Lets the accounts trust the issuer, by the documents that it serves now.
    pub async fn trusts_the_issuer(&self) {
        let metadata = self.issuer_document("/issuer/saml/metadata").await;
        let mut iam = self.sandbox.simulation().iam.write();
        for (account, saml, web) in [
            (PROD, "IssuedSaml", "IssuedWeb"),
            (GOV, "GovIssuedSaml", "GovIssuedWeb"),
        ] {
            self.trusts(&mut iam, account, &metadata, (saml, web));
        }
    }

    fn trusts(&self, iam: &mut Registry, id: &str, metadata: &str, (saml, web): (&str, &str)) {
        let account = iam.account_mut(id).unwrap();
        account.saml_providers.insert(
            "vestibule".to_owned(),
            SamlProvider::new("vestibule", metadata),
        );
        let provider = OidcProvider::new(&self.url, &[AUDIENCE]);
        account.oidc_providers.insert(self.url.clone(), provider);
        let path = if id == PROD { "/team/" } else { "/" };
        let trust = self.saml_trust(account, &["sts:TagSession", "sts:SetSourceIdentity"]);
        account.put_role(role(saml, trust, account).with_path(path));
        let trust = self.web_trust(account, &["sts:TagSession", "sts:SetSourceIdentity"]);
        account.put_role(role(web, trust, account));
    }

    /// What a role trusts that wants our SAML; `further` is what may come with it.
    pub fn saml_trust(&self, account: &Account, further: &[&str]) -> Policy {
        let condition = json!({ "StringEquals": {
            "SAML:aud": format!("{}/issuer/saml", self.url),
            "SAML:iss": format!("{}/issuer/saml/metadata", self.url),
            "SAML:sub_type": "persistent",
        }});
        let provider = account.arn("iam", "saml-provider/vestibule");
        trust(&provider, "sts:AssumeRoleWithSAML", (further, &condition))
    }

    /// Likewise for our ID tokens.
    pub fn web_trust(&self, account: &Account, further: &[&str]) -> Policy {
        let provider = OidcProvider::new(&self.url, &[]);
        let key = provider.key();
        let condition = json!({ "StringEquals": { (format!("{key}:aud")): AUDIENCE } });
        let provider = account.arn("iam", &format!("oidc-provider/{key}"));
        trust(
            &provider,
            "sts:AssumeRoleWithWebIdentity",
            (further, &condition),
        )
    }
}

fn role(name: &str, trust: Policy, account: &Account) -> Role {
    let policy = format!(
        "arn:{}:iam::aws:policy/ReadOnlyAccess",
        account.partition.name()
    );
    Role::new(name, trust)
        .with_max_session_duration(43_200)
        .with_attached(&policy)
}

fn trust(
    provider: &str,
    action: &str,
    (further, condition): (&[&str], &serde_json::Value),
) -> Policy {
    let mut actions = vec![action];
    actions.extend(further);
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": provider },
            "Action": actions,
            "Condition": condition,
        }],
    });
    Policy::trust(&document.to_string()).unwrap()
}
