//! What is posted: read with a cap and a deadline, and, unless it comes from an identity provider, only from a page
//! of our own.
//!
//! Against cross-site request forgery (OWASP ASVS 5.0 §3.5): the session cookie is `Lax`; the browser must say that
//! the form stands on our origin (`Origin`, and `Sec-Fetch-Site` where it is sent); and the form carries the
//! session's token. The assertion consumer service is the one cross-site POST.
//!
//! A page that is compressed shows the token [`masked`]: lengths of compressed answers tell what repeats in them, and what
//! is different each time repeats nowhere (BREACH).

use std::future::ready;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, ORIGIN};
use actix_web::{FromRequest, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::bodies::{announced, check_length, in_time};
use super::parameters::Parameters;
use super::problem::{Failure, Written};
use super::visitor::{SessionOf, Visitor, signin, site};
use crate::domain::session::Session;
use crate::limits::What;
use crate::random::{Random, is_token};

/// The cap for a provider's answer: the base64 of 1 MB, percent-encoded.
const IDP_FORM: usize = 1_500_000;
/// The cap for a form of ours.
const OWN_FORM: usize = 64 * 1024;
/// The cap for a form that holds a whole access model.
pub(super) const DOCUMENT_FORM: usize = 4 * 1024 * 1024;
/// The most fields of any form but an administrator's.
const FEW_FIELDS: usize = 64;
/// The most of an administrator's: an entry of the access model has many, and a merge one for each entry to decide.
const MANY_FIELDS: usize = 4_000;
/// The field that holds the session's token.
pub(super) const TOKEN_FIELD: &str = "form_token";

type Read<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// A form that an identity provider had the browser post.
pub(super) struct IdpForm(pub(super) Parameters);

impl FromRequest for IdpForm {
    type Error = Failure;
    type Future = Read<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = form(request.headers(), payload.take(), (IDP_FORM, FEW_FIELDS));
        Box::pin(async move { Ok(Self(form.await?)) })
    }
}

/// A form of our own, posted from a page of our own by the person whose session it names; without a session there
/// is nothing that a forged form could touch, and the token is not looked at.
pub(super) struct OwnForm {
    pub(super) session: Option<Session>,
    pub(super) fields: Parameters,
}

impl FromRequest for OwnForm {
    type Error = Failure;
    type Future = Read<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let ours = is_from(request.headers(), &site(request).origin);
        let session = SessionOf::from_request(request, &mut Payload::None);
        let form = form(request.headers(), payload.take(), (OWN_FORM, FEW_FIELDS));
        Box::pin(async move {
            if !ours {
                return Err(Failure::form_refused());
            }
            let fields = form.await?;
            let SessionOf(session) = session.await?;
            if let Some(session) = &session {
                check_token(&fields, session)?;
            }
            Ok(Self { session, fields })
        })
    }
}

/// A form of an administrators' page, posted from there by an administrator. Nothing is read from anybody else, but what is
/// given back to whoever wrote it.
pub(super) struct AdminForm {
    pub(super) session: Session,
    pub(super) fields: Parameters,
}

impl FromRequest for AdminForm {
    type Error = Failure;
    type Future = Read<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let ours = is_from(request.headers(), &site(request).origin);
        let signin = signin(request).clone();
        let (site, asked) = (site(request).clone(), request.match_pattern());
        let visitor = Visitor::from_request(request, &mut Payload::None);
        let session = SessionOf::from_request(request, &mut Payload::None);
        let most = (DOCUMENT_FORM, MANY_FIELDS);
        let mut form: Read<Parameters> = Box::pin(form(request.headers(), payload.take(), most));
        let written = Written::of(request);
        Box::pin(async move {
            if !ours {
                return Err(Failure::form_refused());
            }
            // only a page of ours gets here: what somebody wrote on it is given back, whatever comes now
            if let Some(written) = &written {
                let read = form.await;
                if let Ok(fields) = &read {
                    written.keep(fields, site.random.as_ref());
                }
                form = Box::pin(ready(read));
            }
            let session = session.await?.0.ok_or(Failure::SentTooLate)?;
            if let Some(written) = &written {
                written.is_in_session(&session.form_token, site.random.as_ref());
            }
            let (visit, who) = (visitor.await?.0, &session.identity);
            site.limits
                .take(What::Administration, visit.address, Some(who))?;
            if !signin.is_administrator(&session) {
                let asked = asked.unwrap_or_default();
                let refused = signin.refuse_administration(&visit, &session, &asked);
                return Err(refused.await.into());
            }
            let fields = form.await?;
            check_token(&fields, &session)?;
            Ok(Self { session, fields })
        })
    }
}

