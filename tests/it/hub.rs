//! The way through a hub role: two calls of STS instead of one, an hour at most, and refusals that say where.

use std::sync::Arc;

use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::aws::request_log::Entry;

use crate::world::World;
use crate::world::accounts::{HUB, MODEL, PROD, further_roles};
use crate::world::browser::Page;

const LINK: &str = "/go/payments-prod/Chained";

/// The usual model, its role `Chained` being reached with a long-term key through the hub's role `Broker`.
fn model(further: &str) -> String {
    let old = "name = \"Chained\"\nmethod = \"AssumeRole\"\ncredentials = \"chained\"\nconsole_hours = 8\n";
    assert!(MODEL.contains(old));
    MODEL.replace(
        old,
        &format!(
            "name = \"Chained\"\nmethod = \"AssumeRole\"\ncredentials = \"hub\"\n\
             via = {{ role_arn = \"arn:aws:iam::{HUB}:role/Broker\"{further} }}\nsource_identity = true\n\
             tags = {{ team = \"{{attribute.team}}\", who = \"{{session.name}}\" }}\ntransitive_tags = [\"team\"]\n"
        ),
    )
}

async fn start() -> World {
    World::builder().model(&model("")).start().await
}

fn parameter<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    entry.parameters.get(name).map(String::as_str)
}

/// Opens the link with a fresh session; what AWS saw is what that cost.
async fn opens(world: &World, link: &str) -> (crate::world::browser::Browser, Page) {
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let page = browser.opens_once(&world.at(link)).await;
    (browser, page)
}

#[tokio::test]
async fn the_person_s_name_goes_the_whole_way_and_their_tags_begin_at_the_role() {
    let world = start().await;
    let (browser, page) = opens(&world, LINK).await;
    let console = browser.follows(page).await;
    let console = world.console(&browser, &console).await;
    let name = "erin@example.com";
    assert_eq!(
        console["principal"],
        format!("arn:aws:sts::{PROD}:assumed-role/Chained/{name}")
    );
    assert_eq!(console["source_identity"], name);
    let saw = world.aws_saw();
    let [hop, target, exchange, ..] = &saw[..] else {
        panic!("{saw:?}");
    };
    let hub = format!("arn:aws:iam::{HUB}:role/Broker");
    assert_eq!(parameter(hop, "RoleArn"), Some(hub.as_str()));
    assert_eq!(hop.access_key.as_deref(), Some("AKIAHUBHUBHUBHUBHUB1"));
    for entry in [hop, target] {
        assert_eq!(entry.action.as_deref(), Some("AssumeRole"));
        assert_eq!(parameter(entry, "RoleSessionName"), Some(name));
        assert_eq!(parameter(entry, "SourceIdentity"), Some(name));
        assert_eq!(parameter(entry, "DurationSeconds"), Some("3600"));
        assert_eq!(parameter(entry, "ExternalId"), None);
    }
    assert_eq!(parameter(hop, "Tags.member.1.Key"), None);
    assert_eq!(parameter(hop, "TransitiveTagKeys.member.1"), None);
    let role = format!("arn:aws:iam::{PROD}:role/Chained");
    let policy: serde_json::Value =
        serde_json::from_str(parameter(hop, "Policy").unwrap()).unwrap();
    assert_eq!(policy["Statement"].as_array().unwrap().len(), 1);
    assert_eq!(policy["Statement"][0]["Resource"], role.as_str());
    assert_eq!(parameter(target, "RoleArn"), Some(role.as_str()));
    let key = target.access_key.as_deref().unwrap();
    assert!(key.starts_with("ASIA"), "signed by the hub role: {key}");
    assert_eq!(parameter(target, "Tags.member.1.Value"), Some("payments"));
    assert_eq!(parameter(target, "Tags.member.2.Value"), Some(name));
    let transitive = parameter(target, "TransitiveTagKeys.member.1");
    assert_eq!(transitive, Some("team"));
    assert_eq!(exchange.action.as_deref(), Some("getSigninToken"));
    assert_eq!(parameter(exchange, "SessionDuration"), None);
    world.stop().await;
}

