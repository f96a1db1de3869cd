//! What the walk lets through and what it refuses.

use std::fmt::Write as _;

use super::*;

const RESPONSE: &str = "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion' xmlns:d='http://www.w3.org/2000/09/xmldsig#' ID='r'>";

fn walk(text: &str) -> Result<String, Error> {
    let mut walker = Walker::new(text, Element::Response)?;
    let mut seen = String::new();
    loop {
        match walker.next()? {
            Step::Open(element) => write!(seen, "<{element:?}").unwrap(),
            Step::Text(text) => write!(seen, "[{text}]").unwrap(),
            Step::Close(_) => seen.push('>'),
            Step::End => return Ok(seen),
        }
    }
}

fn inside_response(content: &str) -> Result<String, Error> {
    walk(&format!("{RESPONSE}{content}</p:Response>"))
}

#[test]
fn elements_and_text_come_in_order() {
    let seen = inside_response("\n <a:Issuer Format='x'>a&amp;b</a:Issuer>\r\n<p:Status><p:StatusCode Value='v'/></p:Status> ").unwrap();
    assert_eq!(seen, "<Response<Issuer[a][&][b]><Status<StatusCode>>>");
}

#[test]
fn a_default_namespace_names_the_same_elements() {
    let text = "<?xml version='1.0' encoding=\"utf-8\" standalone='no' ?>\n<Response xmlns='urn:oasis:names:tc:SAML:2.0:protocol'><Issuer xmlns='urn:oasis:names:tc:SAML:2.0:assertion'>x</Issuer></Response>\n";
    assert_eq!(walk(text).unwrap(), "<Response<Issuer[x]>>");
}

#[test]
fn what_can_hide_or_split_text_is_refused() {
    for content in [
        "<a:Issuer>a<!---->b</a:Issuer>",
        "<!-- x -->",
        "<a:Issuer><![CDATA[x]]></a:Issuer>",
        "<a:Issuer>a<?pi x?>b</a:Issuer>",
        "<a:Issuer>&e;</a:Issuer>",
        "<a:Issuer>&#0;</a:Issuer>",
        "<a:Issuer>a & b</a:Issuer>",
        "<a:Issuer>a]]>b</a:Issuer>",
        "<a:Issuer>a<b/>c</a:Issuer>",
        "<a:Issuer>\u{85}</a:Issuer>",
    ] {
        assert!(inside_response(content).is_err(), "{content}");
    }
    for text in [
        format!("<!DOCTYPE p:Response>{RESPONSE}</p:Response>"),
        format!("<!doctype x [<!ENTITY e 'x'>]>{RESPONSE}</p:Response>"),
        format!("<?xml-stylesheet href='x'?>{RESPONSE}</p:Response>"),
        format!("<!-- x -->{RESPONSE}</p:Response>"),
        format!("{RESPONSE}</p:Response><!-- x -->"),
    ] {
        assert!(matches!(walk(&text), Err(Error::Forbidden(_))), "{text}");
    }
}

#[test]
fn a_document_is_whole_and_alone() {
    for text in [
        format!(" {RESPONSE}</p:Response>"),
        format!("\u{feff}{RESPONSE}</p:Response>"),
        format!("{RESPONSE}</p:Response>x"),
        format!("{RESPONSE}</p:Response>{RESPONSE}</p:Response>"),
        RESPONSE.to_owned(),
        format!("{RESPONSE}<a:Issuer></p:Response>"),
        format!("{RESPONSE}</p:Response></p:Response>"),
        format!("{RESPONSE}</a:Response>"),
        "<p:Response/>".to_owned(),
        "<Response/>".to_owned(),
        String::new(),
        "<".to_owned(),
        "<a:Assertion xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'/>".to_owned(),
    ] {
        assert!(walk(&text).is_err(), "{text}");
    }
}

#[test]
fn another_encoding_or_version_is_refused() {
    for declaration in [
        "<?xml version='1.1'?>",
        "<?xml version='1.0' encoding='UTF-16'?>",
        "<?xml version='1.0' encoding='UTF-7'?>",
        "<?xml version='1.0' encoding='ISO-8859-1'?>",
        "<?xml encoding='UTF-8' version='1.0'?>",
        "<?xml encoding='UTF-8'?>",
        "<?xml?>",
        "<?xml version='1.0' other='x'?>",
        "<?xml version='1.0' encoding='UTF-8' encoding='UTF-8'?>",
        "<?xml version='1.0'?><?xml version='1.0'?>",
        "\n<?xml version='1.0'?>",
    ] {
        assert!(
            walk(&format!("{declaration}{RESPONSE}</p:Response>")).is_err(),
            "{declaration}"
        );
    }
}

