//! What the command says, and what it refuses.

use crate::commands::{complains, does, vestibule};
use crate::trusting::{COMMERCIAL, world};
use crate::world::World;

fn words<'w>(account: &'w str, format: &'w str, more: &[&'w str]) -> Vec<&'w str> {
    let words = ["trust", "--account", account, "--format", format];
    words.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn every_form_is_printed() {
    let world = world().await;
    let principals = COMMERCIAL.principals();
    let principals: Vec<&str> = principals.iter().map(String::as_str).collect();
    for (format, begins) in [
        ("cloudformation", "{\n  \"AWSTemplateFormatVersion\""),
        (
            "terraform",
            "# What the account 111122223333 (aws) needs for Vestibule.\n",
        ),
        ("cli", "#!/bin/sh\n"),
        ("json", "{\n  \"format\": \"vestibule-trust-1\""),
    ] {
        let words = words("payments-prod", format, &principals);
        let said = does(&vestibule(&world.folder, &words).await);
        assert!(said.starts_with(begins), "{said}");
        for name in ["IssuedSaml", "ForwardedWeb", "Assumed", "federation"] {
            assert!(said.contains(name), "{format} lacks {name}");
        }
    }
    world.stop().await;
}

async fn refuses(world: &World, (account, more): (&str, &[&str]), reason: &str) {
    let output = vestibule(&world.folder, &words(account, "json", more)).await;
    assert!(output.stdout.is_empty(), "{output:?}");
    let said = complains(&output);
    assert!(said.contains(reason), "{account} {more:?}: {said}");
}

#[tokio::test]
async fn it_exits_with_every_reason_when_it_cannot() {
    let world = world().await;
    let account = "payments-prod";
    for reason in [
        "payments-prod/Assumed: who signs with the own credentials hub?",
        "payments-prod/Federated: who signs with the own credentials payments?",
    ] {
        refuses(&world, (account, &[]), reason).await;
    }
    for (account, reason) in [
        ("nowhere", "has no account nowhere"),
        ("123456789012", "has no account 123456789012"),
        ("Not An Alias", "its 12 digits"),
        ("payments-dev", "no role of 444455556666"),
    ] {
        refuses(&world, (account, &[]), reason).await;
    }
    let arn = "hub=arn:aws:iam::999900001111:user/vestibule";
    let session = "hub=arn:aws:sts::999900001111:assumed-role/Broker/x";
    let twice = ["--principal", arn, "--principal", arn];
    for (more, reason) in [
        (&["--role", "Nobody"][..], "no role payments-prod/Nobody"),
        (&["--role", "no such role"], "--role"),
        (&["--method", "AssumeRoot"], "AssumeRoot is no method"),
        (&["--principal", "hub"], "CREDENTIALS=ARN"),
        (&["--principal", "hub=me"], "is like arn:aws:iam::"),
        (&["--principal", session], "a session's ARN"),
        (&twice, "twice"),
    ] {
        refuses(&world, (account, more), reason).await;
    }
    world.stop().await;
}

#[tokio::test]
async fn a_role_may_be_named_as_elsewhere_and_methods_narrow() {
    let world = world().await;
    let asks = async |more: &[&str]| {
        let words = words("payments-prod", "json", more);
        let said = does(&vestibule(&world.folder, &words).await);
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        let resources = said["resources"].as_array().unwrap().iter();
        let roles = resources.filter(|one| one["type"] == "role");
        let names = roles.map(|one| one["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(
        asks(&["--role", "payments-prod/IssuedWeb"]).await,
        ["IssuedWeb"]
    );
    assert_eq!(
        asks(&["--role", "IssuedWeb", "--role", "IssuedSaml"]).await,
        ["IssuedSaml", "IssuedWeb"]
    );
    let (saml, web) = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity");
    assert_eq!(
        asks(&["--method", saml, "--method", web]).await,
        ["ForwardedSaml", "ForwardedWeb", "IssuedSaml", "IssuedWeb"]
    );
    world.stop().await;
}

#[tokio::test]
async fn a_model_may_be_described_before_it_is_published() {
    let world = world().await;
    let file = world.folder.join("next.toml");
    let model = std::fs::read_to_string(world.folder.join("access.toml")).unwrap();
    let next = model.replace("name = \"IssuedWeb\"", "name = \"Renamed\"");
    std::fs::write(&file, next).unwrap();
    let file = file.to_str().unwrap();
    let role = ["--role", "Renamed"];
    refuses(
        &world,
        ("payments-prod", &role),
        "no role payments-prod/Renamed",
    )
    .await;
    let with_file = ["--role", "Renamed", "--access", file];
    let said = does(&vestibule(&world.folder, &words("payments-prod", "json", &with_file)).await);
    assert!(said.contains("role/Renamed"), "{said}");
    std::fs::write(file, "[[accounts]]\nid = \"1\"\n").unwrap();
    refuses(
        &world,
        ("payments-prod", &with_file),
        "the access model cannot be used",
    )
    .await;
    world.stop().await;
}
