//! The record over HTTP and by commands: found, copied, read by nobody unseen, and led back to from CloudTrail.

use chrono::TimeDelta;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::Timestamp;
use vestibule::domain::audit::{Event, EventKind, Person};

use super::*;
use crate::commands::{complains, does, vestibule};

const RECORD: &str = "/admin/record";

/// What breaks out of texts, attributes, elements and scripts.
const POLYGLOTS: [&str; 3] = [
    "'\"--></style></script></title></textarea><svg onload=alert(1)>",
    "</dd></dl></details><iframe srcdoc=<script>alert(1)</script>>",
    "jaVasCript:/*`/*'/*\"/**/(/* */oNcliCk=alert() )//<sVg/oNloAd=alert()//>",
];

/// The time of commands, which ask no test's clock.
fn now() -> Timestamp {
    SystemClock.now()
}

/// Puts an event into the record whose every text is this.
async fn writes(world: &World, kind: EventKind, text: &str) {
    let given = || Some(text.to_owned());
    let event = Event {
        signin_id: given(),
        idp: given(),
        subject: given(),
        display_name: given(),
        about: Some(Person {
            idp: given(),
            subject: given(),
            display_name: given(),
            ..Person::default()
        }),
        account: given(),
        role: given(),
        method: given(),
        session_name: given(),
        source_identity: given(),
        rule: given(),
        reason: given(),
        result: given(),
        cause: given(),
        access_key_id: given(),
        note: given(),
        query: given(),
        ..Event::default()
    };
    let now = now();
    world.app.store().append(kind, &event, now).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_is_found_with_what_it_shows_as_at_aws_and_reading_stands_in_the_record() {
    let world = World::start().await;
    let erin = world.signed_in("erin").await;
    let page = erin.opens_once(&world.at("/go/payments-prod/Admin")).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let (_, ended) = world.signin_rows(1).await;
    let (ada, _) = administrator(&world, LISTS).await;
    assert!(world.audit(EventKind::RecordRead).await.is_empty());

    let page = ada
        .opens(&world.at("/admin/record?person=ERIN%40example.com&kind=signin_ended"))
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.body.matches("<li class=\"entry\"").count(), 1);
    let name = ended.session_name.as_deref().unwrap();
    let account = ended.account.as_deref().unwrap();
    let arn = format!("arn:aws:sts::{account}:assumed-role/Admin/{name}");
    for part in [
        "was let into the console of payments-prod/Admin",
        &arn,
        ended.access_key_id.as_deref().unwrap(),
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let reads = world.audit(EventKind::RecordRead).await;
    assert_eq!(reads.len(), 1);
    let query = reads[0].query.as_deref().unwrap();
    assert_eq!(query, "person=ERIN%40example.com&kind=signin_ended");
    assert_eq!(reads[0].subject.as_deref(), Some("ada@example.com"));

    // and from the row on to the person and the role
    let (idp, subject) = (
        ended.idp.as_deref().unwrap(),
        ended.subject.as_deref().unwrap(),
    );
    let person = format!("/admin/record/person?idp={idp}&subject={subject}");
    for (path, part) in [
        (&*person, "id=\"refusals\""),
        (
            "/admin/record/role?role=payments-prod/Admin",
            "by the rule ",
        ),
    ] {
        let page = ada.opens(&world.at(path)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(
            page.body.contains(part) && page.body.contains(&arn),
            "{}",
            page.body
        );
    }
    assert_eq!(world.audit(EventKind::RecordRead).await.len(), 3);

    leads_back(&world, &ended, &arn).await;
    world.stop().await;
}

/// Every name that CloudTrail has of a sign-in leads back to the person, and no other does.
async fn leads_back(world: &World, ended: &Event, arn: &str) {
    let name = ended.session_name.as_deref().unwrap();
    let subject = ended.subject.as_deref().unwrap();
    for name in [arn, name, ended.access_key_id.as_deref().unwrap()] {
        let said = does(&vestibule(&world.folder, &["audit", "who", name]).await);
        assert!(
            said.contains(subject) && said.contains("payments-prod/Admin"),
            "{said}"
        );
    }
    let other = arn.replace("/Admin/", "/Other/");
    for name in [&*other, "nobody@example.com", "ASIAEXAMPLEEXAMPLE99"] {
        let said = complains(&vestibule(&world.folder, &["audit", "who", name]).await);
        assert!(said.contains("no sign-in in the record"), "{said}");
    }
    for name in ["arn:aws:iam::111122223333:user/x", "a b", "\u{1b}[2J"] {
        let said = complains(&vestibule(&world.folder, &["audit", "who", name]).await);
        assert!(said.contains("nobody can be found by this"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
    }
}

#[tokio::test]
async fn who_cannot_be_written_down_reads_nothing() {
    let world = World::start().await;
    let (ada, _) = administrator(&world, LISTS).await;
    let url = format!("sqlite:{}", world.folder.join("vestibule.db").display());
    crate::record::runs(&url, crate::record::REFUSE_ON_SQLITE).await;
    for path in [
        RECORD,
        "/admin/record?person=ada",
        "/admin/record/export?format=csv",
        "/admin/record/role?role=dev/Admin",
        "/admin/record/person?idp=corp&subject=ada",
    ] {
        let page = ada.opens_once(&world.at(path)).await;
        page.is_refused(503, "database-away");
        assert!(!page.body.contains("signed in"), "{}", page.body);
    }
    crate::record::runs(&url, crate::record::ALLOW_ON_SQLITE).await;
    assert_eq!(ada.opens_once(&world.at(RECORD)).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn nothing_that_is_written_into_the_record_is_markup_on_a_page_of_it() {
    let world = World::start().await;
    for polyglot in POLYGLOTS {
        for kind in EventKind::ALL {
            writes(&world, *kind, polyglot).await;
        }
    }
    let (ada, _) = administrator(&world, LISTS).await;
    for polyglot in POLYGLOTS {
        let fields: String = url::form_urlencoded::byte_serialize(polyglot.as_bytes()).collect();
        let mut next = Some(world.at(RECORD));
        let mut pages = vec![
            ada.opens(&world.at(&format!(
                "/admin/record/person?idp={fields}&subject={fields}"
            )))
            .await,
            ada.opens(&world.at(&format!("/admin/record?person={fields}")))
                .await,
            ada.opens(&world.at(&format!("/admin/record?kind={fields}")))
                .await,
            ada.opens(&world.at(&format!("/admin/record?result={fields}&account={fields}")))
                .await,
        ];
        while let Some(url) = next {
            let page = ada.opens(&url).await;
            let older = page.body.split("rel=\"next\" href=\"").nth(1);
            next = older.map(|rest| world.at(&unescape(rest.split('"').next().unwrap())));
            pages.push(page);
        }
        for page in pages {
            assert!(
                [200, 400].contains(&page.status),
                "{}: {}",
                page.status,
                page.body
            );
            let text = page.body.to_lowercase();
            for markup in [
                "<svg",
                "<iframe",
                "<script",
                "href=\"javascript",
                "srcdoc=<",
                "</style>",
            ] {
                assert!(!text.contains(markup), "{markup}: {}", page.body);
            }
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn the_record_is_paged_by_plain_links_and_copied_out_whole() {
    let world = World::start().await;
    for n in 0..230 {
        let event = Event {
            reason: Some(format!("=reason {n}")),
            ..Event::default()
        };
        let at = now() - TimeDelta::days(1) + TimeDelta::seconds(n);
        let kind = EventKind::KeysRefused;
        world.app.store().append(kind, &event, at).await.unwrap();
    }
    let (ada, _) = administrator(&world, LISTS).await;
    let mut next = Some("/admin/record?kind=keys_refused".to_owned());
    let (mut pages, mut rows) = (0, 0);
    while let Some(path) = next {
        let page = ada.opens(&world.at(&path)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        pages += 1;
        rows += page.body.matches("<li class=\"entry\"").count();
        let older = page.body.split("rel=\"next\" href=\"").nth(1);
        next = older.map(|rest| unescape(rest.split('"').next().unwrap()));
    }
    assert_eq!((pages, rows), (5, 230));

    is_copied(&world, &ada).await;
    world.stop().await;
}

/// All of it, in both formats, over HTTP and by the command.
async fn is_copied(world: &World, ada: &Browser) {
    let copy = ada
        .opens_once(&world.at("/admin/record/export?format=jsonl&kind=keys_refused"))
        .await;
    assert_eq!(copy.status, 200);
    assert_eq!(
        copy.header("content-disposition"),
        "attachment; filename=\"record.jsonl\""
    );
    let lines: Vec<serde_json::Value> = copy
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let reasons: Vec<_> = lines
        .iter()
        .map(|line| line["event"]["reason"].as_str().unwrap().to_owned())
        .collect();
    let right: Vec<_> = (0..230).map(|n| format!("=reason {n}")).collect();
    assert_eq!(reasons, right);
    let copy = ada
        .opens_once(&world.at("/admin/record/export?format=csv&kind=keys_refused"))
        .await;
    assert_eq!(copy.body.lines().count(), 231);
    assert!(copy.body.contains("\"'=reason 7\"") && !copy.body.contains("\"=reason"));
    let copies = world.audit(EventKind::RecordExported).await;
    assert_eq!(
        copies[1].query.as_deref(),
        Some("kind=keys_refused&format=csv")
    );

    let words = [
        "audit",
        "export",
        "--format",
        "csv",
        "--kind",
        "keys_refused",
    ];
    assert_eq!(does(&vestibule(&world.folder, &words).await), copy.body);
    let words = ["audit", "export", "--kind", "nothing"];
    assert!(complains(&vestibule(&world.folder, &words).await).contains("cannot be searched"));
}

#[tokio::test]
async fn a_search_that_means_nothing_is_explained_and_leaves_no_row() {
    let world = World::start().await;
    let (ada, _) = administrator(&world, LISTS).await;
    for (query, reason) in [
        ("kind=nothing", "kinds of events"),
        ("from=yesterday", "`from` is a date"),
        ("from=2026-01-02&until=2026-01-01", "later than"),
        ("idp=corp", "go together"),
    ] {
        for below in ["", "/export"] {
            let page = ada
                .opens_once(&world.at(&format!("{RECORD}{below}?format=csv&{query}")))
                .await;
            assert_eq!(page.status, 400, "{}", page.body);
            assert!(unescape(&page.body).contains(reason), "{}", page.body);
        }
    }
    for path in [
        "/admin/record?before=x",
        "/admin/record/export",
        "/admin/record/role?role=x",
        "/admin/record/person?idp=corp",
    ] {
        assert_eq!(ada.opens_once(&world.at(path)).await.status, 404, "{path}");
    }
    assert!(world.audit(EventKind::RecordRead).await.is_empty());
    assert!(world.audit(EventKind::RecordExported).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn the_oldest_rows_go_when_somebody_says_so_and_the_rest_verifies() {
    let world = World::builder().unpublished().start().await;
    let store = world.app.store().clone();
    let writes = async |age: TimeDelta, count: i64| {
        for n in 0..count {
            let (event, at) = (Event::default(), now() - age + TimeDelta::seconds(n));
            let kind = EventKind::LoginFailed;
            store.append(kind, &event, at).await.unwrap();
        }
    };
    writes(TimeDelta::days(400), 20).await;
    writes(TimeDelta::days(20), 5).await;
    writes(TimeDelta::days(400), 5).await;
    let audit =
        async |words: &[&str]| vestibule(&world.folder, &[&["audit"], words].concat()).await;
    let heads = world.folder.join("heads.jsonl");
    std::fs::write(&heads, does(&audit(&["heads"]).await)).unwrap();
    let heads = heads.to_str().unwrap();
    assert!(complains(&audit(&["purge"]).await).contains("kept for ever"));
    // what tells of sessions that can still live stays, though rows are kept for ever
    for young in [TimeDelta::zero(), TimeDelta::days(1), TimeDelta::days(29)] {
        let before = (now() - young).to_rfc3339();
        for words in [
            &["purge", "--before", &before][..],
            &["purge", "--dry-run", "--before", &before],
        ] {
            let said = complains(&audit(words).await);
            assert!(said.contains("of the last 30 days always are"), "{said}");
        }
    }
    let before = (now() - TimeDelta::days(500)).to_rfc3339();
    let said = does(&audit(&["purge", "--before", &before]).await);
    assert!(said.contains("No row is older"), "{said}");
    let before = (now() - TimeDelta::days(31)).to_rfc3339();
    let said = does(&audit(&["purge", "--before", &before, "--dry-run"]).await);
    // what stands after a younger one is no part of the prefix that goes
    assert!(
        said.contains("would be dropped: 1 to 20,") && said.contains("Nothing was changed"),
        "{said}"
    );
    let said = does(&audit(&["purge", "--before", &before]).await);
    assert!(said.contains("were dropped: 1 to 20,"), "{said}");
    assert!(does(&audit(&["verify", "--heads", heads]).await).contains("were purged"));
    assert!(does(&audit(&["index"]).await).contains("0 entries were not"));
    assert_eq!(world.audit(EventKind::RecordPurged).await.len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn a_copy_holds_one_portion_at_a_time_however_long_the_record_is() {
    let world = World::start().await;
    let store = world.app.store().clone();
    let event = Event {
        note: Some("x".repeat(1_000)),
        ..Event::default()
    };
    for _ in 0..100 {
        let portion = (0..20).map(|_| store.append(EventKind::LoginFailed, &event, now()));
        futures_util::future::try_join_all(portion).await.unwrap();
    }
    let search = vestibule::domain::record::Search::default();
    let record = vestibule::admin::Record::new(store);
    let jsonl = vestibule::admin::Format::Jsonl;
    let mut copying = record.copy(search, jsonl).await.unwrap();
    let (mut lines, mut longest) = (0, 0);
    while let Some(portion) = copying.next().await.unwrap() {
        lines += portion.lines().count();
        longest = longest.max(portion.len());
    }
    assert!(lines > 2_000, "{lines} lines");
    assert!(longest < 200 * 1024, "{longest} bytes at a time");
    world.stop().await;
}
