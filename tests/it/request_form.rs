//! The company's form for asking for access: whoever lacks something is led there, with what they asked for and no more.

use crate::open::{open, pastes};
use crate::preferences::signed_in;
use crate::world::World;
use crate::world::accounts::PROD;

/// A world with a form for asking for access.
async fn with_a_form() -> World {
    let form = "[portal]\nrequest_url = \"https://forms.example.com/aws?a={account}&r={role}\"\n\n[database]";
    World::builder().with("[database]", form).start().await
}

#[tokio::test]
async fn who_holds_nothing_finds_the_company_s_form_on_the_portal() {
    let world = with_a_form().await;
    let browser = signed_in(&world, "nora").await;
    let portal = browser.opens(&world.at("/")).await;
    let form = "https://forms.example.com/aws?a=&r=";
    assert!(portal.links().iter().any(|link| link == form));
    let browser = signed_in(&world, "erin").await;
    let portal = browser.opens(&world.at("/")).await;
    assert!(!portal.body.contains("forms.example.com"));
    world.stop().await;
}

#[tokio::test]
async fn who_lacks_something_is_led_to_the_company_s_form_with_what_they_asked_for_and_no_more() {
    let world = with_a_form().await;
    let browser = signed_in(&world, "carl").await;
    let form =
        |account: &str, role: &str| format!("https://forms.example.com/aws?a={account}&r={role}");
    for (link, account, role) in [
        (
            "/go/payments-prod/Admin".to_owned(),
            "payments-prod",
            "Admin",
        ),
        (format!("/go/{PROD}/Admin"), PROD, "Admin"),
        (
            "/go/nowhere/a+b%3D%2Cc@d".to_owned(),
            "nowhere",
            "a%2Bb%3D%2Cc%40d",
        ),
        ("/go/payments-prod".to_owned(), "payments-prod", ""),
        (format!("/go?account_id={PROD}"), PROD, ""),
        (
            "/keys/payments-prod/Admin".to_owned(),
            "payments-prod",
            "Admin",
        ),
        (
            "/roles/payments-prod/Admin".to_owned(),
            "payments-prod",
            "Admin",
        ),
        (
            open(&format!("arn:aws:iam::{PROD}:role/team/Admin")),
            PROD,
            "Admin",
        ),
        (open(&format!("arn:aws:sqs:eu-west-1:{PROD}:x")), PROD, ""),
        (open("https://console.amazonaws-us-gov.com/"), "", ""),
        ("/admin/access".to_owned(), "", ""),
    ] {
        let page = browser.opens_once(&world.at(&link)).await;
        page.is_refused(403, "not-entitled");
        let links = page.links();
        assert!(links.contains(&form(account, role)), "{link}: {links:?}");
        assert!(page.body.contains("rel=\"noreferrer\""));
    }
    // where one chooses, nothing is known of what is missing
    let erin = signed_in(&world, "erin").await;
    let choice = pastes(&world, &erin, PROD).await;
    assert!(choice.links().contains(&form("", "")), "{}", choice.body);
    // nowhere else
    let away = browser
        .opens_once(&world.at("/go/payments-dev/Developer?hours=99"))
        .await;
    assert!(!away.body.contains("forms.example.com"));
    world.stop().await;
    let without = World::start().await;
    let browser = signed_in(&without, "carl").await;
    let page = browser
        .opens_once(&without.at("/go/payments-prod/Admin"))
        .await;
    assert!(!page.body.contains("Ask for access"), "{}", page.body);
    without.stop().await;
}
