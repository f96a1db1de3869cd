//! The headers that every answer carries, errors and static files included (security headers: CSP Level 3, HTML
//! Living Standard for COOP, Fetch for CORP, RFC 6797 for HSTS).
//!
//! An answer says what kind it is by an extension; one that says nothing is a page without scripts.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// What an answer is, as far as its headers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// A page whose forms stay with us.
    #[default]
    Page,
    /// The portal: has the scripts that search; its search form may end at a provider when the session is over, and
    /// Chromium holds `form-action` against redirects too, so it has none.
    Portal,
    /// A page without scripts whose form may end at a provider, as the portal's may, or in a console.
    Lists,
    /// A page that shows secrets: it has no forms, and links from it say nothing.
    Keys,
    /// Carries or leads to a secret: a redirect with something in it that only the browser may see.
    Secret,
    /// For programs.
    Data,
    /// For programs and for everybody, and the same for all of them.
    Public,
    /// A static file.
    Asset,
}

const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'",
);
const PORTAL: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; frame-ancestors 'none'; \
     base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
);
const LISTS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
);
const KEYS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; \
     base-uri 'none'",
);

const NOTHING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
);
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), display-capture=(), \
     encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), \
     idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), storage-access=(), \
     usb=(), xr-spatial-tracking=()",
);

/// Puts them on; `secure` when browsers reach us by https.
pub(super) fn put(headers: &mut HeaderMap, kind: Kind, secure: bool) {
    let (policy, referrer, cache) = match kind {
        Kind::Page => (PAGE, "same-origin", "no-store"),
        Kind::Portal => (PORTAL, "same-origin", "no-store"),
        Kind::Lists => (LISTS, "same-origin", "no-store"),
        Kind::Keys => (KEYS, "no-referrer", "no-store"),
        Kind::Secret => (NOTHING, "no-referrer", "no-store"),
        Kind::Data => (NOTHING, "same-origin", "no-store"),
        Kind::Public => (NOTHING, "same-origin", "public, max-age=300"),
        Kind::Asset => (
            NOTHING,
            "same-origin",
            "public, max-age=31536000, immutable",
        ),
    };
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static(referrer));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    let same_origin = HeaderValue::from_static("same-origin");
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        same_origin.clone(),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        same_origin,
    );
    headers.insert(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    if secure {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000"),
        );
    }
}
