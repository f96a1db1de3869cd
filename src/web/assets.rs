//! The static files: embedded, served under URLs that carry their digest, so that a browser may keep them for good
//! and never mixes two versions.

use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;

use super::compress;
use super::headers::Kind;
use super::problem::Failure;

/// A file with its URL.
pub(super) struct Asset {
    href: String,
    kind: &'static str,
    bytes: &'static [u8],
    /// The same, compressed.
    small: Option<Vec<u8>>,
}

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, bytes: &'static [u8]) -> Self {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
        let mut href = format!("/static/{stem}-");
        for byte in digest.as_ref().iter().take(8) {
            // writing to a String cannot fail
            let _ = write!(href, "{byte:02x}");
        }
        href.push_str(ending);
        Self {
            href,
            kind,
            bytes,
            small: compress::gzip(bytes, Compression::best()),
        }
    }

    /// Its URL below our origin.
    pub(super) fn href(&self) -> &str {
        &self.href
    }
}

/// How the pages look.
pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/vestibule.css");
    Asset::new("vestibule", ".css", "text/css; charset=utf-8", bytes)
});

/// Finds roles on the portal as one types.
pub(super) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/portal.js");
    Asset::new("portal", ".js", "text/javascript; charset=utf-8", bytes)
});

/// How it finds them.
pub(super) static SEARCH: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/search.js");
    Asset::new("search", ".js", "text/javascript; charset=utf-8", bytes)
});

/// The open door.
pub(super) static MARK: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/mark.svg");
    Asset::new("mark", ".svg", "image/svg+xml", bytes)
});

/// `GET /static/{file}`.
pub(super) async fn show(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let all = [&*STYLE, &*SEARCH, &*SCRIPT, &*MARK];
    let asked = all.into_iter().find(|asset| asset.href == request.path());
    let asset = asked.ok_or(Failure::NotFound)?;
    let mut response = HttpResponse::Ok();
    response.content_type(asset.kind);
    let mut response = match &asset.small {
        Some(small) if compress::takes_gzip(request.headers()) => {
            let mut response = response.body(small.as_slice());
            compress::is_gzip(response.headers_mut());
            response
        }
        _ => response.body(asset.bytes),
    };
    compress::varies(response.headers_mut());
    response.extensions_mut().insert(Kind::Asset);
    Ok(response)
}
