//! More blocks than fit on a page, as years of leavers make them: none is out of reach.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use vestibule::domain::audit::{Event, EventKind};
use vestibule::domain::person::KnownPerson;
use vestibule::domain::stop::{Stop, Target, Until};

use super::{Somebody, cookie_name, identity};
use crate::api::Program;
use crate::commands::{does, vestibule};
use crate::world::World;

const ALL: usize = 1_001;

async fn blocks_everybody(world: &World) {
    let store = world.app.store();
    let since = vestibule::clock::Clock::now(world.clock.as_ref());
    let blocks = (0..ALL).map(|n| async move {
        let person = KnownPerson::of(&identity(&format!("leaver-{n:04}"), &[]));
        let key = store.person_key(&person.idp, &person.subject);
        let at = since + chrono::TimeDelta::milliseconds(i64::try_from(n / 7).unwrap());
        let stop = Stop {
            target: Target::Person(key),
            person: Some(person),
            until: Until(None),
            note: String::new(),
            author: "a test".to_owned(),
            at,
        };
        let row = (EventKind::PersonBlocked, &Event::default());
        store.set_stop(stop, row, at).await.unwrap();
    });
    join_all(blocks).await;
}

#[tokio::test]
async fn a_thousand_blocks_are_listed_page_by_page_and_each_is_found() {
    let world = World::start().await;
    blocks_everybody(&world).await;
    let listed = does(&vestibule(&world.folder, &["stops", "list"]).await);
    let lines: BTreeSet<&str> = listed.lines().collect();
    assert_eq!((listed.lines().count(), lines.len()), (ALL, ALL));

    let admin = Program::of(&world, "ada", &["record:read", "revoke"]).await;
    let (mut targets, mut next, mut asked) = (BTreeSet::new(), String::new(), 0);
    loop {
        let page = admin.gets(&format!("/stops?limit=200{next}")).await.ok(200);
        asked += 1;
        let stops = page["stops"].as_array().unwrap().iter();
        targets.extend(stops.map(|stop| stop["target"].as_str().unwrap().to_owned()));
        let Some(text) = page["next"].as_str() else {
            break;
        };
        next = format!("&before={text}");
    }
    assert_eq!((targets.len(), asked), (ALL, 6));
    for wrong in ["before=x", "before=1.person.x", "limit=0", "limit=201"] {
        let answer = admin.gets(&format!("/stops?{wrong}")).await;
        answer.refused(400, "body-unreadable");
    }

    // the one that was blocked first is found as well
    let found = admin.gets("/people?q=leaver-0000").await.ok(200);
    assert_eq!(found["people"].as_array().unwrap().len(), 1, "{found}");

    let ada = identity("ada", &["cloud-admins"]);
    let ada = Somebody::begins(&world, &cookie_name(&world), &world.browser(), ada).await;
    let (mut page, mut seen, mut pages) = (String::from("/admin/stops"), BTreeSet::new(), 0);
    loop {
        let shown = ada.browser.opens_once(&world.at(&page)).await;
        assert_eq!(shown.status, 200, "{}", shown.body);
        pages += 1;
        let links = shown.links();
        seen.extend(
            links
                .iter()
                .filter(|link| link.starts_with("/admin/people/"))
                .cloned(),
        );
        let newest = links.iter().any(|link| link == "/admin/stops" && pages > 1);
        assert!(newest || pages == 1);
        let Some(older) = links
            .iter()
            .find(|link| link.starts_with("/admin/stops?before="))
        else {
            break;
        };
        page.clone_from(older);
    }
    assert_eq!((seen.len(), pages), (ALL, 11));
    let wrong = ada
        .browser
        .opens_once(&world.at("/admin/stops?before=x"))
        .await;
    assert_eq!(wrong.status, 404);
    world.stop().await;
}
