//! What the browser brings back from the provider.
//!
//! The raw query string of the callback, read once and strictly (RFC 6749 §4.1.2, RFC 9207): a parameter that
//! stands twice, an answer that is both code and error, and tokens in the front channel are refused. What the
//! provider says of an error is data: kept short, without control characters, never interpreted.

use std::collections::BTreeSet;
use std::fmt;

use secrecy::SecretString;
use url::form_urlencoded;

use super::error::Error;

/// The whole query string.
const QUERY_BYTES: usize = 16 * 1024;
/// No provider sends as many.
const PARAMETERS: usize = 32;
const CODE_BYTES: usize = 8 * 1024;
const STATE_BYTES: usize = 512;
const ISSUER_BYTES: usize = 1024;
const ERROR_CHARS: usize = 64;
const DESCRIPTION_CHARS: usize = 512;

/// The provider's answer, as the browser brought it. It proves nothing yet.
pub struct Callback {
    pub(super) answer: Answer,
    pub(super) iss: Option<String>,
}

/// Either a code or a refusal, never both.
pub(super) enum Answer {
    /// To be exchanged at the token endpoint, once.
    Code(SecretString),
    /// The provider said no.
    Refusal(Refusal),
}

/// The provider's own words for why it said no: data to show, escaped, never advice of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The `error` code, for example `access_denied`.
    pub error: String,
    /// The `error_description`, shortened.
    pub description: Option<String>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.answer {
            Answer::Code(_) => "Callback(code)",
            Answer::Refusal(_) => "Callback(error)",
        })
    }
}

impl Callback {
    /// Reads the raw query string (without `?`): the state, by which the pending login is found, and the answer.
    pub fn parse(query: &str) -> Result<(String, Self), Error> {
        let found = Parameters::read(query)?;
        let state = found.state.ok_or(Error::State)?;
        let fits =
            (1..=STATE_BYTES).contains(&state.len()) && state.bytes().all(|b| b.is_ascii_graphic());
        if !fits {
            return Err(Error::State);
        }
        if found
            .iss
            .as_ref()
            .is_some_and(|iss| iss.len() > ISSUER_BYTES)
        {
            return Err(Error::Callback("its `iss` is too long"));
        }
        let answer = match (found.code, found.error) {
            (Some(code), None) => Answer::Code(check_code(code)?),
            (None, Some(error)) => Answer::Refusal(Refusal {
                error: readable(&error, ERROR_CHARS),
                description: found
                    .description
                    .map(|text| readable(&text, DESCRIPTION_CHARS))
                    .filter(|text| !text.is_empty()),
            }),
            (Some(_), Some(_)) => return Err(Error::Callback("it is both a code and an error")),
            (None, None) => return Err(Error::Callback("it is neither a code nor an error")),
        };
        let iss = found.iss;
        Ok((state, Self { answer, iss }))
    }
}

#[derive(Default)]
struct Parameters {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl Parameters {
    fn read(query: &str) -> Result<Self, Error> {
        if query.len() > QUERY_BYTES {
            return Err(Error::Callback("it is too long"));
        }
        let mut found = Self::default();
        let mut seen = BTreeSet::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if seen.len() == PARAMETERS {
                return Err(Error::Callback("it has too many parameters"));
            }
            let slot = match &*name {
                "state" => Some(&mut found.state),
                "code" => Some(&mut found.code),
                "iss" => Some(&mut found.iss),
                "error" => Some(&mut found.error),
                "error_description" => Some(&mut found.description),
                // another flow's answer: a token that came through the browser, or a signed response
                "id_token" | "access_token" | "token_type" | "response" => {
                    return Err(Error::Callback("it answers another flow than ours"));
                }
                // session_state, scope, authuser and the like: allowed, unread
                _ => None,
            };
            if let Some(slot) = slot {
                *slot = Some(value.into_owned());
            }
            if !seen.insert(name) {
                return Err(Error::Callback("a parameter stands twice"));
            }
        }
        Ok(found)
    }
}

