//! The last check, over HTTP: while AWS holds its answer back the ground is taken away, and then nothing leaves.

use vestibule_sandbox::aws::faults::HostKind;

use crate::postgres::Cluster;
use crate::world::World;
use crate::world::accounts::MODEL;
use crate::world::browser::{Browser, Form};

const ADMIN: &str = "/go/payments-prod/Admin";

const STS: (HostKind, &str) = (HostKind::Sts, "AssumeRole");

const SIGNIN: (HostKind, &str) = (HostKind::Signin, "getSigninToken");

const GRANT: &str = "grant = [\"payments-prod/*\", \"payments-dev/*\", \"gov-prod/*\"]";

/// The model with one text in another's place.
fn changed(old: &str, new: &str) -> String {
    assert!(MODEL.contains(old), "{old} is not in the model");
    MODEL.replace(old, new)
}

async fn sign_out_form(world: &World, browser: &Browser) -> Form {
    let portal = browser.opens(&world.at("/")).await;
    portal.form_with("form_token").unwrap()
}

/// Credentials were made, and the record says that nobody got them.
async fn nobody_got_them(world: &World, asked: &[&str], cause: &str) {
    assert_eq!(world.aws_actions(), asked, "AWS was asked");
    let (begun, ended) = world.signin_rows(1).await;
    assert_eq!(ended.result.as_deref(), Some("refused"));
    assert_eq!(ended.cause.as_deref(), Some(cause));
    assert_eq!(ended.signin_id, begun.signin_id);
    assert!(ended.access_key_id.is_some(), "the key that was made");
}

const BOTH: [&str; 2] = ["AssumeRole", "getSigninToken"];

#[tokio::test]
async fn somebody_who_signs_out_while_sts_answers_gets_nothing() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let form = sign_out_form(&world, &browser).await;
    // another tab of the same browser, whose cookie the click has taken along
    let link = world.at(ADMIN);
    let page = world
        .held_at(STS, browser.opens_once(&link), async {
            assert_eq!(browser.submits_once(&form).await.status, 200);
        })
        .await;
    page.is_refused(403, "session-ended");
    assert!(page.body.contains("Your session has ended"));
    nobody_got_them(&world, &BOTH, "session.ended").await;
    world.stop().await;
}

#[tokio::test]
async fn somebody_who_signs_out_while_the_sign_in_endpoint_answers_gets_nothing() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let form = sign_out_form(&world, &browser).await;
    let link = world.at(ADMIN);
    let page = world
        .held_at(SIGNIN, browser.opens_once(&link), async {
            assert_eq!(browser.submits_once(&form).await.status, 200);
        })
        .await;
    page.is_refused(403, "session-ended");
    nobody_got_them(&world, &BOTH, "session.ended").await;
    world.stop().await;
}

#[tokio::test]
async fn a_sign_out_on_one_replica_counts_for_a_click_under_way_on_the_other() {
    let database = Cluster::shared().database();
    let world = World::builder().database(&database).start().await;
    let (other, url) = world.replica().await;
    let browser = world.signed_in("erin").await;
    let form = sign_out_form(&world, &browser).await;
    let link = world.at(ADMIN);
    let page = world
        .held_at(STS, browser.opens_once(&link), async {
            // both stand behind one public address: what the browser says of itself names that
            let action = url::Url::parse(&format!("{url}/sign-out")).unwrap();
            let headers = [("origin", world.url.as_str())];
            let fields = Some(&form.fields[..]);
            let post = browser.once(reqwest::Method::POST, &action, fields, &headers);
            let signed_out = post.await;
            assert_eq!(signed_out.status, 200, "{}", signed_out.body);
        })
        .await;
    page.is_refused(403, "session-ended");
    nobody_got_them(&world, &BOTH, "session.ended").await;
    other.stop().await;
    world.stop().await;
}

/// A click with `model` published while AWS holds its answer.
async fn publishing_during(
    (link, model): (&str, &str),
    (host, action): (HostKind, &str),
) -> (World, crate::world::browser::Page) {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let link = world.at(link);
    let meanwhile = world.publishes(model);
    let page = world
        .held_at((host, action), browser.opens_once(&link), meanwhile)
        .await;
    (world, page)
}

#[tokio::test]
async fn a_grant_taken_away_while_sts_answers_gives_nothing() {
    let without = changed(GRANT, "grant = [\"payments-dev/*\"]");
    let (world, page) = publishing_during((ADMIN, &without), STS).await;
    page.is_refused(403, "not-entitled");
    nobody_got_them(&world, &BOTH, "role.not_held").await;
    world.stop().await;
}

#[tokio::test]
async fn a_grant_taken_away_while_the_sign_in_endpoint_answers_gives_nothing() {
    let without = changed(GRANT, "grant = [\"payments-dev/*\"]");
    let (world, page) = publishing_during((ADMIN, &without), SIGNIN).await;
    page.is_refused(403, "not-entitled");
    nobody_got_them(&world, &BOTH, "role.not_held").await;
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_is_another_one_by_now_is_not_what_the_credentials_were_made_for() {
    let narrower = "s3:GetObject\",\"Resource\":\"arn:aws:s3:::elsewhere/*\"";
    for (link, model) in [
        (
            ADMIN,
            changed("path = \"/team/\"\n", "path = \"/other/\"\n"),
        ),
        (
            ADMIN,
            changed(
                "console_hours = 8\nsource_identity = true",
                "console_hours = 8",
            ),
        ),
        (
            "/go/payments-prod/Narrow",
            changed(
                "s3:GetObject\",\"Resource\":\"arn:aws:s3:::team-{attribute.team}/*\"",
                narrower,
            ),
        ),
        (
            "/go/payments-prod/Narrow",
            changed(
                "managed_policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n\n[[roles]]",
                "managed_policies = [\"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\"]\n\n[[roles]]",
            ),
        ),
    ] {
        let (world, page) = publishing_during((link, &model), STS).await;
        page.is_refused(403, "not-entitled");
        nobody_got_them(&world, &BOTH, "role.not_held").await;
        world.stop().await;
    }
}

#[tokio::test]
async fn a_scope_that_is_another_one_by_now_is_not_what_the_credentials_were_made_for() {
    let scope = "managed_policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n\n[[rules]]";
    let model = changed(scope, &scope.replace("ReadOnly", "AmazonS3ReadOnly"));
    let link = "/go/payments-dev/Developer?scope=read-only";
    let (world, page) = publishing_during((link, &model), STS).await;
    page.is_refused(403, "not-entitled");
    nobody_got_them(&world, &BOTH, "role.not_held").await;
    world.stop().await;
}

#[tokio::test]
async fn a_revision_that_leaves_the_role_as_it_was_stops_nobody() {
    let model = changed("Payments Development", "Payments Playground");
    let (world, page) = publishing_during((ADMIN, &model), STS).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let (_, ended) = world.signin_rows(1).await;
    assert_eq!(ended.result.as_deref(), Some("handed_over"));
    world.stop().await;
}
