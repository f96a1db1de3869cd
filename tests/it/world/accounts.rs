//! The tests' accounts: the access model that Vestibule is given, and the simulated AWS accounts that match it.

use aws_sdk_sts::config::{BehaviorVersion, Credentials, Region};
use serde_json::{Value, json};
use vestibule_sandbox::Sandbox;
use vestibule_sandbox::aws::iam::{
    AccessKey, Account, Bucket, OidcProvider, Role, SamlProvider, User,
};
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::policy::Policy;

use super::https::Https;

pub const PROD: &str = "111122223333";
pub const DEV: &str = "444455556666";
pub const GOV: &str = "777788889999";
pub const HUB: &str = "999900001111";
pub const GOV_HUB: &str = "999900002222";

/// One role for each way into a console, in both partitions that the sandbox plays.
pub const MODEL: &str = r#"
[[accounts]]
id = "111122223333"
alias = "payments-prod"
name = "Payments Production"
environment = "production"
owner = "payments-leads@example.com"

[[accounts]]
id = "444455556666"
alias = "payments-dev"
name = "Payments Development"
environment = "development"

[[accounts]]
id = "777788889999"
alias = "gov-prod"
name = "Gov Production"
environment = "production"
partition = "aws-us-gov"

[[roles]]
account = "payments-prod"
name = "SamlReader"
description = "Look, don't touch"
method = "AssumeRoleWithSAML"
proof = "forwarded"
idp = "corp"
provider = "corp"
console_hours = 12

[[roles]]
account = "payments-prod"
name = "WebReader"
method = "AssumeRoleWithWebIdentity"
proof = "forwarded"
idp = "okta"
provider = "okta"
console_hours = 12

[[roles]]
account = "payments-prod"
name = "Admin"
path = "/team/"
description = "Everything"
method = "AssumeRole"
credentials = "hub"
external_id = "vestibule-test"
console_hours = 8
source_identity = true
tags = { team = "{attribute.team}", who = "{session.name}" }
transitive_tags = ["team"]
destination = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home"

[[roles]]
account = "payments-prod"
name = "Chained"
method = "AssumeRole"
credentials = "chained"
console_hours = 8

