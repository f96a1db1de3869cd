//! The record by the API: found, copied, led back to from CloudTrail; and that whoever reads it stands in it.

use serde_json::Value;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::audit::{Event, EventKind};

use super::Program;
use crate::web::wire::{cookie_line, sends};
use crate::world::World;

/// The id of a program's newest token.
async fn id_of(program: &Program) -> String {
    let tokens = program.gets("/tokens").await.ok(200);
    tokens["tokens"][0]["id"].as_str().unwrap().to_owned()
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The rows of a page, without what is said of CloudTrail.
fn rows(page: &Value) -> Vec<Value> {
    let mut rows = page["rows"].as_array().unwrap().clone();
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("cloudtrail");
    }
    rows
}

#[tokio::test]
async fn a_sign_in_is_found_with_its_trail_and_every_look_says_by_which_token() {
    let world = World::start().await;
    let erin = world.signed_in("erin").await;
    let page = erin.opens_once(&world.at("/go/payments-prod/Admin")).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let (_, ended) = world.signin_rows(1).await;
    let reader = Program::of(&world, "ada", &["record:read", "tokens"]).await;
    let id = id_of(&reader).await;
    assert!(world.audit(EventKind::RecordRead).await.is_empty());

    let search = "/record?person=ERIN%40example.com&kind=signin_ended";
    let found = reader.gets(search).await.ok(200);
    let row = &found["rows"][0];
    assert_eq!(found["rows"].as_array().unwrap().len(), 1);
    assert_eq!(row["event"]["schema"], 2);
    assert_eq!(row["event"]["role"], "payments-prod/Admin");
    let text = |field: &Option<String>| field.clone().unwrap();
    let (name, account) = (text(&ended.session_name), text(&ended.account));
    let arn = format!("arn:aws:sts::{account}:assumed-role/Admin/{name}");
    let trail = &row["cloudtrail"];
    assert_eq!(trail["arn"], arn.as_str());
    assert_eq!(trail["session_name"], name.as_str());
    assert_eq!(trail["access_key_id"], text(&ended.access_key_id).as_str());

    let (idp, subject) = (text(&ended.idp), text(&ended.subject));
    let person = format!("/record/person?idp={idp}&subject={}", encoded(&subject));
    let of = reader.gets(&person).await.ok(200);
    assert_eq!(&of["signins"]["rows"][0], row);
    assert_eq!(of["sessions"]["rows"][0]["kind"], "session_began");
    let role = "/record/role?role=payments-prod%2FAdmin";
    let of = reader.gets(role).await.ok(200);
    assert_eq!(&of["signins"]["rows"][0], row);
    assert_eq!(of["role"], "payments-prod/Admin");

    leads_back(&reader, &ended, &arn, row).await;
    let reads = world.audited(EventKind::RecordRead, 7).await;
    let queries: Vec<&str> = reads
        .iter()
        .filter_map(|read| read.query.as_deref())
        .collect();
    assert_eq!(queries[0], "person=ERIN%40example.com&kind=signin_ended");
    assert_eq!(
        queries[1],
        format!("idp={idp}&subject={}", encoded(&subject))
    );
    assert_eq!(queries[2], "role=payments-prod%2FAdmin");
    assert_eq!(queries[3], format!("trace={}", encoded(&arn)));
    assert_eq!(reads.len(), 7);
    for read in reads {
        assert_eq!(read.token.as_ref(), Some(&id));
        assert_eq!(read.subject.as_deref(), Some("ada@example.com"));
    }
    world.stop().await;
}

/// Every name that CloudTrail has of a sign-in leads back to the person, and no other does.
async fn leads_back(reader: &Program, ended: &Event, arn: &str, row: &Value) {
    let other = arn.replace("/Admin/", "/Other/");
    let text = |field: &Option<String>| field.clone().unwrap();
    let (name, key) = (text(&ended.session_name), text(&ended.access_key_id));
    for trace in [arn, &name, &key, &other] {
        let path = format!("/record/who?trace={}", encoded(trace));
        let whose = reader.gets(&path).await.ok(200);
        let people = whose["people"].as_array().unwrap();
        if trace == other {
            assert!(people.is_empty() && rows(&whose).is_empty(), "{whose}");
        } else {
            assert_eq!(people.len(), 1, "{whose}");
            assert_eq!(people[0]["subject"], text(&ended.subject).as_str());
            assert!(whose["rows"].as_array().unwrap().contains(row));
        }
    }
}

#[tokio::test]
async fn pages_hold_the_rows_of_a_copy_and_a_copy_is_the_one_of_the_page_with_its_cells_guarded() {
    let world = World::start().await;
    for n in 0..230 {
        let event = Event {
            reason: Some(format!("=reason {n}\u{202e}")),
            ..Event::default()
        };
        let at = SystemClock.now() - chrono::TimeDelta::seconds(300 - n);
        let kind = EventKind::KeysRefused;
        world.app.store().append(kind, &event, at).await.unwrap();
    }
    let reader = Program::of(&world, "ada", &["record:read"]).await;
    let (mut paged, mut next, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let path = format!("/record?kind=keys_refused&limit=100{next}");
        let page = reader.gets(&path).await.ok(200);
        paged.extend(rows(&page));
        pages += 1;
        let Some(before) = page["next"].as_str() else {
            break;
        };
        next = format!("&before={before}");
    }
    assert_eq!((pages, paged.len()), (3, 230));
    let fields = "kind=keys_refused";
    let ada = world.signed_in("ada").await;
    for (format, kind) in [("jsonl", "application/x-ndjson"), ("csv", "text/csv")] {
        let path = format!("/record/export?format={format}&{fields}");
        let accept = [("accept", kind)];
        let copy = reader.sends("GET", &path, &accept, None).await;
        assert_eq!(copy.status, 200, "{}", copy.text);
        assert!(copy.header("content-type").starts_with(kind));
        assert_eq!(copy.header("x-content-type-options"), "nosniff");
        let page = ada.opens_once(&world.at(&format!("/admin{path}"))).await;
        assert_eq!(copy.text, page.body, "the same, byte for byte");
        if format == "csv" {
            assert_eq!(copy.text.lines().count(), 231);
            assert!(copy.text.contains("\"'=reason 7\\u202e\""), "{}", copy.text);
            assert!(!copy.text.contains("\"=reason"));
        } else {
            let lines = copy
                .text
                .lines()
                .map(|line| serde_json::from_str(line).unwrap());
            let lines: Vec<Value> = lines.rev().collect();
            assert_eq!(lines, paged);
        }
    }
    let copies = world.audited(EventKind::RecordExported, 4).await;
    assert_eq!(
        copies[0].query.as_deref(),
        Some("kind=keys_refused&format=jsonl")
    );
    assert!(copies[0].token.is_some() && copies[1].token.is_none());
    world.stop().await;
}

