//! The demo as a whole: the sandbox with its accounts, and the folder from which Vestibule is started beside it.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::TimeDelta;
use vestibule::domain::access::AccessIndex;
use vestibule::domain::identity::IdpId;
use vestibule_sandbox::people::Directory;
use vestibule_sandbox::{Broker, Sandbox, Settings};

use super::DemoError;
use super::access::{self, OIDC, SAML};
use super::addresses;
use super::files::DataFolder;
use super::issuer::{self, Issuer};
use super::links::{self, Population};
use super::ready::Ready;
use super::registry::{Federation, seed};

/// How long the company's identity provider lets a login last.
const LOGIN: TimeDelta = TimeDelta::hours(40);

/// The running demo, without Vestibule.
pub(crate) struct Demo {
    sandbox: Sandbox,
    configuration: PathBuf,
    /// The access model, as Vestibule decides by it at first.
    index: AccessIndex,
    portal: String,
    operations: String,
}

impl Demo {
    /// Starts the sandbox and writes everything that Vestibule needs into `data`.
    pub(crate) fn start(
        data: &DataFolder,
        (portal, operations): (SocketAddr, SocketAddr),
    ) -> Result<Self, DemoError> {
        let sandbox = Sandbox::start(Settings {
            people: Directory::demo_at("example.com"),
            oidc_people: Some(Directory::demo_at("example.org")),
            ..addresses::settings()
        })?;
        let portal_url = format!("http://{portal}");
        let random = &sandbox.simulation().random;
        let broker = Broker::at(&portal_url, SAML, OIDC, &random.secret());
        sandbox.welcome(&broker);
        // longer than any role's console: what shows is how long each way lasts, not the same end for all
        sandbox
            .saml_idp
            .configure(|options| options.session_lifetime = Some(LOGIN));
        data.write(
            "cookie-secret",
            &format!("{}{}", random.secret(), random.secret()),
        )?;
        data.write("partners-secret", &broker.client_secret)?;
        data.write("corp-metadata.xml", &sandbox.saml_idp.metadata())?;
        data.write("access.toml", &access::text())?;
        let configuration = data.write_configuration(&[
            ("listen", &portal.to_string()),
            ("operations_listen", &operations.to_string()),
            ("portal", &portal_url),
            ("saml_idp", sandbox.saml_idp.origin()),
            ("oidc_idp", sandbox.oidc_idp.issuer()),
            ("aws", sandbox.aws.origin()),
        ])?;
        let issuer = issuer::prepare(&configuration)?;
        let index = seed_accounts(&sandbox, &broker, &issuer, data)?;
        Ok(Self {
            sandbox,
            configuration,
            index,
            portal: portal_url,
            operations: format!("http://{operations}"),
        })
    }

    /// Vestibule's configuration.
    pub(crate) fn configuration(&self) -> &std::path::Path {
        &self.configuration
    }

    /// What to tell the world.
    pub(crate) fn ready(&self) -> Result<Ready, DemoError> {
        let populations = [
            Population {
                idp: id(SAML)?,
                people: self.sandbox.people(),
            },
            Population {
                idp: id(OIDC)?,
                people: self.sandbox.oidc_people(),
            },
        ];
        let now = self.sandbox.clock().now();
        let links = links::links(&self.index, &populations, &self.portal, now);
        Ok(Ready::new(
            &self.sandbox,
            (&self.portal, &self.operations),
            (SAML, OIDC),
            links,
        ))
    }

    /// The sandbox.
    #[cfg(test)]
    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Stops the sandbox.
    pub(crate) async fn stop(&self) {
        self.sandbox.stop().await;
    }
}

/// Makes the accounts that match the access model, and tells the SAML provider which roles to send. Gives the model.
fn seed_accounts(
    sandbox: &Sandbox,
    broker: &Broker,
    issuer: &Issuer,
    data: &DataFolder,
) -> Result<AccessIndex, DemoError> {
    let document = access::document()?;
    let index = access::index(&document)?;
    let now = sandbox.clock().now();
    links::send_role_pairs(&index, &id(SAML)?, sandbox.people(), now);
    let everyone = [sandbox.people(), sandbox.oidc_people()];
    let names = everyone
        .iter()
        .flat_map(|people| people.everyone())
        .map(|person| person.email)
        .collect();
    let seeded = seed(
        &document,
        &Federation {
            saml_metadata: &sandbox.saml_idp.metadata(),
            acs_url: &broker.acs_url,
            issuer: sandbox.oidc_idp.issuer(),
            client_id: &broker.client_id,
            own: issuer,
            names,
        },
        &sandbox.simulation().random,
    )?;
    *sandbox.simulation().iam.write() = seeded.registry;
    data.write_keys(&seeded.keys)?;
    Ok(index)
}

fn id(text: &str) -> Result<IdpId, DemoError> {
    IdpId::parse(text).map_err(|error| DemoError::Model(error.into()))
}
