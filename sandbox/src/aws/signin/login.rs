//! `login`: a sign-in token becomes a console session in this browser, and the browser goes on to the Destination.

use base64::Engine as _;
use chrono::Duration;
use url::Url;

use super::browser::{ConsoleSession, MOST_SESSIONS, cookie_name};
use super::pages::SessionLink;
use super::token::Ticket;
use super::{Request, SigninSwitches, pages};
use crate::aws::http::Answer;
use crate::aws::partition::{Host, Partition};
use crate::aws::random::Random;
use crate::aws::tokens::Made;

pub(super) fn answer(request: &Request<'_>) -> Answer {
    let switches = request.switches();
    let parameters = request.parameters;
    let token = parameters.get("SigninToken").unwrap_or_default();
    let now = request.simulation.clock.now();
    let ticket = request.simulation.signin.lock().tickets.get(token, now);
    let ticket = ticket.filter(|ticket| {
        ticket.session.partition == request.host.partition
            && (!switches.token_bound_to_host || ticket.host == request.incoming.host)
    });
    let Some(ticket) = ticket else {
        return pages::bad_token(switches.bad_token_status);
    };
    let destination = parameters.get("Destination").unwrap_or_default();
    let Some(destination) = console_page(request.host.partition, destination) else {
        return pages::error(
            switches.bad_destination_status,
            "Invalid destination parameter",
        );
    };
    match enter(request, &ticket, &destination) {
        Ok(entered) => {
            if switches.token_single_use {
                request.simulation.signin.lock().tickets.spend(token);
            }
            go_on(request, &entered, destination)
        }
        Err(refused) => refused,
    }
}

/// A page at a console host of the partition: https, no port, nobody's name in it.
fn console_page(partition: Partition, text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    let Host::Console {
        partition: console, ..
    } = Host::parse(url.host_str()?)?
    else {
        return None;
    };
    (plain && console == partition).then_some(url)
}

/// The browser and its new session.
struct Entered {
    browser: String,
    session: ConsoleSession,
}

/// Starts the console session, unless the browser must sign out of another one first.
fn enter(request: &Request<'_>, ticket: &Ticket, destination: &Url) -> Result<Entered, Answer> {
    let simulation = request.simulation;
    let switches = request.switches();
    let now = simulation.clock.now();
    let known = request.browser_id();
    let sign_out = sign_out_link(request);
    let mut state = simulation.signin.lock();
    let browser = known
        .filter(|id| state.browsers.knows(id))
        .unwrap_or_else(|| secret(&simulation.random));
    let entry = state.browsers.entry(&browser);
    let labelled = switches.multi_session || entry.multi_session;
    entry.sessions.retain(|session| now < session.ends);
    // signing in again as the same principal renews the session
    let arn = ticket.session.arn();
    entry
        .sessions
        .retain(|session| session.session.arn() != arn);
    has_room(&entry.sessions, labelled, (&switches, &sign_out))?;
    let session = ConsoleSession {
        label: format!("{}-{}", ticket.session.account, suffix(&simulation.random)),
        labelled,
        ..console_session(request, ticket, destination)
    };
    entry.sessions.push(session.clone());
    Ok(Entered { browser, session })
}

/// Asks to sign out where a browser holds as many sessions as it can.
fn has_room(
    sessions: &[ConsoleSession],
    labelled: bool,
    (switches, sign_out): (&SigninSwitches, &str),
) -> Result<(), Answer> {
    let status = switches.sign_out_first_status;
    let adds = labelled && switches.link_adds_session;
    if !adds && !sessions.is_empty() {
        return Err(pages::sign_out_first(status, sign_out));
    }
    if sessions.len() < MOST_SESSIONS {
        return Ok(());
    }
    let links: Vec<SessionLink> = sessions
        .iter()
        .map(|session| SessionLink {
            principal: session.session.arn(),
            link: format!("{sign_out}&session={}", session.label),
        })
        .collect();
    Err(pages::too_many_sessions(status, &links))
}

/// The console session that a ticket gives, still without a label.
fn console_session(request: &Request<'_>, ticket: &Ticket, destination: &Url) -> ConsoleSession {
    let switches = request.switches();
    let now = request.simulation.clock.now();
    let cap = switches
        .federated_console_cap_seconds
        .filter(|_| ticket.session.made == Made::FederationToken);
    let life_ends = match cap {
        Some(seconds) => ticket
            .session
            .expires
            .min(now + Duration::seconds(seconds.into())),
        None => ticket.session.expires,
    };
    let mut session = ticket.session.clone();
    if switches.redeeming_renews_issue_time {
        session.issued = now;
    }
    ConsoleSession {
        label: String::new(),
        labelled: false,
        began: now,
        ends: ticket.duration.map_or(life_ends, |duration| now + duration),
        session,
        issuer: request
            .parameters
            .get("Issuer")
            .filter(|issuer| !issuer.is_empty())
            .map(str::to_owned),
        destination: destination.to_string(),
    }
}

/// Sets the cookie and sends the browser to the console page.
fn go_on(request: &Request<'_>, entered: &Entered, mut destination: Url) -> Answer {
    if entered.session.labelled {
        let host = labelled_host(
            request.host.partition,
            destination.host_str().unwrap_or_default(),
            &entered.session.label,
        );
        // a host made of the host it was: it cannot be refused
        let _ = destination.set_host(Some(&host));
    }
    let signin = &request.simulation.signin;
    let Some(location) = signin.locate(destination.as_str()) else {
        return pages::invalid("Invalid destination parameter");
    };
    with_cookie(request, pages::redirect(&location), &entered.browser)
}

/// Makes the browser remember who it is.
pub(super) fn with_cookie(request: &Request<'_>, answer: Answer, browser: &str) -> Answer {
    let secure = request
        .simulation
        .signin
        .origins()
        .aws
        .starts_with("https:");
    let scope = if secure {
        "SameSite=None; Secure"
    } else {
        "SameSite=Lax"
    };
    let name = cookie_name(request.host.partition);
    let cookie = format!("{name}={browser}; Path=/; HttpOnly; {scope}");
    answer.with_header("set-cookie", &cookie)
}

/// The console's host for one session of several: its label, then the region if there was one.
fn labelled_host(partition: Partition, host: &str, label: &str) -> String {
    let region = host
        .strip_suffix(partition.console_host())
        .map(|before| before.trim_end_matches('.'))
        .and_then(|before| before.rsplit('.').next())
        .filter(|region| partition.has_region(region));
    match region {
        Some(region) => format!("{label}.{region}.{}", partition.console_host()),
        None => format!("{label}.{}", partition.console_host()),
    }
}

fn sign_out_link(request: &Request<'_>) -> String {
    let origin = request.simulation.signin.origins().aws;
    format!("{origin}/{}/oauth?Action=logout", request.incoming.host)
}

/// A browser's id, which nobody can guess.
pub(super) fn secret(random: &Random) -> String {
    let mut bytes = [0; 24];
    random.fill(&mut bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Eight characters that tell two sessions of one account apart.
fn suffix(random: &Random) -> String {
    random.id("", 8).to_ascii_lowercase()
}
