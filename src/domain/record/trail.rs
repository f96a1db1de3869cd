//! What a sign-in shows as in CloudTrail, and back from such a name to the search that finds it.

use super::search::Search;
use crate::domain::account::{AccountId, PartitionName};
use crate::domain::audit::Event;
use crate::domain::role::RoleName;

/// The longest text that names anything there, in bytes.
const LONGEST: usize = 2048;

/// The operation whose sessions are a federated user's.
const FEDERATED: &str = "GetFederationToken";
/// The operation whose sessions show as the IAM user and not as the person.
const OF_THE_USER: &str = "GetSessionToken";

/// What CloudTrail has of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trail {
    /// `userIdentity.arn`.
    pub arn: Option<String>,
    /// What `userIdentity.principalId` ends in, or is.
    pub principal: Option<String>,
    /// `RoleSessionName`, or the federated user's name.
    pub session_name: Option<String>,
    /// `sourceIdentity`.
    pub source_identity: Option<String>,
    /// `userIdentity.accessKeyId`.
    pub access_key_id: Option<String>,
    /// Whether it shows as the IAM user, and the person nowhere.
    pub as_the_user: bool,
}

impl Trail {
    /// Of a sign-in's event; `None`: nothing of it reached AWS.
    pub fn of(event: &Event) -> Option<Self> {
        event.signin_id.as_ref()?;
        let method = event.method.as_deref()?;
        let partition = event.partition.as_deref().unwrap_or("aws");
        let mut trail = Self {
            session_name: event.session_name.clone(),
            source_identity: event.source_identity.clone(),
            access_key_id: event.access_key_id.clone(),
            as_the_user: method == OF_THE_USER,
            ..Self::default()
        };
        let role = event.role.as_deref().and_then(|role| role.split_once('/'));
        if let (Some(account), Some((_, role)), Some(name)) =
            (&event.account, role, &event.session_name)
        {
            let (resource, principal) = if method == FEDERATED {
                (
                    format!("federated-user/{name}"),
                    format!("{account}:{name}"),
                )
            } else {
                (format!("assumed-role/{role}/{name}"), format!(":{name}"))
            };
            trail.arn = Some(format!("arn:{partition}:sts::{account}:{resource}"));
            trail.principal = Some(principal);
        }
        Some(trail)
    }
}

/// A name that somebody has found in CloudTrail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// The ARN of an assumed role's session.
    Session {
        /// Of which account.
        account: String,
        /// Which role.
        role: String,
        /// Under which name.
        name: String,
    },
    /// A federated user, by ARN or principal id.
    FederatedUser {
        /// Of which account.
        account: String,
        /// Under which name.
        name: String,
    },
    /// A session's name, by itself or at the end of a principal id.
    Name(String),
    /// An access key's id.
    AccessKey(String),
}

/// The text names nothing that Vestibule could have handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// Nothing at all.
    #[error(
        "this is no session's ARN (arn:aws:sts::111122223333:assumed-role/ROLE/NAME or …:federated-user/NAME), \
         no session name of 2 to 64 letters, digits and _+=,.@-, and no access key id"
    )]
    Unreadable,
    /// An ARN of something else.
    #[error(
        "this ARN is of no session: those are arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/NAME and \
         arn:PARTITION:sts::ACCOUNT:federated-user/NAME"
    )]
    OtherArn,
}

impl Trace {
    /// Reads what somebody pasted.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(TraceError::Unreadable);
        }
        if text.starts_with("arn:") {
            return Self::arn(text).ok_or(TraceError::OtherArn);
        }
        if is_access_key(text) {
            return Ok(Self::AccessKey(text.to_owned()));
        }
        let trace = match text.split_once(':') {
            Some((account, name)) if AccountId::parse(account).is_ok() => Self::FederatedUser {
                account: account.to_owned(),
                name: session_name(name).ok_or(TraceError::Unreadable)?,
            },
            // a role's unique id: which role that is, AWS alone knows
            Some((id, name)) if is_unique_id(id) => {
                Self::Name(session_name(name).ok_or(TraceError::Unreadable)?)
            }
            _ => Self::Name(session_name(text).ok_or(TraceError::Unreadable)?),
        };
        Ok(trace)
    }

    fn arn(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "sts", "", account, resource] = parts[..] else {
            return None;
        };
        PartitionName::parse(partition).ok()?;
        AccountId::parse(account).ok()?;
        let account = account.to_owned();
        let resource: Vec<&str> = resource.split('/').collect();
        match resource[..] {
            ["assumed-role", role, name] => Some(Self::Session {
                account,
                role: RoleName::parse(role).ok()?.to_string(),
                name: session_name(name)?,
            }),
            ["federated-user", name] => Some(Self::FederatedUser {
                account,
                name: session_name(name)?,
            }),
            _ => None,
        }
    }

    /// The searches that find it: whoever finds anything by one of them has found it.
    pub fn searches(&self) -> Vec<Search> {
        let text = |text: &String| Some(text.clone());
        match self {
            Self::Session { account, name, .. } | Self::FederatedUser { account, name } => {
                vec![Search {
                    account: text(account),
                    session_name: text(name),
                    ..Search::default()
                }]
            }
            Self::Name(name) => vec![
                Search {
                    session_name: text(name),
                    ..Search::default()
                },
                Search {
                    source_identity: text(name),
                    ..Search::default()
                },
            ],
            Self::AccessKey(id) => vec![Search {
                access_key: text(id),
                ..Search::default()
            }],
        }
    }

    /// Whether an event that a search has found is of it.
    pub fn is(&self, event: &Event) -> bool {
        let federated = event.method.as_deref() == Some(FEDERATED);
        match self {
            Self::Session { role, .. } => {
                let there = event.role.as_deref().and_then(|role| role.split_once('/'));
                !federated && there.is_some_and(|(_, there)| there == role)
            }
            Self::FederatedUser { .. } => federated,
            Self::Name(_) | Self::AccessKey(_) => true,
        }
    }
}

