//! All of the sandbox as one value: the simulated AWS, its console and both demo providers.
//!
//! The broker under test comes to know the sandbox's addresses from here; the sandbox learns the broker's with
//! [`Sandbox::welcome`], because a broker's port is known only once it listens.

use std::net::SocketAddr;

use crate::aws::clock::Clock;
use crate::aws::console::Console;
use crate::aws::iam::Registry;
use crate::aws::random::Random;
use crate::aws::server::Aws;
use crate::aws::simulation::Simulation;
use crate::idp::oidc::{Client, OidcIdp, OidcSettings};
use crate::idp::saml::{SamlIdp, SamlSettings, ServiceProvider};
use crate::listener::{Binding, StartError, bind_or_any};
use crate::people::Directory;

/// What the sandbox is started with.
pub struct Settings {
    /// The time, for all of it.
    pub clock: Clock,
    /// Randomness, for all of it.
    pub random: Random,
    /// Who can sign in.
    pub people: Directory,
    /// Who can sign in at the OpenID provider, if not the same people.
    pub oidc_people: Option<Directory>,
    /// The simulated accounts; they can be changed later.
    pub registry: Registry,
    /// Where the simulated AWS listens. Every address gives way to a free port when its own is taken.
    pub aws: SocketAddr,
    /// Where the console page listens.
    pub console: SocketAddr,
    /// Where the SAML provider listens.
    pub saml_idp: SocketAddr,
    /// Where the OpenID provider listens.
    pub oidc_idp: SocketAddr,
    /// For https at the simulated AWS and the console.
    pub aws_tls: Option<rustls::ServerConfig>,
    /// For https at both providers.
    pub idp_tls: Option<rustls::ServerConfig>,
}

impl Default for Settings {
    /// The demo people, no accounts, free ports, plain http.
    fn default() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            clock: Clock::system(),
            random: Random::system(),
            people: Directory::demo(),
            oidc_people: None,
            registry: Registry::new(),
            aws: any,
            console: any,
            saml_idp: any,
            oidc_idp: any,
            aws_tls: None,
            idp_tls: None,
        }
    }
}

/// The broker, as the providers know it.
#[derive(Clone)]
pub struct Broker {
    /// Its SAML entity id.
    pub entity_id: String,
    /// Where SAML responses go.
    pub acs_url: String,
    /// Its OpenID client id.
    pub client_id: String,
    /// And secret.
    pub client_secret: String,
    /// Where the browser goes back to.
    pub redirect_uri: String,
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Broker")
            .field("entity_id", &self.entity_id)
            .finish_non_exhaustive()
    }
}

impl Broker {
    /// A broker at `public_url` that calls the providers `saml` and `oidc`, and is the client `vestibule`.
    pub fn at(public_url: &str, saml: &str, oidc: &str, client_secret: &str) -> Self {
        let public_url = public_url.trim_end_matches('/');
        Self {
            entity_id: format!("{public_url}/saml/{saml}/metadata"),
            acs_url: format!("{public_url}/saml/{saml}/acs"),
            client_id: "vestibule".to_owned(),
            client_secret: client_secret.to_owned(),
            redirect_uri: format!("{public_url}/oidc/{oidc}/callback"),
        }
    }
}

/// The running sandbox.
pub struct Sandbox {
    /// The simulated AWS.
    pub aws: Aws,
    /// Its console.
    pub console: Console,
    /// The SAML provider.
    pub saml_idp: SamlIdp,
    /// The OpenID provider.
    pub oidc_idp: OidcIdp,
    people: Directory,
    oidc_people: Directory,
}

impl Sandbox {
    /// Starts everything.
    pub fn start(settings: Settings) -> Result<Self, StartError> {
        let Settings {
            clock,
            random,
            people,
            oidc_people,
            registry,
            ..
        } = settings;
        let oidc_people = oidc_people.unwrap_or_else(|| people.clone());
        let binding = |address, tls: &Option<rustls::ServerConfig>| {
            let tls = tls.clone();
            bind_or_any(address).map(|listener| Binding { listener, tls })
        };
        // bound before anything is started: a refused address starts nothing
        let aws = binding(settings.aws, &settings.aws_tls)?;
        let console = binding(settings.console, &settings.aws_tls)?;
        let saml_idp = binding(settings.saml_idp, &settings.idp_tls)?;
        let oidc_idp = binding(settings.oidc_idp, &settings.idp_tls)?;
        let simulation = Simulation::new(registry, clock.clone(), random.clone());
        let aws = Aws::start(aws, simulation.clone())?;
        let console = Console::start(console, simulation, aws.origin())?;
        let saml_idp = SamlIdp::start(SamlSettings {
            binding: saml_idp,
            name: "Example Corp".to_owned(),
            people: people.clone(),
            clock: clock.clone(),
            random: random.clone(),
            keys: None,
        })?;
        let oidc_idp = OidcIdp::start(OidcSettings {
            binding: oidc_idp,
            name: "Example Partners".to_owned(),
            people: oidc_people.clone(),
            clock,
            random,
            keys: None,
        })?;
        Ok(Self {
            aws,
            console,
            saml_idp,
            oidc_idp,
            people,
            oidc_people,
        })
    }

    /// Makes the broker known to both providers.
    pub fn welcome(&self, broker: &Broker) {
        self.saml_idp.register(ServiceProvider::new(
            broker.entity_id.as_str(),
            broker.acs_url.as_str(),
        ));
        self.oidc_idp.register(Client::new(
            &broker.client_id,
            &broker.client_secret,
            &broker.redirect_uri,
        ));
    }

    /// The simulation: accounts, clock, switches, log and faults.
    pub fn simulation(&self) -> &Simulation {
        self.aws.simulation()
    }

    /// Who can sign in at the SAML provider, and at the other one unless that was given people of its own.
    pub fn people(&self) -> &Directory {
        &self.people
    }

    /// Who can sign in at the OpenID provider.
    pub fn oidc_people(&self) -> &Directory {
        &self.oidc_people
    }

    /// The time, for all of it.
    pub fn clock(&self) -> &Clock {
        &self.simulation().clock
    }

    /// Stops everything.
    pub async fn stop(&self) {
        self.saml_idp.stop().await;
        self.oidc_idp.stop().await;
        self.console.stop().await;
        self.aws.stop().await;
    }
}
