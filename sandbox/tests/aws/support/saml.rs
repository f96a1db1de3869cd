//! SAML responses, signed by the `xmlsec1` command.
//!
//! The message is a template that a test changes before it is signed, or text it changes after.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use vestibule_sandbox::aws::identity::timestamp;

use super::{ACCOUNT, noon};

const PREFIX: &str = "https://aws.amazon.com/SAML/Attributes/";
pub(crate) const ISSUER: &str = "https://idp.example/metadata";
pub(crate) const RECIPIENT: &str = "https://console.example.com/saml/corp/acs";
pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub(crate) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// A key pair with its certificate, in files for the command.
pub(crate) struct Key {
    private: PathBuf,
    certificate: String,
}

impl Key {
    /// The provider's key.
    pub(crate) fn provider() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::make("provider", &["-newkey", "rsa:2048"]))
    }

    /// A second key of the provider, for rolling over.
    pub(crate) fn next() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::make("next", &["-newkey", "rsa:2048"]))
    }

    /// A key of nobody's.
    pub(crate) fn stranger() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::make("stranger", &["-newkey", "rsa:2048"]))
    }

    /// A key that is too short.
    pub(crate) fn short() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::make("short", &["-newkey", "rsa:1000"]))
    }

    /// A key that is just long enough.
    pub(crate) fn least() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::make("least", &["-newkey", "rsa:1024"]))
    }

    /// A key on an elliptic curve.
    pub(crate) fn curve() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        let kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
        KEY.get_or_init(|| Self::make("curve", &kind))
    }

    /// The certificate, in the letters of metadata.
    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }

    fn make(name: &str, kind: &[&str]) -> Self {
        let folder = folder();
        let private = folder.join(format!("{name}.key"));
        let certificate = folder.join(format!("{name}.crt"));
        let mut command = Command::new("openssl");
        command
            .args([
                "req", "-x509", "-nodes", "-days", "3650", "-subj", "/CN=idp",
            ])
            .args(kind);
        command
            .arg("-keyout")
            .arg(&private)
            .arg("-out")
            .arg(&certificate);
        assert!(command.output().unwrap().status.success());
        let certificate = std::fs::read_to_string(certificate).unwrap();
        let certificate = certificate
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect();
        Self {
            private,
            certificate,
        }
    }
}

/// The metadata document of a provider with these keys.
pub(crate) fn metadata(keys: &[&Key]) -> String {
    let mut descriptors = String::new();
    for key in keys {
        descriptors.extend([
            "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>",
            &key.certificate,
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        ]);
    }
    format!(
        "<?xml version=\"1.0\"?><md:EntityDescriptor \
         xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{ISSUER}\">\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         {descriptors}<md:SingleSignOnService Location=\"https://idp.example/sso\" \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\"/>\
         </md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

/// Which elements are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    None,
    Assertion,
    Response,
    Both,
}

/// A response before it is signed.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) level: Level,
    pub(crate) issuer: String,
    pub(crate) status: &'static str,
    pub(crate) issued: DateTime<Utc>,
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) conditions_end: DateTime<Utc>,
    pub(crate) confirmation_end: DateTime<Utc>,
    pub(crate) session_end: Option<DateTime<Utc>>,
    pub(crate) audiences: Vec<&'static str>,
    pub(crate) name_id: &'static str,
    pub(crate) attributes: Vec<(String, Vec<String>)>,
    pub(crate) signature_method: &'static str,
    pub(crate) digest_method: &'static str,
}

impl Message {
    /// A response that AWS takes for the role `Saml` through the provider `corp`.
    pub(crate) fn honest() -> Self {
        let end = noon() + TimeDelta::minutes(5);
        let mut message = Self {
            level: Level::Assertion,
            issuer: ISSUER.to_owned(),
            status: "urn:oasis:names:tc:SAML:2.0:status:Success",
            issued: noon(),
            not_before: noon() - TimeDelta::minutes(1),
            conditions_end: end,
            confirmation_end: end,
            session_end: None,
            audiences: vec!["urn:amazon:webservices"],
            name_id: "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">\
                      ada</saml:NameID>",
            attributes: Vec::new(),
            signature_method: RSA_SHA256,
            digest_method: SHA256,
        };
        message.set(
            "Role",
            &[&format!("{},{}", role_arn("Saml"), provider_arn())],
        );
        message.set("RoleSessionName", &["ada@example.com"]);
        message
    }

    /// Sets one of AWS's attributes; no values remove it.
    pub(crate) fn set(&mut self, name: &str, values: &[&str]) {
        let name = format!("{PREFIX}{name}");
        self.attributes.retain(|(known, _)| *known != name);
        if !values.is_empty() {
            self.add(&name, values);
        }
    }

    /// Adds an attribute by its full name.
    pub(crate) fn add(&mut self, name: &str, values: &[&str]) {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.attributes.push((name.to_owned(), values));
    }

