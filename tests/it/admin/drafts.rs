//! Several drafts and several people: nobody loses what they wrote.

use super::*;

/// Another administrator's browser, on the page of a draft.
async fn opens(world: &World, draft: &Page) -> (Browser, Page) {
    administrator(world, draft.url.path()).await
}

/// Saves a text into the draft of a page.
async fn saves(browser: &Browser, page: &Page, text: &str) -> Page {
    browser
        .submits(&draft_form(page).with("document", text))
        .await
}

#[tokio::test]
async fn drafts_stand_side_by_side_with_who_saved_them_and_what_they_change() {
    let world = World::start().await;
    let (ada, list) = administrator(&world, DRAFTS).await;
    assert!(list.body.contains("There are none."));
    let form = list.form_with("from").unwrap();
    let first = ada.submits(&form.clone().with("name", "For Nora")).await;
    let text = format!("{}{NORA}", text_of(&first));
    assert_eq!(finding(&saves(&ada, &first, &text).await), "changes");
    let second = ada.submits(&form.with("from", "1")).await;
    assert_ne!(first.url, second.url);
    assert_eq!(
        finding(&saves(&ada, &second, "[[rules]").await),
        "unreadable"
    );

    let list = ada.opens(&world.at(DRAFTS)).await;
    for part in [
        "For Nora",
        "Draft without a name",
        "1 change",
        "a text that cannot be read yet",
        "by ada@example.com (corp)",
        "on revision 1",
    ] {
        assert!(list.body.contains(part), "{part}: {}", list.body);
    }
    // what cannot be read is not lost, and cannot be published
    let kept = ada.opens(second.url.as_str()).await;
    assert_eq!(text_of(&kept), "[[rules]");
    let review = ada.opens(&format!("{}/review", second.url)).await;
    assert_eq!(finding(&review), "unreadable");
    assert!(review.form_with("revision").is_none());

    // it is discarded for everybody
    let (other, page) = opens(&world, &second).await;
    let gone = ada.submits(&form_to(&kept, "/discard").unwrap()).await;
    assert_eq!(gone.url.path(), DRAFTS);
    let late = saves(&other, &page, "# mine").await;
    assert_eq!((late.status, problem(&late)), (404, "no-such-draft"));
    assert_eq!(text_of(&late), "# mine");
    assert_eq!(world.app.store().drafts().await.unwrap().len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn of_two_who_save_one_draft_the_second_is_told_and_neither_loses() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    let (other, same) = opens(&world, &page).await;
    let theirs = format!(
        "{}{}",
        text_of(&page),
        NORA.replace("nora may", "oncall may")
    );
    let mine = format!("{}{NORA}", text_of(&page));
    saves(&other, &same, &theirs).await;

    let told = saves(&ada, &page, &mine).await;
    assert_eq!((told.status, finding(&told)), (409, "meanwhile"));
    for part in [
        "Somebody saved this draft meanwhile",
        "ada@example.com (corp)",
        "rule oncall may look: added",
        "rule nora may look: added",
        "rule oncall may look: removed",
    ] {
        assert!(told.body.contains(part), "{part}: {}", told.body);
    }
    assert_eq!(text_of(&told), mine);
    let still = ada.opens(page.url.as_str()).await;
    assert_eq!(text_of(&still), theirs);

    // mine as a draft of its own: both are there
    let apart = ada.submits(&draft_form(&told).with("then", "apart")).await;
    assert_ne!(apart.url, page.url);
    assert_eq!(text_of(&apart), mine);
    assert_eq!(text_of(&ada.opens(page.url.as_str()).await), theirs);

    // or over theirs, once I have seen it
    let over = saves(&ada, &told, &mine).await;
    assert_eq!((over.status, text_of(&over)), (200, mine));
    // whoever did not see that is told in turn, also when they discard
    let discard = form_to(&still, "/discard").unwrap();
    let refused = ada.submits(&discard).await;
    assert_eq!(
        (refused.status, problem(&refused)),
        (409, "draft-overtaken")
    );
    world.stop().await;
}

#[tokio::test]
async fn of_two_who_publish_on_one_revision_neither_loses() {
    let world = World::start().await;
    let (ada, mine) = drafting(&world).await;
    let theirs = begins_another(&world, &ada).await;
    let review = ada
        .submits(&reviewing(
            draft_form(&mine).with("document", &format!("{}{NORA}", text_of(&mine))),
        ))
        .await;
    let more = NORA.replace("nora may look", "oncall may look");
    publishes(&ada, &theirs, &more, "for whoever is on call").await;

    let refused = ada.submits(&publishing(&review).with("note", "mine")).await;
    assert_eq!((refused.status, again(&refused)), (409, "changed"));
    assert_eq!(revision(&world).await, 2);
    for part in [
        "Revision 2 was published since this draft was begun",
        "ada@example.com (corp)",
        "for whoever is on call",
        "rule oncall may look: added",
        "rule nora may look: added",
    ] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    // they touch different entries: both are kept
    let review = ada.submits(&form_to(&refused, "/rebase").unwrap()).await;
    assert!(review.body.contains("rule nora may look: added"));
    assert!(!review.body.contains("rule oncall may look"));
    let published = ada.submits(&publishing(&review)).await;
    assert_eq!(published.url.path(), "/admin/access/revisions/3");
    for part in ["oncall may look", "nora may look"] {
        assert!(published.body.contains(part), "{part}");
    }
    assert!(world.app.store().drafts().await.unwrap().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn where_both_changed_one_entry_somebody_decides() {
    for (take, expected) in [("mine", "payments-dev/*"), ("theirs", "gov-prod/GovAdmin")] {
        let world = World::start().await;
        let (ada, mine) = drafting(&world).await;
        let theirs = begins_another(&world, &ada).await;
        let with = |grant: &str| NORA.replace("payments-dev/Developer", grant);
        let text = format!("{}{}", text_of(&mine), with("payments-dev/*"));
        saves(&ada, &mine, &text).await;
        publishes(&ada, &theirs, &with("gov-prod/GovAdmin"), "").await;

        let review = ada.opens(&format!("{}/review", mine.url)).await;
        let field = "take:rules:0:nora may look";
        assert!(review.body.contains("Decide for each"), "{}", review.body);
        let form = form_to(&review, "/rebase").unwrap().without(field);
        // undecided, it stays where it is
        for value in ["", "both"] {
            let page = ada.submits(&form.clone().with(field, value)).await;
            assert_eq!((page.status, again(&page)), (422, "undecided"));
        }
        let decided = ada.submits(&form.with(field, take)).await;
        assert_eq!(decided.status, 200, "{}", decided.body);
        let draft = ada.opens(mine.url.as_str()).await;
        assert!(text_of(&draft).contains(&format!("grant = [\"{expected}\"]")));
        let expected = if take == "mine" { "" } else { "same" };
        assert_eq!(finding(&decided), expected, "{}", decided.body);
        // onto a revision that is not there, nothing is brought
        let nowhere = form_to(&review, "/rebase").unwrap();
        let nowhere = ada
            .submits(&nowhere.with("onto", "99").with("version", "3"))
            .await;
        assert_eq!(problem(&nowhere), "no-such-revision");
        world.stop().await;
    }
}

#[tokio::test]
async fn drafts_that_are_none_and_drafts_that_are_too_many_are_refused() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    for id in [
        "0000000000000000",
        "x",
        "%00",
        "..%2f..%2fsettings",
        "0102030405060708090a",
        "ABCDEFABCDEFABCD",
    ] {
        for ending in ["", "/review"] {
            let answer = ada
                .opens(&world.at(&format!("{DRAFTS}/{id}{ending}")))
                .await;
            assert_eq!(
                (answer.status, problem(&answer)),
                (404, "no-such-draft"),
                "{id}{ending}"
            );
        }
        for ending in ["", "/publish", "/rebase"] {
            let mut form = draft_form(&page).with("revision", "1").with("onto", "1");
            form.action = url::Url::parse(&world.at(&format!("{DRAFTS}/{id}{ending}"))).unwrap();
            let answer = ada.submits(&form).await;
            assert_eq!(answer.status, 404, "{id}{ending}");
        }
    }
    let list = ada.opens(&world.at(DRAFTS)).await;
    let form = list.form_with("from").unwrap();
    for (name, from, said) in [
        (&"x".repeat(201)[..], "", "at most 200 characters"),
        ("a\u{1b}b", "", "at most 200 characters"),
        ("", "2", "no revision of that number"),
        ("", "0", "no revision of that number"),
        ("", "-1", "no revision of that number"),
        ("", "1; DROP", "no revision of that number"),
    ] {
        let answer = ada
            .submits(&form.clone().with("name", name).with("from", from))
            .await;
        assert_eq!(
            (answer.status, finding(&answer)),
            (422, "trouble"),
            "{name} {from}"
        );
        assert!(answer.body.contains(said), "{}", answer.body);
    }
    for _ in 1..50 {
        assert_eq!(ada.submits_once(&form).await.status, 303);
    }
    let answer = ada.submits(&form).await;
    assert_eq!((answer.status, finding(&answer)), (409, "trouble"));
    let first = ada.opens(&world.at("/admin/access/revisions/1")).await;
    assert_eq!(first.status, 200);
    assert_eq!(world.app.store().drafts().await.unwrap().len(), 50);
    world.stop().await;
}

#[tokio::test]
async fn a_review_is_about_what_was_seen_and_nothing_else_is_published() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    let text = format!("{}{NORA}", text_of(&page));
    let review = ada
        .submits(&reviewing(draft_form(&page).with("document", &text)))
        .await;
    // another administrator saves something else between the look and the click
    let (other, same) = opens(&world, &page).await;
    let wide = text.replace("payments-dev/Developer\"]\n", "*\"]\n");
    assert_ne!(wide, text);
    saves(&other, &same, &wide).await;
    let refused = ada.submits(&publishing(&review)).await;
    assert_eq!((refused.status, again(&refused)), (409, "changed"));
    assert_eq!(publishing(&refused).value("version"), Some("3"));
    for (version, seen) in [("1", "1"), ("2", "0"), ("2", "2"), ("99", "1")] {
        let form = publishing(&review)
            .with("version", version)
            .with("revision", seen);
        let refused = ada.submits(&form).await;
        assert_eq!((refused.status, again(&refused)), (409, "changed"));
    }
    assert_eq!(revision(&world).await, 1);
    world.stop().await;
}

#[tokio::test]
async fn any_two_revisions_are_compared() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    publishes(&ada, &page, NORA, "").await;
    let page = begins_another(&world, &ada).await;
    publishes(&ada, &page, &NORA.replace("nora may look", "more"), "").await;
    let list = ada.opens(&world.at(REVISIONS)).await;
    let form = form_to(&list, "/compare").unwrap();
    assert_eq!(
        (form.value("from"), form.value("to")),
        (Some("1"), Some("3"))
    );
    let compared = ada.submits(&form).await;
    for part in ["rule nora may look: added", "rule more: added"] {
        assert!(compared.body.contains(part), "{part}: {}", compared.body);
    }
    let turned = ada
        .submits(&form.clone().with("from", "3").with("to", "2"))
        .await;
    assert!(turned.body.contains("rule more: removed"));
    assert!(!turned.body.contains("nora may look"));
    let same = ada.submits(&form.with("from", "2").with("to", "2")).await;
    assert!(same.body.contains("both say the same"));
    world.stop().await;
}
