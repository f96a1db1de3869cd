//! The administrators' pages over HTTP: from a text with problems to a revision that decides, and back; and who is
//! not let near them.

mod doors;
mod hostile;
mod long_term;
mod overtaken;
mod story;

use crate::world::browser::{Browser, Form, Page, unescape};
use crate::world::{SAML, World};

const LISTS: &str = "/admin/access";

const DOCUMENT: &str = "/admin/access/document";

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

/// The document's form, sending what the text field holds as browsers do.
fn document_form(page: &Page) -> Form {
    let form = page.form_with("base").expect("a form");
    form.with("document", &text_of(page).replace('\n', "\r\n"))
}

/// The same, pressing the button that publishes.
fn publishing(mut form: Form) -> Form {
    form.action = form.action.join("/admin/access/publish").unwrap();
    form
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

async fn publishes(browser: &Browser, page: &Page, more: &str, note: &str) -> Page {
    let text = format!("{}{more}", text_of(page));
    let form = document_form(page)
        .with("document", &text)
        .with("note", note);
    let published = browser.submits(&publishing(form)).await;
    assert_eq!(published.status, 200, "{}", published.body);
    assert_eq!(finding(&published), "", "{}", published.body);
    published
}
