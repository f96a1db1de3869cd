//! Every form kept as it is, and hostile values that come out of each as themselves.

use proptest::prelude::*;

use super::super::testing::{MODEL, facts, metadata, model, wanted};
use super::super::{Trust, describe};
use super::{Format, terraform};
use crate::domain::trust::{OidcProvider, Resource};

fn trust(account: &str) -> Trust {
    describe(&model(MODEL), &facts(), &wanted(account)).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn every_form_is_as_it_was() {
    for account in ["payments-prod", "gov-prod", "999900001111", "999900002222"] {
        let trust = trust(account);
        for format in Format::ALL {
            // the padding of the metadata tells nothing
            let text = format.write(&trust).replace(&"-".repeat(1_000), "…");
            insta::assert_snapshot!(format!("{account}_{}", format.word()), text);
        }
    }
}

#[test]
fn each_word_is_one_forms() {
    for format in Format::ALL {
        assert_eq!(Format::of_word(format.word()), Some(format));
    }
    assert_eq!(Format::of_word("yaml"), None);
}

#[test]
fn things_of_one_name_have_names_of_their_own_in_a_template() {
    let mut trust = trust("payments-prod");
    let one = |name: &str| {
        Resource::OidcProvider(OidcProvider {
            url: format!("https://{name}"),
            key: name.to_owned(),
            client_ids: vec!["a".to_owned()],
        })
    };
    trust.resources = vec![one("a.b"), one("a-b"), one("a/b"), one("1.b"), one("…")];
    let text = Format::Terraform.write(&trust);
    for name in ["\"a_b\"", "\"a_b2\"", "\"a_b3\"", "\"r_1_b\"", "\"r_\""] {
        assert!(text.contains(name), "{name}: {text}");
    }
    let text = Format::CloudFormation.write(&trust);
    let template: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(template["Resources"].as_object().unwrap().len(), 5);
}

#[test]
fn notes_stay_comments() {
    let mut trust = trust("payments-prod");
    trust.notes = vec!["a\nb\r\u{2028}c\u{0085}d".to_owned()];
    for format in [Format::Terraform, Format::Cli] {
        let text = format.write(&trust);
        assert!(text.contains("# * a b  c d\n"), "{text}");
    }
}

/// What a quoted template of HCL says, by its specification; `None` if something in it begins a sequence.
fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut letters = inner.chars().peekable();
    let mut out = String::new();
    while let Some(c) = letters.next() {
        match c {
            '"' | '\n' | '\r' => return None,
            '\\' => match letters.next()? {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                same @ ('"' | '\\') => out.push(same),
                'u' => {
                    let digits: String = letters.by_ref().take(4).collect();
                    out.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                _ => return None,
            },
            '$' | '%' => {
                let next = letters.peek().copied();
                if next == Some('{') {
                    return None;
                }
                out.push(c);
                if next == Some(c) {
                    // only as the escape of a sequence's beginning
                    letters.next();
                    if letters.next() != Some('{') {
                        return None;
                    }
                    out.push('{');
                }
            }
            c => out.push(c),
        }
    }
    Some(out)
}

/// The JSON of each here-document of a script.
fn documents(script: &str) -> Vec<serde_json::Value> {
    let mut documents = Vec::new();
    let mut lines = script.lines();
    while let Some(line) = lines.next() {
        if line.ends_with("<<'END'") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "END").collect();
            documents.push(serde_json::from_str(&body.join("\n")).unwrap());
        }
    }
    documents
}

const HOSTILE: &str = "[\\x00-\\x7f\u{85}\u{2028}\u{feff}é]{0,40}|([$%{}\"'\\\\\nEND~!`]){0,40}";

proptest! {
    #![proptest_config(crate::domain::properties::cases(64, 20_000))]

    #[test]
    fn a_quoted_template_says_the_text_and_begins_nothing(text in HOSTILE) {
        let quoted = terraform::quoted(&text);
        prop_assert_eq!(unquoted(&quoted), Some(text), "{}", quoted);
    }

    #[test]
    fn hostile_metadata_comes_out_of_every_form_as_itself(text in HOSTILE) {
        let hostile = metadata(&text);
        let mut facts = facts();
        facts.issuer.metadata = Some(hostile.clone());
        let wanted = super::super::testing::role("ReadOnly");
        let trust = describe(&model(MODEL), &facts, &wanted).unwrap();
        let json: serde_json::Value = serde_json::from_str(&Format::Json.write(&trust)).unwrap();
        prop_assert_eq!(&json["resources"][0]["metadata"], &hostile);
        let json: serde_json::Value =
            serde_json::from_str(&Format::CloudFormation.write(&trust)).unwrap();
        let properties = &json["Resources"]["SamlProviderVestibule"]["Properties"];
        prop_assert_eq!(&properties["SamlMetadataDocument"], &hostile);
        let made = documents(&Format::Cli.write(&trust));
        prop_assert_eq!(&made[0]["SAMLMetadataDocument"], &hostile);
        let text = Format::Terraform.write(&trust);
        let line = text.lines().find_map(|line| line.strip_prefix("  saml_metadata_document = "));
        prop_assert_eq!(unquoted(line.unwrap()), Some(hostile));
    }
}
