//! Several replicas on one PostgreSQL: what began on one goes on at the other, and nothing happens twice.

use std::sync::Arc;

use futures_util::future::join_all;
use url::Url;
use vestibule::app::App;
use vestibule::domain::audit::EventKind;
use vestibule::random::SystemRandom;

use crate::postgres::Cluster;
use crate::world::accounts::MODEL;
use crate::world::browser::{Browser, Form};
use crate::world::{World, listen};

async fn world() -> World {
    let database = Cluster::shared().database();
    World::builder().database(&database).start().await
}

/// The same form, posted to another replica; its browser takes its cookies along, as behind one address.
fn at(form: &Form, replica: &str) -> Form {
    let mut action = Url::parse(replica).unwrap();
    action.set_path(form.action.path());
    Form {
        action,
        ..form.clone()
    }
}

#[tokio::test]
async fn a_login_begun_on_one_replica_ends_on_the_other() {
    let world = world().await;
    let (other, url) = world.replica().await;
    let browser = world.browser();
    let form = world.saml_answer(&browser, "/?idp=corp", "erin").await;
    let page = browser.submits_once(&at(&form, &url)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let me = browser.opens_once(&format!("{url}/api/v1/me")).await;
    assert_eq!(me.status, 200);
    let here = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(here.status, 200, "the session is everywhere");
    other.stop().await;
    world.stop().await;
}

// S15: the race for one assertion, over two replicas
#[tokio::test]
async fn of_fifty_who_hand_in_one_answer_at_once_one_gets_a_session() {
    let world = world().await;
    let (other, url) = world.replica().await;
    let browser = Arc::new(world.browser());
    let form = world.saml_answer(&browser, "/?idp=corp", "erin").await;
    let here = form.clone();
    let there = at(&form, &url);
    let racers = (0..50).map(|number| {
        let racer: Arc<Browser> = Arc::clone(&browser);
        let form = if number % 2 == 0 {
            here.clone()
        } else {
            there.clone()
        };
        async move { racer.submits_once(&form).await.status }
    });
    let statuses = join_all(racers).await;
    let winners = statuses.iter().filter(|status| **status == 303).count();
    assert_eq!(winners, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
    assert_eq!(world.audit(EventKind::SessionBegan).await.len(), 1);
    other.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn a_replica_decides_by_a_new_revision_at_once_when_it_matters() {
    let world = world().await;
    let (other, url) = world.replica().await;
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    let link = format!("{url}/go/payments-prod/Admin");
    assert_eq!(browser.opens_once(&link).await.status, 303);
    let without = MODEL.replace(
        "grant = [\"payments-prod/*\", \"payments-dev/*\", \"gov-prod/*\"]",
        "grant = [\"payments-dev/*\"]",
    );
    world.publishes(&without).await;
    // the other replica may not have followed yet: the last check reads the number from the database
    let page = browser.opens_once(&link).await;
    assert_eq!(page.status, 403, "{:?}", page.location());
    other.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn two_replicas_that_start_together_make_one_revision_of_the_governing_file() {
    let database = Cluster::shared().database();
    let world = World::builder()
        .database(&database)
        .with("[aws]\n", "[access]\nfile = \"access.toml\"\n\n[aws]\n")
        .start()
        .await;
    let (other, _) = world.replica().await;
    assert_eq!(world.app.store().revision_number().await.unwrap(), 1);
    other.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn a_login_by_openid_connect_begun_on_one_replica_ends_on_the_other() {
    let world = world().await;
    let (other, url) = world.replica().await;
    let browser = world.browser();
    let page = browser.opens(&world.at("/?idp=okta")).await;
    let form = page.form_with("username").unwrap();
    let form = form.with("username", "erin").with("password", "erin-pass");
    let back = browser.submits_once(&form).await.location().unwrap();
    let there = format!("{url}{}?{}", back.path(), back.query().unwrap());
    let page = browser.opens_once(&there).await;
    assert_eq!(page.status, 303, "{}", page.body);
    for replica in [&url, &world.url] {
        let me = browser.opens_once(&format!("{replica}/api/v1/me")).await;
        assert_eq!(me.status, 200, "the session is everywhere");
    }
    // and the answer is used up everywhere
    for answer in [&there, back.as_str()] {
        browser
            .opens_once(answer)
            .await
            .is_refused(400, "login-used");
    }
    other.stop().await;
    world.stop().await;
}

/// The revision that a replica says it decides by.
async fn gauge(browser: &Browser, app: &App) -> Option<i64> {
    let figures = browser
        .opens_once(&format!("{}/metrics", app.operations_url()))
        .await;
    let gauge = figures
        .body
        .lines()
        .find_map(|line| line.strip_prefix("vestibule_access_revision "));
    gauge.map(|number| number.parse().unwrap())
}

#[tokio::test]
async fn a_replica_that_nobody_asks_follows_a_new_revision() {
    let world = world().await;
    let (other, _) = world.replica().await;
    let browser = world.browser();
    let follows = async |number: i64| {
        // the figures are read and nothing is asked for that would make it look
        while gauge(&browser, &other).await != Some(number) {}
    };
    let patience = std::time::Duration::from_secs(10);
    for number in [1, 2] {
        tokio::time::timeout(patience, follows(number))
            .await
            .unwrap();
        let model = MODEL.replace("Payments Development", "Payments Playground");
        world.publishes(&model).await;
    }
    other.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn replicas_that_start_together_with_one_governing_file_make_one_revision() {
    let database = Cluster::shared().database();
    let world = World::builder()
        .database(&database)
        .unpublished()
        .start()
        .await;
    let file = world.folder.join("governs.toml");
    let starts = |model: String| {
        std::fs::write(&file, model).unwrap();
        let starts = (0..4).map(|_| {
            let mut configuration = world.configuration();
            configuration.access_file = Some(file.clone());
            let clock = Arc::clone(&world.clock);
            App::start_on(
                configuration,
                (listen(), listen()),
                clock,
                Arc::new(SystemRandom),
            )
        });
        join_all(starts)
    };
    let second = MODEL.replace("Payments Production", "Payments");
    for (number, model) in [(1, MODEL), (2, &second), (2, &second)] {
        let replicas = starts(model.to_owned()).await;
        let revisions = world.app.store().revisions(None, 10).await.unwrap();
        assert_eq!(revisions.len(), number);
        let published = world.audit(EventKind::AccessPublished).await;
        assert_eq!(published.len(), number);
        for replica in replicas {
            replica.unwrap().stop().await;
        }
    }
    world.stop().await;
}
