//! What is pasted leads on: straight in, to a choice of roles, or to what a link of ours is for.

use super::{offered, open, pastes, straight_in};
use crate::preferences::{signed_in, stars};
use crate::world::accounts::{DEV, PROD};
use crate::world::{SAML, World};

#[tokio::test]
async fn what_names_one_role_s_account_goes_straight_in_on_the_page_that_it_names() {
    let world = World::start().await;
    let host = "eu-west-1.console.aws.amazon.com";
    let queues = format!("https://{host}/sqs/v3/home?region=eu-west-1");
    let machine = format!("arn:aws:states:eu-west-1:{DEV}:execution:a:b");
    for (text, page) in [
        (
            format!("https://{DEV}-0a1b2c3d.{host}/ec2/home?region=eu-west-1#Volumes:a&b"),
            format!("https://{host}/ec2/home?region=eu-west-1#Volumes:a&b"),
        ),
        (
            format!("https://{host}/states/home#/executions/{machine}"),
            format!("https://{host}/states/home#/executions/{machine}"),
        ),
        (
            format!("arn:aws:sqs:eu-west-1:{DEV}:orders"),
            queues.clone(),
        ),
        (
            format!("arn:aws:teapots:eu-west-1:{DEV}:pot/1"),
            format!("https://{host}/console/home?region=eu-west-1"),
        ),
        (
            format!("arn:aws:iam::{DEV}:role/SomebodyElses"),
            "https://console.aws.amazon.com/iam/home#/roles/details/SomebodyElses".to_owned(),
        ),
        (
            format!("arn:aws:sts::{DEV}:assumed-role/Developer/erin@example.com"),
            "https://console.aws.amazon.com/console/home".to_owned(),
        ),
        (
            DEV.to_owned(),
            "https://console.aws.amazon.com/console/home".to_owned(),
        ),
        (
            " 4444-5555-6666\n".to_owned(),
            "https://console.aws.amazon.com/console/home".to_owned(),
        ),
    ] {
        // through the sign-in and back
        let browser = world.browser();
        let link = format!("{}&idp={SAML}", open(&text));
        let arrived = world.signs_in(&browser, &link, "erin").await;
        let console = world.console(&browser, &arrived).await;
        assert_eq!(console["destination"], page.as_str(), "{text}");
        // and with the session
        let (role, there) = straight_in(&world, &browser, &text).await;
        assert_eq!((role.as_str(), there), ("Developer", page), "{text}");
    }
    world.stop().await;
}

#[tokio::test]
async fn the_arn_of_a_role_that_one_holds_means_that_role() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    for text in [
        format!("arn:aws:iam::{PROD}:role/team/Admin"),
        format!("arn:aws:iam::{PROD}:role/Admin"),
        format!("arn:aws:sts::{PROD}:assumed-role/Admin/somebody"),
    ] {
        let (role, page) = straight_in(&world, &browser, &text).await;
        // on the role's own page
        assert_eq!(role, "Admin", "{text}");
        assert!(page.ends_with("/cloudwatch/home"), "{page}");
    }
    let page = pastes(
        &world,
        &browser,
        &format!("arn:aws:iam::{PROD}:role/Nothing"),
    )
    .await;
    assert_eq!(page.status, 200);
    assert!(offered(&page).contains(&"payments-prod/Admin".to_owned()));
    world.stop().await;
}

#[tokio::test]
async fn a_link_of_ours_is_opened_as_what_it_is() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let page = "https://console.aws.amazon.com/s3/home";
    let escaped = "https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2Fhome";
    for link in [
        format!("/go/payments-dev/Developer?destination={escaped}"),
        format!("/go/payments-dev?destination={escaped}#frag"),
        format!("/go?account_id={DEV}&role_name=Developer&destination={escaped}"),
        format!("/role/Developer?redirect={escaped}"),
        open(page).replace("/open?", &format!("/open?url2=x&idp={SAML}&")),
    ] {
        let ours = world.at(&link);
        let answer = pastes(&world, &browser, &ours).await;
        if link.starts_with("/open") {
            assert_eq!(answer.status, 200, "{link}: {}", answer.body);
            continue;
        }
        let (role, there) = straight_in(&world, &browser, &ours).await;
        assert_eq!(
            (role.as_str(), there.as_str()),
            ("Developer", page),
            "{link}"
        );
    }
    let keys = pastes(
        &world,
        &browser,
        &world.at("/keys/payments-prod/Admin?hours=1"),
    )
    .await;
    assert!(keys.body.contains("Keys for Admin"), "{}", keys.body);
    assert!(
        world
            .audit(vestibule::domain::audit::EventKind::KeysBegun)
            .await
            .is_empty()
    );
    let about = pastes(&world, &browser, &world.at("/roles/payments-prod/Admin")).await;
    assert!(about.body.contains("How you get in"), "{}", about.body);
    world.stop().await;
}

