//! The record: searched, copied out, and what it says of one person or one role.
//!
//! That an administrator reads it stands in it before anything is answered. Addresses of these pages name people: they
//! stay within administrators' browsers, for pages of ours tell no other site where somebody came from.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{frame, page};
use crate::admin::Format;
use crate::domain::audit::Event;
use crate::domain::intent::AdminPage;
use crate::domain::record::{Cursor, Search};
use crate::domain::session::Session;
use crate::signin::about;
use crate::web::entrance::{Entered, Entrance};
use crate::web::navigation;
use crate::web::pages::admin::{RecordAsked, RecordOfPage, RecordPage};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::record;
use crate::web::visitor::{Visitor, admin};

/// How many rows stand on a page.
const ON_A_PAGE: u32 = 50;

type Answered = Result<HttpResponse, Failure>;

/// An administrator who reads, and what the address asks for.
struct Reader<'a> {
    request: &'a HttpRequest,
    session: Session,
    by: Event,
    parameters: Parameters,
}

/// `GET /admin/record?person=&role=&…&before=`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    visitor: Visitor,
    request: HttpRequest,
) -> Answered {
    reads((entrance, visitor), &request, async |reader| {
        let before = reader.parameters.one("before")?;
        let before = before
            .map(|text| Cursor::parse(text).ok_or(Failure::NotFound))
            .transpose()?;
        reader
            .searches(async |asked, search, by| {
                let looked = admin(&request)
                    .search_record(&search, before, ON_A_PAGE, by)
                    .await?;
                let unknown = admin(&request).unknown(&looked.rows).await?;
                let around = frame(&request, &reader.session);
                let found = (&looked, &unknown);
                let template = RecordPage::new(around, asked, (&search, before), found);
                page(&template, StatusCode::OK, template.expected_bytes())
            })
            .await
    })
    .await
}

/// `GET /admin/record/export?format=&person=&…`: all that fits, a line each.
pub(in crate::web) async fn export(
    entrance: Entrance,
    visitor: Visitor,
    request: HttpRequest,
) -> Answered {
    reads((entrance, visitor), &request, async |reader| {
        let format = reader.parameters.one("format")?.and_then(Format::parse);
        let format = format.ok_or(Failure::NotFound)?;
        reader
            .searches(async |_, search, by| {
                let copying = admin(&request).copy_record(search, format, by).await?;
                Ok(record::streamed(copying, format))
            })
            .await
    })
    .await
}

/// `GET /admin/record/person?idp=&subject=`.
pub(in crate::web) async fn person(
    entrance: Entrance,
    visitor: Visitor,
    request: HttpRequest,
) -> Answered {
    reads((entrance, visitor), &request, async |reader| {
        let person = record::person(&reader.parameters)?;
        let person = person.ok_or(Failure::NotFound)?;
        let by = reader.by.clone();
        let of = admin(&request).record_of_person(person, by).await?;
        let unknown = admin(&request).unknown(of.rows()).await?;
        let around = frame(&request, &reader.session);
        let template = RecordOfPage::person(around, person, (&of, &unknown));
        page(&template, StatusCode::OK, template.expected_bytes())
    })
    .await
}

/// `GET /admin/record/role?role=`.
pub(in crate::web) async fn role(
    entrance: Entrance,
    visitor: Visitor,
    request: HttpRequest,
) -> Answered {
    reads((entrance, visitor), &request, async |reader| {
        let role = record::role(&reader.parameters)?;
        let role = role.ok_or(Failure::NotFound)?.to_string();
        let by = reader.by.clone();
        let of = admin(&request).record_of_role(&role, by).await?;
        let unknown = admin(&request).unknown(of.rows()).await?;
        let around = frame(&request, &reader.session);
        let template = RecordOfPage::role(around, &role, (&of, &unknown));
        page(&template, StatusCode::OK, template.expected_bytes())
    })
    .await
}

/// Lets an administrator read whom no other site led here. What these pages call `idp` is somebody's whom they are about, and
/// no wish where to sign in.
async fn reads(
    (entrance, visitor): (Entrance, Visitor),
    request: &HttpRequest,
    read: impl AsyncFnOnce(&Reader<'_>) -> Answered,
) -> Answered {
    let session = match entrance.administrator(AdminPage::Record, None).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    navigation::check_meant(request.headers())?;
    let reader = Reader {
        by: about(&visitor.0, &session.identity),
        parameters: Parameters::read(request.query_string())?,
        request,
        session,
    };
    read(&reader).await
}

impl Reader<'_> {
    /// Goes on with the search that the address has, or shows why it cannot be searched.
    async fn searches(
        &self,
        go_on: impl AsyncFnOnce(&RecordAsked, Search, Event) -> Answered,
    ) -> Answered {
        let asked = RecordAsked(record::fields(&self.parameters)?);
        match Search::read(asked.0.iter().map(|(name, value)| (*name, &**value))) {
            Ok(search) => go_on(&asked, search, self.by.clone()).await,
            Err(error) => {
                let around = frame(self.request, &self.session);
                let template = RecordPage::trouble(around, &asked, error.to_string());
                let expected = template.expected_bytes();
                page(&template, StatusCode::BAD_REQUEST, expected)
            }
        }
    }
}
