//! The simulated accounts that match the demo's access model: roles that trust exactly what the model's methods
//! present, the identity providers they trust, the broker's own IAM users, and buckets that name people.

use serde_json::{Value, json};
use vestibule::domain::access::{AccountEntry, Document, RevokerEntry, RoleEntry};
use vestibule_sandbox::aws::iam::{
    AccessKey, Account, Bucket, OidcProvider, Registry, Role, SamlProvider, User,
};
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::policy::{Policy, PolicyError};
use vestibule_sandbox::aws::random::Random;

use super::issuer::Issuer;

/// The accounts of the broker's own, one in each partition.
const HUBS: [(&str, Partition, &str); 2] = [
    ("hub", Partition::Aws, "999900001111"),
    ("hub-gov", Partition::UsGov, "999900002222"),
];
/// The broker's IAM user, wherever it has one.
const USER: &str = "vestibule";
/// The role there that leads to others.
const HUB_ROLE: &str = "Hub";
/// What the accounts call the SAML provider that Vestibule is.
const OWN_PROVIDER: &str = "vestibule";

/// What the registered providers say, and whom the roles expect.
pub(crate) struct Federation<'a> {
    /// The SAML provider's metadata.
    pub(crate) saml_metadata: &'a str,
    /// Where its responses for the broker go: `SAML:aud`.
    pub(crate) acs_url: &'a str,
    /// The OpenID provider's issuer.
    pub(crate) issuer: &'a str,
    /// The broker's client id there.
    pub(crate) client_id: &'a str,
    /// Vestibule as an issuer of its own.
    pub(crate) own: &'a Issuer,
    /// The names that federated users may have.
    pub(crate) names: Vec<String>,
}

/// A long-term key of the broker's, under the name of its own credentials.
pub(crate) struct OwnKey {
    /// The name of the credentials in the configuration.
    pub(crate) name: String,
    /// The key.
    pub(crate) key: AccessKey,
}

/// The accounts, and the keys that open them.
pub(crate) struct Seeded {
    /// The accounts.
    pub(crate) registry: Registry,
    /// The broker's keys.
    pub(crate) keys: Vec<OwnKey>,
}

/// Why the accounts could not be made: the document names what the sandbox does not play.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SeedError {
    /// A policy does not parse.
    #[error("a policy of the demo is malformed")]
    Policy(#[from] PolicyError),
    /// The sandbox plays `aws` and `aws-us-gov`.
    #[error("the sandbox does not play partition {0}")]
    Partition(String),
}

/// Makes the accounts of `document`.
pub(crate) fn seed(
    document: &Document,
    federation: &Federation<'_>,
    random: &Random,
) -> Result<Seeded, SeedError> {
    let mut seeded = Seeded {
        registry: Registry::new(),
        keys: Vec::new(),
    };
    for (name, partition, id) in HUBS {
        let user = seeded.user(name, &hub_policy()?, random);
        let principal = json!({ "AWS": hub_user(partition) });
        let hub = Role::new(
            HUB_ROLE,
            trust_policy(&principal, "sts:AssumeRole", &json!({}))?,
        )
        .with_policy("broker", hub_policy()?);
        seeded
            .registry
            .put(Account::new(partition, id).with_user(user).with_role(hub));
    }
    for entry in &document.accounts {
        let roles: Vec<&RoleEntry> = document
            .roles
            .iter()
            .filter(|role| role.account == entry.alias)
            .collect();
        let account = seeded.account(entry, &roles, federation, random)?;
        seeded.registry.put(account);
    }
    Ok(seeded)
}

impl Seeded {
    fn user(&mut self, credentials: &str, policy: &Policy, random: &Random) -> User {
        let key = AccessKey::new(&random.id("AKIA", 16), &random.secret());
        self.keys.push(OwnKey {
            name: credentials.to_owned(),
            key: key.clone(),
        });
        User::new(USER)
            .with_key(key)
            .with_policy("broker", policy.clone())
    }