    /// The message as XML with the signatures still empty.
    pub(crate) fn template(&self) -> String {
        let signed = |level| self.level == level || self.level == Level::Both;
        let response = if signed(Level::Response) {
            self.signature("_response")
        } else {
            String::new()
        };
        let assertion = if signed(Level::Assertion) {
            self.signature("_assertion")
        } else {
            String::new()
        };
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_response\" Version=\"2.0\" \
             IssueInstant=\"{issued}\" Destination=\"{RECIPIENT}\"><saml:Issuer>{issuer}</saml:Issuer>\
             {response}<samlp:Status><samlp:StatusCode Value=\"{status}\"/></samlp:Status>\
             <saml:Assertion ID=\"_assertion\" Version=\"2.0\" IssueInstant=\"{issued}\">\
             <saml:Issuer>{issuer}</saml:Issuer>{assertion}{body}</saml:Assertion></samlp:Response>",
            issued = timestamp(self.issued),
            issuer = self.issuer,
            status = self.status,
            body = self.body(),
        )
    }

    fn body(&self) -> String {
        let mut audiences = String::new();
        for audience in &self.audiences {
            audiences.extend(["<saml:Audience>", audience, "</saml:Audience>"]);
        }
        let mut attributes = String::new();
        for (name, values) in &self.attributes {
            attributes.extend(["<saml:Attribute Name=\"", name, "\">"]);
            for value in values {
                attributes.extend(["<saml:AttributeValue>", value, "</saml:AttributeValue>"]);
            }
            attributes.push_str("</saml:Attribute>");
        }
        let session_end = self.session_end.map(timestamp);
        let session_end = session_end.map(|end| format!(" SessionNotOnOrAfter=\"{end}\""));
        format!(
            "<saml:Subject>{name_id}<saml:SubjectConfirmation \
             Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData \
             NotOnOrAfter=\"{confirmation_end}\" Recipient=\"{RECIPIENT}\"/></saml:SubjectConfirmation>\
             </saml:Subject><saml:Conditions NotBefore=\"{not_before}\" \
             NotOnOrAfter=\"{conditions_end}\"><saml:AudienceRestriction>{audiences}\
             </saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement \
             AuthnInstant=\"{issued}\"{session_end}><saml:AuthnContext><saml:AuthnContextClassRef>\
             urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>\
             </saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}\
             </saml:AttributeStatement>",
            name_id = self.name_id,
            confirmation_end = timestamp(self.confirmation_end),
            not_before = timestamp(self.not_before),
            conditions_end = timestamp(self.conditions_end),
            issued = timestamp(self.issued),
            session_end = session_end.unwrap_or_default(),
        )
    }

    fn signature(&self, id: &str) -> String {
        format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
             <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
             <ds:SignatureMethod Algorithm=\"{}\"/><ds:Reference URI=\"#{id}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
             <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>\
             <ds:DigestMethod Algorithm=\"{}\"/><ds:DigestValue></ds:DigestValue></ds:Reference>\
             </ds:SignedInfo><ds:SignatureValue></ds:SignatureValue></ds:Signature>",
            self.signature_method, self.digest_method,
        )
    }

    /// The message signed with the provider's key.
    pub(crate) fn signed(&self) -> String {
        self.signed_by(Key::provider())
    }

    /// The message signed with some key, innermost first.
    pub(crate) fn signed_by(&self, key: &Key) -> String {
        sign(&self.template(), self.level, key)
    }
}

/// Replaces the signature of a signed message by one of RSA-PSS over the same digest, which the
/// command does not make.
pub(crate) fn with_pss(signed: &str, key: &Key) -> String {
    let method = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
    let text = signed.replacen(RSA_SHA256, method, 1);
    let (before, rest) = text.split_once("<ds:SignedInfo>").unwrap();
    let (info, rest) = rest.split_once("</ds:SignedInfo>").unwrap();
    let (between, rest) = rest.split_once("<ds:SignatureValue>").unwrap();
    let (_, after) = rest.split_once("</ds:SignatureValue>").unwrap();
    let empty = regex::Regex::new("<(ds:[A-Za-z]+)([^>]*)/>").unwrap();
    let canonical = format!(
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{}</ds:SignedInfo>",
        empty.replace_all(info, "<$1$2></$1>")
    );
    let value = STANDARD.encode(openssl_pss(&canonical, key));
    format!(
        "{before}<ds:SignedInfo>{info}</ds:SignedInfo>{between}\
         <ds:SignatureValue>{value}</ds:SignatureValue>{after}"
    )
}

fn openssl_pss(text: &str, key: &Key) -> Vec<u8> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let input = folder().join(format!("{number}.pss"));
    std::fs::write(&input, text).unwrap();
    let mut command = Command::new("openssl");
    command.args(["dgst", "-sha256", "-binary", "-sign"]);
    command.arg(&key.private);
    command.args(["-sigopt", "rsa_padding_mode:pss"]);
    command.args(["-sigopt", "rsa_pss_saltlen:digest"]);
    let done = command.arg(&input).output().unwrap();
    assert!(done.status.success());
    done.stdout
}

/// Fills in the empty signatures of a template, the assertion's before the response's.
pub(crate) fn sign(template: &str, level: Level, key: &Key) -> String {
    let mut text = template.to_owned();
    let inner = "//*[local-name()='Assertion']/*[local-name()='Signature']";
    let outer = "/*[local-name()='Response']/*[local-name()='Signature']";
    for (wanted, path) in [(Level::Assertion, inner), (Level::Response, outer)] {
        if level == wanted || level == Level::Both {
            text = xmlsec(&text, path, key);
        }
    }
    text
}

fn xmlsec(text: &str, path: &str, key: &Key) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let input = folder().join(format!("{number}.in.xml"));
    let output = folder().join(format!("{number}.out.xml"));
    std::fs::write(&input, text).unwrap();
    let mut command = Command::new("xmlsec1");
    command.args(["--sign", "--privkey-pem"]).arg(&key.private);
    command.args([
        "--id-attr:ID",
        "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
    ]);
    command.args([
        "--id-attr:ID",
        "urn:oasis:names:tc:SAML:2.0:protocol:Response",
    ]);
    command
        .args(["--node-xpath", path, "--output"])
        .arg(&output)
        .arg(&input);
    let done = command.output().unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    std::fs::read_to_string(output).unwrap()
}

pub(crate) fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

pub(crate) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

pub(crate) fn provider_arn() -> String {
    format!("arn:aws:iam::{ACCOUNT}:saml-provider/corp")
}

/// A folder of this test process's own.
fn folder() -> PathBuf {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("saml-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
