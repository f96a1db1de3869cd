//! The pages: one's own sessions, and people.

use vestibule::domain::audit::EventKind;

use super::{Somebody, cookie_name, identity};
use crate::world::World;
use crate::world::browser::Page;

pub(super) struct Rig {
    pub(super) world: World,
    cookie: String,
    pub(super) admin: Somebody,
}

impl Rig {
    pub(super) async fn start() -> Self {
        let world = World::start().await;
        let cookie = cookie_name(&world);
        let admin = identity("ada", &["cloud-admins"]);
        let admin = Somebody::begins(&world, &cookie, &world.browser(), admin).await;
        Self {
            world,
            cookie,
            admin,
        }
    }

    pub(super) async fn begins(&self, name: &str) -> Somebody {
        let who = identity(name, &["payments-eng"]);
        Somebody::begins(&self.world, &self.cookie, &self.world.browser(), who).await
    }

    pub(super) async fn posts(&self, who: &Somebody, path: &str, fields: &[(&str, &str)]) -> Page {
        who.posts(&self.world, &self.world.url, path, fields).await
    }

    pub(super) async fn is_in(&self, who: &Somebody) -> bool {
        let me = who.browser.opens_once(&self.world.at("/api/v1/me")).await;
        me.status == 200
    }
}

/// The handles on a page, in order.
fn handles(page: &Page, name: &str) -> Vec<String> {
    let mark = format!("name=\"{name}\" value=\"");
    let after = page.body.split(&mark).skip(1);
    let values = after.filter_map(|rest| rest.split('"').next());
    let handles = values.filter(|value| value.len() == 32);
    handles.map(str::to_owned).collect()
}

