//! Tokens for programs: each speaks for the person who made it, within its scopes and until its end.
//!
//! The program holds the token; the database holds only its SHA-256, so that a stolen database opens nothing. The words
//! before the underscore are there for scanners: whoever finds one where it does not belong knows what it is.

use std::collections::BTreeSet;
use std::fmt;

use chrono::Duration;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::identity::{Authentication, Identity};
use super::session::Session;

/// What every token begins with.
pub const PREFIX: &str = "vst_";

/// The longest name of a token, in characters.
const LONGEST_NAME: usize = 100;

/// The token itself: [`PREFIX`] and 32 random bytes in URL-safe base64, 47 characters.
pub struct TokenSecret(SecretString);

impl TokenSecret {
    /// Of 32 random bytes in URL-safe base64.
    pub fn new(random: &str) -> Self {
        Self(SecretString::from(format!("{PREFIX}{random}")))
    }

    /// Reads what a program says; anything of another shape is no token.
    pub fn parse(text: &str) -> Option<Self> {
        let random = text.strip_prefix(PREFIX)?;
        let fits = random.len() == 43
            && random
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Self(SecretString::from(text.to_owned())))
    }

    /// Gives it up: for its digest, and to be shown once.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(…)")
    }
}

/// The name under which a token is listed and revoked: 16 hexadecimal digits. No secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(String);

impl TokenId {
    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 16
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        fits.then(|| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that cannot name a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token's name has 1 to 100 characters, and no control characters")]
pub struct TokenNameError;

/// What its person calls a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenName(String);

impl TokenName {
    /// Reads one; what stands around it is left away.
    pub fn parse(text: &str) -> Result<Self, TokenNameError> {
        let text = text.trim();
        let fits =
            (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.contains(char::is_control);
        fits.then(|| Self(text.to_owned())).ok_or(TokenNameError)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Declares what tokens may do, with their words.
macro_rules! may {
    ($($(#[$doc:meta])* $may:ident = $word:literal, $admin:literal;)+) => {
        /// What a token may do. None gives more than its person may.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum TokenScope {
            $($(#[$doc])* #[serde(rename = $word)] $may,)+
        }

        impl TokenScope {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$may),+];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$may => $word,)+
                }
            }

            /// Whether it is of use to administrators only.
            pub fn is_for_administrators(self) -> bool {
                match self {
                    $(Self::$may => $admin,)+
                }
            }
        }
    };
}

may! {
    /// See who one is, one's roles, and why one holds them.
    MeRead = "me:read", false;
    /// Make keys of one's roles.
    KeysMake = "keys:make", false;
    /// See one's tokens, make further ones and revoke them.
    Tokens = "tokens", false;
    /// See one's sessions with Vestibule, and end them.
    Sessions = "sessions", false;
    /// See the access model, its revisions, and what the rules say of anybody.
    AccessRead = "access:read", true;
    /// Check and publish access models.
    AccessWrite = "access:write", true;
    /// Have roles probed.
    RolesProbe = "roles:probe", true;
    /// Read the record, and see whose sessions there are and what is stopped.
    RecordRead = "record:read", true;
    /// End sessions, revoke in AWS, block and suspend.
    Revoke = "revoke", true;
}

impl TokenScope {
    /// Reads its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.word() == word)
    }
}

/// What one token may do.
pub type TokenScopes = BTreeSet<TokenScope>;

/// A token as it is listed; what it opens is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its public name.
    pub id: TokenId,
    /// The digest under which the database knows it (lower-case hexadecimal SHA-256).
    pub digest: String,
    /// Whom it speaks for: as their provider last proved them.
    pub identity: Identity,
    /// What they call it.
    pub name: String,
    /// What it may do.
    pub scopes: TokenScopes,
    /// When it was made.
    pub made: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// When it was last used, to the minute.
    pub used: Option<Timestamp>,
}

impl Token {
    /// Its person as it can speak for them: nobody logged in now, so nothing is said of a login, and nothing that it makes
    /// lasts longer than itself.
    pub fn as_session(&self) -> Session {
        let authentication = Authentication {
            session_ends: Some(self.expires),
            ..Authentication::default()
        };
        Session {
            digest: self.digest.clone(),
            identity: Identity {
                authentication,
                ..self.identity.clone()
            },
            began: self.made,
            seen: self.used.unwrap_or(self.made),
            ends: self.expires,
            form_token: String::new(),
        }
    }
}

/// How long tokens live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenLife {
    /// Where nobody says how long, in days.
    pub usual_days: u16,
    /// At most, in days; 0: there are no tokens.
    pub most_days: u16,
}