/// The form is known to stand on our origin. A token that could be one of another session's comes from a page that was
/// opened before somebody signed out and in again; what is no token at all comes from no page of ours.
fn check_token(fields: &Parameters, session: &Session) -> Result<(), Failure> {
    let token = fields.one(TOKEN_FIELD).unwrap_or(None).unwrap_or_default();
    if is_same(token, &session.form_token) {
        Ok(())
    } else if is_another_s(token) {
        Err(Failure::OtherSession)
    } else {
        Err(Failure::form_refused())
    }
}

/// Whether the browser says that the request comes from a page of `origin`. A browser that says nothing is refused.
fn is_from(headers: &HeaderMap, origin: &str) -> bool {
    let mut origins = headers.get_all(ORIGIN);
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    match (origins.next(), origins.next()) {
        (Some(said), None) => {
            said.as_bytes() == origin.as_bytes() && site.is_none_or(|site| site == b"same-origin")
        }
        (None, _) => site == Some(b"same-origin"),
        (Some(_), Some(_)) => false,
    }
}

/// Whether a form says the session's token, as it is or masked.
fn is_same(said: &str, token: &str) -> bool {
    let same = |said: &[u8]| {
        aws_lc_rs::constant_time::verify_slices_are_equal(said, token.as_bytes()).is_ok()
    };
    !token.is_empty() && (same(said.as_bytes()) || unmasked(said).is_some_and(|said| same(&said)))
}

