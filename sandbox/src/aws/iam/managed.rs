//! The few AWS-managed policies that demos and tests name.

use crate::aws::partition::Partition;
use crate::aws::policy::Policy;

/// The managed policy of AWS that has this ARN.
pub(super) fn of_aws(arn: &str) -> Option<Policy> {
    let (partition, name) = arn.strip_prefix("arn:")?.split_once(":iam::aws:policy/")?;
    Partition::by_name(partition)?;
    let action = match name {
        "AdministratorAccess" => serde_json::json!("*"),
        "PowerUserAccess" => return Policy::identity(POWER_USER).ok(),
        "ReadOnlyAccess" | "job-function/ViewOnlyAccess" => {
            serde_json::json!([
                "*:Get*",
                "*:List*",
                "*:Describe*",
                "*:BatchGet*",
                "*:Search*"
            ])
        }
        "AmazonS3ReadOnlyAccess" => serde_json::json!(["s3:Get*", "s3:List*", "s3:Describe*"]),
        "AmazonS3FullAccess" => serde_json::json!("s3:*"),
        "AmazonEC2ReadOnlyAccess" => serde_json::json!(["ec2:Describe*", "ec2:Get*"]),
        _ => return None,
    };
    let document = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }],
    });
    Policy::identity(&document.to_string()).ok()
}

const POWER_USER: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
  "NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"}]}"#;
