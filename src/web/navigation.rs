//! Only a top-level navigation mints: a person who opened a link, in a window of its own.
//!
//! Prefetching and prerendering browsers, frames, images, scripts and scanners that announce themselves get an
//! answer that holds nothing (Fetch Metadata, Resource Hints `Sec-Purpose`; HEAD is refused by the table of
//! routes). A browser that says nothing about the request is let in: links are opened by all kinds of programs.
//!
//! What is written down when somebody reads it is shown only to whoever meant to come: a link of another site would have
//! an administrator leave a row that says they read what somebody else chose.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::{FromRequest, HttpRequest};

use super::problem::Failure;

/// Proof that the request is a top-level navigation; whatever may send a browser into a console takes one.
pub(super) struct TopLevel(());

impl TopLevel {
    fn check(headers: &HeaderMap) -> Option<Self> {
        let says = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
        let ahead = ["sec-purpose", "purpose", "x-purpose", "x-moz"]
            .iter()
            .filter_map(|name| says(name))
            .any(|value| {
                let value = value.to_ascii_lowercase();
                contains(&value, b"prefetch")
                    || contains(&value, b"prerender")
                    || contains(&value, b"preview")
            });
        let elsewhere = says("sec-fetch-dest").is_some_and(|dest| dest != b"document")
            || says("sec-fetch-mode").is_some_and(|mode| mode != b"navigate");
        (!ahead && !elsewhere).then_some(Self(()))
    }
}

/// Whether somebody typed the address, kept it, or comes from a page of ours; a browser that says nothing is let in here, too.
pub(super) fn check_meant(headers: &HeaderMap) -> Result<(), Failure> {
    let mut said = headers.get_all("sec-fetch-site").map(HeaderValue::as_bytes);
    let meant = said.all(|site| site == b"none" || site == b"same-origin");
    meant.then_some(()).ok_or(Failure::LedFromElsewhere)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

impl FromRequest for TopLevel {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::check(request.headers()).ok_or(Failure::NotOpenedByAPerson))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderName;

    use super::*;

    fn said(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        headers
    }

    fn passes(pairs: &[(&'static str, &'static str)]) -> bool {
        TopLevel::check(&said(pairs)).is_some()
    }

    #[test]
    fn whoever_is_led_from_another_site_has_not_said_that_they_mean_it() {
        let site = |site| ("sec-fetch-site", site);
        for pairs in [&[][..], &[site("none")], &[site("same-origin")]] {
            assert!(check_meant(&said(pairs)).is_ok(), "{pairs:?}");
        }
        for pairs in [
            &[site("cross-site")][..],
            &[site("same-site")],
            &[site("Same-Origin")],
            &[site("")],
            &[site("none"), site("cross-site")],
        ] {
            assert!(check_meant(&said(pairs)).is_err(), "{pairs:?}");
        }
    }

    #[test]
    fn a_navigation_passes_from_any_site() {
        assert!(passes(&[]));
        assert!(passes(&[
            ("sec-fetch-dest", "document"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "cross-site"),
        ]));
    }

    #[test]
    fn nothing_else_does() {
        for pair in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "Prefetch;anonymous-client-ip"),
            ("purpose", "prefetch"),
            ("x-purpose", "preview"),
            ("x-moz", "prefetch"),
            ("sec-fetch-dest", "iframe"),
            ("sec-fetch-dest", "empty"),
            ("sec-fetch-dest", "image"),
            ("sec-fetch-dest", "Document "),
            ("sec-fetch-mode", "no-cors"),
            ("sec-fetch-mode", "cors"),
        ] {
            assert!(!passes(&[pair]), "{pair:?}");
        }
    }
}
