//! What the record says of a sign-in, and that nobody gets in where it cannot be written.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use vestibule::clock::Clock as _;
use vestibule::domain::audit::{Event, EventKind};
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};

use crate::commands::{complains, does, vestibule};
use crate::postgres::Cluster;
use crate::world::World;
use crate::world::accounts::{DEV, PROD};
use crate::world::serving::Serving;

const ADMIN: &str = "/go/payments-prod/Admin";

/// Refuses every new row of the audit log, and of nothing else.
pub const REFUSE_ON_SQLITE: &str =
    "CREATE TRIGGER refused BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END";

pub const ALLOW_ON_SQLITE: &str = "DROP TRIGGER refused";

const REFUSE_ON_POSTGRES: &str = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'full'; END $$; \
     CREATE TRIGGER refused BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse()";

const ALLOW_ON_POSTGRES: &str = "DROP TRIGGER refused ON audit";

/// Runs SQL beside Vestibule.
pub async fn runs(url: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn nobody_gets_in_without_a_row(world: &World, url: &str, refuse: &str, allow: &str) {
    let browser = world.signed_in("erin").await;
    runs(url, refuse).await;
    let page = browser.opens_once(&world.at(ADMIN)).await;
    page.is_refused(503, "database-away");
    // the session is read as before, and AWS did its part: it is the row alone that was missing
    let me = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(me.status, 200, "{}", me.body);
    assert!(world.aws_actions().contains(&"AssumeRole".to_owned()));
    let other = browser
        .opens_once(&world.at("/go/payments-prod/Nothing"))
        .await;
    other.is_refused(503, "database-away");
    runs(url, allow).await;
    let page = browser.opens_once(&world.at(ADMIN)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let (begun, ended) = world.signin_rows(1).await;
    assert_eq!(begun.signin_id, ended.signin_id);
    assert!(world.audit(EventKind::SigninRefused).await.is_empty());
}

#[tokio::test]
async fn without_its_audit_row_no_sign_in_leaves_on_sqlite() {
    let world = World::start().await;
    let url = format!("sqlite:{}", world.folder.join("vestibule.db").display());
    nobody_gets_in_without_a_row(&world, &url, REFUSE_ON_SQLITE, ALLOW_ON_SQLITE).await;
    world.stop().await;
}

#[tokio::test]
async fn without_its_audit_row_no_sign_in_leaves_on_postgres() {
    let database = Cluster::shared().database();
    let world = World::builder().database(&database).start().await;
    nobody_gets_in_without_a_row(&world, &database, REFUSE_ON_POSTGRES, ALLOW_ON_POSTGRES).await;
    world.stop().await;
}

/// `ended` says what `begun` said, and how it ended.
fn goes_with(begun: &Event, ended: &Event) {
    assert!(begun.signin_id.as_ref().is_some_and(|id| id.len() >= 16));
    let without = Event {
        result: None,
        cause: None,
        expires: None,
        access_key_id: None,
        ..ended.clone()
    };
    assert_eq!(begun, &without);
}

#[tokio::test]
async fn the_row_that_ends_a_sign_in_names_the_key_and_when_it_runs_out() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let page = browser.opens_once(&world.at(ADMIN)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let (begun, ended) = world.signin_rows(1).await;
    goes_with(&begun, &ended);
    assert_eq!(ended.result.as_deref(), Some("handed_over"));
    assert_eq!(ended.cause, None);
    // the key that the sign-in endpoint was shown
    let shown = world.aws_saw().pop().unwrap().access_key;
    assert!(shown.is_some());
    assert_eq!(ended.access_key_id, shown);
    let expires: DateTime<Utc> = ended.expires.as_deref().unwrap().parse().unwrap();
    let left = expires - world.clock.now();
    assert!(left > TimeDelta::minutes(14) && left <= TimeDelta::minutes(15));
    world.stop().await;
}

#[tokio::test]
async fn a_sign_in_that_aws_refuses_or_cannot_serve_ends_with_its_cause() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let denied = Fault::sts_error(403, "AccessDenied", "no");
    let opaque = Fault::server_error(400);
    let cases = [
        (HostKind::Sts, denied, (403, "refused", "aws.refused")),
        (HostKind::Signin, opaque, (403, "refused", "aws.refused")),
        (
            HostKind::Sts,
            Fault::region_disabled(PROD),
            (403, "refused", "aws.region_disabled"),
        ),
        (
            HostKind::Sts,
            Fault::throttling(),
            (503, "failed", "aws.busy"),
        ),
        (
            HostKind::Signin,
            Fault::garbage(),
            (502, "failed", "aws.unexpected"),
        ),
    ];
    for (count, (host, fault, (status, result, cause))) in (1..).zip(cases) {
        let faults = &world.sandbox.simulation().faults;
        faults.plan_times(3, host, None, &fault);
        let page = browser.opens_once(&world.at(ADMIN)).await;
        assert_eq!(page.status, status, "{host:?} {fault:?}: {}", page.body);
        faults.clear();
        let (begun, ended) = world.signin_rows(count).await;
        goes_with(&begun, &ended);
        assert_eq!(ended.result.as_deref(), Some(result), "{host:?} {fault:?}");
        assert_eq!(ended.cause.as_deref(), Some(cause), "{host:?} {fault:?}");
        assert!(page.body.contains(ended.reference.as_deref().unwrap()));
        assert_eq!(
            (ended.access_key_id, ended.expires),
            (None, None),
            "nobody was given any"
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn a_process_that_is_killed_in_the_middle_leaves_the_row_that_began() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let serving = Serving::start(&world, &[], &[]);
    let latch = Latch::new();
    let faults = &world.sandbox.simulation().faults;
    let held = Fault::HoldAnswer(latch.clone());
    faults.plan(HostKind::Sts, Some("AssumeRole"), held);
    let link = format!("{}{ADMIN}", serving.url);
    let url = url::Url::parse(&link).unwrap();
    let cookies = browser.cookies_for(&url);
    let cookies: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let click = reqwest::Client::builder().no_proxy().build().unwrap();
    let click = click.get(link).header("cookie", cookies.join("; ")).send();
    let dies = async {
        latch.arrived(1).await;
        world.audited(EventKind::SigninBegun, 1).await;
        drop(serving);
    };
    let (answer, ()) = tokio::join!(click, dies);
    assert!(answer.is_err(), "nobody was there to answer");
    latch.release();
    // its outcome reads as unknown, and nothing about that is a sign of tampering
    let begun = world.audit(EventKind::SigninBegun).await;
    assert_eq!(begun[0].result, None);
    assert!(world.audit(EventKind::SigninEnded).await.is_empty());
    assert!(world.app.store().verify(&[]).await.unwrap().is_clean());
    world.stop().await;
}

#[tokio::test]
async fn the_end_of_a_sign_in_is_written_down_once_the_database_takes_it_and_leads_from_the_key_to_the_person()
 {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let serving = Serving::start(&world, &[], &[]);
    let url = format!("sqlite:{}", world.folder.join("vestibule.db").display());
    let refuse = REFUSE_ON_SQLITE.replace("BEGIN", "WHEN NEW.kind = 'signin_ended' BEGIN");
    runs(&url, &refuse).await;
    let link = url::Url::parse(&format!("{}{ADMIN}", serving.url)).unwrap();
    let cookies = browser.cookies_for(&link);
    let cookies: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let here = reqwest::redirect::Policy::none();
    let click = reqwest::Client::builder().no_proxy().redirect(here).build();
    let click = click
        .unwrap()
        .get(link)
        .header("cookie", cookies.join("; "));
    assert_eq!(click.send().await.unwrap().status(), 303);
    assert!(world.audit(EventKind::SigninEnded).await.is_empty());
    let key = world.aws_saw().pop().unwrap().access_key.unwrap();
    let who = ["audit", "who", &key];
    let said = complains(&vestibule(&world.folder, &who).await);
    assert!(said.contains("whose outcome is unknown"), "{said}");
    runs(&url, ALLOW_ON_SQLITE).await;
    let (begun, ended) = world.signin_rows(1).await;
    goes_with(&begun, &ended);
    assert_eq!(ended.access_key_id.as_ref(), Some(&key));
    let log = serving.log();
    let lines = log
        .lines()
        .filter(|line| line.contains("could not be recorded"));
    assert!(lines.clone().count() > 0, "{log}");
    assert!(lines.clone().all(|line| line.contains(&key)), "{log}");
    let said = does(&vestibule(&world.folder, &who).await);
    assert!(said.contains("erin@example.com"), "{said}");
    world.stop().await;
}

#[tokio::test]
async fn the_scope_of_a_sign_in_stands_in_both_rows() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let link = world.at("/go/payments-dev/Developer?scope=read-only");
    assert_eq!(browser.opens_once(&link).await.status, 303);
    let (begun, ended) = world.signin_rows(1).await;
    goes_with(&begun, &ended);
    assert_eq!(ended.scope.as_deref(), Some("read-only"));
    assert_eq!(ended.account.as_deref(), Some(DEV));
    world.stop().await;
}

async fn addresses(trusted: &str) -> Vec<Option<String>> {
    let written = format!("trusted_proxies = {trusted}");
    let world = World::builder()
        .with("trusted_proxies = []", &written)
        .start()
        .await;
    let browser = world.browser();
    browser.always_sends("x-forwarded-for", "192.0.2.1, 203.0.113.7");
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    let page = browser.opens_once(&world.at(ADMIN)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let (begun, ended) = world.signin_rows(1).await;
    let session = world.audit(EventKind::SessionBegan).await.remove(0);
    world.stop().await;
    vec![session.address, begun.address, ended.address]
}

#[tokio::test]
async fn b22_a_proxy_that_is_trusted_says_where_somebody_came_from_and_nobody_else_does() {
    let everywhere = |address: &str| vec![Some(address.to_owned()); 3];
    // of what the header says only the part that the trusted proxy wrote counts
    assert_eq!(
        addresses("[\"127.0.0.1/32\"]").await,
        everywhere("203.0.113.7")
    );
    assert_eq!(addresses("[]").await, everywhere("127.0.0.1"));
    assert_eq!(addresses("[\"10.0.0.0/8\"]").await, everywhere("127.0.0.1"));
}

#[tokio::test]
async fn a_session_is_said_to_have_ended_once_and_why_where_it_was_not_by_sign_out() {
    let world = World::start().await;
    let browser = world.browser();
    world.signs_in(&browser, "/sign-in/corp", "erin").await;
    assert!(world.audit(EventKind::SessionEnded).await.is_empty());
    let portal = world.signs_in(&browser, "/sign-in/okta", "erin").await;
    assert_eq!(portal.status, 200, "{}", portal.body);
    let replaced = world.audit(EventKind::SessionEnded).await.remove(0);
    assert_eq!(replaced.cause.as_deref(), Some("replaced"));
    assert_eq!(replaced.idp.as_deref(), Some("corp"), "whose it was");
    let began = world.audit(EventKind::SessionBegan).await;
    assert_eq!((began.len(), began[1].idp.as_deref()), (2, Some("okta")));
    let out = portal.forms().into_iter();
    let out = out.map(|form| (form.action.path().to_owned(), form));
    let (_, out) = out
        .into_iter()
        .find(|(path, _)| path == "/sign-out")
        .unwrap();
    // pressed twice, from a page that stayed open
    for _ in 0..2 {
        browser.submits_once(&out).await;
    }
    let ended = world.audit(EventKind::SessionEnded).await;
    let causes: Vec<_> = ended.iter().map(|row| row.cause.as_deref()).collect();
    assert_eq!(causes, [Some("replaced"), None]);
    world.stop().await;
}

#[tokio::test]
async fn whoever_signs_out_or_revokes_a_token_is_obeyed_also_where_no_row_of_it_can_be_written() {
    let world = World::start().await;
    let url = format!("sqlite:{}", world.folder.join("vestibule.db").display());
    let browser = world.signed_in("erin").await;
    let token = crate::api::made(&world, &browser, &["me:read"]).await;
    let program = crate::api::Program::with(&world, Some(&token)).await;
    let portal = browser.opens(&world.at("/")).await;
    let out = portal.forms().into_iter();
    let out = out
        .into_iter()
        .find(|form| form.action.path() == "/sign-out")
        .unwrap();
    let tokens = browser.opens(&world.at("/tokens")).await;
    let mut forms = tokens.forms().into_iter();
    let revoke = forms
        .find(|form| form.action.path().ends_with("/revoke"))
        .unwrap();
    runs(&url, REFUSE_ON_SQLITE).await;
    browser
        .submits_once(&revoke)
        .await
        .is_refused(503, "database-away");
    program.gets("/me").await.refused(401, "token-unknown");
    browser
        .submits_once(&out)
        .await
        .is_refused(503, "database-away");
    let me = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(me.status, 401, "{}", me.body);
    runs(&url, ALLOW_ON_SQLITE).await;
    assert!(world.audit(EventKind::TokenRevoked).await.is_empty());
    assert!(world.audit(EventKind::SessionEnded).await.is_empty());
    world.stop().await;
}
