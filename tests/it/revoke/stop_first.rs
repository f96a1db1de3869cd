//! Revoking does not block by itself: the page says so, and blocks first where that is asked for.

use serde_json::{Value, json};
use vestibule::domain::audit::EventKind;

use super::{Inside, PAGE, Revoker, all_are, form, seconds, start};
use crate::api::Program;
use crate::commands::{complains, does, vestibule};
use crate::world::World;
use crate::world::browser::Page;

const LINK: &str = "/go/payments-dev/Developer?idp=corp";
const ROLE: &str = "payments-dev/Developer";

/// The positions of rows of a kind.
async fn positions(world: &World, kind: EventKind) -> Vec<i64> {
    let rows = world.app.store().recent(None, 500).await.unwrap();
    let rows = rows.into_iter().filter(|row| row.kind == kind);
    rows.map(|row| row.position).collect()
}

/// Sends the form that a page offers, as it is.
async fn confirms(admin: &Revoker<'_>, plan: &Page) -> Page {
    let form = form(plan, "apply");
    assert_eq!(form.value("stop_first"), Some("yes"), "{}", plan.body);
    assert!(
        plan.body
            .contains("aria-describedby=\"first-about\" checked>"),
        "it is chosen unless somebody says otherwise"
    );
    admin.browser.submits_once(&form).await
}

#[tokio::test]
async fn a_person_is_blocked_first_and_then_cut_off_and_does_not_come_back() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_for(("corp", "erin"), "again").await;
    assert!(
        plan.body.contains("data-stopped=\"false\""),
        "{}",
        plan.body
    );
    assert!(world.audit(EventKind::PersonBlocked).await.is_empty());
    let done = confirms(&admin, &plan).await;
    all_are(&done, "cut", 1);
    assert!(done.body.contains("was blocked first"), "{}", done.body);
    assert!(!erin.may(&world).await);
    let blocked = positions(&world, EventKind::PersonBlocked).await;
    let begun = positions(&world, EventKind::RevokeBegun).await;
    assert_eq!((blocked.len(), begun.len()), (1, 2));
    assert!(
        blocked[0] < begun[0] && blocked[0] > begun[1],
        "in this order"
    );
    let row = &world.audit(EventKind::PersonBlocked).await[0];
    let about = row.about.as_ref().unwrap();
    assert_eq!(about.display_name.as_deref(), Some("erin@example.com"));
    assert_eq!(row.until, None);
    let again = world.signs_in(&world.browser(), LINK, "erin").await;
    assert_eq!(again.status, 403, "{}", again.body);

    // now it says so, and has nothing to offer
    let plan = admin.looks_for(("corp", "erin"), "again").await;
    assert!(plan.body.contains("data-stopped=\"true\""), "{}", plan.body);
    assert_eq!(form(&plan, "apply").value("stop_first"), None);
    // and makes no block shorter
    let soon = form(&plan, "apply").with("stop_first", "yes");
    let soon = soon.with("until", "2099-01-01T00:00");
    let page = admin.browser.submits_once(&soon).await;
    assert!(page.body.contains("more than ten years"), "{}", page.body);
    let end = (vestibule::clock::Clock::now(world.clock.as_ref()) + chrono::TimeDelta::hours(1))
        .format("%Y-%m-%dT%H:%M")
        .to_string();
    admin.browser.submits_once(&soon.with("until", &end)).await;
    assert_eq!(world.audit(EventKind::PersonBlocked).await.len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn what_was_handed_over_after_the_look_is_cut_off_with_the_rest_when_the_block_holds() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_for(("corp", "erin"), "again").await;
    seconds(&world, 60);
    let late = Inside::goes(&world, "erin", LINK).await;
    seconds(&world, 60);
    all_are(&confirms(&admin, &plan).await, "cut", 1);
    assert!(!erin.may(&world).await);
    assert!(!late.may(&world).await, "not only after the second cut");
    world.stop().await;
}

#[tokio::test]
async fn a_role_is_suspended_first_until_the_links_have_died_and_opens_by_itself() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_at(ROLE, "again").await;
    assert!(plan.body.contains("is not suspended"), "{}", plan.body);
    let done = confirms(&admin, &plan).await;
    all_are(&done, "cut", 1);
    assert!(done.body.contains("was suspended first"), "{}", done.body);
    assert!(!erin.may(&world).await);
    let suspended = positions(&world, EventKind::RoleSuspended).await;
    let begun = positions(&world, EventKind::RevokeBegun).await;
    assert!(suspended[0] < begun[0]);
    let page = erin.browser.opens(&world.at(LINK)).await;
    assert_eq!(page.status, 403, "{}", page.body);
    // the second cut comes at 15 minutes, and the role is shut until it has
    seconds(&world, 16 * 60);
    let page = erin.browser.opens(&world.at(LINK)).await;
    assert_eq!(page.status, 403, "{}", page.body);
    seconds(&world, 5 * 60);
    let page = erin.browser.opens(&world.at(LINK)).await;
    world.console(&erin.browser, &page).await;
    world.stop().await;
}

