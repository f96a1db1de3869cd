//! What AWS will read in the response, if it is forwarded.
//!
//! AWS names its attributes `https://aws.amazon.com/SAML/Attributes/…`. To Vestibule they grant nothing: they tell
//! which session name and which roles STS will take from this very response.

use secrecy::SecretString;

use crate::domain::credentials::{ForwardedProof, ForwardedSaml};
use crate::domain::identity::Attributes;

/// The response as a proof for STS.
pub(super) fn proof(response: SecretString, attributes: &Attributes) -> ForwardedProof {
    let duration = only(attributes, "SessionDuration").and_then(|text| text.parse().ok());
    ForwardedProof::Saml(ForwardedSaml {
        response,
        role_session_name: only(attributes, "RoleSessionName").map(str::to_owned),
        source_identity: only(attributes, "SourceIdentity").map(str::to_owned),
        roles: values(attributes, "Role")
            .iter()
            .filter_map(|value| pair(value))
            .collect(),
        session_duration: duration.filter(|seconds| (900..=43_200).contains(seconds)),
    })
}

fn values<'a>(attributes: &'a Attributes, name: &str) -> &'a [String] {
    let full = format!("https://aws.amazon.com/SAML/Attributes/{name}");
    attributes.get(&full).map_or(&[], Vec::as_slice)
}

/// The value of an attribute that AWS takes only with one.
fn only<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    match values(attributes, name) {
        [one] => Some(one),
        _ => None,
    }
}

/// Role ARN and provider ARN, in whichever order they were written.
fn pair(value: &str) -> Option<(String, String)> {
    let (first, second) = value.split_once(',')?;
    let (first, second) = (first.trim(), second.trim());
    let is_role = |arn: &str| arn.starts_with("arn:") && arn.contains(":role/");
    let is_provider = |arn: &str| {
        arn.starts_with("arn:") && arn.contains(":saml-provider/") && !arn.contains(',')
    };
    if is_role(first) && is_provider(second) {
        Some((first.to_owned(), second.to_owned()))
    } else if is_provider(first) && is_role(second) {
        Some((second.to_owned(), first.to_owned()))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::111122223333:role/team/ReadOnly";
    const PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/corp";

    fn attributes(pairs: &[(&str, &[&str])]) -> Attributes {
        pairs
            .iter()
            .map(|(name, values)| {
                let name = format!("https://aws.amazon.com/SAML/Attributes/{name}");
                (name, values.iter().map(|v| (*v).to_owned()).collect())
            })
            .collect()
    }

    fn read(attributes: &Attributes) -> ForwardedSaml {
        match proof(SecretString::from("cmVzcG9uc2U="), attributes) {
            ForwardedProof::Saml(saml) => saml,
            ForwardedProof::IdToken(_) => panic!("a SAML proof"),
        }
    }

    #[test]
    fn either_order_of_role_and_provider_is_read() {
        let one = format!("{ROLE},{PROVIDER}");
        let other = format!("{PROVIDER}, {ROLE}");
        let saml = read(&attributes(&[("Role", &[&one, &other, "junk", ROLE])]));
        let expected = (ROLE.to_owned(), PROVIDER.to_owned());
        assert_eq!(saml.roles, [expected.clone(), expected]);
    }

    #[test]
    fn what_aws_takes_once_counts_only_alone_and_within_its_limits() {
        let saml = read(&attributes(&[
            ("RoleSessionName", &["alice@example.com"]),
            ("SourceIdentity", &["a", "b"]),
            ("SessionDuration", &["3600"]),
        ]));
        assert_eq!(saml.role_session_name.as_deref(), Some("alice@example.com"));
        assert_eq!(saml.source_identity, None);
        assert_eq!(saml.session_duration, Some(3600));
        for bad in ["899", "43201", "-1", "1h", ""] {
            assert_eq!(
                read(&attributes(&[("SessionDuration", &[bad])])).session_duration,
                None
            );
        }
    }
}
