//! Tokens: made, shown once, used, listed, revoked; and never more than their person.

use chrono::TimeDelta;
use serde_json::json;
use vestibule::domain::audit::EventKind;

use super::{Program, made, makes, shown};
use crate::world::World;
use crate::world::accounts::MODEL;

async fn database(world: &World) -> Vec<u8> {
    let mut all = Vec::new();
    for name in ["vestibule.db", "vestibule.db-wal"] {
        all.extend(
            tokio::fs::read(world.folder.join(name))
                .await
                .unwrap_or_default(),
        );
    }
    all
}

#[tokio::test]
async fn a_token_is_shown_once_and_only_its_digest_is_kept() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let page = makes(
        &world,
        &browser,
        ("my laptop", "7"),
        &["me:read", "keys:make"],
    )
    .await;
    let token = shown(&page);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let kept = database(&world).await;
    assert!(
        kept.windows(9).any(|part| part == b"my laptop"),
        "the database was read"
    );
    let secret = token.trim_start_matches("vst_").as_bytes();
    assert!(!kept.windows(secret.len()).any(|part| part == secret));
    // neither the list nor the record has it, and both name it
    let list = browser.opens(&world.at("/tokens")).await;
    assert!(list.body.contains("my laptop") && !list.body.contains("vst_"));
    let rows = world.audited(EventKind::TokenMade, 1).await;
    assert_eq!(
        rows[0].note.as_deref(),
        Some("my laptop: me:read keys:make")
    );
    assert_eq!(rows[0].token.as_ref().map(String::len), Some(16));
    assert!(rows[0].until.is_some());

    let program = Program::with(&world, Some(&token)).await;
    let me = program.gets("/me").await.ok(200);
    assert_eq!(me["subject"], "erin@example.com");
    let session = browser.opens_once(&world.at("/api/v1/me")).await;
    let session: serde_json::Value = serde_json::from_str(&session.body).unwrap();
    assert_eq!(me, session, "the same as by the session");
    let list = browser.opens(&world.at("/tokens")).await;
    assert!(!list.body.contains("<dd>never</dd>"), "{}", list.body);
    world.stop().await;
}

#[tokio::test]
async fn a_token_ends_by_itself_by_its_person_and_by_an_administrator() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let one = shown(&makes(&world, &browser, ("one", "1"), &["me:read"]).await);
    let one = Program::with(&world, Some(&one)).await;
    let two = Program::with(&world, Some(&made(&world, &browser, &["me:read"]).await)).await;
    let three = Program::with(&world, Some(&made(&world, &browser, &["tokens"]).await)).await;
    one.gets("/me").await.ok(200);
    // what the session does ends no token
    world.clock.advance(TimeDelta::hours(24));
    let ended = one.gets("/me").await;
    ended.refused(401, "token-unknown");
    assert!(ended.header("www-authenticate").starts_with("Bearer "));
    two.gets("/me").await.ok(200);

    let list = three.gets("/tokens").await.ok(200);
    let ids: Vec<&str> = list["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .map(|token| token["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 2, "what has ended is not listed");
    let admin = Program::of(&world, "ada", &["revoke", "tokens"]).await;
    // another person's is not theirs to see
    admin
        .deletes(&format!("/tokens/{}", ids[0]))
        .await
        .refused(404, "no-such-token");
    let all = admin.gets("/admin/tokens?limit=2").await.ok(200);
    assert_eq!(all["tokens"].as_array().unwrap().len(), 2);
    let next = all["next"].as_str().unwrap();
    let rest = admin
        .gets(&format!("/admin/tokens?after={next}"))
        .await
        .ok(200);
    assert_eq!(rest["tokens"].as_array().unwrap().len(), 1);
    let of_two = list["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .find(|token| token["scopes"] == json!(["me:read"]))
        .unwrap()["id"]
        .as_str()
        .unwrap();
    assert_eq!(
        admin
            .deletes(&format!("/admin/tokens/{of_two}"))
            .await
            .status,
        204
    );
    two.gets("/me").await.refused(401, "token-unknown");
    admin
        .deletes(&format!("/admin/tokens/{of_two}"))
        .await
        .refused(404, "no-such-token");
    let gone = world.audited(EventKind::TokenRevoked, 1).await;
    assert_eq!(gone[0].subject.as_deref(), Some("ada@example.com"));
    let about = gone[0].about.as_ref().unwrap();
    assert_eq!(about.subject.as_deref(), Some("erin@example.com"));

    assert_eq!(three.deletes("/tokens").await.status, 204);
    three.gets("/tokens").await.refused(401, "token-unknown");
    world.stop().await;
}