    fn account(
        &mut self,
        entry: &AccountEntry,
        roles: &[&RoleEntry],
        federation: &Federation<'_>,
        random: &Random,
    ) -> Result<Account, SeedError> {
        let name = entry.partition.as_deref().unwrap_or("aws");
        let partition =
            Partition::by_name(name).ok_or_else(|| SeedError::Partition(name.to_owned()))?;
        let mut account = Account::new(partition, &entry.id)
            .with_saml_provider(SamlProvider::new("corp", federation.saml_metadata))
            .with_oidc_provider(OidcProvider::new(
                federation.issuer,
                &[federation.client_id],
            ))
            .with_saml_provider(SamlProvider::new(OWN_PROVIDER, &federation.own.metadata))
            .with_oidc_provider(OidcProvider::new(
                &federation.own.url,
                &[&federation.own.audience],
            ));
        account.alias = Some(entry.alias.clone());
        let federated: Vec<_> = roles
            .iter()
            .filter(|role| role.method == "GetFederationToken")
            .collect();
        if let Some(role) = federated.first() {
            let credentials = role.credentials.clone().unwrap_or_default();
            account = account.with_user(self.user(&credentials, &federation_policy()?, random));
        }
        if federated.iter().any(|role| role.resource_policies_only) {
            let bucket = format!("{}-dropbox", entry.alias);
            let policy = dropbox_policy(&account, &bucket, &federation.names)?;
            account = account.with_bucket(Bucket::new(&bucket, Some(policy)));
        }
        for role in roles {
            match role.method.as_str() {
                "GetFederationToken" => {}
                "GetSessionToken" => {
                    let credentials = role.credentials.clone().unwrap_or_default();
                    let mut user = self.user(&credentials, &uploader_policy()?, random);
                    user.name = credentials;
                    account = account.with_user(user);
                }
                _ => account.put_role(iam_role(&account, role, federation)?),
            }
        }
        if let Some(entry) = &entry.revoker {
            account.put_role(revoker(&account, entry, federation)?);
        }
        Ok(account)
    }
}

/// The IAM role behind a role of the model.
fn iam_role(
    account: &Account,
    entry: &RoleEntry,
    federation: &Federation<'_>,
) -> Result<Role, PolicyError> {
    let (principal, action, condition) = match entry.method.as_str() {
        "AssumeRoleWithSAML" => {
            let provider = entry.provider.as_deref().unwrap_or("corp");
            let recipient = match entry.proof.as_deref() {
                Some("issued") => &federation.own.recipient,
                _ => federation.acs_url,
            };
            (
                json!({ "Federated": account.arn("iam", &format!("saml-provider/{provider}")) }),
                "sts:AssumeRoleWithSAML",
                json!({ "StringEquals": { "SAML:aud": recipient } }),
            )
        }
        "AssumeRoleWithWebIdentity" => {
            let (issuer, audience) = match entry.proof.as_deref() {
                Some("issued") => (&*federation.own.url, &*federation.own.audience),
                _ => (federation.issuer, federation.client_id),
            };
            let provider = OidcProvider::new(issuer, &[]);
            let key = provider.key();
            (
                json!({ "Federated": account.arn("iam", &format!("oidc-provider/{key}")) }),
                "sts:AssumeRoleWithWebIdentity",
                json!({ "StringEquals": { (format!("{key}:aud")): audience } }),
            )
        }
        _ => (
            json!({ "AWS": caller(account.partition, entry) }),
            "sts:AssumeRole",
            entry.external_id.as_ref().map_or_else(
                || json!({}),
                |id| json!({ "StringEquals": { "sts:ExternalId": id } }),
            ),
        ),
    };
    let trust = trust_policy(&principal, action, &condition)?;
    let managed = format!(
        "arn:{}:iam::aws:policy/{}",
        account.partition.name(),
        permissions(&entry.name)
    );
    let role = Role::new(&entry.name, trust)
        .with_path(entry.path.as_deref().unwrap_or("/"))
        .with_max_session_duration(43_200)
        .with_attached(&managed);
    Ok(role)
}

