//! The administrators' pages over HTTP: from a text with problems to a revision that decides, and back; and who is
//! not let near them.

mod doors;
mod drafts;
mod entries;
mod found;
mod hostile;
mod impact;
mod led;
mod long_term;
mod one_place;
mod overtaken;
mod record;
mod story;
mod unremembered;
mod written;

use crate::world::browser::{Browser, Form, Page, unescape};
use crate::world::{SAML, World};

const LISTS: &str = "/admin/access";

const DRAFTS: &str = "/admin/drafts";

const REVISIONS: &str = "/admin/access/revisions";

const NORA: &str = r#"
[[rules]]
name = "nora may look"
when = [{ attribute = "employment", is = "employee" }, { idp = "corp" }]
grant = ["payments-dev/Developer"]
"#;

/// An administrator's browser, on a page.
async fn administrator(world: &World, path: &str) -> (Browser, Page) {
    let browser = world.browser();
    let page = world
        .signs_in(&browser, &format!("{path}?idp={SAML}"), "ada")
        .await;
    assert_eq!(page.url.path(), path, "{}", page.body);
    assert_eq!(page.status, 200, "{}", page.body);
    (browser, page)
}

/// The text in a page's text field.
fn text_of(page: &Page) -> String {
    let from = page.body.find("<textarea").expect("a text field");
    let from = from + page.body[from..].find('>').unwrap() + 1;
    let to = page.body.rfind("</textarea>").unwrap();
    // a parser drops the line break that the field begins with
    let text = page.body[from..to].strip_prefix('\n').unwrap();
    unescape(text)
}

/// An administrator's browser, on the page of a draft of theirs.
async fn drafting(world: &World) -> (Browser, Page) {
    let (browser, list) = administrator(world, DRAFTS).await;
    let page = begins(&browser, &list).await;
    (browser, page)
}

/// Begins a draft by the form of the list.
async fn begins(browser: &Browser, list: &Page) -> Page {
    let page = browser.submits(&list.form_with("from").unwrap()).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.url.path().starts_with("/admin/drafts/"),
        "{}",
        page.url
    );
    page
}

/// The same, from the list as it is now.
async fn begins_another(world: &World, browser: &Browser) -> Page {
    let list = browser.opens(&world.at(DRAFTS)).await;
    begins(browser, &list).await
}

/// A draft's form, sending what the text field holds as browsers do.
fn draft_form(page: &Page) -> Form {
    let form = page.form_with("version").expect("a form");
    form.with("document", &text_of(page).replace('\n', "\r\n"))
        .with("then", "stay")
}

/// The form that goes to an address which ends so.
fn form_to(page: &Page, ending: &str) -> Option<Form> {
    let mut forms = page.forms().into_iter();
    forms.find(|form| form.action.path().ends_with(ending))
}

/// The same, on to the review.
fn reviewing(form: Form) -> Form {
    form.with("then", "review")
}

/// The form of a review that publishes.
fn publishing(review: &Page) -> Form {
    review
        .form_with("revision")
        .unwrap_or_else(|| panic!("nothing to publish: {}", review.body))
}

fn again(page: &Page) -> &str {
    let Some((_, rest)) = page.body.split_once("data-again=\"") else {
        return "";
    };
    rest.split('"').next().unwrap()
}

fn finding(page: &Page) -> &str {
    let Some((_, rest)) = page.body.split_once("data-finding=\"") else {
        return "";
    };
    rest.split('"').next().unwrap()
}

fn problem(page: &Page) -> &str {
    let Some((_, rest)) = page.body.split_once("data-problem=\"") else {
        return "";
    };
    rest.split('"').next().unwrap()
}

async fn revision(world: &World) -> i64 {
    world.app.store().revision_number().await.unwrap()
}

/// Writes more into a draft, and publishes it by its review.
async fn publishes(browser: &Browser, page: &Page, more: &str, note: &str) -> Page {
    let text = format!("{}{more}", text_of(page));
    let form = reviewing(draft_form(page).with("document", &text));
    let review = browser.submits(&form).await;
    let published = browser
        .submits(&publishing(&review).with("note", note))
        .await;
    assert_eq!(published.status, 200, "{}", published.body);
    let path = published.url.path();
    assert!(path.starts_with(REVISIONS), "{path}: {}", published.body);
    published
}
