//! An empty account with an administrator, and a description of `vestibule trust` loaded into it through IAM's API.

use serde_json::Value;
use vestibule::clock::Clock as _;
use vestibule_sandbox::aws::iam::{AccessKey, Account, User};
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::policy::Policy;

use crate::signer::{Keys, Signed};
use crate::world::World;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// An account that somebody sets up.
pub struct Fresh<'w> {
    world: &'w World,
    partition: Partition,
    keys: Keys,
}

impl<'w> Fresh<'w> {
    /// Empties an account; all that it has is somebody who may do everything in IAM.
    pub fn empty(world: &'w World, partition: Partition, id: &str) -> Self {
        let all = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}"#;
        let key = format!("AKIAADMIN{}", &id[1..]);
        let administrator = User::new("administrator")
            .with_key(AccessKey::new(&key, SECRET))
            .with_policy("iam", Policy::identity(all).unwrap());
        let account = Account::new(partition, id).with_user(administrator);
        world.sandbox.simulation().iam.write().put(account);
        Self {
            world,
            partition,
            keys: Keys::long_term(&key, SECRET),
        }
    }

    /// Makes everything that a description names; what IAM refuses is its answer.
    pub async fn load(&self, trust: &Value) -> Result<(), String> {
        assert_eq!(trust["format"], "vestibule-trust-1");
        for resource in trust["resources"].as_array().unwrap() {
            match resource["type"].as_str().unwrap() {
                "saml_provider" | "oidc_provider" => self.make_provider(resource).await?,
                "user" | "role" => self.make_principal(resource).await?,
                "inline_policy" | "managed_policy" => self.make_policy(resource).await?,
                other => panic!("what is a {other}?"),
            }
        }
        Ok(())
    }

    async fn make_provider(&self, resource: &Value) -> Result<(), String> {
        if resource["type"] == "saml_provider" {
            let parameters = [
                ("Name", text(resource, "name")),
                ("SAMLMetadataDocument", text(resource, "metadata")),
            ];
            return self.calls("CreateSAMLProvider", &parameters).await;
        }
        let ids = list(&resource["client_ids"]).into_iter().enumerate();
        let ids: Vec<(String, String)> = ids
            .map(|(at, id)| (format!("ClientIDList.member.{}", at + 1), id))
            .collect();
        let mut parameters = vec![("Url", text(resource, "url"))];
        parameters.extend(ids.iter().map(|(name, id)| (name.as_str(), id.clone())));
        self.calls("CreateOpenIDConnectProvider", &parameters).await
    }

    async fn make_principal(&self, resource: &Value) -> Result<(), String> {
        let name = text(resource, "name");
        if resource["type"] == "user" {
            let parameters = [("UserName", name.clone()), ("Path", text(resource, "path"))];
            self.calls("CreateUser", &parameters).await?;
            for arn in list(&resource["managed_policies"]) {
                self.attach(("User", name.clone()), &arn).await?;
            }
            return Ok(());
        }
        let seconds = resource["max_session_seconds"].to_string();
        let parameters = [
            ("RoleName", name),
            ("Path", text(resource, "path")),
            ("Description", text(resource, "description")),
            ("MaxSessionDuration", seconds),
            (
                "AssumeRolePolicyDocument",
                resource["trust_policy"].to_string(),
            ),
        ];
        self.calls("CreateRole", &parameters).await
    }

    async fn make_policy(&self, resource: &Value) -> Result<(), String> {
        let holder = match text(resource, "user") {
            user if user.is_empty() => ("Role", text(resource, "role")),
            user => ("User", user),
        };
        let document = resource["policy"].to_string();
        if resource["type"] == "inline_policy" {
            let (kind, name) = holder;
            let of = format!("{kind}Name");
            let parameters = [
                (of.as_str(), name),
                ("PolicyName", text(resource, "name")),
                ("PolicyDocument", document),
            ];
            return self.calls(&format!("Put{kind}Policy"), &parameters).await;
        }
        let parameters = [
            ("PolicyName", text(resource, "name")),
            ("PolicyDocument", document),
        ];
        self.calls("CreatePolicy", &parameters).await?;
        self.attach(holder, &text(resource, "arn")).await
    }

    async fn attach(&self, (kind, name): (&str, String), arn: &str) -> Result<(), String> {
        let of = format!("{kind}Name");
        let parameters = [(of.as_str(), name), ("PolicyArn", arn.to_owned())];
        self.calls(&format!("Attach{kind}Policy"), &parameters)
            .await
    }

    /// A new key of a user's, as a profile; `None` if there is no such user.
    pub async fn key_of(&self, user: &str) -> Option<String> {
        let parameters = [("UserName", user.to_owned())];
        let answer = self.answers("CreateAccessKey", &parameters).await.ok()?;
        let value = |name: &str| {
            let (_, rest) = answer.split_once(&format!("<{name}>")).unwrap();
            rest.split('<').next().unwrap().to_owned()
        };
        Some(format!(
            "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            value("AccessKeyId"),
            value("SecretAccessKey")
        ))
    }

    async fn calls(&self, action: &str, parameters: &[(&str, String)]) -> Result<(), String> {
        self.answers(action, parameters).await.map(drop)
    }

    async fn answers(&self, action: &str, parameters: &[(&str, String)]) -> Result<String, String> {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("Action", action)
            .append_pair("Version", "2010-05-08");
        for (name, value) in parameters {
            body.append_pair(name, value);
        }
        let body = body.finish();
        let (host, region) = match self.partition {
            Partition::Aws => ("iam.amazonaws.com", "us-east-1"),
            Partition::UsGov => ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
        };
        let url = url::Url::parse(&self.world.sandbox.aws.url(host)).unwrap();
        let path = format!("{}/", url.path().trim_end_matches('/'));
        let authority = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let signed = Signed {
            method: "POST",
            host: &authority,
            path: &path,
            query: "",
            body: &body,
            region,
            service: "iam",
            time: self.world.clock.now(),
        };
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client
            .post(format!("http://{authority}{path}"))
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in signed.headers(&self.keys) {
            request = request.header(name, value);
        }
        let answer = request.body(body).send().await.unwrap();
        let good = answer.status().is_success();
        let text = answer.text().await.unwrap();
        if good { Ok(text) } else { Err(text) }
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn list(values: &Value) -> Vec<String> {
    let values = values.as_array().unwrap().iter();
    values.map(|one| one.as_str().unwrap().to_owned()).collect()
}
