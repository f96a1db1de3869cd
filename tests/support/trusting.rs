//! A world whose two accounts, in two partitions, have a role for each method and proof; and what `vestibule trust` says
//! of them.

use std::process::{Command, Output};
use std::sync::Arc;

use vestibule_sandbox::aws::partition::Partition;

use crate::world::World;
use crate::world::accounts::{GOV, GOV_HUB, HUB, MODEL, PROD};

/// One partition's part of the setting.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) partition: Partition,
    pub(crate) alias: &'static str,
    pub(crate) account: &'static str,
    pub(crate) hub: &'static str,
    /// The own credentials of the hub's user, and of the account's own.
    pub(crate) own: (&'static str, &'static str),
    /// Those whose own keys people get.
    pub(crate) fenced: &'static str,
}

pub(crate) const COMMERCIAL: Part = Part {
    partition: Partition::Aws,
    alias: "payments-prod",
    account: PROD,
    hub: HUB,
    own: ("hub", "payments"),
    fenced: "uploader",
};

pub(crate) const GOVERNMENT: Part = Part {
    partition: Partition::UsGov,
    alias: "gov-prod",
    account: GOV,
    hub: GOV_HUB,
    own: ("gov", "gov-payments"),
    fenced: "gov-uploader",
};

/// What roles say of the person whom Vestibule vouches for.
const SAID: &str = r#"source_identity = true
tags = { team = "{attribute.team}", who = "{session.name}", purpose = "testing" }
transitive_tags = ["team"]"#;

impl Part {
    pub(crate) fn arn(&self, account: &str, resource: &str) -> String {
        format!("arn:{}:iam::{account}:{resource}", self.partition.name())
    }

    /// Who signs in this part.
    pub(crate) fn principals(&self) -> Vec<String> {
        let (hub, own) = self.own;
        vec![
            "--principal".to_owned(),
            format!("{hub}={}", self.arn(self.hub, "user/vestibule")),
            "--principal".to_owned(),
            format!("{own}={}", self.arn(self.account, "user/team/federation")),
            "--principal".to_owned(),
            format!(
                "{}={}",
                self.fenced,
                self.arn(self.account, "user/uploader")
            ),
        ]
    }

    /// Nine roles.
    fn model(&self) -> String {
        let (hub, own) = self.own;
        let name = self.partition.name();
        let proof = |role: &str, method: &str, keys: &str| {
            let alias = self.alias;
            format!(
                "[[roles]]\naccount = \"{alias}\"\nname = \"{role}\"\nmethod = \"{method}\"\n{keys}\n\n"
            )
        };
        let (saml, web) = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity");
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:{name}:s3:::team-{{attribute.team}}/*"}},{{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"*","Condition":{{"StringEquals":{{"aws:PrincipalTag/team":"{{attribute.team}}"}}}}}}]}}"#
        );
        let federated = format!(
            "credentials = \"{own}\"\ntags = {{ team = \"{{attribute.team}}\", purpose = \"testing\" }}\nsession_policy = '{policy}'\nmanaged_policies = [\"arn:{name}:iam::aws:policy/AmazonS3ReadOnlyAccess\"]"
        );
        [
            proof("IssuedSaml", saml, &format!("path = \"/team/\"\nproof = \"issued\"\nprovider = \"vestibule\"\n{SAID}")),
            proof("ForwardedSaml", saml, "proof = \"forwarded\"\nidp = \"corp\"\nprovider = \"corp\""),
            proof("IssuedWeb", web, &format!("proof = \"issued\"\n{SAID}")),
            proof("ForwardedWeb", web, "proof = \"forwarded\"\nidp = \"okta\""),
            proof("Assumed", "AssumeRole", &format!("path = \"/team/\"\ncredentials = \"{hub}\"\nexternal_id = \"vestibule-test\"\n{SAID}")),
            proof("Plain", "AssumeRole", &format!("credentials = \"{hub}\"")),
            proof("Beyond", "AssumeRole", &format!("credentials = \"{hub}\"\nvia = {{ role_arn = \"{}\", external_id = \"vestibule-hub\" }}\n{SAID}", self.arn(self.hub, "role/team/Hub"))),
            proof("Federated", "GetFederationToken", &federated),
            proof(
                "Uploader",
                "GetSessionToken",
                &format!("credentials = \"{}\"", self.fenced),
            ),
        ]
        .concat()
    }
}

const OWN: &str = r#"[[credentials]]
name = "gov-payments"
source = "file"
file = "gov-payments"
partition = "aws-us-gov"

[[credentials]]
name = "uploader"
source = "file"
file = "uploader"
may_not_assume_roles = true

[[credentials]]
name = "gov-uploader"
source = "file"
file = "gov-uploader"
partition = "aws-us-gov"
may_not_assume_roles = true

[[administrators]]"#;

/// The world, its accounts not yet empty.
pub(crate) async fn world() -> World {
    let (accounts, _) = MODEL.split_once("[[roles]]").unwrap();
    let rule = "[[rules]]\nname = \"engineers\"\nwhen = [{ attribute = \"groups\", is = \"payments-eng\" }]\ngrant = [\"*\"]\n";
    let roles = [COMMERCIAL.model(), GOVERNMENT.model()].concat();
    let key = "[default]\naws_access_key_id = AKIANOBODYNOBODYNOB1\naws_secret_access_key = none\n";
    let world = World::builder()
        .model(&format!("{accounts}{roles}{rule}"))
        .issuing_keys()
        .with("[[administrators]]", OWN)
        .file("gov-payments", key)
        .file("uploader", key)
        .file("gov-uploader", key)
        .start()
        .await;
    // IAM registers RSA keys alone, and the provider has another beside it
    let idp = &world.sandbox.saml_idp;
    idp.publish_keys(vec![Arc::clone(&idp.keys().rsa)]);
    std::fs::write(world.folder.join("corp-metadata.xml"), idp.metadata()).unwrap();
    tells_aws(&world);
    world
}

/// What the providers tell AWS about the one who signs in: roles, tags and a source identity.
fn tells_aws(world: &World) {
    let pairs = [COMMERCIAL, GOVERNMENT].map(|part| {
        let arn = |resource| part.arn(part.account, resource);
        (arn("role/ForwardedSaml"), arn("saml-provider/corp"))
    });
    for people in [world.sandbox.people(), world.sandbox.oidc_people()] {
        let mut person = people.find("erin").unwrap();
        person.aws.roles = pairs.to_vec();
        person.aws.principal_tags = [("cost".to_owned(), "42".to_owned())].into();
        person.aws.source_identity = Some("erin@example.com".to_owned());
        people.put(person);
    }
}

/// What `vestibule trust` does for an account.
pub(crate) fn trust(
    world: &World,
    part: Part,
    (account, format): (&str, &str),
    more: &[&str],
) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .arg("--config")
        .arg(world.folder.join("vestibule.toml"))
        .args(["trust", "--account", account, "--format", format])
        .args(more)
        .args(part.principals())
        .env_remove("RUST_LOG")
        .output()
        .unwrap()
}

/// What it prints.
pub(crate) fn printed(
    world: &World,
    part: Part,
    (account, format): (&str, &str),
    more: &[&str],
) -> String {
    let output = trust(world, part, (account, format), more);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
