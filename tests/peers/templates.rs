//! What `vestibule trust` prints, before those who read it: cfn-lint, a parser of HCL, and a shell with awscli.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use vestibule_sandbox::aws::iam::{AccessKey, Account, User};
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::policy::Policy;

use crate::peer::{here, installed};
use crate::trusting::{COMMERCIAL, GOVERNMENT, Part, printed, world};
use crate::world::World;

/// What begins something in one of the languages, or ends it.
const HOSTILE: &str =
    "<!-- ${x} %{y} $${z} %%{z} ' \" \\ `id` $(id) ~ é\u{2028}\nEND\n'END'\n*/ # // -->";

/// Lets the provider's metadata say something hostile.
fn hostile_metadata(world: &World) -> String {
    let file = world.folder.join("corp-metadata.xml");
    let metadata = std::fs::read_to_string(&file).unwrap();
    let end = metadata.rfind("</").unwrap();
    let metadata = format!("{}{HOSTILE}{}", &metadata[..end], &metadata[end..]);
    std::fs::write(&file, &metadata).unwrap();
    metadata
}

fn given(mut command: Command, input: &str) -> Output {
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    process.wait_with_output().unwrap()
}

/// cfn-lint finds nothing, not even something to remark on.
fn lints(world: &World, template: &str, part: Part) {
    let file = world.folder.join("template.json");
    std::fs::write(&file, template).unwrap();
    let region = match part.partition {
        Partition::Aws => "eu-west-1",
        Partition::UsGov => "us-gov-west-1",
    };
    let found = Command::new(installed("templates/bin/cfn-lint"))
        .args([
            "--non-zero-exit-code",
            "informational",
            "--include-checks",
            "I",
        ])
        .args(["--regions", region, "--template"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(found.status.success(), "{found:?}\n{template}");
}

/// The parser reads it; says which resources it found.
fn parses(text: &str) -> Vec<String> {
    let mut parser = Command::new(installed("templates/bin/python"));
    parser.arg(here("templates/hcl.py"));
    let parsed = given(parser, text);
    assert!(parsed.status.success(), "{parsed:?}\n{text}");
    let parsed: Value = serde_json::from_slice(&parsed.stdout).unwrap();
    let blocks = parsed["resource"].as_array().unwrap().iter();
    let kinds = blocks.flat_map(|block| block.as_object().unwrap().keys());
    kinds
        .map(|kind| kind.trim_matches('"').to_owned())
        .collect()
}

fn all_forms(world: &World, part: Part, account: &str) {
    let more = ["--forwarded", "tags,source-identity"];
    lints(
        world,
        &printed(world, part, (account, "cloudformation"), &more),
        part,
    );
    let kinds = parses(&printed(world, part, (account, "terraform"), &more));
    let json = printed(world, part, (account, "json"), &more);
    let json: Value = serde_json::from_str(&json).unwrap();
    let resources = json["resources"].as_array().unwrap();
    let attached: usize = resources
        .iter()
        .map(|one| {
            one["managed_policies"].as_array().map_or(0, Vec::len)
                + usize::from(one["type"] == "managed_policy")
        })
        .sum();
    assert_eq!(kinds.len(), resources.len() + attached, "{kinds:?}");
}

/// Federated users whose policies do not fit on their user.
fn large(part: Part) -> String {
    let name = part.partition.name();
    let own = part.own.1;
    let role = |role: usize| {
        let long = "x".repeat(1_500);
        format!(
            "[[roles]]\naccount = \"{}\"\nname = \"R{role}\"\nmethod = \"GetFederationToken\"\ncredentials = \"{own}\"\nsession_policy = '{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:{name}:s3:::b/{role}{long}\"}}]}}'\n",
            part.alias
        )
    };
    (0..6).map(role).collect()
}

#[tokio::test]
async fn cfn_lint_and_a_parser_of_hcl_take_every_form_of_every_account() {
    let world = world().await;
    hostile_metadata(&world);
    for part in [COMMERCIAL, GOVERNMENT] {
        for account in [part.account, part.hub] {
            all_forms(&world, part, account);
        }
    }
    let (accounts, _) = crate::world::accounts::MODEL
        .split_once("[[roles]]")
        .unwrap();
    let larger = [COMMERCIAL, GOVERNMENT].map(large).concat();
    world.publishes(&format!("{accounts}{larger}")).await;
    for part in [COMMERCIAL, GOVERNMENT] {
        all_forms(&world, part, part.account);
    }
    world.stop().await;
}

/// Somebody who sets up an empty account.
pub(crate) fn administrator(world: &World, part: Part) -> AccessKey {
    let all = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}"#;
    let key = AccessKey::new(
        "AKIAADMINISTRATOR001",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    let user = User::new("administrator")
        .with_key(key.clone())
        .with_policy("iam", Policy::identity(all).unwrap());
    let account = Account::new(part.partition, part.account).with_user(user);
    world.sandbox.simulation().iam.write().put(account);
    key
}

/// A shell runs a script in the world's folder, with awscli as `aws` and with `vestibule`.
pub(crate) fn runs(world: &World, script: &str, key: &AccessKey) -> Output {
    let python = installed("python/bin/python");
    let aws = format!("'{}' -m awscli", python.display());
    let vestibule = format!("'{}'", env!("CARGO_BIN_EXE_vestibule"));
    let bin = world.folder.join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    for (name, program) in [("aws", aws), ("vestibule", vestibule)] {
        let file = bin.join(name);
        std::fs::write(&file, format!("#!/bin/sh\nexec {program} \"$@\"\n")).unwrap();
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&file, permissions).unwrap();
    }
    let nothing = world.folder.join("no-such-file");
    let mut shell = Command::new("/bin/sh");
    shell
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .current_dir(&world.folder)
        .env("HOME", &world.folder)
        .env("VESTIBULE_CONFIG", world.folder.join("vestibule.toml"))
        .env("AWS_CONFIG_FILE", &nothing)
        .env("AWS_SHARED_CREDENTIALS_FILE", &nothing)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env(
            "AWS_ENDPOINT_URL_IAM",
            world.sandbox.aws.url("iam.amazonaws.com"),
        )
        .env(
            "AWS_ENDPOINT_URL_STS",
            world.sandbox.aws.url("sts.amazonaws.com"),
        )
        .env("AWS_ACCESS_KEY_ID", &key.id)
        .env("AWS_SECRET_ACCESS_KEY", &key.secret);
    given(shell, script)
}

#[tokio::test]
async fn the_commands_set_an_account_up_and_no_other_one() {
    let world = world().await;
    let metadata = hostile_metadata(&world);
    let more = ["--method", "AssumeRoleWithSAML"];
    let script = printed(&world, COMMERCIAL, (COMMERCIAL.account, "cli"), &more);
    let key = administrator(&world, COMMERCIAL);
    let done = runs(&world, &script, &key);
    assert!(done.status.success(), "{done:?}");
    {
        let iam = world.sandbox.simulation().iam.read();
        let account = iam.account(COMMERCIAL.account).unwrap();
        assert_eq!(account.saml_providers["corp"].metadata, metadata);
        assert_eq!(account.roles().count(), 2);
    }
    let browser = world.browser();
    let link = "/go/payments-prod/IssuedSaml?idp=corp";
    let page = world.signs_in(&browser, link, "erin").await;
    world.console(&browser, &page).await;
    let other = script.replace(COMMERCIAL.account, "123456789012");
    let done = runs(&world, &other, &key);
    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("nothing was done"), "{said}");
    world.stop().await;
}
