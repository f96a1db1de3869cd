//! What a model says put into lines for a page, within bounds.

use super::Which;
use crate::admin::look::{moment, sentence};
use crate::domain::Timestamp;
use crate::domain::access::why::{Reach, Reading, Time, Verdict};
use crate::domain::access::{AccessIndex, AccessRevision};
use crate::domain::account::Environment;
use crate::domain::identity::Identity;
use crate::domain::person::PersonKey;
use crate::domain::role::{Role, RoleKey};
use crate::domain::stop::{Suspension, Until};

/// The most rules of each kind that are shown.
const MOST_RULES: usize = 100;
/// The most values that are shown of one thing.
const MOST_VALUES: usize = 50;
/// The most values of a person that are shown, and their most bytes together.
const MOST_ATTRIBUTES: (usize, usize) = (1_000, 48 * 1024);

/// The most roles that are shown.
const MOST_ROLES: usize = 1_000;

/// Whence it comes what is said of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whence {
    /// From their session: they signed in then.
    SignedIn(Timestamp),
    /// From what is kept for reviews: they signed in last then.
    LastSeen(Timestamp),
    /// It was typed.
    Typed,
    /// It was pasted.
    Pasted,
}

/// What a model says about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// Which model.
    pub which: Which,
    /// The revision, where it is one.
    pub revision: AccessRevision,
    /// About whom.
    pub who: WhoLine,
    /// The roles that they hold.
    pub roles: Vec<HeldLine>,
    /// How many more there are.
    pub more_roles: usize,
    /// Of the role that was asked about, why, or why not.
    pub explained: Option<Explained>,
}

/// A role that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLine {
    /// Its key.
    pub key: String,
    /// The account's name.
    pub account: String,
    /// The account's environment, if it has one.
    pub environment: Option<&'static str>,
    /// The first rule that gives it.
    pub rule: String,
    /// What keeps everybody out of it now, whatever the rules say.
    pub suspended: Option<Suspension>,
}

/// What the rules say about somebody and a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The role's key.
    pub role: String,
    /// The account's name.
    pub account: String,
    /// How it comes out.
    pub verdict: Verdict,
    /// What keeps everybody out of it now, whatever the rules say.
    pub suspended: Option<Suspension>,
    /// The rules that can give it: first those that do, then what is nearest to it.
    pub gives: Vec<ReadingLine>,
    /// How many more there are.
    pub more_gives: usize,
    /// The rules that can take it away, likewise.
    pub takes: Vec<ReadingLine>,
    /// How many more there are.
    pub more_takes: usize,
}

/// Whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoLine {
    /// Their name for readers.
    pub display_name: String,
    /// The provider.
    pub idp: String,
    /// The subject.
    pub subject: String,
    /// By what they are named, where they are somebody who is known.
    pub key: Option<PersonKey>,
    /// Until when they are blocked, if they are: whatever the rules say, nobody lets them in.
    pub blocked: Option<Until>,
    /// Whence that comes.
    pub whence: Whence,
    /// When that was, where it was at some time.
    pub since: Option<String>,
    /// What was said of them, a value each: the attribute's name, and the value.
    pub attributes: Vec<(String, String)>,
    /// How many more values there are.
    pub more: usize,
}

/// A rule, read against somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingLine {
    /// The rule's name.
    pub rule: String,
    /// Whether it does what it says.
    pub applies: bool,
    /// Whether it counts now.
    pub time: Time,
    /// From when it counts.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// Its conditions.
    pub conditions: Vec<ConditionLine>,
    /// The value that spells the role, where it is by one that it points there.
    pub spelling: Option<SpellingLine>,
}

/// A condition, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionLine {
    /// Whether it holds.
    pub holds: bool,
    /// In words.
    pub text: String,
    /// The values that decide it; where none does, all there are.
    pub own: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

/// Whether a value spells the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpellingLine {
    /// Of which attribute.
    pub attribute: String,
    /// The values that do, each with what was captured.
    pub spelled: Vec<(String, Vec<(String, String)>)>,
    /// One that would, where that can be told.
    pub example: Option<String>,
}

/// What stands in a role's way now, whatever the rules give.
type Suspended<'a> = &'a dyn Fn(&Role) -> Option<Suspension>;

