//! A simulated AWS with its console, and credentials of every kind without an STS call.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::{Value, json};
use url::Url;
use vestibule_sandbox::aws::clock::ClockHand;
use vestibule_sandbox::aws::console::Console;
use vestibule_sandbox::aws::iam::{Account, Bucket, Registry, Role, User};
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::policy::Policy;
use vestibule_sandbox::aws::random::Random;
use vestibule_sandbox::aws::server::Aws;
use vestibule_sandbox::aws::simulation::Simulation;
use vestibule_sandbox::aws::tokens::{Credentials, Made, Principal, Session};

use super::{Browser, Page, binding};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const OTHER_ACCOUNT: &str = "222233334444";
pub(crate) const GOV_ACCOUNT: &str = "333344445555";
pub(crate) const SIGNIN: &str = "eu-west-1.signin.aws.amazon.com";
pub(crate) const GOV_SIGNIN: &str = "signin.amazonaws-us-gov.com";
pub(crate) const DESTINATION: &str =
    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarms:a=b&c";

/// A simulated AWS with three accounts, and a clock to move.
pub(crate) struct World {
    pub(crate) aws: Aws,
    pub(crate) console: Console,
    pub(crate) hand: ClockHand,
}

impl World {
    pub(crate) fn start() -> Self {
        let (clock, hand) = super::standing_clock();
        let simulation = Simulation::new(registry(), clock, Random::system());
        let aws = Aws::start(binding(), simulation).unwrap();
        let console = Console::start(binding(), aws.simulation().clone(), aws.origin()).unwrap();
        Self { aws, console, hand }
    }

    pub(crate) async fn stop(self) {
        self.console.stop().await;
        self.aws.stop().await;
    }

    /// Credentials that were made that way, for an hour.
    pub(crate) fn credentials(&self, made: Made) -> Credentials {
        let principal = match made {
            Made::FederationToken => federated_user("erin"),
            Made::SessionToken => Principal::User {
                user: Some("broker".to_owned()),
                path: "/".to_owned(),
                user_id: User::new("broker").id,
            },
            _ => role_session("ReadOnly", "erin@example.com"),
        };
        self.issue(self.session(made, principal))
    }

    pub(crate) fn issue(&self, session: Session) -> Credentials {
        self.aws.simulation().tokens.issue(session, 0).unwrap()
    }

    pub(crate) fn session(&self, made: Made, principal: Principal) -> Session {
        let now = self.aws.simulation().clock.now();
        Session {
            principal,
            made,
            partition: Partition::Aws,
            account: ACCOUNT.to_owned(),
            issued: now,
            expires: now + Duration::hours(1),
            tags: BTreeMap::new(),
            transitive_keys: Vec::new(),
            source_identity: None,
            inline_policy: None,
            managed_policies: Vec::new(),
            federation: BTreeMap::new(),
            mfa: false,
            global: false,
        }
    }

    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        format!("{}/{host}{path}", self.aws.origin())
    }

    /// `getSigninToken` by POST, with further parameters.
    pub(crate) async fn ask_token(&self, host: &str, session: &str, more: &[(&str, &str)]) -> Page {
        let mut fields = vec![("Action", "getSigninToken"), ("Session", session)];
        fields.extend_from_slice(more);
        Browser::default()
            .post(self.url(host, "/federation"), &fields)
            .await
    }

    /// A sign-in token for `credentials`.
    pub(crate) async fn token(&self, credentials: &Credentials, more: &[(&str, &str)]) -> String {
        let page = self
            .ask_token(SIGNIN, &session_json(credentials), more)
            .await;
        token_in(&page)
    }

    /// The login URL at `host`.
    pub(crate) fn login_url(&self, host: &str, token: &str, more: &[(&str, &str)]) -> String {
        let mut url = Url::parse(&self.url(host, "/federation")).unwrap();
        let has = |name: &str| more.iter().any(|(other, _)| *other == name);
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("Action", "login")
                .append_pair("SigninToken", token)
                .extend_pairs(more);
            if !has("Destination") {
                query.append_pair("Destination", DESTINATION);
            }
        }
        url.into()
    }

    /// Signs in with fresh credentials and says where the browser was sent.
    pub(crate) async fn enter(&self, browser: &Browser, credentials: &Credentials) -> Page {
        let token = self.token(credentials, &[]).await;
        browser.get(self.login_url(SIGNIN, &token, &[])).await
    }

    /// What the console page that `page` redirects to says.
    pub(crate) async fn arrival(&self, browser: &Browser, page: &Page) -> Value {
        let mut url = page.redirect();
        url.query_pairs_mut().append_pair("format", "json");
        url.set_fragment(None);
        let answer = browser.get(url.as_str()).await;
        serde_json::from_str(&answer.body).unwrap()
    }
}

pub(crate) fn token_in(page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let answer: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(answer.as_object().unwrap().len(), 1);
    answer["SigninToken"].as_str().unwrap().to_owned()
}

/// The `Session` parameter.
pub(crate) fn session_json(credentials: &Credentials) -> String {
    json!({
        "sessionId": credentials.access_key,
        "sessionKey": credentials.secret,
        "sessionToken": credentials.session_token,
    })
    .to_string()
}

pub(crate) fn role_session(role: &str, session_name: &str) -> Principal {
    Principal::AssumedRole {
        role: role.to_owned(),
        path: "/".to_owned(),
        role_id: Role::new(role, trust()).id,
        session_name: session_name.to_owned(),
    }
}

pub(crate) fn federated_user(name: &str) -> Principal {
    Principal::FederatedUser {
        name: name.to_owned(),
        user: Some("broker".to_owned()),
    }
}

fn trust() -> Policy {
    Policy::trust(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}"#,
    )
    .unwrap()
}

fn registry() -> Registry {
    let read = Policy::identity(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#,
    )
    .unwrap();
    let bucket = Policy::resource(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:federated-user/erin"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::dropbox/*"}]}"#,
    )
    .unwrap();
    let mut account = Account::new(Partition::Aws, ACCOUNT)
        .with_role(Role::new("ReadOnly", trust()).with_policy("read", read.clone()))
        .with_role(
            Role::new("Admin", trust())
                .with_attached("arn:aws:iam::aws:policy/AdministratorAccess"),
        )
        .with_user(User::new("broker").with_policy("read", read))
        .with_bucket(Bucket::new("dropbox", Some(bucket)));
    account.alias = Some("payments-prod".to_owned());
    Registry::new()
        .with(account)
        .with(Account::new(Partition::Aws, OTHER_ACCOUNT).with_role(Role::new("Admin", trust())))
        .with(Account::new(Partition::UsGov, GOV_ACCOUNT).with_role(Role::new("Admin", trust())))
}
