//! What somebody pastes: a console's address, an ARN, an account, a link of ours. It opens with a role of theirs, or it is
//! refused; it is never where a browser is sent.

mod leads_on;
mod refused;

use crate::world::World;
use crate::world::browser::{Browser, Page};

/// The address that opens a text.
pub fn open(text: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("url", text);
    format!("/open?{}", query.finish())
}

pub async fn pastes(world: &World, browser: &Browser, text: &str) -> Page {
    browser.opens_once(&world.at(&open(text))).await
}

/// The roles that a page offers, in order: the paths of its links into consoles.
fn offered(page: &Page) -> Vec<String> {
    let links = page.links().into_iter();
    let paths = links.filter_map(|link| {
        let path = link.split('?').next()?.strip_prefix("/go/")?.to_owned();
        Some(path)
    });
    paths.collect()
}

/// Opens what was pasted, which leads straight in, and says as whom and where.
async fn straight_in(world: &World, browser: &Browser, text: &str) -> (String, String) {
    let page = browser.opens(&world.at(&open(text))).await;
    let console = world.console(browser, &page).await;
    let said = |name: &str| console[name].as_str().unwrap().to_owned();
    let principal = said("principal");
    let role = principal.split('/').nth(1).unwrap().to_owned();
    (role, said("destination"))
}
