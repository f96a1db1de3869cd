//! A large company: its accounts, and the roles there that one person may hold. The same ones at every start.
//!
//! Says what there is. How an access model or a policy is written is for those to know who need one.

/// The group whose members hold all of it.
pub const GROUP: &str = "meridian-operations";
/// The label of every account: name and value.
pub const LABEL: (&str, &str) = ("company", "meridian");
/// How many accounts there are.
pub const ACCOUNTS: usize = PRODUCTS.len() * AREAS.len() * STAGES.len();
/// How many roles there are in all of them.
pub const ROLES: usize = PRODUCTS.len()
    * AREAS.len()
    * (PRODUCTION.len() + (STAGES.len() - 1) * BEFORE_PRODUCTION.len());

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyAccount {
    /// Its 12 digits.
    pub id: String,
    /// Its name in links.
    pub alias: String,
    /// Its name for readers.
    pub name: String,
    /// `production`, `staging`, `development` or `sandbox`.
    pub environment: &'static str,
    /// Whom to ask.
    pub owner: String,
    /// Names and values.
    pub labels: [(&'static str, String); 3],
    /// Its roles.
    pub roles: Vec<CompanyRole>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyRole {
    /// What IAM calls it.
    pub name: &'static str,
    /// What it is for.
    pub description: String,
    /// For how long a console may stay open.
    pub hours: u32,
}

const PRODUCTS: [&str; 40] = [
    "Analytics",
    "API Gateway",
    "Artefacts",
    "Build Farm",
    "Call Centre",
    "Catalogue",
    "Checkout",
    "Content",
    "Customer Profile",
    "Data Lake",
    "DNS",
    "Event Bus",
    "Feature Store",
    "Finance",
    "Fraud Watch",
    "Identity",
    "Inventory",
    "Ledger",
    "Legal Hold",
    "Log Archive",
    "Loyalty",
    "Machine Learning",
    "Media",
    "Messaging",
    "Mobile Backend",
    "Network Hub",
    "Notifications",
    "Observability",
    "Payroll",
    "Pricing",
    "Procurement",
    "Promotions",
    "Recommendations",
    "Reporting",
    "Returns",
    "Search",
    "Secrets",
    "Shipping",
    "Warehouse",
    "Web Shop",
];

const AREAS: [(&str, &str); 5] = [
    ("apac", "Asia Pacific"),
    ("eu", "Europe"),
    ("latam", "Latin America"),
    ("mea", "Middle East and Africa"),
    ("us", "North America"),
];

/// In an alias, in a name, and as an environment. The first is production.
const STAGES: [(&str, &str, &str); 4] = [
    ("prod", "Production", "production"),
    ("staging", "Staging", "staging"),
    ("dev", "Development", "development"),
    ("lab", "Lab", "sandbox"),
];

/// A role's name, what it does with a product, and its hours.
type Kind = (&'static str, &'static str, u32);

const PRODUCTION: [Kind; 7] = [
    ("Administrator", "Changes that no pipeline makes to", 1),
    ("DataEngineer", "Queries and moves the data of", 8),
    ("Deployer", "Rolls out, and rolls back,", 8),
    ("IncidentResponder", "For those who are on call for", 2),
    ("Operator", "Restarts, scales and drains", 8),
    ("ReadOnly", "A look at", 12),
    ("SecurityReview", "Findings, trails and policies of", 12),
];

const BEFORE_PRODUCTION: [Kind; 6] = [
    ("Administrator", "Everything in", 8),
    ("DataEngineer", "Queries and moves the data of", 8),
    ("Developer", "Builds and tries out", 12),
    ("Operator", "Restarts, scales and drains", 12),
    ("ReadOnly", "A look at", 12),
    ("SecurityReview", "Findings, trails and policies of", 12),
];

/// All accounts.
pub fn accounts() -> Vec<CompanyAccount> {
    let stages = PRODUCTS.iter().flat_map(|product| {
        AREAS
            .iter()
            .flat_map(move |area| STAGES.iter().map(move |stage| (*product, *area, *stage)))
    });
    (1..)
        .zip(stages)
        .map(|(number, place)| account(number, place))
        .collect()
}

fn account(
    number: u64,
    (product, (area, in_area), (stage, at_stage, environment)): (
        &str,
        (&str, &str),
        (&str, &str, &'static str),
    ),
) -> CompanyAccount {
    let word = product.to_lowercase().replace(' ', "-");
    let kinds: &[Kind] = match environment {
        "production" => &PRODUCTION,
        _ => &BEFORE_PRODUCTION,
    };
    let roles = kinds.iter().map(|(name, does, hours)| CompanyRole {
        name,
        description: format!("{does} {product} in {in_area}"),
        hours: *hours,
    });
    CompanyAccount {
        // prime to the modulus: no two are the same, and they look as drawn as AWS's
        id: (200_000_000_000 + number * 7_393_913_371 % 100_000_000_000).to_string(),
        alias: format!("{word}-{area}-{stage}"),
        name: format!("{product} {in_area} {at_stage}"),
        environment,
        owner: format!("{word}-leads@example.com"),
        labels: [
            (LABEL.0, LABEL.1.to_owned()),
            ("product", word),
            ("area", area.to_owned()),
        ],
        roles: roles.collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_five_thousand_roles_in_eight_hundred_accounts_and_no_two_are_the_same() {
        let accounts = accounts();
        assert_eq!((accounts.len(), ACCOUNTS), (800, 800));
        let roles: BTreeSet<_> = accounts
            .iter()
            .flat_map(|account| account.roles.iter().map(|role| (&account.alias, role.name)))
            .collect();
        assert_eq!((roles.len(), ROLES), (5_000, 5_000));
        let ids: BTreeSet<_> = accounts.iter().map(|account| &account.id).collect();
        assert_eq!(ids.len(), 800);
        assert!(ids.iter().all(|id| id.len() == 12));
        let environments: BTreeSet<_> = accounts.iter().map(|it| it.environment).collect();
        assert_eq!(environments.len(), 4);
    }
}