/// A session's token for a form, different each time: random bytes, and the token under them.
pub(super) fn masked(token: &str, random: &dyn Random) -> String {
    let mut bytes = vec![0; token.len()];
    random.fill(&mut bytes);
    for (at, byte) in token.bytes().enumerate() {
        bytes.push(bytes[at] ^ byte);
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a text has the shape of a session's token, as it is or masked.
fn is_another_s(said: &str) -> bool {
    token_in(said).is_some()
}

/// What a form said as its token, under another mask; `None`: that has not the shape of one.
pub(super) fn remasked(said: &str, random: &dyn Random) -> Option<String> {
    token_in(said).map(|token| masked(&token, random))
}

/// The session's token that a text is, as it is or masked.
fn token_in(said: &str) -> Option<String> {
    let plain = Some(said.to_owned()).filter(|said| is_token::<32>(said));
    let masked = || String::from_utf8(unmasked(said)?).ok();
    plain.or_else(|| masked().filter(|token| is_token::<32>(token)))
}

/// What is under the mask, if it is one.
fn unmasked(said: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(said).ok()?;
    let (pad, under) = bytes.split_at(bytes.len() / 2);
    let paired = pad.len() == under.len() && !pad.is_empty();
    paired.then(|| {
        pad.iter()
            .zip(under)
            .map(|(pad, byte)| pad ^ byte)
            .collect()
    })
}

/// Reads a form of at most `cap` bytes and `most` fields; the type must be the one that forms have.
fn form(
    headers: &HeaderMap,
    payload: Payload,
    (cap, most): (usize, usize),
) -> impl Future<Output = Result<Parameters, Failure>> + use<> {
    let essence = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .map(|kind| kind.split(';').next().unwrap_or_default().trim());
    let is_form =
        essence.is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let announced = announced(headers);
    async move {
        if !is_form {
            return Err(Failure::NotAForm);
        }
        check_length(announced, cap)?;
        let body = in_time(payload, cap).await?;
        let text = std::str::from_utf8(&body).map_err(|_| Failure::NotAForm)?;
        Parameters::read_up_to(text, most).map_err(|_| Failure::NotAForm)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderName;
    use actix_web::test::TestRequest;

    use super::*;
    use crate::random::SystemRandom;
    use crate::web::bodies::collect;

    const US: &str = "https://console.example.com";

    fn comes_from_us(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        is_from(&headers, US)
    }

    #[test]
    fn a_form_on_our_own_page_is_ours() {
        assert!(comes_from_us(&[("origin", US)]));
        assert!(comes_from_us(&[
            ("origin", US),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(comes_from_us(&[("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn any_other_is_not() {
        for pairs in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "https://evil.example")],
            &[("origin", "https://console.example.com.evil.example")],
            &[("origin", "https://a.console.example.com")],
            &[("origin", "http://console.example.com")],
            &[("origin", "https://console.example.com:444")],
            &[("origin", US), ("origin", "https://evil.example")],
            &[("origin", US), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("referer", "https://console.example.com/")],
        ] {
            assert!(!comes_from_us(pairs), "{pairs:?}");
        }
    }

    #[test]
    fn an_empty_token_matches_nothing() {
        assert!(is_same("abc", "abc"));
        assert!(!is_same("abd", "abc"));
        assert!(!is_same("", "abc"));
        assert!(!is_same("", ""));
    }

    #[test]
    fn a_masked_token_is_another_each_time_and_as_good_as_the_token() {
        let token = "T0ken-_T0ken";
        let masks: Vec<String> = (0..20).map(|_| masked(token, &SystemRandom)).collect();
        for (at, mask) in masks.iter().enumerate() {
            assert!(is_same(mask, token), "{mask}");
            assert!(!is_same(mask, "T0ken-_T0kem"));
            assert!(!masks[..at].contains(mask));
            assert!(!mask.contains("T0k"), "{mask}");
            let mut other = mask.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert!(!is_same(std::str::from_utf8(&other).unwrap(), token));
        }
        let nothing = URL_SAFE_NO_PAD.encode([0; 24]);
        for said in [
            nothing.as_str(),
            "AA",
            "A",
            "=",
            &masks[0][..30],
            &format!("{}A", masks[0]),
        ] {
            assert!(!is_same(said, token), "{said}");
            assert!(!is_same(said, ""), "{said}");
        }
    }

    async fn posted(kind: &'static str, body: Vec<u8>) -> Result<Parameters, Failure> {
        let (request, payload) = TestRequest::post()
            .insert_header((CONTENT_TYPE, kind))
            .set_payload(body)
            .to_http_parts();
        form(request.headers(), payload, (1000, FEW_FIELDS)).await
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    #[actix_web::test]
    async fn a_form_is_read_up_to_its_cap() {
        let body = |length: usize| {
            let mut body = b"a=".to_vec();
            body.resize(length, b'x');
            body
        };
        assert!(posted(FORM, body(1000)).await.is_ok());
        assert!(matches!(
            posted(FORM, body(1001)).await,
            Err(Failure::TooLarge)
        ));
        let charset = "application/x-www-form-urlencoded; charset=utf-8";
        assert!(posted(charset, body(9)).await.is_ok());
    }

    #[actix_web::test]
    async fn a_body_without_its_length_is_capped_too() {
        let chunk = || Ok(actix_web::web::Bytes::from_static(&[b'x'; 100]));
        let chunks: Vec<Result<_, actix_web::error::PayloadError>> =
            (0..100).map(|_| chunk()).collect();
        let stream: Pin<Box<dyn futures_util::Stream<Item = _>>> =
            Box::pin(futures_util::stream::iter(chunks));
        let payload = Payload::Stream { payload: stream };
        assert!(matches!(
            collect(payload, 1000).await,
            Err(Failure::TooLarge)
        ));
    }

    #[actix_web::test]
    async fn what_is_no_form_is_refused() {
        for kind in [
            "application/json",
            "multipart/form-data; boundary=x",
            "text/plain",
            "",
        ] {
            let read = posted(kind, b"a=b".to_vec()).await;
            assert!(matches!(read, Err(Failure::NotAForm)), "{kind}");
        }
        assert!(posted(FORM, b"a=\xff".to_vec()).await.is_err());
        assert!(posted(FORM, b"a=%zz".to_vec()).await.is_err());
    }
}
