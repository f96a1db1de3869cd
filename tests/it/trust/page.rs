//! The page for administrators: from the lists to a text to copy, without a script.

use crate::trusting::world;
use crate::world::browser::{Browser, Page, unescape};
use crate::world::{SAML, World};

/// The text to copy, as a parser has it.
fn text_of(page: &Page) -> String {
    let (_, rest) = page.body.split_once("id=\"needed\"").expect("a text");
    let (_, rest) = rest.split_once(">\n").unwrap();
    let (text, _) = rest.split_once("</textarea>").unwrap();
    unescape(text)
}

/// An administrator on the page, who has asked for nothing yet.
async fn administrator(world: &World) -> (Browser, Page) {
    let browser = world.browser();
    let first = format!("/admin/trust?idp={SAML}");
    let page = world.signs_in(&browser, &first, "ada").await;
    assert_eq!((page.status, page.url.path()), (200, "/admin/trust"));
    assert!(!page.body.contains("id=\"needed\""), "{}", page.body);
    (browser, page)
}

#[tokio::test]
async fn the_lists_lead_to_what_an_account_and_a_role_need() {
    let world = world().await;
    let (browser, _) = administrator(&world).await;
    for (list, link) in [
        ("accounts", "/admin/trust?account=payments-prod\""),
        ("roles", "account=payments-prod&#38;role=IssuedSaml\""),
    ] {
        let lists = world.at(&format!("/admin/access?show={list}"));
        let page = browser.opens(&lists).await;
        assert!(page.body.contains(link), "{}", page.body);
    }
    let role = "/admin/trust?account=payments-prod&role=IssuedSaml&format=json";
    let page = browser.opens(&world.at(role)).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(!policy.contains("script-src"), "{policy}");
    let shown: serde_json::Value = serde_json::from_str(&text_of(&page)).unwrap();
    assert_eq!(shown["resources"][1]["name"], "IssuedSaml");
    world.stop().await;
}

#[tokio::test]
async fn the_form_asks_for_what_only_people_know_and_shows_what_comes_of_it() {
    let world = world().await;
    let (browser, _) = administrator(&world).await;
    let asked = "/admin/trust?account=payments-prod&role=Assumed&format=terraform";
    let page = browser.opens(&world.at(asked)).await;
    let question = "who signs with the own credentials hub?";
    assert!(page.body.contains(question), "{}", page.body);
    let hub = "arn:aws:iam::999900001111:user/vestibule";
    let answered = format!("{asked}&principal.hub={hub}");
    let page = browser.opens(&world.at(&answered)).await;
    let text = text_of(&page);
    let role = "resource \"aws_iam_role\" \"assumed\"";
    assert!(text.contains(role), "{text}");
    assert!(page.body.contains(&format!("{hub} must be allowed")));
    let account = "/admin/trust?account=999900001111&format=json";
    let answered = format!("{account}&principal.hub={hub}");
    let page = browser.opens(&world.at(&answered)).await;
    assert!(text_of(&page).contains("inline_policy"), "{}", page.body);
    world.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_said_beside_the_form() {
    let world = world().await;
    let (browser, _) = administrator(&world).await;
    for (query, reason) in [
        (
            "account=payments-prod&role=Assumed&principal.hub=me",
            "is like arn:aws:iam::",
        ),
        ("account=A+B", "12 digits"),
        ("account=nowhere", "has no account nowhere"),
        (
            "account=payments-prod&role=a%3Cb%3E",
            "a role&#39;s name is",
        ),
    ] {
        let page = world.at(&format!("/admin/trust?{query}"));
        let page = browser.opens(&page).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(reason), "{query}: {}", page.body);
        assert!(!page.body.contains("id=\"needed\""), "{query}");
    }
    world.stop().await;
}