#[tokio::test]
async fn who_is_not_stopped_is_cut_off_all_the_same_and_the_page_says_that_they_can_come_back() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_for(("corp", "erin"), "again").await;
    let without = form(&plan, "apply").without("stop_first");
    let done = admin.browser.submits_once(&without).await;
    all_are(&done, "cut", 1);
    assert!(
        done.body.contains("data-stopped=\"false\""),
        "{}",
        done.body
    );
    assert!(done.body.contains("can sign in again"), "{}", done.body);
    assert!(world.audit(EventKind::PersonBlocked).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn nothing_is_cut_where_somebody_cannot_be_stopped_as_asked() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_for(("corp", "erin"), "again").await;
    let planned = world.audit(EventKind::RevokeBegun).await.len();
    world.aws_forgets();
    for (until, says) in [
        ("2020-01-01T00:00", "lies in the past"),
        ("tomorrow", "An end is written"),
    ] {
        let form = form(&plan, "apply").with("until", until);
        let page = admin.browser.submits_once(&form).await;
        assert!(page.body.contains(says), "{until}: {}", page.body);
    }
    // nobody blocks themself, whatever a form says
    let began = world.audit(EventKind::SessionBegan).await;
    let ada = began.last().unwrap().subject.clone().unwrap();
    let own = form(&plan, "apply").with("subject", &ada);
    let page = admin.browser.submits_once(&own).await;
    assert!(
        page.body.contains("Nobody blocks themself"),
        "{}",
        page.body
    );
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::PersonBlocked).await.is_empty());
    assert_eq!(world.audit(EventKind::RevokeBegun).await.len(), planned);
    let of_ada = admin.browser.opens(&world.at("/admin/people?q=ada")).await;
    let links = of_ada.links();
    let key = links
        .iter()
        .find_map(|link| link.strip_prefix("/admin/people/"));
    let at = format!("{PAGE}?person={}", key.unwrap());
    let page = admin.browser.opens(&world.at(&at)).await;
    assert!(page.body.contains("This is you."), "{}", page.body);
    world.stop().await;
}

#[tokio::test]
async fn programs_and_commands_stop_first_until_when_they_say() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let carl = Inside::goes(&world, "carl", LINK).await;
    let program = Program::of(&world, "ada", &["revoke"]).await;
    let tomorrow = vestibule::clock::Clock::now(world.clock.as_ref()) + chrono::TimeDelta::days(1);
    let end = tomorrow.format("%Y-%m-%dT%H:%M").to_string();
    let asked = json!({
        "person": {"idp": "corp", "subject": "erin@example.com"},
        "stop_first": true,
        "until": end,
    });
    let plan = program.posts("/revocations/plan", &asked).await.ok(200);
    assert_eq!(plan["stopped"], Value::Null);
    assert!(world.audit(EventKind::PersonBlocked).await.is_empty());
    let key = [("idempotency-key", "erin-until-tomorrow")];
    let done = program
        .posts_with("/revocations", &asked, &key)
        .await
        .ok(200);
    let stopped = &done["stopped"];
    assert_eq!(stopped["just_now"], true, "{done}");
    assert!(
        stopped["until"].as_str().unwrap().starts_with(&end),
        "{done}"
    );
    assert!(!erin.may(&world).await && carl.may(&world).await);
    let row = world.audit(EventKind::PersonBlocked).await.remove(0);
    assert!(row.until.unwrap().starts_with(&end));

    let words = ["revoke", "--account", "payments-dev", "--role", "Developer"];
    let until = ["--stop-first", "--until", &end];
    let said = does(&vestibule(&world.folder, &[&words[..], &until].concat()).await);
    assert!(said.contains(&format!("until {end}")), "{said}");
    assert!(!carl.may(&world).await);
    let row = world.audit(EventKind::RoleSuspended).await.remove(0);
    assert!(row.until.unwrap().starts_with(&end));
    let wrong = ["--stop-first", "--until", "2020-01-01T00:00"];
    let said = complains(&vestibule(&world.folder, &[&words[..], &wrong].concat()).await);
    assert!(said.contains("lies in the past"), "{said}");
    let alone = vestibule(&world.folder, &[&words[..], &until[1..]].concat()).await;
    assert_eq!(alone.status.code(), Some(2), "an end of nothing");
    world.stop().await;
}