#[tokio::test]
async fn of_several_roles_one_chooses_and_the_page_stays_with_each() {
    let world = World::start().await;
    let browser = world.browser();
    let host = "eu-west-1.console.aws.amazon.com";
    let text = format!("https://{PROD}-0a1b2c3d.{host}/s3/buckets/a?region=eu-west-1&tab=b#c");
    let link = format!("{}&idp={SAML}", open(&text));
    let page = world.signs_in(&browser, &link, "erin").await;
    // the address after the sign-in can be loaded again
    assert_eq!((page.status, page.url.path()), (200, "/open"));
    for part in ["Payments Production", "eu-west-1", "Choose a role"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let roles = offered(&page);
    assert_eq!(roles.len(), 7, "{roles:?}");
    assert!(roles.iter().all(|role| role.starts_with("payments-prod/")));
    assert!(world.sts_calls().is_empty());
    let links = page.links();
    let admin = links.iter().find(|link| link.contains("/Admin?")).unwrap();
    let arrived = browser.opens(&world.at(admin)).await;
    let console = world.console(&browser, &arrived).await;
    assert_eq!(
        console["destination"],
        format!("https://{host}/s3/buckets/a?region=eu-west-1&tab=b#c")
    );
    world.stop().await;
}

#[tokio::test]
async fn what_names_no_account_offers_the_roles_of_its_partition_those_liked_first() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let text = "https://eu-west-1.console.aws.amazon.com/s3/home";
    let page = pastes(&world, &browser, text).await;
    let roles = offered(&page);
    assert_eq!(roles.len(), 8, "{roles:?}");
    assert_eq!(roles[0], "payments-dev/Developer");
    assert!(page.body.contains("does not say which account"));
    stars(&world, &browser, "add", &format!("{PROD}/Narrow")).await;
    let page = pastes(&world, &browser, text).await;
    assert_eq!(offered(&page)[0], "payments-prod/Narrow");
    // narrowed, and the page is not lost
    let form = page.form_with("q").unwrap().with("q", "developer");
    let narrowed = browser.submits(&form).await;
    assert_eq!(narrowed.status, 200);
    assert_eq!(offered(&narrowed), ["payments-dev/Developer"]);
    let links = narrowed.links();
    let developer = links
        .iter()
        .find(|link| link.contains("/Developer?"))
        .unwrap();
    assert!(developer.contains("destination="), "{developer}");
    // another partition has other roles
    let gov = "https://console.amazonaws-us-gov.com/s3/home";
    let gov_roles = offered(&pastes(&world, &browser, gov).await);
    assert_eq!(gov_roles, ["gov-prod/GovAdmin", "gov-prod/GovSaml"]);
    // and where there is one role alone it goes in
    let carl = signed_in(&world, "carl").await;
    let (role, there) = straight_in(&world, &carl, text).await;
    assert_eq!((role.as_str(), there.as_str()), ("Developer", text));
    world.stop().await;
}

#[tokio::test]
async fn the_portal_s_search_opens_what_is_meant_to_be_opened() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    for text in [
        format!("arn:aws:sqs:eu-west-1:{DEV}:orders"),
        "https://eu-west-1.console.aws.amazon.com/s3/home?a=b&c#d".to_owned(),
        format!(" {DEV} "),
        "4444-5555-6666".to_owned(),
        world.at("/go/payments-dev/Developer"),
        "https://evil.example/".to_owned(),
        format!("https://console.aws.amazon.com/{}", "a".repeat(1_000)),
    ] {
        let search = open(&text).replace("/open?url=", "/?q=");
        let answer = browser.opens_once(&world.at(&search)).await;
        assert_eq!(answer.status, 303, "{text}");
        let location = answer.location().unwrap();
        assert_eq!(location.path(), "/open", "{text}");
        let (_, asked) = location.query_pairs().next().unwrap();
        assert_eq!(asked, text.trim());
        assert!(location.as_str().starts_with(&world.url));
        // whoever signs in first comes to the same
        let nobody = world.browser().opens_once(&world.at(&search)).await;
        assert_eq!(nobody.header("location"), answer.header("location"));
    }
    for text in ["developer", "1111", "arn", "https"] {
        let answer = browser.opens_once(&world.at(&format!("/?q={text}"))).await;
        assert_eq!(answer.status, 200, "{text}");
    }
    world.stop().await;
}
