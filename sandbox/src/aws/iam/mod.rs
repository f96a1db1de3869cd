//! The simulated accounts: everything a test or a demo seeds, and may change while it runs.
//!
//! Holds what IAM and S3 would hold; decides nothing. Permissions are evaluated in `policy` and
//! `trust`, always on what stands here at that moment, so an edit reaches live sessions.

mod history;
mod managed;
mod principals;
mod resources;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{DateTime, TimeDelta, Utc};

pub use history::Seen;
pub use principals::{AccessKey, Owner, Role, User};
pub use resources::{Bucket, ManagedPolicy, OidcProvider, SamlProvider};

use super::mfa::MfaDevice;
use super::partition::Partition;
use super::policy::Policy;
use history::History;

/// The simulated accounts, shared: the server reads, tests and demos write.
#[derive(Clone, Debug, Default)]
pub struct Iam {
    registry: Arc<RwLock<Registry>>,
    history: Arc<Mutex<History>>,
}

impl Iam {
    /// Shares a registry.
    pub fn new(registry: Registry) -> Self {
        Self {
            registry: Arc::new(RwLock::new(registry)),
            history: Arc::default(),
        }
    }

    /// Reads; do not hold the guard across an await.
    pub fn read(&self) -> RwLockReadGuard<'_, Registry> {
        self.registry.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the registry as a caller of IAM does, by the key that signs: what stood before is
    /// remembered, because those who decide, or read, may see the change only `delay` later.
    pub fn edit<T>(
        &self,
        (now, editor): (DateTime<Utc>, &str),
        delay: TimeDelta,
        change: impl FnOnce(&mut Registry) -> T,
    ) -> T {
        let mut registry = self.write();
        if delay > TimeDelta::zero() {
            self.history().remember((now, editor), &registry);
        }
        change(&mut registry)
    }

    /// The registry as those see it who decide: without the edits of the last `delay`.
    pub fn seen(&self, now: DateTime<Utc>, delay: TimeDelta) -> Seen<'_> {
        let past = self.history().before(now - delay);
        past.map_or_else(|| Seen::Now(self.read()), Seen::Past)
    }

    /// The registry as somebody reads it by IAM's API: without what others edited in the last `delay`, unless they
    /// edited something themselves since.
    pub fn read_back(&self, (now, reader): (DateTime<Utc>, &str), delay: TimeDelta) -> Seen<'_> {
        let past = self.history().before_others(reader, now - delay);
        past.map_or_else(|| Seen::Now(self.read()), Seen::Past)
    }

    fn history(&self) -> std::sync::MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes; do not hold the guard across an await.
    pub fn write(&self) -> RwLockWriteGuard<'_, Registry> {
        self.registry
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// All accounts of all partitions.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    accounts: BTreeMap<String, Account>,
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces an account.
    #[must_use]
    pub fn with(mut self, account: Account) -> Self {
        self.put(account);
        self
    }

    /// Adds or replaces an account.
    pub fn put(&mut self, account: Account) {
        self.accounts.insert(account.id.clone(), account);
    }

    /// The account of that 12-digit id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id)
    }

    /// The account of that 12-digit id, for changing.
    pub fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.get_mut(id)
    }

    /// All accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// The long-term key of that id, with whom it belongs to.
    pub fn long_term_key(&self, id: &str) -> Option<(&Account, Owner<'_>, &AccessKey)> {
        self.accounts.values().find_map(|account| {
            let (owner, key) = account.long_term_key(id)?;
            Some((account, owner, key))
        })
    }

    /// The bucket of that name, with the account that owns it.
    pub fn bucket(&self, name: &str) -> Option<(&Account, &Bucket)> {
        self.accounts
            .values()
            .find_map(|account| account.buckets.get(name).map(|bucket| (account, bucket)))
    }

    /// A managed policy as seen from `account`: one of its own, or one of AWS's.
    pub fn managed_policy(&self, account: &str, arn: &str) -> Option<Policy> {
        if let Some(managed) = self.account(account)?.managed_policies.get(arn) {
            return Some(managed.policy.clone());
        }
        managed::of_aws(arn)
    }
}

