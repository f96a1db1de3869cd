//! The kinds of answers, and which headers each carries.

use Is::{Data, File, Lists, Portal, Public, Redirect};

use crate::world::browser::Page;

/// What an answer is, as far as its headers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Without scripts; its forms stay with us.
    Page,
    /// The portal.
    Portal,
    /// The administrators' lists.
    Lists,
    /// A page with secrets.
    Keys,
    /// A redirect, or the empty answer that carries one.
    Redirect,
    /// For programs.
    Data,
    /// The same for everybody, and kept for a short time.
    Public,
    /// A static file.
    File,
}
/// The directives of a policy, none of which may stand twice.
fn directives(policy: &str) -> Vec<(&str, &str)> {
    let all = policy.split(';').map(str::trim);
    let mut all: Vec<_> = all.map(|d| d.split_once(' ').unwrap_or((d, ""))).collect();
    all.sort_unstable();
    all
}

fn policy(is: Is) -> &'static [(&'static str, &'static str)] {
    match is {
        Is::Page => &[
            ("base-uri", "'none'"),
            ("default-src", "'none'"),
            ("form-action", "'self'"),
            ("frame-ancestors", "'none'"),
            ("img-src", "'self'"),
            ("style-src", "'self'"),
        ],
        Portal => &[
            ("base-uri", "'none'"),
            ("default-src", "'none'"),
            ("frame-ancestors", "'none'"),
            ("img-src", "'self'"),
            ("require-trusted-types-for", "'script'"),
            ("script-src", "'self'"),
            ("style-src", "'self'"),
            ("trusted-types", "'none'"),
        ],
        Lists => &[
            ("base-uri", "'none'"),
            ("default-src", "'none'"),
            ("frame-ancestors", "'none'"),
            ("img-src", "'self'"),
            ("style-src", "'self'"),
        ],
        Is::Keys => &[
            ("base-uri", "'none'"),
            ("default-src", "'none'"),
            ("form-action", "'none'"),
            ("frame-ancestors", "'none'"),
            ("img-src", "'self'"),
            ("style-src", "'self'"),
        ],
        Redirect | Data | Public | File => &[
            ("base-uri", "'none'"),
            ("default-src", "'none'"),
            ("form-action", "'none'"),
            ("frame-ancestors", "'none'"),
        ],
    }
}

/// Features that no page of ours may use, and so no page that gets into one.
const FEATURES: &[&str] = &[
    "camera",
    "microphone",
    "geolocation",
    "payment",
    "usb",
    "serial",
    "hid",
    "clipboard-read",
    "display-capture",
    "publickey-credentials-get",
    "identity-credentials-get",
    "browsing-topics",
];

/// Every header is there, once, and says what belongs to an answer of this kind.
pub fn carries(page: &Page, is: Is, secure: bool, what: &str) {
    let once = |name: &str| {
        let mut values = page.headers.get_all(name).iter();
        let value = values.next().map(|value| value.to_str().unwrap());
        assert_eq!(values.next(), None, "{what}: {name} twice");
        value.unwrap_or_else(|| panic!("{what}: no {name}"))
    };
    let said = directives(once("content-security-policy"));
    assert_eq!(said, policy(is), "{what}");
    assert_eq!(once("x-frame-options"), "DENY", "{what}");
    assert_eq!(once("x-content-type-options"), "nosniff", "{what}");
    for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
        assert_eq!(once(name), "same-origin", "{what}: {name}");
    }
    let referrer = if matches!(is, Redirect | Is::Keys) {
        "no-referrer"
    } else {
        "same-origin"
    };
    assert_eq!(once("referrer-policy"), referrer, "{what}");
    let cache = match is {
        File => "public, max-age=31536000, immutable",
        Public => "public, max-age=300",
        _ => "no-store",
    };
    assert_eq!(once("cache-control"), cache, "{what}");
    let permissions = once("permissions-policy");
    for feature in FEATURES {
        assert!(
            permissions.contains(&format!("{feature}=()")),
            "{what}: {feature}"
        );
    }
    assert!(
        !permissions.contains('*') && !permissions.contains("self"),
        "{what}"
    );
    let strict = page.header("strict-transport-security");
    if secure {
        let seconds = strict
            .strip_prefix("max-age=")
            .unwrap_or_else(|| panic!("{what}: no HSTS"));
        assert!(
            seconds.parse::<u32>().unwrap() >= 31_536_000,
            "{what}: {strict}"
        );
    } else {
        assert_eq!(strict, "", "{what}");
    }
    let kind = page.header("content-type");
    match is {
        Redirect => assert!(page.body.is_empty(), "{what}: {}", page.body),
        Data | Public => assert!(!kind.contains("html") && !kind.is_empty(), "{what}: {kind}"),
        File => {
            let known = ["text/css", "text/javascript", "image/svg+xml"];
            assert!(known.iter().any(|known| kind.starts_with(known)), "{what}");
        }
        _ => assert_eq!(kind, "text/html; charset=utf-8", "{what}"),
    }
    assert_eq!(page.header("server"), "", "{what}");
}
