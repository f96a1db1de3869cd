//! ARNs: `arn:partition:service:region:account:resource`.
//!
//! Each part is checked by itself before it counts. The resource is only ever read for the name of a role and for what
//! `services` makes a page of.

use super::services;
use super::{Kind, PastedError, Place};
use crate::domain::account::{AccountId, PartitionName, Region};
use crate::domain::partition::{Partition, Partitions};
use crate::domain::role::RoleName;

/// The longest name of a service.
const LONGEST_SERVICE: usize = 64;

pub(super) fn read(text: &str, partitions: &Partitions) -> Result<Place, PastedError> {
    let mut parts = text.splitn(6, ':').skip(1);
    let mut part = || parts.next().ok_or(PastedError::NoArn);
    let (partition, service, region, account) = (part()?, part()?, part()?, part()?);
    let resource = part()?;
    if resource.is_empty() || text.contains(char::is_whitespace) {
        return Err(PastedError::NoArn);
    }
    let name = PartitionName::parse(partition).map_err(|_| PastedError::ArnPartition)?;
    let partition = partitions.get(&name).ok_or(PastedError::ArnPartition)?;
    if !is_service(service) {
        return Err(PastedError::ArnService);
    }
    let region = read_region(region, partition)?;
    Ok(Place {
        account: read_account(account)?,
        role: role(service, resource),
        page: services::page(partition, service, region.as_ref(), resource),
        partition: Some(name),
        region,
        ..Place::nowhere(Kind::Arn)
    })
}

fn is_service(text: &str) -> bool {
    (1..=LONGEST_SERVICE).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn read_region(text: &str, partition: &Partition) -> Result<Option<Region>, PastedError> {
    if text.is_empty() {
        return Ok(None);
    }
    let region = Region::parse(text).ok();
    let region = region.filter(|region| partition.has_region(region));
    region.map(Some).ok_or(PastedError::ArnRegion)
}

/// AWS's own things, such as its managed policies, are in every account.
fn read_account(text: &str) -> Result<Option<AccountId>, PastedError> {
    match text {
        "" | "aws" => Ok(None),
        text => AccountId::parse(text)
            .map(Some)
            .map_err(|_| PastedError::ArnAccount),
    }
}

/// The role that it is the ARN of, or that the session is of which it is the ARN. Paths are no part of a role's name.
fn role(service: &str, resource: &str) -> Option<RoleName> {
    let mut parts = resource.split('/');
    let name = match (service, parts.next()?) {
        ("sts", "assumed-role") => parts.next()?,
        ("iam", "role") => parts.next_back()?,
        _ => return None,
    };
    RoleName::parse(name).ok()
}
