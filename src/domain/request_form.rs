//! The company's own form for asking for access: an address with places for the account and the role.
//!
//! What is filled in is what the visitor themself asked for, every letter of it escaped, so that it stays a part of the
//! place it is put into. Knows nothing of who may know what.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Position, Url};

/// The most bytes that the address may have, places and all.
pub const LONGEST: usize = 1_024;

/// The places.
const ACCOUNT: &str = "{account}";
const ROLE: &str = "{role}";

/// All but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The address, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestForm(String);

/// Why a text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestFormError {
    /// Over [`LONGEST`].
    #[error("has at most 1,024 characters")]
    TooLong,
    /// Another place than the two that there are.
    #[error("has no places but {{account}} and {{role}}")]
    OtherPlace,
    /// No URL.
    #[error("is no URL")]
    NoUrl,
    /// By another way than https.
    #[error("begins with https:// (http:// serves loopback addresses only)")]
    NotHttps,
    /// Userinfo, or a place where the host stands.
    #[error("has a plain host, without a user or a place in it")]
    NotPlain,
}

/// What somebody asked for and was not given, as they wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The account.
    pub account: Option<String>,
    /// The role.
    pub role: Option<String>,
}

impl RequestForm {
    /// Reads the address.
    pub fn parse(text: &str) -> Result<Self, RequestFormError> {
        if text.len() > LONGEST {
            return Err(RequestFormError::TooLong);
        }
        if text
            .chars()
            .any(|c| c.is_control() || c == ' ' || c == '\\')
        {
            return Err(RequestFormError::NoUrl);
        }
        let bare = text.replace(ACCOUNT, "").replace(ROLE, "");
        if bare.contains(['{', '}']) {
            return Err(RequestFormError::OtherPlace);
        }
        let url = |with: &str| {
            let text = text.replace(ACCOUNT, with).replace(ROLE, with);
            Url::parse(&text).map_err(|_| RequestFormError::NoUrl)
        };
        let (one, other) = (url("1")?, url("2")?);
        if !is_https_or_here(&one) {
            return Err(RequestFormError::NotHttps);
        }
        let before_path = |url: &Url| url[..Position::BeforePath].to_owned();
        let plain = before_path(&one) == before_path(&other)
            && one.username().is_empty()
            && one.password().is_none();
        plain
            .then(|| Self(text.to_owned()))
            .ok_or(RequestFormError::NotPlain)
    }

    /// The address with what was asked for in its places; they stay empty for what was not.
    pub fn href(&self, asked: &Asked) -> String {
        let part = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default();
            utf8_percent_encode(text, RESERVED).to_string()
        };
        // the second place is looked for in the address alone, not in what was put into the first
        let (account, role) = (part(&asked.account), part(&asked.role));
        let parts: Vec<String> = self
            .0
            .split(ACCOUNT)
            .map(|part| part.replace(ROLE, &role))
            .collect();
        parts.join(&account)
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_https_or_here(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(account: &str, role: &str) -> Asked {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Asked {
            account: some(account),
            role: some(role),
        }
    }

    #[test]
    fn what_was_asked_for_stands_in_its_places() {
        let form = "https://forms.example.com/new/{account}?role={role}&again={role}#{account}";
        let form = RequestForm::parse(form).unwrap();
        assert_eq!(
            form.href(&asked("payments-prod", "Admin")),
            "https://forms.example.com/new/payments-prod?role=Admin&again=Admin#payments-prod"
        );
        assert_eq!(
            form.href(&Asked::default()),
            "https://forms.example.com/new/?role=&again=#"
        );
        let plain = RequestForm::parse("https://forms.example.com/").unwrap();
        assert_eq!(plain.href(&asked("a", "b")), "https://forms.example.com/");
    }

    #[test]
    fn nothing_that_was_asked_for_gets_out_of_its_place() {
        let form = RequestForm::parse("https://forms.example.com/{account}/{role}?x").unwrap();
        let hostile = "/../?a=b&c#d%2f@evil.example:80\\\"><{role}{account}\u{e9}";
        let url = Url::parse(&form.href(&asked(hostile, hostile))).unwrap();
        assert_eq!(url.host_str(), Some("forms.example.com"));
        assert_eq!((url.query(), url.fragment()), (Some("x"), None));
        let parts: Vec<_> = url.path_segments().unwrap().collect();
        assert_eq!(parts.len(), 2, "{url}");
        assert_eq!(parts[0], parts[1]);
    }

    #[test]
    fn an_address_that_is_not_one_is_refused() {
        use RequestFormError as E;
        let long = format!("https://forms.example.com/{}", "a".repeat(LONGEST));
        for (text, error) in [
            ("", E::NoUrl),
            ("forms.example.com", E::NoUrl),
            ("https://forms.example.com/a b", E::NoUrl),
            ("https://forms.example.com/\n", E::NoUrl),
            ("https://forms.example.com\\x", E::NoUrl),
            (long.as_str(), E::TooLong),
            ("https://forms.example.com/{person}", E::OtherPlace),
            ("https://forms.example.com/{account", E::OtherPlace),
            ("http://forms.example.com/", E::NotHttps),
            ("javascript:alert(1)", E::NotHttps),
            ("mailto:access@example.com", E::NotHttps),
            ("https://{account}.example.com/", E::NotPlain),
            ("https://forms.example.com:{role}/", E::NotPlain),
            ("https://{role}@forms.example.com/", E::NotPlain),
            ("https://user:pass@forms.example.com/", E::NotPlain),
        ] {
            assert_eq!(RequestForm::parse(text), Err(error), "{text}");
        }
        for text in [
            "http://127.0.0.1:9/x",
            "http://localhost/{role}",
            "http://[::1]/",
        ] {
            assert!(RequestForm::parse(text).is_ok(), "{text}");
        }
    }
}
