//! The whole story: lists, document, problems, publishing, and going back.

use vestibule::domain::audit::{Event, EventKind};

use super::*;
use crate::world::accounts::MODEL;

#[tokio::test]
async fn a_text_with_problems_is_kept_with_all_of_them_and_publishes_nothing() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    assert!(text_of(&page).contains("name = \"payments engineers\""));
    // whatever a browser makes of line ends
    let same = ada.submits(&draft_form(&page)).await;
    assert_eq!(
        (same.status, finding(&same)),
        (200, "same"),
        "{}",
        same.body
    );

    let wrong = NORA
        .replace("payments-dev/Developer", "payments-dev/Nobody")
        .replace("\"corp\"", "\"nowhere\"");
    let text = format!("{}{wrong}", text_of(&page));
    let checked = ada
        .submits(&draft_form(&same).with("document", &text))
        .await;
    assert_eq!((checked.status, finding(&checked)), (200, "problems"));
    for part in [
        "2 problems",
        "rules[2].when[1].idp",
        "rules[2].grant[0]",
        "(nora may look)",
    ] {
        assert!(checked.body.contains(part), "{part}: {}", checked.body);
    }
    assert_eq!(text_of(&checked), text);
    let review = ada.submits(&reviewing(draft_form(&checked))).await;
    assert_eq!((review.status, finding(&review)), (200, "problems"));
    assert!(review.form_with("revision").is_none());
    assert!(review.body.contains("(nora may look)"), "{}", review.body);

    // put right, it is still only a draft
    let page = ada.opens(checked.url.as_str()).await;
    let text = text_of(&page).replace(&wrong, NORA);
    let checked = ada
        .submits(&draft_form(&page).with("document", &text))
        .await;
    assert_eq!((checked.status, finding(&checked)), (200, "changes"));
    assert!(checked.body.contains("rule nora may look: added"));
    assert_eq!(revision(&world).await, 1);
    world.stop().await;
}

#[tokio::test]
async fn a_person_gains_a_role_without_signing_in_again_and_loses_it_when_one_goes_back() {
    let world = World::start().await;
    let nora = world.browser();
    let nothing = "There is no role for you yet";
    let portal = world
        .signs_in(&nora, &format!("/?idp={SAML}"), "nora")
        .await;
    assert!(portal.body.contains(nothing));

    let (ada, page) = drafting(&world).await;
    let published = publishes(&ada, &page, NORA, "for nora").await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");
    assert_eq!(published.hops[0].status, 303);
    for part in [
        "rule nora may look: added",
        "for nora",
        "ada@example.com (corp)",
    ] {
        assert!(published.body.contains(part), "{part}: {}", published.body);
    }
    let portal = nora.opens_once(&world.at("/")).await;
    assert!(
        portal
            .links()
            .contains(&"/go/payments-dev/Developer".to_owned())
    );

    let first = ada.opens(&world.at("/admin/access/revisions/1")).await;
    assert!(first.body.contains("rule nora may look: removed"));
    let form = form_to(&first, "/restore").unwrap();
    let review = ada.submits(&form).await;
    assert!(review.url.path().ends_with("/review"), "{}", review.url);
    assert!(review.body.contains("rule nora may look: removed"));
    let back = ada.submits(&publishing(&review)).await;
    assert_eq!(back.url.path(), "/admin/access/revisions/3");
    for part in ["rule nora may look: removed", "Back to revision 1"] {
        assert!(back.body.contains(part), "{part}: {}", back.body);
    }
    let portal = nora.opens_once(&world.at("/")).await;
    assert!(portal.body.contains(nothing));
    let list = ada.opens(&world.at(REVISIONS)).await;
    for number in 1..=3 {
        let link = format!("/admin/access/revisions/{number}");
        assert!(list.links().contains(&link), "{link}");
    }
    who_published_stands_in_the_record(&world).await;
    world.stop().await;
}

