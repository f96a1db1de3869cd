//! Somebody with 5,000 roles in 800 accounts: their portal has all of them and stays small on the wire, and what it
//! leads to opens.

use std::collections::BTreeSet;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use vestibule_sandbox::company;

use crate::world::World;

/// What the page may take when it is compressed.
const MOST_COMPRESSED: usize = 250_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_of_five_thousand_roles_has_them_all_and_stays_small_and_they_open() {
    let world = World::builder().company().start().await;
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", "grace").await;
    assert_eq!(page.status, 200, "{}", page.url);
    let links = page.links();
    let links: BTreeSet<&str> = links
        .iter()
        .filter_map(|link| link.strip_prefix("/go/")?.split('?').next())
        .collect();
    assert_eq!(links.len(), company::ROLES);
    let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
    compressed.write_all(page.body.as_bytes()).unwrap();
    let compressed = compressed.finish().unwrap().len();
    assert!(compressed < MOST_COMPRESSED, "{compressed} bytes");
    // some from everywhere: a prime, so that all kinds of accounts and roles come up
    for role in links.iter().step_by(709) {
        let answer = browser.opens_once(&world.at(&format!("/go/{role}"))).await;
        assert_eq!(answer.status, 303, "{role}: {}", answer.body);
        let fresh = world.browser();
        let page = fresh.opens(answer.location().unwrap().as_str()).await;
        let console = world.console(&fresh, &page).await;
        let (_, name) = role.split_once('/').unwrap();
        let principal = console["principal"].as_str().unwrap();
        assert!(
            principal.ends_with(&format!(":assumed-role/{name}/grace@example.com")),
            "{role}: {principal}"
        );
    }
    world.stop().await;
}
