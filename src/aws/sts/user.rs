//! `GetSessionToken`: credentials that are an IAM user, whole.
//!
//! Its answer names nobody. So the key is asked first whose it is: a root user's, or one of another account, makes
//! nothing.

use aws_sdk_sts::Client;

use super::Ask;
use super::answer::credentials;
use super::calls::{refused, seconds};
use crate::aws::Error;
use crate::domain::credentials::Credentials;
use crate::domain::role::Role;

const SESSION_TOKEN: &str = "GetSessionToken";
const CALLER_IDENTITY: &str = "GetCallerIdentity";

/// `GetSessionToken`.
pub(super) async fn session_token(
    client: &Client,
    role: &Role,
    ask: &Ask,
) -> Result<Credentials, Error> {
    let who = client
        .get_caller_identity()
        .send()
        .await
        .map_err(|error| refused(CALLER_IDENTITY, &error))?;
    let arn = who.arn().unwrap_or_default();
    check_user(arn, role)?;
    let output = client
        .get_session_token()
        .set_duration_seconds(seconds(ask))
        .send()
        .await
        .map_err(|error| refused(SESSION_TOKEN, &error))?;
    credentials(SESSION_TOKEN, output.credentials(), Some(arn))
}

/// The key is an IAM user's of the role's account.
fn check_user(arn: &str, role: &Role) -> Result<(), Error> {
    let account = &role.account;
    let ours = format!("arn:{}:iam::{}:", account.partition, account.id);
    match arn.strip_prefix(&ours) {
        Some(rest)
            if rest
                .strip_prefix("user/")
                .is_some_and(|name| !name.is_empty()) =>
        {
            Ok(())
        }
        Some("root") => Err(unsuited(
            "Vestibule's own AWS credentials for this role are the root user's, and those are handed to nobody",
        )),
        _ => Err(unsuited(
            "Vestibule's own AWS credentials for this role are not an IAM user's of this account",
        )),
    }
}

/// The credentials are not a user's at all.
pub(super) fn of_a_role() -> Error {
    unsuited(
        "Vestibule's own AWS credentials for this role come from a role, and GetSessionToken takes an IAM user's long-term key only",
    )
}

fn unsuited(cause: &'static str) -> Error {
    Error::Unsuited {
        operation: SESSION_TOKEN,
        cause,
    }
}
