//! What cannot be cut off, and what a policy does, in sentences for people.

use chrono::SecondsFormat;

use super::order::{Holder, Order, Whom};
use crate::domain::Timestamp;
use crate::domain::role::CredentialsName;

/// Why there is no policy for a session that somebody may have.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum Gap {
    /// Its account is not in the access model any more.
    NoAccount {
        /// The account's id.
        account: String,
        /// The role, as it was called.
        role: String,
    },
    /// It was had by an IAM user's key, and which one is not known any more.
    NoCredentials {
        /// The role, as it was called.
        role: String,
    },
    /// It was had by the key of own credentials that the configuration does not have any more.
    CredentialsGone {
        /// The role, as it was called.
        role: String,
        /// Their name.
        credentials: CredentialsName,
    },
    /// The audit log has no name of it that could stand in a policy.
    Unnamed {
        /// The role, as it was called.
        role: String,
    },
    /// Rows of the audit log cannot be read, and may tell of further sessions.
    Unreadable {
        /// How many.
        rows: usize,
    },
    /// A purge took rows that may tell of further sessions.
    Purged {
        /// When the first row is of that is left, if that is known.
        begins: Option<Timestamp>,
    },
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoAccount { account, role } => write!(
                f,
                "{role}: the account {account} is not in the access model any more, so nothing says how to get in"
            ),
            Self::NoCredentials { role } => write!(
                f,
                "{role}: it was had by an IAM user's key, and the access model does not say any more by which"
            ),
            Self::CredentialsGone { role, credentials } => write!(
                f,
                "{role}: it was had by the key of the own credentials {credentials}, which the configuration does not have any more; the policy has to stand on the IAM user whose key that was"
            ),
            Self::Unnamed { role } => write!(
                f,
                "{role}: the audit log has no session name of it that could stand in a policy"
            ),
            Self::Unreadable { rows: 1 } => f.write_str(
                "one row of the audit log cannot be read, and nobody knows of which session it tells: `vestibule audit verify` names it",
            ),
            Self::Unreadable { rows } => write!(
                f,
                "{rows} rows of the audit log cannot be read, and nobody knows of which sessions they tell: `vestibule audit verify` names them"
            ),
            Self::Purged { begins } => {
                f.write_str("the audit log was purged of rows of sessions that can still live, and nobody knows whose they are: ")?;
                match begins {
                    Some(begins) => write!(
                        f,
                        "it begins at {}. Cut off the roles that may be concerned, each for everybody",
                        begins.to_rfc3339_opts(SecondsFormat::Secs, true)
                    ),
                    None => f.write_str("cut off the roles that may be concerned, each for everybody"),
                }
            }
        }
    }
}

/// What the policy of an order does, in sentences.
pub fn aims(order: &Order, cutoff: Timestamp) -> Vec<String> {
    let cutoff = cutoff.to_rfc3339_opts(SecondsFormat::Secs, true);
    let roles: Vec<&str> = order.roles.iter().map(String::as_str).collect();
    let roles = roles.join(", ");
    let mut sentences = vec![match (&order.whom, &order.holder) {
        (Whom::Nobody, _) => return Vec::new(),
        (_, Holder::User(_)) => format!(
            "Denies everything to all keys of {roles} that were made before {cutoff}, whoever has them: they are the IAM user itself, and carry nobody's name."
        ),
        (Whom::Everybody, _) => {
            format!("Denies everything to all sessions of {roles} that began before {cutoff}.")
        }
        (Whom::Named { .. }, _) => format!(
            "Denies everything to this person's sessions of {roles} that began before {cutoff}; nobody else's."
        ),
    }];
    if let Holder::Issuing(credentials) | Holder::User(credentials) = &order.holder {
        sentences.push(format!(
            "It stands on the IAM user whose key the own credentials {credentials} are now. If they were another user's within the last 36 hours, what that one issued lives on: it needs the policy as well."
        ));
    }
    if matches!(order.holder, Holder::Issuing(_)) {
        sentences.push(
            "If AWS gives federated users no issue time, which is told in both ways, it denies newer ones as well, until the policy goes.".to_owned(),
        );
    }
    sentences
}
