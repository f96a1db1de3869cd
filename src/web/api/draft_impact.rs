//! For whom a draft changes something, and what of it needs a second thought.

use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::{Alarm, Known};
use crate::domain::access::{People, RoleImpact};

/// How many roles of a kind are listed.
const MOST_ROLES: usize = 200;

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
    },
    /// It is not: nobody may say from this that it concerns nobody.
    Unknown {
        /// `off`: the configuration keeps nothing. `nobody_known`: nobody is known yet.
        reason: &'static str,
        /// Of how many people what was kept cannot be read.
        unreadable: usize,
    },
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
    /// The first 200 of them.
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
        let listed = |roles: &[RoleImpact]| roles.iter().take(MOST_ROLES).map(Into::into).collect();
        let more = |all: usize| all.saturating_sub(MOST_ROLES);
        let deserted = impact.deserted.iter().take(MOST_ROLES);
        Self::Known {
            days,
            people: impact.known,
            unreadable,
            gains: listed(&impact.gains),
            more_gains: more(impact.gains.len()),
            losses: listed(&impact.losses),
            more_losses: more(impact.losses.len()),
            left_without: (&impact.left_without).into(),
            deserted: deserted.map(ToString::to_string).collect(),
            more_deserted: more(impact.deserted.len()),
        }
    }
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
