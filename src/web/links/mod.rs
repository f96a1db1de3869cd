//! Links into the console: `/go/{account}/{role}`, `/go/{account}`, `/go?account_id=…` and `/role/{text}`.

mod canonical;
mod parse;
mod pasted;
#[cfg(test)]
mod tests;

use actix_web::{HttpRequest, HttpResponse};

pub(super) use canonical::{
    SESSIONS, SETTINGS, TOKENS, about_href, admin_about, admin_list, admin_path, admin_person,
    admin_record, admin_record_of, admin_revoke, admin_stops, admin_trust, admin_why, href,
    keeping, keeping_for_keys, keeping_search, keeping_search_for_keys, keys_href, opening,
    opening_for_keys, portal, role_href, role_path,
};
pub(super) use parse::{Link, about, account, consoles, idp, keys, region, search, why};
pub(super) use pasted::pasted;

use super::entrance::Entrance;
use super::forms::OwnForm;
use super::parameters::Parameters;
use super::problem::Failure;
use crate::domain::credentials::MfaCode;
use crate::domain::reason::Reason;
use crate::signin::{Error, Filled};

/// The field that holds the code.
pub(super) const CODE_FIELD: &str = "code";

/// `GET /go/{account}/{role}`.
pub(super) async fn go(entrance: Entrance, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let link = parse::by_path(request.uri().path(), request.query_string())?;
    entrance.open(link).await
}

/// The field that holds the reason, and the parameter that suggests one.
pub(super) const REASON_FIELD: &str = "reason";

/// `POST /go/{account}/{role}`: the same link, with the code of an MFA device or a reason. They stand in the form and
/// nowhere else; what was asked for stands in the address, as in the link.
pub(super) async fn go_with_form(
    entrance: Entrance,
    form: OwnForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = parse::by_path(request.uri().path(), request.query_string())?;
    if form.session.is_none() {
        return Err(Error::SessionEnded.into());
    }
    let filled = filled(&form.fields)?;
    if filled.code.is_none() && filled.reason.is_none() {
        return Err(if form.fields.has(REASON_FIELD) {
            Error::ReasonUnreadable.into()
        } else {
            Error::CodeUnreadable.into()
        });
    }
    entrance.open_with_form(link.intent, filled).await
}

/// What a form brings of what a role asks of the person.
pub(super) fn filled(fields: &Parameters) -> Result<Filled, Error> {
    let code = fields.one(CODE_FIELD).map_err(|_| Error::CodeUnreadable)?;
    let code = code.map(|typed| MfaCode::parse(typed).ok_or(Error::CodeUnreadable));
    let reason = fields
        .one(REASON_FIELD)
        .map_err(|_| Error::ReasonUnreadable)?;
    let reason = reason.map(|typed| Reason::parse(typed).map_err(|_| Error::ReasonUnreadable));
    Ok(Filled {
        code: code.transpose()?,
        reason: reason.transpose()?,
    })
}

/// `GET /go/{account}`.
pub(super) async fn go_with_any(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = parse::by_account(request.uri().path(), request.query_string())?;
    entrance.open(link).await
}

/// `GET /go?account_id=…`.
pub(super) async fn choose(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = parse::by_query(request.query_string())?;
    entrance.open(link).await
}

/// `GET /role/{text}`.
pub(super) async fn find(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = parse::by_text(request.uri().path(), request.query_string())?;
    entrance.open(link).await
}
