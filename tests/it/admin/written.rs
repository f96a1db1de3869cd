//! Whoever wrote into a draft's text field finds what they wrote on whatever page answers, and a way on.

use chrono::TimeDelta;
use reqwest::Method;
use url::Url;
use vestibule::clock::Clock as _;

use super::*;

/// What would end the field that it stands in.
const HOSTILE: &str = "# </textarea><script>alert(1)</script> & \"more\"\n\n[[rules]\n";

/// Another administrator, on the page of a draft.
async fn another(world: &World, draft: &Page) -> (Browser, Page) {
    administrator(world, draft.url.path()).await
}

/// The page says this and gives the text back.
fn gives_back(page: &Page, (status, code): (u16, &str), text: &str) {
    assert_eq!(
        (page.status, problem(page)),
        (status, code),
        "{}",
        page.body
    );
    assert_eq!(text_of(page), text);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
}

/// What the button of the field says to do.
fn then(page: &Page) -> Option<String> {
    let form = page.form_with("version")?;
    assert!(page.body.contains("name=\"document\""), "{}", page.body);
    form.value("then").map(str::to_owned)
}

#[tokio::test]
async fn a_text_whose_draft_was_discarded_or_published_becomes_a_draft_of_its_own() {
    for published in [false, true] {
        let world = World::start().await;
        let (ada, page) = drafting(&world).await;
        let (bob, same) = another(&world, &page).await;
        let mine = format!("{}{NORA}", text_of(&page));
        if published {
            let more = NORA.replace("nora may look", "oncall may look");
            publishes(&bob, &same, &more, "").await;
        } else {
            bob.submits(&form_to(&same, "/discard").unwrap()).await;
        }
        for how in ["stay", "review"] {
            let form = draft_form(&page).with("document", &mine.replace('\n', "\r\n"));
            let late = ada.submits(&form.with("then", how)).await;
            gives_back(&late, (404, "no-such-draft"), &mine);
            assert_eq!(then(&late).as_deref(), Some("apart"));
            for part in ["published or discarded the draft while", "stands below"] {
                assert!(late.body.contains(part), "{part}: {}", late.body);
            }
        }
        let form = draft_form(&page).with("document", HOSTILE);
        let late = ada.submits(&form).await;
        gives_back(&late, (404, "no-such-draft"), HOSTILE);

        // on the current revision, with what it changes there
        let late = ada
            .submits(&draft_form(&page).with("document", &mine))
            .await;
        let apart = ada.submits(&draft_form(&late).with("then", "apart")).await;
        assert_eq!((apart.status, text_of(&apart)), (200, mine.clone()));
        assert!(apart.body.contains("rule nora may look: added"));
        let removed = apart.body.contains("rule oncall may look: removed");
        assert_eq!(removed, published, "{}", apart.body);
        let drafts = world.app.store().drafts().await.unwrap();
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].base, revision(&world).await);
        assert_ne!(apart.url.path(), page.url.path());
        // so does whoever asked for that at once
        let form = draft_form(&page).with("document", &mine);
        let apart = ada.submits(&form.with("then", "apart")).await;
        assert_eq!((apart.status, text_of(&apart)), (200, mine));
        world.stop().await;
    }
}

#[tokio::test]
async fn where_there_are_as_many_drafts_as_there_may_be_the_text_waits_for_room() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    let list = ada.opens(&world.at(DRAFTS)).await;
    let begin = list.form_with("from").unwrap();
    for _ in 1..50 {
        assert_eq!(ada.submits_once(&begin).await.status, 303);
    }
    let form = draft_form(&page).with("document", HOSTILE);
    let full = ada.submits(&form.with("then", "apart")).await;
    gives_back(&full, (409, "draft-not-begun"), HOSTILE);
    assert_eq!(then(&full).as_deref(), Some("apart"));
    let discarded = ada.submits(&form_to(&page, "/discard").unwrap()).await;
    assert_eq!(discarded.status, 200, "{}", discarded.body);
    let apart = ada.submits(&draft_form(&full).with("then", "apart")).await;
    assert_eq!((apart.status, text_of(&apart)), (200, HOSTILE.to_owned()));
    world.stop().await;
}

