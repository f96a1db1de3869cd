//! A draft's entries as lists and forms: what they change is in the text, and the other way round.

use super::*;

fn entries(draft: &Page, section: &str) -> String {
    format!("{}/entries/{section}", draft.url)
}

/// The form of an entry, filled like a browser does: what its text fields and choices hold goes along.
fn entry_form(page: &Page) -> Form {
    let mut form = page.form_with("seen").expect("an entry's form");
    for piece in page.body.split("<textarea").skip(1) {
        let name = piece.split("name=\"").nth(1).unwrap();
        let name = name.split('"').next().unwrap();
        let text = piece.split_once('>').unwrap().1;
        let text = text.split("</textarea>").next().unwrap();
        form = form.with(name, &unescape(text.strip_prefix('\n').unwrap_or(text)));
    }
    for piece in page.body.split("<select").skip(1) {
        let name = piece.split("name=\"").nth(1).unwrap();
        let name = name.split('"').next().unwrap();
        let piece = piece.split("</select>").next().unwrap();
        let chosen = piece
            .split("<option ")
            .find(|option| option.contains(" selected"));
        let value = chosen.map_or("", |option| option.split('"').nth(1).unwrap());
        form = form.with(name, &unescape(value));
    }
    // a box that is not ticked does not go along
    for piece in page.body.split("<input type=\"checkbox\"").skip(1) {
        let tag = piece.split('>').next().unwrap();
        let name = tag.split("name=\"").nth(1).unwrap();
        let name = name.split('"').next().unwrap();
        if !tag.contains(" checked") {
            form = form.without(name);
        }
    }
    form.with("then", "save")
}

async fn saved(world: &World, draft: &Page) -> String {
    let id = draft.url.path().rsplit('/').next().unwrap();
    let id = vestibule::domain::access::DraftId::parse(id).unwrap();
    world.app.store().draft(id).await.unwrap().unwrap().text
}

