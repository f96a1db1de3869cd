//! Whose forms count, and which roles there are to name.

use vestibule::domain::audit::EventKind;

use super::{ada, button, healthy};

const ROLE: &str = "payments-prod/Narrow";

#[tokio::test]
async fn nobody_but_an_administrator_probes_and_they_get_the_usual_answer() {
    let world = healthy().await;
    let (ada, list) = ada(&world).await;
    let form = button(&list, ROLE).unwrap();
    let erin = world.signed_in("erin").await;
    let portal = erin.opens(&world.at("/")).await;
    let token = portal.form_with("form_token").unwrap();
    let token = token.value("form_token").unwrap();
    world.aws_forgets();
    let page = erin
        .submits_once(&form.clone().with("form_token", token))
        .await;
    page.is_refused(403, "not-entitled");
    let unknown = erin
        .opens_once(&world.at("/go/payments-prod/NoSuchRole"))
        .await;
    unknown.is_refused(403, "not-entitled");
    // an administrator's own browser, a form that was not theirs
    for (forged, problem) in [
        (form.clone().without("form_token"), "form-refused"),
        (form.clone().with("form_token", token), "other-session"),
        (form.clone().with("form_token", ""), "form-refused"),
    ] {
        ada.submits_once(&forged).await.is_refused(403, problem);
    }
    let late = world.browser().submits_once(&form).await;
    late.is_refused(401, "sent-too-late");
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::ProbeBegun).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_name_that_is_no_role_s_is_not_there_whatever_it_holds() {
    let world = healthy().await;
    let (ada, list) = ada(&world).await;
    let form = button(&list, ROLE).unwrap();
    let long = "x".repeat(10_000);
    for name in [
        "Narrow",
        "\u{0}",
        "payments-prod/",
        "payments-prod/narrow",
        "payments-prod/Narrow ",
        "payments-prod/Narrow/x",
        "111122223333/Narrow",
        "arn:aws:iam::111122223333:role/Narrow",
        "payments-prod/../Narrow",
        "<script>alert(1)</script>",
        &long,
    ] {
        let page = ada.submits_once(&form.clone().with("role", name)).await;
        page.is_refused(404, "no-such-role");
        assert!(!page.body.contains("<script>"), "{name}");
    }
    let empty = form.clone().with("role", "");
    for unreadable in [empty, form.without("role")] {
        let page = ada.submits_once(&unreadable).await;
        page.is_refused(400, "form-unreadable");
    }
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}
