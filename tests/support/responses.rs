//! Signed SAML responses of any size, from the sandbox's provider, and a service provider that accepts them.
//!
//! Made without a browser and for a fixed challenge, so that a figure is about verifying and about nothing else.

#![allow(
    clippy::allow_attributes,
    dead_code,
    reason = "the tests and the figures share this file, and each uses another part of it"
)]

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use vestibule::clock::{Clock as _, SystemClock};
use vestibule::config::{IdentityProvider, IdpKind, SamlConfig};
use vestibule::domain::Timestamp;
use vestibule::domain::identity::IdpId;
use vestibule::domain::partition::Partitions;
use vestibule::idp::Challenge;
use vestibule::idp::saml::ServiceProvider;
use vestibule_sandbox::aws::clock::Clock;
use vestibule_sandbox::aws::random::Random;
use vestibule_sandbox::idp::saml::{SamlIdp, SamlSettings, ServiceProvider as Known, Signed};
use vestibule_sandbox::listener::Binding;
use vestibule_sandbox::people::{Directory, Person};

pub(crate) const ENTITY_ID: &str = "https://console.example.com/saml/corp/metadata";
pub(crate) const ACS: &str = "https://console.example.com/saml/corp/acs";
pub(crate) const REQUEST_ID: &str = "_00112233445566778899aabbccddeeff";

/// The provider.
pub(crate) struct Responses {
    idp: SamlIdp,
    people: Directory,
}

/// A response, and when it was made.
pub(crate) struct Response {
    pub(crate) xml: String,
    pub(crate) base64: String,
    pub(crate) made: Timestamp,
}

impl Responses {
    /// A provider that signs there; must be called within a Tokio runtime.
    pub(crate) fn signed(signed: Signed) -> Self {
        let people = Directory::default();
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let idp = SamlIdp::start(SamlSettings {
            binding: Binding::plain(listener.expect("a free port")),
            name: "Example Corp".to_owned(),
            people: people.clone(),
            clock: Clock::system(),
            random: Random::system(),
            keys: None,
        });
        let idp = idp.expect("the provider starts");
        let mut known = Known::new(ENTITY_ID, ACS);
        known.options.signed = signed;
        idp.register(known);
        Self { idp, people }
    }

    /// A fresh response about somebody in so many groups.
    pub(crate) fn with_groups(&self, groups: usize) -> Response {
        let names: Vec<String> = (0..groups).map(super::models::group).collect();
        let person = Person::new("erin", "Erin Engel").in_groups(names.iter().map(String::as_str));
        self.people.put(person);
        let minted = self.idp.mint(ENTITY_ID, "erin", Some(REQUEST_ID));
        let minted = minted.expect("a response");
        Response {
            base64: minted.base64(),
            xml: minted.xml,
            made: SystemClock.now(),
        }
    }

    /// Vestibule's side.
    pub(crate) fn service_provider(&self) -> ServiceProvider {
        service_provider(self.metadata())
    }

    /// The provider's metadata.
    pub(crate) fn metadata(&self) -> String {
        self.idp.metadata()
    }

    /// The entity id of the provider.
    pub(crate) fn issuer(&self) -> &str {
        self.idp.entity_id()
    }

    /// The certificate that the responses are signed under, in base64.
    pub(crate) fn certificate(&self) -> String {
        self.idp.keys().rsa.certificate_base64()
    }

    /// Stops the provider.
    pub(crate) async fn stop(self) {
        self.idp.stop().await;
    }
}

impl Response {
    /// Verifies it whole, as at the moment when it was made; gives how many groups it says.
    pub(crate) fn verified_by(&self, provider: &ServiceProvider) -> usize {
        verify(provider, &self.base64, self.made)
    }
}

/// Vestibule's side towards a provider of that metadata.
pub(crate) fn service_provider(metadata: String) -> ServiceProvider {
    let provider = IdentityProvider {
        id: IdpId::parse("corp").expect("an id"),
        name: "Example Corp".to_owned(),
        unique_email_domains: Vec::new(),
        sign_out_url: None,
        kind: IdpKind::Saml(SamlConfig {
            metadata,
            entity_id: ENTITY_ID.to_owned(),
            acs_url: ACS.parse().expect("a URL"),
            audiences: Vec::new(),
            name_attribute: None,
            leeway_seconds: 60,
            max_age_seconds: 300,
        }),
    };
    ServiceProvider::new(&provider, &Partitions::default(), SystemClock.now())
        .expect("good metadata")
}

/// Verifies a form field whole; gives how many groups it says.
pub(crate) fn verify(provider: &ServiceProvider, field: &str, now: Timestamp) -> usize {
    let challenge = Challenge::Saml {
        request_id: REQUEST_ID.to_owned(),
    };
    let verified = provider.verify(field, &challenge, now);
    let verified = verified.expect("an honest response");
    verified.identity().values("groups").len()
}
