//! The demo people: who they are, their passwords, groups and attributes, and what AWS is told about them.
//!
//! Both demo providers serve the same directory; tests add people of their own. Which roles a group means is none of
//! this file's business: that is the access model's.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::company;

/// What the SAML provider says about a person in AWS's own attributes, and the OpenID provider in AWS's claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsClaims {
    /// Pairs of role ARN and SAML provider ARN (SAML only).
    pub roles: Vec<(String, String)>,
    /// `RoleSessionName` (SAML only).
    pub role_session_name: Option<String>,
    /// `SessionDuration` in seconds (SAML only).
    pub session_duration: Option<u32>,
    /// Session tags.
    pub principal_tags: BTreeMap<String, String>,
    /// Which of them pass down a chain.
    pub transitive_tag_keys: Vec<String>,
    /// Source identity.
    pub source_identity: Option<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What they type, and their name in the log.
    pub username: String,
    /// Their opaque id: SAML's persistent NameID and OpenID's `sub`.
    pub subject: String,
    /// Their name for readers.
    pub display_name: String,
    /// Their mail address.
    pub email: String,
    /// Whether the provider vouches for the address.
    pub email_verified: bool,
    /// What they are in the demo for, in a few words.
    pub about: &'static str,
    /// The groups they are in.
    pub groups: Vec<String>,
    /// Further attributes; in ID tokens, a claim with one value is a string.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// What AWS is told.
    pub aws: AwsClaims,
}

impl Person {
    /// A person with a verified address at `example.com` and no groups.
    pub fn new(username: &str, display_name: &str) -> Self {
        let email = format!("{username}@example.com");
        Self {
            username: username.to_owned(),
            subject: format!("person-{username}"),
            display_name: display_name.to_owned(),
            email_verified: true,
            about: "",
            groups: Vec::new(),
            attributes: BTreeMap::new(),
            aws: AwsClaims {
                role_session_name: Some(email.clone()),
                ..AwsClaims::default()
            },
            email,
        }
    }

    /// The same person, with what they are there for.
    #[must_use]
    pub fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// The same person in `groups`.
    #[must_use]
    pub fn in_groups<'a>(mut self, groups: impl IntoIterator<Item = &'a str>) -> Self {
        self.groups.extend(groups.into_iter().map(str::to_owned));
        self
    }

    /// The same person with one more attribute.
    #[must_use]
    pub fn with(mut self, name: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        self.attributes.insert(name.to_owned(), values);
        self
    }

    /// The same person under another address, which AWS sees as the session's name too.
    #[must_use]
    pub fn with_email(mut self, email: &str) -> Self {
        email.clone_into(&mut self.email);
        self.aws.role_session_name = Some(self.email.clone());
        self
    }

    /// Their password: the same for everyone to guess, because nothing here is worth guarding.
    pub fn password(&self) -> String {
        format!("{}-pass", self.username)
    }
}

/// How many accounts `max` sees, and how many roles in each.
pub const MANY_ACCOUNTS: usize = 60;
/// Roles of `max` in each of those accounts, in the order of their names.
pub const MANY_ROLES: [&str; 5] = ["Admin", "Billing", "Deploy", "Operate", "View"];

/// The group that stands for one of the sixty accounts (from 1) at one of the five roles.
pub fn team_group(account: usize, role: &str) -> String {
    format!("aws-team-{account:02}-{role}")
}

/// The demo people.
pub fn demo() -> Vec<Person> {
    let mut max = Person::new("max", "Max Manning")
        .about("300 roles in 60 accounts")
        .with("team", &["platform"]);
    max.groups = (1..=MANY_ACCOUNTS)
        .flat_map(|account| MANY_ROLES.map(|role| team_group(account, role)))
        .collect();
    vec![
        Person::new("erin", "Erin Engel")
            .about("an engineer with a dozen roles")
            .in_groups(["payments-eng", "oncall"])
            .with("team", &["payments"])
            .with("employment", &["employee"]),
        Person::new("carl", "Carl Conrad")
            .about("a contractor whom a deny keeps out of production")
            .in_groups(["payments-eng"])
            .with("team", &["payments"])
            .with("employment", &["contractor"]),
        Person::new("ada", "Ada Adler")
            .about("an administrator")
            .in_groups(["cloud-admins", "oncall"])
            .with("team", &["platform"])
            .with("employment", &["employee"]),
        max,
        Person::new("grace", "Grace Galloway")
            .about("5,000 roles in 800 accounts")
            .in_groups([company::GROUP])
            .with("team", &["operations"])
            .with("employment", &["employee"]),
        Person::new("nora", "Nora Noll")
            .about("no roles at all")
            .with("employment", &["employee"]),
    ]
}

/// The people that a provider knows.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    people: Arc<RwLock<BTreeMap<String, Person>>>,
}

impl Directory {
    /// The demo people, with addresses at `example.com`.
    pub fn demo() -> Self {
        Self::demo_at("example.com")
    }

    /// The demo people, with addresses at `domain`: two providers that both vouched for one domain could call two
    /// people by the same name.
    pub fn demo_at(domain: &str) -> Self {
        let directory = Self::default();
        for person in demo() {
            let email = format!("{}@{domain}", person.username);
            directory.put(person.with_email(&email));
        }
        directory
    }

    /// Adds a person, or replaces the one of that name.
    pub fn put(&self, person: Person) {
        self.people
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(person.username.clone(), person);
    }

    /// Takes a person out.
    pub fn remove(&self, username: &str) {
        self.people
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(username);
    }

    /// The person of that name.
    pub fn find(&self, username: &str) -> Option<Person> {
        self.people
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(username)
            .cloned()
    }

    /// The person whose password this is.
    pub fn authenticate(&self, username: &str, password: &str) -> Option<Person> {
        self.find(username)
            .filter(|person| person.password() == password)
    }

    /// Everyone, by name.
    pub fn everyone(&self) -> Vec<Person> {
        self.people
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_people_are_those_that_the_demo_promises() {
        let directory = Directory::demo();
        for name in ["erin", "carl", "ada", "max", "grace", "nora"] {
            let person = directory
                .authenticate(name, &format!("{name}-pass"))
                .unwrap();
            assert_eq!(person.username, name);
            assert!(directory.authenticate(name, "").is_none());
        }
        assert!(directory.authenticate("nobody", "nobody-pass").is_none());
        assert_eq!(directory.find("max").unwrap().groups.len(), 300);
        assert!(directory.find("nora").unwrap().groups.is_empty());
        assert_eq!(
            directory.find("carl").unwrap().attributes["employment"],
            ["contractor"]
        );
    }
}
