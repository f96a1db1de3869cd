//! How long a console or keys last, and why: known before the first call.
//!
//! One table of AWS's rules (STS API reference for `DurationSeconds`; custom federation broker guide for
//! `SessionDuration`). Vestibule asks for exactly what AWS will grant and tells the person the true length. Where AWS's
//! sources disagree, the careful reading counts: own credentials of unknown kind are treated like a role's.

use std::fmt;

use super::Timestamp;
use super::credentials::CredentialsKind;
use super::role::Method;

/// The shortest life that AWS gives: 15 minutes.
const SHORTEST: u32 = 900;
/// What every IAM role gives at least (`MaxSessionDuration`): one hour.
const EVERY_ROLE: u32 = 3_600;
/// The longest life of a chained session: one hour.
const LONGEST_CHAINED: u32 = 3_600;
/// The longest console session of a role: 12 hours.
const LONGEST_CONSOLE: u32 = 43_200;
/// The longest life of what a long-term key makes without a role, a federated user's or the user's own: 36 hours.
const LONGEST_OF_A_USER: u32 = 129_600;
/// Lengths are whole quarters of an hour: the sign-in endpoint is known to refuse some odd values.
const STEP: u32 = 900;

/// What decides the length of a console.
#[derive(Debug, Clone, Copy)]
pub struct DurationRequest<'a> {
    /// How the credentials are made.
    pub method: &'a Method,
    /// What the own credentials are, where the method uses some.
    pub own: Option<CredentialsKind>,
    /// What the role allows, in seconds.
    pub role_seconds: u32,
    /// What the link asks for, in hours.
    pub hours: Option<u8>,
    /// When the identity provider wants everything built on this login to end.
    pub session_ends: Option<Timestamp>,
    /// The `SessionDuration` that a forwarded SAML response carries.
    pub proof_seconds: Option<u32>,
    /// AWS's sign-in refused a length for such credentials a while ago, and took them without.
    pub length_refused: bool,
    /// The present.
    pub now: Timestamp,
}

/// What to ask of AWS, and what will come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// `DurationSeconds` of the STS call.
    pub sts_duration_seconds: u32,
    /// `SessionDuration` at the federation endpoint; `None` where sending it makes the call fail.
    pub signin_session_duration: Option<u32>,
    /// How long the console, or the keys, will last.
    pub console_seconds: u32,
    /// Why so long and no longer.
    pub cause: Cause,
}

/// Why a console lasts as long as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The role allows so much.
    Role,
    /// Every role gives so much.
    EveryRole,
    /// The link asked for so much.
    Asked,
    /// AWS gives no more by this method.
    Method,
    /// The identity provider ends the login then.
    IdentityProvider,
    /// The forwarded response says so.
    Proof,
    /// AWS gives no less.
    Minimum,
    /// The own credentials come from a role.
    Chained,
    /// Nobody knows what the own credentials are.
    Unknown,
    /// The way leads through a hub role.
    Hub,
    /// The federation endpoint took no length, so the console lasts as long as the credentials.
    SigninRefused,
}

impl Cause {
    /// The reason, to stand after "because".
    pub fn text(self) -> &'static str {
        match self {
            Self::Role => "this is what the role allows",
            Self::EveryRole => "every role in AWS gives so much, and only some give more",
            Self::Asked => "the link asks for it",
            Self::Method => "AWS gives no more by this method",
            Self::IdentityProvider => "your company's login ends then",
            Self::Proof => "your company's identity provider says so",
            Self::Minimum => "AWS gives no less",
            Self::Chained => {
                "Vestibule's own AWS credentials come from a role, and AWS ends such chained sessions after one hour"
            }
            Self::Unknown => {
                "Vestibule's own AWS credentials may come from a role, and AWS ends such chained sessions after one hour"
            }
            Self::Hub => {
                "the way leads through a hub role, and AWS ends such chained sessions after one hour"
            }
            Self::SigninRefused => {
                "AWS's sign-in took no length, so the console lasts as long as its credentials"
            }
        }
    }
}

/// The identity provider has ended the login already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the identity provider has ended the login")]
pub struct LoginEnded;

