//! Keys that do not leave: no row, AWS says no, the ground is taken away meanwhile.

use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind};

use super::{asks, rows, texts};
use crate::world::World;
use crate::world::accounts::{DEV, MODEL};

const ADMIN: &str = "/keys/payments-prod/Admin";
const STS: (HostKind, &str) = (HostKind::Sts, "AssumeRole");

#[tokio::test]
async fn without_their_row_no_keys_leave() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let form = asks(&world, &browser, ADMIN).await;
    world
        .runs(
            "CREATE TRIGGER refused BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END",
        )
        .await;
    let page = browser.submits_once(&form).await;
    page.is_refused(503, "database-away");
    assert!(texts(&page).is_empty());
    // a refusal that cannot be written down is none either
    let other = form.clone();
    let mut other = other;
    other.action = url::Url::parse(&world.at("/keys/payments-prod/Nothing")).unwrap();
    browser
        .submits_once(&other)
        .await
        .is_refused(503, "database-away");
    world.runs("DROP TRIGGER refused").await;
    assert_eq!(texts(&browser.submits_once(&form).await).len(), 4);
    rows(&world, 1).await;
    world.stop().await;
}

#[tokio::test]
async fn a_role_withdrawn_while_sts_answers_gives_no_keys() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let form = asks(&world, &browser, ADMIN).await;
    let grant = "grant = [\"payments-prod/*\", \"payments-dev/*\", \"gov-prod/*\"]";
    assert!(MODEL.contains(grant));
    let without = MODEL.replace(grant, "grant = [\"payments-dev/*\"]");
    let page = world
        .held_at(STS, browser.submits_once(&form), world.publishes(&without))
        .await;
    page.is_refused(403, "not-entitled");
    assert!(texts(&page).is_empty());
    let (_, ended) = rows(&world, 1).await;
    assert_eq!(ended.result.as_deref(), Some("refused"));
    assert_eq!(ended.cause.as_deref(), Some("role.not_held"));
    assert!(ended.access_key_id.is_some(), "the key that was made");
    world.stop().await;
}

#[tokio::test]
async fn somebody_who_signs_out_while_sts_answers_gets_no_keys() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let form = asks(&world, &browser, ADMIN).await;
    let portal = browser.opens(&world.at("/")).await;
    let out = portal.form_with("form_token").unwrap();
    let page = world
        .held_at(STS, browser.submits_once(&form), async {
            assert_eq!(browser.submits_once(&out).await.status, 200);
        })
        .await;
    page.is_refused(403, "session-ended");
    assert!(texts(&page).is_empty());
    let (_, ended) = rows(&world, 1).await;
    assert_eq!(ended.cause.as_deref(), Some("session.ended"));
    world.stop().await;
}

#[tokio::test]
async fn what_aws_says_no_to_is_told_as_for_consoles() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let form = asks(&world, &browser, ADMIN).await;
    let faults = &world.sandbox.simulation().faults;
    for (count, (fault, (status, problem), (result, cause))) in (1..).zip([
        (
            Fault::sts_error(403, "AccessDenied", "no"),
            (403, "aws-refused"),
            ("refused", "aws.refused"),
        ),
        (
            Fault::throttling(),
            (503, "aws-busy"),
            ("failed", "aws.busy"),
        ),
        (
            Fault::garbage(),
            (502, "aws-unexpected"),
            ("failed", "aws.unexpected"),
        ),
        (
            Fault::wrong_role("arn:aws:sts::1:x/y/z"),
            (502, "aws-unexpected"),
            ("failed", "aws.unexpected"),
        ),
    ]) {
        faults.plan_times(3, HostKind::Sts, None, &fault);
        browser
            .submits_once(&form)
            .await
            .is_refused(status, problem);
        faults.clear();
        let (_, ended) = rows(&world, count).await;
        assert_eq!(ended.result.as_deref(), Some(result));
        assert_eq!(ended.cause.as_deref(), Some(cause));
        assert_eq!(ended.access_key_id, None);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_length_that_the_role_does_not_allow_in_aws_is_refused_there_and_the_usual_one_is_not() {
    let world = World::start().await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(DEV).unwrap();
        account.role_mut("Developer").unwrap().max_session_duration = 3_600;
    }
    let browser = world.signed_in("erin").await;
    let long = asks(&world, &browser, "/keys/payments-dev/Developer?hours=12").await;
    let page = browser.submits_once(&long).await;
    page.is_refused(403, "aws-refused");
    assert!(page.body.contains("MaxSessionDuration"), "{}", page.body);
    let usual = asks(&world, &browser, "/keys/payments-dev/Developer").await;
    assert_eq!(texts(&browser.submits_once(&usual).await).len(), 4);
    world.stop().await;
}

#[tokio::test]
async fn a_role_of_others_and_one_that_is_not_there_look_the_same_and_stand_in_the_record() {
    let world = World::start().await;
    let browser = world.signed_in("carl").await;
    let form = asks(&world, &browser, "/keys/payments-dev/Developer").await;
    world.aws_forgets();
    let strip = |page: &crate::world::browser::Page| {
        let (before, after) = page.body.split_once("<dt>Reference</dt>").unwrap();
        (before.to_owned(), after[40..].to_owned())
    };
    let (mut pages, mut count) = (Vec::new(), 0);
    for role in ["Admin", "Nothing"] {
        let link = world.at(&format!("/keys/payments-prod/{role}"));
        let mut other = form.clone();
        other.action = url::Url::parse(&link).unwrap();
        for page in [
            browser.opens_once(&link).await,
            browser.submits_once(&other).await,
        ] {
            page.is_refused(403, "not-entitled");
            pages.push(strip(&page));
            count += 1;
        }
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
    let refused = world.audited(EventKind::KeysRefused, count).await;
    let keys: Vec<_> = refused.iter().map(|row| row.role.as_deref()).collect();
    let (there, not) = (Some("payments-prod/Admin"), Some("payments-prod/Nothing"));
    assert_eq!(keys, [there, there, not, not]);
    assert_eq!(refused[0].subject.as_deref(), Some("carl@example.com"));
    super::nothing_was_made(&world).await;
    world.stop().await;
}
