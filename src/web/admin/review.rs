//! The review of a draft, bringing it up to date, and publishing it.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::drafts::{number_in, version, wanted};
use super::{author, frame, named_idp, note, page, signature};
use crate::admin::{Published, Review, Seen, Stands, Why};
use crate::domain::access::{EntryName, Pick, Section};
use crate::domain::intent::AdminPage;
use crate::domain::session::Session;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::{Again, Finding, ReviewPage};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin};

/// About how long the page is.
const BYTES: usize = 32 * 1024;

/// `GET /admin/drafts/{id}/review`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let id = wanted(&request)?;
    let idp = named_idp(&request)?;
    let session = match entrance.administrator(AdminPage::Review(id), idp).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let review = admin(&request).review(id).await?;
    let note = review.draft.name.clone();
    one(&request, &session, &review, (StatusCode::OK, &note, None))
}

fn one(
    request: &HttpRequest,
    session: &Session,
    review: &Review,
    (status, note, again): (StatusCode, &str, Option<Again>),
) -> Result<HttpResponse, Failure> {
    let finding = match &review.stands {
        Stands::Empty => Finding::Empty,
        Stands::Unreadable(reason) => Finding::Unreadable(reason.clone()),
        Stands::Problems(problems, text) => Finding::problems(problems, text),
        Stands::Same => Finding::Same,
        Stands::Stale(_) | Stands::Ready(_) => Finding::Nothing,
    };
    let frame = frame(request, session);
    let template = ReviewPage::new(frame, (review, &finding), (note, again));
    page(&template, status, BYTES)
}

/// `POST /admin/drafts/{id}/publish`.
pub(in crate::web) async fn publish(
    visitor: Visitor,
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let id = wanted(&request)?;
    let seen = Seen {
        version: version(&form.fields)?,
        revision: number_in(&form.fields, "revision")?,
    };
    let typed = form.fields.take("typed").map_err(|_| Failure::NotAForm)?;
    let note = note(&mut form.fields)?;
    let signature = signature(&visitor.0, &form.session, &note);
    let typed = typed.unwrap_or_default();
    let published = admin(&request).publish_draft((id, seen), &typed, signature);
    let (why, review) = match published.await? {
        Published::Done(number) => {
            let there = links::admin_path(AdminPage::Revision(number));
            return Ok(answer::go_to(&there));
        }
        Published::Again(why, review) => (why, review),
    };
    let (status, again) = match why {
        Why::Changed => (StatusCode::CONFLICT, Again::Changed),
        Why::Unconfirmed => (StatusCode::UNPROCESSABLE_ENTITY, Again::Unconfirmed),
        Why::Note => (StatusCode::UNPROCESSABLE_ENTITY, Again::Note),
        Why::Unfit => (StatusCode::UNPROCESSABLE_ENTITY, Again::Unfit),
    };
    one(
        &request,
        &form.session,
        &review,
        (status, &note, Some(again)),
    )
}

/// `POST /admin/drafts/{id}/rebase`.
pub(in crate::web) async fn rebase(
    form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let id = wanted(&request)?;
    let (version, onto) = (version(&form.fields)?, number_in(&form.fields, "onto")?);
    let picks = picks(&form.fields);
    let (admin, by) = (admin(&request), author(&form.session));
    let done = admin
        .rebase_draft((id, version), onto, (picks, &by))
        .await?;
    if done {
        return Ok(answer::go_to(&links::admin_path(AdminPage::Review(id))));
    }
    let review = admin.review(id).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let shown = (status, "", Some(Again::Undecided));
    one(&request, &form.session, &review, shown)
}

/// What was decided for entries that both changed.
fn picks(fields: &Parameters) -> BTreeMap<EntryName, Pick> {
    let pick = |(name, value): (&str, &str)| {
        let mut parts = name.strip_prefix("take:")?.splitn(3, ':');
        let entry = EntryName {
            section: Section::parse(parts.next()?)?,
            nth: parts.next()?.parse().ok()?,
            name: parts.next()?.to_owned(),
        };
        let pick = match value {
            "mine" => Pick::Mine,
            "theirs" => Pick::Theirs,
            _ => return None,
        };
        Some((entry, pick))
    };
    fields.all().filter_map(pick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::admin::field_of_clash;

    #[test]
    fn what_was_decided_is_read_back_whatever_an_entry_is_called() {
        for (section, name, nth) in [
            (Section::Accounts, "payments-prod", 0),
            (Section::Rules, "a:b:c & = é", 3),
            (Section::Rules, "", 0),
        ] {
            let entry = EntryName {
                section,
                name: name.to_owned(),
                nth,
            };
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair(&field_of_clash(&entry), "theirs");
            let fields = Parameters::read(&form.finish()).unwrap();
            let read = picks(&fields);
            assert_eq!(
                read.into_iter().collect::<Vec<_>>(),
                [(entry, Pick::Theirs)]
            );
        }
        for text in [
            "take:rules:0:a=both",
            "take:rules:0=mine",
            "take:nothing:0:a=mine",
            "take:rules:x:a=mine",
            "rules:0:a=mine",
        ] {
            let fields = Parameters::read(text).unwrap();
            assert!(picks(&fields).is_empty(), "{text}");
        }
    }
}
