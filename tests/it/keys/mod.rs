//! Keys: the page that says what they are, the form, and the keys themselves, which must work.

mod forwarded;
mod hostile;
mod journeys;
mod taken_back;
mod whole_user;

use aws_sdk_sts::config::{BehaviorVersion, Credentials, Region};
use regex::Regex;
use vestibule::domain::audit::{Event, EventKind};

use crate::world::World;
use crate::world::browser::{Browser, Form, Page, unescape};
use crate::world::https::Https;

/// The texts of a page with keys.
pub(crate) struct Shown {
    sh: String,
    powershell: String,
    file: String,
    json: serde_json::Value,
}

impl Shown {
    pub(crate) fn on(page: &Page) -> Self {
        assert_eq!(page.status, 200, "{}", page.body);
        let texts = texts(page);
        let [sh, powershell, file, json] = &texts[..] else {
            panic!("not four texts: {}", page.body);
        };
        Self {
            sh: sh.clone(),
            powershell: powershell.clone(),
            file: file.clone(),
            json: serde_json::from_str(json).unwrap(),
        }
    }

    pub(crate) fn says(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap()
    }
}

/// Whatever a page shows to be pasted.
fn texts(page: &Page) -> Vec<String> {
    let text = Regex::new(r#"(?s)<pre class="secret"[^>]*>(.*?)</pre>"#).unwrap();
    text.captures_iter(&page.body)
        .map(|found| unescape(&found[1]))
        .collect()
}

/// The form on a page about keys.
fn form(page: &Page) -> Form {
    page.forms()
        .into_iter()
        .find(|form| form.post && form.action.path().starts_with("/keys/"))
        .unwrap_or_else(|| panic!("no form for keys ({}): {}", page.status, page.body))
}

/// Opens the page about a role's keys, with the form on it.
async fn asks(world: &World, browser: &Browser, path: &str) -> Form {
    form(&browser.opens(&world.at(path)).await)
}

/// Opens the page and sends its form.
pub(crate) async fn gets(world: &World, browser: &Browser, path: &str) -> Page {
    let form = asks(world, browser, path).await;
    browser.submits(&form).await
}

/// Calls STS with the shown keys, in a region.
pub(crate) fn client(
    world: &World,
    shown: &Shown,
    region: &str,
    host: &str,
) -> aws_sdk_sts::Client {
    let credentials = Credentials::new(
        shown.says("AccessKeyId"),
        shown.says("SecretAccessKey"),
        Some(shown.says("SessionToken").to_owned()),
        None,
        "shown",
    );
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .endpoint_url(world.sandbox.aws.url(host))
        .http_client(Https::default().aws_client())
        .credentials_provider(credentials)
        .build();
    aws_sdk_sts::Client::from_conf(config)
}

/// Who AWS says the shown keys are, in a region.
async fn caller(world: &World, shown: &Shown, region: &str, host: &str) -> String {
    let client = client(world, shown, region, host);
    let who = client.get_caller_identity().send().await.unwrap();
    who.arn().unwrap().to_owned()
}

/// The rows `begun` and `ended` of the last of so many hand-overs of keys.
async fn rows(world: &World, count: usize) -> (Event, Event) {
    let ended = world.audited(EventKind::KeysEnded, count).await;
    let begun = world.audited(EventKind::KeysBegun, count).await;
    assert_eq!((begun.len(), ended.len()), (count, count));
    (begun[count - 1].clone(), ended[count - 1].clone())
}

/// Nothing was made, and nothing was about to be.
async fn nothing_was_made(world: &World) {
    assert_eq!(world.aws_actions(), Vec::<String>::new());
    assert!(world.audit(EventKind::KeysBegun).await.is_empty());
}
