//! A person's page: everything about somebody is one click away from it, and every mention of them leads to it.

use vestibule::domain::audit::EventKind;
use vestibule::domain::person::PersonKey;
use vestibule_sandbox::people::Person;

use super::administrator;
use crate::world::World;
use crate::world::browser::{Browser, Page};

const PEOPLE: &str = "/admin/people";
const DEVELOPER: &str = "/go/payments-dev/Developer?idp=corp";

/// The key of whoever a provider knows by this subject, as the record has them.
async fn key(world: &World, kind: EventKind) -> (PersonKey, String) {
    let rows = world.audit(kind).await;
    let row = rows.last().unwrap();
    let (idp, format) = (row.idp.clone().unwrap(), row.subject_format.clone());
    let subject = row.subject.clone().unwrap();
    (PersonKey::of(&idp, &format.unwrap(), &subject), subject)
}

/// Goes where a link of the page leads that begins so.
async fn follows(browser: &Browser, page: &Page, begins: &str) -> Page {
    let links = page.links();
    let link = links.iter().find(|link| link.starts_with(begins));
    let link = link.unwrap_or_else(|| panic!("no link to {begins}: {}", page.body));
    let at = page.url.join(link).unwrap();
    let page = browser.opens(at.as_str()).await;
    assert_eq!(page.status, 200, "{link}: {}", page.body);
    page
}

#[tokio::test]
async fn from_a_person_s_page_everything_about_them_is_one_click_away_and_leads_back() {
    let world = World::start().await;
    let erin = world.browser();
    world.signs_in(&erin, DEVELOPER, "erin").await;
    let (key, subject) = key(&world, EventKind::SessionBegan).await;
    let own = format!("{PEOPLE}/{key}");
    let (ada, list) = administrator(&world, PEOPLE).await;
    let person = follows(&ada, &list, &own).await;
    assert!(person.body.contains("Not blocked"), "{}", person.body);
    assert!(person.body.contains("id=\"sessions\""));
    world.aws_forgets();

    // by key, and nothing is asked before a form is sent
    let revoke = follows(&ada, &person, "/admin/revoke?person=").await;
    let chosen = revoke.form_with("subject").unwrap();
    assert_eq!(chosen.value("subject"), Some(subject.as_str()));
    assert_eq!(chosen.value("step"), Some("plan"));
    assert!(revoke.body.contains("is not blocked"), "{}", revoke.body);
    follows(&ada, &revoke, &own).await;
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::RevokeBegun).await.is_empty());

    let simulate = follows(&ada, &person, "/admin/simulate?person=").await;
    let form = simulate.form_with("subject").unwrap();
    assert_eq!(form.value("subject"), Some(subject.as_str()));
    assert!(
        world.audit(EventKind::WhyAsked).await.is_empty(),
        "a link looks nobody up"
    );
    follows(&ada, &simulate, &own).await;
    let asked = form.with("about_idp", "corp").with("by", "known");
    let judged = ada.submits(&asked).await;
    assert!(judged.body.contains("payments-dev/Developer"));
    follows(&ada, &judged, &own).await;

    let record = follows(&ada, &person, "/admin/record/person?").await;
    assert!(record.body.contains("was let into the console"));
    follows(&ada, &record, &own).await;
    let rows = ada
        .opens(&world.at("/admin/record?kind=signin_ended"))
        .await;
    follows(&ada, &rows, &own).await;
    world.stop().await;
}

#[tokio::test]
async fn somebody_who_has_long_gone_has_a_page_still_and_is_blocked_there() {
    let world = World::start().await;
    let erin = world.signed_in("erin").await;
    let (key, _) = key(&world, EventKind::SessionBegan).await;
    let out = erin.opens(&world.at("/")).await;
    let forms = out.forms();
    let out = forms.iter().find(|form| form.action.path() == "/sign-out");
    erin.submits(out.unwrap()).await;
    let (ada, list) = administrator(&world, PEOPLE).await;
    let own = format!("{PEOPLE}/{key}");
    assert!(!list.links().contains(&own), "they are not here");
    let record = ada
        .opens(&world.at("/admin/record?kind=session_ended"))
        .await;
    let person = follows(&ada, &record, &own).await;
    assert!(person.body.contains("There are none."), "{}", person.body);
    let forms = person.forms();
    let block = forms
        .iter()
        .find(|form| form.value("deed") == Some("block"));
    let blocked = ada.submits(block.unwrap()).await;
    assert!(blocked.body.contains("Blocked until"), "{}", blocked.body);
    let revoke = follows(&ada, &blocked, "/admin/revoke?person=").await;
    assert!(revoke.body.contains("is blocked until"), "{}", revoke.body);
    world.stop().await;
}

#[tokio::test]
async fn a_key_that_is_nobody_s_fills_no_form() {
    let world = World::start().await;
    let (ada, _) = administrator(&world, PEOPLE).await;
    for page in ["/admin/revoke", "/admin/simulate"] {
        for key in ["x", &"0".repeat(64), &"A".repeat(64), "%00"] {
            let page = ada.opens(&world.at(&format!("{page}?person={key}"))).await;
            page.is_refused(404, "no-such-person");
        }
        let page = ada.opens(&world.at(&format!("{page}?person="))).await;
        assert_eq!(page.status, 200);
    }
    let erin = world.signed_in("erin").await;
    let (key, _) = key(&world, EventKind::SessionBegan).await;
    for page in ["/admin/revoke", "/admin/simulate"] {
        let page = erin.opens(&world.at(&format!("{page}?person={key}"))).await;
        page.is_refused(403, "not-entitled");
        assert!(!page.body.contains("Erin"), "{}", page.body);
    }
    world.stop().await;
}

