//! The simulated sign-in host: credentials become a sign-in token, the token becomes a console session.
//!
//! Obeys what is documented and observed of `/federation` and `/oauth`; every failure of `getSigninToken` is the same
//! opaque page, because a broker must cope with AWS as it is. Points that nobody knows are switches
//! ([`SigninSwitches`]). What a session may do in the console is no business of this folder.

mod browser;
mod login;
mod logout;
mod pages;
mod switches;
mod token;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use browser::ConsoleSession;
pub use switches::SigninSwitches;

use browser::Browsers;
use token::Tickets;

use super::http::{Answer, Incoming, parse_form};
use super::partition::{Host, Partition};
use super::simulation::Simulation;

/// What the sign-in hosts of all partitions remember; clones share it.
#[derive(Clone, Default)]
pub struct SignIn(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    tickets: Tickets,
    browsers: Browsers,
    origins: Origins,
}

/// Where the simulated hosts are really to be found.
#[derive(Clone, Debug, Default)]
struct Origins {
    aws: String,
    console: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn")
    }
}

impl SignIn {
    /// Says where the simulated AWS and the console page listen, once they do.
    pub fn set_origins(&self, aws: &str, console: &str) {
        self.lock().origins = Origins {
            aws: aws.to_owned(),
            console: console.to_owned(),
        };
    }

    /// The console session of the browser that sent the cookie header `cookies`: the one of that label, or, without
    /// one, the newest.
    pub fn console_session(
        &self,
        partition: Partition,
        cookies: Option<&str>,
        label: Option<&str>,
    ) -> Option<ConsoleSession> {
        let id = browser::id(partition, cookies)?;
        self.lock().browsers.session(&id, label)
    }

    /// Where a page at one of AWS's true hosts is really to be found, if that host is simulated.
    pub fn locate(&self, url: &str) -> Option<String> {
        let url = url::Url::parse(url).ok()?;
        let origins = self.origins();
        let origin = match Host::parse(url.host_str()?)? {
            Host::Signin { .. } => origins.aws,
            Host::Console { .. } => origins.console,
            Host::Sts(_) | Host::Iam(_) => return None,
        };
        let is_plain = url.scheme() == "https"
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        is_plain.then(|| {
            let rest = &url[url::Position::BeforePath..];
            format!("{origin}/{}{rest}", url.host_str().unwrap_or_default())
        })
    }

    fn origins(&self) -> Origins {
        self.lock().origins.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of AWS's sign-in hosts.
#[derive(Clone, Copy, Debug)]
pub struct SigninHost<'a> {
    /// Its partition.
    pub partition: Partition,
    /// The region in front of the bare host, if one stands there.
    pub region: Option<&'a str>,
}

impl SigninHost<'_> {
    /// Whether the host names its region: only those honour a redirect after signing out.
    fn is_explicit(&self) -> bool {
        self.region.is_some()
    }
}

/// The parameters of a request, from its query or its form.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn of(incoming: &Incoming) -> Option<Self> {
        let pairs = if incoming.method == http::Method::GET {
            parse_form(incoming.query.as_bytes())
        } else if incoming.method == http::Method::POST && incoming.has_form() {
            parse_form(&incoming.body)
        } else {
            return None;
        };
        pairs.ok().map(Self)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Answers a request to a sign-in host.
pub fn answer(simulation: &Simulation, host: SigninHost<'_>, incoming: &Incoming) -> Answer {
    let longest = simulation.switches().signin.longest_query;
    if longest.is_some_and(|longest| incoming.query.len() > longest) {
        return pages::error(414, "Request-URI Too Long");
    }
    let Some(parameters) = Parameters::of(incoming) else {
        return pages::invalid("Invalid request");
    };
    let request = Request {
        simulation,
        host,
        incoming,
        parameters: &parameters,
    };
    match (incoming.path.as_str(), parameters.get("Action")) {
        ("/federation", Some("getSigninToken")) => token::answer(&request),
        ("/federation", Some("login")) => login::answer(&request),
        ("/oauth", Some("logout")) => logout::answer(&request),
        ("/federation" | "/oauth", _) => pages::invalid("Invalid action"),
        ("/sessions/v1/opt-in", _) => logout::opt_in(&request),
        _ => pages::not_found(),
    }
}

/// A request with what is needed to answer it.
struct Request<'a> {
    simulation: &'a Simulation,
    host: SigninHost<'a>,
    incoming: &'a Incoming,
    parameters: &'a Parameters,
}

impl Request<'_> {
    fn switches(&self) -> SigninSwitches {
        self.simulation.switches().signin
    }

    fn browser_id(&self) -> Option<String> {
        browser::id(self.host.partition, self.incoming.header("cookie"))
    }
}