#[tokio::test]
async fn what_means_nothing_is_refused_and_leaves_no_row() {
    let world = World::start().await;
    let reader = Program::of(&world, "ada", &["record:read"]).await;
    let long = format!("/record/who?trace={}", "a".repeat(3_000));
    for path in [
        "/record?before=x",
        "/record?before=1.",
        "/record?before=99999999999999999999.1",
        "/record?before=1.1%00",
        "/record?limit=0",
        "/record?limit=201",
        "/record?limit=-1",
        "/record?persn=erin",
        "/record?kind=nothing",
        "/record?from=yesterday",
        "/record?from=2026-01-02&until=2026-01-01",
        "/record?idp=corp",
        "/record?cause=%1b%5b2J",
        "/record/export",
        "/record/export?format=xml",
        "/record/export?format=csv&persn=erin",
        "/record/export?format=csv&before=1.1",
        "/record/export?format=csv&kind=nothing",
        "/record/person?idp=corp",
        "/record/person?subject=erin",
        "/record/role",
        "/record/role?role=Admin",
        "/record/who",
        "/record/who?trace=a%20b",
        "/record/who?trace=arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fx",
        &long,
    ] {
        let answer = reader.gets(path).await;
        answer.refused(400, "body-unreadable");
        assert!(!answer.text.contains('\u{1b}'), "{path}");
    }
    for path in ["/record?person=a&person=b", "/record?person=%zz"] {
        reader.gets(path).await.refused(400, "link-unreadable");
    }
    for kind in [EventKind::RecordRead, EventKind::RecordExported] {
        assert!(world.audit(kind).await.is_empty());
    }
    // what cannot be there finds nothing
    let path = "/record?before=-1.-1&address=nowhere";
    assert!(rows(&reader.gets(path).await.ok(200)).is_empty());
    world.stop().await;
}

#[tokio::test]
async fn who_cannot_be_written_down_reads_nothing_by_the_api_either() {
    let world = World::start().await;
    let reader = Program::of(&world, "ada", &["record:read"]).await;
    let people = reader.gets("/people?q=ada").await.ok(200);
    let ada = format!(
        "/people/{}",
        people["people"][0]["person"].as_str().unwrap()
    );
    let url = format!("sqlite:{}", world.folder.join("vestibule.db").display());
    crate::record::runs(&url, crate::record::REFUSE_ON_SQLITE).await;
    for path in [
        "/record",
        "/record/export?format=csv",
        "/record/person?idp=corp&subject=ada%40example.com",
        "/record/role?role=payments-prod/Admin",
        "/record/who?trace=ada%40example.com",
        &ada,
    ] {
        let answer = reader.gets(path).await;
        answer.refused(503, "database-away");
    }
    crate::record::runs(&url, crate::record::ALLOW_ON_SQLITE).await;
    reader.gets("/record").await.ok(200);
    world.stop().await;
}

#[tokio::test]
async fn a_link_of_another_site_has_no_session_read_by_the_api() {
    let world = World::start().await;
    let ada = world.signed_in("ada").await;
    let cookies = cookie_line(&world, &ada);
    let token = super::made(&world, &ada, &["record:read"]).await;
    let reader = Program::with(&world, Some(&token)).await;
    let people = reader.gets("/people?q=ada").await.ok(200);
    let person = people["people"][0]["person"].as_str().unwrap();
    let paths = [
        "/record".to_owned(),
        "/record/export?format=jsonl".to_owned(),
        "/record/person?idp=corp&subject=ada".to_owned(),
        "/record/role?role=payments-prod/Admin".to_owned(),
        "/record/who?trace=ada".to_owned(),
        format!("/people/{person}"),
    ];
    let asks = async |path: &str, site: &str| {
        let site = format!("Sec-Fetch-Site: {site}");
        let line = format!("GET /api/v1{path}");
        sends(&world, &line, &[&cookies, &site], b"").await
    };
    for path in &paths {
        for site in ["cross-site", "same-site"] {
            let answer = asks(path, site).await;
            assert_eq!(answer.status, 403, "{path}: {}", answer.body);
            assert!(answer.body.contains("\"led-from-elsewhere\""));
        }
    }
    for kind in [EventKind::RecordRead, EventKind::RecordExported] {
        assert!(world.audit(kind).await.is_empty());
    }
    for path in &paths {
        let answer = asks(path, "none").await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    let reads = world.audited(EventKind::RecordRead, 5).await;
    assert!(reads.iter().all(|read| read.token.is_none()));
    world.stop().await;
}
