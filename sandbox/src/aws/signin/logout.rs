//! Signing out, and opting in to several sessions: both may send the browser on, but only to hosts of their own.

use super::{Request, pages};
use crate::aws::http::Answer;
use crate::aws::partition::{Host, Partition};

/// Signs out: of one session, by the simulation's own parameter `session`, or else of all.
pub(super) fn answer(request: &Request<'_>) -> Answer {
    if let Some(id) = request.browser_id() {
        let mut state = request.simulation.signin.lock();
        if state.browsers.knows(&id) {
            let all = request.switches().sign_out_ends_all;
            let browser = state.browsers.entry(&id);
            if let Some(label) = request.parameters.get("session") {
                browser.sessions.retain(|one| one.label != label);
            } else if all || !browser.sessions.last().is_some_and(|one| one.labelled) {
                browser.sessions.clear();
            } else {
                browser.sessions.pop();
            }
        }
    }
    let wanted = request
        .parameters
        .get("redirect_uri")
        .filter(|_| request.host.is_explicit())
        .and_then(|uri| own_page(request, uri));
    pages::redirect(&wanted.unwrap_or_else(|| console_home(request)))
}

/// Lets this browser hold several sessions from now on.
pub(super) fn opt_in(request: &Request<'_>) -> Answer {
    let known = request
        .browser_id()
        .filter(|id| request.simulation.signin.lock().browsers.knows(id));
    let id = known.unwrap_or_else(|| super::login::secret(&request.simulation.random));
    let hint = {
        let mut state = request.simulation.signin.lock();
        let browser = state.browsers.entry(&id);
        browser.multi_session = true;
        browser.sessions.last_mut().map(|session| {
            session.labelled = true;
            session.label.clone()
        })
    };
    let mut location = request
        .parameters
        .get("redirect_uri")
        .and_then(|uri| own_page(request, uri))
        .unwrap_or_else(|| console_home(request));
    if let Some(hint) = hint {
        let joint = if location.contains('?') { '&' } else { '?' };
        location = format!("{location}{joint}login_hint={hint}");
    }
    super::login::with_cookie(request, pages::redirect(&location), &id)
}

/// Where a sign-in or console page of this partition is to be found: given at AWS's true host, or at ours.
fn own_page(request: &Request<'_>, uri: &str) -> Option<String> {
    let origins = request.simulation.signin.origins();
    for origin in [&origins.aws, &origins.console] {
        if let Some(rest) = uri.strip_prefix(&format!("{origin}/")) {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            return is_own(request.host.partition, host).then(|| uri.to_owned());
        }
    }
    let url = url::Url::parse(uri).ok()?;
    is_own(request.host.partition, url.host_str()?)
        .then(|| request.simulation.signin.locate(uri))
        .flatten()
}

fn is_own(partition: Partition, host: &str) -> bool {
    match Host::parse(host) {
        Some(Host::Signin { partition: own, .. } | Host::Console { partition: own, .. }) => {
            own == partition
        }
        _ => false,
    }
}

fn console_home(request: &Request<'_>) -> String {
    let console = request.simulation.signin.origins().console;
    format!(
        "{console}/{}/console/home",
        request.host.partition.console_host()
    )
}
