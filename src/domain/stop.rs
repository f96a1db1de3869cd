//! Stops: a blocked person, a suspended account, a suspended role. The rules go on giving what they give; while a stop
//! is in force, nothing is handed over all the same.
//!
//! A person is *blocked*, an account or a role is *suspended*; the common name is *stop*. A stop is in force from when it
//! is set until its end by the clock, or until somebody lifts it. Its note is for administrators: whom it stops is told
//! until when, and whom to ask, and never the note.

use std::collections::HashMap;
use std::fmt;

use chrono::Duration;

use super::Timestamp;
use super::account::AccountId;
use super::person::{KnownPerson, PersonKey};
use super::preferences::LastingKey;
use super::role::Role;

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 1_000;

/// The furthest end: beyond it, one means without end.
const FURTHEST: Duration = Duration::days(3_660);

/// What is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A person: blocked.
    Person(PersonKey),
    /// An account, with all its roles: suspended.
    Account(AccountId),
    /// A role: suspended.
    Role(LastingKey),
}

impl Target {
    /// The word for its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Account(_) => "account",
            Self::Role(_) => "role",
        }
    }

    /// Reads a kind's word and the target's text.
    pub fn parse(kind: &str, text: &str) -> Option<Self> {
        match kind {
            "person" => PersonKey::parse(text).map(Self::Person),
            "account" => AccountId::parse(text).ok().map(Self::Account),
            "role" => LastingKey::parse(text).ok().map(Self::Role),
            _ => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(key) => key.fmt(f),
            Self::Account(id) => id.fmt(f),
            Self::Role(key) => key.fmt(f),
        }
    }
}

/// When it ends by itself; `None` is without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until(pub Option<Timestamp>);

/// The text names no end that a stop can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UntilError {
    /// It is no moment.
    #[error("an end is written as 2026-03-01T17:00, in UTC")]
    Unreadable,
    /// It is over already.
    #[error("the end lies in the past")]
    Past,
    /// It is so far off that it is meant to be without end.
    #[error("the end lies more than ten years ahead: leave it empty for a stop without end")]
    Far,
}

impl Until {
    /// Reads what a form or a program says: `2026-03-01T17:00`, with seconds and a `Z` or without, in UTC; empty is
    /// without end.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, UntilError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self(None));
        }
        let plain = text.strip_suffix('Z').unwrap_or(text);
        let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        let is_plain = text.len() <= 20 && text.starts_with(|c: char| c.is_ascii_digit());
        let read = formats
            .iter()
            .filter(|_| is_plain)
            .find_map(|format| chrono::NaiveDateTime::parse_from_str(plain, format).ok());
        let moment = read.ok_or(UntilError::Unreadable)?.and_utc();
        if moment <= now {
            return Err(UntilError::Past);
        }
        if moment - now > FURTHEST {
            return Err(UntilError::Far);
        }
        Ok(Self(Some(moment)))
    }

    /// Whether it has not ended.
    pub fn holds(self, now: Timestamp) -> bool {
        self.0.is_none_or(|until| until > now)
    }

    /// Whether it ends no sooner than another.
    pub fn lasts_as_long_as(self, other: Self) -> bool {
        match (self.0, other.0) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(one), Some(two)) => one >= two,
        }
    }

    /// The one that ends later.
    fn later(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(one), Some(two)) => Self(Some(one.max(two))),
            _ => Self(None),
        }
    }
}

/// A stop, as it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// What is stopped.
    pub target: Target,
    /// Who that is, where it is a person.
    pub person: Option<KnownPerson>,
    /// Until when.
    pub until: Until,
    /// Why: for administrators.
    pub note: String,
    /// Who set it.
    pub author: String,
    /// When.
    pub at: Timestamp,
}

/// After which stop of a list the next ones stand: it was set then, and is of that target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When it was set, in milliseconds since 1970.
    pub at: i64,
    /// What is stopped.
    pub target: Target,
}

impl Cursor {
    /// Reads what [`Cursor::text`] has written.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, target) = text.split_once('.')?;
        let (kind, target) = target.split_once('.')?;
        let is_plain = !at.is_empty() && at.bytes().all(|b| b.is_ascii_digit());
        is_plain.then_some(())?;
        Some(Self {
            at: at.parse().ok()?,
            target: Target::parse(kind, target)?,
        })
    }

    /// As text for a link.
    pub fn text(&self) -> String {
        format!("{}.{}.{}", self.at, self.target.kind(), self.target)
    }
}

/// Whether a text can stand beside a stop: of bounded length, of one or more lines.
pub fn is_note(text: &str) -> bool {
    let invisible = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    text.chars().count() <= LONGEST_NOTE && !text.contains(invisible)
}

/// A role that is suspended, be it by itself or with its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspension {
    /// With its whole account.
    pub whole_account: bool,
    /// Until when.
    pub until: Until,
}

/// The suspended accounts and roles, as they are known at a moment. Blocked people are not among them: who is blocked
/// is asked of the database with every look at a session.
#[derive(Debug, Clone, Default)]
pub struct Suspensions {
    accounts: HashMap<AccountId, Until>,
    roles: HashMap<LastingKey, Until>,
}

impl Suspensions {
    /// Of all stops there are.
    pub fn of(stops: impl IntoIterator<Item = Stop>) -> Self {
        let mut all = Self::default();
        for stop in stops {
            match stop.target {
                Target::Account(account) => drop(all.accounts.insert(account, stop.until)),
                Target::Role(role) => drop(all.roles.insert(role, stop.until)),
                Target::Person(_) => {}
            }
        }
        all
    }

