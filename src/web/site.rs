//! What all handlers share: where the site stands, its cookies, the clock, the names of the providers.
//!
//! Every absolute URL is built from `public_url`; no request header ever names our own host.

use std::collections::BTreeMap;

use secrecy::SecretString;
use url::Url;

use super::cookies::{Cookies, SecretTooShort};
use crate::clock::SharedClock;
use crate::config::Network;
use crate::domain::identity::IdpId;
use crate::domain::request_form::{Asked, RequestForm};
use crate::limits::Limits;
use crate::random::SharedRandom;
use crate::signin::IdpChoice;
use crate::telemetry::Metrics;

/// What `app` fills in.
#[derive(Debug)]
pub struct Settings {
    /// What browsers call us; `https`, or `http` on loopback.
    pub public_url: Url,
    /// Seals the login cookie; at least 32 bytes.
    pub cookie_secret: SecretString,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Worker threads for people; `None`: one for each processor.
    pub workers: Option<usize>,
    /// For the page after signing out.
    pub elsewhere: Elsewhere,
    /// Where people ask for access that they lack.
    pub request_form: Option<RequestForm>,
}

/// Where else a person may still be signed in after leaving.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    /// A page of each provider's where one can sign out of it.
    pub idps: BTreeMap<IdpId, Url>,
    /// The consoles' sign-out pages, by the name of their partition.
    pub consoles: Vec<(String, Url)>,
    /// Where a browser is told to keep several consoles at once, where AWS can.
    pub several_consoles: Option<Url>,
}

/// What all handlers share.
pub(super) struct Site {
    pub(super) secure: bool,
    pub(super) origin: String,
    pub(super) cookies: Cookies,
    pub(super) trusted_proxies: Vec<Network>,
    pub(super) elsewhere: Elsewhere,
    pub(super) request_form: Option<RequestForm>,
    pub(super) idps: Vec<IdpChoice>,
    pub(super) limits: Limits,
    pub(super) metrics: Metrics,
    pub(super) clock: SharedClock,
    pub(super) random: SharedRandom,
}

impl Site {
    /// Checks what must hold before anything is served.
    pub(super) fn new(
        settings: Settings,
        idps: Vec<IdpChoice>,
        (limits, metrics): (Limits, Metrics),
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, SecretTooShort> {
        Ok(Self {
            secure: settings.public_url.scheme() == "https",
            origin: settings.public_url.origin().ascii_serialization(),
            cookies: Cookies::new(&settings.public_url, &settings.cookie_secret)?,
            trusted_proxies: settings.trusted_proxies,
            elsewhere: settings.elsewhere,
            request_form: settings.request_form,
            idps,
            limits,
            metrics,
            clock,
            random,
        })
    }

    /// Where to ask for what somebody asked for and lacks.
    pub(super) fn request_href(&self, asked: &Asked) -> Option<String> {
        let form = self.request_form.as_ref();
        form.map(|form| form.href(asked))
    }

    /// A provider's name for people; its id when it has gone from the configuration.
    pub(super) fn idp_name<'a>(&'a self, id: &'a IdpId) -> &'a str {
        let known = self.idps.iter().find(|idp| idp.id == *id);
        known.map_or(id.as_str(), |idp| idp.name.as_str())
    }
}

#[cfg(test)]
impl Site {
    /// One with a single provider, for tests.
    pub(super) fn sample(public_url: &str) -> actix_web::web::Data<Self> {
        let settings = Settings {
            public_url: Url::parse(public_url).unwrap(),
            cookie_secret: SecretString::from("s".repeat(32)),
            trusted_proxies: Vec::new(),
            workers: None,
            elsewhere: Elsewhere::default(),
            request_form: None,
        };
        let idps = vec![IdpChoice {
            id: IdpId::parse("corp").unwrap(),
            name: "Example Corp".to_owned(),
        }];
        let clock: SharedClock = std::sync::Arc::new(crate::clock::SystemClock);
        let metrics = Metrics::default();
        let limits = Limits::new(
            &crate::config::LimitsConfig::default(),
            &clock,
            metrics.clone(),
        );
        let random = std::sync::Arc::new(crate::random::SystemRandom);
        let site = Self::new(settings, idps, (limits, metrics), clock, random);
        actix_web::web::Data::new(site.unwrap())
    }
}
