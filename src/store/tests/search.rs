//! The record is searched by any combination of what events say, newest first, and no page costs more than another.

use sqlx::Row as _;

use super::on_both_engines;
use super::world::{World, at};
use crate::domain::audit::{Event, EventKind, Person};
use crate::domain::properties;
use crate::domain::record::{Cursor, Search};
use crate::store::audit::Order::{NewestFirst, OldestFirst};
use crate::store::audit::{Finding, Looked, Verdict};
use crate::store::{Error, Store};

/// The event of the `n`th sign-in of a company.
fn signin(n: i64) -> Event {
    Event {
        signin_id: Some(format!("signin-{n}")),
        idp: Some("corp".to_owned()),
        subject_format: Some("sub".to_owned()),
        subject: Some(format!("person-{}@example.com", n % 97)),
        display_name: Some(format!("Person {}", n % 97)),
        address: Some(format!("192.0.2.{}", n % 50)),
        account: Some(format!("{:012}", n % 7)),
        role: Some(format!("account-{}/Role{}", n % 7, n % 13)),
        session_name: Some(format!("person-{}@example.com", n % 97)),
        access_key_id: Some(format!("ASIA{n:016}")),
        result: Some("handed_over".to_owned()),
        ..Event::default()
    }
}

/// The kinds of two events in turn.
fn kind(n: i64) -> EventKind {
    [EventKind::SigninBegun, EventKind::SigninEnded][usize::from(n % 2 == 1)]
}

/// Adds the events of `from..to`, a second apart, in order.
async fn fill(store: &Store, from: i64, to: i64) {
    let mut next = from;
    while next < to {
        let end = to.min(next + 25);
        let portion =
            (next..end).map(|n| async move { store.append(kind(n), &signin(n), at(n)).await });
        // so few are polled in order, and handed over in order
        for appended in futures_util::future::join_all(portion).await {
            appended.expect("durable");
        }
        next = end;
    }
}

fn search(fields: &[(&str, &str)]) -> Search {
    Search::read(fields.iter().copied()).expect("a search")
}

async fn page(
    store: &Store,
    fields: &[(&str, &str)],
    before: Option<Cursor>,
    limit: u32,
) -> Looked {
    store
        .search(&search(fields), NewestFirst, before, limit)
        .await
        .expect("a page")
}

fn positions(looked: &Looked) -> Vec<i64> {
    looked.rows.iter().map(|found| found.position).collect()
}

/// All that a search finds, page by page.
async fn all(store: &Store, fields: &[(&str, &str)], limit: u32) -> Vec<i64> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let looked = page(store, fields, before, limit).await;
        found.extend(positions(&looked));
        before = looked.next;
        if before.is_none() {
            return found;
        }
    }
}

