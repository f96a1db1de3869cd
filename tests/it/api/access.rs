//! The access model by the API: read, checked, published on top of what was read, gone back to.

use serde_json::json;
use vestibule::domain::audit::EventKind;

use super::{Answer, Program, TOML};
use crate::world::World;
use crate::world::accounts::MODEL;

const ALL: &[&str] = &["access:read", "access:write", "roles:probe", "me:read"];

async fn publishes(admin: &Program, text: &str, on: &str) -> Answer {
    let path = "/access/publish?note=by%20a%20program";
    let headers = [TOML, ("if-match", on)];
    admin
        .sends("POST", path, &headers, Some(text.to_owned()))
        .await
}

fn other(model: &str) -> String {
    model.replace("Everything", "All there is")
}

#[tokio::test]
async fn a_model_is_published_on_top_of_what_was_read_and_nothing_is_lost() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let read = admin.gets("/access/document").await;
    assert_eq!(
        (read.status, read.header("content-type")),
        (200, "application/toml")
    );
    let tag = read.header("etag").to_owned();
    assert_eq!(tag, "\"revision-1\"");
    let same = admin
        .sends("GET", "/access/document", &[("if-none-match", &tag)], None)
        .await;
    assert_eq!((same.status, same.text.as_str()), (304, ""));
    let json = admin
        .sends(
            "GET",
            "/access/document",
            &[("accept", "application/json")],
            None,
        )
        .await;
    assert!(json.ok(200)["accounts"].is_array());

    let checked = admin
        .sends("POST", "/access/check", &[TOML], Some(other(MODEL)))
        .await
        .ok(200);
    assert_eq!(checked["base"], 1);
    assert_eq!(checked["changes"].as_array().unwrap().len(), 1, "{checked}");
    let unsaid = admin
        .sends("POST", "/access/publish", &[TOML], Some(other(MODEL)))
        .await;
    unsaid.refused(428, "if-match-needed");
    publishes(&admin, &other(MODEL), "*")
        .await
        .refused(428, "if-match-needed");
    let published = publishes(&admin, &other(MODEL), &tag).await;
    assert_eq!(published.header("etag"), "\"revision-2\"");
    assert_eq!(published.ok(201)["revision"], 2);
    let stale = publishes(&admin, MODEL, &tag).await;
    stale.refused(412, "if-match-stale");
    assert_eq!(stale.json["current"], "\"revision-2\"");
    let row = world.audited(EventKind::AccessPublished, 2).await;
    assert_eq!(row[1].note.as_deref(), Some("by a program"));
    assert!(row[1].token.is_some());
    world.stop().await;
}

#[tokio::test]
async fn a_model_is_read_and_published_as_json_as_well() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let document = admin
        .sends(
            "GET",
            "/access/document",
            &[("accept", "application/json")],
            None,
        )
        .await;
    let headers = [
        ("content-type", "application/json"),
        ("if-match", "\"revision-1\""),
    ];
    let text = document.text.replace("Everything", "As JSON");
    let published = admin
        .sends("POST", "/access/publish", &headers, Some(text))
        .await;
    assert_eq!(published.ok(201)["revision"], 2);
    world.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_document_is_said_at_once_with_key_paths() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let wrong = MODEL.replace("console_hours = 8\n", "console_hours = 80\n");
    for path in ["/access/check", "/access/publish"] {
        let headers = [TOML, ("if-match", "\"revision-1\"")];
        let refused = admin
            .sends("POST", path, &headers, Some(wrong.clone()))
            .await;
        refused.refused(422, "not-publishable");
        let problems = refused.json["problems"].as_array().unwrap();
        let paths: Vec<&str> = problems
            .iter()
            .map(|one| one["path"].as_str().unwrap())
            .collect();
        let both = ["roles[2].console_hours", "roles[3].console_hours"];
        assert_eq!(paths, both, "{}", refused.text);
    }
    let unreadable = admin
        .sends("POST", "/access/check", &[TOML], Some("[[".to_owned()))
        .await;
    unreadable.refused(422, "not-publishable");
    assert_eq!(unreadable.json["problems"][0]["path"], "");
    world.stop().await;
}

#[tokio::test]
async fn revisions_are_listed_compared_and_gone_back_to() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    publishes(&admin, &other(MODEL), "\"revision-1\"")
        .await
        .ok(201);
    let page = admin.gets("/access/revisions?limit=1").await.ok(200);
    assert_eq!(
        (&page["revisions"][0]["number"], &page["next"]),
        (&json!(2), &json!(2))
    );
    let page = admin
        .gets("/access/revisions?limit=1&before=2")
        .await
        .ok(200);
    assert_eq!(page["revisions"][0]["number"], 1);
    assert!(page.get("next").is_none());
    let one = admin.gets("/access/revisions/2").await;
    assert_eq!(one.header("etag"), "\"revision-2\"");
    let one = one.ok(200);
    assert_eq!(one["note"], "by a program");
    assert_eq!(one["changes"].as_array().unwrap().len(), 1);
    let compared = admin.gets("/access/compare?from=1&to=2").await.ok(200);
    assert_eq!(compared["changes"], one["changes"]);
    admin
        .gets("/access/compare?from=1")
        .await
        .refused(400, "body-unreadable");
    for number in ["9", "0", "x", "-1"] {
        let path = format!("/access/revisions/{number}");
        admin.gets(&path).await.refused(404, "no-such-revision");
    }
    let path = "/access/revisions/1/restore";
    admin
        .posts(path, &json!({}))
        .await
        .refused(428, "if-match-needed");
    let stale = [("if-match", "\"revision-1\"")];
    admin
        .posts_with(path, &json!({}), &stale)
        .await
        .refused(412, "if-match-stale");
    let on = [("if-match", "\"revision-2\"")];
    let back = admin
        .posts_with(path, &json!({"note": "too much"}), &on)
        .await
        .ok(201);
    assert_eq!(back["revision"], 3);
    let compared = admin.gets("/access/compare?from=1&to=3").await.ok(200);
    assert_eq!(compared["changes"], json!([]));
    world.stop().await;
}

