//! The page: for administrators alone, by forms alone, with the policies first; and what AWS sees of it.

use serde_json::Value;
use vestibule::domain::audit::EventKind;

use super::{Inside, PAGE, REVOKER, Revoker, all_are, form, seconds, standing, start};
use crate::world::accounts::{DEV, PROD};

const LINK: &str = "/go/payments-dev/Developer?idp=corp";

#[tokio::test]
async fn nobody_but_administrators_sees_the_page_or_does_anything_by_it() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_at("payments-dev/Developer", "again").await;
    let erin = world.signed_in("erin").await;
    let page = erin.opens(&world.at(PAGE)).await;
    page.is_refused(403, "not-entitled");
    let token = erin
        .opens(&world.at("/"))
        .await
        .form_with("form_token")
        .unwrap();
    let token = token.value("form_token").unwrap().to_owned();
    world.aws_forgets();
    let apply = form(&plan, "apply").with("form_token", &token);
    let page = erin.submits_once(&apply).await;
    page.is_refused(403, "not-entitled");
    assert!(world.aws_saw().is_empty());
    assert!(standing(&world, DEV, ("role", "Developer")).is_none());
    world.stop().await;
}

#[tokio::test]
async fn a_link_to_the_page_asks_aws_for_nothing_and_a_form_that_is_not_ours_neither() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    world.aws_forgets();
    let link = format!("{PAGE}?role=payments-dev/Developer&step=apply&at=1&links=again");
    let page = admin.browser.opens(&world.at(&link)).await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("value=\"payments-dev/Developer\""),
        "{}",
        page.body
    );
    let plan = form(&page, "plan");
    for (name, value) in [("step", ""), ("step", "undo")] {
        let page = admin
            .browser
            .submits_once(&plan.clone().with(name, value))
            .await;
        page.is_refused(400, "form-unreadable");
    }
    for (name, value, says) in [
        ("role", "Developer", "A role is written as"),
        ("role", "payments-dev/Nobody", "has no such role"),
        ("role", &"x".repeat(2_000), "longer than anything"),
        ("note", "a\u{1}b", "no control characters"),
    ] {
        let page = admin
            .browser
            .submits_once(&plan.clone().with(name, value))
            .await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains(says), "{name}: {}", page.body);
    }
    for at in ["", "x", "-99999999999999999999", "1e9"] {
        let form = plan.clone().with("step", "apply").with("at", at);
        let page = admin.browser.submits_once(&form).await;
        page.is_refused(400, "form-unreadable");
    }
    for at in ["0", "99999999999"] {
        let form = plan.clone().with("step", "apply").with("at", at);
        let page = admin.browser.submits_once(&form).await;
        page.is_refused(409, "plan-too-old");
    }
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::RevokeBegun).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn the_policies_are_shown_first_and_what_is_shown_is_what_is_put() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    world.aws_forgets();
    let plan = admin.looks_for(("corp", "erin"), "ahead").await;
    all_are(&plan, "planned", 1);
    assert!(erin.may(&world).await);
    let changes = |action: &String| action.starts_with("Put") || action.starts_with("Delete");
    assert!(!world.aws_actions().iter().any(changes));
    let shown = policy_on(&plan.body);
    let done = admin.does(&plan).await;
    all_are(&done, "cut", 1);
    assert_eq!(
        standing(&world, DEV, ("role", "Developer")),
        Some(shown.clone())
    );
    assert_eq!(policy_on(&done.body), shown);
    let ids = &shown["Statement"][0]["Condition"]["StringEquals"]["aws:userid"];
    let ids = ids.as_str().unwrap();
    assert!(
        ids.starts_with("AROA") && ids.ends_with(":erin@example.com"),
        "{ids}"
    );
    assert!(!erin.may(&world).await);
    // before anything was asked of AWS it was written down, and what came of it
    let begun = world.audit(EventKind::RevokeBegun).await;
    let ended = world.audit(EventKind::RevokeEnded).await;
    assert_eq!((begun.len(), ended.len()), (2, 2));
    assert_eq!(ended[0].result.as_deref(), Some("planned"));
    assert_eq!(ended[1].result.as_deref(), Some("cut"));
    world.stop().await;
}

/// The first policy on a page.
fn policy_on(body: &str) -> Value {
    let (_, rest) = body.split_once("<pre>").unwrap();
    let (policy, _) = rest.split_once("</pre>").unwrap();
    let policy = crate::world::browser::unescape(policy);
    serde_json::from_str(&policy).unwrap_or_else(|error| panic!("{error}: {policy}"))
}

#[tokio::test]
async fn the_revoker_s_session_may_do_what_it_is_for_on_what_it_is_for_and_nothing_else() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    for (role, account, resource, calls) in [
        (
            "payments-dev/Developer",
            DEV,
            "role/Developer",
            &["iam:ListRolePolicies", "iam:GetRolePolicy"][..],
        ),
        (
            "payments-prod/Federated",
            PROD,
            "user/vestibule",
            &["iam:ListUserPolicies", "iam:GetUserPolicy"],
        ),
    ] {
        for apply in [false, true] {
            world.aws_forgets();
            let page = admin.looks_at(role, "ahead").await;
            if apply {
                world.aws_forgets();
                all_are(&admin.does(&page).await, "cut", 1);
            }
            let saw = world.aws_saw();
            let entered = saw
                .iter()
                .find(|entry| entry.parameters.contains_key("Policy"));
            let entered = entered.unwrap();
            let policy: Value = serde_json::from_str(&entered.parameters["Policy"]).unwrap();
            let statement = &policy["Statement"][0];
            assert_eq!(policy["Statement"].as_array().unwrap().len(), 1);
            assert_eq!(
                statement["Resource"],
                serde_json::json!([format!("arn:aws:iam::{account}:{resource}")])
            );
            let actions = statement["Action"].as_array().unwrap();
            let writes = actions
                .iter()
                .any(|action| action.as_str().unwrap().contains("Put"));
            assert_eq!(writes, apply, "{statement}");
            for call in calls {
                assert!(actions.iter().any(|action| action == call), "{statement}");
            }
            assert_eq!(entered.parameters["DurationSeconds"], "900");
            assert!(entered.parameters["RoleArn"].ends_with(REVOKER));
            assert!(
                saw.iter()
                    .all(|entry| entry.action.as_deref() != Some("getSigninToken"))
            );
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn somebody_without_a_sign_in_that_could_live_has_nothing_to_cut_off() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_for(("corp", "erin"), "ahead").await;
    all_are(&plan, "planned", 1);
    // thirteen hours later no session of a role can live any more
    seconds(&world, 13 * 3_600);
    let admin = Revoker::of(&world).await;
    world.aws_forgets();
    let plan = admin.looks_for(("corp", "erin"), "ahead").await;
    all_are(&plan, "planned", 0);
    assert!(
        plan.body.contains("There is nothing to cut off"),
        "{}",
        plan.body
    );
    assert!(world.aws_saw().is_empty());
    // and after that the log is not asked for them
    seconds(&world, 25 * 3_600);
    let admin = Revoker::of(&world).await;
    let find = form(&admin.page().await, "find");
    let found = admin
        .browser
        .submits_once(&find.with("about_idp", "corp").with("search", "erin"))
        .await;
    assert!(
        found.body.contains("has nobody of that name"),
        "{}",
        found.body
    );
    world.stop().await;
}