    /// What stands in a role's way now.
    pub fn on(&self, role: &Role, now: Timestamp) -> Option<Suspension> {
        if self.accounts.is_empty() && self.roles.is_empty() {
            return None;
        }
        let account = self.accounts.get(&role.account.id);
        let account = account.copied().filter(|until| until.holds(now));
        let alone = self.roles.get(&LastingKey::of(role));
        let alone = alone.copied().filter(|until| until.holds(now));
        let until = match (account, alone) {
            (None, None) => return None,
            (Some(one), Some(two)) => one.later(two),
            (Some(one), None) | (None, Some(one)) => one,
        };
        Some(Suspension {
            whole_account: account.is_some(),
            until,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;
    use crate::domain::probe::testing::{Kind, role};

    fn now() -> Timestamp {
        chrono::Utc.with_ymd_and_hms(2026, 3, 1, 9, 0, 0).unwrap()
    }

    fn stop(target: Target, until: Option<Timestamp>) -> Stop {
        Stop {
            target,
            person: None,
            until: Until(until),
            note: String::new(),
            author: String::new(),
            at: now(),
        }
    }

    #[test]
    fn an_end_is_a_moment_ahead_or_none() {
        let read = |text: &str| Until::parse(text, now());
        assert_eq!(read(""), Ok(Until(None)));
        assert_eq!(read("  "), Ok(Until(None)));
        let five = chrono::Utc.with_ymd_and_hms(2026, 3, 1, 17, 0, 0).unwrap();
        for text in [
            "2026-03-01T17:00",
            "2026-03-01T17:00Z",
            "2026-03-01T17:00:00Z",
            " 2026-03-01T17:00:00 ",
        ] {
            assert_eq!(read(text), Ok(Until(Some(five))), "{text}");
        }
        for text in ["2026-03-01T09:00", "2026-02-28T17:00", "0001-01-01T00:00"] {
            assert_eq!(read(text), Err(UntilError::Past), "{text}");
        }
        for text in ["2037-01-01T00:00", "9999-12-31T23:59"] {
            assert_eq!(read(text), Err(UntilError::Far), "{text}");
        }
        for text in [
            "tomorrow",
            "2026-03-01",
            "2026-02-30T17:00",
            "2026-03-01T25:00",
            "2026-03-01T17:00+02:00",
            "+262142-12-31T23:59",
            "2026-03-01T17:00ZZ",
            &"9".repeat(100_000),
        ] {
            assert_eq!(read(text), Err(UntilError::Unreadable), "{text:.40}");
        }
    }

    #[test]
    fn a_note_is_bounded_and_holds_no_control_characters() {
        assert!(is_note("left on Friday\r\nticket 4711\t(HR)"));
        assert!(is_note(&"é".repeat(LONGEST_NOTE)));
        assert!(!is_note(&"é".repeat(LONGEST_NOTE + 1)));
        assert!(!is_note("a\0b"));
        assert!(!is_note("\u{1b}[31m"));
    }

    #[test]
    fn a_role_is_suspended_alone_or_with_its_account_until_the_later_end() {
        let role = role(Kind::Saml, false);
        let (hour, day) = (now() + Duration::hours(1), now() + Duration::days(1));
        let account = || Target::Account(role.account.id.clone());
        let alone = || Target::Role(LastingKey::of(&role));
        let on = |stops: Vec<Stop>, at| Suspensions::of(stops).on(&role, at);
        assert_eq!(on(Vec::new(), now()), None);
        let found = on(vec![stop(alone(), None)], now()).unwrap();
        assert_eq!((found.whole_account, found.until), (false, Until(None)));
        let both = || vec![stop(alone(), Some(hour)), stop(account(), Some(day))];
        let found = on(both(), now()).unwrap();
        assert_eq!((found.whole_account, found.until), (true, Until(Some(day))));
        assert!(on(both(), hour).is_some(), "the account's lasts longer");
        assert_eq!(on(both(), day), None, "both have ended");
        let other = AccountId::parse("999900001111").unwrap();
        assert_eq!(on(vec![stop(Target::Account(other), None)], now()), None);
    }

    #[test]
    fn a_target_reads_what_it_writes_and_nothing_else() {
        for (kind, text) in [
            ("person", "0123456789abcdef".repeat(4)),
            ("account", "111122223333".to_owned()),
            ("role", "111122223333/ReadOnly".to_owned()),
        ] {
            let target = Target::parse(kind, &text).unwrap();
            assert_eq!((target.kind(), target.to_string()), (kind, text));
        }
        for (kind, text) in [
            ("person", "ada"),
            ("account", "payments-prod"),
            ("account", "1111222233334"),
            ("role", "payments-prod/ReadOnly"),
            ("role", "111122223333/a b"),
            ("role", "111122223333"),
            ("session", "111122223333"),
            ("", ""),
        ] {
            assert_eq!(Target::parse(kind, text), None, "{kind} {text}");
        }
    }

    #[test]
    fn a_cursor_reads_what_it_writes_and_nothing_else() {
        for text in [
            "1772355600000.account.111122223333",
            "0.role.111122223333/Read.Only",
        ] {
            assert_eq!(Cursor::parse(text).unwrap().text(), text);
        }
        for text in [
            "",
            ".",
            "1",
            "1.account",
            "1.account.",
            "1.account.payments-prod",
            "+1.account.111122223333",
            "-1.account.111122223333",
            "99999999999999999999.account.111122223333",
            "1.session.111122223333",
            " 1.account.111122223333",
        ] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
