//! Two accounts, a few roles and users, served on a free port with a clock the test moves.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vestibule_sandbox::aws::clock::{Clock, ClockHand};
use vestibule_sandbox::aws::iam::{AccessKey, Account, Bucket, Registry, Role, User};
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::policy::Policy;
use vestibule_sandbox::aws::random::Random;
use vestibule_sandbox::aws::server::Aws as Server;
use vestibule_sandbox::aws::simulation::Simulation;
use vestibule_sandbox::listener::{Binding, bind};

use super::{Keys, Signed};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const OTHER: &str = "444455556666";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// An identity policy of one statement.
pub(crate) fn policy(effect: &str, action: &str, resource: &str) -> Policy {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": effect, "Action": action, "Resource": resource }],
    });
    Policy::identity(&document.to_string()).unwrap()
}

/// A trust policy of one statement.
pub(crate) fn trust(principal: &Value, actions: &[&str], condition: Option<Value>) -> Policy {
    let mut statement = json!({ "Effect": "Allow", "Principal": principal, "Action": actions });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    Policy::trust(&document.to_string()).unwrap()
}

/// The running simulated AWS and a client for it.
pub(crate) struct Aws {
    pub(crate) server: Server,
    pub(crate) hand: ClockHand,
    pub(crate) client: reqwest::Client,
}

impl Aws {
    pub(crate) fn start() -> Self {
        Self::start_on(None)
    }

    pub(crate) fn start_on(tls: Option<rustls::ServerConfig>) -> Self {
        let (clock, hand) = Clock::standing(noon());
        let simulation = Simulation::new(registry(), clock, Random::seeded(7));
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let binding = Binding { listener, tls };
        let server = Server::start(binding, simulation).unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self {
            server,
            hand,
            client,
        }
    }

    pub(crate) fn simulation(&self) -> &Simulation {
        self.server.simulation()
    }

    /// The key of the user `broker`, who may assume and federate anything.
    pub(crate) fn broker() -> Keys {
        Keys::long_term("AKIABROKER0000000001", SECRET)
    }

    /// The key of the user `admin`, who may do anything.
    pub(crate) fn admin() -> Keys {
        Keys::long_term("AKIAADMIN00000000001", SECRET)
    }

    /// The key of the user `nobody`, who has no policies.
    pub(crate) fn nobody() -> Keys {
        Keys::long_term("AKIANOBODY0000000001", SECRET)
    }

    /// A key of root.
    pub(crate) fn root() -> Keys {
        Keys::long_term("AKIAROOT000000000001", SECRET)
    }

    /// A signed call to the endpoint of eu-west-1.
    pub(crate) async fn call(&self, keys: &Keys, action: &str, rest: &[(&str, &str)]) -> Reply {
        self.call_host(
            "sts.eu-west-1.amazonaws.com",
            "eu-west-1",
            keys,
            (action, rest),
        )
        .await
    }

    /// A signed call to any STS host.
    pub(crate) async fn call_host(
        &self,
        host: &str,
        region: &str,
        keys: &Keys,
        (action, rest): (&str, &[(&str, &str)]),
    ) -> Reply {
        let body = form(action, rest);
        let authority = self.server.address().to_string();
        let path = format!("/{host}/");
        let signed = Signed {
            method: "POST",
            host: &authority,
            path: &path,
            query: "",
            body: &body,
            region,
            service: "sts",
            time: self.simulation().clock.now(),
        };
        self.post(&path, &body, &signed.headers(keys)).await
    }

    /// A signed call to IAM.
    pub(crate) async fn iam(&self, keys: &Keys, action: &str, rest: &[(&str, &str)]) -> Reply {
        self.iam_at(("iam.amazonaws.com", "us-east-1"), keys, (action, rest))
            .await
    }

    /// A signed call to any IAM host.
    pub(crate) async fn iam_at(
        &self,
        (host, region): (&str, &str),
        keys: &Keys,
        (action, rest): (&str, &[(&str, &str)]),
    ) -> Reply {
        let body = form_of("2010-05-08", action, rest);
        let authority = self.server.address().to_string();
        let path = format!("/{host}/");
        let signed = Signed {
            method: "POST",
            host: &authority,
            path: &path,
            query: "",
            body: &body,
            region,
            service: "iam",
            time: self.simulation().clock.now(),
        };
        self.post(&path, &body, &signed.headers(keys)).await
    }