#[tokio::test]
async fn every_sign_in_makes_the_hop_anew_and_no_console_is_made_of_the_hub() {
    let world = start().await;
    let (browser, page) = opens(&world, LINK).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let again = browser.opens_once(&world.at(LINK)).await;
    assert_eq!(again.status, 303, "{}", again.body);
    let three = ["AssumeRole", "AssumeRole", "getSigninToken"];
    assert_eq!(world.aws_actions(), [three, three].concat());
    let (_, ended) = world.signin_rows(2).await;
    let made = ended.access_key_id;
    let saw = world.aws_saw();
    let keys: Vec<_> = saw.iter().map(|entry| &entry.access_key).collect();
    assert_eq!(*keys[5], made, "the console is the role's");
    assert_ne!(keys[4], keys[5], "and not the hub's");
    assert_ne!(keys[1], keys[4], "which is another one each time");
    world.stop().await;
}

#[tokio::test]
async fn the_length_is_an_hour_and_the_portal_says_why() {
    let world = start().await;
    let (browser, page) = opens(&world, &format!("{LINK}?hours=9")).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let saw = world.aws_saw();
    assert_eq!(parameter(&saw[1], "DurationSeconds"), Some("3600"));
    assert_eq!(parameter(&saw[2], "SessionDuration"), None);
    let portal = browser.opens(&world.at("/")).await.body;
    assert!(portal.contains("No longer, because the way leads through a hub role"));
    world.stop().await;
}

#[tokio::test]
async fn an_external_id_of_the_hub_s_goes_to_the_hub_alone() {
    let model = model(", external_id = \"for-the-hub\"");
    let world = World::builder().model(&model).start().await;
    let (_, page) = opens(&world, LINK).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let saw = world.aws_saw();
    assert_eq!(parameter(&saw[0], "ExternalId"), Some("for-the-hub"));
    assert_eq!(parameter(&saw[1], "ExternalId"), None);
    world.stop().await;
}

/// A world whose model names a hub role that is not there.
async fn without_the_hub() -> World {
    let model = model("").replace("role/Broker", "role/Nobody");
    World::builder().model(&model).start().await
}

#[tokio::test]
async fn a_hub_that_refuses_is_named_and_the_role_is_not_asked_for() {
    let world = without_the_hub().await;
    let (_, page) = opens(&world, LINK).await;
    page.is_refused(403, "hub-refused");
    for text in [
        format!("arn:aws:iam::{HUB}:role/Nobody"),
        "trust policy does not name Vestibule".to_owned(),
        "sts:SetSourceIdentity".to_owned(),
        "does not exist in its account".to_owned(),
    ] {
        assert!(page.body.contains(&text), "{text}: {}", page.body);
    }
    assert_eq!(world.aws_actions(), ["AssumeRole"]);
    let (_, ended) = world.signin_rows(1).await;
    assert_eq!(ended.result.as_deref(), Some("refused"));
    assert_eq!(ended.cause.as_deref(), Some("aws.hub_refused"));
    assert_eq!(ended.access_key_id, None);
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_refuses_its_hub_has_a_page_that_says_so() {
    // trusts the user, and not the hub's role
    let model = model("").replace("name = \"Chained\"", "name = \"Elsewhere\"");
    let world = World::builder().model(&model).start().await;
    further_roles(&world.sandbox, PROD, &["Elsewhere".to_owned()]);
    let (_, page) = opens(&world, "/go/payments-prod/Elsewhere").await;
    page.is_refused(403, "aws-refused");
    assert!(
        page.body
            .contains("trust policy does not name the hub role")
    );
    assert_eq!(world.aws_actions(), ["AssumeRole", "AssumeRole"]);
    world.stop().await;
}

#[tokio::test]
async fn a_hub_whose_answer_cannot_be_right_ends_the_way() {
    let world = start().await;
    let browser = world.signed_in("erin").await;
    let faults = &world.sandbox.simulation().faults;
    let alter = Fault::Alter(Arc::new(|answer| {
        let text = String::from_utf8_lossy(&answer.body);
        let foreign = text.replace("assumed-role/Broker", "assumed-role/Others");
        answer.body = foreign.into_bytes();
    }));
    faults.plan(HostKind::Sts, Some("AssumeRole"), alter);
    world.aws_forgets();
    let page = browser.opens_once(&world.at(LINK)).await;
    page.is_refused(502, "aws-unexpected");
    let denied = Fault::sts_error(403, "RegionDisabledException", "x");
    faults.plan(HostKind::Sts, Some("AssumeRole"), denied);
    let page = browser.opens_once(&world.at(LINK)).await;
    assert_eq!(page.problem(), "region-disabled", "{}", page.body);
    assert!(page.body.contains(HUB), "the hub's account: {}", page.body);
    assert_eq!(world.aws_actions(), ["AssumeRole", "AssumeRole"]);
    world.stop().await;
}
