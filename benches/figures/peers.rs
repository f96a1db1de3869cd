//! Verifying a SAML response beside what programs in other languages would use, on the same bytes.
//!
//! A peer that does not accept the response, with all the groups in it, measures nothing: then there is no figure.

use std::path::Path;
use std::process::Command;

use vestibule_sandbox::idp::saml::Signed;

use crate::measure::{here, side_by_side};
use crate::report::{Line, Trouble};
use crate::responses::{ACS, ENTITY_ID, REQUEST_ID, Responses};
use crate::scratch::{Scratch, runtime};
use crate::yardstick::{Yardstick, installed, source};

/// How many groups.
const SIZES: [usize; 2] = [50, 500];

pub(crate) fn node_saml() -> Result<(), Trouble> {
    let modules = installed("bench/node/node_modules")?;
    let node = installed("peers/bin/node")?;
    let command = || {
        let mut command = Command::new(&node);
        command
            .env("NODE_PATH", &modules)
            .arg(source("node-saml.cjs"));
        command
    };
    beside("node-saml", 15.0, command)
}

pub(crate) fn python3_saml() -> Result<(), Trouble> {
    let python = Path::new("/usr/bin/python3");
    let there = Command::new(python)
        .args(["-c", "import onelogin.saml2"])
        .output();
    if !there.is_ok_and(|output| output.status.success()) {
        let reason = "Debian's package python3-onelogin-saml2 is not installed";
        return Err(Trouble::Skipped(reason.to_owned()));
    }
    let command = || {
        let mut command = Command::new(python);
        command.arg(source("python3-saml.py"));
        command
    };
    beside("python3-saml", 3.0, command)
}

fn beside(name: &str, wanted: f64, command: impl Fn() -> Command) -> Result<(), Trouble> {
    let runtime = runtime();
    let _inside = runtime.enter();
    for (signed, shape) in [(Signed::Assertion, "assertion"), (Signed::Both, "both")] {
        let responses = Responses::signed(signed);
        let provider = responses.service_provider();
        for groups in SIZES {
            let response = responses.with_groups(groups);
            let folder = Scratch::new();
            let mut command = command();
            command
                .env("SIGNED", shape)
                .arg(folder.certificate(&responses.certificate()))
                .arg(folder.file("response.base64", &response.base64))
                .args([responses.issuer(), ENTITY_ID, ACS])
                .args([&groups.to_string(), REQUEST_ID]);
            let mut peer = Yardstick::start(name, &mut command)?;
            let [ours, theirs] = side_by_side([
                here(|| assert_eq!(response.verified_by(&provider), groups)),
                peer.side(),
            ]);
            Line::about(&format!("SAML verification beside {name}"))
                .with("groups", groups)
                .with("bytes", response.xml.len())
                .with("signed", shape)
                .number("vestibule_us", ours)
                .number(&format!("{name}_us").replace('-', "_"), theirs)
                .at_least("times_less", theirs / ours, wanted)
                .print();
        }
        runtime.block_on(responses.stop());
    }
    Ok(())
}
