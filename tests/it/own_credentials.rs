//! Vestibule's own credentials as they are in the world: programs that hang, keys that rotate, roles behind profiles.

use std::fs::OpenOptions;
use std::process::Command;
use std::time::{Duration, Instant};

use vestibule_sandbox::tls::Authority;

use crate::world::World;
use crate::world::accounts::HUB;
use crate::world::browser::Browser;

const ADMIN: &str = "/go/payments-prod/Admin?idp=corp";
const FEDERATED: &str = "/go/payments-prod/Federated?idp=corp";

async fn erin(world: &World) -> Browser {
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    browser
}

/// A program that answers nothing until somebody opens the pipe that it reads.
fn hangs(world: &World) -> std::path::PathBuf {
    let pipe = world.folder.join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let profile = format!("[default]\ncredential_process = cat {}\n", pipe.display());
    std::fs::write(world.folder.join("hub"), profile).unwrap();
    pipe
}

/// Lets the programs that read the pipe end.
fn lets_go(pipe: &std::path::Path) {
    // reading and writing, so that it opens whether somebody reads or not
    let both = OpenOptions::new().read(true).write(true).open(pipe);
    drop(both.unwrap());
}

#[tokio::test]
async fn a_program_that_hangs_gives_everybody_a_page_in_time_and_holds_up_nobody_else() {
    let world = World::start().await;
    let key = std::fs::read_to_string(world.folder.join("hub")).unwrap();
    let browser = erin(&world).await;
    let pipe = hangs(&world);
    let (admin, federated) = (world.at(ADMIN), world.at(FEDERATED));
    let begun = Instant::now();
    let (first, second, other) =
        tokio::join!(browser.opens(&admin), browser.opens(&admin), async {
            let page = browser.opens_once(&federated).await;
            (page, begun.elapsed())
        },);
    for page in [first, second] {
        assert_eq!(page.status, 403, "{}", page.body);
        assert!(page.body.contains("cannot be had"), "{}", page.body);
    }
    // one deadline for all who wait, not one after the other
    assert!(begun.elapsed() < Duration::from_secs(9));
    assert_eq!(other.0.status, 303, "{}", other.0.body);
    assert!(other.1 < Duration::from_secs(4), "{:?}", other.1);
    lets_go(&pipe);
    std::fs::write(world.folder.join("hub"), key).unwrap();
    world.stop().await;
}

#[tokio::test]
async fn a_key_that_was_rotated_counts_from_the_next_sign_in_on() {
    let world = World::start().await;
    let browser = erin(&world).await;
    let file = world.folder.join("hub");
    let good = std::fs::read_to_string(&file).unwrap();
    let old = good.replace("hub-secret", "old-secret");
    for (text, status) in [(&good, 303), (&old, 403), (&good, 303)] {
        std::fs::write(&file, text).unwrap();
        let page = browser.opens_once(&world.at(ADMIN)).await;
        assert_eq!(page.status, status, "{}", page.body);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_role_behind_a_profile_is_assumed_in_the_region_and_over_the_certificates_configured() {
    let authority = Authority::new().unwrap();
    let identity = authority.identity(&["127.0.0.1"]).unwrap();
    let world = World::builder()
        .aws_https(identity.server, &authority)
        .trusting_aws()
        .start()
        .await;
    let keys = std::fs::read_to_string(world.folder.join("hub")).unwrap();
    let keys = keys.replace("[default]", "[base]");
    let sts = world.sandbox.aws.url("sts.eu-west-1.amazonaws.com");
    let profile = format!(
        "{keys}\n[default]\nrole_arn = arn:aws:iam::{HUB}:role/Broker\nsource_profile = base\nendpoint_url = {sts}\n"
    );
    std::fs::write(world.folder.join("chained"), profile).unwrap();
    let browser = erin(&world).await;
    let link = world.at("/go/payments-prod/Chained?idp=corp");
    for _ in 0..2 {
        let page = browser.opens_once(&link).await;
        assert_eq!(page.status, 303, "{}", page.body);
    }
    let assumed = |role: &str| {
        let asked = world.aws_saw().into_iter().filter(|entry| {
            let arn = entry.parameters.get("RoleArn");
            arn.is_some_and(|arn| arn.ends_with(role))
        });
        asked.count()
    };
    // the own credentials once, at the start or at the click, and kept while they last
    assert_eq!((assumed("/Broker"), assumed("/Chained")), (1, 2));
    world.stop().await;
}
