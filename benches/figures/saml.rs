//! Verifying a SAML response whole (screen, both verifiers, all checks) beside libxmlsec1 alone, called from C.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra::dsig::verify::verify_all_document_with_source;
use bergshamra::keys::loader::load_x509_cert_der;
use bergshamra::xml::uppsala::Parser;
use bergshamra::{DsigContext, KeysManager};
use vestibule::clock::{Clock as _, SystemClock};
use vestibule_sandbox::idp::saml::Signed;

use crate::measure::{here, side_by_side};
use crate::report::{Line, Trouble};
use crate::responses::{self, Response, Responses};
use crate::scratch::{Scratch, runtime};
use crate::yardstick::{Yardstick, installed};
use crate::{child, cpu};

/// Where honest providers sign.
const SHAPES: [(Signed, &str); 2] = [(Signed::Assertion, "assertion"), (Signed::Both, "both")];

/// How many groups, and how many times the yardstick's CPU is allowed.
const SIZES: [(usize, f64); 3] = [(50, 3.0), (500, 2.7), (2_000, 2.7)];

pub(crate) fn run() -> Result<(), Trouble> {
    let runtime = runtime();
    let _inside = runtime.enter();
    for (signed, shape) in SHAPES {
        let responses = Responses::signed(signed);
        let mut whole = Vec::new();
        for (groups, limit) in SIZES {
            whole.push(beside_libxmlsec(&responses, shape, groups, limit)?);
        }
        Line::about("growth of SAML verification")
            .with("signed", shape)
            .number("groups_500_us", whole[1])
            .number("groups_2000_us", whole[2])
            .at_most("growth", whole[2] / whole[1], 5.0)
            .print();
        memory(&responses, shape)?;
        runtime.block_on(responses.stop());
    }
    Ok(())
}

fn beside_libxmlsec(
    responses: &Responses,
    shape: &str,
    groups: usize,
    limit: f64,
) -> Result<f64, Trouble> {
    let response = responses.with_groups(groups);
    let provider = responses.service_provider();
    let first = First::new(responses);
    let folder = Scratch::new();
    let certificate = folder.certificate(&responses.certificate());
    let mut yardstick = Yardstick::start(
        "libxmlsec1",
        Command::new(installed("bench/xmlsec")?)
            .arg(certificate)
            .arg(folder.file("response.xml", &response.xml)),
    )?;
    let [whole, alone, libxmlsec] = side_by_side([
        here(|| assert_eq!(response.verified_by(&provider), groups)),
        here(|| first.verify(&response)),
        yardstick.side(),
    ]);
    Line::about("SAML verification")
        .with("groups", groups)
        .with("bytes", response.xml.len())
        .with("signed", shape)
        .number("vestibule_us", whole)
        .number("libxmlsec1_us", libxmlsec)
        .number("bergshamra_alone_us", alone)
        .at_most("ratio", whole / libxmlsec, limit)
        .at_most("bergshamra_ratio", alone / libxmlsec, 0.6)
        .print();
    Ok(whole)
}

/// The first verifier's library by itself: parsed and verified, nothing read and nothing compared.
struct First(DsigContext);

impl First {
    fn new(responses: &Responses) -> Self {
        let der = STANDARD.decode(responses.certificate()).expect("base64");
        let mut manager = KeysManager::new();
        manager.add_key(load_x509_cert_der(&der).expect("a certificate"));
        Self(DsigContext::new(manager))
    }

    fn verify(&self, response: &Response) {
        let parsed = Parser::new().with_forbid_dtd(true).parse(&response.xml);
        let document = parsed.expect("a document");
        let results = verify_all_document_with_source(&self.0, &document, Some(&response.xml));
        let results = results.expect("it can be processed");
        assert!(!results.is_empty() && results.iter().all(bergshamra::VerifyResult::is_valid));
    }
}

/// The most memory that a large verification takes at once, in a process of its own.
fn memory(responses: &Responses, shape: &str) -> Result<(), Trouble> {
    const GROUPS: usize = 2_000;
    let folder = Scratch::new();
    let (small, large) = (responses.with_groups(50), responses.with_groups(GROUPS));
    folder.file("metadata.xml", &responses.metadata());
    folder.file("small", &small.base64);
    folder.file("large", &large.base64);
    let more: f64 = child::asked("memory", folder.path())?;
    Line::about("memory of a SAML verification")
        .with("groups", GROUPS)
        .with("bytes", large.xml.len())
        .with("signed", shape)
        .at_most("more_at_the_peak_mb", more / 1024.0, 20.0)
        .print();
    Ok(())
}

/// In the child: the peak of the large verification above what was resident before it, in kB.
pub(crate) fn memory_of_a_large_one(folder: &Path) -> u64 {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file");
    let provider = responses::service_provider(read("metadata.xml"));
    let verify = |field: &str| responses::verify(&provider, field, SystemClock.now());
    let (small, large) = (read("small"), read("large"));
    assert_eq!(verify(&small), 50);
    let before = cpu::kilobytes(std::process::id(), "VmRSS");
    cpu::forget_peak();
    assert_eq!(verify(&large), 2_000);
    cpu::kilobytes(std::process::id(), "VmHWM").saturating_sub(before)
}
