//! Steps as answers: the one place that knows which step is a page and which a redirect.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, HeaderValue, LOCATION, SET_COOKIE};
use askama::Template;
use secrecy::ExposeSecret as _;

use super::compress::MayShrink;
use super::forms;
use super::headers::Kind;
use super::links;
use super::navigation::TopLevel;
use super::pages::{
    self, AboutPage, ChooseRolePage, CodePage, KeysOnlyPage, KeysPage, MadeKeysPage, OpenPage,
    PortalPage, ReasonPage, SessionsPage, SettingsPage, SignInPage, SignOutFirstPage, TokensPage,
    WhyPage,
};
use super::problem::Failure;
use super::site::Site;
use crate::domain::credentials::ConsoleUrl;
use crate::domain::intent::{Intent, Open};
use crate::domain::request_form::Asked;
use crate::signin::{Departure, MadeKeys, PortalView, Step};

/// About how long the small pages are.
const SMALL_PAGE: usize = 4 * 1024;
/// About how long the page with keys is: the session token stands there four times.
const KEYS: usize = 16 * 1024;
/// For each role on the page that lets one choose.
const ROLE: usize = 420;

/// Shows what comes next to somebody who asked for `intent`; on the portal, `query` hides what it does not match.
pub(super) fn show(
    site: &Site,
    step: Step,
    intent: &Intent,
    query: &str,
    top_level: TopLevel,
) -> Result<HttpResponse, Failure> {
    match step {
        Step::Depart(departure) => Ok(depart(site, &departure)),
        Step::ChooseIdp(choices) => {
            page(&SignInPage::new(&choices, intent), SMALL_PAGE, Kind::Page)
        }
        Step::Portal(view) => portal(site, &view, query),
        Step::ChooseRole(choice) => {
            let roles: usize = choice.accounts.iter().map(|a| a.roles.len()).sum();
            let expected = SMALL_PAGE + roles * ROLE;
            page(&ChooseRolePage::new(&choice), expected, Kind::Page)
        }
        Step::Open(choice) => {
            let roles: usize = choice.accounts.iter().map(|a| a.roles.len()).sum();
            let expected = SMALL_PAGE + roles * ROLE;
            let form = site.request_href(&Asked::default());
            page(&OpenPage::new(&choice, query, form), expected, Kind::Lists)
        }
        Step::About(about) => page(&AboutPage::new(&about), SMALL_PAGE, Kind::Lists),
        Step::AskCode(question) => page(&CodePage::new(&question), SMALL_PAGE, Kind::Lists),
        Step::AskReason(question) => page(&ReasonPage::new(&question), SMALL_PAGE, Kind::Lists),
        Step::KeysOnly(about) => page(&KeysOnlyPage::new(&about), SMALL_PAGE, Kind::Page),
        Step::KeysPage(view) => page(&KeysPage::new(&view), SMALL_PAGE, Kind::Lists),
        Step::Keys(made) => {
            site.metrics.keys(made.operation, "handed_over");
            keys(&made, top_level)
        }
        Step::SignOutFirst(first) => {
            let two = SignOutFirstPage::new(&first, &site.elsewhere);
            page(&two, SMALL_PAGE, Kind::Page)
        }
        Step::Settings(view) => {
            let settings = SettingsPage::new(&view, site.elsewhere.several_consoles.as_ref());
            page(&settings, SMALL_PAGE, Kind::Page)
        }
        Step::Sessions(view) => {
            let sessions = SessionsPage::new(&view);
            page(&sessions, sessions.expected_bytes(), Kind::Lists)
        }
        Step::Tokens(view) => page(&TokensPage::new(&view), 2 * SMALL_PAGE, Kind::Page),
        Step::Moved(intent) => Ok(go_to(&links::href(&intent, None))),
        Step::Why(view) => {
            let page_of = WhyPage::new(&view, |idp| site.idp_name(idp).to_owned());
            page(&page_of, 2 * SMALL_PAGE, Kind::Page)
        }
        Step::Admin(page) => Ok(go_to(&links::admin_path(page))),
        Step::Console { url, operation } => {
            site.metrics.signin(operation, "handed_over");
            Ok(console(url, top_level))
        }
    }
}

