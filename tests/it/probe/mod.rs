//! Probes: what a role that does not work is told to lack, by a page and by the command line, and what AWS sees of it.

mod before_the_role;
mod bounds;
mod commands;
mod doors;
mod healthy;
mod narrowing;

use serde_json::json;
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::policy::Policy;
use vestibule_sandbox::aws::request_log::Entry;

use crate::world::World;
use crate::world::accounts::{HUB, MODEL};
use crate::world::browser::{Browser, Form, Page};

const ROLES: &str = "/admin/access?show=roles";

/// The usual model, its role `Chained` being reached through the hub's role `Broker`, with all that goes along.
fn model() -> String {
    let old = "name = \"Chained\"\nmethod = \"AssumeRole\"\ncredentials = \"chained\"\nconsole_hours = 8\n";
    assert!(MODEL.contains(old));
    MODEL.replace(
        old,
        &format!(
            "name = \"Chained\"\nmethod = \"AssumeRole\"\ncredentials = \"hub\"\n\
             via = {{ role_arn = \"arn:aws:iam::{HUB}:role/Broker\" }}\nsource_identity = true\n\
             tags = {{ team = \"{{attribute.team}}\" }}\n"
        ),
    )
}

/// A world with a role of each method and partition, all of which work.
async fn healthy() -> World {
    let world = World::builder().model(&model()).issuing().start().await;
    world.trusts_the_issuer().await;
    world
}

/// An administrator's browser, on the list of roles.
async fn ada(world: &World) -> (Browser, Page) {
    let browser = world.browser();
    let page = world
        .signs_in(&browser, &format!("{ROLES}&idp=corp"), "ada")
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    // a sign-in leads to the page, and not to the list that was asked for
    let page = browser.opens(&world.at(ROLES)).await;
    assert_eq!(page.status, 200, "{}", page.body);
    world.aws_forgets();
    (browser, page)
}

/// The form beside a role on the list, if there is one.
fn button(page: &Page, role: &str) -> Option<Form> {
    let forms = page.forms().into_iter();
    let mut forms = forms.filter(|form| form.action.path() == "/admin/access/probe");
    forms.find(|form| form.value("role") == Some(role))
}

/// Presses it, with AWS's log emptied before.
async fn probes(world: &World, (browser, list): &(Browser, Page), role: &str) -> Page {
    let form = button(list, role).unwrap_or_else(|| panic!("no button for {role}"));
    world.aws_forgets();
    browser.submits_once(&form).await
}

fn mark<'p>(page: &'p Page, name: &str) -> &'p str {
    let rest = page
        .body
        .split_once(&format!("data-{name}=\""))
        .map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
}

/// The page says that, for that cause, in those words.
#[track_caller]
fn says(page: &Page, verdict: &str, cause: &str, texts: &[&str]) {
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(
        (mark(page, "verdict"), mark(page, "cause")),
        (verdict, cause),
        "{}",
        page.body
    );
    let body = page.body.replace("&#39;", "'").replace("&#34;", "\"");
    for text in texts {
        assert!(body.contains(text), "{text}: {body}");
    }
}

/// The part of a page under a heading with that id.
fn part<'p>(page: &'p Page, id: &str) -> &'p str {
    let from = page
        .body
        .find(&format!("id=\"{id}\""))
        .unwrap_or(page.body.len());
    let rest = &page.body[from..];
    &rest[..rest.find("</section>").unwrap_or(rest.len())]
}

fn parameter<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    entry.parameters.get(name).map(String::as_str)
}

/// Every call asked for as little as there is, and none led to a console.
#[track_caller]
fn could_do_nothing(world: &World) {
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Deny", "Action": "*", "Resource": "*" }] });
    for entry in world.aws_saw() {
        assert!(entry.host.starts_with("sts."), "{entry:?}");
        let said = parameter(&entry, "Policy").unwrap_or_else(|| panic!("{entry:?}"));
        let said: serde_json::Value = serde_json::from_str(said).unwrap();
        let is_hop = parameter(&entry, "RoleArn").is_some_and(|arn| arn.ends_with("role/Broker"));
        if is_hop {
            assert_eq!(said["Statement"].as_array().unwrap().len(), 1);
            let only = said["Statement"][0]["Resource"].as_str().unwrap();
            assert!(only.contains(":role/"), "{only}");
        } else {
            assert_eq!(said, policy, "{entry:?}");
        }
        assert_eq!(
            parameter(&entry, "DurationSeconds"),
            Some("900"),
            "{entry:?}"
        );
        for name in ["RoleSessionName", "Name"] {
            let said = parameter(&entry, name);
            assert!(
                said.is_none_or(|said| said == "vestibule-probe"),
                "{entry:?}"
            );
        }
    }
}

/// Changes a role of an account, as its administrators would.
fn change(world: &World, account: &str, role: &str, change: impl FnOnce(&mut Role)) {
    let mut iam = world.sandbox.simulation().iam.write();
    change(iam.account_mut(account).unwrap().role_mut(role).unwrap());
}

/// A trust policy of one statement for the hub's user.
fn hub_trust(actions: &[&str], external_id: Option<&str>) -> Policy {
    let principal = json!({ "AWS": format!("arn:aws:iam::{HUB}:user/vestibule") });
    let mut statement = json!({ "Effect": "Allow", "Principal": principal, "Action": actions });
    if let Some(id) = external_id {
        statement["Condition"] = json!({ "StringEquals": { "sts:ExternalId": id } });
    }
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    Policy::trust(&document.to_string()).unwrap()
}