#[tokio::test]
async fn one_sees_ones_own_sessions_and_ends_one_or_the_others_or_all() {
    let rig = Rig::start().await;
    let here = rig.begins("erin").await;
    let there = rig.begins("erin").await;
    let elsewhere = rig.begins("erin").await;
    let bob = rig.begins("bob").await;
    let sessions = async |who: &Somebody| {
        let page = who.browser.opens_once(&rig.world.at("/sessions")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page
    };
    let settings = here.browser.opens_once(&rig.world.at("/settings")).await;
    assert!(settings.body.contains("href=\"/sessions\""));
    let page = sessions(&here).await;
    assert_eq!(handles(&page, "end").len(), 3);
    assert!(page.body.contains("3 sessions") && page.body.contains("Firefox on Linux"));
    assert_eq!(page.body.matches("this one</b>").count(), 1);
    // somebody else's is answered like one that is none
    let of_bob = handles(&sessions(&bob).await, "end").remove(0);
    for handle in [of_bob.as_str(), &"0".repeat(32)] {
        let page = rig.posts(&here, "/sessions", &[("end", handle)]).await;
        assert_eq!(page.status, 303);
        assert_eq!(page.location().unwrap().path(), "/sessions");
    }
    assert!(rig.is_in(&bob).await);
    for hostile in ["", "x", "<script>", &"0".repeat(10_000), "ALL"] {
        let page = rig.posts(&here, "/sessions", &[("end", hostile)]).await;
        page.is_refused(400, "link-unreadable");
    }
    let mut entries = page.body.split("<li class=\"entry\">");
    let entry = entries
        .find(|entry| entry.contains("this one</b>"))
        .unwrap();
    let (_, after) = entry.split_once("name=\"end\" value=\"").unwrap();
    let this = after.split('"').next().unwrap().to_owned();
    let page = rig.posts(&there, "/sessions", &[("end", &this)]).await;
    assert_eq!(page.status, 303);
    assert!(!rig.is_in(&here).await, "it was the one named");
    assert!(rig.is_in(&there).await && rig.is_in(&elsewhere).await);
    rig.posts(&there, "/sessions", &[("end", "others")]).await;
    assert!(rig.is_in(&there).await && !rig.is_in(&elsewhere).await);
    let page = rig.posts(&there, "/sessions", &[("end", "all")]).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are signed out of Vestibule"));
    assert!(!rig.is_in(&there).await);
    let rows = rig.world.audit(EventKind::SessionEnded).await;
    let causes: Vec<_> = rows.iter().map(|row| row.cause.as_deref()).collect();
    assert_eq!(causes, [Some("ended_elsewhere"); 3]);
    rig.world.stop().await;
}

#[tokio::test]
async fn an_administrator_finds_a_person_and_ends_one_session_or_all() {
    let rig = Rig::start().await;
    let (one, two) = (rig.begins("erin").await, rig.begins("erin").await);
    let bob = rig.begins("bob").await;
    let opens = async |path: &str| {
        let page = rig.admin.browser.opens_once(&rig.world.at(path)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page
    };
    let found = opens("/admin/people?q=ERIN+the").await;
    let person = format!("/admin/people/{}", one.key(&rig.world));
    assert_eq!(found.body.matches(&person).count(), 1, "{}", found.body);
    assert!(!found.body.contains("bob the Tested"));
    assert!(opens("/admin/people").await.body.contains("bob the Tested"));
    let nobody = opens("/admin/people?q=%25").await;
    assert!(nobody.body.contains("Nobody is signed in or blocked"));
    let page = opens(&person).await;
    let theirs = handles(&page, "session");
    assert_eq!(theirs.len(), 2);
    let looks = rig.world.audit(EventKind::RecordRead).await;
    let about = looks[0].about.as_ref().unwrap();
    assert_eq!(about.subject.as_deref(), Some("erin"));

    let bobs = format!("/admin/people/{}", bob.key(&rig.world));
    for handle in [theirs[0].as_str(), "x", &"0".repeat(32)] {
        let fields = [("deed", "end"), ("session", handle)];
        let page = rig.posts(&rig.admin, &bobs, &fields).await;
        page.is_refused(404, "no-such-session");
    }
    let fields = [("deed", "end"), ("session", &theirs[0])];
    assert_eq!(rig.posts(&rig.admin, &person, &fields).await.status, 303);
    assert_ne!(rig.is_in(&one).await, rig.is_in(&two).await, "one of two");
    let fields = [("deed", "end"), ("session", "all")];
    assert_eq!(rig.posts(&rig.admin, &person, &fields).await.status, 303);
    assert!(!rig.is_in(&one).await && !rig.is_in(&two).await);
    assert!(rig.is_in(&bob).await);
    let rows = rig.world.audit(EventKind::SessionEnded).await;
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert_eq!(row.cause.as_deref(), Some("ended_by_administrator"));
        assert_eq!(row.about.unwrap().subject.as_deref(), Some("erin"));
        assert_eq!(row.subject.as_deref(), Some("ada"));
    }
    // they are known to the record alone now, and their page says so
    let gone = opens(&person).await;
    assert!(gone.body.contains("There are none."), "{}", gone.body);
    let nobody = format!("/admin/people/{}", "0".repeat(64));
    let nobody = rig.admin.browser.opens_once(&rig.world.at(&nobody)).await;
    nobody.is_refused(404, "no-such-person");
    rig.world.stop().await;
}

#[tokio::test]
async fn nobody_blocks_themself() {
    let rig = Rig::start().await;
    let own = format!("/admin/people/{}", rig.admin.key(&rig.world));
    let page = rig.admin.browser.opens_once(&rig.world.at(&own)).await;
    assert!(
        page.body.contains("Nobody blocks themself"),
        "{} {}",
        page.status,
        page.body
    );
    let page = rig.posts(&rig.admin, &own, &[("deed", "block")]).await;
    assert_eq!(page.status, 422, "{}", page.body);
    assert!(page.body.contains("id=\"finding\"") && page.body.contains("Nobody blocks themself"));
    let subject = &rig.admin.identity.subject;
    let fields = [
        ("about_idp", "corp"),
        ("subject", subject.value.as_str()),
        ("format", subject.format.as_str()),
    ];
    let page = rig.posts(&rig.admin, "/admin/people", &fields).await;
    assert_eq!(page.status, 422, "by what the provider sends neither");
    assert!(rig.is_in(&rig.admin).await);
    assert!(rig.world.audit(EventKind::PersonBlocked).await.is_empty());
    rig.world.stop().await;
}
