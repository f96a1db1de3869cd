//! What is found in the record, by whichever name somebody asked for it.

use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::audit::{Event, EventKind};

use super::*;
use crate::api::Program;
use crate::commands::{complains, does, vestibule};
use crate::world::accounts::MODEL;

/// How many rows a search on the page finds.
async fn finds(world: &World, ada: &Browser, query: &str) -> usize {
    let page = ada
        .opens(&world.at(&format!("/admin/record?{query}")))
        .await;
    assert_eq!(page.status, 200, "{query}: {}", page.body);
    page.body.matches("<li class=\"entry\"").count()
}

/// How many rows stand in a section of a page.
fn entries_in(page: &Page, section: &str) -> usize {
    let (_, from) = page.body.split_once(&format!("id=\"{section}\"")).unwrap();
    let section = from.split("</section>").next().unwrap();
    section.matches("<li class=\"entry\"").count()
}

#[tokio::test]
async fn a_refusal_is_found_by_its_role_and_account_however_it_was_asked_for() {
    let world = World::start().await;
    let carl = world.signed_in("carl").await;
    for path in [
        "/go/payments-prod/Admin",
        "/go/111122223333/Admin",
        "/keys/payments-prod/Admin",
        "/go/payments-prod/Nothing",
        "/go/no-such/Admin",
        "/go/999999999999/Admin",
    ] {
        let page = carl.opens_once(&world.at(path)).await;
        page.is_refused(403, "not-entitled");
    }
    let rows = world.audited(EventKind::SigninRefused, 5).await;
    let said = |row: &Event| (row.account.clone().unwrap(), row.role.clone().unwrap());
    let said: Vec<_> = rows.iter().map(said).collect();
    let row = |account: &str, role: &str| (account.to_owned(), role.to_owned());
    assert_eq!(
        said,
        [
            row("111122223333", "payments-prod/Admin"),
            row("111122223333", "payments-prod/Admin"),
            row("111122223333", "payments-prod/Nothing"),
            row("no-such", "no-such/Admin"),
            row("999999999999", "999999999999/Admin"),
        ]
    );

    let (ada, _) = administrator(&world, LISTS).await;
    for (query, count) in [
        ("kind=signin_refused&role=payments-prod/Admin", 2),
        ("kind=signin_refused&role=payments-prod/Nothing", 1),
        ("kind=signin_refused&account=111122223333", 3),
        ("kind=signin_refused&account=payments-prod", 3),
        ("kind=keys_refused&account=payments-prod", 1),
        ("role=no-such/Admin", 1),
        ("account=no-such", 1),
        ("account=999999999999", 1),
    ] {
        assert_eq!(finds(&world, &ada, query).await, count, "{query}");
    }
    let path = "/admin/record/role?role=payments-prod/Admin";
    let page = ada.opens(&world.at(path)).await;
    assert_eq!(entries_in(&page, "refusals"), 3, "{}", page.body);
    assert!(page.body.contains("asked for keys of payments-prod/Admin"));
    world.stop().await;
}

#[tokio::test]
async fn an_account_is_found_by_all_that_it_is_and_was_called() {
    let renamed = MODEL.replacen(
        "alias = \"payments-prod\"\n",
        "alias = \"payments-prod\"\nformer_aliases = [\"payments\"]\n",
        1,
    );
    let world = World::builder().model(&renamed).start().await;
    let text = |text: &str| Some(text.to_owned());
    // a whole account has no role's key, and rows of earlier versions have what was asked for
    for (kind, account, role) in [
        (EventKind::AccountSuspended, "111122223333", None),
        (EventKind::RevokeEnded, "111122223333", None),
        (EventKind::SigninRefused, "payments-prod", text("Admin")),
        (
            EventKind::SigninEnded,
            "111122223333",
            text("payments/Admin"),
        ),
        (EventKind::SigninRefused, "payments", text("Admin")),
        (EventKind::AccountResumed, "444455556666", None),
    ] {
        let event = Event {
            account: text(account),
            role,
            result: text("refused"),
            ..Event::default()
        };
        let store = world.app.store();
        store.append(kind, &event, SystemClock.now()).await.unwrap();
    }
    let (ada, _) = administrator(&world, LISTS).await;
    for account in ["111122223333", "payments-prod", "payments"] {
        let query = format!("account={account}");
        assert_eq!(finds(&world, &ada, &query).await, 5, "{account}");
        let path = format!("/admin/record/export?format=jsonl&{query}");
        let copy = ada.opens_once(&world.at(&path)).await;
        assert_eq!(copy.body.lines().count(), 5, "{account}: {}", copy.body);
        let words = ["audit", "export", "--account", account];
        let said = does(&vestibule(&world.folder, &words).await);
        assert_eq!(said, copy.body, "{account}");
    }
    // a role that a row says in no key has no page
    let refused = world.at("/admin/record?account=payments&kind=signin_refused");
    let page = ada.opens(&refused).await;
    assert!(
        !page.body.contains("/admin/record/role?role=Admin\""),
        "{}",
        page.body
    );
    world.stop().await;
}

