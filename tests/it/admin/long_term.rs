//! A role that needs an IAM user's key is not published on a role's credentials.

use super::*;
use crate::commands::{complains, vestibule};
use crate::world::accounts::MODEL;

const WHY: &str = "needs the long-term key of an IAM user";

#[tokio::test]
async fn what_stands_in_the_file_refuses_it_on_the_command_line() {
    let world = World::start().await;
    let file = world.folder.join("next.toml");
    let text = MODEL.replace("\"payments\"", "\"chained\"");
    std::fs::write(&file, text).unwrap();
    let name = file.to_str().unwrap();
    for command in ["check", "diff", "apply"] {
        let reasons = complains(&vestibule(&world.folder, &["access", command, name]).await);
        assert_eq!(reasons.matches(WHY).count(), 2, "{command}: {reasons}");
    }
    assert_eq!(revision(&world).await, 1);
    world.stop().await;
}

#[tokio::test]
async fn what_they_turned_out_to_be_refuses_it_on_the_page_and_the_current_revision_serves_on() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    let form = draft_form(&page).with("document", &format!("{}{NORA}", text_of(&page)));
    let before = ada.submits(&form).await;
    assert_eq!(finding(&before), "changes", "{}", before.body);
    let review = ada.submits(&reviewing(draft_form(&before))).await;
    let publish = publishing(&review);

    std::fs::copy(world.folder.join("chained"), world.folder.join("payments")).unwrap();
    let erin = world.signed_in("erin").await;
    let refused = erin
        .opens(&world.at("/go/payments-prod/Federated?idp=corp"))
        .await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    for checked in [
        ada.opens(before.url.as_str()).await,
        ada.opens(review.url.as_str()).await,
        ada.submits(&publish).await,
    ] {
        assert_eq!(finding(&checked), "problems", "{}", checked.body);
        assert_eq!(checked.body.matches(WHY).count(), 2, "{}", checked.body);
    }
    assert_eq!(revision(&world).await, 1);
    let other = erin
        .opens_once(&world.at("/go/payments-prod/Admin?idp=corp"))
        .await;
    assert_eq!(other.status, 303, "{}", other.body);
    world.stop().await;
}
