//! One account: which roles and signers of it are meant, and everything that they need, each thing once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::facts::{Facts, Signer};
use super::method::{self, Needs};
use super::problem::{Problem, Problems};
use super::resource::Resource;
use super::{Trust, Wanted, hubs, notes, revokers, signers};
use crate::domain::access::Model;
use crate::domain::account::{AccountId, PartitionName};
use crate::domain::intent::AccountRef;
use crate::domain::role::{Role, RoleKey};

const METHODS: [&str; 5] = [
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRole",
    "GetFederationToken",
    "GetSessionToken",
];

/// What an account needs, or every reason why that cannot be said.
pub fn describe(model: &Model, facts: &Facts, wanted: &Wanted) -> Result<Trust, Problems> {
    let mut problems = Vec::new();
    for method in &wanted.methods {
        if !METHODS.contains(&method.as_str()) {
            problems.push(Problem::NoMethod(method.clone()));
        }
    }
    let place = place(model, facts, &wanted.account).map_err(|problem| Problems(vec![problem]))?;
    let meant = meant(model, wanted, (&place, &mut problems));
    one_in_iam(&meant, &mut problems);
    let mut gathered = Gathered::default();
    for role in &meant {
        match method::needs(role, facts) {
            Ok(needs) => gathered.add(role, needs, &mut problems),
            Err(problem) => problems.push(problem),
        }
    }
    let whole = wanted.roles.is_empty();
    let leave = revoker(model, facts, wanted, (&place, &mut gathered), &mut problems);
    let mut signing: BTreeSet<Signer> = gathered.signers.clone();
    if whole {
        signing.extend(signing_for(model, facts, &wanted.methods));
    }
    let mut here = Vec::new();
    for signer in signing.iter().filter(|one| one.account == place.id) {
        match signers::resources(signer, facts, all(model)) {
            Ok(resources) => here.extend(resources),
            Err(problem) => problems.push(problem),
        }
    }
    let asked = |role: &&Role| whole || meant.iter().any(|one| one.key == role.key);
    let beyond = all(model).filter(asked);
    let beyond = beyond.filter(|role| is_by(role, &wanted.methods));
    let (hubs, missing) = hubs::resources(&place.id, facts, beyond);
    problems.extend(
        missing
            .into_iter()
            .filter(|one| !problems.contains(one))
            .collect::<Vec<_>>(),
    );
    let mut resources: Vec<Resource> = std::mem::take(&mut gathered.providers);
    resources.extend(hubs);
    resources.extend(here);
    resources.append(&mut gathered.roles);
    resources.extend(leave);
    // users come before the roles that trust them, policies behind what they stand on
    resources.sort_by_key(order);
    if problems.is_empty() && resources.is_empty() {
        problems.push(Problem::Nothing(place.id.to_string()));
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let notes = notes::notes(&meant, &resources, (&place.id, &gathered.signers));
    Ok(Trust {
        account: place.id,
        partition: place.partition,
        resources,
        notes,
    })
}

/// What the account's revoker may do, its other needs being gathered; nothing where single roles were asked for.
fn revoker(
    model: &Model,
    facts: &Facts,
    wanted: &Wanted,
    (place, gathered): (&Place, &mut Gathered),
    problems: &mut Vec<Problem>,
) -> Vec<Resource> {
    let revoker = model.revoker(&place.id).filter(|_| wanted.roles.is_empty());
    let Some(revoker) = revoker.filter(|revoker| is_by(revoker, &wanted.methods)) else {
        return Vec::new();
    };
    match revokers::revoker(model, facts, revoker) {
        Ok((needs, policies)) => {
            gathered.add(revoker, needs, problems);
            policies
        }
        Err(problem) => {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
            Vec::new()
        }
    }
}

/// All roles that somebody becomes: people, and who ends sessions.
fn all(model: &Model) -> impl Iterator<Item = &Role> {
    let everybody = model.roles().iter().chain(model.revokers());
    everybody.map(Arc::as_ref)
}

/// An account and its partition.
struct Place {
    id: AccountId,
    partition: PartitionName,
}

/// The account of the model, or the one in which somebody lives who signs.
fn place(model: &Model, facts: &Facts, account: &AccountRef) -> Result<Place, Problem> {
    let known = model.accounts().iter().find(|known| match account {
        AccountRef::Alias(alias) => known.alias == *alias,
        AccountRef::Id(id) => known.id == *id,
    });
    if let Some(known) = known {
        return Ok(Place {
            id: known.id.clone(),
            partition: known.partition.clone(),
        });
    }
    let lives = facts
        .signers
        .values()
        .find(|signer| matches!(account, AccountRef::Id(id) if *id == signer.account));
    let mut vias = all(model).filter_map(|role| role.method.via());
    let hub = vias.find(|via| matches!(account, AccountRef::Id(id) if id == via.role.account()));
    if let Some(via) = hub {
        return Ok(Place {
            id: via.role.account().clone(),
            partition: via.role.partition().clone(),
        });
    }
    match (lives, account) {
        (Some(signer), _) => Ok(Place {
            id: signer.account.clone(),
            partition: signer.partition.clone(),
        }),
        (None, AccountRef::Alias(alias)) => Err(Problem::NoAccount(alias.to_string())),
        (None, AccountRef::Id(id)) => Err(Problem::NoAccount(id.to_string())),
    }
}

/// The roles that are meant.
fn meant<'m>(
    model: &'m Model,
    wanted: &Wanted,
    (place, problems): (&Place, &mut Vec<Problem>),
) -> Vec<&'m Role> {
    let of_account = |role: &&Role| role.account.id == place.id;
    let all: Vec<&Role> = model
        .roles()
        .iter()
        .map(Arc::as_ref)
        .filter(of_account)
        .collect();
    let account = model.accounts().iter().find(|known| known.id == place.id);
    for name in &wanted.roles {
        if !all.iter().any(|role| role.key.name == *name) {
            problems.push(match account {
                Some(account) => Problem::NoRole(RoleKey {
                    account: account.alias.clone(),
                    name: name.clone(),
                }),
                None => Problem::Nothing(place.id.to_string()),
            });
        }
    }
    let by_name = |role: &&Role| wanted.roles.is_empty() || wanted.roles.contains(&role.key.name);
    let by_method = |role: &&Role| is_by(role, &wanted.methods);
    all.into_iter().filter(by_name).filter(by_method).collect()
}