/// The role by which the broker ends sessions: it may change inline policies of the account, and nothing else.
fn revoker(
    account: &Account,
    entry: &RevokerEntry,
    federation: &Federation<'_>,
) -> Result<Role, PolicyError> {
    let as_role = RoleEntry {
        name: entry.role.clone(),
        path: entry.path.clone(),
        method: entry.method.clone(),
        proof: Some("issued".to_owned()),
        provider: entry.provider.clone(),
        external_id: entry.external_id.clone(),
        via: entry.via.clone(),
        ..RoleEntry::default()
    };
    let mut role = iam_role(account, &as_role, federation)?;
    role.attached.clear();
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["iam:GetRole", "iam:*RolePolicy", "iam:ListRolePolicies", "iam:*UserPolicy", "iam:ListUserPolicies"],
            "Resource": "*",
        }],
    });
    Ok(role.with_policy("revoke", Policy::identity(&document.to_string())?))
}

/// Only the proof is conditional: what comes with it (tags, source identity) is the provider's or the broker's word.
fn trust_policy(principal: &Value, action: &str, condition: &Value) -> Result<Policy, PolicyError> {
    let mut assume = json!({ "Effect": "Allow", "Principal": principal, "Action": action });
    if condition.as_object().is_some_and(|keys| !keys.is_empty()) {
        assume["Condition"] = condition.clone();
    }
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [
            assume,
            { "Effect": "Allow", "Principal": principal, "Action": ["sts:TagSession", "sts:SetSourceIdentity"] },
        ],
    });
    Policy::trust(&document.to_string())
}

/// What a role may do, by what it is called.
fn permissions(role: &str) -> &'static str {
    match role {
        "Admin" | "Administrator" => "AdministratorAccess",
        "Deploy" | "Deployer" | "Developer" | "Tester" | "Operate" | "Operator" | "Analyst"
        | "Engineer" | "DataEngineer" | "IncidentResponder" => "PowerUserAccess",
        _ => "ReadOnlyAccess",
    }
}

/// Who assumes a role: the hub role where one is on the way, else the broker's user.
fn caller(partition: Partition, entry: &RoleEntry) -> String {
    match &entry.via {
        Some(via) => via.role_arn.clone(),
        None => hub_user(partition),
    }
}

fn hub_user(partition: Partition) -> String {
    let hub = HUBS
        .iter()
        .find(|(_, home, _)| *home == partition)
        .map_or("", |(_, _, id)| *id);
    format!("arn:{}:iam::{hub}:user/{USER}", partition.name())
}

fn hub_policy() -> Result<Policy, PolicyError> {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            "Resource": "*",
        }],
    });
    Policy::identity(&document.to_string())
}

/// What federated users can have at most, when their session policy says so.
fn federation_policy() -> Result<Policy, PolicyError> {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["sts:GetFederationToken", "sts:TagSession", "s3:*", "cloudwatch:*"],
            "Resource": "*",
        }],
    });
    Policy::identity(&document.to_string())
}

/// What the user of `GetSessionToken` can do, and that it can become nobody else.
fn uploader_policy() -> Result<Policy, PolicyError> {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*" },
            { "Effect": "Deny", "Action": ["sts:AssumeRole", "sts:GetFederationToken"], "Resource": "*" },
        ],
    });
    Policy::identity(&document.to_string())
}

/// A bucket that gives to people by the names that AWS knows them by.
fn dropbox_policy(
    account: &Account,
    bucket: &str,
    names: &[String],
) -> Result<Policy, PolicyError> {
    let principals: Vec<String> = names
        .iter()
        .map(|name| account.arn("sts", &format!("federated-user/{name}")))
        .collect();
    let arn = format!("arn:{}:s3:::{bucket}", account.partition.name());
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": principals },
            "Action": ["s3:ListBucket", "s3:GetObject", "s3:PutObject"],
            "Resource": [arn, format!("{arn}/*")],
        }],
    });
    Policy::resource(&document.to_string())
}
