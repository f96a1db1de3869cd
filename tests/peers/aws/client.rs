//! One of AWS's own programs, pointed at the simulated STS and IAM: makes a call and says what came of it.
//!
//! Takes nothing from the machine's environment, so no configuration or key of somebody's is ever used.

use std::process::Stdio;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use vestibule::clock::Clock as _;

use crate::peer::{here, installed};
use crate::world::World;

/// Whose code makes the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    AwsCli,
    Boto3,
}

/// Which service is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Sts,
    Iam,
}

/// Credentials for a client.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) token: Option<String>,
}

impl Keys {
    /// Those of a file that the world made for Vestibule.
    pub(super) fn of(world: &World, name: &str) -> Self {
        let text = std::fs::read_to_string(world.folder.join(name)).unwrap();
        let value = |key: &str| {
            text.lines()
                .filter_map(|line| line.split_once(" = "))
                .find(|(name, _)| *name == key)
                .map(|(_, value)| value.to_owned())
        };
        Self {
            id: value("aws_access_key_id").unwrap(),
            secret: value("aws_secret_access_key").unwrap(),
            token: value("aws_session_token"),
        }
    }

    /// Those of an answer.
    pub(super) fn made(answer: &Value) -> Self {
        let text = |name: &str| answer["Credentials"][name].as_str().unwrap().to_owned();
        Self {
            id: text("AccessKeyId"),
            secret: text("SecretAccessKey"),
            token: Some(text("SessionToken")),
        }
    }
}

/// A program, and where it calls.
pub(super) struct Client<'a> {
    pub(super) world: &'a World,
    pub(super) program: Program,
}

impl Client<'_> {
    /// Makes one call to STS. A refusal is what the program says about it.
    pub(super) async fn calls(
        &self,
        keys: Option<&Keys>,
        operation: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        self.call(Service::Sts, keys, (operation, parameters)).await
    }

    /// Makes one call to IAM.
    pub(super) async fn manages(
        &self,
        keys: &Keys,
        operation: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        self.call(Service::Iam, Some(keys), (operation, parameters))
            .await
    }

    async fn call(
        &self,
        service: Service,
        keys: Option<&Keys>,
        (operation, parameters): (&str, Value),
    ) -> Result<Value, String> {
        let mut command = self.command(service, operation, &parameters);
        if let Some(keys) = keys {
            command
                .env("AWS_ACCESS_KEY_ID", &keys.id)
                .env("AWS_SECRET_ACCESS_KEY", &keys.secret);
            if let Some(token) = &keys.token {
                command.env("AWS_SESSION_TOKEN", token);
            }
        }
        let mut process = command.spawn().unwrap();
        let mut input = process.stdin.take().unwrap();
        // awscli does not read it, and may have ended already
        let _ = input.write_all(parameters.to_string().as_bytes()).await;
        drop(input);
        let output = process.wait_with_output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        if output.status.success() && output.stdout.trim_ascii().is_empty() {
            // some operations answer nothing
            Ok(Value::Null)
        } else if output.status.success() {
            Ok(serde_json::from_slice(&output.stdout).unwrap())
        } else {
            Err(said.trim().to_owned())
        }
    }

    /// The program with nothing of the machine's own environment.
    fn command(&self, service: Service, operation: &str, parameters: &Value) -> Command {
        // with an endpoint of their own the programs sign for the region they are given
        let (service, region) = match service {
            Service::Sts => ("sts", "eu-west-1"),
            Service::Iam => ("iam", "us-east-1"),
        };
        let mut command = Command::new(installed("python/bin/python"));
        match self.program {
            Program::AwsCli => command
                .args(["-m", "awscli", service, &kebab(operation)])
                .args(["--output", "json"])
                .args(["--cli-input-json", &parameters.to_string()]),
            Program::Boto3 => command
                .arg(here("python/call.py"))
                .args([service, operation]),
        };
        let nothing = self.world.folder.join("no-such-file");
        command
            .env_clear()
            .env("HOME", &self.world.folder)
            .env("AWS_CONFIG_FILE", &nothing)
            .env("AWS_SHARED_CREDENTIALS_FILE", &nothing)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_DEFAULT_REGION", region)
            .env(
                "AWS_ENDPOINT_URL_IAM",
                self.world.sandbox.aws.url("iam.amazonaws.com"),
            )
            .env(
                "AWS_ENDPOINT_URL_STS",
                self.world.sandbox.aws.url("sts.eu-west-1.amazonaws.com"),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// One that must be answered.
    pub(super) async fn gets(
        &self,
        keys: Option<&Keys>,
        operation: &str,
        parameters: Value,
    ) -> Value {
        let answer = self.calls(keys, operation, parameters).await;
        answer.unwrap_or_else(|said| panic!("{:?} {operation}: {said}", self.program))
    }

    /// One that must be refused with this code and text.
    pub(super) async fn is_refused(
        &self,
        keys: Option<&Keys>,
        (operation, parameters): (&str, Value),
        (code, text): (&str, &str),
    ) {
        let said = self.calls(keys, operation, parameters).await.unwrap_err();
        let expected =
            format!("An error occurred ({code}) when calling the {operation} operation: {text}");
        // awscli may put its own name before it, and AWS a request's id behind
        assert!(said.contains(&expected), "{said}\nis not\n{expected}");
    }

    /// Whom the made credentials belong to, after a look at how long they live.
    pub(super) async fn who(&self, answer: &Value, seconds: i64) -> String {
        let expires: DateTime<Utc> = answer["Credentials"]["Expiration"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let lives = (expires - self.world.clock.now()).num_seconds();
        assert!(
            (seconds - 120..=seconds).contains(&lives),
            "{lives} s instead of {seconds}"
        );
        let keys = Keys::made(answer);
        let caller = self.gets(Some(&keys), "GetCallerIdentity", json!({})).await;
        caller["Arn"].as_str().unwrap().to_owned()
    }
}

/// `GetCallerIdentity` as the command line has it: `get-caller-identity`.
fn kebab(operation: &str) -> String {
    let operation = operation.replace("SAML", "Saml").replace("ID", "Id");
    let mut text = String::new();
    for letter in operation.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
