//! Drafts by the API: begun, saved and discarded by the version that was seen, so that nobody loses anything.

use std::sync::Arc;

use serde_json::{Value, json};
use vestibule::app::App;
use vestibule::random::SystemRandom;

use super::{Answer, Program, TOML};
use crate::world::accounts::MODEL;
use crate::world::{World, listen};

const ALL: &[&str] = &["access:read", "access:write"];

pub(super) const NORA: &str = r#"
[[rules]]
name = "nora may look"
when = [{ attribute = "employment", is = "employee" }, { idp = "corp" }]
grant = ["payments-dev/Developer"]
"#;

/// The sentence that says that such a rule came or went.
pub(super) fn nora(who: &str, what: &str) -> String {
    let gives = if what == "added" { "gives" } else { "gave" };
    format!(
        "rule {who} may look: {what}: when employment is \"employee\" and signed in by corp; {gives} payments-dev/Developer"
    )
}

/// A draft, as programs find it.
pub(super) struct Draft<'p> {
    pub(super) program: &'p Program,
    pub(super) path: String,
    pub(super) tag: String,
}

impl<'p> Draft<'p> {
    /// Begins one of the current revision.
    pub(super) async fn begin(program: &'p Program) -> Self {
        let begun = program.posts("/drafts", &json!({})).await;
        let tag = begun.header("etag").to_owned();
        let id = begun.ok(201)["id"].as_str().unwrap().to_owned();
        let path = format!("/drafts/{id}");
        Self { program, path, tag }
    }

    pub(super) async fn text(&self) -> String {
        let read = self.program.gets(&self.path).await;
        assert_eq!(read.status, 200, "{}", read.text);
        read.text
    }

    /// Saves a text on top of what was seen, and sees that.
    pub(super) async fn saves(&mut self, text: &str) {
        let saved = self.puts(text, &self.tag).await;
        saved.header("etag").clone_into(&mut self.tag);
        saved.ok(200);
    }

    pub(super) async fn puts(&self, text: &str, on: &str) -> Answer {
        let headers = [TOML, ("if-match", on)];
        let text = Some(text.to_owned());
        self.program.sends("PUT", &self.path, &headers, text).await
    }

    /// Posts to something of the draft's.
    pub(super) async fn posts(&self, ending: &str, body: &Value, on: &str) -> Answer {
        let path = format!("{}{ending}", self.path);
        self.program
            .posts_with(&path, body, &[("if-match", on)])
            .await
    }

    pub(super) async fn review(&self) -> Value {
        let path = format!("{}/review", self.path);
        self.program.gets(&path).await.ok(200)
    }

    /// Nothing of it was changed.
    pub(super) async fn still_is(&self, text: &str) {
        assert_eq!(self.text().await, text);
        let read = self.program.gets(&self.path).await;
        assert_eq!(read.header("etag"), self.tag);
    }
}

