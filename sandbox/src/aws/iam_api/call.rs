//! One IAM request: who asks, what for, and the account that it concerns.
//!
//! Every operation reads its parameters, asks permission on one resource, and then reads or edits
//! the caller's own account: IAM knows no other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

use super::shape::{MARKER, TAG_KEY, TAG_VALUE};
use super::switches::IamSwitches;
use crate::aws::http::Incoming;
use crate::aws::iam::Account;
use crate::aws::identity::Identity;
use crate::aws::permissions::{Channel, authorize};
use crate::aws::policy::{Context, Request};
use crate::aws::query::{Element, QueryError, Shape};
use crate::aws::simulation::Simulation;

/// What an operation answers.
pub(super) type Answered = Result<Vec<Element>, QueryError>;

/// One IAM request, authenticated.
pub(super) struct Call<'a> {
    pub(super) simulation: &'a Simulation,
    pub(super) incoming: &'a Incoming,
    pub(super) identity: &'a Identity,
    pub(super) operation: &'static str,
    pub(super) region: &'static str,
    pub(super) shape: Shape<'a>,
    pub(super) switches: IamSwitches,
}

impl Call<'_> {
    /// The time.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.simulation.clock.now()
    }

    /// An ARN of the caller's account.
    pub(super) fn arn(&self, resource: &str) -> String {
        let (partition, account) = (self.identity.partition.name(), &self.identity.account);
        format!("arn:{partition}:iam::{account}:{resource}")
    }

    /// The parameters must be well formed, and the caller must be allowed this operation.
    pub(super) fn permit(&mut self, resource: &str) -> Result<(), QueryError> {
        self.permit_with(resource, Context::new())
    }

    /// The same with condition keys of the operation's own.
    pub(super) fn permit_with(&mut self, resource: &str, own: Context) -> Result<(), QueryError> {
        self.shape.finish()?;
        let registry = self.simulation.seen();
        let peer = self.incoming.peer;
        let mut context = self.simulation.context_of(self.identity, &registry, peer);
        context.merge(own);
        context.set("aws:RequestedRegion", self.region);
        let action = format!("iam:{}", self.operation);
        let request = Request {
            action: &action,
            resource,
            context: &context,
        };
        if authorize(&registry, self.identity, Channel::Api, &request).is_allowed() {
            Ok(())
        } else {
            let arn = self.identity.arn();
            Err(QueryError::not_authorized(&arn, &action, resource))
        }
    }

    /// Reads the account, as IAM reads it back to whoever asks.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Account) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        let registry = self.simulation.read_back(&self.identity.access_key);
        let account = registry.account(&self.identity.account);
        read(account.ok_or_else(QueryError::unknown_key)?)
    }

    /// Edits the account.
    pub(super) fn edit<T>(
        &self,
        edit: impl FnOnce(&mut Account) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        let editor = &self.identity.access_key;
        self.simulation.edit(editor, |registry| {
            let account = registry.account_mut(&self.identity.account);
            edit(account.ok_or_else(QueryError::unknown_key)?)
        })
    }

    /// Whether the caller's account, or AWS, has a managed policy of this ARN.
    pub(super) fn has_managed_policy(&self, arn: &str) -> bool {
        let registry = self.simulation.iam.read();
        let found = registry.managed_policy(&self.identity.account, arn);
        found.is_some()
    }

    /// Reads `Tags`.
    pub(super) fn tags(&mut self) -> Vec<(String, String)> {
        let mut tags = Vec::new();
        for index in self.shape.list("Tags", 50) {
            let key = self.shape.field(("Tags", index), "Key", &TAG_KEY);
            let value = self.shape.field(("Tags", index), "Value", &TAG_VALUE);
            tags.extend(key.zip(value));
        }
        tags
    }

    /// Reads `Marker` and `MaxItems`.
    pub(super) fn paging(&mut self) -> Result<Paging, QueryError> {
        let marker = self.shape.optional("Marker", &MARKER);
        let most = self.shape.number("MaxItems", 1, 1000)?.unwrap_or(100);
        let after = marker.map(|marker| {
            let bytes = URL_SAFE_NO_PAD.decode(marker).ok()?;
            String::from_utf8(bytes).ok()
        });
        let after = match after {
            None => None,
            Some(Some(after)) => Some(after),
            Some(None) => return Err(QueryError::validation("Invalid Marker")),
        };
        Ok(Paging {
            after,
            most: usize::try_from(most)
                .unwrap_or(usize::MAX)
                .min(self.switches.page_limit),
        })
    }
}

/// Tags as a map, unless a key stands twice or is reserved.
pub(super) fn distinct(
    tags: Vec<(String, String)>,
) -> Result<std::collections::BTreeMap<String, String>, QueryError> {
    for (at, (key, _)) in tags.iter().enumerate() {
        let key = key.to_lowercase();
        if tags[..at]
            .iter()
            .any(|(other, _)| other.to_lowercase() == key)
        {
            return Err(QueryError::invalid_input(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        if key.starts_with("aws:") {
            return Err(QueryError::invalid_input(
                "Tag keys beginning with aws: are reserved",
            ));
        }
    }
    Ok(tags.into_iter().collect())
}

/// Which part of a list is wanted.
pub(super) struct Paging {
    after: Option<String>,
    most: usize,
}

impl Paging {
    /// That part of a list, whose items come by their names, in order.
    pub(super) fn cut(
        &self,
        name: &'static str,
        items: impl IntoIterator<Item = (String, Element)>,
    ) -> Vec<Element> {
        let mut items: Vec<(String, Element)> = items.into_iter().collect();
        items.sort_by(|(one, _), (other, _)| one.cmp(other));
        let first = self
            .after
            .as_ref()
            .map_or(0, |after| items.partition_point(|(name, _)| name <= after));
        let end = items.len().min(first.saturating_add(self.most));
        let truncated = end < items.len();
        let marker = (truncated && end > 0).then(|| URL_SAFE_NO_PAD.encode(&items[end - 1].0));
        let members = items.drain(first..end).map(|(_, item)| item).collect();
        let mut answer = vec![
            Element::Group(name, members),
            Element::text("IsTruncated", truncated.to_string()),
        ];
        answer.extend(marker.map(|marker| Element::text("Marker", marker)));
        answer
    }
}
