//! The ARN of an IAM role that the access model names outright: a hub role on the way to somebody's own.

use std::fmt;

use super::account::{AccountId, PartitionName};
use super::role::RoleName;

/// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`, read into its parts.
#[derive(Clone, PartialEq, Eq)]
pub struct IamRoleArn {
    text: String,
    partition: PartitionName,
    account: AccountId,
    name: RoleName,
}

/// The text is no role's ARN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no IAM role's ARN (arn:PARTITION:iam::ACCOUNT:role/NAME)")]
pub struct IamRoleArnError;

impl IamRoleArn {
    /// Reads an ARN.
    pub fn parse(text: &str) -> Result<Self, IamRoleArnError> {
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts[..] else {
            return Err(IamRoleArnError);
        };
        let path_and_name = resource.strip_prefix("role/").ok_or(IamRoleArnError)?;
        let (path, name) = path_and_name
            .rsplit_once('/')
            .unwrap_or(("", path_and_name));
        let path_fits = path.len() <= 510
            && !path.starts_with('/')
            && !path.ends_with('/')
            && !path.contains("//")
            && path
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&b));
        if !path_fits || (path.is_empty() && path_and_name != name) {
            return Err(IamRoleArnError);
        }
        Ok(Self {
            partition: PartitionName::parse(partition).map_err(|_| IamRoleArnError)?,
            account: AccountId::parse(account).map_err(|_| IamRoleArnError)?,
            name: RoleName::parse(name).map_err(|_| IamRoleArnError)?,
            text: text.to_owned(),
        })
    }

    /// The ARN as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it lives.
    pub fn partition(&self) -> &PartitionName {
        &self.partition
    }

    /// Whose it is.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Who somebody is who has become it under a session name: the path is left out there.
    pub fn assumed_by(&self, session_name: &str) -> String {
        let (partition, account, name) = (&self.partition, &self.account, &self.name);
        format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session_name}")
    }
}

impl fmt::Display for IamRoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for IamRoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_read_into_its_parts_and_a_session_leaves_the_path_out() {
        let arn = IamRoleArn::parse("arn:aws-us-gov:iam::999900001111:role/a/b/Hub").unwrap();
        assert_eq!(arn.partition().to_string(), "aws-us-gov");
        assert_eq!(arn.account().to_string(), "999900001111");
        assert_eq!(
            arn.assumed_by("erin@example.com"),
            "arn:aws-us-gov:sts::999900001111:assumed-role/Hub/erin@example.com"
        );
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "",
            "Hub",
            "arn:aws:iam::999900001111:role/",
            "arn:aws:iam::999900001111:role//Hub",
            "arn:aws:iam::999900001111:role/a//Hub",
            "arn:aws:iam::999900001111:role/a/",
            "arn:aws:iam::999900001111:role/..",
            "arn:aws:iam::999900001111:role/H*",
            "arn:aws:iam::999900001111:role/${aws:username}",
            "arn:aws:iam::999900001111:user/Hub",
            "arn:aws:sts::999900001111:assumed-role/Hub/x",
            "arn:aws:iam:eu-west-1:999900001111:role/Hub",
            "arn:aws:iam::99990000111:role/Hub",
            "arn:aws:iam::999900001111:role/Hub:x",
            "arn:aws:iam::999900001111:role/Hub\n",
            "arn:AWS:iam::999900001111:role/Hub",
            " arn:aws:iam::999900001111:role/Hub",
        ] {
            assert!(IamRoleArn::parse(bad).is_err(), "{bad:?}");
        }
    }
}