    /// An unsigned call to the endpoint of eu-west-1.
    pub(crate) async fn unsigned(&self, action: &str, rest: &[(&str, &str)]) -> Reply {
        self.post("/sts.eu-west-1.amazonaws.com/", &form(action, rest), &[])
            .await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        body: &str,
        headers: &[(&'static str, String)],
    ) -> Reply {
        let mut request = self
            .client
            .post(format!("{}{path}", self.server.origin()))
            .header(
                "content-type",
                "application/x-www-form-urlencoded; charset=utf-8",
            )
            .body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        Reply::read(request.send().await.unwrap()).await
    }
}

pub(crate) fn form(action: &str, rest: &[(&str, &str)]) -> String {
    form_of("2011-06-15", action, rest)
}

fn form_of(version: &str, action: &str, rest: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", action)
        .append_pair("Version", version);
    form.extend_pairs(rest);
    form.finish()
}

/// An answer of STS.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) request_id: Option<String>,
}

impl Reply {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let header = response.headers().get("x-amzn-requestid");
        let request_id = header.map(|value| value.to_str().unwrap().to_owned());
        Self {
            status,
            body: response.text().await.unwrap(),
            request_id,
        }
    }

    /// The text of the first element of that name.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        Some(
            text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&"),
        )
    }

    #[track_caller]
    pub(crate) fn expect(&self, name: &str) -> String {
        self.get(name)
            .unwrap_or_else(|| panic!("no {name} in {}", self.body))
    }

    /// The credentials of a successful answer.
    #[track_caller]
    pub(crate) fn keys(&self) -> Keys {
        assert_eq!(self.status, 200, "{}", self.body);
        Keys {
            id: self.expect("AccessKeyId"),
            secret: self.expect("SecretAccessKey"),
            token: Some(self.expect("SessionToken")),
        }
    }

    /// Seconds from `noon` to the end of the credentials.
    #[track_caller]
    pub(crate) fn seconds_from(&self, start: DateTime<Utc>) -> i64 {
        let end: DateTime<Utc> = self.expect("Expiration").parse().unwrap();
        (end - start).num_seconds()
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str, message: &str) {
        let seen = (self.status, self.get("Code"), self.get("Message"));
        assert_eq!(
            seen,
            (status, Some(code.to_owned()), Some(message.to_owned()))
        );
    }
}

fn registry() -> Registry {
    let key = |id: &str| AccessKey::new(id, SECRET);
    let everyone_here = json!({ "AWS": format!("arn:aws:iam::{ACCOUNT}:root") });
    let all = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    let open = |name: &str| Role::new(name, trust(&everyone_here, &all, None));
    let mut account = Account::new(Partition::Aws, ACCOUNT)
        .with_user(
            User::new("broker")
                .with_key(key("AKIABROKER0000000001"))
                .with_policy("all", policy("Allow", "sts:*", "*"))
                .with_policy("s3", policy("Allow", "s3:*", "*")),
        )
        .with_user(
            User::new("admin")
                .with_key(key("AKIAADMIN00000000001"))
                .with_policy("all", policy("Allow", "*", "*")),
        )
        .with_user(User::new("nobody").with_key(key("AKIANOBODY0000000001")))
        .with_role(open("Reader").with_policy("read", policy("Allow", "s3:Get*", "*")))
        .with_role(
            open("Long")
                .with_max_session_duration(43_200)
                .with_policy("all", policy("Allow", "*", "*")),
        )
        .with_role(open("Pathed").with_path("/team/payments/"))
        .with_bucket(Bucket::new("federated", Some(bucket_policy())));
    account.root_keys.push(key("AKIAROOT000000000001"));
    let across = trust(&everyone_here, &all, None);
    let other = Account::new(Partition::Aws, OTHER).with_role(Role::new("Visitor", across));
    let gov = Account::new(Partition::UsGov, "777788889999").with_user(
        User::new("broker")
            .with_key(key("AKIAGOV0000000000001"))
            .with_policy("all", policy("Allow", "sts:*", "*")),
    );
    Registry::new().with(account).with(other).with(gov)
}

/// Names one federated user and one role.
fn bucket_policy() -> Policy {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": [
                format!("arn:aws:sts::{ACCOUNT}:federated-user/ada"),
                format!("arn:aws:sts::{ACCOUNT}:assumed-role/Reader/ada"),
            ] },
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::federated/*",
        }],
    });
    Policy::resource(&document.to_string()).unwrap()
}
