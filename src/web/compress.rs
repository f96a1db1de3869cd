//! Answers made smaller by gzip, for browsers that take it: the portal and the static files.
//!
//! Lengths of compressed answers tell what repeats in them (BREACH). So only an answer that says so is compressed: one in
//! which nothing stands that a visitor wrote, and whose token is another each time (`forms::masked`). Static files are
//! the same for everybody, and compressed once.

use std::io::Write as _;

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderValue, VARY};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Shorter pages are not worth it.
const SHORTEST: usize = 2 * 1024;
/// How hard pages are tried: three quarters of what is to be gained, for a third of the time.
const PAGES: Compression = Compression::new(4);

/// Says of an answer that its length may tell what is in it.
pub(super) struct MayShrink;

/// Compresses an answer that may be, if the browser takes it.
pub(super) fn shrink(asked: &HeaderMap, mut answer: HttpResponse) -> HttpResponse {
    if !answer.extensions().contains::<MayShrink>() {
        return answer;
    }
    varies(answer.headers_mut());
    if !takes_gzip(asked) {
        return answer;
    }
    let (mut answer, body) = answer.into_parts();
    let body = match body.try_into_bytes() {
        Ok(bytes) if bytes.len() >= SHORTEST => match gzip(&bytes, PAGES) {
            Some(small) => {
                is_gzip(answer.headers_mut());
                BoxBody::new(small)
            }
            None => BoxBody::new(bytes),
        },
        Ok(bytes) => BoxBody::new(bytes),
        Err(body) => body,
    };
    answer.set_body(body)
}

/// Says that an answer is another for other browsers.
pub(super) fn varies(headers: &mut HeaderMap) {
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
}

/// Says that an answer is compressed.
pub(super) fn is_gzip(headers: &mut HeaderMap) {
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
}

/// Compresses.
pub(super) fn gzip(bytes: &[u8], level: Compression) -> Option<Vec<u8>> {
    let room = Vec::with_capacity(bytes.len() / 8);
    let mut encoder = GzEncoder::new(room, level);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// Whether a browser takes gzip (RFC 9110 §12.5.3). One that says nothing is not asked to.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(ACCEPT_ENCODING);
    let lines = lines.filter_map(|line| line.to_str().ok());
    let takes = |coding: &str| {
        let (name, rest) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = rest.trim().split_once('=').map(|(_, weight)| weight.trim());
        let is_refused = weight.is_some_and(|weight| weight.parse().is_ok_and(|q: f32| q <= 0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    };
    lines.flat_map(|line| line.split(',')).any(takes)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn says(text: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT_ENCODING, HeaderValue::from_static(text));
        headers
    }

    fn page(text: &str, may: bool) -> HttpResponse {
        let mut answer = HttpResponse::Ok().body(text.to_owned());
        if may {
            answer.extensions_mut().insert(MayShrink);
        }
        answer
    }

    #[test]
    fn a_browser_says_whether_it_takes_gzip() {
        for text in [
            "gzip",
            "gzip, deflate, br, zstd",
            "br;q=1.0, GZIP;q=0.5",
            "x, gzip ; q=1",
        ] {
            assert!(takes_gzip(&says(text)), "{text}");
        }
        for text in ["", "br", "gzip;q=0", "gzip; q=0.000", "gzipped", "identity"] {
            assert!(!takes_gzip(&says(text)), "{text}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[actix_web::test]
    async fn only_what_may_be_compressed_is_and_it_is_the_same_again() {
        let text = "role ".repeat(1_000);
        for (may, asks, small) in [
            (true, "gzip", true),
            (true, "br", false),
            (false, "gzip", false),
        ] {
            let answer = shrink(&says(asks), page(&text, may));
            assert_eq!(answer.headers().contains_key(CONTENT_ENCODING), small);
            assert_eq!(answer.headers().contains_key(VARY), may);
            let bytes = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
            assert_eq!(bytes.len() < text.len(), small);
            if small {
                let mut again = String::new();
                let mut decoder = flate2::read::GzDecoder::new(&*bytes);
                decoder.read_to_string(&mut again).unwrap();
                assert_eq!(again, text);
            }
        }
        let short = shrink(&says("gzip"), page("short", true));
        assert!(!short.headers().contains_key(CONTENT_ENCODING));
    }
}
