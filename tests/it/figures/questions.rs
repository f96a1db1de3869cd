//! How often the database is asked: once for a page, and for a click once before AWS and once after it, beside the rows
//! of the record. On both engines.

use crate::postgres::Cluster;
use crate::world::browser::Browser;
use crate::world::{SAML, World, WorldBuilder};

const LINK: &str = "/go/payments-prod/Admin";

fn both() -> [WorldBuilder; 2] {
    let database = Cluster::shared().database();
    [World::builder(), World::builder().database(&database)]
}

/// Erin, who has been in the role that the link names a moment ago, and a Vestibule that does nothing by itself.
async fn erin(builder: WorldBuilder) -> (World, Browser) {
    let mut world = builder.start().await;
    let browser = world.browser();
    let link = format!("{LINK}?idp={SAML}");
    world.signs_in(&browser, &link, "erin").await;
    world.signin_rows(1).await;
    // what is noted of a use is noted when it is there to be read
    while world.kept(SAML, "erin@example.com").await == "{}" {
        tokio::task::yield_now().await;
    }
    world.app.serve_alone().await;
    (world, browser)
}

#[tokio::test]
async fn a_page_asks_the_database_once() {
    for builder in both() {
        let (world, browser) = erin(builder).await;
        let store = world.app.store().clone();
        for page in [
            "/",
            "/?q=admin",
            "/roles/payments-prod/Admin",
            "/keys/payments-prod/Admin",
            "/roles/payments-prod/Admin/why",
            "/settings",
        ] {
            let before = store.questions();
            let answer = browser.opens_once(&world.at(page)).await;
            assert_eq!(answer.status, 200, "{page}: {}", answer.body);
            assert_eq!(store.questions() - before, 1, "{page}");
        }
        world.stop().await;
    }
}

#[tokio::test]
async fn a_page_that_asks_once_is_as_new_as_the_database() {
    for builder in both() {
        let (world, browser) = erin(builder).await;
        let role = "payments-prod/Chained";
        assert!(browser.opens_once(&world.at("/")).await.body.contains(role));
        let model = crate::world::accounts::MODEL;
        let shorter = model.replace("\"payments-prod/*\", ", "");
        assert_ne!(shorter, model);
        world.publishes(&shorter).await;
        let page = browser.opens_once(&world.at("/")).await;
        assert!(!page.body.contains(role), "{}", page.body);
        world.stop().await;
    }
}

#[tokio::test]
async fn a_click_asks_once_before_aws_and_once_after_it() {
    for builder in both() {
        let (world, browser) = erin(builder).await;
        let store = world.app.store().clone();
        let (before, rows) = (store.questions(), store.audit_batches());
        let answer = browser.opens_once(&world.at(LINK)).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        // what is written after the answer counts as well
        world.app.stop().await;
        world.sandbox.stop().await;
        let rows = store.audit_batches() - rows;
        assert_eq!(rows, 2, "that it began, and how it ended");
        let asked = store.questions() - before - rows;
        assert_eq!(asked, 2, "the look at the session, and the last check");
    }
}
