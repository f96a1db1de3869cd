//! From a draft to a revision by the API: reviewed first, confirmed where it needs a second thought, and nothing lost
//! where somebody else was quicker.

use serde_json::{Value, json};
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::people::Person;

use super::drafts::{Draft, NORA, nora};
use super::{Program, TOML};
use crate::world::World;
use crate::world::accounts::MODEL;

const ALL: &[&str] = &["access:read", "access:write"];

const READERS: &str = r#"
[[rules]]
name = "readers read"
when = [{ attribute = "groups", is = "readers" }]
grant = ["payments-prod/Narrow", "payments-dev/Developer"]
"#;

async fn revision(world: &World) -> i64 {
    world.app.store().revision_number().await.unwrap()
}

/// Publishes a model by a program, as somebody else would.
async fn publishes(admin: &Program, text: &str) {
    let current = admin.gets("/access/document").await;
    let headers = [TOML, ("if-match", current.header("etag"))];
    let text = Some(text.to_owned());
    let answer = admin.sends("POST", "/access/publish", &headers, text).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn a_draft_is_reviewed_and_published_by_the_version_that_was_seen() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    draft.saves(&format!("{MODEL}{NORA}")).await;
    let review = draft.review().await;
    assert_eq!(
        [&review["stands"], &review["changes"], &review["current"]],
        [&json!("ready"), &json!([nora("nora", "added")]), &json!(1)]
    );
    assert_eq!(
        (review.get("confirm"), &review["alarms"]),
        (None, &json!([]))
    );
    let long = json!({"note": "x".repeat(1_001)});
    let refused = draft.posts("/publish", &long, &draft.tag).await;
    refused.refused(422, "not-publishable");
    assert_eq!(refused.json["problems"][0]["path"], "note");
    let body = json!({"note": " for the night shift "});
    let published = draft.posts("/publish", &body, &draft.tag).await;
    assert_eq!(published.header("etag"), "\"revision-2\"");
    assert_eq!(published.ok(201), json!({"revision": 2}));
    assert_eq!(revision(&world).await, 2);
    admin.gets(&draft.path).await.refused(404, "no-such-draft");
    let row = world.audited(EventKind::AccessPublished, 2).await;
    assert_eq!(row[1].note.as_deref(), Some("for the night shift"));
    assert!(row[1].token.is_some());
    let one = admin.gets("/access/revisions/2").await.ok(200);
    assert_eq!(one["author"], "ada@example.com (corp)");
    world.stop().await;
}

#[tokio::test]
async fn the_review_says_by_name_who_gains_and_who_loses() {
    let world = World::builder()
        .model(&format!("{MODEL}{READERS}"))
        .start()
        .await;
    for at in 0..3 {
        let name = format!("p{at}");
        let person = Person::new(&name, &format!("Person {at}")).in_groups(["readers"]);
        world.sandbox.people().put(person);
        world.signed_in(&name).await;
    }
    let admin = Program::of(&world, "ada", ALL).await;
    world.remembers(4).await;
    let mut draft = Draft::begin(&admin).await;
    let other = READERS.replace("payments-prod/Narrow", "payments-prod/Chained");
    draft.saves(&format!("{MODEL}{other}")).await;
    let impact = draft.review().await["impact"].clone();
    assert_eq!(
        [&impact["state"], &impact["people"], &impact["days"]],
        [&json!("known"), &json!(4), &json!(90)]
    );
    let names = json!([
        "p0@example.com (corp)",
        "p1@example.com (corp)",
        "p2@example.com (corp)"
    ]);
    for (kind, role) in [
        ("gains", "payments-prod/Chained"),
        ("losses", "payments-prod/Narrow"),
    ] {
        let one = json!({"role": role, "production": true, "count": 3, "names": names});
        let mut listed = impact[kind].clone();
        let listed_names = listed[0]["names"].as_array_mut().unwrap();
        listed_names.sort_by_key(|name| name.as_str().map(str::to_owned));
        assert_eq!(listed, json!([one]));
    }
    assert_eq!(impact["left_without"]["count"], 0);
    assert_eq!(impact["deserted"], json!(["payments-prod/Narrow"]));
    assert_eq!(
        (&impact["later"], &impact["more_moments"]),
        (&json!([]), &json!(0))
    );
    // by a rule that ends, it is lost then
    let ends = READERS.replace("when =", "until = 2099-12-30\nwhen =");
    draft.saves(&format!("{MODEL}{ends}")).await;
    let impact = draft.review().await["impact"].clone();
    assert_eq!(impact["losses"], json!([]));
    let later = &impact["later"][0];
    assert_eq!(later["from"], "2099-12-31T00:00:00Z");
    assert_eq!(
        (&later["gains"], &later["losses"][0]["count"]),
        (&json!([]), &json!(3))
    );
    assert_eq!(later["left_without"]["count"], 3);
    world.stop().await;
}

