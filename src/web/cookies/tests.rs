//! Cookies as browsers get and send them.

use chrono::TimeZone as _;

use super::*;

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn now() -> Timestamp {
    chrono::Utc.timestamp_opt(1_800_000_000, 0).unwrap()
}

fn cookies(url: &str, secret: &str) -> Cookies {
    Cookies::new(&Url::parse(url).unwrap(), &SecretString::from(secret)).unwrap()
}

fn secure() -> Cookies {
    cookies("https://console.example.com", &"s".repeat(32))
}

fn loopback() -> Cookies {
    cookies("http://127.0.0.1:8080", &"s".repeat(32))
}

fn departure(minutes: i64) -> Departure {
    Departure {
        location: Url::parse("https://idp.example.com/").unwrap(),
        browser: BrowserKey::parse(KEY).unwrap(),
        expires: now() + chrono::Duration::minutes(minutes),
        idp: IdpId::parse("corp").unwrap(),
    }
}

fn sent(set: &HeaderValue) -> String {
    let text = set.to_str().unwrap();
    text.split(';').next().unwrap().to_owned()
}

fn asks(cookie: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
    headers
}

#[test]
fn on_https_the_cookies_are_bound_to_the_host() {
    let session = StartedSession {
        id: SessionId::new(KEY.to_owned()),
        ends: now() + chrono::Duration::hours(12),
        idp: IdpId::parse("corp").unwrap(),
        person: PersonKey::of("corp", "f", "ada"),
    };
    assert_eq!(
        secure().start_session(&session, now()),
        format!(
            "__Host-vestibule-session={KEY}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=43200"
        )
    );
    let login = secure().begin_login(&departure(10), now());
    let login = login.to_str().unwrap();
    assert!(login.starts_with("__Host-vestibule-login="), "{login}");
    assert!(
        login.ends_with("; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=600"),
        "{login}"
    );
    assert!(!login.contains(KEY));
}

#[test]
fn on_loopback_the_port_is_in_the_name() {
    assert_eq!(
        loopback().remember_idp(&IdpId::parse("corp").unwrap()),
        "vestibule-idp-8080=corp; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"
    );
    let login = loopback().begin_login(&departure(10), now());
    assert!(login.to_str().unwrap().contains("SameSite=Lax; Path=/"));
    let gone = loopback().end_session();
    assert!(
        gone.to_str()
            .unwrap()
            .starts_with("vestibule-session-8080=; ")
    );
    assert!(gone.to_str().unwrap().contains("Max-Age=0"));
}

#[test]
fn a_sealed_login_opens_once_more_until_it_expires() {
    let set = secure().begin_login(&departure(90), now());
    let headers = asks(&sent(&set));
    let at = |minutes| secure().browser(&headers, now() + chrono::Duration::minutes(minutes));
    assert_eq!(at(59).unwrap().unwrap().expose(), KEY);
    assert!(at(60).unwrap().is_none());
}

#[test]
fn a_seal_under_another_name_or_key_does_not_open() {
    let set = sent(&secure().begin_login(&departure(10), now()));
    let moved = set.replacen("__Host-vestibule-login", "vestibule-login-8080", 1);
    assert!(loopback().browser(&asks(&moved), now()).unwrap().is_none());
    let other = cookies("https://console.example.com", &"t".repeat(32));
    assert!(other.browser(&asks(&set), now()).unwrap().is_none());
}

#[test]
fn who_signed_in_is_known_for_a_while_and_is_nothing_that_anybody_can_say() {
    let ada = PersonKey::of("corp", "f", "ada");
    let set = sent(&secure().remember_person(&ada, now()));
    assert!(!set.contains(ada.as_str()));
    let at = |cookie: &str, days| {
        let then = now() + chrono::Duration::days(days);
        secure().known(&asks(cookie), then)
    };
    assert_eq!(at(&set, 89), Some(ada.clone()));
    assert_eq!(at(&set, 90), None);
    // one seal opens under no other name, and what is not sealed opens nothing
    let login = sent(&secure().begin_login(&departure(10), now()));
    assert_eq!(at(&login.replacen("-login", "-known", 1), 0), None);
    let plain = format!("__Host-vestibule-known=9999999999.{ada}");
    assert_eq!(at(&plain, 0), None);
    assert_eq!(at(&format!("{set}; {set}"), 0), None);
}

#[test]
fn no_changed_byte_of_a_sealed_login_opens() {
    let set = sent(&secure().begin_login(&departure(10), now()));
    let start = set.find('=').unwrap() + 1;
    for at in start..set.len() {
        for bit in 0..7 {
            let mut bytes = set.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(value) = HeaderValue::from_bytes(&bytes) else {
                continue;
            };
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, value);
            let opened = secure().browser(&headers, now()).unwrap();
            assert!(opened.is_none(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn a_cookie_that_comes_twice_is_refused() {
    let name = "__Host-vestibule-session";
    let twice = asks(&format!("{name}={KEY}; a=b; {name}={KEY}"));
    assert_eq!(secure().session(&twice).map(|_| ()), Err(Doubled));
    let mut apart = asks(&format!("{name}={KEY}"));
    apart.append(
        COOKIE,
        HeaderValue::from_static("__Host-vestibule-session=x"),
    );
    assert_eq!(secure().session(&apart).map(|_| ()), Err(Doubled));
    let once = asks(&format!("a={name}; {name}={KEY}; x{name}=1"));
    assert_eq!(secure().session(&once).unwrap().unwrap().expose(), KEY);
}

#[test]
fn what_is_no_session_id_is_no_session() {
    for value in [
        "",
        "short",
        &"A".repeat(44),
        &"A".repeat(100_000),
        "é",
        "a b",
    ] {
        let mut headers = HeaderMap::new();
        let cookie = format!("__Host-vestibule-session={value}");
        headers.insert(COOKIE, HeaderValue::from_bytes(cookie.as_bytes()).unwrap());
        assert!(secure().session(&headers).unwrap().is_none());
    }
}

#[test]
fn a_short_secret_is_refused() {
    let url = Url::parse("https://console.example.com").unwrap();
    let short = SecretString::from("s".repeat(31));
    assert!(Cookies::new(&url, &short).is_err());
}

#[test]
fn any_cookie_of_ours_shows_that_the_browser_keeps_them() {
    let name = "__Host-vestibule";
    for (cookie, kept) in [
        (format!("{name}-idp=corp"), true),
        (format!("{name}-session=; a=b"), true),
        (format!("{name}-login=x; {name}-login=y"), true),
        (format!("a=b; x{name}-idp=corp"), false),
        ("vestibule-idp-8080=corp".to_owned(), false),
    ] {
        assert_eq!(secure().any(&asks(&cookie)), kept, "{cookie}");
    }
    assert!(!secure().any(&HeaderMap::new()));
}

#[test]
fn a_provider_that_cannot_be_one_is_forgotten() {
    let ask = |value: &str| secure().last_idp(&asks(&format!("__Host-vestibule-idp={value}")));
    assert_eq!(ask("corp"), IdpId::parse("corp").ok());
    assert_eq!(ask("../corp"), None);
    assert_eq!(ask("corp; __Host-vestibule-idp=okta"), None);
}
