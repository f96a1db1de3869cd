//! Metadata as identity providers and as attackers write it.

use super::*;
use crate::domain::partition::Partitions;
use crate::idp::saml::testing::{
    ACS, ENTITY_ID, ISSUER, at, certificate, config, edit, identity_provider, key_descriptor,
    metadata, now,
};
use crate::idp::saml::{MetadataError, ServiceProvider};

fn read(text: &str) -> Result<Provider, MetadataError> {
    Provider::read(text, now())
}

fn honest() -> String {
    metadata(&key_descriptor(Some("signing"), &certificate("rsa")))
}

fn with_keys(keys: &[(Option<&str>, &str)]) -> Result<Provider, MetadataError> {
    let descriptors: String = keys
        .iter()
        .map(|(purpose, name)| key_descriptor(*purpose, &certificate(name)))
        .collect();
    read(&metadata(&descriptors))
}

#[test]
fn an_identity_provider_is_read_with_its_keys_and_address() {
    let provider = read(&honest()).unwrap();
    assert_eq!(provider.entity_id, ISSUER);
    assert_eq!(
        provider.location.as_str(),
        "https://idp.example.com/sso?tenant=1"
    );
    assert_eq!(provider.keys.len(), 1);
    assert_eq!(provider.valid_until, None);
    assert_eq!(provider.warnings, []);
}

#[test]
fn what_real_metadata_is_full_of_does_no_harm() {
    let text = edit(
        &honest(),
        "<md:IDPSSODescriptor ",
        "<!-- x --><md:Extensions><x:y xmlns:x=\"urn:x\">&amp;<![CDATA[z]]></x:y></md:Extensions><md:RoleDescriptor protocolSupportEnumeration=\"urn:x\"><md:KeyDescriptor use=\"signing\"/></md:RoleDescriptor><md:IDPSSODescriptor ",
    );
    let text = format!(
        "<?xml version=\"1.0\"?>\n{}",
        edit(
            &text,
            "<ds:X509Certificate>MII",
            "<ds:X509Certificate>\n MI&#13;\n<!-- x -->I"
        )
    );
    assert_eq!(read(&text).unwrap().keys.len(), 1);
}

#[test]
fn among_several_entities_the_one_identity_provider_is_meant() {
    let other = "<md:EntityDescriptor entityID=\"urn:sp\"><md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"/></md:EntityDescriptor>";
    let wrap = |content: &str| {
        format!(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"><md:EntitiesDescriptor>{content}</md:EntitiesDescriptor></md:EntitiesDescriptor>"
        )
    };
    assert_eq!(
        read(&wrap(&format!("{other}{}{other}", honest())))
            .unwrap()
            .entity_id,
        ISSUER
    );
    let several = wrap(&format!("{}{}", honest(), honest()));
    assert!(matches!(
        read(&several),
        Err(MetadataError::SeveralProviders { count: 2 })
    ));
    assert!(matches!(read(&wrap(other)), Err(MetadataError::NoProvider)));
    let saml1 = edit(&honest(), "SAML:2.0:protocol", "SAML:1.1:protocol");
    assert!(matches!(read(&saml1), Err(MetadataError::NoProvider)));
    let foreign = edit(
        &honest(),
        "xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"",
        "xmlns:md=\"urn:twin\"",
    );
    assert!(matches!(read(&foreign), Err(MetadataError::NoProvider)));
}

#[test]
fn valid_until_is_enforced_on_every_level() {
    for (target, place) in [
        (" entityID=", "entity"),
        (" protocolSupportEnumeration=", "role"),
    ] {
        let until = |time: &str| {
            read(&edit(
                &honest(),
                target,
                &format!(" validUntil=\"{time}\"{target}"),
            ))
        };
        assert!(
            matches!(
                until("2020-01-01T00:00:00Z"),
                Err(MetadataError::Expired(_))
            ),
            "{place}"
        );
        assert!(
            matches!(
                until("2026-06-15T12:00:00Z"),
                Err(MetadataError::Expired(_))
            ),
            "{place}"
        );
        assert!(
            matches!(until("soon"), Err(MetadataError::ValidUntil)),
            "{place}"
        );
        assert!(
            matches!(until("2027-01-01T00:00:00"), Err(MetadataError::ValidUntil)),
            "{place}"
        );
        let good = until("2027-01-01T01:00:00+01:00").unwrap();
        assert_eq!(
            good.valid_until,
            Some(at("2027-01-01T00:00:00Z")),
            "{place}"
        );
        assert!(matches!(
            until("2026-06-20T00:00:00Z").unwrap().warnings[..],
            [MetadataWarning::ExpiresSoon(_)]
        ));
    }
    let outer = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" validUntil=\"2020-01-01T00:00:00Z\">{}</md:EntitiesDescriptor>",
        edit(
            &honest(),
            " entityID=",
            " validUntil=\"2030-01-01T00:00:00Z\" entityID="
        )
    );
    assert!(matches!(read(&outer), Err(MetadataError::Expired(_))));
}