#[tokio::test]
async fn a_draft_is_begun_with_a_name_and_listed() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let begun = admin.posts("/drafts", &json!({"name": " for Nora "})).await;
    assert_eq!(begun.header("etag"), "\"draft-1\"");
    let there = begun.header("location").to_owned();
    let id = begun.ok(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(there, format!("/api/v1/drafts/{id}"));
    let listed = admin.gets("/drafts").await.ok(200)["drafts"][0].clone();
    assert_eq!(
        [
            &listed["id"],
            &listed["name"],
            &listed["base"],
            &listed["changes"]
        ],
        [&json!(id), &json!("for Nora"), &json!(1), &json!(0)]
    );
    assert_eq!(listed["author"], "ada@example.com (corp)");

    assert_eq!(admin.gets(&format!("/drafts/{id}")).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn a_draft_is_read_saved_and_discarded_by_its_version() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    let read = admin.gets(&draft.path).await;
    assert_eq!(read.header("content-type"), "application/toml");
    let current = admin.gets("/access/document").await.text;
    assert_eq!(read.text, current);
    let known = [("if-none-match", "\"draft-1\"")];
    let same = admin.sends("GET", &draft.path, &known, None).await;
    assert_eq!((same.status, same.text.as_str()), (304, ""));
    // as people wrote it, with what no document keeps
    let text = format!("# for Nora\n{MODEL}{NORA}");
    draft.saves(&text).await;
    assert_eq!(
        (draft.text().await, draft.tag.as_str()),
        (text, "\"draft-2\"")
    );
    let wants_json = [("accept", "application/json")];
    let json = admin.sends("GET", &draft.path, &wants_json, None).await;
    let mut model = json.ok(200);
    assert_eq!(model["rules"].as_array().unwrap().len(), 3);
    model["rules"].as_array_mut().unwrap().pop();
    let headers = [
        ("content-type", "application/json"),
        ("if-match", "\"draft-2\""),
    ];
    let saved = admin
        .sends("PUT", &draft.path, &headers, Some(model.to_string()))
        .await;
    assert_eq!(saved.header("etag"), "\"draft-3\"");
    assert_eq!(draft.text().await, current);

    let gone = admin.sends("DELETE", &draft.path, &[("if-match", "\"draft-3\"")], None);
    assert_eq!(gone.await.status, 204);
    for (method, body) in [
        ("GET", None),
        ("PUT", Some(MODEL.to_owned())),
        ("DELETE", None),
    ] {
        let headers = [TOML, ("if-match", "\"draft-3\"")];
        let answer = admin.sends(method, &draft.path, &headers, body).await;
        answer.refused(404, "no-such-draft");
    }
    world.stop().await;
}

#[tokio::test]
async fn what_changes_a_draft_names_the_version_that_stands_there_and_else_nothing_is_lost() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    let theirs = format!("# theirs\n{MODEL}");
    draft.saves(&theirs).await;
    let review = format!("{}/review", draft.path);
    assert_eq!(admin.gets(&review).await.header("etag"), "\"draft-2\"");
    let rules = "/entries/rules";
    let one = "/entries/rules/entry?name=payments%20engineers";
    let rule = json!({"name": "x", "when": [], "grant": ["payments-dev/*"]});
    let changes = [
        ("PUT", "", Some(MODEL.to_owned())),
        ("DELETE", "", None),
        ("POST", "/rebase", Some(json!({"onto": 1}).to_string())),
        ("POST", "/publish", Some("{}".to_owned())),
        ("POST", rules, Some(rule.to_string())),
        ("PUT", one, Some(rule.to_string())),
        ("DELETE", one, None),
    ];
    for (method, ending, body) in changes {
        let path = format!("{}{ending}", draft.path);
        let kind = if ending.is_empty() {
            TOML
        } else {
            ("content-type", "application/json")
        };
        for said in [
            "",
            "*",
            "draft-2",
            "W/\"draft-2\"",
            "\"revision-1\"",
            "\"draft-x\"",
            "\"draft-2\", \"draft-1\"",
        ] {
            let with = [kind, ("if-match", said)];
            let headers = if said.is_empty() { &with[..1] } else { &with };
            let answer = admin.sends(method, &path, headers, body.clone()).await;
            answer.refused(428, "if-match-needed");
        }
        for said in ["\"draft-1\"", "\"draft-3\"", "\"draft-999999999999999999\""] {
            let headers = [kind, ("if-match", said)];
            let answer = admin.sends(method, &path, &headers, body.clone()).await;
            answer.refused(412, "if-match-stale");
            assert_eq!(answer.json["current"], "\"draft-2\"", "{method} {path}");
        }
        draft.still_is(&theirs).await;
    }
    assert_eq!(world.app.store().revision_number().await.unwrap(), 1);
    world.stop().await;
}

#[tokio::test]
async fn a_draft_begins_with_an_old_revision_too_and_not_with_what_is_none() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    world.publishes(&format!("{MODEL}{NORA}")).await;
    let old = admin.posts("/drafts", &json!({"from": 1})).await.ok(201);
    let draft = Draft {
        program: &admin,
        path: format!("/drafts/{}", old["id"].as_str().unwrap()),
        tag: "\"draft-1\"".to_owned(),
    };
    let review = draft.review().await;
    assert_eq!(
        [&review["draft"]["base"], &review["changes"]],
        [&json!(2), &json!([nora("nora", "removed")])]
    );
    for number in [9, 0, -1] {
        let answer = admin.posts("/drafts", &json!({"from": number})).await;
        answer.refused(404, "no-such-revision");
    }
    for (body, at) in [
        (json!({"name": "x".repeat(201)}), "name"),
        (json!({"name": "a\u{1b}b"}), "name"),
        (json!({"name": ["a"]}), "name"),
        (json!({"from": "1"}), "from"),
        (json!({"from": 1.5}), "from"),
    ] {
        let answer = admin.posts("/drafts", &body).await;
        answer.refused(400, "body-unreadable");
        assert_eq!(answer.json["problems"][0]["path"], at, "{}", answer.text);
    }
    let unknown = admin.posts("/drafts", &json!({"base": 1})).await;
    unknown.refused(400, "body-unreadable");
    assert!(unknown.text.contains("base"), "{}", unknown.text);
    for _ in 1..50 {
        admin.posts("/drafts", &json!({})).await.ok(201);
    }
    let answer = admin.posts("/drafts", &json!({})).await;
    answer.refused(409, "draft-not-begun");
    world.stop().await;
}

