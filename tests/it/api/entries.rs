//! A draft's entries by the API: found, added, changed and taken out one by one, with what is wrong by its path.

use serde_json::{Value, json};

use super::drafts::Draft;
use super::{Answer, Program};
use crate::world::World;

const ALL: &[&str] = &["access:read", "access:write"];
const ADMIN: &str = "/entries/roles/entry?name=payments-prod/Admin";

async fn gets(draft: &Draft<'_>, ending: &str) -> Answer {
    let path = format!("{}{ending}", draft.path);
    draft.program.gets(&path).await
}

async fn sends(draft: &Draft<'_>, method: &str, ending: &str, body: Option<&Value>) -> Answer {
    let path = format!("{}{ending}", draft.path);
    let headers = [
        ("content-type", "application/json"),
        ("if-match", draft.tag.as_str()),
    ];
    let body = body.map(Value::to_string);
    draft.program.sends(method, &path, &headers, body).await
}

/// Does it on what was seen, and sees that.
async fn does(draft: &mut Draft<'_>, method: &str, ending: &str, body: Option<&Value>) {
    let done = sends(draft, method, ending, body).await;
    let status = if method == "POST" { 201 } else { 200 };
    assert_eq!(done.status, status, "{}", done.text);
    assert_ne!(done.header("etag"), draft.tag);
    done.header("etag").clone_into(&mut draft.tag);
}

#[tokio::test]
async fn entries_are_found_with_what_refers_to_them() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let draft = Draft::begin(&admin).await;
    let all = gets(&draft, "/entries/roles").await;
    assert_eq!(all.header("etag"), "\"draft-1\"");
    let all = all.ok(200);
    assert_eq!(
        (&all["section"], &all["found"], &all["version"]),
        (&json!("roles"), &json!(10), &json!(1))
    );
    let found = gets(&draft, "/entries/accounts?q=PRODUCTION%20gov")
        .await
        .ok(200);
    assert_eq!(
        (&found["found"], &found["entries"][0]["name"]),
        (&json!(1), &json!("gov-prod"))
    );
    assert!(
        !found["entries"][0]["used_by"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    for (section, name) in [("scopes", "read-only"), ("rules", "payments engineers")] {
        let list = gets(&draft, &format!("/entries/{section}?q={name}"))
            .await
            .ok(200);
        assert_eq!(list["entries"][0]["name"], name);
        let one = gets(
            &draft,
            &format!("/entries/{section}/entry?name={name}&nth=0"),
        )
        .await;
        assert_eq!(one.ok(200), list["entries"][0]);
    }
    let role = gets(&draft, ADMIN).await.ok(200);
    assert_eq!(role["entry"]["external_id"], "vestibule-test");
    assert_eq!(role["used_by"][0], "rule payments engineers");
    for ending in [
        "/entries/people",
        "/entries/roles/entry?name=payments-prod/Nobody",
        "/entries/roles/entry?name=payments-prod/Admin&nth=1",
        "/entries/accounts/entry?name=payments-prod/Admin",
        "/entries/roles/one?name=payments-prod/Admin",
    ] {
        gets(&draft, ending).await.refused(404, "not-found");
    }
    for ending in ["/entries/roles/entry", "/entries/roles/entry?name=a&nth=x"] {
        gets(&draft, ending).await.refused(400, "body-unreadable");
    }
    world.stop().await;
}

#[tokio::test]
async fn an_entry_is_added_changed_and_taken_out_and_its_name_is_followed() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    let rule = json!({"name": "a/b & é?", "when": [{"attribute": "groups", "is": "night"}], "grant": ["payments-dev/*"]});
    does(&mut draft, "POST", "/entries/rules", Some(&rule)).await;
    let one = "/entries/rules/entry?name=a%2Fb%20%26%20%C3%A9%3F";
    assert_eq!(gets(&draft, one).await.ok(200)["entry"], rule);
    let mut role = gets(&draft, ADMIN).await.ok(200)["entry"].clone();
    role["console_hours"] = json!(4);
    does(&mut draft, "PUT", ADMIN, Some(&role)).await;
    // an account gets another alias: its roles follow, and so do links
    let account = "/entries/accounts/entry?name=payments-dev";
    let mut keys = gets(&draft, account).await.ok(200)["entry"].clone();
    keys["alias"] = json!("payments-lab");
    does(
        &mut draft,
        "PUT",
        &format!("{account}&keeps_links=true"),
        Some(&keys),
    )
    .await;
    let lab = gets(&draft, "/entries/accounts/entry?name=payments-lab")
        .await
        .ok(200);
    assert_eq!(lab["entry"]["former_aliases"], json!(["payments-dev"]));
    let rule = gets(&draft, one).await.ok(200);
    assert_eq!(rule["entry"]["grant"], json!(["payments-lab/*"]));
    let review = draft.review().await;
    assert_eq!(review["stands"], "ready", "{review}");
    does(&mut draft, "DELETE", one, None).await;
    gets(&draft, one).await.refused(404, "not-found");
    assert_eq!(draft.tag, "\"draft-5\"");
    // what is not there is neither changed nor taken out
    for method in ["PUT", "DELETE"] {
        let body = (method == "PUT").then_some(&role);
        let gone = "/entries/roles/entry?name=payments-prod/Nobody";
        sends(&draft, method, gone, body)
            .await
            .refused(404, "not-found");
    }
    let text = draft.text().await;
    draft.still_is(&text).await;
    world.stop().await;
}

