//! Properties over many documents; `make long` runs a million.
//!
//! Whatever happens to a signed response on its way, what comes out is what was signed, or nothing. And whatever an
//! honest provider's serialiser does, both verifiers see the same bytes.

use std::sync::LazyLock;

use bergshamra::{DsigContext, KeysManager};
use proptest::prelude::*;
use proptest::sample::select;

use super::super::testing::*;
use super::super::{Error, ServiceProvider};

static PROVIDER: LazyLock<ServiceProvider> = LazyLock::new(|| service_provider(&["rsa"]));
static SIGNED: LazyLock<Vec<String>> = LazyLock::new(|| {
    [Level::Assertion, Level::Response, Level::Both]
        .into_iter()
        .map(|level| sign(&template(level), level, "rsa"))
        .collect()
});
static SIGNER: LazyLock<DsigContext> = LazyLock::new(|| {
    let pem = std::fs::read(fixture("rsa.key.pem")).unwrap();
    let mut keys = KeysManager::new();
    keys.add_key(bergshamra::keys::loader::load_pem_auto(&pem, None).unwrap());
    DsigContext::new(keys)
});

/// One thing that may happen to a document, at a place given in thousandths of its length.
#[derive(Debug, Clone)]
enum Mutation {
    Insert(usize, &'static str),
    Replace(usize, u8),
    Delete(usize, usize),
    Copy(usize, usize, usize),
    CopyTag(usize, usize),
    Rename(&'static str, &'static str),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = 0..10_000_usize;
    let pieces = select(vec![
        "<!---->",
        "<![CDATA[",
        "]]>",
        "<?x?>",
        "&#x20;",
        "&amp;",
        " ",
        "\n",
        "\r",
        "\t",
        "admin",
        "<saml:NameID>admin</saml:NameID>",
        "<saml:Assertion ID=\"_b\"/>",
        " ID=\"_a\"",
        " xmlns=\"urn:x\"",
        " xmlns:saml=\"urn:x\"",
        "<x xmlns=\"urn:x\"/>",
        "\u{85}",
        "\0",
        "'",
        "\"",
        ">",
        "<",
        "/",
        "<saml:AttributeValue>admins</saml:AttributeValue>",
        "<!DOCTYPE x>",
        " xml:id=\"_a\"",
        "\u{feff}",
    ]);
    let names = select(vec![
        ("saml:", "samlp:"),
        ("ID=", "Id="),
        ("_a", "_r"),
        ("alice", "admin"),
        ("Assertion", "Response"),
        ("sha256", "sha1"),
        ("#_a", ""),
        ("12:04", "13:04"),
        ("exc-c14n#", "exc-c14n#WithComments"),
        ("groups", "admins"),
        ("NameID", "Issuer"),
        ("2.0:assertion", "2.0:protocol"),
    ]);
    prop_oneof![
        (place.clone(), pieces).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        (place.clone(), any::<u8>()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        (place.clone(), 1..200_usize).prop_map(|(at, length)| Mutation::Delete(at, length)),
        (place.clone(), 1..400_usize, place.clone())
            .prop_map(|(from, length, to)| Mutation::Copy(from, length, to)),
        (place.clone(), place).prop_map(|(from, to)| Mutation::CopyTag(from, to)),
        names.prop_map(|(from, to)| Mutation::Rename(from, to)),
    ]
}

fn apply(text: &mut Vec<u8>, mutation: &Mutation) {
    let scale = |thousandths: usize, text: &[u8]| thousandths * text.len() / 10_000;
    match *mutation {
        Mutation::Insert(at, piece) => {
            let at = scale(at, text);
            text.splice(at..at, piece.bytes());
        }
        Mutation::Replace(at, byte) => {
            let at = scale(at, text);
            text.splice(at..at + usize::from(at < text.len()), [byte]);
        }
        Mutation::Delete(at, length) => {
            let at = scale(at, text);
            let end = (at + length).min(text.len());
            text.drain(at..end);
        }
        Mutation::Copy(from, length, to) => {
            let from = scale(from, text);
            let piece = text[from..(from + length).min(text.len())].to_vec();
            let to = scale(to, text);
            text.splice(to..to, piece);
        }
        Mutation::CopyTag(from, to) => {
            let next =
                |at: usize, byte: u8| text[at..].iter().position(|b| *b == byte).map(|n| at + n);
            let start = next(scale(from, text), b'<');
            let end = start.and_then(|start| next(start, b'>'));
            let to = next(scale(to, text), b'<');
            if let (Some(start), Some(end), Some(to)) = (start, end, to) {
                let piece = text[start..=end].to_vec();
                text.splice(to..to, piece);
            }
        }
        Mutation::Rename(from, to) => {
            *text = String::from_utf8_lossy(text)
                .replacen(from, to, 1)
                .into_bytes();
        }
    }
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(256, 1_000_000))]

