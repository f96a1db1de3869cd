//! Who may see the administrators' pages: decided by the configuration, not by the model that it guards.

use crate::domain::access::{ConditionEntry, Conditions};
use crate::domain::identity::{Identity, IdpId};

/// The `[[administrators]]` of the configuration, compiled.
#[derive(Debug, Default)]
pub struct Administrators(Vec<(IdpId, Conditions)>);

impl Administrators {
    /// Compiles the entries: for each, a provider and what must all hold. The problems are one a line, with key paths.
    pub fn compile<'a>(
        entries: impl IntoIterator<Item = (&'a IdpId, &'a [ConditionEntry])>,
    ) -> Result<Self, String> {
        let mut compiled = Vec::new();
        let mut problems = Vec::new();
        for (index, (idp, when)) in entries.into_iter().enumerate() {
            match Conditions::compile(when, &format!("administrators[{index}].when")) {
                Ok(conditions) => compiled.push((idp.clone(), conditions)),
                Err(found) => problems.push(found.to_string()),
            }
        }
        if problems.is_empty() {
            Ok(Self(compiled))
        } else {
            Err(problems.join("\n"))
        }
    }

    /// Whether this identity is an administrator's. An entry without conditions makes nobody one.
    pub fn include(&self, identity: &Identity) -> bool {
        self.0
            .iter()
            .any(|(idp, when)| *idp == identity.idp && when.hold_for(identity))
    }
}