/// A role's keys, one of them otherwise.
fn with(role: &Value, key: &str, value: Value) -> Value {
    let mut role = role.clone();
    role[key] = value;
    role
}

/// Where something is wrong.
fn paths(answer: &Answer) -> Vec<String> {
    let problems = answer.json["problems"].as_array().unwrap().iter();
    problems
        .map(|one| one["path"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn what_is_wrong_with_an_entry_is_said_by_its_path_and_nothing_is_saved() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    let text = draft.text().await;
    let role = gets(&draft, ADMIN).await.ok(200)["entry"].clone();
    for (key, value) in [
        ("console_hours", json!(80)),
        ("credentials", json!("nobody")),
        ("session_policy", json!("{")),
    ] {
        let answer = sends(&draft, "PUT", ADMIN, Some(&with(&role, key, value))).await;
        answer.refused(422, "entry-unfit");
        let paths = paths(&answer);
        assert!(
            !paths.is_empty() && paths.iter().all(|path| path.starts_with(key)),
            "{paths:?}"
        );
    }
    let empty = sends(&draft, "POST", "/entries/rules", Some(&json!({}))).await;
    empty.refused(422, "entry-unfit");
    // one that is there already is not added again
    let twice = sends(&draft, "POST", "/entries/roles", Some(&role)).await;
    twice.refused(422, "entry-unfit");
    draft.still_is(&text).await;
    // anyway is anyway: the review says what is left to do
    let wrong = with(&role, "console_hours", json!(80));
    let anyway = format!("{ADMIN}&anyway=true");
    does(&mut draft, "PUT", &anyway, Some(&wrong)).await;
    let review = draft.review().await;
    assert_eq!(review["problems"][0]["path"], "roles[2].console_hours");
    world.stop().await;
}

#[tokio::test]
async fn what_is_no_entry_is_said_by_its_path_and_nothing_is_saved() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let draft = Draft::begin(&admin).await;
    let text = draft.text().await;
    let role = gets(&draft, ADMIN).await.ok(200)["entry"].clone();
    for (key, value, at) in [
        ("console_hours", json!("8"), "console_hours"),
        ("console_hours", json!(-1), "console_hours"),
        ("tags", json!({"team": ["a"]}), "tags.team"),
        ("transitive_tags", json!(["a", 1]), "transitive_tags[1]"),
        ("via", json!({"role": 1}), "via.role"),
        ("colour", json!("red"), "colour"),
    ] {
        let answer = sends(&draft, "PUT", ADMIN, Some(&with(&role, key, value))).await;
        answer.refused(400, "body-unreadable");
        assert_eq!(paths(&answer), [at], "{}", answer.text);
    }
    let rule = json!({"name": "x", "when": [{"attribute": "a", "is": 1}]});
    let answer = sends(&draft, "POST", "/entries/rules", Some(&rule)).await;
    answer.refused(400, "body-unreadable");
    assert!(paths(&answer)[0].starts_with("when[0]"), "{}", answer.text);
    let elsewhere = sends(&draft, "POST", "/entries/people", Some(&role)).await;
    elsewhere.refused(404, "not-found");
    let maybe = format!("{ADMIN}&anyway=maybe");
    let maybe = sends(&draft, "PUT", &maybe, Some(&role)).await;
    maybe.refused(400, "body-unreadable");
    let large = json!({"name": "x".repeat(4 * 1024 * 1024)});
    let large = sends(&draft, "POST", "/entries/rules", Some(&large)).await;
    large.refused(413, "too-large");
    draft.still_is(&text).await;
    world.stop().await;
}

#[tokio::test]
async fn a_draft_that_cannot_be_read_has_no_entries() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    draft.saves("[[rules]").await;
    for ending in ["/entries/rules", "/entries/rules/entry?name=x"] {
        gets(&draft, ending).await.refused(409, "draft-unreadable");
    }
    let rule = json!({"name": "x", "when": [], "grant": ["payments-dev/*"]});
    for (method, ending, body) in [
        ("POST", "/entries/rules", Some(&rule)),
        ("PUT", "/entries/rules/entry?name=x", Some(&rule)),
        ("DELETE", "/entries/rules/entry?name=x", None),
    ] {
        let answer = sends(&draft, method, ending, body).await;
        answer.refused(409, "draft-unreadable");
    }
    draft.still_is("[[rules]").await;
    world.stop().await;
}
