//! Where the console shows what an ARN names: for each service its first page, for a few things their own.
//!
//! A page of a thing's own is made only where its address is beyond doubt and the name is plain; everything else leads to
//! the service's first page, and a service that is not in the table to the console's.

use crate::domain::account::Region;
use crate::domain::console::Destination;
use crate::domain::partition::Partition;

/// A service: its name in ARNs, the path of its first page, and what follows behind `#`.
type Service = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const SERVICES: [Service; 62] = [
    ("acm", "acm/home", ""),
    ("airflow", "mwaa/home", ""),
    ("apigateway", "apigateway/home", ""),
    ("appsync", "appsync/home", ""),
    ("athena", "athena/home", ""),
    ("autoscaling", "ec2/home", "AutoScalingGroups:"),
    ("backup", "backup/home", ""),
    ("batch", "batch/home", ""),
    ("bedrock", "bedrock/home", ""),
    ("cloudformation", "cloudformation/home", ""),
    ("cloudfront", "cloudfront/home", ""),
    ("cloudtrail", "cloudtrail/home", ""),
    ("cloudwatch", "cloudwatch/home", ""),
    ("codebuild", "codesuite/codebuild/projects", ""),
    ("codecommit", "codesuite/codecommit/repositories", ""),
    ("codedeploy", "codesuite/codedeploy/applications", ""),
    ("codepipeline", "codesuite/codepipeline/pipelines", ""),
    ("cognito-idp", "cognito/home", ""),
    ("config", "config/home", ""),
    ("dms", "dms/v2/home", ""),
    ("dynamodb", "dynamodbv2/home", ""),
    ("ec2", "ec2/home", ""),
    ("ecr", "ecr/repositories", ""),
    ("ecs", "ecs/v2/clusters", ""),
    ("eks", "eks/home", ""),
    ("elasticache", "elasticache/home", ""),
    ("elasticbeanstalk", "elasticbeanstalk/home", ""),
    ("elasticfilesystem", "efs/home", ""),
    ("elasticloadbalancing", "ec2/home", "LoadBalancers:"),
    ("es", "aos/home", ""),
    ("events", "events/home", ""),
    ("execute-api", "apigateway/home", ""),
    ("firehose", "firehose/home", ""),
    ("glue", "glue/home", ""),
    ("grafana", "grafana/home", ""),
    ("guardduty", "guardduty/home", ""),
    ("iam", "iam/home", ""),
    ("kafka", "msk/home", ""),
    ("kinesis", "kinesis/home", ""),
    ("kms", "kms/home", ""),
    ("lambda", "lambda/home", ""),
    ("logs", "cloudwatch/home", "logsV2:log-groups"),
    ("organizations", "organizations/v2/home", ""),
    ("ram", "ram/home", ""),
    ("rds", "rds/home", ""),
    ("redshift", "redshiftv2/home", ""),
    ("route53", "route53/v2/home", ""),
    ("s3", "s3/home", ""),
    ("sagemaker", "sagemaker/home", ""),
    ("secretsmanager", "secretsmanager/home", ""),
    ("securityhub", "securityhub/home", ""),
    ("servicecatalog", "servicecatalog/home", ""),
    ("servicediscovery", "cloudmap/home", ""),
    ("ses", "ses/home", ""),
    ("sns", "sns/v3/home", ""),
    ("sqs", "sqs/v3/home", ""),
    ("ssm", "systems-manager/home", ""),
    ("sso", "singlesignon/home", ""),
    ("states", "states/home", ""),
    ("synthetics", "cloudwatch/home", "synthetics:"),
    ("transfer", "transfer/home", ""),
    ("wafv2", "wafv2/homev2", ""),
];

/// The page for a thing of a service; `None` where the partition's console is not known, and where the role that the
/// ARN names says better where to begin.
pub(super) fn page(
    partition: &Partition,
    service: &str,
    region: Option<&Region>,
    resource: &str,
) -> Option<Destination> {
    if service == "sts" {
        return None;
    }
    let Some((_, path, fragment)) = SERVICES.iter().find(|(name, ..)| *name == service) else {
        return Destination::home(partition, region).ok();
    };
    let own = own_page(service, resource);
    let (path, fragment) = own.as_ref().map_or((*path, *fragment), |(path, fragment)| {
        (path.as_str(), fragment.as_str())
    });
    let host = partition.console_host(region).ok()?;
    let query = region.map_or_else(String::new, |region| format!("?region={region}"));
    let mark = if fragment.is_empty() { "" } else { "#" };
    Destination::parse(
        &format!("https://{host}/{path}{query}{mark}{fragment}"),
        partition,
    )
    .ok()
}

/// Path and fragment of a thing's own page.
fn own_page(service: &str, resource: &str) -> Option<(String, String)> {
    let (path, fragment) = match service {
        "ec2" => {
            let id = plain(resource.strip_prefix("instance/")?)?;
            (
                "ec2/home".to_owned(),
                format!("InstanceDetails:instanceId={id}"),
            )
        }
        "iam" => {
            let (kind, rest) = resource.split_once('/')?;
            let name = plain(rest.rsplit('/').next()?)?;
            let kind = match kind {
                "role" => "roles",
                "user" => "users",
                _ => return None,
            };
            ("iam/home".to_owned(), format!("/{kind}/details/{name}"))
        }
        "lambda" => {
            let name = resource.strip_prefix("function:")?;
            let name = plain(name.split(':').next()?)?;
            ("lambda/home".to_owned(), format!("/functions/{name}"))
        }
        "s3" => {
            let bucket = plain(resource.split('/').next()?)?;
            (format!("s3/buckets/{bucket}"), String::new())
        }
        _ => return None,
    };
    Some((path, fragment))
}

/// A name that needs no escape anywhere in an address, and is no step of a path.
fn plain(name: &str) -> Option<&str> {
    let fits = (1..=128).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        && !name.bytes().all(|b| b == b'.');
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_no_service_twice() {
        assert!(SERVICES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn every_row_makes_a_page_of_the_console() {
        use crate::domain::account::PartitionName;
        use crate::domain::partition::Partitions;
        let partitions = Partitions::default();
        for (name, region) in [("aws", "eu-west-1"), ("aws-cn", "cn-north-1")] {
            let partition = partitions
                .get(&PartitionName::parse(name).unwrap())
                .unwrap();
            let region = Region::parse(region).unwrap();
            for (service, path, fragment) in SERVICES {
                for region in [None, Some(&region)] {
                    let page = page(partition, service, region, "\"?#&=%").unwrap();
                    assert_eq!(page.url().path(), format!("/{path}"), "{service}");
                    assert_eq!(page.url().fragment().unwrap_or_default(), fragment);
                }
            }
        }
    }
}
