//! Checking a signature with xmlsec1: a C program that shares no code with anything here.

use std::process::Command;

use vestibule_sandbox::idp::key::Key;

/// Whether xmlsec1 accepts the signature of the element at `path` with `key`.
pub(crate) fn accepts(xml: &str, path: &str, key: &Key) -> bool {
    let folder = std::env::temp_dir().join(format!(
        "vestibule-xmlsec-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::create_dir_all(&folder).unwrap();
    let (document, certificate) = (folder.join("response.xml"), folder.join("key.pem"));
    std::fs::write(&document, xml).unwrap();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        key.certificate_base64()
    );
    std::fs::write(&certificate, pem).unwrap();
    let output = Command::new("xmlsec1")
        .args(["--verify", "--enabled-key-data", "key-name"])
        .arg("--pubkey-cert-pem")
        .arg(&certificate)
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:protocol:Response",
        ])
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
        ])
        .args([
            "--node-xpath",
            &format!("{path}/*[local-name()='Signature']"),
        ])
        .arg(&document)
        .output()
        .expect("xmlsec1 is installed (apt-get install xmlsec1)");
    std::fs::remove_dir_all(&folder).unwrap();
    output.status.success()
}

pub(crate) const RESPONSE: &str = "/*";
pub(crate) const ASSERTION: &str = "/*/*[local-name()='Assertion']";