#[tokio::test]
async fn the_record_names_a_token_that_is_made_or_goes_and_the_one_that_asks_beside_it() {
    let world = World::start().await;
    let erin = Program::of(&world, "erin", &["me:read", "tokens"]).await;
    let admin = Program::of(&world, "ada", &["revoke", "tokens"]).await;
    let newest = async |of: &Program| {
        let list = of.gets("/tokens").await.ok(200);
        list["tokens"][0]["id"].as_str().unwrap().to_owned()
    };
    let (erins, admins) = (newest(&erin).await, newest(&admin).await);
    let wanted = json!({"name": "b", "scopes": ["me:read"], "days": 1});
    let child = erin.posts("/tokens", &wanted).await.ok(201);
    let child = child["id"].as_str().unwrap();
    let made = world.audited(EventKind::TokenMade, 3).await;
    assert_eq!(
        (&made[0].token, &made[0].by_token),
        (&Some(erins.clone()), &None)
    );
    assert_eq!(made[2].token.as_deref(), Some(child));
    assert_eq!(made[2].by_token.as_ref(), Some(&erins));
    let path = format!("/admin/tokens/{child}");
    assert_eq!(admin.deletes(&path).await.status, 204);
    assert_eq!(erin.deletes("/tokens").await.status, 204);
    let gone = world.audited(EventKind::TokenRevoked, 2).await;
    assert_eq!(gone[0].token.as_deref(), Some(child));
    assert_eq!(gone[0].by_token.as_ref(), Some(&admins));
    // it may be the one that asks
    assert_eq!(gone[1].token.as_ref(), Some(&erins));
    assert_eq!(gone[1].by_token.as_ref(), Some(&erins));
    // rows with both verify, and are found
    let search = vestibule::domain::record::Search::default();
    let record = vestibule::admin::Record::new(world.app.store().clone());
    let mut copying = record
        .copy(search, vestibule::admin::Format::Csv)
        .await
        .unwrap();
    let mut copied = String::new();
    while let Some(lines) = copying.next().await.unwrap() {
        copied += &lines;
    }
    assert!(copied.contains(&format!("\"{child}\",\"{admins}\"")));
    let verified = crate::commands::vestibule(&world.folder, &["audit", "verify"]).await;
    crate::commands::does(&verified);
    world.stop().await;
}