#[tokio::test]
async fn whoever_has_a_token_is_linked_to_from_it() {
    let world = World::start().await;
    crate::api::Program::of(&world, "erin", &["me:read"]).await;
    let (key, _) = key(&world, EventKind::TokenMade).await;
    let (ada, list) = administrator(&world, "/admin/tokens").await;
    follows(&ada, &list, &format!("{PEOPLE}/{key}")).await;
    world.stop().await;
}

#[tokio::test]
async fn a_simulation_says_who_is_blocked_and_what_is_suspended_whatever_the_rules_give() {
    let world = World::start().await;
    world.signed_in("erin").await;
    let (key, subject) = key(&world, EventKind::SessionBegan).await;
    let (ada, _) = administrator(&world, PEOPLE).await;
    let asks = async |role: &str| {
        let at = format!("/admin/simulate?person={key}");
        let page = ada.opens(&world.at(&at)).await;
        let form = page.form_with("subject").unwrap();
        let form = form.with("about_idp", "corp").with("by", "known");
        ada.submits(&form.with("role", role)).await
    };
    let free = asks("payments-dev/Developer").await;
    assert!(free.body.contains("holds"), "{}", free.body);
    assert!(!free.body.contains("data-stop"), "{}", free.body);

    let stops = ada.opens(&world.at("/admin/stops")).await;
    let suspend = stops.form_with("place").unwrap();
    let role = suspend.clone().with("place", "payments-dev/Developer");
    ada.submits(&role.with("deed", "suspend")).await;
    let page = asks("payments-dev/Developer").await;
    // beside the role, and where it is the one that was asked about
    assert_eq!(page.body.matches("data-stop=\"suspended\"").count(), 2);
    assert!(!page.body.contains("data-stop=\"blocked\""));
    ada.submits(
        &suspend
            .with("place", "payments-dev")
            .with("deed", "suspend"),
    )
    .await;
    let page = asks("").await;
    assert!(page.body.contains("Suspended with its account until"));

    let person = ada.opens(&world.at(&format!("{PEOPLE}/{key}"))).await;
    let forms = person.forms();
    let block = forms
        .iter()
        .find(|form| form.value("deed") == Some("block"));
    ada.submits(block.unwrap()).await;
    // the provider's last word is kept for reviews; where only the subject is typed, it holds as well
    let at = world.at("/admin/simulate");
    let form = ada.opens(&at).await.form_with("subject").unwrap();
    let form = form.with("about_idp", "corp").with("subject", &subject);
    let typed = form
        .with("attributes", "groups = payments-eng")
        .with("by", "typed");
    let page = ada.submits(&typed).await;
    assert!(page.body.contains("data-stop=\"blocked\""), "{}", page.body);
    world.stop().await;
}

#[tokio::test]
async fn a_draft_that_is_discarded_or_published_is_named_with_who_had_part_in_it() {
    let world = World::start().await;
    let (ada, list) = administrator(&world, super::DRAFTS).await;
    let form = list.form_with("from").unwrap();
    let one = ada.submits(&form.clone().with("name", "For Nora")).await;
    let two = ada.submits(&form.with("name", "")).await;
    assert!(world.audit(EventKind::DraftDiscarded).await.is_empty());
    ada.submits(&super::form_to(&two, "/discard").unwrap())
        .await;
    let gone = world.audit(EventKind::DraftDiscarded).await;
    assert_eq!(gone.len(), 1);
    let id = two.url.path_segments().unwrap().next_back();
    assert_eq!(gone[0].draft.as_deref(), id);
    assert_eq!(gone[0].draft_name, None);
    assert_eq!(gone[0].display_name.as_deref(), Some("ada@example.com"));
    assert_eq!(
        gone[0].drafted_by.as_deref(),
        Some("ada@example.com (corp)")
    );
    // twice is once
    ada.submits(&super::form_to(&two, "/discard").unwrap())
        .await;
    assert_eq!(world.audit(EventKind::DraftDiscarded).await.len(), 1);
    super::publishes(&ada, &one, super::NORA, "for Nora").await;
    let published = world.audit(EventKind::AccessPublished).await;
    let last = published.last().unwrap();
    assert_eq!(last.draft_name.as_deref(), Some("For Nora"));
    assert_eq!(
        last.draft.as_deref(),
        one.url.path_segments().unwrap().next_back()
    );
    assert_eq!(last.drafted_by.as_deref(), Some("ada@example.com (corp)"));
    let rows = ada
        .opens(&world.at("/admin/record?kind=draft_discarded"))
        .await;
    assert!(rows.body.contains("discarded the draft without a name of"));
    world.stop().await;
}

#[tokio::test]
async fn whoever_saved_a_draft_between_others_is_named_where_it_is_published() {
    let world = World::start().await;
    let bea = Person::new("bea", "Bea Berg").in_groups(["cloud-admins"]);
    world.sandbox.people().put(bea);
    let (ada, draft) = super::drafting(&world).await;
    let bea = world.signed_in("bea").await;
    let of_bea = bea.opens(draft.url.as_str()).await;
    let text = format!("{}{}", super::text_of(&of_bea), super::NORA);
    let form = super::draft_form(&of_bea).with("document", &text);
    assert_eq!(bea.submits(&form).await.status, 200);
    let draft = ada.opens(draft.url.as_str()).await;
    let text = super::text_of(&draft).replace("Payments Development", "Payments Playground");
    let review = super::reviewing(super::draft_form(&draft).with("document", &text));
    let review = ada.submits(&review).await;
    ada.submits(&super::publishing(&review)).await;
    let published = world.audit(EventKind::AccessPublished).await;
    assert_eq!(
        published.last().unwrap().drafted_by.as_deref(),
        Some("ada@example.com (corp); bea@example.com (corp)"),
        "though ada began it and saved it last"
    );
    world.stop().await;
}
