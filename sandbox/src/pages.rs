//! What every page of the sandbox has in common: headers, the style sheet, and how a template becomes an answer.
//!
//! Pages run no inline script and load nothing from elsewhere. `form-action` is left out of the policy, because the
//! sign-in forms end at other origins, and browsers apply it to the redirects that follow a form too.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// An answer with the headers that every page carries.
pub(crate) fn answer(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    answer
}

/// A page.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    page_in(answer(status), template)
}

/// A page in an answer that already has its headers and cookies.
pub(crate) fn page_in(mut answer: HttpResponseBuilder, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => answer.content_type(ContentType::html()).body(html),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// The style sheet and the script, on every server that shows pages.
pub(crate) fn static_files(services: &mut ServiceConfig) {
    services
        .route("/static/sandbox.css", web::get().to(style_sheet))
        .route("/static/post.js", web::get().to(post_script));
}

async fn style_sheet() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(include_str!("../static/sandbox.css"))
}

async fn post_script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .body(include_str!("../static/post.js"))
}
