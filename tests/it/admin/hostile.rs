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
    let drafts = format!("{DRAFTS}?idp={SAML}");
    let list = world.signs_in(&browser, &drafts, "eve").await;
    assert_eq!(list.status, 200);
    let page = begins(&browser, &list).await;
    (world, browser, page)
}

#[tokio::test]
async fn b16_hostile_text_is_text_on_every_page() {
    let (world, browser, page) = eve().await;
    let text = format!("{}{}", text_of(&page), hostile_entries());
    let mut form = draft_form(&page);
    let mut pages = Vec::new();
    for (text, expected) in [
        (text.clone(), "changes"),
        (format!("x = {}", toml_string(HOSTILE)), "unreadable"),
        (HOSTILE.to_owned(), "unreadable"),
        (text.replace("\"groups\"", "\"\""), "problems"),
    ] {
        let page = browser.submits(&form.clone().with("document", &text)).await;
        assert_eq!(finding(&page), expected);
        form = draft_form(&page);
        let review = format!("{}/review", page.url);
        pages.push(browser.opens(&review).await);
        pages.push(page);
    }
    // somebody else's is as old as the first
    let meanwhile = draft_form(&page).with("document", &text);
    let meanwhile = browser.submits(&meanwhile).await;
    assert_eq!(finding(&meanwhile), "meanwhile");
    pages.push(meanwhile);
    let clashing = begins_another(&world, &browser).await;
    let other = text.replace("hostile/R\"]", "hostile/*\"]");
    let clashing = browser
        .submits(&draft_form(&clashing).with("document", &other))
        .await;
    let review = browser
        .submits(&reviewing(form.with("document", &text)))
        .await;
    let published = browser
        .submits(&publishing(&review).with("note", HOSTILE))
        .await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");
    pages.push(published);
    let stale = browser.opens(&format!("{}/review", clashing.url)).await;
    assert_eq!(finding(&stale), "stale");
    assert!(stale.body.contains("Decide for each"), "{}", stale.body);
    pages.push(stale);
    let name = begins_with(&world, &browser, HOSTILE).await;
    pages.push(name);
    for path in [
        LISTS,
        "/admin/access?show=roles&q=hostile",
        "/admin/access?show=accounts",
        "/admin/access?show=rules&q=%3Cscript%3Ealert(1)%3C/script%3E",
        DRAFTS,
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

/// A draft that is for something that means harm; control characters are no part of what it may be for.
async fn begins_with(world: &World, browser: &Browser, name: &str) -> Page {
    let list = browser.opens(&world.at(DRAFTS)).await;
    let form = list.form_with("from").unwrap().with("name", name);
    browser.submits(&form).await
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
    let (ada, page) = administrator(&world, DRAFTS).await;
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
        let mut form = page.form_with("from").unwrap();
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
    for compared in [
        "from=1&to=2",
        "from=0&to=1",
        "from=1",
        "from=x&to=1",
        "from=1&to=%00",
    ] {
        let path = format!("/admin/access/compare?{compared}");
        let answer = ada.opens(&world.at(&path)).await;
        assert_eq!(answer.status, 404, "{compared}");
    }
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
    let (ada, page) = drafting(&world).await;
    let form = || draft_form(&page).with("document", &format!("{}{NORA}", text_of(&page)));
    for version in ["", "-1", "x", "99999999999999999999"] {
        let answer = ada.submits(&form().with("version", version)).await;
        assert_eq!(
            (answer.status, problem(&answer)),
            (400, "form-unreadable"),
            "{version}"
        );
    }
    let twice = |name: &str| {
        let mut form = form();
        form.fields.push((name.to_owned(), "2".to_owned()));
        form
    };
    for name in ["version", "document"] {
        let answer = ada.submits(&twice(name)).await;
        assert_eq!(answer.status, 400, "{name}");
    }
    let nul = ada.submits(&form().with("document", "a\u{0}b")).await;
    assert_eq!(nul.status, 400);
    let large = form().with("document", &"#".repeat(1_500_000));
    let answer = ada.submits(&large).await;
    assert_eq!((answer.status, problem(&answer)), (413, "too-large"));
    assert_eq!(text_of(&ada.opens(page.url.as_str()).await), text_of(&page));

    let review = ada.submits(&reviewing(form())).await;
    let long = "x".repeat(1001);
    for note in [long.as_str(), "a\u{0}b", "\u{1b}[31m"] {
        let answer = ada.submits(&publishing(&review).with("note", note)).await;
        assert_eq!((answer.status, again(&answer)), (422, "note"));
    }
    let page = ada.opens(page.url.as_str()).await;
    let empty = ada
        .submits(&draft_form(&page).with("document", " \r\n"))
        .await;
    assert_eq!((empty.status, finding(&empty)), (200, "empty"));
    let deep = draft_form(&empty).with("document", &format!("a = {}", "[".repeat(100_000)));
    let deep = ada.submits(&deep).await;
    assert_eq!(finding(&deep), "unreadable");
    let answer = ada.submits(&publishing(&review).with("version", "4")).await;
    assert_eq!((answer.status, again(&answer)), (422, "unfit"));
    assert_eq!(revision(&world).await, 1);
    world.stop().await;
}
