//! For whom an assertion is meant.
//!
//! SAML core §2.5.1.4: each restriction must be met, and one is met by any of its audiences. Compared exactly.

use crate::domain::partition::Partitions;
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

/// Whether the assertion is meant for AWS as well, so that STS would take it: one of its audiences is AWS's own in
/// some partition, or one that the configuration accepts for forwarding.
pub(super) fn names_aws(
    restrictions: &[Vec<String>],
    partitions: &Partitions,
    forwarding: &[String],
) -> bool {
    restrictions.iter().flatten().any(|audience| {
        forwarding.contains(audience) || partitions.iter().any(|p| p.is_saml_audience(audience))
    })
}

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
    fn aws_is_known_in_its_partitions_and_where_the_configuration_says_so() {
        let partitions = Partitions::default();
        let own = ["https://signin.moon.example/saml".to_owned()];
        let aws =
            |audience: &str| names_aws(&restrictions(&[&["us"], &[audience]]), &partitions, &own);
        for good in [
            "urn:amazon:webservices",
            "https://signin.aws.amazon.com/saml#2",
            "https://signin.amazonaws-us-gov.com/saml",
            "https://signin.moon.example/saml",
        ] {
            assert!(aws(good), "{good}");
        }
        for other in [
            "us",
            "urn:amazon:webservicesx",
            "https://signin.aws.amazon.com.evil.example/saml",
        ] {
            assert!(!aws(other), "{other}");
        }
    }
}