/// Asks the model and puts what it says into lines.
pub(super) fn simulate(
    index: &AccessIndex,
    (identity, whence): (&Identity, Whence),
    role: Option<&RoleKey>,
    (which, now): (Which, Timestamp),
    (suspended, blocked): (Suspended<'_>, Option<Until>),
) -> Simulated {
    let held = index.held(identity, now);
    let roles = held.iter().take(MOST_ROLES).map(|held| HeldLine {
        key: held.role.key.to_string(),
        account: held.role.account.name.clone(),
        environment: held.role.account.environment.map(Environment::word),
        rule: held.rule.to_owned(),
        suspended: suspended(held.role),
    });
    Simulated {
        which,
        revision: index.revision(),
        who: who(identity, whence, blocked),
        roles: roles.collect(),
        more_roles: held.len().saturating_sub(MOST_ROLES),
        explained: role.and_then(|key| explain(index, identity, key, (now, suspended))),
    }
}

/// Reads the rules and puts what they say into lines.
fn explain(
    index: &AccessIndex,
    identity: &Identity,
    key: &RoleKey,
    (now, suspended): (Timestamp, Suspended<'_>),
) -> Option<Explained> {
    let why = index.why(identity, key, now)?;
    let verdict = why.verdict();
    let (gives, more_gives) = lines(&why.gives);
    let (takes, more_takes) = lines(&why.takes);
    Some(Explained {
        role: key.to_string(),
        account: why.role.account.name.clone(),
        verdict,
        suspended: suspended(why.role),
        gives,
        more_gives,
        takes,
        more_takes,
    })
}

fn who(identity: &Identity, whence: Whence, blocked: Option<Until>) -> WhoLine {
    let all = identity
        .attributes
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    let (most, mut bytes) = MOST_ATTRIBUTES;
    let total = all.clone().count();
    let shown = all.take(most).take_while(|(name, value)| {
        let left = bytes.checked_sub(name.len() + value.len());
        bytes = left.unwrap_or(0);
        left.is_some()
    });
    let attributes: Vec<(String, String)> = shown
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    WhoLine {
        display_name: identity.display_name.clone(),
        idp: identity.idp.to_string(),
        subject: identity.subject.value.clone(),
        key: matches!(whence, Whence::SignedIn(_) | Whence::LastSeen(_)).then(|| {
            let subject = &identity.subject;
            PersonKey::of(identity.idp.as_str(), &subject.format, &subject.value)
        }),
        blocked,
        since: match whence {
            Whence::SignedIn(at) | Whence::LastSeen(at) => Some(moment(at)),
            Whence::Typed | Whence::Pasted => None,
        },
        whence,
        more: total - attributes.len(),
        attributes,
    }
}

fn lines(readings: &[Reading<'_>]) -> (Vec<ReadingLine>, usize) {
    let mut nearest: Vec<&Reading<'_>> = readings.iter().collect();
    nearest.sort_by_key(|reading| (!reading.applies(), reading.missing()));
    let more = nearest.len().saturating_sub(MOST_RULES);
    let lines = nearest.into_iter().take(MOST_RULES).map(line);
    (lines.collect(), more)
}

fn line(reading: &Reading<'_>) -> ReadingLine {
    let written = reading.rule.conditions.iter();
    let conditions = written.zip(&reading.conditions).map(|(condition, judged)| {
        let values = if judged.by.is_empty() {
            &judged.own
        } else {
            &judged.by
        };
        let shown = values.iter().take(MOST_VALUES);
        ConditionLine {
            holds: judged.holds,
            text: sentence(condition),
            own: shown.map(|value| (*value).to_owned()).collect(),
            more: values.len().saturating_sub(MOST_VALUES),
        }
    });
    ReadingLine {
        rule: reading.rule.name.clone(),
        applies: reading.applies(),
        time: reading.time,
        from: reading.rule.from.map(moment),
        until: reading.rule.until.map(moment),
        conditions: conditions.collect(),
        spelling: spelling(&reading.reach),
    }
}

fn spelling(reach: &Reach<'_>) -> Option<SpellingLine> {
    let Reach::ByValues {
        attribute,
        spelled,
        example,
        ..
    } = reach
    else {
        return None;
    };
    let owned = |(group, text): &(&str, &str)| ((*group).to_owned(), (*text).to_owned());
    let spelled = spelled.iter().take(MOST_VALUES).map(|spelled| {
        let captured = spelled.captured.iter().map(owned).collect();
        (spelled.value.to_owned(), captured)
    });
    Some(SpellingLine {
        attribute: (*attribute).to_owned(),
        spelled: spelled.collect(),
        example: example.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::{Authentication, IdpId, Subject};

    #[test]
    fn what_is_shown_of_a_person_is_bounded_and_the_rest_is_counted() {
        let values = |count: usize, length: usize| -> Vec<String> {
            (0..count).map(|at| format!("{at:0length$}")).collect()
        };
        let mut identity = Identity {
            idp: IdpId::parse("corp").unwrap(),
            subject: Subject {
                format: String::new(),
                value: "ada".to_owned(),
            },
            display_name: "Ada".to_owned(),
            verified_email: None,
            attributes: [("groups".to_owned(), values(1_200, 5))].into(),
            authentication: Authentication::default(),
            notice: None,
        };
        let line = who(&identity, Whence::Typed, None);
        assert_eq!((line.attributes.len(), line.more), (1_000, 200));
        identity.attributes = [("g".to_owned(), values(100, 1_023))].into();
        let line = who(&identity, Whence::Typed, None);
        assert_eq!((line.attributes.len(), line.more), (48, 52));
    }
}