#[tokio::test]
async fn a_text_that_cannot_be_read_yet_is_kept_and_one_that_is_none_is_not_taken() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    draft.saves("[[rules]").await;
    let listed = admin.gets("/drafts").await.ok(200)["drafts"][0].clone();
    assert_eq!(listed.get("changes"), None);
    let wants_json = [("accept", "application/json")];
    let json = admin.sends("GET", &draft.path, &wants_json, None).await;
    json.refused(406, "not-acceptable");
    for id in ["0000000000000000", "x", "ABCDEFABCDEFABCD", "..%2f..%2fme"] {
        let answer = admin.gets(&format!("/drafts/{id}")).await;
        answer.refused(404, "no-such-draft");
    }
    let tag = draft.tag.clone();
    draft
        .puts("a\0b", &tag)
        .await
        .refused(400, "body-unreadable");
    let large = "#".repeat(4 * 1024 * 1024 + 1);
    draft.puts(&large, &tag).await.refused(413, "too-large");
    for (kind, text, status, code) in [
        ("text/plain", "", 415, "media-type"),
        ("application/json", "{\"rules\":1}", 422, "not-publishable"),
        (
            "application/json",
            "{\"rules\":[],\"rules\":[]}",
            400,
            "body-unreadable",
        ),
        ("application/json", "", 400, "body-unreadable"),
    ] {
        let headers = [("content-type", kind), ("if-match", tag.as_str())];
        let text = Some(text.to_owned());
        let answer = admin.sends("PUT", &draft.path, &headers, text).await;
        answer.refused(status, code);
    }
    draft.still_is("[[rules]").await;
    world.stop().await;
}

#[tokio::test]
async fn where_a_file_governs_programs_read_drafts_and_change_none() {
    let world = World::start().await;
    let file = world.folder.join("access.toml");
    std::fs::write(&file, MODEL).unwrap();
    let mut configuration = world.configuration();
    configuration.access_file = Some(file);
    let listener = listen();
    let there = format!("http://{}", listener.local_addr().unwrap());
    let clock = Arc::clone(&world.clock);
    let listeners = (listener, listen());
    let random = Arc::new(SystemRandom);
    let governed = App::start_on(configuration, listeners, clock, random)
        .await
        .unwrap();
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    let text = format!("{MODEL}{NORA}");
    draft.saves(&text).await;
    let (path, tag) = (draft.path.clone(), draft.tag.clone());
    let program = Program {
        url: there,
        ..Program::of(&world, "ada", ALL).await
    };
    let one = "/entries/rules/entry?name=nora%20may%20look";
    let rule = json!({"name": "x", "when": [], "grant": ["payments-dev/*"]});
    for (method, path, body) in [
        ("POST", "/drafts".to_owned(), Some(json!({}))),
        ("PUT", path.clone(), Some(json!({}))),
        ("DELETE", path.clone(), None),
        ("POST", format!("{path}/rebase"), Some(json!({"onto": 1}))),
        ("POST", format!("{path}/publish"), Some(json!({}))),
        ("POST", format!("{path}/entries/rules"), Some(rule.clone())),
        ("PUT", format!("{path}{one}"), Some(rule)),
        ("DELETE", format!("{path}{one}"), None),
    ] {
        let headers = [
            ("content-type", "application/json"),
            ("if-match", tag.as_str()),
        ];
        let body = body.map(|body| body.to_string());
        let answer = program.sends(method, &path, &headers, body).await;
        answer.refused(409, "governed-by-a-file");
    }
    assert_eq!(
        program.gets("/drafts").await.ok(200)["drafts"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(program.gets(&path).await.text, text);
    draft.still_is(&text).await;
    assert_eq!(world.app.store().revision_number().await.unwrap(), 1);
    governed.stop().await;
    world.stop().await;
}
