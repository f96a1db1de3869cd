//! B14, row by row: access ends while AWS holds its answer back, and then nothing leaves.

use chrono::TimeDelta;
use sqlx::{AnyConnection, Connection as _};
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::HostKind;

use super::{Somebody, cookie_name, hands_over, identity};
use crate::postgres::Cluster;
use crate::world::World;
use crate::world::browser::Page;

const ADMIN: &str = "payments-prod/Admin";

const STS: (HostKind, &str) = (HostKind::Sts, "AssumeRole");

/// An administrator and somebody with all roles, on two replicas.
struct Two {
    world: World,
    other: vestibule::app::App,
    url: String,
    admin: Somebody,
    erin: Somebody,
}

impl Two {
    async fn start() -> Self {
        let database = Cluster::shared().database();
        let world = World::builder().database(&database).start().await;
        let (other, url) = world.replica().await;
        let cookie = cookie_name(&world);
        let like = world.browser();
        let admin = identity("ada", &["cloud-admins"]);
        let erin = identity("erin", &["payments-eng"]);
        let admin = Somebody::begins(&world, &cookie, &like, admin).await;
        let erin = Somebody::begins(&world, &cookie, &like, erin).await;
        Self {
            world,
            other,
            url,
            admin,
            erin,
        }
    }

    /// A hand-over here, with a form of the administrator's sent to the other replica while STS holds its answer.
    async fn held(&self, keys: bool, path: &str, fields: &[(&str, &str)]) -> Page {
        let world = &self.world;
        let meanwhile = async {
            let done = self.admin.posts(world, &self.url, path, fields).await;
            assert_eq!(done.status, 303, "{}", done.body);
        };
        let goes = self.erin.goes(world, &world.url, ADMIN, keys);
        let page = world.held_at(STS, goes, meanwhile).await;
        assert!(!hands_over(&page), "{}", page.body);
        page
    }

    fn person(&self) -> String {
        format!("/admin/people/{}", self.erin.key(&self.world))
    }

    async fn stop(self) {
        self.other.stop().await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn b14_somebody_blocked_while_sts_answers_gets_nothing_on_any_replica() {
    for keys in [false, true] {
        let two = Two::start().await;
        let page = two.held(keys, &two.person(), &[("deed", "block")]).await;
        page.is_refused(403, "blocked");
        assert!(page.body.contains("until further notice"));
        // and the same for the next click, for which AWS is not even asked
        let asked = two.world.aws_actions().len();
        for replica in [two.world.url.as_str(), &two.url] {
            let page = two.erin.goes(&two.world, replica, ADMIN, keys).await;
            assert!(!hands_over(&page), "{}", page.body);
        }
        assert_eq!(two.world.aws_actions().len(), asked);
        two.stop().await;
    }
}

#[tokio::test]
async fn b14_all_of_somebodys_sessions_ended_while_sts_answers_give_nothing() {
    let two = Two::start().await;
    let fields = [("deed", "end"), ("session", "all")];
    let page = two.held(false, &two.person(), &fields).await;
    page.is_refused(403, "session-ended");
    two.stop().await;
}

#[tokio::test]
async fn b14_a_role_or_an_account_suspended_while_sts_answers_gives_nothing() {
    for (place, problem) in [
        (ADMIN, "role-suspended"),
        ("111122223333/Admin", "role-suspended"),
        ("payments-prod", "account-suspended"),
        ("111122223333", "account-suspended"),
    ] {
        for keys in [false, true] {
            let two = Two::start().await;
            let fields = [("deed", "suspend"), ("place", place)];
            let page = two.held(keys, "/admin/stops", &fields).await;
            page.is_refused(403, problem);
            assert!(page.body.contains("payments-leads@example.com"));
            let elsewhere = "payments-dev/Developer";
            let page = two.erin.goes(&two.world, &two.url, elsewhere, keys).await;
            assert!(hands_over(&page), "another account is open: {}", page.body);
            two.stop().await;
        }
    }
}

#[tokio::test]
async fn b14_a_database_that_goes_away_while_sts_answers_lets_nobody_in() {
    let two = Two::start().await;
    let world = &two.world;
    let goes = two.erin.goes(world, &world.url, ADMIN, false);
    // the row `begun` is durable, and the last check finds nobody to ask
    let meanwhile = async {
        world.audited(EventKind::SigninBegun, 1).await;
        world.app.store().close().await;
    };
    let page = world.held_at(STS, goes, meanwhile).await;
    page.is_refused(503, "database-away");
    two.stop().await;
}

#[tokio::test]
async fn b14_a_clock_that_jumps_lifts_no_block_before_its_end_and_ends_it_after() {
    let two = Two::start().await;
    let world = &two.world;
    let now = vestibule::clock::Clock::now(world.clock.as_ref());
    let until = now + TimeDelta::minutes(12);
    let until = until.format("%Y-%m-%dT%H:%M").to_string();
    let fields = [("deed", "suspend"), ("place", ADMIN), ("until", &until)];
    let page = two.held(false, "/admin/stops", &fields).await;
    page.is_refused(403, "role-suspended");
    for (jump, is_open) in [
        (TimeDelta::hours(-1), false),
        (TimeDelta::minutes(65), false),
        (TimeDelta::minutes(10), true),
    ] {
        world.clock.advance(jump);
        // AWS's clock jumps along: whether its credentials are over is not the question
        let page = two.erin.goes(world, &two.url, ADMIN, false).await;
        assert_eq!(hands_over(&page), is_open, "after {jump}: {}", page.body);
        let problem = if is_open { "" } else { "role-suspended" };
        assert_eq!(page.problem(), problem);
    }
    two.stop().await;
}

#[tokio::test]
async fn b14_what_is_confirmed_is_settled_by_a_clock_that_only_goes_forward() {
    let two = Two::start().await;
    let world = &two.world;
    world.clock.let_wait();
    let began = std::time::Instant::now();
    let fields = [("deed", "suspend"), ("place", ADMIN)];
    let suspends = two.admin.posts(world, &two.url, "/admin/stops", &fields);
    let jumps = async {
        world.audited(EventKind::RoleSuspended, 1).await;
        world.clock.advance(TimeDelta::days(1));
    };
    let (page, ()) = tokio::join!(suspends, jumps);
    assert_eq!(page.status, 303, "{}", page.body);
    assert!(began.elapsed() >= vestibule::store::SETTLED_AFTER);
    two.stop().await;
}

/// As if the database took longer over every look at what is stopped than its answers count.
const SLOW: &str = "ALTER TABLE stops RENAME TO stops_at_once; \
                    CREATE VIEW stops AS SELECT * FROM stops_at_once WHERE (SELECT pg_sleep(1.1)) IS NOT NULL";

#[tokio::test]
async fn b14_an_answer_that_comes_too_late_lets_nobody_in() {
    let database = Cluster::shared().database();
    let world = World::builder().database(&database).start().await;
    let cookie = cookie_name(&world);
    let erin = identity("erin", &["payments-eng"]);
    let erin = Somebody::begins(&world, &cookie, &world.browser(), erin).await;
    sqlx::any::install_default_drivers();
    let mut beside = AnyConnection::connect(&database).await.unwrap();
    let slowed = sqlx::raw_sql(SLOW).execute(&mut beside).await;
    slowed.unwrap();
    let page = erin.goes(&world, &world.url, ADMIN, false).await;
    page.is_refused(503, "database-away");
    let (_, ended) = world.signin_rows(1).await;
    assert_eq!(ended.result.as_deref(), Some("failed"));
    assert!(ended.access_key_id.is_some(), "the key that nobody got");
    beside.close().await.unwrap();
    world.stop().await;
}