on_both_engines! {
    async fn every_search_finds_what_reading_everything_finds_page_by_page(world) {
        fill(&world.store, 0, 300).await;
        let mut records = world.store.recent(None, 1000).await.expect("rows");
        records.sort_by_key(|record| std::cmp::Reverse((record.at, record.position)));
        let day = at(100).to_rfc3339();
        let (early, late) = (at(50).to_rfc3339(), at(250).to_rfc3339());
        let searches: &[&[(&str, &str)]] = &[
            &[], &[("person", "Person 5")], &[("idp", "corp"), ("subject", "person-5@example.com")],
            &[("account", "account-3")], &[("account", "000000000003")], &[("role", "account-3/Role3")],
            &[("kind", "signin_ended")], &[("result", "handed_over")], &[("result", "refused")], &[("signin", "signin-7")],
            &[("access_key", "ASIA0000000000000042")], &[("address", "192.0.2.7"), ("kind", "signin_begun")],
            &[("person", "PERSON 5"), ("account", "account-3"), ("kind", "signin_ended"), ("result", "handed_over")],
            &[("from", &day)], &[("until", &day)], &[("from", &early), ("until", &late), ("account", "account-2")],
        ];
        for fields in searches {
            let wanted = search(fields);
            let right: Vec<i64> = records.iter().filter(|r| wanted.matches(r)).map(|r| r.position).collect();
            for limit in [1, 7, 50, 1000] {
                if limit == 1 && right.len() > 60 {
                    continue;
                }
                assert_eq!(all(&world.store, fields, limit).await, right, "{fields:?} by {limit}");
            }
            let (mut copied, mut after) = (Vec::new(), None);
            loop {
                let looked = world.store.search(&wanted, OldestFirst, after, 7).await.expect("a page");
                copied.extend(positions(&looked));
                after = looked.next;
                if after.is_none() {
                    break;
                }
            }
            copied.reverse();
            assert_eq!(copied, right, "{fields:?}, the oldest first");
        }
    }

    async fn rows_that_say_the_same_moment_or_an_earlier_one_are_neither_lost_nor_twice(world) {
        for n in [5, 3, 3, 3, 9, 3, 1] {
            world.store.append(EventKind::SigninEnded, &signin(1), at(n)).await.expect("durable");
        }
        for fields in [&[][..], &[("kind", "signin_ended")]] {
            assert_eq!(all(&world.store, fields, 2).await, [5, 1, 6, 4, 3, 2, 7]);
        }
    }

    async fn rows_under_any_of_several_names_come_in_one_order_and_once(world) {
        for n in 0..200 {
            let account = ["one", "two", "three"][usize::try_from(n % 3).expect("small")];
            let event = Event { account: Some(account.to_owned()), role: Some("two/Role".to_owned()).filter(|_| n % 2 == 0), ..Event::default() };
            world.store.append(kind(n), &event, at(n % 50)).await.expect("durable");
        }
        let wanted = Search { account_also: vec!["two".to_owned(), "one".to_owned(), "nobody".to_owned()], ..search(&[("account", "one")]) };
        let mut records = world.store.recent(None, 1000).await.expect("rows");
        records.sort_by_key(|record| std::cmp::Reverse((record.at, record.position)));
        let right: Vec<i64> = records.iter().filter(|r| wanted.matches(r)).map(|r| r.position).collect();
        assert_eq!(right.len(), 134 + 33);
        for limit in [1, 7, 150] {
            for order in [NewestFirst, OldestFirst] {
                let (mut found, mut after) = (Vec::new(), None);
                loop {
                    let looked = world.store.search(&wanted, order, after, limit).await.expect("a page");
                    assert_eq!(looked.misfiled, 0);
                    found.extend(positions(&looked));
                    after = looked.next;
                    if after.is_none() {
                        break;
                    }
                }
                if order == OldestFirst {
                    found.reverse();
                }
                assert_eq!(found, right, "{order:?} by {limit}");
            }
        }
    }

    async fn somebody_whom_an_event_is_about_is_found_like_somebody_who_acts(world) {
        let about = Event { about: Some(Person { idp: Some("okta".to_owned()), subject: Some("bob".to_owned()), ..Person::default() }), ..signin(1) };
        world.store.append(EventKind::WhyAsked, &about, at(0)).await.expect("durable");
        for (fields, count) in [(&[("idp", "okta"), ("subject", "bob")][..], 1), (&[("person", "BOB")], 1), (&[("idp", "corp"), ("subject", "bob")], 0)] {
            assert_eq!(all(&world.store, fields, 9).await.len(), count, "{fields:?}");
        }
    }

    async fn a_row_that_cannot_be_read_is_shown_as_such_and_hides_no_other(world) {
        fill(&world.store, 0, 5).await;
        world.tamper("UPDATE audit SET event = 'no \u{1b} JSON' WHERE position = 3").await;
        let looked = page(&world.store, &[], None, 9).await;
        assert_eq!(positions(&looked), [5, 4, 3, 2, 1]);
        let damaged = &looked.rows[2];
        assert!(damaged.record.is_none() && damaged.row.as_ref().expect("text").event.starts_with("no "));
    }

    async fn a_row_that_the_index_hides_or_files_wrongly_is_named_and_put_right(world) {
        fill(&world.store, 0, 20).await;
        for (tampering, named) in [
            ("DELETE FROM audit_terms WHERE position = 7", "row 7 "),
            ("DELETE FROM audit_terms WHERE position = 7 AND term LIKE 'p%'", "row 7 "),
            ("UPDATE audit_terms SET at = at + 1 WHERE position = 7 AND term LIKE 'r%'", "row 7 "),
            ("UPDATE audit_terms SET position = 8 WHERE position = 7 AND term LIKE 'x%'", "row 7 "),
            ("INSERT INTO audit_terms (term, at, position) VALUES ('rforged', 1, 7)", "row 7 "),
            ("INSERT INTO audit_terms (term, at, position) VALUES ('rforged', 1, 700)", "row 700"),
            ("INSERT INTO audit_terms (term, at, position) VALUES ('rforged', 1, -7)", "row -7"),
        ] {
            world.tamper(tampering).await;
            let checked = world.store.verify(&[]).await.expect("checked");
            let findings = checked.findings;
            assert!(findings.iter().any(|finding| finding.to_string().contains(named)), "{tampering}: {findings:?}");
            assert_eq!(checked.verdict, Verdict::Misfiled, "{tampering}: no row was changed");
            let mut after = 0;
            while let Some((end, _)) = world.store.reindex_portion(after).await.expect("put right") {
                after = end;
            }
            for (after, last) in [(i64::MIN, 0), (after, i64::MAX)] {
                world.store.drop_strays(after, last).await.expect("put right");
            }
            assert!(world.store.verify(&[]).await.expect("checked").is_clean(), "{tampering}");
        }
    }

    async fn rows_from_before_the_index_are_filed_portion_by_portion_and_meanwhile_said_to_be_missing(world) {
        fill(&world.store, 0, 450).await;
        world.tamper("DELETE FROM audit_terms; UPDATE audit_indexing SET done = 0, goal = 450").await;
        fill(&world.store, 450, 460).await;
        let looked = page(&world.store, &[("kind", "signin_begun")], None, 1000).await;
        assert_eq!((looked.rows.len(), looked.unindexed), (5, Some((1, 450))));
        let checked = world.store.verify(&[]).await.expect("checked");
        assert_eq!(checked.findings, [Finding::Unindexed { first: 1, last: 450 }]);
        assert_eq!(checked.verdict, Verdict::Unindexed);
        assert!(world.store.index_portion().await.expect("filed"));
        assert_eq!(world.store.unindexed().await.expect("an answer"), Some((201, 450)));
        while world.store.index_portion().await.expect("filed") {}
        assert_eq!(all(&world.store, &[("kind", "signin_begun")], 100).await.len(), 230);
        assert!(world.store.verify(&[]).await.expect("checked").is_clean());
        assert!(!world.store.index_portion().await.expect("an answer"), "and there is nothing to do");
    }

    async fn every_walk_is_a_walk_along_an_index(world) {
        fill(&world.store, 0, 10_000).await;
        world.tamper("ANALYZE").await;
        let sqlite = world.url.starts_with("sqlite");
        for (name, sql) in crate::store::audit::walks() {
            let (mut sql, explain) = (sql, if sqlite { "EXPLAIN QUERY PLAN " } else { "EXPLAIN " });
            for n in (1..=64).rev() {
                let value = if n == 1 && sql.contains("term = ") { "'k0'".to_owned() } else { (n * 10).to_string() };
                sql = sql.replace(&format!("${n}"), &value);
            }
            let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{explain}{sql}"))).fetch_all(&world.store.database.writes).await.expect("a plan");
            let column = if sqlite { "detail" } else { "QUERY PLAN" };
            let plan: Vec<String> = rows.iter().map(|row| row.get::<String, _>(column)).collect();
            let whole = if sqlite { ["SCAN ", "TEMP B-TREE"] } else { ["Seq Scan", "Sort "] };
            assert!(!plan.iter().any(|step| whole.iter().any(|whole| step.contains(whole))), "{name}: {plan:#?}");
        }
    }
}