[[roles]]
account = "payments-prod"
name = "Narrow"
method = "AssumeRole"
credentials = "hub"
console_hours = 1
session_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::team-{attribute.team}/*"}]}'
managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]

[[roles]]
account = "payments-prod"
name = "Federated"
method = "GetFederationToken"
credentials = "payments"
console_hours = 12
session_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'

[[roles]]
account = "payments-prod"
name = "Dropbox"
method = "GetFederationToken"
credentials = "payments"
resource_policies_only = true
console_hours = 2

[[roles]]
account = "payments-dev"
name = "Developer"
method = "AssumeRole"
credentials = "hub"
console_hours = 12

[[roles]]
account = "gov-prod"
name = "GovSaml"
method = "AssumeRoleWithSAML"
proof = "forwarded"
idp = "corp"
provider = "corp"
console_hours = 4

[[roles]]
account = "gov-prod"
name = "GovAdmin"
method = "AssumeRole"
credentials = "gov"
console_hours = 4

[[scopes]]
name = "read-only"
description = "Look, don't touch"
managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]

[[rules]]
name = "payments engineers"
when = [{ attribute = "groups", is = "payments-eng" }]
grant = ["payments-prod/*", "payments-dev/*", "gov-prod/*"]

[[rules]]
name = "contractors stay out of production"
when = [{ attribute = "employment", is = "contractor" }]
deny = ["environment:production"]
"#;

/// The files of Vestibule's own credentials: name and text.
pub struct OwnKeys {
    pub files: Vec<(String, String)>,
}

/// Makes the accounts.
pub async fn populate(sandbox: &Sandbox, public_url: &str, https: &Https) -> OwnKeys {
    let federation = Federation {
        metadata: sandbox.saml_idp.metadata(),
        acs: format!("{public_url}/saml/{}/acs", super::SAML),
        issuer: sandbox.oidc_idp.issuer().to_owned(),
    };
    let hub = AccessKey::new(
        "AKIAHUBHUBHUBHUBHUB1",
        "hub-secret-canary-xxxxxxxxxxxxxxxxxxxxxx",
    );
    let gov = AccessKey::new(
        "AKIAGOVGOVGOVGOVGOV1",
        "gov-secret-canary-xxxxxxxxxxxxxxxxxxxxxx",
    );
    let payments = AccessKey::new(
        "AKIAPAYPAYPAYPAYPAY1",
        "pay-secret-canary-xxxxxxxxxxxxxxxxxxxxxx",
    );
    {
        let mut iam = sandbox.simulation().iam.write();
        iam.put(hub_account(Partition::Aws, HUB, &hub));
        iam.put(hub_account(Partition::UsGov, GOV_HUB, &gov));
        iam.put(payments_prod(&federation, &payments));
        let dev = Account::new(Partition::Aws, DEV);
        let trust = trusts_user("aws", HUB, None);
        iam.put(dev.with_role(role("Developer", &trust, "PowerUserAccess", "aws")));
        let account = Account::new(Partition::UsGov, GOV)
            .with_saml_provider(SamlProvider::new("corp", &federation.metadata));
        let saml = federation.trusts_saml(&account);
        let admin = trusts_user("aws-us-gov", GOV_HUB, None);
        iam.put(
            account
                .with_role(role("GovSaml", &saml, "ReadOnlyAccess", "aws-us-gov"))
                .with_role(role(
                    "GovAdmin",
                    &admin,
                    "AdministratorAccess",
                    "aws-us-gov",
                )),
        );
    }
    aws_attributes(sandbox);
    let chained = chained_credentials(sandbox, &hub, https).await;
    OwnKeys {
        files: vec![
            ("hub".to_owned(), profile(&hub.id, &hub.secret, None)),
            ("gov".to_owned(), profile(&gov.id, &gov.secret, None)),
            (
                "payments".to_owned(),
                profile(&payments.id, &payments.secret, None),
            ),
            ("chained".to_owned(), chained),
        ],
    }
}

/// Further roles in an account, which trust the hub as `Developer` does.
pub fn further_roles(sandbox: &Sandbox, account: &str, names: &[String]) {
    let trust = trusts_user("aws", HUB, None);
    let mut iam = sandbox.simulation().iam.write();
    let account = iam.account_mut(account).unwrap();
    for name in names {
        account.put_role(role(name, &trust, "PowerUserAccess", "aws"));
    }
}

/// What the SAML provider tells AWS about the people in the tests.
fn aws_attributes(sandbox: &Sandbox) {
    for name in ["erin", "carl"] {
        let mut person = sandbox.people().find(name).unwrap();
        person.aws.roles = vec![
            (
                format!("arn:aws:iam::{PROD}:role/SamlReader"),
                format!("arn:aws:iam::{PROD}:saml-provider/corp"),
            ),
            (
                format!("arn:aws-us-gov:iam::{GOV}:role/GovSaml"),
                format!("arn:aws-us-gov:iam::{GOV}:saml-provider/corp"),
            ),
        ];
        sandbox.people().put(person);
    }
}

struct Federation {
    metadata: String,
    acs: String,
    issuer: String,
}

impl Federation {
    fn trusts_saml(&self, account: &Account) -> Policy {
        trust(
            &json!({ "Federated": account.arn("iam", "saml-provider/corp") }),
            "sts:AssumeRoleWithSAML",
            &json!({ "StringEquals": { "SAML:aud": self.acs } }),
        )
    }

    fn trusts_web(&self, account: &Account) -> Policy {
        let provider = OidcProvider::new(&self.issuer, &[]);
        let key = provider.key();
        trust(
            &json!({ "Federated": account.arn("iam", &format!("oidc-provider/{key}")) }),
            "sts:AssumeRoleWithWebIdentity",
            &json!({ "StringEquals": { (format!("{key}:aud")): "vestibule" } }),
        )
    }
}

fn payments_prod(federation: &Federation, key: &AccessKey) -> Account {
    let account = Account::new(Partition::Aws, PROD)
        .with_saml_provider(SamlProvider::new("corp", &federation.metadata))
        .with_oidc_provider(OidcProvider::new(&federation.issuer, &["vestibule"]));
    let user = User::new("vestibule").with_key(key.clone()).with_policy(
        "federation",
        allow(&["sts:GetFederationToken", "sts:TagSession", "s3:*"]),
    );
    let dropbox = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": account.arn("sts", "federated-user/erin@example.com") },
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::dropbox/*",
        }],
    });
    let saml = federation.trusts_saml(&account);
    let web = federation.trusts_web(&account);
    let hub = trusts_user("aws", HUB, None);
    let guarded = trusts_user("aws", HUB, Some("vestibule-test"));
    let broker = trust(
        &json!({ "AWS": format!("arn:aws:iam::{HUB}:role/Broker") }),
        "sts:AssumeRole",
        &json!({}),
    );
    account
        .with_user(user)
        .with_bucket(Bucket::new(
            "dropbox",
            Some(Policy::resource(&dropbox.to_string()).unwrap()),
        ))
        .with_role(role("SamlReader", &saml, "ReadOnlyAccess", "aws"))
        .with_role(role("WebReader", &web, "ReadOnlyAccess", "aws"))
        .with_role(role("Admin", &guarded, "AdministratorAccess", "aws").with_path("/team/"))
        .with_role(role("Chained", &broker, "ReadOnlyAccess", "aws"))
        .with_role(role("Narrow", &hub, "AdministratorAccess", "aws"))
}

fn hub_account(partition: Partition, id: &str, key: &AccessKey) -> Account {
    let power = allow(&["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);
    let user = User::new("vestibule")
        .with_key(key.clone())
        .with_policy("broker", power.clone());
    let trust = trusts_user(partition.name(), id, None);
    Account::new(partition, id)
        .with_user(user)
        .with_role(Role::new("Broker", trust).with_policy("broker", power))
}

pub(super) fn role(name: &str, trust: &Policy, managed: &str, partition: &str) -> Role {
    Role::new(name, trust.clone())
        .with_max_session_duration(43_200)
        .with_attached(&format!("arn:{partition}:iam::aws:policy/{managed}"))
}

pub(super) fn trusts_user(partition: &str, account: &str, external_id: Option<&str>) -> Policy {
    let condition = external_id.map_or_else(
        || json!({}),
        |id| json!({ "StringEquals": { "sts:ExternalId": id } }),
    );
    trust(
        &json!({ "AWS": format!("arn:{partition}:iam::{account}:user/vestibule") }),
        "sts:AssumeRole",
        &condition,
    )
}

fn trust(principal: &Value, action: &str, condition: &Value) -> Policy {
    let mut assume = json!({ "Effect": "Allow", "Principal": principal, "Action": action });
    if condition.as_object().is_some_and(|keys| !keys.is_empty()) {
        assume["Condition"] = condition.clone();
    }
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [
            assume,
            {
                "Effect": "Allow",
                "Principal": principal,
                "Action": ["sts:TagSession", "sts:SetSourceIdentity"],
            },
        ],
    });
    Policy::trust(&document.to_string()).unwrap()
}

fn allow(actions: &[&str]) -> Policy {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }],
    });
    Policy::identity(&document.to_string()).unwrap()
}

fn profile(id: &str, secret: &str, token: Option<&str>) -> String {
    let token = token.map_or_else(String::new, |token| {
        format!("aws_session_token = {token}\n")
    });
    format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n{token}")
}

/// Credentials of a role, as a broker on an instance has them: what is assumed with them is chained.
async fn chained_credentials(sandbox: &Sandbox, hub: &AccessKey, https: &Https) -> String {
    let time = sandbox.clock().now();
    assert!(time.timestamp() > 0, "the sandbox has a clock");
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(sandbox.aws.url("sts.amazonaws.com"))
        .http_client(https.aws_client())
        .credentials_provider(Credentials::new(&hub.id, &hub.secret, None, None, "test"))
        .build();
    let made = aws_sdk_sts::Client::from_conf(config)
        .assume_role()
        .role_arn(format!("arn:aws:iam::{HUB}:role/Broker"))
        .role_session_name("broker")
        .send()
        .await
        .unwrap();
    let made = made.credentials().unwrap();
    sandbox.simulation().log.clear();
    profile(
        made.access_key_id(),
        made.secret_access_key(),
        Some(made.session_token()),
    )
}
