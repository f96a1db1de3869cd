//! Links that lead straight into the console, in every form that names a role.

use crate::world::accounts::{DEV, PROD};
use crate::world::{SAML, World};

#[tokio::test]
async fn every_way_to_name_a_role_opens_its_console() {
    let world = World::start().await;
    let admin = format!("arn:aws:sts::{PROD}:assumed-role/Admin/erin@example.com");
    let developer = format!("arn:aws:sts::{DEV}:assumed-role/Developer/erin@example.com");
    for (link, principal) in [
        ("/go/payments-prod/Admin".to_owned(), &admin),
        (format!("/go/{PROD}/Admin"), &admin),
        (format!("/go?account_id={PROD}&role_name=Admin"), &admin),
        (
            "/go?account_id=payments-prod&role_name=Admin".to_owned(),
            &admin,
        ),
        // the only role that one holds there
        (format!("/go?account_id={DEV}"), &developer),
        ("/role/Developer".to_owned(), &developer),
        ("/role/payments-prod%2FAdmin".to_owned(), &admin),
    ] {
        let browser = world.browser();
        let sign = if link.contains('?') { '&' } else { '?' };
        let first = format!("{link}{sign}idp={SAML}");
        let page = world.signs_in(&browser, &first, "erin").await;
        let console = world.console(&browser, &page).await;
        assert_eq!(console["principal"], principal.as_str(), "{link}");
        // and with the session, in one step
        let page = browser.opens_once(&world.at(&link)).await;
        assert_eq!(page.status, 303, "{link}: {}", page.body);
        assert!(page.header("location").contains("SigninToken="), "{link}");
    }
    world.stop().await;
}