/// `RoleSessionName`'s alphabet; a federated user's name has a smaller one.
fn session_name(text: &str) -> Option<String> {
    let fits = (2..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b));
    fits.then(|| text.to_owned())
}

fn is_access_key(text: &str) -> bool {
    (text.starts_with("ASIA") || text.starts_with("AKIA")) && is_unique_id(text)
}

/// AWS's ids: 16 to 128 capital letters and digits.
fn is_unique_id(text: &str) -> bool {
    (16..=128).contains(&text.len())
        && text.starts_with('A')
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signin(method: &str, name: Option<&str>) -> Event {
        let text = |text: &str| Some(text.to_owned());
        Event {
            signin_id: text("s"),
            account: text("111122223333"),
            role: text("payments-prod/Admin"),
            method: text(method),
            session_name: name.map(str::to_owned),
            access_key_id: text("ASIAEXAMPLEEXAMPLE01"),
            ..Event::default()
        }
    }

    #[test]
    fn a_sign_in_shows_under_names_that_lead_back_to_it() {
        let assumed = signin("AssumeRoleWithSAML", Some("ada@example.com"));
        let trail = Trail::of(&assumed).unwrap();
        let arn = trail.arn.unwrap();
        assert_eq!(
            arn,
            "arn:aws:sts::111122223333:assumed-role/Admin/ada@example.com"
        );
        let federated = signin("GetFederationToken", Some("ada=x"));
        let federated = Event {
            partition: Some("aws-cn".to_owned()),
            ..federated
        };
        let trail = Trail::of(&federated).unwrap();
        let other = trail.arn.unwrap();
        assert_eq!(other, "arn:aws-cn:sts::111122223333:federated-user/ada=x");
        let principal = trail.principal.unwrap();
        for (text, own, foreign) in [
            (&arn, &assumed, &federated),
            (&other, &federated, &assumed),
            (&principal, &federated, &assumed),
        ] {
            let trace = Trace::parse(text).unwrap();
            assert!(trace.is(own) && !trace.is(foreign), "{text}");
        }
    }

    #[test]
    fn what_shows_as_the_iam_user_says_so_and_what_never_reached_aws_has_no_trail() {
        let trail = Trail::of(&signin("GetSessionToken", None)).unwrap();
        assert!(trail.as_the_user && trail.arn.is_none());
        assert_eq!(Trail::of(&Event::default()), None);
    }

    #[test]
    fn a_session_name_and_an_access_key_are_told_apart() {
        let name = |text: &str| Trace::Name(text.to_owned());
        for (text, trace) in [
            (" ada@example.com ", name("ada@example.com")),
            ("AROAEXAMPLEEXAMPLE01:ada", name("ada")),
            ("ASIASHORT", name("ASIASHORT")),
            (
                "ASIAEXAMPLEEXAMPLE01",
                Trace::AccessKey("ASIAEXAMPLEEXAMPLE01".to_owned()),
            ),
        ] {
            assert_eq!(Trace::parse(text), Ok(trace), "{text}");
        }
    }

    #[test]
    fn hostile_names_are_refused_with_a_reason() {
        let long = format!(
            "arn:aws:sts::111122223333:assumed-role/R/{}",
            "a".repeat(65)
        );
        for (text, error) in [
            ("", TraceError::Unreadable),
            ("a", TraceError::Unreadable),
            ("a b", TraceError::Unreadable),
            ("ada\u{1b}[2J", TraceError::Unreadable),
            ("111122223333:", TraceError::Unreadable),
            ("x:y:z", TraceError::Unreadable),
            (&"a".repeat(3000), TraceError::Unreadable),
            (&long, TraceError::OtherArn),
            ("arn:", TraceError::OtherArn),
            ("arn:aws:iam::111122223333:role/Admin", TraceError::OtherArn),
            ("arn:aws:sts::1111:assumed-role/R/ada", TraceError::OtherArn),
            (
                "arn:aws:sts::111122223333:assumed-role/R",
                TraceError::OtherArn,
            ),
            (
                "arn:aws:sts::111122223333:assumed-role/R/a/b",
                TraceError::OtherArn,
            ),
            (
                "arn:aws:sts::111122223333:federated-user/a b",
                TraceError::OtherArn,
            ),
            (
                "arn:a b:sts::111122223333:federated-user/ada",
                TraceError::OtherArn,
            ),
            (
                "arn:aws:sts:eu-west-1:111122223333:federated-user/ada",
                TraceError::OtherArn,
            ),
        ] {
            assert_eq!(Trace::parse(text), Err(error), "{text}");
        }
    }
}