    #[test]
    fn a_mutated_response_is_refused_or_says_what_was_signed(
        which in 0..3_usize,
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        use base64::Engine as _;
        let mut text = SIGNED[which].clone().into_bytes();
        for mutation in &mutations {
            apply(&mut text, mutation);
        }
        let field = base64::engine::general_purpose::STANDARD.encode(&text);
        if let Ok(verified) = PROVIDER.verify(&field, &challenge(), now()) {
            let identity = verified.identity();
            prop_assert_eq!(&identity.subject.value, "alice@example.com");
            prop_assert_eq!(identity.values("groups"), ["engineers", "R&D  team"]);
            prop_assert_eq!(identity.attributes.len(), 2);
            prop_assert_eq!(&verified.once().id, "_a");
        }
    }

    #[test]
    fn any_bytes_end_in_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..2_000), text in "\\PC{0,200}") {
        use base64::Engine as _;
        let field = base64::engine::general_purpose::STANDARD.encode(&bytes);
        prop_assert!(PROVIDER.verify(&field, &challenge(), now()).is_err());
        prop_assert!(PROVIDER.verify(&text, &challenge(), now()).is_err());
    }

}

proptest! {
    #![proptest_config(crate::domain::properties::cases(256, 100_000))]

    #[test]
    fn both_verifiers_see_the_same_bytes_of_an_honest_document(
        level in select(vec![Level::Assertion, Level::Response]),
        gap in "[ \t\r\n]{0,3}",
        // those that the document declares for something else would make it another document
        prefixes in ("[a-z][a-z0-9_.-]{0,4}".prop_filter("taken", |prefix| {
            !["xs", "xsi", "ds", "ec"].contains(&prefix.as_str())
                && !prefix.starts_with("xml")
                && !prefix.ends_with('x')
        }), "[A-Z][a-z]{0,3}"),
        declarations in prop::collection::btree_map("[b-wz][a-z]{0,2}x", "urn:[a-z]{1,5}", 0..4),
        list in prop::collection::vec("(#default|xs|[b-wz][a-z]{0,2}x)", 0..3),
        value in "[a-zé&<>\"' \n\r\t\u{2028}名😀]{0,20}",
        attribute in "[a-z&<>\"'é 名😀]{1,12}",
    ) {
        let xml = honest_document(level, &gap, &prefixes, &declarations, &list, (&value, &attribute));
        let signed = bergshamra::sign(&SIGNER, &xml).map_err(|e| TestCaseError::fail(e.to_string()))?;
        match PROVIDER.verify(&encode(&signed), &challenge(), now()) {
            Ok(verified) => {
                let written = value.replace("\r\n", "\n");
                prop_assert_eq!(&verified.identity().values(&attribute)[0], &written);
            }
            Err(Error::Attributes(_)) => prop_assert!(["groups", "displayName"].contains(&attribute.as_str())),
            Err(error) => return Err(TestCaseError::fail(format!("{error}: {signed}"))),
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "each is drawn on its own")]
fn honest_document(
    level: Level,
    gap: &str,
    prefixes: &(String, String),
    declarations: &std::collections::BTreeMap<String, String>,
    list: &[String],
    (value, attribute): (&str, &str),
) -> String {
    let escape = |text: &str| {
        let escaped = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        escaped.replace('"', "&quot;").replace('\r', "&#13;")
    };
    let declared: String = declarations
        .iter()
        .map(|(p, uri)| format!(" xmlns:{p}=\"{uri}\""))
        .collect();
    let value = escape(&value.replace("\r\n", "\n"));
    let addition = format!(
        "<saml:AttributeStatement><saml:Attribute Name=\"{}\"><saml:AttributeValue{declared}>@VALUE@</saml:AttributeValue></saml:Attribute>",
        escape(attribute)
    );
    let xml = edit(&template(level), "<saml:AttributeStatement>", &addition);
    let xml = edit(&xml, " ID=\"_r\"", &format!("{declared} ID=\"_r\""));
    let plain = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    let listed = format!(
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{}\"/></ds:Transform>",
        list.join(" ")
    );
    let xml = if list.is_empty() {
        xml
    } else {
        xml.replace(plain, &listed)
    };
    let (saml, samlp) = prefixes;
    let xml = xml
        .replace("samlp:", "\u{1}:")
        .replace(":samlp=", ":\u{1}=");
    let xml = xml
        .replace("saml:", &format!("{saml}:"))
        .replace(":saml=", &format!(":{saml}="));
    let xml = xml
        .replace("\u{1}:", &format!("{samlp}:"))
        .replace(":\u{1}=", &format!(":{samlp}="));
    let xml = xml.replace("><", &format!(">{gap}<"));
    edit(&xml, "@VALUE@", &value)
}