#[test]
fn keys_for_encryption_never_sign() {
    assert!(matches!(
        with_keys(&[(Some("encryption"), "rsa")]),
        Err(MetadataError::NoSigningCertificate(_))
    ));
    assert!(matches!(
        with_keys(&[(Some("other"), "rsa")]),
        Err(MetadataError::NoSigningCertificate(_))
    ));
    assert!(matches!(
        with_keys(&[]),
        Err(MetadataError::NoSigningCertificate(_))
    ));
    let both = with_keys(&[
        (Some("encryption"), "stranger"),
        (None, "rsa"),
        (None, "ec"),
    ])
    .unwrap();
    assert_eq!(both.keys.len(), 2);
    let explicit = with_keys(&[(None, "stranger"), (Some("signing"), "rsa")]).unwrap();
    assert_eq!(explicit.keys.len(), 1);
    assert_eq!(
        explicit.keys[0].der,
        with_keys(&[(None, "rsa")]).unwrap().keys[0].der
    );
}

#[test]
fn a_key_of_another_role_or_place_is_no_key_of_the_provider() {
    let key = key_descriptor(Some("signing"), &certificate("stranger"));
    let role = format!(
        "<md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{key}</md:SPSSODescriptor></md:EntityDescriptor>"
    );
    let text = edit(&honest(), "</md:EntityDescriptor>", &role);
    assert_eq!(read(&text).unwrap().keys.len(), 1);
    let extension = format!("<md:Extensions>{key}</md:Extensions><md:KeyDescriptor ");
    assert_eq!(
        read(&edit(&honest(), "<md:KeyDescriptor ", &extension))
            .unwrap()
            .keys
            .len(),
        1
    );
}

#[test]
fn several_keys_are_for_rollover_and_each_counts_once() {
    let keys = with_keys(&[
        (Some("signing"), "rsa"),
        (Some("signing"), "ec-384"),
        (Some("signing"), "rsa"),
    ])
    .unwrap();
    assert_eq!(keys.keys.len(), 2);
}

#[test]
fn of_a_chain_only_the_first_certificate_signs() {
    let chain = format!(
        "{}</ds:X509Certificate><ds:X509Certificate>{}",
        certificate("rsa"),
        certificate("stranger")
    );
    let provider = read(&metadata(&key_descriptor(None, &chain))).unwrap();
    assert_eq!(provider.keys.len(), 1);
    assert_eq!(provider.keys[0].der, read(&honest()).unwrap().keys[0].der);
}

#[test]
fn weak_and_unknown_keys_are_named() {
    for (name, reason) in [
        ("rsa-1024", "fewer than 2048 bits"),
        ("ec-521", "neither on P-256 nor on P-384"),
    ] {
        let error = with_keys(&[(Some("signing"), name)])
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{error}");
        let beside = with_keys(&[(Some("signing"), name), (Some("signing"), "rsa")]).unwrap();
        assert_eq!(beside.keys.len(), 1);
        assert!(beside.warnings[0].to_string().contains(reason));
    }
    for junk in ["", "not base64!", "AAAA"] {
        let error = read(&metadata(&key_descriptor(None, junk)));
        assert!(
            matches!(error, Err(MetadataError::NoSigningCertificate(_))),
            "{junk}"
        );
    }
    let bare = read(&metadata(
        "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo></md:KeyDescriptor>",
    ));
    assert!(
        bare.unwrap_err()
            .to_string()
            .contains("without certificate")
    );
}

