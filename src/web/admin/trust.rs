//! What an account needs, as text to copy.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse};

use super::frame;
use crate::admin::{Choices, Said};
use crate::domain::intent::{AccountRef, AdminPage};
use crate::domain::role::{CredentialsName, RoleName};
use crate::domain::trust::render::Format;
use crate::domain::trust::{Carried, Signer, Wanted};
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::headers::Kind;
use crate::web::links;
use crate::web::pages::admin::{TrustAnswer, TrustAsked, TrustPage};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::texts::ENGLISH;
use crate::web::visitor::admin;

/// `GET /admin/trust?account=&role=&format=&principal.NAME=&tags=&source_identity=`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let entered = entrance.administrator(AdminPage::Trust, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let admin = admin(&request);
    let account = parameters.one("account")?;
    let known = account.and_then(|text| links::account(text).ok());
    let choices = admin.trust_choices(known.as_ref()).await?;
    let asked = asked(&parameters, &choices)?;
    let outcome = match (account, known) {
        (None, _) => TrustAnswer::Nothing,
        (Some(_), None) => TrustAnswer::Problems(vec![ENGLISH.trust.account_unreadable.to_owned()]),
        (Some(_), Some(account)) => match read(account, &asked) {
            Err(problems) => TrustAnswer::Problems(problems),
            Ok((wanted, said)) => match admin.trust(&wanted, said).await? {
                Ok(trust) => TrustAnswer::Text {
                    text: asked.format.write(&trust),
                    notes: trust.notes,
                },
                Err(problems) => {
                    TrustAnswer::Problems(problems.0.iter().map(ToString::to_string).collect())
                }
            },
        },
    };
    let page = TrustPage::new(frame(&request, &session), &asked, (&choices, &outcome));
    answer::page(&page, page.expected_bytes(), Kind::Lists)
}

/// What the form says, as written.
fn asked(parameters: &Parameters, choices: &Choices) -> Result<TrustAsked, Failure> {
    let text = |name: &str| -> Result<String, Failure> {
        Ok(parameters.one(name)?.unwrap_or_default().trim().to_owned())
    };
    let mut principals = Vec::with_capacity(choices.credentials.len());
    for name in &choices.credentials {
        principals.push((name.clone(), text(&format!("principal.{name}"))?));
    }
    Ok(TrustAsked {
        account: text("account")?,
        role: text("role")?,
        format: Format::of_word(&text("format")?).unwrap_or(Format::CloudFormation),
        principals,
        tags: parameters.one("tags")?.is_some(),
        source_identity: parameters.one("source_identity")?.is_some(),
    })
}

/// The same, as what it means.
fn read(account: AccountRef, asked: &TrustAsked) -> Result<(Wanted, Said), Vec<String>> {
    let mut problems = Vec::new();
    let mut signers = BTreeMap::new();
    for (name, arn) in asked.principals.iter().filter(|(_, arn)| !arn.is_empty()) {
        match (CredentialsName::parse(name), Signer::parse(arn)) {
            (Ok(name), Ok(signer)) => {
                signers.insert(name, signer);
            }
            (Err(error), _) => problems.push(error.to_string()),
            (_, Err(error)) => problems.push(format!("{name}: {error}")),
        }
    }
    let mut roles = Vec::new();
    if !asked.role.is_empty() {
        match RoleName::parse(&asked.role) {
            Ok(role) => roles.push(role),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut forwarded = BTreeSet::new();
    forwarded.extend(asked.tags.then_some(Carried::Tags));
    forwarded.extend(asked.source_identity.then_some(Carried::SourceIdentity));
    let wanted = Wanted {
        account,
        roles,
        methods: Vec::new(),
    };
    Ok((wanted, Said { signers, forwarded }))
}
