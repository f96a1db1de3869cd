//! What a probe says in the place of a person: one fixed name, and stand-ins where a role wants something of the person.

use super::trial::Trial;
use super::{NAME, SECONDS};
use crate::domain::identity::{Authentication, Identity, IdpId, Subject};
use crate::domain::role::Role;
use crate::domain::template::{Slot, TemplateValues};

/// All that one call says beside role, name and policy. Made here alone, so that a probe can speak for nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    source_identity: bool,
    tags: Vec<(String, String)>,
    transitive_tags: Vec<String>,
    duration: bool,
}

impl Words {
    /// What a call says.
    pub fn of(role: &Role, trial: Trial) -> Self {
        let (tags, transitive_tags) = if trial.tags {
            (filled(role), role.transitive_tags.clone())
        } else {
            (Vec::new(), Vec::new())
        };
        Self {
            source_identity: trial.source_identity,
            tags,
            transitive_tags,
            duration: trial.duration,
        }
    }

    /// `SourceIdentity`.
    pub fn source_identity(&self) -> Option<&'static str> {
        self.source_identity.then_some(NAME)
    }

    /// `Tags`.
    pub fn tags(&self) -> &[(String, String)] {
        &self.tags
    }

    /// `TransitiveTagKeys`.
    pub fn transitive_tags(&self) -> &[String] {
        &self.transitive_tags
    }

    /// `DurationSeconds`.
    pub fn seconds(&self) -> Option<u32> {
        self.duration.then_some(SECONDS)
    }
}

/// The keys of the tags whose values come from the person, and so are stand-ins in a probe.
pub(super) fn stand_ins(role: &Role) -> Vec<&str> {
    let of_person = role
        .tags
        .iter()
        .filter(|(_, value)| value.slots().next().is_some());
    of_person.map(|(key, _)| key.as_str()).collect()
}

fn filled(role: &Role) -> Vec<(String, String)> {
    let Ok(idp) = IdpId::parse(NAME) else {
        return Vec::new();
    };
    let nobody = nobody(role, idp);
    let values = TemplateValues {
        identity: &nobody,
        session_name: NAME,
    };
    let fill = |(key, template): &(String, crate::domain::template::Template)| {
        // where there is no room for it among the rest, it stands alone
        let value = template.fill(&values).unwrap_or_else(|_| NAME.to_owned());
        (key.clone(), value)
    };
    role.tags.iter().map(fill).collect()
}

/// Somebody who has everything that the role's tags want to know, and it is always the same.
fn nobody(role: &Role, idp: IdpId) -> Identity {
    let slots = role.tags.iter().flat_map(|(_, value)| value.slots());
    let attributes = slots.filter_map(|slot| match slot {
        Slot::Attribute(name) => Some((name.clone(), vec![NAME.to_owned()])),
        Slot::SessionName | Slot::Subject | Slot::Email => None,
    });
    Identity {
        idp,
        subject: Subject {
            format: String::new(),
            value: NAME.to_owned(),
        },
        display_name: NAME.to_owned(),
        verified_email: Some(NAME.to_owned()),
        attributes: attributes.collect(),
        authentication: Authentication::default(),
        notice: None,
    }
}