/// One account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its 12 digits.
    pub id: String,
    /// Where it lives.
    pub partition: Partition,
    /// Its alias, if it has one.
    pub alias: Option<String>,
    /// Its roles, by lower-cased name: role names are unique ignoring case.
    roles: BTreeMap<String, Role>,
    /// Its users, by name.
    pub users: BTreeMap<String, User>,
    /// Long-term keys of its root user.
    pub root_keys: Vec<AccessKey>,
    /// Its SAML providers, by name.
    pub saml_providers: BTreeMap<String, SamlProvider>,
    /// Its OpenID Connect providers, by URL.
    pub oidc_providers: BTreeMap<String, OidcProvider>,
    /// Its own managed policies, by ARN.
    pub managed_policies: BTreeMap<String, ManagedPolicy>,
    /// Virtual MFA devices that belong to nobody yet, by serial number.
    pub mfa_devices: BTreeMap<String, MfaDevice>,
    /// Its buckets, by name.
    pub buckets: BTreeMap<String, Bucket>,
    /// Default regions in which somebody switched STS off.
    pub disabled_regions: BTreeSet<String>,
    /// Opt-in regions that are switched on.
    pub opted_in_regions: BTreeSet<String>,
    /// Whether tokens of the global endpoint are valid in opt-in regions too.
    pub global_tokens_everywhere: bool,
}

impl Account {
    /// An empty account.
    pub fn new(partition: Partition, id: &str) -> Self {
        Self {
            id: id.to_owned(),
            partition,
            alias: None,
            roles: BTreeMap::new(),
            users: BTreeMap::new(),
            root_keys: Vec::new(),
            saml_providers: BTreeMap::new(),
            oidc_providers: BTreeMap::new(),
            managed_policies: BTreeMap::new(),
            mfa_devices: BTreeMap::new(),
            buckets: BTreeMap::new(),
            disabled_regions: BTreeSet::new(),
            opted_in_regions: BTreeSet::new(),
            global_tokens_everywhere: false,
        }
    }

    /// Adds or replaces a role.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.put_role(role);
        self
    }

    /// Adds or replaces a user.
    #[must_use]
    pub fn with_user(mut self, user: User) -> Self {
        self.users.insert(user.name.clone(), user);
        self
    }

    /// Adds or replaces a SAML provider.
    #[must_use]
    pub fn with_saml_provider(mut self, provider: SamlProvider) -> Self {
        self.saml_providers.insert(provider.name.clone(), provider);
        self
    }

    /// Adds or replaces an OpenID Connect provider.
    #[must_use]
    pub fn with_oidc_provider(mut self, provider: OidcProvider) -> Self {
        self.oidc_providers.insert(provider.url.clone(), provider);
        self
    }

    /// Adds or replaces a bucket.
    #[must_use]
    pub fn with_bucket(mut self, bucket: Bucket) -> Self {
        self.buckets.insert(bucket.name.clone(), bucket);
        self
    }

    /// Adds or replaces a managed policy of the account's own.
    #[must_use]
    pub fn with_managed_policy(mut self, name: &str, policy: Policy) -> Self {
        let arn = self.arn("iam", &format!("policy/{name}"));
        let policy = ManagedPolicy::new(&arn, policy);
        self.managed_policies.insert(arn, policy);
        self
    }

    /// Adds or replaces a role.
    pub fn put_role(&mut self, role: Role) {
        self.roles.insert(role.name.to_ascii_lowercase(), role);
    }

    /// The role of that name, whose case does not matter.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.get(&name.to_ascii_lowercase())
    }

    /// The role of that name, for changing.
    pub fn role_mut(&mut self, name: &str) -> Option<&mut Role> {
        self.roles.get_mut(&name.to_ascii_lowercase())
    }

    /// Removes the role of that name.
    pub fn remove_role(&mut self, name: &str) -> Option<Role> {
        self.roles.remove(&name.to_ascii_lowercase())
    }

    /// All roles.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// An ARN of this account.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!(
            "arn:{}:{service}::{}:{resource}",
            self.partition.name(),
            self.id
        )
    }

    /// Whether STS answers for this account in `region`.
    pub fn has_sts_in(&self, region: &str) -> bool {
        if self.partition.is_opt_in_region(region) {
            return self.opted_in_regions.contains(region);
        }
        !self.disabled_regions.contains(region)
    }

    fn long_term_key(&self, id: &str) -> Option<(Owner<'_>, &AccessKey)> {
        if let Some(key) = self.root_keys.iter().find(|key| key.id == id) {
            return Some((Owner::Root, key));
        }
        self.users.values().find_map(|user| {
            let key = user.access_keys.iter().find(|key| key.id == id)?;
            Some((Owner::User(user), key))
        })
    }
}

/// When everything that a test or demo seeds was made.
fn seeded() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap_or_default()
}
