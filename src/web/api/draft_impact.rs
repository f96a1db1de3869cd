//! For whom a draft changes something, and what of it needs a second thought.

use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::{Alarm, Known};
use crate::domain::Timestamp;
use crate::domain::access::{Later, People, RoleImpact};
use crate::domain::role::RoleKey;

/// How many roles of a kind are listed.
const MOST_ROLES: usize = 200;
/// How many of a moment to come.
const LATER_ROLES: usize = 50;

/// Whom a change concerns, of everybody who signed in lately.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum OneImpact {
    /// It is known.
    Known {
        /// Of how many days the people are.
        days: u32,
        /// How many people it rests on.
        people: usize,
        /// Of how many more what was kept cannot be read.
        unreadable: usize,
        /// What is gained, the most people first.
        gains: Vec<RolePeople>,
        /// How many more roles are.
        more_gains: usize,
        /// What is lost, likewise.
        losses: Vec<RolePeople>,
        more_losses: usize,
        /// Who is left without any role.
        left_without: SomePeople,
        /// Roles that nobody known holds afterwards.
        deserted: Vec<String>,
        more_deserted: usize,
        /// What changes at moments to come, as rules begin and end: those at which it is something else than before.
        later: Vec<LaterImpact>,
        /// At how many more moments rules of the draft begin or end; what changes then is not known.
        more_moments: usize,
    },
    /// It is not: nobody may say from this that it concerns nobody.
    Unknown {
        /// `off`: the configuration keeps nothing. `nobody_known`: nobody is known yet.
        reason: &'static str,
        /// Of how many people what was kept cannot be read.
        unreadable: usize,
    },
}

/// What changes from a moment on, against what the current revision gives then.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LaterImpact {
    #[schema(value_type = String)]
    from: Timestamp,
    /// What is gained, the most people first.
    gains: Vec<RolePeople>,
    /// How many more roles are.
    more_gains: usize,
    /// What is lost, likewise.
    losses: Vec<RolePeople>,
    more_losses: usize,
    /// Who is left without any role.
    left_without: SomePeople,
    /// Roles that nobody known holds afterwards.
    deserted: Vec<String>,
    more_deserted: usize,
}

/// A role, and who gains or loses it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RolePeople {
    role: String,
    /// Whether its account is a production one.
    production: bool,
    #[serde(flatten)]
    #[schema(inline)]
    people: SomePeople,
}

/// People.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SomePeople {
    /// How many.
    count: usize,
    /// The first 200 of them; at moments to come, the first 20.
    names: Vec<String>,
}

impl From<&People> for SomePeople {
    fn from(people: &People) -> Self {
        Self {
            count: people.count,
            names: people.names.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<&RoleImpact> for RolePeople {
    fn from(impact: &RoleImpact) -> Self {
        Self {
            role: impact.role.to_string(),
            production: impact.production,
            people: (&impact.people).into(),
        }
    }
}

impl From<Known> for OneImpact {
    fn from(known: Known) -> Self {
        let (impact, days, unreadable) = match known {
            Known::Off => {
                return Self::Unknown {
                    reason: "off",
                    unreadable: 0,
                };
            }
            Known::Nobody { unreadable } => {
                return Self::Unknown {
                    reason: "nobody_known",
                    unreadable,
                };
            }
            Known::Impact {
                impact,
                days,
                unreadable,
            } => (impact, days, unreadable),
        };
        let later = impact.later.iter();
        Self::Known {
            days,
            people: impact.known,
            unreadable,
            gains: listed(&impact.gains, MOST_ROLES),
            more_gains: impact.gains.len().saturating_sub(MOST_ROLES),
            losses: listed(&impact.losses, MOST_ROLES),
            more_losses: impact.losses.len().saturating_sub(MOST_ROLES),
            left_without: (&impact.left_without).into(),
            deserted: keys(&impact.deserted, MOST_ROLES),
            more_deserted: impact.deserted.len().saturating_sub(MOST_ROLES),
            later: later.map(LaterImpact::of).collect(),
            more_moments: impact.more_moments,
        }
    }
}

impl LaterImpact {
    fn of(Later { moment, impact }: &Later) -> Self {
        Self {
            from: *moment,
            gains: listed(&impact.gains, LATER_ROLES),
            more_gains: impact.gains.len().saturating_sub(LATER_ROLES),
            losses: listed(&impact.losses, LATER_ROLES),
            more_losses: impact.losses.len().saturating_sub(LATER_ROLES),
            left_without: (&impact.left_without).into(),
            deserted: keys(&impact.deserted, LATER_ROLES),
            more_deserted: impact.deserted.len().saturating_sub(LATER_ROLES),
        }
    }
}

fn listed(roles: &[RoleImpact], most: usize) -> Vec<RolePeople> {
    roles.iter().take(most).map(Into::into).collect()
}

fn keys(roles: &[RoleKey], most: usize) -> Vec<String> {
    let roles = roles.iter().take(most);
    roles.map(ToString::to_string).collect()
}

/// Something that needs a second thought.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneAlarm {
    /// `production_to_everybody`, `last_role_from_many` or `nothing_for_anybody`.
    alarm: &'static str,
    /// The production roles that are given to everybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    roles: Vec<String>,
    /// How many people lose their last role.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    /// Of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<usize>,
}

impl From<Alarm> for OneAlarm {
    fn from(alarm: Alarm) -> Self {
        let bare = Self {
            alarm: "nothing_for_anybody",
            roles: Vec::new(),
            count: None,
            of: None,
        };
        match alarm {
            Alarm::NothingForAnybody => bare,
            Alarm::ProductionToEverybody(roles) => Self {
                alarm: "production_to_everybody",
                roles: roles.iter().map(ToString::to_string).collect(),
                ..bare
            },
            Alarm::LastRoleFromMany { count, known } => Self {
                alarm: "last_role_from_many",
                count: Some(count),
                of: Some(known),
                ..bare
            },
        }
    }
}