#[test]
fn an_expired_certificate_is_reported_and_its_key_kept() {
    let provider = with_keys(&[(Some("signing"), "rsa-expired")]).unwrap();
    assert_eq!(provider.keys.len(), 1);
    let [
        MetadataWarning::CertificateExpired {
            fingerprint,
            at: end,
        },
    ] = &provider.warnings[..]
    else {
        panic!("one warning: {:?}", provider.warnings);
    };
    assert_eq!(*end, at("2021-01-01T00:00:00Z"));
    assert_eq!(fingerprint.len(), 23);
}

#[test]
fn people_are_sent_over_https_only() {
    let location = |url: &str| {
        read(&edit(
            &honest(),
            "https://idp.example.com/sso?tenant=1",
            url,
        ))
    };
    for good in [
        "https://idp.example.com/",
        "http://127.0.0.1:8080/sso",
        "http://[::1]/sso",
        "http://localhost:1/sso",
    ] {
        assert!(location(good).is_ok(), "{good}");
    }
    for bad in [
        "http://idp.example.com/sso",
        "javascript:alert(1)",
        "http://169.254.169.254/",
        "ftp://idp.example.com/",
        "/sso",
        "",
        "https://user@idp.example.com/",
        "https://user:pw@idp.example.com/",
        "https://idp.example.com/#x",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "data:text/html,x",
    ] {
        assert!(
            matches!(location(bad), Err(MetadataError::Location)),
            "{bad}"
        );
    }
    let none = edit(&honest(), "bindings:HTTP-Redirect", "bindings:SOAP");
    assert!(matches!(read(&none), Err(MetadataError::NoRedirect)));
}

#[test]
fn an_entity_has_a_name() {
    assert!(matches!(
        read(&edit(&honest(), ISSUER, "")),
        Err(MetadataError::EntityId)
    ));
    assert!(matches!(
        read(&edit(&honest(), ISSUER, &"x".repeat(1025))),
        Err(MetadataError::EntityId)
    ));
    assert_eq!(
        read(&edit(&honest(), ISSUER, "urn:a&amp;b"))
            .unwrap()
            .entity_id,
        "urn:a&b"
    );
}

#[test]
fn hostile_documents_end_in_an_error() {
    let huge = format!("<md:EntityDescriptor>{}", " ".repeat(1_048_577));
    assert!(matches!(read(&huge), Err(MetadataError::TooLarge)));
    let deep = "<x>".repeat(100_000);
    assert!(matches!(read(&deep), Err(MetadataError::TooDeep)));
    for text in [
        format!(
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{}",
            honest()
        ),
        format!("<!doctype x>{}", honest()),
    ] {
        assert!(
            matches!(read(&text), Err(MetadataError::DocumentType)),
            "{text}"
        );
    }
    for text in [
        "",
        "x",
        "<",
        "<a",
        "<a></b>",
        "<a>&e;</a>",
        "<a b=\"&e;\"",
        "{}",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    assert!(matches!(
        read(&edit(&honest(), "</md:EntityDescriptor>", "")),
        Err(MetadataError::NotXml { .. })
    ));
    assert!(matches!(
        read(&edit(&honest(), ISSUER, "&e;")),
        Err(MetadataError::NotXml { .. })
    ));
}

#[test]
fn our_metadata_says_who_we_are_and_has_no_key() {
    let mut saml = config(&["rsa"]);
    saml.entity_id = "urn:a&b<c>".to_owned();
    let provider =
        ServiceProvider::new(&identity_provider(saml), &Partitions::default(), now()).unwrap();
    let own = provider.metadata();
    assert!(own.contains("entityID=\"urn:a&amp;b&lt;c&gt;\""));
    assert!(own.contains(&format!("Location=\"{ACS}\"")));
    assert!(own.contains("WantAssertionsSigned=\"true\""));
    assert!(!own.contains("KeyDescriptor"));
    assert!(!own.contains(ENTITY_ID));
}

#[test]
fn a_provider_of_another_kind_is_refused() {
    use crate::config::{IdpKind, OidcConfig};
    let mut other = identity_provider(config(&["rsa"]));
    other.kind = IdpKind::Oidc(OidcConfig {
        issuer: String::new(),
        client_id: String::new(),
        client_secret: None,
        scopes: Vec::new(),
        redirect_uri: ACS.parse().unwrap(),
        algorithms: Vec::new(),
        userinfo: false,
        leeway_seconds: 60,
        authorities: Vec::new(),
    });
    assert!(matches!(
        ServiceProvider::new(&other, &Partitions::default(), now()),
        Err(MetadataError::Kind)
    ));
}