#[tokio::test]
async fn entries_are_found_by_search_and_say_what_uses_them() {
    let world = World::start().await;
    let (ada, draft) = drafting(&world).await;
    let list = ada.opens(&entries(&draft, "accounts")).await;
    for part in [
        "alias = &#34;payments-prod&#34;",
        "role payments-prod/SamlReader",
        "rule payments engineers",
    ] {
        assert!(list.body.contains(part), "{part}: {}", list.body);
    }
    let roles = ada
        .opens(&format!("{}?q=samlreader", entries(&draft, "roles")))
        .await;
    assert!(roles.body.contains("Entries: 1"), "{}", roles.body);
    let none = ada
        .opens(&format!("{}?q=nothing+like+it", entries(&draft, "rules")))
        .await;
    assert!(none.body.contains("None of them matches that"));
    for path in [
        "nothing",
        "rules/edit?name=nobody",
        "rules/edit?name=payments%20engineers&nth=7",
    ] {
        let page = ada.opens(&entries(&draft, path)).await;
        assert_eq!(page.status, 404, "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_form_sent_as_it_was_shown_changes_nothing() {
    let world = World::start().await;
    let (ada, draft) = drafting(&world).await;
    let before = saved(&world, &draft).await;
    for path in [
        "accounts/edit?name=payments-prod",
        "roles/edit?name=payments-prod%2FAdmin",
        "roles/edit?name=payments-prod%2FNarrow",
        "scopes/edit?name=read-only",
        "rules/edit?name=contractors+stay+out+of+production",
    ] {
        let page = ada.opens(&entries(&draft, path)).await;
        let done = ada.submits(&entry_form(&page)).await;
        assert_eq!(done.status, 200, "{path}: {}", done.body);
        assert!(
            done.url.path().contains("/entries/"),
            "{path}: {}",
            done.body
        );
        assert!(!done.url.path().ends_with("/edit"), "{path}: {}", done.body);
        assert_eq!(saved(&world, &draft).await, before, "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_rule_is_added_condition_by_condition_with_what_is_wrong_beside_its_field() {
    let world = World::start().await;
    let (ada, draft) = drafting(&world).await;
    let new = ada.opens(&entries(&draft, "rules/edit")).await;
    let form = entry_form(&new)
        .with("name", "nora may look")
        .with("grant", "payments-dev/Nobody")
        .with("when[0].attribute", "employment")
        .with("when[0].operator", "is")
        .with("when[0].value", "employee");
    // one more row, and what was typed is still there
    let more = ada.submits(&form.with("then", "add")).await;
    assert_eq!(more.status, 200, "{}", more.body);
    let form = entry_form(&more);
    assert_eq!(form.value("when[0].value"), Some("employee"));
    let form = form
        .with("when[1].operator", "idp")
        .with("when[1].value", "nowhere");
    let wrong = ada.submits(&form).await;
    assert_eq!((wrong.status, finding(&wrong)), (422, "problems"));
    for beside in ["data-wrong=\"grant\"", "data-wrong=\"when[1]\""] {
        assert!(wrong.body.contains(beside), "{beside}: {}", wrong.body);
    }
    assert!(wrong.body.contains("points at no role of this document"));
    assert!(!saved(&world, &draft).await.contains("nora"));

    // kept as it is all the same, or put right
    let form = entry_form(&wrong);
    let anyway = ada.submits(&form.clone().with("then", "anyway")).await;
    assert_eq!(anyway.status, 200, "{}", anyway.body);
    let review = ada.opens(&format!("{}/review", draft.url)).await;
    assert_eq!(finding(&review), "problems");
    let page = ada
        .opens(&entries(&draft, "rules/edit?name=nora+may+look"))
        .await;
    let form = entry_form(&page)
        .with("grant", "payments-dev/Developer")
        .with("when[1].value", "corp");
    assert_eq!(ada.submits(&form).await.status, 200);
    let review = ada.opens(&format!("{}/review", draft.url)).await;
    assert!(
        review.body.contains("rule nora may look: added"),
        "{}",
        review.body
    );
    let text = saved(&world, &draft).await;
    assert!(text.ends_with(NORA.trim_start()), "{text}");
    let published = ada.submits(&publishing(&review)).await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");
    world.stop().await;
}

#[tokio::test]
async fn a_renamed_account_takes_everything_along_and_entries_are_removed() {
    let world = World::start().await;
    let (ada, draft) = drafting(&world).await;
    let page = ada
        .opens(&entries(&draft, "accounts/edit?name=payments-dev"))
        .await;
    let form = entry_form(&page).with("alias", "pay-dev");
    assert_eq!(form.value("keeps_links"), Some("true"));
    assert_eq!(ada.submits(&form).await.status, 200);
    let text = saved(&world, &draft).await;
    for part in [
        "alias = \"pay-dev\"\nformer_aliases = [\"payments-dev\"]",
        "account = \"pay-dev\"\nname = \"Developer\"",
        "\"pay-dev/*\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let review = ada.opens(&format!("{}/review", draft.url)).await;
    assert!(
        review
            .body
            .contains("account payments-dev: renamed to pay-dev")
    );

    let page = ada
        .opens(&entries(&draft, "rules/edit?name=payments+engineers"))
        .await;
    let gone = ada.submits(&entry_form(&page).with("then", "remove")).await;
    assert_eq!(gone.status, 200);
    assert!(!saved(&world, &draft).await.contains("payments engineers"));
    world.stop().await;
}

#[tokio::test]
async fn of_two_who_change_one_entry_the_second_is_told_and_other_entries_do_not_matter() {
    let world = World::start().await;
    let (ada, draft) = drafting(&world).await;
    let rule = ada
        .opens(&entries(&draft, "rules/edit?name=payments+engineers"))
        .await;
    let scope = ada
        .opens(&entries(&draft, "scopes/edit?name=read-only"))
        .await;
    let with = |grant: &str| entry_form(&rule).with("grant", grant);
    assert_eq!(ada.submits(&with("payments-dev/*")).await.status, 200);
    // another entry, seen before that was saved
    let other = entry_form(&scope).with("description", "Look only");
    assert_eq!(ada.submits(&other).await.status, 200);
    let told = ada.submits(&with("gov-prod/*")).await;
    assert_eq!((told.status, finding(&told)), (409, "overtaken"));
    assert!(told.body.contains("gov-prod/*"), "{}", told.body);
    let text = saved(&world, &draft).await;
    assert!(text.contains("grant = [\"payments-dev/*\"]") && text.contains("Look only"));
    assert_eq!(ada.submits(&entry_form(&told)).await.status, 200);
    assert!(
        saved(&world, &draft)
            .await
            .contains("grant = [\"gov-prod/*\"]")
    );

    // what no form can mean is refused or told beside its field
    let role = ada
        .opens(&entries(&draft, "roles/edit?name=payments-prod%2FAdmin"))
        .await;
    for (key, value) in [
        ("console_hours", "many"),
        ("tags", "team"),
        ("tags", "a=b\na=c"),
    ] {
        let wrong = ada.submits(&entry_form(&role).with(key, value)).await;
        assert_eq!((wrong.status, finding(&wrong)), (422, "problems"), "{key}");
        assert!(wrong.body.contains(&format!("data-wrong=\"{key}\"")));
    }
    let mut twice = entry_form(&role);
    twice.fields.push(("name".to_owned(), "Other".to_owned()));
    assert_eq!(ada.submits(&twice).await.status, 400);

    // a text that cannot be read has no entries to show
    let page = ada.opens(draft.url.as_str()).await;
    ada.submits(&draft_form(&page).with("document", "[[rules]"))
        .await;
    let list = ada.opens(&entries(&draft, "rules")).await;
    assert_eq!(
        (list.url.path(), finding(&list)),
        (draft.url.path(), "unreadable")
    );
    world.stop().await;
}
