//! Whom a change of the access model concerns, in lines for a terminal.

use std::fmt::Write as _;

use crate::admin::{Alarm, Known, Ready};
use crate::domain::access::{Impact, Later, People, RoleImpact};
use crate::domain::role::RoleKey;

/// How many names, or roles, stand in a line; the others are counted.
const MOST_IN_A_LINE: usize = 10;

/// For whom, and what would have to be confirmed.
pub(super) fn told(weighed: &Ready) -> String {
    let mut text = match &weighed.known {
        Known::Off => {
            "For whom is unknown: access.impact_days is 0, so nothing is kept of what providers say of people.\n".to_owned()
        }
        Known::Nobody { unreadable } => {
            "For whom is unknown: of nobody it is known what their provider said when they last signed in.\n".to_owned()
                + &left_out(*unreadable)
        }
        Known::Impact {
            impact,
            days,
            unreadable,
        } => of_people(impact, *days) + &left_out(*unreadable),
    };
    if !weighed.alarms.is_empty() {
        text.push_str(&second_thought(&weighed.alarms, &weighed.phrase()));
    }
    text
}

fn of_people(impact: &Impact, days: u32) -> String {
    let mut text = format!(
        "For whom, of the {} who signed in during the last {days} days, by what their provider said then:\n",
        people(impact.known)
    );
    let is_all = impact.later.is_empty() && impact.more_moments == 0;
    text.push_str(&at_one_moment(impact, if is_all { "" } else { " now" }));
    for Later { moment, impact } in &impact.later {
        // writing to a String cannot fail
        let _ = writeln!(
            text,
            "From {} on, as rules begin and end:",
            moment.format("%Y-%m-%d %H:%M UTC")
        );
        text.push_str(&at_one_moment(impact, " then"));
    }
    match impact.more_moments {
        0 => {}
        1 => text.push_str(
            "Rules of this document begin or end at 1 more moment. What changes then is not known.\n",
        ),
        more => {
            let _ = writeln!(
                text,
                "Rules of this document begin or end at {more} more moments. What changes then is not known."
            );
        }
    }
    text
}

fn at_one_moment(impact: &Impact, when: &str) -> String {
    let mut text = String::new();
    if impact.is_nothing() {
        // writing to a String cannot fail
        let _ = writeln!(text, "  Nobody of them gains or loses a role{when}.");
    }
    for gain in &impact.gains {
        text.push_str(&moved(gain, ("gains", "gain")));
    }
    for loss in &impact.losses {
        text.push_str(&moved(loss, ("loses", "lose")));
    }
    if impact.left_without.count > 0 {
        let verbs = ("loses their last role", "lose their last role");
        text.push_str(&concerned(&impact.left_without, verbs, ""));
    }
    if !impact.deserted.is_empty() {
        // writing to a String cannot fail
        let _ = writeln!(
            text,
            "  Nobody of them holds afterwards: {}",
            roles(&impact.deserted)
        );
    }
    text
}

fn moved(role: &RoleImpact, verbs: (&str, &str)) -> String {
    let production = if role.production { " (production)" } else { "" };
    concerned(&role.people, verbs, &format!(" {}{production}", role.role))
}

fn concerned(who: &People, (one, several): (&str, &str), what: &str) -> String {
    let verb = if who.count == 1 { one } else { several };
    let names: Vec<&str> = who.names.iter().map(|name| &**name).collect();
    format!(
        "  {} {verb}{what}: {}\n",
        people(who.count),
        list(&names, who.count)
    )
}

/// What needs a second thought, and how it is confirmed.
pub(super) fn second_thought(alarms: &[Alarm], phrase: &str) -> String {
    let mut text = "This needs a second thought:\n".to_owned();
    for alarm in alarms {
        // writing to a String cannot fail
        let _ = match alarm {
            Alarm::ProductionToEverybody(given) => writeln!(
                text,
                "  It gives production roles to everybody who signs in: {}",
                roles(given)
            ),
            Alarm::LastRoleFromMany { count, known } => writeln!(
                text,
                "  It takes their last role from {count} of {} known.",
                people(*known)
            ),
            Alarm::NothingForAnybody => writeln!(
                text,
                "  No rule gives anything any more: nobody holds any role."
            ),
        };
    }
    let _ = writeln!(
        text,
        "If it is meant so: vestibule access apply … --confirm \"{phrase}\""
    );
    text
}

fn left_out(unreadable: usize) -> String {
    match unreadable {
        0 => String::new(),
        count => format!(
            "  What was kept of {} cannot be read with this key, and does not count.\n",
            people(count)
        ),
    }
}

fn people(count: usize) -> String {
    match count {
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    }
}

fn roles(keys: &[RoleKey]) -> String {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let keys: Vec<&str> = keys.iter().map(|key| &**key).collect();
    list(&keys, keys.len())
}

/// The first of them, and how many more there are.
fn list(names: &[&str], count: usize) -> String {
    let shown = &names[..names.len().min(MOST_IN_A_LINE)];
    let mut text = shown.join(", ");
    if count > shown.len() {
        // writing to a String cannot fail
        let _ = write!(text, " and {} more", count - shown.len());
    }
    text
}
