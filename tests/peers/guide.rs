//! The first console of `docs/aws-setup.md`, made by the very commands that stand there.

use std::path::Path;

use crate::templates::{administrator, runs};
use crate::trusting::COMMERCIAL;
use crate::world::World;

/// A block of the guide, by its mark.
fn block(mark: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/aws-setup.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let (_, rest) = guide
        .split_once(&format!("<!-- first-console: {mark} -->"))
        .unwrap_or_else(|| panic!("the guide has no block {mark}"));
    let (_, rest) = rest.split_once("```").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    let lines = block
        .lines()
        .map(|line| line.trim_start().to_owned() + "\n");
    lines.collect()
}

#[tokio::test]
async fn the_guide_leads_from_nothing_to_a_first_console() {
    let world = World::builder()
        .model(&block("access"))
        .unpublished()
        .start()
        .await;
    let key = administrator(&world, COMMERCIAL);
    let done = runs(&world, &format!("set -eu\n{}", block("commands")), &key);
    assert!(done.status.success(), "{done:?}");
    world.app.follow_issuer().await;
    let browser = world.browser();
    let link = "/go/payments-prod/ReadOnly?idp=corp";
    let page = world.signs_in(&browser, link, "erin").await;
    let console = world.console(&browser, &page).await;
    let principal = console["principal"].as_str().unwrap();
    assert!(
        principal.starts_with("arn:aws:sts::111122223333:assumed-role/ReadOnly/"),
        "{principal}"
    );
    assert!(
        world
            .may(&browser, &page, "s3:ListBucket", "arn:aws:s3:::a")
            .await
    );
    world.stop().await;
}
