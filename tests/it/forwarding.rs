//! Proofs that are true and that AWS would not take: the page says so, and AWS is not asked.

use crate::world::World;

#[tokio::test]
async fn a_proof_that_is_longer_than_aws_takes_is_called_too_long_and_nothing_else() {
    let world = World::start().await;
    let with_groups = |count: usize| {
        let mut person = world.sandbox.people().find("erin").unwrap();
        person.groups.truncate(1);
        let more = (0..count).map(|n| format!("a-group-with-a-long-name-as-they-are-{n:05}"));
        person.groups.extend(more);
        world.sandbox.people().put(person);
        world.aws_forgets();
    };
    for (role, idp, groups, says) in [
        (
            "SamlReader",
            "corp",
            800,
            "longer than the 100,000 characters",
        ),
        (
            "WebReader",
            "okta",
            400,
            "longer than the 20,000 characters",
        ),
    ] {
        let link = format!("/go/payments-prod/{role}?idp={idp}");
        with_groups(groups);
        let page = world.signs_in(&world.browser(), &link, "erin").await;
        assert_eq!(page.status, 403, "{role}: {}", page.body);
        assert!(page.body.contains(says), "{role}: {}", page.body);
        assert!(page.body.contains("fewer groups"), "{}", page.body);
        assert!(world.aws_saw().is_empty(), "{role}: AWS was asked");
        with_groups(10);
        let browser = world.browser();
        let page = world.signs_in(&browser, &link, "erin").await;
        world.console(&browser, &page).await;
    }
    world.stop().await;
}