#[tokio::test]
async fn the_model_is_listed_asked_why_and_probed() {
    let world = World::builder().issuing_keys().start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let rules = admin.gets("/access/rules?q=contractors").await.ok(200);
    assert_eq!(
        (rules["found"].as_u64(), &rules["rules"][0]["denies"]),
        (Some(1), &json!(["environment:production"]))
    );
    let roles = admin.gets("/access/roles").await.ok(200);
    assert!(roles["found"].as_u64().unwrap() > 8);
    let accounts = admin.gets("/access/accounts?q=gov").await.ok(200);
    assert_eq!(accounts["accounts"][0]["partition"], "aws-us-gov");

    let about = |attributes| json!({"role": "payments-prod/Admin", "idp": "corp", "subject": "nora", "attributes": attributes});
    let held = admin
        .posts("/access/why", &about(json!({"groups": ["payments-eng"]})))
        .await
        .ok(200);
    assert_eq!(held["verdict"], "held");
    let taken = json!({"groups": ["payments-eng"], "employment": ["contractor"]});
    let taken = admin.posts("/access/why", &about(taken)).await.ok(200);
    assert_eq!(taken["verdict"], "taken_away");
    assert!(
        world.audit(EventKind::WhyAsked).await.is_empty(),
        "nobody was looked up"
    );
    let unknown = json!({"role": "payments-prod/Admin", "idp": "corp", "subject": "nora"});
    admin
        .posts("/access/why", &unknown)
        .await
        .refused(404, "nobody-known");
    assert_eq!(world.audited(EventKind::WhyAsked, 1).await.len(), 1);
    let role = json!({"role": "payments-prod/Nothing", "idp": "corp", "subject": "nora", "attributes": {}});
    admin
        .posts("/access/why", &role)
        .await
        .refused(404, "no-such-role");

    world.aws_forgets();
    let key = [("idempotency-key", "probe-1")];
    let role = json!({"role": "payments-prod/Narrow"});
    let probed = admin.posts_with("/access/probe", &role, &key).await.ok(200);
    assert_eq!(probed["verdict"], "works", "{probed}");
    let asked = world.sts_calls().len();
    let again = admin.posts_with("/access/probe", &role, &key).await.ok(200);
    assert_eq!(again, probed);
    assert_eq!(world.sts_calls().len(), asked, "AWS was asked once");
    admin
        .posts("/access/probe", &role)
        .await
        .refused(429, "probed-too-soon");
    assert_eq!(
        admin.gets("/issuer").await.ok(200)["keys"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    world.stop().await;
}

#[tokio::test]
async fn a_whole_document_that_needs_a_second_thought_is_published_by_its_phrase_alone() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let everybody = format!(
        "{MODEL}\n[[rules]]\nname = \"all\"\nwhen = [{{ idp = \"corp\" }}]\ngrant = [\"payments-prod/Admin\"]\n"
    );
    let publishes = async |confirm: &str, on: &str| {
        let path = format!("/access/publish{confirm}");
        let headers = [TOML, ("if-match", on)];
        admin
            .sends("POST", &path, &headers, Some(everybody.clone()))
            .await
    };
    for confirm in [
        "",
        "?confirm=",
        "?confirm=yes",
        "?confirm=payments-prod%200",
    ] {
        let refused = publishes(confirm, "\"revision-1\"").await;
        refused.refused(422, "confirmation-needed");
        assert_eq!(refused.json["confirm"], "payments-prod");
    }
    let restores = async |number: i64, body: serde_json::Value, on: &str| {
        let path = format!("/access/revisions/{number}/restore");
        let headers = [("content-type", "application/json"), ("if-match", on)];
        admin
            .sends("POST", &path, &headers, Some(body.to_string()))
            .await
    };
    assert_eq!(world.app.store().revision_number().await.unwrap(), 1);
    publishes("?confirm=payments-prod", "\"revision-1\"")
        .await
        .ok(201);
    restores(1, json!({}), "\"revision-2\"").await.ok(201);
    let refused = restores(2, json!({"confirm": "2"}), "\"revision-3\"").await;
    refused.refused(422, "confirmation-needed");
    restores(2, json!({"confirm": "payments-prod"}), "\"revision-3\"")
        .await
        .ok(201);
    world.stop().await;
}
