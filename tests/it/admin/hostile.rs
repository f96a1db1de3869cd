//! Text that means harm (B16), addresses of nothing, and forms that cannot be meant.

use url::Url;
use vestibule_sandbox::people::Person;

use super::*;

/// What would be markup or a script if it were not escaped.
const HOSTILE: &str =
    "\"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}";

/// A model with hostile text wherever one may write what one likes.
fn hostile_entries() -> String {
    let text = toml_string(HOSTILE);
    format!(
        r#"
[[accounts]]
id = "123456789012"
alias = "hostile"
name = {text}
owner = {text}

[[roles]]
account = "hostile"
name = "R"
description = {text}
method = "AssumeRole"
credentials = "hub"

[[rules]]
name = {text}
when = [{{ attribute = "groups", is = {text} }}]
grant = ["hostile/R"]
"#
    )
}

/// A world where an administrator's own name is hostile, and their browser.
async fn eve() -> (World, Browser, Page) {
    let metadata = "metadata_file = \"corp-metadata.xml\"";
    let named = format!("{metadata}\nname_attribute = \"displayName\"");
    let world = World::builder().with(metadata, &named).start().await;
    let person = Person::new("eve", HOSTILE).in_groups(["cloud-admins"]);
    world.sandbox.people().put(person);
    let browser = world.browser();
    let document = format!("{DOCUMENT}?idp={SAML}");
    let page = world.signs_in(&browser, &document, "eve").await;
    assert_eq!(page.status, 200);
    (world, browser, page)
}

#[tokio::test]
async fn b16_hostile_text_is_text_on_every_page() {
    let (world, browser, page) = eve().await;
    let text = format!("{}{}", text_of(&page), hostile_entries());
    let form = document_form(&page).with("note", HOSTILE);
    let with = |text: &str| form.clone().with("document", text);
    let mut pages = Vec::new();
    for (text, expected) in [
        (text.clone(), "changes"),
        (format!("x = {}", toml_string(HOSTILE)), "unreadable"),
        (HOSTILE.to_owned(), "unreadable"),
        (text.replace("\"groups\"", "\"\""), "problems"),
    ] {
        let page = browser.submits(&with(&text)).await;
        assert_eq!(finding(&page), expected);
        pages.push(page);
    }
    let published = browser.submits(&publishing(with(&text))).await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");
    pages.push(published);
    let conflict = browser.submits(&publishing(with(&text_of(&page)))).await;
    assert_eq!(finding(&conflict), "conflict");
    pages.push(conflict);
    for path in [
        LISTS,
        "/admin/access?show=roles&q=hostile",
        "/admin/access?show=accounts",
        "/admin/access?show=rules&q=%3Cscript%3Ealert(1)%3C/script%3E",
        DOCUMENT,
        REVISIONS,
        "/admin/access/revisions/1",
        "/admin/access/revisions/2",
        "/",
    ] {
        pages.push(browser.opens(&world.at(path)).await);
    }
    for page in &pages {
        assert_harmless(page);
    }
    world.stop().await;
}

fn assert_harmless(page: &Page) {
    let (body, url) = (&page.body, &page.url);
    assert!(
        body.contains("&#60;script&#62;alert"),
        "nothing hostile on {url}"
    );
    assert!(!body.contains("<script>alert"), "{url} runs it");
    assert!(!body.contains("<img src=x"), "{url} shows it as markup");
    assert_eq!(body.matches("</title>").count(), 1, "{url}");
    assert!(body.matches("</textarea>").count() <= 1, "{url}");
}

fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[tokio::test]
async fn a_revision_that_does_not_exist_has_no_page() {
    let world = World::start().await;
    let (ada, page) = administrator(&world, DOCUMENT).await;
    for number in [
        "2",
        "0",
        "-1",
        "+1",
        "1.0",
        "x",
        "%31%00",
        "9223372036854775808",
        "%F0%9F%9A%AA",
    ] {
        let path = format!("/admin/access/revisions/{number}");
        let answer = ada.opens(&world.at(&path)).await;
        assert_eq!(
            (answer.status, problem(&answer)),
            (404, "no-such-revision"),
            "{number}"
        );
        let mut form = document_form(&page);
        form.action = Url::parse(&world.at(&format!("{path}/restore"))).unwrap();
        let answer = ada.submits(&form).await;
        assert_eq!(
            (answer.status, problem(&answer)),
            (404, "no-such-revision"),
            "{number}"
        );
    }
    let before = |text: &str| world.at(&format!("{REVISIONS}?before={text}"));
    assert_eq!(ada.opens(&before("x")).await.status, 404);
    assert!(
        ada.opens(&before("1"))
            .await
            .body
            .contains("There are none before that")
    );
    assert_eq!(revision(&world).await, 1);
    world.stop().await;
}

#[tokio::test]
async fn what_a_form_cannot_mean_is_refused_and_what_it_can_is_explained() {
    let world = World::start().await;
    let (ada, page) = administrator(&world, DOCUMENT).await;
    let form = || document_form(&page).with("document", &format!("{}{NORA}", text_of(&page)));
    for base in ["", "-1", "x", "99999999999999999999"] {
        let answer = ada.submits(&publishing(form().with("base", base))).await;
        assert_eq!(
            (answer.status, problem(&answer)),
            (400, "form-unreadable"),
            "{base}"
        );
    }
    let twice = |name: &str| {
        let mut form = form();
        form.fields.push((name.to_owned(), "2".to_owned()));
        form
    };
    for name in ["base", "document"] {
        let answer = ada.submits(&publishing(twice(name))).await;
        assert_eq!(answer.status, 400, "{name}");
    }
    let long = "x".repeat(1001);
    for note in [long.as_str(), "a\u{0}b", "\u{1b}[31m"] {
        let answer = ada.submits(&publishing(form().with("note", note))).await;
        assert_eq!((answer.status, finding(&answer)), (422, "note"));
    }
    let empty = ada
        .submits(&publishing(form().with("document", " \r\n")))
        .await;
    assert_eq!((empty.status, finding(&empty)), (422, "empty"));
    let large = form().with("document", &"#".repeat(1_500_000));
    let answer = ada.submits(&large).await;
    assert_eq!((answer.status, problem(&answer)), (413, "too-large"));
    let deep = form().with("document", &format!("a = {}", "[".repeat(100_000)));
    assert_eq!(finding(&ada.submits(&deep).await), "unreadable");
    assert_eq!(revision(&world).await, 1);
    world.stop().await;
}