/// What a page of each of these searches has read: rows, and entries of the index.
async fn cost(store: &Store, before: Option<Cursor>) -> Vec<(u32, u32)> {
    let searches: [&[(&str, &str)]; 7] = [
        &[],
        &[("kind", "signin_ended")],
        &[("person", "person 5")],
        &[
            ("account", "account-3"),
            ("kind", "signin_begun"),
            ("result", "handed_over"),
        ],
        &[("person", "person 5"), ("role", "account-3/Role3")],
        &[("kind", "signin_ended"), ("result", "refused")],
        &[("signin", "signin-1000")],
    ];
    let mut costs = Vec::new();
    for fields in searches {
        let looked = page(store, fields, before, 50).await;
        costs.push((looked.looked_at, looked.entries));
    }
    costs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_reads_no_more_of_a_record_that_is_a_hundred_times_as_long() {
    let world = World::sqlite().await;
    // nobody needs these to be durable
    world.tamper("PRAGMA synchronous = OFF").await;
    let rows = i64::from(properties::count(10_000, 1_000_000));
    fill(&world.store, 0, rows / 2).await;
    let (newest, middle) = (
        None,
        Some(Cursor {
            at: at(rows / 4).timestamp_millis(),
            position: rows / 4,
        }),
    );
    let early = (
        cost(&world.store, newest).await,
        cost(&world.store, middle).await,
    );
    fill(&world.store, rows / 2, rows).await;
    let middle = Some(Cursor {
        at: at(rows / 2).timestamp_millis(),
        position: rows / 2,
    });
    let late = (
        cost(&world.store, newest).await,
        cost(&world.store, middle).await,
    );
    for (looked_at, entries) in late.0.iter().chain(&late.1).chain(&early.0).chain(&early.1) {
        assert!(
            *looked_at <= 1_152 && *entries <= 1_400,
            "{looked_at} rows, {entries} entries"
        );
    }
    // of searches that fill their page the pages cost the same to the entry
    assert_eq!((&early.0[..3], &early.1[..2]), (&late.0[..3], &late.1[..2]));
    for costs in [&late.0, &late.1] {
        assert!(costs[..3].iter().all(|cost| *cost == (51, 51)), "{late:?}");
    }
    assert!(late.0[3].0 <= 128 && late.1[3].0 <= 128, "{late:?}");
}

#[tokio::test]
async fn a_search_that_finds_nothing_near_stops_and_goes_on_where_it_stopped() {
    let world = World::sqlite().await;
    world.tamper("PRAGMA synchronous = OFF").await;
    fill(&world.store, 0, 1).await;
    // two frequent terms that hardly ever meet
    for from in [0_i64, 1500] {
        let portion = (from..from + 1500).map(|n| {
            let other = Event {
                result: Some(["refused", "handed_over"][usize::from(n % 2 == 0)].to_owned()),
                ..Event::default()
            };
            let kind = [EventKind::SigninEnded, EventKind::KeysEnded][usize::from(n % 2 == 0)];
            let store = &world.store;
            async move { store.append(kind, &other, at(n)).await }
        });
        for appended in futures_util::future::join_all(portion).await {
            appended.expect("durable");
        }
    }
    let fields = [("kind", "signin_begun"), ("result", "handed_over")];
    assert_eq!(
        page(&world.store, &fields, None, 50).await.rows.len(),
        1,
        "the rare one leads"
    );
    let fields = [("kind", "signin_ended"), ("result", "handed_over")];
    let first = page(&world.store, &fields, None, 50).await;
    assert!(
        first.rows.is_empty() && first.looked_at <= 1_152,
        "{first:?}"
    );
    let next = page(&world.store, &fields, first.next, 50).await;
    assert!(next.rows.is_empty() && next.next.is_none(), "{next:?}");
}

#[tokio::test]
async fn a_database_that_is_away_is_an_error_and_no_empty_page() {
    let world = World::sqlite().await;
    world.store.close().await;
    let error = world
        .store
        .search(&Search::default(), NewestFirst, None, 9)
        .await;
    assert!(matches!(error, Err(Error::Closed)), "{error:?}");
}