#[test]
fn an_element_stands_where_it_belongs_or_nowhere() {
    let assertion = "<a:Assertion ID='x'><a:Issuer>i</a:Issuer></a:Assertion>";
    assert!(inside_response(assertion).is_ok());
    for content in [
        format!("{assertion}{assertion}"),
        format!("<p:Extensions>{assertion}</p:Extensions>"),
        format!("<p:Status><p:StatusDetail>{assertion}</p:StatusDetail></p:Status>"),
        format!("<p:Status><p:StatusDetail><x xmlns='urn:x'>{assertion}</x></p:StatusDetail></p:Status>"),
        format!("<a:Issuer>{assertion}</a:Issuer>"),
        format!("<p:Response>{assertion}</p:Response>"),
        format!("<a:Assertion ID='e'><a:Advice>{assertion}</a:Advice></a:Assertion>"),
        format!("<d:Signature><d:Object>{assertion}</d:Object></d:Signature>"),
        "<a:Assertion ID='x'><a:AttributeStatement><a:Attribute Name='n'><a:AttributeValue><a:Assertion/></a:AttributeValue></a:Attribute></a:AttributeStatement></a:Assertion>".to_owned(),
        "<a:Assertion ID='x'><a:Subject><a:SubjectConfirmation><a:SubjectConfirmationData><a:Assertion/></a:SubjectConfirmationData></a:SubjectConfirmation></a:Subject></a:Assertion>".to_owned(),
        "<d:Signature/><a:Issuer>late</a:Issuer>".to_owned(),
        "<p:Status/><d:Signature/>".to_owned(),
        "<d:Signature/><d:Signature/>".to_owned(),
        "<a:Assertion ID='x'><a:Subject/><d:Signature/></a:Assertion>".to_owned(),
        "<d:Signature><d:SignedInfo/><d:SignedInfo/></d:Signature>".to_owned(),
        "<d:Signature><d:SignedInfo><d:Reference/><d:Reference/></d:SignedInfo></d:Signature>".to_owned(),
        "<d:Signature><d:KeyInfo><d:RetrievalMethod URI='http://127.0.0.1/'/></d:KeyInfo></d:Signature>".to_owned(),
        "<d:Signature><d:SignedInfo><d:SignatureMethod><d:HMACOutputLength>8</d:HMACOutputLength></d:SignatureMethod></d:SignedInfo></d:Signature>".to_owned(),
        "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='http://127.0.0.1/'/>".to_owned(),
        "<Assertion xmlns='urn:twin'/>".to_owned(),
    ] {
        assert!(matches!(inside_response(&content), Err(Error::Structure(_))), "{content}");
    }
}

#[test]
fn attributes_that_could_be_ids_stand_only_where_the_schema_has_them() {
    for attribute in [
        "Id='x'",
        "id='x'",
        "xml:id='x'",
        "p:ID='x'",
        "a:ID='x'",
        "xml:base='urn:x'",
        "AssertionID='x'",
        "other='x'",
        "xsi:schemaLocation='urn:x http://127.0.0.1/' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'",
    ] {
        let text = RESPONSE.replace("ID='r'", attribute);
        assert!(
            walk(&format!("{text}</p:Response>")).is_err(),
            "{attribute}"
        );
    }
    for attribute in [
        "ID='x'",
        "x:ID='x' xmlns:x='urn:x'",
        "x:id='x' xmlns:x='urn:x'",
    ] {
        let content = format!(
            "<a:Assertion ID='y'><a:AttributeStatement><a:Attribute Name='n' {attribute}/></a:AttributeStatement></a:Assertion>"
        );
        assert!(inside_response(&content).is_err(), "{attribute}");
    }
    let harmless = "<a:Assertion ID='y'><a:AttributeStatement><a:Attribute Name='n' x:OriginalIssuer='z' xmlns:x='urn:x'/></a:AttributeStatement></a:Assertion>";
    assert!(inside_response(harmless).is_ok());
}

#[test]
fn two_prefixes_do_not_smuggle_one_attribute_twice() {
    let content = "<a:Assertion ID='y'><a:AttributeStatement><a:Attribute Name='n' x:v='1' y:v='2' xmlns:x='urn:x' xmlns:y='urn:x'/></a:AttributeStatement></a:Assertion>";
    assert!(inside_response(content).is_err());
}

#[test]
fn depth_is_bounded() {
    let deep = |n: usize| {
        let (open, close) = ("<x xmlns='urn:x'>".repeat(n), "</x>".repeat(n));
        inside_response(&format!(
            "<p:Status><p:StatusDetail>{open}{close}</p:StatusDetail></p:Status>"
        ))
    };
    assert!(deep(MAX_DEPTH - 3).is_ok());
    assert!(deep(MAX_DEPTH - 2).is_err());
    assert!(deep(100_000).is_err());
}