#[tokio::test]
async fn whoever_somebody_else_stopped_since_the_look_is_cut_off_with_what_they_got_before_that() {
    for unchecked in [false, true] {
        let world = start().await;
        let erin = Inside::goes(&world, "erin", LINK).await;
        let admin = Revoker::of(&world).await;
        let other = Program::of(&world, "ada", &["record:read", "revoke"]).await;
        let plan = admin.looks_for(("corp", "erin"), "again").await;
        seconds(&world, 60);
        let late = Inside::goes(&world, "erin", LINK).await;
        seconds(&world, 60);
        let found = other.gets("/people?q=erin").await.ok(200);
        let key = found["people"][0]["person"].as_str().unwrap();
        let block = format!("/people/{key}/block");
        other.puts(&block, &json!({})).await.ok(200);
        let mut form = form(&plan, "apply");
        if unchecked {
            form = form.without("stop_first");
        }
        all_are(&admin.browser.submits_once(&form).await, "cut", 1);
        assert!(!erin.may(&world).await);
        assert!(!late.may(&world).await, "not only after the second cut");
        world.stop().await;
    }
}

#[tokio::test]
async fn whoever_was_stopped_before_the_look_is_cut_off_by_the_very_policy_that_was_shown() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let program = Program::of(&world, "ada", &["record:read", "revoke"]).await;
    let found = program.gets("/people?q=erin").await.ok(200);
    let key = found["people"][0]["person"].as_str().unwrap();
    let block = format!("/people/{key}/block");
    program.puts(&block, &json!({})).await.ok(200);
    seconds(&world, 60);
    let mut asked = json!({"person": {"idp": "corp", "subject": "erin@example.com"}});
    let plan = program.posts("/revocations/plan", &asked).await.ok(200);
    seconds(&world, 60);
    asked["at"] = plan["at"].clone();
    let key = [("idempotency-key", "as-shown")];
    let done = program
        .posts_with("/revocations", &asked, &key)
        .await
        .ok(200);
    assert_eq!(done["places"][0]["policy"], plan["places"][0]["policy"]);
    assert_eq!(done["cut_off_before"], plan["cut_off_before"]);
    world.stop().await;
}

#[tokio::test]
async fn whoever_has_nothing_to_cut_off_is_blocked_all_the_same_where_that_was_asked_for() {
    let world = start().await;
    let erin = world.signed_in("erin").await;
    let carl = world.signed_in("carl").await;
    let command = ["revoke", "--person", "corp:erin@example.com"];
    let said = complains(&vestibule(&world.folder, &command).await);
    assert!(said.contains("nobody was blocked"), "{said}");
    let first = [&command[..], &["--stop-first"]].concat();
    let said = does(&vestibule(&world.folder, &first).await);
    for text in [
        "there is nothing to cut off",
        "is blocked until somebody lifts it, since just now",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    let program = Program::of(&world, "ada", &["revoke"]).await;
    let mut asked = json!({"person": {"idp": "corp", "subject": "carl@example.com"}});
    let key = [("idempotency-key", "carl-leaves")];
    let refused = program.posts_with("/revocations", &asked, &key).await;
    refused.refused(404, "nobody-in-the-record");
    asked["stop_first"] = json!(true);
    let done = program
        .posts_with("/revocations", &asked, &key)
        .await
        .ok(200);
    assert_eq!(
        (&done["places"], &done["stopped"]["just_now"]),
        (&json!([]), &json!(true))
    );
    for gone in [erin, carl] {
        let me = gone.opens_once(&world.at("/api/v1/me")).await;
        assert_eq!(me.status, 401, "{}", me.body);
    }
    assert_eq!(world.audit(EventKind::PersonBlocked).await.len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn a_moment_at_the_end_of_time_is_a_plan_too_old_and_nothing_else() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let program = Program::of(&world, "ada", &["revoke"]).await;
    for at in ["+262142-12-31T23:59:59Z", "-262143-01-01T00:00:00Z"] {
        let asked = json!({"role": ROLE, "at": at});
        let key = [("idempotency-key", "the-end")];
        let refused = program.posts_with("/revocations", &asked, &key).await;
        refused.refused(409, "plan-too-old");
    }
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_at(ROLE, "again").await;
    for at in ["8210266876799", "8210266876799000", "-8334601228800000"] {
        let form = form(&plan, "apply").with("at", at);
        let page = admin.browser.submits_once(&form).await;
        assert!(
            (400..500).contains(&page.status),
            "{at}: {} {}",
            page.status,
            page.body
        );
    }
    assert!(world.audit(EventKind::RoleSuspended).await.is_empty());
    world.stop().await;
}
