//! What our own issuer makes, before both verifiers and the reader of metadata: it is as honest a provider as any.

use super::*;
use crate::idp::saml::metadata::Provider;
use crate::idp::saml::screen::screen;
use crate::idp::saml::signature::Verifiers;
use crate::issuer::testing::{Scratch, Words, grant, issuer, now, said};

#[tokio::test]
async fn both_verifiers_agree_on_what_our_issuer_signs() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let provider = Provider::read(&issuer.metadata().unwrap(), now()).unwrap();
    assert_eq!(
        provider.entity_id,
        "https://signin.example.com/issuer/saml/metadata"
    );
    assert!(provider.warnings.is_empty(), "{:?}", provider.warnings);
    let verifiers = Verifiers::new(&provider.keys).unwrap();
    let words = Words {
        tags: vec![("team & <co>".to_owned(), "R&D \"x\" ]]>".to_owned())],
        ..Words::default()
    };
    for role in ["prod/Saml", "gov/Saml"] {
        let text = said(
            &issuer,
            &grant(role, Some(at("2026-06-15T20:00:00Z"))),
            &words,
        )
        .await;
        let signed = verifiers.verify(&screen(&text).unwrap()).unwrap();
        assert!(signed.bytes.starts_with("<saml:Assertion"));
        assert!(signed.bytes.contains("PrincipalTag:team &amp; &lt;co>"));
        assert!(signed.bytes.contains("R&amp;D \"x\" ]]&gt;"));
    }
    let others = Provider::read(&metadata(&key_descriptor(None, &certificate("rsa"))), now());
    let others = Verifiers::new(&others.unwrap().keys).unwrap();
    let text = said(&issuer, &grant("prod/Saml", None), &words).await;
    assert!(others.verify(&screen(&text).unwrap()).is_err());
}
