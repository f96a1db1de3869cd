//! Roles, users and policies as IAM's answers describe them.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::aws::iam::{Account, ManagedPolicy, Role, User};
use crate::aws::identity::timestamp;
use crate::aws::query::Element;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A policy document, as answers carry it.
pub(super) fn encoded(document: &str) -> String {
    utf8_percent_encode(document, RESERVED).to_string()
}

/// A role; lists leave out its tags and its boundary.
pub(super) fn role(account: &Account, role: &Role, whole: bool) -> Vec<Element> {
    let mut elements = vec![
        Element::text("Path", role.path.as_str()),
        Element::text("RoleName", role.name.as_str()),
        Element::text("RoleId", role.id.as_str()),
        Element::text("Arn", role.arn(account)),
        Element::text("CreateDate", timestamp(role.created)),
        Element::text("AssumeRolePolicyDocument", encoded(role.trust.text())),
        Element::text("MaxSessionDuration", role.max_session_duration.to_string()),
    ];
    let description = role.description.as_deref();
    elements.extend(description.map(|text| Element::text("Description", text)));
    if whole {
        elements.extend(boundary(role.boundary_arn.as_deref()));
        elements.extend(tags(&role.tags));
    }
    elements
}

/// A user; lists leave out its tags and its boundary.
pub(super) fn user(account: &Account, user: &User, whole: bool) -> Vec<Element> {
    let mut elements = vec![
        Element::text("Path", user.path.as_str()),
        Element::text("UserName", user.name.as_str()),
        Element::text("UserId", user.id.as_str()),
        Element::text("Arn", user.arn(account)),
        Element::text("CreateDate", timestamp(user.created)),
    ];
    if whole {
        elements.extend(boundary(user.boundary_arn.as_deref()));
        elements.extend(tags(&user.tags));
    }
    elements
}

/// A managed policy of an account's own.
pub(super) fn policy(account: &Account, arn: &str, managed: &ManagedPolicy) -> Vec<Element> {
    let (path, name) = split(arn);
    let roles = account.roles().map(|role| &role.attached);
    let users = account.users.values().map(|user| &user.attached);
    let attached = roles
        .chain(users)
        .filter(|attached| attached.iter().any(|one| one == arn))
        .count();
    let created = timestamp(managed.created);
    let mut elements = vec![
        Element::text("PolicyName", name),
        Element::text("PolicyId", managed.id.as_str()),
        Element::text("Arn", arn),
        Element::text("Path", path),
        Element::text("DefaultVersionId", "v1"),
        Element::text("AttachmentCount", attached.to_string()),
        Element::text("PermissionsBoundaryUsageCount", "0"),
        Element::text("IsAttachable", "true"),
        Element::text("CreateDate", created.as_str()),
        Element::text("UpdateDate", created),
    ];
    let description = managed.description.as_deref();
    elements.extend(description.map(|text| Element::text("Description", text)));
    elements
}

/// Path and name of a managed policy, by its ARN.
pub(super) fn split(arn: &str) -> (String, String) {
    let resource = arn.split_once(":policy").map_or("/", |(_, rest)| rest);
    let (path, name) = resource.rsplit_once('/').unwrap_or(("", resource));
    (format!("{path}/"), name.to_owned())
}

/// Tags, by their keys in order; nothing when there are none.
pub(super) fn tags(tags: &BTreeMap<String, String>) -> Option<Element> {
    let members: Vec<Element> = tags.iter().map(|(key, value)| tag(key, value)).collect();
    (!members.is_empty()).then_some(Element::Group("Tags", members))
}

/// One tag, as a member of a list.
pub(super) fn tag(key: &str, value: &str) -> Element {
    Element::Group(
        "member",
        vec![Element::text("Key", key), Element::text("Value", value)],
    )
}

fn boundary(arn: Option<&str>) -> Option<Element> {
    let arn = arn?;
    let parts = vec![
        Element::text("PermissionsBoundaryType", "Policy"),
        Element::text("PermissionsBoundaryArn", arn),
    ];
    Some(Element::Group("PermissionsBoundary", parts))
}