async fn who_published_stands_in_the_record(world: &World) {
    let events = world.audit(EventKind::AccessPublished).await;
    let events = &events[1..];
    let said = |event: &Event| (event.revision, event.note.clone().unwrap());
    assert_eq!(
        events.iter().map(said).collect::<Vec<_>>(),
        [
            (Some(2), "for nora".to_owned()),
            (Some(3), "Back to revision 1".to_owned())
        ]
    );
    for event in events {
        assert_eq!(event.idp.as_deref(), Some(SAML));
        assert_eq!(event.subject.as_deref(), Some("ada@example.com"));
        assert_eq!(event.display_name.as_deref(), Some("ada@example.com"));
        assert_eq!(event.address.as_deref(), Some("127.0.0.1"));
        assert_eq!(event.reference.as_deref().map(str::len), Some(16));
    }
}

#[tokio::test]
async fn the_lists_say_what_uses_what_and_narrow_to_a_search() {
    let world = World::start().await;
    let (ada, page) = administrator(&world, LISTS).await;
    assert!(page.body.contains("contractors stay out of production"));
    assert!(page.body.contains("environment:production"));
    assert!(page.body.contains("groups is &#34;payments-eng&#34;"));
    assert!(page.body.contains("2 rules"));
    let links = page.links();
    for link in [DRAFTS, REVISIONS, "/admin/access/revisions/1"] {
        assert!(links.contains(&link.to_owned()), "{link}: {links:?}");
    }

    let roles = ada
        .opens(&world.at("/admin/access?show=roles&q=samlreader"))
        .await;
    assert!(roles.body.contains("1 of 10 roles"), "{}", roles.body);
    assert!(
        roles
            .body
            .contains("arn:aws:iam::111122223333:role/SamlReader")
    );
    assert!(roles.body.contains("gives it") && roles.body.contains("takes it away"));
    let rule = "/admin/access?show=rules&q=payments%20engineers".to_owned();
    assert!(roles.links().contains(&rule), "{:?}", roles.links());
    let rules = ada.opens(&world.at(&rule)).await;
    assert!(rules.body.contains("1 of 2 rules"));

    let accounts = ada
        .opens(&world.at("/admin/access?show=accounts&q=gov-PROD"))
        .await;
    assert!(accounts.body.contains("1 of 3 accounts"));
    assert!(
        accounts
            .links()
            .contains(&"/admin/access?show=roles&q=gov-prod%2FGovSaml".to_owned())
    );
    let none = ada
        .opens(&world.at("/admin/access?q=nothing+like+it"))
        .await;
    assert!(none.body.contains("None of them matches that"));
    for unreadable in [
        "q=a&q=b",
        "q=%00",
        "q=%ff",
        &format!("q={}", "x".repeat(300)),
    ] {
        let page = ada
            .opens(&world.at(&format!("/admin/access?{unreadable}")))
            .await;
        assert_eq!(page.status, 400, "{unreadable}");
    }
    world.stop().await;
}

#[tokio::test]
async fn the_list_of_revisions_goes_on_page_by_page() {
    let world = World::start().await;
    for number in 2..=53 {
        let model = format!(
            "{MODEL}\n[[scopes]]\nname = \"s{number}\"\nmanaged_policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n"
        );
        world.publishes(&model).await;
    }
    let (ada, page) = administrator(&world, REVISIONS).await;
    let numbers = |page: &Page| -> Vec<String> {
        let links = page.links().into_iter();
        links
            .filter_map(|link| Some(link.strip_prefix("/admin/access/revisions/")?.to_owned()))
            .collect()
    };
    let first = numbers(&page);
    assert_eq!(
        (first.len(), first[0].as_str(), first[49].as_str()),
        (50, "53", "4")
    );
    let older = page
        .links()
        .into_iter()
        .find(|link| link.contains("before="))
        .unwrap();
    let page = ada.opens(&world.at(&older)).await;
    assert_eq!(numbers(&page), ["3", "2", "1"]);
    assert!(!page.links().iter().any(|link| link.contains("before=")));
    world.stop().await;
}