#[tokio::test]
async fn an_impact_that_is_not_known_is_not_said_to_be_nothing() {
    let off = "[access]\nimpact_days = 0\n\n[aws]\n";
    let world = World::builder().with("[aws]\n", off).start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    draft.saves(&format!("{MODEL}{NORA}")).await;
    let impact = draft.review().await["impact"].clone();
    assert_eq!(
        impact,
        json!({"state": "unknown", "reason": "off", "unreadable": 0})
    );
    world.stop().await;
}

#[tokio::test]
async fn what_needs_a_second_thought_is_published_by_its_phrase_alone() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    let all = "[[rules]]\nname = \"all\"\nwhen = [{ idp = \"corp\" }]\ngrant = [\"payments-prod/Admin\"]\n";
    draft.saves(&format!("{MODEL}\n{all}")).await;
    let review = draft.review().await;
    let alarm = json!({"alarm": "production_to_everybody", "roles": ["payments-prod/Admin"]});
    assert_eq!(review["alarms"], json!([alarm]));
    assert_eq!(review["confirm"], "payments-prod");
    for body in [
        json!({}),
        json!({"confirm": ""}),
        json!({"confirm": "yes"}),
        json!({"confirm": "PAYMENTS-PROD"}),
        json!({"confirm": "payments-prod x"}),
    ] {
        let refused = draft.posts("/publish", &body, &draft.tag).await;
        refused.refused(422, "confirmation-needed");
        assert_eq!(refused.json["confirm"], "payments-prod");
        assert!(refused.text.contains("“payments-prod”"), "{}", refused.text);
    }
    let wrong = draft
        .posts("/publish", &json!({"confirm": true}), &draft.tag)
        .await;
    wrong.refused(400, "body-unreadable");
    assert_eq!(revision(&world).await, 1);
    let body = json!({"confirm": "payments-prod"});
    draft.posts("/publish", &body, &draft.tag).await.ok(201);
    assert_eq!(revision(&world).await, 2);
    world.stop().await;
}

#[tokio::test]
async fn where_another_revision_came_between_both_are_kept() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    draft.saves(&format!("{MODEL}{NORA}")).await;
    let theirs = NORA.replace("nora may look", "oncall may look");
    publishes(&admin, &format!("{MODEL}{theirs}")).await;
    let refused = draft.posts("/publish", &json!({}), &draft.tag).await;
    refused.refused(409, "draft-stale");
    assert_eq!(refused.json["current"], "\"revision-2\"");
    let review = draft.review().await;
    assert_eq!(review["stands"], "stale");
    assert_eq!(review["published"], json!([nora("oncall", "added")]));
    assert_eq!(review["changes"], json!([nora("nora", "added")]));
    assert_eq!(
        (&review["conflicts"], review.get("impact")),
        (&json!([]), None)
    );
    // onto what is not current any more, or not yet, it is not brought
    for onto in [0, 1, 3, -1] {
        let refused = draft
            .posts("/rebase", &json!({"onto": onto}), &draft.tag)
            .await;
        refused.refused(409, "draft-stale");
        assert_eq!(refused.json["current"], "\"revision-2\"");
    }
    let brought = draft
        .posts("/rebase", &json!({"onto": 2}), &draft.tag)
        .await;
    assert_eq!(brought.header("etag"), "\"draft-3\"");
    assert_eq!(brought.ok(200)["version"], 3);
    draft.tag = "\"draft-3\"".to_owned();
    let review = draft.review().await;
    assert_eq!(review["changes"], json!([nora("nora", "added")]));
    draft
        .posts("/publish", &json!({}), &draft.tag)
        .await
        .ok(201);
    let model = admin.gets("/access/document").await.text;
    assert!(model.contains("oncall may look") && model.contains("nora may look"));
    world.stop().await;
}

