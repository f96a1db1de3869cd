//! `mfa_serial`: the device whose code goes along with `AssumeRole`.

use super::problem::{ProblemKind, Problems};
use super::roles::RoleContext;
use crate::domain::credentials::CredentialsKind;
use crate::domain::role::CredentialsName;

/// The serial number, if one is named and the calling IAM user can have that device.
pub(super) fn check(
    context: &RoleContext<'_>,
    credentials: &CredentialsName,
    problems: &mut Problems,
) -> Option<String> {
    let serial = context.entry.mfa_serial.as_deref()?;
    let path = format!("{}.mfa_serial", context.path);
    // AWS knows of the code in the call that carries it, and the hub role's is another one
    if context.entry.via.is_some() {
        problems.add(&path, ProblemKind::MfaThroughHub);
    }
    let own = context.surroundings.credentials.get(credentials)?;
    if own.kind == CredentialsKind::Role {
        problems.add(&path, ProblemKind::MfaOfARole(credentials.to_string()));
    }
    if !is_serial(serial) {
        problems.add(&path, ProblemKind::MfaSerial);
    } else if let Some(arn) = serial.strip_prefix("arn:") {
        let mut parts = arn.splitn(5, ':');
        let partition = parts.next().unwrap_or_default();
        let named = (parts.next(), parts.next(), parts.next(), parts.next());
        let (Some("iam"), Some(""), Some(account), Some(device)) = named else {
            problems.add(&path, ProblemKind::MfaSerial);
            return None;
        };
        if !device.starts_with("mfa/") || device.len() == 4 {
            problems.add(&path, ProblemKind::MfaSerial);
        }
        let other = own
            .account
            .as_ref()
            .is_some_and(|own| own.as_str() != account);
        if partition != own.partition.as_str() || other {
            problems.add(&path, ProblemKind::MfaElsewhere(credentials.to_string()));
        }
    }
    Some(serial.to_owned())
}

/// The form of the STS reference.
fn is_serial(text: &str) -> bool {
    (9..=256).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=/:,.@-".contains(&b))
}
