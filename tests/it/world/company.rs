//! The large company in a world: 5,000 roles in 800 accounts, all of which grace holds, and which really open.

use std::fmt::Write as _;

use vestibule_sandbox::aws::iam::Account;
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::company;

use super::{WorldBuilder, accounts};

/// Its part of an access model.
fn model() -> String {
    let (label, value) = company::LABEL;
    let mut text = format!(
        "\n[[rules]]\nname = \"operations of a large company\"\n\
         when = [{{ attribute = \"groups\", is = \"{}\" }}]\ngrant = [\"label:{label}={value}\"]\n",
        company::GROUP
    );
    for account in company::accounts() {
        let labels = account
            .labels
            .map(|(name, value)| format!("{name} = \"{value}\""));
        // writing to a String cannot fail
        let _ = write!(
            text,
            "\n[[accounts]]\nid = \"{}\"\nalias = \"{}\"\nname = \"{}\"\nenvironment = \"{}\"\nowner = \"{}\"\n\
             labels = {{ {} }}\n",
            account.id,
            account.alias,
            account.name,
            account.environment,
            account.owner,
            labels.join(", ")
        );
        for role in account.roles {
            let _ = write!(
                text,
                "\n[[roles]]\naccount = \"{}\"\nname = \"{}\"\ndescription = \"{}\"\nmethod = \"AssumeRole\"\n\
                 credentials = \"hub\"\nconsole_hours = {}\n",
                account.alias, role.name, role.description, role.hours
            );
        }
    }
    text
}

impl WorldBuilder {
    /// With the company over whatever model there is.
    pub fn company(mut self) -> Self {
        self.model.push_str(&model());
        let trust = accounts::trusts_user("aws", accounts::HUB, None);
        for entry in company::accounts() {
            let mut account = Account::new(Partition::Aws, &entry.id);
            for role in entry.roles {
                account.put_role(accounts::role(role.name, &trust, "ReadOnlyAccess", "aws"));
            }
            self.settings.registry.put(account);
        }
        self
    }
}