#[tokio::test]
async fn people_revoke_their_tokens_on_the_page_and_administrators_anybodys() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let first = made(&world, &browser, &["me:read"]).await;
    let second = made(&world, &browser, &["me:read"]).await;
    let ada = world.signed_in("ada").await;
    let page = ada.opens(&world.at("/admin/tokens")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let form = page.form_with("id").unwrap();
    let page = ada.submits(&form).await;
    assert_eq!((page.status, page.url.path()), (200, "/admin/tokens"));
    browser
        .opens(&world.at("/admin/tokens"))
        .await
        .is_refused(403, "not-entitled");
    let page = browser.opens(&world.at("/tokens")).await;
    let all = page
        .forms()
        .into_iter()
        .find(|form| form.value("all").is_some())
        .unwrap();
    let page = browser.submits(&all).await;
    assert!(page.body.contains("You have none."), "{}", page.body);
    for token in [first, second] {
        Program::with(&world, Some(&token))
            .await
            .gets("/me")
            .await
            .refused(401, "token-unknown");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_token_does_what_it_is_for_and_makes_none_that_does_more() {
    let world = World::start().await;
    let program = Program::of(&world, "erin", &["me:read", "tokens"]).await;
    let refused = program
        .posts("/keys", &json!({"role": "payments-dev/Developer"}))
        .await;
    refused.refused(403, "scope-lacking");
    assert_eq!(refused.json["scope"], "keys:make");
    let asks = |scopes: &[&str], days: u16| json!({"name": "b", "scopes": scopes, "days": days});
    let made = program.posts("/tokens", &asks(&["me:read"], 10)).await;
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.ok(201);
    let child = Program::with(&world, made["token"].as_str()).await;
    child.gets("/me").await.ok(200);
    child.gets("/tokens").await.refused(403, "scope-lacking");
    for (asked, why) in [
        (asks(&["keys:make"], 10), "more"),
        (asks(&["me:read"], 31), "longer"),
        (asks(&["me:read"], 366), "365"),
        (asks(&["me:read"], 0), "1 to"),
        (asks(&[], 10), "at least one"),
        (
            json!({"name": "", "scopes": ["me:read"], "days": 1}),
            "name",
        ),
    ] {
        let refused = program.posts("/tokens", &asked).await;
        refused.refused(422, "token-refused");
        assert!(
            refused.json["detail"].as_str().unwrap().contains(why),
            "{}",
            refused.text
        );
    }
    let unknown = program.posts("/tokens", &asks(&["everything"], 1)).await;
    unknown.refused(400, "body-unreadable");
    world.stop().await;
}

#[tokio::test]
async fn a_token_gives_no_more_than_its_person_may_at_that_moment() {
    let world = World::start().await;
    let program = Program::of(&world, "erin", &["me:read", "keys:make", "access:read"]).await;
    let admin = Program::of(&world, "ada", &["access:read"]).await;
    admin.gets("/access/rules").await.ok(200);
    // a scope for administrators makes nobody one
    program
        .gets("/access/rules")
        .await
        .refused(403, "not-entitled");
    let roles = program.gets("/me").await.ok(200)["roles"]
        .as_array()
        .unwrap()
        .len();
    assert!(roles > 3);
    // the model takes them away
    world
        .publishes(&MODEL.replace("payments-eng\" }]", "nobody\" }]"))
        .await;
    assert_eq!(program.gets("/me").await.ok(200)["roles"], json!([]));
    let wanted = json!({"role": "payments-dev/Developer"});
    program
        .posts("/keys", &wanted)
        .await
        .refused(403, "not-entitled");
    world.publishes(MODEL).await;
    program.posts("/keys", &wanted).await.ok(201);
    // whoever signs in with fewer groups has tokens that can do less
    let mut person = world.sandbox.people().find("erin").unwrap();
    person.groups.clear();
    world.sandbox.people().put(person);
    world.signed_in("erin").await;
    program
        .posts("/keys", &wanted)
        .await
        .refused(403, "not-entitled");
    assert_eq!(program.gets("/me").await.ok(200)["roles"], json!([]));
    let mut ada = world.sandbox.people().find("ada").unwrap();
    ada.groups.clear();
    world.sandbox.people().put(ada);
    world.signed_in("ada").await;
    admin
        .gets("/access/rules")
        .await
        .refused(403, "not-entitled");
    world.stop().await;
}

#[tokio::test]
async fn a_block_ends_the_tokens_of_whoever_is_blocked() {
    let world = World::start().await;
    let erin = Program::of(&world, "erin", &["me:read", "keys:make"]).await;
    let carl = Program::of(&world, "carl", &["me:read"]).await;
    let ada = world.signed_in("ada").await;
    let page = ada.opens(&world.at("/admin/people")).await;
    let person = page
        .links()
        .into_iter()
        .find(|link| link.starts_with("/admin/people/"));
    assert!(person.is_some(), "{}", page.body);
    let mut blocked = 0;
    for link in page.links() {
        if !link.starts_with("/admin/people/") {
            continue;
        }
        let page = ada.opens(&world.at(&link)).await;
        if page.body.contains("erin@example.com") {
            let block = page
                .forms()
                .into_iter()
                .find(|form| form.value("deed") == Some("block"));
            let block = block.unwrap_or_else(|| panic!("no block: {:?}", page.forms()));
            assert_eq!(ada.submits(&block).await.status, 200);
            blocked += 1;
        }
    }
    assert_eq!(blocked, 1);
    erin.gets("/me").await.refused(401, "token-unknown");
    carl.gets("/me").await.ok(200);
    world.stop().await;
}

#[tokio::test]
async fn where_the_configuration_has_no_tokens_none_is_made() {
    let world = World::builder()
        .with("[aws]\n", "[tokens]\nmost_days = 0\n\n[aws]\n")
        .start()
        .await;
    let browser = world.signed_in("erin").await;
    let page = browser.opens(&world.at("/tokens")).await;
    assert!(
        page.body.contains("There are no tokens here"),
        "{}",
        page.body
    );
    let page = makes(&world, &browser, ("x", "1"), &["me:read"]).await;
    page.is_refused(422, "token-refused");
    world.stop().await;
}