/// Shows what comes next to somebody who comes back from a provider: on an address of ours that they can load
/// again and keep, where there is one.
pub(super) fn lead_on(
    site: &Site,
    step: Step,
    top_level: TopLevel,
) -> Result<HttpResponse, Failure> {
    match step {
        Step::Portal(view) => {
            let intent = view.search.map_or(Intent::Portal, Intent::Search);
            Ok(go_to(&links::href(&intent, None)))
        }
        Step::ChooseRole(choice) => {
            let intent = if choice.always {
                Intent::Choose(choice.asked)
            } else {
                Intent::Console(choice.asked)
            };
            Ok(go_to(&links::href(&intent, None)))
        }
        Step::Open(choice) => {
            let text = choice.pasted.text;
            Ok(go_to(&links::href(&Intent::Open(Open { text }), None)))
        }
        Step::About(about) => Ok(go_to(&links::href(&Intent::About(about.asked), None))),
        Step::AskCode(question) => Ok(go_to(&links::href(&Intent::Console(question.asked), None))),
        Step::AskReason(question) => {
            Ok(go_to(&links::href(&Intent::Console(question.asked), None)))
        }
        Step::KeysOnly(about) => Ok(go_to(&links::href(&Intent::Console(about.asked), None))),
        Step::KeysPage(view) => Ok(go_to(&links::href(&Intent::Keys(view.asked), None))),
        Step::SignOutFirst(first) => Ok(go_to(&links::href(&Intent::Console(first.asked), None))),
        Step::Why(view) => Ok(go_to(&links::href(&Intent::Why(view.asked), None))),
        Step::Settings(_) => Ok(go_to(links::SETTINGS)),
        Step::Sessions(_) => Ok(go_to(links::SESSIONS)),
        Step::Tokens(_) => Ok(go_to(links::TOKENS)),
        other => show(site, other, &Intent::Portal, "", top_level),
    }
}

/// A page of ours.
pub(super) fn page(
    template: &impl Template,
    expected: usize,
    kind: Kind,
) -> Result<HttpResponse, Failure> {
    let text = pages::render(template, expected)?;
    let mut answer = HttpResponse::Ok()
        .content_type(ContentType::html())
        .body(text);
    answer.extensions_mut().insert(kind);
    Ok(answer)
}

fn portal(site: &Site, view: &PortalView, query: &str) -> Result<HttpResponse, Failure> {
    let token = forms::masked(&view.form_token, site.random.as_ref());
    let request = site.request_href(&Asked::default());
    let portal = PortalPage::new(view, query, &token).asking(request);
    let expected = portal.expected_bytes();
    let mut answer = page(&portal, expected, Kind::Portal)?;
    if !portal.is_narrowed() {
        answer.extensions_mut().insert(MayShrink);
    }
    Ok(answer)
}

/// One redirect into the console, with nothing else in it; only for a top-level navigation.
fn console(url: ConsoleUrl, _: TopLevel) -> HttpResponse {
    let location = url.into_location();
    match HeaderValue::from_str(location.expose_secret()) {
        Ok(location) => redirect(location),
        Err(_) => HttpResponse::from_error(Failure::Fault),
    }
}

/// The keys, shown once; only for a top-level navigation.
fn keys(made: &MadeKeys, _: TopLevel) -> Result<HttpResponse, Failure> {
    page(&MadeKeysPage::new(made), KEYS, Kind::Keys)
}

fn depart(site: &Site, departure: &Departure) -> HttpResponse {
    let Ok(location) = HeaderValue::from_str(departure.location.as_str()) else {
        return HttpResponse::from_error(Failure::Fault);
    };
    let mut answer = redirect(location);
    let login = site.cookies.begin_login(departure, site.clock.now());
    answer.headers_mut().append(SET_COOKIE, login);
    answer
}

/// To another page of ours.
pub(super) fn go_to(path: &str) -> HttpResponse {
    HeaderValue::from_str(path).map_or_else(|_| HttpResponse::from_error(Failure::Fault), redirect)
}

fn redirect(mut location: HeaderValue) -> HttpResponse {
    location.set_sensitive(true);
    let mut answer = HttpResponse::new(StatusCode::SEE_OTHER);
    answer.headers_mut().insert(LOCATION, location);
    answer.extensions_mut().insert(Kind::Secret);
    answer
}