/// Why a token cannot live so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenLifeError {
    /// Nobody makes tokens here.
    #[error("there are no tokens here: the configuration says so")]
    Off,
    /// Too short or too long.
    #[error("a token lives 1 to {0} days")]
    Days(u16),
}

impl TokenLife {
    /// How long a token lives that was asked for so many days.
    pub fn of(self, days: Option<u16>) -> Result<Duration, TokenLifeError> {
        if self.most_days == 0 {
            return Err(TokenLifeError::Off);
        }
        let days = days.unwrap_or_else(|| self.usual_days.min(self.most_days));
        if !(1..=self.most_days).contains(&days) {
            return Err(TokenLifeError::Days(self.most_days));
        }
        Ok(Duration::days(days.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_not_the_shape_of_a_token_is_none() {
        let random = "a".repeat(43);
        assert!(TokenSecret::parse(&format!("vst_{random}")).is_some());
        for text in [
            "",
            "vst_",
            &random,
            &format!("VST_{random}"),
            &format!("vst_{random}a"),
            &format!("vst_{}", "a".repeat(42)),
            &format!("vst_{}=", "a".repeat(42)),
            &format!("vst_{}\n", "a".repeat(42)),
            &format!(" vst_{random}"),
        ] {
            assert!(TokenSecret::parse(text).is_none(), "{text:?}");
        }
        let shown = format!("{:?}", TokenSecret::new(&random));
        assert_eq!(shown, "TokenSecret(…)");
    }

    #[test]
    fn ids_and_names_are_read_as_they_are_written_or_not_at_all() {
        assert!(TokenId::parse("0123456789abcdef").is_some());
        for text in [
            "",
            "0123456789ABCDEF",
            "0123456789abcde",
            "0123456789abcdeg",
        ] {
            assert_eq!(TokenId::parse(text), None, "{text}");
        }
        assert_eq!(TokenName::parse("  laptop ").unwrap().as_str(), "laptop");
        for text in ["", "  ", "a\nb", "a\u{7f}b", &"x".repeat(101)] {
            assert!(TokenName::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn every_scope_is_read_by_its_word_and_by_nothing_else() {
        for scope in TokenScope::ALL {
            assert_eq!(TokenScope::parse(scope.word()), Some(*scope));
            let json = serde_json::to_string(scope).unwrap();
            assert_eq!(json, format!("\"{}\"", scope.word()));
        }
        for word in ["", "me", "ME:READ", "me:read ", "*"] {
            assert_eq!(TokenScope::parse(word), None);
        }
    }

    #[test]
    fn a_token_lives_as_long_as_was_asked_and_is_allowed() {
        let life = TokenLife {
            usual_days: 30,
            most_days: 90,
        };
        assert_eq!(life.of(None), Ok(Duration::days(30)));
        assert_eq!(life.of(Some(90)), Ok(Duration::days(90)));
        for days in [0, 91, u16::MAX] {
            assert_eq!(life.of(Some(days)), Err(TokenLifeError::Days(90)));
        }
        let short = TokenLife {
            most_days: 7,
            ..life
        };
        assert_eq!(short.of(None), Ok(Duration::days(7)));
        let off = TokenLife {
            most_days: 0,
            ..life
        };
        assert_eq!(off.of(Some(1)), Err(TokenLifeError::Off));
    }
}