impl Plan {
    /// What to ask of AWS for a console.
    pub fn new(request: &DurationRequest<'_>) -> Result<Self, LoginEnded> {
        let (wanted, cause) = wanted(request)?;
        Ok(match request.method {
            Method::GetFederationToken { .. } | Method::GetSessionToken { .. } => {
                lasting_as_credentials(wanted, cause, LONGEST_OF_A_USER, Cause::Method)
            }
            Method::AssumeRole { via: Some(_), .. } => {
                lasting_as_credentials(wanted, cause, LONGEST_CHAINED, Cause::Hub)
            }
            Method::AssumeRole { via: None, .. } => match request.own {
                Some(CredentialsKind::LongTerm) => independent(request, wanted, cause),
                Some(CredentialsKind::Role) => {
                    lasting_as_credentials(wanted, cause, LONGEST_CHAINED, Cause::Chained)
                }
                Some(CredentialsKind::Unknown) | None => {
                    lasting_as_credentials(wanted, cause, LONGEST_CHAINED, Cause::Unknown)
                }
            },
            // AWS ends the credentials with the login (`SessionNotOnOrAfter`), and so the console.
            Method::AssumeRoleWithSaml { .. }
                if wanted < SHORTEST && cause == Cause::IdentityProvider =>
            {
                Self {
                    sts_duration_seconds: SHORTEST,
                    signin_session_duration: None,
                    console_seconds: wanted,
                    cause,
                }
            }
            Method::AssumeRoleWithSaml { .. } | Method::AssumeRoleWithWebIdentity { .. } => {
                independent(request, wanted, cause)
            }
        })
    }

    /// What to ask of AWS for keys: they last as long as the credentials that they are.
    ///
    /// A console's length has nothing to do with the role's `MaxSessionDuration`, the credentials' has, and nobody here
    /// knows it. So more than every role gives is asked for only when the person does; AWS may then say no.
    pub fn of_keys(request: &DurationRequest<'_>) -> Result<Self, LoginEnded> {
        let console = Self::new(request)?;
        if console.signin_session_duration.is_none() {
            return Ok(console);
        }
        let (wanted, cause) = if request.hours.is_none() && console.console_seconds > EVERY_ROLE {
            (EVERY_ROLE, Cause::EveryRole)
        } else {
            (console.console_seconds, console.cause)
        };
        Ok(Self {
            sts_duration_seconds: wanted,
            signin_session_duration: None,
            console_seconds: wanted,
            cause,
        })
    }
}

impl fmt::Display for Plan {
    /// "1 hour, because …"
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = in_words(self.console_seconds);
        write!(f, "{words}, because {}", self.cause.text())
    }
}

/// The smallest of what the role allows, the link asks for, and the provider lets; not yet what AWS gives.
fn wanted(request: &DurationRequest<'_>) -> Result<(u32, Cause), LoginEnded> {
    let mut wanted = (request.role_seconds, Cause::Role);
    let mut limit = |seconds: u32, cause: Cause| {
        if seconds < wanted.0 {
            wanted = (seconds, cause);
        }
    };
    if let Some(hours) = request.hours {
        limit(u32::from(hours) * 3_600, Cause::Asked);
    }
    if let Some(seconds) = request.proof_seconds {
        limit(seconds, Cause::Proof);
    }
    if let Some(ends) = request.session_ends {
        let left = (ends - request.now).num_seconds();
        if left <= 0 {
            return Err(LoginEnded);
        }
        limit(
            u32::try_from(left).unwrap_or(u32::MAX),
            Cause::IdentityProvider,
        );
    }
    let (seconds, cause) = wanted;
    if seconds < SHORTEST {
        return Ok((seconds, cause));
    }
    Ok((seconds - seconds % STEP, cause))
}

/// The console's length has nothing to do with the credentials', which are as short as can be; unless AWS's sign-in
/// takes no length of late.
fn independent(request: &DurationRequest<'_>, wanted: u32, cause: Cause) -> Plan {
    if request.length_refused {
        return lasting_as_credentials(wanted, cause, EVERY_ROLE, Cause::SigninRefused);
    }
    let (console_seconds, cause) = between(wanted, cause, LONGEST_CONSOLE, Cause::Method);
    Plan {
        sts_duration_seconds: SHORTEST,
        signin_session_duration: Some(console_seconds),
        console_seconds,
        cause,
    }
}

/// The federation endpoint takes no length: the console lasts as long as the credentials.
fn lasting_as_credentials(wanted: u32, cause: Cause, longest: u32, why: Cause) -> Plan {
    let (seconds, cause) = between(wanted, cause, longest, why);
    Plan {
        sts_duration_seconds: seconds,
        signin_session_duration: None,
        console_seconds: seconds,
        cause,
    }
}

fn between(wanted: u32, cause: Cause, longest: u32, why: Cause) -> (u32, Cause) {
    if wanted > longest {
        (longest, why)
    } else if wanted < SHORTEST {
        (SHORTEST, Cause::Minimum)
    } else {
        (wanted, cause)
    }
}

/// A length for people: "12 hours", "1 hour 15 minutes"; minutes are rounded down.
pub fn in_words(seconds: u32) -> String {
    let count = |number: u32, unit: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {unit}{plural}")
    };
    match (seconds / 3_600, seconds % 3_600 / 60) {
        (0, 0) => "less than a minute".to_owned(),
        (0, minutes) => count(minutes, "minute"),
        (hours, 0) => count(hours, "hour"),
        (hours, minutes) => format!("{} {}", count(hours, "hour"), count(minutes, "minute")),
    }
}

#[cfg(test)]
mod tests;