fn check_code(code: String) -> Result<SecretString, Error> {
    let fits = (1..=CODE_BYTES).contains(&code.len())
        // RFC 6749 appendix A.11
        && code.bytes().all(|b| (0x20..=0x7e).contains(&b));
    if fits {
        Ok(SecretString::from(code))
    } else {
        Err(Error::Callback("its code is no code"))
    }
}

/// At most so many characters, none of them a control or direction mark.
fn readable(text: &str, chars: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !is_direction_mark(*c))
        .take(chars)
        .collect()
}

/// Characters that turn text around: a description must not rearrange the page's own words.
pub(super) fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_code_is_read_with_its_state_and_issuer() {
        let (state, callback) = Callback::parse(
            "code=a%2Fb%20c&state=s-1&iss=https%3A%2F%2Fop.example&session_state=x.y",
        )
        .unwrap();
        assert_eq!(state, "s-1");
        assert_eq!(callback.iss.as_deref(), Some("https://op.example"));
        let Answer::Code(code) = &callback.answer else {
            panic!("no code")
        };
        assert_eq!(code.expose_secret(), "a/b c");
        assert!(!format!("{callback:?}").contains("a/b"));
    }

    // O10
    #[test]
    fn whatever_could_be_read_in_two_ways_is_refused() {
        for query in [
            "code=a&code=b&state=s",
            "code=a&code=a&state=s",
            "code=a&co%64e=a&state=s",
            "code=a&state=s&state=t",
            "code=a&state=s&iss=x&iss=x",
            "code=a&state=s&scope=x&scope=y",
            "error=a&error=b&state=s",
            "code=a&error=access_denied&state=s",
            "state=s",
            "code=&state=s",
            "code=a%00b&state=s",
            "code=a%0d%0ab&state=s",
            "code=%ff&state=s",
            "code=a&state=s&id_token=x",
            "code=a&state=s&access_token=x",
            "response=x&state=s",
        ] {
            let refused = Callback::parse(query).unwrap_err();
            assert_eq!(refused.code(), "oidc.callback", "{query}");
        }
    }

    // O1
    #[test]
    fn an_answer_without_a_usable_state_is_refused() {
        let long = format!("code=a&state={}", "s".repeat(513));
        for query in [
            "code=a",
            "code=a&state=",
            "code=a&state=%00",
            "error=x",
            &long,
        ] {
            assert_eq!(Callback::parse(query).unwrap_err().code(), "oidc.state");
        }
    }

    #[test]
    fn sizes_are_bounded() {
        let code = format!("state=s&code={}", "c".repeat(CODE_BYTES + 1));
        let query = format!("state=s&code=c&x={}", "x".repeat(QUERY_BYTES));
        let many = (0..40).fold("state=s&code=c".to_owned(), |q, n| format!("{q}&p{n}=1"));
        let iss = format!("state=s&code=c&iss={}", "i".repeat(1025));
        for query in [code, query, many, iss] {
            assert_eq!(Callback::parse(&query).unwrap_err().code(), "oidc.callback");
        }
    }

    // O10: the text is kept as data, without what could disturb a page or a log
    #[test]
    fn a_providers_error_is_data() {
        let (_, callback) = Callback::parse(
            "error=access_denied%0a&error_description=%3Cscript%3E%E2%80%AEalert(1)%0d%0aX&state=s",
        )
        .unwrap();
        let Answer::Refusal(refusal) = callback.answer else {
            panic!("no refusal")
        };
        assert_eq!(refusal.error, "access_denied");
        assert_eq!(refusal.description.as_deref(), Some("<script>alert(1)X"));
        let long = format!("state=s&error=e&error_description={}", "d".repeat(9000));
        let (_, callback) = Callback::parse(&long).unwrap();
        let Answer::Refusal(refusal) = callback.answer else {
            panic!("no refusal")
        };
        assert_eq!(refusal.description.map(|d| d.len()), Some(512));
    }
}