#[tokio::test]
async fn where_both_changed_one_entry_somebody_decides_and_until_then_nothing_is_lost() {
    let with = |grant: &str| format!("{MODEL}{}", NORA.replace("payments-dev/Developer", grant));
    for (take, expected) in [("mine", "payments-dev/*"), ("theirs", "gov-prod/GovAdmin")] {
        let world = World::start().await;
        let admin = Program::of(&world, "ada", ALL).await;
        let mut draft = Draft::begin(&admin).await;
        let mine = with("payments-dev/*");
        draft.saves(&mine).await;
        publishes(&admin, &with("gov-prod/GovAdmin")).await;
        let review = draft.review().await;
        let conflict = &review["conflicts"][0];
        assert_eq!(
            [&conflict["section"], &conflict["name"], &conflict["nth"]],
            [&json!("rules"), &json!("nora may look"), &json!(0)]
        );
        let decided = |section: &str, take: &str| -> Value {
            let one = json!({"section": section, "name": "nora may look", "take": take});
            json!({"onto": 2, "take": [one]})
        };
        for body in [json!({"onto": 2}), decided("roles", take)] {
            let refused = draft.posts("/rebase", &body, &draft.tag).await;
            refused.refused(409, "undecided");
            assert_eq!(refused.json["conflicts"], review["conflicts"]);
            draft.still_is(&mine).await;
        }
        for body in [
            decided("rules", "both"),
            decided("people", take),
            json!({}),
            json!({"onto": "2"}),
        ] {
            let refused = draft.posts("/rebase", &body, &draft.tag).await;
            refused.refused(400, "body-unreadable");
        }
        draft.still_is(&mine).await;
        let right = decided("rules", take);
        draft.posts("/rebase", &right, &draft.tag).await.ok(200);
        let text = draft.text().await;
        assert!(
            text.contains(&format!("grant = [\"{expected}\"]")),
            "{text}"
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn what_is_not_right_yet_says_what_is_wrong_and_is_not_published() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", ALL).await;
    let mut draft = Draft::begin(&admin).await;
    let wrong = MODEL.replace("console_hours = 8\n", "console_hours = 80\n");
    for (text, stands, paths) in [
        ("", "empty", vec![""]),
        ("[[rules]", "unreadable", vec![""]),
        (
            wrong.as_str(),
            "problems",
            vec!["roles[2].console_hours", "roles[3].console_hours"],
        ),
        (MODEL, "same", vec![""]),
    ] {
        draft.saves(text).await;
        let review = draft.review().await;
        assert_eq!(review["stands"], stands);
        let refused = draft.posts("/publish", &json!({}), &draft.tag).await;
        refused.refused(422, "not-publishable");
        let listed = |problems: &Value| -> Vec<String> {
            let problems = problems.as_array().unwrap().iter();
            problems
                .map(|one| one["path"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(listed(&refused.json["problems"]), paths, "{stands}");
        if ["unreadable", "problems"].contains(&stands) {
            assert_eq!(review["problems"], refused.json["problems"]);
        }
    }
    draft.saves("[[rules]").await;
    let unreadable = draft
        .posts("/rebase", &json!({"onto": 1}), &draft.tag)
        .await;
    unreadable.refused(422, "not-publishable");
    assert_eq!(revision(&world).await, 1);
    world.stop().await;
}
