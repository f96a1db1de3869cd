//! Session policies: one inline document and up to ten managed ones.
//!
//! They must be well formed and exist, and together stay within 2,048 plain characters. They only
//! ever restrict; that is the business of `permissions`.

use super::shape::{ARN, Shape, Text};
use crate::aws::iam::Registry;
use crate::aws::policy::Policy;
use crate::aws::query::QueryError;

const MAX_ARNS: usize = 10;
const MAX_TOGETHER: usize = 2048;

/// The session policies a request brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SessionPolicies {
    pub(super) inline: Option<String>,
    pub(super) managed: Vec<String>,
}

impl SessionPolicies {
    /// Reads `Policy` and `PolicyArns`.
    pub(super) fn read(shape: &mut Shape<'_>, inline: &Text) -> Self {
        let inline = shape.optional("Policy", inline);
        let managed = shape.list("PolicyArns", MAX_ARNS);
        let managed = managed
            .into_iter()
            .filter_map(|index| shape.field(("PolicyArns", index), "arn", &ARN))
            .collect();
        Self { inline, managed }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.inline.is_none() && self.managed.is_empty()
    }

    /// Refuses malformed and unknown policies and too many characters of them: 2,048, or what the
    /// operation allows one inline policy, if that is more.
    pub(super) fn check(
        &self,
        registry: &Registry,
        account: &str,
        inline_limit: usize,
    ) -> Result<(), QueryError> {
        let most = inline_limit.max(MAX_TOGETHER);
        if let Some(text) = &self.inline {
            Policy::identity(text).map_err(|error| {
                QueryError::malformed_policy(format!(
                    "This policy contains invalid Json or syntax: {error}"
                ))
            })?;
        }
        for arn in &self.managed {
            if registry.managed_policy(account, arn).is_none() {
                return Err(QueryError::validation(format!("{arn} is invalid")));
            }
        }
        let inline = self.inline.as_ref().map_or(0, |text| text.chars().count());
        let managed: usize = self.managed.iter().map(|arn| arn.chars().count()).sum();
        let together = inline + managed;
        if together > most {
            return Err(QueryError::packed_policy_too_large(
                (together * 100).div_ceil(most),
            ));
        }
        Ok(())
    }
}
