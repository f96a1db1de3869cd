//! What is found in the record, by whichever name somebody asked for it.

use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::audit::{Event, EventKind};

use super::*;
use crate::commands::{does, vestibule};
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
