//! Saying that everything answers: in a file for programs, and on the terminal for people.

use std::io::{self, Write as _};

use serde::Serialize;
use vestibule_sandbox::Sandbox;
use vestibule_sandbox::people::Directory;

use super::links::Link;

/// What the ready file says.
#[derive(Debug, Serialize)]
pub(crate) struct Ready {
    portal: String,
    operations: String,
    saml_idp: String,
    oidc_idp: String,
    sts: String,
    signin: String,
    console: String,
    request_log: String,
    people: Vec<Known>,
    links: Vec<Link>,
}

/// Somebody who can sign in.
#[derive(Debug, Serialize)]
struct Known {
    username: String,
    password: String,
    idp: String,
    groups: Vec<String>,
    #[serde(skip)]
    about: &'static str,
}

impl Ready {
    /// Everything, with the people of both providers by their ids.
    pub(crate) fn new(
        sandbox: &Sandbox,
        (portal, operations): (&str, &str),
        (saml, oidc): (&str, &str),
        links: Vec<Link>,
    ) -> Self {
        let mut people = known(sandbox.people(), saml);
        people.extend(known(sandbox.oidc_people(), oidc));
        let host = |host: &str| sandbox.aws.url(host).trim_end_matches('/').to_owned();
        Self {
            portal: portal.to_owned(),
            operations: operations.to_owned(),
            saml_idp: sandbox.saml_idp.origin().to_owned(),
            oidc_idp: sandbox.oidc_idp.issuer().to_owned(),
            sts: host("sts.amazonaws.com"),
            signin: host("signin.aws.amazon.com"),
            console: sandbox.console.origin().to_owned(),
            request_log: sandbox.aws.request_log_url(),
            people,
            links,
        }
    }

    /// Addresses that answer anybody, one of each server.
    pub(crate) fn urls_that_answer(&self) -> Vec<String> {
        vec![
            format!("{}/readyz", self.operations),
            format!("{}/sign-in", self.portal),
            self.saml_idp.clone(),
            self.oidc_idp.clone(),
            self.request_log.clone(),
            format!("{}/static/sandbox.css", self.console),
        ]
    }

    /// As JSON, for the ready file.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and lists always have a JSON form")
    }

    /// What a person at a terminal wants to know.
    pub(crate) fn print(&self, data: &std::path::Path) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "\nVestibule is at {}\n", self.portal)?;
        writeln!(out, "Sign in as:")?;
        let mut shown = std::collections::BTreeSet::new();
        for person in &self.people {
            if shown.insert(&person.username) {
                writeln!(
                    out,
                    "  {:<6} password {:<12} {}",
                    person.username, person.password, person.about
                )?;
            }
        }
        writeln!(out, "\nThe simulated AWS: {}", self.sts)?;
        writeln!(out, "What was asked of it: {}", self.request_log)?;
        writeln!(out, "Data and configuration: {}", data.display())?;
        writeln!(out, "\nCtrl-C stops everything.")?;
        out.flush()
    }
}

fn known(people: &Directory, idp: &str) -> Vec<Known> {
    people
        .everyone()
        .into_iter()
        .map(|person| Known {
            password: person.password(),
            username: person.username,
            idp: idp.to_owned(),
            groups: person.groups,
            about: person.about,
        })
        .collect()
}
