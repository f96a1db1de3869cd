//! What people are told of blocks and suspensions, wherever they come across them.

use chrono::TimeDelta;
use vestibule::domain::audit::EventKind;

use super::{Somebody, cookie_name, hands_over, identity};
use crate::world::World;

/// The usual world, an administrator, and what the session cookie is called.
async fn world() -> (World, Somebody, String) {
    let world = World::start().await;
    let cookie = cookie_name(&world);
    let admin = identity("ada", &["cloud-admins"]);
    let admin = Somebody::begins(&world, &cookie, &world.browser(), admin).await;
    (world, admin, cookie)
}

async fn suspends(world: &World, admin: &Somebody, place: &str, until: &str) {
    let fields = [
        ("deed", "suspend"),
        ("place", place),
        ("until", until),
        ("note", "the secret note"),
    ];
    let page = admin.posts(world, &world.url, "/admin/stops", &fields);
    let page = page.await;
    assert_eq!(page.status, 303, "{}", page.body);
}

#[tokio::test]
async fn a_suspended_role_says_so_wherever_it_stands_and_never_why() {
    let (world, admin, cookie) = world().await;
    suspends(&world, &admin, "payments-prod/Admin", "").await;
    let erin = identity("erin", &["payments-eng"]);
    let erin = Somebody::begins(&world, &cookie, &world.browser(), erin).await;
    let opens = async |path: &str| erin.browser.opens_once(&world.at(path)).await;
    let portal = opens("/").await;
    assert!(portal.body.contains("suspended until further notice"));
    assert_eq!(portal.body.matches("class=\"suspended\"").count(), 1);
    let why = opens("/roles/payments-prod/Admin/why").await;
    assert!(why.body.contains("is suspended, until further notice"));
    let me = opens("/api/v1/me").await;
    assert!(!me.body.contains("payments-prod/Admin"), "{}", me.body);
    assert!(me.body.contains("payments-prod/Narrow"), "{}", me.body);
    for path in [
        "/go/payments-prod/Admin",
        "/keys/payments-prod/Admin",
        "/roles/payments-prod/Admin",
        "/role/Admin",
    ] {
        let page = opens(path).await;
        page.is_refused(403, "role-suspended");
        assert!(!page.body.contains("the secret note"), "{path}");
        assert!(page.body.contains("payments-leads@example.com"), "{path}");
    }
    assert!(world.aws_actions().is_empty(), "AWS was not asked");
    let refused = world.audit(EventKind::SigninRefused).await;
    assert_eq!(refused[0].cause.as_deref(), Some("role.suspended"));
    // whoever does not hold it is told nothing of it
    let max = identity("max", &[]);
    let max = Somebody::begins(&world, &cookie, &world.browser(), max).await;
    let page = max
        .goes(&world, &world.url, "payments-prod/Admin", false)
        .await;
    page.is_refused(403, "not-entitled");
    world.stop().await;
}

#[tokio::test]
async fn a_suspension_ends_by_itself_and_by_hand_and_the_link_works_again() {
    let (world, admin, cookie) = world().await;
    let now = vestibule::clock::Clock::now(world.clock.as_ref());
    let until = (now + TimeDelta::minutes(10)).format("%Y-%m-%dT%H:%M");
    suspends(&world, &admin, "payments-prod", &until.to_string()).await;
    let erin = identity("erin", &["payments-eng"]);
    let erin = Somebody::begins(&world, &cookie, &world.browser(), erin).await;
    let goes = async || {
        erin.goes(&world, &world.url, "payments-prod/Narrow", false)
            .await
    };
    let page = goes().await;
    page.is_refused(403, "account-suspended");
    assert!(page.body.contains("UTC"), "until when: {}", page.body);
    world.clock.advance(TimeDelta::minutes(11));
    assert!(hands_over(&goes().await));
    let list = admin.browser.opens_once(&world.at("/admin/stops")).await;
    assert!(list.body.contains("Ended by itself"), "{}", list.body);

    suspends(&world, &admin, "payments-prod/Narrow", "").await;
    goes().await.is_refused(403, "role-suspended");
    let target = ("target", "111122223333/Narrow");
    let lift = [("deed", "lift"), ("kind", "role"), target];
    let page = admin.posts(&world, &world.url, "/admin/stops", &lift);
    assert_eq!(page.await.status, 303);
    assert!(hands_over(&goes().await));
    let (set, lifted) = (
        world.audit(EventKind::RoleSuspended).await.remove(0),
        world.audit(EventKind::RoleResumed).await.remove(0),
    );
    assert_eq!(set.role.as_deref(), Some("payments-prod/Narrow"));
    assert_eq!(set.note.as_deref(), Some("the secret note"));
    assert_eq!(set.subject.as_deref(), Some("ada"));
    assert_eq!(lifted.role, set.role);
    let account = world.audit(EventKind::AccountSuspended).await.remove(0);
    assert_eq!(account.account.as_deref(), Some("111122223333"));
    assert!(account.until.is_some());
    world.stop().await;
}

#[tokio::test]
async fn whoever_is_blocked_starts_no_session_and_reads_until_when() {
    let (world, admin, _) = world().await;
    let browser = world.signed_in("erin").await;
    let began = world.audit(EventKind::SessionBegan).await;
    let erin = began.last().unwrap();
    let (format, subject) = (erin.subject_format.clone(), erin.subject.clone());
    let (format, subject) = (format.unwrap_or_default(), subject.unwrap());
    let fields = [
        ("about_idp", "corp"),
        ("subject", subject.as_str()),
        ("format", format.as_str()),
        ("note", "the secret note"),
    ];
    let blocked = admin.posts(&world, &world.url, "/admin/people", &fields);
    let person = blocked.await.location().expect("their page");
    let me = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(me.status, 401, "the session has ended");
    let before = world.audit(EventKind::SessionBegan).await.len();
    let page = world.signs_in(&browser, "/?idp=corp", "erin").await;
    page.is_refused(403, "blocked");
    assert!(page.body.contains("until further notice"));
    assert!(!page.body.contains("the secret note"));
    assert_eq!(world.audit(EventKind::SessionBegan).await.len(), before);
    let failed = world.audit(EventKind::LoginFailed).await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].cause.as_deref(), Some("person.blocked"));
    assert_eq!(failed[0].subject.as_ref(), Some(&subject));
    // somebody else's sign-in is not in the way of it
    world.signed_in("carl").await;

    let lift = admin.posts(&world, &world.url, person.path(), &[("deed", "lift")]);
    assert_eq!(lift.await.status, 303);
    let page = world.signs_in(&browser, "/?idp=corp", "erin").await;
    assert_eq!(page.status, 200, "{}", page.body);
    for kind in [EventKind::PersonBlocked, EventKind::PersonUnblocked] {
        let row = world.audit(kind).await.remove(0);
        let about = row.about.expect("whom it is about");
        assert_eq!(about.subject.as_ref(), Some(&subject));
        assert_eq!(row.subject.as_deref(), Some("ada"), "who did it");
    }
    world.stop().await;
}