fn is_by(role: &Role, methods: &[String]) -> bool {
    methods.is_empty() || methods.iter().any(|one| one == role.method.operation())
}

fn one_in_iam(roles: &[&Role], problems: &mut Vec<Problem>) {
    let mut known: BTreeMap<String, &RoleKey> = BTreeMap::new();
    let in_iam = |role: &&&Role| !role.method.is_of_a_user();
    for role in roles.iter().filter(in_iam) {
        let name = role.key.name.as_str().to_ascii_lowercase();
        if let Some(first) = known.insert(name, &role.key) {
            problems.push(Problem::OneInIam(first.clone(), role.key.clone()));
        }
    }
}

/// Whoever signs for some role of the model.
fn signing_for<'m>(
    model: &'m Model,
    facts: &'m Facts,
    methods: &'m [String],
) -> impl Iterator<Item = Signer> + 'm {
    let roles = all(model).filter(|role| is_by(role, methods));
    roles.filter_map(|role| facts.signers.get(role.method.credentials()?).cloned())
}

/// What the roles need, each thing once.
#[derive(Default)]
struct Gathered {
    providers: Vec<Resource>,
    roles: Vec<Resource>,
    signers: BTreeSet<Signer>,
}

impl Gathered {
    fn add(&mut self, role: &Role, needs: Needs, problems: &mut Vec<Problem>) {
        if let Some(provider) = needs.provider {
            self.provider(role, provider, problems);
        }
        self.roles.extend(needs.role);
        self.signers.extend(needs.signer);
    }

    fn provider(&mut self, role: &Role, provider: Resource, problems: &mut Vec<Problem>) {
        let same = |known: &&mut Resource| known.arn_end() == provider.arn_end();
        match (self.providers.iter_mut().find(same), &provider) {
            (None, _) => self.providers.push(provider),
            // several audiences of one issuer are one provider's
            (Some(Resource::OidcProvider(known)), Resource::OidcProvider(more)) => {
                for one in &more.client_ids {
                    if !known.client_ids.contains(one) {
                        known.client_ids.push(one.clone());
                    }
                }
            }
            (Some(known), _) if *known == provider => {}
            (Some(known), _) => problems.push(Problem::TwoInOne {
                role: role.key.clone(),
                provider: known.label().1.to_owned(),
            }),
        }
    }
}

fn order(resource: &Resource) -> u8 {
    match resource {
        Resource::SamlProvider(_) | Resource::OidcProvider(_) => 0,
        Resource::User(_) => 1,
        Resource::Role(_) => 2,
        Resource::Inline(_) | Resource::Managed(_) => 3,
    }
}
