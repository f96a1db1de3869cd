//! How AWS's hosts are called: which ones, that nobody else is followed, and that no answer is waited for or read
//! without end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::aws::http::Answer;

use crate::world::World;
use crate::world::canary::Canary;

const ADMIN: &str = "/go/payments-prod/Admin";

/// The largest answer that is read of the sign-in endpoint.
const LARGEST: usize = 64 * 1024;

#[tokio::test]
async fn by_choice_the_global_hosts_are_called_and_signed_for_the_region_behind_them() {
    let world = World::builder()
        .with("region = \"eu-west-1\"", "region = \"global\"")
        .start()
        .await;
    for (idp, role) in [
        ("corp", "Admin"),
        ("corp", "SamlReader"),
        ("okta", "WebReader"),
        ("corp", "Federated"),
    ] {
        let browser = world.browser();
        world.aws_forgets();
        let link = format!("/go/payments-prod/{role}?idp={idp}");
        let page = world.signs_in(&browser, &link, "erin").await;
        // a signature for another region than us-east-1 would have been refused
        world.console(&browser, &page).await;
        let saw = world.aws_saw();
        let hosts: Vec<&str> = saw.iter().map(|entry| entry.host.as_str()).collect();
        let expected = [
            "sts.amazonaws.com",
            "signin.aws.amazon.com",
            "signin.aws.amazon.com",
        ];
        assert_eq!(hosts, expected, "{role}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_redirect_of_awss_is_not_followed() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let canary = Canary::new();
    let faults = &world.sandbox.simulation().faults;
    for host in [HostKind::Sts, HostKind::Signin] {
        for status in [301, 302, 303, 307, 308] {
            let elsewhere = Answer::new(status, "text/html", "<a>moved</a>")
                .with_header("location", &format!("{}/federation", canary.url()));
            faults.plan(host, None, Fault::Answer(elsewhere));
            world.aws_forgets();
            let page = browser.opens_once(&world.at(ADMIN)).await;
            assert!(page.status >= 400, "{host:?} {status}: {}", page.status);
            assert_eq!(page.header("location"), "", "{host:?} {status}");
            assert!(!world.aws_saw().is_empty(), "{host:?} {status}");
            assert!(!canary.was_contacted(), "{host:?} {status}");
            faults.clear();
        }
    }
    world.stop().await;
}

/// The usual answer with spaces after it, which JSON allows, up to `size` bytes.
fn padded(size: usize) -> Fault {
    Fault::Alter(Arc::new(move |answer: &mut Answer| {
        assert!(answer.body.len() < size);
        answer.body.resize(size, b' ');
    }))
}

#[tokio::test]
async fn a_right_answer_is_read_up_to_its_cap_and_no_further() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let faults = &world.sandbox.simulation().faults;
    faults.plan(HostKind::Signin, None, padded(LARGEST));
    let page = browser.opens_once(&world.at(ADMIN)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    for size in [LARGEST + 1, 4 * 1024 * 1024] {
        faults.plan(HostKind::Signin, None, padded(size));
        let page = browser.opens_once(&world.at(ADMIN)).await;
        page.is_refused(502, "aws-unexpected");
    }
    world.stop().await;
}

#[tokio::test]
async fn hosts_that_never_answer_are_given_up_at_their_deadlines() {
    let world = World::start().await;
    let faults = &world.sandbox.simulation().faults;
    // both at once: the time is really waited for
    faults.plan_times(10, HostKind::Sts, Some("GetFederationToken"), &Fault::Hang);
    faults.plan(HostKind::Signin, Some("getSigninToken"), Fault::Hang);
    let browser = world.signed_in("erin").await;
    let (federated, admin) = (world.at("/go/payments-prod/Federated"), world.at(ADMIN));
    let begun = Instant::now();
    let pages = tokio::join!(browser.opens_once(&federated), browser.opens_once(&admin));
    pages.0.is_refused(503, "aws-busy");
    pages.1.is_refused(503, "aws-busy");
    assert!(begun.elapsed() < Duration::from_secs(20));
    let asked = |action: &str| {
        let actions = world.aws_actions();
        actions.iter().filter(|asked| *asked == action).count()
    };
    assert!((1..=3).contains(&asked("GetFederationToken")));
    assert_eq!(asked("getSigninToken"), 1, "no second wait for the same");
    let (_, ended) = world.signin_rows(2).await;
    assert_eq!(ended.cause.as_deref(), Some("aws.busy"));
    world.stop().await;
}
