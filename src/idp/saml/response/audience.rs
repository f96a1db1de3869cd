//! For whom an assertion is meant.
//!
//! SAML core §2.5.1.4: each restriction must be met, and one is met by any of its audiences. Compared exactly.

use crate::idp::saml::Error;

/// Whether all `restrictions`, and at least one, name an audience that `is_ours`.
pub(super) fn check(
    restrictions: &[Vec<String>],
    is_ours: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    if restrictions.is_empty() {
        return Err(Error::Audience("there is no restriction"));
    }
    let all = restrictions
        .iter()
        .all(|audiences| audiences.iter().any(|audience| is_ours(audience)));
    all.then_some(()).ok_or(Error::Audience("it names others"))
}

/// Whether the assertion is meant for AWS as well, so that STS would take it.
pub(super) fn names_aws(restrictions: &[Vec<String>]) -> bool {
    restrictions
        .iter()
        .flatten()
        .any(|audience| is_aws(audience))
}

fn is_aws(audience: &str) -> bool {
    if audience == "urn:amazon:webservices" || audience.starts_with("urn:amazon:webservices:") {
        return true;
    }
    let Some(host) = audience.strip_prefix("https://") else {
        return false;
    };
    // Entra tells several applications apart by a number after `#`
    let Some((host, "saml")) = host.split('#').next().and_then(|url| url.split_once('/')) else {
        return false;
    };
    SIGNIN_HOSTS.iter().any(|signin| {
        host == *signin
            || host
                .strip_suffix(signin)
                .is_some_and(|region| region.ends_with('.'))
    })
}

/// The sign-in hosts of the public partitions; regional ones have the region in front.
const SIGNIN_HOSTS: [&str; 4] = [
    "signin.aws.amazon.com",
    "signin.amazonaws.cn",
    "signin.amazonaws-us-gov.com",
    "signin.amazonaws-eusc.eu",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn restrictions(lists: &[&[&str]]) -> Vec<Vec<String>> {
        lists
            .iter()
            .map(|list| list.iter().map(|text| (*text).to_owned()).collect())
            .collect()
    }

    #[test]
    fn every_restriction_must_name_us() {
        let ours = |audience: &str| audience == "us";
        assert!(check(&restrictions(&[&["us"]]), ours).is_ok());
        assert!(check(&restrictions(&[&["them", "us"], &["us"]]), ours).is_ok());
        for bad in [
            &[][..],
            &[&[][..]][..],
            &[&["them"][..]][..],
            &[&["us"][..], &["them"][..]][..],
            &[&["us "][..]][..],
            &[&["US"][..]][..],
            &[&["us/"][..]][..],
        ] {
            assert!(check(&restrictions(bad), ours).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn aws_is_known_in_its_partitions() {
        for aws in [
            "urn:amazon:webservices",
            "urn:amazon:webservices:govcloud",
            "https://signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com/saml#2",
            "https://eu-west-1.signin.aws.amazon.com/saml",
            "https://signin.amazonaws-us-gov.com/saml",
            "https://signin.amazonaws.cn/saml",
        ] {
            assert!(is_aws(aws), "{aws}");
        }
        for other in [
            "urn:amazon:webservicesx",
            "http://signin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com/",
            "https://signin.aws.amazon.com.evil.example/saml",
            "https://evilsignin.aws.amazon.com/saml",
            "https://signin.aws.amazon.com/saml/acs",
        ] {
            assert!(!is_aws(other), "{other}");
        }
    }
}