#[tokio::test]
async fn whoever_a_purge_left_no_page_of_is_led_to_in_the_record() {
    let world = World::start().await;
    // somebody whose only row that leads from their key to them is gone
    let event = |subject: &str| Event {
        idp: Some("corp".to_owned()),
        subject_format: Some("sub".to_owned()),
        subject: Some(subject.to_owned()),
        result: Some("handed_over".to_owned()),
        ..Event::default()
    };
    let store = world.app.store();
    let writes = async |kind, subject| {
        let (event, now) = (event(subject), SystemClock.now());
        store.append(kind, &event, now).await.unwrap().position
    };
    let last = writes(EventKind::SessionBegan, "gone").await;
    writes(EventKind::SessionBegan, "known").await;
    for subject in ["gone", "known"] {
        writes(EventKind::SigninEnded, subject).await;
    }
    let (ada, _) = administrator(&world, LISTS).await;
    // where links lead: nobody opens one yet, for that stands in the record and leads to them again
    let links = async |subject: &str| {
        let path = format!("/admin/record?kind=signin_ended&idp=corp&subject={subject}");
        let page = ada.opens(&world.at(&path)).await;
        let there = format!("href=\"/admin/record/person?idp=corp&#38;subject={subject}\"");
        let (_, link) = page.body.split_once("href=\"/admin/people/").unzip();
        let key = link.and_then(|link: &str| link.split('"').next());
        let key = key.map(str::to_owned);
        assert_eq!(key.is_none(), page.body.contains(&there), "{}", page.body);
        key
    };
    assert!(links("gone").await.is_some() && links("known").await.is_some());
    while store.purge_portion(last).await.unwrap() != vestibule::store::audit::Purge::Done {}
    assert_eq!(links("gone").await, None);
    let known = links("known").await.unwrap();
    let page = ada
        .opens(&world.at(&format!("/admin/people/{known}")))
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    let theirs = world.at("/admin/record/person?idp=corp&subject=gone");
    let page = ada.opens(&theirs).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        !page.body.contains("href=\"/admin/people/"),
        "{}",
        page.body
    );
    world.stop().await;
}

/// Runs SQL beside Vestibule.
async fn runs(world: &World, sql: &str) {
    let url = format!("sqlite:{}", world.folder.join("vestibule.db").display());
    crate::record::runs(&url, sql).await;
}

/// A world with as many refusals as several portions of a copy hold, and an administrator's browser and token.
async fn refusing() -> (World, Browser, String) {
    let world = World::start().await;
    for _ in 0..250 {
        let store = world.app.store();
        let (kind, event) = (EventKind::KeysRefused, Event::default());
        store.append(kind, &event, SystemClock.now()).await.unwrap();
    }
    let (ada, _) = administrator(&world, LISTS).await;
    let token = crate::api::made(&world, &ada, &["record:read"]).await;
    (world, ada, token)
}

const FITTING: &str = "/record/export?format=jsonl&kind=keys_refused";

const WORDS: [&str; 4] = ["audit", "export", "--kind", "keys_refused"];

#[tokio::test]
async fn a_copy_of_what_fits_is_refused_while_rows_have_no_index_and_one_of_everything_is_not() {
    let (world, ada, token) = refusing().await;
    let reader = Program::with(&world, Some(&token)).await;
    runs(&world, "UPDATE audit_indexing SET done = 0, goal = 10").await;
    let page = ada.opens_once(&world.at(&format!("/admin{FITTING}"))).await;
    page.is_refused(409, "record-not-indexed");
    assert!(page.body.contains("Rows 1 to 10 "), "{}", page.body);
    assert!(page.body.contains("vestibule audit index"), "{}", page.body);
    reader
        .gets(FITTING)
        .await
        .refused(409, "record-not-indexed");
    let said = complains(&vestibule(&world.folder, &WORDS).await);
    assert!(said.contains("run `vestibule audit index`"), "{said}");
    assert!(world.audit(EventKind::RecordExported).await.is_empty());

    for fields in ["", "&from=2020-01-01"] {
        let path = format!("/admin/record/export?format=jsonl{fields}");
        let copy = ada.opens_once(&world.at(&path)).await;
        assert_eq!(copy.status, 200, "{}", copy.body);
        assert!(copy.body.lines().count() > 250);
    }
    let words = ["audit", "export", "--format", "csv", "--from", "2020-01-01"];
    assert!(
        does(&vestibule(&world.folder, &words).await)
            .lines()
            .count()
            > 250
    );

    does(&vestibule(&world.folder, &["audit", "index"]).await);
    let copy = ada.opens_once(&world.at(&format!("/admin{FITTING}"))).await;
    assert_eq!((copy.status, copy.body.lines().count()), (200, 250));
    world.stop().await;
}

#[tokio::test]
async fn a_copy_that_the_index_leads_astray_breaks_off_and_is_no_whole_file() {
    let (world, ada, token) = refusing().await;
    // one of them is hidden, and another row stands in its place
    let other = "(SELECT MIN(position) FROM audit WHERE kind <> 'keys_refused')";
    let hidden = "(SELECT MAX(position) FROM audit WHERE kind = 'keys_refused')";
    let hides = format!(
        "UPDATE audit_terms SET position = {other} WHERE term LIKE 'k%' AND position = {hidden}"
    );
    runs(&world, &hides).await;
    let output = vestibule(&world.folder, &WORDS).await;
    let said = complains(&output);
    assert!(
        said.contains("`vestibule audit verify` names them"),
        "{said}"
    );
    for (path, cookies, token) in [
        (format!("/admin{FITTING}"), Some(&ada), None),
        (format!("/api/v1{FITTING}"), None, Some(&token)),
    ] {
        let url = url::Url::parse(&world.at(&path)).unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client.get(url.clone());
        if let Some(browser) = cookies {
            let cookies = browser.cookies_for(&url);
            let cookies: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.bytes().await.is_err(), "{path}: it ended well");
    }
    world.stop().await;
}