#[tokio::test]
async fn a_text_that_is_refused_for_another_reason_is_sent_again_from_the_page_that_says_so() {
    let limits = "[limits]\nadministration_per_person = { per_minute = 12, burst = 12 }\n\n[aws]\n";
    let world = World::builder().with("[aws]\n", limits).start().await;
    world.clock.hold_at(world.clock.now());
    let (ada, page) = drafting(&world).await;
    let form = draft_form(&page).with("document", HOSTILE);

    // a database that cannot keep it, and one that cannot even say who asks
    let away = "CREATE TRIGGER full BEFORE UPDATE ON drafts BEGIN SELECT RAISE(ABORT, 'full'); END";
    world.runs(away).await;
    let refused = ada.submits(&form).await;
    gives_back(&refused, (503, "database-away"), HOSTILE);
    assert_eq!(then(&refused).as_deref(), Some("stay"));
    world.runs("DROP TRIGGER full").await;
    world.runs("ALTER TABLE sessions RENAME TO away").await;
    let refused = ada.submits(&form).await;
    gives_back(&refused, (503, "database-away"), HOSTILE);
    world.runs("ALTER TABLE away RENAME TO sessions").await;
    let saved = ada.submits(&draft_form(&refused)).await;
    assert_eq!((saved.status, text_of(&saved)), (200, HOSTILE.to_owned()));

    // too often: it waits
    while ada.opens_once(page.url.as_str()).await.status == 200 {}
    let form = draft_form(&saved).with("document", "# mine");
    let refused = ada.submits(&form).await;
    gives_back(&refused, (429, "too-often"), "# mine");
    assert_eq!(then(&refused).as_deref(), Some("stay"));
    world.clock.advance(TimeDelta::minutes(1));
    let saved = ada.submits(&draft_form(&refused)).await;
    assert_eq!((saved.status, text_of(&saved)), (200, "# mine".to_owned()));

    // another session of the same person's: the form of this page is of that one
    let stale = draft_form(&saved).with("document", HOSTILE);
    world.clock.advance(TimeDelta::minutes(1));
    ada.submits(&form_to(&saved, "/sign-out").unwrap()).await;
    let late = ada.submits(&stale).await;
    gives_back(&late, (401, "sent-too-late"), HOSTILE);
    assert!(late.body.contains("stands below"));
    assert_eq!(then(&late), None);
    world
        .signs_in(&ada, &format!("{DRAFTS}?idp={SAML}"), "ada")
        .await;
    let refused = ada.submits(&stale).await;
    gives_back(&refused, (403, "other-session"), HOSTILE);
    let saved = ada.submits(&draft_form(&refused)).await;
    assert_eq!((saved.status, text_of(&saved)), (200, HOSTILE.to_owned()));
    world.stop().await;
}

#[tokio::test]
async fn whoever_may_not_save_it_finds_it_to_be_copied() {
    let world = World::start().await;
    let (_, page) = drafting(&world).await;
    let erin = world.signed_in("erin").await;
    let refused = erin
        .submits(&draft_form(&page).with("document", HOSTILE))
        .await;
    gives_back(&refused, (403, "not-entitled"), HOSTILE);
    assert_eq!(then(&refused), None);
    // what comes from no page of ours is nobody's, and is not shown
    let form = draft_form(&page).with("document", HOSTILE);
    let headers = [("origin", "https://elsewhere.example")];
    let url = Url::parse(page.url.as_str()).unwrap();
    let foreign = erin.once(Method::POST, &url, Some(&form.fields), &headers);
    let foreign = foreign.await;
    assert_eq!(problem(&foreign), "form-refused");
    assert!(!foreign.body.contains("<textarea"));
    world.stop().await;
}

#[tokio::test]
async fn nothing_is_said_to_stand_below_where_nothing_does() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    let entry = format!("{}/entries/rules/edit", page.url);
    let forms = [
        ada.opens(&entry).await,
        ada.opens(&world.at("/admin/revoke")).await,
        ada.opens(&world.at("/admin/stops")).await,
        ada.opens(&format!("{}/review", page.url)).await,
        page.clone(),
    ];
    world.clock.advance(TimeDelta::minutes(61));
    let mut sent = 0;
    for page in &forms {
        for form in page.forms() {
            if !form.post || form.action.path() == "/sign-out" {
                continue;
            }
            let late = ada.submits(&form).await;
            assert_eq!((late.status, problem(&late)), (401, "sent-too-late"));
            assert!(
                !late.body.contains("below"),
                "{}: {}",
                form.action,
                late.body
            );
            assert!(!late.body.contains("<textarea"), "{}", late.body);
            assert!(late.links().iter().any(|link| link == "/sign-in"));
            sent += 1;
        }
    }
    assert!(sent >= 4, "{sent}");
    world.stop().await;
}
